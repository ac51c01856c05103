"""The vertices of a Pajek network: how many there are, what each is called, and what else its line says.

A line is ``number label x y z shape key value … [times]``, all but the number
optional. Labels need not be unique in Pajek, and vertices need no line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from diffusion.network.formats.findings import Findings, counted, shortened
from diffusion.network.formats.marks import listed, unique
from diffusion.network.formats.pajek_sections import Field, Line, Section, fields_of, whole_number
from diffusion.network.formats.sheets import number
from diffusion.network.network import normalized

MOST_VERTICES = 10_000_000
"""More vertices than this are taken for a slip of the pen: no network of agents is so large."""

COORDINATES = ("x", "y", "z")
SHAPES = {
    *("ellipse", "box", "diamond", "triangle", "cross", "empty", "circle", "rectangle", "square"),
    *("house", "man", "woman"),
}
PARAMETERS = {
    *("x_fact", "y_fact", "phi", "r", "q", "ic", "bc", "bw", "lc", "la", "lr", "lphi", "fos", "font", "size"),
    *("s_size", "url", "hooks"),
}
"""The names of what the drawing of a vertex can have."""


@dataclass(slots=True)
class Vertices:
    """Hold the vertices of one network.

    Attributes
    ----------
    count
        How many there are.
    first_mode
        How many of them, in a two-mode network, are of the first mode; else 0.
    labels
        The labels, ``""`` where there is none.
    columns
        What else the lines say, by name.
    lines
        The line of each vertex; of those without one the line of ``*Vertices``.
    """

    count: int
    first_mode: int
    labels: list[str]
    columns: dict[str, list[str]]
    lines: list[int]


@dataclass(slots=True)
class _Reading:
    """Hold what is read while it is read."""

    findings: Findings
    vertices: Vertices
    keys: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    odd: list[tuple[int, str]] = field(default_factory=list)


def read_vertices(section: Section, findings: Findings, *, last: bool = False) -> Vertices | None:
    """Return the vertices that a section states, or ``None`` where it does not say how many there are.

    Parameters
    ----------
    section
        The section ``*Vertices``.
    findings
        Where problems and notes go.
    last
        Whether no ties follow it, so that missing lines mean that the file breaks off.
    """
    counts = _counts(section, findings)
    if counts is None:
        return None
    count, first_mode = counts
    vertices = Vertices(count, first_mode, [""] * count, {}, [section.line] * count)
    reading = _Reading(findings, vertices)
    before = len(findings.problems.found)
    for line in section.rows:
        _read_line(reading, line)
    if last and 0 < len(section.rows) < count and len(findings.problems.found) == before:
        came = counted(len(section.rows), "vertex", "vertices")
        said = f"{count:,} vertices were announced in line {section.line}, but the file ends after {came}"
        findings.problem(section.last_line, f"{said}; correct the number, or take the whole file")
    taken = set(vertices.columns)
    for name, cells in reading.keys.items():
        vertices.columns[unique(name, taken)] = cells
    if reading.odd:
        _note_odd(reading)
    return vertices


def _counts(section: Section, findings: Findings) -> tuple[int, int] | None:
    """Return how many vertices there are, and how many of the first mode (0 where there is but one)."""
    words = section.rest.split()
    numbers = [whole_number(word) for word in words]
    if not numbers or None in numbers or len(numbers) > 2:
        came = f'"{shortened(section.rest)}"' if words else "nothing"
        findings.problem(
            section.line, f'behind "*Vertices" their number must stand, in two-mode networks two, not {came}'
        )
        return None
    count, first = numbers[0] or 0, numbers[-1] or 0
    if not 0 < count <= MOST_VERTICES:
        findings.problem(section.line, f"the number of vertices must be between 1 and {MOST_VERTICES:,}, not {count}")
        return None
    if first > count:
        said = f"the first mode has {first:,} vertices, but there are only {count:,} in all"
        findings.problem(section.line, f'{said}; it must be "*Vertices ALL FIRST"')
        return None
    return count, first if len(numbers) == 2 and first < count else 0


def _read_line(reading: _Reading, line: Line) -> None:
    """Read the line of one vertex."""
    words = fields_of(line.text)
    count = reading.vertices.count
    vertex = whole_number(words[0].text)
    if vertex is None or not 1 <= vertex <= count:
        said = f'the number of a vertex must be between 1 and {count:,}, not "{shortened(words[0].text)}"'
        reading.findings.problem(line.number, said)
        return
    if vertex in reading.seen:
        said = f"vertex {vertex} was given in line {reading.seen[vertex]}; give every vertex one line"
        reading.findings.problem(line.number, said)
        return
    reading.seen[vertex] = line.number
    reading.vertices.lines[vertex - 1] = line.number
    if any(word.kind == "open" for word in words):
        reading.findings.problem(line.number, "a quotation mark is not closed")
        return
    times = [word.text for word in words if word.kind == "time"]
    if times:
        _put(reading.vertices.columns, "time", vertex, ",".join(times), count)
    words = [word for word in words if word.kind != "time"]
    if len(words) > 1:
        reading.vertices.labels[vertex - 1] = normalized(words[1].text)
        _read_drawing(reading, line, vertex, words)


def _read_drawing(reading: _Reading, line: Line, vertex: int, words: Sequence[Field]) -> None:
    """Read what follows the label of a vertex: coordinates, shape, and pairs of key and value."""
    count, columns = reading.vertices.count, reading.vertices.columns
    rest = [word.text for word in words[2:]]
    numbers = next((place for place, text in enumerate(rest) if number(text) is None), len(rest))
    for name, text in zip(COORDINATES, rest[:numbers], strict=False):
        _put(columns, name, vertex, text, count)
    left_out, pairs = rest[len(COORDINATES) : numbers], rest[numbers:]
    if pairs and numbers == 0 and words[1].kind == "word" and pairs[0].casefold() not in SHAPES | PARAMETERS:
        label, word = shortened(words[1].text), shortened(pairs[0])
        said = f'behind the label "{label}" came "{word}"; a label with blanks must stand in quotation marks'
        reading.findings.problem(line.number, said)
        return
    if pairs and (pairs[0].casefold() in SHAPES or len(pairs) % 2):
        _put(columns, "shape", vertex, pairs[0], count)
        pairs = pairs[1:]
    for key, value in zip(pairs[0::2], pairs[1::2], strict=False):
        name = key.casefold() if key.casefold() in PARAMETERS else normalized(key)
        _put(reading.keys, name, vertex, value, count)
    left_out += pairs[-1:] if len(pairs) % 2 else []
    reading.odd.extend((line.number, text) for text in left_out)


def _put(columns: dict[str, list[str]], name: str, vertex: int, cell: str, count: int) -> None:
    columns.setdefault(name, [""] * count)[vertex - 1] = cell


def _note_odd(reading: _Reading) -> None:
    line, text = reading.odd[0]
    more = f", and {len(reading.odd) - 1:,} more like it" if len(reading.odd) > 1 else ""
    said = f'"{shortened(text)}" belongs to nothing in the line of its vertex, so it was left out{more}'
    reading.findings.note(line, said)


def unique_ids(vertices: Vertices, given: Mapping[int, str], findings: Findings) -> list[str]:
    """Return an id for every vertex: its label, its number where it has none, both where labels are repeated.

    Parameters
    ----------
    vertices
        The vertices.
    given
        Ids by vertex number that the file states apart from labels.
    findings
        Where notes go.
    """
    labels = [given.get(place, text) for place, text in enumerate(vertices.labels, start=1)]
    without = [place for place, text in enumerate(labels, start=1) if not text]
    if without:
        who = "no vertex has a label, so the ids are their numbers"
        if len(without) < len(labels):
            have = counted(len(without), "vertex has", "vertices have")
            who = f"{have} no label ({_some(without)}); the id is the number"
        findings.note(None, who)
    ids = [text or str(place) for place, text in enumerate(labels, start=1)]
    vertices_of = defaultdict(list)
    for place, text in enumerate(ids, start=1):
        vertices_of[text].append(place)
    repeated = {text: numbers for text, numbers in vertices_of.items() if len(numbers) > 1}
    if not repeated:
        return ids
    taken = set(ids)
    for text, numbers in repeated.items():
        for place in numbers:
            ids[place - 1] = _with_number(text, place, taken)
    _note_repeated(repeated, ids, findings)
    return ids


def _with_number(text: str, place: int, taken: set[str]) -> str:
    name = f"{text} {place}"
    while name in taken:
        name = f"{name} {place}"
    taken.add(name)
    return name


def _note_repeated(repeated: Mapping[str, Sequence[int]], ids: Sequence[str], findings: Findings) -> None:
    text, numbers = next(iter(repeated.items()))
    named = listed([ids[place - 1] for place in numbers])
    more = f"; so were {counted(len(repeated) - 1, 'other label', 'other labels')}" if len(repeated) > 1 else ""
    findings.note(
        None,
        f'the label "{text}" is that of vertices {_some(numbers)}; ids must be unique, so the number of the '
        f"vertex was put behind it: {named}{more}",
    )


def _some(numbers: Sequence[int], *, most: int = 5) -> str:
    shown = ", ".join(map(str, numbers[:most]))
    return f"{shown} and {len(numbers) - most:,} more" if len(numbers) > most else shown
