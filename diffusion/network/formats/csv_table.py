"""One CSV table as columns of text, with every problem of the file collected.

The separator is read from the header: a comma, or what spreadsheets write
where the comma is the decimal mark, a semicolon or a tab. Names of known
columns are found whatever their letter case.
"""

from __future__ import annotations

import contextlib
import csv
import difflib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import stated_separator
from diffusion.network.formats.text import read_text
from diffusion.network.network import normalized

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
LOOKS_LIKE = 0.85
"""How alike a further column and a known one must be for the first to pass for a slip."""

HEADER_READ = 100_000
"""How many characters of the header are looked at to find the separator."""


@dataclass(frozen=True)
class Table:
    """Hold one table.

    Attributes
    ----------
    path
        The file.
    columns
        The cells of each column, as they stand in the file; by name.
    lines
        The line on which each row starts.
    ragged
        Which rows had too many or too few cells; they were cut or filled up.
    separator
        What stands between the cells.
    whole
        Whether the file could be read to its end.
    notes
        What was assumed of the file's encoding.
    """

    path: Path
    columns: Mapping[str, list[str]]
    lines: Sequence[int]
    ragged: frozenset[int]
    separator: str
    whole: bool
    notes: Sequence[str] = ()


def read_table(
    path: Path, problems: Problems, *, required: Sequence[str], optional: Sequence[str], open_ended: bool
) -> Table | None:
    """Read a table and note everything that is wrong with it as a table.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    required, optional
        The names of the known columns.
    open_ended
        Whether further columns are welcome; otherwise they are problems.

    Returns
    -------
    The table, or ``None`` where there is none to check further.
    """
    found = read_text(path, problems)
    if found is None:
        return None
    text = found.text
    stated = stated_separator(text)
    if stated:  # Excel's first line, which is no row
        text = text[len(text.splitlines()[0]) :]
    separator = stated or _separator(text, required, optional)
    rows, lines, whole = _rows(path, text, separator, problems)
    if not rows:
        if whole:
            must = " and ".join(required)
            problems.add(path, None, f"the file is empty; its first line must name the columns, among them {must}")
        return None
    names = _column_names([*required, *optional], rows[0])
    _check_header(path, lines[0], names, problems, required=required, optional=optional, open_ended=open_ended)
    if not set(required) <= set(names):
        return None
    table = _table(path, names, rows[1:], lines[1:], problems, separator=separator, whole=whole)
    return replace(table, notes=found.notes)


def _separator(text: str, required: Sequence[str], optional: Sequence[str]) -> str:
    """Return the separator under which the header names the most known columns; the comma if in doubt."""
    header = next((line for line in io.StringIO(text, newline="") if line.strip()), ",")
    cells = {separator: _header_cells(header, separator) for separator in SEPARATORS}
    known = {
        separator: set(_column_names([*required, *optional], names)) & {*required, *optional}
        for separator, names in cells.items()
    }
    if set(required) <= known[","]:
        return ","
    return max(SEPARATORS, key=lambda separator: (len(known[separator]), len(cells[separator])))


def _header_cells(header: str, separator: str) -> list[str]:
    return next(csv.reader([header[:HEADER_READ]], delimiter=separator))


def _rows(path: Path, text: str, separator: str, problems: Problems) -> tuple[list[list[str]], Sequence[int], bool]:
    """Return the rows that are not blank, the line on which each starts, and whether these are all rows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    rows: list[list[str]] = []
    lines: Sequence[int] = ()
    broken_at = None
    with contextlib.suppress(csv.Error):
        rows.extend(reader)
        lines = range(1, len(rows) + 1)
    if reader.line_num != len(lines):  # a cell spans lines, or a quotation mark is out of place
        rows, lines, broken_at = _rows_over_lines(text, separator)
    if broken_at:
        problems.add(
            path,
            broken_at,
            'a quotation mark is not closed, or stands inside a quoted cell; double it there (""); '
            "the rows from here on were not checked",
        )
    if not all(row and (row[0].strip() or not _blank(row)) for row in rows):
        kept = [place for place, row in enumerate(rows) if not _blank(row)]
        rows, lines = [rows[place] for place in kept], [lines[place] for place in kept]
    return rows, lines, broken_at is None


def _blank(row: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in row)


def _rows_over_lines(text: str, separator: str) -> tuple[list[list[str]], list[int], int | None]:
    """Return the rows, their first lines, and the line of the row that could not be read, if any."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    rows, lines, line = [], [], 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error:
        return rows, lines, line
    return rows, lines, None


def _column_names(known: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Return the header's names, known ones in the letter case they are known by."""
    by_case = {name.casefold(): name for name in known}
    names = [normalized(cell) for cell in cells]
    return [by_case.get(name.casefold(), name) for name in names]


def _check_header(
    path: Path,
    line: int,
    names: Sequence[str],
    problems: Problems,
    *,
    required: Sequence[str],
    optional: Sequence[str],
    open_ended: bool,
) -> None:
    present = ", ".join(f'"{name}"' for name in names)
    missing = [name for name in required if name not in names]
    further = [name for name in names if name not in {*required, *optional}]
    for name in missing:
        hint = nearest_name_hint(name, further).replace("did you mean", "is it")
        problems.add(path, line, f'the column "{name}" is missing; the header names {present}{hint}')
    for name in sorted({name for name in names if names.count(name) > 1 and name}):
        problems.add(path, line, f'the column "{name}" is there {names.count(name)} times; keep one')
    if "" in names:
        problems.add(path, line, f"column {names.index('') + 1} has no name; give it one or remove it")
    absent = [name for name in optional if name not in names]
    for name in dict.fromkeys(further):
        problem = _further_problem(name, absent, [*required, *optional], missing, open_ended=open_ended)
        if problem:
            problems.add(path, line, problem)


def _further_problem(
    name: str, absent: Sequence[str], known: Sequence[str], missing: Sequence[str], *, open_ended: bool
) -> str:
    """Return what is wrong with a column beyond the known ones, or an empty text."""
    if not name or nearest_name_hint(name, missing):
        return ""
    if open_ended:
        close = difflib.get_close_matches(name.casefold(), absent, n=1, cutoff=LOOKS_LIKE)
        return f'the column "{name}" looks like "{close[0]}" misspelt; rename it' if close else ""
    hint = nearest_name_hint("strength" if name.casefold() in {"weight", "value"} else name.casefold(), absent)
    return f'the column "{name}" is not known here; known are {", ".join(known)}; rename or remove it{hint}'


def _table(
    path: Path,
    names: Sequence[str],
    rows: list[list[str]],
    lines: Sequence[int],
    problems: Problems,
    *,
    separator: str,
    whole: bool,
) -> Table:
    width = len(names)
    ragged = [place for place, count in enumerate(map(len, rows)) if count != width]
    named = SEPARATORS.get(separator, separator)
    for place in ragged:
        advice = f"quote a cell that holds a {named}" if len(rows[place]) > width else "fill it up"
        problems.add(path, lines[place], f"the row has {len(rows[place])} cells, the header {width}; {advice}")
        rows[place] = (rows[place] + [""] * width)[:width]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return Table(path, columns, lines, frozenset(ragged), separator, whole)
