"""Attainment: how much of what the best set found reaches an arm reaches.

A ratio of two means over the same replicates. Its interval is that of the mean
of the linearised ratio (delta method): r + (x - r y) / mean(y) has mean r, and
varies as the ratio does, pairing included. In worlds it counts the means of
worlds. An arm may come to more than the set that a search found, for the search
chose by other draws and need not find the best.

Where numbers are uncertain leaders are sought once, under their medians, and
play in all worlds: what a search promises holds under the medians alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from diffusion.analysis.arms import ArmResult, measure
from diffusion.analysis.intervals import mean_interval
from diffusion.analysis.outcomes import FloatArray, RegionFacts, find_outcome
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.analysis.units import ONE_WORLD, Units
from diffusion.positions.found import Search


@dataclass(frozen=True)
class Attained:
    """Hold what share of the mean of the best set found another arm reaches.

    Attributes
    ----------
    arm
        The arm.
    share, low, high
        The ratio of the two means, and its 95 % interval; None where the best set reaches nothing,
        and where all runs say the same.
    """

    arm: str
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Attainment:
    """Hold how near the arms of one network and cell come to a searched one.

    Attributes
    ----------
    best
        The arm whose leaders were sought.
    search
        What the search found, by its own draws.
    leaders
        How many lead.
    mean, low, high
        The outcome of its leaders in the study's own replicates, which had no say in the choice.
    arms
        The other arms with as many leaders.
    has_none
        Whether agents adopt without leaders too, so that every arm's outcome holds some of that.
    replicates
        The number of paired runs, over all worlds.
    under_medians
        Whether they were sought under the medians of what is uncertain between worlds.
    """

    best: str
    search: Search
    leaders: int
    mean: float
    low: float | None
    high: float | None
    arms: tuple[Attained, ...]
    has_none: bool
    replicates: int
    under_medians: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the fields by name."""
        told = {**asdict(self), "outcome": self.search.outcome, "arms": [asdict(found) for found in self.arms]}
        if not self.under_medians:
            del told["under_medians"]
        return told


def attainment(
    best: str,
    search: Search,
    arms: Sequence[ArmResult],
    parameters: Sequence[str],
    facts: RegionFacts,
    *,
    under_medians: bool = False,
) -> Attainment:
    """Return how near arms come to the one whose leaders were sought.

    Only arms with as many leaders, under the same parameters, are compared.

    Parameters
    ----------
    best, search
        The name of the searched arm, and its search.
    arms
        The arms of its network and cell, with the same replicates.
    parameters
        What tells the parameters of each apart, those of leaders included.
    facts
        What is to be known of the network and the scenario.
    under_medians
        Whether they were sought under the medians of what is uncertain between worlds.
    """
    outcome = find_outcome(search.outcome, facts.role_names)
    values = {arm.name: measure(arm, facts, [outcome.name]).values[outcome.name] for arm in arms}
    under = {arm.name: said for arm, said in zip(arms, parameters, strict=True)}
    found = {arm.name: arm for arm in arms}
    others = [
        arm.name
        for arm in arms
        if arm.name not in {best, NO_LEADERS}
        and arm.runs.leader_count == found[best].runs.leader_count
        and under[arm.name] == under[best]
    ]
    is_ratio = outcome.sign > 0
    units = found[best].units
    low, high = mean_interval(units.means(values[best]), low=0.0, high=outcome.ceiling(facts)) or (None, None)
    return Attainment(
        best=best,
        search=search,
        leaders=found[best].runs.leader_count,
        mean=float(values[best].mean()),
        low=low,
        high=high,
        arms=tuple(Attained(name, *ratio_of_means(values[name], values[best], units)) for name in others if is_ratio),
        has_none=NO_LEADERS in found,
        replicates=len(values[best]),
        under_medians=under_medians,
    )


def ratio_of_means(
    values: FloatArray, of: FloatArray, units: Units = ONE_WORLD
) -> tuple[float | None, float | None, float | None]:
    """Return a mean as a share of another over the same replicates, with its 95 % interval.

    Parameters
    ----------
    values, of
        The two sides, paired; shape (runs,).
    units
        How runs are laid out in worlds, of which the interval counts the means.

    Examples
    --------
    >>> import numpy as np
    >>> ratio_of_means(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    (0.5, None, None)
    """
    whole = float(of.mean())
    if whole == 0:
        return None, None, None
    ratio = float(values.mean()) / whole
    low, high = mean_interval(units.means(ratio + (values - ratio * of) / whole), low=0.0) or (None, None)
    return ratio, low, high
