"""What a report says of the best arm, of sizes and of cut distributions, worked out again from store and scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from paths_in_json import at

from diffusion.analysis.outcomes import RegionFacts
from diffusion.experiment.best_arm import named_in, unit_values
from diffusion.experiment.sizes import own_scenario, size_of
from diffusion.experiment.store import Store
from diffusion.experiment.study import Study
from diffusion.experiment.worlds import arm_result
from diffusion.report.chapter import Chapter
from diffusion.scenario import Scenario


def named_again(chapter: Chapter, place: int, path: Sequence[str]) -> float:
    """Return a number of those that are told of one network and cell."""
    scenario, group = chapter.study.scenario, chapter.study.groups[place]
    asked: Any = scenario.precision
    facts = RegionFacts.of(group.network, scenario.steps)
    values = {arm.name: unit_values(arm_result(chapter.store, arm, scenario), asked, facts) for arm in group.arms}
    told: Any = named_in(scenario, group, values).as_json()
    told["sizes"] = {arm.name: size_of(own_scenario(scenario, arm)) for arm in group.arms}
    return float(at(told, path))


def size_key(scenario: Scenario, source: Mapping[str, Any]) -> float:
    """Return a number of the design or the precision that a scenario asks for."""
    section, _, name = source["key"].partition(".")
    if section == "design":
        return float({scenario.design.kind: scenario.design.size}[source["entry"][0]])
    return float(getattr(scenario.precision, name))


def runs_of(chapter: Chapter, arm: Any) -> int:
    """Return how many replicates of an arm there are."""
    return own_scenario(chapter.study.scenario, arm).replicates


def cut_number(chapter: Chapter, source: Mapping[str, Any]) -> float:
    """Return a number of a distribution that is cut."""
    return float(at(chapter.result.cut_distributions()[source["place"]].as_json(), source["path"]))


def extra_runs(store: Store, study: Study) -> int:
    """Return how many runs are stored of a study beside those of its arms."""
    own = {(arm.setting_digest, arm.arm_digest): own_scenario(study.scenario, arm) for arm in study.arms}
    return store.find(study.name).runs - sum(said.replicates * said.worlds for said in own.values())


def paired(arm: dict[str, Any], baseline: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the rows of two arms over the replicates that both have."""
    both = min(len(arm["adopters"]), len(baseline["adopters"]))
    first, second = ({name: rows[:both] for name, rows in one.items()} for one in (arm, baseline))
    return first, second
