"""EgoNet's exports of personal networks: raw data, adjacency matrices and edge lists, in CSV.

Grammar, as https://github.com/egonet/egonet writes it (``RawDataCSVWriter``,
``AdjacencyWriter``, ``EdgeListWriter``):

*Raw data* are two tables with a blank line between them::

    "EgoID","EgoName","AlterID","AlterName",<questions about ego>,<about alters>
    "1","Kim","0","Ann","34","friend"

    "EgoID","EgoName","AlterID1","AlterName1","AlterID2","AlterName2",<about pairs>
    "1","Kim","0","Ann","1","Bob","2"

Respondents are numbered from 1, the alters of each from 0. Every pair of alters
has one row. A question about pairs is a layer; 0 and -1 (no answer) are no tie,
other numbers are strengths.

An *adjacency matrix* (of one respondent's alters) has the words ``Adjacency
Matrix`` in its first line, names in the second row and the first column, and 1
all down its diagonal. An *edge list* has neither header nor respondent:
``"Ann","Bob",1``. It looks like any other edge list, so its format must be named.

A whole network is written as raw data of respondent 0, who is nobody, with its
name and making in two columns (see :mod:`~diffusion.network.formats.marks`) and
a row for each direction of a tie.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from diffusion.network.formats.ego_networks import Alter, AlterTie, PersonalNetwork, stacked
from diffusion.network.formats.egonet_raw import ALTER_HEADER, NOBODY, PAIR_HEADER, raw_separator, read_raw
from diffusion.network.formats.layer_columns import strengths_by_pair
from diffusion.network.formats.marks import lost_survey, marked_columns
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import Sheet, separator_of, sheet_of_text
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.text import read_text
from diffusion.network.network import Network, normalized

MATRIX = "adjacency matrix"


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the first bytes say enough
    """Tell whether a file begins as raw data or as an adjacency matrix of EgoNet do."""
    line = _first_line(head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("latin-1"))
    return _is_matrix(line) or bool(raw_separator(line))


def _first_line(text: str) -> str:
    """Return the first line that is not blank."""
    return next((line for line in io.StringIO(text, newline=None) if line.strip()), "").strip()


def _is_matrix(line: str) -> bool:
    return line.casefold().strip('",;\t ') == MATRIX


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what a file says, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    path
        The file; one that begins neither as raw data nor as a matrix is read as an edge list.
    problems
        Where problems go.
    """
    found = read_text(path, problems)
    if found is None:
        return None
    line = _first_line(found.text)
    if separator := raw_separator(line):
        tables = read_raw(path, found.text, separator, problems)
    else:
        tables = _read_matrix_or_list(path, found.text, problems, matrix=_is_matrix(line))
    if tables is not None:
        tables.notes += found.notes
    return tables


def _read_matrix_or_list(path: Path, text: str, problems: Problems, *, matrix: bool) -> Tables | None:
    separator = separator_of(text.partition("\n")[2] if matrix else text)
    sheet = sheet_of_text(path, text, problems, separator=separator)
    if sheet is None:
        return None
    network = _matrix(sheet, problems) if matrix else _edge_list(sheet, problems)
    if not network.alters:
        return None
    tables = stacked(path, [network])
    tables.notes.append(f"{path}: the file does not say whose alters these are, so the respondent is missing")
    if not matrix:
        tables.notes.append(f"{path}: an edge list does not name alters without ties, so they are missing")
    return tables


def _matrix(sheet: Sheet, problems: Problems) -> PersonalNetwork:
    """Return the alters and ties of an adjacency matrix, having noted where it is none."""
    network = PersonalNetwork(None)
    names = sheet.rows[1][1:] if len(sheet.rows) > 1 else []
    while names and not names[-1]:
        names.pop()
    rows, lines = sheet.rows[2:], sheet.lines[2:]
    if not names or len(rows) != len(names):
        said = f"the second row names {len(names):,} alters, and {len(rows):,} rows follow; there must be one for each"
        problems.add(sheet.path, sheet.lines[min(1, len(sheet.lines) - 1)], said)
        return network
    values: list[list[float]] = []
    for place, (name, row, line) in enumerate(zip(names, rows, lines, strict=True)):
        if not row[0] or normalized(row[0]) != normalized(name):
            said = f'row {place + 1} must be of the alter of column {place + 1}, "{name}", not "{row[0]}"'
            problems.add(sheet.path, line, said)
        values.append(_row_values(sheet, row, line, len(names), problems))
        network.alters.append(Alter(str(place + 1), name, line=line))
    network.ties = list(_matrix_ties(values, lines))
    return network


