"""What every agent reaches alone, of which what a set reaches follows.

Under ``cascade`` and ``contagion`` a tie's coins do not depend on who leads, so
in a replicate every agent is reached as soon as the nearest leader reaches it:
the steps at which a set reaches everybody are, agent by agent, the least of
those of its members. (A coin that succeeds lets knowledge pass at the first
try or, under ``contagion``, at the first step that it succeeds after its source
adopted: whoever adopts earlier never hands on later. Adoption by ``external``
belongs to every set alike.) So one replay an agent is enough to know all sets
exactly, run by run, and the number of units reached is monotone and submodular
in every replicate. Leaders may be more influential than others, because a
leader whom another leader's knowledge reaches is no better off for that; not
less, because then it would be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, cached, compiled
from diffusion.draws import LANES
from diffusion.positions.found import Goal
from diffusion.positions.player import Player, Players, blocks_of

LARGEST_TABLE_BYTES = 2**29
"""How large a table may be at most."""


def table_bytes(size: int, goal: Goal, replicates: int) -> int:
    """Return how large a table would be: one bit an agent, unit and replicate, or 16 where times count."""
    return size * goal.unit_count * blocks_of(replicates) * (2 * LANES if goal.by_time else 8)


class ReachTable:
    """Hold which units every agent reaches alone, in every replicate.

    Parameters
    ----------
    players
        What plays the replicates.
    size, steps
        The number of agents, and of steps.
    goal
        Which units count; it must count some.
    replicates
        How many replicates.
    report
        Called with how many agents have been played, and how many there are.
    """

    def __init__(
        self, players: Players, size: int, steps: int, goal: Goal, replicates: int, *,
        report: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> None:  # fmt: skip
        if goal.units is None:
            raise ValueError(f"{goal.outcome} does not count units")
        self.units, self.steps, self.by_time, self.replicates = goal.units, steps, goal.by_time, replicates
        shape = (size + 1, goal.unit_count, blocks_of(replicates))
        self.table: NDArray[Any] = (
            np.zeros((*shape, LANES), dtype=np.uint16) if goal.by_time else np.zeros(shape, dtype=np.uint64)
        )
        # The last row is what is reached with no leader at all.
        rows = range(size + 1)
        for begin in range(0, size + 1, 16):
            report(begin, size)
            players.each(self._play, rows[begin : begin + 16])
        self._mask_surplus()

    def gains(self, members: Sequence[int]) -> NDArray[np.float64]:
        """Return how many units a set reaches with each agent added, on average over replicates (and steps)."""
        rows = self.table[[*members, -1]]
        reached = rows.max(axis=0) if self.by_time else np.bitwise_or.reduce(rows, axis=0)
        count = _later if self.by_time else _more
        counts: NDArray[np.int64] = count(self.table, np.ascontiguousarray(reached))[:-1]
        return counts / float(self.replicates * (self.steps if self.by_time else 1))

    def _play(self, player: Player, row: int) -> None:
        player.lead([] if row == len(self.table) - 1 else [row])
        for block in range(self.table.shape[2]):
            times = player.block(block)
            if self.by_time:
                _note_spans(times.adopted_at, self.units, self.steps, self.table[row, :, block])
            else:
                _note_reached(times.adopted_at, self.units, self.table[row, :, block])

    def _mask_surplus(self) -> None:
        """Forget the lanes of the last block that no replicate has."""
        surplus = self.replicates % LANES
        if surplus and self.by_time:
            self.table[:, :, -1, surplus:] = 0
        elif surplus:
            self.table[:, :, -1] &= np.uint64(2**surplus - 1)


def _make_note_reached(digest: str) -> Callable[..., Any]:
    @cached
    def note_reached(adopted_at, units, words):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        for agent in range(len(units)):
            if units[agent] >= 0:
                word = np.uint64(0)
                for lane in range(LANES):
                    word |= np.uint64(adopted_at[agent, lane] >= 0) << np.uint64(lane)
                words[units[agent]] |= word

    return note_reached


def _make_note_spans(digest: str) -> Callable[..., Any]:
    @cached
    def note_spans(adopted_at, units, steps, spans):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        for agent in range(len(units)):
            if units[agent] >= 0:
                for lane in range(LANES):
                    start = adopted_at[agent, lane]
                    if start >= 0:
                        span = np.uint16(steps - max(start, 1) + 1)
                        spans[units[agent], lane] = max(span, spans[units[agent], lane])

    return note_spans


@compiled
def _set_bits(word: np.uint64) -> np.uint64:
    """Count the bits of a word that are set, in parallel by twos, fours and eights."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)


def _make_more(digest: str) -> Callable[..., Any]:
    @cached
    def more(table, reached):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        counts = np.zeros(len(table), dtype=np.int64)
        for row in range(len(table)):
            count = np.uint64(0)
            for unit in range(table.shape[1]):
                for block in range(table.shape[2]):
                    count += _set_bits(table[row, unit, block] | reached[unit, block])
            counts[row] = count
        return counts

    return more


def _make_later(digest: str) -> Callable[..., Any]:
    @cached
    def later(table, reached):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        counts = np.zeros(len(table), dtype=np.int64)
        for row in range(len(table)):
            for unit in range(table.shape[1]):
                for block in range(table.shape[2]):
                    span = np.int64(0)
                    for lane in range(LANES):
                        span += max(table[row, unit, block, lane], reached[unit, block, lane])
                    counts[row] += span
        return counts

    return later


_note_reached = _make_note_reached(SOURCE_DIGEST)
_note_spans = _make_note_spans(SOURCE_DIGEST)
_more = _make_more(SOURCE_DIGEST)
_later = _make_later(SOURCE_DIGEST)
