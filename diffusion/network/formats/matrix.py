"""Adjacency matrices: a row and a column an agent, in CSV, separated text, or an Excel workbook.

A cell says whether, and how strongly, knowledge can flow from the agent of its
row to that of its column. The first row and the first column name the agents;
without names they are numbered. The sheets of a workbook are the layers of one
network, beside the sheets ``agents`` and ``about``
(:mod:`~diffusion.network.formats.workbooks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.formats.marks import lost_attributes, lost_survey
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import Sheet, read_sheet, sheet_of_text, write_sheet
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.text import beginning
from diffusion.network.formats.workbooks import is_workbook, read_companions, write_workbook
from diffusion.network.network import DEFAULT_LAYER, Network, normalized

TIES = {"x", "yes", "true"}
NO_TIES = {"", "0", "no", "false", "-", "."}
MOST_AGENTS = 10_000
"""More rows and columns are refused: the file would have a hundred million cells."""

LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAMES = set("[]:*?/\\'")


@dataclass(slots=True)
class _Grid:
    """Hold the cells of a matrix and the names of its rows and columns."""

    sheet: Sheet
    rows: list[str]
    columns: list[str]
    cells: list[list[str]]
    lines: list[int]


@dataclass(slots=True)
class _Ties:
    """Collect ties while matrices are read."""

    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    layer: list[str] = field(default_factory=list)
    strength: list[float] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def recognises(path: Path, head: bytes) -> bool:
    """Tell whether a sheet looks like a matrix: its rows are named as its columns are, or all its cells are numbers."""
    problems = Problems()
    if is_workbook(path):
        beside = read_companions(path, problems)
        first = next(iter(beside.others), None)
        sheet = read_sheet(path, problems, sheet=first) if first else None
        return sheet is not None and _looks_like_a_matrix(sheet, whole=True)
    whole = path.stat().st_size <= len(head)
    text = beginning(head)
    if not whole:  # the last line was cut
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    sheet = sheet_of_text(path, text, problems) if text.strip() else None
    return sheet is not None and _looks_like_a_matrix(sheet, whole=whole)


def _looks_like_a_matrix(sheet: Sheet, *, whole: bool) -> bool:
    width = len(sheet.rows[0])
    if width < 3 or (not whole and len(sheet.rows) < 2):
        return width == 2 and whole and len(sheet.rows) == 2 and _is_bare(sheet)
    names = {cell.casefold() for cell in sheet.rows[0][1:]}
    rows = [row[0].casefold() for row in sheet.rows[1:] if row]
    body = [cell for row in sheet.rows[1:20] for cell in row[1:]]
    few = all(_cell_value(sheet, cell) is not None for cell in body)
    if whole and _is_bare(sheet):
        return len(sheet.rows) == width
    return few and (not sheet.rows[0][0] or sum(name in names for name in rows) > len(rows) / 2)


def _is_bare(sheet: Sheet) -> bool:
    """Tell whether all cells of a sheet, names included, are numbers."""
    return all(sheet.number(cell) is not None for row in sheet.rows for cell in row)


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what matrices say, or ``None`` having noted what is wrong with them.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    """
    beside = read_companions(path, problems)
    if problems.found:
        return None
    made = Tables(path=path, ids=[*beside.ids], name=beside.about.get("name", ""), synthetic=beside.synthetic)
    index = {text: place for place, text in enumerate(beside.ids)}
    ties = _Ties()
    modes: dict[str, str] = {}
    names: list[str | None] = [*beside.others] or [None]
    for name in names:
        sheet = read_sheet(path, problems, sheet=name)
        grid = _grid(sheet, problems) if sheet else None
        if grid is None:
            continue
        layer = beside.about.get(f"layer {name}", name or "") if len(beside.others) > 1 or beside.about else ""
        made.notes += grid.sheet.notes
        _place(grid, index, modes, made.notes)
        _collect(grid, index, layer, ties, problems)
    made.ids = list(index)
    made.source, made.target, made.layer = ties.source, ties.target, ties.layer
    made.strength, made.lines = ties.strength, ties.lines
    made.columns = {key: cells + [""] * (len(index) - len(cells)) for key, cells in beside.columns.items()}
    if modes:
        made.columns["mode"] = [modes.get(name, "") for name in made.ids]
    made.follows_knowledge = "name" in beside.about
    return made


def _grid(sheet: Sheet, problems: Problems) -> _Grid | None:
    """Return the names and the cells of a matrix, or None having noted why there is none."""
    if max(len(sheet.rows), *map(len, sheet.rows)) > MOST_AGENTS + 1:
        problems.add(sheet.path, None, f"a matrix of more than {MOST_AGENTS:,} agents is not read; write an edge list")
        return None
    if _is_bare(sheet) and len(sheet.rows) == max(map(len, sheet.rows)):
        names = [str(number) for number in range(1, len(sheet.rows) + 1)]
        sheet.notes.append(f"{sheet.path}: the matrix names nobody, so its agents are called 1 to {len(names)}")
        grid = _Grid(sheet, names, names, sheet.rows, sheet.lines)
    else:
        columns = [normalized(cell) for cell in sheet.rows[0][1:]]
        rows = [normalized(row[0]) for row in sheet.rows[1:]]
        grid = _Grid(sheet, rows, columns, [row[1:] for row in sheet.rows[1:]], sheet.lines[1:])
    found = len(problems.found)
    _check_names(grid, problems)
    for row, line in zip(grid.cells, grid.lines, strict=True):
        if len(row) > len(grid.columns):
            problems.add(sheet.path, line, f"the row has {len(row)} cells, for {len(grid.columns)} columns")
    return grid if len(problems.found) == found else None


