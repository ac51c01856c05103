"""Leaders drawn anew in every replicate over ties: friends, pairs of friends, clusters; and by drawn traits.

Every agent has a number of its own in every replicate, and agents come in the
order of their numbers. A second number says whom an agent names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES, Purpose, numbers
from diffusion.errors import InputError
from diffusion.model.parameters import AgentValue
from diffusion.model.values import AgentValues, agent_values
from diffusion.network.network import Network
from diffusion.positions.choice import LeaderChoice

Draw: TypeAlias = Callable[[Network, NDArray[np.int64], NDArray[np.uint32], NDArray[np.bool_], int], list[int]]
"""(network, agents in order, number for naming an agent, who may lead, how many) -> who leads in a replicate."""

TRAIT_RANGES: Mapping[Purpose, tuple[str, float, float]] = MappingProxyType(
    {
        Purpose.ADOPTION_THRESHOLD: ("threshold", -np.inf, np.inf),
        Purpose.RECEPTIVITY: ("receptivity", 0.0, 1.0),
    }
)
"""By the draw that decides: the trait, and the range that it is cut to."""


def one_hop(
    network: Network,
    order: NDArray[np.int64],
    naming: NDArray[np.uint32],
    may_lead: NDArray[np.bool_],
    count: int,
) -> list[int]:
    """Return those named by agents in order, each naming one of those it learns from."""
    chosen: dict[int, None] = {}
    for agent in order.tolist():
        if len(chosen) == count:
            break
        friend = _named(network, agent, naming, may_lead)
        if friend is not None:
            chosen[friend] = None
    return _filled(chosen, order, may_lead, count)


def friend_pairs(
    network: Network,
    order: NDArray[np.int64],
    naming: NDArray[np.uint32],
    may_lead: NDArray[np.bool_],
    count: int,
) -> list[int]:
    """Return agents in order, each with one of those it learns from."""
    chosen: dict[int, None] = {}
    for agent in order.tolist():
        if len(chosen) >= count - 1:
            break
        if may_lead[agent] and agent not in chosen:
            free = may_lead.copy()
            free[list(chosen)] = False
            friend = _named(network, agent, naming, free)
            if friend is not None:
                chosen |= {agent: None, friend: None}
    return _filled(chosen, order, may_lead, count)


def clustered(
    network: Network,
    order: NDArray[np.int64],
    naming: NDArray[np.uint32],  # noqa: ARG001 - nobody is named
    may_lead: NDArray[np.bool_],
    count: int,
) -> list[int]:
    """Return an agent, then those tied to it, then those tied to them; each ring in order."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    chosen: dict[int, None] = {}
    seen = np.zeros(network.size, dtype=np.bool_)
    for start in order[may_lead[order]].tolist():
        ring = [start] if not seen[start] else []
        while ring and len(chosen) < count:
            seen[ring] = True
            chosen |= dict.fromkeys([agent for agent in ring if may_lead[agent]][: count - len(chosen)])
            around = np.unique(np.concatenate([network.alters.alters(agent) for agent in ring]))
            around = around[~seen[around]]
            ring = around[np.argsort(rank[around])].tolist()
        if len(chosen) == count:
            break
    return list(chosen)


DRAWS: Mapping[str, Draw] = MappingProxyType({"one_hop": one_hop, "friend_pairs": friend_pairs, "clustered": clustered})
"""The draws over ties, by name."""


def drawn_lanes(
    choice: LeaderChoice, network: Network, keys: NDArray[np.uint64], *, seed: int, world: int, block: int
) -> NDArray[np.bool_]:
    """Return who leads in 64 replicates where a choice draws over ties; shape (agents, 64).

    Parameters
    ----------
    choice, network
        Who leads, and the network it was made for.
    keys
        The agents' keys; shape (agents,).
    seed, world, block
        As for :func:`~diffusion.positions.leaders.leader_words`.
    """
    ordering = numbers(seed, world, Purpose.LEADERS, keys, block)
    naming = numbers(seed, world, Purpose.NOMINATION, keys, block)
    may_lead = np.zeros(network.size, dtype=np.bool_)
    may_lead[list(choice.among)] = True
    leads = np.zeros((network.size, LANES), dtype=np.bool_)
    for lane in range(LANES):
        order = np.argsort(ordering[:, lane], kind="stable").astype(np.int64)
        leads[DRAWS[choice.draw](network, order, naming[:, lane], may_lead, choice.places), lane] = True
    return leads


def trait_values(value: AgentValue, network: Network, purpose: Purpose) -> AgentValues:
    """Return what agents draw of a trait.

    Parameters
    ----------
    value
        What the scenario says of it.
    network
        The network.
    purpose
        The draw that decides, a key of :data:`TRAIT_RANGES`.

    Raises
    ------
    InputError
        If the value does not fit the network.
    """
    trait, low, high = TRAIT_RANGES[purpose]
    problems: list[str] = []
    found = agent_values(value, network, key=trait, problems=problems, low=low, high=high)
    if problems:
        raise InputError(problems)
    return found


def trait_lanes(
    choice: LeaderChoice, network: Network, keys: NDArray[np.uint64], *, seed: int, world: int, block: int
) -> NDArray[np.bool_]:
    """Return who leads in 64 replicates by a trait that is drawn in each; shape (agents, 64).

    Thresholds lead from the lowest, receptivities from the highest; equal
    values go by the numbers that break ties. Parameters are those of
    :func:`drawn_lanes`.
    """
    if choice.value is None:
        raise ValueError("the choice reads no trait")
    among = choice.drawn_among
    drawn = trait_values(choice.value, network, choice.purpose)
    values = drawn.in_block(keys, seed=seed, world=world, purpose=choice.purpose, block=block)
    values = np.broadcast_to(values, (network.size, LANES))[among]
    if choice.purpose is Purpose.RECEPTIVITY:
        values = -values
    equals = numbers(seed, world, Purpose.TIE_BREAK, keys[among], block)
    leads = np.zeros((network.size, LANES), dtype=np.bool_)
    for lane in range(LANES):
        first = np.lexsort((equals[:, lane], values[:, lane]))[: choice.places]
        leads[among[first], lane] = True
    return leads


def _named(network: Network, agent: int, naming: NDArray[np.uint32], may_lead: NDArray[np.bool_]) -> int | None:
    """Return the one whom an agent names among those it learns from and who may lead; None where there is nobody."""
    sources = network.in_alters.alters(agent)
    sources = sources[may_lead[sources]]
    return int(sources[(int(naming[agent]) * len(sources)) >> 32]) if len(sources) else None


def _filled(chosen: dict[int, None], order: NDArray[np.int64], may_lead: NDArray[np.bool_], count: int) -> list[int]:
    """Return the chosen, and agents in order for the places that are left."""
    rest = (agent for agent in order.tolist() if may_lead[agent] and agent not in chosen)
    return [*chosen, *(agent for agent, _ in zip(rest, range(count - len(chosen)), strict=False))]
