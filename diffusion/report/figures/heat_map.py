"""The heat map of arms by networks or cells: a number in every field, darker where there are more adopters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colorbar import Colorbar
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from diffusion.report.figures.arm_ranking import ranked_arms
from diffusion.report.figures.sheet import (
    PAGE_MM,
    SMALL,
    Below,
    PrintedFigure,
    dress,
    name_rows,
    points_wide,
    printed,
    shortened,
    widest,
)
from diffusion.report.figures.wording import (
    factor,
    headings,
    level_label,
    outcome_of,
    places_of,
    who_caption,
)
from diffusion.report.marks import INK

SHADES: Colormap = colormaps["cividis_r"]
"""Pale for little, dark for much: even in lightness, and alike in any colour vision (Nuñez et al. 2018).

doi 10.1371/journal.pone.0199239
"""

MOST_COLUMNS = 24
"""How many columns there are at most; of more, the first are shown."""

_DARK, _NUMBER = 0.5, 19.0  # from which lightness down numbers are white; how wide a field with a number is

Values = NDArray[np.float64]


def arm_heat_map(arms: pd.DataFrame, *, outcome: str = "adopted_share", width_mm: float = PAGE_MM) -> PrintedFigure:
    """Return the means of every arm on every network and in every cell; the best of each is framed.

    Parameters
    ----------
    arms
        The table of :func:`~diffusion.report.tidy.arms_table`, or part of it.
    outcome
        The outcome.
    width_mm
        How wide the figure is, in millimetres.
    """
    found, shown = outcome_of(arms, outcome), arms[arms["outcome"] == outcome]
    places, order = places_of(shown)[:MOST_COLUMNS], ranked_arms(shown, found)
    values = np.full((len(order), len(places)), np.nan)
    best = np.zeros(values.shape, dtype=np.bool_)
    for column, place in enumerate(places):
        for row in place.of(shown).itertuples():
            at = order.index(row.arm), column
            values[at], best[at] = row.mean * factor(found), row.place == 1
    label = level_label(found, str(shown["step_unit"].iloc[0]))
    return draw_heat_map(values, order, headings(places), label=label, framed=best, width_mm=width_mm)


def caption(arms: pd.DataFrame, *, outcome: str = "adopted_share") -> str:
    """Return what the figure shows, for the same arguments."""
    found, shown = outcome_of(arms, outcome), arms[arms["outcome"] == outcome]
    places = places_of(shown)
    of = f" Shown are the first {MOST_COLUMNS} of {len(places)} columns." if len(places) > MOST_COLUMNS else ""
    better = "more" if found.sign > 0 else "less"
    return (
        f"{found.sentence.rstrip('.')}: means over runs, of every arm in every column; darker is larger. "
        f"Framed: the best mean of each column ({better} is better), however small its lead; arms are in the order of "
        f"their mean over all columns.{of} {who_caption(shown)}"
    )


def draw_heat_map(
    values: Values,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    label: str,
    framed: NDArray[np.bool_] | None = None,
    width_mm: float = PAGE_MM,
) -> PrintedFigure:
    """Return a table of numbers as a heat map.

    Parameters
    ----------
    values
        The numbers, as they are to be shown; NaN for none; shape (rows, columns).
    rows, columns
        What they are called.
    label
        What the numbers are, with their unit.
    framed
        Which fields have a frame.
    width_mm
        How wide the figure is, in millimetres.
    """
    room = widest(rows, points_wide(width_mm) * 0.3)
    wide = (points_wide(width_mm) - room - 10) / len(columns)
    upright = widest(columns, 1e9) <= wide - 4
    names = shortened(columns, wide - 4 if upright else 90)
    over = 12.0 if upright else widest(names, 90) + 6
    has_room = wide > _NUMBER
    high = len(rows) * 11.5 + over + (8 if has_room else 40)
    with printed(width_mm, high, Below(label if has_room else "")) as figure:
        axes = figure.subplots()
        _draw_fields(axes, values, has_room=has_room)
        if not has_room:
            draw_shades(figure, [axes], _scale(values), label)
        name_rows(axes, shortened(rows, room), room)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(columns)), names, rotation=0 if upright else 90)
        dress(axes)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        if framed is not None:
            half = 0.5 - 1.2 / wide
            for row, column in np.argwhere(framed).tolist():
                axes.add_patch(Rectangle((column - half, row - 0.44), 2 * half, 0.88, fill=False, ec=INK, lw=1.1))
    return figure


def draw_shades(figure: Figure, panels: Sequence[Axes], scale: Normalize, label: str) -> None:
    """Draw below panels what the shades mean."""
    shades = ScalarMappable(norm=scale, cmap=SHADES)
    bar = figure.colorbar(shades, ax=list(panels), location="bottom", shrink=0.6, aspect=40, pad=0.01)
    dress_shades(bar, label)


def dress_shades(bar: Colorbar, label: str) -> None:
    """Give a bar of shades thin lines, small figures and a label."""
    bar.outline.set_linewidth(0.5)
    dress(bar.ax)
    bar.set_label(label)


def _draw_fields(axes: Axes, values: Values, *, has_room: bool) -> None:
    scale = _scale(values)
    edges = [np.arange(count + 1) - 0.5 for count in values.shape[::-1]]
    axes.pcolormesh(*edges, np.ma.masked_invalid(values), cmap=SHADES, norm=scale, edgecolors="white", linewidth=0.8)
    decimals = 1 if np.abs(values[np.isfinite(values)]).max(initial=0.0) < 100 else 0
    if has_room:
        for (row, column), value in np.ndenumerate(values):
            text = "–" if np.isnan(value) else f"{value:,.{decimals}f}"
            axes.text(
                *(column, row, text),
                ha="center",
                va="center_baseline",
                fontsize=SMALL,
                color=_ink(value, scale),
            )


def _ink(value: float, scale: Normalize) -> str:
    """Return in which colour a number is read best on its field."""
    if np.isnan(value):
        return INK
    red, green, blue, _ = SHADES(scale(value))
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < _DARK else INK


def _scale(values: Values) -> Normalize:
    """Return what shades the numbers from the smallest to the largest; the middle one where all are equal."""
    known = values[np.isfinite(values)]
    low, high = float(known.min(initial=np.inf)), float(known.max(initial=-np.inf))
    return Normalize(low, high) if low < high else Normalize(known[0] - 1, known[0] + 1) if len(known) else Normalize()
