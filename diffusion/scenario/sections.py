"""Laying tables over each other: the scenario's, a cell's, an arm's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from diffusion.model.parameters import DISTRIBUTIONS
from diffusion.scenario.checks import REACH
from diffusion.scenario.tables import Table

Sections: TypeAlias = dict[str, Table]
"""The sections of a scenario by name, each a table. Never changed in place."""

SweptPath: TypeAlias = tuple[str, ...]
"""Section, key and entry of what is swept; a section alone is replaced whole."""


def is_distribution(value: object) -> bool:
    """Return whether a checked value is a distribution, or asks for a reach, and is not a table of names."""
    return is_uncertain(value) or (
        isinstance(value, Mapping)
        and (REACH in value or any(name in DISTRIBUTIONS and isinstance(value[name], list) for name in value))
    )


def is_uncertain(value: object) -> bool:
    """Return whether a checked value is a distribution alone: its name, and a list of numbers."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    [arguments] = value.values()
    return isinstance(arguments, list) and bool(arguments) and all(isinstance(one, float) for one in arguments)


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return sections with others laid over them, table by table: see :func:`laid_over`.

    Examples
    --------
    >>> merged({"ties": {"layers": {"formal": 1.0, "informal": 0.6}}}, {"ties": {"layers": {"informal": 0.0}}})
    {'ties': {'layers': {'formal': 1.0, 'informal': 0.0}}}
    """
    return {**under, **{section: laid_over(under.get(section, {}), table) for section, table in over.items()}}


def laid_over(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with another one laid over it: tables inside are merged, other values replaced.

    Examples
    --------
    >>> laid_over({"layers": {"formal": 1.0, "informal": 0.6}}, {"layers": {"informal": 0.0}})
    {'layers': {'formal': 1.0, 'informal': 0.0}}
    """
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        tables = isinstance(value, Mapping) and isinstance(below, Mapping)
        if tables and not is_distribution(value) and not is_distribution(below):
            result[key] = laid_over(below, value)  # type: ignore[arg-type]
        else:
            result[key] = value
    return result


def swept_path(key: str) -> SweptPath:
    """Return the section, key and entry that a dotted key names; entries may hold dots."""
    return tuple(key.split(".", 2))


def with_values(sections: Sections, values: Mapping[str, Any]) -> Sections:
    """Return sections with swept values put in: whole sections first, then keys, then entries.

    Parameters
    ----------
    sections
        The scenario's sections.
    values
        Values by dotted key.
    """
    result = dict(sections)
    for key, value in sorted(values.items(), key=lambda item: len(swept_path(item[0]))):
        section, *rest = swept_path(key)
        table = result.get(section, {})
        if not rest:
            result[section] = value
        elif len(rest) == 1:
            result[section] = {**table, rest[0]: value}
        elif section == "interventions":
            result[section] = {**table, rest[0]: {**table.get(rest[0], {}), rest[1]: value}}
        else:
            result[section] = laid_over(table, {rest[0]: {rest[1]: value}})
    return result


def swept_keys(values: Mapping[str, Any]) -> Iterator[tuple[str, SweptPath]]:
    """Yield every swept key with the paths that it sets: each key of a whole section."""
    for key, value in values.items():
        path = swept_path(key)
        if len(path) == 1:
            for inside in value:
                yield key, (*path, inside)
        else:
            yield key, path


def written_paths(sections: Sections) -> Iterator[SweptPath]:
    """Yield the paths of everything that sections state, down to the entries of tables."""
    for section, table in sections.items():
        for key, value in table.items():
            if isinstance(value, Mapping) and not is_distribution(value):
                yield from ((section, key, entry) for entry in value)
            elif value is not False:  # an intervention that an arm goes without
                yield section, key


def overlap(one: SweptPath, other: SweptPath) -> bool:
    """Return whether one path lies inside the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def overlapping(path: SweptPath, paths: Iterable[SweptPath]) -> bool:
    """Return whether a path lies inside one of several, or one of them inside it."""
    return any(overlap(path, other) for other in paths)
