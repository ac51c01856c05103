"""Exposure rules, one step: what reaches an agent, and whether it moves.

A source's weight is pushed along its ties once, when it becomes active, and
an agent's probability is worked out only when its exposure changes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import inlined, integer, lean, trailing_zeros
from diffusion.draws import LANES, fill_words
from diffusion.model.entries import Entry
from diffusion.model.lanes import TO_ABANDONED, Agents, Moves, Record, Records, Words, add_move
from diffusion.model.rules import entry_probability, exposure_weight, integer_probability

REMEMBERED = 16
"""How many exposures' probabilities are remembered for each agent; a power of 2."""

_0 = np.uint64(0)
_1 = np.uint64(1)
_MORE = integer(1)
_LESS = integer(-1)
_32 = np.uint64(32)
_63 = np.uint64(63)
_LOW = np.uint64(0xFFFFFFFF)
_CLIPPED_BIT = np.uint64(2**63)
_GOLDEN = np.uint64(0x9E3779B99E3779B9)
_TO_PLACE = np.uint64(60)

FOUND = np.dtype([("active", np.int64), ("probability", np.uint64)], align=True)
"""A probability, as :func:`_chance` returns it, and the active weight that it belongs to."""

CERTAIN, POSSIBLE, CLIPPED, STALE = map(integer, range(4))
"""Rows of ``Exposure.lanes``."""


class Exposure(NamedTuple):
    """Hold, by agent and lane, the active weight and the probability that follows from it.

    ``lanes`` say where an agent enters for certain, where it may enter, where
    its probability was clipped, and where it must be worked out anew.
    ``found`` remembers probabilities by agent, in the form of :data:`FOUND`.
    """

    active: NDArray[np.int64]
    probability: NDArray[np.uint32]
    lanes: Words
    found: Records


@lean
def _chance(said: Record, active: int, total: int, threshold: float, propensity: float) -> np.uint64:
    """Return an agent's integer probability at an exposure, its top bit set if it was clipped."""
    chance = entry_probability(said.rule, active, total, threshold, said.intercept, said.slope, propensity, said.link)
    probability = integer_probability(chance)
    return probability | _CLIPPED_BIT if chance < 0.0 or chance > 1.0 else probability


@inlined
def _refresh(agent: np.uint32, stale: np.uint64, entry: Entry, exposure: Exposure) -> None:
    """Work out an agent's probability in those lanes in which its exposure has changed.

    Where all lanes share it, few exposures occur, and most of them again and again.
    """
    said, total, found = entry.said[0], entry.agent[agent].total, exposure.found[agent]
    active, numbers = exposure.active[agent], exposure.probability[agent]
    threshold, propensity = entry.threshold[agent], entry.propensity[agent]
    certain, possible, clipped = _0, _0, _0
    left = stale
    while left:
        lane = trailing_zeros(left)
        left &= left - _1
        if len(threshold) > 1 or len(propensity) > 1 or len(entry.lane_total):
            theta = threshold[lane if len(threshold) > 1 else _0]
            whole = total + entry.lane_total[agent, lane] if len(entry.lane_total) else total
            chance = _chance(said, active[lane], whole, theta, propensity[lane if len(propensity) > 1 else _0])
        else:
            place = (np.uint64(active[lane]) * _GOLDEN) >> _TO_PLACE
            if found[place].active != active[lane]:
                found[place].active = active[lane]
                found[place].probability = _chance(said, active[lane], total, threshold[_0], propensity[_0])
            chance = found[place].probability
        if chance - _1 < _LOW:
            numbers[lane] = np.uint32(chance)
            possible |= _1 << lane
        else:
            certain |= ((chance >> _32) & _1) << lane
            clipped |= (chance >> _63) << lane
    lanes = exposure.lanes
    lanes[CERTAIN, agent] = (lanes[CERTAIN, agent] & ~stale) | certain
    lanes[POSSIBLE, agent] = (lanes[POSSIBLE, agent] & ~stale) | possible
    lanes[CLIPPED, agent] = (lanes[CLIPPED, agent] & ~stale) | clipped
    lanes[STALE, agent] &= ~stale


