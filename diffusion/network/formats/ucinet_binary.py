"""UCINET datasets: a matrix a level in two files, ``##h`` (what it is) and ``##d`` (its numbers).

Either file may be named; the other stands beside it. Rows are agents from whom
knowledge can flow, columns those to whom; each level is a layer. How the
header is laid out says :mod:`~diffusion.network.formats.ucinet_binary_header`.

A dataset holds labels, numbers and a title, and nothing else of a network. So
what is written here says in its title whether it is synthetic and that ties
point the way knowledge flows; read back, the title tells so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from diffusion.errors import InputError
from diffusion.network.formats.findings import Findings, counted, shortened
from diffusion.network.formats.marks import listed, lost_attributes, lost_survey, unique
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.text import MOST_BYTES, read_bytes
from diffusion.network.formats.ucinet_binary_header import (
    MOST_LABEL_BYTES,
    MOST_TITLE_BYTES,
    SINGLE,
    Header,
    header_bytes,
    is_header,
    read_header,
    title_bytes,
)
from diffusion.network.formats.ucinet_binary_values import exact, known_cells, level_matrices, matrices, singles
from diffusion.network.network import DEFAULT_LAYER, Network, normalized

HEADER, DATA = ".##h", ".##d"

_FLOWS = "knowledge flows from row to column"
_OURS = re.compile(rf" \[(synthetic; )?{_FLOWS}\]$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class _Pair(NamedTuple):
    """Hold the two files of a dataset."""

    header: Path
    data: Path


def recognises(path: Path, head: bytes) -> bool:
    """Tell whether a file is called as one of a dataset is, or begins as a header does."""
    return path.suffix.casefold() in {HEADER, DATA} or is_header(head)


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what a dataset says, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    path
        Either of its two files.
    problems
        Where problems go.
    """
    pair = _pair(path, problems)
    content = read_bytes(pair.header, problems) if pair else None
    if pair is None or content is None:
        return None
    notes: list[str] = []
    findings = Findings(pair.header, problems, notes)
    header = read_header(content, findings, is_ours=_OURS)
    numbers = read_bytes(pair.data, problems) if header else None
    if header is None or numbers is None:
        return None
    levels = matrices(numbers, header, Findings(pair.data, problems, notes))
    agents = _agents(header, findings) if levels else None
    if levels is None or agents is None:
        return None
    tables = Tables(path=path, ids=agents.ids, columns=agents.columns, notes=notes)
    _name(tables, header)
    _fill_in_ties(tables, header, agents, levels)
    return tables


def _pair(path: Path, problems: Problems) -> _Pair | None:
    """Return both files of a dataset, or None having noted that there are not two."""
    suffix = path.suffix.casefold()
    if suffix not in {HEADER, DATA}:
        problems.add(path, None, f'the files of a UCINET dataset end in "{HEADER}" and "{DATA}"; rename it')
        return None
    other = _partner(path)
    if not path.is_file():
        return _Pair(path, other)  # reading it says what is wrong
    if not other.is_file():
        alike = [entry for entry in path.parent.iterdir() if entry.name.casefold() == other.name.casefold()]
        if len(alike) != 1:
            said = f"one of them must stand beside it, but there are {listed(sorted(entry.name for entry in alike))}"
            missing = f"{other.name} must stand beside it; copy both files"
            problems.add(path, None, f"a UCINET dataset is two files: {said if alike else missing}")
            return None
        other = alike[0]
    return _Pair(path, other) if suffix == HEADER else _Pair(other, path)


def _partner(path: Path) -> Path:
    """Return the path of the other file, in the same letter case."""
    letter = path.suffix[-1]
    return path.with_name(path.name[:-1] + {"h": "d", "H": "D", "d": "h", "D": "H"}[letter])


class _Agents(NamedTuple):
    """Hold who stands in the rows and columns of a dataset: the ids, and the places in them of rows and columns."""

    ids: list[str]
    columns: dict[str, list[str]]
    rows: np.ndarray[tuple[int], np.dtype[np.int32]]
    targets: np.ndarray[tuple[int], np.dtype[np.int32]]


