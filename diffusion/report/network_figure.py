"""The picture of a network, for print: roles by shape and colour, layers by line style, the same every time.

Everything is drawn where :mod:`~diffusion.report.figure_page` says, in points,
without pyplot and without the user's own style.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from diffusion.errors import InputError
from diffusion.network.network import Network
from diffusion.report.figure_legend import NOTE_SIZE, SAMPLE, SIZE, cut, text_size
from diffusion.report.figure_page import ALL_LABELLED, MARGIN, SUBTITLE, TITLE, Page, labelled, page_of, title_height
from diffusion.report.figure_ties import arrow_heads, tie_lines, without_heads
from diffusion.report.labels import placed_labels
from diffusion.report.marks import INK, LINE, dashes, mark

SUFFIXES = (".png", ".svg", ".pdf")

MOST_AGENTS = 3_000
"""Of how many agents a picture is drawn at most."""

LONGEST_LABEL = 24
"""After how many letters a label is cut."""

_LARGE_ARROWS = 150
_PAGE = 493.0  # the width of a journal's page, 174 mm
_DOTS_AN_INCH = 300
_LABEL = 6.5
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "diffusion",
    "pdf.fonttype": 42,
    "path.simplify": False,
}
_UNDATED: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None, "ModDate": None},
}

Points = NDArray[np.float64]


def check_figure_file(path: Path, network: Network) -> None:
    """Check that a network can be drawn into a file.

    Raises
    ------
    InputError
        If the file's name ends otherwise, its folder does not exist, or the network is too large.
    """
    if path.suffix.casefold() not in SUFFIXES:
        raise InputError(f"{path}: the name of a figure must end in .png, .svg or .pdf")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first")
    if network.size > MOST_AGENTS:
        raise InputError(
            f"{path}: a figure shows at most {MOST_AGENTS:,} agents, and {network.name} has {network.size:,}; "
            "draw a part of it"
        )


def draw_network(network: Network, path: Path, *, width_mm: float = 174) -> list[str]:
    """Draw a network into a file, the same bytes every time.

    Parameters
    ----------
    network
        The network.
    path
        The file: ``.png``, ``.svg`` or ``.pdf``.
    width_mm
        How wide the picture is, in millimetres; its height follows.

    Returns
    -------
    What the picture does not show as it is, a line each.

    Raises
    ------
    InputError
        If :func:`check_figure_file` finds something wrong.
    """
    check_figure_file(path, network)
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that the font lacks is told below
        mpl.rcdefaults()  # whatever style the user has set
        mpl.rcParams.update(_STYLE)
        page = page_of(network, width_mm / 25.4 * 72)
        figure, notes = _drawn(network, page)
        suffix = path.suffix.casefold()
        figure.savefig(path, format=suffix[1:], dpi=_DOTS_AN_INCH, metadata=_UNDATED[suffix])
    return notes


def _drawn(network: Network, page: Page) -> tuple[Figure, list[str]]:
    figure = Figure(figsize=(page.width / 72, page.height / 72), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, page.width), ylim=(0, page.height))
    axes.set_axis_off()
    _draw_title(axes, network, page)
    lines = _draw_ties(axes, network, page)
    _draw_agents(axes, network, page)
    notes = _draw_labels(axes, network, page, lines)
    _draw_legend(axes, page)
    return figure, notes


def _draw_title(axes: Axes, network: Network, page: Page) -> None:
    top = page.height - MARGIN
    title = cut(network.name, page.width - 2 * MARGIN, TITLE)
    _write(axes, MARGIN, top, title, TITLE, va="top", weight="bold")
    if network.synthetic:
        said = cut("Synthetic network: made from assumptions, not observed", page.width - 2 * MARGIN, SUBTITLE)
        _write(axes, MARGIN, top - TITLE * 1.5, said, SUBTITLE, va="top", style="italic")


def _draw_ties(axes: Axes, network: Network, page: Page) -> Points:
    """Draw the ties and return their lines' ends."""
    lines = tie_lines(network, page.points, page.mark / 2)
    count = max(len(lines.ends), 1) * (_PAGE / page.width) ** 2  # as many as a full page would have
    width = float(np.clip((150 / count) ** 0.3, 0.28, 0.9))
    faint = float(np.clip((250 / count) ** 0.5, 0.16, 0.85))
    head = 3.6 if lines.one_way.sum() <= _LARGE_ARROWS else 2.6
    ends = without_heads(lines, head) if page.has_arrows else lines.ends
    for place in range(len(network.layers)):
        drawn = ends[lines.layer == place].reshape(-1, 2, 2)
        axes.add_collection(
            LineCollection(
                list(drawn), colors=LINE, linewidths=width, linestyles=[dashes(place, width)], alpha=faint, zorder=1
            ),
            autolim=False,
        )
    if page.has_arrows:
        heads = list(arrow_heads(lines, head))
        axes.add_collection(
            PolyCollection(heads, facecolors=LINE, edgecolors="none", alpha=min(1, faint * 1.6), zorder=1.5),
            autolim=False,
        )
    return lines.ends


