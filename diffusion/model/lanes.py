"""One step of the ensemble: 64 replicates as the 64 bits of a word.

A *lane* is a replicate's bit. For every agent, a word says in which lanes it
is in a stage. Nothing here knows what a rule means: probabilities come from
``rules.py``, digits from ``draws.py``; this file holds storage and order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import compiled, trailing_zeros
from diffusion.draws import ALWAYS, LANES, fill_words, heads, late_heads, philox
from diffusion.model.rules import entry_probability, exposure_weight, integer_probability, tie_probability

Words = NDArray[np.uint64]
_0 = np.uint64(0)
_1 = np.uint64(1)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)

CALLS_TOGETHER = 5
"""How many calls every queued coin makes: ten digits decide nearly all of 64 lanes."""

UNLIKE = 2**63
"""Stands for the probability of a pair that has more than one."""


class Pairs(NamedTuple):
    """Hold every unordered pair of agents that share a tie in a layer that counts.

    ``strength`` and ``multiplier`` have a column a direction (0: first to
    second, 1: second to first); a strength of 0 means no tie that way.
    ``incident`` lists the pairs of each agent, at ``start[i]:start[i + 1]``.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    key: Words
    weight: NDArray[np.float64]
    strength: NDArray[np.float64]
    multiplier: NDArray[np.float64]
    start: NDArray[np.int64]
    incident: NDArray[np.int32]


class OutgoingTies(NamedTuple):
    """Hold what each agent adds to its alters' exposure, as compressed rows.

    ``amount`` has a column for sources that do not lead and one for leaders.
    """

    start: NDArray[np.int64]
    target: NDArray[np.int32]
    weight: NDArray[np.float64]
    strength: NDArray[np.float64]
    multiplier: NDArray[np.float64]
    amount: NDArray[np.int64]


class Agents(NamedTuple):
    """Hold the agents' keys and, a column a lane where they vary, κ and ρ."""

    key: Words
    varies: bool
    influence: NDArray[np.float64]
    receptivity: NDArray[np.float64]
    leads: Words


class Stage(NamedTuple):
    """Hold how one stage is entered: rule codes, integers, keys of its draws.

    ``probability`` is q by pair, direction and whether the source leads;
    ``common`` is q where all four are one, else :data:`UNLIKE`.
    """

    by_tie: bool
    tried_once: bool
    rule: int
    transmission: float
    probability: Words
    common: Words
    ties: OutgoingTies
    exposure: int
    total: NDArray[np.int64]
    threshold: NDArray[np.float64]
    propensity: NDArray[np.float64]
    intercept: float
    slope: float
    link: int
    external: np.uint64
    tie_key: tuple[np.uint64, np.uint64]
    entry_key: tuple[np.uint64, np.uint64]
    external_key: tuple[np.uint64, np.uint64]


class Exposure(NamedTuple):
    """Hold, by agent and lane, the active weight and the chance that follows from it.

    ``always``, ``chance`` and ``clipped`` say in which lanes an agent enters
    for certain, may enter, and had its probability clipped.
    """

    active: NDArray[np.int64]
    probability: NDArray[np.uint32]
    always: Words
    chance: Words
    clipped: Words


class Queue(NamedTuple):
    """Hold throws of coins that wait to be made side by side.

    ``digits`` are the probability's binary digits not yet compared, from the
    top; ``forward`` and ``backward`` the lanes to try in either direction.
    """

    pair: NDArray[np.int32]
    key: Words
    forward: Words
    backward: Words
    digits: Words
    undecided: Words
    won: Words


class Scratch(NamedTuple):
    """Hold room that the loops of a block share."""

    queue: Queue
    words: Words
    hot: NDArray[np.int32]
    tried_at: NDArray[np.int32]


@compiled
def _varying_heads(
    lanes: np.uint64, pair: int, direction: int, stage: Stage, pairs: Pairs, agents: Agents, block: np.uint64,
    step: np.uint64, scratch: Scratch,
) -> np.uint64:  # fmt: skip
    """Return which lanes' coins fall heads where every lane has a probability of its own."""
    source = pairs.first[pair] if direction == 0 else pairs.second[pair]
    target = pairs.second[pair] if direction == 0 else pairs.first[pair]
    won = _0
    while lanes:
        lane = trailing_zeros(lanes)
        bit = _1 << lane
        lanes ^= bit
        chance = tie_probability(
            stage.rule,
            stage.transmission,
            pairs.weight[pair],
            pairs.strength[pair, direction],
            pairs.multiplier[pair, direction],
            agents.influence[source, lane],
            agents.receptivity[target, lane],
        )
        won |= heads(
            bit, integer_probability(chance), scratch.words,
            stage.tie_key[0], stage.tie_key[1], pairs.key[pair], block, step,
        )  # fmt: skip
    return won


