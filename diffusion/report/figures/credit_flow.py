"""The figure of credit: how many adopters of each role came from whom, as bands from roles to roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from diffusion.analysis.credit_totals import ITSELF, OUTSIDE
from diffusion.report.figures.sheet import (
    PAGE_MM,
    SMALL,
    PrintedFigure,
    headings_cut,
    points_wide,
    printed,
    shortened,
    widest,
    write_heading,
)
from diffusion.report.figures.wording import who_caption
from diffusion.report.marks import INK, mark

MOST_ARMS = 6
"""How many arms have a panel; of more, the first."""

MOST_NODES = 8
"""How many roles stand on either side; the smallest of more are one."""

OTHERS = "other roles"

_HEIGHT, _GAP, _BAR, _NARROWEST = 128.0, 9.0, 5.0, 150.0
_NAME = 78.0  # how wide the names on either side are at most

Amounts = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Flow:
    """Hold how many adopters came from whom, in one arm; shape of amounts (sources, targets)."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    amounts: Amounts


def credit_flow(credit: pd.DataFrame, *, width_mm: float = PAGE_MM) -> PrintedFigure:
    """Return from whom adoption came: a band from every role to every role, as wide as it moved adopters.

    Parameters
    ----------
    credit
        One row an arm, source and target, of one network and cell: the columns
        with which tidy tables begin, ``source`` (a role, or another source
        such as ``external``), ``target`` (a role), ``adopters`` (the mean over
        runs of the credit that the source has for adopters of the target
        role) and ``replicates``.
    width_mm
        How wide the figure is, in millimetres.
    """
    sources, targets = _nodes(credit)
    flows = {str(arm): _flow(own, sources, targets) for arm, own in credit.groupby("arm", sort=False)}
    shown = dict(list(flows.items())[:MOST_ARMS])
    columns = max(1, min(len(shown), int(points_wide(width_mm) // _NARROWEST)))
    rows = -(-len(shown) // columns)
    columns = -(-len(shown) // rows)
    wide = points_wide(width_mm) / columns - 8
    with printed(width_mm, rows * (_HEIGHT + 22) + 4) as figure:
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
        scale = _scale(shown)
        room = _names_room(shown, wide)
        titles = headings_cut(list(shown), wide)
        for axes, flow, title in zip(panels, shown.values(), titles, strict=False):
            axes.set(xlim=(0, wide), ylim=(_HEIGHT, 0))
            write_heading(axes, title)
            _draw_flow(axes, flow, scale, room)
        for axes in panels:
            axes.set_axis_off()
    return figure


def caption(credit: pd.DataFrame) -> str:
    """Return what the figure shows, for the same table."""
    arms = len(credit["arm"].unique())
    of = f" Shown are the first {MOST_ARMS} of {arms} arms." if arms > MOST_ARMS else ""
    roles = max(len(credit["source"].unique()), len(credit["target"].unique()))
    pooled = f' The smallest of {roles} roles are together "{OTHERS}".' if roles > MOST_NODES else ""
    return (
        "Who convinced whom: adopters besides the leaders in the mean of a run, by the role of the agent (left) whose "
        "tie succeeded and the role of the adopter (right); the credit of an adoption is shared among what succeeded "
        "at that step. Widths are to one scale; numbers are adopters in a run. Credit says what moved agents in these "
        f"runs, not what would have happened without a source.{of}{pooled} {who_caption(credit)}"
    )


def _nodes(credit: pd.DataFrame) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return under what each source and each target stands in all panels: itself, or the smallest as one."""
    return _pooled(credit.groupby("source")["adopters"].sum()), _pooled(credit.groupby("target")["adopters"].sum())


def _pooled(sizes: pd.Series) -> Mapping[str, str]:
    """Return what the nodes of one side are called, by name; roles come first, in the network's order."""
    names = sorted(map(str, sizes.index), key=lambda name: (name in (OUTSIDE, ITSELF), name))
    if len(names) <= MOST_NODES:
        return {name: name for name in names}
    kept = set(sizes.sort_values(ascending=False, kind="stable").index[: MOST_NODES - 1])
    return {name: name for name in names if name in kept} | {name: OTHERS for name in names if name not in kept}


def _flow(own: pd.DataFrame, sources: Mapping[str, str], targets: Mapping[str, str]) -> _Flow:
    rows, columns = list(dict.fromkeys(sources.values())), list(dict.fromkeys(targets.values()))
    amounts = np.zeros((len(rows), len(columns)))
    for row in own.itertuples():
        amounts[rows.index(sources[row.source]), columns.index(targets[row.target])] += row.adopters
    return _Flow(tuple(rows), tuple(columns), amounts)


def _scale(flows: Mapping[str, _Flow]) -> float:
    """Return how many points high one adopter is, in all panels."""
    gaps = max(max(len(flow.sources), len(flow.targets)) for flow in flows.values()) * _GAP
    largest = max(float(flow.amounts.sum()) for flow in flows.values())
    return (_HEIGHT - gaps) / largest if largest > 0 else 0.0


def _names_room(flows: Mapping[str, _Flow], wide: float) -> float:
    names = [f"{name} 00.0" for flow in flows.values() for name in (*flow.sources, *flow.targets)]
    return widest(names, min(_NAME, wide * 0.33)) + 3


def _draw_flow(axes: Axes, flow: _Flow, scale: float, room: float) -> None:
    if not flow.amounts.any():
        axes.text(0, _HEIGHT / 3, "nobody adopted besides the leaders", fontsize=SMALL, style="italic")
        return
    left, right = room, axes.get_xlim()[1] - room
    starts = _node_tops(flow.amounts.sum(axis=1) * scale)
    stops = _node_tops(flow.amounts.sum(axis=0) * scale)
    _draw_nodes(axes, flow.sources, flow.amounts.sum(axis=1), starts, scale=scale, x=left, is_left=True)
    _draw_nodes(axes, flow.targets, flow.amounts.sum(axis=0), stops, scale=scale, x=right, is_left=False)
    for source in range(len(flow.sources)):
        for target in range(len(flow.targets)):
            amount = float(flow.amounts[source, target])
            if amount <= 0:
                continue
            thick = amount * scale
            ends = (left + _BAR, float(starts[source]), right - _BAR, float(stops[target]))
            axes.add_patch(_band(ends, thick, mark(source).colour))
            if thick >= SMALL + 1:
                at = left + _BAR + 3, float(starts[source]) + thick / 2
                axes.text(*at, f"{amount:,.1f}", fontsize=SMALL, va="center_baseline")
            starts[source] += thick
            stops[target] += thick


def _node_tops(heights: Amounts) -> Amounts:
    """Return where nodes begin, from the top, all of them in the middle."""
    whole = heights.sum() + _GAP * (len(heights) - 1)
    tops: Amounts = (_HEIGHT - whole) / 2 + np.concatenate([[0.0], np.cumsum(heights + _GAP)[:-1]])
    return tops


def _draw_nodes(
    axes: Axes, names: Sequence[str], amounts: Amounts, tops: Amounts, *, scale: float, x: float, is_left: bool
) -> None:
    numbers = [f" {amount:,.1f}" for amount in amounts]
    room = (x if is_left else axes.get_xlim()[1] - x) - 3
    for name, number, amount, top in zip(names, numbers, amounts.tolist(), tops.tolist(), strict=True):
        [text] = shortened([name], room - widest([number], room))
        height = amount * scale
        axes.add_patch(Rectangle((x if is_left else x - _BAR, top), _BAR, height, facecolor=INK, linewidth=0))
        at = (x - 2.5 if is_left else x + 2.5), top + height / 2
        axes.text(*at, text + number, fontsize=SMALL, ha="right" if is_left else "left", va="center_baseline")


def _band(ends: tuple[float, float, float, float], thick: float, colour: str) -> PathPatch:
    """Return a band that leaves and arrives level."""
    left, top, right, bottom = ends
    middle = (left + right) / 2
    points = [
        *((left, top), (middle, top), (middle, bottom), (right, bottom)),
        *((right, bottom + thick), (middle, bottom + thick), (middle, top + thick), (left, top + thick)),
        (left, top),
    ]
    curve = [Outline.CURVE4] * 3
    outline = Outline(points, [Outline.MOVETO, *curve, Outline.LINETO, *curve, Outline.CLOSEPOLY])
    return PathPatch(outline, facecolor=colour, alpha=0.45, edgecolor=INK, linewidth=0.3)
