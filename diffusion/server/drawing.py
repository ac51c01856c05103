"""What the browser draws of a network: places, shapes and lines, the same for every run on it."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any
from unicodedata import east_asian_width

import numpy as np
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from diffusion.network.network import DEFAULT_LAYER, Network
from diffusion.report.figure_page import Page, labelled, page_of
from diffusion.report.figure_ties import TieLines, arrow_heads, tie_lines, without_heads
from diffusion.report.labels import placed_labels
from diffusion.report.marks import dashes, mark

_WIDTH = 640.0
_LEAST_SIZE = (500.0, 120.0)
_LABEL, _LABEL_MARGIN = 7.5, 14.0  # the size of labels as network.vue has it, and room for those of the outermost marks
_LONGEST = 30
_ARROW = 4.5
_KEPT = 8
_kept: OrderedDict[str, str] = OrderedDict()

Points = NDArray[np.float64]


def drawing(network: Network) -> str:
    """Return what the browser draws of a network, as JSON; the same for every run on it.

    It is a text, because Solara looks through all that a component is given at every step.

    Parameters
    ----------
    network
        The network, of at most some thousands of agents.

    Returns
    -------
    ``width``, ``height``, ``agents`` (id, place, role), ``roles`` (name, outline, size), ``layers`` (name, lines as
    one path, arrow heads as another, dashes, opacity) and ``labels`` (whose, where, text).
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
    points, width, height = _placed(page)
    lines = tie_lines(network, points, page.mark / 2)
    return {
        "name": network.name,
        "synthetic": network.synthetic,
        "width": round(width, 1),
        "height": round(height, 1),
        "mark": round(page.mark, 2),
        "agents": [
            {
                "id": network.ids[place],
                "x": round(float(points[place, 0]), 1),
                "y": round(float(points[place, 1]), 1),
                "role": int(network.role_index[place]),
            }
            for place in range(network.size)
        ],
        "roles": [_role(network, place) for place in range(len(network.role_names))],
        "layers": _layers(network, page, lines),
        "labels": _labels(network, page.mark, points, (width, height), lines.ends),
    }


def _placed(page: Page) -> tuple[Points, float, float]:
    """Return the marks' places on a screen, and how wide and high the picture is; a small network stands in the middle.

    Marks have the same size in every picture, whatever room its agents take.
    """
    low, high = page.points.min(axis=0), page.points.max(axis=0)
    margin = page.mark * 2 + _LABEL_MARGIN
    size = np.maximum(high - low + 2 * margin, _LEAST_SIZE)
    points = page.points - (low + high) / 2 + size / 2
    points[:, 1] = size[1] - points[:, 1]  # a page's origin is below, a screen's above
    return points, float(size[0]), float(size[1])


def _labels(
    network: Network, wide: float, points: Points, bounds: tuple[float, float], lines: Points
) -> list[dict[str, Any]]:
    """Return the labels for which there is room: whose, the middle of the text, and what it says."""
    order = labelled(network)
    texts = [_shortened(network.ids[agent]) for agent in order]
    sizes = np.array([(_text_width(text), _LABEL * 1.3) for text in texts]).reshape(-1, 2)
    found = placed_labels(points, wide * 0.62, order, sizes, bounds=bounds, lines=lines)
    said = dict(zip(order, texts, strict=True))
    return [
        {
            "agent": label.place,
            "x": round(label.x, 1),
            "y": round(label.y, 1),
            "text": said[label.place],
            "far": label.is_far,
        }
        for label in found
    ]


def _text_width(text: str) -> float:
    """Return about how wide a label is: which font a browser takes is not known here."""
    return _LABEL * (0.4 + sum(1.05 if east_asian_width(letter) in "WF" else 0.64 for letter in text))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


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


def _layers(network: Network, page: Page, lines: TieLines) -> list[dict[str, Any]]:
    """Return the lines of every layer: as faint as their number asks, with heads where they are few."""
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
