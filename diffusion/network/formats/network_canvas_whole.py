"""A whole network as one session of Network Canvas without a respondent, written and read.

The nodes of such a session state no ``networkCanvasEgoUUID``; their fourth
column holds the agents' ids, and two more the network's name and making (see
:mod:`~diffusion.network.formats.marks`). Ties say in ``layer`` what they are,
in ``strength`` how strong, and in ``directed`` that they lead one way.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import nan
from pathlib import Path

import numpy as np

from diffusion.errors import InputError
from diffusion.network.formats.marks import NAME_MARK, SYNTHETIC_MARK, lost_survey, marked_columns, taken_marks, unique
from diffusion.network.formats.network_canvas_tables import (
    ATTRIBUTES,
    EDGES,
    EGO_UUID,
    SOURCE_UUID,
    TARGET_UUID,
    UUID,
    CsvTable,
    guarded,
)
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import Tables
from diffusion.network.network import Network, normalized

NODE_COLUMNS = ("nodeID", EGO_UUID, UUID)
EDGE_COLUMNS = ("edgeID", "from", "to", EGO_UUID, UUID, SOURCE_UUID, TARGET_UUID, "layer", "strength", "directed")
ID_NAMES = ("name", "label", "agent", "agent_id", "agent_name")

_SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The time of every member, so that one network always gives one archive."""


def is_whole(tables: Sequence[CsvTable]) -> bool:
    """Tell whether files hold a whole network that was written as a session."""
    nodes = [table for table in tables if table.member.kind == ATTRIBUTES]
    return bool(nodes) and all({NAME_MARK, SYNTHETIC_MARK} < {*table.names[4:]} for table in nodes)


def whole_network(path: Path, tables: Sequence[CsvTable], problems: Problems) -> Tables | None:
    """Return the whole network in the files of a session, having noted what is wrong with it.

    Parameters
    ----------
    path
        The archive or folder.
    tables
        The files.
    problems
        Where problems go.
    """
    nodes, *others = [table for table in tables if table.member.kind == ATTRIBUTES]
    for table in others:
        problems.add(table.path, None, "a whole network has one attributeList only; remove the other export")
    columns = {name: [row[place] for row in nodes.rows] for place, name in enumerate(nodes.names) if place > 3}
    marks = taken_marks(columns)
    if marks is None:
        said = f"{NAME_MARK} and {SYNTHETIC_MARK} must say the same of every agent, true or false in the latter"
        problems.add(nodes.path, 1, said)
        return None
    ties = _Ties()
    index = {row[0]: place for place, row in enumerate(nodes.rows)}
    for table in (table for table in tables if table.member.kind == EDGES):
        _add_ties(ties, table, index, problems)
    return Tables(
        path=path,
        ids=_ids(nodes, problems),
        columns=columns,
        source=ties.source,
        target=ties.target,
        layer=ties.layer,
        strength=ties.strength,
        directed=ties.directed,
        agents_path=nodes.path,
        agent_lines=nodes.lines,
        name=marks.name,
        synthetic=marks.synthetic,
        follows_knowledge=True,
        notes=[note for table in tables for note in table.notes],
    )


@dataclass(slots=True)
class _Ties:
    """Hold the ties of all files."""

    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    layer: list[str] = field(default_factory=list)
    strength: list[float] = field(default_factory=list)
    directed: list[bool] = field(default_factory=list)


def _ids(nodes: CsvTable, problems: Problems) -> list[str]:
    """Return the agents' ids, having noted the empty and the repeated."""
    ids = [normalized(row[3]) for row in nodes.rows]
    first: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for text, row, line in zip(ids, nodes.rows, nodes.lines, strict=True):
        if not text:
            problems.add(nodes.path, line, f"the {nodes.names[3]} is empty; give every agent one")
        elif text in first:
            said = f'the {nodes.names[3]} "{text}" was given in line {first[text]}; it must be unique'
            problems.add(nodes.path, line, said)
        elif row[0] in numbers:
            said = f'the {nodes.names[0]} "{row[0]}" was given in line {numbers[row[0]]}; it must be unique'
            problems.add(nodes.path, line, said)
        first.setdefault(text, line)
        numbers.setdefault(row[0], line)
    return ids


