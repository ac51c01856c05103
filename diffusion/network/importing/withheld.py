"""Finding people's ids and names in other texts, to put codes there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from diffusion.network.importing.matching import folded_name
from diffusion.network.importing.sources import WITHHELD

Text = TypeVar("Text", str, tuple[str, ...])

_WORD = re.compile(r"[^\W_]+")


def _words(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text with where they are, in small letters and without accents."""
    return [(_plain(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]


def _plain(word: str) -> str:
    spelt = unicodedata.normalize("NFKD", word.casefold())
    return "".join(mark for mark in spelt if not unicodedata.combining(mark))


def _put(codes: dict[Text, str], text: Text, code: str) -> None:
    known = codes.setdefault(text, code)
    if WITHHELD not in {known, code} and known != code:
        codes[text] = WITHHELD


@dataclass(slots=True)
class Codebook:
    """Put codes in the place of people's ids and names.

    A cell that is an id or a name becomes its code, unless it is a plain number,
    which may mean anything. Inside a longer text, ids and names are found as
    whole words, whatever the letter case, accents and the marks between words,
    in any turned order ("Smith, Ann"), where they are long enough not to be
    found everywhere: three letters or digits with a letter among them, or six
    digits.

    Examples
    --------
    >>> book = Codebook()
    >>> book.add("Ann Smith", "M014")
    >>> book.coded("smith, ann (trust)"), book.coded("Ann Smithson")
    ('M014 (trust)', 'Ann Smithson')
    """

    _whole: dict[str, str] = field(default_factory=dict)
    _inner: dict[str, dict[tuple[str, ...], str]] = field(default_factory=dict)

    def add(self, text: str, code: str) -> None:
        """Add an id or a name with what stands in its place; what several people are called is only withheld.

        Parameters
        ----------
        text
            The id or the name.
        code
            The code.
        """
        if not text:
            return
        if not text.isdecimal():
            _put(self._whole, folded_name(text), code)
        words = tuple(word for word, _, _ in _words(text))
        marks = "".join(words)
        letters = sum(mark.isalpha() for mark in marks)
        if not ((letters and len(marks) >= 3) or (not letters and len(marks) >= 6)):
            return
        turned = [words[place:] + words[:place] for place in range(len(words))] if letters else [words]
        for form in (*turned, (marks,)):
            _put(self._inner.setdefault(form[0], {}), form, code)

    def add_all(self, texts: Iterable[str]) -> None:
        """Add ids or names of people who have no code."""
        for text in texts:
            self.add(text, WITHHELD)

    def coded(self, text: str) -> str:
        """Return a text with codes in the place of ids and names.

        Parameters
        ----------
        text
            The text.
        """
        if whole := self._whole.get(folded_name(text)):
            return whole
        return self.masked(text)

    def masked(self, text: str) -> str:
        """Return a text with codes in the place of ids and names inside it, though not of it as a whole."""
        words = _words(text)
        pieces, done, place = [], 0, 0
        while place < len(words):
            found = self._longest([word for word, _, _ in words[place : place + 12]])
            if found:
                length, code = found
                pieces += [text[done : words[place][1]], code]
                done = words[place + length - 1][2]
            place += found[0] if found else 1
        return "".join([*pieces, text[done:]])

    def _longest(self, words: list[str]) -> tuple[int, str] | None:
        forms = self._inner.get(words[0], {})
        fitting = [form for form in forms if tuple(words[: len(form)]) == form]
        if not fitting:
            return None
        longest = max(fitting, key=len)
        return len(longest), forms[longest]
