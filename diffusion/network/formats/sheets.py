"""A sheet as rows of text: one table of a CSV file or of an Excel workbook, as researchers have them."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.marks import listed
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.text import read_text

SEPARATORS = (",", ";", "\t")
_LOOKED_AT = 50
_STATED = re.compile(r'"?sep=([^"\w\r\n ])"?[ ,;\t]*(\r\n|\r|\n|\Z)', re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


@dataclass(slots=True)
class Sheet:
    """Hold one sheet.

    Attributes
    ----------
    path
        The file.
    rows
        The cells of every row that is not blank, as text without outer blanks;
        rows may differ in length.
    lines
        The line (of a workbook: the row) on which each row starts, from 1.
    separator
        What stands between cells; empty for a workbook.
    notes
        What was assumed, a line each.
    """

    path: Path
    rows: list[list[str]]
    lines: list[int]
    separator: str = ""
    notes: list[str] = field(default_factory=list)

    def number(self, cell: str) -> float | None:
        """Return the number that a cell states, or ``None``.

        Where cells are not separated by commas, a comma is the decimal mark. In
        a workbook, where a number may stand as a text in either way of writing,
        "1,234" is none: it may be a thousand.

        Parameters
        ----------
        cell
            The cell's text.
        """
        if not self.separator and _THOUSANDS.fullmatch(cell.strip()):
            return None
        return number(cell, decimal_comma=self.separator != ",")


def number(text: str, *, decimal_comma: bool = False) -> float | None:
    """Return the finite number that a text states, or ``None``.

    Examples
    --------
    >>> number("0.5"), number("0,5"), number("0,5", decimal_comma=True), number("nan")
    (0.5, None, 0.5, None)
    """
    plain = text.strip()
    if decimal_comma and plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", plain, re.ASCII):
        return None
    value = float(plain)
    return value if math.isfinite(value) else None


def read_sheet(path: Path, problems: Problems, *, sheet: str | None = None, separator: str = "") -> Sheet | None:
    """Read a sheet, or return ``None`` having noted why it cannot be read.

    Parameters
    ----------
    path
        A text file (``.csv``, ``.tsv``, ``.txt``) or a workbook (``.xlsx``).
    problems
        Where problems go.
    sheet
        Which sheet of a workbook; otherwise the first.
    separator
        What stands between the cells of a text file; told from the file where empty.
    """
    if path.suffix.casefold() in {".xlsx", ".xlsm"}:
        return _workbook_sheet(path, problems, sheet)
    if path.suffix.casefold() == ".xls":
        problems.add(path, None, "workbooks of before 2007 (.xls) are not read; save it as .xlsx or as CSV")
        return None
    found = read_text(path, problems)
    if found is None:
        return None
    made = sheet_of_text(path, found.text, problems, separator=separator)
    if made is not None:
        made.notes.extend(found.notes)
    return made


def sheet_of_text(path: Path, text: str, problems: Problems, *, separator: str = "") -> Sheet | None:
    """Return the sheet that a text of separated cells holds, or ``None`` having noted what is wrong.

    Parameters
    ----------
    path
        The file, for problems.
    text
        The text.
    problems
        Where problems go.
    separator
        What stands between cells; told from the text where empty.
    """
    separator = separator or separator_of(text)
    stated = _STATED.match(text)
    reader = csv.reader(
        io.StringIO(text[stated.end() :] if stated else text, newline=""),
        delimiter=separator,
        skipinitialspace=True,  # or the quotation marks of [ann, "bob"] would be part of the name
        strict=True,
    )
    made = Sheet(path, [], [], separator)
    before = 1 if stated else 0
    line = before + 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                made.rows.append(cells)
                made.lines.append(line)
            line = before + reader.line_num + 1
    except csv.Error as error:
        said = 'a quotation mark is not closed, or stands inside a quoted cell; double it there ("")'
        if not any(mark in text.partition("\n")[0] for mark in SEPARATORS):
            said += "; separate cells by commas, semicolons or tabs"
        if "field limit" in str(error):
            said = f"a cell holds more than {csv.field_size_limit():,} characters; is a quotation mark not closed?"
        problems.add(path, line, said)
        return None
    if not made.rows:
        problems.add(path, None, "the file is empty")
        return None
    made.rows = trimmed(made.rows)
    return made


def separator_of(text: str) -> str:
    r"""Return what separates the cells of a text: what its first line states to Excel, or what most lines agree on.

    Of several that as many lines agree on, it is the one that is least often part of a cell: a tab, then a semicolon.

    Examples
    --------
    >>> [separator_of(text) for text in ("a;b\n0,5;1\n", "a,b\n1,2\n", "a\nb\n", "sep=|\na|b\n", "0,5;0,1\n1,5;0,2\n")]
    [';', ',', ',', '|', ';']
    """
    if stated := stated_separator(text):
        return stated
    head = text[:100_000]
    found = {separator: _agreement(head, separator) for separator in SEPARATORS}
    return max(reversed(SEPARATORS), key=found.__getitem__) if any(found.values()) else SEPARATORS[0]


def stated_separator(text: str) -> str:
    r"""Return the separator that a first line states, as Excel writes it, or an empty text.

    Examples
    --------
    >>> stated_separator("sep=;\na;b\n"), stated_separator("a;b\n")
    (';', '')
    """
    stated = _STATED.match(text)
    return stated[1] if stated else ""


def _agreement(head: str, separator: str) -> float:
    """Return the share of the first rows that are as wide as the first of all; 0 where that has one cell."""
    widths: list[int] = []
    with suppress(csv.Error):  # what is wrong is told when the text is read
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator, skipinitialspace=True):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) == _LOOKED_AT:
                break
    if not widths or widths[0] == 1:
        return 0.0
    return widths.count(widths[0]) / len(widths)


def write_sheet(rows: Sequence[Sequence[object]], path: Path) -> None:
    """Write rows to a CSV file (UTF-8, with commas, tabs for ``.tsv``) or to a workbook, as the suffix says.

    Parameters
    ----------
    rows
        The cells, header first.
    path
        The file.
    """
    if path.suffix.casefold() == ".xlsx":
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        page = book.create_sheet("ties")
        for row in rows:
            page.append(list(row))
        book.save(path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t" if path.suffix.casefold() == ".tsv" else ",", lineterminator="\n").writerows(
            rows
        )


def _workbook_sheet(path: Path, problems: Problems, name: str | None) -> Sheet | None:
    from diffusion.network.formats.excel import opened

    with opened(path, problems) as book:
        if book is None:
            return None
        every = [*book.names, *book.hidden]
        if name is not None and name not in every:
            hint = nearest_name_hint(name, every) or f"; it has {', '.join(every)}"
            problems.add(path, None, f'the workbook has no sheet "{name}"{hint}')
            return None
        chosen = name or book.names[0]
        page = book.page(chosen)
        notes = [f'of {len(book.names)} sheets the first, "{chosen}", was read'] if len(book.names) > 1 else []
        notes = [*(notes if name is None else ()), *_hidden_notes(book.hidden, chosen), *page.notes]
    for line, problem in page.problems:
        problems.add(path, line, problem)
    if not page.rows and not page.problems:
        problems.add(path, None, f'the sheet "{chosen}" is empty')
    if not page.rows or page.problems:
        return None
    return Sheet(path, trimmed(page.rows), [*page.lines], notes=[f"{path}: {note}" for note in notes])


def _hidden_notes(hidden: Sequence[str], chosen: str) -> Iterator[str]:
    passed = [name for name in hidden if name != chosen]
    if passed:
        yield f"hidden sheets were not read ({listed(passed)}); unhide what belongs to the network"


def trimmed(rows: Sequence[list[str]]) -> list[list[str]]:
    """Return rows without the columns at their left and right in which no row has anything.

    Examples
    --------
    >>> trimmed([["", "a", "b", ""], ["", "c", "", "", ""], ["", ""]])
    [['a', 'b'], ['c', ''], ['']]
    """
    first = min((_first_filled(row) for row in rows), default=0)
    last = max((_last_filled(row) for row in rows), default=0)
    return [row[first : last + 1] for row in rows]


def _first_filled(row: Sequence[str]) -> int:
    return next((place for place, cell in enumerate(row) if cell), len(row))


def _last_filled(row: Sequence[str]) -> int:
    return next((place for place in range(len(row) - 1, -1, -1) if row[place]), 0)
