"""Where in a TOML file each key and each element stands.

:mod:`tomllib` gives values without positions. This walks over a text that
``tomllib`` has already accepted, so it need not check anything: it only tells
keys, values, tables and arrays apart.
"""

from __future__ import annotations

import tomllib
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands: keys of tables, and places (from 0) in arrays."""

_QUOTES = ('"""', "'''", '"', "'")


class TomlLines:
    r"""Tell the line of every key path in a valid TOML text.

    Parameters
    ----------
    text
        A text that ``tomllib.loads`` accepts.

    Examples
    --------
    >>> lines = TomlLines('a = 1\n[[arms]]\nname = "x"\nleaders.agents = [\n  "M1",\n  "M2"]\n')
    >>> lines.line(("arms", 0, "leaders", "agents", 1))
    6
    >>> lines.line(("arms", 0, "not there"))
    2
    """

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._place = 0
        self._line = 1
        self._lines: dict[KeyPath, int] = {(): 1}
        self._tables_in_array: dict[KeyPath, int] = {}
        self._read_document()

    def line(self, path: KeyPath) -> int:
        """Return the line of a key path, or of the nearest enclosing one that is written.

        Parameters
        ----------
        path
            Keys of tables and places in arrays, outermost first.
        """
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _read_document(self) -> None:
        table: KeyPath = ()
        self._skip_blank()
        while self._place < len(self._text):
            if self._text.startswith("[[", self._place):
                table = self._read_header(brackets=2)
            elif self._text[self._place] == "[":
                table = self._read_header(brackets=1)
            else:
                self._read_pair(table)
            self._skip_blank()

    def _read_header(self, brackets: int) -> KeyPath:
        line = self._line
        self._advance(brackets)
        parts = self._read_key()
        self._advance(brackets)
        path: KeyPath = ()
        for part in parts[:-1]:
            path = self._last_in_array((*path, part))
            self._lines.setdefault(path, line)
        path = (*path, parts[-1])
        if brackets == 1:
            path = self._last_in_array(path)
        else:
            place = self._tables_in_array.get(path, 0)
            self._tables_in_array[path] = place + 1
            self._lines.setdefault(path, line)
            path = (*path, place)
        self._lines[path] = line
        return path

    def _last_in_array(self, path: KeyPath) -> KeyPath:
        count = self._tables_in_array.get(path, 0)
        return (*path, count - 1) if count else path

    def _read_pair(self, table: KeyPath) -> None:
        line = self._line
        path = table
        for part in self._read_key():
            path = (*path, part)
            self._lines.setdefault(path, line)
        self._advance(1)  # the equals sign
        self._skip_spaces()
        self._read_value(path)

    def _read_key(self) -> list[str]:
        """Return the parts of a dotted key; stop before what follows it."""
        parts: list[str] = []
        while True:
            self._skip_spaces()
            start = self._place
            if self._text[start] in "\"'":
                self._skip_string()
            else:
                while self._text[self._place].isalnum() or self._text[self._place] in "-_":
                    self._advance(1)
            parts.extend(tomllib.loads(f"{self._text[start : self._place]} = 0"))
            self._skip_spaces()
            if self._text[self._place] != ".":
                return parts
            self._advance(1)

    def _read_value(self, path: KeyPath) -> None:
        first = self._text[self._place]
        if first in "\"'":
            self._skip_string()
        elif first == "[":
            self._read_array(path)
        elif first == "{":
            self._read_inline_table(path)
        else:
            while self._place < len(self._text) and self._text[self._place] not in ",]}#\n":
                self._advance(1)

    def _read_array(self, path: KeyPath) -> None:
        self._advance(1)
        self._skip_blank()
        place = 0
        while self._text[self._place] != "]":
            self._lines[*path, place] = self._line
            self._read_value((*path, place))
            place += 1
            self._skip_blank()
            if self._text[self._place] == ",":
                self._advance(1)
                self._skip_blank()
        self._advance(1)

    def _read_inline_table(self, path: KeyPath) -> None:
        self._advance(1)
        self._skip_blank()
        while self._text[self._place] != "}":
            self._read_pair(path)
            self._skip_blank()
            if self._text[self._place] == ",":
                self._advance(1)
                self._skip_blank()
        self._advance(1)

    def _skip_string(self) -> None:
        quote = next(quote for quote in _QUOTES if self._text.startswith(quote, self._place))
        self._advance(len(quote))
        while not self._text.startswith(quote, self._place):
            self._advance(2 if quote[0] == '"' and self._text[self._place] == "\\" else 1)
        self._advance(len(quote))
        if len(quote) == 3:  # up to two quotes may stand directly before the closing three
            while self._text.startswith(quote[0], self._place):
                self._advance(1)

    def _skip_spaces(self) -> None:
        while self._place < len(self._text) and self._text[self._place] in " \t":
            self._advance(1)

    def _skip_blank(self) -> None:
        """Skip spaces, line ends and comments."""
        while self._place < len(self._text) and self._text[self._place] in " \t\n#":
            if self._text[self._place] == "#":
                while self._place < len(self._text) and self._text[self._place] != "\n":
                    self._advance(1)
            else:
                self._advance(1)

    def _advance(self, characters: int) -> None:
        self._line += self._text.count("\n", self._place, self._place + characters)
        self._place += characters
