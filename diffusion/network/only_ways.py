"""Only ways: which shortest paths hang on one tie, so that its loss makes them longer.

From an agent to another there may be several alters a step nearer. Where there
is one, the tie to it is the only way that is shortest; without any other tie
all distances to that target stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, cached
from diffusion.network.network import Network

NOBODY = -1


def only_ways(network: Network) -> NDArray[np.int32]:
    """Return, by agent and target, the one alter a step nearer to the target; -1 where none or several are.

    Parameters
    ----------
    network
        The network.

    Returns
    -------
    Shape (agents, agents).

    Examples
    --------
    >>> path = Network.from_tables(name="path", ids="abc", source="ab", target="bc")
    >>> only_ways(path).tolist()
    [[-1, 1, 1], [-1, -1, 2], [-1, -1, -1]]
    """
    outgoing, incoming = network.out_alters, network.in_alters
    found: NDArray[np.int32] = _only_ways(outgoing.indptr, outgoing.indices, incoming.indptr, incoming.indices)
    return found


def _make_only_ways(digest: str) -> Callable[..., Any]:
    @cached
    def only_ways(out_indptr, out_indices, in_indptr, in_indices):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        size = len(out_indptr) - 1
        found = np.full((size, size), NOBODY, dtype=np.int32)
        steps, queue = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
        for target in range(size):
            steps[:] = NOBODY
            steps[target], queue[0] = 0, target
            place, filled = 0, 1
            while place < filled:
                agent = queue[place]
                place += 1
                for edge in range(in_indptr[agent], in_indptr[agent + 1]):
                    other = in_indices[edge]
                    if steps[other] < 0:
                        steps[other] = steps[agent] + 1
                        queue[filled] = other
                        filled += 1
            for at in range(1, filled):
                agent, nearer = queue[at], 0
                for edge in range(out_indptr[agent], out_indptr[agent + 1]):
                    if steps[out_indices[edge]] == steps[agent] - 1:
                        nearer += 1
                        found[agent, target] = out_indices[edge]
                if nearer > 1:
                    found[agent, target] = NOBODY
        return found

    return only_ways


_only_ways = _make_only_ways(SOURCE_DIGEST)
