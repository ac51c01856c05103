"""Rows of runs: written and read many at once, by each driver's fastest way.

SQLite takes many rows a statement; PostgreSQL takes and gives its own binary
form (``COPY``), which arrays turn into without a step for each row.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import sqlalchemy as sql
from numpy.typing import NDArray

from diffusion.analysis.reduction import INTEGERS
from diffusion.draws import LANES
from diffusion.errors import DatabaseError
from diffusion.experiment.binary_copy import packed, rows_in_parts, unpacked
from diffusion.experiment.postgresql import driver_connection
from diffusion.experiment.schema import runs

KEYS = ("world", "replicate")
COLUMNS = (*KEYS, *INTEGERS, "adopted")
"""The columns of a run, but for the series to which it belongs."""

MOST_BYTES = 2**23
"""How much of who has adopted is held in memory at once, about."""

MOST_ROWS = 2**16
EVERY = range(2**31)
"""Every world, or every replicate."""

_ROWS_A_STATEMENT = LANES


@dataclass(frozen=True, eq=False)
class RunRows:
    """Hold runs of one series.

    Attributes
    ----------
    keys
        World and replicate of each; shape (runs, 2), ascending.
    integers
        The columns of :data:`~diffusion.analysis.reduction.INTEGERS`, or those that were asked for.
    octets
        Who has adopted, eight agents to a byte; shape (runs, bytes).
    """

    keys: NDArray[np.int64]
    integers: NDArray[np.int64]
    octets: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.keys)

    def chosen(self, wanted: NDArray[np.bool_]) -> RunRows:
        """Return some of the runs."""
        return RunRows(self.keys[wanted], self.integers[wanted], self.octets[wanted])


def insert_rows(connection: sql.Connection, series: int, rows: RunRows) -> int:
    """Write runs of a series, but for those that are there already, and return how many were new.

    Parameters
    ----------
    connection
        A connection that may write.
    series
        The number of the series.
    rows
        The runs.
    """
    if connection.dialect.name == "postgresql":
        return _copy_in(connection, series, rows)
    written = 0
    values = [
        *rows.keys.T.tolist(),
        *rows.integers.T.tolist(),
        [octets.tobytes() for octets in rows.octets],
    ]
    flat = list(zip(*values, strict=True))
    for group in _groups(flat):
        parameters = [tuple(chain.from_iterable(some)) for some in group]
        found = connection.exec_driver_sql(_insert_statement(series, len(group[0])), parameters)
        written += found.rowcount
    return written


def read_rows(
    connection: sql.Connection,
    series: int,
    *,
    worlds: range = EVERY,
    replicates: range = EVERY,
    columns: Sequence[str] = INTEGERS,
) -> Iterator[RunRows]:
    """Yield the stored runs of a series in key order, some at a time, so that memory stays bounded.

    Parameters
    ----------
    connection
        A connection.
    series
        The number of the series.
    worlds, replicates
        Which of its runs are wanted; steps are of one.
    columns
        The whole numbers that are wanted.
    """
    named = (*KEYS, *columns, "adopted")
    most = rows_at_once(_width(connection, series))
    query = _select_statement(series, worlds, replicates, named)
    if connection.dialect.name == "postgresql":
        yield from _copied_out(connection, query, named, most)
        return
    cursor = connection.exec_driver_sql(query).cursor
    while cursor is not None:
        with _uncollected():
            rows = cursor.fetchmany(most)  # plain tuples: there may be millions
            if not rows:
                return
            found = _from_tuples(rows)
        yield found


def rows_at_once(width: int) -> int:
    """Return how many runs fit into memory at once: whole blocks of them.

    Parameters
    ----------
    width
        How many bytes say who has adopted in a run.
    """
    rows = min(MOST_ROWS, MOST_BYTES // max(width, 1))
    return max(rows - rows % LANES, LANES)


def parts_of(connection: sql.Connection, series: int) -> Iterator[tuple[range, range]]:
    """Yield the worlds and replicates of a series by parts that fit into memory, in key order.

    Parameters
    ----------
    connection
        A connection.
    series
        The number of the series.
    """
    largest = sql.select(sql.func.max(runs.c.world), sql.func.max(runs.c.replicate)).where(runs.c.series == series)
    world, replicate = connection.execute(largest).one()
    if world is None:
        return
    most, replicates = rows_at_once(_width(connection, series)), replicate + 1
    together = max(1, most // replicates)
    for first in range(0, world + 1, together):
        for begin in range(0, replicates, most):
            yield range(first, first + together), range(begin, min(begin + most, replicates))


def _width(connection: sql.Connection, series: int) -> int:
    query = sql.select(sql.func.length(runs.c.adopted)).where(runs.c.series == series).limit(1)
    return int(connection.execute(query).scalar() or 0)


def _groups(rows: list[tuple[Any, ...]]) -> Iterator[list[list[tuple[Any, ...]]]]:
    """Yield the rows statement by statement: all that take as many rows together."""
    whole = len(rows) - len(rows) % _ROWS_A_STATEMENT
    full = [rows[start : start + _ROWS_A_STATEMENT] for start in range(0, whole, _ROWS_A_STATEMENT)]
    yield from ([full] if full else [])
    yield from ([[rows[whole:]]] if rows[whole:] else [])


def _insert_statement(series: int, rows: int) -> str:
    """Return the statement that writes so many runs at once: twice as fast as one at a time."""
    row = f"({int(series)}, {', '.join('?' * len(COLUMNS))})"
    kept = "ON CONFLICT (series, world, replicate) DO NOTHING"
    return f"INSERT INTO runs (series, {', '.join(COLUMNS)}) VALUES {', '.join([row] * rows)} {kept}"  # noqa: S608 - names of ours


def _select_statement(series: int, worlds: range, replicates: range, columns: Sequence[str]) -> str:
    among = " AND ".join(
        f"{name} >= {int(wanted.start)} AND {name} < {int(wanted.stop)}"
        for name, wanted in zip(KEYS, (worlds, replicates), strict=True)
    )
    return (
        f"SELECT {', '.join(columns)} FROM runs "  # noqa: S608 - numbers and names of ours
        f"WHERE series = {int(series)} AND {among} ORDER BY series, world, replicate"
    )


def _from_tuples(rows: Sequence[Any]) -> RunRows:
    columns = list(zip(*rows, strict=True))
    integers = np.array(columns[:-1], dtype=np.int64).T
    octets = np.frombuffer(b"".join(columns[-1]), dtype=np.uint8).reshape(len(rows), -1)
    return RunRows(integers[:, :2], integers[:, 2:], octets)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from walking again and again over rows that are all in use."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _copy_in(connection: sql.Connection, series: int, rows: RunRows) -> int:
    """Write runs by COPY, which knows no conflict: nobody else adds to the series, and what is there is left out."""
    driver = driver_connection(connection)
    driver.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_SERIES_LOCK, series))
    if len(rows):
        rows = rows.chosen(~_are_there(connection, series, rows.keys))
    if len(rows):
        columns = [np.full(len(rows), series), *rows.keys.T, *rows.integers.T]
        names = ("series", *COLUMNS)
        octets = packed(columns, [_octets_of(name) for name in names[:-1]], rows.octets)
        statement = f"COPY runs ({', '.join(names)}) FROM STDIN (FORMAT BINARY)"
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(octets)
    return len(rows)


_SERIES_LOCK = 0x72756E73
"""Beside the number of a series: held by whoever adds runs to it."""


def _are_there(connection: sql.Connection, series: int, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of some runs are stored."""
    first, last = keys.min(axis=0).tolist(), keys.max(axis=0).tolist()
    query = (
        "SELECT world, replicate FROM runs "
        "WHERE series = %s AND world BETWEEN %s AND %s AND replicate BETWEEN %s AND %s"
    )
    bounds = (series, first[0], last[0], first[1], last[1])
    stored = driver_connection(connection).execute(query, bounds).fetchall()
    found = np.array(stored, dtype=np.int64).reshape(-1, len(KEYS))
    return np.isin(numbered(keys), numbered(found))


def numbered(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return one number for each pair of a world and a replicate."""
    return keys[:, 0] << 32 | keys[:, 1]


def _copied_out(connection: sql.Connection, query: str, columns: Sequence[str], most: int) -> Iterator[RunRows]:
    sizes = [_octets_of(name) for name in columns[:-1]]
    with (
        driver_connection(connection).cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as copy,
    ):
        for content in rows_in_parts(copy, most):
            try:
                integers, octets = unpacked(content, sizes)
            except ValueError:
                raise DatabaseError("the runs of one arm differ in how many agents they have") from None
            yield RunRows(integers[:, :2], integers[:, 2:], octets)


def _octets_of(column: str) -> int:
    """Return how many bytes a whole number has in the database."""
    return 8 if isinstance(runs.c[column].type, sql.BigInteger) else 4
