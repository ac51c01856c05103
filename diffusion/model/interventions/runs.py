"""What an intervention may look at in the runs of a block: the people, who leads, and draws of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, coin_words, numbers
from diffusion.model.lanes import Words
from diffusion.network.network import Network

EVERY_LANE = np.uint64(2**64 - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Hold what an intervention may look at in 64 replicates.

    Attributes
    ----------
    network
        The population: the network's agents, those added, and the network's ties.
    size
        How many of the agents are the network's own.
    keys
        The agents' keys; shape (agents,).
    leads
        One word an agent: the lanes in which it leads.
    steps
        T.
    staged
        Whether there is an awareness stage.
    seed, world, block
        Coordinates of every draw.
    """

    network: Network
    size: int
    keys: Words
    leads: Words
    steps: int
    staged: bool
    seed: int
    world: int
    block: int

    @property
    def first_stage(self) -> str:
        """Return the name of the stage that is entered first."""
        return "awareness" if self.staged else "adoption"

    def lanes(
        self, purpose: Purpose, probability: NDArray[np.float64], step: int = 0, agents: NDArray[np.int64] | None = None
    ) -> Words:
        """Return in which lanes agents' coins fall heads; shape of ``probability``.

        Parameters
        ----------
        purpose
            What is decided.
        probability
            One an agent, in [0, 1].
        step
            The step, 0 for what is drawn once.
        agents
            Whose coins; everybody's by default.
        """
        keys = self.keys if agents is None else self.keys[agents]
        return coin_words(self.seed, self.world, purpose, keys, probability, self.block, step)

    def numbers(self, purpose: Purpose, entities: Words, step: int = 0) -> NDArray[np.uint32]:
        """Return the 32-bit number of each entity in each lane; shape (entities, 64)."""
        return numbers(self.seed, self.world, purpose, entities, self.block, step)
