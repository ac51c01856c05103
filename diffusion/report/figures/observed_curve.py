"""The figure of observed adoption: how many had adopted by each period, beside runs, and the hazard of adopting."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from diffusion.analysis.phrases import counted
from diffusion.report.figures.sheet import (
    GREY,
    PAGE_MM,
    PALE,
    TEXT,
    Below,
    PrintedFigure,
    dress,
    label_across,
    points_wide,
    printed,
    widest,
    write_heading,
)
from diffusion.report.marks import INK

_HEIGHT = 150.0
_BESIDE, _GAP = 40.0, 12.0
"""The room of labels beside a panel, and between two names below it, in points."""


def observed_curve(curve: pd.DataFrame, *, width_mm: float = PAGE_MM) -> PrintedFigure:
    """Return the observed cumulative adoption of a network beside runs, and its hazard.

    Parameters
    ----------
    curve
        The table of :func:`~diffusion.report.tidy_observed.observed_curve_table`, of one network.
    width_mm
        How wide the figure is, in millimetres.
    """
    below = Below("", *_legend(curve))
    with printed(width_mm, _HEIGHT, below) as figure:
        shares, hazards = figure.subplots(1, 2, squeeze=False).flat
        at = np.arange(len(curve), dtype=np.float64)
        shares.fill_between(at, 100 * curve["runs_low"], 100 * curve["runs_high"], color=PALE, linewidth=0, zorder=1)
        shares.plot(at, 100 * curve["runs_median"], color=GREY, linestyle=(0, (4, 1.5)), zorder=2)
        shares.plot(at, 100 * curve["share"], color=INK, marker="o", markersize=2.4, markeredgewidth=0, zorder=3)
        shares.set_ylim(0, 100)
        hazards.bar(at, 100 * curve["hazard"], width=0.7, color=GREY, linewidth=0)
        hazards.set_ylim(0, max(1.0, 110 * float(np.nanmax(curve["hazard"], initial=0.0))))
        for axes, title, label in (
            (shares, "Cumulative adoption", "Agents who had adopted, %"),
            (hazards, "Hazard", "Adopted, % of those at risk"),
        ):
            dress(axes)
            write_heading(axes, title)
            axes.set_ylabel(label, fontsize=TEXT)
            axes.yaxis.set_major_locator(MaxNLocator(5))
            _name_periods(axes, list(curve["period"]), points_wide(width_mm) / 2 - _BESIDE)
            label_across(axes, _across(curve), points_wide(width_mm) / 2 - 30)
    return figure


def caption(curve: pd.DataFrame) -> str:
    """Return what the figure shows, for the same arguments."""
    first = curve.iloc[0]
    kind = "synthetic network: made from assumptions, not observed; " if first["synthetic"] else ""
    runs = (
        f" Dashed and band: median, and 5 % to 95 % of {counted(int(first['replicates']), 'run')} of the arm "
        f"{first['arm']}, each {first['unit']} by itself; one {first['unit']} is compared with one step."
        if curve["runs_median"].notna().any()
        else ""
    )
    return (
        f"Observed adoption. Left: share of the agents who had adopted by the end of each {first['unit']} (points)."
        f"{runs} Right: the hazard, the share of those who had not adopted yet who did in each {first['unit']}. "
        "Times of adoption alone do not show that anybody learnt from anybody. "
        f"Network {first['network']} ({kind}"
        f"{counted(int(first['agents']), 'agent')} whose time is known)."
    )


def _legend(curve: pd.DataFrame) -> tuple[list[Line2D | Patch], list[str]]:
    samples: list[Line2D | Patch] = [Line2D([], [], color=INK, marker="o", markersize=2.4, markeredgewidth=0)]
    names = ["observed"]
    if curve["runs_median"].notna().any():
        samples += [Line2D([], [], color=GREY, linestyle=(0, (4, 1.5))), Patch(facecolor=PALE, linewidth=0)]
        arm = str(curve["arm"].iloc[0])
        names += [f"median of runs of {arm}", "5 % to 95 % of these runs"]
    return samples, names


def _across(curve: pd.DataFrame) -> str:
    unit = str(curve["unit"].iloc[0])
    return f"{unit[:1].upper()}{unit[1:]}"


def _name_periods(axes: Axes, labels: list[str], width: float) -> None:
    """Write as many names of periods as there is room for."""
    most = max(2, int(width // (widest(labels, width) + _GAP)))
    every = max(1, -(-len(labels) // most))
    places = list(range(0, len(labels), every))
    axes.set_xticks(places, [labels[place] for place in places])
    axes.set_xlim(-0.6, len(labels) - 0.4)
