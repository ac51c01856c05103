"""Cells of tables: numbers and intervals as they are shown, each with its name and its exact value."""

from __future__ import annotations

from diffusion.analysis.phrases import decimals_for
from diffusion.report.numbers import MINUS, Number, Numbers
from diffusion.report.tables import Cell

NOTHING = Cell("", (None,))


def shown(number: Number, decimals: int, *, sign: bool = False) -> str:
    """Return a number as it is written in a table: shares in per cent, with a real minus.

    Examples
    --------
    >>> shown(Number("a", 0.249, "share of agents", {}), 1, sign=True)
    '+24.9'
    """
    value = number.value * (100 if number.is_share else 1)
    return f"{value:{'+' if sign else ''},.{decimals}f}".replace("-", MINUS)


def number_cell(numbers: Numbers, number: Number | None, decimals: int = 1, *, sign: bool = False) -> Cell:
    """Return a cell with one number; an empty one where it is undefined."""
    if number is None:
        return NOTHING
    return Cell(numbers.show(number, shown(number, decimals, sign=sign)), (number.value,))


def whole_cell(numbers: Numbers, number: Number) -> Cell:
    """Return a cell with a whole number."""
    return Cell(numbers.show(number, shown(number, 0)), (int(number.value),))


def interval_cell(
    numbers: Numbers,
    middle: Number | None,
    low: Number | None,
    high: Number | None,
    *,
    sign: bool = False,
    least: int = 1,
) -> Cell:
    """Return a cell with a number and its interval, as many decimals as the interval asks for, and at least some."""
    if middle is None:
        return Cell("", (None, None, None))
    if low is None or high is None:
        return Cell(numbers.show(middle, shown(middle, least, sign=sign)), (middle.value, None, None))
    width = (high.value - low.value) * (100 if middle.is_share else 1)
    decimals = max(least, decimals_for(width))
    first, second, third = (numbers.show(one, shown(one, decimals, sign=sign)) for one in (middle, low, high))
    return Cell(f"{first} ({second}\u00a0to\u00a0{third})", (middle.value, low.value, high.value))


def share_cell(numbers: Numbers, number: Number | None) -> Cell:
    """Return a cell with a share of histories in whole per cent, never rounded to none or all."""
    if number is None:
        return NOTHING
    value = number.value
    text = "<1" if 0 < value < 0.01 else ">99" if 0.99 < value < 1 else f"{100 * value:.0f}"
    return Cell(numbers.show(number, text), (value,))
