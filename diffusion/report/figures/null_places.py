"""The figure of nulls: arms beside matched leaders, and among themselves on networks rewired at random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from diffusion.analysis.outcomes import Outcome
from diffusion.analysis.unanswered import NO_MATCH
from diffusion.report.figures.sheet import (
    GREY,
    PAGE_MM,
    PALE,
    SMALL,
    Below,
    PrintedFigure,
    dress,
    headings_cut,
    label_across,
    name_rows,
    points_wide,
    printed,
    widest,
    write_heading,
)
from diffusion.report.figures.wording import factor, is_percent, outcome_of, who_caption
from diffusion.report.marks import INK
from diffusion.report.tidy_nulls import ITSELF

MOST_ARMS = 24
"""How many arms have a row; of more, the first."""

_ROW, _AROUND = 17.0, 36.0
_OFFSET = {"same": -0.2, "anew": 0.2}
_TITLES = {
    "matched": "Beside matched leaders",
    "degrees": "Rewired, ties of agents kept",
    "degrees and roles": "Rewired, ties of roles kept too",
}
_ENDS = (0.025, 0.25, 0.5, 0.75, 0.975)


def null_places(
    rewired: pd.DataFrame, matched: pd.DataFrame, *, arms: Sequence[str] | None = None, width_mm: float = PAGE_MM
) -> PrintedFigure:
    """Return the arms of one network and cell beside what nulls give.

    The first panel, where matched leaders were asked for, shows paired
    differences from them; an arm without any says "no match". The others show
    the difference from the baseline on the network itself among those on
    rewired networks, with the same leaders (upper) and with the position's
    holders found anew (lower).

    Parameters
    ----------
    rewired, matched
        The tables of :func:`~diffusion.report.tidy_nulls.rewired_table` and
        :func:`~diffusion.report.tidy_nulls.matched_table`, of one network and cell.
    arms
        Which arms, in order; all of them by default.
    width_mm
        How wide the figure is, in millimetres.
    """
    order = _order(rewired, matched, arms)
    found = outcome_of(pd.concat([rewired[["outcome"]], matched[["outcome"]]]), _outcome_name(rewired, matched))
    panels = _panels(rewired, matched)
    room = widest(order, points_wide(width_mm) * 0.3)
    below = Below("", *_legend(panels))
    with printed(width_mm, max(len(order), 2) * _ROW + _AROUND, below) as figure:
        drawn = list(figure.subplots(1, max(len(panels), 1), sharey=True, squeeze=False).flat)
        name_rows(drawn[0], order, room)
        wide = (points_wide(width_mm) - room) / max(len(panels), 1) - 8
        for axes, kind, title in zip(
            drawn, panels, headings_cut([_TITLES[kind] for kind in panels], wide), strict=False
        ):
            dress(axes)
            axes.tick_params(axis="y", length=0)
            axes.axvline(0, color=GREY, linewidth=0.5, zorder=1)
            if kind == "matched":
                _draw_matched(axes, matched, order, factor(found))
            else:
                _draw_rewired(axes, rewired[rewired["kept"] == kind], order, factor(found))
            write_heading(axes, title)
            label_across(axes, _label(kind, rewired, found), wide)
    return figure


def caption(rewired: pd.DataFrame, matched: pd.DataFrame, *, arms: Sequence[str] | None = None) -> str:
    """Return what the figure shows, for the same arguments."""
    found = outcome_of(pd.concat([rewired[["outcome"]], matched[["outcome"]]]), _outcome_name(rewired, matched))
    texts = [f"{found.sentence.rstrip('.')}."]
    if _has_matches(matched):
        texts.append(
            "Beside matched leaders: mean paired differences of arms from other leaders of the same roles and "
            "out-degrees, with 95 % intervals, each by itself; no match: there are too few such agents; by chance: "
            "leaders who hold no position."
        )
    if len(rewired):
        count = int(rewired["rewiring"].max()) + 1
        texts.append(
            f"Rewired: mean differences from {_baseline(rewired)} over {int(rewired['replicates'].max())} runs, on "
            f"{count} networks rewired at random (line: 95 % of them; box: the middle half; tick: median) and on the "
            "network itself (diamond); upper, with the same leaders; lower, with the position's holders found anew."
        )
    wanted = _known(rewired, matched) if arms is None else list(arms)
    if len(wanted) > MOST_ARMS:
        texts.append(f"Shown are the first {MOST_ARMS} of {len(wanted)} arms.")
    return " ".join([*texts, who_caption(matched if len(matched) else rewired, paired=True)])


def _order(rewired: pd.DataFrame, matched: pd.DataFrame, arms: Sequence[str] | None) -> list[str]:
    known = _known(rewired, matched)
    return [arm for arm in (known if arms is None else arms) if arm in known][:MOST_ARMS]


def _known(rewired: pd.DataFrame, matched: pd.DataFrame) -> list[str]:
    """Return the arms of which there is something to draw."""
    placed = rewired.dropna(subset=["difference"])
    return list(dict.fromkeys([*(matched["arm"] if _has_matches(matched) else ()), *placed["arm"]]))


def _outcome_name(rewired: pd.DataFrame, matched: pd.DataFrame) -> str:
    return str((matched if len(matched) else rewired)["outcome"].iloc[0])


def _panels(rewired: pd.DataFrame, matched: pd.DataFrame) -> list[str]:
    kinds = list(rewired.dropna(subset=["difference"])["kept"].unique())
    return [*(["matched"] if _has_matches(matched) else []), *kinds]


def _has_matches(matched: pd.DataFrame) -> bool:
    return bool((matched["why_not"] == "").any())


def _baseline(rewired: pd.DataFrame) -> str:
    return next((name for name in rewired["baseline"] if name), "the baseline")


def _label(kind: str, rewired: pd.DataFrame, outcome: Outcome) -> str:
    unit = "percentage points" if is_percent(outcome) else outcome.unit
    against = "matched leaders" if kind == "matched" else _baseline(rewired)
    return f"Difference from {against}, {unit}"


def _draw_matched(axes: Axes, matched: pd.DataFrame, order: list[str], scale: float) -> None:
    for row in matched[matched["arm"].isin(order)].itertuples():
        at = order.index(row.arm)
        if row.why_not:
            why = "no match" if row.why_not.startswith(NO_MATCH) else "by chance"
            axes.annotate(why, (0, at), (3, 0), textcoords="offset points", fontsize=SMALL, va="center", color=GREY)
            continue
        if np.isfinite(row.low):
            axes.plot([scale * row.low, scale * row.high], [at, at], color=INK, linewidth=1.0, zorder=2)
        axes.plot(scale * row.difference, at, "o", color=INK, markersize=3.2, zorder=3)
    axes.margins(x=0.12)


def _draw_rewired(axes: Axes, rewired: pd.DataFrame, order: list[str], scale: float) -> None:
    for (arm, leaders), rows in rewired[rewired["arm"].isin(order)].groupby(["arm", "leaders"], sort=False):
        at = order.index(str(arm)) + _OFFSET[str(leaders)]
        others = scale * rows.loc[rows["rewiring"] != ITSELF, "difference"].to_numpy()
        if not np.isfinite(others).all():
            continue
        low, first, middle, third, high = np.quantile(others, _ENDS)
        axes.plot([low, high], [at, at], color=GREY, linewidth=0.8, zorder=2)
        axes.barh(at, third - first, left=first, height=0.24, color=PALE, edgecolor=GREY, linewidth=0.5, zorder=2)
        axes.plot([middle, middle], [at - 0.12, at + 0.12], color=INK, linewidth=0.8, zorder=3)
        [itself] = scale * rows.loc[rows["rewiring"] == ITSELF, "difference"].to_numpy()
        axes.plot(itself, at, "D", color=INK, markersize=3.0, zorder=4)


def _legend(panels: Sequence[str]) -> tuple[list[Line2D | Patch], list[str]]:
    samples: list[Line2D | Patch] = []
    names: list[str] = []
    if "matched" in panels:
        samples.append(Line2D([], [], color=INK, marker="o", markersize=3.2, linewidth=1.0))
        names.append("difference from matched leaders, 95 % interval")
    if set(panels) - {"matched"}:
        samples += [
            Line2D([], [], color=INK, marker="D", markersize=3.0, linestyle=""),
            Patch(facecolor=PALE, edgecolor=GREY, linewidth=0.5),
        ]
        names += ["the network itself", "rewired networks"]
    return samples, names
