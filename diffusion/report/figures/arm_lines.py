"""How arms look as lines: a colour, a dash and a mark each, so that they differ in grey and in any colour vision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from diffusion.report.figures.sheet import GREY
from diffusion.report.marks import INK

MOST_LINES = 6
"""How many arms have a look of their own; lines of more are not told apart."""

_LOOKS = (
    ("#0072B2", (), "o"),
    ("#D55E00", (4.0, 1.5), "s"),
    ("#009E73", (1.2, 1.2), "^"),
    ("#CC79A7", (6.0, 1.5, 1.2, 1.5), "D"),
    ("#E69F00", (2.5, 1.2), "v"),
    (INK, (8.0, 2.0), "P"),
)


class LineLook(NamedTuple):
    """Hold how the line of an arm looks."""

    colour: str
    dashes: tuple[float, ...]
    mark: str


def line_looks(best_first: Sequence[str], always: Sequence[str] = ()) -> Mapping[str, LineLook]:
    """Return the looks of the arms that are told apart; the others are drawn alike.

    Parameters
    ----------
    best_first
        The arms, best first.
    always
        Arms that have a look whatever their place, such as the baseline.

    Examples
    --------
    >>> list(line_looks([f"arm {place}" for place in range(9)], ["arm 8"]))
    ['arm 0', 'arm 1', 'arm 2', 'arm 3', 'arm 4', 'arm 8']
    """
    wanted = [arm for arm in always if arm in best_first][:MOST_LINES]
    for arm in best_first:
        if len(wanted) < MOST_LINES and arm not in wanted:
            wanted.append(arm)
    kept = [arm for arm in best_first if arm in wanted]
    return {arm: LineLook(*look) for arm, look in zip(kept, _LOOKS, strict=False)}


def draw_line(
    axes: Axes, at: NDArray[np.float64], values: NDArray[np.float64], look: LineLook | None, *, steps: bool = False
) -> None:
    """Draw the line of an arm, with a few marks; a thin grey one without a look.

    Parameters
    ----------
    axes
        Where to draw.
    at, values
        The line.
    look
        How it looks.
    steps
        Whether the line jumps at each value, as survival curves do.
    """
    style = "steps-post" if steps else "default"
    if look is None:
        axes.plot(at, values, color=GREY, linewidth=0.5, zorder=2, drawstyle=style)
        return
    every = max(1, len(at) // 6)
    [line] = axes.plot(at, values, color=look.colour, linestyle=(0, look.dashes or (1, 0)), drawstyle=style, zorder=3)
    line.set(marker=look.mark, markersize=2.8, markevery=(every // 2, every), markeredgewidth=0)


def line_samples(looks: Mapping[str, LineLook], *, others: int) -> tuple[list[Line2D], list[str]]:
    """Return samples for a legend, and what they are called.

    Parameters
    ----------
    looks
        The arms that are told apart.
    others
        How many are not.
    """
    samples = [_sample(look) for look in looks.values()]
    names = list(looks)
    if others:
        samples.append(Line2D([], [], color=GREY, linewidth=0.5))
        names.append("one other arm" if others == 1 else f"{others} other arms")
    return samples, names


def _sample(look: LineLook) -> Line2D:
    line = Line2D([], [], color=look.colour, linestyle=(0, look.dashes or (1, 0)))
    line.set(marker=look.mark, markersize=2.8, markeredgewidth=0)
    return line
