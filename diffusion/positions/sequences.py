"""Leaders chosen one after another: who comes next depends on who leads already.

Where several come next equally, an order of the agents decides, and the whole
choice is made in 64 such orders (8 where there are many agents), which follow
from the agents' ids alone. All the sets that come of it are equally good, and
every replicate draws one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from diffusion.draws import LANES, Purpose, entity_keys, numbers
from diffusion.network.bridges import groups_of
from diffusion.network.communities import communities
from diffusion.network.network import Adjacency, Network
from diffusion.network.paths import ball_sums
from diffusion.positions.choice import LeaderChoice

MANY_AGENTS = 5_000
"""Above how many agents a choice is made in 8 orders only."""

EQUAL = 1e-9

Floats: TypeAlias = NDArray[np.float64]
Worth: TypeAlias = Callable[[list[int]], Floats]
"""Who leads already, in the order in which they were chosen -> what each agent would be worth next."""


def voterank(network: Network, count: int, eligible: NDArray[np.int64]) -> LeaderChoice:
    """Return those elected one after another by VoteRank (Zhang et al. 2016, doi 10.1038/srep27823).

    Every agent votes for those it learns from, with its ability, at first 1.
    Whoever is elected votes no more, and the abilities of those who learn from
    it fall by 1 / the mean out-degree, to 0 at least.
    """
    pairs = network.out_alters
    ties = sparse.csr_array((np.ones(len(pairs.indices)), pairs.indices, pairs.indptr), shape=(network.size,) * 2)
    mean = len(pairs.indices) / max(network.size, 1)

    def worth(elected: list[int]) -> Floats:
        ability = np.ones(network.size)
        for agent in elected:
            ability[agent] = 0.0
            learners = pairs.alters(agent)
            ability[learners] = np.maximum(ability[learners] - 1 / mean, 0)
        votes: Floats = ties @ ability
        return votes

    return _in_sequence(network, count, eligible, worth)


def single_discount(network: Network, count: int, eligible: NDArray[np.int64]) -> LeaderChoice:
    """Return those from whom the most learn who do not lead (Chen, Wang & Yang 2009, doi 10.1145/1557019.1557047)."""

    def worth(leading: list[int]) -> Floats:
        found: Floats = network.out_alters.degrees - _times_tied(network.in_alters, leading)
        return found

    return _in_sequence(network, count, eligible, worth)


def degree_discount(
    network: Network, count: int, eligible: NDArray[np.int64], probability: float = 0.01
) -> LeaderChoice:
    """Return those whom degree discount picks (Chen, Wang & Yang 2009, doi 10.1145/1557019.1557047).

    With d an agent's out-degree, t of those who learn from it and s of those
    it learns from leading already: d - t - s - (d - t) s p, which is
    d - 2 t - (d - t) t p where every tie goes both ways.

    Parameters
    ----------
    network, count, eligible
        Among whom how many are sought.
    probability
        p, the probability that a tie carries.
    """
    degrees = network.out_alters.degrees

    def worth(leading: list[int]) -> Floats:
        learners, sources = _times_tied(network.in_alters, leading), _times_tied(network.out_alters, leading)
        left: Floats = degrees - learners
        return left - sources - left * sources * probability

    return _in_sequence(network, count, eligible, worth)


def collective_influence(network: Network, count: int, eligible: NDArray[np.int64], radius: int = 2) -> LeaderChoice:
    """Return those removed one after another by collective influence (Morone & Makse 2015, doi 10.1038/nature14604).

    Over alters in either direction, each time among those who are left: an
    agent's degree less 1, times the sum over those at distance ``radius`` of
    theirs less 1.

    Parameters
    ----------
    network, count, eligible
        Among whom how many are sought.
    radius
        The distance, from 0.
    """
    alters = network.alters

    def worth(removed: list[int]) -> Floats:
        active = np.ones(network.size, dtype=np.bool_)
        active[removed] = False
        excess = np.maximum(alters.degrees - _times_tied(alters, removed) - 1, 0).astype(np.float64)
        found: Floats = excess * ball_sums(alters, excess, radius, active)
        return found

    return _in_sequence(network, count, eligible, worth)


def spread_out_hubs(network: Network, count: int, eligible: NDArray[np.int64], apart: int = 2) -> LeaderChoice:
    """Return those from whom the most learn, none within a distance of another (after Kitsak et al. 2010).

    Parameters
    ----------
    network, count, eligible
        Among whom how many are sought.
    apart
        How far apart leaders are at least, over ties in either direction. When nobody is left
        so far apart, the next comes from those farthest from all leaders.
    """
    degrees = network.out_alters.degrees.astype(np.float64)

    def worth(leading: list[int]) -> Floats:
        steps = _steps_from(network.alters, leading, apart)
        found: Floats = degrees + steps * (degrees.max(initial=0) + 1)
        return found

    return _in_sequence(network, count, eligible, worth)


def community_hubs(network: Network, count: int, eligible: NDArray[np.int64]) -> LeaderChoice:
    """Return one leader a community, from the largest on: the one from whom the most learn.

    Communities are those of the Leiden algorithm
    (:func:`~diffusion.network.communities.communities`); where there are more
    leaders than communities, every community gets a second, and so on.
    """
    labels = communities(network)
    worth = _Turns(network, eligible, labels, np.bincount(labels, minlength=1)[labels])
    return _in_sequence(network, count, eligible, worth)


def one_per_organisation(network: Network, count: int, eligible: NDArray[np.int64]) -> LeaderChoice:
    """Return those from whom the most learn, no two of one organisation before every one has a leader."""
    return _one_per(network, count, eligible, "organisation")


def one_per_role(network: Network, count: int, eligible: NDArray[np.int64]) -> LeaderChoice:
    """Return those from whom the most learn, no two of one role before every one has a leader."""
    return _one_per(network, count, eligible, "role")


def _one_per(network: Network, count: int, eligible: NDArray[np.int64], grouping: str) -> LeaderChoice:
    groups = np.array(groups_of(network, grouping), dtype=str)
    _, labels = np.unique(groups, return_inverse=True)
    return _in_sequence(network, count, eligible, _Turns(network, eligible, labels, (groups != "").astype(np.int64)))


@dataclass(frozen=True, slots=True, eq=False)
class _Turns:
    """Let groups come by turns: those with the fewest leaders, and of these those of most weight; then by out-degree.

    Those of weight 0 come after all others.
    """

    network: Network
    eligible: NDArray[np.int64]
    labels: NDArray[np.int64]
    weight: NDArray[np.int64]

    def __call__(self, leading: list[int]) -> Floats:
        held = np.bincount(self.labels[leading], minlength=int(self.labels.max(initial=0)) + 1)[self.labels]
        turn = np.stack([self.weight == 0, held, -self.weight])
        free = np.setdiff1d(self.eligible, leading)
        first = free[np.lexsort(turn[::-1, free])[0]]
        is_next = (turn == turn[:, [first]]).all(axis=0)
        return np.where(is_next, self.network.out_alters.degrees, -np.inf)


def _in_sequence(network: Network, count: int, eligible: NDArray[np.int64], worth: Worth) -> LeaderChoice:
    orders = LANES if network.size <= MANY_AGENTS else 8
    places = numbers(0, 0, Purpose.POSITION_SEARCH, entity_keys(network.ids), 0)
    known: dict[tuple[int, ...], Floats] = {}
    sets: list[Sequence[int]] = []
    for number in range(orders):
        leading: list[int] = []
        has_equals = False
        for _ in range(count):
            free = np.setdiff1d(eligible, leading)
            key = tuple(leading)
            if key not in known:
                known[key] = worth(leading)
            values = known[key][free]
            equal = free[values >= values.max() - EQUAL * abs(float(values.max()))]
            has_equals |= len(equal) > 1
            leading.append(int(equal[np.argmin(places[equal, number])]))
        sets.append(leading)
        if not has_equals:
            break
    return LeaderChoice.of_sets(sets)


def _times_tied(adjacency: Adjacency, agents: list[int]) -> Floats:
    """Return, per agent, in how many of some agents' rows it stands."""
    tied = [adjacency.alters(agent) for agent in agents]
    rows = np.concatenate(tied) if tied else np.zeros(0, dtype=np.int64)
    return np.bincount(rows, minlength=len(adjacency.degrees)).astype(np.float64)


def _steps_from(adjacency: Adjacency, agents: list[int], most: int) -> Floats:
    """Return each agent's distance from the nearest of some agents, at most ``most``."""
    steps = np.full(len(adjacency.degrees), float(most))
    ring = np.array(agents, dtype=np.int64)
    for distance in range(most):
        if not len(ring):
            break
        steps[ring] = distance
        around = np.unique(np.concatenate([adjacency.alters(agent) for agent in ring.tolist()]))
        ring = around[steps[around] == most]
    return steps
