"""Opening a database: what it may be, and what to say when it cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event, exc, pool

from diffusion.errors import DatabaseError, DiffusionError, StoreError
from diffusion.experiment.schema import SCHEMA_VERSION, metadata, versions

BUSY_TIMEOUT_SECONDS = 30.0
"""How long a write waits for another program that writes."""

APPLICATION_ID = 0x41485344
"""Marks an SQLite file as this program's: "AHSD" in ASCII."""

DAMAGED = "is damaged and cannot be read; restore a copy, or name another file with --database"

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
        if create:
            with self.writing() as connection:
                self._make_tables(connection)
        with self.reading() as connection:
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
            raise StoreError(self._not_there())
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
        if start and start != _HEADER:
            raise StoreError(f"{self.path}: is no SQLite database; name another file with --database")

    def _make_tables(self, connection: sql.Connection) -> None:
        """Make the tables where there are none of any kind; another program may have made them meanwhile."""
        self.is_new = not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        if self.is_new:
            metadata.create_all(connection)
            connection.execute(versions.insert().values(version=SCHEMA_VERSION))
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def _check_version(self, connection: sql.Connection) -> None:
        if not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
            raise StoreError(self._not_there())
        if connection.exec_driver_sql("PRAGMA application_id").scalar_one() != APPLICATION_ID:
            raise StoreError(f"{self.path}: is a database of another program; name another file with --database")
        found = connection.execute(sql.select(versions.c.version)).scalar()
        if not isinstance(found, int):
            raise StoreError(f"{self.path}: {DAMAGED}")
        if found > SCHEMA_VERSION:
            raise StoreError(
                f"{self.path}: was written by a newer version of diffusion (its tables are of version {found}, "
                f"this program knows {SCHEMA_VERSION}); update the program, or name another file with --database"
            )

    def _not_there(self) -> str:
        return (
            f"{self.path}: there is no database here; `diffusion run SCENARIO` makes one, "
            "and --database names one elsewhere"
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite reports into a line that says what to do."""
        try:
            yield
        except exc.DBAPIError as error:
            raise self._failure(error.orig) from error
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def _failure(self, error: Any) -> DiffusionError:
        """Return what to raise for what SQLite reports."""
        text = str(error)
        if advice := _advice(text, self._timeout_seconds):
            return StoreError(f"{self.path}: {advice}")
        if "full" in text.split():
            return DatabaseError(f"{self.path}: the disk is full; make room and run again: what was stored is kept")
        return DatabaseError(f"{self.path}: the database reports: {' '.join(text.split())}")


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


def _advice(text: str, timeout_seconds: float) -> str:
    """Return what is wrong with the database that the user named and what to do; an empty text if nothing is."""
    if "locked" in text or "busy" in text:
        return (
            f"is locked: another program has been writing to it for {timeout_seconds:g} seconds; "
            "close that program, or wait and try again"
        )
    if "readonly" in text or "read-only" in text:
        return "cannot be written to; name a file with --database in a folder where you may write"
    if "unable to open" in text:
        return "cannot be opened; see whether you may read and write this file and its folder"
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return DAMAGED
    return ""
