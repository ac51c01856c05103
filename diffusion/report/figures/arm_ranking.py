"""The figure of the chapter: the arms in the order of their means, and their paired differences from the baseline."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from diffusion.analysis.outcomes import Outcome
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.report.figure_legend import text_size
from diffusion.report.figures.panels import rows_grid
from diffusion.report.figures.sheet import (
    PAGE_MM,
    PALE,
    SMALL,
    TEXT,
    Below,
    PrintedFigure,
    dress,
    headings_cut,
    label_across,
    name_rows,
    points_wide,
    printed,
    shortened,
    widest,
    write_heading,
)
from diffusion.report.figures.wording import (
    Place,
    difference_label,
    factor,
    headings,
    in_order,
    level_label,
    outcome_of,
    places_of,
    shown_number,
    who_caption,
)
from diffusion.report.marks import INK

MOST_PLACES = 6
"""How many networks and cells have a panel; of more, the first."""

_ROW, _AROUND = 11.0, 34.0
_FACES = {"better": INK, "worse": INK, "practically equal": "white", "undecided": "#a6a6a6"}
_MEANINGS = {
    "better or worse": {"better", "worse"},
    "practically equal": {"practically equal"},
    "undecided": {"undecided"},
}


def arm_ranking(
    arms: pd.DataFrame, comparisons: pd.DataFrame, *, outcome: str = "adopted_share", width_mm: float = PAGE_MM
) -> PrintedFigure:
    """Return the ranking of arms with their paired differences from the baseline.

    On one network and cell, the left panel shows the arms' means and the right
    one the differences. On several, each has a panel of differences, and arms
    are ordered by their mean over them.

    Parameters
    ----------
    arms
        The table of :func:`~diffusion.report.tidy.arms_table`, or part of it.
    comparisons
        The table of :func:`~diffusion.report.tidy.comparisons_table`.
    outcome
        The outcome to rank by.
    width_mm
        How wide the figure is, in millimetres.
    """
    found, shown = outcome_of(arms, outcome), arms[arms["outcome"] == outcome]
    against = baseline_comparisons(shown, comparisons, outcome)
    places = places_of(shown)[:MOST_PLACES]
    order = ranked_arms(shown, found)
    room = widest(order, points_wide(width_mm) * 0.3)
    label = "" if len(places) == 1 else _difference_label(shown, found, points_wide(width_mm) - 10)
    count = len(places) if len(places) > 1 else 1 + (len(against) > 0)
    columns, rows = rows_grid(count, width_mm, room) if len(places) > 1 else (count, 1)
    with printed(width_mm, rows * (len(order) * _ROW + _AROUND), Below(label, *_legend(against))) as figure:
        panels = list(figure.subplots(rows, columns, sharey=True, squeeze=False).flat)
        name_rows(panels[0], order, room)
        if len(places) == 1:
            _draw_means(panels[0], shown, order, found)
        for axes, place in zip(panels[len(places) == 1 :], places, strict=False):
            _draw_differences(axes, place.of(against), order, found)
            _name_baseline(axes, order.index(baseline_of(shown)))
        for axes in panels[count:]:
            axes.set_visible(False)
        _dress(panels[:count], ticks=5 if columns < 4 else 3)
        _label(panels[:count], shown, places, found, (points_wide(width_mm) - room) / columns - 8)
    return figure


def caption(arms: pd.DataFrame, comparisons: pd.DataFrame, *, outcome: str = "adopted_share") -> str:
    """Return what the figure shows, for the same arguments."""
    found, shown = outcome_of(arms, outcome), arms[arms["outcome"] == outcome]
    against = baseline_comparisons(shown, comparisons, outcome)
    places = places_of(shown)
    baseline = baseline_of(shown)
    start = found.sentence.rstrip(".")
    if len(places) == 1 and against.empty:
        panels = f"{start}: means over runs with their 95 % intervals"
    elif len(places) == 1:
        panels = f"{start}. Left: means over runs with their 95 % intervals. "
        panels += f"Right: mean paired differences from {baseline}, with 95 % intervals that hold for all arms at once"
    else:
        panels = f"{start}: mean paired differences from {baseline} in each panel, with 95 % intervals that hold for "
        panels += "all arms of the panel at once; arms are in the order of their mean over all panels"
    smallest = against["smallest_difference"].dropna().unique()
    band = ""
    if len(smallest) == 1:
        size = shown_number(smallest[0], found, smallest[0] * factor(found))
        unit = " points" if factor(found) > 1 else " agents"
        band = f" Grey band: differences smaller than the smallest that matters, {size}{unit} to either side."
    elif len(smallest):
        band = " Grey band: differences smaller than the smallest that matters."
    of = f" Shown are the first {MOST_PLACES} of {len(places)}." if len(places) > MOST_PLACES else ""
    return f"{panels}.{band}{of} {who_caption(shown, paired=not against.empty)}"


def baseline_comparisons(arms: pd.DataFrame, comparisons: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return the comparisons on an outcome with the arms' baseline."""
    return comparisons[(comparisons["outcome"] == outcome) & (comparisons["baseline"] == baseline_of(arms))]


