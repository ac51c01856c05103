"""A sheet as rows of text: one table of a CSV file or of an Excel workbook, as researchers have them."""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.archives import check_members
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.text import read_text

SEPARATORS = (",", ";", "\t")
_LOOKED_AT = 50
_ERROR_CELL = re.compile(r"#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)")


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

        Where cells are separated by semicolons or tabs, a comma is the decimal mark.

        Parameters
        ----------
        cell
            The cell's text.
        """
        return number(cell, decimal_comma=self.separator in {";", "\t"})


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
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    made = Sheet(path, [], [], separator)
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                made.rows.append(cells)
                made.lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        said = 'a quotation mark is not closed, or stands inside a quoted cell; double it there ("")'
        if "field limit" in str(error):
            said = f"a cell holds more than {csv.field_size_limit():,} characters; is a quotation mark not closed?"
        problems.add(path, line, said)
        return None
    if not made.rows:
        problems.add(path, None, "the file is empty")
        return None
    return made


def separator_of(text: str) -> str:
    r"""Return what separates the cells of a text: the mark that most of its first lines agree on.

    Examples
    --------
    >>> separator_of("a;b\n0,5;1\n0,25;1\n"), separator_of("a,b\n1,2\n"), separator_of("a\nb\n")
    (';', ',', ',')
    """
    head = [line for line in io.StringIO(text[:100_000], newline=None) if line.strip()][:_LOOKED_AT]
    lines = [re.sub(r'"[^"]*"', "", line) for line in head]

    def agreement(separator: str) -> tuple[float, int]:
        counts = [line.count(separator) for line in lines]
        first = counts[0] if counts else 0
        return (sum(count == first for count in counts) / max(len(counts), 1) if first else 0.0, first)

    return max(SEPARATORS, key=agreement)


def sheet_names(path: Path, problems: Problems) -> list[str]:
    """Return the names of a workbook's sheets; none of a text file or of a workbook that cannot be read."""
    if path.suffix.casefold() not in {".xlsx", ".xlsm"} or not _is_sound(path, problems):
        return []
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception:  # noqa: BLE001 - openpyxl raises what its parts raise
        problems.add(path, None, "the workbook is damaged; open it in a spreadsheet and save it anew")
        return []
    names = list(book.sheetnames)
    book.close()
    return names


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


def _is_sound(path: Path, problems: Problems) -> bool:
    """Tell whether a workbook may be opened, having noted why not."""
    found = len(problems.found)
    try:
        with zipfile.ZipFile(path) as archive:
            check_members(path, archive.infolist(), problems)
    except FileNotFoundError:
        siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        problems.add(path, None, f"no such file{nearest_name_hint(path.name, siblings)}")
    except OSError as error:
        problems.add(path, None, f"the file cannot be read: {error.strerror}")
    except Exception:  # noqa: BLE001 - a damaged archive fails in many ways
        problems.add(path, None, "this is no .xlsx workbook, or it is damaged; save it anew as .xlsx or as CSV")
    return len(problems.found) == found


def _workbook_sheet(path: Path, problems: Problems, name: str | None) -> Sheet | None:
    names = sheet_names(path, problems)
    if not names:
        return None
    if name is not None and name not in names:
        hint = nearest_name_hint(name, names) or f"; it has {', '.join(names)}"
        problems.add(path, None, f'the workbook has no sheet "{name}"{hint}')
        return None
    made = Sheet(path, [], [])
    if name is None and len(names) > 1:
        made.notes.append(f'{path}: of {len(names)} sheets the first, "{names[0]}", was read')
    import openpyxl

    found = len(problems.found)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for line, row in enumerate(book[name or names[0]].iter_rows(values_only=True), start=1):
            cells = list(_cells(path, line, row, problems))
            if any(cells):
                made.rows.append(cells)
                made.lines.append(line)
        book.close()
    except Exception:  # noqa: BLE001 - openpyxl raises what its parts raise
        problems.add(path, None, "the workbook is damaged; open it in a spreadsheet and save it anew")
    if not made.rows and len(problems.found) == found:
        problems.add(path, None, f'the sheet "{name or names[0]}" is empty')
    return made if len(problems.found) == found else None


def _cells(path: Path, line: int, row: Sequence[object], problems: Problems) -> Iterator[str]:
    """Yield the cells of a workbook's row as text, without the empty ones at its end."""
    cells = list(row)
    while cells and cells[-1] is None:
        cells.pop()
    for cell in cells:
        text = _cell_text(cell)
        if _ERROR_CELL.fullmatch(text):
            problems.add(path, line, f"a formula in this row has no value but {text}; mend it or clear the cell")
        yield text


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat().removesuffix("T00:00:00")
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip()
