"""What a search for the best leaders was asked and what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from diffusion.model.ensemble import BlockTimes

Valued: TypeAlias = Callable[[BlockTimes], NDArray[np.float64]]
"""(what happened in a block) -> the outcome in each of its 64 replicates."""


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """State the outcome that leaders are to make as good as possible.

    Many outcomes count units that are reached by the end: agents, those of a
    role, organisations. Where that is so, ``units`` says which agent reaches
    which unit, and the outcome is a factor times their number.

    Attributes
    ----------
    outcome
        Its standard name.
    sign
        1 where a higher value is better, -1 where a lower one is.
    valued
        What gives its value in every replicate of a block.
    units
        Which unit each agent reaches by adopting, -1 for none, counted from 0; shape (agents,).
        None where the outcome does not count units.
    factor
        What each unit adds to the outcome.
    by_time
        Whether a unit counts by the share of steps 1 … T in which it is reached.
    counts_leaders
        Whether leaders are among those counted; else their number is taken off.
    """

    outcome: str
    sign: int
    valued: Valued
    units: NDArray[np.int64] | None = None
    factor: float = 1.0
    by_time: bool = False
    counts_leaders: bool = True

    @property
    def unit_count(self) -> int:
        """Return how many units there are to reach."""
        return 0 if self.units is None else int(self.units.max(initial=-1)) + 1

    def value(self, reached: float, leaders: int) -> float:
        """Return the outcome where so many units are reached on average and so many agents lead."""
        return self.factor * reached - (0 if self.counts_leaders else leaders)


@dataclass(frozen=True)
class Guarantee:
    """State how close to the best possible set a search is sure to have come.

    The share is of the outcome with leaders counted in, in which form alone it
    can be promised.

    Attributes
    ----------
    at_least
        The share that the method promises whatever the network.
    found
        The share that the bound worked out beside the search gives for this set.
    probability
        How probable it is that both hold; 1 where they hold for certain, but
        on the search's own runs only.
    on_sample
        Whether the shares are of the best mean over the search's own runs, not of the best expectation.
    """

    at_least: float
    found: float
    probability: float
    on_sample: bool


@dataclass(frozen=True)
class Search:
    """Tell what a search found, and how sure that is.

    Attributes
    ----------
    outcome
        What was made as good as possible.
    method
        ``celf``, greedy and swaps over replayed runs, or ``reverse_reachable``.
    replicates
        Over how many runs, or reverse-reachable sets, the estimate is a mean.
    estimate, low, high
        The outcome of the set found, by the search's own draws, and its 95 % interval;
        None where all runs are equal.
    is_optimistic
        Whether the estimate is of the runs that chose the set, and so on average too good.
    guarantee
        How close to the best it is sure to be; None where nothing can be promised.
    reason
        Why nothing can be promised; empty where something is.
    """

    outcome: str
    method: str
    replicates: int
    estimate: float
    low: float | None
    high: float | None
    is_optimistic: bool
    guarantee: Guarantee | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the fields by name, for JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Search:
        """Return the search that :meth:`as_json` told of."""
        guarantee = told["guarantee"]
        return cls(**{**told, "guarantee": None if guarantee is None else Guarantee(**guarantee)})


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """Hold the best set that a search found.

    Attributes
    ----------
    agents
        Its members: indices of agents, ascending.
    equals
        All sets that one exchange away are equally good, this one among them.
    values
        The outcome in every run, or for every reverse-reachable set, of the estimate; shape (replicates,).
    method, is_optimistic, guarantee, reason
        As in :class:`Search`.
    """

    agents: tuple[int, ...]
    equals: tuple[tuple[int, ...], ...]
    values: NDArray[np.float64]
    method: str
    is_optimistic: bool
    guarantee: Guarantee | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """Tell how far a search has come.

    Attributes
    ----------
    doing
        What is going on, in words.
    members
        How many leaders there are so far, while they are chosen one by one; 0 otherwise.
    """

    doing: str
    members: int = field(default=0)
