"""Matched leaders: others of the same role and about as well connected, who do not hold the position.

An arm's *matched null* is played with such leaders, drawn anew in every
replicate. What the arm does better than that is owed to the position itself,
not to its leaders' roles nor to how many learn from them.

A match of a leader is an agent of its role whose out-degree (distinct alters,
over all layers) differs from the leader's by at most 10 %, or by 1 where that
is more, and who leads in no replicate of the arm. No two leaders have the same
match. With fewer than two to draw from, or too few for all leaders, there is
no match: always the same agent would be an arm of its own, not a null.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES, Purpose, entity_keys, numbers
from diffusion.network.network import Network
from diffusion.positions.leaders import LeaderChoice, leader_words

MATCHING_VERSION = 1
"""Raised whenever the same arm gets other matches; part of what names stored runs."""

TENTHS = 10
"""A match's out-degree may differ by a tenth of the leader's; by 1 where that is more."""

FEWEST_CANDIDATES = 2
"""From how many agents a match must be drawn at least."""

_TAKEN = np.uint64(2**64 - 1)


@dataclass(frozen=True)
class Matching:
    """Hold who may stand in for each agent that may lead.

    Attributes
    ----------
    choice
        Who leads in the arm.
    leaders
        The agents that lead in some replicate, those with the fewest candidates first.
    candidates
        For each of them, the agents that its match is drawn from, ascending.
    unmatched
        Those of them for whom there is no match, ascending; the arm then has
        no matched null.
    """

    choice: LeaderChoice
    leaders: tuple[int, ...]
    candidates: tuple[tuple[int, ...], ...]
    unmatched: tuple[int, ...]


def matching(network: Network, choice: LeaderChoice) -> Matching:
    """Return who may stand in for the leaders of an arm.

    Parameters
    ----------
    network
        The network.
    choice
        Who leads.

    Examples
    --------
    >>> pairs = Network.from_tables(name="pairs", ids="abcdef", source="ace", target="bdf")
    >>> found = matching(pairs, LeaderChoice((0,)))
    >>> [pairs.ids[agent] for agent in found.candidates[0]]
    ['b', 'c', 'd', 'e', 'f']
    """
    leading = sorted({*choice.fixed, *choice.among})
    by_leader = {leader: _candidates(network, leader, leading) for leader in leading}
    ordered = sorted(leading, key=lambda leader: (len(by_leader[leader]), leader))
    few = {leader for leader in leading if len(by_leader[leader]) < FEWEST_CANDIDATES}
    # Whoever has as many candidates as there are leaders gets one whatever the others get.
    scarce = [leader for leader in ordered if len(by_leader[leader]) < choice.count and leader not in few]
    matches: dict[int, int] = {}
    for leader in scarce:
        if not _assign(leader, {other: by_leader[other] for other in scarce}, matches, set()):
            few.add(leader)
    return Matching(choice, tuple(ordered), tuple(by_leader[leader] for leader in ordered), tuple(sorted(few)))


def matched_words(found: Matching, network: Network, *, seed: int, world: int, block: int) -> NDArray[np.uint64]:
    """Return who stands in for the leaders in 64 replicates, a bit a replicate.

    Parameters
    ----------
    found, network
        The matching, in which everybody has a match, and the network it was made for.
    seed, world
        The seed and the world.
    block
        Which 64 replicates: 64 * block … 64 * block + 63.

    Returns
    -------
    Bit ``r % 64`` of word i is set where agent i leads in replicate r; shape (agents,).
    """
    leads = leader_words(found.choice, network, seed=seed, world=world, block=block)
    keys = _agent_keys(network.ids)
    # A place below each number tells equal numbers apart.
    drawn = numbers(seed, world, Purpose.MATCHED, keys, block).astype(np.uint64) << np.uint64(31)
    drawn |= np.arange(network.size, dtype=np.uint64)[:, np.newaxis]
    free = drawn.copy()
    failed = np.uint64(0)
    for leader, candidates in zip(found.leaders, found.candidates, strict=True):
        failed |= _take_smallest(free, np.array(candidates), leads[leader])
    words = _words_of(free == _TAKEN)
    for lane in range(LANES):
        bit = np.uint64(1) << np.uint64(lane)
        if failed & bit:
            words = (words & ~bit) | _assigned(found, leads, drawn[:, lane], bit)
    return words


def matched_table(found: Matching, network: Network, *, seed: int, world: int, replicates: int) -> NDArray[np.bool_]:
    """Return who stands in for the leaders in each of the first replicates; shape (replicates, agents)."""
    blocks = range(-(-replicates // LANES))
    words = [matched_words(found, network, seed=seed, world=world, block=block) for block in blocks]
    octets = np.array(words).astype("<u8").view(np.uint8).reshape(len(words), network.size, LANES // 8)
    bits = np.unpackbits(octets, axis=2, bitorder="little").view(np.bool_)
    return bits.transpose(0, 2, 1).reshape(-1, network.size)[:replicates]


@lru_cache(maxsize=8)
def _agent_keys(ids: tuple[str, ...]) -> NDArray[np.uint64]:
    return entity_keys(ids)


def _take_smallest(free: NDArray[np.uint64], candidates: NDArray[np.int64], lanes: np.uint64) -> np.uint64:
    """Take, in the lanes that are set, the candidate of the smallest number; return the lanes where none is left."""
    here = np.flatnonzero(_bits_of(lanes))
    if not here.size:
        return np.uint64(0)
    left = free[np.ix_(candidates, here)]
    smallest = left.argmin(axis=0)
    is_found = left[smallest, np.arange(len(here))] != _TAKEN
    free[candidates[smallest[is_found]], here[is_found]] = _TAKEN
    failed = np.zeros(LANES, dtype=np.bool_)
    failed[here[~is_found]] = True
    return np.uint64(_words_of(failed[np.newaxis])[0])


def _assigned(
    found: Matching, leads: NDArray[np.uint64], drawn: NDArray[np.uint64], bit: np.uint64
) -> NDArray[np.uint64]:
    """Return the matches of one replicate in which the smallest numbers do not go round, as a bit an agent."""
    chosen = {
        leader: tuple(sorted(candidates, key=drawn.__getitem__))
        for leader, candidates in zip(found.leaders, found.candidates, strict=True)
        if leads[leader] & bit
    }
    matches: dict[int, int] = {}
    for leader in chosen:
        _assign(leader, chosen, matches, set())
    words = np.zeros(len(leads), dtype=np.uint64)
    words[list(matches)] = bit
    return words


def _assign(leader: int, candidates: dict[int, tuple[int, ...]], matches: dict[int, int], tried: set[int]) -> bool:
    """Give a leader a match, moving others to their other candidates where need be; say whether it has one."""
    for candidate in candidates[leader]:
        if candidate in tried:
            continue
        tried.add(candidate)
        if candidate not in matches or _assign(matches[candidate], candidates, matches, tried):
            matches[candidate] = leader
            return True
    return False


def _candidates(network: Network, leader: int, leading: list[int]) -> tuple[int, ...]:
    degrees = network.out_alters.degrees
    near = TENTHS * np.abs(degrees - degrees[leader]) <= max(TENTHS, int(degrees[leader]))
    near &= network.role_index == network.role_index[leader]
    near[leading] = False
    return tuple(np.flatnonzero(near).tolist())


def _bits_of(word: np.uint64) -> NDArray[np.bool_]:
    """Return the 64 bits of a word, the lowest first."""
    octets = np.array([word], dtype="<u8").view(np.uint8)
    return np.unpackbits(octets, bitorder="little").view(np.bool_)


def _words_of(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return rows of 64 bits as words, the first bit lowest."""
    return np.packbits(bits, axis=1, bitorder="little").view("<u8").ravel().astype(np.uint64)
