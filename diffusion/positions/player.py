"""Playing the search's own replicates with any agents as leaders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES, Purpose
from diffusion.model.ensemble import BlockTimes, Ensemble
from diffusion.model.parameters import Parameters
from diffusion.model.values import AgentValues
from diffusion.network.network import Network
from diffusion.positions.found import Valued

Result = TypeVar("Result")

_ALL_LANES = np.uint64(2**64 - 1)


class Player:
    """Play blocks of replicates in which the same agents lead throughout.

    Parameters
    ----------
    network, parameters
        Where, and under which rules.
    seed, world
        Coordinates of every draw: the search's own seed, never the study's.
    """

    def __init__(self, network: Network, parameters: Parameters, *, seed: int, world: int) -> None:
        self._words = np.zeros(network.size, dtype=np.uint64)
        self._ensemble = Ensemble(network, parameters, seed=seed, world=world, leader_words=lambda _: self._words)
        _keep_drawn_values(self._ensemble)

    def lead(self, agents: Sequence[int]) -> None:
        """Let some agents lead from now on, and nobody else."""
        self._words = np.zeros(len(self._words), dtype=np.uint64)
        self._words[list(agents)] = _ALL_LANES

    def block(self, block: int) -> BlockTimes:
        """Return what happens in a block."""
        return self._ensemble.block(block)

    def values(self, agents: Sequence[int], valued: Valued, blocks: range) -> NDArray[np.float64]:
        """Return the outcome that some leaders have in every replicate of some blocks; shape (64 * blocks,).

        Parameters
        ----------
        agents
            Who leads.
        valued
            What gives the outcome.
        blocks
            Which blocks.
        """
        self.lead(agents)
        return np.concatenate([valued(self.block(block)) for block in blocks])


class Players:
    """Hold a player a worker, so that many sets are played side by side.

    Parameters
    ----------
    make
        What makes a player.
    workers
        How many there are; no result depends on it.
    """

    def __init__(self, make: Callable[[], Player], workers: int) -> None:
        self.workers = max(1, workers)
        self._idle: SimpleQueue[Player] = SimpleQueue()
        for _ in range(self.workers):
            self._idle.put(make())

    def each(self, play: Callable[[Player, Any], Result], tasks: Sequence[Any]) -> list[Result]:
        """Return what playing every task gives, in the order of the tasks."""
        with ThreadPoolExecutor(self.workers) as pool:
            return list(pool.map(partial(self._with_player, play), tasks))

    def _with_player(self, play: Callable[[Player, Any], Result], task: Any) -> Result:
        with self._borrowed() as player:
            return play(player, task)

    @contextmanager
    def _borrowed(self) -> Iterator[Player]:
        player = self._idle.get()
        try:
            yield player
        finally:
            self._idle.put(player)


def blocks_of(replicates: int) -> int:
    """Return in how many blocks so many replicates are."""
    return -(-replicates // LANES)


@dataclass(frozen=True, slots=True, eq=False)
class _KeptValues(AgentValues):
    """Hold an agent value whose draws are kept: a search plays the same replicates again and again."""

    kept: dict[tuple[Purpose, int], NDArray[np.float64]] = field(default_factory=dict)

    def in_block(
        self, keys: NDArray[np.uint64], *, seed: int, world: int, purpose: Purpose, block: int
    ) -> NDArray[np.float64]:
        place = (purpose, block)
        if place not in self.kept:
            self.kept[place] = AgentValues.in_block(self, keys, seed=seed, world=world, purpose=purpose, block=block)
        return self.kept[place]


def _keep_drawn_values(ensemble: Ensemble) -> None:
    """Let the thresholds of an ensemble be drawn once a block, however many sets are played."""
    resolved = ensemble.model_input
    for name in ("adoption", "awareness"):
        stage = getattr(resolved, name)
        if stage is not None and stage.threshold.varying:
            values = stage.threshold
            kept = _KeptValues(values.fixed, values.varying, values.low, values.high)
            setattr(resolved, name, replace(stage, threshold=kept))
