"""The nodes of a GML file: what each is called, and what else it says of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from diffusion.network.formats.findings import Findings, counted, shortened
from diffusion.network.formats.gml_pairs import Pair
from diffusion.network.formats.marks import listed, unique
from diffusion.network.network import normalized

NODE_KEYS = ("id", "label")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_WHOLE = re.compile(r"([+-]?)0*(\d+)(?:\.0*)?", re.ASCII)


@dataclass(slots=True)
class Nodes:
    """Hold the nodes of a graph.

    Attributes
    ----------
    index
        The place of each node by its id, a text.
    lines
        The line of each.
    columns
        What else the file says of them by key, one text a node.
    """

    index: dict[str, int] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)


def id_text(text: str) -> str:
    """Return an id so that those of one number are the same text, however long it is.

    Examples
    --------
    >>> id_text("007"), id_text("7.0"), id_text("-0"), id_text("n7")
    ('7', '7', '0', 'n7')
    """
    number = _WHOLE.fullmatch(text)
    if number is None:
        return normalized(text)
    return f"{'-' if number[1] == '-' and number[2] != '0' else ''}{number[2]}"


def one_line(text: str) -> str:
    """Return a name with blanks for line ends and other control characters."""
    return normalized(_CONTROL.sub(" ", text))


def read_nodes(graph: Sequence[Pair], findings: Findings) -> Nodes:
    """Return the nodes of a graph, having noted what is wrong with them and what was left out.

    Parameters
    ----------
    graph
        The pairs of the graph.
    findings
        Where problems and notes go.
    """
    nodes = Nodes()
    found = [pair for pair in graph if pair.key.casefold() == "node" and is_bracket(pair, findings)]
    nested: dict[str, None] = {}
    repeated: dict[str, int] = {}
    for place, node in enumerate(found):
        _read_id(node, place, nodes, findings)
        nodes.lines.append(node.line)
        for pair in node.inner or ():
            key = _column_key(pair)
            if pair.inner is not None:
                nested[pair.key] = None
            elif key != "id":
                cells = nodes.columns.get(key) or nodes.columns.setdefault(key, [""] * len(found))
                if cells[place] and pair.text:
                    repeated.setdefault(key, pair.line)
                cells[place] = "; ".join(filter(None, (cells[place], pair.text)))
    for key, line in repeated.items():
        findings.note(line, f'a node has more than one "{key}"; they stand one behind the other, with semicolons')
    if nested:
        findings.note(None, f"how nodes are drawn or grouped ({listed(nested)}) was left out")
    return nodes


def is_bracket(pair: Pair, findings: Findings) -> bool:
    """Tell whether a node or an edge has brackets, having noted what it has otherwise."""
    if pair.inner is None:
        findings.problem(pair.line, f'behind "{pair.key}" a bracket "[" must stand, not "{shortened(pair.text)}"')
    return pair.inner is not None


def _column_key(pair: Pair) -> str:
    return pair.key.casefold() if pair.key.casefold() in NODE_KEYS else pair.key


def _read_id(node: Pair, place: int, nodes: Nodes, findings: Findings) -> None:
    """Add the id of a node, having noted if it has none, several, or that of another."""
    given = [pair for pair in node.inner or () if pair.key.casefold() == "id" and pair.inner is None]
    if not given or not id_text(given[0].text):
        findings.problem(node.line, "the node has no id; give every node one")
        return
    if len(given) > 1:
        findings.problem(given[1].line, f"the node has more than one id; the first stands in line {given[0].line}")
    known = nodes.index.setdefault(id_text(given[0].text), place)
    if known != place:
        said = f"the id {shortened(given[0].text)} is that of the node in line {nodes.lines[known]}"
        findings.problem(given[0].line, f"{said}; ids of nodes must be unique")


def named_agents(nodes: Nodes, findings: Findings, *, ours: bool) -> list[str]:
    """Return an id for every agent: the label of its node where all have one and no two the same, otherwise its id.

    Labels that are the ids are taken out of the columns; without any, names are
    looked at in the same way.

    Parameters
    ----------
    nodes
        The nodes.
    findings
        Where notes go.
    ours
        Whether this program wrote the file.
    """
    numbers = [*nodes.index]
    key = next((name for name in ("label", "name") if any(nodes.columns.get(name, ()))), None)
    if key is None:
        nodes.columns.pop("label", None)
        findings.note(None, "no node has a label, so the ids of agents are those of the nodes")
        return numbers
    labels = [one_line(text) for text in nodes.columns[key]]
    said = _not_usable(key, labels, nodes)
    if said:
        findings.note(None, f'{said}; the ids of agents are those of the nodes, and "{key}" is a column')
        return numbers
    if key != "label":
        findings.note(None, "no node has a label, so the ids of agents are their names")
    if any(_CONTROL.search(text.strip()) for text in nodes.columns[key]):
        findings.note(None, f"line ends in a {key} were read as blanks")
    del nodes.columns[key]
    if not ours and not _only_count(numbers):
        nodes.columns[unique("node_id", set(nodes.columns))] = numbers
    return labels


def _not_usable(key: str, labels: Sequence[str], nodes: Nodes) -> str:
    """Return why labels cannot be ids, or an empty text."""
    if empty := labels.count(""):
        who = counted(empty, "node has", "nodes have")
        return f"{who} no {key} (the first in line {nodes.lines[labels.index('')]})"
    first: dict[str, int] = {}
    for place, text in enumerate(labels):
        if first.setdefault(text, place) != place:
            lines = f"lines {nodes.lines[first[text]]} and {nodes.lines[place]}"
            return f'the {key} "{shortened(text)}" is that of the nodes in {lines}'
    return ""


def _only_count(numbers: Sequence[str]) -> bool:
    """Tell whether ids do nothing but count nodes, from 0 or 1."""
    start = 1 if numbers[:1] == ["1"] else 0
    return all(text == str(place) for place, text in enumerate(numbers, start=start))


def with_true_names(columns: Mapping[str, list[str]], names: Mapping[str, str]) -> dict[str, list[str]]:
    """Return columns under the names that the graph states for keys that cannot hold them."""
    return {names.get(key, key): cells for key, cells in columns.items()}
