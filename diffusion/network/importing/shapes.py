"""The four shapes in which sheets hold nominations: wide, long, pairs and matrix.

A wide sheet has one row a respondent and a column for each nominee, a long one
a row for each nomination, a list of pairs a row for two people who are tied,
and a matrix a row and a column for each person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from diffusion.network.importing.answers import NO_TIE, NOT_GIVEN, Answers, folded_answer
from diffusion.network.importing.nominations import Named, Nomination
from diffusion.network.importing.people import joined
from diffusion.network.importing.recipe import NominationsPart, Question, Recipe
from diffusion.network.importing.sources import Grid, Sources, is_pattern
from diffusion.toml.lines import KeyPath


def read_nominations(recipe: Recipe, sources: Sources) -> list[Named]:
    """Return what every sheet of nominations says, having noted what is wrong with them.

    Parameters
    ----------
    recipe
        The recipe.
    sources
        Where sheets come from, and problems go.
    """
    found = []
    for number, part in enumerate(recipe.nominations):
        place: KeyPath = ("nominations", number)
        grid = sources.grid(_sheet(recipe, part), place)
        if grid is None:
            continue
        question: Question = "work-with" if part.shape == "pairs" else part.question or recipe.question or "turn-to"
        reader = _Reader(recipe, part, place, grid, sources)
        found.append(reader.read(Named(part, question, grid.path)))
    return found


def _sheet(recipe: Recipe, part: NominationsPart) -> NominationsPart:
    """Return where a table of nominations is: where it says, and otherwise in the sheet of respondents."""
    if part.file is not None or recipe.respondents is None:
        return part
    told = {key: getattr(recipe.respondents, key) for key in ("file", "sheet", "header", "ignore_lines")}
    return part.model_copy(update={key: value for key, value in told.items() if key not in part.model_fields_set})


class _Reader:
    """Read one sheet of nominations."""

    def __init__(self, recipe: Recipe, part: NominationsPart, place: KeyPath, grid: Grid, sources: Sources) -> None:
        self.recipe, self.part, self.place, self.grid, self.sources = recipe, part, place, grid, sources
        self.answers = Answers(part, place, grid, sources)
        self.nobody = frozenset(map(folded_answer, part.nobody))
        people = recipe.respondents
        self.is_list = people is not None and not part.ego and part.file in {None, people.file}

    def read(self, named: Named) -> Named:
        """Return what the sheet says, filled in."""
        found = len(self.sources.problems.found)
        if rows := _SHAPES[self.part.shape](self, named):
            rows()
        if len(self.sources.problems.found) == found:
            self.answers.finish()
        return named

    def columns(self, key: str, names: Sequence[str] | None = None) -> list[int] | None:
        """Return where the columns of a key of the recipe are; none where it is left out."""
        said = getattr(self.part, key) if names is None else names
        return self.sources.columns(self.grid, said, (*self.place, key))

    def ego_columns(self) -> list[int] | None:
        """Return where the respondent's id is: where the recipe says, or as in the list of respondents."""
        if self.part.ego or self.recipe.respondents is None:
            return self.columns("ego")
        return self.sources.columns(self.grid, self.recipe.respondents.id, ("respondents", "id"))

    def companions(self, key: str, names: Sequence[str], alters: Sequence[int]) -> list[int] | None:
        """Return, for each column of nominees, the column of what was answered about them.

        One column serves all; patterns are paired by what their marks stand
        for, so that ``freq3`` goes with ``name3`` whatever the order; lists by
        their order.
        """
        said = self.part.alters
        if len(names) == 1 and not is_pattern(names[0]):
            place = self.columns(key, names)
            return place * len(alters) if place else None
        if len(names) == len(said) == 1 and is_pattern(said[0]):
            by_mark = self.grid.matches(names[0])
            missing = [name for mark, name in self._alter_marks() if mark not in by_mark]
            if missing:
                what = f'the column "{missing[0]}"' if not self.sources.withhold else "a column of alters"
                self.sources.complain((*self.place, key), f'no column that matches "{names[0]}" goes with {what}')
                return None
            return [by_mark[mark] for mark, _ in self._alter_marks()]
        found = self.columns(key, names)
        if found is not None and len(found) != len(alters):
            words = f"must name as many columns as alters does, or one; it names {len(found)}, alters {len(alters)}"
            self.sources.complain((*self.place, key), words)
            return None
        return found

    def _alter_marks(self) -> list[tuple[str, str]]:
        return [(mark, self.grid.header[place]) for mark, place in self.grid.matches(self.part.alters[0]).items()]

    def id_of_alter(self, ego_columns: Sequence[int]) -> Callable[[Sequence[str], str], str] | None:
        """Return what makes an alter's id of a row and a cell: with ``within``, parts of it are the respondent's."""
        if not self.part.within:
            return lambda _row, cell: cell
        within = self.columns("within")
        if within is None:
            return None
        own = [place for place in ego_columns if place not in within]
        if len(own) != 1 or len(ego_columns) != len(within) + 1:
            words = "must be all columns of the respondent's id but one: nominees are numbered within them"
            self.sources.complain((*self.place, "within"), words)
            return None

        def made(row: Sequence[str], cell: str) -> str:
            cells = [cell if place in own else row[place] for place in ego_columns]
            return joined(cells, self.recipe.join) if cell else ""

        return made

    def ego(self, row: Sequence[str], line: int, columns: Sequence[int]) -> str:
        """Return a row's respondent, having noted a problem where there is none."""
        ego = joined([row[place] for place in columns], self.recipe.join)
        if not ego:
            self.sources.problems.add(self.grid.path, line, "the respondent's id is blank; give every row one")
        return ego

    def is_nobody(self, cell: str, named: Named) -> bool:
        """Tell whether a cell names nobody, and count those that say so in words."""
        says_so = bool(cell) and folded_answer(cell) in self.nobody
        named.nobody += says_so
        return says_so or not cell

    def rows(self) -> Iterator[tuple[list[str], int]]:
        """Yield the rows with their lines."""
        yield from zip(self.grid.rows, self.grid.lines, strict=True)

    def layer(self, row: Sequence[str], column: int | None, line: int) -> str:
        """Return the layer of a nomination."""
        return self.part.layer or "" if column is None else self.answers.layer(row[column], line)

    def strength(self, row: Sequence[str], column: int | None, line: int) -> float:
        """Return the strength of a nomination."""
        return NOT_GIVEN if column is None else self.answers.strength(row[column], line)


