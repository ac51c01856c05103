"""The sheet that a figure is printed on: its width, type and lines, whatever style the user has set."""

from __future__ import annotations

import io
import re
import warnings
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from diffusion.errors import InputError
from diffusion.report.figure_legend import cut, text_size
from diffusion.report.marks import INK

COLUMN_MM = 84.0
"""The width of a journal's column."""

PAGE_MM = 174.0
"""The width of a journal's page."""

TALLEST = 660.0
"""How high a figure is at most, in points, so that its caption stands on the same page."""

HEADING, TEXT, SMALL = 7.5, 7.0, 6.5
"""Sizes of headings of panels, of axes' labels, and of everything else, in points."""

GREY, PALE = "#8a8a8a", "#d9d9d9"
"""Colours of what stands behind: lines and areas."""

_SECTIONS = re.compile(r"\b[\w-]+\.(?=[\w.-]+ = )")
_BOLD = 1.18  # how much wider bold letters are at most
_EDGE, _SAMPLE = 4.0, 32.0  # the margin of the sheet; the room of a sample and the gap after its name

SUFFIXES = (".png", ".svg", ".pdf")

_DOTS_AN_INCH = 300
_UNDATED: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None, "ModDate": None},
}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "diffusion",
    "pdf.fonttype": 42,
    "path.simplify": False,
    "text.parse_math": False,  # dollar signs in names are no formulas
    "text.color": INK,
    "font.size": TEXT,
    "axes.titlesize": HEADING,
    "axes.titlelocation": "left",
    "axes.titlepad": 3.0,
    "axes.labelsize": TEXT,
    "axes.labelcolor": INK,
    "axes.labelpad": 2.0,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "legend.borderpad": 0.0,
    "legend.borderaxespad": 0.0,
    "legend.labelspacing": 0.3,
    "legend.columnspacing": 1.2,
    "lines.linewidth": 1.0,
    "hatch.linewidth": 0.5,
    "hatch.color": INK,
}


