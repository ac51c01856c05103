"""The ties of a Pajek network: arcs and edges a line each, lists, and matrices, of one relation or several.

``*Arcs`` and ``*Edges`` have lines ``i j weight``, ``*Arcslist`` and
``*Edgeslist`` lines ``i j k …``; ``*Matrix`` has a row of numbers a vertex, in
two-mode networks a row a vertex of the first mode and a column a vertex of the
second. ``*Arcs :2 "trust"`` (also ``*Matrix 2: "trust"``) says which relation
is meant, and so does ``2: i j weight`` of one line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import NamedTuple

from diffusion.network.formats.findings import Findings, counted, shortened
from diffusion.network.formats.marks import unique
from diffusion.network.formats.pajek_sections import (
    ARCS,
    ARCSLIST,
    EDGES,
    MATRIX,
    Line,
    Section,
    fields_of,
    whole_number,
)
from diffusion.network.formats.sheets import number
from diffusion.network.network import normalized

PARAMETERS = {
    *("w", "c", "p", "s", "a", "ap", "l", "lp", "lr", "lphi", "lc", "la", "fos", "font", "size"),
    *("h1", "h2", "a1", "a2", "k1", "k2"),
}
"""The names of what the drawing of a tie can have."""

_RELATION = re.compile(r"(?::[ \t]*(?P<behind>\d{1,9})|(?P<before>\d{1,9})[ \t]*:?)?[ \t]*(?P<name>.*)")
_LINE_RELATION = re.compile(r"(\d{1,9})[ \t]*:[ \t]*")


class Relation(NamedTuple):
    """Name a relation: its number, as written, and its name, either of which may be missing."""

    number: str
    name: str


@dataclass(slots=True)
class Ties:
    """Hold the ties of one network, as :class:`~diffusion.network.formats.tables.Tables` has them."""

    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    layer: list[str] = field(default_factory=list)
    strength: list[float] = field(default_factory=list)
    directed: list[bool] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, source: int, target: int, layer: str, strength: float, line: int, *, directed: bool) -> None:
        """Add one tie."""
        self.source.append(source)
        self.target.append(target)
        self.layer.append(layer)
        self.strength.append(strength)
        self.directed.append(directed)
        self.lines.append(line)


@dataclass(slots=True)
class _Reading:
    """Hold what is read while it is read."""

    findings: Findings
    count: int
    first_mode: int
    numbers: Mapping[str, int]
    names: Mapping[str, str]
    ties: Ties = field(default_factory=Ties)
    layers: dict[Relation, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    times: list[int] = field(default_factory=list)
    drawings: list[int] = field(default_factory=list)

    def layer(self, relation: Relation) -> str:
        """Return the layer that a relation is."""
        relation = Relation(relation.number, relation.name or self.names.get(relation.number, ""))
        if relation not in self.layers:
            name = relation.name or relation.number
            self.layers[relation] = unique(name, self.taken) if relation.number else name
            if self.layers[relation] != name:
                said = f'relation {relation.number} is called "{name}" like another, so here "{self.layers[relation]}"'
                self.findings.note(None, said)
        return self.layers[relation]


def read_ties(
    sections: Sequence[Section],
    ids: Sequence[str],
    findings: Findings,
    *,
    first_mode: int,
    names: Mapping[str, str],
) -> Ties:
    """Return the ties that sections state.

    Parameters
    ----------
    sections
        The sections of ties of one network.
    ids
        The agents.
    findings
        Where problems and notes go.
    first_mode
        How many of them, in a two-mode network, are of the first mode; else 0.
    names
        Names of relations by their numbers that the file states elsewhere.
    """
    relations = [_relation(section) for section in sections]
    named = {relation.number: relation.name for relation in reversed(relations) if relation.number and relation.name}
    numbers = {text: place for place, text in enumerate(ids, start=1)}
    reading = _Reading(findings, len(ids), first_mode, numbers, {**named, **names})
    for section, written in zip(sections, relations, strict=True):
        relation = Relation(written.number, names.get(written.number, written.name))
        _note_count(section, findings)
        if section.name == MATRIX:
            _read_matrix(reading, section, reading.layer(relation))
        elif section.name in {ARCS, EDGES}:
            _read_pairs(reading, section, relation)
        else:
            _read_lists(reading, section, relation)
    _note_left_out(reading)
    return reading.ties


def _relation(section: Section) -> Relation:
    """Return the relation that a section's heading names."""
    match = _RELATION.fullmatch(section.rest)
    if match is None or _only_a_count(section.rest):
        return Relation("", "")
    name = match["name"]
    parts = fields_of(name) if name else []
    plain = parts[0].text if len(parts) == 1 and parts[0].kind == "quoted" else name
    digits = match["behind"] or match["before"] or ""
    return Relation(str(int(digits)) if digits else "", normalized(plain))


def _only_a_count(rest: str) -> bool:
    return whole_number(rest) is not None


def _note_count(section: Section, findings: Findings) -> None:
    if _only_a_count(section.rest):
        said = f'the number {section.rest} behind "{section.name}" was taken for a count and left out of account'
        findings.note(section.line, f'{said}; a relation is written ":{section.rest}"')


