"""Ties where there is none: each pair without one gets one with a stated chance, without going through all pairs.

For a chance p every pair waits an exponential time of mean 1, and gets a tie
where it waited no longer than -log(1 - p). So a higher chance adds the same
ties and more. The waiting times of all pairs of an agent with agents of a role
are drawn together: as arrivals, each of which falls on an alter by lot, of which
only as many are drawn as come in time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffusion.network.network import Network
from diffusion.network.survey_error import Asked
from diffusion.network.uncertain.blocks import Blocks, Numbers
from diffusion.network.uncertain.lots import Lots
from diffusion.network.uncertain.ties import Places, Ties, among, numbers_of, ties_of

_SURE = 1 - 1e-10
"""From which chance on every pair gets a tie."""


def absent_ties(network: Network, chances: Numbers, lots: Lots, *, part: str, asked: Asked) -> Ties:
    """Return ties between pairs without one, with strengths drawn from those in the layer.

    Parameters
    ----------
    network
        The network.
    chances
        The chance of a tie for each pair without one, by block: (layer, role of source, role of target).
    lots
        The lots of the world.
    part
        What the ties are drawn for.
    asked
        Who tells of ties; each teller has lots of its own.
    """
    found = [
        _block_ties(network, (layer, one, other), float(chances[layer, one, other]), lots, part=part, asked=asked)
        for layer, one, other in np.argwhere(chances > 0).tolist()
    ]
    source, target, layer = np.concatenate([np.zeros((3, 0), dtype=np.int64), *found], axis=1)
    there = numbers_of(network, *ties_of(network)[:3])
    new = (source != target) & ~among(numbers_of(network, source, target, layer), there)
    source, target, layer = source[new], target[new], layer[new]
    lot = lots.of_ties(f"{part} strength", source, target, layer)
    return Ties(source, target, layer, strengths(network, layer, lot))


def strengths(network: Network, layer: Places, lot: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return strengths drawn from those of the ties of a layer, each tie as likely.

    Parameters
    ----------
    network
        The network.
    layer
        The layer of each tie for which a strength is drawn.
    lot
        Its number between 0 and 1.
    """
    order = np.lexsort((network.strength, network.layer))
    ordered = network.strength[order]
    counts = np.bincount(network.layer, minlength=len(network.layers))
    place = (np.cumsum(counts) - counts)[layer] + (lot * counts[layer]).astype(np.int64)
    return np.asarray(ordered[place])


def room(blocks: Blocks, ties: Ties) -> Numbers:
    """Return how many pairs of each block have no tie."""
    return blocks.cells() - blocks.counts(ties)


def chances_of(expected: Numbers, room: Numbers) -> Numbers:
    """Return the chance of a tie for each pair without one that makes as many as expected; at most 1.

    Examples
    --------
    >>> chances_of(np.array([2.0, 3.0, 0.0]), np.array([8.0, 2.0, 0.0])).tolist()
    [0.25, 1.0, 0.0]
    """
    return np.where(room > 0, np.minimum(expected / np.maximum(room, 1.0), 1.0), 0.0)


def _block_ties(
    network: Network, block: tuple[int, int, int], chance: float, lots: Lots, *, part: str, asked: Asked
) -> Places:
    """Return sources, targets and layers of pairs that were drawn in a block, those with ties among them."""
    layer, source_role, target_role = block
    roles = (target_role, source_role) if asked == "turn-to" else (source_role, target_role)
    tellers, alters = (np.flatnonzero(network.role_index == role) for role in roles)
    if chance >= _SURE:
        teller, alter = np.repeat(tellers, len(alters)), np.tile(alters, len(tellers))
    else:
        streams = lots.streams(f"{part}\0{network.layers[layer]}\0{network.role_names[roles[1]]}", tellers)
        rows, alter = _arrivals(lots, streams, -np.log1p(-chance) * len(alters), alters)
        teller = tellers[rows]
    pairs = np.unique(teller * network.size + alter)
    teller, alter = pairs // network.size, pairs % network.size
    source, target = (alter, teller) if asked == "turn-to" else (teller, alter)
    return np.stack([source, target, np.full(len(source), layer)])


def _arrivals(lots: Lots, streams: NDArray[np.uint64], until: float, alters: Places) -> tuple[Places, Places]:
    """Return which streams an arrival came from in time, and on which alter each fell."""
    rows = [np.zeros(0, dtype=np.int64)]
    fallen = [np.zeros(0, dtype=np.int64)]
    waiting, time, step = np.arange(len(streams)), np.zeros(len(streams)), 0
    while len(waiting):
        time -= np.log(lots.of_streams(streams[waiting], 2 * step))
        waiting, time = waiting[time <= until], time[time <= until]
        rows.append(waiting)
        fallen.append(alters[(lots.of_streams(streams[waiting], 2 * step + 1) * len(alters)).astype(np.int64)])
        step += 1
    return np.concatenate(rows), np.concatenate(fallen)
