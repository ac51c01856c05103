"""The worlds of a study: their runs together, and what was drawn in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.outcomes import Runs
from diffusion.analysis.units import Units
from diffusion.experiment.sizes import own_scenario
from diffusion.experiment.study import WORLD, Group, PlannedArm, Study
from diffusion.scenario import Scenario


class WorldRuns(Protocol):
    """Give the runs of arms in their worlds: a store does, or whatever else has them."""

    def runs(self, arm: PlannedArm, *, seed: int, replicates: int, worlds: range | None = None) -> Runs:
        """Return an arm's first replicates in each of some worlds, or in its own, in order, with who leads in each."""

    def clipped(self, arm: PlannedArm, replicates: int, worlds: range | None = None) -> tuple[int, int]:
        """Return how many agent-steps and ties were clipped, over an arm's first replicates in some worlds."""


def units_of(scenario: Scenario) -> Units:
    """Return how the runs of a study's arms are laid out in worlds."""
    return Units() if scenario.worlds == 1 else Units(scenario.worlds, scenario.design.size)


def in_worlds(arm: PlannedArm, scenario: Scenario) -> Iterator[PlannedArm]:
    """Yield an arm as it is played in each of its worlds, in order."""
    for world in range(own_scenario(scenario, arm).worlds):
        yield arm.in_world(world, seed=scenario.seed)


def in_first_world(study: Study) -> Study:
    """Return a study as it is in its first world, for looking at single runs; the same where there is one world.

    Its runs are those that are stored of that world, and it goes by the same digest.
    """
    scenario = study.scenario
    if scenario.worlds == 1:
        return study
    title = f"{scenario.title} (the first of {scenario.worlds:,} worlds)"
    groups = tuple(_in_first_world(group, scenario.seed) for group in study.groups)
    shown = replace(scenario, title=title, worlds=1, stopped=())
    return replace(study, scenario=shown, groups=groups, known_as=study.digest)


def _in_first_world(group: Group, seed: int) -> Group:
    arms = tuple(arm.in_world(WORLD, seed=seed) for arm in group.arms)
    return replace(group, network=arms[0].network, arms=arms, extras=())


def arm_runs(store: WorldRuns, arm: PlannedArm, scenario: Scenario) -> Runs:
    """Return an arm's runs, world after world and in each replicate after replicate.

    Raises
    ------
    StoreError
        If some of them are not stored.
    """
    own = own_scenario(scenario, arm)
    worlds = None if own.worlds == 1 else range(own.worlds)
    return store.runs(arm, seed=own.seed, replicates=own.replicates, worlds=worlds)


def leaders_in_worlds(arm: PlannedArm, worlds: range, *, seed: int, replicates: int) -> NDArray[np.bool_]:
    """Return who leads in the first replicates of some worlds, one after the other; one row where nobody else does.

    Parameters
    ----------
    arm
        The arm.
    worlds
        The worlds.
    seed
        The seed of the study's draws.
    replicates
        How many in each world.

    Returns
    -------
    Shape (worlds * replicates, agents), or (1, agents).
    """
    if arm.leads_alike:
        return arm.leader_table(seed=seed, replicates=replicates)
    # Where the network, the position and the number of leaders are known, only a world's own luck says who leads.
    is_known = arm.setting.network is None and not arm.setting.choice_varies
    there = (replace(arm, world=world) if is_known else arm.in_world(world, seed=seed) for world in worlds)
    tables = [one.leader_table(seed=seed, replicates=replicates) for one in there]
    return np.concatenate([np.broadcast_to(table, (replicates, table.shape[1])) for table in tables])


def joined(parts: Sequence[Runs]) -> Runs:
    """Return runs of several worlds as those of one table, in their order."""
    whole: dict[str, Any] = {
        one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Runs)
    }
    rows = [np.broadcast_to(part.leaders, (part.replicates, part.leaders.shape[1])) for part in parts]
    return Runs(**(whole | {"leaders": np.concatenate(rows)}))


def arm_result(store: WorldRuns, arm: PlannedArm, scenario: Scenario) -> ArmResult:
    """Return an arm with its runs, for comparing.

    Raises
    ------
    StoreError
        If some of them are not stored.
    """
    runs = arm_runs(store, arm, scenario)
    return ArmResult(arm.name, arm.identity, runs, arm.parameters_digest, units_of(own_scenario(scenario, arm)))


def clipped(store: WorldRuns, arm: PlannedArm, scenario: Scenario) -> tuple[int, int]:
    """Return how many agent-steps and ties were clipped, over all runs of an arm."""
    own = own_scenario(scenario, arm)
    return store.clipped(arm, own.replicates, range(own.worlds))
