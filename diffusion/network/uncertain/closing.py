"""Added ties between people who share an alter, as most ties between people are.

Two-paths are drawn at random, so that a pair is the likelier the more alters it
shares, and those whose ends have no tie in the layer get one, until there are as
many as are wanted. Additions between any pairs would be short cuts between
strangers, which no survey is likely to have missed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, generator
from diffusion.network.network import Network
from diffusion.network.synthesis.colleagues import first_of_each
from diffusion.network.uncertain.blocks import Blocks, Numbers
from diffusion.network.uncertain.ties import Places, among, numbers_of, ties_of

_TRIES_PER_TIE = 20
_TRIES = 100_000
"""How many two-paths are drawn in a layer: so many for each tie of the network, and so many more."""


def closing_pairs(
    network: Network, expected: Numbers, undirected: NDArray[np.bool_], *, seed: int, world: int
) -> tuple[Places, Numbers]:
    """Return pairs that share an alter and get a tie, and how many ties these are expected to be.

    Parameters
    ----------
    network
        The network.
    expected
        How many ties there are to be in each block; symmetric in undirected layers.
    undirected
        Which layers have undirected ties, of which one direction is returned.
    seed, world
        The coordinates of the draws.

    Returns
    -------
    Rows of sources, targets and layers; and the expected numbers, less than
    those asked for where there are too few such pairs.
    """
    found = [np.zeros((3, 0), dtype=np.int64)]
    made = np.zeros_like(expected)
    for layer in np.flatnonzero(expected.any(axis=(1, 2))).tolist():
        once = bool(undirected[layer])
        asked = _once(expected[layer]) if once else expected[layer]
        wanted = _numbers(network, asked, (seed, world, network.layers[layer]))
        pairs = _pairs(network, layer, wanted.ravel(), (seed, world, network.layers[layer]), once=once)
        got = np.bincount(_roles(network, *pairs), minlength=wanted.size).reshape(wanted.shape)
        there = np.where(got < wanted, np.minimum(asked, got), asked)
        made[layer] = there + there.T if once else there
        found.append(np.vstack([pairs, np.full(len(pairs[0]), layer)]))
    return np.concatenate(found, axis=1), made


def _once(expected: Numbers) -> Numbers:
    """Return how many undirected ties make so many in each direction, with the lower role first."""
    return np.triu(expected) - np.diag(np.diag(expected)) / 2


def _numbers(network: Network, expected: Numbers, coordinates: tuple[int, int, str]) -> Places:
    """Return Poisson numbers with these means, each rising with its mean."""
    numbers = np.zeros(expected.shape, dtype=np.int64)
    names = network.role_names
    for one, other in np.argwhere(expected > 0).tolist():
        mean = float(expected[one, other])
        luck = generator(Purpose.IMPUTATION, *coordinates, "closing number", names[one], names[other])
        arrivals = np.cumsum(-np.log1p(-luck.random(int(mean + 12 * np.sqrt(mean)) + 40)))
        numbers[one, other] = np.searchsorted(arrivals, mean, side="right")
    return numbers


def _pairs(network: Network, layer: int, wanted: Places, coordinates: tuple[int, int, str], *, once: bool) -> Places:
    """Return the first pairs without a tie in the layer that are drawn in each pair of roles, as many as are wanted."""
    luck = generator(Purpose.IMPUTATION, *coordinates, "closing")
    degree = network.alters.degrees
    middles = np.cumsum(degree * (degree - 1))
    ties = ties_of(network)
    there = numbers_of(network, *ties.chosen(ties.layer == layer)[:3])
    found, left = np.zeros(0, dtype=np.int64), _TRIES_PER_TIE * network.tie_count + _TRIES
    short = int(wanted.sum()) if len(middles) and middles[-1] else 0
    while short and left:
        lots = luck.random((min(4 * short + 1_000, left), 3))
        left -= len(lots)
        one, other = _ends(network, middles, lots)
        if once:
            place = network.role_index.astype(np.int64) * network.size + np.arange(network.size)
            turned = place[one] > place[other]
            one, other = np.where(turned, other, one), np.where(turned, one, other)
        free = ~among(numbers_of(network, one, other, np.full(len(lots), layer)), there)
        found = np.concatenate([found, (one * network.size + other)[free]])
        found = found[np.sort(np.unique(found, return_index=True)[1])]
        found = found[first_of_each(_roles(network, found // network.size, found % network.size), wanted)]
        short = int(wanted.sum()) - len(found)
    size = max(network.size, 1)
    return np.stack([found // size, found % size])


def _ends(network: Network, middles: Places, lots: NDArray[np.float64]) -> tuple[Places, Places]:
    """Return both ends of two-paths, each of which is as likely as another.

    Parameters
    ----------
    network
        The network.
    middles
        How many two-paths, in either order, go through the agents up to each.
    lots
        Three numbers between 0 and 1 for each.
    """
    alters = network.alters
    middle = np.searchsorted(middles, (lots[:, 0] * middles[-1]).astype(np.int64), side="right")
    degree = alters.degrees[middle]
    one, other = (lots[:, 1] * degree).astype(np.int64), (lots[:, 2] * (degree - 1)).astype(np.int64)
    other += other >= one
    first, second = (alters.indices[alters.indptr[middle] + place].astype(np.int64) for place in (one, other))
    return first, second


def _roles(network: Network, source: Places, target: Places) -> Places:
    """Return the number of each pair of roles."""
    return Blocks(network).of(source, target, np.zeros(len(source), dtype=np.int64))
