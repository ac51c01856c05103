"""What every kind of database must be able to do for the store, and how its name tells the kind."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Protocol

import sqlalchemy as sql
from sqlalchemy.exc import ArgumentError

from diffusion.errors import DatabaseError, DiffusionError, StoreError

BUSY_TIMEOUT_SECONDS = 30.0
"""How long a transaction waits for another program that writes."""

ELSEWHERE = "name another database with --database"


class Access(Enum):
    """Say what a transaction is for."""

    READ = "read"
    APPEND = "append"
    """Adds runs, which others may do at the same time where the database allows it."""
    WRITE = "write"
    """Changes anything, and nobody else writes meanwhile."""
    MIGRATE = "migrate"
    """Changes the tables themselves."""


class ServerLostError(DatabaseError):
    """Report that a server that was there cannot be reached; it may come back."""


class NotThereError(StoreError):
    """Report that there is no store yet where one was to be read."""


class Backend(Protocol):
    """Stand for one kind of database: where it is, how it is opened, what its errors mean."""

    @property
    def name(self) -> str:
        """Return what messages call the database; no password is in it."""

    def prepare(self, *, create: bool) -> None:
        """Look whether the database can be opened, and make the place for a new one.

        Raises
        ------
        StoreError
            If it cannot.
        """

    def engine(self) -> sql.Engine:
        """Return what connects to it; the execution option ``access`` says what for."""

    def has_tables(self, connection: sql.Connection) -> bool:
        """Return whether there are any tables that this program could take for its own."""

    def is_marked(self, connection: sql.Connection) -> bool:
        """Return whether the tables bear this program's mark."""

    def mark(self, connection: sql.Connection) -> None:
        """Mark the tables as this program's."""

    def failure(self, error: Exception) -> DiffusionError:
        """Return what to raise for an error of the driver."""


def access_of(connection: sql.Connection) -> Access:
    """Return what a connection's transaction is for."""
    return Access(connection.get_execution_options().get("access", Access.READ))


def reported(name: str, error: Exception) -> DatabaseError:
    """Return an error that tells in one line what a database reports and nothing is known of."""
    text = getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
    return DatabaseError(f"{name}: the database reports: {' '.join(text.split())}")


def disk_full(name: str) -> DatabaseError:
    """Return the error for a disk without room."""
    return DatabaseError(f"{name}: the disk is full; make room and run again: what was stored is kept")


def locked(name: str, seconds: float) -> StoreError:
    """Return the error for a database in which another program has been writing all the time."""
    return StoreError(
        f"{name}: is locked: another program has been writing to it for {seconds:g} seconds; "
        "close that program, or wait and try again"
    )


def not_there(name: str) -> NotThereError:
    """Return the error for a database that is not there and should be."""
    return NotThereError(
        f"{name}: there is no database here; `diffusion run SCENARIO` makes one, and --database names one elsewhere"
    )


def is_url_of_server(place: str | Path) -> bool:
    """Return whether a place names a database on a server, not a file.

    Examples
    --------
    >>> is_url_of_server("postgresql://host/study"), is_url_of_server("results/a.db")
    (True, False)
    """
    scheme, mark, _ = str(place).partition("://")
    return bool(mark) and scheme.partition("+")[0] in {"postgresql", "postgres"}


def without_password(place: str | Path) -> str:
    """Return a place as it may be shown to others.

    Parameters
    ----------
    place
        A path or a URL, as a user wrote it.

    Examples
    --------
    >>> without_password("postgresql://me:secret@host:5432/study?sslmode=require")
    'postgresql://me@host:5432/study'
    >>> without_password("results/a.db")
    'results/a.db'
    """
    if not is_url_of_server(place):
        return str(place)
    try:
        url = sql.make_url(str(place))
    except (ArgumentError, ValueError):
        return "postgresql://…"
    plain = sql.URL.create(url.drivername, url.username, None, url.host, url.port, url.database)
    return plain.render_as_string()