Rows = Callable[[], None]
"""Read the rows of a sheet whose columns were found."""

Row: TypeAlias = tuple[Sequence[str], int]
"""A row's cells and its line."""


def _wide(reader: _Reader, named: Named) -> Rows | None:
    part = reader.part
    ego, alters = reader.ego_columns(), reader.columns("alters")
    if own := [place for place in alters or () if ego and place in ego]:
        words = f'also matches the respondent\'s own column "{reader.grid.header[own[0]]}"; "#" stands for digits only'
        reader.sources.complain((*reader.place, "alters"), words)
        return None
    about = _about_alters(reader, alters) if alters else None
    made = reader.id_of_alter(ego) if ego else None
    if ego is None or alters is None or about is None or made is None:
        return None
    named.cap = part.most_names or (None if part.split else len(alters))

    def rows() -> None:
        reader.answers.look_over(
            row[place] for row in reader.grid.rows for place in about.strength if place is not None
        )
        for row, line in reader.rows():
            who = reader.ego(row, line, ego)
            if who in named.egos and not reader.is_list:
                words = (
                    f"the respondent {reader.sources.quote(who)} has answered in line {named.egos[who]}; keep one row"
                )
                reader.sources.problems.add(reader.grid.path, line, words)
            named.egos[who] = line
            for number, place in enumerate(alters):
                for cell in _pieces(row[place], part.split):
                    if not reader.is_nobody(cell, named):
                        alter = made(row, cell)
                        _add(reader, named, (row, line), ego=who, alter=alter, place=place, about=about, number=number)

    return rows


def _long(reader: _Reader, named: Named) -> Rows | None:
    ego, alter = reader.ego_columns(), reader.columns("alter")
    about = _about_alters(reader, alter[:1]) if alter else None
    made = reader.id_of_alter(ego) if ego else None
    if ego is None or alter is None or about is None or made is None:
        return None
    named.cap = reader.part.most_names

    def rows() -> None:
        reader.answers.look_over(
            row[place] for row in reader.grid.rows for place in about.strength if place is not None
        )
        for row, line in reader.rows():
            who = reader.ego(row, line, ego)
            named.egos.setdefault(who, line)
            cells = [row[place] for place in alter]
            if any(cells) and not all(cells):
                reader.sources.problems.add(reader.grid.path, line, "a part of the nominee's id is blank")
            cell = joined(cells, reader.recipe.join)
            if not reader.is_nobody(cell, named):
                _add(reader, named, (row, line), ego=who, alter=made(row, cell), place=alter[0], about=about)

    return rows


