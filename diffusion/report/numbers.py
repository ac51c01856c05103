"""The register of numbers: every number that a report quotes has a name, a value, and says where it is from.

Text is made from registered numbers only. A number stands in the Markdown as a
span that carries its name, ``[20.2]{n="…"}``, so that each quotation can be
traced, also where it stands in the finished page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from diffusion.report.markdown import escaped

TOKEN = re.compile(r"(?<![\w.])[+\-\N{MINUS SIGN}]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)")
"""A number as it stands in a text."""

UNTRACED = "untraced"
"""What the names of numbers begin with whose origin is not known; a test holds that there are none."""

MINUS = "\N{MINUS SIGN}"

EITHER = "as the text shows it"
"""The unit of a number that texts may show as it is or, being a share, in per cent."""

_MOST_DECIMALS = 4


@dataclass(frozen=True)
class Number:
    """Hold a number that is quoted, or may be.

    Attributes
    ----------
    name
        Its name in the register.
    value
        The number, as exact as it is known.
    unit
        What it is counted in; shares are shown in per cent.
    source
        Where it is from: enough to compute it again from the store.
    about
        What the texts that quote it call its subject; helps to tell numbers
        apart that look the same.
    """

    name: str
    value: float
    unit: str
    source: Mapping[str, Any]
    about: tuple[str, ...] = ()

    @property
    def is_share(self) -> bool:
        """Return whether it is a share, which is shown in per cent or points."""
        return self.unit.startswith("share")

    def looks(self) -> set[str]:
        """Return the ways in which it may be written, without sign and unit."""
        if self.unit == EITHER:
            return _looks(abs(self.value)) | (
                _looks(abs(100 * self.value), is_share=True) if abs(self.value) <= 1 else set()
            )
        return _looks(abs(self.value) * (100 if self.is_share else 1), is_share=self.is_share)


def _looks(value: float, *, is_share: bool = False) -> set[str]:
    """Return the ways in which a value that is not negative may be written."""
    looks = {f"{value:{comma}.{decimals}f}" for decimals in range(_MOST_DECIMALS + 1) for comma in (",", "")}
    looks |= {f"{value:.2g}", f"{value:g}", f"{value:.3g}"}
    if is_share and 0 < value < 1:
        looks.add("1")  # "under 1 %"
    if is_share and 99 < value < 100:
        looks.add("99")  # "over 99 %"
    return looks


@dataclass
class Numbers:
    """Register the numbers that a report quotes.

    Attributes
    ----------
    quoted
        The numbers by name, in the order in which they are first quoted.
    shown
        How each is shown, by name.
    """

    quoted: dict[str, Number] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)

    def show(self, number: Number, text: str) -> str:
        """Return a number as Markdown that carries its name.

        Parameters
        ----------
        number
            The number; the name of another with a different value is refused.
        text
            How it is written.

        Raises
        ------
        ValueError
            If another number has the name, or the text does not show this one.
        """
        number = self._apart(number)
        known = self.quoted.setdefault(number.name, number)
        if known.value != number.value and not (math.isnan(known.value) and math.isnan(number.value)):
            raise ValueError(f"two numbers are called {number.name}: {known.value} and {number.value}")
        if bare(text) not in number.looks() and not number.name.startswith(UNTRACED):
            raise ValueError(f'"{text}" does not show {number.name} = {number.value}')
        texts = self.shown.setdefault(number.name, [])
        if text not in texts:
            texts.append(text)
        return f'[{escaped(text)}]{{n="{_attribute(number.name)}"}}'

    def _apart(self, number: Number) -> Number:
        """Return a number under a name of its own, where arms differ only in marks that such names leave out."""
        name, count = number.name, 1
        while name in self.quoted and self.quoted[name].source.get("arm") != number.source.get("arm"):
            count += 1
            name = f"{number.name}~{count}"
        return number if count == 1 else replace(number, name=name)

    def quote(self, text: str, pool: Pool, names: Iterable[str] = ()) -> str:
        """Return a plain sentence as Markdown, each of its numbers carrying the name of the one that it shows.

        Parameters
        ----------
        text
            The sentence.
        pool
            The numbers that it was made from.
        names
            Names that occur in it, in which figures are no numbers.

        Returns
        -------
        The sentence. A number that the pool does not hold is registered under
        the name ``untraced``, and said to be from the text itself.
        """
        pieces: list[str] = []
        end, last = 0, None
        held = _spans(text, names)
        for match in TOKEN.finditer(text):
            if any(start < match.end() and match.start() < stop for start, stop in held):
                continue
            found = pool.find(text, match, last)
            if found is None:
                found = self._untraced(match[0], text)
            pieces += [escaped(text[end : match.start()]), self.show(found, match[0])]
            end, last = match.end(), found
        return "".join([*pieces, escaped(text[end:])])

    def _untraced(self, token: str, text: str) -> Number:
        value = float(re.sub(r"[,+]", "", token).replace(MINUS, "-"))
        count = sum(name.startswith(UNTRACED) for name in self.quoted)
        return Number(f"{UNTRACED}.{count + 1}", value, "", {"from": "text", "text": text})

    def as_json(self) -> dict[str, Any]:
        """Return the register, as it stands in ``numbers.json``."""
        return {
            name: {
                "value": number.value if math.isfinite(number.value) else None,
                "unit": number.unit,
                "shown": self.shown[name],
                "from": dict(number.source),
            }
            for name, number in self.quoted.items()
        }


class Pool:
    """Hold the numbers that sentences may quote, found by how they look.

    Parameters
    ----------
    numbers
        The numbers, in the order in which sentences usually tell them.
    """

    def __init__(self, numbers: Sequence[Number]) -> None:
        self.numbers = tuple(numbers)
        self._by_look: dict[str, list[int]] = {}
        for place, number in enumerate(self.numbers):
            for look in number.looks():
                self._by_look.setdefault(look, []).append(place)

    def __add__(self, other: Pool) -> Pool:
        return Pool((*self.numbers, *other.numbers))

    def find(self, text: str, match: re.Match[str], last: Number | None) -> Number | None:
        """Return the number that a place in a text most likely shows, or None.

        Among numbers that look the same, the one whose subject is named
        nearest wins, then one of the right unit, then the one that sentences
        tell next after the last.
        """
        places = self._by_look.get(bare(match[0]), [])
        if not places:
            return None
        after = text[match.end() :].lstrip(" \u00a0\u202f")
        is_share = after.startswith(("%", "point"))
        then = self.numbers.index(last) if last in self.numbers else -1

        def cost(place: int) -> tuple[bool, int, int]:
            number = self.numbers[place]
            steps = place - then if place > then else len(self.numbers) + then - place
            return _wrong_unit(number, is_share=is_share, after=after), _distance(number, text, match), steps

        return self.numbers[min(places, key=cost)]


def bare(text: str) -> str:
    """Return how a number is written, without its sign and what stands around it.

    Examples
    --------
    >>> bare("+20.2"), bare("<5"), bare("<1 %"), bare("1,583")
    ('20.2', '5', '1', '1,583')
    """
    return re.sub(r"^[^\d]*", "", text).rstrip(" %\u00a0\u202f")


def slug(text: str) -> str:
    """Return a text as part of a number's name: letters, digits and dashes.

    Examples
    --------
    >>> slug("no leaders"), slug('a "b" | c'), slug("*"), slug("ärzte_2")
    ('no-leaders', 'a-b-c', '_', 'ärzte_2')
    """
    return re.sub(r"[^\w]+", "-", text).strip("-") or "_"


def _attribute(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _spans(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Return where names stand that hold figures."""
    wanted = sorted({name for name in names if any(mark.isdigit() for mark in name)}, key=len, reverse=True)
    return [(found.start(), found.end()) for name in wanted for found in re.finditer(re.escape(name), text)]


def _wrong_unit(number: Number, *, is_share: bool, after: str) -> bool:
    if number.unit == EITHER:
        return False
    if number.is_share != is_share and not after.startswith("to "):
        return True
    first = re.match(r"\w+", after)
    noun = first[0].rstrip("s") if first else ""
    return bool(noun) and not number.is_share and noun not in number.unit and noun not in ("to", "of", "and", "in")


def _distance(number: Number, text: str, match: re.Match[str]) -> int:
    """Return how far the nearest mention of a number's subject is; what stands before is nearer."""
    if not number.about:
        return len(text)
    before = [text.rfind(name, 0, match.start()) for name in number.about]
    after = [text.find(name, match.end()) for name in number.about]
    nearest = [match.start() - at for at in before if at >= 0] + [2 * (at - match.end()) for at in after if at >= 0]
    return min(nearest, default=2 * len(text))
