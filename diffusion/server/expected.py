"""Expected curves: how many have adopted at every step, over the replicates of a study, by the compiled engine.

What is seen in one run is one history. These curves tell what holds on average
and how far runs lie apart, for one arm and for the difference of two, which is
always taken within replicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.intervals import interval_where_equal, mean_interval
from diffusion.draws import LANES
from diffusion.experiment.curves import adoption_curves
from diffusion.experiment.plan import PlannedArm

WORK = 150_000_000
"""How much is played at once: agents and ties by steps by blocks of 64 replicates; one to three seconds."""

MOST_REPLICATES = 100_000
"""How many replicates are kept in memory at most."""

RANGE = (5, 95)
"""The percentiles between which most runs lie; those of the tables."""

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curves:
    """Hold one number a run and step, and what they come to on average.

    Attributes
    ----------
    runs
        Replicates 0, 1, … in order; shape (replicates, T + 1).
    smallest, largest
        Between what a number can lie.
    start_is_sure
        Whether every history begins alike: as many lead in every run.
    is_sure
        Whether every history has the same numbers, not only those that were played.

    Examples
    --------
    >>> curves = Curves(np.array([[1, 2], [1, 4], [1, 6]]), smallest=0, largest=9)
    >>> curves.mean.tolist(), [round(float(ends[1]), 2) for ends in curves.interval]
    ([1.0, 4.0], [0.0, 8.97])
    """

    runs: NDArray[np.int32]
    smallest: int
    largest: int
    start_is_sure: bool = True
    is_sure: bool = False

    @property
    def replicates(self) -> int:
        """Return the number of runs."""
        return len(self.runs)

    @cached_property
    def mean(self) -> FloatArray:
        """Return the mean over the runs at t = 0 … T; shape (T + 1,)."""
        return np.asarray(self.runs.mean(axis=0), dtype=np.float64)

    @cached_property
    def interval(self) -> tuple[FloatArray, FloatArray]:
        """Return the two ends of the mean's 95 % interval, pointwise: each step by itself; shape (T + 1,) each."""
        ends = np.array([self._interval_at(step) for step in range(self.runs.shape[1])])
        return ends[:, 0], ends[:, 1]

    @cached_property
    def range(self) -> tuple[FloatArray, FloatArray]:
        """Return between what 90 % of the runs lie at each step; shape (T + 1,) each."""
        low, high = np.percentile(self.runs, RANGE, axis=0)
        return low, high

    def _interval_at(self, step: int) -> tuple[float, float]:
        values = self.runs[:, step].astype(np.float64)
        if self.is_sure or (step == 0 and self.start_is_sure):
            return float(values[0]), float(values[0])
        found = mean_interval(values, low=self.smallest, high=self.largest)
        found = found or interval_where_equal(float(values[0]), len(values), max(-self.smallest, self.largest))
        low, high = found or (self.smallest, self.largest)
        return max(low, float(self.smallest)), min(high, float(self.largest))


class Chosen(NamedTuple):
    """Name a replicate that stands out, and its difference at the end."""

    replicate: int
    difference: int


@dataclass(frozen=True, eq=False)
class PairedCurves:
    """Hold the curves of two arms in the same replicates, and their difference, replicate by replicate.

    Attributes
    ----------
    left, right
        How many have adopted in either arm.
    difference
        Left minus right.
    wanted
        How many replicates the study has; fewer may have been affordable.
    """

    left: Curves
    right: Curves
    difference: Curves
    wanted: int

    @cached_property
    def chosen(self) -> tuple[Chosen, Chosen, Chosen]:
        """Return the replicates with the largest, the median and the smallest difference at the end.

        Of equal ones comes first whose difference in the sum over all steps
        is larger, then the one with the smaller number.
        """
        runs = self.difference.runs
        order = np.lexsort((-np.arange(len(runs)), runs.sum(axis=1, dtype=np.int64), runs[:, -1]))[::-1]
        largest, median, smallest = (int(order[place]) for place in (0, len(order) // 2, -1))
        return (
            Chosen(largest, int(runs[largest, -1])),
            Chosen(median, int(runs[median, -1])),
            Chosen(smallest, int(runs[smallest, -1])),
        )

    def share_below(self, difference: int, tick: int) -> tuple[float, float]:
        """Return the shares of runs whose difference at a step is smaller than this, and equal to it."""
        values = self.difference.runs[:, tick]
        return float((values < difference).mean()), float((values == difference).mean())


def affordable(arms: Sequence[PlannedArm], replicates: int, *, work: int = WORK) -> int:
    """Return how many of a study's replicates can be played while somebody waits: all, or the first so many.

    Parameters
    ----------
    arms
        The arms to be played.
    replicates
        How many the study has.
    work
        How much may be done.
    """
    sizes = [(arm.network.size + len(arm.network.source)) * (arm.setting.parameters.steps + 1) for arm in arms]
    blocks = max(1, work // max(1, sum(sizes)))
    return min(replicates, LANES * blocks, MOST_REPLICATES)


def expected_curves(arm: PlannedArm, *, seed: int, replicates: int) -> Curves:
    """Return how many agents are in stage adopted at every step, in the first replicates of an arm.

    Parameters
    ----------
    arm
        The arm, planned.
    seed
        The seed of the study's draws.
    replicates
        How many runs; see :func:`affordable`.
    """
    runs = adoption_curves(arm, seed=seed, replicates=replicates)
    return Curves(runs, smallest=0, largest=arm.network.size)


def paired_curves(left: PlannedArm, right: PlannedArm, *, seed: int, replicates: int) -> PairedCurves:
    """Return the curves of two arms on one network and their difference, within the same replicates.

    Parameters
    ----------
    left, right
        The arms.
    seed
        The seed of the study's draws.
    replicates
        How many the study has; played are as many as are affordable.
    """
    played = affordable((left, right), replicates)
    first = expected_curves(left, seed=seed, replicates=played)
    second = first if left is right else expected_curves(right, seed=seed, replicates=played)
    size = left.network.size
    same = left.identity == right.identity
    difference = Curves(first.runs - second.runs, smallest=-size, largest=size, is_sure=same)
    return PairedCurves(first, second, difference, replicates)