def _add_ties(ties: _Ties, table: CsvTable, index: dict[str, int], problems: Problems) -> None:
    for line, cells in table.records():
        ends = [cells.get(side, "") for side in ("from", "to")]
        for side, key in zip(("from", "to"), ends, strict=True):
            if key not in index:
                problems.add(table.path, line, f'{side} "{key}" is no nodeID of the attributeList')
        text = cells.get("strength", "")
        strength = table.number(text) if text else nan
        if strength is None:
            problems.add(table.path, line, f'"strength" must be a number above 0 and at most 1, not "{text}"')
        ties.source.append(index.get(ends[0], 0))
        ties.target.append(index.get(ends[1], 0))
        ties.layer.append(cells.get("layer", table.member.type))
        ties.strength.append(nan if strength is None else strength)
        ties.directed.append(cells.get("directed", "").casefold() == "true")


def write_whole(network: Network, path: Path) -> list[str]:
    """Write a network as a zip archive that holds one session: a list of nodes, and one of ties for each layer.

    Parameters
    ----------
    network
        The network.
    path
        The archive; what is there is overwritten.

    Returns
    -------
    What could not be carried, a line each.

    Raises
    ------
    InputError
        If the path is that of a folder.
    """
    if path.is_dir():
        raise InputError(f"{path}: this is a folder; a Network Canvas export is written as one .zip file")
    reserved = [*map(str.casefold, NODE_COLUMNS)]
    columns, lost = marked_columns(network, reserved=reserved)
    prefix = f"{_safe(network.name) or 'network'}_{_uuid('session', 0)}"
    texts = {f"{prefix}_{ATTRIBUTES}_agent.csv": _csv_text(_node_rows(network, columns))}
    taken: set[str] = set()
    for place, layer in enumerate(network.layers):
        name = unique(f"{prefix}_{EDGES}_{_safe(layer) or 'tie'}".casefold(), taken)[len(prefix) :]
        texts[f"{prefix}{name.replace(EDGES.casefold(), EDGES, 1)}.csv"] = _csv_text(_edge_rows(network, place))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, _OLDEST), text.encode(), zipfile.ZIP_DEFLATED)
    return [*lost, *lost_survey(network)]


def _safe(text: str) -> str:
    """Return what may stand in a file's name, not too long."""
    return re.sub(r"[^\w -]", "", text).strip()[:40]


def _uuid(kind: str, place: int) -> str:
    """Return a number as Network Canvas gives to everything, the same in every export."""
    return str(uuid.uuid5(_SPACE, f"{kind} {place}"))


def _node_rows(network: Network, columns: dict[str, list[str]]) -> Iterator[Sequence[object]]:
    taken = {*map(str.casefold, columns)}
    yield [*NODE_COLUMNS, next(name for name in ID_NAMES if name not in taken), *columns]
    for place, (text, *cells) in enumerate(zip(network.ids, *columns.values(), strict=True)):
        yield [place + 1, "", _uuid("node", place), text, *cells]


def _edge_rows(network: Network, layer: int) -> Iterator[Sequence[object]]:
    yield EDGE_COLUMNS
    for place in np.flatnonzero(network.layer == layer).tolist():
        ends = int(network.source[place]), int(network.target[place])
        numbers = [network.size + place + 1, *(end + 1 for end in ends), "", _uuid("tie", place)]
        said = network.layers[layer], repr(float(network.strength[place])), "true"
        yield [*numbers, *(_uuid("node", end) for end in ends), *said]


def _csv_text(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([guarded(str(cell)) for cell in row] for row in rows)
    return text.getvalue()
