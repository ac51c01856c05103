"""Workbooks of Excel as rows of text: what a reader of the sheet sees, and a word on what he cannot see.

``openpyxl`` reads the cells. What it does not tell is looked for in the file
itself: formulas whose values were never saved, merged cells, hidden rows
(ECMA-376, part 1, 18.3.1: ``f``, ``v``, ``mergeCell``, ``row``).
"""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.escape import unescape

from diffusion.network.formats.excel_files import archive_of
from diffusion.network.formats.excel_kept import kept_books, key_of
from diffusion.network.formats.excel_scan import Scan, scanned
from diffusion.network.formats.marks import listed
from diffusion.network.formats.noted_files import note_file
from diffusion.network.formats.problems import Problems

DAMAGED = "the workbook is damaged; open it in a spreadsheet and save it anew"
ERROR_CELL = re.compile(
    r"#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|GETTING_DATA)"
)
"""What stands in a cell whose formula has no value."""

_PADDED = re.compile(r"0{2,}")


@dataclass(slots=True)
class Page:
    """Hold one sheet.

    Attributes
    ----------
    rows
        The cells of every row that is not blank, as text without outer blanks.
    lines
        The number of each row in the workbook, from 1.
    problems
        What is wrong, each with its row.
    notes
        What was assumed, a line each, without the file's name.
    """

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Book:
    """Give the sheets of one workbook, each read once.

    Parameters
    ----------
    path
        The file.

    Attributes
    ----------
    names
        The names of the sheets that can be seen, in order.
    hidden
        The names of those that cannot.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")  # openpyxl would leave open what it cannot read
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions, which say nothing of cells
                self._book = openpyxl.load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
        except BaseException:
            self._file.close()
            raise
        sheets = self._book.worksheets  # without the sheets that are charts
        self.names = [sheet.title for sheet in sheets if sheet.sheet_state == "visible"]
        self.hidden = [sheet.title for sheet in sheets if sheet.sheet_state != "visible"]
        self._path = path
        self._pages: dict[str, Page] = {}

    def page(self, name: str) -> Page:
        """Return a sheet.

        Parameters
        ----------
        name
            Its name.
        """
        if name not in self._pages:
            self._pages[name] = _page(self._path, self._book[name])
        return self._pages[name]

    def close(self) -> None:
        """Close the file."""
        self._book.close()
        self._file.close()


@contextmanager
def opened(path: Path, problems: Problems) -> Iterator[Book | None]:
    """Open a workbook for a block; give ``None`` having noted why it cannot be read.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    """
    note_file(path)
    kept, key = kept_books(), key_of(path)
    there = kept.get(key) if kept is not None and key is not None else None
    book = there if isinstance(there, Book) else _book(path, problems)
    if book is not None and kept is not None and key is not None:
        kept[key] = book
        yield book
        return
    try:
        yield book
    finally:
        if book is not None:
            book.close()


def _book(path: Path, problems: Problems) -> Book | None:
    if not archive_of(path, problems):
        return None
    try:
        book = Book(path)
    except Exception:  # noqa: BLE001 - openpyxl raises what its parts raise
        problems.add(path, None, DAMAGED)
        return None
    if not book.names:
        book.close()
        problems.add(path, None, "the workbook has no sheet of cells that can be seen")
        return None
    return book


def _page(path: Path, sheet: Any) -> Page:
    """Read a sheet, whatever size it claims to have."""
    page = Page()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # dates outside the calendar, which become errors in their cells
            scan = scanned(path, sheet._worksheet_path)  # noqa: SLF001 - openpyxl has no public name for it
            sheet.reset_dimensions()  # many programs write wrong ones: rows would be lost, or invented by the million
            for line, row in enumerate(sheet.iter_rows(values_only=not scan.padded), start=1):
                cells = _texts(row, line, page)
                if any(cells):
                    page.rows.append(cells)
                    page.lines.append(line)
    except Exception:  # noqa: BLE001 - openpyxl raises what its parts raise
        page.problems.append((0, DAMAGED))
        return page
    _tell(page, scan)
    return page


def _texts(row: Sequence[Any], line: int, page: Page) -> list[str]:
    """Return the cells of a row as text, without the empty ones at its end, having noted errors."""
    cells = [_text(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    for place, text in enumerate(cells, start=1):
        if text.startswith("#") and ERROR_CELL.fullmatch(text):
            where = f"{get_column_letter(place)}{line}"
            page.problems.append((line, f"the formula in cell {where} has no value but {text}; mend it or clear it"))
    return cells


def _text(cell: object) -> str:
    """Return what a cell shows: a value, or a cell with its value and how it is shown."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return (unescape(cell) if "_x" in cell else cell).strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else str(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat().removesuffix("T00:00:00")
    return _shown(cell) if hasattr(cell, "number_format") else str(cell)


def _shown(cell: Any) -> str:
    """Return what a cell shows where numbers may stand with zeros before them, as in 007."""
    text = _text(cell.value)
    return text.zfill(len(cell.number_format)) if text.isdecimal() and _PADDED.fullmatch(cell.number_format) else text


def _tell(page: Page, scan: Scan) -> None:
    """Note what the cells alone do not tell: formulas without values, merged cells, hidden rows."""
    if scan.unsaved:
        first, many = scan.unsaved[0], len(scan.unsaved)
        what = f"formula in cell {first} has no saved value"
        if many > 1:
            what = f"formulas in {many:,} cells, {first} the first, have no saved values"
        page.problems.append((0, f"the {what}; open the workbook in a spreadsheet, save it, and read it again"))
    filled = [ref for ref in scan.merged if _filled_down(page, ref)]
    if filled:
        said = "merged cells were read as if their text stood in each of their rows"
        page.notes.append(f"{said}: {listed(filled).replace(chr(34), '')}")
    if scan.hidden_rows:
        what = "1 hidden row was" if scan.hidden_rows == 1 else f"{scan.hidden_rows:,} hidden rows were"
        page.notes.append(f"{what} read like the others")


def _filled_down(page: Page, ref: str) -> bool:
    """Write the text of merged cells into each of their rows, and tell whether there was anything to write."""
    left, top, _, bottom = range_boundaries(ref)
    start = bisect_left(page.lines, top)
    if start == len(page.lines) or page.lines[start] != top or len(page.rows[start]) < left:
        return False
    text = page.rows[start][left - 1]
    rows = page.rows[start + 1 : bisect_left(page.lines, bottom + 1)]
    for row in rows:
        row.extend([""] * (left - len(row)))
        row[left - 1] = row[left - 1] or text
    return bool(text and rows)
