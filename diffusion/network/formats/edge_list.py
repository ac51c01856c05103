"""Edge lists: one row a tie, in CSV, in text separated by tabs or semicolons, or in an Excel workbook.

The header names the two ends and, if wanted, a layer, a strength and whether
the tie is directed; :data:`ENDS` and the tuples below it list the words that
are known, in any letter case. In a text of one cell a row, in which every row
has as many words, blanks separate the cells, as networkx and igraph write them.
A row with one end alone is an agent without ties. A workbook may have a sheet ``agents`` beside the ties
(:mod:`~diffusion.network.formats.workbooks`); a text file cannot hold what
agents are, for which there is the folder with ``agents.csv`` and ``ties.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from diffusion.errors import InputError
from diffusion.network.formats.marks import lost_attributes, lost_survey
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.rows import named_ties
from diffusion.network.formats.sheets import Sheet, read_sheet, write_sheet
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.workbooks import (
    MOST_SHEET_ROWS,
    Companions,
    is_workbook,
    read_companions,
    write_workbook,
)
from diffusion.network.network import Network, normalized

ENDS = (
    ("source", "target"),
    ("from", "to"),
    ("ego", "alter"),
    ("sender", "receiver"),
    ("tail", "head"),
    ("respondent", "nominee"),
    ("nominator", "nominee"),
    ("node1", "node2"),
    ("person1", "person2"),
    ("i", "j"),
)
"""What the columns of the two ends of a tie are called, in pairs."""

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
LAYERS = ("layer", "relation", "kind", "tie")
STRENGTHS = ("strength", "weight", "value", "frequency")
DIRECTEDS = ("directed", "type")
SYNTHETIC = "synthetic"
_WHOLE = re.compile(r"\d+\.0+")
DIRECTED = {"": True, "true": True, "yes": True, "1": True, "directed": True}
UNDIRECTED = {"false": False, "no": False, "0": False, "undirected": False, "mutual": False}


@dataclass(frozen=True, slots=True)
class _Header:
    """Hold which column is what; None where there is none."""

    source: int
    target: int
    layer: int | None = None
    strength: int | None = None
    directed: int | None = None
    synthetic: int | None = None
    rows: int = 1


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the last resort of all sheets
    """Tell that a sheet may be an edge list, whatever it holds."""
    return path.suffix.casefold() in SUFFIXES


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what an edge list says, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    """
    beside = read_companions(path, problems)
    if problems.found:
        return None
    name = next((other for other in beside.others if other.casefold() == "ties"), None)
    sheet = read_sheet(path, problems, sheet=name or next(iter(beside.others), None))
    if sheet is not None and sheet.separator and max(map(len, sheet.rows)) == 1:
        sheet = _by_words(sheet, problems)
    if sheet is None:
        return None
    if name is None and len(beside.others) > 1:
        sheet.notes.append(f'{path}: of its sheets "{beside.others[0]}" was read as the ties')
    header = _header(sheet, problems)
    if header is None:
        return None
    return _tables(sheet, header, beside, problems)


def _by_words(sheet: Sheet, problems: Problems) -> Sheet | None:
    """Return a sheet of one cell a row with its words as cells, where every row has as many."""
    counts = {len(row[0].split()) for row in sheet.rows}
    if len(counts) > 1 or counts == {1}:
        return sheet
    again = read_sheet(sheet.path, problems, separator=" ")
    if again is not None:
        again.notes.append(f"{sheet.path}: it was assumed that blanks separate its cells")
    return again


def _header(sheet: Sheet, problems: Problems) -> _Header | None:
    first = [cell.casefold() for cell in sheet.rows[0]]
    for source, target in ENDS:
        if source in first and target in first:
            return _named_columns(sheet, first.index(source), first.index(target), problems)
    width = max(map(len, sheet.rows))
    if width not in {2, 3}:
        words = "; ".join(f"{source} and {target}" for source, target in ENDS[:5])
        named = ", ".join(sheet.rows[0])[:200]
        advice = "rename two columns, or put such a line on top if the file has none"
        if width == 1:
            advice = "separate cells by commas, semicolons or tabs"
        said = f"the header must name the two ends of a tie ({words}; …); it names {named}; {advice}"
        problems.add(sheet.path, sheet.lines[0], said)
        return None
    third = [sheet.number(row[2]) is not None for row in sheet.rows if len(row) > 2 and row[2]]
    has_header = width == 3 and len(third) > 1 and not third[0] and all(third[1:]) and len(sheet.rows[0]) == 3
    strength = 2 if width == 3 and all(third[1:] if has_header else third) else None
    said = "its first row is a header" if has_header else "it has no header"
    what = "" if width == 2 else ", the third the strength" if strength else ", the third the layer"
    sheet.notes.append(f"{sheet.path}: it was assumed that {said}, that the first two columns are the two ends{what}")
    return _Header(0, 1, 2 if width == 3 and strength is None else None, strength, rows=int(has_header))


def _named_columns(sheet: Sheet, source: int, target: int, problems: Problems) -> _Header:
    names = [cell.casefold() for cell in sheet.rows[0]]

    def place(known: Sequence[str]) -> int | None:
        return next((names.index(name) for name in known if name in names), None)

    directed = place(DIRECTEDS[:1])
    layer = place(LAYERS)
    if directed is None and (kind := place(DIRECTEDS[1:])) is not None:
        words = {row[kind].casefold() for row in sheet.rows[1:] if len(row) > kind}
        if words <= {"directed", "undirected", "mutual", ""}:
            directed = kind
        elif layer is None:
            layer = kind
    header = _Header(source, target, layer, place(STRENGTHS), directed, place((SYNTHETIC,)))
    used = {source, target, header.layer, header.strength, header.directed, header.synthetic}
    left = [sheet.rows[0][column] or f"column {column + 1}" for column in range(len(names)) if column not in used]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        problems.add(sheet.path, sheet.lines[0], f'the column "{name}" is there {names.count(name)} times; keep one')
    if left:
        told = ", ".join(f'"{name}"' for name in left)
        sheet.notes.append(
            f"{sheet.path}: left out: {told}. A strength is read from a column called strength, a layer from one "
            "called layer; an import recipe can say more"
        )
    return header


