"""VNA, the text format of NetDraw: agents with attributes, their drawing, and ties of several kinds.

Grammar, as NetDraw writes it, EgoNet too, and Gephi reads it
(https://docs.gephi.org/desktop/User_Manual/Import/Netdraw_VNA_Format)::

    *Node data
    ID role ward
    "Ann B" manager 3
    *Node properties
    ID x y color shape size shortlabel
    "Ann B" 102 315 255 1 10 Ann
    *Tie data
    from to friends advice
    "Ann B" Cem 1 0.5

Sections come in any order and letter case; a file may hold ties alone. The
line after a section's name names the columns, between blanks or commas; values
stand between blanks, in quotation marks where they hold blanks themselves, and
``""`` is a missing one. Each column after ``from`` and ``to`` is a kind of tie,
a layer; 0 or nothing says that there is no such tie, any other number is its
strength. A column called ``strength``, ``weight`` or ``value`` is no kind of
tie but says how strong each tie is.

Of the drawing, a short label that differs from the id is kept, in the column
``shortlabel``. Networks are written with their name and making in two columns
of the agents (see :mod:`~diffusion.network.formats.marks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, nan
from pathlib import Path

from diffusion.network.formats.layer_columns import strengths_by_pair
from diffusion.network.formats.marks import listed, lost_survey, marked_columns, taken_marks, unique
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import number
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.text import read_text
from diffusion.network.formats.vna_sections import NODE_DATA, NODE_PROPERTIES, TIE_DATA, Section, sections_of
from diffusion.network.network import Network, normalized

ID_NAMES = ("id", "name", "label", "node")
ENDS = (["from", "to"], ["source", "target"])
STRENGTH_NAMES = ("strength", "weight", "value")

_BEGINNING = re.compile(rb"\s*\*\s*(node\s+data|node\s+properties|tie\s+data)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(slots=True)
class _Ties:
    """Hold the ties of a file."""

    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    layer: list[str] = field(default_factory=list)
    strength: list[float] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, ends: tuple[int, int], layer: str, strength: float, line: int) -> None:
        """Add one tie."""
        self.source.append(ends[0])
        self.target.append(ends[1])
        self.layer.append(layer)
        self.strength.append(strength)
        self.lines.append(line)


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the first bytes say enough
    """Tell whether a file begins with a section of a VNA file."""
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
    sections = sections_of(path, found.text, problems) if found else {}
    if found is None or not sections:
        return None
    tables = Tables(path=path, ids=[], notes=list(found.notes))
    index: dict[str, int] = {}
    columns = _nodes(tables, sections, index, problems)
    marks = taken_marks(columns)
    ties = _ties(tables, sections.get(TIE_DATA), index, problems, ours=marks is not None)
    tables.columns = {name: cells + [""] * (len(index) - len(cells)) for name, cells in columns.items()}
    tables.source, tables.target = ties.source, ties.target
    tables.layer, tables.strength, tables.lines = ties.layer, ties.strength, ties.lines
    if marks:
        tables.name, tables.synthetic, tables.follows_knowledge = marks.name, marks.synthetic, True
    return tables


def _nodes(
    tables: Tables, sections: Mapping[str, Section], index: dict[str, int], problems: Problems
) -> dict[str, list[str]]:
    """Fill in the agents of the two sections on nodes, and return their columns."""
    columns: dict[str, list[str]] = {}
    for name in (NODE_DATA, NODE_PROPERTIES):
        section = sections.get(name)
        if section is None or not _has_id(tables.path, section, name, problems):
            continue
        _check_repeated_columns(tables.path, section, section.columns, problems)
        ids = _ids(tables, section, index, problems)
        if name == NODE_DATA:
            columns = {key: section.column(place) for place, key in enumerate(section.columns) if place}
            tables.agent_lines = section.lines
        else:
            _keep_short_labels(tables, section, ids, columns)
    return columns


def _has_id(path: Path, section: Section, name: str, problems: Problems) -> bool:
    """Tell whether the first column holds ids, having noted what it holds otherwise."""
    first = section.columns[0] if section.columns else ""
    if first and first.casefold() not in ID_NAMES:
        said = f'the line after *{name.capitalize()} must name the columns, ID first, not "{first}"'
        problems.add(path, section.header_line, said)
        return False
    return bool(first)


def _ids(tables: Tables, section: Section, index: dict[str, int], problems: Problems) -> list[str]:
    """Return the ids in the first column, having added the new ones and noted the empty and the repeated."""
    ids = [*map(normalized, section.column(0))]
    first: dict[str, int] = {}
    for text, line in zip(ids, section.lines, strict=True):
        if not text:
            problems.add(tables.path, line, "the ID is empty; give every agent one")
        elif text in first:
            problems.add(tables.path, line, f'the ID "{text}" was given in line {first[text]}; IDs must be unique')
        elif text not in index:
            index[text] = len(index)
            tables.ids.append(text)
        first.setdefault(text, line)
    return ids


def _check_repeated_columns(path: Path, section: Section, names: Sequence[str], problems: Problems) -> None:
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        problems.add(path, section.header_line, f'the column "{name}" is there {names.count(name)} times; keep one')


def _keep_short_labels(tables: Tables, section: Section, ids: Sequence[str], columns: dict[str, list[str]]) -> None:
    """Keep the short labels if any differs from its id, and say that the rest of the drawing is left out."""
    places = {name.casefold(): place for place, name in enumerate(section.columns) if place}
    labelled = places.pop("shortlabel", None)
    if places:
        tables.notes.append(f"{tables.path}: how the agents are drawn ({', '.join(places)}) was left out")
    if labelled is None:
        return
    labels = dict(zip(ids, map(normalized, section.column(labelled)), strict=True))
    if any(label not in {"", text} for text, label in labels.items()):
        columns[unique("shortlabel", set(columns))] = [labels.get(text, "") for text in tables.ids]


def _ties(tables: Tables, section: Section | None, index: dict[str, int], problems: Problems, *, ours: bool) -> _Ties:
    """Return the ties, having added the agents that only ties name."""
    ties = _Ties()
    if section is None:
        tables.notes.append(f"{tables.path}: there is no *Tie data in it, so no agent has ties")
    if section is None or not _has_ends(tables.path, section, problems):
        return ties
    _check_repeated_columns(tables.path, section, section.columns[2:], problems)
    ends = _ends(tables, section, index, problems)
    kinds = _kinds_of_ties(tables, section, ours=ours)
    for place, layer in kinds.items():
        strengths = _strengths(tables.path, section, place, problems)
        for line, pair, strength in zip(section.lines, ends, strengths, strict=True):
            if not layer or not (isnan(strength) or strength == 0):
                ties.add(pair, layer, strength, line)
    for line, pair in zip(section.lines, ends, strict=True) if not kinds else ():
        ties.add(pair, "", nan, line)
    return ties


def _has_ends(path: Path, section: Section, problems: Problems) -> bool:
    """Tell whether the first two columns hold the ends of ties, having noted what they hold otherwise."""
    names = section.columns[:2]
    if names and names != [""] and [*map(str.casefold, names)] not in ENDS:
        said = f'the line after *Tie data must name the columns, from and to first, not "{" ".join(names)}"'
        problems.add(path, section.header_line, said)
        return False
    return len(names) == 2


def _ends(tables: Tables, section: Section, index: dict[str, int], problems: Problems) -> list[tuple[int, int]]:
    """Return the agents at both ends of every tie, having added those that are new."""
    known = len(index)
    new_line = 0
    ends = []
    for row, line in zip(section.rows, section.lines, strict=True):
        texts = normalized(row[0]), normalized(row[1])
        for side, text in zip(section.columns, texts, strict=False):
            if not text:
                problems.add(tables.path, line, f'"{side}" is empty; a tie needs an agent at both ends')
            elif text not in index:
                index[text] = len(index)
                tables.ids.append(text)
                new_line = new_line or line
        ends.append((index.get(texts[0], 0), index.get(texts[1], 0)))
    if new_line and known:
        added = len(index) - known
        who = "1 agent is" if added == 1 else f"{added:,} agents are"
        tables.notes.append(
            f"{tables.path}:{new_line}: {who} in *Tie data only, the first here; added, with nothing else known of them"
        )
    elif new_line:
        tables.notes.append(f"{tables.path}: there is no *Node data in it, so agents without ties are missing")
    return ends


def _kinds_of_ties(tables: Tables, section: Section, *, ours: bool) -> dict[int, str]:
    """Return the places of the columns to read and the layer of each, "" where it says how strong a tie is."""
    names = {place: name for place, name in enumerate(section.columns) if place > 1}
    if ours:
        return names
    strength = [place for place, name in names.items() if name.casefold() in STRENGTH_NAMES]
    texts = [place for place in names if not _holds_numbers(section.column(place))]
    if len(strength) == 1 and strength[0] not in texts:
        read, left_out = {strength[0]: ""}, [name for place, name in names.items() if place != strength[0]]
        advice = f'"{names[strength[0]]}" was read as the strength of ties; if each column is a kind of tie, rename it'
    else:
        read = {place: name for place, name in names.items() if place not in texts}
        left_out, advice = [names[place] for place in texts], "a kind of tie needs numbers, 0 for no tie"
    if left_out:
        tables.notes.append(f"{tables.path}: of the columns of ties {listed(left_out)} was left out: {advice}")
    return read


def _holds_numbers(cells: Sequence[str]) -> bool:
    """Tell whether any cell states a number; a column of empty cells passes."""
    filled = [cell for cell in cells if cell.strip()]
    return not filled or any(number(cell, decimal_comma=True) is not None for cell in filled)


def _strengths(path: Path, section: Section, place: int, problems: Problems) -> list[float]:
    """Return the numbers in a column, NaN for empty cells, having noted what is no number."""
    strengths = []
    for cell, line in zip(section.column(place), section.lines, strict=True):
        value = number(cell, decimal_comma=not section.commas) if cell.strip() else nan
        if value is None:
            said = f'"{section.columns[place]}" must be a number, 0 or "" for no tie, not "{cell}"'
            problems.add(path, line, said)
        strengths.append(nan if value is None else value)
    return strengths


def write(network: Network, path: Path) -> list[str]:
    """Write a network to a file, each layer as one column of ties, undirected ties as two rows.

    Parameters
    ----------
    network
        The network.
    path
        The file; what is there is overwritten.

    Returns
    -------
    What could not be carried, a line each: VNA has no way to write quotation
    marks inside names, nor line ends.
    """
    columns, lost = marked_columns(network, reserved=("id",))
    ids, headers, layers = (_clean_names(names) for names in (network.ids, columns, network.layers))
    cells = [[_clean(cell) for cell in column] for column in columns.values()]
    pairs = [
        (network.ids, ids),
        (columns, headers),
        (network.layers, layers),
        *zip(columns.values(), cells, strict=True),
    ]
    changed = sum(old != new for before, after in pairs for old, new in zip(before, after, strict=True))
    if changed:
        where = "1 place" if changed == 1 else f"{changed:,} places"
        lost.append(f"quotation marks and line ends inside texts: apostrophes and blanks stand for them in {where}")
    ties = [
        " ".join([_row([ids[source], ids[target]]), *strengths])
        for (source, target), strengths in strengths_by_pair(network).items()
    ]
    lines = ["*Node data", _row(["ID", *headers]), *map(_row, zip(ids, *cells, strict=True))]
    lines += ["*Tie data", _row(["from", "to", *layers]), *ties]
    path.write_bytes("".join(line + "\r\n" for line in lines).encode())
    return [*lost, *lost_survey(network)]


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text).replace('"', "'").strip()


def _clean_names(names: Iterable[str]) -> list[str]:
    """Return names without quotation marks, still all different."""
    taken = {name for name in names if _clean(name) == name}
    return [name if _clean(name) == name else unique(_clean(name), taken) for name in names]


def _row(texts: Iterable[str]) -> str:
    return " ".join(f'"{text}"' for text in texts)
