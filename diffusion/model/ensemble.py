"""The compiled ensemble: all replicates of an arm, 64 at a time.

It contains storage and order, no behaviour: what an agent does is said in
``rules.py``, and one replicate of the readable model (``abm.py``) equals one
lane of a block, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, cached, compiled, trailing_zeros
from diffusion.draws import LANES
from diffusion.model.inputs import ModelInput
from diffusion.model.lanes import (
    Agents,
    Exposure,
    Pairs,
    Queue,
    Scratch,
    Stage,
    Words,
    enter_by_exposure,
    enter_by_ties,
    start_exposure,
    throw_agent_coins,
    update_exposure,
)
from diffusion.network.network import Network

from diffusion.model.parameters import Parameters  # isort: skip

LeaderWords: TypeAlias = Callable[[int], Words]
"""Block -> one word an agent: the lanes in which it leads."""


@dataclass(frozen=True, slots=True, eq=False)
class BlockTimes:
    """Hold what happened to every agent in the 64 replicates of a block.

    Attributes
    ----------
    aware_at, adopted_at, abandoned_at
        The step of each move, -1 for never; shape (agents, 64).
    clipped_agent_steps
        In how many agent-steps a hazard was clipped to [0, 1]; shape (64,).
    clipped_ties
        How many directed ties had a probability above 1, by layer and stage;
        shape (64,).
    leads
        One word an agent: the lanes in which it leads.
    """

    aware_at: NDArray[np.int16]
    adopted_at: NDArray[np.int16]
    abandoned_at: NDArray[np.int16]
    clipped_agent_steps: NDArray[np.int64]
    clipped_ties: NDArray[np.int64]
    leads: Words


@compiled
def _new_exposure(size: int, stage: Stage) -> Exposure:
    rows = 0 if stage.by_tie else size
    exposure = Exposure(
        np.empty((rows, LANES), dtype=np.int64),
        np.empty((rows, LANES), dtype=np.uint32),
        np.zeros(rows, dtype=np.uint64),
        np.zeros(rows, dtype=np.uint64),
        np.zeros(rows, dtype=np.uint64),
    )
    start_exposure(stage, exposure)
    return exposure


@compiled
def _enter(
    source: Words, fresh: Words, gone: Words, eligible: Words, late: Words, waiting: Words, entered: Words,
    stage: Stage, exposure: Exposure, pairs: Pairs, agents: Agents, block: np.uint64, step: int, scratch: Scratch,
    numbers: Words, clipped: NDArray[np.int64],
) -> bool:  # fmt: skip
    """Find who enters one stage at this step; say whether anybody could have."""
    possible = False
    entered[:] = np.uint64(0)
    if stage.by_tie:
        possible = enter_by_ties(
            source, fresh, eligible, late, entered, stage, pairs, agents, block, step, scratch
        )  # fmt: skip
    else:
        update_exposure(fresh, gone, waiting, stage, agents, exposure)
        enter_by_exposure(eligible, entered, stage, agents, exposure, block, step, clipped, numbers)
        for agent in range(len(eligible)):
            if eligible[agent] & (exposure.always[agent] | exposure.chance[agent] | exposure.clipped[agent]):
                possible = True
    if stage.external > np.uint64(0):
        throw_agent_coins(eligible, entered, stage.external, stage.external_key, agents, block, step, scratch)
        for agent in range(len(eligible)):
            if eligible[agent]:
                possible = True
    return possible


@compiled
def _record(times: NDArray[np.int16], agent: int, lanes: np.uint64, step: int) -> None:
    if lanes == np.uint64(0):
        return
    row = times[agent]
    now = np.int16(step)
    for lane in range(LANES):
        row[lane] = now if (lanes >> np.uint64(lane)) & np.uint64(1) else row[lane]


def _make_play_block(digest: str) -> Callable[..., Any]:
    @cached
    def play_block(
        block, steps, staged, agents, pairs, awareness, adoption, abandonment, abandonment_key, aware_at, adopted_at,
        abandoned_at, clipped,
    ):  # type: ignore[no-untyped-def]  # fmt: skip
        digest  # noqa: B018 - the cache key
        none = np.uint64(0)
        size = len(agents.key)
        adopted = agents.leads.copy()
        aware = np.zeros(size, dtype=np.uint64) if staged else ~adopted
        unaware = ~adopted if staged else np.zeros(size, dtype=np.uint64)
        fresh_aware = adopted.copy()
        fresh_adopted = adopted.copy()
        late = np.zeros(size, dtype=np.uint64)
        gone = np.zeros(size, dtype=np.uint64)
        knowing = adopted.copy()
        waiting = unaware | aware
        to_aware = np.zeros(size, dtype=np.uint64)
        to_adopted = np.zeros(size, dtype=np.uint64)
        nobody_late = np.zeros(size, dtype=np.uint64)
        numbers = np.empty(LANES // 2, dtype=np.uint64)
        pair_count = len(pairs.first)
        queue = Queue(
            np.empty(4 * pair_count, dtype=np.int32),
            np.empty(4 * pair_count, dtype=np.uint64),
            np.empty(4 * pair_count, dtype=np.uint64),
            np.empty(4 * pair_count, dtype=np.uint64),
            np.empty(4 * pair_count, dtype=np.uint64),
            np.empty(4 * pair_count, dtype=np.uint64),
            np.empty(4 * pair_count, dtype=np.uint64),
        )
        scratch = Scratch(
            queue,
            np.empty(16, dtype=np.uint64),
            np.empty(size, dtype=np.int32),
            np.zeros(pair_count, dtype=np.int32),
        )
        other_scratch = Scratch(queue, scratch.words, scratch.hot, np.zeros(pair_count, dtype=np.int32))
        awareness_exposure = _new_exposure(size if staged else 0, awareness)
        adoption_exposure = _new_exposure(size, adoption)
        for agent in range(size):
            if staged:
                _record(aware_at, agent, agents.leads[agent], 0)
            _record(adopted_at, agent, agents.leads[agent], 0)
        for step in range(1, steps + 1):
            possible = False
            if staged:
                possible |= _enter(
                    knowing, fresh_aware, gone, unaware, nobody_late, unaware, to_aware, awareness,
                    awareness_exposure, pairs, agents, block, step, scratch, numbers, clipped,
                )  # fmt: skip
            possible |= _enter(
                adopted, fresh_adopted, gone, aware, late, waiting, to_adopted, adoption, adoption_exposure, pairs,
                agents, block, step, other_scratch, numbers, clipped,
            )  # fmt: skip
            gone[:] = none
            if abandonment > none:
                throw_agent_coins(adopted, gone, abandonment, abandonment_key, agents, block, step, scratch)
                for agent in range(size):
                    if adopted[agent]:
                        possible = True
            if not possible:
                break
            for agent in range(size):
                fresh_aware[agent] = to_aware[agent]
                fresh_adopted[agent] = to_adopted[agent]
                late[agent] = to_aware[agent]
                if to_aware[agent] | to_adopted[agent] | gone[agent]:
                    if staged:
                        _record(aware_at, agent, to_aware[agent], step)
                    _record(adopted_at, agent, to_adopted[agent], step)
                    if abandonment > none:
                        _record(abandoned_at, agent, gone[agent], step)
                    unaware[agent] ^= to_aware[agent]
                    aware[agent] = (aware[agent] | to_aware[agent]) & ~to_adopted[agent]
                    adopted[agent] = (adopted[agent] | to_adopted[agent]) & ~gone[agent]
                    knowing[agent] = aware[agent] | adopted[agent]
                    waiting[agent] = unaware[agent] | aware[agent]

    return play_block


_play_block = _make_play_block(SOURCE_DIGEST)


class Ensemble:
    """Play every replicate of one arm on one network, 64 at a time.

    Parameters
    ----------
    network
        Who knows whom.
    parameters
        What the scenario says about agents, ties and stages.
    seed, world
        Coordinates of every draw.
    leader_words
        Who leads: for a block, one word an agent.

    Raises
    ------
    InputError
        If the parameters do not fit the network.
    """

    def __init__(
        self, network: Network, parameters: Parameters, *, seed: int, leader_words: LeaderWords, world: int = 0
    ) -> None:
        self.model_input = ModelInput.of(network, parameters, seed=seed, world=world)
        self.leader_words = leader_words

    def block(self, block: int) -> BlockTimes:
        """Return what happened in replicates 64 * block … 64 * block + 63."""
        leads = np.ascontiguousarray(self.leader_words(block), dtype=np.uint64)
        inputs = self.model_input.in_block(block, leads)
        shape = (self.model_input.network.size, LANES)
        staged = self.model_input.parameters.awareness is not None
        never = np.int16(-1)
        times = BlockTimes(
            np.full(shape, never) if staged else np.zeros(shape, dtype=np.int16),
            np.full(shape, never),
            np.full(shape, never),
            np.zeros(LANES, dtype=np.int64),
            inputs.clipped_ties,
            leads,
        )
        _play_block(
            np.uint64(block),
            self.model_input.parameters.steps,
            staged,
            inputs.agents,
            self.model_input.pairs,
            inputs.awareness,
            inputs.adoption,
            inputs.abandonment,
            inputs.abandonment_key,
            times.aware_at,
            times.adopted_at,
            times.abandoned_at,
            times.clipped_agent_steps,
        )
        return times
