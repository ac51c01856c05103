"""GraphML, as networkx, igraph, Gephi, yEd, Visone and Cytoscape write it.

Grammar: Brandes, Eiglsperger, Herman, Himsolt & Marshall 2002, GraphML Progress
Report, DOI 10.1007/3-540-45848-4_59; http://graphml.graphdrawing.org::

    <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
      <key id="d0" for="node" attr.name="role" attr.type="string"><default>firm</default></key>
      <key id="d1" for="edge" attr.name="weight" attr.type="double"/>
      <graph edgedefault="directed">
        <node id="ann"><data key="d0">manager</data></node>
        <node id="bob"/>
        <edge source="ann" target="bob"><data key="d1">0.5</data></edge>
      </graph>
    </graphml>

An attribute of edges called weight, strength or value is how strong ties are,
one called layer, kind, relation or type of which kind. Nodes inside of nodes
are read, with the outer one in the column ``group``; the frames that yEd draws
around groups are no agents. Hyperedges, ports and drawings are left out, which
is told.

The name of a network, its making and how it was asked for are written as
attributes of the graph, and as a description for people.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diffusion.network.formats.graph_records import Edge, Graph, Node
from diffusion.network.formats.graph_tables import tables_of
from diffusion.network.formats.graphml_keys import Keys, keys_of
from diffusion.network.formats.graphml_writing import SURVEY_MARK, write
from diffusion.network.formats.marks import NAME_MARK, SYNTHETIC_MARK, Marks, listed
from diffusion.network.formats.network_canvas_graphml import is_network_canvas
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.survey_text import survey_of
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.text import read_bytes
from diffusion.network.formats.xml_text import Element, xml_of
from diffusion.network.network import normalized

__all__ = ["read", "recognises", "write"]

DIRECTED = {"directed": True, "undirected": False, "true": True, "false": False}
_OF_NODES = {"id"}
_OF_EDGES = {"id", "source", "target", "directed", "sourceport", "targetport"}
_BEGINNING = re.compile(rb"<([\w.-]+:)?graphml[\s>/]")


@dataclass(slots=True)
class _File:
    """Hold a file while it is read.

    Attributes
    ----------
    path
        The file.
    graph
        What it says.
    problems
        Where problems go.
    keys
        The attributes that it declares, once there is a node.
    undirected
        The lines of graphs that do not say whether their ties are directed.
    drawn, ports
        Whether anything says how it is drawn, and whether edges end at ports.
    hyperedges
        The lines of its hyperedges.
    """

    path: Path
    graph: Graph
    problems: Problems
    keys: Keys | None = None
    undirected: set[int] = field(default_factory=set)
    drawn: bool = False
    ports: bool = False
    hyperedges: list[int] = field(default_factory=list)

    def take(self, element: Element, around: Sequence[Element]) -> bool:
        """Take a node or an edge that has ended."""
        if around[-1].name != "graph" or around[0].name != "graphml":
            return False
        if element.name == "node":
            parent = next((outer.get("id") for outer in reversed(around) if outer.name == "node"), "")
            _add_node(self, element, around[0], normalized(parent))
        elif element.name == "edge":
            _add_edge(self, element, around)
        elif element.name == "hyperedge":
            self.hyperedges.append(element.line)
        else:
            return False
        return True

    def declared(self, root: Element) -> Keys:
        """Return the keys, which stand before the graph."""
        if self.keys is None:
            self.keys = keys_of(self.path, root, self.problems)
        return self.keys


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the first bytes say enough
    """Tell whether a file begins as GraphML does."""
    return bool(_BEGINNING.search(head.replace(b"\0", b"")))


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what a file says, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    """
    content = read_bytes(path, problems)
    if content is None:
        return None
    if is_network_canvas(content) and SYNTHETIC_MARK.encode() not in content:
        problems.add(path, None, "this file comes from Network Canvas; say --format network-canvas to read it")
        return None
    file = _File(path, Graph(path), problems)
    xml = xml_of(path, content, problems, kind="GraphML file", take=file.take)
    element = _only_graph(path, xml.root, problems) if xml else None
    if xml is None or element is None:
        return None
    keys = file.declared(xml.root)
    keys.check_order(xml.root, element)
    file.graph.attributes = keys.names("node")
    file.graph.notes = [*xml.notes, *file.graph.notes]
    _take_graph_data(file, _data(file, element, keys, "graph"))
    _note_what_is_left_out(file, keys)
    return tables_of(file.graph, problems)


def _only_graph(path: Path, root: Element, problems: Problems) -> Element | None:
    """Return the graph in a file, having noted that there is none, or that there are several."""
    if root.name != "graphml":
        advice = "; say --format gexf to read it" if root.name == "gexf" else ""
        problems.add(path, root.line, f"a GraphML file begins with <graphml>, not with <{root.name}>{advice}")
        return None
    graphs = list(root.all("graph"))
    if len(graphs) > 1:
        lines = ", ".join(str(graph.line) for graph in graphs[:5]) + (", …" if len(graphs) > 5 else "")
        said = f"there are {len(graphs):,} graphs in it (lines {lines}); put each network in a file of its own"
        problems.add(path, graphs[1].line, said)
    elif not graphs:
        problems.add(path, root.line, "there is no <graph> in it; export the network anew")
    return graphs[0] if len(graphs) == 1 else None


