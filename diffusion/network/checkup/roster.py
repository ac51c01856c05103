"""The roster: a file with the ids of all who were asked."""

from __future__ import annotations

from pathlib import Path

from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import read_sheet
from diffusion.network.network import normalized

HEADINGS = ("id", "ids", "name")
"""What the column with the ids may be called; without it the first column is read, its first row too."""


def read_roster(path: Path) -> list[str]:
    """Return the ids of all who were asked.

    Parameters
    ----------
    path
        A text file with an id a line, a CSV file or a workbook.

    Raises
    ------
    InputError
        If the file cannot be read, or an id is given twice.
    """
    problems = Problems()
    sheet = read_sheet(path, problems)
    if sheet is None:
        raise problems.error()
    headings = [cell.casefold() for cell in sheet.rows[0]]
    column = next((headings.index(name) for name in HEADINGS if name in headings), None)
    first = 0 if column is None else 1
    lines: dict[str, int] = {}
    for row, line in zip(sheet.rows[first:], sheet.lines[first:], strict=True):
        text = normalized(row[column or 0]) if len(row) > (column or 0) else ""
        if text in lines:
            problems.add(path, line, f'"{text}" stands on line {lines[text]} already; name everybody once')
        elif text:
            lines[text] = line
    if not lines:
        problems.add(path, None, "there is no id in it; a roster names all who were asked, one a line")
    if problems.found:
        raise problems.error()
    return list(lines)
