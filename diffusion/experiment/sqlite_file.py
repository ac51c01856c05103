"""SQLite: one file, which several processes may use on one machine."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sql
from sqlalchemy import event, pool

from diffusion.errors import DatabaseError, DiffusionError, StoreError
from diffusion.experiment.backend import Access, access_of, disk_full, locked, not_there, reported

APPLICATION_ID = 0x41485344
"""Marks an SQLite file as this program's: "AHSD" in ASCII."""

_URL = "sqlite:///"
_HEADER = b"SQLite format 3\x00"


class SqliteFile:
    """Open a file as a database, with a rollback journal and its keys enforced.

    Parameters
    ----------
    path
        The file.
    timeout_seconds
        How long to wait for another program that writes.
    """

    def __init__(self, path: Path, timeout_seconds: float) -> None:
        self.path = path
        self._timeout_seconds = timeout_seconds

    @property
    def name(self) -> str:
        """Return the path, as messages call it."""
        return str(self.path)

    def prepare(self, *, create: bool) -> None:
        """Look whether the file can be opened, and make its folder for a new one.

        Raises
        ------
        StoreError
            If it cannot.
        """
        if self.path.is_dir():
            raise StoreError(f"{self.path}: is a folder; name a file for the database")
        is_new = not self.path.exists()
        if is_new and not create:
            raise not_there(self.name)
        try:
            if is_new:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            else:
                self._check_header()
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be {'made' if is_new else 'read'}: {error.strerror}") from None

    def _check_header(self) -> None:
        with self.path.open("rb") as file:
            start = file.read(len(_HEADER))
        if start and start != _HEADER:
            raise StoreError(f"{self.path}: is no SQLite database; name another file with --database")

    def engine(self) -> sql.Engine:
        """Return what connects to it; the execution option ``access`` says what for."""
        engine = sql.create_engine("sqlite://", creator=self._connected, poolclass=pool.NullPool)
        event.listen(engine, "begin", _begin)
        return engine

    def _connected(self) -> sqlite3.Connection:
        # Transactions are begun by `_begin`: sqlite3's own would read first and then fail to write.
        return sqlite3.connect(self.path, timeout=self._timeout_seconds, isolation_level=None)

    def has_tables(self, connection: sql.Connection) -> bool:
        """Return whether there are tables of any kind."""
        return bool(connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one())

    def is_marked(self, connection: sql.Connection) -> bool:
        """Return whether the file bears this program's mark."""
        return bool(connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID)

    def mark(self, connection: sql.Connection) -> None:
        """Mark the file as this program's."""
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def failure(self, error: Exception) -> DiffusionError:
        """Return what to raise for what SQLite reports."""
        text = str(error)
        if "locked" in text or "busy" in text:
            return locked(self.name, self._timeout_seconds)
        if advice := _advice(text):
            return StoreError(f"{self.path}: {advice}")
        if "full" in text.split():
            return disk_full(self.name)
        if "disk I/O error" in text:
            return DatabaseError(
                f"{self.path}: the disk cannot be read or written (is it full, or gone?); "
                "see to it and run again: what was stored is kept"
            )
        return reported(self.name, error)


def database_path(place: str | Path) -> Path:
    """Return the path of an SQLite database from what a user wrote.

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
        raise StoreError(
            f"{text.partition('://')[0]}://…: results are stored in an SQLite file or on PostgreSQL; "
            "give a path, or postgresql://USER@HOST/DATABASE"
        )
    if not text:
        raise StoreError("the path of the database is empty; name a file, such as results/diffusion.db")
    return Path(text).expanduser()


def _begin(connection: sql.Connection) -> None:
    access = access_of(connection)
    # Tables are replaced while they are migrated, and keys are checked afterwards.
    connection.exec_driver_sql(f"PRAGMA foreign_keys = {'OFF' if access is Access.MIGRATE else 'ON'}")
    connection.exec_driver_sql("BEGIN" if access is Access.READ else "BEGIN IMMEDIATE")


def _advice(text: str) -> str:
    """Return what is wrong with the file that the user named and what to do; an empty text if nothing is."""
    if "readonly" in text or "read-only" in text:
        return "cannot be written to; name a file with --database in a folder where you may write"
    if "unable to open" in text:
        return "cannot be opened; see whether you may read and write this file and its folder"
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return DAMAGED
    return ""


DAMAGED = "is damaged and cannot be read; restore a copy, or name another file with --database"
