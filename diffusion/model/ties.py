"""Ties with their weights, as both engines read them: pairs that share coins, sources that add exposure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion import draws
from diffusion.errors import nearest_name_hint
from diffusion.model.lanes import Pairs, Words
from diffusion.model.parameters import Parameters
from diffusion.model.rules import NUMBER, SHARE, UNIT, exposure_weights
from diffusion.network.network import Network

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class WeighedTies:
    """Hold the ties of a network whose layer counts, with their factors.

    Attributes
    ----------
    source, target
        Indices of agents; shape (ties,).
    layer
        The index of each tie's layer in ``network.layers``.
    weight, strength, multiplier
        w_l, s and B of each tie.
    key
        The key of each tie's coins: that of its unordered pair and layer.
    """

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    layer: NDArray[np.int32]
    weight: Floats
    strength: Floats
    multiplier: Floats
    key: Words

    def __len__(self) -> int:
        return len(self.source)

    def subset(self, rows: NDArray[np.int64]) -> WeighedTies:
        """Return some of the ties, in the order of ``rows``."""
        return WeighedTies(
            self.source[rows],
            self.target[rows],
            self.layer[rows],
            self.weight[rows],
            self.strength[rows],
            self.multiplier[rows],
            self.key[rows],
        )


def weighed_ties(network: Network, parameters: Parameters, keys: Words, problems: list[str]) -> WeighedTies:
    """Return the ties in layers that count, with their factors; add layers that are not named to ``problems``.

    Parameters
    ----------
    network, parameters
        Who knows whom, and what layers and pairs of roles weigh.
    keys
        The agents' keys; shape (agents,).
    problems
        Where messages go.
    """
    weights = np.ones(len(network.layers))
    if parameters.layers is not None:
        for place, name in enumerate(network.layers):
            if name not in parameters.layers:
                hint = nearest_name_hint(name, [other for other in parameters.layers if other not in network.layers])
                problems.append(f'ties.layers: the layer "{name}" of "{network.name}" must be named too{hint}')
            else:
                weights[place] = parameters.layers[name]
    multiplier = np.ones((len(network.role_names), len(network.role_names)))
    places = {role: place for place, role in enumerate(network.role_names)}
    for (giver, taker), factor in parameters.between_roles.items():
        if giver in places and taker in places:
            multiplier[places[giver], places[taker]] = factor
    rows = np.flatnonzero(weights[network.layer] > 0)
    source, target, layer = network.source[rows], network.target[rows], network.layer[rows]
    return WeighedTies(
        source,
        target,
        layer,
        weights[layer],
        network.strength[rows],
        multiplier[network.role_index[source], network.role_index[target]],
        draws.pair_keys(keys[source], keys[target], draws.layer_keys(network.layers)[layer]),
    )


def tied_pairs(ties: WeighedTies, size: int) -> Pairs:
    """Return every unordered pair of agents with a tie in a layer; both directions share its coins.

    Parameters
    ----------
    ties
        The ties.
    size
        The number of agents.
    """
    low, high = np.minimum(ties.source, ties.target), np.maximum(ties.source, ties.target)
    order = np.lexsort((ties.source, ties.key, high, low))
    same = np.zeros(len(order), dtype=bool)
    same[1:] = (
        (low[order][1:] == low[order][:-1])
        & (high[order][1:] == high[order][:-1])
        & (ties.key[order][1:] == ties.key[order][:-1])
    )
    place = np.cumsum(~same) - 1
    heads = order[~same]
    strength = np.zeros((len(heads), 2))
    multiplier = np.ones((len(heads), 2))
    direction = (ties.source[order] != low[order]).astype(np.int64)
    strength[place, direction] = ties.strength[order]
    multiplier[place, direction] = ties.multiplier[order]
    first, second = low[heads], high[heads]
    return Pairs(first, second, ties.key[heads], ties.weight[heads], strength, multiplier)


def exposure_rows(ties: WeighedTies, exposure: int) -> NDArray[np.int64]:
    """Return which ties count, by source and target: all, or for ``number`` one a pair of agents."""
    amount = ties.weight * ties.strength * ties.multiplier
    order = np.lexsort((-amount, ties.target, ties.source))
    if exposure != NUMBER:
        return order
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(ties.source[order]) != 0) | (np.diff(ties.target[order]) != 0)
    return order[first]


def exposure_totals(ties: WeighedTies, exposure: int, size: int) -> NDArray[np.int64]:
    """Return S_all of each agent: what all its ties add up to for ``share``, else one unit."""
    if exposure != SHARE:
        return np.full(size, UNIT, dtype=np.int64)
    ones = np.ones(len(ties))
    amounts = exposure_weights(SHARE, ties.weight, ties.strength, ones, ones)
    totals = np.zeros(size, dtype=np.int64)
    np.add.at(totals, ties.target, amounts)
    return totals
