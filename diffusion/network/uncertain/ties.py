"""Ties as arrays, and a network with other ties than before, its layers kept even where they hold none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion.network.network import Network

Places = NDArray[np.int64]


class Ties(NamedTuple):
    """Hold ties between places of agents.

    Attributes
    ----------
    source, target, layer
        Places in the network's agents and layers; shape (ties,).
    strength
        In (0, 1]; shape (ties,).
    """

    source: Places
    target: Places
    layer: Places
    strength: NDArray[np.float64]

    def chosen(self, rows: NDArray[Any]) -> Ties:
        """Return some of the ties: those at places, or those for which a truth holds."""
        return Ties(*(column[rows] for column in self))


def ties_of(network: Network) -> Ties:
    """Return the ties of a network."""
    source, target, layer = (part.astype(np.int64) for part in (network.source, network.target, network.layer))
    return Ties(source, target, layer, network.strength)


def together(*parts: Ties) -> Ties:
    """Return the ties of all parts, one part after the other."""
    return Ties(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def numbers_of(network: Network, source: Places, target: Places, layer: Places) -> Places:
    """Return one number for each tie, by which ties are compared; those of a network ascend."""
    return (source * network.size + target) * max(len(network.layers), 1) + layer


def among(sought: Places, ascending: Places) -> NDArray[np.bool_]:
    """Tell which numbers are among others, which ascend."""
    if not len(ascending):
        return np.zeros(len(sought), dtype=bool)
    place = np.minimum(np.searchsorted(ascending, sought), len(ascending) - 1)
    return np.asarray(ascending[place] == sought)


def with_ties(network: Network, ties: Ties) -> Network:
    """Return a network of the same agents and layers with other ties.

    Ties from an agent to itself are left out, and of repeats the strongest is kept.

    Parameters
    ----------
    network
        The network.
    ties
        Its new ties, in any order.
    """
    ties = ties.chosen(ties.source != ties.target)
    numbers = numbers_of(network, ties.source, ties.target, ties.layer)
    order = np.lexsort((-ties.strength, numbers))
    order = order[np.append(True, np.diff(numbers[order]) > 0)] if len(order) else order
    ties = ties.chosen(order)
    return replace(
        network,
        source=_frozen(ties.source.astype(np.int32)),
        target=_frozen(ties.target.astype(np.int32)),
        layer=_frozen(ties.layer.astype(np.int32)),
        strength=_frozen(ties.strength.astype(np.float64)),
        self_ties=0,
        repeats=0,
        survey=None,
        notes=(),
    )


def with_agents(network: Network, rows: Places, ids: list[str], ties: Ties) -> tuple[Network, Places]:
    """Return a network of other agents, each like one of before, and which one that is.

    Parameters
    ----------
    network
        The network of before.
    rows
        For each agent, the place of the one of before whose role and further columns it has.
    ids
        The agents' ids, all different.
    ties
        The ties between places in ``rows``.
    """
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    place = np.empty(len(ids), dtype=np.int64)
    place[order] = np.arange(len(ids))
    rows = rows[order]
    columns: Mapping[str, tuple[str, ...]] = {
        key: tuple(values[row] for row in rows.tolist()) for key, values in network.columns.items()
    }
    changed = replace(
        network,
        ids=tuple(ids[number] for number in order.tolist()),
        roles=tuple(network.roles[row] for row in rows.tolist()),
        columns=MappingProxyType(columns),
    )
    return with_ties(changed, ties._replace(source=place[ties.source], target=place[ties.target])), rows


def _frozen(values: NDArray[Any]) -> NDArray[Any]:
    values.flags.writeable = False
    return values