def _of_relation(reading: _Reading, text: str, relation: Relation) -> tuple[str, str]:
    """Return the layer of a line, and the line without the relation that it may name."""
    match = _LINE_RELATION.match(text) if ":" in text else None
    if match is None:
        return reading.layer(relation), text
    return reading.layer(Relation(str(int(match[1])), "")), text[match.end() :]


def _read_pairs(reading: _Reading, section: Section, relation: Relation) -> None:
    """Read lines of two vertices and, if wanted, a weight and what the drawing of the tie is like."""
    directed = section.name == ARCS
    for line in section.rows:
        layer, text = _of_relation(reading, line.text, relation)
        words = _words(reading, line, text)
        if len(words) < 2:
            kind = "an arc" if directed else "an edge"
            said = f'{kind} must name two vertices by their numbers, not "{shortened(text)}"'
            reading.findings.problem(line.number, said)
            continue
        source, target = _vertex(reading, words[0], line), _vertex(reading, words[1], line)
        strength = _weight(reading, words, line)
        if source is not None and target is not None and strength is not None:
            reading.ties.add(source, target, layer, strength, line.number, directed=directed)


def _read_lists(reading: _Reading, section: Section, relation: Relation) -> None:
    """Read lines of a vertex and those to which it has ties."""
    directed = section.name == ARCSLIST
    for line in section.rows:
        layer, text = _of_relation(reading, line.text, relation)
        places = [_vertex(reading, word, line) for word in _words(reading, line, text)]
        known = [place for place in places if place is not None]
        for place in known[1:]:
            reading.ties.add(known[0], place, layer, nan, line.number, directed=directed)


def _words(reading: _Reading, line: Line, text: str) -> list[str]:
    """Return the words of a line but for marks of time, whose loss is noted."""
    if '"' not in text and "[" not in text:
        return text.split()
    fields = fields_of(text)
    if any(word.kind == "time" for word in fields):
        reading.times.append(line.number)
    return [word.text for word in fields if word.kind != "time"]


def _vertex(reading: _Reading, word: str, line: Line) -> int | None:
    """Return the place of the vertex of which a word is the number, or ``None`` having noted what is wrong."""
    place = whole_number(word)
    if place is not None and 1 <= place <= reading.count:
        return place - 1
    advice = ""
    if word.startswith("-"):
        advice = "; a minus marks a negative tie, which is not read"
    elif normalized(word) in reading.numbers:
        advice = f"; the vertex of this label has the number {reading.numbers[normalized(word)]}"
    said = f'a tie names a vertex by its number between 1 and {reading.count:,}, not "{shortened(word)}"{advice}'
    reading.findings.problem(line.number, said)
    return None


def _weight(reading: _Reading, words: Sequence[str], line: Line) -> float | None:
    """Return the weight of a tie, NaN where none is given, or ``None`` having noted what is wrong."""
    if len(words) == 2:
        return nan
    if len(words) > 3 or words[2].casefold() in PARAMETERS:
        reading.drawings.append(line.number)
    if words[2].casefold() in PARAMETERS:
        return nan
    value = number(words[2])
    if value is None:
        advice = "; write the decimal mark as a point" if "," in words[2] else ""
        said = f'the weight of a tie must be a number, not "{shortened(words[2])}"{advice}'
        reading.findings.problem(line.number, said)
    return value


def _read_matrix(reading: _Reading, section: Section, layer: str) -> None:
    """Read a row of numbers a vertex, in two-mode networks from the first mode to the second."""
    height = reading.first_mode or reading.count
    width = reading.count - reading.first_mode
    for row, line in enumerate(section.rows[:height]):
        cells = line.text.split()
        if len(cells) != width:
            said = f"row {row + 1} of the matrix must have {counted(width, 'number', 'numbers')}, not {len(cells):,}"
            reading.findings.problem(line.number, said)
            continue
        _read_row(reading, line, row, cells, layer)
    rows = counted(height, "row", "rows")
    if len(section.rows) > height:
        said = f"the matrix must have {rows}, one a vertex, but another follows; remove it or correct *Vertices"
        reading.findings.problem(section.rows[height].number, said)
    elif len(section.rows) < height:
        said = f"the matrix must have {rows}, one a vertex, but breaks off after {len(section.rows):,}"
        reading.findings.problem(section.last_line, f"{said}; take the whole file")


def _read_row(reading: _Reading, line: Line, row: int, cells: Sequence[str], layer: str) -> None:
    for column, cell in enumerate(cells):
        if cell == "0":
            continue
        value = number(cell)
        if value is None:
            said = f'number {column + 1} of row {row + 1} of the matrix is none: "{shortened(cell)}"'
            advice = "; write the decimal mark as a point" if "," in cell else "; write 0 where there is no tie"
            reading.findings.problem(line.number, f"{said}{advice}")
            return
        if value:
            target = column + reading.first_mode
            reading.ties.add(row, target, layer, value, line.number, directed=True)


def _note_left_out(reading: _Reading) -> None:
    """Note each thing that lines of ties said and that was not kept."""
    kinds = (
        (reading.times, "says when it existed; times of ties were left out, so all ties are there all the time"),
        (reading.drawings, "has more than a weight (a colour, a label); what follows the weight of ties was left out"),
    )
    for lines, said in kinds:
        if lines:
            more = f" ({len(lines) - 1:,} more like it)" if len(lines) > 1 else ""
            reading.findings.note(lines[0], f"this tie {said}{more}")
