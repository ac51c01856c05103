"""The words of a UCINET DL file, each with its line: those of the header, and those of the lines of data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

DIVIDER = "!"
"""What stands alone in a line between two matrices."""

_WORD = re.compile(r'[\s,=]*(?:"(?P<quoted>[^"]*)(?P<closed>"?)|(?P<plain>[^\s,=]+))')
_KEYWORD = re.compile(r'[\s,=:]*(?P<word>[^\s,=:"]+|"[^"]*"?):?')
_NOTHING = re.compile(r"[\s,=\x1a]*$")
_BLANK = re.compile(r"[\s,\x1a]*")  # programs for DOS wrote a mark of the end behind the last line
_DATA_WORD = re.compile(r'"([^"]*)("?)|([^\s,]+)')
_HEADER_ITEM = re.compile(
    r"[\s,]*(?:(?:n|nr|nc|nm)\s*=\s*\d|(?:format|diagonal|title|datafile)\s*=|data\s*:"
    r"|(?:(?:row|col|column|matrix|level)s?\s+)?labels?\s*(?::|embedded\b))",
    re.IGNORECASE,
)


class Word(NamedTuple):
    """Hold one word of a header.

    Attributes
    ----------
    text
        The word, without quotation marks.
    line
        Its line, from 1.
    whole
        Whether its quotation mark, if it has one, is closed in the same line.
    """

    text: str
    line: int
    whole: bool = True


class Cursor:
    """Walk through the words of a header, line after line.

    Parameters
    ----------
    lines
        The lines of the file.

    Examples
    --------
    >>> cursor = Cursor(['DL N = 2 labels:"Ann B",cem', "data:", "0 1"])
    >>> [cursor.keyword().text, cursor.keyword().text, cursor.word().text, cursor.keyword().text]
    ['DL', 'N', '2', 'labels']
    >>> cursor.word(), cursor.at_header_item(), cursor.word(), cursor.at_header_item()
    (Word(text='Ann B', line=1, whole=True), False, Word(text='cem', line=1, whole=True), True)
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._row = 0
        self._column = 0

    @property
    def line(self) -> int:
        """Return the number of the line in which the next word is looked for."""
        return min(self._row + 1, len(self._lines))

    @property
    def ended(self) -> bool:
        """Tell whether the file has ended."""
        self._pass_blank()
        return self._row >= len(self._lines)

    def keyword(self) -> Word | None:
        """Take the next keyword, with the colon behind it; return ``None`` at the end of the file."""
        found = self._take(_KEYWORD)
        return Word(found["word"], self._row + 1) if found else None

    def word(self) -> Word | None:
        """Take the next word, which may stand in quotation marks; return ``None`` at the end of the file."""
        found = self._take(_WORD)
        if found is None:
            return None
        if found["plain"] is not None:
            return Word(found["plain"], self._row + 1)
        return Word(found["quoted"], self._row + 1, whole=bool(found["closed"]))

    def at_header_item(self) -> bool:
        """Tell whether an item of the header comes next, or the end of the file."""
        return self.ended or bool(_HEADER_ITEM.match(self._lines[self._row], self._column))

    def passes(self, pattern: str) -> bool:
        """Take what matches a pattern, whatever its letter case, if it comes next; tell whether it does."""
        self._pass_blank()
        found = self._row < len(self._lines) and re.compile(pattern, re.IGNORECASE).match(
            self._lines[self._row], self._column
        )
        if found:
            self._column = found.end()
        return bool(found)

    def rest(self) -> str:
        """Take the rest of the line, up to the next item of the header in it."""
        line = self._lines[self._row] if self._row < len(self._lines) else ""
        ends = (place for place in range(self._column, len(line)) if line[place] in " \t,")
        end = next((place for place in ends if _HEADER_ITEM.match(line, place)), len(line))
        taken, self._column = line[self._column : end], end
        return taken.strip(" \t=:,")

    def data(self) -> list[tuple[int, str]]:
        """Return what follows: every line that is not blank, with its number."""
        first = [(self._row, self._lines[self._row][self._column :])] if self._row < len(self._lines) else []
        every = [*first, *enumerate(self._lines[self._row + 1 :], start=self._row + 1)]
        return [(row + 1, line) for row, line in every if not _BLANK.fullmatch(line)]

    def _pass_blank(self) -> None:
        while self._row < len(self._lines) and _NOTHING.match(self._lines[self._row], self._column):
            self._row, self._column = self._row + 1, 0

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        while self._row < len(self._lines):
            if found := pattern.match(self._lines[self._row], self._column):
                self._column = found.end()
                return found
            self._row, self._column = self._row + 1, 0
        return None


def data_words(line: str) -> list[str] | None:
    """Return the words in a line of data, or ``None`` where a quotation mark is not closed.

    Examples
    --------
    >>> data_words('"Ann B", cem 0.5'), data_words('"Ann B')
    (['Ann B', 'cem', '0.5'], None)
    """
    if '"' not in line:
        return line.replace(",", " ").split()
    found = [*_DATA_WORD.finditer(line)]
    if any(match[1] is not None and not match[2] for match in found):
        return None
    return [match[3] if match[1] is None else match[1] for match in found]


def blocks_of(data: Sequence[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Yield the lines between dividers; the last block is left out where it is empty.

    Examples
    --------
    >>> list(blocks_of([(1, "a b"), (2, "!"), (3, "!"), (4, "b a"), (5, " ! ")]))
    [[(1, 'a b')], [], [(4, 'b a')]]
    """
    block: list[tuple[int, str]] = []
    for number, line in data:
        if line.strip() == DIVIDER:
            yield block
            block = []
        else:
            block.append((number, line))
    if block:
        yield block
