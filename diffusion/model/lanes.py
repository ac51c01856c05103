"""What the ensemble holds, and its moves: 64 replicates as the 64 bits of a word.

A *lane* is a replicate's bit. For every agent, a word says in which lanes it
is in a stage, moves, or leads. Nothing here knows what a rule means; the steps
of ``crossings.py`` and ``exposures.py`` do.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import inlined, integer, lean
from diffusion.draws import ALWAYS, philox

CERTAINTY = np.uint64(ALWAYS)
"""The integer probability that means *always*, as compiled code compares it."""

CALLS_TOGETHER = 3
"""How many calls every coin makes before those that are decided are set aside."""

_0 = np.uint64(0)
_1 = np.uint64(1)
_2 = np.uint64(2)
_32 = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_SIGN = np.int64(63)
_NONE = integer(0)

Words: TypeAlias = NDArray[np.uint64]
Records: TypeAlias = NDArray[np.void]
Record: TypeAlias = Any
"""One of some records, with its fields as attributes."""
Key: TypeAlias = tuple[np.uint64, np.uint64]


class Pairs(NamedTuple):
    """Hold every unordered pair of agents that share a tie in a layer that counts.

    ``strength`` and ``multiplier`` have a column a direction (0: first to
    second, 1: second to first); a strength of 0 means no tie that way.
    ``lanes`` says in which replicates the pair is tied; ``dated`` pairs, which
    come last, have coins of the step that it is.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    key: Words
    weight: NDArray[np.float64]
    strength: NDArray[np.float64]
    multiplier: NDArray[np.float64]
    lanes: Words
    dated: NDArray[np.bool_]


class OutgoingTies(NamedTuple):
    """Hold what each agent adds to its alters' exposure, as compressed rows.

    ``amount`` has a column for sources that do not lead and one for leaders;
    ``lanes`` says in which replicates the tie is there.
    """

    start: NDArray[np.int64]
    target: NDArray[np.int32]
    weight: NDArray[np.float64]
    strength: NDArray[np.float64]
    multiplier: NDArray[np.float64]
    amount: NDArray[np.int64]
    lanes: Words


class Agents(NamedTuple):
    """Hold the agents' keys and, a column a lane where they vary, κ and ρ."""

    key: Words
    varies: bool
    influence: NDArray[np.float64]
    receptivity: NDArray[np.float64]
    leads: Words


class Stage(NamedTuple):
    """Hold how one stage is entered: rule codes, integers, keys of its draws.

    ``probability`` is q by pair, direction and whether the source leads.
    ``total`` is S_all of the ties that are there in every replicate, and
    ``lane_total``, a column a lane or none, of the others. ``external`` has one
    q for all agents, or one each.
    """

    by_tie: bool
    tried_once: bool
    rule: int
    transmission: float
    probability: Words
    ties: OutgoingTies
    exposure: int
    total: NDArray[np.int64]
    lane_total: NDArray[np.int64]
    threshold: NDArray[np.float64]
    propensity: NDArray[np.float64]
    intercept: float
    slope: float
    link: int
    external: Words
    tie_key: Key
    entry_key: Key
    external_key: Key


class Quits(NamedTuple):
    """Hold how adopters leave: q, one for all, and key of abandonment, and those of leaders who leave."""

    abandonment: Words
    abandonment_key: Key
    leaving: Words
    leaving_key: Key


KEY, DIGITS, UNDECIDED, WON, HEADS = map(integer, range(5))
"""Rows of ``Throws.words``."""


class Throws(NamedTuple):
    """Hold throws that are made side by side.

    In the order of queueing stand ``subject``, whose throw it is, and the row
    :data:`HEADS` of ``words``, which lanes it won. The others concern throws
    still undecided: ``place`` in that order, key, digits of the probability not
    yet compared (from the top), and lanes undecided and won so far.
    """

    subject: NDArray[np.uint32]
    place: NDArray[np.uint32]
    words: Words


@inlined
def queue_throw(
    count: int, subject: np.uint32, key: np.uint64, probability: np.uint64, lanes: np.uint64, throws: Throws
) -> int:
    """Queue one throw, and return how many are queued; a certain one is decided before any digit is read."""
    certain = probability >= CERTAINTY
    throws.subject[count] = subject
    throws.place[count] = count
    throws.words[KEY, count] = key
    throws.words[DIGITS, count] = probability << _32
    throws.words[UNDECIDED, count] = _0 if certain else lanes
    throws.words[WON, count] = lanes if certain else _0
    return count + 1


