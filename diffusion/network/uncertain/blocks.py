"""Blocks of ties: those of one layer from one role to another, for which rates are stated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.network.network import Network
from diffusion.network.survey_error import Multipliers, Rate
from diffusion.network.uncertain.ties import Places, Ties

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Know the blocks of a network: one for each layer, role of source and role of target.

    Attributes
    ----------
    network
        The network.
    """

    network: Network

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return how many layers, roles of sources and roles of targets there are."""
        roles = len(self.network.role_names)
        return len(self.network.layers), roles, roles

    def of(self, source: Places, target: Places, layer: Places) -> Places:
        """Return the block of each tie."""
        role = self.network.role_index.astype(np.int64)
        roles = len(self.network.role_names)
        return (layer * roles + role[source]) * roles + role[target]

    def counts(self, ties: Ties) -> Numbers:
        """Return how many ties are in each block; of this object's shape."""
        found = np.bincount(self.of(ties.source, ties.target, ties.layer), minlength=int(np.prod(self.shape)))
        return found.reshape(self.shape).astype(np.float64)

    def cells(self) -> Numbers:
        """Return how many ties could be in each block."""
        agents = np.bincount(self.network.role_index, minlength=self.shape[1]).astype(np.float64)
        return np.broadcast_to(np.outer(agents, agents) - np.diag(agents), self.shape)

    def rates(self, by_layer: Rate, multipliers: Multipliers) -> Numbers:
        """Return a rate that is stated by layer, multiplied by role pair, for each block.

        Parameters
        ----------
        by_layer
            One number, or one by layer.
        multipliers
            What it is multiplied by, by the roles of source and target.
        """
        layers = np.array([rate_of(by_layer, name) for name in self.network.layers])
        said = dict(multipliers)
        names = self.network.role_names
        pairs = np.array([[said.get((first, second), 1.0) for second in names] for first in names])
        return np.asarray(layers.reshape(-1, 1, 1) * pairs.reshape(1, *self.shape[1:]))

    def undirected(self) -> NDArray[np.bool_]:
        """Tell of which layers every tie is returned with the same strength, as an undirected one is."""
        network = self.network
        there = np.lexsort((network.target, network.source, network.layer))
        back = np.lexsort((network.source, network.target, network.layer))
        same = (network.source[there] == network.target[back]) & (network.target[there] == network.source[back])
        same &= network.strength[there] == network.strength[back]
        return np.asarray(np.bincount(network.layer[there], weights=~same, minlength=self.shape[0]) == 0)


def rate_of(rate: Rate, name: str) -> float:
    """Return a rate for a role or a layer: one number for all, or 0 for those that are not named.

    Examples
    --------
    >>> rate_of(0.2, "firm"), rate_of((("firm", 0.4),), "firm"), rate_of((("firm", 0.4),), "manager")
    (0.2, 0.4, 0.0)
    """
    return dict(rate).get(name, 0.0) if isinstance(rate, tuple) else rate
