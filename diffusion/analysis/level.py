"""Where a rising function of one number comes to a level, if only a step of it does not leap over the level.

The function may be a mean over simulated runs, flat in parts and steep in
others, and each value may be costly: nothing but its order is relied on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

DIGITS = 4
"""Numbers are tried with so many significant digits, and found to within one unit of the last."""

_STRAIGHT_STEPS = 6
"""So many times the next number is where a straight line comes to the level, before halves are taken."""

_LARGEST = 2.0**20
"""How far from 0 an unbounded number is looked for."""


@dataclass(frozen=True, slots=True)
class Span:
    """State where a number is looked for.

    Attributes
    ----------
    low, high
        Its bounds or, where open, what is tried first.
    low_open, high_open
        Whether it may lie beyond them.
    """

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False


@dataclass(slots=True)
class Around:
    """Hold the numbers on both sides of a level, and what the function is there.

    Attributes
    ----------
    below, above
        The number at which the function is nearest below the level, or at it,
        and nearest above; ``None`` where there is none.
    """

    below: tuple[float, float] | None = None
    above: tuple[float, float] | None = None
    _tried: dict[float, float] = field(default_factory=dict)

    def nearest(self, level: float) -> tuple[float, float]:
        """Return the number, and what the function is there, of the side that is nearer to the level."""
        sides = [side for side in (self.below, self.above) if side is not None]
        return min(sides, key=lambda side: abs(side[1] - level))


def rounded(number: float) -> float:
    """Return a number with :data:`DIGITS` significant digits."""
    return float(f"{number:.{DIGITS}g}")


def around(function: Callable[[float], float], level: float, span: Span, near_enough: float = 0.0) -> Around:
    """Return the numbers on both sides of a level, next to each other unless one is near enough.

    Parameters
    ----------
    function
        A function that nowhere falls.
    level
        The level.
    span
        Where to look.
    near_enough
        How near to the level the function need not come nearer.
    """
    found = Around()
    low, high = _ends(function, level, span)
    if low[1] > level:
        found.above = low
    elif high[1] < level:
        found.below = high
    else:
        found.below, found.above = _narrowed(function, level, low, high, near_enough)
    return found


def _ends(
    function: Callable[[float], float], level: float, span: Span
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return a number at or below the level and one above, as far as there are any."""
    low, high = (span.low, function(span.low)), (span.high, function(span.high))
    reach = max(abs(span.low), abs(span.high), 1.0)
    while low[1] > level and span.low_open and reach < _LARGEST:
        reach *= 2.0
        high, low = low, (-reach, function(-reach))
    while high[1] < level and span.high_open and reach < _LARGEST:
        reach *= 2.0
        low, high = high, (reach, function(reach))
    return low, high


def _narrowed(
    function: Callable[[float], float],
    level: float,
    low: tuple[float, float],
    high: tuple[float, float],
    near_enough: float,
) -> tuple[tuple[float, float], tuple[float, float]]:
    steps = 0
    while min(level - low[1], high[1] - level) > near_enough:
        middle = _next(level, low, high, straight=steps < _STRAIGHT_STEPS)
        if not low[0] < middle < high[0]:
            break
        tried = (middle, function(middle))
        low, high = (tried, high) if tried[1] <= level else (low, tried)
        steps += 1
    return low, high


def _next(level: float, low: tuple[float, float], high: tuple[float, float], *, straight: bool) -> float:
    """Return the next number to try: on the straight line between the ends but not close to either, or the middle."""
    width = high[0] - low[0]
    share = 0.5
    if straight and high[1] > low[1]:
        share = min(max((level - low[1]) / (high[1] - low[1]), 0.1), 0.9)
    if not straight and low[0] > 0 and high[0] > 2 * low[0]:
        return rounded(math.sqrt(low[0] * high[0]))
    return rounded(low[0] + share * width)
