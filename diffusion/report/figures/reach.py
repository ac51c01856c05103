"""The figures of reach: how far each role and each organisation was reached in every arm, leaders left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from diffusion.analysis.phrases import counted
from diffusion.report.figures.heat_map import draw_heat_map
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
from diffusion.report.figures.wording import in_order, who_caption
from diffusion.report.marks import INK

MOST_ROLES = 12
"""How many roles have a panel; of more, the largest."""

MOST_ORGANISATIONS = 44
"""How many organisations have a row; of more, half of the rows are the least reached, half the most."""

MOST_ARMS = 24
"""How many arms have a column beside organisations; of more, those that reach the most."""

_ROW = 11.0
_LABEL = "Adopted at the end, % of the group without leaders"


def reach_by_role(groups: pd.DataFrame, *, width_mm: float = PAGE_MM) -> PrintedFigure:
    """Return how far each role was reached in every arm of one network and cell.

    Parameters
    ----------
    groups
        The table of :func:`~diffusion.report.tidy.groups_table`, one network and cell of it.
    width_mm
        How wide the figure is, in millimetres.
    """
    shown = _largest(groups[groups["grouping"] == "role"], MOST_ROLES)
    order, roles = _most_reached(shown), list(dict.fromkeys(shown["group"]))
    room = widest(order, points_wide(width_mm) * 0.3)
    columns, rows = rows_grid(len(roles), width_mm, room)
    with printed(width_mm, rows * (len(order) * _ROW + 32), Below(_LABEL)) as figure:
        panels = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
        name_rows(panels[0], order, room)
        wide = (points_wide(width_mm) - room) / columns - 8
        for axes, role in zip(panels, roles, strict=False):
            own = shown[shown["group"] == role]
            _draw_reach(axes, own, order)
            title = f"{role} ({int(own['members'].iloc[0]):,})"
            write_heading(axes, headings_cut([title], wide)[0])
        for axes in panels[len(roles) :]:
            axes.set_visible(False)
        panels[0].set_xlim(*_limits(shown))
    return figure


def role_caption(groups: pd.DataFrame) -> str:
    """Return what :func:`reach_by_role` shows of the same table."""
    roles = groups[groups["grouping"] == "role"]
    count = len(roles["group"].unique())
    of = f" Shown are the {MOST_ROLES} largest of {count} roles." if count > MOST_ROLES else ""
    return (
        "Share of the agents of each role who are in stage adopted at the end, those who lead in the arm left out of "
        "their role in each run. Points: means over runs; bars: their 95 % intervals; in brackets: how many agents the "
        f"role has.{of} {_who(roles)}"
    )


def reach_by_organisation(groups: pd.DataFrame, *, width_mm: float = PAGE_MM) -> PrintedFigure:
    """Return how far each organisation was reached in every arm of one network and cell.

    Parameters
    ----------
    groups
        The table of :func:`~diffusion.report.tidy.groups_table`, one network and cell of it.
    width_mm
        How wide the figure is, in millimetres.

    Raises
    ------
    ValueError
        If the network has no organisations.
    """
    shown = groups[groups["grouping"] == "organisation"]
    if shown.empty:
        raise ValueError("the network has no organisations")
    arms = _most_reached(shown)[:MOST_ARMS]
    table = shown.pivot_table(index="group", columns="arm", values="reach", sort=False, dropna=False)
    table = _ends(table.loc[table.mean(axis=1).sort_values(ascending=False, kind="stable").index])
    sizes = shown.drop_duplicates("group").set_index("group")["members"]
    rows = [f"{name} ({sizes[name]:,})" for name in table.index]
    return draw_heat_map(100 * table[arms].to_numpy(dtype=np.float64), rows, arms, label=_LABEL, width_mm=width_mm)


def organisation_caption(groups: pd.DataFrame) -> str:
    """Return what :func:`reach_by_organisation` shows of the same table."""
    shown = groups[groups["grouping"] == "organisation"]
    count, arms = len(shown["group"].unique()), len(shown["arm"].unique())
    of = ""
    if count > MOST_ORGANISATIONS:
        half = MOST_ORGANISATIONS // 2
        of = f" Shown are the {half} most and the {half} least reached of {counted(count, 'organisation')}."
    if arms > MOST_ARMS:
        of += f" Shown are the {MOST_ARMS} of {arms} arms that reach the most."
    return (
        "Share of the agents of each organisation who are in stage adopted at the end, in per cent: means over runs, "
        "those who lead in the arm left out; darker is more. In brackets: how many agents the organisation "
        f"has; a dash: all of them lead in every run. Organisations and arms are in the order of their means.{of} "
        f"{_who(shown)}"
    )


def _who(shown: pd.DataFrame) -> str:
    """Return on what the numbers rest, the runs that some group is left out of among them."""
    return who_caption(shown.assign(replicates=shown["replicates"] + shown["left_out"]))


def _most_reached(shown: pd.DataFrame) -> list[str]:
    """Return the arms in the order of what they reach, the members of groups counted, most first."""
    return in_order((shown["reach"].fillna(0) * shown["members"]).groupby(shown["arm"]).sum())


def _largest(shown: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the rows of the largest groups."""
    sizes = shown.drop_duplicates("group").set_index("group")["members"]
    kept = sizes.sort_values(ascending=False, kind="stable").index[:most]
    return shown[shown["group"].isin(kept)]


def _ends(table: pd.DataFrame) -> pd.DataFrame:
    """Return the first and the last rows where there are too many."""
    half = MOST_ORGANISATIONS // 2
    return table if len(table) <= MOST_ORGANISATIONS else pd.concat([table.iloc[:half], table.iloc[-half:]])


def _draw_reach(axes: Axes, own: pd.DataFrame, order: Sequence[str]) -> None:
    for row in own.itertuples():
        if np.isnan(row.reach):
            continue
        at = order.index(row.arm)
        if not np.isnan(row.low):
            axes.plot([100 * row.low, 100 * row.high], [at, at], color=INK, linewidth=1.2, solid_capstyle="butt")
        axes.plot([100 * row.reach], [at], "o", color=INK, markersize=3.2, markeredgewidth=0)
    dress(axes)
    axes.grid(axis="y", color=PALE, linewidth=0.4)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _limits(shown: pd.DataFrame) -> tuple[float, float]:
    """Return from where to where the axis goes: from 0, with room for what is there."""
    largest = float(np.nanmax(shown[["reach", "high"]].fillna(0).to_numpy(), initial=0.0))
    top = min(100.0, max(5.0, 108 * largest))
    return -0.03 * top, 1.03 * top
