"""Credit of leaders for having been recruited: what would be lost without each, in the very same replicates.

*Counterfactual*: the adopters lost if one leader alone had not been recruited,
paired replicate by replicate; in worlds, intervals count worlds. The losses need not add up to anything: leaders
who reach the same agents stand in for one another, and the loss of either is
small; leaders who help one another (as under thresholds) are each lost more
than once.

*Shapley values* share out what all leaders bring beyond what happens with none
of them, so that they add up to it: the mean over all orders of recruiting them
of what a leader adds to those before it (Shapley 1953, doi
10.1515/9781400881970-018). They are exact, from runs with every part of the
leaders, not from a sample of orders.

Adopters are those in stage *adopted* at the end, the leaders among them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from diffusion.analysis.arms import finite
from diffusion.analysis.intervals import all_equal, bound_where_equal, mean_interval
from diffusion.analysis.outcomes import FloatArray
from diffusion.analysis.units import ONE_WORLD, Units

Adopters = Mapping[tuple[int, ...], FloatArray]
"""The adopters of every replicate, by who leads: places of leaders, ascending."""


@dataclass(frozen=True)
class LeaderCredit:
    """Hold the credit of one leader, in adopters.

    Attributes
    ----------
    leader
        The leader's id.
    mean
        Mean over the replicates.
    low, high
        Its pointwise 95 % interval; None where all replicates are equal.
    differ_below
        Where all are equal: the 95 % bound on the share of histories in which
        they would not be; else None.
    """

    leader: str
    mean: float
    low: float | None
    high: float | None
    differ_below: float | None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        numbers = {"mean": self.mean, "low": self.low, "high": self.high, "differ_below": self.differ_below}
        return {"leader": self.leader, **finite(numbers)}


@dataclass(frozen=True)
class Recruitment:
    """Hold the credit of an arm's leaders.

    Attributes
    ----------
    arm
        The arm.
    replicates
        Number of paired runs, over all worlds.
    adopters
        Mean number of adopters with all leaders.
    losses
        By leader: the adopters lost without that leader alone; empty where not asked for.
    without
        Mean number of adopters with none of the leaders; None without Shapley values.
    shapley
        By leader: its Shapley value; together, ``adopters`` less ``without``;
        empty where not asked for or not worked out.
    """

    arm: str
    replicates: int
    adopters: float
    losses: tuple[LeaderCredit, ...]
    without: float | None
    shapley: tuple[LeaderCredit, ...]

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        return {
            "arm": self.arm,
            "replicates": self.replicates,
            "adopters": self.adopters,
            "losses": [found.as_json() for found in self.losses],
            "without": self.without,
            "shapley": [found.as_json() for found in self.shapley],
        }


def recruitment(
    arm: str,
    leaders: Sequence[str],
    adopters: Adopters,
    *,
    agents: int,
    counterfactual: bool,
    shapley: bool,
    units: Units = ONE_WORLD,
) -> Recruitment:
    """Return the credit of an arm's leaders.

    Parameters
    ----------
    arm
        The arm.
    leaders
        The ids of its leaders.
    adopters
        The adopters with all leaders and, as far as it is asked for, with
        every part of them, in the same replicates.
    agents
        The number of agents.
    counterfactual, shapley
        What is asked for.
    units
        How runs are laid out in worlds, of which intervals count the means.

    Examples
    --------
    Two leaders, each of whom would have reached the same three others:

    >>> runs = {(): np.zeros(8), (0,): np.full(8, 4.0), (1,): np.full(8, 4.0), (0, 1): np.full(8, 5.0)}
    >>> found = recruitment("pair", ["a", "b"], runs, agents=5, counterfactual=True, shapley=True)
    >>> [loss.mean for loss in found.losses], [value.mean for value in found.shapley]
    ([1.0, 1.0], [2.5, 2.5])
    """
    everybody = tuple(range(len(leaders)))
    whole = adopters[everybody]
    losses = [whole - adopters[_other(everybody, leader)] for leader in everybody] if counterfactual else []
    values = shapley_values(adopters, len(leaders)) if shapley else []
    return Recruitment(
        arm=arm,
        replicates=len(whole),
        adopters=float(whole.mean()),
        losses=_credits(leaders, [units.means(loss) for loss in losses], agents),
        without=float(adopters[()].mean()) if shapley else None,
        shapley=_credits(leaders, [units.means(value) for value in values], agents),
    )


def shapley_values(adopters: Adopters, leaders: int) -> list[FloatArray]:
    """Return each leader's Shapley value in every replicate.

    Parameters
    ----------
    adopters
        The adopters with every part of the leaders.
    leaders
        How many leaders there are.
    """
    everybody = tuple(range(leaders))
    values = [np.zeros_like(adopters[everybody]) for _ in everybody]
    for leader in everybody:
        others = _other(everybody, leader)
        for size in range(leaders):
            share = 1 / (leaders * math.comb(leaders - 1, size))
            for before in itertools.combinations(others, size):
                with_leader = tuple(sorted((*before, leader)))
                values[leader] += share * (adopters[with_leader] - adopters[before])
    return values


def _other(everybody: tuple[int, ...], leader: int) -> tuple[int, ...]:
    return tuple(other for other in everybody if other != leader)


def _credits(leaders: Sequence[str], values: Sequence[FloatArray], agents: int) -> tuple[LeaderCredit, ...]:
    return tuple(_credit(leader, value, agents) for leader, value in zip(leaders, values, strict=False))


def _credit(leader: str, values: FloatArray, agents: int) -> LeaderCredit:
    if all_equal(values):
        return LeaderCredit(leader, float(values[0]), None, None, bound_where_equal(len(values)))
    low, high = mean_interval(values, low=-float(agents), high=float(agents)) or (None, None)
    return LeaderCredit(leader, float(values.mean()), low, high, None)
