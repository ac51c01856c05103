"""The figure of one run: who convinced whom, as lines from adopters to later adopters over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from diffusion.analysis.credit_totals import ITSELF, OUTSIDE
from diffusion.report.figures.sheet import (
    GREY,
    PAGE_MM,
    SMALL,
    TALLEST,
    Below,
    PrintedFigure,
    points_wide,
    printed,
    shortened,
    widest,
)
from diffusion.report.marks import INK, mark

MOST_NAMED = 90
"""Of how many adopters the names are written at most."""

Line: TypeAlias = Sequence[tuple[float, float]]
"""The corners of a line, in steps and places from the top."""

_ROW, _LEAST_ROW, _NAME = 8.6, 2.2, 110.0
_ADOPTED = "adopted"


def convincing(
    moved: pd.DataFrame, convinced: pd.DataFrame, *, unit: str = "step", width_mm: float = PAGE_MM
) -> PrintedFigure:
    """Return who convinced whom to adopt in one run: time runs to the right, and each adopter has a line of the page.

    Parameters
    ----------
    moved
        One row an agent: ``agent``, ``role``, ``leads`` and ``adopted_at``, which is empty where it never adopted.
    convinced
        One row a move and source: ``agent``, ``stage``, ``source`` (an agent, ``external`` or ``own``) and ``share``.
    unit
        What a step is called.
    width_mm
        How wide the figure is, in millimetres.
    """
    adopters = moved[moved["adopted_at"].notna()]
    shares = _shares(convinced)
    order = _order(adopters, shares)
    row = max(_LEAST_ROW, min(_ROW, (TALLEST - 60) / max(len(order), 1)))
    roles = list(dict.fromkeys(moved["role"].sort_values()))
    samples = [_sample(place) for place in range(len(roles))]
    below = Below(label=f"adopted at {unit}", samples=[*samples, _ring(), *_lines()], names=[*roles, *_MEANINGS])
    with printed(width_mm, max(len(order), 4) * row + 26, below) as figure:
        axes = figure.add_subplot()
        _draw(axes, adopters, shares, order, roles, width_mm=width_mm, row=row)
    return figure


def caption(moved: pd.DataFrame, convinced: pd.DataFrame, *, said: str) -> str:
    """Return what the figure shows, for the same tables.

    Parameters
    ----------
    moved, convinced
        As for :func:`convincing`.
    said
        Which run it is.
    """
    adopters = int(moved["adopted_at"].notna().sum())
    outside = convinced[(convinced["stage"] == _ADOPTED) & convinced["source"].isin([OUTSIDE, ITSELF])]
    others = (
        f" {outside['agent'].nunique():,} came from outside or of themselves, in whole or in part."
        if len(outside)
        else ""
    )
    named = " Names are left out because there are too many." if adopters > MOST_NAMED else ""
    return (
        f"Who convinced whom in {said}: {adopters:,} of {len(moved):,} agents adopted.{others} A line runs from a "
        "source to whom it convinced; where several succeeded at the same step each has a share, and the largest is "
        "drawn dark. "
        f"Credit says what moved agents in this run, not what would have happened without a source.{named}"
    )


_MEANINGS = ("leads", "largest share", "further shares", "from outside or of itself")


def _sample(role: int) -> Line2D:
    look = mark(role)
    return Line2D([], [], linestyle="none", marker=look.shape, color=look.colour, markersize=4, markeredgecolor=INK)


def _ring() -> Line2D:
    return Line2D([], [], linestyle="none", marker="o", color="none", markersize=6, markeredgecolor=INK)


def _lines() -> list[Line2D]:
    dark = Line2D([], [], color=INK, linewidth=0.8)
    light = Line2D([], [], color=GREY, linewidth=0.4)
    return [dark, light, Line2D([], [], color=INK, linewidth=0.8, linestyle=(0, (1, 1.5)))]


def _shares(convinced: pd.DataFrame) -> Mapping[str, list[tuple[str, float]]]:
    """Return the sources of everybody who adopted after the start, the largest share first."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    rows = convinced[(convinced["stage"] == _ADOPTED) & (convinced["share"] > 0)]
    for row in rows.itertuples():
        found[str(row.agent)].append((str(row.source), float(row.share)))
    return {agent: sorted(sources, key=lambda source: (-source[1], source[0])) for agent, sources in found.items()}


