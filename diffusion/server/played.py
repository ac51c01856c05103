"""One run, played in the readable model as far as anybody has looked, and any step of it seen again."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.credit import Credit, credit_of
from diffusion.experiment.plan import PlannedArm
from diffusion.model.abm import forget
from diffusion.model.inputs import ModelInput
from diffusion.model.replicates import Replicates

UNAWARE, AWARE, ADOPTED, ABANDONED = range(4)
"""The stages, as the places of their counts."""


class PlayedRun:
    """Play one replicate of an arm step by step, and look at any step that was played.

    The run is that of the batch: the same model, the same draws. Nothing is
    played twice; going back reads the times at which agents moved.

    Parameters
    ----------
    arm
        The arm, planned.
    seed
        The seed of the study's draws.
    replicate
        The number of the run, from 0.

    Attributes
    ----------
    model
        The readable model, as far as it was played.
    leaders
        Who leads: indices of agents.
    """

    def __init__(self, arm: PlannedArm, *, seed: int, replicate: int) -> None:
        self.arm = arm
        self.seed = seed
        self.replicate = replicate
        network, parameters = arm.network, arm.setting.parameters
        fitted = ModelInput.of(network, parameters, seed=seed, world=arm.world)
        self.model = Replicates(fitted, partial(arm.leader_words, seed=seed)).model(replicate)
        self.leaders = tuple(index for index, agent in enumerate(self.model.members) if agent.leads)
        self._credit: tuple[int, Credit] | None = None
        self._times: tuple[int, tuple[NDArray[np.int16], ...]] | None = None

    @property
    def steps(self) -> int:
        """Return T, the last step."""
        return self.arm.setting.parameters.steps

    def close(self) -> None:
        """Let go of the model: Mesa would remember its agents as long as the server runs."""
        forget(self.model)

    def play_to(self, tick: int) -> None:
        """Make the updates that are missing up to a step."""
        while self.model.tick < min(tick, self.steps):
            self.model.step()

    def times(self, tick: int) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]:
        """Return when each agent became aware, adopted and abandoned, as known at a step; -1 for not yet.

        Parameters
        ----------
        tick
            The step, 0 … T; what is missing up to it is played.
        """
        self.play_to(tick)
        if self._times is None or self._times[0] != self.model.tick:
            model = self.model
            self._times = model.tick, (model.aware_at, model.adopted_at, model.abandoned_at)
        aware, adopted, abandoned = (np.where(times > tick, -1, times).astype(np.int16) for times in self._times[1])
        return aware, adopted, abandoned

    def stages(self, tick: int) -> NDArray[np.int8]:
        """Return the stage of each agent at a step: 0 unaware, 1 aware, 2 adopted, 3 abandoned; shape (agents,)."""
        aware, adopted, abandoned = (times >= 0 for times in self.times(tick))
        return np.where(abandoned, ABANDONED, np.where(adopted, ADOPTED, np.where(aware, AWARE, UNAWARE))).astype(
            np.int8
        )

    def credit(self, tick: int) -> Credit:
        """Return from whom the moves up to a step may have come.

        Parameters
        ----------
        tick
            The step, 0 … T; what is missing up to it is played.
        """
        self.play_to(tick)
        if self._credit is None or self._credit[0] != self.model.tick:
            model = self.model
            found = credit_of(
                model.input,
                replicate=self.replicate,
                aware_at=model.aware_at,
                adopted_at=model.adopted_at,
                abandoned_at=model.abandoned_at,
            )
            self._credit = model.tick, found
        return self._credit[1].until(tick)

    def curves(self, tick: int, members: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Return how many agents are in each stage at t = 0 … tick; shape (tick + 1, 4).

        Parameters
        ----------
        tick
            The last step to count.
        members
            Which agents to count; all by default.
        """
        chosen = slice(None) if members is None else members
        moved = [_cumulated(times[chosen], tick) for times in self.times(tick)]
        size = self.arm.network.size if members is None else int(members.sum())
        aware, adopted, abandoned = moved
        return np.column_stack([size - aware, aware - adopted, adopted - abandoned, abandoned])


def _cumulated(times: NDArray[np.int16], tick: int) -> NDArray[np.int64]:
    """Return how many moves were made by each step, 0 … tick."""
    return np.cumsum(np.bincount(times[times >= 0], minlength=tick + 1)[: tick + 1])
