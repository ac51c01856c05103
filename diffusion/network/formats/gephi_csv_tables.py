"""One of the two tables of a network of Gephi, as columns of text with every problem of the table collected."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.gephi_csv_files import separator_of_header
from diffusion.network.formats.marks import listed
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import Sheet, read_sheet
from diffusion.network.network import normalized

TIMES = ("timeset", "time set", "interval", "time interval", "timestamp")
"""What the columns are called that say when a node or an edge was there."""

LOOKS_LIKE = 0.8
"""How alike a further column and a known one must be for the first to pass for a slip."""

_MARKS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(slots=True)
class Table:
    """Hold one table.

    Attributes
    ----------
    sheet
        Its sheet, for numbers and notes.
    columns
        The cells of every column, without outer blanks, by name.
    lines
        The line on which each row starts.
    ragged
        The rows that had too many or too few cells; they were cut or filled up.
    """

    sheet: Sheet
    columns: dict[str, list[str]]
    lines: Sequence[int]
    ragged: set[int] = field(default_factory=set)

    @property
    def path(self) -> Path:
        """Return the file."""
        return self.sheet.path

    def taken(self, name: str) -> list[str]:
        """Return a column, and take it out of the others; empty cells where there is none."""
        return self.columns.pop(name, None) or [""] * len(self.lines)


def read_table(path: Path, problems: Problems, *, required: Sequence[str], known: Sequence[str]) -> Table | None:
    """Read a table and note everything that is wrong with it as a table.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    required, known
        The columns that must be there, and others that mean something, as Gephi
        writes them; they are found in any letter case.

    Returns
    -------
    The table, or ``None`` where there is none to check further.
    """
    sheet = read_sheet(path, problems, separator=separator_of_header(path))
    if sheet is None:
        return None
    by_case = {name.casefold(): name for name in [*required, *known]}
    names = [by_case.get(name.casefold(), name) for name in map(normalized, sheet.rows[0])]
    for problem in _header_problems(names, required, known):
        problems.add(path, sheet.lines[0], problem)
    if not set(required) <= set(names):
        return None
    rows, ragged = _rows(sheet, len(names), problems)
    cells: list[list[str]] = [[*column] for column in zip(*rows, strict=True)] or [[] for _ in names]
    columns = dict(zip(names, cells, strict=True))
    if "" in columns:
        del columns[""]
        sheet.notes.append(f"{path}: {_nameless(names)} left out")
    return Table(sheet, columns, sheet.lines[1:], ragged)


def _nameless(names: Sequence[str]) -> str:
    return "the column without a name was" if names.count("") == 1 else "the columns without a name were"


def _header_problems(names: Sequence[str], required: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    present = listed(names, most=12)
    further = [name for name in names if name and name not in {*required, *known}]
    missing = [name for name in required if name not in names]
    for name in missing:
        hint = nearest_name_hint(name, further).replace("did you mean", "is it")
        yield f'the column "{name}" is missing; the header names {present}{hint}'
    for name in sorted({name for name in names if names.count(name) > 1 and name}):
        yield f'the column "{name}" is there {names.count(name)} times; keep one'
    absent = {name.casefold(): name for name in known if name not in names}
    for name in further:
        close = difflib.get_close_matches(name.casefold(), absent, n=1, cutoff=LOOKS_LIKE)
        if close and not nearest_name_hint(name, missing):
            yield f'the column "{name}" looks like "{absent[close[0]]}" misspelt; rename it'


def _rows(sheet: Sheet, width: int, problems: Problems) -> tuple[list[list[str]], set[int]]:
    """Return the rows under the header, all of its width, and the places of those that were not."""
    rows, ragged = sheet.rows[1:], set()
    for place, row in enumerate(rows):
        if len(row) == width:
            continue
        if len(row) < width or any(row[width:]):
            mark = _MARKS.get(sheet.separator, "separator")
            advice = f"quote a cell that holds a {mark}" if len(row) > width else "fill it up"
            said = f"the row has {len(row)} cells, the header {width}; {advice}"
            problems.add(sheet.path, sheet.lines[place + 1], said)
            ragged.add(place)
        rows[place] = (row + [""] * width)[:width]
    return rows, ragged


def left_out_times(table: Table) -> Iterator[str]:
    """Take out the columns that say when something was there, and yield a note if they say anything."""
    names = [name for name in table.columns if name.casefold() in TIMES]
    said = [name for name in names if any(table.taken(name))]
    if said:
        yield f"{table.path}: when they were there ({', '.join(said)}) was left out: all are read as there all the time"
