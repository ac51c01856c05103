"""What a report says of the arm that is named the best, decided again from the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diffusion.analysis.outcomes import RegionFacts
from diffusion.experiment.best_arm import named_in, unit_values
from diffusion.experiment.sizes import own_scenario, size_of
from diffusion.experiment.worlds import arm_result
from diffusion.report.chapter import Chapter


def named_again(chapter: Chapter, place: int, path: Sequence[str]) -> float:
    """Return a number of those that are told of one network and cell."""
    scenario, group = chapter.study.scenario, chapter.study.groups[place]
    asked: Any = scenario.precision
    facts = RegionFacts.of(group.network, scenario.steps)
    values = {arm.name: unit_values(arm_result(chapter.store, arm, scenario), asked, facts) for arm in group.arms}
    told: Any = named_in(scenario, group, values).as_json()
    told["sizes"] = {arm.name: size_of(own_scenario(scenario, arm)) for arm in group.arms}
    for key in path:
        told = told[key]
    return float(told)


def runs_of(chapter: Chapter, arm: Any) -> int:
    """Return how many replicates of an arm there are."""
    return own_scenario(chapter.study.scenario, arm).replicates


def paired(arm: dict[str, Any], baseline: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the rows of two arms over the replicates that both have."""
    both = min(len(arm["adopters"]), len(baseline["adopters"]))
    first, second = ({name: rows[:both] for name, rows in one.items()} for one in (arm, baseline))
    return first, second
