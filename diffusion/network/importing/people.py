"""The people of a survey: those who were asked, those who answered, and those whom others named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diffusion.network.formats.sheets import number
from diffusion.network.formats.tables import AGENT_COLUMNS
from diffusion.network.importing.answers import folded_answer
from diffusion.network.importing.recipe import (
    EVERY_COLUMN,
    Answered,
    Coded,
    PeoplePart,
    Recipe,
    Respondents,
    TimeOfAdoption,
)
from diffusion.network.importing.sources import Grid, Sources
from diffusion.toml.lines import KeyPath

INTERVIEWED = "interviewed"
"""The column that says who answered."""

TIME_OF_ADOPTION = "time_of_adoption"
"""The column of the observed time of adoption: a number or a date, ``never`` for not so far, blank for unknown."""

_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"", "no", "n", "false", "0"})
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(slots=True)
class Person:
    """Hold what is known of one person.

    Attributes
    ----------
    id
        The id, as the recipe makes it of columns.
    name
        The name, where a column holds one; it never goes into the network.
    role
        The role; often nothing.
    cells
        What further columns hold.
    answered
        Whether the person answered; ``None`` where nobody said.
    path, line
        Where the person stands.
    hidden
        Further texts that identify the person, from columns that are not kept.
    """

    id: str
    name: str = ""
    role: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    answered: bool | None = None
    path: Path = Path()
    line: int = 0
    hidden: tuple[str, ...] = ()


@dataclass(slots=True)
class People:
    """Hold the people known so far.

    Attributes
    ----------
    by_id
        Everybody by id, in the order in which they came up.
    listed
        Whether a list of people was given, so that whoever answers must be on it.
    asked
        How many people were asked; ``None`` if nobody said.
    """

    by_id: dict[str, Person] = field(default_factory=dict)
    listed: bool = False
    asked: int | None = None


def joined(cells: Sequence[str], join: str) -> str:
    """Return an id made of one or several cells, or an empty text where one of them is blank.

    Examples
    --------
    >>> joined(["10", "4"], "-"), joined(["10", ""], "-")
    ('10-4', '')
    """
    return join.join(cells) if all(cells) else ""


def read_people(recipe: Recipe, sources: Sources) -> People:
    """Return the people whom a recipe's lists name, having noted what is wrong with them.

    Parameters
    ----------
    recipe
        The recipe.
    sources
        Where sheets come from, and problems go.
    """
    people = People(listed=recipe.respondents is not None or recipe.roster is not None)
    if recipe.roster:
        for person in _persons(recipe.roster, "roster", recipe, sources):
            person.answered = False
            people.by_id[person.id] = person
        people.asked = len(people.by_id)
    if recipe.respondents:
        found = _persons(recipe.respondents, "respondents", recipe, sources)
        if recipe.roster and people.by_id:
            _join_roster(people, found, sources)
        else:
            people.by_id = {person.id: person for person in found}
            _count_asked(people, recipe.respondents, sources)
    return people


def _count_asked(people: People, part: Respondents, sources: Sources) -> None:
    answered = sum(person.answered is True for person in people.by_id.values())
    if part.answered:
        people.asked = len(people.by_id)
    elif part.asked is not None:
        people.asked = part.asked
        if part.asked < answered:
            sources.complain(
                ("respondents", "asked"), f"must be at least {answered:,}, how many answered; got {part.asked:,}"
            )


def _join_roster(people: People, found: Sequence[Person], sources: Sources) -> None:
    """Add what respondents' rows say to the people of the roster."""
    for person in found:
        known = people.by_id.get(person.id)
        if known is None:
            words = f"the respondent {sources.quote(person.id)} is not on the roster; add a row to it, or mend the id"
            sources.problems.add(person.path, person.line, words, unknown=None if sources.withhold else person.id)
            continue
        known.answered = True
        known.name = person.name or known.name
        known.role = person.role or known.role
        known.hidden += person.hidden
        for key, cell in person.cells.items():
            known.cells[key] = cell or known.cells.get(key, "")


def _persons(part: PeoplePart, key: str, recipe: Recipe, sources: Sources) -> list[Person]:
    """Return the people of one list, each once."""
    grid = sources.grid(part, (key,))
    if grid is None:
        return []
    columns = _Columns(part, key, grid, sources)
    if not columns.sound:
        return []
    persons: dict[str, Person] = {}
    cells_of: dict[str, tuple[str, ...]] = {}
    for row, line in zip(grid.rows, grid.lines, strict=True):
        id_cells = tuple(row[place] for place in columns.id)
        person = columns.person(row, line, joined(id_cells, recipe.join))
        if not person.id:
            blank = next(grid.header[place] for place in columns.id if not row[place])
            sources.problems.add(grid.path, line, f'the id is blank (column "{blank}"); give everybody one')
        elif person.id in persons:
            words = f"the id {sources.quote(person.id)} was given in line {persons[person.id].line}"
            if cells_of[person.id] != id_cells:
                words += f', of other cells; choose another join in the recipe than "{recipe.join}"'
            sources.problems.add(grid.path, line, f"{words}; ids must be unique{columns.advice}")
        else:
            persons[person.id] = person
            cells_of[person.id] = id_cells
    columns.finish()
    return list(persons.values())


