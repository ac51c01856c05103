"""The network with each agent's probability of adopting: one panel an arm, and one of the difference between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from diffusion.errors import InputError
from diffusion.network.network import Network
from diffusion.report.figure_legend import text_size
from diffusion.report.figure_page import page_of
from diffusion.report.figure_ties import tie_lines
from diffusion.report.figures.heat_map import SHADES, draw_shades, dress_shades
from diffusion.report.figures.sheet import (
    PAGE_MM,
    SMALL,
    Below,
    PrintedFigure,
    headings_cut,
    points_wide,
    printed,
    shortened,
    write_heading,
)
from diffusion.report.figures.wording import arms_rows, who_caption
from diffusion.report.labels import placed_labels
from diffusion.report.marks import INK, LINE
from diffusion.report.network_figure import MOST_AGENTS

LEADS_FROM = 0.25
"""From which share of the runs on an agent is marked as a leader."""

MOST_ARMS = 5
"""How many arms have a panel."""

_TWO_ABREAST = 340.0  # how wide a figure is at least, in points, if two panels stand side by side
_MOST_NAMED = 8
_SCALE = Normalize(0, 100)
_SAME = 0.01  # a difference that is drawn as none
_MORE, _LESS = "#0072B2", "#D55E00"

Points = NDArray[np.float64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Ground:
    """Hold where agents and ties stand in a panel, in points."""

    points: Points
    lines: Points
    wide: float
    high: float
    mark: float


def adoption_map(
    agents: pd.DataFrame, network: Network, *, arms: Sequence[str] | None = None, width_mm: float = PAGE_MM
) -> PrintedFigure:
    """Return the network, each agent as dark as it is likely to have adopted at the end.

    With two arms a further panel shows the first minus the second: triangles
    that point up where the first makes adoption more likely, down where less,
    the larger the more.

    Parameters
    ----------
    agents
        The table of :func:`~diffusion.report.tidy.agents_table`, one network and cell of it.
    network
        The network that it is about.
    arms
        Which arms have a panel; the first two by default.
    width_mm
        How wide the figure is, in millimetres.

    Raises
    ------
    InputError
        If the network is too large to draw, or an arm does not exist.
    """
    shown = _chosen(agents, network, arms)
    count = len(shown) + (len(shown) == 2)
    columns = min(count, 2 if points_wide(width_mm) > _TWO_ABREAST else 1)
    rows = -(-count // columns)
    ground = _ground(network, points_wide(width_mm) / columns - 8)
    is_free = rows * columns > count  # a place for the legend beside the panels
    samples, names = _samples(with_difference=len(shown) == 2)
    below = Below() if is_free else Below("", samples, names)
    with printed(width_mm, rows * (ground.high + 18) + (0 if is_free else 34), below) as figure:
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
        titles = headings_cut(list(shown), ground.wide - 4)
        for axes, own, title in zip(panels, shown.values(), titles, strict=False):
            _draw_ground(axes, ground, title)
            _draw_agents(axes, own, ground)
        if len(shown) == 2:
            _draw_ground(panels[2], ground, _difference_title(list(shown), ground.wide - 4))
            first, second = shown.values()
            _draw_difference(panels[2], first, second, ground)
        _draw_scale(figure, panels, count)
        if is_free:
            panels[-1].legend(samples, names, loc="upper left", bbox_to_anchor=(0.06, 0.72))
    return figure


def caption(agents: pd.DataFrame, network: Network, *, arms: Sequence[str] | None = None) -> str:
    """Return what the figure shows, for the same arguments."""
    shown = _chosen(agents, network, arms)
    first, *others = shown
    difference = ""
    if len(shown) == 2:
        difference = (
            f" Last panel: the share under {first} minus the share under {others[0]}; triangles are as large as the "
            "difference, and point up where it is positive."
        )
    return (
        "Share of the runs at whose end each agent is in stage adopted; darker is more. Diamonds: agents who lead in "
        f"every run (thick rim) or in at least {100 * LEADS_FROM:g} % of the runs (thin rim). Lines are ties, "
        f"whichever way knowledge flows.{difference} {who_caption(agents)}"
    )


def _chosen(agents: pd.DataFrame, network: Network, arms: Sequence[str] | None) -> Mapping[str, pd.DataFrame]:
    """Return the rows of each arm that is shown, in the order of the network's agents."""
    if network.size > MOST_AGENTS:
        raise InputError(f"a figure shows at most {MOST_AGENTS:,} agents, and {network.name} has {network.size:,}")
    known = list(agents["arm"].unique())
    wanted = known[:2] if arms is None else list(dict.fromkeys(arms))[:MOST_ARMS]
    ids = list(network.ids)
    return {arm: own.set_index("agent").loc[ids] for arm, own in zip(wanted, arms_rows(agents, wanted), strict=True)}


def _ground(network: Network, width: float) -> _Ground:
    page = page_of(network, width)
    inside = page.mark + 3
    points = page.points - page.points.min(axis=0) + inside
    wide, high = (points.max(axis=0) + inside).tolist()
    points[:, 0] += (width - wide) / 2
    return _Ground(points, tie_lines(network, points, page.mark / 2).ends, width, max(high, 40.0), page.mark)


