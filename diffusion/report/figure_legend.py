"""The legend below a picture: entries that flow into rows as words do, and notes under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

SIZE = 7.5
"""How large the legend's text is, in points."""

NOTE_SIZE = 6.5
SAMPLE = {"role": 12.0, "layer": 26.0, "note": 0.0}
"""How much room the sample before a text takes."""

_LEADING, _BETWEEN = 1.45, 14.0

Kind = Literal["role", "layer", "note"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold an entry and where its sample begins.

    Attributes
    ----------
    kind
        What its sample shows.
    place
        The place of the role or layer in the network's.
    text
        What it says.
    x, below
        Where it begins: from the left, and from the top of the legend to the middle of its row.
    """

    kind: Kind
    place: int
    text: str
    x: float
    below: float


@dataclass(frozen=True, slots=True)
class Legend:
    """Hold the entries of a legend and how high it is."""

    entries: tuple[Entry, ...]
    height: float


def legend(groups: Sequence[tuple[Kind, Sequence[str]]], width: float) -> Legend:
    """Return a legend in rows that are no wider than the picture; each group begins a row.

    Parameters
    ----------
    groups
        Kinds of entries, and what the entries of each say.
    width
        How wide the legend may be, in points.
    """
    entries: list[Entry] = []
    below = 0.0
    for kind, texts in groups:
        size = NOTE_SIZE if kind == "note" else SIZE
        leading = size * _LEADING
        x, below = 0.0, below + (leading if texts else 0)
        for place, full in enumerate(texts):
            text = cut(full, width - SAMPLE[kind], size)
            wide = SAMPLE[kind] + text_size(text, size)[0]
            if x and x + wide > width:
                x, below = 0.0, below + leading
            entries.append(Entry(kind, place, text, x, below - leading / 2))
            x += width if kind == "note" else wide + _BETWEEN
    return Legend(tuple(entries), below)


def wrapped(text: str, width: float) -> list[str]:
    """Return a note in lines that are no wider than the picture.

    Parameters
    ----------
    text
        What it says.
    width
        How wide a line may be, in points.
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_size(longer, NOTE_SIZE)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def text_size(text: str, size: float) -> tuple[float, float]:
    """Return how wide and high a text of a size is, in points."""
    wide, high, _ = text_to_path.get_text_width_height_descent(text, FontProperties(size=size), ismath=False)
    return float(wide), float(high)


def cut(text: str, width: float, size: float) -> str:
    """Return a text, with an ellipsis where it would be wider than there is room."""
    if text_size(text, size)[0] <= width:
        return text
    kept = len(text)
    while kept > 1 and text_size(f"{text[:kept].rstrip()}…", size)[0] > width:
        kept -= 1
    return f"{text[:kept].rstrip()}…"