@compiled
def _queue_try(
    count: int, pair: int, forward: np.uint64, backward: np.uint64, probability: np.uint64, pairs: Pairs,
    entered: Words, queue: Queue,
) -> int:  # fmt: skip
    """Queue one throw of a pair's coins and return how many are queued; a certain one needs no coin."""
    if (forward | backward) == _0 or probability == _0:
        return count
    if probability >= np.uint64(ALWAYS):
        entered[pairs.second[pair]] |= forward
        entered[pairs.first[pair]] |= backward
        return count
    queue.pair[count] = pair
    queue.key[count] = pairs.key[pair]
    queue.forward[count] = forward
    queue.backward[count] = backward
    queue.digits[count] = probability << _32
    return count + 1


@compiled
def _queue_unlike(
    count: int, pair: int, forward: np.uint64, backward: np.uint64, stage: Stage, pairs: Pairs, agents: Agents,
    entered: Words, queue: Queue,
) -> int:  # fmt: skip
    """Queue a pair whose directions, or whose leaders, have probabilities of their own."""
    led_forward = forward & agents.leads[pairs.first[pair]]
    led_backward = backward & agents.leads[pairs.second[pair]]
    chances = stage.probability[pair]
    count = _queue_try(count, pair, forward ^ led_forward, _0, chances[0, 0], pairs, entered, queue)
    count = _queue_try(count, pair, led_forward, _0, chances[0, 1], pairs, entered, queue)
    count = _queue_try(count, pair, _0, backward ^ led_backward, chances[1, 0], pairs, entered, queue)
    return _queue_try(count, pair, _0, led_backward, chances[1, 1], pairs, entered, queue)


@compiled
def _compare_digits(count: int, call: int, stage: Stage, block: np.uint64, step: np.uint64, queue: Queue) -> None:
    """Compare two more digits of every queued coin, all of them side by side."""
    key, digits, undecided, won = queue.key, queue.digits, queue.undecided, queue.won
    key_0, key_1 = stage.tie_key
    counter = (step << np.uint64(8)) + np.uint64(call)
    for place in range(count):
        word_0, word_1, word_2, word_3 = philox(key_0, key_1, key[place] & _LOW, key[place] >> _32, block, counter)
        word = word_0 | (word_1 << _32)
        wanted = np.uint64(np.int64(digits[place]) >> np.int64(63))
        won[place] |= undecided[place] & wanted & ~word
        left = undecided[place] & ~(word ^ wanted)
        word = word_2 | (word_3 << _32)
        wanted = np.uint64(np.int64(digits[place] << _1) >> np.int64(63))
        won[place] |= left & wanted & ~word
        undecided[place] = left & ~(word ^ wanted)
        digits[place] <<= np.uint64(2)


@compiled
def _settle(count: int, entered: Words, pairs: Pairs, queue: Queue) -> int:
    """Apply the coins that are decided in every lane; keep the others and return how many."""
    kept = 0
    for place in range(count):
        if queue.undecided[place]:
            if kept != place:
                queue.pair[kept] = queue.pair[place]
                queue.key[kept] = queue.key[place]
                queue.forward[kept] = queue.forward[place]
                queue.backward[kept] = queue.backward[place]
                queue.digits[kept] = queue.digits[place]
                queue.undecided[kept] = queue.undecided[place]
                queue.won[kept] = queue.won[place]
            kept += 1
        elif queue.won[place]:
            entered[pairs.second[queue.pair[place]]] |= queue.won[place] & queue.forward[place]
            entered[pairs.first[queue.pair[place]]] |= queue.won[place] & queue.backward[place]
    return kept