@lean
def update_exposure(
    before: Moves, fresh: int, waiting: Words, entry: Entry, agents: Agents, exposure: Exposure
) -> None:
    """Bring exposures up to date with who became active, and who abandoned, at the step before.

    ``fresh`` is the kind of moves by which agents become active; ``waiting``
    are the lanes in which an agent may still enter the stage.
    """
    for leaving in range(2):
        kind = TO_ABANDONED if leaving else fresh
        for place in range(before.counts[kind]):
            agent = before.agents[kind, place]
            sign = _LESS if leaving else _MORE
            _push(agent, before.lanes[kind, agent], sign, waiting, entry, agents, exposure)


@inlined
def _push(
    agent: np.uint32, lanes: np.uint64, sign: int, waiting: Words, entry: Entry, agents: Agents, exposure: Exposure
) -> None:
    """Add (or take away) one source's weight in the exposure of all its alters."""
    tie, active, stale, kind = entry.tie, exposure.active, exposure.lanes[STALE], entry.said[0].exposure
    for slot in range(entry.agent[agent].ties, entry.agent[agent + 1].ties):
        target = tie[slot].target
        left = lanes & waiting[target] & tie[slot].lanes
        stale[target] |= left
        while left:
            lane = trailing_zeros(left)
            left &= left - _1
            if agents.varies:
                influence = agents.influence[agent, lane]
                amount = exposure_weight(kind, tie[slot].weight, tie[slot].strength, tie[slot].multiplier, influence)
            else:
                amount = tie[slot].led_amount if (agents.leads[agent] >> lane) & _1 else tie[slot].amount
            active[target, lane] += sign * amount


@lean
def enter_by_exposure(
    eligible: Words, moves: Moves, kind: int, entry: Entry, agents: Agents, exposure: Exposure, block: np.uint64,
    step: int, clipped_agent_steps: NDArray[np.int64], digits: Words,
) -> bool:  # fmt: skip
    """Let every eligible agent move with the probability of its exposure; say whether any could."""
    key_0, key_1 = entry.said[0].entry_key_0, entry.said[0].entry_key_1
    numbers = digits[: LANES // 2]
    count = moves.counts[kind]
    possible = False
    for agent in range(len(eligible)):
        stale = eligible[agent] & exposure.lanes[STALE, agent]
        if stale:
            _refresh(np.uint32(agent), stale, entry, exposure)
        moving = eligible[agent] & exposure.lanes[CERTAIN, agent]
        drawing = eligible[agent] & exposure.lanes[POSSIBLE, agent]
        clipped = eligible[agent] & exposure.lanes[CLIPPED, agent]
        if (moving | drawing | clipped) == _0:
            continue
        possible = True
        while clipped:
            clipped_agent_steps[trailing_zeros(clipped)] += 1
            clipped &= clipped - _1
        if drawing:
            fill_words(numbers, key_0, key_1, agents.key[agent], block, np.uint64(step), _0)
            moving |= drawing & _numbers_below(numbers, exposure.probability[agent])
        count = add_move(count, moves.lanes[kind], moves.agents[kind], np.uint32(agent), moving)
    moves.counts[kind] = count
    return possible


@lean
def _numbers_below(words: Words, probability: NDArray[np.uint32]) -> np.uint64:
    """Return the lanes whose 32-bit number lies below the lane's probability."""
    below = _0
    for half in range(len(words)):
        word = words[half]
        low = np.uint64((word & _LOW) < np.uint64(probability[2 * half]))
        high = np.uint64((word >> _32) < np.uint64(probability[2 * half + 1]))
        below |= (low | (high << _1)) << np.uint64(2 * half)
    return below
