"""The figure of adopter categories by threshold categories (Valente 1995): how many agents are in each pair."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from diffusion.analysis.observed.thresholds import ADOPTER_CATEGORIES, THRESHOLD_CATEGORIES
from diffusion.analysis.phrases import counted
from diffusion.report.figures.sheet import (
    PAGE_MM,
    SMALL,
    Below,
    PrintedFigure,
    dress,
    name_rows,
    points_wide,
    printed,
    widest,
)
from diffusion.report.marks import INK
from diffusion.report.tidy_observed import NOT_ADOPTED

_ROW, _AROUND = 16.0, 26.0
_SHADES = ("#f2f2f2", "#c4c4c4", "#8c8c8c", "#4d4d4d")
_NUMBER = 20.0
"""How wide a part of a bar must be to have room for its number, in points."""


def adopter_categories(table: pd.DataFrame, *, width_mm: float = PAGE_MM) -> PrintedFigure:
    """Return how adopters of one network are sorted by time, and within that by threshold.

    Parameters
    ----------
    table
        The table of :func:`~diffusion.report.tidy_observed.observed_categories_table`, of one network.
    width_mm
        How wide the figure is, in millimetres.
    """
    order = [*ADOPTER_CATEGORIES, NOT_ADOPTED]
    samples = [Patch(facecolor=shade, edgecolor=INK, linewidth=0.4) for shade in _SHADES]
    below = Below("Agents, % of all", samples, [f"{name} threshold" for name in THRESHOLD_CATEGORIES])
    room = widest(order, points_wide(width_mm) * 0.3)
    longest = 100 * float(table.groupby("adopter_category")["share"].sum().max())
    narrowest = longest * _NUMBER / (points_wide(width_mm) - room)
    with printed(width_mm, len(order) * _ROW + _AROUND, below) as figure:
        axes = figure.subplots(1, 1)
        name_rows(axes, order, room)
        for row, name in enumerate(order):
            _draw_bar(axes, row, table[table["adopter_category"] == name], narrowest)
        dress(axes)
        axes.tick_params(axis="y", length=0)
    return figure


def caption(table: pd.DataFrame) -> str:
    """Return what the figure shows, for the same arguments."""
    first = table.iloc[0]
    kind = "synthetic network: made from assumptions, not observed; " if first["synthetic"] else ""
    return (
        "Adopters by when they adopted (rows) and by their threshold (shades), the share of those they learn from who "
        "had adopted by then; classes are bounded by the mean and the mean minus and plus one standard deviation. "
        "Measured thresholds are upper bounds, and late adopters have more adopters around whatever the reason. "
        f"Non-adopters have none. Network {first['network']} ({kind}{counted(int(first['agents']), 'agent')})."
    )


def _draw_bar(axes: Axes, row: int, here: pd.DataFrame, narrowest: float) -> None:
    left = 0.0
    for part in here.itertuples():
        size = 100 * part.share
        place = THRESHOLD_CATEGORIES.index(part.threshold_category) if part.threshold_category else None
        face = "white" if place is None else _SHADES[place]
        axes.barh(row, size, left=left, height=0.68, color=face, edgecolor=INK, linewidth=0.4)
        if size >= narrowest:
            ink = "white" if place is not None and place == len(_SHADES) - 1 else INK
            axes.text(left + size / 2, row, f"{size:.1f}", fontsize=SMALL, ha="center", va="center", color=ink)
        left += size