@dataclass(frozen=True)
class Below:
    """Hold what stands below the panels: what they share on the horizontal axis, and a legend.

    Attributes
    ----------
    label
        The label of the axis.
    samples, names
        What the legend shows, and what it says.
    """

    label: str = ""
    samples: Sequence[Artist] = ()
    names: Sequence[str] = ()

    def height(self, width_mm: float) -> float:
        """Return how much room this takes, in points."""
        rows = -(-len(self.names) // self._columns(width_mm))
        return (11.0 if self.label else 0.0) + (10.5 * rows + 5 if rows else 0.0)

    def write(self, figure: Figure) -> None:
        """Write it on a figure."""
        wide, high = figure.get_figwidth() * 72, figure.get_figheight() * 72
        strip = self.height(wide / 72 * 25.4)
        if self.label:
            text = cut(self.label, wide - 2 * _EDGE, TEXT)
            figure.text(0.5, (strip - 1) / high, text, fontsize=TEXT, ha="center", va="top")
        if self.names:
            columns = self._columns(wide / 72 * 25.4)
            texts = shortened(self.names, (wide - 2 * _EDGE) / columns - _SAMPLE)
            corner = (_EDGE / wide, 3 / high)
            legend = figure.legend(self.samples, texts, loc="lower left", bbox_to_anchor=corner, ncols=columns)
            legend.set_in_layout(False)

    def _columns(self, width_mm: float) -> int:
        """Return in how many columns the legend fits."""
        room = points_wide(width_mm) - 2 * _EDGE
        wide = widest(self.names, room - _SAMPLE) + _SAMPLE
        return int(np.clip(room // wide, 1, max(len(self.names), 1)))


class PrintedFigure(Figure):
    """Show itself in a notebook without pyplot."""

    def _repr_png_(self) -> bytes:
        """Return the figure as a notebook shows it."""
        file = io.BytesIO()
        with styled():
            self.savefig(file, format="png", dpi=200, metadata=_UNDATED[".png"])
        return file.getvalue()


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the style of print, and leave the user's own as it was."""
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # letters that the font lacks; an SVG has them
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


@contextmanager
def printed(width_mm: float, height: float, below: Below | None = None) -> Iterator[PrintedFigure]:
    """Give an empty figure to draw on, and lay out what was drawn.

    Parameters
    ----------
    width_mm
        How wide the figure is, in millimetres.
    height
        How high its panels are together, in points; no higher than fits on a page with what stands below.
    below
        What stands below the panels.
    """
    foot = below or Below()
    strip = foot.height(width_mm)
    whole = min(height, TALLEST - strip) + strip
    with styled():
        figure = PrintedFigure(figsize=(width_mm / 25.4, whole / 72), facecolor="white")
        layout = ConstrainedLayoutEngine(w_pad=2.5 / 72, h_pad=2.5 / 72, wspace=0.02, hspace=0.02)
        layout.set(rect=(0, strip / whole, 1, 1 - strip / whole))
        figure.set_layout_engine(layout)
        yield figure
        foot.write(figure)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # stays as it is now, whatever it is saved as


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure into a file, the same bytes every time.

    Parameters
    ----------
    figure
        The figure.
    path
        The file: ``.png`` (300 dots an inch), ``.svg`` or ``.pdf``.

    Raises
    ------
    InputError
        If the file's name ends otherwise, or its folder does not exist.
    """
    suffix = path.suffix.casefold()
    if suffix not in SUFFIXES:
        raise InputError(f"{path}: the name of a figure must end in .png, .svg or .pdf")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first")
    with styled():
        figure.savefig(path, format=suffix[1:], dpi=_DOTS_AN_INCH, metadata=_UNDATED[suffix])


def points_wide(width_mm: float) -> float:
    """Return millimetres in points."""
    return width_mm / 25.4 * 72


def dress(axes: Axes) -> None:
    """Give an axis small ticks and small figures, also for ticks that are made later."""
    axes.tick_params(
        labelsize=SMALL, length=2.5, width=0.5, pad=2.0, color=INK, labelcolor=INK, which="major", direction="out"
    )


def label_up(figure: Figure, text: str) -> None:
    """Write what panels share on the vertical axis beside the middle of them."""
    layout = figure.get_layout_engine()
    _, bottom, _, high = layout.get()["rect"] if layout is not None else (0, 0, 1, 1)
    figure.supylabel(text, y=bottom + high / 2, fontsize=TEXT)


def write_heading(axes: Axes, text: str) -> None:
    """Write the heading of a panel."""
    axes.set_title(text, fontweight="bold")


def headings_cut(names: Sequence[str], width: float) -> list[str]:
    """Return headings of panels, cut to a width in points."""
    return shortened(names, width / _BOLD, HEADING)


def label_across(axes: Axes, text: str, width: float) -> None:
    """Label a horizontal axis, in two lines where one is wider than there is room."""
    words = text.split()
    if text_size(text, TEXT)[0] > width and len(words) > 1:
        splits = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words))]
        text = "\n".join(min(splits, key=lambda lines: max(text_size(line, TEXT)[0] for line in lines)))
    axes.set_xlabel("\n".join(cut(line, width, TEXT) for line in text.split("\n")))


def name_rows(axes: Axes, names: Sequence[str], width: float) -> None:
    """Write names beside rows 0, 1, … from the top.

    Parameters
    ----------
    axes
        The axes.
    names
        What the rows are called; empty ones where a panel beside it says so.
    width
        How wide a name may be, in points.
    """
    axes.set_yticks(range(len(names)), shortened(names, width))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def shortened(names: Sequence[str], width: float, size: float = SMALL) -> list[str]:
    """Return names cut to a width; in the middle where they would be alike if cut at the end.

    Of swept values the sections of their keys go first, where names stay different without.

    Parameters
    ----------
    names
        The names.
    width
        How wide they may be, in points.
    size
        How large they are written.

    Examples
    --------
    >>> shortened(["short"], 100), len(set(shortened(["a" * 60 + "1", "a" * 60 + "2"], 80)))
    (['short'], 2)
    >>> shortened(["uncertain_network.missing_ties = 0.2", "uncertain_network.missing_ties = 0.4"], 90)
    ['missing_ties = 0.2', 'missing_ties = 0.4']
    """
    if any(text_size(name, size)[0] > width for name in names):
        bare = [_SECTIONS.sub("", name) for name in names]
        names = bare if len(set(bare)) == len(set(names)) else names
    plain = [_cut(name, width, size, within=False) for name in names]
    return [
        text if text == name or plain.count(text) == 1 else _cut(name, width, size, within=True)
        for name, text in zip(names, plain, strict=True)
    ]


def _cut(name: str, width: float, size: float, *, within: bool) -> str:
    """Return as much of a name as there is room for: its beginning, or its beginning and end."""

    def kept(count: int) -> str:
        end = count // 2 if within else 0
        return f"{name[: count - end].rstrip()}…{name[len(name) - end :].lstrip()}"

    if text_size(name, size)[0] <= width:
        return name
    wider = bisect_left(range(2, len(name)), True, key=lambda count: text_size(kept(count), size)[0] > width)  # noqa: FBT003 - the key
    return kept(max(2, wider + 1))


def widest(names: Sequence[str], most: float, size: float = SMALL) -> float:
    """Return how much room names take, at most so much, in points."""
    return min(most, max((text_size(name, size)[0] for name in names), default=0.0) + 1)
