"""GML, the Graph Modelling Language: what Gephi, igraph, yEd, Cytoscape and networkx write, and M. Newman's files.

Grammar (M. Himsolt, "GML: A portable Graph File Format", University of Passau
1997; how its text is read says :mod:`~diffusion.network.formats.gml_pairs`)::

    Creator "diffusion"
    graph [
      directed 1
      node [
        id 0
        label "Ann B"
        role "manager"
      ]
      edge [
        source 0
        target 1
        weight 0.5
      ]
    ]

Labels are the ids of agents where every node has one and no two the same; all
else that a node says is a column. ``value``, ``weight`` or ``strength`` of an
edge is its strength, ``layer``, ``type`` or ``relation`` its layer.

A network that is written here also has its name and whether it is synthetic at
the graph. Columns whose names cannot be keys are called ``column1``, …; the
graph states the true name of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from diffusion.network.formats.findings import Findings, shortened
from diffusion.network.formats.gml_edges import read_edges
from diffusion.network.formats.gml_nodes import named_agents, one_line, read_nodes, with_true_names
from diffusion.network.formats.gml_pairs import Pair, pairs_of, quoted_text
from diffusion.network.formats.marks import listed, lost_survey
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.text import read_text
from diffusion.network.network import Network

CREATOR = "diffusion"
RESERVED_KEYS = {"id", "label", "role", "graphics", "labelgraphics"}
"""Keys of a node that mean something else, in small letters."""

_BEGINNING = re.compile(
    rb'\s*(#[^\n]*\n\s*)*([A-Za-z]\w*\s+("[^"]*"|[^\s\["]+)\s+(#[^\n]*\n\s*)*)*graph\s*\[', re.IGNORECASE
)
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_MEANINGLESS = {"node", "edge", "directed", "multigraph", "name", "synthetic", "column"}
_YES, _NO = {"1", "true"}, {"0", "false"}


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the first bytes say enough
    r"""Tell whether a file begins with a graph, or with what stands before one.

    Examples
    --------
    >>> recognises(Path("x"), b'Creator "igraph"\nVersion 1\ngraph\n[\n'), recognises(Path("x"), b"graph {")
    (True, False)
    """
    return bool(_BEGINNING.match(head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")))


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what a file says, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    """
    found = read_text(path, problems)
    if found is None:
        return None
    findings = Findings(path, problems, list(found.notes))
    pairs = pairs_of(found.text, findings)
    graph = _graph(pairs, findings) if pairs is not None else None
    if pairs is None or graph is None:
        return None
    said = {pair.key.casefold(): pair for pair in graph if pair.inner is None}
    ours = "synthetic" in said and any((pair.key, pair.text) == ("Creator", CREATOR) for pair in pairs)
    directed = _is_directed(said, findings)
    nodes = read_nodes(graph, findings)
    edges = read_edges(graph, nodes.index, findings, ours=ours)
    _note_left_out(graph, findings)
    if problems.found:
        return None
    tables = Tables(path=path, ids=named_agents(nodes, findings, ours=ours), notes=findings.notes)
    tables.columns = with_true_names(nodes.columns, _true_names(graph) if ours else {})
    tables.agent_lines = nodes.lines
    tables.source, tables.target, tables.layer = edges.source, edges.target, edges.layer
    tables.strength, tables.lines = edges.strength, edges.lines
    tables.directed = () if directed else [False] * len(edges.source)
    tables.name = one_line(said["name"].text) if "name" in said else ""
    tables.synthetic = "synthetic" in said and said["synthetic"].text.casefold() in _YES
    tables.follows_knowledge = ours
    return tables


def _graph(pairs: Sequence[Pair], findings: Findings) -> list[Pair] | None:
    """Return the pairs of the one graph of a file, or None having noted that there is none, or several."""
    graphs = [pair for pair in pairs if pair.key.casefold() == "graph" and pair.inner is not None]
    if not graphs:
        findings.problem(None, 'there is no graph in the file; a GML file holds "graph [", then nodes and edges')
        return None
    if len(graphs) > 1:
        said = f"a second graph begins here, the first in line {graphs[0].line}"
        findings.problem(graphs[1].line, f"{said}; leave one graph in the file")
        return None
    return graphs[0].inner


def _is_directed(said: Mapping[str, Pair], findings: Findings) -> bool:
    pair = said.get("directed")
    if pair is None:
        return False
    if pair.text.casefold() not in _YES | _NO:
        findings.problem(pair.line, f'"directed" must be 1 or 0, not "{shortened(pair.text)}"')
    return pair.text.casefold() in _YES


def _note_left_out(graph: Sequence[Pair], findings: Findings) -> None:
    left_out = dict.fromkeys(pair.key for pair in graph if pair.key.casefold() not in _MEANINGLESS)
    if left_out:
        findings.note(None, f"what is said of the whole graph ({listed(left_out)}) was left out")


def _true_names(graph: Iterable[Pair]) -> dict[str, str]:
    """Return the true names of columns by the keys that stand for them."""
    stated = [{pair.key: pair.text for pair in entry.inner or ()} for entry in graph if entry.key == "column"]
    return {entry["key"]: entry["name"] for entry in stated if entry.keys() >= {"key", "name"}}


def write(network: Network, path: Path) -> list[str]:
    """Write a network to a file, undirected ties as two edges, and return what could not be carried, a line each.

    Parameters
    ----------
    network
        The network.
    path
        The file; what is there is overwritten.
    """
    path.write_bytes("".join(f"{line}\n" for line in _lines(network)).encode("ascii"))
    return lost_survey(network)


def _lines(network: Network) -> Iterator[str]:
    """Yield the lines of a file."""
    keys = _keys(network.columns)
    pairs = list(zip(network.source.tolist(), network.target.tolist(), strict=True))
    yield f"Creator {quoted_text(CREATOR)}"
    yield "graph ["
    yield "  directed 1"
    if len(set(pairs)) < len(pairs):
        yield "  multigraph 1"
    yield f"  name {quoted_text(network.name)}"
    yield f"  synthetic {int(network.synthetic)}"
    for name, key in keys.items():
        if name != key:
            yield from _bracket("column", [f'key "{key}"', f"name {quoted_text(name)}"])
    for place, (text, role) in enumerate(zip(network.ids, network.roles, strict=True)):
        cells = [f"{key} {quoted_text(network.columns[name][place])}" for name, key in keys.items()]
        yield from _bracket("node", [f"id {place}", f"label {quoted_text(text)}", f"role {quoted_text(role)}", *cells])
    layers = [quoted_text(name) for name in network.layers]
    rest = zip(network.layer.tolist(), network.strength.tolist(), strict=True)
    for (source, target), (layer, strength) in zip(pairs, rest, strict=True):
        ends = [f"source {source}", f"target {target}"]
        yield from _bracket("edge", [*ends, f"layer {layers[layer]}", f"weight {_real(strength)}"])
    yield "]"


def _bracket(key: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"  {key} ["
    for line in lines:
        yield f"    {line}"
    yield "  ]"


def _keys(names: Iterable[str]) -> dict[str, str]:
    """Return the key of each column: its name where that can be one."""
    plain = {name for name in names if _KEY.fullmatch(name) and name.casefold() not in RESERVED_KEYS}
    taken = {*plain}
    numbers = iter(range(1, 2 * len(list(names)) + 1))
    free = (key for key in map("column{}".format, numbers) if key not in taken)
    return {name: name if name in plain else next(free) for name in names}


def _real(value: float) -> str:
    """Return a number that is read back exactly, with the point that GML wants before an exponent."""
    text = repr(value)
    return text if "." in text else text.replace("e", ".0e")
