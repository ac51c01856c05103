"""Sessions of Network Canvas from its GraphML files, one session a graph.

Source of the grammar: https://documentation.networkcanvas.com, *Network Canvas
GraphML Format*, and https://github.com/complexdatacollective/network-exporters
(``createGraphML``). What is said of the respondent hangs on the graph itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan
from pathlib import Path

from diffusion.network.formats.ego_networks import Alter, AlterTie, PersonalNetwork
from diffusion.network.formats.network_canvas_csv import ENCRYPTED, STRENGTH_NAMES
from diffusion.network.formats.network_canvas_options import BETWEEN, CHOSEN, option_of
from diffusion.network.formats.network_canvas_tables import SOURCE_UUID, TARGET_UUID, UUID
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import number
from diffusion.network.formats.xml_text import Element, xml_of
from diffusion.network.network import normalized

NAMESPACE = "http://schema.networkcanvas.com/xmlns"
TYPE, LABEL = "networkCanvasType", "label"
NO_NAMES = {"Node", "Encrypted", ENCRYPTED}
"""What the label of a node without a name says, beside its type."""


@dataclass(slots=True)
class Graph:
    """Hold one graph.

    Attributes
    ----------
    ego
        The number of its respondent; often nothing.
    network
        What the respondent said.
    left_out
        The variables of ties that were not read.
    places
        The places of the nodes among the respondent's alters, by id and by number.
    notes
        What was assumed of the file's encoding, a line each.
    """

    ego: str
    network: PersonalNetwork
    left_out: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def is_network_canvas(content: bytes) -> bool:
    """Tell whether a GraphML file comes from Network Canvas."""
    return NAMESPACE.encode() in content or UUID.encode() in content


def graphs_of(path: Path, content: bytes, problems: Problems) -> list[Graph]:
    """Return the graphs in a file, having noted what is wrong with them.

    Parameters
    ----------
    path
        The file, for problems.
    content
        What is in it.
    problems
        Where problems go.
    """
    xml = xml_of(path, content, problems, kind="Network Canvas export", take=lambda _element, _around: False)
    if xml is None:
        return []
    elements = list(xml.root.walk())
    names = {key.get("id"): key.get("attr.name") or key.get("id") for key in elements if key.name == "key"}
    found = [_graph(_File(path, names, problems), element) for element in elements if element.name == "graph"]
    if not found:
        problems.add(path, None, "there is no graph in it; export the session anew")
    for graph in found[:1]:
        graph.notes.extend(xml.notes)
    return found


@dataclass(frozen=True, slots=True)
class _File:
    """Hold where a graph is, what the keys of its file are called, and where problems go."""

    path: Path
    names: Mapping[str, str]
    problems: Problems

    def add(self, element: Element, said: str) -> None:
        """Note a problem of an element."""
        self.problems.add(self.path, element.line, said)

    def data(self, element: Element) -> dict[str, str]:
        """Return what is said of an element by variable, the options chosen of each in one text."""
        said: dict[str, str] = {}
        for child in element.all("data"):
            key, text = child.get("key"), normalized(child.whole_text())
            name = normalized(self.names.get(key, key))
            option = option_of(key, name)
            if option is None:
                said[name] = text
            elif text.casefold() == CHOSEN:
                said[option[0]] = BETWEEN.join(filter(None, (said.get(option[0], ""), option[1])))
            else:
                said.setdefault(option[0], "")
        return said


def _graph(file: _File, element: Element) -> Graph:
    own = file.data(element)
    ego = own.pop(UUID, "")
    case = normalized(element.get("caseId")) or file.path.stem.rpartition("_")[0] or file.path.stem
    graph = Graph(ego, PersonalNetwork(case, columns=own))
    for node in element.all("node"):
        _add_node(file, node, graph)
    directed = element.get("edgedefault") == "directed"
    for edge in element.all("edge"):
        _add_edge(file, edge, graph, directed=directed)
    return graph


def _add_node(file: _File, node: Element, graph: Graph) -> None:
    columns = file.data(node)
    uuid, kind, label = (columns.pop(name, "") for name in (UUID, TYPE, LABEL))
    key = normalized(node.get("id")) or uuid
    if not key:
        file.add(node, "a node has no id; export the session anew")
    elif key in graph.places or uuid in graph.places:
        file.add(node, f'the node "{key}" is given more than once in its graph; ids must be unique')
    else:
        alters = graph.network.alters
        graph.places.update(dict.fromkeys({key, uuid} - {""}, len(alters)))
        name = "" if label in {*NO_NAMES, kind} else label
        alters.append(Alter(key, name, kind=kind or "alter", columns=columns))


def _add_edge(file: _File, edge: Element, graph: Graph, *, directed: bool) -> None:
    columns = file.data(edge)
    kind = columns.pop(TYPE, "")
    ends = []
    for side, uuid in (("source", SOURCE_UUID), ("target", TARGET_UUID)):
        names = normalized(edge.get(side)), columns.pop(uuid, "")
        ends.append(next((graph.places[name] for name in names if name in graph.places), -1))
        if ends[-1] < 0:
            file.add(edge, f'{side} "{names[0] or names[1]}" of an edge is no node of its graph')
    strength = _strength(file, edge, columns)
    graph.left_out += [name for name in columns if name not in {UUID, LABEL, *graph.left_out}]
    if min(ends) >= 0:
        leads = {"true": True, "false": False}.get(edge.get("directed"), directed)
        graph.network.ties.append(AlterTie(ends[0], ends[1], kind, strength, directed=leads))


def _strength(file: _File, edge: Element, columns: dict[str, str]) -> float:
    """Take the strength of a tie, NaN where none is given, having noted what is no number."""
    name = next((name for name in columns if name.casefold() in STRENGTH_NAMES), None)
    text = "" if name is None else columns.pop(name)
    if text in {"", ENCRYPTED}:
        return nan
    strength = number(text)
    if strength is None:
        file.add(edge, f'"{name}" of an edge must be a number, not "{text}"')
    return nan if strength is None else strength