def _agents(header: Header, findings: Findings) -> _Agents | None:
    """Return the agents, or None having noted that rows and columns do not say who they are."""
    rows = _ids(header.labels.get("rows"), "row", findings)
    columns = _ids(header.labels.get("columns"), "column", findings)
    if header.rows == header.columns and (rows is None or columns is None):
        ids = rows or columns or [str(place) for place in range(1, header.rows + 1)]
        if rows is None and columns is None:
            findings.note(None, f"the dataset names nobody, so its agents are called 1 to {len(ids):,}")
        return _one_group(ids, ids, ids)
    numbers = range(1, header.rows + header.columns + 1)
    taken = {*(rows or ()), *(columns or ())}
    rows = rows or [unique(str(number), taken) for number in numbers[: header.rows]]
    columns = columns or [unique(str(number), taken) for number in numbers[header.rows :]]
    if set(rows) <= set(columns) or set(columns) <= set(rows):
        _note_differences(rows, columns, findings)
        return _one_group(max(rows, columns, key=len), rows, columns)
    if shared := set(rows) & set(columns):
        _refuse(rows, columns, shared, findings)
        return None
    return _two_groups(rows, columns, findings)


def _ids(labels: Sequence[str] | None, what: str, findings: Findings) -> list[str] | None:
    """Return labels made unique and without control characters; the number where one is empty."""
    if labels is None:
        return None
    plain = [normalized(_CONTROL.sub(" ", label)) for label in labels]
    if empty := plain.count(""):
        who = counted(empty, f"{what} has", f"{what}s have")
        findings.note(None, f"{who} no label; the number stands for it")
    filled = [text or str(place) for place, text in enumerate(plain, start=1)]
    repeated = [text for text, count in Counter(filled).items() if count > 1]
    if not repeated:
        return filled
    said = f"labels {listed(repeated)} are" if len(repeated) > 1 else f"label {listed(repeated)} is"
    advice = f"ids must be unique, so the number of the {what} was put behind it"
    findings.note(None, f"the {what} {said} there more than once; {advice}")
    taken, again = set(filled), set(repeated)
    return [unique(f"{text} {place}", taken) if text in again else text for place, text in enumerate(filled, start=1)]


def _one_group(ids: Sequence[str], rows: Sequence[str], columns: Sequence[str]) -> _Agents:
    index = {text: place for place, text in enumerate(ids)}
    sources, targets = (np.array([index[text] for text in names], dtype=np.int32) for names in (rows, columns))
    return _Agents([*ids], {}, sources, targets)


def _two_groups(rows: Sequence[str], columns: Sequence[str], findings: Findings) -> _Agents:
    findings.note(
        None,
        f"this is a two-mode network: {counted(len(rows), 'row is', 'rows are')} of mode 1, "
        f'{counted(len(columns), "column", "columns")} of mode 2 (column "mode"); all are agents here, and ties are '
        "read as they stand, from row to column",
    )
    agents = _one_group([*rows, *columns], rows, columns)
    return agents._replace(columns={"mode": ["1"] * len(rows) + ["2"] * len(columns)})


def _note_differences(rows: Sequence[str], columns: Sequence[str], findings: Findings) -> None:
    if rows == columns:
        return
    if len(rows) == len(columns):
        findings.note(None, "the columns stand in another order than the rows; they were matched by their labels")
        return
    more, fewer = ("column", "row") if len(columns) > len(rows) else ("row", "column")
    without = counted(abs(len(rows) - len(columns)), f"agent has no {fewer}", f"agents have no {fewer}")
    same = f"every {fewer} has the label of a {more}, so rows and columns were read as the same agents"
    findings.note(None, f"{same}; {without}")


def _refuse(rows: Sequence[str], columns: Sequence[str], shared: set[str], findings: Findings) -> None:
    row, column = (next(text for text in names if text not in shared) for names in (rows, columns))
    findings.problem(
        None,
        f"{counted(len(shared), 'label stands', 'labels stand')} at a row and at a column, but not all: "
        f'"{shortened(row)}" has no column and "{shortened(column)}" no row; give rows and columns the same labels, or '
        "in a two-mode network all different ones",
    )


def _name(tables: Tables, header: Header) -> None:
    """Give a network the name in the title, which of our own also says what ties mean."""
    mark = _OURS.search(header.title)
    tables.follows_knowledge = mark is not None
    tables.synthetic = mark is not None and mark[1] is not None
    tables.name = _CONTROL.sub(" ", header.title[: mark.start()] if mark else header.title).strip()


