"""Which colleagues are tied: pairs of agents inside organisations."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from diffusion.network.synthesis.luck import Luck
from diffusion.network.synthesis.people import People

Places = NDArray[np.int64]
Pairs = tuple[Places, Places]

_PAIRS_AT_ONCE = 1_000_000


def colleague_pairs(people: People, wanted: Places, luck: Luck) -> Pairs:
    """Return pairs of colleagues, each pair once.

    Everyone is tied to a more prominent colleague first, so that organisations
    are in one piece. The other pairs are drawn with chances in proportion to
    the product of prominences.

    Parameters
    ----------
    people
        The agents.
    wanted
        How many pairs of each role; shape (roles,).
    luck
        The random numbers.
    """
    first, second = _joining(people, wanted, luck)
    left = wanted - np.bincount(people.role[first], minlength=len(wanted))
    taken = np.sort(_keys(people, first, second))
    chosen = [_Sample(int(count)) for count in left]
    for pairs in _every_pair(people):
        free = ~_is_in(_keys(people, *pairs), taken)
        one, other = pairs[0][free], pairs[1][free]
        chance = people.prominence[one] * people.prominence[other]
        for role, sample in enumerate(chosen):
            rows = np.flatnonzero((people.role[one] == role) & (chance > 0))
            # The smallest of exponential waiting times: Efraimidis & Spirakis 2006, doi 10.1016/j.ipl.2005.11.003.
            sample.offer(one[rows], other[rows], -np.log1p(-luck.uniforms(len(rows))) / chance[rows])
    ends = [(first, second), *((sample.first, sample.second) for sample in chosen)]
    return np.concatenate([one for one, _ in ends]), np.concatenate([other for _, other in ends])


class _Sample:
    """Keep the pairs with the shortest waiting times."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.first = self.second = np.empty(0, dtype=np.int64)
        self._time = np.empty(0)

    def offer(self, first: Places, second: Places, time: NDArray[np.float64]) -> None:
        first, second = np.concatenate([self.first, first]), np.concatenate([self.second, second])
        time = np.concatenate([self._time, time])
        kept = np.argsort(time, kind="stable")[: self._count]
        self.first, self.second, self._time = first[kept], second[kept], time[kept]


def _joining(people: People, wanted: Places, luck: Luck) -> Pairs:
    """Return a pair for each agent and a more prominent colleague, as many of each role as are wanted at most."""
    order = np.lexsort((-people.prominence, people.organisation))
    sums = np.concatenate([[0], np.cumsum(people.prominence[order])])
    start = people.start[people.organisation[order]]
    later = np.flatnonzero((people.prominence[order] > 0) & (np.arange(people.size) > start))
    earlier = luck.chosen_within(sums, start[later], later)
    first, second = order[earlier], order[later]
    shuffled = luck.order(len(first))
    kept = shuffled[first_of_each(people.role[first[shuffled]], wanted)]
    return first[kept], second[kept]


def first_of_each(group: Places, most: Places) -> NDArray[np.bool_]:
    """Tell which entries are among the first so many of their group.

    Parameters
    ----------
    group
        The group of each entry.
    most
        How many at most of each group.
    """
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group, minlength=len(most))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept: NDArray[np.bool_] = rank < most[group]
    return kept


def _every_pair(people: People) -> Iterator[Pairs]:
    """Yield all pairs of colleagues, about a million at a time."""
    before = np.arange(people.size) - people.start[people.organisation]  # how many colleagues come before each agent
    batch = np.cumsum(before) // _PAIRS_AT_ONCE
    for rows in np.split(np.arange(people.size), np.flatnonzero(np.diff(batch)) + 1):
        count = before[rows]
        second = np.repeat(rows, count)
        offset = np.arange(len(second)) - np.repeat(np.cumsum(count) - count, count)
        yield people.start[people.organisation[second]] + offset, second


def _keys(people: People, first: Places, second: Places) -> Places:
    return np.minimum(first, second) * people.size + np.maximum(first, second)


def _is_in(keys: Places, sorted_keys: Places) -> NDArray[np.bool_]:
    if not len(sorted_keys):
        return np.zeros(len(keys), dtype=bool)
    place = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    found: NDArray[np.bool_] = sorted_keys[place] == keys
    return found