def _draw_agents(axes: Axes, network: Network, page: Page) -> None:
    edge = 0.5 if page.mark > 4 else 0.25
    named = set(labelled(network)) if network.size > ALL_LABELLED else set()
    for place in range(len(network.role_names)):
        look = mark(place)
        members = np.flatnonzero(network.role_index == place)
        larger = max(1.35, 5 / page.mark)
        wide = np.array([page.mark * look.size * (larger if agent in named else 1) for agent in members.tolist()])
        axes.scatter(
            page.points[members, 0],
            page.points[members, 1],
            s=wide**2,
            marker=look.shape,
            facecolors=look.colour,
            edgecolors=INK,
            linewidths=[edge * (2 if agent in named else 1) for agent in members.tolist()],
            zorder=2,
        )


def _draw_labels(axes: Axes, network: Network, page: Page, lines: Points) -> list[str]:
    """Draw the labels and return what is not shown of them."""
    order = labelled(network)
    texts = [_shortened(network.ids[agent]) for agent in order]
    sizes = np.array([text_size(text, _LABEL) for text in texts]).reshape(-1, 2) + np.array([1.6, 1.4])
    bottom = MARGIN + page.legend.height
    around = page.points - (0, bottom)
    bounds = (page.width, page.height - bottom - MARGIN - title_height(network))
    isolates = set(np.flatnonzero(network.alters.degrees == 0).tolist())
    lines = lines - (0, bottom, 0, bottom)
    found = placed_labels(around, page.mark / 2, order, sizes, bounds=bounds, lines=lines, below=isolates)
    shown = dict(zip(order, zip(texts, sizes, strict=True), strict=True))
    for label in found:
        text, (wide, high) = shown[label.place]
        x, y = label.x, label.y + bottom
        if label.is_far:
            start = page.points[label.place]
            axes.plot([start[0], x], [start[1], y], color=INK, linewidth=0.5, zorder=2.5)
        _draw_plate(axes, x, y, wide, high)
        _write(axes, x, y, text, _LABEL, ha="center", va="center_baseline", zorder=4)
    lacking = sum(not _has_letters(text) for text in texts)
    return list(_label_notes(network, order, missing=len(order) - len(found), lacking=lacking))


def _label_notes(network: Network, order: Sequence[int], *, missing: int, lacking: int) -> Iterator[str]:
    if longer := sum(len(network.ids[agent]) > LONGEST_LABEL for agent in order):
        yield f"labels are cut after {LONGEST_LABEL} letters; {longer:,} {'is' if longer == 1 else 'are'} longer"
    if missing:
        yield f"no room was found for {_labels(missing)}; a larger --width-mm makes room"
    if lacking:
        yield f"the font of the figure lacks letters of {_labels(lacking)}; an .svg shows them"


def _labels(count: int) -> str:
    return "1 label" if count == 1 else f"{count:,} labels"


def _draw_plate(axes: Axes, x: float, y: float, wide: float, high: float) -> None:
    """Draw what keeps lines off a label."""
    plate = Rectangle(
        (x - wide / 2, y - high / 2), wide, high, facecolor="white", edgecolor="none", alpha=0.72, zorder=3
    )
    axes.add_patch(plate)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1].rstrip()}…"


def _has_letters(text: str) -> bool:
    """Tell whether the font has every letter of a text."""
    letters = get_font(findfont("DejaVu Sans")).get_charmap()
    return all(ord(letter) in letters for letter in text)


def _draw_legend(axes: Axes, page: Page) -> None:
    top = MARGIN + page.legend.height
    for entry in page.legend.entries:
        x, y = MARGIN + entry.x, top - entry.below
        if entry.kind == "role":
            look = mark(entry.place)
            axes.scatter(
                [x + 4],
                [y],
                s=(6 * look.size) ** 2,
                marker=look.shape,
                facecolors=look.colour,
                edgecolors=INK,
                linewidths=0.5,
            )
        elif entry.kind == "layer":
            axes.plot([x, x + 21], [y, y], color=LINE, linewidth=0.9, linestyle=dashes(entry.place, 0.9))
        size = NOTE_SIZE if entry.kind == "note" else SIZE
        _write(axes, x + SAMPLE[entry.kind], y, entry.text, size, va="center_baseline")


def _write(axes: Axes, x: float, y: float, text: str, size: float, **how: Any) -> None:
    """Write a text as it is: dollar signs are no formulas."""
    axes.text(x, y, text, fontsize=size, color=INK, parse_math=False, **how)
