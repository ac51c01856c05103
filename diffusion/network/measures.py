"""Measures of agents and of whole networks, after the field's definitions.

Every measure reads the union of the layers, unweighted: a tie is there or it is
not. Ties point the way knowledge flows, and every directed measure of an agent
follows its *outgoing* ties: it scores what the agent can pass on.

Scores are deterministic to the last bit on one machine: nothing here adds up
in an order that could vary. With n agents and m ties, :func:`betweenness`
takes time in proportion to n · m (half a second for 3,000 agents with 30,000
ties on two processors), and :func:`closeness`, :func:`harmonic_closeness` and
:func:`path_lengths`, together, a small part of that (a minute for 100,000
agents with a million ties); the others take seconds for a million ties, unless
an eigenvector has no gap to speak of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import rustworkx
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from diffusion.network.network import Adjacency, Network
from diffusion.network.paths import paths_through, reach

DAMPING = 0.85
"""The share of :func:`pagerank` that is handed on along ties (Brin & Page 1998)."""

_PAGERANK_ROUNDS = 200  # 0.85 ** 200 is below 1e-14
_EIGENVECTOR_ROUNDS = 10_000
_EIGENVECTOR_CHANGE = 1e-14
_NEGLIGIBLE = 1e-10
_ROWS_AT_ONCE = 256  # bounds the memory of all-pairs results to 256 rows


def out_degree(network: Network) -> NDArray[np.float64]:
    """Return how many distinct agents learn from each agent; shape (agents,)."""
    return network.out_alters.degrees.astype(np.float64)


def in_degree(network: Network) -> NDArray[np.float64]:
    """Return from how many distinct agents each agent learns; shape (agents,)."""
    return network.in_alters.degrees.astype(np.float64)


def degree(network: Network) -> NDArray[np.float64]:
    """Return how many distinct alters each agent has, in either direction; shape (agents,)."""
    return network.alters.degrees.astype(np.float64)


def closeness(network: Network) -> NDArray[np.float64]:
    """Return each agent's closeness to those whom it can reach.

    With r the number of other agents within reach along outgoing ties, of
    n - 1, and d the mean distance to them: r / (n - 1) / d, and 0 where r is 0.
    This is the form for networks in several pieces by Wasserman & Faust (1994,
    doi 10.1017/CBO9780511815478, equation 5.22).

    Returns
    -------
    Scores from 0 to 1; shape (agents,).
    """
    found = reach(network)
    return found.others.astype(np.float64) ** 2 / np.maximum(found.total, 1) / max(network.size - 1, 1)


def harmonic_closeness(network: Network) -> NDArray[np.float64]:
    """Return the sum of 1 / distance from each agent to all others.

    Distances follow outgoing ties; an agent out of reach adds 0. Not divided
    by the number of agents (Rochat 2009; Marchiori & Latora 2000, doi
    10.1016/S0378-4371(00)00311-3).

    Returns
    -------
    Scores from 0 to agents - 1; shape (agents,).
    """
    return reach(network).inverse


def betweenness(network: Network) -> NDArray[np.float64]:
    """Return the share of shortest paths between two others that pass an agent.

    Summed over all ordered pairs of others and divided by their number,
    (n - 1)(n - 2) (Freeman 1977, doi 10.2307/3033543; Brandes 2001, doi
    10.1080/0022250X.2001.9990249).

    Returns
    -------
    Scores from 0 to 1; shape (agents,).
    """
    others = network.size - 1
    return paths_through(network.out_alters) / max(others * (others - 1), 1)


def eigenvector(network: Network) -> NDArray[np.float64]:
    """Return each agent's eigenvector centrality over outgoing ties.

    An agent's score is in proportion to the sum of the scores of those who
    learn from it (Bonacich 1987, doi 10.1086/228631). The vector is what power
    iteration with a shift of 1 makes of equal scores, so it is also defined
    where the network is in pieces or not strongly connected: the piece with
    the largest eigenvalue takes all, agents that cannot reach it score 0, and
    pieces that are equal share. Where no knowledge can ever return (no directed
    cycle), every agent scores 0. Scores below 1e-10 of the largest are set to
    0. Where equal pieces lie one behind the other the iteration converges
    slowly, and stops after 10,000 rounds.

    Returns
    -------
    Scores from 0 to 1, of Euclidean length 1 or all 0; shape (agents,).
    """
    adjacency = _matrix(network.out_alters)
    if csgraph.connected_components(adjacency, directed=True, connection="strong")[0] == network.size:
        return np.zeros(network.size)
    scores = np.ones(network.size)
    for _ in range(_EIGENVECTOR_ROUNDS):
        before = scores
        scores = before + adjacency @ before
        scores /= scores.max()
        if np.abs(scores - before).max() < _EIGENVECTOR_CHANGE:
            break
    scores[scores < _NEGLIGIBLE] = 0
    length: float = np.sqrt(np.square(scores).sum())
    return scores / length


def pagerank(network: Network) -> NDArray[np.float64]:
    """Return each agent's PageRank, handed on from learners to their sources.

    Each agent hands .85 of its rank on, in equal parts to those from whom it
    learns; the rest, and the rank of agents who learn from nobody, goes to all
    alike (Brin & Page 1998, doi 10.1016/S0169-7552(98)00110-X). The libraries'
    PageRank is this one on the reversed network.

    Returns
    -------
    Scores above 0 that sum to 1; shape (agents,).
    """
    adjacency = _matrix(network.out_alters)
    sources = network.in_alters.degrees
    scores = np.full(network.size, 1 / max(network.size, 1))
    for _ in range(_PAGERANK_ROUNDS):
        to_all = DAMPING * scores[sources == 0].sum() + 1 - DAMPING
        scores = DAMPING * (adjacency @ (scores / np.maximum(sources, 1))) + to_all / max(network.size, 1)
    return scores


def constraint(network: Network) -> NDArray[np.float64]:
    """Return Burt's constraint: how far an agent's alters are tied to one another.

    With z the number of ties between two agents (0, 1 or 2: both directions
    count) and p_ij = z_ij / sum_q z_iq: the sum over the alters j of
    (p_ij + sum_q p_iq p_qj)² (Burt 1992, Structural Holes; Burt 2004, doi
    10.1086/421787). Low values mark brokers.

    Returns
    -------
    Scores above 0, NaN for agents without any tie; shape (agents,).
    """
    mutual = _mutual(network)
    shares = _divided_rows(mutual, mutual.sum(axis=1))
    indirect = _two_step_sums(shares, shares, network.alters)
    scores = _row_sums((shares.data + indirect) ** 2, network.alters)
    return np.where(network.alters.degrees > 0, scores, np.nan)


def effective_size(network: Network) -> NDArray[np.float64]:
    """Return Burt's effective size: an agent's alters less what is redundant.

    With p as in :func:`constraint` and m_jq = z_jq / max_k z_jk: the sum over
    the alters j of 1 - sum_q p_iq m_jq (Burt 1992, Structural Holes). Where
    every tie goes both ways it is k - 2 t / k, with t ties among k alters.

    Returns
    -------
    Scores from 1 up, NaN for agents without any tie; shape (agents,).
    """
    mutual = _mutual(network)
    shares = _divided_rows(mutual, mutual.sum(axis=1))
    strongest = mutual.max(axis=1).toarray().ravel() if network.tie_count else np.zeros(network.size)
    marginal = _divided_rows(mutual, strongest)
    redundant = _two_step_sums(shares, marginal.T.tocsr(), network.alters)
    degrees = network.alters.degrees
    return np.where(degrees > 0, degrees - _row_sums(redundant, network.alters), np.nan)


def coreness(network: Network) -> NDArray[np.float64]:
    """Return the largest k such that an agent is in a group where each has k alters.

    Alters in either direction count (k-cores; Seidman 1983, doi
    10.1016/0378-8733(83)90028-X).

    Returns
    -------
    Whole numbers from 0; shape (agents,).
    """
    graph: rustworkx.PyGraph[None, None] = rustworkx.PyGraph()
    graph.add_nodes_from([None] * network.size)
    graph.add_edges_from_no_data([pair for pair in _pairs(network.alters) if pair[0] < pair[1]])
    cores: Any = rustworkx.graph_core_number(graph)  # a mapping, whatever its stub says
    return np.array([cores[agent] for agent in range(network.size)], dtype=np.float64)


def density(network: Network) -> float:
    """Return the share of ordered pairs of agents that are tied, from 0 to 1; NaN below two agents."""
    pairs = network.size * (network.size - 1)
    return len(network.out_alters.indices) / pairs if pairs else float("nan")


def reciprocity(network: Network) -> float:
    """Return the share of tied ordered pairs that are tied back, from 0 to 1; NaN without ties."""
    tied = len(network.out_alters.indices)
    returned = 2 * tied - len(network.alters.indices)  # `alters` holds every tied pair in both orders
    return returned / tied if tied else float("nan")


def transitivity(network: Network) -> float:
    """Return the share of paths of two ties whose ends are tied, from 0 to 1.

    Direction is set aside: three times the triangles over the connected
    triples (Newman, Watts & Strogatz 2002, doi 10.1073/pnas.012582999). NaN
    where no agent has two alters.
    """
    union = _matrix(network.alters)
    closed = _two_step_sums(union, union, network.alters).sum()
    degrees = network.alters.degrees
    paths = float((degrees * (degrees - 1)).sum())
    return float(closed) / paths if paths else float("nan")


def component_sizes(network: Network) -> NDArray[np.int64]:
    """Return how many agents each weakly connected piece has, largest first; isolates are pieces of 1."""
    _, labels = csgraph.connected_components(_matrix(network.alters), directed=False)
    return np.sort(np.bincount(labels)).astype(np.int64)[::-1]


def path_lengths(network: Network) -> tuple[float, float]:
    """Return the mean distance of ordered pairs within reach, and the share of all ordered pairs that are.

    Distances follow outgoing ties. The mean is NaN where nobody reaches
    anybody, the share below two agents.
    """
    found = reach(network)
    reached, total = int(found.others.sum()), int(found.total.sum())
    pairs = network.size * (network.size - 1)
    return total / reached if reached else float("nan"), reached / pairs if pairs else float("nan")


def ei_index(network: Network, labels: Sequence[str]) -> float:
    """Return the E-I index: how far ties go between groups rather than within.

    External less internal tied pairs over all tied pairs, from -1 (all within)
    to 1 (all between) (Krackhardt & Stern 1988, doi 10.2307/2786835). Ordered
    pairs are counted, and pairs with an agent of no group are left out; NaN
    where nothing is left.

    Parameters
    ----------
    network
        The network.
    labels
        Each agent's group, ``""`` for none; a label an agent.
    """
    groups = np.asarray(labels, dtype=str)
    pairs = network.out_alters
    first, second = groups[_row_of_each(pairs)], groups[pairs.indices]
    known = (first != "") & (second != "")
    external = int((first != second)[known].sum())
    counted = int(known.sum())
    return (2 * external - counted) / counted if counted else float("nan")


def _matrix(adjacency: Adjacency) -> Any:
    size = len(adjacency.indptr) - 1
    ones = np.ones(len(adjacency.indices))
    return sparse.csr_array((ones, adjacency.indices, adjacency.indptr), shape=(size, size))


def _mutual(network: Network) -> Any:
    """Return how many ties (0, 1 or 2) join each two agents, with the pattern of ``network.alters``."""
    outgoing = _matrix(network.out_alters)
    mutual = (outgoing + outgoing.T).tocsr()
    mutual.sort_indices()
    return mutual


def _divided_rows(matrix: Any, divisors: NDArray[np.float64]) -> Any:
    """Return the matrix, each row divided by a number; empty rows stay empty."""
    divided = matrix.copy()
    divided.data = matrix.data / np.repeat(divisors, np.diff(matrix.indptr))
    return divided


def _two_step_sums(first: Any, second: Any, pattern: Adjacency) -> NDArray[np.float64]:
    """Return the product of two matrices where two agents are tied; shape (pairs of ``pattern``,).

    A few rows at a time, because the whole product of a large network would not fit.
    """
    sums = np.zeros(len(pattern.indices))
    for start in range(0, len(pattern.indptr) - 1, _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, len(pattern.indptr) - 1)
        begin, end = pattern.indptr[start], pattern.indptr[stop]
        rows = np.repeat(np.arange(stop - start), np.diff(pattern.indptr[start : stop + 1]))
        if len(rows):
            sums[begin:end] = (first[start:stop] @ second)[rows, pattern.indices[begin:end]]
    return sums


def _row_sums(values: NDArray[np.float64], adjacency: Adjacency) -> NDArray[np.float64]:
    """Return the sum, per agent, of one value an alter; shape (agents,)."""
    sums: NDArray[np.float64] = np.bincount(
        _row_of_each(adjacency), weights=values, minlength=len(adjacency.indptr) - 1
    ).astype(np.float64)
    return sums


def _row_of_each(adjacency: Adjacency) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(adjacency.indptr) - 1), adjacency.degrees)


def _pairs(adjacency: Adjacency) -> list[tuple[int, int]]:
    return list(zip(_row_of_each(adjacency).tolist(), adjacency.indices.tolist(), strict=True))
