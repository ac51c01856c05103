"""Tables of a report: one description, from which Word, LaTeX, HTML and CSV follow."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from diffusion.report.markdown import escaped

_SPAN = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\{n=\"(?:\\.|[^\"\\])*\"\}")
_ESCAPE = re.compile(r"\\(.)")

_LONGEST_WORD = 24

Raw: TypeAlias = float | int | str | None


@dataclass(frozen=True)
class Cell:
    """Hold one cell: how it is shown, and what it holds for a machine.

    Attributes
    ----------
    text
        Markdown.
    raw
        One value for each column of the CSV file that this column makes.
    """

    text: str
    raw: tuple[Raw, ...]


@dataclass(frozen=True)
class Column:
    """Describe one column.

    Attributes
    ----------
    heading
        Its heading, plain.
    width
        How wide it is beside the others.
    is_number
        Whether it is set flush right.
    fields
        What its values are called in the CSV file; its heading by default.
    """

    heading: str
    width: int = 10
    is_number: bool = False
    fields: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of its columns in the CSV file."""
        return self.fields or (self.heading,)


@dataclass(frozen=True)
class Table:
    """Hold a table with its caption.

    Attributes
    ----------
    name
        What files and references call it: letters, digits, dashes.
    caption
        Markdown.
    columns, rows
        What it shows.
    note
        Markdown that stands below it.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = field(default="")

    @property
    def reference(self) -> str:
        """Return Markdown that becomes "Table" with its number."""
        return f"[](#tbl:{self.name})"

    def markdown(self) -> str:
        """Return the table with its caption."""
        # A line longer than the page makes pandoc keep to the widths that the dashes state.
        widths = [self._width(place) for place in range(len(self.columns))]
        rule = "|".join(
            "-" * max(3, round(width * 150 / sum(widths))) + (":" if column.is_number else "-")
            for width, column in zip(widths, self.columns, strict=True)
        )
        lines = [
            f"| {' | '.join(escaped(column.heading) or ' ' for column in self.columns)} |",
            f"|{rule}|",
            *(f"| {' | '.join(cell.text or ' ' for cell in row)} |" for row in self.rows),
        ]
        below = f"\n\n::: note\n{self.note}\n:::" if self.note else ""
        return "\n".join(lines) + f"\n\nTable: {self.caption} {{#tbl:{self.name}}}{below}"

    def _width(self, place: int) -> int:
        """Return how wide a column is: wide enough for its longest word, unless that is longer than a line bears."""
        column = self.columns[place]
        texts = [plain(row[place].text) for row in self.rows]
        longest = max(len(word) for text in [f"{column.heading} ", *texts] for word in [*text.split(" "), ""])
        bold = max(len(word) for word in [*column.heading.split(" "), ""])
        return max(column.width, min(longest + 2, _LONGEST_WORD), bold + 3)

    def csv(self) -> str:
        """Return the table as CSV: numbers as exact as they are known, intervals in columns of their own."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([name for column in self.columns for name in column.names])
        for row in self.rows:
            writer.writerow([_written(value) for cell in row for value in cell.raw])
        return file.getvalue()


def text_cell(text: str) -> Cell:
    """Return a cell that holds a plain text."""
    return Cell(escaped(text), (text,))


def marked_cell(text: str, *raw: Raw) -> Cell:
    """Return a cell of Markdown; its raw value is the text without marks unless values are given."""
    return Cell(text, raw or (plain(text),))


def plain(text: str) -> str:
    r"""Return Markdown as it is read: without the names of numbers and without marks.

    Examples
    --------
    >>> plain('[20.2]{n="a.b"} of `x_y` and \\*z')
    '20.2 of x_y and *z'
    """
    return _ESCAPE.sub(r"\1", _SPAN.sub(r"\1", text)).replace("`", "")


def columns(*described: Column) -> tuple[Column, ...]:
    """Return columns; a name for the common case of a table written down."""
    return described


def rows(cells: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Return rows of cells, frozen."""
    return tuple(tuple(row) for row in cells)


def _written(value: Raw) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)
