"""Groups of agents by which whole groups are chosen: of one organisation, community, position, or the core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.network.centrality import in_core
from diffusion.network.communities import communities
from diffusion.network.equivalence import equivalent_positions
from diffusion.network.network import Network

ROLE, COMMUNITY, EQUIVALENCE, CORE = WAYS = ("role", "community", "equivalence", "core")
"""How agents can be grouped besides by a column of the agent table."""

Groups = Mapping[str, NDArray[np.int64]]

_KEPT: WeakKeyDictionary[Network, dict[tuple[str, int], Groups]] = WeakKeyDictionary()


def groups_by(network: Network, by: str, positions: int) -> Groups:
    """Return the members of each group, the largest group first, equals by name; the core before the periphery.

    Agents without a text in a column are in no group. Communities and
    equivalent positions are called by their numbers, from 1.

    Parameters
    ----------
    network
        The population.
    by
        A column of the agent table, or one of :data:`WAYS`.
    positions
        For ``"equivalence"``: how many positions at most.

    Examples
    --------
    >>> star = Network.from_tables(name="star", ids="abcd", source="aaa", target="bcd")
    >>> {name: members.tolist() for name, members in groups_by(star, "core", 4).items()}
    {'core': [0], 'periphery': [1, 2, 3]}
    """
    kept = _KEPT.setdefault(network, {})
    key = (by, positions if by == EQUIVALENCE else 0)
    if key not in kept:
        kept[key] = _ordered(_labels(network, by, positions), by)
    return kept[key]


def _labels(network: Network, by: str, positions: int) -> Sequence[str]:
    if by == ROLE:
        return network.roles
    if by == CORE:
        return ["core" if inside else "periphery" for inside in in_core(network)]
    if by == COMMUNITY:
        return [str(label + 1) for label in communities(network)]
    if by == EQUIVALENCE:
        return [str(label + 1) for label in equivalent_positions(network, positions)]
    return network.columns[by]


def _ordered(labels: Sequence[str], by: str) -> Groups:
    members: dict[str, list[int]] = {}
    for agent, label in enumerate(labels):
        if label:
            members.setdefault(label, []).append(agent)
    order = sorted(members) if by == CORE else sorted(members, key=lambda name: _rank(name, members[name], by))
    return {name: np.array(members[name], dtype=np.int64) for name in order}


def _rank(name: str, members: Sequence[int], by: str) -> tuple[int, int, str]:
    """Return what groups are ordered by: numbers as numbers, since "10" comes before "2" otherwise."""
    return -len(members), int(name) if by in {COMMUNITY, EQUIVALENCE} else 0, name
