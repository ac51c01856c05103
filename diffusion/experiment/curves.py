"""Curves: how many have adopted at every step, run by run, and when groups were first reached.

The store keeps how a run ended, not how it went. That is played again by the
compiled engine, from the same draws.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES
from diffusion.experiment.plan import PlannedArm
from diffusion.model.ensemble import BlockTimes, Ensemble

IntArray = NDArray[np.int64]


def ensemble_of(arm: PlannedArm, *, seed: int) -> Ensemble:
    """Return what plays an arm's replicates again, 64 at a time.

    Parameters
    ----------
    arm
        The arm, planned.
    seed
        The seed of the study's draws.
    """
    words = partial(arm.leader_words, seed=seed)
    return Ensemble(arm.network, arm.setting.parameters, seed=seed, world=arm.world, leader_words=words)


def adoption_curves(arm: PlannedArm, *, seed: int, replicates: int) -> NDArray[np.int32]:
    """Return how many agents are in stage adopted at t = 0 … T; shape (replicates, T + 1).

    Parameters
    ----------
    arm
        The arm, planned.
    seed
        The seed of the study's draws.
    replicates
        How many runs: replicates 0, 1, … in order.
    """
    ensemble, steps = ensemble_of(arm, seed=seed), arm.setting.parameters.steps
    counts = [adopters_of(ensemble.block(block), steps) for block in range(-(-replicates // LANES))]
    return np.concatenate(counts)[:replicates]


def adopters_of(times: BlockTimes, steps: int) -> NDArray[np.int32]:
    """Return how many are in stage adopted in each replicate of a block at each step; shape (64, T + 1)."""
    change = moves_of_rows(times.adopted_at.T, steps) - moves_of_rows(times.abandoned_at.T, steps)
    return np.cumsum(change, axis=1).astype(np.int32)


def moves_of_rows(moved_at: NDArray[np.int16], steps: int) -> IntArray:
    """Return how often each row holds each step, never left out; shape (rows, T + 1).

    Rows are agents or, of the table turned, replicates.

    Examples
    --------
    >>> moves_of_rows(np.array([[0, 2, -1], [2, 2, 1]], dtype=np.int16), 2).tolist()
    [[1, 0, 1], [0, 1, 2]]
    """
    rows = len(moved_at)
    cells = np.arange(rows)[:, np.newaxis] * (steps + 2) + moved_at + 1
    return np.bincount(cells.ravel(), minlength=rows * (steps + 2)).reshape(rows, steps + 2)[:, 1:]
