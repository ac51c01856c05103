"""The sheets that a recipe names, with their columns found; and where what is wrong or assumed is noted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import Sheet, read_sheet
from diffusion.network.importing.recipe import SheetPart
from diffusion.network.network import normalized
from diffusion.toml.documents import TomlDocument, key_text
from diffusion.toml.lines import KeyPath

WITHHELD = "[withheld]"
"""What stands for the content of a cell where no name may be told."""


def quoted(text: str, *, withhold: bool) -> str:
    """Return the content of a cell as a message quotes it.

    Examples
    --------
    >>> quoted("Ann", withhold=False), quoted("Ann", withhold=True)
    ('"Ann"', '[withheld]')
    """
    return WITHHELD if withhold else f'"{text}"'


def is_pattern(column: str) -> bool:
    """Tell whether a recipe's name of a column stands for several: ``*`` for any text, ``#`` for digits."""
    return "*" in column or "#" in column


@dataclass(frozen=True, slots=True)
class Grid:
    """Hold a sheet whose columns have names.

    Attributes
    ----------
    path
        The file.
    header
        The names of the columns.
    rows
        The cells below the header, as many in each row as there are names.
    lines
        The line of each row.
    sheet
        The sheet it was made of, which knows how numbers are written in it.
    header_line
        The line of the header.
    """

    path: Path
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    sheet: Sheet
    header_line: int = 1

    def places(self, column: str) -> list[int]:
        """Return where a column is: an exact name first, then whatever its letter case.

        Parameters
        ----------
        column
            Its name.
        """
        exact = [place for place, name in enumerate(self.header) if name == column]
        return exact or [place for place, name in enumerate(self.header) if name.casefold() == column.casefold()]

    def matches(self, pattern: str) -> dict[str, int]:
        """Return where the columns that a pattern stands for are, by what its marks stand for.

        Parameters
        ----------
        pattern
            A name in which ``*`` stands for any text and ``#`` for digits.
        """
        expression = _expression(pattern)
        found = ((expression.fullmatch(name), place) for place, name in enumerate(self.header))
        return {"\0".join(match.groups()).casefold(): place for match, place in found if match}

    def all_matching(self, column: str) -> list[int]:
        """Return where all columns are that a name or a pattern may mean, those of one name included."""
        exact = self.places(column)
        if exact or not is_pattern(column):
            return exact
        expression = _expression(column)
        return [place for place, name in enumerate(self.header) if expression.fullmatch(name)]


