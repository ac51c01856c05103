"""The figure of survival by world: how far the other arms are behind the best, world by world and on average."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from diffusion.report.figures.sheet import (
    GREY,
    PAGE_MM,
    PALE,
    Below,
    PrintedFigure,
    dress,
    label_across,
    name_rows,
    points_wide,
    printed,
    widest,
)
from diffusion.report.figures.wording import difference_label, factor, outcome_of, who_caption
from diffusion.report.marks import INK

MOST_ARMS = 24
"""How many arms have a row; of more, those of the best means on the given network."""

_ROW, _AROUND = 17.0, 34.0
_ENDS = (0.025, 0.25, 0.5, 0.75, 0.975)
_WORLDS, _MEAN = -0.16, 0.22


def survival_by_world(
    arms: pd.DataFrame, worlds: pd.DataFrame, *, step_unit: str = "step", width_mm: float = PAGE_MM
) -> PrintedFigure:
    """Return the differences of arms from the one that is best on the given network.

    Parameters
    ----------
    arms, worlds
        The tables of :func:`~diffusion.report.tidy_survival.survival_arms_table` and
        :func:`~diffusion.report.tidy_survival.survival_worlds_table`, of one network and cell.
    step_unit
        What a step is called.
    width_mm
        How wide the figure is, in millimetres.
    """
    shown = _shown(arms)
    order = list(shown["arm"])
    outcome = outcome_of(arms, str(arms["outcome"].iloc[0]))
    room = widest(order, points_wide(width_mm) * 0.3)
    with printed(width_mm, max(len(order), 2) * _ROW + _AROUND, Below("", *_legend())) as figure:
        axes = figure.subplots()
        name_rows(axes, order, room)
        dress(axes)
        axes.tick_params(axis="y", length=0)
        axes.axvline(0, color=GREY, linewidth=0.5, zorder=1)
        for at, row in enumerate(shown.itertuples()):
            own = worlds.loc[worlds["arm"] == row.arm, "behind_best"].to_numpy(dtype=np.float64)
            _draw_worlds(axes, at + _WORLDS, factor(outcome) * own)
            _draw_means(axes, at, row, factor(outcome))
        axes.margins(x=0.05)
        best = str(arms["best"].iloc[0])
        label_across(axes, difference_label(outcome, best, step_unit), points_wide(width_mm) - room - 8)
    return figure


def caption(arms: pd.DataFrame, worlds: pd.DataFrame) -> str:
    """Return what the figure shows, for the same arguments."""
    best, count = str(arms["best"].iloc[0]), int(worlds["world"].max()) + 1
    outcome = outcome_of(arms, str(arms["outcome"].iloc[0]))
    others = len(arms) - 1
    of = f" Shown are the first {MOST_ARMS} of {others} arms." if others > MOST_ARMS else ""
    return (
        f"{outcome.sentence.rstrip('.')}. Differences of arms from {best}, the best on the given network: in "
        f"{count} worlds with the network uncertain (line: 95 % of them; box: the middle half; tick: median), their "
        "mean with its 95 % interval, simultaneous over all pairs of arms (point), and the mean on the given network "
        f"(diamond).{of} {who_caption(worlds.assign(replicates=arms['replicates'].max()), paired=True)}"
    )


def _shown(arms: pd.DataFrame) -> pd.DataFrame:
    others = arms[arms["arm"] != arms["best"]]
    return others.sort_values("place", kind="stable").head(MOST_ARMS)


def _draw_worlds(axes: Axes, at: float, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    low, first, middle, third, high = np.quantile(values, _ENDS)
    axes.plot([low, high], [at, at], color=GREY, linewidth=0.8, zorder=2)
    axes.barh(at, third - first, left=first, height=0.3, color=PALE, edgecolor=GREY, linewidth=0.5, zorder=2)
    axes.plot([middle, middle], [at - 0.15, at + 0.15], color=INK, linewidth=0.8, zorder=3)


def _draw_means(axes: Axes, at: float, row: object, scale: float) -> None:
    mean, low, high = (
        scale * float(getattr(row, name)) for name in ("behind_best", "behind_best_low", "behind_best_high")
    )
    if np.isfinite(low) and np.isfinite(high):
        axes.plot([low, high], [at + _MEAN, at + _MEAN], color=INK, linewidth=1.0, zorder=3)
    axes.plot(mean, at + _MEAN, "o", color=INK, markersize=3.2, zorder=4)
    given = scale * float(getattr(row, "given_behind_best"))  # noqa: B009 - a row of a table has no type
    axes.plot(given, at + _WORLDS, "D", color=INK, markersize=3.0, zorder=5, markerfacecolor="white")


def _legend() -> tuple[list[Artist], list[str]]:
    samples: list[Artist] = [
        Patch(facecolor=PALE, edgecolor=GREY, linewidth=0.5),
        Line2D([], [], color=INK, marker="o", markersize=3.2, linewidth=1.0),
        Line2D([], [], color=INK, marker="D", markersize=3.0, linestyle="", markerfacecolor="white"),
    ]
    return samples, ["worlds, network uncertain", "their mean, 95 % interval", "on the given network"]
