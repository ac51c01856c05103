"""Who is meant by what respondents wrote: the people named, found among the people known.

A name is looked up in this order: in the table of aliases, among ids, among
names, and, where the recipe says ``spacing-and-case``, again whatever the
letter case and the blanks. A name that is only similar is never taken for
another; it is suggested.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from diffusion.network.formats.problems import HINT_WORK
from diffusion.network.formats.sheets import number, read_sheet
from diffusion.network.importing.people import People, Person
from diffusion.network.importing.recipe import Recipe
from diffusion.network.importing.sources import Sources
from diffusion.network.network import normalized

MOST_SUGGESTIONS = 20
"""How many suggestions are told; the rest is counted."""

SIMILAR = 0.8
"""How similar two names must be for one to be suggested for the other (Ratcliff & Obershelp)."""


def folded_name(text: str) -> str:
    """Return a name as ``spacing-and-case`` compares it; a whole number that a spreadsheet made 9.0 is 9.

    Examples
    --------
    >>> folded_name(" Ann  SMITH"), folded_name("9.0"), folded_name("09")
    ('ann smith', '9', '09')
    """
    plain = " ".join(text.split()).casefold()
    return re.sub(r"^(\d+)\.0+$", r"\1", plain)


@dataclass(slots=True)
class Matcher:
    """Find people by what others wrote.

    Attributes
    ----------
    folds
        Whether letter case and blanks are passed over.
    aliases
        The id or name that each alias stands for.
    """

    folds: bool
    aliases: dict[str, str] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)
    _names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _folded: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def know(self, people: Iterable[Person]) -> None:
        """Add people to those who can be found."""
        for person in people:
            self._ids[person.id] = person.id
            self._folded[folded_name(person.id)].add(person.id)
            if person.name:
                self._names[person.name].add(person.id)
                self._folded[folded_name(person.name)].add(person.id)

    def meant(self, written: str) -> str:
        """Return what an alias stands for, or the text itself.

        Parameters
        ----------
        written
            What somebody wrote.
        """
        return self.aliases.get(self.key(written), written)

    def find(self, written: str) -> set[str]:
        """Return the ids of all who may be meant: none, one or, where a name is not unique, several.

        Parameters
        ----------
        written
            What somebody wrote.
        """
        text = self.meant(written)
        if text in self._ids:
            return {text}
        if text in self._names:
            return self._names[text]
        return self._folded.get(folded_name(text), set()) if self.folds else set()

    def similar(self, written: str) -> str:
        """Return the id of somebody with a similar id or name, or nothing; numbers are never similar."""
        if sum(map(str.isalpha, written)) < 3:
            return ""
        close = difflib.get_close_matches(folded_name(written), self._folded, n=1, cutoff=SIMILAR)
        return min(self._folded[close[0]]) if close else ""

    def key(self, written: str) -> str:
        """Return a text as names are compared here."""
        return folded_name(written) if self.folds else written

    def group(self, written: str) -> str:
        """Return what is equal for all texts that mean the same stranger."""
        return self.key(self.meant(written))


def matcher(recipe: Recipe, sources: Sources, people: People) -> Matcher:
    """Return what finds the people of a survey, having noted what is wrong with the aliases.

    Parameters
    ----------
    recipe
        The recipe.
    sources
        Where problems go.
    people
        The people known from lists.
    """
    made = Matcher(recipe.names.match == "spacing-and-case")
    made.know(people.by_id.values())
    if recipe.names.aliases:
        _read_aliases(made, recipe.names.aliases, sources)
    return made


def _read_aliases(made: Matcher, file: str, sources: Sources) -> None:
    path = sources.path(file)
    sources.further.append(path)
    sheet = read_sheet(path, sources.problems)
    for row, line in zip(sheet.rows[1:], sheet.lines[1:], strict=True) if sheet else ():
        cells = [normalized(cell) for cell in row]
        if len(cells) < 2 or not cells[0] or not cells[1] or any(cells[2:]):
            words = "the row must have two cells: a name as it was written, and the id or name it stands for"
            sources.problems.add(path, line, words)
            continue
        known = made.aliases.setdefault(made.key(cells[0]), cells[1])
        if known != cells[1]:
            words = f"{sources.quote(cells[0])} already stands for {sources.quote(known)}; keep one row"
            sources.problems.add(path, line, words)


@dataclass(slots=True)
class Stranger:
    """Hold somebody who was named and is on no list.

    Attributes
    ----------
    spellings
        How the name was written, with counts.
    path, line, column
        Where it stands first.
    """

    path: Path
    line: int
    column: str
    spellings: Counter[str] = field(default_factory=Counter)

    @property
    def id(self) -> str:
        """Return the commonest spelling, which does not depend on the order of rows."""
        return min(self.spellings, key=lambda text: (-self.spellings[text], text))


def note_suggestions(strangers: Iterable[Stranger], found: Matcher, sources: Sources, people: People) -> None:
    """Note whom strangers may be, where somebody has a similar name.

    Parameters
    ----------
    strangers
        Those who were named and are on no list.
    found
        What finds people.
    sources
        Where notes go.
    people
        The people known from lists.
    """
    told = more = 0
    affordable = HINT_WORK // max(len(people.by_id), 1)
    for stranger in islice(strangers, affordable):
        near = found.similar(stranger.id)
        if not near or number(stranger.id) is not None:
            continue
        if told == MOST_SUGGESTIONS:
            more += 1
            continue
        told += 1
        other = people.by_id[near]
        if sources.withhold:
            where = f"line {other.line} of {other.path.name}" if other.line else "the list of people"
            words = f"the nominee in line {stranger.line} is on no list, but the name is close to the one in {where}"
        else:
            shown = f'"{other.name}" ({other.id})' if other.name else f'"{other.id}"'
            words = f'"{stranger.id}" (line {stranger.line}) is on no list; did they mean {shown}'
        sources.note(stranger.path, f"{words}; if so, add a row to the table of aliases")
    if more:
        words = f"{more:,} more nominees on no list have names close to those of people on it"
        sources.note(stranger.path, words)
