"""Which agents are tied: pairs inside organisations, then pairs between them, many of which close a two-path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from diffusion.network.synthesis.affinity import Affinity, affinity_of
from diffusion.network.synthesis.blocks import Blocks
from diffusion.network.synthesis.colleagues import Pairs, colleague_pairs, first_of_each
from diffusion.network.synthesis.luck import Luck
from diffusion.network.synthesis.people import People
from diffusion.network.synthesis.targets import Targets

Places = NDArray[np.int64]
Report = Callable[[str, int, int], None]

ROUNDS = 12
"""In how many parts pairs between organisations are drawn; each may close the two-paths of those before."""

_TRIES = 60
_CLOSING_TRIES = 8
_CANDIDATES = 2
_LONE = 0.05
_JOINING_TRIES = 200
_AT_ONCE = 1_000_000
_FEW_AGENTS = 3_000


@dataclass(frozen=True, slots=True)
class Making:
    """State by what means transitivity and inequality are met.

    Attributes
    ----------
    closure
        The share of ties between organisations that are made to close a two-path.
    spread
        The standard deviation of the logarithm of people's prominence.
    """

    closure: float
    spread: float


def drawn_pairs(
    targets: Targets, people: People, blocks: Blocks, *, closure: float, seed: int, report: Report | None = None
) -> Pairs:
    """Return all tied pairs, in ascending order.

    Parameters
    ----------
    targets
        The targets.
    people
        The agents.
    blocks
        How many pairs are tied in each block.
    closure
        The share of ties between organisations that are made to close a two-path.
    seed
        Which of the regions with these targets.
    report
        Is told what is drawn, how many pairs are, and of how many.
    """
    between = blocks.between.sum(axis=0)
    total = int(blocks.inside.sum() + between.sum())
    inside = colleague_pairs(people, blocks.inside.sum(axis=0), Luck(seed, targets.name, "colleagues"))
    through = targets.through_brokers
    state = _State(
        people,
        affinity_of(targets, people, between),
        Luck(seed, targets.name, "between"),
        between.copy(),
        None if through is None else (1 - through) / max(through, 1e-9),
    )
    state.add(*inside, inside=True)
    leading = [entry.brokers and targets.through_brokers is not None for entry in targets.organisations]
    _join(state, np.array(leading)[people.kind[people.organisation]])
    for part in range(ROUNDS, 0, -1):
        if report:
            report("ties", len(state.keys), total)
        wanted = -(-state.left // part)
        _close(state, np.rint(closure * wanted).astype(np.int64), wanted)
        _tie(state, wanted)
    if people.size <= _FEW_AGENTS:
        _fill(state)
    return state.keys // people.size, state.keys % people.size


@dataclass
class _State:
    """Hold the pairs that are tied, and how many are still to be tied between organisations by pair of roles."""

    people: People
    affinity: Affinity
    luck: Luck
    left: Places
    most_unbrokered: float | None = None
    brokered: int = 0
    unbrokered: int = 0
    keys: Places = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def block(self, first: Places, second: Places) -> Places:
        return self.affinity.block[self.affinity.group[first], self.affinity.group[second]]

    def factor(self, first: Places, second: Places) -> NDArray[np.float64]:
        return self.affinity.factor[self.affinity.group[first], self.affinity.group[second]]

    def closing(self, first: Places, second: Places) -> NDArray[np.float64]:
        return self.affinity.closing[self.affinity.group[first], self.affinity.group[second]]

    def key(self, first: Places, second: Places) -> Places:
        return np.minimum(first, second) * self.people.size + np.maximum(first, second)

    def has(self, first: Places, second: Places) -> NDArray[np.bool_]:
        """Tell which pairs are tied."""
        if not len(self.keys):
            return np.zeros(len(first), dtype=bool)
        keys = self.key(first, second)
        order = np.argsort(keys)  # a search for ascending keys finds their neighbours in the processor's cache
        ascending = keys[order]
        found = np.empty(len(keys), dtype=bool)
        place = np.minimum(np.searchsorted(self.keys, ascending), len(self.keys) - 1)
        found[order] = self.keys[place] == ascending
        return found

    def add(self, first: Places, second: Places, *, inside: bool = False) -> None:
        """Tie pairs, each of which is new."""
        new = np.sort(self.key(first, second))
        self.keys = np.insert(self.keys, np.searchsorted(self.keys, new), new)
        if not inside:
            self.left = self.left - np.bincount(self.block(first, second), minlength=len(self.left))
            groups = self.affinity.group[first], self.affinity.group[second]
            self.brokered += int(self.affinity.brokered[groups].sum())
            self.unbrokered += int(self.affinity.unbrokered[groups].sum())

    def new_of(self, first: Places, second: Places, wanted: Places) -> Pairs:
        """Return the candidates that can be tied: between organisations, new, once, no more of a block than wanted."""
        apart = ~_colleagues(self, first, second)
        first, second = first[apart], second[apart]
        keys = self.key(first, second)
        _, once = np.unique(keys, return_index=True)
        once.sort()
        first, second = first[once], second[once]
        fresh = ~self.has(first, second)
        first, second = first[fresh], second[fresh]
        if self.most_unbrokered is not None:
            within = self._within_brokers_share(first, second, self.most_unbrokered)
            first, second = first[within], second[within]
        kept = first_of_each(self.block(first, second), wanted)
        return first[kept], second[kept]

    def _within_brokers_share(self, first: Places, second: Places, most: float) -> NDArray[np.bool_]:
        """Tell which candidates leave brokers their share: so many ties without one as there are ties for at most."""
        groups = self.affinity.group[first], self.affinity.group[second]
        without = self.affinity.unbrokered[groups]
        left = int(most * self.brokered) - self.unbrokered
        within: NDArray[np.bool_] = ~without | (np.cumsum(without) <= left)
        return within


def _join(state: _State, brokers: NDArray[np.bool_]) -> None:
    """Tie each piece of the network to one that was joined before, so that all are connected.

    The most prominent agent of a piece is tied to anybody of the others, by
    prominence, affinity and the densities wanted. Pieces are joined in the
    order of these agents' prominence, those of brokers first.
    """
    people, affinity, luck = state.people, state.affinity, state.luck
    piece = _pieces(state)
    head = np.lexsort((-people.prominence, piece))
    head = head[np.append(True, np.diff(piece[head]) > 0)]
    order = np.lexsort((-people.prominence[head], ~brokers[head]))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    agents = np.argsort(place[piece], kind="stable")
    sums = np.concatenate([[0], np.cumsum(people.prominence[agents])])
    end = np.concatenate([[0], np.cumsum(np.bincount(place[piece]))])
    likely = affinity.factor * (state.left / np.maximum(_chances(affinity), 1e-300))[affinity.block]
    likely /= np.maximum(likely.max(axis=1, keepdims=True), 1e-300)
    waiting = order[1:][people.prominence[head[order[1:]]] > 0]
    for attempt in range(_JOINING_TRIES):
        if not len(waiting):
            break
        one = head[waiting]
        other = agents[luck.chosen_within(sums, np.zeros(len(one), dtype=np.int64), end[place[waiting]])]
        chance = likely[affinity.group[one], affinity.group[other]]
        taken = luck.uniforms(len(one)) < (chance if attempt < _JOINING_TRIES // 2 else np.sign(chance))
        joined = state.new_of(one[taken], other[taken], state.left)
        state.add(*joined)
        waiting = waiting[~np.isin(one, joined[0])]


def _pieces(state: _State) -> Places:
    """Return which piece of the network each agent is in."""
    size = state.people.size
    ends = state.keys // size, state.keys % size
    graph = sparse.coo_array((np.ones(len(state.keys), dtype=bool), ends), shape=(size, size))
    pieces: Places = csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
    return pieces


def _chances(affinity: Affinity) -> NDArray[np.float64]:
    """Return the sum of the chances of all pairs, by the pair of roles."""
    blocks = range(int(affinity.block.max()) + 1)
    return np.array([np.cumsum(np.append(0.0, affinity.cells(block)[2]))[-1] for block in blocks])


def _close(state: _State, wanted: Places, most: Places) -> None:
    """Tie the ends of two-paths, as many of each block as are wanted, if there are so many."""
    size, luck = state.people.size, state.luck
    left = np.minimum(wanted, most)
    ends = np.concatenate([state.keys // size, state.keys % size])
    order = np.argsort(ends, kind="stable")
    alters = np.concatenate([state.keys % size, state.keys // size])[order]
    degree = np.bincount(ends, minlength=size)
    start = np.cumsum(degree) - degree
    sums = np.cumsum(np.where(degree > 0, state.people.prominence, 0))
    for _ in range(_CLOSING_TRIES):
        count = int(left.sum())
        if not count or not len(alters):
            break
        first = luck.chosen(min(8 * count + 64, _AT_ONCE), sums)
        second = first
        for _ in range(_CANDIDATES):
            middle = alters[start[first] + luck.places(len(first), degree[first])]
            other = alters[start[middle] + luck.places(len(first), degree[middle])]
            second = _likelier(state, first, second, other)
        third = alters[start[second] + luck.places(len(first), degree[second])]
        fits = (luck.uniforms(len(first)) < _LONE) | state.has(first, third)
        found = state.new_of(first[fits], second[fits], left)
        state.add(*found)
        blocks = np.bincount(state.block(*found), minlength=len(left))
        left -= blocks
        most -= blocks


def _likelier(state: _State, first: Places, second: Places, other: Places) -> Places:
    """Return one of two candidates for a tie to each first agent, by lot, with chances by prominence."""
    chances = [
        np.where(_colleagues(state, first, one), 0.0, state.closing(first, one) * state.people.prominence[one])
        for one in (second, other)
    ]
    return np.where(state.luck.uniforms(len(first)) * (chances[0] + chances[1]) < chances[0], second, other)


def _colleagues(state: _State, first: Places, second: Places) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = state.people.organisation[first] == state.people.organisation[second]
    return same


def _tie(state: _State, wanted: Places) -> None:
    """Tie pairs by prominence and affinity, as many of each block as are wanted."""
    cells = [state.affinity.cells(block) for block in range(len(wanted))]
    for _ in range(_TRIES):
        first, second = [], []
        for count, (one, other, chance) in zip(wanted.tolist(), cells, strict=True):
            sums = np.cumsum(chance)
            if count and len(sums) and sums[-1] > 0:
                cell = state.luck.chosen(min(count + count // 4 + 16, _AT_ONCE), sums)
                first.append(state.affinity.agents(one[cell], state.luck))
                second.append(state.affinity.agents(other[cell], state.luck))
        if not first:
            break
        found = state.new_of(np.concatenate(first), np.concatenate(second), wanted)
        state.add(*found)
        wanted = wanted - np.bincount(state.block(*found), minlength=len(wanted))


def _fill(state: _State) -> None:
    """Tie what is left where nearly all likely pairs are tied, by going through all pairs."""
    if not state.left.any():
        return
    first, second = np.triu_indices(state.people.size, k=1)
    chance = state.people.prominence[first] * state.people.prominence[second] * state.factor(first, second)
    rows = np.flatnonzero((chance > 0) & (state.left[state.block(first, second)] > 0))
    time = -np.log1p(-state.luck.uniforms(len(rows))) / chance[rows]
    rows = rows[np.argsort(time, kind="stable")]
    state.add(*state.new_of(first[rows], second[rows], np.maximum(state.left, 0)))
