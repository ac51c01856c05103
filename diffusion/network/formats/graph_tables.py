"""The nodes and edges of a GraphML or GEXF file as tables: which attribute is the strength of ties, which the layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import nan

from diffusion.network.formats.graph_names import agents_of
from diffusion.network.formats.graph_records import Edge, Graph
from diffusion.network.formats.marks import listed, taken_marks
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import number
from diffusion.network.formats.tables import Tables
from diffusion.network.network import normalized

STRENGTH_NAMES = ("weight", "strength", "value", "edge weight")
LAYER_NAMES = ("layer", "kind", "relation", "type")
EDGE_IDS = {"id", "networkx_key"}
"""What other programs number edges by; nobody misses it."""

NO_LAYERS = {"", "directed", "undirected", "mutual"}
"""What an attribute called type says of ties in tables of Gephi; it is no kind of tie."""


def tables_of(graph: Graph, problems: Problems) -> Tables | None:
    """Return the tables that a graph amounts to, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    graph
        What the file says.
    problems
        Where problems go.
    """
    index = _index(graph, problems)
    if not graph.nodes:
        problems.add(graph.path, None, "there are no nodes in it; a network needs at least one")
    problems.known = list(index)
    ends = [
        (_end(graph, edge, "source", index, problems), _end(graph, edge, "target", index, problems))
        for edge in graph.edges
    ]
    columns = _columns(graph)
    marks = graph.marks or taken_marks(columns)
    strength, layer = _said_of_ties(graph, ours=marks is not None, problems=problems)
    if problems.found:
        return None
    agents = agents_of(graph, columns, {place for pair in ends for place in pair}, ours=marks is not None)
    return Tables(
        path=graph.path,
        ids=agents.ids,
        columns=agents.columns,
        source=[agents.places[source] for source, _ in ends],
        target=[agents.places[target] for _, target in ends],
        layer=layer,
        strength=strength,
        directed=[edge.directed for edge in graph.edges],
        lines=[edge.line for edge in graph.edges],
        agent_lines=agents.lines,
        name=marks.name if marks else graph.name,
        synthetic=bool(marks and marks.synthetic),
        survey=graph.survey if marks else None,
        follows_knowledge=marks is not None,
        notes=graph.notes,
    )


def _index(graph: Graph, problems: Problems) -> dict[str, int]:
    """Return the place of every node by its id, having noted the empty and the repeated."""
    index: dict[str, int] = {}
    for place, node in enumerate(graph.nodes):
        if not node.id:
            problems.add(graph.path, node.line, "the node has no id; give every node one")
        elif node.id in index:
            first = graph.nodes[index[node.id]].line
            problems.add(graph.path, node.line, f'the id "{node.id}" was given in line {first}; ids must be unique')
        else:
            index[node.id] = place
    return index


def _end(graph: Graph, edge: Edge, side: str, index: Mapping[str, int], problems: Problems) -> int:
    """Return the place of the node at one end of an edge, having noted that there is none."""
    name = edge.source if side == "source" else edge.target
    place = index.get(name, -1)
    if not name:
        problems.add(graph.path, edge.line, f"the edge has no {side}; a tie needs an agent at both ends")
    elif place < 0:
        problems.add(graph.path, edge.line, f'the {side} "{name}" of the edge is no node of the file', unknown=name)
    return place


def _columns(graph: Graph) -> dict[str, list[str]]:
    """Return what is said of nodes as columns: the attributes that are declared or said of any."""
    names = dict.fromkeys([*graph.attributes, *(name for node in graph.nodes for name in node.values)])
    return {name: [normalized(node.values.get(name, "")) for node in graph.nodes] for name in names}


def _said_of_ties(graph: Graph, *, ours: bool, problems: Problems) -> tuple[list[float], list[str]]:
    """Return the strength and the layer of every tie, having noted which attributes say so, and which nothing."""
    names = list(dict.fromkeys(name for edge in graph.edges for name, text in edge.values.items() if text))
    strength = next((name for name in _in_order(names, STRENGTH_NAMES) if _is_strength(graph.edges, name)), "")
    layer = next((name for name in _in_order(names, LAYER_NAMES) if _is_layer(graph.edges, name)), "")
    _note_ties(graph, names, {strength: "strength", layer: "layer"}, ours=ours)
    strengths = [_strength(graph, edge, strength, problems) for edge in graph.edges] if strength else []
    return strengths, [normalized(edge.values.get(layer, "")) for edge in graph.edges] if layer else []


def _note_ties(graph: Graph, names: Sequence[str], read: dict[str, str], *, ours: bool) -> None:
    """Note which attributes of ties were read as what, and which were not."""
    read.pop("", None)
    left_out = [name for name in names if name not in read and name.casefold() not in EDGE_IDS]
    said = [f'"{name}" was read as the {what} of ties' for name, what in read.items() if not ours]
    if left_out and read:
        said.append(f"what else is said of ties was left out ({listed(left_out)})")
    elif left_out:
        advice = "a number called weight would be their strength, a text called layer their layer"
        said.append(f"what is said of ties was left out ({listed(left_out)}); {advice}")
    if said:
        graph.note(", ".join(said))


def _in_order(names: Iterable[str], wanted: Sequence[str]) -> list[str]:
    """Return the names that are wanted, in whatever letter case, in the order of those wanted."""
    found = [name for name in names if name.casefold() in wanted]
    return sorted(found, key=lambda name: wanted.index(name.casefold()))


def _is_strength(edges: Sequence[Edge], name: str) -> bool:
    """Tell whether an attribute says how strong ties are: its name is plain, or it states a number."""
    if name.casefold() != "value":
        return True
    return any(number(edge.values.get(name, "")) is not None for edge in edges)


def _is_layer(edges: Sequence[Edge], name: str) -> bool:
    """Tell whether an attribute says of which kind ties are: texts, where it is called type, of more than direction."""
    said = {edge.values.get(name, "").casefold() for edge in edges}
    return name.casefold() != "type" or any(text not in NO_LAYERS and number(text) is None for text in said)


def _strength(graph: Graph, edge: Edge, name: str, problems: Problems) -> float:
    """Return the strength of a tie, NaN where none is given, having noted what is no number."""
    text = edge.values.get(name, "")
    if not text:
        return nan
    strength = number(text)
    if strength is None:
        advice = "; write the decimal mark as a point" if number(text, decimal_comma=True) is not None else ""
        problems.add(graph.path, edge.line, f'"{name}" of the edge must be a number, not "{text}"{advice}')
    return nan if strength is None else strength
