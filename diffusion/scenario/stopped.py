"""Which arms of a study have fewer runs than the others, because they were stopped early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Stopped:
    """Say after how many replicates, or worlds, an arm was stopped.

    Attributes
    ----------
    network, cell, arm
        Which arm: the network's name, the cell's number, the arm's name.
    after
        How many replicates it has, or worlds where something is uncertain.
    """

    network: str
    cell: int
    arm: str
    after: int


@lru_cache(maxsize=8)
def stopped_after(stopped: tuple[Stopped, ...]) -> Mapping[tuple[str, int, str], int]:
    """Return after how many replicates or worlds arms were stopped, by network, cell and arm."""
    return {(found.network, found.cell, found.arm): found.after for found in stopped}