@dataclass(slots=True)
class Sources:
    """Read what a recipe names, and collect what is wrong with it and what was assumed.

    Attributes
    ----------
    document
        The recipe as it is written.
    problems
        Where problems go.
    withhold
        Whether no content of a cell may be told.
    notes
        What was lost or assumed, a line each.
    further
        Files read beside the sheets.
    """

    document: TomlDocument
    problems: Problems
    withhold: bool = False
    notes: list[str] = field(default_factory=list)
    further: list[Path] = field(default_factory=list)
    _complaints: set[tuple[KeyPath, str]] = field(default_factory=set)
    _grids: dict[tuple[object, ...], Grid | None] = field(default_factory=dict)

    def quote(self, text: str) -> str:
        """Return the content of a cell as messages quote it."""
        return quoted(text, withhold=self.withhold)

    def note(self, path: Path, words: str) -> None:
        """Note what was lost or assumed of a file."""
        self.notes.append(f"{path}: {words}")

    @property
    def files(self) -> list[Path]:
        """Return the files that were read."""
        read = [grid.path for grid in self._grids.values() if grid is not None]
        return list(dict.fromkeys([self.document.path, *read, *self.further]))

    def complain(self, place: KeyPath, words: str) -> None:
        """Note a problem with a key of the recipe, once, whatever is looked up by it again."""
        key = f"{key_text(place)}: " if place else ""
        if (place, words) not in self._complaints:
            self._complaints.add((place, words))
            self.problems.add(self.document.path, self.document.lines.line(place), f"{key}{words}")

    def path(self, file: str) -> Path:
        """Return the path of a file that the recipe names, relative to the recipe."""
        return self.document.path.parent / file

    def grid(self, part: SheetPart, place: KeyPath) -> Grid | None:
        """Return a sheet, or ``None`` having noted why it cannot be read.

        Parameters
        ----------
        part
            What the recipe says of it.
        place
            Where the recipe says so.
        """
        name = part.file or ""
        key = (name, part.sheet, part.header, tuple(part.ignore_lines))
        if key not in self._grids:
            self._grids[key] = self._read(name, part, place)
        return self._grids[key]

    def columns(self, grid: Grid, names: Sequence[str], place: KeyPath) -> list[int] | None:
        """Return where columns are, patterns spelt out, or ``None`` having noted which are not there.

        Parameters
        ----------
        grid
            The sheet.
        names
            What the recipe calls them.
        place
            Where the recipe names them.
        """
        found: list[int] = []
        missing = False
        for number, name in enumerate(names):
            said = (*place, number) if len(names) > 1 else place
            places = grid.all_matching(name)
            called = [grid.header[place].casefold() for place in places]
            if repeated := next((other for other in called if called.count(other) > 1), ""):
                self.complain(said, f"{grid.path.name} has several columns {self.quote(repeated)}; rename all but one")
                missing = True
            elif not places:
                self.complain(said, self._missing(grid, name))
                missing = True
            found.extend(places)
        return None if missing else list(dict.fromkeys(found))

    def column(self, grid: Grid, name: str, place: KeyPath) -> int | None:
        """Return where a column is, or ``None`` having noted that it is not there."""
        found = self.columns(grid, [name], place)
        return found[0] if found else None

    def _missing(self, grid: Grid, name: str) -> str:
        kind = "no columns that match" if is_pattern(name) else "no column"
        words = f'{grid.path.name} has {kind} "{name}"'
        if self.withhold:  # a sheet without a header would show a person's row here
            return f"{words} in line {grid.header_line}"
        return f"{words}{nearest_name_hint(name, grid.header) or _listed(grid.header)}"

    def _read(self, name: str, part: SheetPart, place: KeyPath) -> Grid | None:
        path = self.path(name)
        if not path.is_file():
            near = path.parent.iterdir() if path.parent.is_dir() and not self.withhold else ()
            hint = nearest_name_hint(name, [entry.name for entry in near])
            self.complain((*place, "file"), f'there is no file "{name}" beside it{hint}')
            return None
        found = len(self.problems.found)
        sheet = read_sheet(path, self.problems, sheet=part.sheet)
        if self.withhold:  # the sheets of a workbook may be called after people
            unquoted = [problem._replace(text=_unquoted(problem.text)) for problem in self.problems.found[found:]]
            self.problems.found[found:] = unquoted
        if sheet is None or len(self.problems.found) > found:
            return None
        notes = [_unquoted(note) if self.withhold else note for note in sheet.notes]
        self.notes.extend(note for note in notes if note not in self.notes)
        if part.header not in sheet.lines:
            self.complain((*place, "header"), f"line {part.header} of {path.name} is blank or not there")
            return None
        return self._grid(path, sheet, part)

    def _grid(self, path: Path, sheet: Sheet, part: SheetPart) -> Grid | None:
        first = sheet.lines.index(part.header)
        header = tuple(normalized(cell) for cell in sheet.rows[first])
        rows, lines, sound = [], [], True
        for row, line in zip(sheet.rows[first + 1 :], sheet.lines[first + 1 :], strict=True):
            if line in part.ignore_lines:
                continue
            if any(row[len(header) :]):
                self.problems.add(path, line, f"the row has {len(row)} cells, the header {len(header)}")
                sound = False
            rows.append([normalized(cell) for cell in (*row, *[""] * (len(header) - len(row)))][: len(header)])
            lines.append(line)
        if not rows:
            self.problems.add(path, part.header, "there are no rows under the header")
            sound = False
        return Grid(path, header, rows, lines, sheet, part.header) if sound else None


def _unquoted(text: str) -> str:
    """Return a message without what it quotes and without the list of what there is."""
    return re.sub(r'"[^"]*"', WITHHELD, text.partition("; it has ")[0].partition("; did you mean ")[0])


def _expression(pattern: str) -> re.Pattern[str]:
    parts = [{"*": "(.*)", "#": "([0-9]+)"}.get(part, re.escape(part)) for part in re.split(r"([*#])", pattern) if part]
    return re.compile("".join(parts), re.IGNORECASE)


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(name for name in header[:20] if name)
    return f"; it has {shown}{', …' if len(header) > 20 else ''}"
