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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.network import normalized

SHOWN_PROBLEMS = 50
"""How many problems are printed before the rest is only counted."""

HINT_WORK = 500_000
"""How many names may be compared, in all, to find hints; keeps a hopeless file's errors quick."""

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
SAVE_AS_UTF8 = 'save it as "CSV UTF-8" (in a spreadsheet: Save as, then "CSV UTF-8")'
LOOKS_LIKE = 0.85
"""How alike a further column and a known one must be for the first to pass for a slip."""

HEADER_READ = 100_000
"""How many characters of the header are looked at to find the separator."""


class Problem(NamedTuple):
    """Hold one thing that is wrong with a set of files.

    Attributes
    ----------
    file
        Which file, in the order in which problems came up.
    line
        Where in it, from 1; 0 for the whole file.
    text
        What must hold, what came, and what to do.
    unknown
        A name that is not known, for which a hint is looked for.
    """

    file: int
    line: int
    text: str
    unknown: str | None


@dataclass
class Problems:
    """Collect what is wrong with a set of files, to be raised in one go.

    Attributes
    ----------
    known
        The names among which a hint is looked for, for problems with an
        unknown name.
    found
        What was noted so far.
    """

    known: Sequence[str] = ()
    found: list[Problem] = field(default_factory=list)
    _paths: list[Path] = field(default_factory=list)

    def add(self, path: Path, line: int | None, text: str, *, unknown: str | None = None) -> None:
        """Note one problem.

        Parameters
        ----------
        path, line
            Where; lines count from 1, and ``None`` means the whole file.
        text
            What must hold, what came, and what to do.
        unknown
            A name for which the nearest of :attr:`known` is to be hinted at.
        """
        if path not in self._paths:
            self._paths.append(path)
        self.found.append(Problem(self._paths.index(path), line or 0, text, unknown))

    def error(self) -> InputError:
        """Return the error that tells everything noted, in the order of files and lines."""
        shown = sorted(self.found, key=lambda problem: (problem.file, problem.line))[:SHOWN_PROBLEMS]
        hints = self._hints(problem.unknown for problem in shown)
        lines = [
            f"{self._paths[file]}{f':{line}' if line else ''}: {text}{hints.get(unknown, '')}"
            for file, line, text, unknown in shown
        ]
        if more := len(self.found) - len(shown):
            lines.append(f"… and {more:,} more")
        return InputError(lines)

    def _hints(self, names: Iterable[str | None]) -> Mapping[str | None, str]:
        wanted = list(dict.fromkeys(name for name in names if name))
        affordable = HINT_WORK // max(len(self.known), 1)
        return {name: nearest_name_hint(name, self.known) for name in wanted[:affordable]}


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
    """

    path: Path
    columns: Mapping[str, list[str]]
    lines: Sequence[int]
    ragged: frozenset[int]
    separator: str
    whole: bool


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
    text = _text(path, problems)
    if text is None:
        return None
    separator = _separator(text, required, optional)
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
    return _table(path, names, rows[1:], lines[1:], problems, separator=separator, whole=whole)


def _text(path: Path, problems: Problems) -> str | None:
    """Return a file's text; where it is not UTF-8 say so and guess, so that the rest is checked too."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        names = [entry.name for entry in path.parent.iterdir()]
        hint = nearest_name_hint(path.name, names)
        problems.add(path, None, f"no such file; a network is a folder with agents.csv and ties.csv{hint}")
        return None
    except OSError as error:
        problems.add(path, None, f"the file cannot be read: {error.strerror}")
        return None
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        problems.add(path, None, f"the file is UTF-16, not UTF-8; {SAVE_AS_UTF8}")
        return content.decode("utf-16", errors="replace")
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        problems.add(path, line, f"the file holds a NUL byte, so it is no UTF-8 text table; {SAVE_AS_UTF8}")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        where = f"byte {error.start - start + 1} of the line (0x{content[error.start]:02X})"
        line = content[: error.start].count(b"\n") + 1
        problems.add(path, line, f"{where} is not UTF-8, perhaps an accented letter; {SAVE_AS_UTF8}")
        return content.decode("cp1252", errors="replace")


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
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
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
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
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
    for place in ragged:
        advice = f"quote a cell that holds a {SEPARATORS[separator]}" if len(rows[place]) > width else "fill it up"
        problems.add(path, lines[place], f"the row has {len(rows[place])} cells, the header {width}; {advice}")
        rows[place] = (rows[place] + [""] * width)[:width]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return Table(path, columns, lines, frozenset(ragged), separator, whole)
