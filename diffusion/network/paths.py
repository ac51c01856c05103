"""Distances between all pairs of agents, 64 agents at a time.

Agents to be reached are taken 64 at a time, a bit each, and a word an agent
says which of them it reaches within the steps so far. One pass over the ties
moves all 64 a step further, so that closeness takes a 64th of what a search
from every agent would. What is counted is whole, so no order of agents
changes a count.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, cached, compiled, integer
from diffusion.network.network import Adjacency, Network

NOBODY = -1

MANY_AGENTS = 2_000
"""Above how many agents the work is done in parts, by all processors."""

PARTS = 64
"""In how many parts at most."""

_WORD = 64

Words: TypeAlias = NDArray[np.uint64]

_WHOLE: WeakKeyDictionary[Network, Reach] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Hold how far agents reach along outgoing ties.

    Attributes
    ----------
    others
        How many others each agent reaches; shape (agents,).
    total
        The sum of its distances to them; shape (agents,).
    inverse
        The sum of 1 / distance to them; shape (agents,).
    pairs
        How many ordered pairs are at each distance, from 0; shape (agents + 1,).
    """

    others: NDArray[np.int64]
    total: NDArray[np.int64]
    inverse: NDArray[np.float64]
    pairs: NDArray[np.int64]

    @property
    def inverse_sum(self) -> float:
        """Return the sum of 1 / distance over all ordered pairs within reach."""
        longest = int(np.flatnonzero(self.pairs).max(initial=0))
        return float((self.pairs[1 : longest + 1] / np.arange(1, longest + 1)).sum())


def reach(
    network: Network,
    *,
    removed: NDArray[np.bool_] | None = None,
    line: tuple[int, int] = (NOBODY, NOBODY),
    to: NDArray[np.int64] | None = None,
) -> Reach:
    """Return how far every agent reaches along outgoing ties; that of the whole network is worked out once.

    Parameters
    ----------
    network
        The network.
    removed
        Agents to leave out with their ties; shape (agents,).
    line
        Two agents; the ties between them are left out.
    to
        The agents who are to be reached; all by default.

    Examples
    --------
    >>> path = Network.from_tables(name="path", ids="abc", source="ab", target="bc")
    >>> reach(path).total.tolist(), reach(path, line=(1, 2)).others.tolist()
    ([3, 1, 0], [1, 0, 0])
    """
    there = np.zeros(network.size, dtype=np.bool_) if removed is None else removed
    wanted = np.arange(network.size) if to is None else to
    if removed is None and to is None and line == (NOBODY, NOBODY):
        if network not in _WHOLE:
            _WHOLE[network] = _searched(network, there, line, wanted)
        return _WHOLE[network]
    return _searched(network, there, line, wanted)


def ball_sums(adjacency: Adjacency, values: NDArray[np.float64], radius: int, active: NDArray[np.bool_]) -> Any:
    """Return, per agent, the sum of values of those at exactly some distance; shape (agents,).

    Parameters
    ----------
    adjacency
        Whom each agent is tied to.
    values
        A value an agent; shape (agents,).
    radius
        The distance.
    active
        Who is there; others are left out with their ties; shape (agents,).
    """
    return _ball_sums(adjacency.indptr, adjacency.indices, values, integer(radius), active)


def paths_through(adjacency: Adjacency) -> NDArray[np.float64]:
    """Return, per agent, the sum over ordered pairs of others of the share of their shortest paths that pass it.

    Brandes (2001, doi 10.1080/0022250X.2001.9990249), source by source in the order of the agents.

    Parameters
    ----------
    adjacency
        To whom each agent has a tie.
    """
    parts = _in_parts(len(adjacency.degrees), partial(_paths_through, adjacency.indptr, adjacency.indices))
    found: NDArray[np.float64] = sum(parts)
    return found


def _searched(network: Network, removed: NDArray[np.bool_], line: tuple[int, int], wanted: NDArray[np.int64]) -> Reach:
    incoming = network.in_alters
    ends = (integer(line[0]), integer(line[1]))
    parts = _in_parts(len(wanted), partial(_reach, incoming.indptr, incoming.indices, removed, *ends, wanted))
    counted = [sum(numbers) for numbers in zip(*parts, strict=True)]
    for numbers in counted:
        numbers.flags.writeable = False
    return Reach(*counted)


def _in_parts(size: int, work: Callable[[int, int], Any]) -> list[Any]:
    """Return what is found of some agents after others, by all processors where there are many agents.

    The parts follow from the number of agents alone and are in order, so that
    sums of them are the same to the last bit on however many processors.
    """
    if size <= MANY_AGENTS:
        return [work(integer(0), integer(size))]
    width = _WORD * -(-size // (_WORD * PARTS))
    starts = range(0, size, width)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda start: work(integer(start), integer(min(start + width, size))), starts))


