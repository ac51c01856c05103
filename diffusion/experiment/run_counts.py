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
from typing import Any, NamedTuple

import sqlalchemy as sql

from diffusion.analysis.reserved import NO_LEADERS
from diffusion.experiment import schema
from diffusion.scenario.explanations import REWIRED_REPLICATES

_AS_LONG = (", matched", ", on the given network")
_REWIRED, _PART = ", rewired, ", " without "
"""What labels of runs beside an arm say after its name; the first have as many runs as the arm."""


class Size(NamedTuple):
    """Say how many worlds there are, and how many replicates in each."""

    worlds: int
    replicates: int


_MOST_NUMBERS = 10_000
"""How many series one query names at most; databases bound how many values a query may hold."""


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
    placed = sql.select(arms.c.study, arms.c.network, arms.c.cell, arms.c.arm, arms.c.series)
    if study is not None:
        told, placed = told.where(studies.c.digest == study), placed.where(arms.c.study == study)
    rows: dict[str, list[_Placed]] = defaultdict(list)
    for digest, *row in connection.execute(placed.order_by(arms.c.study, arms.c.place)):
        rows[digest].append(_Placed(*row))
    for digest, text in connection.execute(told).all():
        yield digest, _sizes(json.loads(text), rows[digest])


class _Placed(NamedTuple):
    """Say where an arm of a study is, what it is called, and which series holds its runs."""

    network: str
    cell: int
    arm: str
    series: int


def _sizes(scenario: Mapping[str, Any], rows: Iterable[_Placed]) -> dict[int, Size]:
    """Return the size that a study asks for of its series; where arms share one, the largest of them."""
    sizes = _ArmSizes(scenario)
    found: dict[int, Size] = {}
    for row in rows:
        known, size = found.get(row.series, Size(0, 0)), sizes.of(row.network, row.cell, row.arm)
        found[row.series] = Size(max(known.worlds, size.worlds), max(known.replicates, size.replicates))
    return found


class _ArmSizes:
    """Say how many runs a scenario asks for of its arms, and of those beside them, by what they are called.

    The arms of a study come first, so that one which is called as if it stood
    beside another is not taken for it.
    """

    def __init__(self, scenario: Mapping[str, Any]) -> None:
        self.whole = Size(scenario.get("worlds", 1), scenario["replicates"])
        self.stopped = {
            (one["network"], one["cell"], one["arm"]): self._of_units(one["after"])
            for one in scenario.get("stopped", ())
        }
        self.names = {NO_LEADERS, *(arm["name"] for arm in scenario["arms"])}
        self.told: set[tuple[str, int, str]] = set()
        nulls, credit = scenario.get("nulls", {}), scenario.get("credit", {})
        self.rewirings = nulls.get("rewirings", 0)
        self.rewired = nulls.get("rewired_replicates", REWIRED_REPLICATES)
        self.credited = credit.get("replicates")

    def of(self, network: str, cell: int, name: str) -> Size:
        """Return how many worlds and replicates an arm has, or one beside another."""
        if name in self.names and (network, cell, name) not in self.told:
            self.told.add((network, cell, name))
            return self._own(network, cell, name)
        kind, beside = self._beside(name)
        own = self._own(network, cell, beside)
        if kind == _REWIRED:
            return Size(self.rewirings, min(self.rewired, own.replicates))
        if kind == _PART and self.credited is not None:
            return Size(own.worlds, min(self.credited, own.replicates))
        return own

    def _own(self, network: str, cell: int, name: str) -> Size:
        return self.stopped.get((network, cell, name), self.whole)

    def _of_units(self, size: int) -> Size:
        return Size(size, self.whole.replicates) if self.whole.worlds > 1 else Size(1, size)

    def _beside(self, label: str) -> tuple[str, str]:
        """Return how one differs from the arm beside which it is played, and that arm, by its label."""
        for end in _AS_LONG:
            if label.endswith(end) and label.removesuffix(end) in self.names:
                return end, label.removesuffix(end)
        for mark in (_REWIRED, _PART):
            name = label
            while mark in name:
                name = name.rpartition(mark)[0]
                if name in self.names:
                    return mark, name
        return "", ""