def _fill_in_ties(tables: Tables, header: Header, agents: _Agents, levels: Sequence[np.ndarray]) -> None:
    names = _layer_names(header)
    source, target, layer, strength = [], [], [], []
    missing, empty = 0, []
    for name, matrix in zip(names, levels, strict=True):
        rows, columns, values, unknown = known_cells(matrix)
        missing += unknown
        if not len(values):
            empty.append(name or DEFAULT_LAYER)
        source.append(agents.rows[rows])
        target.append(agents.targets[columns])
        layer.append([name] * len(values))
        strength.append(values)
    if missing:
        who = counted(missing, "cell holds", "cells hold")
        tables.notes.append(f"{tables.path}: {who} no value: whether there is a tie is not known, so none was read")
    if empty and len(levels) > 1:
        said = f"levels {listed(empty)} are" if len(empty) > 1 else f"level {listed(empty)} is"
        tables.notes.append(f"{tables.path}: the {said} no layer here, for there are no ties in it")
    tables.source, tables.target = np.concatenate(source), np.concatenate(target)
    tables.layer, tables.strength = [*chain.from_iterable(layer)], np.concatenate(strength)


def _layer_names(header: Header) -> list[str]:
    """Return the name of each level: its label; without one its number, or nothing where there is but one level."""
    labels = header.labels.get("levels", [""] * header.levels)
    plain = [normalized(_CONTROL.sub(" ", label)) for label in labels]
    if header.levels == 1:
        return plain
    taken: set[str] = set()
    return [unique(text or f"level {place}", taken) for place, text in enumerate(plain, start=1)]


def write(network: Network, path: Path) -> list[str]:
    """Write a network to both files of a dataset, and return what could not be carried, a line each.

    Parameters
    ----------
    network
        The network.
    path
        Either file; what is there is overwritten, in both.

    Raises
    ------
    InputError
        If the path ends in neither ``.##h`` nor ``.##d``, the matrices would be too large, or a name is too long.
    """
    if path.suffix.casefold() not in {HEADER, DATA}:
        raise InputError(f'{path}: the files of a UCINET dataset end in "{HEADER}" and "{DATA}"; choose such a name')
    layers = network.layers or (DEFAULT_LAYER,)
    _check_sizes(network, layers, path)
    title, told = _title(network)
    values = singles(network.strength)
    labels = {"columns": [*network.ids], "rows": [*network.ids], "levels": [*layers]}
    header = Header(SINGLE, network.size, network.size, len(layers), title, labels)
    pair = _Pair(*(path, _partner(path))[:: 1 if path.suffix.casefold() == HEADER else -1])
    parts = [file.with_name(f"{file.name}.part") for file in pair]
    try:
        parts[0].write_bytes(header_bytes(header))
        with parts[1].open("wb") as file:
            for matrix in level_matrices(
                network.size, len(layers), (network.source, network.target, network.layer, values)
            ):
                matrix.tofile(file)
        for part, whole in zip(parts, pair, strict=True):
            part.replace(whole)
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    return [*_lost_attributes(network), *_changed(network, values), *told, *lost_survey(network)]


def _check_sizes(network: Network, layers: Sequence[str], path: Path) -> None:
    """Refuse what could not be read back."""
    size = network.size**2 * len(layers) * 4
    if size > MOST_BYTES:
        who = f"{network.size:,} agents in {counted(len(layers), 'layer', 'layers')}"
        raise InputError(f"{path}: the matrices of {who} would have {size:,} bytes, too many; write an edge list")
    long = next((name for name in (*network.ids, *layers) if len(name.encode("utf-16-le")) > MOST_LABEL_BYTES), "")
    if long:
        most = MOST_LABEL_BYTES // 2
        raise InputError(f'{path}: the name "{shortened(long)}" is too long; a label has at most {most:,} characters')


def _title(network: Network) -> tuple[str, list[str]]:
    """Return the title, and a line that says so where the name does not fit into it."""
    mark = f" [{'synthetic; ' if network.synthetic else ''}{_FLOWS}]"
    name = network.name[:MOST_TITLE_BYTES]
    while len(title_bytes(name + mark)) > MOST_TITLE_BYTES:
        name = name[:-1]
    told = [] if name == network.name else [f'the end of the name, which is called "{name}" there']
    return name + mark, told


def _lost_attributes(network: Network) -> list[str]:
    lost = lost_attributes(network)
    return [f"what agents are: {', '.join(lost)}; a folder or a workbook (.xlsx) carries them"] if lost else []


def _changed(network: Network, values: np.ndarray) -> list[str]:
    """Return the line that says how many strengths come back otherwise, for numbers have but seven digits there."""
    changed = int((exact(values) != network.strength).sum())
    if not changed:
        return []
    return [f"the strength of {counted(changed, 'tie', 'ties')}, rounded to about 7 digits"]