@compiled
def _ones_in(word: np.uint64) -> np.int64:
    """Count the bits of a word that are set."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def _handed_back(  # noqa: PLR0917 - compiled functions cannot be called with keywords
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    agents: NDArray[np.int64],
    count: int,
    fresh: Words,
    seen: Words,
    coming: Words,
    touched: NDArray[np.int64],
    first: int,
    second: int,
) -> int:
    """Tell those from whom some agents learn what is new to these; return how many were told."""
    told = 0
    for place in range(count):
        agent = agents[place]
        word = fresh[agent]
        cut = second if agent == first else first if agent == second else NOBODY
        for edge in range(indptr[agent], indptr[agent + 1]):
            other = indices[edge]
            new = word & ~seen[other]
            if new and other != cut:
                if not coming[other]:
                    touched[told] = other
                    told += 1
                coming[other] |= new
    for place in range(count):
        fresh[agents[place]] = np.uint64(0)
    return told


def _make_reach(digest: str) -> Callable[..., Any]:
    @cached
    def reach(indptr, indices, removed, first, second, wanted, begin, end):  # type: ignore[no-untyped-def]  # noqa: PLR0917
        digest  # noqa: B018 - the cache key
        size = len(removed)
        others, total = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        inverse, pairs = np.zeros(size), np.zeros(size + 1, dtype=np.int64)
        seen, fresh = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.uint64)
        coming = np.zeros(size, dtype=np.uint64)
        agents, touched = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
        for start in range(begin, end, _WORD):
            count = 0
            for agent in range(size):
                seen[agent] = ~np.uint64(0) if removed[agent] else np.uint64(0)
            for place in range(start, min(start + _WORD, end)):
                agent = wanted[place]
                if not removed[agent]:
                    seen[agent] = fresh[agent] = np.uint64(1) << np.uint64(place - start)
                    agents[count] = agent
                    count += 1
            distance = 0
            while count:
                distance += 1
                told = _handed_back(indptr, indices, agents, count, fresh, seen, coming, touched, first, second)
                count = told
                for place in range(told):
                    agent = touched[place]
                    new = coming[agent]
                    coming[agent] = np.uint64(0)
                    seen[agent] |= new
                    fresh[agent] = new
                    agents[place] = agent
                    ones = _ones_in(new)
                    others[agent] += ones
                    total[agent] += ones * distance
                    inverse[agent] += ones / distance
                    pairs[distance] += ones
        return others, total, inverse, pairs

    return reach


@compiled
def _counted_paths(  # noqa: PLR0917 - compiled functions cannot be called with keywords
    source: int,
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    steps: NDArray[np.int64],
    paths: NDArray[np.float64],
    order: NDArray[np.int64],
) -> int:
    """Count the shortest paths from an agent to each; return how many are reached, in order of their distance."""
    steps[source], paths[source], order[0] = 0, 1.0, source
    filled, place = 1, 0
    while place < filled:
        agent = order[place]
        place += 1
        for edge in range(indptr[agent], indptr[agent + 1]):
            other = indices[edge]
            if steps[other] < 0:
                steps[other] = steps[agent] + 1
                order[filled] = other
                filled += 1
            if steps[other] == steps[agent] + 1:
                paths[other] += paths[agent]
    return filled


def _make_paths_through(digest: str) -> Callable[..., Any]:
    @cached
    def paths_through(indptr, indices, begin, end):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        size = len(indptr) - 1
        sums, passed, weight, paths = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)
        steps, order = np.full(size, NOBODY, dtype=np.int64), np.empty(size, dtype=np.int64)
        for source in range(begin, end):
            reached = _counted_paths(source, indptr, indices, steps, paths, order)
            for place in range(reached - 1, -1, -1):
                agent = order[place]
                onward = 0.0
                for edge in range(indptr[agent], indptr[agent + 1]):
                    other = indices[edge]
                    if steps[other] == steps[agent] + 1:
                        onward += weight[other]
                passed[agent] = paths[agent] * onward
                weight[agent] = (1 + passed[agent]) / paths[agent]
            for place in range(1, reached):
                sums[order[place]] += passed[order[place]]
            for place in range(reached):
                steps[order[place]] = NOBODY
                paths[order[place]] = 0.0
        return sums

    return paths_through


def _make_ball_sums(digest: str) -> Callable[..., Any]:
    @cached
    def ball_sums(indptr, indices, values, radius, active):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        size = len(values)
        sums = np.zeros(size)
        visited = np.full(size, NOBODY, dtype=np.int64)
        queue = np.empty(size, dtype=np.int64)
        for centre in range(size):
            if not active[centre]:
                continue
            visited[centre] = centre
            queue[0] = centre
            begin, end = 0, 1
            for _ in range(radius):
                filled = end
                for place in range(begin, end):
                    agent = queue[place]
                    for edge in range(indptr[agent], indptr[agent + 1]):
                        other = indices[edge]
                        if active[other] and visited[other] != centre:
                            visited[other] = centre
                            queue[filled] = other
                            filled += 1
                begin, end = end, filled
            for place in range(begin, end):
                sums[centre] += values[queue[place]]
        return sums

    return ball_sums


_reach = _make_reach(SOURCE_DIGEST)
_paths_through = _make_paths_through(SOURCE_DIGEST)
_ball_sums = _make_ball_sums(SOURCE_DIGEST)
