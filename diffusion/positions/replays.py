"""The worth of sets that nothing but replaying them tells.

Where what a set reaches does not follow from what its members reach alone
(complex contagion, an awareness stage, abandonment, hazards), a gain may grow
with the set: two neighbours may bring about together what neither does alone.
An old gain then bounds nothing, and CELF's laziness could pass over the best
agent without a sign. So no gain is carried over. At every choice all agents are
replayed in a few replicates, those who do best there in more, and the best of
these in all (sequential halving: Karnin, Koren & Somekh 2013, Proc ICML
28(3):1238-1246). The differences between agents are those within the same
histories, so few replicates tell who is worth a closer look; who is best, only
all of them.

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

LOOKS = ((1, 48), (2, 16), (6, 8))
"""In how many blocks sets are replayed, one look after another, and how many then go on; the last in all blocks."""

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
        self._sums: dict[tuple[int, ...], list[float]] = {}

    def gains(self, members: Sequence[int]) -> NDArray[np.float64]:
        """Return the worth of a set with each agent added; -inf for those not looked at closely."""
        others = [agent for agent in self.eligible.tolist() if agent not in set(members)]
        sets = {tuple(sorted([*members, agent])): agent for agent in others}
        found = np.full(self.size, -np.inf)
        for agents in self._promising(list(sets)):
            found[sets[agents]] = self._mean(agents, self.blocks)
        return found

    def value(self, agents: Sequence[int]) -> float:
        """Return the worth of a set."""
        key = tuple(sorted(agents))
        self._play([key], self.blocks)
        return self._mean(key, self.blocks)

    def _promising(self, sets: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Return the sets that do best on every look, replayed in all blocks; of equal ones the first."""
        for blocks, most in LOOKS:
            if blocks >= self.blocks or len(sets) <= most:
                continue
            self._play(sets, blocks)
            sets = sorted(sets, key=lambda agents: -self._mean(agents, blocks))[:most]
        self._play(sets, self.blocks)
        return sets

    def _mean(self, agents: tuple[int, ...], blocks: int) -> float:
        return sum(self._sums[agents][:blocks]) / min(blocks * LANES, self.replicates)

    def _play(self, sets: Sequence[tuple[int, ...]], blocks: int) -> None:
        """Replay sets in the first blocks, as far as they were not before."""
        missing = [agents for agents in sets if len(self._sums.get(agents, ())) < blocks]

        def sums(player: Player, agents: tuple[int, ...]) -> list[float]:
            first = len(self._sums.get(agents, ()))
            values = player.values(agents, self.goal.valued, range(first, blocks))
            values = values[: max(0, self.replicates - first * LANES)]
            return [self.goal.sign * float(part.sum()) for part in np.split(values, range(LANES, len(values), LANES))]

        for agents, found in zip(missing, self.players.each(sums, missing), strict=True):
            self._sums.setdefault(agents, []).extend(found)
