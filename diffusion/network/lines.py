"""How many shortest paths go over each tie."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import rustworkx
from numpy.typing import NDArray
from scipy import sparse

from diffusion.network.network import Network

MOST_WORK = 2_000_000_000
"""Up to how many agents times ties shortest paths are counted."""

DECIMALS = 6
"""To how many decimals scores are rounded, so that equals are equal."""

_ONE_AFTER_ANOTHER = 2**31
_KEPT: WeakKeyDictionary[Network, Any] = WeakKeyDictionary()


def line_betweenness(network: Network) -> Any:
    """Return how many ordered pairs' shortest paths go from one agent to another directly; sparse (agents, agents).

    Each pair counts as 1, shared among its shortest paths (Girvan & Newman
    2002, doi 10.1073/pnas.122653799), over outgoing ties, those of all layers
    together. Worked out once a network.

    Examples
    --------
    >>> path = Network.from_tables(name="path", ids="abc", source="ab", target="bc")
    >>> line_betweenness(path).toarray().tolist()
    [[0.0, 2.0, 0.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]]
    """
    if network not in _KEPT:
        alters = network.out_alters
        rows = np.repeat(np.arange(network.size), alters.degrees)
        graph: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph(multigraph=False)
        graph.add_nodes_from([None] * network.size)
        graph.add_edges_from_no_data(list(zip(rows.tolist(), alters.indices.tolist(), strict=True)))
        # Sums in an order of their own on several processors would differ in their last bits.
        found: Any = rustworkx.digraph_edge_betweenness_centrality(
            graph, normalized=False, parallel_threshold=_ONE_AFTER_ANOTHER
        )
        scores: NDArray[np.float64] = np.round([found[edge] for edge in range(len(rows))], DECIMALS)
        _KEPT[network] = sparse.csr_array((scores, alters.indices, alters.indptr), shape=(network.size, network.size))
    return _KEPT[network]
