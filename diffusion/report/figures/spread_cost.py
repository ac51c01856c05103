"""The figure of spread against cost: which arms no other arm beats at equal or lower cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from diffusion.analysis.frontier import ArmOnFrontier, Standing
from diffusion.report.figures.sheet import (
    GREY,
    PAGE_MM,
    SMALL,
    Below,
    PrintedFigure,
    dress,
    label_up,
    points_wide,
    printed,
    shortened,
)
from diffusion.report.marks import INK

_HIGH, _GAP, _NAME = 220.0, 8.0, 0.26
_FILLS: dict[Standing, str] = {"on the frontier": INK, "undecided": GREY, "beaten": "white"}


def spread_cost(
    arms: Sequence[ArmOnFrontier], *, budget: float | None = None, width_mm: float = PAGE_MM
) -> PrintedFigure:
    """Return how far arms spread, against what they cost.

    Parameters
    ----------
    arms
        The arms of one network and cell.
    budget
        What may be spent: an upright line.
    width_mm
        How wide the figure is, in millimetres.
    """
    shown = [word for word in _FILLS if any(arm.standing == word for arm in arms)]
    samples = [_sample(_FILLS[word]) for word in shown]
    with printed(width_mm, _HIGH, Below("Mean cost of a run", samples, shown)) as figure:
        axes = figure.subplots()
        dress(axes)
        _draw_line(axes, arms)
        for arm in arms:
            _draw_arm(axes, arm)
        if budget is not None:
            axes.axvline(budget, color=GREY, linewidth=0.8, linestyle=(0, (3, 2)))
        _set_limits(axes, arms, budget)
        _name_arms(axes, arms, width_mm)
        label_up(figure, "Adopters besides the leaders")
    return figure


def caption(arms: Sequence[ArmOnFrontier], *, budget: float | None = None) -> str:
    """Return what the figure shows, for the same arguments."""
    line = " The upright line is the budget." if budget is not None else ""
    stepped = " The stepped line joins the arms on the frontier." if _on(arms) else ""
    return (
        "Mean number of adopters besides the leaders, against the mean cost of a run at the scenario's prices. Bars "
        "are 95 % intervals of the means. Filled: every arm that costs no more spreads less far, beyond doubt; hollow: "
        f"some arm that costs no more spreads further, beyond doubt; grey: undecided.{stepped}{line}"
    )


def _on(arms: Sequence[ArmOnFrontier]) -> list[ArmOnFrontier]:
    return sorted((arm for arm in arms if arm.standing == "on the frontier"), key=lambda arm: (arm.cost, arm.mean))


def _sample(fill: str) -> Line2D:
    return Line2D([], [], linestyle="", marker="o", markersize=4.5, markerfacecolor=fill, markeredgecolor=INK)


def _draw_line(axes: Axes, arms: Sequence[ArmOnFrontier]) -> None:
    on = _on(arms)
    if on:
        most = max(arm.cost for arm in arms)
        axes.step(
            [*(arm.cost for arm in on), most], [*(arm.mean for arm in on), on[-1].mean],
            where="post", color=GREY, linewidth=0.8, zorder=1,
        )  # fmt: skip


def _draw_arm(axes: Axes, arm: ArmOnFrontier) -> None:
    if arm.low is not None and arm.high is not None:
        axes.plot([arm.cost, arm.cost], [arm.low, arm.high], color=INK, linewidth=0.8, zorder=2)
    axes.plot(
        arm.cost, arm.mean, marker="o", markersize=4.5, markerfacecolor=_FILLS[arm.standing], markeredgecolor=INK,
        markeredgewidth=0.7, zorder=3,
    )  # fmt: skip


def _set_limits(axes: Axes, arms: Sequence[ArmOnFrontier], budget: float | None) -> None:
    """Leave room for the names on the right."""
    costs = [*(arm.cost for arm in arms), *([] if budget is None else [budget])]
    most = max(costs) or 1.0
    axes.set_xlim(min(0.0, *costs) - 0.03 * most, most * (1 + 1.3 * _NAME))
    axes.set_ylim(0, 1.08 * (max(arm.high or arm.mean for arm in arms) or 1.0))


def _name_arms(axes: Axes, arms: Sequence[ArmOnFrontier], width_mm: float) -> None:
    """Write names to the right of their points, moved apart where they would lie on one another."""
    room = points_wide(width_mm) * _NAME
    ordered = sorted(arms, key=lambda arm: (arm.mean, arm.cost))
    unit = _HIGH / axes.get_ylim()[1]
    heights = np.array([arm.mean * unit for arm in ordered])
    across = np.array([arm.cost for arm in ordered]) / axes.get_xlim()[1] * points_wide(width_mm)
    placed = heights.copy()
    for place in range(1, len(placed)):
        near = [other for other in range(place) if abs(across[other] - across[place]) < room]
        placed[place] = max([placed[place], *(placed[other] + _GAP for other in near)])
    names = shortened([arm.arm for arm in ordered], room)
    for arm, name, height, moved in zip(ordered, names, heights, placed, strict=True):
        axes.annotate(
            name, (arm.cost, arm.mean), (5.0, float(moved - height) + 4.0), textcoords="offset points", va="center",
            fontsize=SMALL, annotation_clip=False, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip
