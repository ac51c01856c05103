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
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from diffusion.network.formats.ego_networks import Alter, AlterTie, PersonalNetwork
from diffusion.network.formats.network_canvas_csv import ENCRYPTED, STRENGTH_NAMES
from diffusion.network.formats.network_canvas_options import BETWEEN, CHOSEN, option_of
from diffusion.network.formats.network_canvas_tables import SOURCE_UUID, TARGET_UUID, UUID
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import number
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
    """

    ego: str
    network: PersonalNetwork
    left_out: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)


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
    root = _parsed(path, content, problems)
    if root is None:
        return []
    names = {
        element.get("id", ""): element.get("attr.name") or element.get("id", "")
        for element in root.iter()
        if _tag(element) == "key"
    }
    graphs = [element for element in root.iter() if _tag(element) == "graph"]
    if not graphs:
        problems.add(path, None, "there is no graph in it; export the session anew")
    return [_graph(_File(path, names, problems), element) for element in graphs]


@dataclass(frozen=True, slots=True)
class _File:
    """Hold where a graph is, what the keys of its file are called, and where problems go."""

    path: Path
    names: Mapping[str, str]
    problems: Problems

    def add(self, said: str) -> None:
        """Note a problem."""
        self.problems.add(self.path, None, said)

    def data(self, element: Any) -> dict[str, str]:
        """Return what is said of an element by variable, the options chosen of each in one text."""
        said: dict[str, str] = {}
        for child in (child for child in element if _tag(child) == "data"):
            key, text = child.get("key", ""), normalized("".join(child.itertext()))
            name = normalized(self.names.get(key, key))
            option = option_of(key, name)
            if option is None:
                said[name] = text
            elif text.casefold() == CHOSEN:
                said[option[0]] = BETWEEN.join(filter(None, (said.get(option[0], ""), option[1])))
            else:
                said.setdefault(option[0], "")
        return said


def _parsed(path: Path, content: bytes, problems: Problems) -> Any:
    try:
        return fromstring(content)
    except DefusedXmlException:
        problems.add(path, None, "the XML declares entities, which no Network Canvas export does; it is refused")
    except ParseError as error:
        line = error.position[0] if error.position else None
        problems.add(path, line, "the XML is damaged or breaks off here; export the session anew")
    except (LookupError, ValueError):
        problems.add(path, 1, "the XML names an encoding that is not known; save the file as UTF-8")
    return None


def _tag(element: Any) -> str:
    """Return what an element or an attribute is called, without its namespace."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _graph(file: _File, element: Any) -> Graph:
    said = {_local(name): value for name, value in element.attrib.items()}
    own = file.data(element)
    ego = own.pop(UUID, "")
    case = normalized(said.get("caseId", "")) or file.path.stem.rpartition("_")[0] or file.path.stem
    graph = Graph(ego, PersonalNetwork(case, columns=own))
    for node in (child for child in element if _tag(child) == "node"):
        _add_node(file, node, graph)
    directed = said.get("edgedefault") == "directed"
    for edge in (child for child in element if _tag(child) == "edge"):
        _add_edge(file, edge, graph, directed=directed)
    return graph


def _add_node(file: _File, node: Any, graph: Graph) -> None:
    columns = file.data(node)
    uuid, kind, label = (columns.pop(name, "") for name in (UUID, TYPE, LABEL))
    key = normalized(node.get("id", "")) or uuid
    if not key:
        file.add("a node has no id; export the session anew")
    elif key in graph.places or uuid in graph.places:
        file.add(f'the node "{key}" is given more than once in its graph; ids must be unique')
    else:
        alters = graph.network.alters
        graph.places.update(dict.fromkeys({key, uuid} - {""}, len(alters)))
        name = "" if label in {*NO_NAMES, kind} else label
        alters.append(Alter(key, name, kind=kind or "alter", columns=columns))


def _add_edge(file: _File, edge: Any, graph: Graph, *, directed: bool) -> None:
    columns = file.data(edge)
    kind = columns.pop(TYPE, "")
    ends = []
    for side, uuid in (("source", SOURCE_UUID), ("target", TARGET_UUID)):
        names = normalized(edge.get(side, "")), columns.pop(uuid, "")
        ends.append(next((graph.places[name] for name in names if name in graph.places), -1))
        if ends[-1] < 0:
            file.add(f'{side} "{names[0] or names[1]}" of an edge is no node of its graph')
    strength = _strength(file, columns)
    graph.left_out += [name for name in columns if name not in {UUID, LABEL, *graph.left_out}]
    if min(ends) >= 0:
        leads = {"true": True, "false": False}.get(edge.get("directed", ""), directed)
        graph.network.ties.append(AlterTie(ends[0], ends[1], kind, strength, directed=leads))


def _strength(file: _File, columns: dict[str, str]) -> float:
    """Take the strength of a tie, NaN where none is given, having noted what is no number."""
    name = next((name for name in columns if name.casefold() in STRENGTH_NAMES), None)
    text = "" if name is None else columns.pop(name)
    if text in {"", ENCRYPTED}:
        return nan
    strength = number(text)
    if strength is None:
        file.add(f'"{name}" of an edge must be a number, not "{text}"')
    return nan if strength is None else strength
