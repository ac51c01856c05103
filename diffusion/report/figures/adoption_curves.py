"""The figure of adoption curves: how many have adopted at every step, on average and in most runs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from diffusion.report.figures.arm_lines import MOST_LINES, LineLook, draw_line, line_looks, line_samples
from diffusion.report.figures.panels import finish_shares, grid, grid_height
from diffusion.report.figures.sheet import (
    GREY,
    PAGE_MM,
    PALE,
    Below,
    PrintedFigure,
    headings_cut,
    label_up,
    points_wide,
    printed,
    write_heading,
)
from diffusion.report.figures.wording import Place, headings, in_order, places_of, time_label, who_caption
from diffusion.report.marks import INK

MOST_PANELS = 20
"""How many panels there are at most; of more arms the best are shown, of more networks and cells the first."""


def adoption_curves(curves: pd.DataFrame, *, baseline: str | None = None, width_mm: float = PAGE_MM) -> PrintedFigure:
    """Return the adoption curves of a study.

    On one network and cell every arm has a panel: its mean, the band in which
    90 % of its runs lie, and the baseline's mean beside it. On several, each
    has a panel with the mean of every arm and its 95 % interval.

    Parameters
    ----------
    curves
        The table of :func:`~diffusion.report.tidy_steps.curves_table`, or part of it.
    baseline
        The arm that is drawn beside the others; the first by default.
    width_mm
        How wide the figure is, in millimetres: 84 or 174 for a journal's column or page.
    """
    places = places_of(curves)
    named = baseline or str(curves["arm"].iloc[0])
    if len(places) == 1:
        return _by_arm(curves, named, width_mm)
    return _by_place(curves, places[:MOST_PANELS], named, width_mm)


def caption(curves: pd.DataFrame, *, baseline: str | None = None) -> str:
    """Return what the figure shows, for the same arguments."""
    places, named = places_of(curves), baseline or str(curves["arm"].iloc[0])
    arms = list(curves["arm"].unique())
    who = who_caption(curves)
    start = "Share of the agents in stage adopted at every step, leaders included."
    if len(places) == 1:
        left_out = len(arms) - MOST_PANELS
        of = f" Shown are {named} and the {MOST_PANELS - 1} best of {len(arms) - 1} other arms." if left_out > 0 else ""
        beside = f"; dashed, the mean under {named}" if len(arms) > 1 else ""
        return (
            f"{start} Line: mean over runs; dark band: its 95 % interval, each step by itself; pale band: between the "
            f"5 % and the 95 % quantile of the runs{beside}.{of} {who}"
        )
    of = f" Shown are the first {MOST_PANELS} of {len(places)} panels." if len(places) > MOST_PANELS else ""
    grey = f" Of {len(arms)} arms, {named} and the best of the others have lines of their own." * (
        len(arms) > MOST_LINES
    )
    return f"{start} Lines: means over runs; bands: their 95 % intervals, each step by itself.{grey}{of} {who}"


def best_first(curves: pd.DataFrame) -> list[str]:
    """Return the arms in the order of their mean at the end, over networks and cells."""
    last = curves[curves["step"] == curves.groupby(["network", "cell"])["step"].transform("max")]
    return in_order(last.groupby("arm")["mean"].mean())


def _by_arm(curves: pd.DataFrame, baseline: str, width_mm: float) -> PrintedFigure:
    order = best_first(curves)
    shown = [arm for arm in order if arm != baseline][: MOST_PANELS - 1] if len(order) > MOST_PANELS else order
    shown = [arm for arm in order if arm in {*shown, baseline}]
    columns, rows = grid(len(shown), width_mm)
    with printed(width_mm, grid_height(columns, rows, width_mm), Below(time_label(curves))) as figure:
        panels = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
        names = headings_cut(shown, points_wide(width_mm) / columns - 26)
        behind = curves[curves["arm"] == baseline]
        for axes, arm, name in zip(panels, shown, names, strict=False):
            own = curves[curves["arm"] == arm]
            _draw_bands(axes, own)
            if arm != baseline:
                axes.plot(behind["step"], 100 * behind["mean"], color=INK, linewidth=0.6, linestyle=(0, (3, 2)))
            axes.plot(own["step"], 100 * own["mean"], color=INK, linewidth=1.1)
            write_heading(axes, name)
        finish_shares(panels, len(shown), columns, 100 * curves["q95"].max(), curves["step"].max())
        label_up(figure, "Agents who have adopted, %")
    return figure


def _draw_bands(axes: Axes, own: pd.DataFrame) -> None:
    steps = own["step"]
    axes.fill_between(steps, 100 * own["q05"], 100 * own["q95"], color=PALE, linewidth=0, zorder=1)
    axes.fill_between(steps, 100 * own["low"], 100 * own["high"], color=GREY, linewidth=0, zorder=1.5)


def _by_place(curves: pd.DataFrame, places: list[Place], baseline: str, width_mm: float) -> PrintedFigure:
    order = best_first(curves)
    looks = line_looks(order, [baseline])
    samples, names = line_samples(looks, others=len(order) - len(looks))
    columns, rows = grid(len(places), width_mm)
    below = Below(time_label(curves), samples, names)
    with printed(width_mm, grid_height(columns, rows, width_mm), below) as figure:
        panels = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
        titles = headings_cut(headings(places), points_wide(width_mm) / columns - 26)
        for axes, place, title in zip(panels, places, titles, strict=False):
            _draw_arms(axes, place.of(curves), order, looks)
            write_heading(axes, title)
        finish_shares(panels, len(places), columns, 100 * curves[["mean", "high"]].max(axis=None), curves["step"].max())
        label_up(figure, "Agents who have adopted, %")
    return figure


def _draw_arms(axes: Axes, here: pd.DataFrame, order: list[str], looks: Mapping[str, LineLook]) -> None:
    for arm in reversed(order):
        own, look = here[here["arm"] == arm], looks.get(arm)
        at = own["step"].to_numpy(dtype=np.float64)
        if look is not None:
            ends = 100 * own["low"], 100 * own["high"]
            axes.fill_between(at, *ends, color=look.colour, alpha=0.25, linewidth=0, zorder=1)
        draw_line(axes, at, 100 * own["mean"].to_numpy(), look)
