"""Which new ties shorten paths most: chosen one after another by how much closer they bring everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from diffusion.compiled import SOURCE_DIGEST, cached, compiled, integer
from diffusion.network.network import Network

MOST_AGENTS = 1_000
"""Up to how many agents all pairs are tried."""

EQUAL = 1e-9
"""By how much one tie must gain more than another to be better."""

Rows = NDArray[np.int64]


def distances(network: Network) -> NDArray[np.int64]:
    """Return the fewest steps from every agent to every other over outgoing ties; shape (agents, agents).

    The number of agents, which no distance reaches, stands where there is no path.

    Examples
    --------
    >>> path = Network.from_tables(name="path", ids="abc", source="ab", target="bc")
    >>> distances(path).tolist()
    [[0, 1, 2], [3, 0, 1], [3, 3, 0]]
    """
    alters = network.out_alters
    matrix = sparse.csr_array((np.ones(len(alters.indices)), alters.indices, alters.indptr), shape=(network.size,) * 2)
    away = csgraph.shortest_path(matrix, method="D", unweighted=True)
    return np.where(np.isfinite(away), away, network.size).astype(np.int64)


def shortening_ties(network: Network, first: Rows, second: Rows, count: int, *, both_ways: bool) -> Rows:
    """Return which new ties bring agents closest to one another, chosen greedily; shape (count,).

    Each adds most to the sum of 1 / distance over all ordered pairs (Latora &
    Marchiori 2001, doi 10.1103/PhysRevLett.87.198701), given those chosen
    before; of equals the first.

    Parameters
    ----------
    network
        The network, of at most :data:`MOST_AGENTS` agents.
    first, second
        Pairs of agents without a tie, from whom knowledge could flow to whom; shape (pairs,).
    count
        How many to choose.
    both_ways
        Whether each is a tie in return too.

    Returns
    -------
    Places among the pairs, in the order of choice.

    Examples
    --------
    >>> path = Network.from_tables(name="path", ids="abcde", source="abcd", target="bcde")
    >>> pairs = np.array([0, 0, 0]), np.array([2, 3, 4])
    >>> shortening_ties(path, *pairs, 1, both_ways=False).tolist()
    [1]
    """
    away = distances(network)
    inverse = np.zeros(network.size + 1)
    inverse[1 : network.size] = 1.0 / np.arange(1, network.size)
    left = np.ones(len(first), dtype=np.bool_)
    chosen = []
    for _ in range(min(count, len(first))):
        onward = np.ascontiguousarray(away.T)
        place = int(_best_pair(away, onward, inverse, first, second, left, integer(both_ways)))
        chosen.append(place)
        left[place] = False
        ends = int(first[place]), int(second[place])
        away = _closer(away, *ends)
        if both_ways:
            away = _closer(away, *ends[::-1])
    return np.array(chosen, dtype=np.int64)


def _closer(away: NDArray[np.int64], source: int, target: int) -> NDArray[np.int64]:
    """Return distances with one more tie."""
    through: NDArray[np.int64] = away[:, source, np.newaxis] + 1 + away[target]
    return np.minimum(away, through)


@compiled
def _gain(  # noqa: PLR0917 - compiled functions cannot be called with keywords
    away: NDArray[np.int64],
    onward: NDArray[np.int64],
    inverse: NDArray[np.float64],
    source: int,
    target: int,
    nearer: NDArray[np.int64],
) -> float:
    """Return what the sum of 1 / distance gains by a tie.

    Only to those whom the target is closer to than the source, by more than the
    tie, and only from those who are so much closer to the source, can a path become shorter.
    """
    size = len(away)
    reached = 0
    for agent in range(size):
        if 1 + away[target, agent] < away[source, agent]:
            nearer[reached] = agent
            reached += 1
    gain = 0.0
    for start in range(size):
        if onward[source, start] + 1 >= onward[target, start]:
            continue
        for place in range(reached):
            end = nearer[place]
            through = onward[source, start] + 1 + away[target, end]
            if end != start and through < away[start, end]:
                gain += inverse[through] - inverse[away[start, end]]
    return gain


def _make_best_pair(digest: str) -> Callable[..., Any]:
    @cached
    def best_pair(away, onward, inverse, first, second, left, both_ways):  # type: ignore[no-untyped-def]  # noqa: PLR0917
        digest  # noqa: B018 - the cache key
        nearer = np.empty(len(away), dtype=np.int64)
        best = -1
        most = -1.0
        for pair in range(len(first)):
            if not left[pair]:
                continue
            gain = _gain(away, onward, inverse, first[pair], second[pair], nearer)
            if both_ways:
                gain += _gain(away, onward, inverse, second[pair], first[pair], nearer)
            if gain > most + EQUAL:
                best, most = pair, gain
        return best

    return best_pair


_best_pair = _make_best_pair(SOURCE_DIGEST)
