"""Histories: a study's stored runs played again by the compiled ensemble, for what the store does not keep.

The store keeps a run's outcomes. How many had adopted at every step, and when
each agent did, follow from the same draws and are worked out anew, arm by arm,
so that no more than one arm's runs are in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.units import Units
from diffusion.draws import LANES
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.model.ensemble import BlockTimes, Ensemble
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

    def first_step_with(self, share: float) -> NDArray[np.int64]:
        """Return the first step at which a share of the agents is in stage adopted, -1 for never; shape (replicates,).

        Parameters
        ----------
        share
            The share, above 0; counted in whole agents, as ``time_to_half`` is.

        Examples
        --------
        >>> ArmHistory(np.array([[1, 2, 2], [1, 1, 1]]), np.zeros((4, 3))).first_step_with(0.5).tolist()
        [1, -1]
        """
        wanted = np.ceil(share * len(self.adopted_by) - 1e-9)
        reached = self.adopters >= wanted
        return np.where(reached.any(axis=1), reached.argmax(axis=1), -1)

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
    words = partial(arm.leader_words, seed=seed)
    ensemble = Ensemble(arm.network, arm.setting.parameters, seed=seed, world=arm.world, leader_words=words)
    adopters = np.empty((wanted, steps + 1), dtype=np.int32)
    adopted = np.zeros((arm.network.size, steps + 1), dtype=np.int64)
    for start in range(0, wanted, LANES):
        times = ensemble.block(start // LANES)
        lanes = min(LANES, wanted - start)
        adopters[start : start + lanes] = _adopters(times, steps)[:lanes]
        adopted += _moves_of_agents(times.adopted_at[:, :lanes], steps)
    return ArmHistory(adopters, np.cumsum(adopted, axis=1))


def study_histories(study: Study) -> tuple[ArmHistory, ...]:
    """Return every arm's runs, played again, in the order of the study's arms."""
    scenario = study.scenario
    played: dict[tuple[str, str], ArmHistory] = {}
    for arm in study.arms:
        key = (arm.setting_digest, arm.arm_digest)
        if key not in played:
            played[key] = (
                arm_history(arm, seed=scenario.seed, replicates=scenario.replicates)
                if scenario.worlds == 1
                else _of_worlds(arm, scenario)
            )
    return tuple(played[arm.setting_digest, arm.arm_digest] for arm in study.arms)


def _adopters(times: BlockTimes, steps: int) -> NDArray[np.int64]:
    """Return how many are in stage adopted in each replicate of a block at each step; shape (64, T + 1)."""
    return np.cumsum(_moves(times.adopted_at, steps) - _moves(times.abandoned_at, steps), axis=1)


def _moves(moved_at: NDArray[np.int16], steps: int) -> NDArray[np.int64]:
    """Return how many moved in each replicate at each step; shape (64, T + 1)."""
    return _moves_of_agents(moved_at.T, steps)


def _moves_of_agents(moved_at: NDArray[np.int16], steps: int) -> NDArray[np.int64]:
    """Return how often each row holds each step; shape (rows, T + 1)."""
    rows = len(moved_at)
    cells = np.arange(rows)[:, np.newaxis] * (steps + 2) + moved_at + 1
    return np.bincount(cells.ravel(), minlength=rows * (steps + 2)).reshape(rows, steps + 2)[:, 1:]
