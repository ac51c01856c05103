"""The page of a network's picture: where marks, title and legend stand, and which labels there are.

The page is measured in points throughout (72 to the inch), so that marks,
lines, arrows and labels keep their sizes whatever the network's extent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from diffusion.network.layout import layout
from diffusion.network.network import DEFAULT_LAYER, Network
from diffusion.report.figure_legend import Kind, Legend, legend, wrapped
from diffusion.report.figure_ties import tie_lines

ALL_LABELLED = 60
"""Up to how many agents all have their labels."""

LABELLED = 10
"""How many agents of a larger network have labels: those from whom the most others learn."""

MOST_ARROWS = 800
"""Up to how many ties that go one way their arrows are drawn."""

MARGIN, TITLE, SUBTITLE = 8.0, 10.0, 7.5
"""The margin of the page, and the sizes of its title and of what stands under it."""

_FARTHEST_UNIT = 130.0  # a tie of a tiny network is no longer than this

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Page:
    """Hold where everything stands, in points from the lower left corner.

    Attributes
    ----------
    width, height
        Of the page.
    points
        The middle of each agent's mark; shape (agents, 2).
    mark
        How wide marks are.
    has_arrows
        Whether the ties that go one way have heads.
    legend
        What stands below the picture.
    """

    width: float
    height: float
    points: Points
    mark: float
    has_arrows: bool
    legend: Legend


def page_of(network: Network, width: float) -> Page:
    """Return where everything stands on a page of some width, in points."""
    below = legend(_legend_groups(network, width - 2 * MARGIN), width - 2 * MARGIN)
    top = title_height(network)
    size = float(np.clip(width * (0.045 / max(network.size, 1)) ** 0.5, 2.6, 9))
    beside, over = (22, 8) if network.size <= ALL_LABELLED else (6, 4)  # room for the labels of the outermost marks
    points = _scaled(layout(network), width - 2 * MARGIN - 2 * beside - size)
    points = _apart(points, size * 1.2)
    points -= points.min(axis=0)
    points *= min(1, (width - 2 * MARGIN - 2 * beside - size) / max(points[:, 0].max(), 1e-9))
    extent = points.max(axis=0)
    points[:, 0] += (width - extent[0]) / 2
    points[:, 1] += 2 * MARGIN + below.height + over + size / 2
    height = float(extent[1] + 2 * over + size + 3 * MARGIN + below.height + top)
    return Page(width, height, points, size, _one_way(network) <= MOST_ARROWS, below)


def title_height(network: Network) -> float:
    """Return how much room the title takes, and what stands under it."""
    return TITLE * 1.3 + (SUBTITLE * 1.4 if network.synthetic else 0)


def _scaled(points: Points, width: float) -> Points:
    """Return points spread over the width of the page, and over at most 1.15 of it in height."""
    extent = np.maximum(np.ptp(points, axis=0), 1e-9)
    scaled: Points = points * min(width / extent[0], 1.15 * width / extent[1], _FARTHEST_UNIT)
    return scaled


def _apart(points: Points, distance: float) -> Points:
    """Return points, pushed apart until no two marks touch, or nearly so."""
    points = points.copy()
    for _ in range(60):
        pairs = cKDTree(points).query_pairs(distance, output_type="ndarray")
        if not len(pairs):
            break
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        between = points[pairs[:, 1]] - points[pairs[:, 0]]
        length = np.hypot(between[:, 0], between[:, 1])
        between[length < 1e-9] = (1.0, 0.0)
        push = between / np.maximum(length, 1e-9)[:, None] * ((distance - length) * 0.51)[:, None]
        push[length < 1e-9] = (distance / 2, 0.0)
        np.add.at(points, pairs[:, 1], push)
        np.subtract.at(points, pairs[:, 0], push)
    return points


def _one_way(network: Network) -> int:
    """Return how many ties have no tie back in their layer."""
    return int(tie_lines(network, np.zeros((network.size, 2)), 1.0).one_way.sum())


def _legend_groups(network: Network, width: float) -> list[tuple[Kind, Sequence[str]]]:
    roles = [f"{role} ({network.roles.count(role):,})" for role in network.role_names]
    counts = [int((network.layer == place).sum()) for place in range(len(network.layers))]
    layers = [
        f"ties ({count:,})" if name == DEFAULT_LAYER else f"{name} ({count:,} ties)"
        for name, count in zip(network.layers, counts, strict=True)
    ]
    return [("role", roles), ("layer", layers), ("note", wrapped(_legend_note(network), width))]


def _legend_note(network: Network) -> str:
    one_way = _one_way(network)
    notes = []
    if one_way > MOST_ARROWS:
        notes.append("Lines join agents between whom knowledge flows, one way or both.")
    elif one_way:
        notes.append("Arrows show where knowledge flows one way; lines without, both ways.")
    elif network.tie_count:
        notes.append("Knowledge flows both ways along every line.")
    if network.size > ALL_LABELLED:
        notes.append(f"Labels: the {LABELLED} from whom the most others learn.")
    return " ".join(notes)


def labelled(network: Network) -> list[int]:
    """Return who has a label, those from whom the most learn first."""
    degrees = network.out_alters.degrees
    order: list[int] = np.lexsort((np.arange(network.size), -network.alters.degrees, -degrees)).tolist()
    return order if network.size <= ALL_LABELLED else order[:LABELLED]
