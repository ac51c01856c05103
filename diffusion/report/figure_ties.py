"""The lines of a network's picture: one for each pair and layer, with a head where knowledge flows one way only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.network.network import Network

GAP = 1.6
"""How far apart lines of several layers between two agents run, in points."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TieLines:
    """Hold the lines to draw.

    Attributes
    ----------
    ends
        Where each line starts and stops, from rim to rim; shape (lines, 4).
    layer
        The place of its layer in the network's; shape (lines,).
    one_way
        Whether knowledge flows from the start to the stop only; shape (lines,).
    """

    ends: Array
    layer: NDArray[np.int64]
    one_way: NDArray[np.bool_]


def tie_lines(network: Network, points: Array, radius: float) -> TieLines:
    """Return the lines between agents.

    Parameters
    ----------
    network
        The network.
    points
        The middle of each agent's mark, in points; shape (agents, 2).
    radius
        How large marks are.
    """
    source, target, layer, one_way = _drawn(network)
    start, stop = points[source], points[target]
    along = stop - start
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    along /= length[:, None]
    rim = np.minimum(radius + 0.4, length / 2.5)[:, None]
    # From the smaller index to the larger, so that a line keeps its side whichever way knowledge flows.
    side = np.where(source < target, 1.0, -1.0) * _places_abreast(network.size, source, target)
    aside = np.column_stack([-along[:, 1], along[:, 0]]) * side[:, None] * min(GAP, radius / 2)
    return TieLines(np.hstack([start + along * rim + aside, stop - along * rim + aside]), layer, one_way)


def arrow_heads(lines: TieLines, size: float) -> Array:
    """Return the three corners of the head, so long, of every line that goes one way; shape (heads, 3, 2)."""
    ends = lines.ends[lines.one_way]
    along = ends[:, 2:] - ends[:, :2]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    along *= (np.minimum(size, length * 0.8) / length)[:, None]
    across = np.column_stack([-along[:, 1], along[:, 0]]) * 0.36
    tip = ends[:, 2:]
    return np.stack([tip, tip - along + across, tip - along - across], axis=1)


def without_heads(lines: TieLines, size: float) -> Array:
    """Return the lines, those that go one way ending where their head begins; shape (lines, 4)."""
    ends = lines.ends.copy()
    along = ends[:, 2:] - ends[:, :2]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    cut = along * (np.minimum(size * 0.9, length * 0.72) / length)[:, None]
    ends[:, 2:] -= np.where(lines.one_way[:, None], cut, 0)
    return ends


def _drawn(network: Network) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the ties, a mutual one once."""
    source, target = network.source.astype(np.int64), network.target.astype(np.int64)
    layer = network.layer.astype(np.int64)
    size, layers = network.size, max(len(network.layers), 1)
    key = (np.minimum(source, target) * size + np.maximum(source, target)) * layers + layer
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    return source[first], target[first], layer[first], counts == 1


def _places_abreast(size: int, source: NDArray[np.int64], target: NDArray[np.int64]) -> Array:
    """Return the place of each line among those between its two agents: 0 alone, -0.5 and 0.5 for two."""
    pair = np.minimum(source, target) * size + np.maximum(source, target)
    order = np.argsort(pair, kind="stable")
    _, start, counts = np.unique(pair[order], return_index=True, return_counts=True)
    places = np.empty(len(pair))
    places[order] = np.arange(len(pair)) - np.repeat(start + (counts - 1) / 2, counts)
    return places