@compiled
def _throw_queued(
    count: int, entered: Words, stage: Stage, pairs: Pairs, block: np.uint64, step: np.uint64, scratch: Scratch
) -> None:
    """Throw the queued coins: a few digits decide most, so the rest is gathered now and then."""
    queue = scratch.queue
    for place in range(count):
        queue.undecided[place] = queue.forward[place] | queue.backward[place]
        queue.won[place] = _0
    for call in range(CALLS_TOGETHER):
        _compare_digits(count, call, stage, block, step, queue)
        if call < 2 or call == CALLS_TOGETHER - 1:
            count = _settle(count, entered, pairs, queue)
    for place in range(count):
        won = queue.won[place] | late_heads(
            queue.undecided[place], queue.digits[place], CALLS_TOGETHER, scratch.words,
            stage.tie_key[0], stage.tie_key[1], queue.key[place], block, step,
        )  # fmt: skip
        entered[pairs.second[queue.pair[place]]] |= won & queue.forward[place]
        entered[pairs.first[queue.pair[place]]] |= won & queue.backward[place]


@compiled
def enter_by_ties(
    source: Words, fresh: Words, eligible: Words, late: Words, entered: Words, stage: Stage, pairs: Pairs,
    agents: Agents, block: np.uint64, step: int, scratch: Scratch,
) -> bool:  # fmt: skip
    """Try the ties that can carry at this step; say whether any could.

    ``source`` are the lanes in which an agent is active, ``fresh`` those in
    which it became so at the step before; ``eligible`` and ``late`` likewise
    for being in the stage before. Few busy agents are walked through their own
    pairs, many through the list of all pairs: draws are pure, so either way
    gives the same result.
    """
    first_of, second_of, common = pairs.first, pairs.second, stage.common
    tried_at, hot, queue = scratch.tried_at, scratch.hot, scratch.queue
    start, incident = pairs.start, pairs.incident
    tried_once = stage.tried_once
    coin_step = _0 if tried_once else np.uint64(step)
    hot_count = 0
    hot_pairs = 0
    for agent in range(len(source)):
        if (fresh[agent] | late[agent]) if tried_once else source[agent]:
            hot[hot_count] = agent
            hot_count += 1
            hot_pairs += start[agent + 1] - start[agent]
    walk = 2 * hot_pairs < len(first_of)
    any_tried = False
    count = 0
    for place in range(hot_count if walk else 1):
        begin = start[hot[place]] if walk else 0
        end = start[hot[place] + 1] if walk else len(first_of)
        for slot in range(begin, end):
            pair = np.int64(incident[slot]) if walk else slot
            if walk:
                if tried_at[pair] == step:
                    continue
                tried_at[pair] = step
            first = first_of[pair]
            second = second_of[pair]
            forward = source[first] & eligible[second]
            backward = source[second] & eligible[first]
            if tried_once:
                forward &= fresh[first] | late[second]
                backward &= fresh[second] | late[first]
            if (forward | backward) == _0:
                continue
            any_tried = True
            if common[pair] <= np.uint64(ALWAYS):
                count = _queue_try(count, pair, forward, backward, common[pair], pairs, entered, queue)
            elif not agents.varies:
                count = _queue_unlike(count, pair, forward, backward, stage, pairs, agents, entered, queue)
            else:
                entered[second] |= _varying_heads(forward, pair, 0, stage, pairs, agents, block, coin_step, scratch)
                entered[first] |= _varying_heads(backward, pair, 1, stage, pairs, agents, block, coin_step, scratch)
    _throw_queued(count, entered, stage, pairs, block, coin_step, scratch)
    return any_tried


@compiled
def _set_chance(agent: int, lane: np.uint64, stage: Stage, exposure: Exposure) -> None:
    """Turn the exposure of one agent in one lane into its probability of moving."""
    column = lane if stage.threshold.shape[1] > 1 else _0
    other = lane if stage.propensity.shape[1] > 1 else _0
    chance = entry_probability(
        stage.rule,
        exposure.active[agent, lane],
        stage.total[agent],
        stage.threshold[agent, column],
        stage.intercept,
        stage.slope,
        stage.propensity[agent, other],
        stage.link,
    )
    probability = integer_probability(chance)
    bit = _1 << lane
    exposure.always[agent] &= ~bit
    exposure.chance[agent] &= ~bit
    exposure.clipped[agent] &= ~bit
    if chance < 0.0 or chance > 1.0:
        exposure.clipped[agent] |= bit
    if probability >= np.uint64(ALWAYS):
        exposure.always[agent] |= bit
    elif probability > _0:
        exposure.chance[agent] |= bit
        exposure.probability[agent, lane] = np.uint32(probability)


