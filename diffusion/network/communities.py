"""Communities: groups whose agents are tied to one another more than chance would have it.

The division sought has the largest modularity (Newman & Girvan 2004, doi
10.1103/PhysRevE.69.026113), found by the Leiden algorithm (Traag, Waltman &
van Eck 2019, doi 10.1038/s41598-019-41695-z): agents move to the group that
gains most, every group is refined into parts that hold together, the parts
become the agents of a smaller network, and so on. Every community is
connected. Where Traag and colleagues choose a part at random, the best one is
taken, and the order in which agents move follows from their ids, so the same
network has the same communities whatever the order of its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from diffusion.compiled import SOURCE_DIGEST, cached, compiled
from diffusion.draws import Purpose, entity_keys, numbers
from diffusion.network.network import Network

ORDERS = ((1_000, 30), (5_000, 10))
"""Up to how many agents the algorithm is begun in how many orders; the best division is kept. In larger ones: one."""

_ROUNDS = 20
_GAIN = 1e-12
_KEPT: WeakKeyDictionary[Network, NDArray[np.int64]] = WeakKeyDictionary()

Labels = NDArray[np.int64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def communities(network: Network) -> Labels:
    """Return each agent's community, worked out once a network; shape (agents,).

    Layers are united, and neither direction nor strength counts. Agents
    without ties are communities of one.

    Returns
    -------
    Whole numbers from 0, the largest community first, then by the first agent.

    Examples
    --------
    >>> pairs = Network.from_tables(name="pairs", ids="abcde", source="acd", target="bde")
    >>> communities(pairs).tolist()
    [1, 1, 0, 0, 0]
    """
    if network not in _KEPT:
        _KEPT[network] = _communities(network)
        _KEPT[network].flags.writeable = False
    return _KEPT[network]


def modularity(network: Network, labels: Labels) -> float:
    """Return the modularity of a division, from -.5 to 1; NaN without ties.

    Parameters
    ----------
    network, labels
        The network, and a group an agent.
    """
    alters = network.alters
    ends = len(alters.indices)
    if not ends:
        return float("nan")
    rows = np.repeat(np.arange(network.size), alters.degrees)
    within = int((labels[rows] == labels[alters.indices]).sum())
    masses = np.bincount(labels, weights=alters.degrees).astype(np.float64)
    return within / ends - float(np.square(masses / ends).sum())


def _communities(network: Network) -> Labels:
    if not len(network.alters.indices):
        return np.arange(network.size)
    size = network.size
    alters = network.alters
    ones = np.ones(len(alters.indices))
    matrix = sparse.csr_array((ones, alters.indices.astype(np.int64), alters.indptr), shape=(size, size))
    orders = numbers(0, 0, Purpose.COMMUNITY, entity_keys(network.ids), 0).astype(np.int64)
    runs = next((runs for most, runs in ORDERS if size <= most), 1)
    found = [_leiden(matrix, orders[:, run]) for run in range(runs)]
    best = max(found, key=lambda labels: round(modularity(network, labels), 12))
    return _numbered(best)


def _leiden(matrix: Any, order: NDArray[np.int64]) -> Labels:
    """Return the division from one order of agents, gone over again until nothing gains."""
    labels = np.arange(matrix.shape[0])
    for _ in range(_ROUNDS):
        before = _numbered(labels)
        labels = _connected(matrix, _pass(matrix, order, before))
        if (_numbered(labels) == before).all():
            break
    return labels


def _pass(matrix: Any, order: NDArray[np.int64], labels: Labels) -> Labels:
    """Move, refine and aggregate until every agent of the smaller network is a community."""
    part = np.arange(matrix.shape[0])  # the agent of the smaller network that each agent belongs to
    mass = np.asarray(matrix.sum(axis=1)).ravel().astype(np.float64)
    total = float(mass.sum())
    while True:
        size = matrix.shape[0]
        indptr, indices = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)
        turns = np.lexsort((np.arange(size), order)).astype(np.int64)
        labels = _moved(indptr, indices, matrix.data, mass, total, labels.copy(), turns)
        refined = _numbered(_refined(indptr, indices, matrix.data, mass, total, labels, turns))
        parts = int(refined.max()) + 1
        if parts == size:
            return labels[part]
        member = sparse.csr_array((np.ones(size), (np.arange(size), refined)), shape=(size, parts))
        first = np.zeros(parts, dtype=np.int64)
        first[refined] = np.arange(size)
        labels = _numbered(labels[first])
        order = _least(order, refined, parts)
        mass = np.bincount(refined, weights=mass, minlength=parts).astype(np.float64)
        matrix = sparse.csr_array(member.T @ matrix @ member)
        matrix.sort_indices()
        part = refined[part]


def _connected(matrix: Any, labels: Labels) -> Labels:
    """Return the same division, groups in several pieces taken apart."""
    rows = np.repeat(np.arange(len(labels)), np.diff(matrix.indptr))
    within = labels[rows] == labels[matrix.indices]
    ties = (np.ones(int(within.sum())), (rows[within], matrix.indices[within]))
    _, pieces = csgraph.connected_components(sparse.csr_array(ties, shape=matrix.shape), directed=False)
    found: Labels = pieces.astype(np.int64)
    return found


def _least(order: NDArray[np.int64], refined: Labels, parts: int) -> NDArray[np.int64]:
    least = np.full(parts, np.iinfo(np.int64).max)
    np.minimum.at(least, refined, order)
    return least


def _numbered(labels: Labels) -> Labels:
    """Return the same division, numbered by size and first agent."""
    _, first, inverse, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return rank[inverse.ravel()]


@compiled
def _tied_groups(  # noqa: PLR0917 - compiled functions cannot be called with keywords
    agent: int,
    indptr: Ints,
    indices: Ints,
    weights: Floats,
    groups: Ints,
    within: Ints,
    tied: Floats,
    near: Ints,
) -> int:
    """Add up the weights of an agent's ties by group, as far as they stay within; return how many groups are near."""
    count = 0
    for edge in range(indptr[agent], indptr[agent + 1]):
        other = indices[edge]
        if other != agent and within[other] == within[agent]:
            group = groups[other]
            if tied[group] == 0:
                near[count] = group
                count += 1
            tied[group] += weights[edge]
    return count


