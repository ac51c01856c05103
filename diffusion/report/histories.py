"""Histories: a study's stored runs played again by the compiled ensemble, for what the store does not keep.

The store keeps a run's outcomes. How many had adopted at every step, and when
each agent did, follow from the same draws and are worked out anew, arm by arm,
so that no more than one arm's runs are in memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.units import Units
from diffusion.draws import LANES
from diffusion.experiment.curves import adopters_of, ensemble_of, moves_of_rows
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.experiment.sizes import own_scenario
from diffusion.scenario import Scenario

MOST_REPLAYED = 10_000
"""How many replicates of an arm are played again at most, the first; curves are then as smooth as print shows."""


@dataclass(frozen=True, eq=False)
class ArmHistory:
    """Hold what an arm's first replicates were at every step.

    Attributes
    ----------
    adopters
        Agents in stage adopted at t = 0 … T; shape (replicates, T + 1).
    adopted_by
        In how many of these runs each agent had ever adopted by t = 0 … T; shape (agents, T + 1).
    """

    adopters: NDArray[np.int32]
    adopted_by: NDArray[np.int64]

    @property
    def replicates(self) -> int:
        """Return the number of runs."""
        return len(self.adopters)

    @property
    def median_time(self) -> NDArray[np.float64]:
        """Return the first step by which each agent had adopted in half of the runs, NaN for never; shape (agents,)."""
        reached = 2 * self.adopted_by >= self.replicates
        return np.where(reached.any(axis=1), reached.argmax(axis=1), np.nan)


def worlds_replayed(scenario: Scenario) -> int:
    """Return in how many worlds runs are played again: whole randomisations, at least two units."""
    size = scenario.design.size
    fitting = MOST_REPLAYED // scenario.replicates // size * size
    return min(scenario.worlds, max(2 * size, fitting))


def units_replayed(scenario: Scenario) -> Units:
    """Return how the runs that are played again are laid out in worlds."""
    return Units() if scenario.worlds == 1 else Units(worlds_replayed(scenario), scenario.design.size)


def _of_worlds(arm: PlannedArm, scenario: Scenario) -> ArmHistory:
    """Return what an arm's runs were at every step, world after world."""
    drawn = (arm.in_world(world, seed=scenario.seed) for world in range(worlds_replayed(scenario)))
    parts = [arm_history(one, seed=scenario.seed, replicates=scenario.replicates) for one in drawn]
    adopted_by = np.sum([part.adopted_by for part in parts], axis=0)
    return ArmHistory(np.concatenate([part.adopters for part in parts]), adopted_by)


def arm_history(arm: PlannedArm, *, seed: int, replicates: int) -> ArmHistory:
    """Return what an arm's first replicates were at every step.

    Parameters
    ----------
    arm
        The arm, planned.
    seed
        The seed of the study's draws.
    replicates
        How many the study has; no more than :data:`MOST_REPLAYED` are played.
    """
    wanted, steps = min(replicates, MOST_REPLAYED), arm.setting.parameters.steps
    ensemble = ensemble_of(arm, seed=seed)
    adopters = np.empty((wanted, steps + 1), dtype=np.int32)
    adopted = np.zeros((arm.network.size, steps + 1), dtype=np.int64)
    for start in range(0, wanted, LANES):
        times = ensemble.block(start // LANES)
        lanes = min(LANES, wanted - start)
        adopters[start : start + lanes] = adopters_of(times, steps)[:lanes]
        adopted += moves_of_rows(times.adopted_at[:, :lanes], steps)
    return ArmHistory(adopters, np.cumsum(adopted, axis=1))


def study_histories(study: Study) -> tuple[ArmHistory, ...]:
    """Return every arm's runs, played again, in the order of the study's arms."""
    played: dict[tuple[str, str], ArmHistory] = {}
    for arm in study.arms:
        scenario, key = own_scenario(study.scenario, arm), (arm.setting_digest, arm.arm_digest)
        if key not in played:
            played[key] = (
                arm_history(arm, seed=scenario.seed, replicates=scenario.replicates)
                if scenario.worlds == 1
                else _of_worlds(arm, scenario)
            )
    return tuple(played[arm.setting_digest, arm.arm_digest] for arm in study.arms)
