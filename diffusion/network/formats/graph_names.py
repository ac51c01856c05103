"""What the agents of a GraphML or GEXF file are called: by their labels, where these name each of them, or by ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diffusion.network.formats.graph_records import Graph
from diffusion.network.formats.marks import listed, unique
from diffusion.network.network import normalized

LABEL_NAMES = ("label", "name")
"""The attributes that may name agents."""

KEPT_ID = "id"
"""The attribute in which igraph keeps the ids of nodes that it read; it numbers them anew."""

NODE_ID, LABEL, GROUP = "node_id", "label", "group"


@dataclass(slots=True)
class Agents:
    """Hold the agents of a file.

    Attributes
    ----------
    ids
        What they are called.
    columns
        What is said of them.
    lines
        Their lines.
    places
        The place of each among them, by that of its node.
    """

    ids: list[str]
    columns: dict[str, list[str]]
    lines: list[int]
    places: dict[int, int]


def agents_of(graph: Graph, columns: dict[str, list[str]], tied: set[int], *, ours: bool) -> Agents:
    """Return the agents of a graph, having noted what they are called by, and who is none.

    Parameters
    ----------
    graph
        What the file says; its ids are there and all different.
    columns
        What is said of the nodes.
    tied
        The places of the nodes that have ties.
    ours
        Whether this program wrote the file, so that ids are what agents are called by.
    """
    nodes = graph.nodes
    kept = [place for place, node in enumerate(nodes) if not node.is_group or place in tied]
    if not kept:
        kept = list(range(len(nodes)))
    own = [nodes[place].id for place in kept]
    columns = {name: [cells[place] for place in kept] for name, cells in columns.items()}
    labels = [_one_line(nodes[place].label) for place in kept]
    names, said = _names(own, labels, columns, ours=ours)
    if any(label not in {"", *map(_one_line, both)} for label, *both in zip(labels, names, own, strict=True)):
        columns[unique(LABEL, set(columns))] = labels
    if not ours:
        columns = {name: cells for name, cells in columns.items() if any(cells)}
    if names is not own and _only_count(own):
        said += "; the ids of nodes, which only count them, were left out"
    elif names is not own:
        said += f'; the ids of nodes are in the column "{_add(columns, NODE_ID, own)}"'
    if said:
        graph.note(said)
    _add_groups(graph, kept, names, columns)
    return Agents(names, columns, [nodes[place].line for place in kept], {place: row for row, place in enumerate(kept)})


def _names(own: list[str], labels: list[str], columns: dict[str, list[str]], *, ours: bool) -> tuple[list[str], str]:
    """Return what agents are called, and what there is to say of it; a column that names them is taken away."""
    first = ""
    wanted = [] if ours else [*LABEL_NAMES]
    if _only_count(own):
        wanted.append(KEPT_ID)
    for what, cells in _labellings([] if ours else labels, columns, wanted):
        called = f'"{what}"' if what else "their labels"
        if cells == own or (all(cells) and len(set(cells)) == len(cells)):
            columns.pop(what, None)
            if cells == own:
                return own, ""
            return cells, f"agents are called by {called}, which name each of them and are all different"
        first = first or called
    said = f"agents are called by the ids of nodes, for {first} are missing or the same for some"
    return own, said if first and not ours else ""


def _labellings(
    labels: list[str], columns: dict[str, list[str]], wanted: Sequence[str]
) -> Iterator[tuple[str, list[str]]]:
    """Yield what may name agents: the labels beside nodes, then attributes, each with its name."""
    if any(labels):
        yield "", labels
    for each in wanted:
        for name in [name for name in columns if name.casefold() == each and any(columns[name])]:
            yield name, [_one_line(cell) for cell in columns[name]]


def _only_count(ids: Sequence[str]) -> bool:
    """Tell whether ids only count nodes from 0 or 1 with one letter or none in front, as programs make them."""
    prefix = ids[0].rstrip("01")
    return len(prefix) < 2 and any(
        all(text == f"{prefix}{number}" for number, text in enumerate(ids, start)) for start in (0, 1)
    )


def _one_line(text: str) -> str:
    """Return a label on one line: drawn labels are broken where there is room."""
    return normalized(" ".join(text.split()))


def _add(columns: dict[str, list[str]], wanted: str, cells: list[str]) -> str:
    """Add a column and return what it is called."""
    name = unique(wanted, set(columns))
    columns[name] = cells
    return name


def _add_groups(graph: Graph, kept: Sequence[int], names: Sequence[str], columns: dict[str, list[str]]) -> None:
    """Say in a column which node each agent is part of, and note which nodes are no agents."""
    nodes = graph.nodes
    called = {nodes[place].id: name for place, name in zip(kept, names, strict=True)}
    called = {node.id: _one_line(node.label) or node.id for node in nodes} | called
    parents = [called.get(nodes[place].parent, nodes[place].parent) for place in kept]
    if not any(parents):
        return
    column = _add(columns, GROUP, parents)
    agents = {nodes[place].id for place in kept}
    left_out = [called[node.id] for node in nodes if node.id not in agents]
    said = f'some nodes stand inside of others; the column "{column}" says in which'
    if left_out:
        said += f", and {listed(left_out)}, which hold others and have no ties, are no agents"
    graph.note(said)
