"""What respondents answered about a tie, as strengths and layers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from diffusion.network.formats.sheets import number
from diffusion.network.importing.recipe import NominationsPart
from diffusion.network.importing.sources import Grid, Sources
from diffusion.network.network import DEFAULT_LAYER
from diffusion.toml.lines import KeyPath

NO_TIE = -1.0
"""The strength of a tie that an answer says is not there."""

NOT_GIVEN = math.nan
"""The strength of a tie of which no strength was asked."""


def folded_answer(text: str) -> str:
    """Return an answer as answers are compared: whatever its letter case and blanks, and 2.0 as 2.

    Examples
    --------
    >>> folded_answer(" Once a  Week"), folded_answer("2.0"), folded_answer("0,5")
    ('once a week', '2', '0,5')
    """
    value = number(text)
    if value is not None:
        return f"{value:.12g}"
    return " ".join(text.split()).casefold()


@dataclass(slots=True)
class Answers:
    """Read the answers of one sheet of nominations.

    Attributes
    ----------
    part
        What the recipe says of the sheet.
    place
        Where it says so.
    grid
        The sheet.
    sources
        Where problems and notes go.
    no_tie
        How many answers meant that there is no tie.
    below
        How many ties were weaker than the recipe keeps.
    no_layer
        How many ties have a blank for their layer.
    divisor
        By what numbers are divided.
    """

    part: NominationsPart
    place: KeyPath
    grid: Grid
    sources: Sources
    no_tie: int = 0
    below: int = 0
    no_layer: int = 0
    divisor: float = 1.0
    _wrong: dict[str, list[int]] = field(default_factory=dict)
    _no_tie: frozenset[str] = frozenset()
    _strengths: Mapping[str, float] | None = None
    _layers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._no_tie = frozenset(map(folded_answer, self.part.no_tie))
        if self.part.strengths and self.part.strengths.answers is not None:
            self._strengths = {folded_answer(text): value for text, value in self.part.strengths.answers.items()}
        if self.part.layers:
            self._layers = {folded_answer(text): layer for text, layer in self.part.layers.answers.items()}

    def strength(self, cell: str, line: int) -> float:
        """Return the strength that an answer states, :data:`NO_TIE` for none, NaN having noted a problem.

        Parameters
        ----------
        cell
            The answer.
        line
            Its line.
        """
        if folded_answer(cell) in self._no_tie or (not cell and self.part.shape == "matrix"):
            self.no_tie += bool(cell)
            return NO_TIE
        if not cell:
            if self.part.blank is None:
                self._refuse("the strength is blank; say in the recipe what a blank stands for: blank = 0.5", line)
                return NOT_GIVEN
            return self.part.blank
        if self.part.at_least is not None and not self._is_strong(cell, line):
            return NO_TIE
        value = self._mapped(cell, line) if self._strengths is not None else self._number(cell, line)
        if value == 0:
            self.no_tie += 1
            return NO_TIE
        return value

    def layer(self, cell: str, line: int) -> str:
        """Return the layer that an answer states, having noted a problem with one that is not listed.

        Parameters
        ----------
        cell
            The answer.
        line
            Its line.
        """
        if not cell and "" not in self._layers:
            self.no_layer += 1
            return ""
        if not self._layers:
            return cell
        found = self._layers.get(folded_answer(cell))
        if found is None:
            listed = _listed(self.part.layers.answers if self.part.layers else None)
            self._refuse(f"the answer {self.sources.quote(cell)} has no layer; layers.answers lists {listed}", line)
        return found or ""

    def look_over(self, cells: Iterable[str]) -> None:
        """Find the largest number answered, by which strengths are divided where the recipe says so.

        Parameters
        ----------
        cells
            All answers of the sheet.
        """
        said = self.part.strengths
        if not said or not said.divide:
            return
        texts = (cell for cell in set(cells) if cell and folded_answer(cell) not in self._no_tie)
        numbers = [value for value in map(self.grid.sheet.number, texts) if value is not None]
        self.divisor = said.divide_by or max([0.0, *numbers]) or 1.0
        if said.divide_by is None and self.divisor != 1:
            self.sources.note(self.grid.path, f"strengths were divided by {self.divisor:g}, the largest answered")

    def finish(self) -> None:
        """Note what was wrong and what was left out."""
        for words, lines in self._wrong.items():
            more = f" ({len(lines) - 1:,} more)" if len(lines) > 1 else ""
            self.sources.problems.add(self.grid.path, lines[0], words + more)
        if self.below:
            self.sources.note(
                self.grid.path,
                f"{_ties(self.below)} left out: the answer was below {self.part.at_least:g}, the least that is kept",
            )
        if self.no_tie and self.part.shape != "matrix":
            self.sources.note(self.grid.path, f"{_ties(self.no_tie)} left out: the answer says that there is no tie")
        if self.no_layer:
            one = "1 tie without a layer is" if self.no_layer == 1 else f"{self.no_layer:,} ties without a layer are"
            self.sources.note(self.grid.path, f'{one} in the layer "{DEFAULT_LAYER}"')

    def _is_strong(self, cell: str, line: int) -> bool:
        value = self.grid.sheet.number(cell)
        if value is None:
            self._refuse(f"the answer must be a number, for at_least compares it, not {self.sources.quote(cell)}", line)
            return True
        weak = self.part.at_least is not None and value < self.part.at_least
        self.below += weak
        return not weak

    def _mapped(self, cell: str, line: int) -> float:
        known = self._strengths or {}
        decimal = self.grid.sheet.number(cell)
        found = known.get(folded_answer(cell), known.get(f"{decimal:.12g}") if decimal is not None else None)
        if found is None:
            listed = _listed(self.part.strengths.answers if self.part.strengths else None)
            self._refuse(f"the answer {self.sources.quote(cell)} has no strength; strengths lists {listed}", line)
            return NOT_GIVEN
        return found

    def _number(self, cell: str, line: int) -> float:
        value = self.grid.sheet.number(cell)
        if value is None:
            advice = "; if it is an answer, list it in strengths"
            self._refuse(f"the strength must be a number, not {self.sources.quote(cell)}{advice}", line)
            return NOT_GIVEN
        top = self.divisor
        if value < 0 or value > top:
            divided = self.part.strengths and self.part.strengths.divide
            advice = "" if divided or value < 0 else '; strengths = "divide-by-max" divides by the largest'
            shown = self.sources.quote(cell) if self.sources.withhold else f"{value:g}"
            self._refuse(f"the strength must be at least 0 and at most {top:g}, not {shown}{advice}", line)
            return NOT_GIVEN
        return value / self.divisor

    def _refuse(self, words: str, line: int) -> None:
        self._wrong.setdefault(words, []).append(line)


def _ties(count: int) -> str:
    return "1 tie was" if count == 1 else f"{count:,} ties were"


def _listed(answers: Mapping[str, object] | None) -> str:
    texts = list(answers or ())
    return ", ".join(f'"{text}"' if " " in text or not text else text for text in texts[:12]) or "none"
