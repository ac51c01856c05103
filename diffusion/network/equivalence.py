"""Structurally equivalent positions: agents who have the same ties to the same others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial import distance

from diffusion.network.network import Network

MOST_AGENTS = 5_000
"""Up to how many agents all pairs are compared."""


def profile_distances(network: Network) -> NDArray[np.float64]:
    """Return by how many ties, sent and received, two agents differ; shape (agents, agents).

    The square of the distance of Burt (1976, doi 10.1093/sf/55.1.93), on the
    ties of all layers together, each there or not. What two agents send each
    other is compared crosswise, so two agents who are tied to one another both
    ways, and to the same others, are equivalent.

    Parameters
    ----------
    network
        The network, of at most :data:`MOST_AGENTS` agents.

    Examples
    --------
    >>> star = Network.from_tables(name="star", ids="abc", source="aa", target="bc")
    >>> profile_distances(star).astype(int).tolist()
    [[0, 3, 3], [3, 0, 0], [3, 0, 0]]
    """
    sent = np.zeros((network.size, network.size))
    sent[network.source, network.target] = 1.0
    profiles = np.hstack([sent, sent.T])
    ends = profiles.sum(axis=1)
    apart: NDArray[np.float64] = ends[:, np.newaxis] + ends - 2 * profiles @ profiles.T
    apart += 2 * (sent - sent.T) ** 2 - 2 * (sent + sent.T)
    np.fill_diagonal(apart, 0.0)
    return apart


def equivalent_positions(network: Network, count: int) -> NDArray[np.int64]:
    """Return each agent's position among a few whose members are most alike; shape (agents,).

    Agents are joined by complete linkage of :func:`profile_distances`: no
    position holds two who differ by more ties than need be. There are fewer
    positions than asked for where equals would have to be told apart.

    Parameters
    ----------
    network
        The network, of at most :data:`MOST_AGENTS` agents.
    count
        How many positions at most.

    Returns
    -------
    Whole numbers from 0, the largest position first, then by the first agent.

    Examples
    --------
    >>> star = Network.from_tables(name="star", ids="abcd", source="bbb", target="acd")
    >>> equivalent_positions(star, 2).tolist()
    [0, 1, 0, 0]
    """
    if network.size == 1:
        return np.zeros(1, dtype=np.int64)
    tree = hierarchy.linkage(distance.squareform(profile_distances(network)), method="complete")
    labels = hierarchy.fcluster(tree, 0.0, criterion="distance")
    if labels.max() > count:
        labels = hierarchy.fcluster(tree, count, criterion="maxclust")
    _, first, held, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    numbered = np.empty(len(sizes), dtype=np.int64)
    numbered[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return numbered[held]
