"""Regret: what is given up in expectation by choosing an arm instead of the best of those compared.

Within a world, the expected regret of arm a is max_b E[Y_b] - E[Y_a], in the
outcome's own direction; over worlds it is averaged.

The largest of several estimated means is too high on average, so the plain
estimate is too, the more the closer the arms lie. Resampling does not mend
that where arms are equal (Andrews 2000, doi 10.1111/1468-0262.00114). So the
bounds rest on intervals of all paired differences at once: where all of them
cover, max_b E[Y_b] - E[Y_a] lies between the largest lower and the largest
upper end over b (multiple comparisons with the best: Hsu 1984, doi
10.1214/aos/1176346732). They hold for all arms together, so the arm that the
data draw attention to may be picked and quoted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np

from diffusion.analysis.arms import ArmResult, finite, measure
from diffusion.analysis.intervals import all_equal, family_quantile, interval_where_equal, mean_interval
from diffusion.analysis.outcomes import FloatArray, Outcome, RegionFacts, find_outcome, never_half
from diffusion.analysis.units import Units


@dataclass(frozen=True)
class Regret:
    """Hold the expected regret of choosing an arm.

    Attributes
    ----------
    outcome, arm
        Of which arm, on which outcome.
    regret
        The plain estimate, from means over runs; on average too high.
    low, high
        Its simultaneous 95 % bounds; None with one run.
    worlds, replicates
        How many worlds, and runs in each.
    censored
        Of times: the largest share, over the arms compared, of runs in which it never happened; else None.
    """

    outcome: Outcome
    arm: str
    regret: float
    low: float | None
    high: float | None
    worlds: int
    replicates: int
    censored: float | None = None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        told = asdict(self) | {"outcome": self.outcome.name}
        return told | finite({name: value for name, value in told.items() if isinstance(value, float)})


def regret_of_means(means: FloatArray, sign: int) -> FloatArray:
    """Return each arm's regret from the means of worlds, averaged over the worlds; shape (arms,).

    Parameters
    ----------
    means
        An arm's expected outcome in a world; shape (worlds, arms).
    sign
        1 where higher is better, -1 where lower is.

    Examples
    --------
    >>> regret_of_means(np.array([[3.0, 1.0], [0.0, 4.0]]), 1).tolist()
    [2.0, 1.0]
    """
    scores = sign * means
    return np.asarray((scores.max(axis=1, keepdims=True) - scores).mean(axis=0), dtype=np.float64)


def arm_regrets(arms: Sequence[ArmResult], facts: RegionFacts, outcome: str, seed_text: str) -> tuple[Regret, ...]:
    """Return the expected regret of every arm with leaders, averaged over worlds.

    Parameters
    ----------
    arms
        The arms of one network and cell, with the same replicates.
    facts
        What is to be known of the network and the scenario.
    outcome
        An outcome that arms have by themselves.
    seed_text
        What keys the simulation of the bounds.

    Returns
    -------
    Nothing with fewer than two arms with leaders, or for an outcome that exists in comparisons only.
    """
    found = find_outcome(outcome, facts.role_names)
    measured = [arm for arm in (measure(one, facts, [outcome]) for one in arms) if arm.leads]
    if len(measured) < 2 or found.only_compared or outcome not in measured[0].values:
        return ()
    censored = max(float(never_half(arm.runs).mean()) for arm in measured) if found.unit == "steps" else None
    units = measured[0].units
    split = {arm.name: units.by_world(arm.values[outcome]) for arm in measured}
    worlds = [{name: rows[world] for name, rows in split.items()} for world in range(units.worlds)]
    identities = {arm.name: arm.identity for arm in measured}
    return regrets(
        worlds,
        found,
        identities=identities,
        largest=found.ceiling(facts),
        seed_text=seed_text,
        censored=censored,
        size=units.size,
    )


def regrets(
    worlds: Sequence[Mapping[str, FloatArray]],
    outcome: Outcome,
    *,
    identities: Mapping[str, str],
    largest: float,
    seed_text: str,
    censored: float | None = None,
    size: int = 1,
) -> tuple[Regret, ...]:
    """Return the expected regret of every arm, averaged over worlds.

    Parameters
    ----------
    worlds
        World by world, the runs of each arm: one value a replicate, in the same order for all arms.
    outcome
        The outcome.
    identities
        What arms share that are one; these differ in no history.
    largest
        The largest value that a run can have; the smallest is 0.
    seed_text
        What keys the simulation of the bounds.
    censored
        Of times: the largest share of runs in which it never happened.
    size
        How many worlds make a randomisation; 1 where they are independent.
    """
    names = list(worlds[0])
    means = np.array([[float(world[name].mean()) for name in names] for world in worlds])
    plain = regret_of_means(means, outcome.sign)
    bounds = [_bounds(world, outcome.sign, identities, largest, seed_text) for world in worlds]
    found = []
    for place, name in enumerate(names):
        lows, highs = (None if None in bounds else [one[name][end] for one in bounds if one] for end in (0, 1))
        found.append(
            Regret(
                outcome=outcome,
                arm=name,
                regret=float(plain[place]),
                low=None if lows is None else max(0.0, _over_worlds(np.array(lows), 0, size)),
                high=None if highs is None else min(largest, _over_worlds(np.array(highs), 1, size)),
                worlds=len(worlds),
                replicates=len(worlds[0][name]),
                censored=censored,
            )
        )
    return tuple(found)


def _bounds(
    world: Mapping[str, FloatArray], sign: int, identities: Mapping[str, str], largest: float, seed_text: str
) -> dict[str, tuple[float, float]] | None:
    """Return the bounds of each arm's regret in one world; None with too few runs."""
    one_of = {identities[name]: name for name in sorted(world, reverse=True)}
    distinct = [one_of[identity] for identity in sorted(one_of)]
    pairs = list(combinations(distinct, 2))
    ends: dict[str, tuple[float, float]] = dict.fromkeys(distinct, (0.0, 0.0))
    if pairs:
        differences = np.array([sign * (world[second] - world[first]) for first, second in pairs])
        quantile = family_quantile(differences, seed_text)
        for (first, second), row in zip(pairs, differences, strict=True):
            low, high = _interval(row, quantile, largest) or (None, None)
            if low is None or high is None:
                return None
            ends[first] = max(ends[first][0], low), max(ends[first][1], high)
            ends[second] = max(ends[second][0], -high), max(ends[second][1], -low)
    return {name: ends[one_of[identities[name]]] for name in world}


def _interval(row: FloatArray, quantile: float | None, largest: float) -> tuple[float, float] | None:
    if all_equal(row):
        return interval_where_equal(float(row[0]), len(row), largest)
    return mean_interval(row, quantile, low=-largest, high=largest)


def _over_worlds(ends: FloatArray, upper: int, size: int) -> float:
    """Return the mean over worlds of one end, moved outwards by what so few worlds leave open."""
    interval = mean_interval(Units(len(ends), size).means(ends))
    return float(ends.mean()) if interval is None else interval[upper]
