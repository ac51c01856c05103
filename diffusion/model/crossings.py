"""Tie rules, one step: which ties are tried, and which of them carry.

Draws are pure, so trying a tie again at the step it was tried at gives the
same result, and ties may be visited in any order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import inlined, integer, lean, trailing_zeros
from diffusion.draws import LANES, fill_words
from diffusion.model.entries import EVERY_TRY, Entry
from diffusion.model.lanes import (
    CERTAINTY,
    HEADS,
    UNDECIDED,
    Agents,
    Moves,
    Record,
    Records,
    Throws,
    Words,
    add_move,
    queue_throw,
    throw,
)
from diffusion.model.rules import integer_probability, tie_probability

_0 = np.uint64(0)
_1 = np.uint64(1)
_NONE = integer(0)
_EVERYWHERE = ~_0
_FROM_FIRST = np.uint32(3)
_TWO_BITS = np.uint32(2)


class Outcomes(NamedTuple):
    """Hold how the coins fell that are thrown once.

    ``thrown`` says of every coin, and then of every agent, whether it has
    been thrown, or all of the agent's have.
    """

    heads: Words
    thrown: NDArray[np.bool_]


ROOM_FOR_DIGITS = 16 + LANES
"""How many words :func:`_throw` needs: digits drawn, and a probability a lane."""


@lean
def enter_by_ties(
    source: Words, eligible: Words, before: Moves, fresh: int, late: int, moves: Moves, entry: Entry, agents: Agents,
    block: np.uint64, step: int, throws: Throws, digits: Words, outcomes: Outcomes,
) -> bool:  # fmt: skip
    """Try the ties from active to eligible agents; say whether anybody moves, or could have.

    ``source`` are the lanes in which an agent is active and ``eligible`` those
    in which it is in the stage before; ``fresh`` and ``late`` are the kinds of
    moves by which agents became so at the step before. ``fresh`` is also the
    kind that is made now. Where a tie is tried once, its coin falls the same
    way at whatever step, so all of its lanes are thrown when one is needed.
    """
    said, row, slot, coin = entry.said[0], entry.agent, entry.slot, entry.coin
    if not said.tried_once:
        count = _queue(source, eligible, coin, agents.leads, throws)
        _throw(count, said, coin, entry.factors, agents, block, np.uint64(step), throws, digits)
        _carry(count, source, moves, fresh, coin, throws)
        return count > 0
    count = _queue_new(before, fresh, row, slot, coin, said.first_dated, throws, outcomes.thrown)
    _throw(count, said, coin, entry.factors, agents, block, _0, throws, digits)
    _note_heads(count, coin, throws, outcomes.heads)
    if said.first_dated < len(coin):
        count = _queue_dated(said.first_dated, coin, throws, outcomes.thrown)
        _throw(count, said, coin, entry.factors, agents, block, np.uint64(step), throws, digits)
        _note_heads(count, coin, throws, outcomes.heads)
    _carry_from(before, fresh, eligible, moves, row, slot, agents.leads, outcomes.heads)
    if before.counts[late]:
        _carry_to(before, late, eligible, source, moves, fresh, row, slot, agents.leads, outcomes.heads)
    return bool(moves.counts[fresh] > 0)


@lean
def _queue_new(
    before: Moves, fresh: int, row: Records, slot: Records, coin: Records, first_dated: int, throws: Throws,
    thrown: NDArray[np.bool_],
) -> int:  # fmt: skip
    """Queue all lanes of the coins of the newly active that have not been thrown, and return how many are queued."""
    coins = np.uint32(len(coin))
    count = _NONE
    for place in range(before.counts[fresh]):
        agent = before.agents[fresh, place]
        if thrown[coins + agent]:
            continue
        thrown[coins + agent] = True
        for here in range(row[agent].coins, row[agent + 1].coins):
            which = slot[here].coin
            if which < first_dated and not thrown[which]:
                thrown[which] = True
                count = queue_throw(count, which, coin[which].key, coin[which].probability, _EVERYWHERE, throws)
    return count


@lean
def _queue_dated(first_dated: int, coin: Records, throws: Throws, thrown: NDArray[np.bool_]) -> int:
    """Queue all lanes of the dated coins, unless they have been thrown, and return how many are queued."""
    count = _NONE
    for which in range(first_dated, len(coin)):
        if not thrown[which]:
            thrown[which] = True
            probability = coin[which].probability
            count = queue_throw(count, np.uint32(which), coin[which].key, probability, _EVERYWHERE, throws)
    return count


@lean
def _note_heads(count: int, coin: Records, throws: Throws, heads: Words) -> None:
    """Note where the queued coins fell heads, in the lanes in which their pair is tied."""
    for place in range(count):
        which = throws.subject[place]
        heads[which] = throws.words[HEADS, place] & coin[which].lanes


@lean
def _throw(
    count: int, said: Record, coin: Records, factors: NDArray[np.float64], agents: Agents, block: np.uint64,
    step: np.uint64, throws: Throws, digits: Words,
) -> None:  # fmt: skip
    """Throw the queued coins, one by one where every lane has a probability of its own."""
    if not agents.varies:
        throw(count, said.tie_key_0, said.tie_key_1, block, step, throws)
        return
    for place in range(count):
        which = throws.subject[place]
        certain, uncertain = _own_probabilities(
            throws.words[UNDECIDED, place], coin[which], factors[which], said, agents, digits[16:]
        )
        won = _own_digits(
            uncertain, said.tie_key_0, said.tie_key_1, coin[which].key, block, step, digits[:16], digits[16:]
        )
        throws.words[HEADS, place] = certain | won


@inlined
def _own_probabilities(
    lanes: np.uint64, coin: Record, factors: NDArray[np.float64], said: Record, agents: Agents, probabilities: Words
) -> tuple[np.uint64, np.uint64]:
    """Work out each lane's own probability of a coin; return where it is certain, and where it is not but above 0."""
    from_first = coin.tries & _FROM_FIRST
    source = coin.first if from_first else coin.second
    target = coin.second if from_first else coin.first
    certain, uncertain = _0, _0
    while lanes:
        lane = trailing_zeros(lanes)
        lanes &= lanes - _1
        influence, receptivity = agents.influence[source, lane], agents.receptivity[target, lane]
        chance = tie_probability(
            said.rule, said.transmission, factors[0], factors[1], factors[2], influence, receptivity
        )
        probability = integer_probability(chance)
        probabilities[lane] = probability
        certain |= np.uint64(probability >= CERTAINTY) << lane
        uncertain |= np.uint64(probability - _1 < CERTAINTY - _1) << lane
    return certain, uncertain


