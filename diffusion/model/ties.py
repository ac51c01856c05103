"""Ties with their weights, as both engines read them: pairs that share coins, sources that add exposure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion import draws
from diffusion.compiled import SOURCE_DIGEST, cached, trailing_zeros
from diffusion.errors import nearest_name_hint
from diffusion.model.interventions.people import Holders
from diffusion.model.lanes import Pairs, Words
from diffusion.model.parameters import Parameters
from diffusion.model.rules import NUMBER, SHARE, UNIT, exposure_weights
from diffusion.network.network import Network

Floats = NDArray[np.float64]

EVERY_LANE = np.uint64(2**64 - 1)


@dataclass(frozen=True, slots=True, eq=False)
class WeighedTies:
    """Hold the ties of a network whose layer counts, with their factors.

    Attributes
    ----------
    source, target
        Indices of agents; shape (ties,).
    layer
        The index of each tie's layer in ``network.layers``; behind these, of layers that interventions bring.
    layer_key
        The key of each tie's layer.
    weight, strength, multiplier
        w_l, s and B of each tie.
    key
        The key of each tie's coins: that of its unordered pair and layer.
    lanes
        In which replicates each tie is there, a bit a replicate.
    dated
        Whether a tie's coin is one of the step at which it is tried, even where ties are tried once.
    row
        Each tie's place in the network's table; -1 for those that an intervention adds.
    """

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    layer: NDArray[np.int32]
    layer_key: Words
    weight: Floats
    strength: Floats
    multiplier: Floats
    key: Words
    lanes: Words
    dated: NDArray[np.bool_]
    row: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.source)

    def subset(self, rows: NDArray[np.int64]) -> WeighedTies:
        """Return some of the ties, in the order of ``rows``."""
        return WeighedTies(
            self.source[rows],
            self.target[rows],
            self.layer[rows],
            self.layer_key[rows],
            self.weight[rows],
            self.strength[rows],
            self.multiplier[rows],
            self.key[rows],
            self.lanes[rows],
            self.dated[rows],
            self.row[rows],
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
    rows = np.flatnonzero(weights[network.layer] > 0)
    source, target, layer = network.source[rows], network.target[rows], network.layer[rows]
    layer_key = draws.layer_keys(network.layers)[layer]
    return WeighedTies(
        source,
        target,
        layer,
        layer_key,
        weights[layer],
        network.strength[rows],
        role_multipliers(network, parameters, source, target),
        draws.pair_keys(keys[source], keys[target], layer_key),
        np.full(len(rows), EVERY_LANE),
        np.zeros(len(rows), dtype=np.bool_),
        rows,
    )


def role_multipliers(
    network: Network, parameters: Parameters, source: NDArray[np.int32], target: NDArray[np.int32]
) -> Floats:
    """Return B of each tie, by the roles of its ends."""
    multiplier = np.ones((len(network.role_names), len(network.role_names)))
    places = {role: place for place, role in enumerate(network.role_names)}
    for (giver, taker), factor in parameters.between_roles.items():
        if giver in places and taker in places:
            multiplier[places[giver], places[taker]] = factor
    found: Floats = multiplier[network.role_index[source], network.role_index[target]]
    return found


def ties_of_holders(ties: WeighedTies, holders: Holders) -> WeighedTies:
    """Return ties between posts as ties between everybody who holds them in some lane, each pair with coins of its own.

    Parameters
    ----------
    ties
        Ties between posts.
    holders
        The rows.
    """
    held = np.bincount(holders.posts)
    if len(held) == len(holders.posts):
        return ties
    order = np.argsort(holders.posts, kind="stable")
    start = np.cumsum(held) - held
    sources, targets = held[ties.source], held[ties.target]
    rows = np.repeat(np.arange(len(ties)), sources * targets)
    number = np.arange(len(rows)) - np.repeat(np.cumsum(sources * targets) - sources * targets, sources * targets)
    source = order[start[ties.source[rows]] + number // targets[rows]].astype(np.int32)
    target = order[start[ties.target[rows]] + number % targets[rows]].astype(np.int32)
    found = ties.subset(rows)
    key = draws.pair_keys(holders.keys[source], holders.keys[target], found.layer_key)
    return replace(found, source=source, target=target, key=key)


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
    pair = (ties.dated * np.int64(size) + low) * size + high
    order = np.argsort(pair, kind="stable")
    together = pair[order][1:] == pair[order][:-1]
    alike = _equal_neighbours([ties.key[order], ties.lanes[order]])
    if not alike[together].all():  # several layers, or ties of some lanes only
        order = np.lexsort((ties.lanes, ties.key, pair))
        alike = _equal_neighbours([ties.key[order], ties.lanes[order]])
    same = np.zeros(len(order), dtype=bool)
    same[1:] = (pair[order][1:] == pair[order][:-1]) & alike
    place = np.cumsum(~same) - 1
    heads = order[~same]
    strength = np.zeros((len(heads), 2))
    multiplier = np.ones((len(heads), 2))
    direction = (ties.source[order] != low[order]).astype(np.int64)
    strength[place, direction] = ties.strength[order]
    multiplier[place, direction] = ties.multiplier[order]
    return Pairs(
        low[heads],
        high[heads],
        ties.key[heads],
        ties.weight[heads],
        strength,
        multiplier,
        ties.lanes[heads],
        ties.dated[heads],
    )


def _equal_neighbours(columns: list[Words]) -> NDArray[np.bool_]:
    """Return whether each row equals the one before it in all columns; one row fewer."""
    equal: NDArray[np.bool_] = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
    return equal


def exposure_ties(ties: WeighedTies, exposure: int) -> WeighedTies:
    """Return the ties that count, by source and target: all, or for ``number`` one a pair of agents."""
    amount = ties.weight * ties.strength * ties.multiplier
    order = np.lexsort((-amount, ties.target, ties.source))
    if exposure != NUMBER or not len(order):
        return ties.subset(order)
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(ties.source[order]) != 0) | (np.diff(ties.target[order]) != 0)
    counted = np.where(amount[order] > 0, ties.lanes[order], np.uint64(0))
    together = np.bitwise_or.reduceat(counted, np.flatnonzero(first))
    return replace(ties.subset(order[first]), lanes=together)


def exposure_totals(ties: WeighedTies, exposure: int, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return S_all of each agent: what its ties add up to for ``share``, else one unit.

    Returns
    -------
    What ties add that are there in every lane, shape (agents,), and what the
    others add in each lane, shape (agents, 64), or (0, 64) if there are none.
    """
    none = np.zeros((0, draws.LANES), dtype=np.int64)
    if exposure != SHARE:
        return np.full(size, UNIT, dtype=np.int64), none
    ones = np.ones(len(ties))
    amounts = exposure_weights(SHARE, ties.weight, ties.strength, ones, ones)
    always = ties.lanes == EVERY_LANE
    totals = np.zeros(size, dtype=np.int64)
    np.add.at(totals, ties.target[always], amounts[always])
    if always.all():
        return totals, none
    own = np.zeros((size, draws.LANES), dtype=np.int64)
    _add_in_lanes(own, ties.target[~always], ties.lanes[~always], amounts[~always])
    return totals, own


def _make_add_in_lanes(digest: str) -> Callable[..., Any]:
    @cached
    def add_in_lanes(totals, target, lanes, amounts):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        for row in range(len(target)):
            left = lanes[row]
            while left:
                totals[target[row], trailing_zeros(left)] += amounts[row]
                left &= left - np.uint64(1)

    return add_in_lanes


_add_in_lanes = _make_add_in_lanes(SOURCE_DIGEST)
"""Compiled: add each tie's amount to its target's total in the lanes in which it is there."""
