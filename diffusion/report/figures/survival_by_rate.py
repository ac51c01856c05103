"""The figure of survival by error rate: how often the best arm stays best, and how often it is overtaken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from diffusion.analysis.cells import cell_phrase
from diffusion.analysis.phrases import counted, joined
from diffusion.analysis.survival_told import value_phrase
from diffusion.analysis.turning import NAME_CAP, AtRate, Turning
from diffusion.report.figures.panels import grid, grid_height
from diffusion.report.figures.sheet import (
    GREY,
    PAGE_MM,
    SMALL,
    Below,
    PrintedFigure,
    dress,
    headings_cut,
    label_across,
    label_up,
    points_wide,
    printed,
    write_heading,
)
from diffusion.report.marks import INK

MOST_PANELS = 8
"""How many panels there are at most; of more lines along which a ranking may turn over the first are shown."""

_STAYS, _OVERTAKEN = ("#0072B2", (), "o"), ("#D55E00", (4.0, 1.5), "s")
_APART = 0.012  # how far the two lines stand beside each other, as a share of the axis
_MOST_TICKS = 8


def survival_by_rate(turnings: Sequence[Turning], *, width_mm: float = PAGE_MM) -> PrintedFigure:
    """Return in which share of worlds the best arm stays best, by the swept error: a panel a line of the sweep.

    Parameters
    ----------
    turnings
        The result of :func:`~diffusion.analysis.turning.turning`; at least one.
    width_mm
        How wide the figure is, in millimetres.
    """
    shown = turnings[:MOST_PANELS]
    columns, rows = grid(len(shown), width_mm)
    below = Below("", *_legend(shown))
    with printed(width_mm, grid_height(columns, rows, width_mm) + rows * _written(shown), below) as figure:
        panels = list(figure.subplots(rows, columns, sharey=True, squeeze=False).flat)
        wide = points_wide(width_mm) / columns - 24
        titles = headings_cut(_titles(turnings)[: len(shown)], wide)
        for axes in panels[len(shown) :]:
            axes.set_visible(False)
        for axes, found, title in zip(panels, shown, titles, strict=False):
            _draw(axes, found)
            write_heading(axes, title)
            label_across(axes, found.name, wide)
        label_up(figure, _label(shown[0]))
    return figure


def caption(turnings: Sequence[Turning]) -> str:
    """Return what the figure shows, for the same arguments."""
    best = list(dict.fromkeys(f"*{found.best}*" for found in turnings))
    worlds = turnings[0].at[0].worlds
    bars = " Bars: exact 95 % intervals." if turnings[0].at[0].survives_low is not None else ""
    of = f" Shown are the first {MOST_PANELS} of {len(turnings)}." if len(turnings) > MOST_PANELS else ""
    return (
        f"Share of {counted(worlds, 'world')} in which the arm that is best on the given network ({joined(best)}) "
        "leads all others that differ from it there, and in which one of them leads it, by more than twice the Monte "
        "Carlo error, at each value of the swept error; in the other worlds it is undecided."
        f"{bars} Grey line: the share in which the same runs show it to be best on the given network itself. Upright "
        "lines: the first value at which it is not shown, over all worlds, to stay better than the arms that it is "
        f"better than there (dotted), and the first at which one of these is shown to be better (solid).{of}"
    ).replace("*", "")


def _written(shown: Sequence[Turning]) -> float:
    """Return how much room what is written below a panel takes, in points."""
    return 14.0 + 8.0 * max(text.count("\n") for found in shown for text in _places(found)[1] or [""])


def _titles(turnings: Sequence[Turning]) -> list[str]:
    """Return what panels are called: network and what is held fixed, as far as these differ."""
    several = len({found.network for found in turnings}) > 1
    keys = len({found.key for found in turnings}) > 1
    told = []
    for found in turnings:
        parts = [found.network] if several else []
        parts += [cell_phrase(found.held)] if found.held else []
        parts += [found.name] if keys and not parts else []
        told.append(", ".join(parts) or f"Best on the given network: {found.best}")
    return told


def _label(found: Turning) -> str:
    nouns = {"robustness": "Observed versions", "imputation": "Plausible networks", "redrawn": "Regions drawn anew"}
    return f"{nouns[found.mode]}, %"


def _draw(axes: Axes, found: Turning) -> None:
    at, ticks = _places(found)
    span = float(np.ptp(at)) or 1.0
    counts = (("best_survives_in", "survives", _STAYS, -1), ("best_overtaken_in", "overtaken", _OVERTAKEN, 1))
    for field, ends, look, side in counts:
        shares = [100 * getattr(one, field) / one.worlds for one in found.at]
        _draw_line(axes, at + side * _APART * span, shares, [_ends(one, ends) for one in found.at], look)
    given = [100 * one.given_best_in / one.worlds for one in found.at]
    axes.plot(at, given, color=GREY, linewidth=0.8, zorder=1)
    for value, dashes in ((found.open_at, (1.0, 1.6)), (found.turned_at, ())):
        if value is not None:
            place = at[list(found.values).index(value)]
            axes.axvline(float(place), color=INK, linewidth=0.7, linestyle=(0, dashes or (1, 0)), zorder=0)
    dress(axes)
    axes.set_ylim(-3, 103)
    axes.set_xlim(float(at.min()) - 0.06 * span, float(at.max()) + 0.06 * span)
    if found.key.startswith(NAME_CAP):
        axes.invert_xaxis()
    if ticks:
        axes.set_xticks(at, ticks, fontsize=SMALL)


def _places(found: Turning) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], list[str]]:
    """Return where the values stand, and what is written there; tables stand side by side."""
    numbers = [value for value in found.values if isinstance(value, int | float)]
    told = [value_phrase(value) for value in found.values]
    if len(numbers) == len(told):
        return np.array(numbers, dtype=np.float64), told if len(told) <= _MOST_TICKS else []
    return np.arange(len(told), dtype=np.float64), [text.replace(" ", "\n") for text in told]


def _ends(one: AtRate, name: str) -> tuple[float, float] | None:
    low, high = getattr(one, f"{name}_low"), getattr(one, f"{name}_high")
    return None if low is None or high is None else (100 * low, 100 * high)


def _draw_line(
    axes: Axes,
    at: np.ndarray[tuple[int], np.dtype[np.float64]],
    shares: Sequence[float],
    ends: Sequence[tuple[float, float] | None],
    look: tuple[str, tuple[float, ...], str],
) -> None:
    colour, dashes, mark = look
    axes.plot(at, shares, color=colour, linestyle=(0, dashes or (1, 0)), zorder=3, marker=mark, markersize=3.2)
    for place, told in zip(at, ends, strict=True):
        if told is not None:
            axes.plot([place, place], told, color=colour, linewidth=0.8, zorder=2)


def _legend(shown: Sequence[Turning]) -> tuple[list[Artist], list[str]]:
    samples: list[Artist] = [
        Line2D([], [], color=colour, linestyle=(0, dashes or (1, 0)), marker=mark, markersize=3.2)
        for colour, dashes, mark in (_STAYS, _OVERTAKEN)
    ]
    samples.append(Line2D([], [], color=GREY, linewidth=0.8))
    names = ["stays best", "is overtaken", "best on the given network"]
    if any(found.open_at is not None for found in shown):
        samples.append(Line2D([], [], color=INK, linewidth=0.7, linestyle=(0, (1.0, 1.6))))
        names.append("first not shown best")
    if any(found.turned_at is not None for found in shown):
        samples.append(Line2D([], [], color=INK, linewidth=0.7))
        names.append("first overtaken over all worlds")
    return samples, names
