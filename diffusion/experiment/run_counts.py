"""How many runs of a study are stored: those that its answer rests on, and not what other studies added to its arms.

A series holds the runs of one arm in one setting, whichever studies asked for
them. A study that asks for the same arms with more replicates or worlds adds to
them, and so do earlier runs of a study that is now smaller. What counts is what
the study, as it was run last, asks for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sql

from diffusion.experiment import schema

_MOST_NUMBERS = 10_000
"""How many series one query names at most; databases bound how many values a query may hold."""

Place: TypeAlias = tuple[str, int, str]
"""A network, a cell and an arm of a study."""


class Size(NamedTuple):
    """Say how many worlds there are, and how many replicates in each."""

    worlds: int
    replicates: int


def run_counts(connection: sql.Connection, study: str | None = None) -> dict[str, int]:
    """Return how many of the runs that studies ask for are stored, those beside their arms included.

    Parameters
    ----------
    connection
        A connection to the store.
    study
        The digest of the only study to count; all by default.
    """
    asked = dict(_asked(connection, study))
    by_size: dict[Size, set[int]] = defaultdict(set)
    for sizes in asked.values():
        for number, size in sizes.items():
            by_size[size].add(number)
    found = {size: _counted(connection, size, sorted(numbers)) for size, numbers in by_size.items()}
    return {
        digest: sum(found[size].get(number, 0) for number, size in sizes.items()) for digest, sizes in asked.items()
    }


def stored_in_all(connection: sql.Connection, study: str) -> int:
    """Return how many runs are stored of the arms of a study, whichever study asked for them."""
    arms, runs = schema.study_arms, schema.runs
    own = sql.select(arms.c.series).where(arms.c.study == study)
    query = sql.select(sql.func.count()).select_from(runs).where(runs.c.series.in_(own))
    return int(connection.execute(query).scalar_one())


def _counted(connection: sql.Connection, size: Size, numbers: Sequence[int]) -> dict[int, int]:
    """Return how many runs of some series lie within a size."""
    table = schema.runs
    # Said like this, the range of the key ends with the replicate, and nothing beyond it is read.
    worlds = table.c.world == 0 if size.worlds == 1 else table.c.world < size.worlds
    counts: dict[int, int] = {}
    for first in range(0, len(numbers), _MOST_NUMBERS):
        of_these = table.c.series.in_(numbers[first : first + _MOST_NUMBERS])
        query = sql.select(table.c.series, sql.func.count()).where(
            of_these, worlds, table.c.replicate < size.replicates
        )
        counts |= {number: int(count) for number, count in connection.execute(query.group_by(table.c.series))}
    return counts


def _asked(connection: sql.Connection, study: str | None) -> Iterator[tuple[str, dict[int, Size]]]:
    """Yield studies with the size that each asks for of its series."""
    studies, arms = schema.studies, schema.study_arms
    told = sql.select(studies.c.digest, studies.c.scenario)
    placed = sql.select(arms.c.study, arms.c.series, arms.c.network, arms.c.cell, arms.c.arm)
    if study is not None:
        told, placed = told.where(studies.c.digest == study), placed.where(arms.c.study == study)
    rows: dict[str, list[tuple[int, Place]]] = defaultdict(list)
    for digest, series, *place in connection.execute(placed):
        rows[digest].append((series, tuple(place)))
    for digest, text in connection.execute(told).all():
        yield digest, _sizes(json.loads(text), rows[digest])


def _sizes(scenario: Mapping[str, Any], rows: Iterable[tuple[int, Place]]) -> dict[int, Size]:
    """Return the size that a study asks for of its series; where arms share one, the largest of them.

    Of what is played beside arms no more than that is asked for, on rewired networks,
    which are numbered as worlds are, or in as many replicates as the arms at most.
    """
    worlds, replicates = scenario.get("worlds", 1), scenario["replicates"]
    whole = Size(max(worlds, scenario.get("nulls", {}).get("rewirings", 0)), replicates)
    ends = "worlds" if worlds > 1 else "replicates"
    stopped = {
        (one["network"], one["cell"], one["arm"]): whole._replace(**{ends: one["after"]})
        for one in scenario.get("stopped", ())
    }
    found: dict[int, Size] = {}
    for series, place in rows:
        known, size = found.get(series, Size(0, 0)), stopped.get(place, whole)
        found[series] = Size(max(known.worlds, size.worlds), max(known.replicates, size.replicates))
    return found
