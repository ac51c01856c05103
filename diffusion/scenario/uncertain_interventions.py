"""Uncertain numbers of interventions: which there are, and what each must lie between.

A number of ``[interventions.NAME]`` that is stated as a distribution goes by
its dotted path, ``interventions.roadshow.probability``, or, one of a table by
role, ``interventions.events.attendance.firm``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any

from diffusion.model.parameters import Distribution
from diffusion.model.uncertain import Uncertain
from diffusion.scenario.interventions import missing_keys, stated_interventions
from diffusion.scenario.kinds import kind_keys
from diffusion.scenario.registries import interventions
from diffusion.scenario.sections import is_uncertain

FROM, UNTIL = "from", "until"
"""The keys of an intervention's first and last step."""


def uncertain_in_interventions(tables: Mapping[str, Any], steps: float = inf) -> Iterator[tuple[str, Uncertain]]:
    """Yield the uncertain numbers of interventions, by dotted path; what a kind does not use is left out.

    Parameters
    ----------
    tables
        The interventions of an arm in a cell, perhaps incomplete.
    steps
        T, which no date exceeds; infinity where it is not known.
    """
    for name, table in tables.items():
        if not isinstance(table, Mapping) or table.get("kind") not in interventions():
            continue
        found = [(key, entry, said) for key, value in table.items() for entry, said in _numbers(value)]
        unused = _unused(name, table) if found else ()
        for key, entry, said in found:
            stated = kind_keys(table["kind"])[key]
            if stated.field not in unused:
                [(distribution, arguments)] = said.items()
                low, high = stated.bounds(steps, _known(table.get(FROM), 1))
                high = min(high, _known(table.get(UNTIL), steps)) if key == FROM else high
                path = ".".join(("interventions", name, key, *entry))
                yield path, Uncertain(Distribution(distribution, tuple(arguments)), low, high, stated.is_whole)


def is_of_interventions(path: str) -> bool:
    """Return whether a dotted path is one of a number of an intervention."""
    return path.startswith("interventions.")


def _numbers(value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the distributions that a value states: itself, or those of a table by name, each with its name."""
    if is_uncertain(value):
        yield (), value
    elif isinstance(value, Mapping):
        yield from (((str(name),), said) for name, said in value.items() if is_uncertain(said))


def _known(value: Any, otherwise: float) -> float:
    return value if isinstance(value, int) else otherwise


def _unused(name: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields that change nothing beside what the others state; none where the table is incomplete."""
    tables = {name: table}
    return () if any(True for _ in missing_keys(tables)) else stated_interventions(tables)[0].unused
