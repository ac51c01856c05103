"""The readable model as an engine: the replicates of a block, one after another.

A hundred times slower than the ensemble and equal to it, bit for bit; for those
who subclass the model, and for checking.
"""

from __future__ import annotations

import numpy as np

from diffusion.draws import LANES
from diffusion.model.abm import DiffusionModel, forget
from diffusion.model.course import course_of
from diffusion.model.ensemble import BlockTimes, LeaderWords
from diffusion.model.inputs import ModelInput


class Replicates:
    """Play the replicates of one arm on one network in the readable model.

    Parameters
    ----------
    model_input
        The parameters, resolved on the network; those of an ensemble serve too.
    leader_words
        Who leads: for a block, one word an agent.
    """

    def __init__(self, model_input: ModelInput, leader_words: LeaderWords) -> None:
        self.model_input = model_input
        self.leader_words = leader_words

    def model(self, replicate: int) -> DiffusionModel:
        """Return the model of one replicate, at t = 0."""
        leads = self.leader_words(replicate // LANES) >> np.uint64(replicate % LANES) & np.uint64(1)
        network = self.model_input.network
        return DiffusionModel(
            network,
            self.model_input.parameters,
            [network.ids[agent] for agent in np.flatnonzero(leads)],
            seed=self.model_input.seed,
            world=self.model_input.world,
            replicate=replicate,
        )

    def block(self, block: int, lanes: int = LANES) -> BlockTimes:
        """Return what happened in the first replicates of a block; in the others, nothing."""
        leads = self.leader_words(block)
        shape = (self.model_input.network.size, LANES)
        course = course_of(self.model_input, block, self.model_input.leading(block, leads))
        clipped = [part.in_block(block).clipped_ties for part in course.parts]
        times = BlockTimes(
            np.full(shape, -1, dtype=np.int16),
            np.full(shape, -1, dtype=np.int16),
            np.full(shape, -1, dtype=np.int16),
            np.zeros(LANES, dtype=np.int64),
            np.max(clipped, axis=0),
            leads,
        )
        for lane in range(lanes):
            model = self.model(block * LANES + lane)
            model.run()
            times.aware_at[:, lane] = model.aware_at
            times.adopted_at[:, lane] = model.adopted_at
            times.abandoned_at[:, lane] = model.abandoned_at
            times.clipped_agent_steps[lane] = model.clipped_agent_steps
            forget(model)
        return times
