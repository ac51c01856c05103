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
)
from diffusion.report.marks import INK

_HIGH, _GAP, _NEAR, _LIFT = 220.0, 8.5, 11.0, 3.5
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
    ordered = sorted(arms, key=lambda arm: (arm.cost, -arm.mean, arm.arm))
    samples = [_sample(_FILLS[arm.standing]) for arm in ordered]
    names = [f"{place}: {arm.arm}" for place, arm in enumerate(ordered, start=1)]
    with printed(width_mm, _HIGH, Below("Mean cost of a run", samples, names)) as figure:
        axes = figure.subplots()
        dress(axes)
        _draw_line(axes, arms)
        for arm in arms:
            _draw_arm(axes, arm)
        if budget is not None:
            axes.axvline(budget, color=GREY, linewidth=0.8, linestyle=(0, (3, 2)))
        _set_limits(axes, arms, budget)
        _number_arms(axes, ordered, width_mm)
        label_up(figure, "Adopters besides the leaders")
    return figure


def caption(arms: Sequence[ArmOnFrontier], *, budget: float | None = None) -> str:
    """Return what the figure shows, for the same arguments."""
    line = " The upright line is the budget." if budget is not None else ""
    stepped = " The stepped line joins the arms on the frontier." if _on(arms) else ""
    return (
        "Mean number of adopters besides the leaders, against the mean cost of a run at the scenario's prices. Bars "
        "are 95 % intervals of the means; arms are numbered from the cheapest. Filled: every arm that costs no more "
        "spreads less far, beyond doubt; hollow: some arm that costs no more spreads further, beyond doubt; grey: "
        f"undecided.{stepped}{line}"
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
    """Show all costs from nothing on, and as much of the spread as there is."""
    costs = [*(arm.cost for arm in arms), *([] if budget is None else [budget])]
    most = max(costs) or 1.0
    axes.set_xlim(-0.03 * most, 1.06 * most)
    lows, highs = zip(*((arm.low or arm.mean, arm.high or arm.mean) for arm in arms), strict=True)
    room = 0.15 * (max(highs) - min(lows)) or 0.15 * max(*highs, 1.0)
    axes.set_ylim(max(0.0, min(lows) - room), max(highs) + room)


def _number_arms(axes: Axes, ordered: Sequence[ArmOnFrontier], width_mm: float) -> None:
    """Write numbers beside points, moved up where they would lie on one another."""
    wide = points_wide(width_mm) / np.ptp(axes.get_xlim())
    high = _HIGH / np.ptp(axes.get_ylim())
    placed: list[tuple[float, float]] = []
    for place, arm in sorted(enumerate(ordered, start=1), key=lambda one: (one[1].mean, one[1].cost)):
        across, height = arm.cost * wide, arm.mean * high
        near = [other for at, other in placed if abs(at - across) < _NEAR]
        moved = max([height + _LIFT, *(other + _GAP for other in near)])
        placed.append((across, moved))
        axes.annotate(
            str(place), (arm.cost, arm.mean), (4.0, float(moved - height)), textcoords="offset points", va="center",
            fontsize=SMALL, annotation_clip=False,
        )  # fmt: skip