def _order(adopters: pd.DataFrame, shares: Mapping[str, list[tuple[str, float]]]) -> list[str]:
    """Return adopters from the top: each followed by those whom it gave the largest share, the earliest first."""
    at = dict(zip(adopters["agent"], adopters["adopted_at"], strict=True))
    followers: dict[str, list[str]] = defaultdict(list)
    for agent in sorted(at, key=lambda agent: (at[agent], agent)):
        main = shares[agent][0][0] if agent in shares else ""
        followers[main if main in at else ""].append(agent)
    order, waiting = [], followers[""][::-1]
    while waiting:
        agent = waiting.pop()
        order.append(agent)
        waiting += followers[agent][::-1]
    return order


def _draw(
    axes: Axes,
    adopters: pd.DataFrame,
    shares: Mapping[str, list[tuple[str, float]]],
    order: Sequence[str],
    roles: Sequence[str],
    *,
    width_mm: float,
    row: float,
) -> None:
    at = {str(agent): int(step) for agent, step in zip(adopters["agent"], adopters["adopted_at"], strict=True)}
    place = {agent: number for number, agent in enumerate(order)}
    last = max([1, *at.values()])
    named = len(order) <= MOST_NAMED
    room = points_wide(width_mm) - 40
    names = shortened(list(order), _NAME) if named else [""] * len(order)
    beyond = widest(names, _NAME) / room * last if named and order else 0.0
    axes.set(xlim=(-0.03 * last, last * 1.03 + beyond), ylim=(max(len(order), 1) - 0.4, -0.6))
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12))
    _draw_lines(axes, shares, at, place)
    facts = adopters.set_index("agent")
    for agent, name in zip(order, names, strict=True):
        look = mark(roles.index(facts.loc[agent, "role"]))
        size = max(2.0, min(4.2, row * 0.6))
        x, y = at[agent], place[agent]
        axes.plot(x, y, marker=look.shape, color=look.colour, markersize=size * look.size, mew=0.3, mec=INK, zorder=3)
        if bool(facts.loc[agent, "leads"]):
            axes.plot(x, y, marker="o", color="none", markersize=size * 1.7, mew=0.6, mec=INK, zorder=2.5)
        axes.annotate(name, (x, y), (size + 1.5, 0), textcoords="offset points", fontsize=SMALL, va="center_baseline")
    if not order:
        axes.text(0, 0, "nobody adopted", fontsize=SMALL, style="italic")


def _draw_lines(
    axes: Axes, shares: Mapping[str, list[tuple[str, float]]], at: Mapping[str, int], place: Mapping[str, int]
) -> None:
    dark: list[Line] = []
    light: list[Line] = []
    outside: list[Line] = []
    for agent, sources in shares.items():
        x, y = at[agent], place[agent]
        for number, (source, _) in enumerate(sources):
            if source not in place:
                outside.append([(x - 0.6, y), (x, y)])
                continue
            start = at[source], place[source]
            path = [start, (start[0], y), (x, y)] if number == 0 else [start, (x, y)]
            (dark if number == 0 else light).append(path)
    for lines, colour, width, style in (
        (light, GREY, 0.3, "-"),
        (dark, INK, 0.6, "-"),
        (outside, INK, 0.8, (0, (1, 1.5))),
    ):
        axes.add_collection(
            LineCollection(
                [np.array(line) for line in lines], colors=colour, linewidths=width, linestyles=[style], zorder=1
            ),
            autolim=False,
        )
