"""OPIM-C: as many reverse-reachable sets as the guarantee needs, and no more (Tang, Tang, Xiao & Yuan 2018).

Two lots of sets are drawn. The first chooses leaders: greedy choice meets at
least 1 - 1/e of what any leaders could meet, and swaps only add to that. The
second, which had no say in the choice, bounds from below what they reach; the
first bounds from above what any could. Both lots are doubled until the two
bounds are near enough to each other that, with probability 1 - δ, the leaders
reach 1 - 1/e - ε of the best, or until there are so many sets that they do in
any case (doi 10.1145/3183713.3183749). The bound at which it ends is often much
better than what was asked for, and is told.

The authors stop as soon as they may; here the lots are at least so large that
agents whose reach differs by a few per cent are told apart. Their union bound
is over all rounds, so further rounds cost nothing of δ. Sets that meet equally
many are not kept as equals, for in lots of this size many are so by chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.positions.found import Goal, Guarantee, Optimum, SearchProgress
from diffusion.positions.greedy import best_set
from diffusion.positions.reverse_reachable import ReverseSets, Sampler

GREEDY = 1 - 1 / math.e
"""What greedy choice comes to at least, as a share of the best."""

FEWEST_SETS = 100_000
"""How many sets a lot has at least, unless they are very large."""

LARGE_SETS = 10_000_000
"""How many members the sets of a lot may have in all for the sake of more sets than the guarantee needs."""

LARGEST_SETS = 400_000_000
"""How many members all sets may have in all: they are kept in memory, four bytes each."""


@dataclass(frozen=True, slots=True)
class Precision:
    """State how near to the best a search is to come.

    Attributes
    ----------
    epsilon
        How much less than 1 - 1/e of the best is allowed.
    delta
        The probability with which that may fail.
    """

    epsilon: float
    delta: float


def least_reached(goal: Goal, count: int, eligible: NDArray[np.int64]) -> int:
    """Return how many units some set of leaders reaches for certain: those of the leaders themselves."""
    if goal.units is None:
        return 0
    own = goal.units[eligible]
    return min(count, len(np.unique(own[own >= 0])))


def opim(
    choosing: Sampler,
    judging: Sampler,
    *,
    goal: Goal,
    count: int,
    eligible: NDArray[np.int64],
    precision: Precision,
    size: int,
    report: Callable[[SearchProgress], None] = lambda _: None,
) -> Optimum:
    """Return the leaders that OPIM-C finds, with its guarantee.

    Parameters
    ----------
    choosing, judging
        What draws the sets that choose, and those that judge; with draws of their own.
    goal, count, eligible
        What counts, and among whom how many lead.
    precision
        How near to the best.
    size
        The number of agents.
    report
        Called with how far the search has come.
    """
    plan = _Plan(goal.unit_count, least_reached(goal, count, eligible), count, len(eligible), precision)
    at_least = GREEDY - precision.epsilon
    ours, theirs = choosing.sets(0, 0), judging.sets(0, 0)
    for number in range(1, plan.rounds + 1):
        wanted = plan.sets_in(number)
        report(SearchProgress(f"drawing {2 * wanted:,} reverse-reachable sets"))
        ours = ours.joined(choosing.sets(len(ours), wanted - len(ours)))
        theirs = theirs.joined(judging.sets(len(theirs), wanted - len(theirs)))
        chosen = best_set(_met(ours, size), count, eligible)
        met = theirs.met(chosen.agents, size)
        share = plan.share(float(met.sum()), chosen.bound)
        is_enough = wanted >= FEWEST_SETS or len(ours.member) > LARGE_SETS
        if (share >= at_least and is_enough) or len(ours.member) > LARGEST_SETS:
            break
    is_kept = share >= at_least or number == plan.rounds
    values = goal.factor * goal.unit_count * met.astype(np.float64) - (0 if goal.counts_leaders else count)
    promised = Guarantee(at_least, min(max(share, at_least), 1.0), 1 - precision.delta, on_sample=False)
    return Optimum(
        chosen.agents,
        (chosen.agents,),
        values,
        "reverse_reachable",
        is_optimistic=False,
        guarantee=promised if is_kept else None,
        reason="" if is_kept else "memory ends before enough reverse-reachable sets are drawn; allow a larger epsilon",
    )


def _met(sets: ReverseSets, size: int) -> Callable[[Sequence[int]], NDArray[np.float64]]:
    return lambda members: sets.met_with_each(members, size)


class _Plan:
    """Say how many sets are drawn, and what follows from how many are met."""

    def __init__(self, units: int, least: int, count: int, eligible: int, precision: Precision) -> None:
        sets = math.lgamma(eligible + 1) - math.lgamma(count + 1) - math.lgamma(eligible - count + 1)
        failing = math.log(6 / precision.delta)
        root = GREEDY * math.sqrt(failing) + math.sqrt(GREEDY * (sets + failing))
        # With the sets of the last round the guarantee holds whatever the bounds say.
        most = 2 * units * root**2 / (precision.epsilon**2 * least)
        self.first = max(1, math.ceil(2 * root**2))
        self.rounds = max(1, math.ceil(math.log2(most / self.first)) + 1)
        self.failing = math.log(3 * self.rounds / precision.delta)

    def sets_in(self, number: int) -> int:
        """Return how many sets of either lot there are in a round."""
        return self.first << (number - 1)

    def share(self, met: float, bound: float) -> float:
        """Return what share of the best the leaders reach, from the sets they meet and the most that any could."""
        return max(self.below(met), 0.0) / self.above(bound)

    def below(self, met: float) -> float:
        """Return how many sets would be met on average at least, where so many are."""
        half = math.sqrt(met + 2 * self.failing / 9) - math.sqrt(self.failing / 2)
        return max(half, 0.0) ** 2 - self.failing / 18

    def above(self, met: float) -> float:
        """Return how many sets would be met on average at most, where at most so many are."""
        return (math.sqrt(met + self.failing / 2) + math.sqrt(self.failing / 2)) ** 2
