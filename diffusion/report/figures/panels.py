"""Small multiples: panels in rows, alike in size and scale."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from diffusion.report.figures.sheet import dress, points_wide

_WIDTH, _NARROW, _SHAPE = 112.0, 74.0, 0.8
_LOWEST = 116.0  # how high panels are together at least, for the label beside them


def grid(count: int, width_mm: float, width: float = _WIDTH) -> tuple[int, int]:
    """Return in how many columns and rows so many panels stand, none of them narrower than a width in points.

    Examples
    --------
    >>> grid(8, 174), grid(3, 84), grid(1, 174), grid(5, 174)
    ((4, 2), (2, 2), (1, 1), (3, 2))
    """
    most = max(1, int(points_wide(width_mm) // width))
    rows = -(-count // most)
    return -(-count // rows), rows


def rows_grid(count: int, width_mm: float, room: float) -> tuple[int, int]:
    """Return in how many columns and rows panels with named rows stand.

    Parameters
    ----------
    count
        How many panels there are.
    width_mm
        How wide the figure is, in millimetres.
    room
        How much of it the names take, in points.
    """
    return grid(count, (points_wide(width_mm) - room) / 72 * 25.4, _NARROW)


def grid_height(columns: int, rows: int, width_mm: float) -> float:
    """Return how high such panels are together, in points."""
    panel = min(points_wide(width_mm) / columns * _SHAPE, 190.0)
    return max(rows * panel + 10, _LOWEST)


def finish_shares(panels: Sequence[Axes], count: int, columns: int, largest: float, last_step: float) -> None:
    """Give panels of shares over time one scale, and take away what is empty.

    Parameters
    ----------
    panels
        All panels, row by row; they share their axes.
    count
        How many are used.
    columns
        How many stand in a row.
    largest
        The largest share that is drawn, in per cent.
    last_step
        T.
    """
    top = min(102.0, max(5.0, largest * 1.04))
    for place, axes in enumerate(panels):
        if place >= count:
            axes.set_visible(False)
            continue
        dress(axes)
        axes.set_ylim(0, top)
        axes.set_xlim(0, max(last_step, 1))
        axes.set_xticks(time_ticks(last_step))
        is_last = place + columns >= count
        axes.tick_params(labelbottom=is_last, labelleft=place % columns == 0)


def time_ticks(last_step: float) -> list[int]:
    """Return the steps at which time is written: the first, the last and round ones between.

    Examples
    --------
    >>> time_ticks(36), time_ticks(10), time_ticks(1), time_ticks(100), time_ticks(37)
    ([0, 12, 24, 36], [0, 5, 10], [0, 1], [0, 50, 100], [0, 10, 20, 30])
    """
    last = max(int(last_step), 1)
    sizes = [size * 10**power for power in range(5) for size in (1, 2, 5)] + [6, 12, 24, 60, 120]
    fitting = [size for size in sorted(sizes) if 2 <= last // size <= 4]
    exact = [size for size in fitting if last % size == 0]
    size = next(iter(exact or fitting), last)
    return list(range(0, last + 1, size))