@lean
def throw(count: int, key_0: np.uint64, key_1: np.uint64, block: np.uint64, step: np.uint64, throws: Throws) -> None:
    """Make the queued throws: a few digits decide most of them, and the others go on."""
    call = _NONE
    while count and call < 16:
        _compare_digits(count, call, key_0, key_1, block, step, throws)
        call += 1
        if call >= CALLS_TOGETHER:
            count = _set_decided_aside(count, throws)
    for place in range(count):
        throws.words[HEADS, throws.place[place]] = throws.words[WON, place]


@inlined
def _compare_digits(
    count: int, call: int, key_0: np.uint64, key_1: np.uint64, block: np.uint64, step: np.uint64, throws: Throws
) -> None:
    """Compare two more digits of every throw with those of its probability, all of them side by side."""
    key, digits = throws.words[KEY], throws.words[DIGITS]
    undecided, won = throws.words[UNDECIDED], throws.words[WON]
    counter = (step << np.uint64(8)) + np.uint64(call)
    for place in range(count):
        word_0, word_1, word_2, word_3 = philox(key_0, key_1, key[place] & _LOW, key[place] >> _32, block, counter)
        word = word_0 | (word_1 << _32)
        wanted = np.uint64(np.int64(digits[place]) >> _SIGN)
        won[place] |= undecided[place] & wanted & ~word
        left = undecided[place] & ~(word ^ wanted)
        word = word_2 | (word_3 << _32)
        wanted = np.uint64(np.int64(digits[place] << _1) >> _SIGN)
        won[place] |= left & wanted & ~word
        undecided[place] = left & ~(word ^ wanted)
        digits[place] <<= _2


@inlined
def _set_decided_aside(count: int, throws: Throws) -> int:
    """Note the throws that are decided in every lane; close up the others and return how many."""
    words, places = throws.words, throws.place
    kept = _NONE
    for place in range(count):
        if words[UNDECIDED, place] == _0:
            words[HEADS, places[place]] = words[WON, place]
            continue
        places[kept] = places[place]
        for row in range(HEADS):
            words[row, kept] = words[row, place]
        kept += 1
    return kept


UNAWARE, AWARE, ADOPTED, ABANDONED, KNOWING, WAITING = map(integer, range(6))
"""Rows of a standing: in which lanes every agent is in a stage, is aware or adopted, and has not yet adopted."""

TO_AWARE, TO_ADOPTED, TO_ABANDONED, NO_MOVE = map(integer, range(4))
"""Kinds of moves, from the stage of the same number to the next; nobody ever makes the last.

The first two also number the stages of :class:`Entry`.
"""


class Moves(NamedTuple):
    """Hold who moves at one step, by kind: the lanes of every agent, and a list of those with any.

    ``lanes`` and ``agents`` have a row a kind, with one place more than there
    are agents; ``counts`` say how many are listed.
    """

    lanes: Words
    agents: NDArray[np.uint32]
    counts: NDArray[np.int64]


@inlined
def add_move(count: int, moving: Words, listed: NDArray[np.uint32], agent: np.uint32, lanes: np.uint64) -> int:
    """Let an agent move in some lanes, or in none, and return how many are listed now.

    ``moving`` and ``listed`` are rows of the lanes and agents of moves. There
    are no branches, because a processor could not foresee them: the agent is
    written behind the list, which becomes longer if it belongs there.
    """
    earlier = moving[agent]
    listed[count] = agent
    moving[agent] = earlier | lanes
    return count + int((earlier == _0) & (lanes != _0))


@lean
def forget_moves(moves: Moves) -> None:
    """Make room for the moves of another step."""
    for kind in range(3):
        for place in range(moves.counts[kind]):
            moves.lanes[kind, moves.agents[kind, place]] = _0
        moves.counts[kind] = 0


@lean
def move_at_random(
    eligible: Words, moves: Moves, kind: int, probability: Words, key_0: np.uint64, key_1: np.uint64,
    agents: Agents, block: np.uint64, step: int, throws: Throws,
) -> bool:  # fmt: skip
    """Let every eligible agent move with one probability, or its own; say whether any could.

    That is how ``external`` and ``abandonment`` act.
    """
    possible = False
    moving, listed = moves.lanes[kind], moves.agents[kind]
    queued = _NONE
    own = len(probability) > 1
    for agent in range(len(eligible)):
        chance = probability[agent if own else _NONE]
        if chance == _0:
            continue
        possible |= eligible[agent] != _0
        lanes = eligible[agent] & ~moving[agent]
        if lanes:
            queued = queue_throw(queued, np.uint32(agent), agents.key[agent], chance, lanes, throws)
    throw(queued, key_0, key_1, block, np.uint64(step), throws)
    count = moves.counts[kind]
    for place in range(queued):
        count = add_move(count, moving, listed, throws.subject[place], throws.words[HEADS, place])
    moves.counts[kind] = count
    return possible
