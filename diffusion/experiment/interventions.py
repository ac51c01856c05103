"""What interventions mean for a study's arms: whom they may not take out, and what cannot be told beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from diffusion.analysis.phrases import joined, opened
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.analysis.sentences import Setting
from diffusion.experiment.study import Group, PlannedArm
from diffusion.model.course import runs_of
from diffusion.model.inputs import ModelInput
from diffusion.model.interventions.changes import Presence
from diffusion.model.interventions.runs import EVERY_LANE, Runs
from diffusion.model.lanes import Words
from diffusion.positions import LeaderChoice
from diffusion.scenario.intervention_words import difference_sentence, interventions_as_json


def block_runs(model_input: ModelInput, block: int, leads: Words) -> Runs:
    """Return what interventions may look at in a block of an arm's runs.

    Parameters
    ----------
    model_input
        The arm's parameters on its network.
    block
        Which 64 replicates.
    leads
        One word an agent of the network: the lanes in which it leads.
    """
    added = model_input.population.size - model_input.network.size
    return runs_of(model_input, block, np.concatenate([leads, np.zeros(added, dtype=np.uint64)]))


def leaders_taken_out(model_input: ModelInput, choice: LeaderChoice) -> Iterator[str]:
    """Yield a line for every intervention that takes an agent out before the start who is to lead.

    Parameters
    ----------
    model_input
        An arm's parameters on its network.
    choice
        Who leads in it.
    """
    leads = np.zeros(model_input.network.size, dtype=np.uint64)
    leads[list(choice.fixed)] = EVERY_LANE
    runs = block_runs(model_input, 0, leads)
    for said in model_input.parameters.interventions:
        gone: dict[int, np.uint64] = {}
        for change in said.changes(runs):
            if isinstance(change, Presence) and not change.arrives and change.step <= 1:
                gone |= dict(zip(change.agents.tolist(), change.lanes, strict=True))
        taken = [runs.network.ids[agent] for agent in choice.fixed if gone.get(agent) == EVERY_LANE]
        if taken:
            told = joined([f'"{agent}"' for agent in taken])
            yield (
                f"interventions.{said.name}.agents: takes {told} out before the start, but the arm has "
                f"{'them' if len(taken) > 1 else 'this agent'} as leader{'s' if len(taken) > 1 else ''}; name other "
                "agents, or begin later (from = 2)"
            )


def intervention_sentences(group: Group, setting: Setting, baseline: str) -> tuple[str, ...]:
    """Return in which interventions the arms of a network and cell differ from the baseline, a sentence an arm.

    Parameters
    ----------
    group
        The arms.
    setting
        What they are called.
    baseline
        The arm with which the others are compared.
    """
    named = {arm.name: arm for arm in group.arms}
    against = named[baseline].setting
    told = [
        difference_sentence(
            arm.setting.as_stated,
            against.as_stated,
            (setting.phrase(name), setting.phrase(baseline)),
            "" if arm.setting.leaders == against.leaders else "in who leads",
        )
        for name, arm in named.items()
        if name not in (baseline, NO_LEADERS)
    ]
    return tuple(opened(text) for text in told if text)


def arm_interventions_as_json(arm: PlannedArm) -> dict[str, Any]:
    """Return what is done in an arm beside leading, as ``--json`` prints it; nothing where nothing is.

    Parameters
    ----------
    arm
        The arm.
    """
    said = arm.setting.as_stated
    told: dict[str, Any] = {}
    if said.interventions:
        told["interventions"] = interventions_as_json(said)
    if said.leader_recruitment != 1:
        told["leader_recruitment"] = said.leader_recruitment
    if said.leader_leaving:
        told["leader_leaving"] = said.leader_leaving
    return told