def _tables(sheet: Sheet, header: _Header, beside: Companions, problems: Problems) -> Tables:
    index = {text: place for place, text in enumerate(beside.ids)}
    made = Tables(path=sheet.path, ids=[*beside.ids], name=beside.about.get("name", ""), synthetic=beside.synthetic)
    source, target, layer, strength, directed, lines, alone = [], [], [], [], [], [], 0
    for row, line in zip(sheet.rows[header.rows :], sheet.lines[header.rows :], strict=True):
        if len(row) > len(sheet.rows[0]) and header.rows:
            wide = f"the row has {len(row)} cells, the header {len(sheet.rows[0])}; quote a cell that holds a separator"
            problems.add(sheet.path, line, wide)
            continue
        ends = [normalized(_cell(row, place)) for place in (header.source, header.target)]
        places = [index.setdefault(end, len(index)) for end in ends if end]
        if header.synthetic is not None and _cell(row, header.synthetic).casefold() == "true":
            made.synthetic = True
        if not places:
            problems.add(sheet.path, line, "both ends of the tie are empty")
        elif len(places) == 1 and ends[0]:
            alone += 1
        elif len(places) == 1:
            problems.add(
                sheet.path, line, "the first end of the tie is empty; an agent alone stands in the first column"
            )
        else:
            source.append(places[0])
            target.append(places[1])
            layer.append(_cell(row, header.layer))
            strength.append(_strength(sheet, _cell(row, header.strength), line, problems))
            directed.append(_directed(sheet, _cell(row, header.directed), line, problems))
            lines.append(line)
    made.ids, made.layer, made.lines = list(index), layer, lines
    made.source, made.target, made.strength, made.directed = source, target, strength, directed
    made.columns = {key: cells + [""] * (len(index) - len(cells)) for key, cells in beside.columns.items()}
    made.follows_knowledge = "name" in beside.about or header.synthetic is not None
    made.notes = [*sheet.notes, *_notes(sheet.path, beside, made.ids, alone)]
    return made


def _notes(path: Path, beside: Companions, ids: Sequence[str], alone: int) -> Iterator[str]:
    if beside.ids and len(ids) > len(beside.ids):
        more = len(ids) - len(beside.ids)
        yield f"{path}: agents named in ties alone, not in the sheet of agents: {more:,}; their columns are empty"
    if alone and not beside.ids:
        yield f"{path}: agents without a tie, in rows of one end alone: {alone:,}"
    known = set(ids)
    numbers = [name for name in ids if _WHOLE.fullmatch(name) and name.partition(".")[0] in known]
    if numbers:
        others = f", and {len(numbers) - 1:,} more like it" if len(numbers) > 1 else ""
        yield (
            f'{path}: "{numbers[0].partition(".")[0]}" and "{numbers[0]}" are two agents here{others}; if they are '
            "one, write whole numbers without the .0 that spreadsheets and pandas add"
        )
    folded: dict[str, str] = {}
    for name in ids:
        other = folded.setdefault(" ".join(name.casefold().split()), name)
        if other != name:
            yield f'{path}: "{other}" and "{name}" differ in letter case or blanks only; are they one?'


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""


def _strength(sheet: Sheet, text: str, line: int, problems: Problems) -> float:
    if not text:
        return float("nan")
    value = sheet.number(text)
    if value is None:
        advice = "; write the decimal mark as a point" if "," in text else ""
        problems.add(sheet.path, line, f'the strength must be a number, not "{text}"{advice}')
    return float("nan") if value is None else value


def _directed(sheet: Sheet, text: str, line: int, problems: Problems) -> bool:
    said = {**DIRECTED, **UNDIRECTED}.get(text.casefold())
    if said is None:
        problems.add(sheet.path, line, f'directed must be true or false, not "{text}"')
    return said is not False


def write(network: Network, path: Path) -> list[str]:
    """Write an edge list, and return what it cannot carry.

    Parameters
    ----------
    network
        The network.
    path
        The file; the suffix says whether it is a workbook, which carries everything.

    Raises
    ------
    InputError
        If the network is too large for a workbook.
    """
    ties = [*map(list, named_ties(network))]
    header = ["source", "target", "layer", "strength"]
    if is_workbook(path):
        if max(len(ties), network.size) >= MOST_SHEET_ROWS:
            raise InputError(
                f"{path}: a sheet of Excel holds {MOST_SHEET_ROWS:,} rows, too few; write a folder or .csv"
            )
        return write_workbook(network, path, {"ties": [header, *ties]})
    return _text(network, path, header, ties)


def _text(network: Network, path: Path, header: list[str], ties: list[list[object]]) -> list[str]:
    tied = set(np.union1d(network.source, network.target).tolist())
    alone: list[list[object]] = [[name, "", "", ""] for place, name in enumerate(network.ids) if place not in tied]
    label = "true" if network.synthetic else "false"
    rows: list[list[object]] = [[*header, SYNTHETIC]]
    rows += [[*row, label] for row in ties + alone]
    write_sheet(rows, path)
    told = lost_survey(network)
    if lost := lost_attributes(network):
        advice = "; a folder or a workbook (.xlsx) carries them"
        told.insert(0, f"what agents are: {', '.join(lost)}{advice}")
    return told
