"""The matrices of a UCINET DL file, whole or by half, with labels among their values or without."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from diffusion.network.formats.findings import Findings, counted, shortened
from diffusion.network.formats.ucinet_dl_agents import Side, folded
from diffusion.network.formats.ucinet_dl_header import COLUMNS, FULL, LOWER, ROWS, UPPER, Header
from diffusion.network.formats.ucinet_dl_ties import Ties, values_of
from diffusion.network.formats.ucinet_dl_words import DIVIDER, Word, data_words

_COMMA_ADVICE = "; a comma divides values, so write decimals with a point"

MOST_ODD_LINES = 10
"""Where more rows than this have a wrong length, their number is told, not each of them."""


class _Layout(NamedTuple):
    """Say how many words the matrices have, and where labels stand among them."""

    header: Header
    heads: int
    skips_empty: bool

    def width(self, row: int) -> int:
        """Return how many values a row has."""
        columns, absent = self.header.columns, not self.header.diagonal
        full = {FULL: columns, UPPER: columns - row, LOWER: row + 1}[self.header.form]
        return full - absent

    def is_labelled(self, row: int) -> bool:
        """Tell whether a row begins with its label."""
        return ROWS in self.header.embedded and not (self.skips_empty and not self.width(row))

    def first_column(self, row: int) -> int:
        """Return the column of a row's first value, the diagonal apart."""
        return row if self.header.form == UPPER else 0

    @property
    def values(self) -> int:
        """Return how many values one matrix has."""
        rows, columns, absent = self.header.rows, self.header.columns, not self.header.diagonal
        if self.header.form == FULL:
            return rows * columns - rows * absent
        return rows * (rows - 1) // 2 if absent else rows * (rows + 1) // 2

    @property
    def words(self) -> int:
        """Return how many words all matrices have, labels among them."""
        empty = not self.header.diagonal and (self.header.form != FULL or self.header.columns == 1)
        labels = self.header.rows - (self.skips_empty and empty) if ROWS in self.header.embedded else 0
        return self.header.matrices * (self.values + labels) + self.header.columns * self.heads

    def line_widths(self) -> Iterator[int]:
        """Yield how many words each line has if each row stands in its own."""
        for matrix in range(self.header.matrices):
            if matrix < self.heads:
                yield self.header.columns
            for row in range(self.header.rows):
                if width := self.width(row) + self.is_labelled(row):
                    yield width


class _Words:
    """Hand out the words of the data, and tell their lines."""

    def __init__(self, lines: Sequence[tuple[int, list[str]]]) -> None:
        self._lines = iter(lines)
        self._words: list[str] = []
        self._at = 0
        self.first_line = 0
        self.line = 0

    def begin(self) -> None:
        """Begin a matrix."""
        self.first_line = 0

    def take(self, count: int) -> Iterator[tuple[int, list[str]]]:
        """Yield a number of words, those of one line at a time, with the line."""
        while count:
            if self._at == len(self._words):
                self.line, self._words = next(self._lines)
                self._at = 0
            self.first_line = self.first_line or self.line
            piece = self._words[self._at : self._at + count]
            self._at += len(piece)
            count -= len(piece)
            yield self.line, piece


def read_matrices(
    data: Sequence[tuple[int, str]], header: Header, sides: tuple[Side, Side], findings: Findings
) -> Ties | None:
    """Return the ties in matrices, or ``None`` having noted what is wrong with them.

    Parameters
    ----------
    data
        The lines of data that are not blank, with their numbers.
    header
        The header.
    sides
        The agents of the rows and of the columns; embedded labels are added.
    findings
        Where problems go.
    """
    before = len(findings.problems.found)
    lines = []
    for number, line in data:
        words = data_words(line) if line.strip() != DIVIDER else None
        if words is not None:
            lines.append((number, words))
        elif line.strip() != DIVIDER:
            findings.problem(number, "a quotation mark in this line is not closed")
    if len(findings.problems.found) > before:
        return None
    layout = _layout(sum(len(words) for _, words in lines), header)
    if layout is None:
        _note_count(lines, header, findings, commas=_commas(data))
    elif odd := _odd_lines(lines, layout):
        _note_odd(odd, findings, commas=_commas(data))
    else:
        dividers = [number for number, line in data if line.strip() == DIVIDER]
        ties = _read(_Words(lines), layout, sides, dividers, findings)
        return ties if len(findings.problems.found) == before else None
    return None


def _layout(words: int, header: Header) -> _Layout | None:
    """Return the layout that has so many words: matrices may repeat the labels of columns, and skip empty rows."""
    heads = dict.fromkeys((header.matrices, 1)) if COLUMNS in header.embedded else (0,)
    skips = (False, True) if COLUMNS in header.embedded or COLUMNS in header.labels else (False,)
    layouts = (_Layout(header, count, skips_empty) for count in heads for skips_empty in skips)
    return next((layout for layout in layouts if layout.words == words), None)


