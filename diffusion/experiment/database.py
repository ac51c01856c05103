"""Opening a database: what it may be, and what to say when it cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event, exc, pool

from diffusion.errors import StoreError
from diffusion.experiment.schema import SCHEMA_VERSION, metadata, versions

DEFAULT_DATABASE = Path("results") / "diffusion.db"
"""Where results go unless somebody names another place, under the current folder."""

BUSY_TIMEOUT_SECONDS = 30.0
"""How long a write waits for another program that writes."""

_URL = "sqlite:///"
_HEADER = b"SQLite format 3\x00"


class Database:
    """Hold an SQLite database that is there and fits this version of the program.

    Parameters
    ----------
    place
        A path, or a URL that starts with ``sqlite:///``.
    create
        Whether to make it, and its folder, if it is not there.

    Raises
    ------
    StoreError
        If it is not there, cannot be read, is locked, is no database of this
        program, or was written by a newer version.
    """

    def __init__(
        self, place: str | Path, *, create: bool = False, timeout_seconds: float = BUSY_TIMEOUT_SECONDS
    ) -> None:
        self.path = database_path(place)
        self.is_new = not self.path.exists()
        self._timeout_seconds = timeout_seconds
        self._check(create=create)
        self._engine = sql.create_engine("sqlite://", creator=self._connected, poolclass=pool.NullPool)
        event.listen(self._engine, "begin", _begin)
        with self.writing() if self.is_new else self.reading() as connection:
            if self.is_new:
                metadata.create_all(connection)
            self._check_version(connection)

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """Give a connection that sees one state of the database."""
        with self._told(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """Give a connection that alone may write; all or nothing of what it wrote is kept."""
        with self._told(), self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def _connected(self) -> sqlite3.Connection:
        # Transactions are begun by `_begin`: sqlite3's own would read first and then fail to write.
        return sqlite3.connect(self.path, timeout=self._timeout_seconds, isolation_level=None)

    def _check(self, *, create: bool) -> None:
        if self.path.is_dir():
            raise StoreError(f"{self.path}: is a folder; name a file for the database")
        if self.is_new and not create:
            raise StoreError(
                f"{self.path}: there is no database here; `diffusion run SCENARIO` makes one, "
                "and --database names one elsewhere"
            )
        try:
            if self.is_new:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            else:
                self._check_header()
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be {'made' if self.is_new else 'read'}: {error.strerror}") from None

    def _check_header(self) -> None:
        with self.path.open("rb") as file:
            start = file.read(len(_HEADER))
        if not start:
            self.is_new = True
        elif start != _HEADER:
            raise StoreError(f"{self.path}: is no SQLite database; name another file with --database")

    def _check_version(self, connection: sql.Connection) -> None:
        try:
            found = connection.execute(sql.select(versions.c.version)).scalar()
        except exc.OperationalError as error:
            if "no such table" not in str(error.orig):
                raise
            raise StoreError(
                f"{self.path}: is a database of another program; name another file with --database"
            ) from None
        if found is None:
            connection.execute(versions.insert().values(version=SCHEMA_VERSION))
        elif found > SCHEMA_VERSION:
            raise StoreError(
                f"{self.path}: was written by a newer version of diffusion (its tables are of version {found}, "
                f"this program knows {SCHEMA_VERSION}); update the program, or name another file with --database"
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite reports into a line that says what to do."""
        try:
            yield
        except exc.DBAPIError as error:
            raise StoreError(f"{self.path}: {_advice(error.orig, self._timeout_seconds)}") from error
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {_advice(error, self._timeout_seconds)}") from error


def database_path(place: str | Path) -> Path:
    """Return the path of a database from what a user wrote.

    Parameters
    ----------
    place
        A path, or a URL that starts with ``sqlite:///``.

    Raises
    ------
    StoreError
        If it is a URL of another kind.

    Examples
    --------
    >>> database_path("sqlite:///results/a.db").as_posix(), database_path("b.db").as_posix()
    ('results/a.db', 'b.db')
    """
    text = str(place)
    if text.startswith(_URL):
        text = text.removeprefix(_URL)
    elif "://" in text:
        raise StoreError(f"{text.partition('://')[0]}://…: results are stored in an SQLite file; give its path")
    if not text:
        raise StoreError("the path of the database is empty; name a file, such as results/diffusion.db")
    return Path(text).expanduser()


def _begin(connection: sql.Connection) -> None:
    kind = "BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN"
    connection.exec_driver_sql(kind)


def _advice(error: Any, timeout_seconds: float) -> str:
    """Return what happened and what to do, in plain words."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return (
            f"is locked: another program has been writing to it for {timeout_seconds:g} seconds; "
            "close that program, or wait and try again"
        )
    if "readonly" in text or "read-only" in text:
        return "cannot be written to; name a file with --database in a folder where you may write"
    if "unable to open" in text:
        return "cannot be opened; see whether you may read and write this file and its folder"
    if "disk is full" in text or "full" in text.split():
        return "the disk is full; make room and run again: what was stored is kept"
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return "is damaged and cannot be read; restore a copy, or name another file with --database"
    return f"the database reports: {' '.join(text.split())}"