def _check_names(grid: _Grid, problems: Problems) -> None:
    path, top = grid.sheet.path, grid.sheet.lines[0]
    for what, names, lines in (
        ("column", grid.columns, [top] * len(grid.columns)),
        ("row", grid.rows, grid.lines),
    ):
        for place, (name, line) in enumerate(zip(names, lines, strict=True), start=1):
            if not name:
                problems.add(path, line, f"{what} {place} of the matrix has no name")
            elif names.index(name) != place - 1:
                problems.add(path, line, f'two {what}s of the matrix are called "{name}"; names must be unique')
    if not set(grid.rows) & set(grid.columns):
        return  # two groups: who is in the rows is tied to who is in the columns
    for name in [name for name in grid.rows if name and name not in set(grid.columns)]:
        hint = nearest_name_hint(name, set(grid.columns) - set(grid.rows)) or "; give it one, of zeros if need be"
        problems.add(path, grid.lines[grid.rows.index(name)], f'"{name}" has a row but no column in the matrix{hint}')
    for name in [name for name in grid.columns if name and name not in set(grid.rows)]:
        hint = nearest_name_hint(name, set(grid.rows) - set(grid.columns)) or "; give it one, of zeros if need be"
        problems.add(path, top, f'"{name}" has a column but no row in the matrix{hint}')


def _place(grid: _Grid, index: dict[str, int], modes: dict[str, str], notes: list[str]) -> None:
    """Give every agent of a matrix its place; where rows and columns are two groups say so."""
    for name in [*grid.rows, *grid.columns]:
        index.setdefault(name, len(index))
    if grid.rows and grid.columns and not set(grid.rows) & set(grid.columns):
        modes.update(dict.fromkeys(grid.rows, "1") | dict.fromkeys(grid.columns, "2"))
        notes.append(
            f"{grid.sheet.path}: rows and columns name different agents (a two-mode network); the column mode says "
            "which: 1 for rows, 2 for columns"
        )


def _collect(grid: _Grid, index: dict[str, int], layer: str, ties: _Ties, problems: Problems) -> None:
    columns = [index[name] for name in grid.columns]
    for name, row, line in zip(grid.rows, grid.cells, grid.lines, strict=True):
        for place, cell in enumerate(row):
            if cell in NO_TIES:
                continue
            value = _cell_value(grid.sheet, cell)
            if value is None:
                must = "a number, or empty for no tie"
                problems.add(
                    grid.sheet.path, line, f'the cell in column "{grid.columns[place]}" must be {must}, not "{cell}"'
                )
            elif value != 0:
                ties.source.append(index[name])
                ties.target.append(columns[place])
                ties.layer.append(layer)
                ties.strength.append(value)
                ties.lines.append(line)


def _cell_value(sheet: Sheet, cell: str) -> float | None:
    if cell.casefold() in NO_TIES:
        return 0.0
    return 1.0 if cell.casefold() in TIES else sheet.number(cell)


def write(network: Network, path: Path) -> list[str]:
    """Write a matrix, or in a workbook one a layer, and return what it cannot carry.

    Parameters
    ----------
    network
        The network.
    path
        The file; a workbook carries everything, a text file one matrix of strengths.

    Raises
    ------
    InputError
        If there are too many agents for a matrix.
    """
    if network.size > MOST_AGENTS:
        raise InputError(f"{path}: a matrix of {network.size:,} agents would be too large; write an edge list")
    if is_workbook(path):
        return _write_workbook(network, path)
    write_sheet(_rows(network, np.ones(network.tie_count, dtype=bool)), path)
    told = lost_survey(network)
    if lost := lost_attributes(network):
        told.insert(0, f"what agents are: {', '.join(lost)}; a folder or a workbook (.xlsx) carries them")
    if len(network.layers) > 1:
        told.append(f"which layer a tie belongs to: of {', '.join(network.layers)} the strongest tie was kept")
    elif network.layers and network.layers[0] != DEFAULT_LAYER:
        told.append(f'the name of the layer, "{network.layers[0]}"')
    if network.synthetic:
        told.append("that the network is synthetic; say so wherever you show it")
    return told


def _rows(network: Network, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[list[object]]:
    """Return a matrix with names, of the ties that are kept; of several between two agents the strongest."""
    cells: dict[tuple[int, int], float] = {}
    for source, target, strength in zip(
        network.source[kept].tolist(), network.target[kept].tolist(), network.strength[kept].tolist(), strict=True
    ):
        cells[source, target] = max(strength, cells.get((source, target), 0.0))
    size = range(network.size)
    body = [[network.ids[row], *(cells.get((row, column), 0) for column in size)] for row in size]
    return [["", *network.ids], *body]


def _write_workbook(network: Network, path: Path) -> list[str]:
    names = _sheet_names(network.layers or (DEFAULT_LAYER,))
    sheets = {name: _rows(network, network.layer == place) for place, name in enumerate(names)}
    labels = [[f"layer {name}", layer] for name, layer in zip(names, network.layers, strict=False)]
    return write_workbook(network, path, {**sheets, "about": labels})


def _sheet_names(layers: Sequence[str]) -> list[str]:
    """Return a name of a sheet for each layer: the layer's where a workbook can hold it."""
    names: list[str] = []
    for number, layer in enumerate(layers, start=1):
        fits = len(layer) <= LONGEST_SHEET_NAME and not NOT_IN_SHEET_NAMES & set(layer)
        taken = {"agents", "nodes", "people", "about", "ties", "history", *map(str.casefold, names)}
        names.append(layer if fits and layer.casefold() not in taken else f"layer {number}")
    return names
