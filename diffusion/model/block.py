"""The compiled loop: a block of 64 replicates, step by step.

It contains storage and order, no behaviour, and makes no arrays: they are made
once and serve block after block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, inlined, integer, kernel, lean, trailing_zeros
from diffusion.draws import LANES
from diffusion.model.crossings import ROOM_FOR_DIGITS, Outcomes, enter_by_ties
from diffusion.model.entries import Entry
from diffusion.model.exposures import (
    FOUND,
    REMEMBERED,
    STALE,
    Exposure,
    enter_by_exposure,
    update_exposure,
)
from diffusion.model.lanes import (
    ABANDONED,
    ADOPTED,
    AWARE,
    KNOWING,
    NO_MOVE,
    TO_ABANDONED,
    TO_ADOPTED,
    TO_AWARE,
    UNAWARE,
    WAITING,
    Agents,
    Moves,
    Quits,
    Records,
    Throws,
    Words,
    add_move,
    forget_moves,
    move_at_random,
)

AGENT_ROWS = 21
COIN_ROWS = 7
"""How many rows :func:`_parted` deals out, by agent and by coin."""

EVERY_LANE = np.uint64(2**64 - 1)

_NONE = integer(0)

Times: TypeAlias = tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]
"""The step of every agent's moves of each kind, -1 for never."""


class Room(NamedTuple):
    """Hold what a block needs while it is played, in few arrays, because every one takes time to pass.

    Rows are by agent or by coin; :func:`_parted` says what they hold.
    """

    agent_words: Words
    agent_lists: NDArray[np.uint32]
    counts: NDArray[np.int64]
    coin_words: Words
    coin_lists: NDArray[np.uint32]
    thrown: NDArray[np.bool_]
    digits: Words
    active: NDArray[np.int64]
    probability: NDArray[np.uint32]
    found: Records


def room_for(size: int, entries: Iterable[Entry]) -> Room:
    """Return room for playing blocks, one after another.

    Parameters
    ----------
    size
        The number of agents.
    entries
        How the stages are entered, in every part of a run.
    """
    known = list(entries)
    coins = max(size, *(len(entry.coin) for entry in known))
    exposed = 0 if all(entry.said["by_tie"][0] for entry in known) else size
    return Room(
        agent_words=np.empty((AGENT_ROWS, size), dtype=np.uint64),
        agent_lists=np.empty((6, size + 1), dtype=np.uint32),
        counts=np.zeros((2, 4), dtype=np.int64),
        coin_words=np.empty((COIN_ROWS, coins), dtype=np.uint64),
        coin_lists=np.empty((2, coins), dtype=np.uint32),
        thrown=np.empty((2, coins + size), dtype=np.bool_),
        digits=np.empty(ROOM_FOR_DIGITS, dtype=np.uint64),
        active=np.empty((2, exposed, LANES), dtype=np.int64),
        probability=np.empty((2, exposed, LANES), dtype=np.uint32),
        found=np.empty((2, exposed, REMEMBERED), dtype=FOUND),
    )


def fresh_words(present: Words, *, staged: bool) -> Words:
    """Return the words of a room before anything happens: everybody who is there is in the first stage.

    Parameters
    ----------
    present
        One word an agent: the lanes in which it is there.
    staged
        Whether there is an awareness stage.
    """
    words = np.zeros((AGENT_ROWS, len(present)), dtype=np.uint64)
    words[[UNAWARE if staged else AWARE, WAITING]] = present
    words[[12 + STALE, 16 + STALE]] = EVERY_LANE
    return words


def clear(room: Room, fresh: Words, exposed: Iterable[int]) -> None:
    """Make a room ready for a block.

    Parameters
    ----------
    room
        The room.
    fresh
        What :func:`fresh_words` returns.
    exposed
        The numbers of the stages that are entered by exposure.
    """
    room.agent_words[:] = fresh
    room.counts.fill(0)
    room.thrown.fill(0)
    for stage in exposed:
        room.active[stage].fill(0)
        room.found["active"][stage] = -1


