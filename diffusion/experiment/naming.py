"""Naming the best arm of a network and cell, and those that were stopped before because they are clearly worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diffusion.analysis.arms import ArmResult, measure
from diffusion.analysis.outcomes import RegionFacts, find_outcome
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


def named_in(scenario: Scenario, group: Group, arms: Sequence[ArmResult]) -> Named:
    """Return which arm is the best as far as a scenario asks.

    What it says depends on the first runs of the arms alone, whatever more there are.

    Parameters
    ----------
    scenario
        The scenario, with as many replicates or worlds as the group's arms have that went the whole way.
    group
        The network, the cell and their arms.
    arms
        The group's arms with their runs.

    Raises
    ------
    TypeError
        If the scenario does not ask for the best arm.
    """
    asked = scenario.precision
    if not isinstance(asked, BestWithin):
        raise TypeError("the scenario does not ask for the best arm")
    facts = RegionFacts.of(group.network, scenario.steps)
    outcome = find_outcome(asked.outcome, facts.role_names)
    # Arms that are one stand under the first of their names, so the order in the file does not matter.
    distinct: dict[str, list[ArmResult]] = {}
    for arm in sorted(arms, key=lambda arm: arm.name):
        if arm.name != NO_LEADERS:
            distinct.setdefault(arm.identity, []).append(arm)
    longest = [max(alike, key=lambda arm: arm.runs.replicates) for alike in distinct.values()]
    values = [
        outcome.sign * arm.units.means(measure(arm, facts, [asked.outcome]).values[asked.outcome]) for arm in longest
    ]
    unit = scenario.design.size if scenario.worlds > 1 else 1
    first = first_worlds(scenario.design, FIRST_WORLDS) // unit if scenario.worlds > 1 else FIRST_REPLICATES
    step = 1 if scenario.worlds > 1 else LANES
    found = select(values, asked, first=first, step=step, largest=outcome.ceiling(facts))
    names = [[arm.name for arm in alike] for alike in distinct.values()]
    return Named(
        asked=asked,
        best=None if found.named is None else names[found.named][0],
        size=found.units * unit,
        wanted=found.wanted * unit,
        within=found.within,
        stopped={
            name: after * unit
            for alike, after in zip(names, found.stopped, strict=True)
            if after is not None
            for name in alike
        },
    )
