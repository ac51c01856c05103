"""Where labels stand in a picture: beside their mark, never on one another, and the same every time.

Labels are placed one after another, the most important first: each takes the
nearest place beside its mark that is free of other labels and covers the
fewest marks and lines. All lengths are in points of the page.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_ANGLES = np.deg2rad([0, 180, 90, 270, 45, 135, 315, 225])
_BESIDE = np.arange(8)
_BELOW = np.array([2, 3, 1, 0, 6, 7, 4, 5])  # how late each angle comes where a label had best stand below
_RINGS = (1.0, 4.0, 8.0, 14.0, 22.0, 32.0, 46.0, 64.0, 90.0)
_COVERED_MARK, _COVERED_LINE, _OUTWARD_PLACE = 12.0, 0.5, 0.4
_NAMED = 4  # times as bad it is to cover a mark that has a label itself
_MOST_LINES = 12  # more lines under a label do it no more harm: it stands on a plate

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Label:
    """Hold a label and where it stands.

    Attributes
    ----------
    place
        Whose label it is: a row of the marks.
    x, y
        The middle of the label.
    is_far
        Whether it stands so far off that a line must lead to it.
    """

    place: int
    x: float
    y: float
    is_far: bool


class _Page(NamedTuple):
    marks: Array
    weights: NDArray[np.int64]
    radius: float
    bounds: tuple[float, float]
    lines: Array


def placed_labels(
    marks: Array,
    radius: float,
    order: Sequence[int],
    sizes: Array,
    *,
    bounds: tuple[float, float],
    lines: Array,
    below: Collection[int] = (),
) -> list[Label]:
    """Return where labels stand; one for which no place is free is left out.

    Parameters
    ----------
    marks
        The middle of every mark; shape (marks, 2).
    radius
        How large marks are.
    order
        Which marks get a label, the most important first.
    sizes
        The width and height of these labels, in the same order; shape (labels, 2).
    bounds
        The width and height of the picture.
    lines
        The two ends of every line; shape (lines, 4).
    below
        Marks whose label had best stand below, since they stand in a row.
    """
    page = _Page(marks, np.where(np.isin(np.arange(len(marks)), order), _NAMED, 1), radius, bounds, lines)
    found: list[Label] = []
    boxes = np.zeros((0, 4))
    for place, size in zip(order, sizes, strict=True):
        ranks = _BELOW if place in below else _BESIDE
        label = _placed(page, place, size, boxes, ranks)
        if label is not None:
            found.append(label)
            boxes = np.vstack([boxes, _boxes(np.array([[label.x, label.y]]), size)])
    return found


def _placed(page: _Page, place: int, size: Array, taken: Array, ranks: NDArray[np.int64]) -> Label | None:
    """Return the cheapest free place up to the first ring that has one without marks, or the cheapest of all."""
    best: tuple[float, Label] | None = None
    for ring, distance in enumerate(_RINGS):
        middles = _around(page.marks[place], page.radius + distance, size)
        boxes = _boxes(middles, size)
        free = ~_overlaps(boxes, taken).any(axis=1) & _inside(boxes, page.bounds)
        covered = _overlaps(boxes, np.hstack([page.marks - page.radius, page.marks + page.radius])) @ page.weights
        crossed = np.minimum(_crossed(boxes, page.lines), _MOST_LINES)
        costs = _COVERED_MARK * covered + _COVERED_LINE * crossed + _OUTWARD_PLACE * ranks + distance
        for angle in np.flatnonzero(free).tolist():
            if best is None or costs[angle] < best[0]:
                best = costs[angle], Label(place, float(middles[angle, 0]), float(middles[angle, 1]), ring > 1)
        if (free & (covered == 0)).any() and ring:
            break
    return best[1] if best else None


def _around(mark: Array, distance: float, size: Array) -> Array:
    """Return the middles of labels around a mark, each touching a circle."""
    directions = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])
    return mark + directions * distance + np.sign(np.round(directions, 9)) * size / 2


def _boxes(middles: Array, size: Array) -> Array:
    """Return left, bottom, right and top of labels."""
    return np.hstack([middles - size / 2, middles + size / 2])


def _inside(boxes: Array, bounds: tuple[float, float]) -> NDArray[np.bool_]:
    inside = np.hstack([boxes[:, :2] >= 0, boxes[:, 2:] <= np.array(bounds)])
    found: NDArray[np.bool_] = np.logical_and.reduce(inside, axis=1)
    return found


def _overlaps(first: Array, second: Array) -> NDArray[np.bool_]:
    """Return which boxes share some area; shape (first, second)."""
    overlaps: NDArray[np.bool_] = (
        (first[:, None, 0] < second[:, 2])
        & (second[:, 0] < first[:, None, 2])
        & (first[:, None, 1] < second[:, 3])
        & (second[:, 1] < first[:, None, 3])
    )
    return overlaps


def _crossed(boxes: Array, lines: Array) -> NDArray[np.int64]:
    """Return how many lines cross each box (Liang & Barsky 1984, doi 10.1145/357332.357333)."""
    start, step = lines[:, :2], lines[:, 2:] - lines[:, :2]
    step = np.where(step == 0, 1e-12, step)
    low = (boxes[:, None, :2] - start) / step
    high = (boxes[:, None, 2:] - start) / step
    enters = np.minimum(low, high).max(axis=2)
    leaves = np.maximum(low, high).min(axis=2)
    crossed: NDArray[np.int64] = ((enters <= leaves) & (leaves >= 0) & (enters <= 1)).sum(axis=1)
    return crossed