@compiled
def start_exposure(stage: Stage, exposure: Exposure) -> None:
    """Set every exposure to 0 and every probability to what follows."""
    alike = stage.threshold.shape[1] == 1 and stage.propensity.shape[1] == 1
    exposure.active[:] = 0
    for agent in range(len(exposure.always)):
        for lane in range(1 if alike else LANES):
            _set_chance(agent, np.uint64(lane), stage, exposure)
        if alike:
            exposure.probability[agent, :] = exposure.probability[agent, 0]
            for words in (exposure.always, exposure.chance, exposure.clipped):
                words[agent] = ~_0 if words[agent] & _1 else _0


@compiled
def _push(
    agent: int, lanes: np.uint64, sign: int, stage: Stage, agents: Agents, exposure: Exposure, waiting: Words
) -> None:
    """Add (or take away) one source's weight in the exposure of all its alters."""
    ties = stage.ties
    for slot in range(ties.start[agent], ties.start[agent + 1]):
        target = ties.target[slot]
        left = lanes & waiting[target]
        while left:
            lane = trailing_zeros(left)
            left &= left - _1
            if agents.varies:
                amount = exposure_weight(
                    stage.exposure,
                    ties.weight[slot],
                    ties.strength[slot],
                    ties.multiplier[slot],
                    agents.influence[agent, lane],
                )
            else:
                amount = ties.amount[slot, (agents.leads[agent] >> lane) & _1]
            exposure.active[target, lane] += sign * amount
            _set_chance(target, lane, stage, exposure)


@compiled
def update_exposure(
    fresh: Words, gone: Words, waiting: Words, stage: Stage, agents: Agents, exposure: Exposure
) -> None:
    """Bring exposures up to date with who became active, and who ceased to be.

    ``waiting`` are the lanes in which an agent may still enter the stage.
    """
    for agent in range(len(fresh)):
        if fresh[agent]:
            _push(agent, fresh[agent], 1, stage, agents, exposure, waiting)
        if gone[agent]:
            _push(agent, gone[agent], -1, stage, agents, exposure, waiting)


@compiled
def _numbers_below(words: Words, probability: NDArray[np.uint32]) -> np.uint64:
    """Return the lanes whose 32-bit number lies below the lane's probability."""
    below = _0
    for half in range(len(words)):
        word = words[half]
        low = np.uint64((word & _LOW) < np.uint64(probability[2 * half]))
        high = np.uint64((word >> _32) < np.uint64(probability[2 * half + 1]))
        below |= (low | (high << _1)) << np.uint64(2 * half)
    return below


@compiled
def enter_by_exposure(
    eligible: Words, entered: Words, stage: Stage, agents: Agents, exposure: Exposure, block: np.uint64, step: int,
    clipped_agent_steps: NDArray[np.int64], numbers: Words,
) -> None:  # fmt: skip
    """Let every eligible agent move with the probability of its exposure."""
    for agent in range(len(eligible)):
        lanes = eligible[agent]
        if lanes == _0:
            continue
        over = lanes & exposure.clipped[agent]
        while over:
            clipped_agent_steps[trailing_zeros(over)] += 1
            over &= over - _1
        entered[agent] |= lanes & exposure.always[agent]
        lanes &= exposure.chance[agent]
        if lanes:
            fill_words(
                numbers, stage.entry_key[0], stage.entry_key[1], agents.key[agent], block, np.uint64(step), _0
            )
            entered[agent] |= lanes & _numbers_below(numbers, exposure.probability[agent])


@compiled
def throw_agent_coins(
    eligible: Words, moved: Words, probability: np.uint64, key: tuple[np.uint64, np.uint64], agents: Agents,
    block: np.uint64, step: int, scratch: Scratch,
) -> None:  # fmt: skip
    """Let every eligible agent move with one probability: ``external`` and ``abandonment``."""
    for agent in range(len(eligible)):
        lanes = eligible[agent] & ~moved[agent]
        if lanes:
            moved[agent] |= heads(
                lanes, probability, scratch.words,
                key[0], key[1], agents.key[agent], block, np.uint64(step),
            )  # fmt: skip