def _pairs(reader: _Reader, named: Named) -> Rows | None:
    first, second = reader.columns("first"), reader.columns("second")
    owner = reader.columns("ego") if reader.part.ego else []
    about = _about_alters(reader, second[:1]) if second else None
    if first is None or second is None or owner is None or about is None:
        return None

    def rows() -> None:
        reader.answers.look_over(
            row[place] for row in reader.grid.rows for place in about.strength if place is not None
        )
        for row, line in reader.rows():
            ends = [joined([row[place] for place in side], reader.recipe.join) for side in (first, second)]
            if not all(ends):
                reader.sources.problems.add(reader.grid.path, line, "one of the two people is blank; name both")
            whose = reader.ego(row, line, owner) if owner else ""
            _add(reader, named, (row, line), ego=ends[0], alter=ends[1], place=second[0], about=about, owner=whose)

    return rows


def _matrix(reader: _Reader, named: Named) -> Rows | None:
    part = reader.part
    ego = reader.columns("ego") if part.ego else [0]
    alters = reader.columns("alters") if part.alters else None
    if ego is None or (part.alters and alters is None):
        return None
    places = [place for place in range(len(reader.grid.header)) if place not in ego] if alters is None else alters
    named.cap = part.most_names
    if unnamed := [place for place in places if not reader.grid.header[place]]:
        words = f"column {unnamed[0] + 1} of the matrix has no name; every column needs that of a person"
        reader.sources.problems.add(reader.grid.path, reader.grid.header_line, words)
        return None

    def rows() -> None:
        reader.answers.look_over(row[place] for row in reader.grid.rows for place in places)
        for row, line in reader.rows():
            who = reader.ego(row, line, ego)
            if who in named.egos:
                words = f"the row of {reader.sources.quote(who)} is there twice, first in line {named.egos[who]}"
                reader.sources.problems.add(reader.grid.path, line, words)
            if any(row[place] for place in places):
                named.egos[who] = line
            for place in places:
                _add_cell(reader, named, (row, line), who, place)

    return rows


class _About:
    """Hold where the answers about nominees stand, a column (or none) for each column of nominees."""

    def __init__(self, count: int) -> None:
        self.strength: Sequence[int | None] = [None] * count
        self.layer: Sequence[int | None] = [None] * count
        self.role: Sequence[int | None] = [None] * count
        self.cells: dict[str, Sequence[int]] = {}


def _about_alters(reader: _Reader, alters: Sequence[int]) -> _About | None:
    """Return where the answers about nominees stand, or ``None`` having noted what is not there."""
    part, about = reader.part, _About(len(alters))
    found = len(reader.sources.problems.found)
    layers = part.layers.column if part.layers else None
    for key, names in (("strength", part.strength), ("layers", layers or []), ("alter_role", part.alter_role)):
        if names and (places := reader.companions(key, names, alters)) is not None:
            setattr(about, {"layers": "layer", "alter_role": "role"}.get(key, key), places)
    for name, names in part.alter_columns.items():
        if (places := reader.companions("alter_columns", names, alters)) is not None:
            about.cells[name] = places
    return about if len(reader.sources.problems.found) == found else None


def _add(
    reader: _Reader,
    named: Named,
    at: Row,
    *,
    ego: str,
    alter: str,
    place: int,
    about: _About,
    number: int = 0,
    owner: str = "",
) -> None:
    """Add what a row says of one nominee, unless the answer is that there is no tie."""
    row, line = at
    strength = reader.strength(row, about.strength[number], line)
    if strength == NO_TIE:
        return
    role = about.role[number]
    named.nominations.append(
        Nomination(
            ego=ego,
            alter=alter,
            line=line,
            column=reader.grid.header[place],
            strength=strength,
            layer=reader.layer(row, about.layer[number], line),
            owner=owner,
            role="" if role is None else row[role],
            cells={name: row[places[number]] for name, places in about.cells.items()},
        )
    )


def _add_cell(reader: _Reader, named: Named, at: Row, ego: str, place: int) -> None:
    """Add what a cell of a matrix says."""
    row, line = at
    cell, name = row[place], reader.grid.header[place]
    strength = reader.answers.strength(cell, line)
    if strength == NO_TIE:
        return
    layer = reader.answers.layer(cell, line) if reader.part.layers else reader.part.layer or ""
    named.nominations.append(Nomination(ego, name, line, name, strength, layer))


def _pieces(cell: str, split: str | None) -> list[str]:
    return [cell] if split is None else [piece.strip() for piece in cell.split(split) if piece.strip()]


_SHAPES: Mapping[str, Callable[[_Reader, Named], Rows | None]] = MappingProxyType(
    {"wide": _wide, "long": _long, "pairs": _pairs, "matrix": _matrix}
)