def _row_values(sheet: Sheet, row: list[str], line: int, width: int, problems: Problems) -> list[float]:
    """Return the numbers in a row of a matrix, an empty cell as 0, having noted what is none."""
    cells = row[1:]
    if len(cells) < width or any(cells[width:]):
        said = (
            f"the row has {len(cells):,} values, but there are {width:,} alters; fill it up, or quote names with commas"
        )
        problems.add(sheet.path, line, said)
        return [0.0] * width
    values = [sheet.number(cell) if cell else 0.0 for cell in cells[:width]]
    for cell, value in zip(cells, values, strict=False):
        if value is None:
            problems.add(sheet.path, line, f'a cell of the matrix must be a number, 0 for no tie, not "{cell}"')
    return [value or 0.0 for value in values]


def _matrix_ties(values: list[list[float]], lines: list[int]) -> Iterator[AlterTie]:
    """Yield the ties off the diagonal; equal ones in both directions as one without a direction."""
    for row, cells in enumerate(values):
        for column, strength in enumerate(cells):
            back = values[column][row]
            if row != column and strength and (row < column or back != strength):
                yield AlterTie(row, column, "", strength, directed=back != strength, line=lines[row])


def _edge_list(sheet: Sheet, problems: Problems) -> PersonalNetwork:
    """Return the alters and ties of an edge list, having noted rows that are none."""
    network = PersonalNetwork(None)
    index: dict[str, int] = {}
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        names = [*map(normalized, row[:2])]
        strength = sheet.number(row[2]) if len(row) == 3 else None
        if strength is None or not all(names):
            said = 'a row of an EgoNet edge list is "name","name",number'
            problems.add(
                sheet.path, line, f"{said}, not {','.join(row)!r:.60}; a header or other columns do not belong there"
            )
            continue
        for name in names:
            if name not in index:
                index[name] = len(index)
                network.alters.append(Alter(str(len(index)), name, line=line))
        network.ties.append(AlterTie(index[names[0]], index[names[1]], "", strength, line=line))
    return network


def write(network: Network, path: Path) -> list[str]:
    """Write a network to a file, as raw data of a respondent who is nobody.

    Each layer is a question about pairs, and a tie is written once for each
    direction in which knowledge can flow.

    Parameters
    ----------
    network
        The network.
    path
        The file; what is there is overwritten.

    Returns
    -------
    What could not be carried, a line each.
    """
    columns, lost = marked_columns(network, reserved=[*map(str.casefold, ALTER_HEADER)])
    layers, renamed = _layer_names(network)
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([*ALTER_HEADER, *columns])
    for place, (name, *cells) in enumerate(zip(network.ids, *columns.values(), strict=True)):
        writer.writerow([NOBODY, network.name, place, name, *cells])
    text.write("\n")
    writer.writerow([*PAIR_HEADER, *layers])
    for pair, strengths in strengths_by_pair(network).items():
        ends = [part for place in pair for part in (place, network.ids[place])]
        writer.writerow([NOBODY, network.name, *ends, *strengths])
    path.write_bytes(text.getvalue().encode())
    return [*lost, *renamed, *lost_survey(network)]


def _layer_names(network: Network) -> tuple[list[str], list[str]]:
    """Return the names of the questions about pairs, and what had to be renamed, a line each."""
    names = [f"{layer} (2)" if layer in PAIR_HEADER else layer for layer in network.layers]
    renamed = {old: new for old, new in zip(network.layers, names, strict=True) if old != new}
    return names, [
        f'the layer "{old}" is called "{new}", for its name means something else there' for old, new in renamed.items()
    ]
