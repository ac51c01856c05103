"""What does not fit in some world of an arm, found before anything is played.

Numbers that are drawn each within their own bounds may not go together: an
intervention may end before it begins, or take away more ties than there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from diffusion.errors import InputError
from diffusion.experiment.interventions import leaders_taken_out
from diffusion.experiment.study import PlannedArm
from diffusion.model.inputs import ModelInput
from diffusion.model.interventions.agent_alteration import AgentRemoval
from diffusion.scenario import ArmSetting, Scenario
from diffusion.scenario.uncertain_interventions import is_of_interventions
from diffusion.scenario.uncertain_leaders import COUNT
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK

MERGED = f"{UNCERTAIN_NETWORK}.merged_people"
"""The path of the share of people who are taken for others."""


def world_problems(arm: PlannedArm, scenario: Scenario) -> Iterator[str]:
    """Yield a line, beginning with a dotted key, for all that does not fit in the first world that does not fit.

    Looked at are the worlds in which whole numbers of interventions, dates and
    counts, are others than in those before: a number that is not whole fits
    wherever it is drawn.

    Parameters
    ----------
    arm
        The arm.
    scenario
        The scenario, which says how many worlds there are.
    """
    uncertainty = arm.setting.uncertainty
    whole = tuple((path, said) for path, said in uncertainty.numbers if said.is_whole and is_of_interventions(path))
    if not whole:
        return
    wholes = replace(uncertainty, numbers=whole, keys=uncertainty.keys or tuple(dict(uncertainty.numbers)))
    seen: set[tuple[float, ...]] = set()
    for world in range(scenario.worlds):
        drawn = wholes.in_world(scenario.seed, world)
        if (values := tuple(drawn.values())) in seen:
            continue
        seen.add(values)
        if problems := list(_problems(arm, scenario.seed, world)):
            yield from (f"{problem} ({_where(problem, drawn, world)})" for problem in problems)
            return


def count_problems(arm: PlannedArm, scenario: Scenario) -> Iterator[str]:
    """Yield a line, beginning with its dotted key, if more leaders are asked for in some world than are eligible.

    Parameters
    ----------
    arm
        The arm.
    scenario
        The scenario, which says how many worlds there are.
    """
    if COUNT not in dict(arm.setting.uncertainty.numbers):
        return
    counts = [arm.setting.uncertainty.in_world(scenario.seed, world)[COUNT] for world in range(scenario.worlds)]
    most = int(np.argmax(counts))
    try:
        arm.in_world(most, seed=scenario.seed)
    except InputError as error:
        yield from (f"{COUNT}: {problem} ({_where(COUNT, {COUNT: counts[most]}, most)})" for problem in error.problems)


def network_problems(arm: PlannedArm, scenario: Scenario) -> Iterator[str]:
    """Yield a line, beginning with a dotted key, for all that does not fit the network of the first such world.

    Looked at are worlds in which fewer may lead than on the given network, for
    people are dropped or merged, and those in which what is done may find
    other ties than it needs.

    Parameters
    ----------
    arm
        The arm.
    scenario
        The scenario, which says how many worlds there are.
    """
    network = arm.setting.network
    if network is None:
        return
    is_merged = network.error.merged_people > 0 or MERGED in dict(arm.setting.uncertainty.numbers)
    is_smaller = is_merged or network.error.nonrespondents == "dropped"
    if not is_smaller and (network.mode == "robustness" or not arm.setting.parameters.interventions):
        return
    for world in range(scenario.worlds):
        try:
            problems = list(_problems(arm, scenario.seed, world))
        except InputError as error:
            problems = [f"{COUNT}: {problem}" for problem in error.problems]
        if problems:
            yield from (f"{problem} (in world {world}, as [{UNCERTAIN_NETWORK}] draws it)" for problem in problems)
            return


def _where(problem: str, drawn: Mapping[str, float], world: int) -> str:
    """Return in which world something does not fit, and what is drawn there of the same intervention."""
    named = problem.partition(":")[0].rpartition(".")[0] + "."
    told = ", ".join(f"{path} = {value}" for path, value in drawn.items() if path.startswith(named))
    return f"in world {world}{f', where {told}' if told else ''}; narrow what is uncertain"


def takes_out_agents(setting: ArmSetting) -> bool:
    """Return whether an arm takes agents out, so that it matters who leads when they go.

    Parameters
    ----------
    setting
        The arm.
    """
    return any(isinstance(said, AgentRemoval) for said in setting.parameters.interventions)


def _problems(arm: PlannedArm, seed: int, world: int) -> Iterator[str]:
    there = arm.in_world(world, seed=seed)
    try:
        fitted = ModelInput.of(there.network, there.setting.parameters, seed=seed, world=world)
    except InputError as error:
        yield from error.problems
    else:
        yield from leaders_taken_out(fitted, there.choice)
