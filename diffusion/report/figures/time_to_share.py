"""The figure of times: in which share of the runs a share of the agents had been reached by every step."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from diffusion.report.figures.arm_lines import MOST_LINES, LineLook, draw_line, line_looks, line_samples
from diffusion.report.figures.panels import finish_shares, grid, grid_height
from diffusion.report.figures.sheet import (
    PAGE_MM,
    Below,
    PrintedFigure,
    headings_cut,
    label_up,
    points_wide,
    printed,
    write_heading,
)
from diffusion.report.figures.wording import Place, headings, in_order, places_of, time_label, who_caption

MOST_PANELS = 15
"""How many panels there are at most; of more networks and cells the first are shown."""


def time_to_share(times: pd.DataFrame, *, baseline: str | None = None, width_mm: float = PAGE_MM) -> PrintedFigure:
    """Return when shares of the agents were reached: one panel a share, on every network and in every cell.

    Parameters
    ----------
    times
        The table of :func:`~diffusion.report.tidy_steps.times_table`, or part of it.
    baseline
        An arm that has a line of its own, whatever its place; the first by default.
    width_mm
        How wide the figure is, in millimetres.
    """
    order = soonest_first(times)
    looks = line_looks(order, [baseline or str(times["arm"].iloc[0])])
    shares = list(times["share"].unique())
    places = _shown_places(times)
    panels_of = [(place, share) for place in places for share in shares]
    columns, rows = grid(len(panels_of), width_mm) if len(places) == 1 else (len(shares), len(places))
    below = Below(time_label(times), *line_samples(looks, others=len(order) - len(looks)))
    with printed(width_mm, grid_height(columns, rows, width_mm), below) as figure:
        panels = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
        titles = headings_cut(_titles(panels_of, places), points_wide(width_mm) / columns - 20)
        for axes, (place, share), title in zip(panels, panels_of, titles, strict=False):
            here = place.of(times)
            here = here[here["share"] == share]
            for arm in reversed(order):
                _draw_arm(axes, here[here["arm"] == arm], looks.get(arm))
            write_heading(axes, title)
        finish_shares(panels, len(panels_of), columns, 100 * times["reached"].max(), times["step"].max())
        label_up(figure, "Runs that have got there, %")
    return figure


def caption(times: pd.DataFrame, *, baseline: str | None = None) -> str:
    """Return what the figure shows, for the same arguments."""
    arms, named = len(times["arm"].unique()), baseline or str(times["arm"].iloc[0])
    shown, places = _shown_places(times), places_of(times)
    of = f" Shown are the first {len(shown)} of {len(places)} networks and cells." if len(shown) < len(places) else ""
    grey = f" Of {arms} arms, {named} and the soonest of the others have lines of their own." * (arms > MOST_LINES)
    return (
        "Share of the runs in which a share of the agents had been in stage adopted at this step or before: 1 minus "
        "the Kaplan–Meier estimate. Runs that had not got there at the end are censored there and kept; bands: 95 % "
        f"intervals, each step by itself.{grey}{of} {who_caption(times)}"
    )


def soonest_first(times: pd.DataFrame) -> list[str]:
    """Return the arms in the order of how soon they get there, over all panels."""
    return in_order(times.groupby("arm")["reached"].mean())


def _shown_places(times: pd.DataFrame) -> list[Place]:
    return places_of(times)[: max(1, MOST_PANELS // len(times["share"].unique()))]


def _titles(panels_of: list[tuple[Place, float]], places: list[Place]) -> list[str]:
    named = dict(zip(places, headings(places), strict=True))
    told = [f"{100 * share:g} % of the agents" for _, share in panels_of]
    if len(places) == 1:
        return told
    return [f"{100 * share:g} %, {named[place]}" for place, share in panels_of]


def _draw_arm(axes: Axes, own: pd.DataFrame, look: LineLook | None) -> None:
    at = own["step"].to_numpy(dtype=np.float64)
    if look is not None:
        ends = 100 * own["low"].to_numpy(), 100 * own["high"].to_numpy()
        axes.fill_between(at, *ends, color=look.colour, alpha=0.2, linewidth=0, step="post", zorder=1)
    draw_line(axes, at, 100 * own["reached"].to_numpy(), look, steps=True)
