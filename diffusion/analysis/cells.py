"""Cells: how the values of a sweep are told in headings and sentences."""

from __future__ import annotations

from collections.abc import Mapping


def cell_phrase(values: Mapping[str, object]) -> str:
    """Return what a cell of a sweep sets, in words; an empty text without a sweep.

    Parameters
    ----------
    values
        Value by dotted key; a swept section has a table as value.

    Examples
    --------
    >>> cell_phrase({"adoption.transmission": 0.02, "leaders.count": 5})
    'adoption.transmission = 0.02 and leaders.count = 5'
    >>> cell_phrase({"adoption": {"rule": "threshold", "exposure": "number", "threshold": 2.0}})
    'adoption by threshold (exposure number, threshold 2)'
    >>> cell_phrase({"adoption": {"rule": "cascade"}, "adoption.reach": 0.3})
    'adoption by cascade and adoption.reach = 0.3'
    """
    return " and ".join(_entry(key, value) for key, value in values.items())


def _entry(key: str, value: object) -> str:
    if isinstance(value, Mapping) and "rule" in value:
        inside = ", ".join(f"{name} {_value(said)}" for name, said in value.items() if name != "rule")
        return f"{key} by {value['rule']}" + (f" ({inside})" if inside else "")
    return f"{key} = {_value(value)}"


def _value(value: object) -> str:
    """Return a number, a text, a distribution or a table as it is read aloud."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return " ".join(f"{name}{_arguments(said)}" for name, said in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_value(element) for element in value)
    return str(value)


def _arguments(value: object) -> str:
    return f"({_value(value)})" if isinstance(value, list | tuple) else f" {_value(value)}"
