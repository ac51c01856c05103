"""Reduction: from who moved when to the integers that a run is stored as.

An ensemble's block holds the times of every agent in 64 replicates. What is
kept of a replicate are eight whole numbers and one bit an agent: whether it is in
stage *adopted* at the end. Everything in ``outcomes.py`` follows from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, cached, compiled
from diffusion.draws import LANES
from diffusion.model.ensemble import BlockTimes


@dataclass(frozen=True, slots=True, eq=False)
class BlockRuns:
    """Hold the stored integers of the 64 replicates of a block.

    Attributes
    ----------
    integers
        One row a replicate, with the columns of :data:`INTEGERS`; shape (64, 8).
    adopted_bits
        Who is in stage *adopted* at the end: agents in the order of their
        ids, eight to a byte, the first in the highest bit; shape (64, bytes).
    """

    integers: NDArray[np.int64]
    adopted_bits: NDArray[np.uint8]


COUNTS = ("adopters", "ever_adopted", "spread", "area_steps", "time_to_half", "organisations_reached")
"""The whole numbers from which outcomes follow, by the names of :class:`~diffusion.analysis.outcomes.Runs`."""

CLIPPED = ("clipped_agent_steps", "clipped_ties")
"""How often a probability was cut to [0, 1]."""

INTEGERS = (*COUNTS, *CLIPPED)
"""The whole numbers kept of a run, in the order in which they are stored."""


@compiled
def _sum_up(change: NDArray[np.int32], size: int, reached: NDArray[np.uint64], integers: NDArray[np.int64]) -> None:
    """Find when half of the agents had adopted, and how many organisations have an adopter.

    ``change`` is by how much the number of adopters grew at each step, by
    lane; ``reached`` holds the lanes in which each organisation has one.
    """
    for lane in range(LANES):
        adopted = 0
        integers[lane, 4] = -1
        for step in range(len(change)):
            adopted += change[step, lane]
            if 2 * adopted >= size:
                integers[lane, 4] = step
                break
        integers[lane, 5] = 0 if len(reached) else -1
        for organisation in range(len(reached)):
            integers[lane, 5] += (reached[organisation] >> np.uint64(lane)) & np.uint64(1)


def _make_reduce_block(digest: str) -> Callable[..., Any]:
    @cached
    def reduce_block(adopted_at, abandoned_at, leads, organisation_index, organisations, steps, integers, bits):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        size = len(leads)
        reached = np.zeros(organisations, dtype=np.uint64)
        last = 0
        for agent in range(size):
            for lane in range(LANES):
                last = max(last, adopted_at[agent, lane], abandoned_at[agent, lane])
        change = np.zeros((last + 2, LANES), dtype=np.int32)
        for agent in range(size):
            final = np.uint64(0)
            for lane in range(LANES):
                start = adopted_at[agent, lane]
                if start < 0:
                    continue
                stop = abandoned_at[agent, lane]
                integers[lane, 1] += 1
                change[start, lane] += 1
                if stop >= 0:
                    change[stop, lane] -= 1
                    integers[lane, 3] += stop - max(start, 1)
                    continue
                integers[lane, 0] += 1
                integers[lane, 3] += steps - max(start, 1) + 1
                final |= np.uint64(1) << np.uint64(lane)
                bits[lane, agent >> 3] |= np.uint8(128 >> (agent & 7))
                if not (leads[agent] >> np.uint64(lane)) & np.uint64(1):
                    integers[lane, 2] += 1
            if organisation_index[agent] >= 0:
                reached[organisation_index[agent]] |= final
        _sum_up(change, size, reached, integers)

    return reduce_block


_reduce_block = _make_reduce_block(SOURCE_DIGEST)


def block_runs(times: BlockTimes, organisation_index: NDArray[np.int32], organisations: int, steps: int) -> BlockRuns:
    """Return the stored integers of a block.

    Parameters
    ----------
    times
        Who moved when in the block's 64 replicates.
    organisation_index
        Each agent's organisation, -1 for none; shape (agents,).
    organisations
        The number of organisations; 0 where none is known.
    steps
        T, the number of updates.
    """
    size = len(times.leads)
    integers = np.zeros((LANES, len(INTEGERS)), dtype=np.int64)
    bits = np.zeros((LANES, -(-size // 8)), dtype=np.uint8)
    _reduce_block(
        times.adopted_at, times.abandoned_at, times.leads, organisation_index, organisations, steps, integers, bits
    )
    integers[:, INTEGERS.index("clipped_agent_steps")] = times.clipped_agent_steps
    integers[:, INTEGERS.index("clipped_ties")] = times.clipped_ties
    return BlockRuns(integers, bits)
