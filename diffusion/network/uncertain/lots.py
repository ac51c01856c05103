"""The lots of one world: a number for every agent, tie or pair, which nothing else about the network can change.

A tie is lost where its lot lies below the chance of being lost. Since the lot is
the tie's own, a higher chance loses the same ties and more, and neither the
order of rows nor other agents matter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, coins, entity_keys, layer_keys, pair_keys
from diffusion.network.network import Network
from diffusion.network.uncertain.ties import Places

_ONCE = 0

_NOWHERE = np.zeros(1, dtype=np.uint64)

_SOURCE = layer_keys(["\0source"])
"""What is mixed into the key of a tie's source, so that the two directions of a pair have lots of their own."""


class Lots:
    """Hand out the lots of a network's agents, ties and pairs in one world.

    Parameters
    ----------
    network
        The network.
    seed, world, purpose
        The coordinates of all its lots.
    """

    def __init__(self, network: Network, *, seed: int, world: int, purpose: Purpose) -> None:
        self._network = network
        self._seed, self._world, self._purpose = seed, world, purpose
        self._agents = entity_keys(network.ids)
        self._sources = pair_keys(self._agents, _SOURCE, _NOWHERE)

    def of_agents(self, part: str) -> NDArray[np.float64]:
        """Return a number between 0 and 1 for each agent; ``part`` says what it decides."""
        return self._drawn(pair_keys(self._agents, _part(part), _NOWHERE))

    def of_ties(self, part: str, source: Places, target: Places, layer: Places) -> NDArray[np.float64]:
        """Return a number between 0 and 1 for each tie."""
        return self._drawn(pair_keys(self._sources[source], self._agents[target], self._layers(part)[layer]))

    def of_pairs(self, part: str, first: Places, second: Places, layer: Places) -> NDArray[np.float64]:
        """Return a number between 0 and 1 for each pair in a layer, the same in both directions."""
        return self._drawn(pair_keys(self._agents[first], self._agents[second], self._layers(part)[layer]))

    def of_people(self, part: str, first: Places, second: Places) -> NDArray[np.float64]:
        """Return a number between 0 and 1 for each pair, whatever the layer."""
        return self._drawn(pair_keys(self._agents[first], self._agents[second], _part(part)))

    def streams(self, part: str, agents: Places) -> NDArray[np.uint64]:
        """Return a key for each of some agents, from which :meth:`of_streams` draws number after number."""
        return pair_keys(self._agents[agents], _part(part), _NOWHERE)

    def of_streams(self, streams: NDArray[np.uint64], step: int) -> NDArray[np.float64]:
        """Return the number of one step, between 0 and 1, for each stream."""
        return self._drawn(streams, step)

    def _layers(self, part: str) -> NDArray[np.uint64]:
        """Return a key for each layer; names hold no control character, so no two parts can meet."""
        return layer_keys([f"{name}\0{part}" for name in self._network.layers])

    def _drawn(self, keys: NDArray[np.uint64], step: int = _ONCE) -> NDArray[np.float64]:
        return (coins(self._seed, self._world, self._purpose, keys, 0, step).astype(np.float64) + 0.5) * 2.0**-32


def _part(part: str) -> NDArray[np.uint64]:
    return layer_keys([f"\0{part}"])
