"""Naming the best arm of a network and cell, and those that were stopped before because they are clearly worse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diffusion.analysis.arms import ArmResult, measure
from diffusion.analysis.outcomes import FloatArray, RegionFacts, find_outcome
from diffusion.analysis.precision_asked import FIRST_REPLICATES, FIRST_WORLDS, BestWithin
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.analysis.selection import select
from diffusion.draws import LANES
from diffusion.experiment.study import Group
from diffusion.scenario import Scenario
from diffusion.scenario.world_keys import first_worlds


@dataclass(frozen=True, slots=True)
class Named:
    """Tell what is known of the best arm of a network and cell.

    Attributes
    ----------
    asked
        What was asked.
    best
        The arm named, the first by name of those that are one; None while more runs are needed.
    size
        How many replicates, or worlds, decided.
    wanted
        How many of every arm that was not stopped there should be.
    within
        By how much another arm may be better than the leading one; None before the first look.
    stopped
        After how many replicates, or worlds, arms were found to be clearly worse, the baseline among them.
    """

    asked: BestWithin
    best: str | None
    size: int
    wanted: int
    within: float | None
    stopped: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return what was decided as plain values."""
        return {
            "outcome": self.asked.outcome,
            "best": self.best,
            "best_within": self.asked.best_within,
            "confidence": self.asked.confidence,
            "within": self.within,
            "after": self.size,
            "worse_after": dict(self.stopped),
        }


def unit_values(arm: ArmResult, asked: BestWithin, facts: RegionFacts) -> FloatArray:
    """Return what arms are chosen by, one number a unit (a replicate, world or randomisation); higher is better."""
    outcome = find_outcome(asked.outcome, facts.role_names)
    return outcome.sign * arm.units.means(measure(arm, facts, [asked.outcome]).values[asked.outcome])


def named_in(scenario: Scenario, group: Group, values: Mapping[str, FloatArray]) -> Named:
    """Return which arm is the best as far as a scenario asks.

    What it says depends on the first units of the arms alone, whatever more there are.

    Parameters
    ----------
    scenario
        The scenario.
    group
        The network, the cell and their arms.
    values
        What the arms are chosen by: :func:`unit_values` by the name of the arm.

    Raises
    ------
    TypeError
        If the scenario does not ask for the best arm.
    """
    asked = scenario.precision
    if not isinstance(asked, BestWithin):
        raise TypeError("the scenario does not ask for the best arm")
    # Arms that are one stand under the first of their names, so the order in the file does not matter.
    distinct: dict[str, list[str]] = {}
    for arm in sorted(group.arms, key=lambda arm: arm.name):
        if arm.name != NO_LEADERS:
            distinct.setdefault(arm.identity, []).append(arm.name)
    longest = [max((values[name] for name in names), key=len) for names in distinct.values()]
    unit, first, step = 1, FIRST_REPLICATES, LANES
    if scenario.worlds > 1:
        unit = scenario.design.size
        first, step = first_worlds(scenario.design, FIRST_WORLDS) // unit, 1
    largest = find_outcome(asked.outcome, group.network.role_names).ceiling(
        RegionFacts.of(group.network, scenario.steps)
    )
    found = select(longest, asked, first=first, step=step, largest=largest)
    names = list(distinct.values())
    stopped = zip(names, found.stopped, strict=True)
    return Named(
        asked=asked,
        best=None if found.named is None else names[found.named][0],
        size=found.units * unit,
        wanted=found.wanted * unit,
        within=found.within,
        stopped={name: after * unit for alike, after in stopped if after is not None for name in alike},
    )