@inlined
def _parted(room: Room) -> tuple[Words, Moves, Moves, Throws, tuple[Outcomes, Outcomes], tuple[Exposure, Exposure]]:
    """Return the standing, the moves before and now, throws, and outcomes and exposure of the two stages."""
    words, lists, coins = room.agent_words, room.agent_lists, room.coin_words
    return (
        words[:6],
        Moves(words[6:9], lists[:3], room.counts[0]),
        Moves(words[9:12], lists[3:], room.counts[1]),
        Throws(room.coin_lists[0], room.coin_lists[1], coins[:5]),
        (Outcomes(coins[5], room.thrown[0]), Outcomes(coins[6], room.thrown[1])),
        (
            Exposure(room.active[0], room.probability[0], words[12:16], room.found[0]),
            Exposure(room.active[1], room.probability[1], words[16:20], room.found[1]),
        ),
    )


class Turn(NamedTuple):
    """Hold what happens to agents before the first step of a part of a run is made, one word an agent.

    ``anew`` says that ties or agents have changed, so that whoever is active
    counts as having only just become so. ``arriving`` and ``departing`` are
    the lanes in which agents come and go; ``recruited``, perhaps empty, those in which
    they move one stage a step until they have adopted.
    """

    anew: bool
    arriving: Words
    departing: Words
    recruited: Words


@lean
def _stand_anew(turn: Turn, first: int, step: int, standing: Words, before: Moves, times: Times) -> None:
    """Let agents come and go; whoever is active then counts as having just become so.

    ``first`` is the kind of moves out of the stage in which agents begin, and the number of that stage.
    """
    forget_moves(before)
    known, used = _NONE, _NONE
    for place in range(len(turn.arriving)):
        agent = np.uint32(place)
        left = standing[ADOPTED, agent] & turn.departing[agent]
        standing[ABANDONED, agent] |= left
        while left:
            times[TO_ABANDONED][agent, trailing_zeros(left)] = step
            left &= left - np.uint64(1)
        for stage in range(UNAWARE, ABANDONED):
            standing[stage, agent] &= ~turn.departing[agent]
        standing[first, agent] |= turn.arriving[agent]
        standing[KNOWING, agent] = standing[AWARE, agent] | standing[ADOPTED, agent]
        standing[WAITING, agent] = standing[UNAWARE, agent] | standing[AWARE, agent]
        if first == TO_AWARE:
            known = add_move(
                known, before.lanes[TO_AWARE], before.agents[TO_AWARE], agent, standing[KNOWING, agent]
            )  # fmt: skip
        used = add_move(used, before.lanes[TO_ADOPTED], before.agents[TO_ADOPTED], agent, standing[ADOPTED, agent])
    before.counts[TO_AWARE], before.counts[TO_ADOPTED] = known, used


@lean
def _forget_outcomes(outcomes: Outcomes, exposure: Exposure) -> None:
    """Forget which coins were thrown, and what reached whom."""
    outcomes.thrown.fill(0)
    exposure.active.fill(0)
    exposure.lanes[STALE].fill(EVERY_LANE)
    for agent in range(len(exposure.found)):
        for place in range(REMEMBERED):
            exposure.found[agent, place].active = -1


@lean
def _enlist(recruited: Words, eligible: Words, moves: Moves, kind: int) -> None:
    """Let those who were won over move, where they are in the stage before."""
    count = moves.counts[kind]
    for agent in range(len(recruited)):
        lanes = recruited[agent] & eligible[agent]
        count = add_move(count, moves.lanes[kind], moves.agents[kind], np.uint32(agent), lanes)
    moves.counts[kind] = count


@lean
def _quit(
    quits: Quits,
    standing: Words,
    leading: Words,
    moves: Moves,
    agents: Agents,
    block: np.uint64,
    step: int,
    throws: Throws,
) -> bool:
    """Let adopters give up, and leaders leave; say whether any could."""
    possible = False
    if quits.abandonment[0] > np.uint64(0):
        key_0, key_1 = quits.abandonment_key
        possible |= move_at_random(
            standing[ADOPTED], moves, TO_ABANDONED, quits.abandonment, key_0, key_1, agents, block, step, throws
        )  # fmt: skip
    if quits.leaving[0] > np.uint64(0):
        for agent in range(len(leading)):
            leading[agent] = standing[ADOPTED, agent] & agents.leads[agent]
        key_0, key_1 = quits.leaving_key
        possible |= move_at_random(
            leading, moves, TO_ABANDONED, quits.leaving, key_0, key_1, agents, block, step, throws
        )  # fmt: skip
    return possible


@lean
def _lead(first: int, leads: Words, moves: Moves) -> None:
    """Let the leaders become aware (where that is a stage) and adopt."""
    for kind in range(first, TO_ABANDONED):
        count = _NONE
        for agent in range(len(leads)):
            count = add_move(count, moves.lanes[kind], moves.agents[kind], np.uint32(agent), leads[agent])
        moves.counts[kind] = count


