"""Draws: what uncertain numbers are in every world, kept beside the runs that were played with them.

A draw follows from the scenario's seed, but through a quantile, whose last
digit may differ between versions of scipy and between machines. So what was
drawn is kept, and a study goes on only where the same is drawn again: worlds
that are partly of one machine's numbers and partly of another's are neither's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import sqlalchemy as sql

from diffusion.errors import StoreError
from diffusion.experiment import schema
from diffusion.experiment.binary_copy import packed
from diffusion.experiment.database import Database
from diffusion.experiment.environment import differing, environment
from diffusion.experiment.postgresql import driver_connection
from diffusion.experiment.provenance import records_of_arm
from diffusion.experiment.study import PlannedArm, Series, Study
from diffusion.scenario import Scenario

Key: TypeAlias = tuple[int, str]
"""A world, and the dotted path of a number."""

Row: TypeAlias = tuple[int, int, str, float]
"""A draw as it is kept: its series, world, number and value."""

MOST_ROWS = 2**16
"""How many draws are written in one transaction, about."""

MATTERING = ("scipy", "numpy", "diffusion", "processor", "processor's model", "C library", "system", "Python")
"""In what two machines may differ that draw differently; see :data:`~diffusion.experiment.environment.FACTS`."""

_LOCK = 0x64726177
"""Held by whoever adds draws to a database on a server."""

_SINCE = 3
"""The version of the tables since which draws are kept."""


@dataclass(frozen=True, slots=True)
class Parted:
    """Tell of a draw that is kept and is drawn otherwise.

    Attributes
    ----------
    world, number
        Which draw: the number's dotted path.
    kept, drawn
        Its value in the store, and as it is drawn here.
    """

    world: int
    number: str
    kept: float
    drawn: float

    def __str__(self) -> str:
        """Return the difference in words."""
        return f"{self.number} in world {self.world}: {self.drawn!r} as drawn here, {self.kept!r} as stored"


def drawn(arm: PlannedArm, seed: int, worlds: int) -> dict[Key, float]:
    """Return the uncertain numbers that matter to an arm, in each of the first worlds, as they are drawn here.

    Parameters
    ----------
    arm
        The arm, in no world.
    seed
        The seed of the study's draws.
    worlds
        How many worlds.
    """
    numbers = arm.setting.drawn(seed, worlds)
    return {(world, path): value for path, values in numbers.items() for world, value in enumerate(values)}


def kept(connection: sql.Connection, series: int, worlds: range | None = None) -> dict[Key, float]:
    """Return what is kept of a series' draws; nothing where the tables are older than draws that are kept.

    Parameters
    ----------
    connection
        A connection to the store.
    series
        The number of the series.
    worlds
        Which worlds; all by default.
    """
    if not _keeps(connection):
        return {}
    table = schema.draws
    query = sql.select(table.c.world, table.c.number, table.c.value).where(table.c.series == series)
    if worlds is not None:
        query = query.where(table.c.world >= worlds.start, table.c.world < worlds.stop)
    return {(world, number): value for world, number, value in connection.execute(query)}


def kept_of(database: Database, arm: PlannedArm, worlds: range | None = None) -> dict[Key, float]:
    """Return what a database keeps of an arm's draws; nothing where the arm is not stored.

    Parameters
    ----------
    database, arm
        The database and the arm.
    worlds
        Which worlds; all by default.
    """
    with database.reading() as connection:
        series = _numbers(connection, [arm]).get((arm.setting_digest, arm.arm_digest))
        return {} if series is None else kept(connection, series, worlds)


def parted(stored: Mapping[Key, float], here: Mapping[Key, float]) -> Iterator[Parted]:
    """Yield the draws that are kept and differ from what is drawn, be it in the last digit.

    Parameters
    ----------
    stored, here
        What is kept, and what is drawn.
    """
    for (world, number), value in here.items():
        if (said := stored.get((world, number), value)) != value:
            yield Parted(world, number, float(said), float(value))


def told_draws(arm: PlannedArm, scenario: Scenario, database: Database) -> tuple[list[dict[str, Any]], int]:
    """Return an arm's draws, world by world, as they are kept; and how many are not, and are drawn here instead.

    Parameters
    ----------
    arm, scenario
        The arm, and the scenario that it is of.
    database
        Where the draws are kept.

    Returns
    -------
    By draw ``world``, ``number`` and ``value``; and the count.
    """
    numbers = arm.setting.drawn(scenario.seed, 0)
    stored = kept_of(database, arm) if numbers else {}
    keys = [(world, path) for world in range(scenario.worlds) for path in numbers]
    here = {} if all(key in stored for key in keys) else drawn(arm, scenario.seed, scenario.worlds)
    is_whole = {path: said.is_whole for path, said in arm.setting.uncertainty.numbers}
    rows = []
    for world, path in keys:
        value = stored[world, path] if (world, path) in stored else here[world, path]
        rows.append({"world": world, "number": path, "value": int(value) if is_whole[path] else value})
    return rows, sum(key not in stored for key in keys)


def drawn_otherwise(study: Study, database: Database, arm: PlannedArm) -> list[str]:
    """Return, each in words, the numbers that are kept of an arm's world and that are drawn otherwise here.

    Parameters
    ----------
    study, database
        The study, and where it is stored.
    arm
        One of its arms, in a world.
    """
    stated = next((one for one in (*study.arms, *study.extras) if _digests(one) == _digests(arm)), arm)
    here = {
        (arm.world, path): value
        for path, value in stated.setting.uncertainty.in_world(study.scenario.seed, arm.world).items()
    }
    stored = kept_of(database, arm, range(arm.world, arm.world + 1)) if here else {}
    return list(map(str, parted(stored, here)))


class StudyDraws:
    """Keep the draws of a study: of all its arms and extra arms, in all worlds that it asks for.

    Parameters
    ----------
    study
        The study.
    """

    def __init__(self, study: Study) -> None:
        self._seed = study.scenario.seed
        self._wanted = [series for series in study.played if series.arm.setting.uncertainty.numbers]

    def check(self, database: Database) -> None:
        """Refuse to go on with a study whose draws are kept and would be others here; note which are not kept.

        Raises
        ------
        StoreError
            If a number that is kept differs from the one that is drawn.
        """
        missing = []
        with database.reading() as connection:
            numbers = _numbers(connection, [series.arm for series in self._wanted])
            for series in self._wanted:
                number = numbers.get(_digests(series.arm))
                if number is None or self._new(connection, database, series, number):
                    missing.append(series)
        self._wanted = missing

    def keep(self, database: Database) -> None:
        """Write the draws that are not kept, many at once and in short transactions; others may do the same.

        Raises
        ------
        StoreError
            If another program has kept other numbers meanwhile.
        """
        for some in _together(self._wanted):

            def add(connection: sql.Connection, some: list[Series] = some) -> None:
                _lock(connection)
                numbers = _numbers(connection, [series.arm for series in some])
                there = [(series, numbers[_digests(series.arm)]) for series in some if _digests(series.arm) in numbers]
                insert_draws(connection, [row for one in there for row in self._new(connection, database, *one)])

            database.append(add)
        self._wanted = []

    def _new(self, connection: sql.Connection, database: Database, series: Series, number: int) -> list[Row]:
        """Return the draws of a series that are not kept; raise an error if one that is kept differs."""
        here, there = drawn(series.arm, self._seed, series.worlds), kept(connection, number)
        if differing_draws := list(parted(there, here)):
            raise StoreError(f"{database.name}: {_refusal(connection, series.arm, differing_draws)}")
        return [(number, world, path, value) for (world, path), value in here.items() if (world, path) not in there]


@contextmanager
def keeping_draws(database: Database, study: Study) -> Iterator[None]:
    """Let a study be saved only if its draws are those that are kept, and then keep those that are not.

    Parameters
    ----------
    database, study
        The database, and the study.

    Raises
    ------
    StoreError
        If a number that is kept differs from the one that is drawn.
    """
    draws = StudyDraws(study)
    draws.check(database)
    yield
    draws.keep(database)


def insert_draws(connection: sql.Connection, rows: list[Row]) -> None:
    """Write draws that are not kept yet, by the driver's fast path.

    Parameters
    ----------
    connection
        A connection that may write, and beside which nobody adds draws.
    rows
        The draws.
    """
    if not rows:
        return
    rows = sorted(rows, key=lambda row: row[:3])
    if connection.dialect.name == "postgresql":
        _copy_in(connection, rows)
    else:
        connection.exec_driver_sql("INSERT INTO draws (series, world, number, value) VALUES (?, ?, ?, ?)", rows)


def draws_apart(
    source: sql.Connection, target: sql.Connection, numbers: Mapping[int, int]
) -> Iterator[tuple[int, Parted]]:
    """Yield the draws that two databases hold otherwise, each with its series.

    Parameters
    ----------
    source, target
        Connections to one database, whose draws are then told as those that
        are drawn, and to another.
    numbers
        By the numbers of the one's series the other's.
    """
    for theirs, ours in numbers.items():
        yield from ((theirs, found) for found in parted(kept(target, ours), kept(source, theirs)))


def take_draws(database: Database, other: Database, numbers: Mapping[int, int]) -> None:
    """Add to a database the draws that only another has, many at once and in short transactions.

    Parameters
    ----------
    database, other
        The database, and the other one.
    numbers
        By the numbers of the other's series those in the database.
    """
    taken: dict[int, dict[Key, float]] = {}

    def add(connection: sql.Connection) -> None:
        _lock(connection)
        there = {series: kept(connection, series) for series in taken}
        rows = [(series, *key, value) for series, draws in taken.items() for key, value in draws.items()]
        insert_draws(connection, [row for row in rows if row[1:3] not in there[row[0]]])

    for place, (theirs, ours) in enumerate(numbers.items(), start=1):
        with other.reading() as source:
            if found := kept(source, theirs):
                taken[ours] = found
        if taken and (place == len(numbers) or sum(map(len, taken.values())) >= MOST_ROWS):
            database.append(add)
            taken.clear()


def _keeps(connection: sql.Connection) -> bool:
    """Return whether the tables are of a version that keeps draws; what is only read may be older."""
    return int(connection.execute(sql.select(schema.versions.c.version)).scalar_one()) >= _SINCE


def _digests(arm: PlannedArm) -> tuple[str, str]:
    return arm.setting_digest, arm.arm_digest


def _numbers(connection: sql.Connection, arms: list[PlannedArm]) -> dict[tuple[str, str], int]:
    """Return the numbers of the series of arms that are stored, by their digests; a query a setting, not an arm."""
    table = schema.series
    found: dict[tuple[str, str], int] = {}
    for setting in dict.fromkeys(arm.setting_digest for arm in arms):
        query = sql.select(table.c.arm_digest, table.c.id).where(table.c.setting_digest == setting)
        found |= {(setting, arm): number for arm, number in connection.execute(query)}
    return found


def _together(wanted: list[Series]) -> Iterator[list[Series]]:
    """Yield series so many at a time as have not many more draws than go into one transaction."""
    some: list[Series] = []
    rows = 0
    for series in wanted:
        some.append(series)
        rows += series.worlds * len(series.arm.setting.uncertainty.numbers)
        if rows >= MOST_ROWS:
            yield some
            some, rows = [], 0
    if some:
        yield some


def _lock(connection: sql.Connection) -> None:
    """Let nobody else add draws until the transaction ends; in a file nobody else writes anyhow."""
    if connection.dialect.name == "postgresql":
        driver_connection(connection).execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))


def _copy_in(connection: sql.Connection, rows: list[Row]) -> None:
    """Write draws by COPY, number by number: rows of one length are one array."""
    driver = driver_connection(connection)
    by_number: dict[str, list[Row]] = {}
    for row in rows:
        by_number.setdefault(row[2], []).append(row)
    for number, some in by_number.items():
        keys = np.array([row[:2] for row in some], dtype=np.int64)
        values = np.array([row[3] for row in some], dtype=np.float64)
        octets = np.frombuffer(number.encode(driver.info.encoding), dtype=np.uint8)
        content = packed([*keys.T, values.view(np.int64)], [4, 4, 8], np.broadcast_to(octets, (len(some), len(octets))))
        statement = "COPY draws (series, world, value, number) FROM STDIN (FORMAT BINARY)"
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(content)


def _refusal(connection: sql.Connection, arm: PlannedArm, found: list[Parted]) -> str:
    """Return in one line why no run is added to worlds that were drawn otherwise."""
    differences, _ = differing(records_of_arm(connection, arm), environment())
    here = [str(one) for one in differences if one.what in MATTERING]
    why = f"here is {', '.join(here)}" if here else "nothing differs that the record tells of what drew it"
    more = f", and {len(found) - 1:,} more of the arm's draws differ" if len(found) > 1 else ""
    first = found[0]
    return (
        f'the arm "{arm.name}" has {first.number} = {first.kept!r} in world {first.world} as stored, and '
        f"{first.drawn!r} as drawn here{more} ({why}); runs of other worlds are not mixed with those that are stored: "
        "go on with the versions that drew them, or name another database with --database"
    )