def _draw_ground(axes: Axes, ground: _Ground, title: str) -> None:
    axes.set(xlim=(0, ground.wide), ylim=(0, ground.high), aspect="equal")
    axes.set_axis_off()
    write_heading(axes, title)
    faint = float(np.clip((120 / max(len(ground.lines), 1)) ** 0.5, 0.12, 0.8))
    lines = LineCollection(list(ground.lines.reshape(-1, 2, 2)), colors=LINE, linewidths=0.3, alpha=faint, zorder=1)
    axes.add_collection(lines, autolim=False)


def _draw_agents(axes: Axes, own: pd.DataFrame, ground: _Ground) -> None:
    shares, leads = own["p_adopted"].to_numpy(), own["p_leads"].to_numpy()
    for shape, size, rim, who in _groups(leads):
        axes.scatter(
            ground.points[who, 0],
            ground.points[who, 1],
            c=100 * shares[who],
            s=(ground.mark * size) ** 2,
            marker=shape,
            cmap=SHADES,
            norm=_SCALE,
            edgecolors=INK,
            linewidths=rim,
            zorder=2 + size,
        )
    _name_leaders(axes, own, ground)


def _groups(leads: Floats) -> list[tuple[str, float, float, NDArray[np.int64]]]:
    """Return the shape, size and rim of agents who do not lead, do in some runs, and do in all."""
    always, some = leads >= 1, (leads >= LEADS_FROM) & (leads < 1)
    looks = [("o", 1.0, 0.25, ~always & ~some), ("D", 1.35, 0.5, some), ("D", 1.6, 1.2, always)]
    return [(shape, size, rim, np.flatnonzero(who)) for shape, size, rim, who in looks]


def _name_leaders(axes: Axes, own: pd.DataFrame, ground: _Ground) -> None:
    """Write the ids of a few agents who always lead beside their marks."""
    always = np.flatnonzero(own["p_leads"].to_numpy() >= 1).tolist()
    order = always if len(always) <= _MOST_NAMED else []
    texts = shortened([str(own.index[agent]) for agent in order], 70)
    sizes = np.array([text_size(text, SMALL) for text in texts]).reshape(-1, 2) + np.array([2.0, 1.5])
    radius, bounds = ground.mark, (ground.wide, ground.high)
    found = placed_labels(ground.points, radius, order, sizes, bounds=bounds, lines=ground.lines)
    for label in found:
        text = texts[order.index(label.place)]
        if label.is_far:
            start = ground.points[label.place]
            axes.plot([start[0], label.x], [start[1], label.y], color=INK, linewidth=0.5, zorder=4)
        plate = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.4}
        axes.text(label.x, label.y, text, fontsize=SMALL, ha="center", va="center_baseline", bbox=plate, zorder=5)


def _draw_difference(axes: Axes, first: pd.DataFrame, second: pd.DataFrame, ground: _Ground) -> None:
    differences = (first["p_adopted"] - second["p_adopted"]).to_numpy()
    looks = (("^", _MORE, differences > _SAME), ("v", _LESS, differences < -_SAME))
    same = np.abs(differences) <= _SAME
    axes.scatter(ground.points[same, 0], ground.points[same, 1], s=1.6, c=INK, linewidths=0, zorder=2)
    for shape, colour, who in looks:
        sizes = ground.mark * (0.6 + 1.8 * np.abs(differences[who]))
        axes.scatter(
            ground.points[who, 0],
            ground.points[who, 1],
            s=sizes**2,
            marker=shape,
            c=colour,
            edgecolors=INK,
            linewidths=0.25,
            zorder=3,
        )


def _difference_title(arms: Sequence[str], width: float) -> str:
    first, second = headings_cut(arms, (width - 30) / 2)
    return f"{first} minus {second}"


def _draw_scale(figure: Figure, panels: Sequence[Axes], count: int) -> None:
    """Draw what the shades mean: in the place that is free, or below."""
    label = "Runs at whose end the agent has adopted, %"
    if count == len(panels):
        draw_shades(figure, panels, _SCALE, label)
        return
    panels[-1].set_axis_off()
    inset = panels[-1].inset_axes((0.06, 0.86, 0.8, 0.045))
    shades = ScalarMappable(norm=_SCALE, cmap=SHADES)
    dress_shades(figure.colorbar(shades, cax=inset, orientation="horizontal"), label)


def _samples(*, with_difference: bool) -> tuple[list[Line2D], list[str]]:
    samples = [_sample("D", "white", 1.2, 5.5), _sample("D", "white", 0.5, 4.6)]
    names = ["leads in every run", f"leads in {100 * LEADS_FROM:g} % of the runs or more"]
    if with_difference:
        samples += [_sample("^", _MORE, 0.25, 5), _sample("v", _LESS, 0.25, 5), _sample(".", INK, 0, 2.5)]
        names += ["adopts more often under the first", "less often", f"within {100 * _SAME:g} point"]
    return samples, names


def _sample(shape: str, colour: str, rim: float, size: float) -> Line2D:
    line = Line2D([], [], linestyle="none", color=colour)
    line.set(marker=shape, markersize=size, markeredgecolor=INK, markeredgewidth=rim)
    return line
