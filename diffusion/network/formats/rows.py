"""A network's ties as rows of names, as every writer needs them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from diffusion.network.network import Network


class NamedTie(NamedTuple):
    """Hold one tie by names.

    Attributes
    ----------
    source, target
        The ids of the agents from whom and to whom knowledge can flow.
    layer
        The name of the layer.
    strength
        The strength, in (0, 1].
    """

    source: str
    target: str
    layer: str
    strength: float


def named_ties(network: Network) -> Iterator[NamedTie]:
    """Yield the ties of a network by names, in its order: by source, target and layer.

    Parameters
    ----------
    network
        The network.

    Examples
    --------
    >>> path = Network.from_tables(name="path", ids="abc", source="ab", target="bc")
    >>> [tie[:3] for tie in named_ties(path)]
    [('a', 'b', 'tie'), ('b', 'c', 'tie')]
    """
    ids, layers = network.ids, network.layers
    for source, target, layer, strength in zip(
        network.source.tolist(), network.target.tolist(), network.layer.tolist(), network.strength.tolist(), strict=True
    ):
        yield NamedTie(ids[source], ids[target], layers[layer], strength)