@compiled
def _woken(  # noqa: PLR0917 - compiled functions cannot be called with keywords
    agent: int,
    best: int,
    indptr: Ints,
    indices: Ints,
    labels: Ints,
    waiting: NDArray[np.bool_],
    queue: Ints,
    head: int,
    count: int,
) -> int:
    """Let those wait again who are tied to an agent that moved, and are elsewhere; return how many wait."""
    for edge in range(indptr[agent], indptr[agent + 1]):
        other = indices[edge]
        if not waiting[other] and labels[other] != best:
            waiting[other] = True
            queue[(head + count) % len(queue)] = other
            count += 1
    return count


@compiled
def _best_group(  # noqa: PLR0917 - compiled functions cannot be called with keywords
    count: int, near: Ints, tied: Floats, held: Floats, mass: float, total: float, own: int
) -> int:
    """Return the group that gains most, the agent's own where none gains more; -1 where it is better alone."""
    best, most = own, tied[own] - mass * held[own] / total
    for place in range(count):
        group = near[place]
        gain = tied[group] - mass * held[group] / total
        if gain > most + _GAIN:
            best, most = group, gain
    for place in range(count):
        tied[near[place]] = 0.0
    return best if most >= -_GAIN else -1


@compiled
def _best_part(  # noqa: PLR0917 - compiled functions cannot be called with keywords
    count: int,
    near: Ints,
    tied: Floats,
    held: Floats,
    outward: Floats,
    mass: float,
    room: float,
    total: float,
) -> tuple[int, float]:
    """Return the part that gains most of those tied well enough to their community, or -1, and the ties' weight."""
    best, most, shared = -1, _GAIN, 0.0
    for place in range(count):
        part = near[place]
        gain = tied[part] - mass * held[part] / total
        if gain > most and outward[part] >= held[part] * (room - held[part]) / total - _GAIN:
            best, most, shared = part, gain, tied[part]
    for place in range(count):
        tied[near[place]] = 0.0
    return best, shared


def _make_moved(digest: str) -> Callable[..., Any]:
    @cached
    def moved(indptr, indices, weights, mass, total, labels, turns):  # type: ignore[no-untyped-def]  # noqa: PLR0917
        digest  # noqa: B018 - the cache key
        size = len(mass)
        held, members = np.zeros(size), np.zeros(size, dtype=np.int64)
        for agent in range(size):
            held[labels[agent]] += mass[agent]
            members[labels[agent]] += 1
        queue, waiting = turns.copy(), np.ones(size, dtype=np.bool_)
        tied, near, anywhere = np.zeros(size), np.empty(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        head, count = 0, size
        while count:
            agent = queue[head]
            head = (head + 1) % size
            count -= 1
            waiting[agent] = False
            own = labels[agent]
            groups = _tied_groups(agent, indptr, indices, weights, labels, anywhere, tied, near)
            held[own] -= mass[agent]
            members[own] -= 1
            best = _best_group(groups, near, tied, held, mass[agent], total, own)
            if best < 0:
                best = 0
                while members[best]:
                    best += 1
            held[best] += mass[agent]
            members[best] += 1
            if best != own:
                labels[agent] = best
                count = _woken(agent, best, indptr, indices, labels, waiting, queue, head, count)
        return labels

    return moved


def _make_refined(digest: str) -> Callable[..., Any]:
    @cached
    def refined(indptr, indices, weights, mass, total, labels, turns):  # type: ignore[no-untyped-def]  # noqa: PLR0917
        digest  # noqa: B018 - the cache key
        size = len(mass)
        parts, held = np.arange(size), mass.copy()
        alone, outward, whole = np.ones(size, dtype=np.bool_), np.zeros(size), np.zeros(size)
        tied, near = np.zeros(size), np.empty(size, dtype=np.int64)
        for agent in range(size):
            whole[labels[agent]] += mass[agent]
            for place in range(_tied_groups(agent, indptr, indices, weights, parts, labels, tied, near)):
                outward[agent] += tied[near[place]]
                tied[near[place]] = 0.0
        for agent in turns:
            room = whole[labels[agent]]
            # Only those move that are still alone and tied well enough to their own community.
            if alone[agent] and outward[agent] >= mass[agent] * (room - mass[agent]) / total - _GAIN:
                groups = _tied_groups(agent, indptr, indices, weights, parts, labels, tied, near)
                best, shared = _best_part(groups, near, tied, held, outward, mass[agent], room, total)
                if best >= 0:
                    parts[agent] = best
                    alone[best] = False
                    held[best] += mass[agent]
                    outward[best] += outward[agent] - 2 * shared
        return parts

    return refined


_moved = _make_moved(SOURCE_DIGEST)
_refined = _make_refined(SOURCE_DIGEST)
