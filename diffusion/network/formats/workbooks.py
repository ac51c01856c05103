"""Workbooks that hold a whole network: sheets of ties, one of agents, and one that says what it is.

The sheet ``agents`` has a row an agent (``id`` and any columns); the sheet
``about`` has rows of a key and its value (``name``, ``synthetic``, and the
layers of sheets whose names a workbook cannot hold).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diffusion.network.formats.marks import lost_survey
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import Sheet, read_sheet
from diffusion.network.network import Network, normalized

AGENT_SHEETS = ("agents", "nodes", "people")
ABOUT_SHEET = "about"
MOST_SHEET_ROWS = 1_048_576
"""What a sheet of Excel holds."""

ROUNDED = "the 17th digit of some strengths: a workbook keeps 16"

_LIKE_ESCAPES = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_CELLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(slots=True)
class Companions:
    """Hold what the sheets beside the ties say.

    Attributes
    ----------
    ids, columns
        The agents and their columns; empty where there is no such sheet.
    about
        What the sheet ``about`` states, by key.
    others
        The names of the other sheets, in order.
    """

    ids: list[str] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    @property
    def synthetic(self) -> bool:
        """Return whether the workbook says that its network was generated."""
        return self.about.get("synthetic", "").casefold() == "true"


def is_workbook(path: Path) -> bool:
    """Tell from a file's name whether it is a workbook."""
    return path.suffix.casefold() in {".xlsx", ".xlsm"}


def read_companions(path: Path, problems: Problems) -> Companions:
    """Return what a workbook says beside its ties; nothing of a text file.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    """
    found = Companions()
    if not is_workbook(path):
        return found
    from diffusion.network.formats.excel import opened

    with opened(path, problems) as book:
        names = book.names if book else []
    for name in names:
        if name.casefold() in AGENT_SHEETS:
            if sheet := read_sheet(path, problems, sheet=name):
                found.ids, found.columns = _agents(sheet, problems)
        elif name.casefold() == ABOUT_SHEET:
            if sheet := read_sheet(path, problems, sheet=name):
                found.about = {row[0]: row[1] for row in sheet.rows if len(row) > 1}
        else:
            found.others.append(name)
    return found


def _agents(sheet: Sheet, problems: Problems) -> tuple[list[str], dict[str, list[str]]]:
    header, rows = sheet.rows[0], sheet.rows[1:]
    places = [place for place, name in enumerate(header) if name.casefold() == "id"]
    if not places:
        problems.add(sheet.path, sheet.lines[0], 'the sheet of agents must have a column "id"')
        return [], {}
    full = [row + [""] * (len(header) - len(row)) for row in rows]
    for row, line in zip(rows, sheet.lines[1:], strict=True):
        if len(row) > len(header):
            problems.add(
                sheet.path, line, f"the row of the sheet of agents has {len(row)} cells, its header {len(header)}"
            )
    first: dict[str, int] = {}
    for row, line in zip(full, sheet.lines[1:], strict=True):
        text = normalized(row[places[0]])
        if not text:
            problems.add(sheet.path, line, "the id in the sheet of agents is empty; give every agent an id")
        elif text in first:
            problems.add(sheet.path, line, f'the id "{text}" was given in row {first[text]}; ids must be unique')
        first.setdefault(text, line)
    columns = {name: [row[place] for row in full] for place, name in enumerate(header) if place not in places and name}
    return [normalized(row[places[0]]) for row in full], columns


def write_workbook(network: Network, path: Path, sheets: Mapping[str, Iterable[Sequence[object]]]) -> list[str]:
    """Write sheets of ties, the agents, and what the network is; return what cells cannot hold.

    Parameters
    ----------
    network
        The network.
    path
        The file.
    sheets
        The rows of every sheet of ties by the sheet's name, under which
        ``about`` may state further keys.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    agents = [["id", "role", *network.columns]]
    agents += [list(row) for row in zip(network.ids, network.roles, *network.columns.values(), strict=True)]
    about = [["name", network.name], ["synthetic", "true" if network.synthetic else "false"]]
    lost = False
    further = list(sheets.get(ABOUT_SHEET, ()))
    for name, rows in {**sheets, AGENT_SHEETS[0]: agents, ABOUT_SHEET: [*about, *further]}.items():
        page = book.create_sheet(name)
        for row in rows:
            cells = [_NOT_IN_CELLS.sub(" ", cell) if isinstance(cell, str) else cell for cell in row]
            lost = lost or cells != list(row)
            page.append([_typed(page, cell) for cell in cells])
    book.save(path)
    told = ["control characters in cells, which became blanks"] if lost else []
    if any(float(f"{strength:.16g}") != strength for strength in network.strength.tolist()):
        told.append(ROUNDED)
    return told + lost_survey(network)


def _typed(page: object, cell: object) -> object:
    """Return a cell; a text that starts like a formula stays a text."""
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(cell, str):
        return cell
    made = WriteOnlyCell(page, value=None)
    made.value = _LIKE_ESCAPES.sub("_x005F_", cell)
    made.data_type = "s"
    return made
