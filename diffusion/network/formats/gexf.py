"""GEXF, the format of Gephi, in the versions 1.1, 1.2 and 1.3, and as networkx and rgexf write it.

Grammar: https://gexf.net/schema.html::

    <gexf xmlns="http://gexf.net/1.3" version="1.3">
      <graph defaultedgetype="directed">
        <attributes class="node">
          <attribute id="0" title="role" type="string"><default>firm</default></attribute>
        </attributes>
        <nodes>
          <node id="ann" label="Ann"><attvalues><attvalue for="0" value="manager"/></attvalues></node>
          <node id="bob" label="Bob"/>
        </nodes>
        <edges>
          <edge source="ann" target="bob" kind="advice" weight="0.5"/>
        </edges>
      </graph>
    </gexf>

The kind of an edge is its layer. A mutual edge is a tie in each direction, as
an undirected one is. Of a file that changes over time everything that ever was
is read, of an attribute the last value. Nodes inside of nodes are read, with
the outer one in the column ``group``. Drawings are left out. All of it is told.

GEXF has no place for what is said of a whole network, so its name and making
are written as attributes of nodes (see :mod:`~diffusion.network.formats.marks`),
which Gephi keeps; how it was asked for stands in a processing instruction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.gexf_writing import SURVEY_INSTRUCTION, write
from diffusion.network.formats.graph_records import Edge, Graph, Node
from diffusion.network.formats.graph_tables import tables_of
from diffusion.network.formats.marks import unique
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.survey_text import survey_of
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.text import read_bytes
from diffusion.network.formats.xml_text import Element, xml_of
from diffusion.network.network import normalized

__all__ = ["read", "recognises", "write"]

DIRECTED = {"directed": True, "undirected": False, "mutual": False, "dir": True, "undir": False, "double": False}
"""Whether ties of a type are directed; the last three are of version 1.0."""

_TIMES = {"start", "end", "startopen", "endopen", "timestamp", "timestamps", "intervals"}
_DRAWN = {"color", "position", "size", "shape", "thickness"}
_BEGINNING = re.compile(rb"<([\w.-]+:)?gexf[\s>/]")


@dataclass(slots=True)
class _Attributes:
    """Hold the attributes of nodes or of edges.

    Attributes
    ----------
    names
        What they are called, by id; all different.
    defaults
        What holds where nothing is said, by name.
    used
        Whether there was a node or an edge already.
    """

    used: bool = False
    names: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)


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
    nodes, edges
        The attributes of nodes and of edges.
    drawn, dynamic, undirected
        Whether anything says how it is drawn, or when it was there, and whether
        ties are undirected only because nobody says otherwise.
    unknown
        The ids of attributes that are not declared.
    counts
        How many nodes or edges were found, by the identity of the open element around them.
    """

    path: Path
    graph: Graph
    problems: Problems
    nodes: _Attributes = field(default_factory=_Attributes)
    edges: _Attributes = field(default_factory=_Attributes)
    drawn: bool = False
    dynamic: bool = False
    undirected: bool = False
    unknown: set[str] = field(default_factory=set)
    counts: dict[int, int] = field(default_factory=dict)

    def take(self, element: Element, around: Sequence[Element]) -> bool:
        """Take a node, an edge or a declaration of attributes that has ended."""
        inside = around[-1]
        if around[0].name != "gexf":
            return False
        if element.name == "node" and inside.name == "nodes":
            self.counts[id(inside)] = self.counts.get(id(inside), 0) + 1
            parent = next((outer.get("id") for outer in reversed(around) if outer.name == "node"), "")
            _add_node(self, element, normalized(parent))
        elif element.name == "edge" and inside.name == "edges":
            self.counts[id(inside)] = self.counts.get(id(inside), 0) + 1
            _add_edge(self, element, next(outer for outer in around if outer.name in {"graph", "edges"}))
        elif element.name == "attributes" and inside.name == "graph":
            _declare(self, element)
        elif element.name in {"nodes", "edges"}:
            _check_count(self, element)
        else:
            return False
        return True


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the first bytes say enough
    """Tell whether a file begins as GEXF does."""
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
    file = _File(path, Graph(path), problems)
    xml = None if content is None else xml_of(path, content, problems, kind="GEXF file", take=file.take)
    element = _only_graph(path, xml.root, problems) if xml else None
    if xml is None or element is None:
        return None
    file.dynamic |= element.get("mode") == "dynamic"
    default = element.get("defaultedgetype")
    if default and default.casefold() not in DIRECTED:
        said = f'defaultedgetype must be "directed", "undirected" or "mutual", not "{default}"'
        problems.add(path, element.line, said)
    file.graph.attributes = list(file.nodes.names.values())
    file.graph.notes = [*xml.notes, *file.graph.notes]
    _note_what_is_left_out(file)
    if text := xml.instructions.get(SURVEY_INSTRUCTION):
        file.graph.survey = survey_of(text)
        if file.graph.survey is None:
            file.graph.note("how the network was asked for is damaged and was left out")
    return tables_of(file.graph, problems)


def _only_graph(path: Path, root: Element, problems: Problems) -> Element | None:
    """Return the graph in a file, having noted that there is none, or that there are several."""
    graphs = list(root.all("graph"))
    if root.name != "gexf":
        advice = "; say --format graphml to read it" if root.name == "graphml" else ""
        problems.add(path, root.line, f"a GEXF file begins with <gexf>, not with <{root.name}>{advice}")
        return None
    if len(graphs) > 1:
        said = f"there are {len(graphs):,} graphs in it; put each network in a file of its own"
        problems.add(path, graphs[1].line, said)
    elif not graphs:
        problems.add(path, root.line, "there is no <graph> in it; export the network anew")
    return graphs[0] if len(graphs) == 1 else None


