"""Key players: the sets that reach the most, and those without whom the network falls apart (Borgatti 2006).

A set is sought by swaps: from a random set, the one exchange of a member for
another agent that gains most is made, until none gains; and that from many
random sets, of which all that end best are kept (Borgatti 2006, doi
10.1007/s10588-006-7084-x). The random sets follow from the agents' ids alone,
so the same network has the same key players in every study.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from diffusion.draws import LANES, Purpose, entity_keys, numbers
from diffusion.errors import InputError
from diffusion.network.network import Network
from diffusion.network.paths import reach
from diffusion.positions.choice import LeaderChoice

MOST_AGENTS = {"key_player_positive": 5_000, "key_player_negative": 1_000}
"""In how large networks key players are sought: distances of all pairs must fit, and be found again and again."""

EQUAL = 1e-9


def key_player_positive(
    network: Network, count: int, eligible: NDArray[np.int64], m: int | None = None
) -> LeaderChoice:
    """Return the sets that reach the most others along outgoing ties.

    Parameters
    ----------
    network, count, eligible
        Among whom how many are sought.
    m
        The others within m steps are counted (m-reach, equation 12); without
        it each counts 1 / its distance from the nearest member (equation 14).
    """
    _check_size(network, "key_player_positive")
    near = nearness(network, m)

    def values(stay: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what the set with each agent added reaches; members reach themselves with nearness 1."""
        reached = near[stay].max(axis=0) if len(stay) else np.zeros(network.size)
        found: NDArray[np.float64] = np.maximum(near, reached).sum(axis=1)
        return found

    return LeaderChoice.of_sets(best_sets(network, count, eligible, values, searches=LANES))


def key_player_negative(
    network: Network, count: int, eligible: NDArray[np.int64], *, distances: bool = True
) -> LeaderChoice:
    """Return the sets whose removal fragments the network most.

    Parameters
    ----------
    network, count, eligible
        Among whom how many are sought.
    distances
        Whether pairs that are left count 1 / their distance (equation 9); without it
        those count that still reach one another (equation 4). Over ordered
        pairs along outgoing ties.
    """
    _check_size(network, "key_player_negative")
    known: dict[frozenset[int], float] = {}

    def value(agents: frozenset[int]) -> float:
        if agents not in known:
            known[agents] = -cohesion_without(network, agents, distances=distances)
        return known[agents]

    def values(stay: NDArray[np.int64]) -> NDArray[np.float64]:
        found = np.full(network.size, -np.inf)
        members = frozenset(stay.tolist())
        for agent in eligible.tolist():
            if agent not in members:
                found[agent] = value(members | {agent})
        return found

    searches = max(4, min(LANES // 2, 60_000 // max(network.size * count * count, 1)))
    return LeaderChoice.of_sets(best_sets(network, count, eligible, values, searches=searches))


def nearness(network: Network, m: int | None) -> NDArray[np.float64]:
    """Return 1 / distance from each agent to each along outgoing ties, or 1 within m steps; shape (agents, agents).

    An agent has nearness 1 to itself, and 0 to those out of reach.
    """
    pairs = network.out_alters
    size = network.size
    ties = sparse.csr_array((np.ones(len(pairs.indices)), pairs.indices, pairs.indptr), shape=(size, size))
    limit = np.inf if m is None else float(m)
    distances = csgraph.dijkstra(ties, unweighted=True, limit=limit) if size else np.zeros((0, 0))
    np.fill_diagonal(distances, 1.0)
    return 1.0 / distances if m is None else np.isfinite(distances).astype(np.float64)


def cohesion_without(network: Network, agents: frozenset[int], *, distances: bool = True) -> float:
    """Return the sum of 1 / distance over ordered pairs once some agents are gone, or how many pairs are in reach.

    Fragmentation is 1 less this over (n - k)(n - k - 1), with k agents gone.
    """
    removed = np.zeros(network.size, dtype=np.bool_)
    removed[list(agents)] = True
    found = reach(network, removed=removed)
    return found.inverse_sum if distances else float(found.others.sum())


def best_sets(
    network: Network,
    count: int,
    eligible: NDArray[np.int64],
    values: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    *,
    searches: int,
) -> list[tuple[int, ...]]:
    """Return the best sets that swaps from random sets end in.

    Parameters
    ----------
    network, count, eligible
        Among whom how many are sought.
    values
        The value of the set of some members with each agent added.
    searches
        From how many random sets, at most 64.
    """
    starts = numbers(0, 0, Purpose.POSITION_SEARCH, entity_keys(network.ids), 0)[eligible]
    found: dict[tuple[int, ...], float] = {}
    for search in range(searches):
        order = eligible[np.argsort(starts[:, search], kind="stable")]
        agents, value = _swapped(order, count, values)
        found[agents] = value
    best = max(found.values())
    return [agents for agents, value in found.items() if value >= best - EQUAL * max(abs(best), 1.0)]


def _swapped(
    order: NDArray[np.int64],
    count: int,
    values: Callable[[NDArray[np.int64]], NDArray[np.float64]],
) -> tuple[tuple[int, ...], float]:
    """Return the set that swaps from the first agents in order end in, and its value."""
    members = order[:count].tolist()
    value = float(values(np.array(members[1:], dtype=np.int64))[members[0]])
    while True:
        best, swap = value + EQUAL * max(abs(value), 1.0), None
        for place in range(count):
            stay = np.array([agent for agent in members if agent != members[place]], dtype=np.int64)
            gained = values(stay)
            gained[stay] = -np.inf
            # The first of equals in the search's own order, so that different searches may end in different sets.
            into = order[int(np.argmax(np.round(gained[order], 12)))]
            if gained[into] > best:
                best, swap = float(gained[into]), (place, int(into))
        if swap is None:
            return tuple(sorted(members)), value
        members[swap[0]] = swap[1]
        value = best


def _check_size(network: Network, name: str) -> None:
    most = MOST_AGENTS[name]
    if network.size > most:
        raise InputError(
            f'the position "{name}" can be worked out for at most {most:,} agents, and {network.name} has '
            f"{network.size:,}; choose another position"
        )
