"""The edge lists and node lists of a UCINET DL file: a line a tie, or a line an agent and whom it is tied to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan

import numpy as np

from diffusion.network.formats.findings import Findings, counted, shortened
from diffusion.network.formats.ucinet_dl_agents import Side
from diffusion.network.formats.ucinet_dl_header import COUNTED_NODES, EDGES, EDGES_OF_TWO, Header
from diffusion.network.formats.ucinet_dl_ties import Ties, values_of
from diffusion.network.formats.ucinet_dl_words import DIVIDER, blocks_of, data_words

Line = tuple[int, list[str]]


@dataclass(slots=True)
class _Rows:
    """Collect the ties of one matrix."""

    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    strengths: list[float] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    missing: int = 0

    def add(self, row: int, column: int, strength: float, line: int) -> None:
        """Add a tie, unless an end of it is not known."""
        if row >= 0 and column >= 0:
            self.rows.append(row)
            self.columns.append(column)
            self.strengths.append(strength)
            self.lines.append(line)


def read_lists(
    data: Sequence[tuple[int, str]], header: Header, sides: tuple[Side, Side], findings: Findings
) -> Ties | None:
    """Return the ties in lists, one a matrix, or ``None`` having noted what is wrong with them.

    Parameters
    ----------
    data
        The lines of data that are not blank, with their numbers.
    header
        The header.
    sides
        The agents of the rows and of the columns; labels that are new are added.
    findings
        Where problems go.
    """
    before = len(findings.problems.found)
    ties = Ties()
    blocks = [*blocks_of(data)] or [[]]
    if len(blocks) > header.matrices:
        dividers = [number for number, line in data if line.strip() == DIVIDER]
        said = f'"!" begins matrix {header.matrices + 1:,}, but NM says {header.matrices:,}'
        findings.problem(dividers[header.matrices - 1], f"{said}; correct NM")
    elif len(blocks) < header.matrices and not _ends_with_empty(blocks, data, header):
        last = data[-1][0] if data else None
        said = f"NM announces {header.matrices:,} matrices, but {counted(len(blocks), 'list', 'lists')} came"
        findings.problem(last, f'{said}; a line "!" must stand between them')
    for block in blocks[: header.matrices]:
        found = _read_block(_worded(block, findings), header, sides, findings)
        ties.matrices.append(0)
        ties.missing += found.missing
        ties.add(
            np.array(found.rows, dtype=np.int32),
            np.array(found.columns, dtype=np.int32),
            np.array(found.strengths, dtype=np.float64),
            np.array(found.lines, dtype=np.int64),
        )
    return ties if len(findings.problems.found) == before else None


def _ends_with_empty(blocks: Sequence[object], data: Sequence[tuple[int, str]], header: Header) -> bool:
    """Tell whether the last matrix is there, with no tie in it."""
    return len(blocks) == header.matrices - 1 and bool(data) and data[-1][1].strip() == DIVIDER


def _worded(block: Sequence[tuple[int, str]], findings: Findings) -> list[Line]:
    lines = []
    for number, line in block:
        words = data_words(line)
        if words is None:
            findings.problem(number, "a quotation mark in this line is not closed")
        elif words:
            lines.append((number, words))
    return lines


def _read_block(block: Sequence[Line], header: Header, sides: tuple[Side, Side], findings: Findings) -> _Rows:
    if header.form in {EDGES, EDGES_OF_TWO}:
        return _edges(block, sides, findings)
    if header.form == COUNTED_NODES:
        return _counted_nodes(block, sides, findings)
    return _nodes(block, sides, findings)


def _edges(block: Sequence[Line], sides: tuple[Side, Side], findings: Findings) -> _Rows:
    found = _Rows()
    rows, columns = sides
    for line, words in block:
        if not 2 <= len(words) <= 3:
            must = "a line must hold two agents and, if need be, a value"
            came = counted(len(words), "word", "words")
            findings.problem(line, f"{must}, not {came}; put labels with blanks in quotation marks")
            continue
        strength = values_of(words[2:], line, findings)[0] if len(words) > 2 else 1.0
        row, column = rows.place(words[0], line, findings), columns.place(words[1], line, findings)
        if isnan(strength):
            found.missing += 1
        else:
            found.add(row, column, strength, line)
    return found


def _nodes(block: Sequence[Line], sides: tuple[Side, Side], findings: Findings) -> _Rows:
    found = _Rows()
    rows, columns = sides
    for line, words in block:
        row = rows.place(words[0], line, findings)
        for word in words[1:]:
            found.add(row, columns.place(word, line, findings), 1.0, line)
    return found


def _counted_nodes(block: Sequence[Line], sides: tuple[Side, Side], findings: Findings) -> _Rows:
    found = _Rows()
    rows, columns = sides
    for row, (line, (written, *words)) in enumerate(block[: rows.count]):
        if written != str(len(words)):
            said = f"a line must begin with the number of agents behind it, which is {len(words):,}"
            findings.problem(line, f'{said}, not "{shortened(written)}"')
            continue
        for word in words:
            found.add(row, columns.place(word, line, findings), 1.0, line)
    if len(block) != rows.count:
        where = block[rows.count][0] if len(block) > rows.count else block[-1][0] if block else None
        said = f"the list has {counted(len(block), 'line', 'lines')}, not {rows.count:,}, one for each row"
        findings.problem(where, f"{said}; a row without ties has 0")
    return found
