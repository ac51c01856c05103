"""PostgreSQL: a database on a server, which many machines may use at once."""

from __future__ import annotations

import re
from importlib import util
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event, exc, pool

from diffusion.errors import DiffusionError, StoreError
from diffusion.experiment.backend import ELSEWHERE, Access, ServerLostError, access_of, disk_full, locked, reported
from diffusion.experiment.schema import MARK, metadata, versions

LOCK = 0x41485344
"""The advisory lock of the store: shared by those who add runs, held alone by whoever changes anything else."""

CONNECT_TIMEOUT_SECONDS = 10

_URL_HELP = "write postgresql://USER@HOST/DATABASE, with the password in ~/.pgpass or PGPASSWORD"

_AT_CONNECTING = (
    (
        r"password authentication failed|no password supplied",
        "refuses the user name or the password; a password is read from ~/.pgpass or PGPASSWORD",
    ),
    (r"role .* does not exist", "knows no such user; see the name before the @ in the URL"),
    (r"database .* does not exist", "has no such database; make it first, for instance with createdb"),
    (r"no pg_hba.conf entry", "does not let this user in from this machine; ask whoever runs the server"),
    (r"permission denied for database", "does not let this user into this database; ask whoever runs the server"),
    (r"resolve host|translate host name", "no machine of this name is known; see the host in the URL"),
)
"""What a server says at the door where the user can mend it, and what to tell."""

_BY_STATE = {
    "42501": f"this user may not make or change its tables; ask whoever runs the server, or {ELSEWHERE}",
    "25006": f"can be read only, not written; {ELSEWHERE}",
}
"""What a server reports by its codes where the user can mend it, and what to tell."""

_LOST = {"57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006"}
"""The codes of a server that is gone, perhaps for a moment."""


class PostgresqlServer:
    """Open a database on a server.

    Parameters
    ----------
    place
        Its URL.
    timeout_seconds
        How long to wait for another program that writes.

    Raises
    ------
    StoreError
        If the URL is no such URL.
    """

    def __init__(self, place: str, timeout_seconds: float) -> None:
        self._url = _read_url(place)
        self._timeout_seconds = timeout_seconds
        self._was_there = False

    @property
    def name(self) -> str:
        """Return where the database is, without a user and a password."""
        port = f":{self._url.port}" if self._url.port else ""
        return f"postgresql://{self._url.host or 'localhost'}{port}/{self._url.database}"

    def prepare(self, *, create: bool) -> None:  # noqa: ARG002 - whoever runs the server makes databases
        """Look whether the driver is there.

        Raises
        ------
        StoreError
            If it is not.
        """
        if util.find_spec("psycopg") is None:
            raise StoreError(f"{self.name}: PostgreSQL needs an extra: pip install -e '.[postgresql]'")

    def engine(self) -> sql.Engine:
        """Return what connects to it; the execution option ``access`` says what for."""
        # No prepared statements: a pool of connections between us and the server may not keep them.
        arguments: dict[str, Any] = {"prepare_threshold": None, "application_name": "diffusion"}
        if "connect_timeout" not in self._url.query:
            arguments["connect_timeout"] = CONNECT_TIMEOUT_SECONDS
        try:
            engine = sql.create_engine(self._url, poolclass=pool.NullPool, connect_args=arguments)
        except ImportError as error:  # psycopg is there, but not the library beneath it
            raise StoreError(
                f"{self.name}: the driver of PostgreSQL does not start ({' '.join(str(error).split())}); "
                "pip install -e '.[postgresql]'"
            ) from error
        event.listen(engine, "begin", self._begin)
        return engine

    def _begin(self, connection: sql.Connection) -> None:
        self._was_there = True
        access = access_of(connection)
        if access is Access.READ:
            said = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        else:
            alike = "_shared" if access is Access.APPEND else ""
            wait = f"SET LOCAL lock_timeout = {int(1000 * self._timeout_seconds)}"
            said = f"{wait}; SELECT pg_advisory_xact_lock{alike}({LOCK})"
        driver_connection(connection).execute(said)

    def has_tables(self, connection: sql.Connection) -> bool:
        """Return whether there are tables of the names of ours; other tables may stand beside them."""
        found = set(sql.inspect(connection).get_table_names())
        return not found.isdisjoint(metadata.tables)

    def is_marked(self, connection: sql.Connection) -> bool:
        """Return whether the tables bear this program's mark."""
        query = sql.text("SELECT obj_description(to_regclass(:table), 'pg_class')")
        return bool(connection.execute(query, {"table": versions.name}).scalar() == MARK)

    def mark(self, connection: sql.Connection) -> None:
        """Mark the tables as this program's."""
        connection.exec_driver_sql(f"COMMENT ON TABLE {versions.name} IS '{MARK}'")

    def failure(self, error: Exception) -> DiffusionError:
        """Return what to raise for what the server or the driver reports."""
        state, text = getattr(error, "sqlstate", None) or "", str(error)
        if state == "55P03":
            return locked(self.name, self._timeout_seconds)
        if state.startswith("53") and "space" in text:
            return disk_full(self.name)
        if state in _BY_STATE:
            return StoreError(f"{self.name}: {_BY_STATE[state]}")
        for said, advice in _AT_CONNECTING if not state else ():
            if re.search(said, text):
                return StoreError(f"{self.name}: {advice}")
        # Where nothing came from the server there is no code, and the words are in any language.
        if state in _LOST or (not state and _is_operational(error)):
            return self._lost(" ".join(text.split()))
        return reported(self.name, error)

    def _lost(self, line: str) -> DiffusionError:
        if self._was_there:
            return ServerLostError(f"{self.name}: the server is gone ({line}); run again: what was stored is kept")
        return StoreError(
            f"{self.name}: cannot be reached ({line}); see whether the server runs, and the host and the port"
        )


def driver_connection(connection: sql.Connection) -> Any:
    """Return the driver's own connection, for what only it can do."""
    return connection.connection.driver_connection


def _is_operational(error: Exception) -> bool:
    """Return whether an error is of the driver's class for what the server or the line to it is to blame for."""
    return any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)


def _read_url(place: str) -> sql.URL:
    scheme = place.partition("://")[0]
    if scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise StoreError(f"{scheme}://…: only the driver psycopg is used; {_URL_HELP}")
    try:
        url = sql.make_url(place).set(drivername="postgresql+psycopg")
    except (exc.ArgumentError, ValueError):
        # Not told what it reads, for a password may be in it.
        raise StoreError(f"{scheme}://…: is no URL of a database; {_URL_HELP}") from None
    if not url.database:
        raise StoreError(f"{scheme}://…: names no database; {_URL_HELP}")
    return url
