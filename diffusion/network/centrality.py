"""Centrality by strength and by walks, and which agents are the core.

As in :mod:`diffusion.network.measures`, layers are united and unweighted but
for :func:`strength`, and directed measures follow *outgoing* ties.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from diffusion.network.network import Network

ATTENUATION = 0.5
"""How much of the largest possible attenuation :func:`katz` takes unless told."""

ROUNDS = 5
"""For how many rounds :func:`diffusion_centrality` hands on unless told."""

_CHANGE = 1e-12
_MOST_ROUNDS = 10_000


def strength(network: Network) -> NDArray[np.float64]:
    """Return the sum of the strengths of each agent's outgoing ties, over all layers.

    Barrat, Barthélemy, Pastor-Satorras & Vespignani (2004, doi 10.1073/pnas.0400087101).

    Returns
    -------
    Scores from 0; shape (agents,).
    """
    return np.bincount(network.source, weights=network.strength, minlength=network.size).astype(np.float64)


def largest_eigenvalue(network: Network) -> float:
    """Return the largest eigenvalue of the network's matrix of ties; 0 where no knowledge can ever return.

    Worked out within each strongly connected piece, by power iteration with a
    shift of 1, until its bounds (Collatz & Wielandt) meet.
    """
    adjacency = _within_pieces(network)
    if not adjacency.nnz:
        return 0.0
    tied = np.asarray(adjacency.sum(axis=1)).ravel() > 0
    _, pieces = csgraph.connected_components(adjacency, directed=False)
    scores = np.ones(network.size)
    value = 0.0
    for _ in range(_MOST_ROUNDS):
        after = scores + adjacency @ scores
        ratio = after[tied] / scores[tied]
        highest, lowest = np.zeros(len(tied)), np.full(len(tied), np.inf)
        np.maximum.at(highest, pieces[tied], ratio)
        np.minimum.at(lowest, pieces[tied], ratio)
        low, value = float(lowest[np.isfinite(lowest)].max()), float(highest.max())
        if value - low <= _CHANGE * value:
            break
        scores = after / value
        scores = np.maximum(scores, 1e-250)  # pieces of smaller eigenvalues fade, and must not vanish
    return value - 1.0


def katz(network: Network, attenuation: float = ATTENUATION) -> NDArray[np.float64]:
    """Return each agent's Katz centrality over outgoing ties.

    The number of walks that start at an agent, one of length k counting a to
    the power k (Katz 1953, doi 10.1007/BF02289026). a is a share of the
    largest that converges, 1 / λ, with λ the largest eigenvalue; where λ is
    below 1 (no knowledge can ever return) of 1.

    Parameters
    ----------
    network
        The network.
    attenuation
        That share, above 0 and below 1.

    Returns
    -------
    Scores from 0, the walk of length 0 left out; shape (agents,).
    """
    passed = attenuation / max(largest_eigenvalue(network), 1.0)
    adjacency = _matrix(network)
    walks = np.ones(network.size)
    scores = np.zeros(network.size)
    for _ in range(_MOST_ROUNDS):
        walks = passed * (adjacency @ walks)
        scores += walks
        if walks.max(initial=0.0) <= _CHANGE * scores.max(initial=0.0):
            break
    return scores


def diffusion_centrality(
    network: Network, probability: float | None = None, rounds: int = ROUNDS
) -> NDArray[np.float64]:
    """Return how often others hear of something that starts at each agent.

    The sum over t = 1 … T of the walks of length t that start at an agent,
    each counting q to the power t: the expected number of times that all
    others together, and the agent itself, are told within T rounds
    (Banerjee, Chandrasekhar, Duflo & Jackson 2013, doi
    10.1126/science.1236498). With T = 1 it is in proportion to out-degree, with
    q = 1 / λ and T large to the eigenvector.

    Parameters
    ----------
    network
        The network.
    probability
        q, the probability that a tie carries in a round; by default 1 / λ,
        with λ the largest eigenvalue, or 1 where λ is below 1.
    rounds
        T, at least 1.

    Returns
    -------
    Scores from 0; shape (agents,).
    """
    passed = 1.0 / max(largest_eigenvalue(network), 1.0) if probability is None else probability
    adjacency = _matrix(network)
    walks = np.ones(network.size)
    scores = np.zeros(network.size)
    for _ in range(rounds):
        walks = passed * (adjacency @ walks)
        scores += walks
    return scores


def in_core(network: Network) -> NDArray[np.bool_]:
    """Return whether each agent belongs to the core; shape (agents,).

    The core and the periphery are those that come closest to a core tied
    throughout and a periphery without ties, ties between the two left open
    (Borgatti & Everett 2000, doi 10.1016/S0378-8733(99)00019-2). The smallest
    such core are the k agents with the most alters, with k the largest number
    such that the k-th has at least k (Lip 2011, arXiv 1102.5511); agents with
    as many alters as the last of them are on the same side.

    Examples
    --------
    >>> star = Network.from_tables(name="star", ids="abcd", source="aaa", target="bcd")
    >>> in_core(star).tolist()
    [True, False, False, False]
    """
    degrees = network.alters.degrees
    ordered = np.sort(degrees)[::-1]
    size = int((ordered > np.arange(len(ordered))).sum())
    return degrees >= (ordered[size - 1] if size else np.inf)


def _matrix(network: Network) -> Any:
    pairs = network.out_alters
    return sparse.csr_array((np.ones(len(pairs.indices)), pairs.indices, pairs.indptr), shape=(network.size,) * 2)


def _within_pieces(network: Network) -> Any:
    """Return the matrix of the ties within strongly connected pieces; its eigenvalues are those of the whole."""
    adjacency = _matrix(network)
    _, pieces = csgraph.connected_components(adjacency, directed=True, connection="strong")
    rows = np.repeat(np.arange(network.size), network.out_alters.degrees)
    kept = pieces[rows] == pieces[network.out_alters.indices]
    inside = (np.ones(int(kept.sum())), (rows[kept], network.out_alters.indices[kept]))
    return sparse.csr_array(inside, shape=adjacency.shape)