def _read(
    words: _Words, layout: _Layout, sides: tuple[Side, Side], dividers: Sequence[int], findings: Findings
) -> Ties:
    ties = Ties()
    header = layout.header
    bounds = []
    for matrix in range(header.matrices):
        ties.matrices.append(0)
        words.begin()
        if matrix < layout.heads:
            _label(sides[1], 0, [*_single(words.take(header.columns))], findings)
        for row in range(header.rows):
            if layout.is_labelled(row):
                _label(sides[0], row, [*_single(words.take(1))], findings)
            elif ROWS in header.embedded:
                _label(sides[0], row, sides[1].labels[row : row + 1], findings)
            _read_row(words, layout, row, ties, findings)
        bounds.append((words.first_line, words.line))
    for line in dividers:
        place = bisect_right(bounds, (line, 0)) - 1
        if place >= 0 and line < bounds[place][1]:
            findings.problem(line, '"!" must stand between two matrices, but here it stands inside one')
    return ties


def _single(pieces: Iterator[tuple[int, list[str]]]) -> Iterator[Word]:
    return chain.from_iterable((Word(text, line) for text in piece) for line, piece in pieces)


def _label(side: Side, place: int, words: Sequence[Word], findings: Findings) -> None:
    """Add labels that stand in the data, or note that they are not those that are known."""
    for number, word in enumerate(words, start=place):
        if number >= len(side.labels):
            side.places.setdefault(folded(word.text), number)
            side.labels.append(word)
        elif folded(side.labels[number].text) != folded(word.text):
            other = side.labels[number]
            said = f'label {number + 1:,} is "{shortened(other.text)}" in line {other.line}'
            findings.problem(word.line, f'{said}, and "{shortened(word.text)}" here; they must agree')


def _read_row(words: _Words, layout: _Layout, row: int, ties: Ties, findings: Findings) -> None:
    width = layout.width(row)
    found: list[float] = []
    lines: list[int] = []
    for line, piece in words.take(width):
        found += values_of(piece, line, findings)
        lines += [line] * len(piece)
    values = np.array(found, dtype=np.float64)
    missing = np.isnan(values)
    ties.missing += int(missing.sum())
    tied = np.flatnonzero((values != 0) & ~missing)
    if not tied.size:
        return
    columns = (layout.first_column(row) + tied).astype(np.int32)
    if not layout.header.diagonal:
        columns[columns >= row] += 1
    rows = np.full(tied.size, row, dtype=np.int32)
    ties.add(rows, columns, values[tied], np.array(lines, dtype=np.int64)[tied])


def _odd_lines(lines: Sequence[tuple[int, list[str]]], layout: _Layout) -> list[tuple[int, int, int]]:
    """Return the lines with too many or too few words, if there are as many lines as rows, and what they must have."""
    header = layout.header
    if abs(header.matrices * header.rows + layout.heads - len(lines)) > header.matrices:
        return []
    widths = [*layout.line_widths()]
    if len(widths) != len(lines):
        return []
    pairs = zip(lines, widths, strict=True)
    return [(number, len(words), width) for (number, words), width in pairs if len(words) != width]


def _commas(data: Sequence[tuple[int, str]]) -> set[int]:
    """Return the lines in which a comma may be meant as a decimal mark."""
    return {number for number, line in data if re.search(r"\d,\d", line)}


def _note_odd(odd: Sequence[tuple[int, int, int]], findings: Findings, *, commas: set[int]) -> None:
    for number, count, width in odd:
        advice = _COMMA_ADVICE if number in commas else ""
        said = f"this row of the matrix has {counted(count, 'value', 'values')}, not {width:,}"
        findings.problem(number, f"{said}{advice}")


def _note_count(
    lines: Sequence[tuple[int, list[str]]], header: Header, findings: Findings, *, commas: set[int]
) -> None:
    """Note that there are too few or too many words: the rows that are to blame, if each has a line of its own."""
    layout = _Layout(header, header.matrices if COLUMNS in header.embedded else 0, skips_empty=False)
    odd = _odd_lines(lines, layout)
    if odd and len(odd) <= min(MOST_ODD_LINES, len(lines) / 2):
        _note_odd(odd, findings, commas=commas)
        return
    line = lines[-1][0] if lines else None if header.data_file else header.line
    count = sum(len(words) for _, words in lines)
    what = "the matrix has" if header.matrices == 1 else f"the {header.matrices:,} matrices have"
    if header.embedded:
        what = what.replace(" ha", ", with the labels in the data, ha")
    said = f"{what} {counted(count, 'value', 'values')}, not {layout.words:,}{_product(header)}"
    findings.problem(line, f"{said}{_COMMA_ADVICE if commas else ''}")


def _product(header: Header) -> str:
    """Return how many values there must be, as a product."""
    if header.embedded & {ROWS, COLUMNS}:
        return ""
    factors = [header.matrices] if header.matrices > 1 else []
    last = header.columns + (header.form in {UPPER, LOWER}) - (not header.diagonal) * (1 + (header.form != FULL))
    half = " / 2" if header.form != FULL else ""
    return " = " + " \N{MULTIPLICATION SIGN} ".join(f"{factor:,}" for factor in (*factors, header.rows, last)) + half
