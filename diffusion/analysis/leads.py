"""Leads: which of several arms are shown to do better than others, over all worlds and in each.

Over all worlds an arm is *ahead* of another where the interval of their paired
difference, which holds for all pairs of arms at once, does not hold 0. Whichever
arm happens to have the best mean, and whichever rival comes nearest, their
interval was paid for. In a world it leads where its lead exceeds twice its
Monte Carlo error there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.across import decided
from diffusion.analysis.compare import Verdict, verdict_on
from diffusion.analysis.intervals import (
    CONFIDENCE,
    MOST_SIMULATED,
    all_equal,
    bound_where_equal,
    interval_where_equal,
    mean_interval,
    simultaneous_quantile,
    t_quantile,
)
from diffusion.analysis.outcomes import FloatArray, Outcome, RegionFacts
from diffusion.analysis.units import Units

MOST_PAIRED = 40
"""Of up to how many arms all pairs are told; of more, neighbours in the order and the first beside every other."""

_EQUAL_MEANS = 12


@dataclass(frozen=True)
class Lead:
    """Compare two arms, over all worlds.

    Attributes
    ----------
    arm, other
        The arms.
    difference
        Mean of the first arm's value minus the other's.
    low, high
        Its 95 % interval, simultaneous over all pairs of arms; None where all units are equal.
    differ_below
        Where all units are equal: the 95 % bound on the share that would not be; else None.
    ahead
        The one that is shown to do better; None where that is undecided.
    verdict
        Where the interval lies beside the smallest difference that matters, from
        the first arm's side; None for outcomes that have none.
    """

    arm: str
    other: str
    difference: float
    low: float | None
    high: float | None
    differ_below: float | None
    ahead: str | None
    verdict: Verdict | None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Ranked:
    """Hold arms with their runs, in an order: that of their means on the given network.

    Attributes
    ----------
    names
        The arms, in order.
    values
        One number a run, turned so that higher is better; shape (arms, runs).
    units
        How runs are laid out in worlds.
    outcome
        What the numbers are.
    facts
        What is to be known of the network and the scenario.
    smallest
        The smallest difference that matters; None for outcomes that have none.
    seed_text
        What keys the simulation of simultaneous intervals.
    """

    names: tuple[str, ...]
    values: FloatArray
    units: Units
    outcome: Outcome
    facts: RegionFacts
    smallest: float | None
    seed_text: str

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Return the pairs of arms that are told: all; of many arms, the first beside every other, and neighbours."""
        arms = len(self.names)
        if arms <= MOST_PAIRED:
            return list(combinations(range(arms), 2))
        return sorted({(0, other) for other in range(1, arms)} | {(place, place + 1) for place in range(arms - 1)})

    @property
    def world_means(self) -> FloatArray:
        """Return the means of worlds, rounded so that equal ones stay equal; shape (arms, worlds)."""
        means: FloatArray = np.round(self._by_world.mean(axis=-1), _EQUAL_MEANS)
        return means

    def leads(self, pairs: Sequence[tuple[int, int]]) -> tuple[Lead, ...]:
        """Return how arms compare, by intervals that hold for all pairs of them at once, told or not."""
        quantile = self._quantile()
        return tuple(self._lead(first, second, quantile) for first, second in pairs)

    def led_in(self, rivals: Sequence[int]) -> tuple[int, int]:
        """Return in how many worlds the first arm leads all its rivals, and in how many one of them leads it."""
        led = [self._decided(0, rival) for rival in rivals]
        signs = np.array(led, dtype=np.int64).reshape(len(led), self.units.worlds)
        return int((signs > 0).all(axis=0).sum()), int((signs < 0).any(axis=0).sum())

    def best_mean_in(self, rivals: Sequence[int]) -> int:
        """Return in how many worlds no rival has a better mean than the first arm."""
        means = self.world_means
        return int((means[0] >= means[list(rivals)].max(axis=0, initial=-math.inf)).sum())

    def kept_in(self, pairs: Sequence[tuple[int, int]]) -> int:
        """Return in how many worlds no second arm of the pairs leads the first."""
        kept = np.ones(self.units.worlds, dtype=np.bool_)
        for first, second in pairs:
            kept &= self._decided(first, second) >= 0
        return int(kept.sum())

    @property
    def _ceiling(self) -> float:
        return self.outcome.ceiling(self.facts)

    @property
    def _by_world(self) -> FloatArray:
        return self.units.by_world(self.values)

    def _decided(self, first: int, second: int) -> NDArray[np.int64]:
        return decided(self._by_world[first] - self._by_world[second], self._ceiling)

    def _quantile(self) -> float | None:
        arms = len(self.names)
        count, units = arms * (arms - 1) // 2, self.units.count(self.values.shape[1])
        if units < 2:
            return None
        if count > MOST_SIMULATED:
            return t_quantile(units - 1, 1 - (1 - CONFIDENCE) / count)
        means = self.units.means(self.values)
        differences = np.array([means[first] - means[second] for first, second in self.pairs])
        return simultaneous_quantile(differences, self.seed_text)

    def _lead(self, first: int, second: int, quantile: float | None) -> Lead:
        means = self.units.means(self.values[first] - self.values[second])
        constant = all_equal(means)
        middle = float(means[0] if constant else means.mean())
        ends = None if quantile is None else mean_interval(means, quantile, low=-self._ceiling, high=self._ceiling)
        bounds = ends or (interval_where_equal(middle, len(means), self._ceiling) if constant else None)
        low, high = sorted(self.outcome.sign * end for end in ends) if ends else (None, None)
        return Lead(
            arm=self.names[first],
            other=self.names[second],
            difference=self.outcome.sign * middle,
            low=low,
            high=high,
            differ_below=bound_where_equal(len(means)) if constant else None,
            ahead=self._ahead(first, second, bounds),
            verdict=self._verdict(bounds),
        )

    def _ahead(self, first: int, second: int, bounds: tuple[float, float] | None) -> str | None:
        if bounds is None or bounds[0] <= 0 <= bounds[1]:
            return None
        return self.names[first if bounds[0] > 0 else second]

    def _verdict(self, bounds: tuple[float, float] | None) -> Verdict | None:
        if self.smallest is None:
            return None
        return verdict_on(*bounds, self.smallest, 1) if bounds else "undecided"
