"""The worth of sets that nothing but replaying them tells.

Where what a set reaches does not follow from what its members reach alone
(complex contagion, an awareness stage, abandonment, hazards), a gain may grow
with the set: two neighbours may bring about together what neither does alone.
An old gain then bounds nothing, and CELF's laziness could pass over the best
agent without a sign. So no gain is carried over. At every choice all agents are
replayed in the first replicates, and those who do best there in all of them;
the differences between agents are those within the same histories, so a few
replicates are enough to tell who is worth a closer look, not who is best.

Where nobody alone brings anything about, greedy choice begins blindly. So swaps
begin from the hubs, or from the first hub and those around it, where these are
better than what greedy choice found.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES
from diffusion.positions.found import Goal
from diffusion.positions.player import Player, Players, blocks_of

SCREENING_BLOCKS = 2
"""In how many blocks all agents are replayed: 128 replicates."""

LOOKED_AT_CLOSELY = 16
"""How many agents are replayed in all replicates, and at most as many again that equal the last of them."""

MOST_REPLAYED_AGENTS = 5_000
"""In how large networks sets are replayed at most."""


class Replays:
    """Give the worth of sets by replaying them, higher for better.

    Parameters
    ----------
    players
        What plays the replicates.
    goal
        What counts.
    eligible
        Who may lead: indices of agents, ascending.
    replicates
        How many replicates.
    size
        The number of agents.
    """

    def __init__(
        self, players: Players, goal: Goal, eligible: NDArray[np.int64], replicates: int, size: int
    ) -> None:  # fmt: skip
        self.players, self.goal, self.eligible = players, goal, eligible
        self.replicates, self.size = replicates, size
        self.blocks = blocks_of(replicates)
        self._screened: dict[tuple[int, ...], float] = {}
        self._values: dict[tuple[int, ...], float] = {}

    def gains(self, members: Sequence[int]) -> NDArray[np.float64]:
        """Return the worth of a set with each agent added; -inf for those not looked at closely."""
        others = [agent for agent in self.eligible.tolist() if agent not in set(members)]
        sets = [tuple(sorted([*members, agent])) for agent in others]
        closely = self._promising(sets)
        self._play([sets[place] for place in closely], self._values, self.replicates)
        found = np.full(self.size, -np.inf)
        for place in closely:
            found[others[place]] = self._values[sets[place]]
        return found

    def value(self, agents: Sequence[int]) -> float:
        """Return the worth of a set."""
        key = tuple(sorted(agents))
        self._play([key], self._values, self.replicates)
        return self._values[key]

    def _promising(self, sets: Sequence[tuple[int, ...]]) -> list[int]:
        """Return the places of the sets that are worth a closer look."""
        if self.blocks <= SCREENING_BLOCKS or len(sets) <= LOOKED_AT_CLOSELY:
            return list(range(len(sets)))
        self._play(sets, self._screened, SCREENING_BLOCKS * LANES)
        worth = np.array([self._screened[agents] for agents in sets])
        last = np.sort(worth)[-LOOKED_AT_CLOSELY]
        ahead, level = np.flatnonzero(worth > last), np.flatnonzero(worth == last)
        return [*ahead.tolist(), *level[:LOOKED_AT_CLOSELY].tolist()]

    def _play(self, sets: Sequence[tuple[int, ...]], kept: dict[tuple[int, ...], float], replicates: int) -> None:
        missing = [agents for agents in sets if agents not in kept]

        def mean(player: Player, agents: tuple[int, ...]) -> float:
            values = player.values(agents, self.goal.valued, range(blocks_of(replicates)))[:replicates]
            return self.goal.sign * float(values.mean())

        kept.update(zip(missing, self.players.each(mean, missing), strict=True))
