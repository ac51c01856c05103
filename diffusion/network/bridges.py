"""Bridging: what a network loses without an agent's ties, and between which groups they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.network.brokerage import brokerage
from diffusion.network.communities import communities
from diffusion.network.network import Network
from diffusion.network.only_ways import only_ways
from diffusion.network.paths import Reach, reach

BETWEEN = ("representative", "gatekeeper", "liaison")
"""The brokerage roles in which the two ends are of different groups."""

MOST_LOOKED_UP = 10_000
"""Up to how many agents it is looked up which distances hang on a line: four bytes a pair of agents."""

_BROKERAGE: WeakKeyDictionary[Network, dict[str, Mapping[str, NDArray[np.int64]]]] = WeakKeyDictionary()


def bridging(network: Network) -> NDArray[np.float64]:
    """Return how much cohesion a network loses, on average, without one of an agent's lines.

    Cohesion is the mean of 1 / distance over all ordered pairs, along outgoing
    ties. A line is whatever ties two agents, in one direction or both; each is
    taken out by itself, and an agent's score is the mean loss over its lines
    (Valente & Fujimoto 2010, doi 10.1016/j.socnet.2010.03.003). Sums over
    unordered pairs with the same divisor, as in influenceR, are half of this.

    Only distances to agents for whom a line is somebody's only shortest way
    are looked at anew. Networks of more than :data:`MOST_LOOKED_UP` agents take
    time in proportion to agents times the square of the lines, over 64.

    Returns
    -------
    Scores from 0, NaN for agents without any tie; shape (agents,).
    """
    alters = network.alters
    whole = reach(network)
    ways = only_ways(network) if network.size <= MOST_LOOKED_UP else None
    losses = np.zeros(network.size)
    for agent in range(network.size):
        for other in alters.alters(agent).tolist():
            if agent < other:
                loss = whole.inverse_sum - _without(network, whole, (agent, other), ways)
                losses[agent] += loss
                losses[other] += loss
    pairs = network.size * (network.size - 1)
    scores = losses / np.maximum(alters.degrees, 1) / max(pairs, 1)
    return np.where(alters.degrees > 0, scores, np.nan)


def _without(network: Network, whole: Reach, line: tuple[int, int], ways: NDArray[np.int32] | None) -> float:
    """Return the sum of 1 / distance without a line: pairs are counted anew where it is somebody's only way."""
    if ways is None:
        return reach(network, line=line).inverse_sum
    first, second = line
    hang = np.flatnonzero((ways[first] == second) | (ways[second] == first))
    if not len(hang):
        return whole.inverse_sum
    pairs = whole.pairs - reach(network, to=hang).pairs + reach(network, line=line, to=hang).pairs
    return replace(whole, pairs=pairs).inverse_sum


def participation(network: Network) -> NDArray[np.float64]:
    """Return how evenly an agent's alters spread over communities.

    1 less the sum of squares of their shares by community (Guimerà & Amaral
    2005, doi 10.1038/nature03288), with the communities of
    :func:`~diffusion.network.communities.communities`. 0 where all are in one.

    Returns
    -------
    Scores from 0 to below 1, NaN for agents without any tie; shape (agents,).
    """
    labels = communities(network)
    alters = network.alters
    rows = np.repeat(np.arange(network.size), alters.degrees)
    groups = int(labels.max(initial=-1)) + 1
    _, held = np.unique(rows * max(groups, 1) + labels[alters.indices], return_inverse=True)
    counts = np.bincount(held) if len(held) else np.zeros(0)
    owners = np.zeros(len(counts), dtype=np.int64)
    owners[held] = rows
    squares = np.bincount(owners, weights=counts.astype(np.float64) ** 2, minlength=network.size)
    shares = squares / np.maximum(alters.degrees, 1) ** 2
    return np.where(alters.degrees > 0, 1 - shares, np.nan)


def brokered_pairs(network: Network, role: str, grouping: str) -> NDArray[np.float64]:
    """Return how many ordered pairs of others each agent brokers in a role; shape (agents,).

    Parameters
    ----------
    network
        The network.
    role
        A brokerage role of :data:`~diffusion.network.brokerage.ROLES`.
    grouping
        ``"role"``, or the column of the agent table that holds each agent's group.
    """
    return _brokerage(network, grouping)[role].astype(np.float64)


def sector_holes(network: Network, grouping: str = "sector") -> NDArray[np.float64]:
    """Return over how many structural holes between groups each agent stands.

    The ordered pairs of others in different groups between whom knowledge can
    flow through the agent and not directly (structural holes, Burt 1992; counted
    as the roles of Gould & Fernandez 1989, doi 10.2307/270949, whose ends
    are in different groups: representative, gatekeeper and liaison).

    Parameters
    ----------
    network, grouping
        As for :func:`brokered_pairs`.

    Returns
    -------
    Whole numbers from 0; shape (agents,).
    """
    found = _brokerage(network, grouping)
    return sum((found[role] for role in BETWEEN), np.zeros(network.size, dtype=np.int64)).astype(np.float64)


def groups_of(network: Network, grouping: str) -> Sequence[str]:
    """Return each agent's group: its role, or its text in a column; empty for none."""
    return network.roles if grouping == "role" else network.columns[grouping]


def only_source_of(network: Network) -> NDArray[np.float64]:
    """Return for how many others each agent is the only one they learn from; shape (agents,)."""
    alters = network.out_alters
    rows = np.repeat(np.arange(network.size), alters.degrees)
    single = network.in_alters.degrees[alters.indices] == 1
    return np.bincount(rows[single], minlength=network.size).astype(np.float64)


def _brokerage(network: Network, grouping: str) -> Mapping[str, NDArray[np.int64]]:
    kept = _BROKERAGE.setdefault(network, {})
    if grouping not in kept:
        kept[grouping] = brokerage(network, groups_of(network, grouping))
    return kept[grouping]
