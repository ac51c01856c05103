"""What the browser draws of a network: places, shapes and lines, the same for every run on it."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

import numpy as np
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path as Outline

from diffusion.network.network import DEFAULT_LAYER, Network
from diffusion.report.figure_page import Page, labelled, page_of
from diffusion.report.figure_ties import arrow_heads, tie_lines, without_heads
from diffusion.report.marks import dashes, mark

_WIDTH = 640.0
_ARROW = 4.5
_KEPT = 8
_kept: OrderedDict[str, str] = OrderedDict()


def drawing(network: Network) -> str:
    """Return what the browser draws of a network, as JSON; the same for every run on it.

    It is a text, because Solara looks through all that a component is given at every step.

    Parameters
    ----------
    network
        The network, of at most some thousands of agents.

    Returns
    -------
    ``width``, ``height``, ``agents`` (id, place, role, label), ``roles`` (name, outline, size) and
    ``layers`` (name, lines as one path, arrow heads as another, dashes, opacity).
    """
    name = f"{network.digest} {network.name}"
    if name not in _kept:
        _kept[name] = json.dumps(_drawn(network), ensure_ascii=False, separators=(",", ":"))
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(name)
    return _kept[name]


def _drawn(network: Network) -> dict[str, Any]:
    page = page_of(network, _WIDTH)
    points = page.points.copy()
    margin = page.mark * 2
    points -= points.min(axis=0) - margin
    extent = points.max(axis=0) + margin
    points[:, 1] = extent[1] - points[:, 1]  # a page's origin is below, a screen's above
    named = set(labelled(network))
    return {
        "name": network.name,
        "synthetic": network.synthetic,
        "width": round(float(extent[0]), 1),
        "height": round(float(extent[1]), 1),
        "mark": round(page.mark, 2),
        "agents": [
            {
                "id": network.ids[place],
                "x": round(float(points[place, 0]), 1),
                "y": round(float(points[place, 1]), 1),
                "role": int(network.role_index[place]),
                "labelled": place in named,
            }
            for place in range(network.size)
        ],
        "roles": [_role(network, place) for place in range(len(network.role_names))],
        "layers": _layers(network, page, points),
    }


def _role(network: Network, place: int) -> dict[str, Any]:
    role = network.role_names[place]
    look = mark(place)
    style = MarkerStyle(look.shape)
    outline = style.get_path().transformed(style.get_transform())
    return {
        "name": role,
        "count": network.roles.count(role),
        "outline": _path(outline),
        "size": look.size,
    }


def _path(outline: Outline) -> str:
    """Return an outline of matplotlib as a path of SVG, about one unit wide, y downwards."""
    letters = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE3: "Q", Outline.CURVE4: "C"}
    pieces = []
    for points, code in outline.iter_segments():
        if code == Outline.CLOSEPOLY:
            pieces.append("Z")
        else:
            flipped = np.asarray(points).reshape(-1, 2) * (1, -1)
            pieces.append(letters[code] + " ".join(f"{number:.3g}" for number in flipped.ravel()))
    return "".join(pieces)


def _layers(network: Network, page: Page, points: Any) -> list[dict[str, Any]]:
    """Return the lines of every layer: as faint as their number asks, with heads where they are few."""
    lines = tie_lines(network, points, page.mark / 2)
    ends = without_heads(lines, _ARROW) if page.has_arrows else lines.ends
    count = max(len(ends), 1)
    layers = []
    for place, name in enumerate(network.layers):
        here = lines.layer == place
        heads = arrow_heads(lines, _ARROW)[here[lines.one_way]] if page.has_arrows else []
        layers.append(
            {
                "name": "ties" if name == DEFAULT_LAYER else name,
                "count": int((network.layer == place).sum()),
                "lines": "".join(f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" for a, b, c, d in ends[here]),
                "heads": "".join(
                    "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z" for corners in np.asarray(heads)
                ),
                "dashes": [round(length, 1) for length in dashes(place, 1.0)[1] or ()],
                "opacity": round(float(np.clip((300 / count) ** 0.5, 0.14, 0.8)), 2),
            }
        )
    return layers