def _declare(file: _File, attributes: Element) -> None:
    """Take what a file declares of the attributes of nodes or of edges."""
    kind = attributes.get("class")
    if kind not in {"node", "edge"}:
        said = f'the class of attributes must be "node" or "edge", not "{kind}"'
        file.problems.add(file.path, attributes.line, said)
        return
    known = file.nodes if kind == "node" else file.edges
    if known.used:
        said = f"the attributes of {kind}s are declared behind the {kind}s; declare them before"
        file.problems.add(file.path, attributes.line, said)
    for element in attributes.all("attribute"):
        attribute_id = element.get("id")
        if not attribute_id:
            file.problems.add(file.path, element.line, "the attribute has no id; give every attribute one")
            continue
        if attribute_id in known.names:
            said = f'the attribute "{attribute_id}" of {kind}s is declared twice; ids must be unique'
            file.problems.add(file.path, element.line, said)
            continue
        written = normalized(element.get("title")) or normalized(attribute_id) or attribute_id
        name = unique(written, set(known.names.values()))
        if name != written:
            file.graph.notes.append(
                f'{file.path}:{element.line}: a second attribute "{written}" is called "{name}" here'
            )
        known.names[attribute_id] = name
        for default in element.all("default"):
            known.defaults[name] = normalized(default.whole_text())


def _add_node(file: _File, element: Element, parent: str) -> None:
    values = _values(file, element, file.nodes, "node")
    parent = normalized(element.get("pid")) or parent
    node = Node(normalized(element.get("id")), element.line, values, normalized(element.get("label")), parent)
    file.graph.nodes.append(node)


def _add_edge(file: _File, element: Element, graph: Element) -> None:
    kind = element.get("type").casefold()
    if kind and kind not in DIRECTED:
        said = f'the type of an edge must be "directed", "undirected" or "mutual", not "{element.get("type")}"'
        file.problems.add(file.path, element.line, said)
    default = graph.get("defaultedgetype").casefold()
    file.undirected |= not kind and not default
    values = _values(file, element, file.edges, "edge")
    for name in ("weight", "kind", "label"):
        text = normalized(element.get(name))
        if text and text not in (values.get("layer"), values.get(name)):
            values[name] = text
    ends = normalized(element.get("source")), normalized(element.get("target"))
    file.graph.edges.append(Edge(*ends, element.line, DIRECTED.get(kind or default, False), values))


def _check_count(file: _File, elements: Element) -> None:
    """Note that a file announces another number of nodes or edges than it has."""
    there = file.counts.pop(id(elements), 0)
    announced = normalized(elements.get("count"))
    if announced and announced != str(there):
        said = f"the file announces {announced} {elements.name}, but has {there:,}; is it whole?"
        file.graph.notes.append(f"{file.path}:{elements.line}: {said}")


def _values(file: _File, element: Element, attributes: _Attributes, kind: str) -> dict[str, str]:
    """Return what is said of a node or an edge by attribute."""
    attributes.used = True
    said = dict(attributes.defaults)
    given: set[str] = set()
    file.dynamic |= not _TIMES.isdisjoint(element.attributes) or any(
        child.name in {"spells", "slices"} for child in element.children
    )
    file.drawn |= any(child.name in _DRAWN for child in element.children)
    for value in _attvalues(element):
        attribute_id = value.get("for") or value.get("id")
        name = attributes.names.get(attribute_id)
        timed = not _TIMES.isdisjoint(value.attributes)
        file.dynamic |= timed
        if name is None:
            _note_unknown(file, value, attribute_id, attributes, kind)
            continue
        if name in given and not (timed or file.dynamic):
            file.problems.add(file.path, value.line, f'"{name}" is given twice for one {kind}; keep one')
        given.add(name)
        said[name] = normalized(value.get("value") or value.whole_text())
    return said


def _attvalues(element: Element) -> Iterator[Element]:
    """Yield what is said of a node or an edge; some programs leave out the element around it."""
    yield from element.all("attvalue")
    for values in element.all("attvalues"):
        yield from values.all("attvalue")


def _note_unknown(file: _File, value: Element, attribute_id: str, attributes: _Attributes, kind: str) -> None:
    """Note a value of no attribute, each attribute once."""
    if not attribute_id:
        file.problems.add(file.path, value.line, "the attvalue has no for, so nobody can tell what it says")
    elif attribute_id not in file.unknown:
        file.unknown.add(attribute_id)
        hint = nearest_name_hint(attribute_id, attributes.names)
        advice = hint or f'; add <attribute id="{attribute_id}" title="…" type="string"/> to those of {kind}s'
        file.problems.add(file.path, value.line, f'the attribute "{attribute_id}" is not declared{advice}')


def _note_what_is_left_out(file: _File) -> None:
    """Note what a file says that a network cannot carry, and what it does not say."""
    if file.undirected:
        file.graph.note("the graph does not say whether its ties are directed; they were read as undirected")
    if file.drawn:
        file.graph.note("how nodes and ties are drawn was left out")
    if file.dynamic:
        file.graph.note(
            "the file changes over time; every agent and every tie that ever was is read, when was left out, and of "
            "what changed the last value was kept"
        )
