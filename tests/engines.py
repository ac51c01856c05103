"""Play a case in either engine, and put what comes out in one form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from naive_model import NaiveModel
from numpy.typing import NDArray

from diffusion.draws import LANES
from diffusion.model.abm import DiffusionModel
from diffusion.model.ensemble import BlockTimes, Ensemble
from diffusion.model.parameters import Parameters
from diffusion.network.network import Network

Words = NDArray[np.uint64]


class Times(NamedTuple):
    """Who moved when in one replicate, and how often a hazard was clipped."""

    aware_at: list[int]
    adopted_at: list[int]
    abandoned_at: list[int]
    clipped_agent_steps: int


def everywhere(network: Network, leaders: Iterable[str]) -> Words:
    """One word an agent: leaders lead in every lane."""
    words = np.zeros(network.size, dtype=np.uint64)
    words[[network.index[leader] for leader in leaders]] = ~np.uint64(0)
    return words


def leaders_in(network: Network, words: Words, lane: int) -> list[str]:
    return [network.ids[agent] for agent in np.flatnonzero(words >> np.uint64(lane) & np.uint64(1))]


def ensemble_of(network: Network, said: Parameters, words: Words, *, seed: int = 0, world: int = 0) -> Ensemble:
    """The ensemble in which the same agents lead in every block."""
    return Ensemble(network, said, seed=seed, world=world, leader_words=lambda _: words)


def block_of(
    network: Network, said: Parameters, words: Words, *, seed: int = 0, world: int = 0, block: int = 0
) -> BlockTimes:
    return ensemble_of(network, said, words, seed=seed, world=world).block(block)


def lane_of(times: BlockTimes, lane: int) -> Times:
    return Times(
        times.aware_at[:, lane].tolist(),
        times.adopted_at[:, lane].tolist(),
        times.abandoned_at[:, lane].tolist(),
        int(times.clipped_agent_steps[lane]),
    )


def by_ensemble(
    network: Network,
    said: Parameters,
    leaders: Sequence[str] = (),
    *,
    seed: int = 0,
    world: int = 0,
    replicate: int = 0,
) -> Times:
    block, lane = divmod(replicate, LANES)
    return lane_of(block_of(network, said, everywhere(network, leaders), seed=seed, world=world, block=block), lane)


def by_mesa(
    network: Network,
    said: Parameters,
    leaders: Sequence[str] = (),
    *,
    seed: int = 0,
    world: int = 0,
    replicate: int = 0,
) -> Times:
    model = DiffusionModel(network, said, leaders, seed=seed, world=world, replicate=replicate)
    model.run()
    return Times(
        model.aware_at.tolist(), model.adopted_at.tolist(), model.abandoned_at.tolist(), model.clipped_agent_steps
    )


def by_hand(
    network: Network,
    said: Parameters,
    leaders: Sequence[str] = (),
    *,
    seed: int = 0,
    world: int = 0,
    replicate: int = 0,
) -> Times:
    """Play the naive model."""
    model = NaiveModel(network, said, leaders, seed=seed, world=world, replicate=replicate)
    return Times(*model.run(), model.clipped_agent_steps)


def ever_adopted(times: Times, steps: int) -> list[int]:
    """E(t) of one replicate, t = 0 … T."""
    adopted_at = np.array(times.adopted_at)
    return [int(((adopted_at >= 0) & (adopted_at <= t)).sum()) for t in range(steps + 1)]


def ever_adopted_by_ensemble(
    network: Network, said: Parameters, leaders: Sequence[str], *, blocks: int, seed: int = 0
) -> NDArray[np.int64]:
    """E(t) of 64 replicates a block; shape (64 blocks, T + 1)."""
    ensemble = ensemble_of(network, said, everywhere(network, leaders), seed=seed)
    curves = np.zeros((blocks, LANES, said.steps + 1), dtype=np.int64)
    for block in range(blocks):
        adopted_at = ensemble.block(block).adopted_at
        for lane in range(LANES):
            adopted = adopted_at[:, lane]
            curves[block, lane] = np.bincount(adopted[adopted >= 0], minlength=said.steps + 1)
    return curves.reshape(-1, said.steps + 1).cumsum(axis=1)
