"""The edges of a GML file: whom they join, of which layer they are, and how strong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan

from diffusion.network.formats.findings import Findings, shortened
from diffusion.network.formats.gml_nodes import id_text, is_bracket, one_line
from diffusion.network.formats.gml_pairs import Pair
from diffusion.network.formats.marks import listed
from diffusion.network.formats.sheets import number

STRENGTH_KEYS = ("value", "weight", "strength")
LAYER_KEYS = ("layer", "type", "relation")
ENDS = ("source", "target")


@dataclass(slots=True)
class Edges:
    """Hold the edges of a graph: places of nodes, layers, strengths and lines, one an edge."""

    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    layer: list[str] = field(default_factory=list)
    strength: list[float] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read_edges(graph: Sequence[Pair], index: Mapping[str, int], findings: Findings, *, ours: bool) -> Edges:
    """Return the edges of a graph, having noted what is wrong with them and what was left out.

    Parameters
    ----------
    graph
        The pairs of the graph.
    index
        The place of each node by its id.
    findings
        Where problems and notes go.
    ours
        Whether this program wrote the file, so that nothing needs to be said of it.
    """
    found = [pair for pair in graph if pair.key.casefold() == "edge" and is_bracket(pair, findings)]
    rows = [_by_key(edge, findings) for edge in found]
    strength, layer = _strength_key(rows), _layer_key(rows)
    edges = Edges()
    for edge, row in zip(found, rows, strict=True):
        source, target = (_end(edge, row, side, index, findings) for side in ENDS)
        edges.source.append(source)
        edges.target.append(target)
        edges.lines.append(edge.line)
        if layer:
            edges.layer.append(one_line(row[layer].text) if layer in row else "")
        if strength:
            edges.strength.append(_strength(row[strength], findings) if strength in row else nan)
    if not ours:
        _note_keys(rows, strength, layer, findings)
    return edges


def _by_key(edge: Pair, findings: Findings) -> dict[str, Pair]:
    """Return what an edge says by key, having noted what it says twice of what matters."""
    row: dict[str, Pair] = {}
    for pair in edge.inner or ():
        known = row.setdefault(pair.key, pair)
        if known is not pair and pair.key in (*ENDS, *STRENGTH_KEYS, *LAYER_KEYS):
            findings.problem(
                pair.line, f'the edge has more than one "{pair.key}"; the first stands in line {known.line}'
            )
    return row


def _strength_key(rows: Sequence[Mapping[str, Pair]]) -> str:
    """Return the key that says how strong an edge is, or an empty text."""
    return next((key for key in STRENGTH_KEYS if any(key in row for row in rows)), "")


def _layer_key(rows: Sequence[Mapping[str, Pair]]) -> str:
    """Return the key that says in words of which kind an edge is, or an empty text."""
    return next((key for key in LAYER_KEYS if any(key in row and _is_text(row[key]) for row in rows)), "")


def _is_text(pair: Pair) -> bool:
    return pair.inner is None and (pair.quoted or number(pair.text) is None)


def _end(edge: Pair, row: Mapping[str, Pair], side: str, index: Mapping[str, int], findings: Findings) -> int:
    """Return the place of the node at one end of an edge, having noted if there is none."""
    pair = row.get(side)
    if pair is None or pair.inner is not None:
        findings.problem(edge.line, f"the edge has no {side}; an edge needs a source and a target")
        return 0
    place = index.get(id_text(pair.text))
    if place is None:
        findings.problem(pair.line, f'the {side} of the edge, "{shortened(pair.text)}", is the id of no node')
    return place or 0


def _strength(pair: Pair, findings: Findings) -> float:
    value = number(pair.text)
    # Programs write NAN where a value is missing.
    if value is None and pair.text.casefold() != "nan":
        came = "a bracket" if pair.inner is not None else f'"{shortened(pair.text)}"'
        findings.problem(pair.line, f'"{pair.key}" must be a number, how strong the edge is, not {came}')
    return nan if value is None else value


def _note_keys(rows: Sequence[Mapping[str, Pair]], strength: str, layer: str, findings: Findings) -> None:
    """Say which keys were read as strength and layer, and which were left out."""
    read = [f'"{strength}" says how strong they are'] if strength else []
    read += [f'"{layer}" names their layer'] if layer else []
    if read:
        findings.note(None, f"of the edges {' and '.join(read)}")
    left_out = dict.fromkeys(key for row in rows for key in row if key not in {*ENDS, strength, layer})
    if left_out:
        findings.note(None, f"what else edges say ({listed(left_out)}) was left out")
