"""Opening a database: what it may be, and what to say when it cannot be used."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sql
from sqlalchemy import exc

from diffusion.errors import StoreError
from diffusion.experiment.backend import (
    BUSY_TIMEOUT_SECONDS,
    ELSEWHERE,
    Access,
    Backend,
    NotThereError,
    ServerLostError,
    is_url_of_server,
    not_there,
)
from diffusion.experiment.postgresql import PostgresqlServer
from diffusion.experiment.schema import READABLE_SINCE, SCHEMA_VERSION, versions
from diffusion.experiment.sqlite_file import DAMAGED, SqliteFile, database_path

RECONNECT_SECONDS = 120.0
"""How long a write that may be repeated waits for a server that restarts."""

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.1, 5.0


class Database:
    """Hold a database that is there and fits this version of the program.

    Parameters
    ----------
    place
        The path of an SQLite file, a URL that starts with ``sqlite:///``, or
        the URL of a database on PostgreSQL.
    create
        Whether to make its tables if there are none, and to bring them up to
        date if an older version made them.
    update
        Whether to bring them up to date, but never to make them.

    Attributes
    ----------
    is_new
        Whether its tables were made just now.
    migrated_from
        The version that its tables had before they were brought up to date
        just now; None where they were not.

    Raises
    ------
    StoreError
        If it is not there, cannot be read, is locked, is no database of this
        program, or was written by a newer version.
    """

    def __init__(
        self,
        place: str | Path,
        *,
        create: bool = False,
        update: bool = False,
        timeout_seconds: float = BUSY_TIMEOUT_SECONDS,
    ) -> None:
        self.is_new = False
        self.migrated_from: int | None = None
        self._backend: Backend = (
            PostgresqlServer(str(place), timeout_seconds)
            if is_url_of_server(place)
            else SqliteFile(database_path(place), timeout_seconds)
        )
        self._backend.prepare(create=create)
        self._engine = self._backend.engine()
        with self.reading() as connection:
            found = self._version(connection)
        if not found and not create:
            raise not_there(self.name)
        if found < SCHEMA_VERSION and (create or update):
            self._update()
        elif found < READABLE_SINCE:
            raise StoreError(
                f"{self.name}: was written by an older version of diffusion (its tables are of version {found}); "
                ""
                "bring it up to date: diffusion studies migrate --database PLACE"
            )

    @property
    def name(self) -> str:
        """Return what messages call the database: its path, or its URL without a user and a password."""
        return self._backend.name

    @property
    def is_file(self) -> bool:
        """Return whether the database is an SQLite file."""
        return isinstance(self._backend, SqliteFile)

    @property
    def path(self) -> Path:
        """Return the path of an SQLite file.

        Raises
        ------
        StoreError
            If the database is no file.
        """
        if not isinstance(self._backend, SqliteFile):
            raise StoreError(f"{self.name}: is on a server, and no file")
        return self._backend.path

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """Give a connection that sees one state of the database."""
        with self._begun(Access.READ) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """Give a connection that alone may write; all or nothing of what it wrote is kept."""
        with self._begun(Access.WRITE) as connection:
            yield connection

    def append(self, add: Callable[[sql.Connection], None]) -> None:
        """Add runs, all or none of them, beside others who do the same; wait for a server that restarts.

        Parameters
        ----------
        add
            What adds them. It must do no harm twice: a server that is gone
            in the end of a transaction does not say whether it was kept.

        Raises
        ------
        DiffusionError
            If the database fails, or a server is gone and does not come back.
        """
        give_up = time.monotonic() + RECONNECT_SECONDS
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                with self._begun(Access.APPEND) as connection:
                    add(connection)
            except ServerLostError:
                if time.monotonic() + pause > give_up:
                    raise
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            else:
                return

    @contextmanager
    def _begun(self, access: Access) -> Iterator[sql.Connection]:
        """Give a connection in a transaction; turn what the database reports into a line that says what to do."""
        try:
            with (
                self._engine.connect().execution_options(access=access.value) as connection,
                connection.begin(),
            ):
                yield connection
        except exc.DBAPIError as error:
            raise self._backend.failure(error.orig if isinstance(error.orig, Exception) else error) from error
        except self._engine.dialect.loaded_dbapi.Error as error:  # from what is done past SQLAlchemy
            raise self._backend.failure(error) from error

    def _version(self, connection: sql.Connection) -> int:
        """Return the version of the tables, 0 where there are none.

        Raises
        ------
        StoreError
            If they are another program's, damaged, or of a newer version.
        """
        if not self._backend.has_tables(connection):
            return 0
        if not self._backend.is_marked(connection):
            raise StoreError(f"{self.name}: is a database of another program; {ELSEWHERE}")
        found = connection.execute(sql.select(versions.c.version)).scalar()
        if not isinstance(found, int):
            raise StoreError(f"{self.name}: {DAMAGED}")
        if found > SCHEMA_VERSION:
            raise StoreError(
                f"{self.name}: was written by a newer version of diffusion (its tables are of version {found}, "
                f"this program knows {SCHEMA_VERSION}); update the program, or {ELSEWHERE}"
            )
        return found

    def _update(self) -> None:
        """Make the tables, or bring them up to date, unless another program has done so meanwhile."""
        from diffusion.experiment import migrations  # Alembic is slow to import, and seldom needed

        with self._begun(Access.MIGRATE) as connection:
            found = self._version(connection)
            if found == SCHEMA_VERSION:
                return
            migrations.migrate(connection, found)
            if not found:
                self._backend.mark(connection)
        self.is_new = not found
        self.migrated_from = found or None


def existing(place: str | Path, *, update: bool = False) -> Database | None:
    """Return a database, or ``None`` where there is no store yet.

    Parameters
    ----------
    place, update
        As :class:`Database` takes them.

    Raises
    ------
    StoreError
        If what is there cannot be used.
    """
    try:
        return Database(place, update=update)
    except NotThereError:
        return None