def ranked_arms(arms: pd.DataFrame, outcome: Outcome) -> list[str]:
    """Return the arms in the order of an outcome's mean over networks and cells, best first.

    The arm without leaders stands last; arms of equal means stand by their names.
    """
    order = in_order(outcome.sign * arms.groupby("arm")["mean"].mean())
    return [arm for arm in order if arm != NO_LEADERS] + [arm for arm in order if arm == NO_LEADERS]


def baseline_of(arms: pd.DataFrame) -> str:
    """Return the arm that the others are compared with."""
    named = arms.loc[arms["is_baseline"], "arm"]
    return str(named.iloc[0] if len(named) else arms["arm"].iloc[0])


def _draw_means(axes: Axes, here: pd.DataFrame, order: Sequence[str], outcome: Outcome) -> None:
    times = factor(outcome)
    for row in here.itertuples():
        at = order.index(row.arm)
        if not np.isnan(row.low):
            axes.plot([times * row.low, times * row.high], [at, at], color=INK, linewidth=1.2, solid_capstyle="butt")
        axes.plot([times * row.mean], [at], "o", color=INK, markersize=3.2, markeredgewidth=0)


def _draw_differences(axes: Axes, here: pd.DataFrame, order: Sequence[str], outcome: Outcome) -> None:
    times = factor(outcome)
    smallest = here["smallest_difference"].max() * times
    if not np.isnan(smallest):
        axes.axvspan(-smallest, smallest, color=PALE, linewidth=0, zorder=0)
    axes.axvline(0, color=INK, linewidth=0.5, zorder=1)
    for row in here.itertuples():
        if np.isnan(row.difference):
            continue
        at = order.index(row.arm)
        if not np.isnan(row.low_all):
            ends = [times * row.low_all, times * row.high_all]
            axes.plot(ends, [at, at], color=INK, linewidth=1.2, solid_capstyle="butt", zorder=2)
        face = _FACES.get(row.verdict, INK)
        axes.plot(
            [times * row.difference], [at], "o", markersize=3.6, color=face, markeredgecolor=INK, markeredgewidth=0.7
        )


def _name_baseline(axes: Axes, row: int) -> None:
    """Write what the zero line is into the row of the baseline."""
    left, right = axes.get_xlim()
    is_left = -left > right
    note = axes.annotate(
        *("baseline", (0, row)),
        xytext=(-6 if is_left else 6, 0),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="center_baseline",
        fontsize=SMALL,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )
    note.set_in_layout(False)


def _dress(panels: Sequence[Axes], *, ticks: int) -> None:
    for axes in panels:
        dress(axes)
        axes.margins(x=0.06)
        axes.xaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10]))
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="y", color=PALE, linewidth=0.4)
        axes.set_axisbelow(True)


def _label(panels: Sequence[Axes], shown: pd.DataFrame, places: list[Place], outcome: Outcome, width: float) -> None:
    if len(places) == 1:
        label_across(panels[0], level_label(outcome, str(shown["step_unit"].iloc[0])), width)
        if len(panels) > 1:
            label_across(panels[1], _difference_label(shown, outcome, 1.7 * width), width)
        return
    for axes, name in zip(panels, headings_cut(headings(places), width), strict=True):
        write_heading(axes, name)


def _difference_label(shown: pd.DataFrame, outcome: Outcome, room: float) -> str:
    """Return the label of differences; the baseline is named as far as there is room."""
    unit = str(shown["step_unit"].iloc[0])
    rest = text_size(difference_label(outcome, "", unit), TEXT)[0]
    [baseline] = shortened([baseline_of(shown)], max(room - rest, 40.0), TEXT)
    return difference_label(outcome, baseline, unit)


def _legend(against: pd.DataFrame) -> tuple[list[Line2D | Patch], list[str]]:
    """Return samples of what marks mean, of those that occur."""
    told = set(against["verdict"].dropna()) if len(against) else set()
    samples: list[Line2D | Patch] = []
    names: list[str] = []
    for name, verdicts in _MEANINGS.items():
        if told & verdicts:
            face = _FACES[next(iter(verdicts))]
            line = Line2D([], [], color=INK, linewidth=1.2)
            line.set(marker="o", markersize=3.6, markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.7)
            samples.append(line)
            names.append(name)
    if len(against) and against["smallest_difference"].notna().any():
        samples.append(Patch(facecolor=PALE, linewidth=0))
        names.append("too small to matter")
    return samples, names
