"""Findings: what there is to say of a network, graded, in a plain sentence with its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Level = Literal["note", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one thing that there is to say of a network.

    Attributes
    ----------
    key
        What it is about, in one word for programs.
    level
        A note is to be reported; a warning may change what a study shows.
    sentence
        What was found and what follows from it.
    numbers
        The numbers that the sentence states, and more.
    """

    key: str
    level: Level
    sentence: str
    numbers: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def as_json(self) -> dict[str, Any]:
        """Return the finding as an object."""
        return {"key": self.key, "level": self.level, "sentence": self.sentence, "numbers": dict(self.numbers)}


def several(count: int, one: str, more: str = "") -> str:
    """Return a number with its noun.

    Parameters
    ----------
    count
        How many.
    one, more
        The noun for one and for several; the first with an "s" by default.

    Examples
    --------
    >>> several(1, "agent"), several(1200, "agent"), several(2, "person", "people")
    ('1 agent', '1,200 agents', '2 people')
    """
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def per_cent(count: int, total: int) -> str:
    """Return a share in whole per cent, never rounded to none or all.

    Examples
    --------
    >>> per_cent(1, 3), per_cent(1, 1000), per_cent(999, 1000), per_cent(0, 3)
    ('33 %', 'under 1 %', 'over 99 %', '0 %')
    """
    if 0 < count * 100 < total:
        return "under 1 %"
    return "over 99 %" if total * 99 < count * 100 < total * 100 else f"{100 * count / max(total, 1):.0f} %"