class _Columns:
    """Find the columns of a list of people, and read people from its rows."""

    def __init__(self, part: PeoplePart, key: str, grid: Grid, sources: Sources) -> None:
        self._grid, self._sources, self._key = grid, sources, key
        found = len(sources.problems.found)
        self.id = sources.columns(grid, part.id, (key, "id")) or []
        self._name = sources.columns(grid, part.name, (key, "name")) or []
        hidden = sources.columns(grid, part.identifying, (key, "identifying")) or []
        self._role = _CodedColumn(part.role, grid, sources, (key, "role"))
        self._kept = self._kept_columns(part, {*self.id, *self._name, *hidden, *self._role.places})
        self._hidden = hidden
        answered = part.answered if isinstance(part, Respondents) else None
        self._answered = _AnsweredColumn(answered, grid, sources) if answered else None
        adopted = part.time_of_adoption if isinstance(part, Respondents) else None
        self._adopted = _AdoptionColumn(adopted, grid, sources) if adopted else None
        self.sound = len(sources.problems.found) == found
        self.advice = "; if it repeats between groups, make it of two columns" if len(part.id) == 1 else ""

    def person(self, row: list[str], line: int, person_id: str) -> Person:
        """Return the person of one row."""
        cells = {name: row[place] for name, place in self._kept.items()}
        if self._adopted:
            cells[TIME_OF_ADOPTION] = self._adopted.read(row, line)
        return Person(
            id=person_id,
            name=" ".join(row[place] for place in self._name if row[place]),
            role=self._role.read(row, line),
            cells=cells,
            answered=self._answered.read(row, line) if self._answered else self._key == "respondents",
            path=self._grid.path,
            line=line,
            hidden=tuple(row[place] for place in self._hidden if row[place]),
        )

    def finish(self) -> None:
        """Note what was wrong with answers in the columns."""
        self._role.finish()

    def _kept_columns(self, part: PeoplePart, taken: set[int]) -> dict[str, int]:
        if part.columns == {EVERY_COLUMN: EVERY_COLUMN}:
            return {
                name: place
                for place, name in enumerate(self._grid.header)
                if name and place not in taken and name.casefold() not in AGENT_COLUMNS[:2]
            }
        kept = {}
        for name, column in part.columns.items():
            place = self._sources.column(self._grid, column, (self._key, "columns", name))
            if name.casefold() in {*AGENT_COLUMNS[:2], INTERVIEWED, TIME_OF_ADOPTION}:
                self._sources.complain(
                    (self._key, "columns", name), f'"{name}" has a meaning of its own; keep the column as another name'
                )
            elif place is not None:
                kept[name] = place
        return kept


class _CodedColumn:
    """Read a column whose answers may stand for something else."""

    def __init__(self, said: Coded | None, grid: Grid, sources: Sources, place: KeyPath) -> None:
        self._said, self._grid, self._sources = said, grid, sources
        column = sources.column(grid, said.column, place) if said and said.column else None
        self.places = [column] if column is not None else []
        self._answers: Mapping[str, str] = {
            folded_answer(text): value for text, value in (said.answers if said else {}).items()
        }
        self._wrong: dict[str, list[int]] = {}

    def read(self, row: list[str], line: int) -> str:
        """Return what a row's answer stands for."""
        if not self.places:
            return (self._said.value or "") if self._said else ""
        cell = row[self.places[0]]
        if not self._answers or not cell:
            return cell
        found = self._answers.get(folded_answer(cell))
        if found is None:
            self._wrong.setdefault(self._sources.quote(cell), []).append(line)
        return found or ""

    def finish(self) -> None:
        """Note the answers that stand for nothing."""
        for shown, lines in self._wrong.items():
            more = f" ({len(lines) - 1:,} more)" if len(lines) > 1 else ""
            words = f"the answer {shown} stands for no role; add it to answers in the recipe{more}"
            self._sources.problems.add(self._grid.path, lines[0], words)


class _AnsweredColumn:
    """Read who answered."""

    def __init__(self, said: Answered, grid: Grid, sources: Sources) -> None:
        self._grid, self._sources = grid, sources
        self._place = sources.column(grid, said.column, ("respondents", "answered"))
        self._values = frozenset(map(folded_answer, said.values))

    def read(self, row: list[str], line: int) -> bool:
        """Return whether the person of a row answered."""
        cell = "" if self._place is None else row[self._place]
        answer = folded_answer(cell)
        if self._values:
            return answer in self._values
        if answer not in _YES | _NO:
            words = f"who answered must be yes or no, not {self._sources.quote(cell)}; "
            advice = 'or list the values that mean yes in the recipe: answered = { column = "…", values = ["…"] }'
            self._sources.problems.add(self._grid.path, line, words + advice)
        return answer in _YES


class _AdoptionColumn:
    """Read times of adoption."""

    def __init__(self, said: TimeOfAdoption, grid: Grid, sources: Sources) -> None:
        self._grid, self._sources = grid, sources
        self._place = sources.column(grid, said.column, ("respondents", "time_of_adoption", "column"))
        self._never = frozenset(map(folded_answer, said.never))

    def read(self, row: list[str], line: int) -> str:
        """Return the time of one row: a number or a date, ``never``, or nothing."""
        cell = "" if self._place is None else row[self._place]
        if folded_answer(cell) in self._never:
            return "never"
        if cell and number(cell) is None and not _DATE.fullmatch(cell):
            advice = "list what means never in the recipe" if not self._never else "or one that is listed as never"
            words = f"the time of adoption must be a number or a date (2016-05-31), not {self._sources.quote(cell)}; "
            self._sources.problems.add(self._grid.path, line, words + advice)
        value = number(cell)
        return f"{value:.12g}" if value is not None else cell
