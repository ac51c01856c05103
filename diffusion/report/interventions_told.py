"""What a report says of interventions, from what their kinds say of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose
from diffusion.experiment.interventions import block_runs
from diffusion.experiment.plan import WORLD, PlannedArm
from diffusion.model.inputs import ModelInput
from diffusion.model.interventions.changes import Broadcast
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.runs import Runs
from diffusion.model.lanes import Words
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import code, escaped, joined
from diffusion.report.references import sources_in
from diffusion.scenario.intervention_words import called
from diffusion.scenario.registries import interventions


def is_intervened(chapter: Chapter) -> bool:
    """Return whether anything is done beside leading in any arm."""
    return any(arm.setting.parameters.interventions for arm in chapter.study.arms)


def kinds_used(chapter: Chapter) -> list[type[Intervention]]:
    """Return the kinds of interventions of the study, in the order of the registry."""
    used = {said.kind for arm in chapter.study.arms for said in arm.setting.parameters.interventions}
    return [stated for name, stated in interventions().items() if name in used]


def done_text(arm: PlannedArm) -> str:
    """Return what is done in an arm beside leading, by kind and name; the table of parameters has the values."""
    said = arm.setting.parameters
    told = [escaped(called(one)) for one in sorted(said.interventions, key=lambda one: one.name)]
    if said.leader_recruitment < 1:
        told.append("some who are asked to lead decline")
    if said.leader_leaving:
        told.append("leaders leave")
    return joined(told) or "nothing"


def submodels(chapter: Chapter) -> Iterator[str]:
    """Yield what the kinds of interventions of the study do, a paragraph each."""
    for stated in kinds_used(chapter):
        sources = sources_in(stated.source)
        cited = f" {chapter.cite(*sources)}" if sources else ""
        strategy = f"of the strategy {escaped(stated.strategy)}"
        yield f"*Intervention* {code(stated.kind)}{cited}, {strategy}. {escaped(stated.says)}"
    parameters = [arm.setting.parameters for arm in chapter.study.arms]
    if any(said.leader_recruitment < 1 for said in parameters):
        yield (
            "*Recruitment.* Whoever is asked to lead agrees with probability `leaders.recruitment`; who declines is "
            "not replaced, and arms are compared as leaders were assigned."
        )
    if any(said.leader_leaving for said in parameters):
        yield "*Leaving.* A leader leaves at each step with probability `leaders.leaving`; nobody takes the place."
    if is_intervened(chapter):
        yield (
            "*Interventions and outcomes.* What is dated to a step takes effect before anybody moves at it. Outcomes "
            "count the agents of the unaltered network: whoever is added is left out, and whoever is taken out stays "
            "in the denominator as a non-adopter."
        )


def intervention_draws(chapter: Chapter) -> list[str]:
    """Return for what interventions of the study draw random numbers, by the names of the draws."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    for arm in chapter.study.arms:
        said = arm.setting.parameters
        found |= {"RECRUITMENT": None} if said.leader_recruitment < 1 else {}
        found |= {"LEAVING": None} if said.leader_leaving else {}
        if said.interventions and arm.parameters_digest not in seen:
            seen.add(arm.parameters_digest)
            found |= dict.fromkeys(purpose.name for purpose in _purposes(arm, chapter.study.scenario.seed))
    return list(found)


def _purposes(arm: PlannedArm, seed: int) -> list[Purpose]:
    """Return for what an arm's interventions draw, found by watching them in the first block."""
    fitted = ModelInput.of(arm.network, arm.setting.parameters, seed=seed, world=WORLD)
    runs = block_runs(fitted, 0, fitted.leading(0, arm.leader_words(0, seed=seed)))
    watched = _Watched(**{name: getattr(runs, name) for name in Runs.__dataclass_fields__})
    for said in arm.setting.parameters.interventions:
        for change in said.changes(watched):
            if isinstance(change, Broadcast):
                watched.purposes[Purpose[f"{change.stage.upper()}_EXTERNAL"]] = None
    return list(watched.purposes)


@dataclass(frozen=True, eq=False)
class _Watched(Runs):
    """Take note of what is drawn."""

    purposes: dict[Purpose, None] = field(default_factory=dict)

    def lanes(
        self, purpose: Purpose, probability: NDArray[np.float64], step: int = 0, agents: NDArray[np.int64] | None = None
    ) -> Words:
        """Return what is drawn."""
        self.purposes[purpose] = None
        return Runs.lanes(self, purpose, probability, step, agents)

    def numbers(self, purpose: Purpose, entities: Words, step: int = 0) -> NDArray[np.uint32]:
        """Return what is drawn."""
        self.purposes[purpose] = None
        return Runs.numbers(self, purpose, entities, step)


def kind_of(path: str, sections: Mapping[str, Mapping[str, Any]]) -> str:
    """Return of what kind the intervention is whose key a path names; an empty text for other paths.

    Parameters
    ----------
    path
        As in ``interventions.roadshow.probability``.
    sections
        Where the intervention is stated: the scenario's sections, with the arm's laid over them.
    """
    section, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    table = sections.get(section, {}).get(name) if section == "interventions" else None
    return str(table.get("kind", "")) if isinstance(table, Mapping) else ""