@inlined
def _enter(
    source: Words, eligible: Words, waiting: Words, before: Moves, fresh: int, late: int, moves: Moves, entry: Entry,
    agents: Agents, throws: Throws, outcomes: Outcomes, exposure: Exposure, digits: Words, block: np.uint64, step: int,
    clipped: NDArray[np.int64],
) -> bool:  # fmt: skip
    """Find who enters one stage at this step; say whether anybody could have.

    ``fresh`` is the kind of moves that this is, ``late`` that which makes eligible.
    """
    if not entry.said[0].by_tie:
        update_exposure(before, fresh, waiting, entry, agents, exposure)
        possible = enter_by_exposure(
            eligible, moves, fresh, entry, agents, exposure, block, step, clipped, digits
        )  # fmt: skip
    else:
        possible = enter_by_ties(
            source, eligible, before, fresh, late, moves, entry, agents, block, step, throws, digits, outcomes
        )  # fmt: skip
    if len(entry.external) > 1 or entry.external[0] > np.uint64(0):
        key_0, key_1 = entry.said[0].external_key_0, entry.said[0].external_key_1
        possible |= move_at_random(eligible, moves, fresh, entry.external, key_0, key_1, agents, block, step, throws)
    return possible


@lean
def _make_moves(moves: Moves, before: Moves, standing: Words, times: Times, step: int) -> None:
    """Make all the moves of a step together and note them; then they are those of the step before."""
    forget_moves(before)
    for kind in range(3):
        before.counts[kind] = moves.counts[kind]
        for place in range(moves.counts[kind]):
            agent = moves.agents[kind, place]
            lanes = moves.lanes[kind, agent]
            before.agents[kind, place] = agent
            before.lanes[kind, agent] = lanes
            standing[kind, agent] ^= lanes
            standing[kind + 1, agent] ^= lanes
            standing[KNOWING, agent] = standing[AWARE, agent] | standing[ADOPTED, agent]
            standing[WAITING, agent] = standing[UNAWARE, agent] | standing[AWARE, agent]
            while lanes:
                times[kind][agent, trailing_zeros(lanes)] = step
                lanes &= lanes - np.uint64(1)
    forget_moves(moves)


def _make_play_block(digest: str) -> Callable[..., Any]:
    @kernel
    def play_block(block, first_step, last_step, staged, agents, stages, quits, turn, room, times, clipped):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        standing, before, moves, throws, outcomes, exposure = _parted(room)
        first = TO_AWARE if staged else TO_ADOPTED
        if first_step == 1:
            _lead(first, agents.leads, moves)
            _make_moves(moves, before, standing, times, _NONE)
        if turn.anew:
            _stand_anew(turn, first, first_step, standing, before, times)
            for stage in range(first, TO_ABANDONED):
                _forget_outcomes(outcomes[stage], exposure[stage])
        for step in range(first_step, last_step + 1):
            possible = False
            for stage in range(first, TO_ABANDONED):
                adopting = stage == TO_ADOPTED
                eligible = standing[AWARE if adopting else UNAWARE]
                possible |= _enter(
                    standing[ADOPTED if adopting else KNOWING], eligible,
                    standing[WAITING if adopting else UNAWARE], before, stage, TO_AWARE if adopting else NO_MOVE,
                    moves, stages[stage], agents, throws, outcomes[stage], exposure[stage], room.digits, block, step,
                    clipped,
                )  # fmt: skip
                if len(turn.recruited):
                    _enlist(turn.recruited, eligible, moves, stage)
                    possible |= bool(moves.counts[stage] > 0)
            possible |= _quit(quits, standing, room.agent_words[20], moves, agents, block, step, throws)
            if not possible:
                break
            _make_moves(moves, before, standing, times, step)

    return play_block


play_block = _make_play_block(SOURCE_DIGEST)
"""Compiled: play a part of a run, in the 64 replicates of a block.

Parameters are the block, the first and the last step, whether there is an
awareness stage, the agents, the :class:`Entry` of awareness and of adoption,
how adopters leave, the :class:`Turn` before the first step, a :class:`Room`
that is clear or holds what was played so far, and what it fills: the steps at
which agents become aware, adopt and abandon, and how often each lane's hazard was clipped.
"""
