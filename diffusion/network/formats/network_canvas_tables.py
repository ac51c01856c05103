"""The CSV files of a Network Canvas export: what each is, told from its name, and what stands in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from diffusion.network.formats.marks import unique
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import SEPARATORS, number, separator_of, sheet_of_text
from diffusion.network.formats.text import decoded
from diffusion.network.network import normalized

ATTRIBUTES, EDGES, MATRIX, EGO = "attributeList", "edgeList", "adjacencyMatrix", "ego"
EGO_UUID, UUID = "networkCanvasEgoUUID", "networkCanvasUUID"
SOURCE_UUID, TARGET_UUID = "networkCanvasSourceUUID", "networkCanvasTargetUUID"
NODE_IDS, EDGE_IDS = ("nodeID", "id"), ("edgeID", "id")
"""What the running number of a node and of a tie is called; versions before 6 say ``id``."""

HEADER_READ = 100_000
"""How many characters of a header are looked at to find the separator."""

_LIST = re.compile(rf"(?:(?P<prefix>.*?)_)?(?P<kind>{ATTRIBUTES}|{EDGES}|{MATRIX})(?:_(?P<type>.*))?\.csv", re.DOTALL)
_EGO = re.compile(r"(?P<prefix>.+)_(?P<kind>ego)\.csv", re.DOTALL)
_GUARDED = re.compile(r"'('*[=+\-@])")
_UNGUARDED = re.compile(r"'*[=+\-@]")


@dataclass(frozen=True, slots=True)
class Member:
    """Say what a file is.

    Attributes
    ----------
    prefix
        Its folder and the beginning of its name, the same in all files of a session.
    kind
        What it lists.
    type
        Of which type of node or tie; often nothing.
    """

    prefix: str
    kind: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """Hold one file.

    Attributes
    ----------
    path
        Where it stands, for problems.
    member
        What it is.
    names
        The names of its columns.
    rows, lines
        Its rows, each as long as there are names, and their lines.
    separator
        What separates cells.
    notes
        What was assumed of it.
    """

    path: Path
    member: Member
    names: list[str]
    rows: list[list[str]]
    lines: list[int]
    separator: str
    notes: list[str]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the line and the cells of each row, by the names of their columns."""
        for line, row in zip(self.lines, self.rows, strict=True):
            yield line, dict(zip(self.names, row, strict=True))

    def number(self, cell: str) -> float | None:
        """Return the number that a cell states, or ``None``."""
        return number(cell, decimal_comma=self.separator != ",")


def member_of(name: str) -> Member | None:
    """Return what a file is, told from its name, or ``None`` where it is no CSV file of an export.

    Examples
    --------
    >>> member_of("out/case1_1a2b_edgeList_works with.csv")
    Member(prefix='out/case1_1a2b', kind='edgeList', type='works with')
    >>> member_of("agents.csv")
    """
    place = PurePosixPath(name)
    found = _LIST.fullmatch(place.name) or _EGO.fullmatch(place.name)
    if found is None:
        return None
    parts = {"type": "", **found.groupdict("")}
    folder = "" if place.parent == PurePosixPath() else f"{place.parent}/"
    return Member(folder + parts["prefix"], parts["kind"], parts["type"])


def tables_of(root: Path, contents: Mapping[str, bytes], problems: Problems) -> list[CsvTable]:
    """Return the CSV files of an export, having noted what is wrong with them as tables.

    Parameters
    ----------
    root
        The archive or folder, for problems.
    contents
        The content of every file, by name.
    problems
        Where problems go.
    """
    members = {name: member_of(name) for name in sorted(contents)}
    tables = [
        _table(root / name, member, contents[name], problems) for name, member in members.items() if member is not None
    ]
    return [table for table in tables if table is not None]


def _table(path: Path, member: Member, content: bytes, problems: Problems) -> CsvTable | None:
    found = decoded(content, path, problems)
    if found is None:
        return None
    separator = separator_of(found.text) if member.kind == MATRIX else _separator(found.text)
    sheet = sheet_of_text(path, found.text, problems, separator=separator)
    if sheet is None:
        return None
    taken: set[str] = set()
    names = [unique(unguarded(normalized(cell)), taken) for cell in sheet.rows[0]]
    table = CsvTable(path, member, names, [], [], separator, found.notes)
    for row, line in zip(sheet.rows[1:], sheet.lines[1:], strict=True):
        if len(row) != len(names):
            said = f"the row has {len(row)} cells, the header {len(names)}; export the session anew"
            problems.add(path, line, said)
            continue
        table.rows.append([*map(unguarded, row)])
        table.lines.append(line)
    return table if member.kind == MATRIX or _has_columns(table, problems) else None


def _separator(text: str) -> str:
    """Return the separator under which the header names the respondent's number; the comma if in doubt."""
    header = re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0][:HEADER_READ]
    cells = {mark: next(csv.reader([header], delimiter=mark), []) for mark in SEPARATORS}
    return next((mark for mark in SEPARATORS if EGO_UUID in map(str.strip, cells[mark])), ",")


def _has_columns(table: CsvTable, problems: Problems) -> bool:
    """Tell whether a table has the columns without which nothing can be made of it, having noted those missing."""
    needed = {ATTRIBUTES: ((*NODE_IDS, UUID),), EDGES: (("from", SOURCE_UUID), ("to", TARGET_UUID)), EGO: ()}
    missing = [
        " or ".join(f'"{name}"' for name in either)
        for either in ((EGO_UUID,), *needed[table.member.kind])
        if not any(name in table.names for name in either)
    ]
    for names in missing:
        said = f"the column {names} is missing; it must be in every file that Network Canvas exports"
        problems.add(table.path, 1, said)
    return not missing


def guarded(text: str) -> str:
    """Return a text so that no spreadsheet takes it for a formula, as Network Canvas does.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-1"), unguarded(guarded("'=x"))
    ("'=1+1", '-1', "'=x")
    """
    return f"'{text}" if _UNGUARDED.match(text) and number(text) is None else text


def unguarded(text: str) -> str:
    """Return a text without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if _GUARDED.match(text) else text
