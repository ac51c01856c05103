"""The figure of how often each arm is best, over the histories that all arms live through."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from diffusion.report.figures.arm_ranking import MOST_PLACES, ranked_arms
from diffusion.report.figures.panels import rows_grid
from diffusion.report.figures.sheet import (
    PAGE_MM,
    PALE,
    Below,
    PrintedFigure,
    dress,
    headings_cut,
    name_rows,
    points_wide,
    printed,
    widest,
    write_heading,
)
from diffusion.report.figures.wording import headings, outcome_of, places_of, who_caption
from diffusion.report.marks import INK

_ROW, _AROUND = 11.0, 30.0


def best_share(arms: pd.DataFrame, *, outcome: str = "adopted_share", width_mm: float = PAGE_MM) -> PrintedFigure:
    """Return in which share of the histories each arm is best, alone or with others.

    Parameters
    ----------
    arms
        The table of :func:`~diffusion.report.tidy.arms_table`, or part of it.
    outcome
        The outcome by which they are best.
    width_mm
        How wide the figure is, in millimetres.
    """
    shown = arms[arms["outcome"] == outcome].dropna(subset=["p_best"])
    order = ranked_arms(shown, outcome_of(arms, outcome))
    places = places_of(shown)[:MOST_PLACES]
    samples = [Patch(facecolor=INK), Patch(facecolor=PALE, edgecolor=INK, linewidth=0.5)]
    below = Below("Histories in which the arm is best, %", samples, ["best alone", "best with others"])
    room = widest(order, points_wide(width_mm) * 0.3)
    columns, rows = rows_grid(len(places), width_mm, room)
    with printed(width_mm, rows * (len(order) * _ROW + _AROUND), below) as figure:
        panels = list(figure.subplots(rows, columns, sharey=True, sharex=True, squeeze=False).flat)
        name_rows(panels[0], order, room)
        titles = headings_cut(headings(places), (points_wide(width_mm) - room) / columns - 8)
        for axes in panels[len(places) :]:
            axes.set_visible(False)
        for axes, place, title in zip(panels, places, titles, strict=False):
            _draw_bars(axes, place.of(shown), order)
            write_heading(axes, title if len(places) > 1 else "")
    return figure


def caption(arms: pd.DataFrame, *, outcome: str = "adopted_share") -> str:
    """Return what the figure shows, for the same arguments."""
    shown = arms[arms["outcome"] == outcome].dropna(subset=["p_best"])
    places = places_of(shown)
    of = f" Shown are the first {MOST_PLACES} of {len(places)}." if len(places) > MOST_PLACES else ""
    return (
        f"Share of the paired histories in which no other arm does as well on {outcome}, and in which the arm shares "
        "the best with others. These are shares of histories under this program's pairing, not probabilities that an "
        f"arm's expectation is the highest; arms are in the order of their means.{of} {who_caption(shown, paired=True)}"
    )


def _draw_bars(axes: Axes, here: pd.DataFrame, order: list[str]) -> None:
    at = [order.index(arm) for arm in here["arm"]]
    alone, tied = 100 * here["p_best"].to_numpy(), 100 * here["p_best_tied"].to_numpy()
    axes.barh(at, alone, height=0.62, color=INK)
    axes.barh(at, tied, left=alone, height=0.62, color=PALE, edgecolor=INK, linewidth=0.5)
    dress(axes)
    largest = float(np.max(alone + tied, initial=0.0))
    axes.set_xlim(0, 100 if largest > 60 else max(10.0, 10 * np.ceil(largest / 10)))
    axes.tick_params(axis="y", length=0)