@inlined
def _own_digits(
    undecided: np.uint64, key_0: np.uint64, key_1: np.uint64, key: np.uint64, block: np.uint64, step: np.uint64,
    words: Words, probabilities: Words,
) -> np.uint64:  # fmt: skip
    """Compare a coin's digits with those of each lane's own probability, and return where it falls heads."""
    won = _0
    place = _NONE
    while undecided and place < 32:
        room = place % len(words)
        if room == 0:
            fill_words(words, key_0, key_1, key, block, step, np.uint64(place >> 1))
        wanted = _0
        left = undecided
        while left:
            lane = trailing_zeros(left)
            left &= left - _1
            wanted |= ((probabilities[lane] >> np.uint64(31 - place)) & _1) << lane
        won |= undecided & wanted & ~words[room]
        undecided &= ~(words[room] ^ wanted)
        place += 1
    return won


@lean
def _carry_from(
    before: Moves, fresh: int, eligible: Words, moves: Moves, row: Records, slot: Records, leads: Words, heads: Words
) -> None:
    """Let the newly active reach those alters for whom their coins fell heads."""
    moving, listed, count = moves.lanes[fresh], moves.agents[fresh], moves.counts[fresh]
    for place in range(before.counts[fresh]):
        agent = before.agents[fresh, place]
        lanes = before.lanes[fresh, agent]
        for here in range(row[agent].coins, row[agent + 1].coins):
            alter = slot[here].alter
            won = lanes & eligible[alter] & heads[slot[here].coin]
            if slot[here].tries != EVERY_TRY:
                won &= _decided(slot[here].tries, leads[agent])
            count = add_move(count, moving, listed, alter, won)
    moves.counts[fresh] = count


@lean
def _carry_to(
    before: Moves, late: int, eligible: Words, source: Words, moves: Moves, kind: int, row: Records, slot: Records,
    leads: Words, heads: Words,
) -> None:  # fmt: skip
    """Let those who can be reached for the first time be so by the active alters whose coins fell heads."""
    moving, listed, count = moves.lanes[kind], moves.agents[kind], moves.counts[kind]
    for place in range(before.counts[late]):
        agent = before.agents[late, place]
        lanes = before.lanes[late, agent] & eligible[agent]
        for here in range(row[agent].coins, row[agent + 1].coins):
            alter = slot[here].alter
            if lanes & source[alter]:
                won = lanes & source[alter] & heads[slot[here].coin]
                if slot[here].tries != EVERY_TRY:
                    won &= _decided(np.uint32(slot[here].tries >> _TWO_BITS), leads[alter])
                count = add_move(count, moving, listed, agent, won)
    moves.counts[kind] = count


@inlined
def _decided(tries: np.uint32, leads: np.uint64) -> np.uint64:
    """Return the lanes in which a coin decides the tie from an agent, by the lowest two bits of ``tries``."""
    bits = np.uint64(tries)
    return ((bits & _1) * ~leads) | (((bits >> _1) & _1) * leads)


@lean
def _carry(count: int, source: Words, moves: Moves, kind: int, coin: Records, throws: Throws) -> None:
    """Let the eligible end of every coin move where it fell heads; the other end is the active one."""
    moving, listed, listed_count = moves.lanes[kind], moves.agents[kind], moves.counts[kind]
    for place in range(count):
        won = throws.words[HEADS, place]
        if won:
            which = throws.subject[place]
            forward = won & source[coin[which].first]
            listed_count = add_move(listed_count, moving, listed, coin[which].second, forward)
            listed_count = add_move(listed_count, moving, listed, coin[which].first, won ^ forward)
    moves.counts[kind] = listed_count


@lean
def _queue(source: Words, eligible: Words, coin: Records, leads: Words, throws: Throws) -> int:
    """Queue the lanes in which a coin has an active and an eligible end, and return how many throws are queued."""
    count = _NONE
    for which in range(len(coin)):
        first, second = coin[which].first, coin[which].second
        forward = source[first] & eligible[second]
        backward = source[second] & eligible[first]
        if (forward | backward) and coin[which].tries != EVERY_TRY:
            forward &= _decided(coin[which].tries, leads[first])
            backward &= _decided(np.uint32(coin[which].tries >> _TWO_BITS), leads[second])
        lanes = (forward | backward) & coin[which].lanes
        if lanes:
            count = queue_throw(count, np.uint32(which), coin[which].key, coin[which].probability, lanes, throws)
    return count
