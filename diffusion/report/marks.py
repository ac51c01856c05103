"""How roles and layers look in pictures: a shape and a colour a role, a line style a layer.

Colours are those of Okabe & Ito (2008, Color Universal Design), which people
with any colour vision tell apart. Shapes and colours repeat after 12 and 7, so
84 roles differ in one or the other.
"""

from __future__ import annotations

from typing import NamedTuple

INK = "#222222"
LINE = "#4a4a4a"

_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
_SHAPES = ("o", "s", "^", "D", "v", "p", "P", "h", "X", ">", "*", "<")
_SIZES = {"s": 0.88, "^": 1.08, "v": 1.08, "<": 1.08, ">": 1.08, "D": 0.82, "*": 1.35, "P": 1.08, "X": 1.05}
_DASHES = ((), (3.2, 1.6), (0.9, 1.3), (5, 1.5, 1, 1.5), (7, 2), (3.2, 1.3, 1, 1.3, 1, 1.3))


class Mark(NamedTuple):
    """Hold how the agents of one role look.

    Attributes
    ----------
    shape
        Matplotlib's name of the shape.
    colour
        The colour that fills it.
    size
        How wide it is drawn, as a factor, so that all shapes look equally large.
    """

    shape: str
    colour: str
    size: float


def mark(role: int) -> Mark:
    """Return how the agents of a role look, by the role's place in the network's.

    Examples
    --------
    >>> mark(0).shape, mark(1).shape
    ('o', 's')
    """
    shape = _SHAPES[role % len(_SHAPES)]
    return Mark(shape, _COLOURS[role % len(_COLOURS)], _SIZES.get(shape, 1.0))


def dashes(layer: int, width: float) -> tuple[float, tuple[float, ...] | None]:
    """Return the line style of a layer, by its place in the network's, for a line of some width.

    Matplotlib stretches dashes by the width of the line; here they keep their length.

    Examples
    --------
    >>> dashes(0, 0.5), dashes(1, 0.5)
    ((0, None), (0, (6.4, 3.2)))
    """
    pattern = tuple(length / width for length in _DASHES[layer % len(_DASHES)])
    return 0, pattern or None
