"""A network as the two tables of Gephi, one of nodes and one of edges.

The table of nodes has the column ``Id`` and, if wanted, ``Label`` and any
others; the table of edges has ``Source`` and ``Target`` and, if wanted,
``Type`` (``Directed``, ``Undirected`` or ``Mutual``; ``Directed`` where it is
blank, as in Gephi), ``Weight`` (the strength) and ``Kind`` (the layer). The two
are a folder, or two files of which either may be named
(:mod:`~diffusion.network.formats.gephi_csv_files`). Ties must join nodes of the
table of nodes; where there is no such table, the agents are those that ties name.

What Gephi means by them: Gephi 0.10, ``ImportNodesProcess`` and ``ImportEdgesProcess`` of its
importer of spreadsheets, https://github.com/gephi/gephi.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import nan
from pathlib import Path

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.formats.gephi_csv_files import (
    EDGES,
    NODES,
    OTHER,
    TYPES,
    Pair,
    is_edges_or_nodes,
    is_folder_of_tables,
    kind_of_name,
    pair_at,
    partner_name,
    tables_in,
)
from diffusion.network.formats.gephi_csv_tables import TIMES, Table, left_out_times, read_table
from diffusion.network.formats.marks import Marks, listed, lost_survey, marked_columns, taken_marks, unique
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.rows import named_ties
from diffusion.network.formats.tables import Tables
from diffusion.network.network import Network, normalized

LABEL, GEPHI_ID = "Label", "Gephi Id"
MOST_LAYERS = 10
"""More distinct labels of ties than these are names of ties, not layers."""


@dataclass(slots=True)
class _Nodes:
    """Hold the table of nodes: the Ids that ties name, and what the agents are called here."""

    index: dict[str, int] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    lines: Sequence[int] = ()
    columns: dict[str, list[str]] = field(default_factory=dict)
    marks: Marks | None = None
    labels: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def recognises(path: Path, head: bytes) -> bool:
    """Tell whether a folder holds Gephi's tables, or a file has the header of one of them."""
    return is_edges_or_nodes(path, head) if head else is_folder_of_tables(path)


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what the two tables say, or ``None`` having noted what is wrong with them.

    Parameters
    ----------
    path
        The folder, or either of the two files.
    problems
        Where problems go: those of both files.
    """
    pair = pair_at(path, problems)
    if pair is None:
        return None
    table = read_table(pair.nodes, problems, required=["Id"], known=[LABEL]) if pair.nodes else None
    nodes = _nodes(table, problems) if table else None
    edges = read_table(
        pair.edges, problems, required=["Source", "Target"], known=["Type", "Kind", "Weight", "Id", LABEL]
    )
    if edges is None:
        return None
    nodes_known = nodes if nodes or pair.nodes is None else _Nodes()
    made = _tables(pair, edges, nodes_known, problems)
    return None if pair.nodes and nodes is None else made


def _nodes(table: Table, problems: Problems) -> _Nodes:
    """Return what a table of nodes says, having noted the Ids that are empty or repeated."""
    made = _Nodes(lines=table.lines, notes=table.sheet.notes)
    made.ids = [*map(normalized, table.taken("Id"))]
    if not made.ids:
        problems.add(table.path, None, "there are no nodes under the header; give one a row")
    for place, (text, line) in enumerate(zip(made.ids, table.lines, strict=True)):
        if not text and place not in table.ragged:
            problems.add(table.path, line, "the Id is empty; give every node an Id")
        elif text in made.index:
            first = table.lines[made.index[text]]
            problems.add(table.path, line, f'the Id "{text}" was given in line {first}; Ids must be unique')
        made.index.setdefault(text, place)
    made.notes += left_out_times(table)
    labels = [*map(normalized, table.taken(LABEL))]
    made.columns = table.columns
    made.marks = taken_marks(made.columns)
    if made.marks:
        made.columns |= {LABEL: labels} if labels != made.ids else {}
    else:
        made.notes += _called_by_label(table.path, made, labels)
    return made


def _called_by_label(path: Path, nodes: _Nodes, labels: Sequence[str]) -> Iterator[str]:
    """Let agents be called by their labels where those tell them apart, and yield what was done."""
    if all(label in {"", text} for label, text in zip(labels, nodes.ids, strict=True)):
        return
    nodes.labels = dict(zip(labels, nodes.ids, strict=True))
    columns = {name.casefold() for name in nodes.columns}
    if "" in nodes.labels or len(nodes.labels) < len(labels):
        nodes.columns[LABEL] = [*labels]
        yield f"{path}: not every node has a Label of its own, so agents are called by their Id; Label is a column"
    else:
        kept = GEPHI_ID if GEPHI_ID.casefold() not in columns else unique(GEPHI_ID, {*nodes.columns, GEPHI_ID})
        nodes.columns[kept] = nodes.ids
        nodes.ids = [*labels]
        yield f'{path}: agents are called by their Label, for every node has one of its own; "{kept}" keeps the Id'


def _tables(pair: Pair, edges: Table, nodes: _Nodes | None, problems: Problems) -> Tables:
    """Return what both tables say; ``nodes`` is None where there is no table of them."""
    found = nodes or _Nodes()
    source, target = (_ends(pair, edges, side, found, problems, alone=nodes is None) for side in ("Source", "Target"))
    marks = found.marks
    notes = [*found.notes, *edges.sheet.notes]
    directed = _directed(edges, problems, notes, silent=marks is not None)
    strength = _strength(edges, problems)
    layer = _layer(edges, notes)
    if nodes is None:
        notes.append(
            f'{pair.edges}: there is no table of nodes beside it ("{pair.wanted}"), so agents without ties are missing'
        )
    if pair.others:
        notes.append(f"{pair.edges.parent}: {listed(pair.others)} in the same folder was not read")
    return Tables(
        path=pair.edges,
        ids=found.ids if nodes else [*found.index],
        columns=found.columns,
        source=source,
        target=target,
        layer=layer,
        strength=strength,
        directed=directed,
        lines=edges.lines,
        agents_path=pair.nodes,
        agent_lines=found.lines,
        name=marks.name if marks else pair.name,
        synthetic=marks.synthetic if marks else False,
        follows_knowledge=marks is not None,
        notes=notes,
    )


def _ends(pair: Pair, edges: Table, side: str, nodes: _Nodes, problems: Problems, *, alone: bool) -> list[int]:
    """Return the nodes at one end of the edges, having noted the unknown; where there is no table, all are new."""
    places = []
    for row, text in enumerate(map(normalized, edges.taken(side))):
        if text and alone:
            nodes.index.setdefault(text, len(nodes.index))
        elif text not in nodes.index and row not in edges.ragged and (nodes.index or not text):
            said = f"the {side} is empty"
            if text:
                said = f'the {side} "{text}" is no Id of {pair.nodes.name if pair.nodes else ""}'
            if text in nodes.labels:
                said += f' but a Label; write its Id, "{nodes.labels[text]}"'
            problems.add(edges.path, edges.lines[row], said, unknown=text if text not in nodes.labels else None)
        places.append(nodes.index.get(text, 0))
    if nodes.index:
        problems.known = [*nodes.index]
    return places


def _directed(edges: Table, problems: Problems, notes: list[str], *, silent: bool) -> list[bool]:
    """Return which ties are directed, having noted Types that are not known."""
    texts = edges.taken("Type")
    hints = {text: nearest_name_hint(text, ["Directed", "Undirected", "Mutual"]) for text in set(texts)}
    for row, text in enumerate(texts):
        if text and text.casefold() not in TYPES and row not in edges.ragged:
            said = f'the Type must be Directed, Undirected or Mutual, not "{text}"{hints[text]}'
            problems.add(edges.path, edges.lines[row], said)
    if blank := texts.count("") if not silent else 0:
        who = "no tie has a Type, so all" if blank == len(texts) else f"{blank:,} of the ties have no Type and"
        notes.append(f"{edges.path}: {who} were read as directed, as Gephi does")
    return [TYPES.get(text.casefold(), True) for text in texts]


def _strength(edges: Table, problems: Problems) -> list[float]:
    """Return the Weights, NaN for empty cells, having noted what is no number."""
    strengths = []
    for row, text in enumerate(edges.taken("Weight")):
        value = edges.sheet.number(text) if text else nan
        if value is None and row not in edges.ragged:
            if text.startswith("<"):
                said = f"the Weight changes over time ({text[:30]}…); export the edges with one Weight each"
            else:
                advice = "; write the decimal mark as a point" if "," in text else ""
                said = f'the Weight must be a number, not "{text}"{advice}'
            problems.add(edges.path, edges.lines[row], said)
        strengths.append(nan if value is None else value)
    return strengths


def _layer(edges: Table, notes: list[str]) -> list[str]:
    """Return the layers of ties: their Kind, or their Label where few labels are shared by many; note the rest."""
    kinds, labels = edges.taken("Kind"), edges.taken(LABEL)
    edges.taken("Id")
    notes += left_out_times(edges)
    distinct = {*labels}
    left_out = [name for name, cells in edges.columns.items() if any(cells)]
    shared = "" not in distinct and len(distinct) <= MOST_LAYERS and 2 * len(distinct) <= len(labels)
    if not any(kinds) and labels and shared:
        kinds = labels
        told = listed(sorted(distinct), most=MOST_LAYERS)
        notes.append(f"{edges.path}: there is no Kind of ties, so their Label was read as the layer ({told})")
    elif any(labels):
        left_out.insert(0, LABEL)
    if left_out:
        advice = "the layer of a tie is its Kind, its strength its Weight"
        notes.append(f"{edges.path}: of the columns of ties {listed(left_out)} was left out; {advice}")
    return kinds


def write(network: Network, path: Path) -> list[str]:
    """Write a network to the two tables, which Gephi imports as they are.

    Parameters
    ----------
    network
        The network. Its column ``Label``, if it has one, is the label of nodes
        in Gephi; otherwise the ids are.
    path
        A folder, made if need be, for ``nodes.csv`` and ``edges.csv``, which are
        overwritten; or a file ``.csv`` for one of them, beside which the other goes.

    Returns
    -------
    What could not be carried, a line each.

    Raises
    ------
    InputError
        If another network is there, with which this one would be mixed.
    """
    pair = _pair_to_write(path)
    labels: Sequence[str] = network.columns.get(LABEL, network.ids)
    others = {name: cells for name, cells in network.columns.items() if name != LABEL or tuple(labels) == network.ids}
    columns, lost = marked_columns(replace(network, columns=others), reserved=("id", LABEL.casefold(), *TIMES))
    nodes = zip(network.ids, labels, *columns.values(), strict=True)
    edges = ([tie.source, tie.target, "Directed", tie.layer, repr(tie.strength)] for tie in named_ties(network))
    pair[NODES].parent.mkdir(exist_ok=True)
    _write_rows(pair[NODES], [["Id", LABEL, *columns], *nodes])
    _write_rows(pair[EDGES], [["Source", "Target", "Type", "Kind", "Weight"], *edges])
    return [*lost, *lost_survey(network)]


def _pair_to_write(path: Path) -> dict[str, Path]:
    """Return where the two tables go, having refused a place where they would not be found again, or not alone."""
    if path.suffix.casefold() == ".csv" and not path.is_dir():
        kind = kind_of_name(path) or EDGES
        other = path.with_name(partner_name(path, OTHER[kind]))
        if other.exists() and not path.exists():
            raise InputError(f"{path}: {other.name}, where its other table would go, is there already; name another")
        return {kind: path, OTHER[kind]: other}
    if path.is_dir():
        _check_folder(path)
    elif path.exists():
        raise InputError(f"{path}: the two tables of Gephi are written to a folder, and this is a file")
    return {kind: path / f"{kind}.csv" for kind in (NODES, EDGES)}


def _check_folder(path: Path) -> None:
    tables = [other.name for others in tables_in(path).values() for other in others]
    others = [name for name in tables if name not in {f"{NODES}.csv", f"{EDGES}.csv"}]
    others += [name for name in ("agents.csv", "ties.csv") if (path / name).exists()]
    if others:
        said = "which would be mixed with the tables of this one; name another folder"
        raise InputError(f"{path}: the folder holds a network already ({listed(sorted(others))}), {said}")


def _write_rows(path: Path, rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)
