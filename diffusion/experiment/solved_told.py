"""What was solved so that leaders at random reach a share, and what the study's own leaders at random then reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diffusion.analysis.arms import ArmSummary
from diffusion.analysis.attainment_told import UNDER_MEDIANS
from diffusion.analysis.phrases import counted, joined
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.experiment.study import Group, PlannedArm
from diffusion.scenario.reach import Solved

REACHED = "ever_adopted_share"
"""The outcome that a reach is: who abandons was reached."""


@dataclass(frozen=True)
class SolvedInGroup:
    """Hold a solved number of one network and cell.

    Attributes
    ----------
    solved
        The number.
    arms
        The arms that it holds for, in order, but for the one that is added; empty for all.
    checked
        The study's own arm of the same leaders at random, and what it shows
        on the study's runs; ``None`` where there is no such arm.
    under_medians
        Whether the number was solved under the medians of what is uncertain between worlds.
    """

    solved: Solved
    arms: tuple[str, ...]
    checked: ArmSummary | None
    under_medians: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the fields for ``--json``."""
        found = None if self.checked is None else self.checked.outcomes.get(REACHED)
        told = self.solved.canonical()
        del told["digest"], told["network"]
        own = {"mean": told.pop("mean"), "low": told.pop("low"), "high": told.pop("high")}
        return {
            "parameter": told.pop("path"),
            "reach": told.pop("share"),
            "value": told.pop("value"),
            "leaders": told.pop("leaders"),
            "arms": list(self.arms) or None,
            "reached": {**own, "replicates": told.pop("replicates")},
            **({"under_medians": True} if self.under_medians else {}),
            "shown": None
            if self.checked is None or found is None
            else {"arm": self.checked.arm, "mean": found.mean, "low": found.low, "high": found.high},
        }

    @property
    def sentence(self) -> str:
        """Return it in plain English."""
        one = self.solved
        whom = f" for {joined([f'“{name}”' for name in self.arms])}" if self.arms else ""
        found = None if self.checked is None else self.checked.outcomes.get(REACHED)
        medians = f" {UNDER_MEDIANS}" if self.under_medians else ""
        told = (
            f"{one.path}{whom} is {value_text(one)}, solved{medians} so that {one.leaders.phrase} reach "
            f"{100 * one.share:.3g} % of the agents: {_interval(one.mean, one.low, one.high)} over "
            f"{counted(one.replicates, 'run')} of its own"
        )
        if self.checked is None or found is None:
            return f"{told}."
        shown = f"{_interval(found.mean, found.low, found.high)} in the arm “{self.checked.arm}”"
        if not self.under_medians:
            return f"{told}, {shown}."
        return (
            f"{told}; over the study's worlds {shown}, which may differ from what was asked, for what happens on "
            "average over worlds is not what happens under the medians."
        )


def solved_in(group: Group, summaries: Sequence[ArmSummary]) -> tuple[SolvedInGroup, ...]:
    """Return the numbers that were solved for one network and cell.

    Parameters
    ----------
    group
        Its arms.
    summaries
        What they show.
    """
    arms = [arm for arm in group.arms if arm.name != NO_LEADERS]
    found: dict[str, list[PlannedArm]] = {}
    for arm in arms:
        if arm.setting.solved is not None:
            found.setdefault(arm.setting.solved.digest, []).append(arm)
    by_name = {summary.arm: summary for summary in summaries}
    told = []
    for held in found.values():
        solved = held[0].setting.solved
        if solved is not None:
            names = () if len(held) == len(arms) else tuple(arm.name for arm in held)
            checked = next((by_name.get(arm.name) for arm in held if _is_reference(arm, solved)), None)
            told.append(SolvedInGroup(solved, names, checked, any(arm.setting.uncertainty.is_there for arm in held)))
    return tuple(told)


def _is_reference(arm: PlannedArm, solved: Solved) -> bool:
    """Return whether an arm has the leaders at random for whom a number was solved."""
    rule, wanted = arm.setting.leaders, solved.leaders
    same = (rule.count, rule.roles, arm.setting.parameters.leader_influence)
    return rule.position == "random" and same == (wanted.count, wanted.roles, wanted.influence)


def value_text(solved: Solved) -> str:
    """Return a solved number, or distribution, as it is read."""
    if isinstance(solved.value, dict):
        [(name, arguments)] = solved.value.items()
        return f"{name}({', '.join(f'{it:g}' for it in arguments)})"
    return f"{solved.value:.4g}"


def _interval(mean: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"{100 * mean:.1f} %"
    return f"{100 * mean:.1f} % (95 % interval {100 * low:.1f} to {100 * high:.1f})"