def _take_graph_data(file: _File, said: dict[str, str]) -> None:
    """Take what is said of the whole network, and note what of it is left out."""
    graph = file.graph
    names = {name.casefold(): name for name in said}
    if said.get(NAME_MARK) and said.get(SYNTHETIC_MARK, "").casefold() in {"true", "false"}:
        graph.marks = Marks(said.pop(NAME_MARK), said.pop(SYNTHETIC_MARK).casefold() == "true")
    elif "name" in names:
        graph.name = said.pop(names["name"])
    if graph.marks and SURVEY_MARK in said:
        graph.survey = survey_of(said.pop(SURVEY_MARK))
        if graph.survey is None:
            graph.note(f'"{SURVEY_MARK}", how the network was asked for, is damaged and was left out')
    if left_out := [name for name, text in said.items() if text]:
        graph.note(f"what is said of the whole network was left out ({listed(left_out)})")


def _add_node(file: _File, element: Element, root: Element, parent: str) -> None:
    values = _data(file, element, file.declared(root), "node", _OF_NODES)
    label = _drawn_label(element, "NodeLabel")
    is_group = element.get("yfiles.foldertype") in {"group", "folder"}
    node = Node(normalized(element.get("id")), element.line, values, label, parent, is_group)
    file.graph.nodes.append(node)


def _add_edge(file: _File, element: Element, around: Sequence[Element]) -> None:
    said = element.get("directed").casefold()
    directed = DIRECTED.get(said) if said else _direction(file, around[-1])
    if said and directed is None:
        file.problems.add(file.path, element.line, f'directed must be "true" or "false", not "{said}"')
    values = _data(file, element, file.declared(around[0]), "edge", _OF_EDGES)
    if label := _drawn_label(element, "EdgeLabel"):
        values.setdefault("label", label)
    file.ports |= bool(element.get("sourceport") or element.get("targetport"))
    ends = normalized(element.get("source")), normalized(element.get("target"))
    file.graph.edges.append(Edge(*ends, element.line, bool(directed), values))


def _direction(file: _File, graph: Element) -> bool | None:
    """Return whether the ties of a graph are directed, having noted once that it does not say so."""
    said = graph.get("edgedefault")
    directed = DIRECTED.get(said.casefold())
    if directed is None and graph.line not in file.undirected:
        file.undirected.add(graph.line)
        if said:
            text = f'edgedefault must be "directed" or "undirected", not "{said}"'
            file.problems.add(file.path, graph.line, text)
        else:
            file.graph.note("the graph does not say whether its ties are directed; they were read as undirected")
    return directed


def _data(
    file: _File, element: Element, keys: Keys, domain: str, known: Collection[str] | None = None
) -> dict[str, str]:
    """Return what is said of an element by attribute: in its data, in XML attributes of its own, and by default."""
    said = {**keys.defaults(domain), **dict(_further(element, known) if known else ())}
    given: set[str] = set()
    for data in element.all("data"):
        name = keys.name_of(data, domain)
        if any(child.namespace not in {"", element.namespace} for child in data.children):
            file.drawn = True
            continue
        if name is None:
            continue
        if name in given:
            file.problems.add(file.path, data.line, f'"{name}" is given twice for one {domain}; keep one')
        given.add(name)
        said[name] = normalized(data.whole_text() if data.children else data.text)
    return said


def _further(element: Element, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the XML attributes that GraphML does not know but some programs write, such as the labels of Neo4j."""
    for name, text in element.attributes.items():
        if name not in known and not name.startswith("yfiles."):
            yield name, normalized(text)


def _drawn_label(element: Element, name: str) -> str:
    """Return the first label that yEd draws beside a node or an edge."""
    labels = (
        normalized(inner.text)
        for data in element.all("data")
        if data.children
        for inner in data.walk()
        if inner.name == name
    )
    return next(filter(None, labels), "")


def _note_what_is_left_out(file: _File, keys: Keys) -> None:
    """Note what a file says that a network cannot carry."""
    if file.drawn:
        file.graph.note("how nodes and ties are drawn was left out, but for labels")
    if file.ports:
        file.graph.note("ties end at ports of nodes; the ports were left out, the ties read between the nodes")
    if file.hyperedges:
        many = "1 hyperedge" if len(file.hyperedges) == 1 else f"{len(file.hyperedges):,} hyperedges"
        said = f"left out, the first in line {file.hyperedges[0]}: a tie here has two ends"
        file.graph.note(f"{many} {'was' if len(file.hyperedges) == 1 else 'were'} {said}")
    file.graph.notes.extend(keys.notes)
