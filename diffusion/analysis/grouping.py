"""Groupings: agents by role, organisation, sector, site or any other column, small groups pooled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.network.network import Network

FEWEST = 5
"""Groups of fewer agents are pooled: a share of four people is not a finding about a kind of people."""

POOLED = "groups of fewer than five agents"
UNSTATED = "not stated"
ROLE = "role"


@dataclass(frozen=True, eq=False)
class Grouping:
    """Say which group each agent belongs to.

    Attributes
    ----------
    name
        The column: ``role``, ``organisation``, ``sector``, ``site`` or any other.
    groups
        The names of the groups, ascending; the pooled one last.
    index
        Each agent's group; shape (agents,).
    pooled
        The groups that were pooled, because they are small.
    """

    name: str
    groups: tuple[str, ...]
    index: NDArray[np.int64]
    pooled: tuple[str, ...] = ()

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Return the number of agents of each group; shape (groups,)."""
        return np.bincount(self.index, minlength=len(self.groups))


def groupings(network: Network) -> tuple[Grouping, ...]:
    """Return the groupings of a network by role and by every column, as far as they have two groups or more.

    Parameters
    ----------
    network
        The network; a column that tells every agent apart, or none, is no grouping.
    """
    columns: dict[str, Sequence[str]] = {ROLE: network.roles, **network.columns}
    found = (grouping(name, values) for name, values in columns.items())
    return tuple(one for one in found if len(one.groups) > 1)


def grouping(name: str, values: Sequence[str]) -> Grouping:
    """Return a grouping, groups of fewer than five agents pooled.

    Parameters
    ----------
    name
        The column.
    values
        Each agent's group; an empty text is a group of its own, of those that state none.

    Examples
    --------
    >>> grouping("site", ["a"] * 5 + ["b"] * 6 + ["c", "d"]).groups
    ('a', 'b', 'groups of fewer than five agents')
    """
    told = [value or UNSTATED for value in values]
    sizes = dict(sorted(Counter(told).items()))
    small = tuple(value for value, size in sizes.items() if size < FEWEST)
    kept = [value for value in sizes if value not in small]
    names = (*kept, *([POOLED] if small else []))
    places = {value: place for place, value in enumerate(kept)}
    index = np.array([places.get(value, len(kept)) for value in told], dtype=np.int64)
    return Grouping(name, names, index, small)
