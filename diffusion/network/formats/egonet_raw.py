"""EgoNet's raw data: one table of alters and one of pairs of alters in one CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from diffusion.network.formats.ego_networks import Alter, AlterTie, PersonalNetwork, stacked
from diffusion.network.formats.marks import listed, taken_marks, unique
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import SEPARATORS, Sheet, sheet_of_text
from diffusion.network.formats.tables import Tables
from diffusion.network.network import normalized

ALTER_HEADER = ("EgoID", "EgoName", "AlterID", "AlterName")
PAIR_HEADER = ("EgoID", "EgoName", "AlterID1", "AlterName1", "AlterID2", "AlterName2")
NOBODY = "0"
"""The number of a respondent who is none; EgoNet counts from 1."""

NO_ANSWER = -1
HEADER_READ = 100_000
"""How many characters of a header are looked at to find the separator."""


@dataclass(slots=True)
class _Table:
    """Hold one of the two tables: its names, its rows, and the line of each."""

    line: int
    names: list[str]
    rows: list[list[str]]
    lines: list[int]

    def place(self, name: str) -> int:
        """Return where a column of the header is."""
        return [*map(str.casefold, self.names)].index(name.casefold())


def raw_separator(line: str) -> str:
    """Return what separates the cells of a header of raw data, or an empty text if it is none.

    Examples
    --------
    >>> raw_separator('"EgoID";"EgoName";"AlterID";"AlterName"'), raw_separator("EgoID,ward")
    (';', '')
    """
    cells = {mark: next(csv.reader([line[:HEADER_READ]], delimiter=mark), []) for mark in SEPARATORS}
    return next((mark for mark in SEPARATORS if _has(ALTER_HEADER, cells[mark])), "")


def read_raw(path: Path, text: str, separator: str, problems: Problems) -> Tables | None:
    """Return what raw data say, or ``None`` having noted what is wrong with them.

    Parameters
    ----------
    path
        The file, for problems.
    text
        Its text.
    separator
        What stands between its cells.
    problems
        Where problems go.
    """
    sheet = sheet_of_text(path, text, problems, separator=separator)
    if sheet is None:
        return None
    second = next((place for place, row in enumerate(sheet.rows) if place and _has(PAIR_HEADER, row)), None)
    if second is None:
        names = ", ".join(PAIR_HEADER)
        said = f"the second table, of pairs of alters, is missing ({names}); the file breaks off"
        problems.add(path, sheet.lines[-1], said)
        return None
    alters = _table(sheet, 0, second, problems)
    pairs = _table(sheet, second, len(sheet.rows), problems)
    return _tables(sheet, alters, pairs, problems)


def _has(header: Sequence[str], cells: Sequence[str]) -> bool:
    return {*map(str.casefold, header)} <= {normalized(cell).casefold() for cell in cells}


def _table(sheet: Sheet, start: int, stop: int, problems: Problems) -> _Table:
    """Return the table whose header stands in one row of a sheet, up to another, having noted ragged rows."""
    header = [*map(normalized, sheet.rows[start])]
    while not header[-1]:  # a spreadsheet fills up the narrower table
        header.pop()
    taken: set[str] = set()
    table = _Table(sheet.lines[start], [unique(name, taken) for name in header], [], [])
    width = len(header)
    for row, line in zip(sheet.rows[start + 1 : stop], sheet.lines[start + 1 : stop], strict=True):
        if len(row) < width or any(row[width:]):
            said = (
                f"the row has {len(row)} cells, the header {width}; fill it up, or quote a cell that holds a separator"
            )
            problems.add(sheet.path, line, said)
            continue
        table.rows.append(row[:width])
        table.lines.append(line)
    return table


def _tables(sheet: Sheet, alters: _Table, pairs: _Table, problems: Problems) -> Tables | None:
    networks, index = _respondents(sheet.path, alters, problems)
    layers = _layers(sheet, pairs)
    ties = list(_ties(sheet, pairs, layers, index, problems))
    if not networks:
        problems.add(sheet.path, alters.line, "no alter stands under the header; a network needs at least one agent")
        return None
    if [*networks] == [NOBODY] and (whole := _whole_network(sheet.path, networks[NOBODY], ties, problems)):
        return whole
    for ego, tie in ties:
        networks[ego].ties.append(tie)
    tables = stacked(sheet.path, list(networks.values()))
    tables.notes += [*sheet.notes, *_notes(sheet, alters, pairs, layers)]
    return tables


def _respondents(
    path: Path, table: _Table, problems: Problems
) -> tuple[dict[str, PersonalNetwork], dict[tuple[str, str], int]]:
    """Return the respondents with their alters by EgoID, and the places of alters by EgoID and AlterID."""
    networks: dict[str, PersonalNetwork] = {}
    index: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], int] = {}
    ego_place, case_place, key_place, name_place = map(table.place, ALTER_HEADER)
    questions = _questions(table, ALTER_HEADER)
    for row, line in zip(table.rows, table.lines, strict=True):
        ego, key = row[ego_place], row[key_place]
        if not ego or not key:
            problems.add(path, line, f"{'AlterID' if ego else 'EgoID'} is empty; every row needs both")
        elif (ego, key) in first:
            said = f'alter "{key}" of respondent "{ego}" was given in line {first[ego, key]}; keep one'
            problems.add(path, line, said)
        else:
            first[ego, key] = line
            network = networks.setdefault(ego, PersonalNetwork(row[case_place] or ego))
            index[ego, key] = len(network.alters)
            columns = {name: row[place] for place, name in questions.items()}
            network.alters.append(Alter(key, row[name_place], columns=columns, line=line))
    return networks, index


def _questions(table: _Table, header: Sequence[str]) -> dict[int, str]:
    """Return the places and names of the columns that are not in the header of every file."""
    known = {table.place(name) for name in header}
    return {place: name or f"question {place + 1}" for place, name in enumerate(table.names) if place not in known}


def _layers(sheet: Sheet, table: _Table) -> dict[int, str]:
    """Return the places and names of the questions about pairs that are answered in numbers."""
    answers = {place: [cell for row in table.rows if (cell := row[place])] for place in _questions(table, PAIR_HEADER)}
    return {
        place: name
        for place, name in _questions(table, PAIR_HEADER).items()
        if not answers[place] or any(sheet.number(cell) is not None for cell in answers[place])
    }


def _ties(
    sheet: Sheet, table: _Table, layers: dict[int, str], index: dict[tuple[str, str], int], problems: Problems
) -> Iterator[tuple[str, AlterTie]]:
    """Yield the ties with the EgoID of their respondent, having noted unknown alters and what is no number."""
    ego_place, first_place, second_place = map(table.place, ("EgoID", "AlterID1", "AlterID2"))
    for row, line in zip(table.rows, table.lines, strict=True):
        ego = row[ego_place]
        ends = [index.get((ego, row[place]), -1) for place in (first_place, second_place)]
        for place, end in zip((first_place, second_place), ends, strict=True):
            if end < 0:
                said = f'{table.names[place]} "{row[place]}" is no alter of respondent "{ego}" in the first table'
                problems.add(sheet.path, line, said)
        for place, name in layers.items():
            strength = sheet.number(row[place]) if row[place] else 0.0
            if strength is None:
                problems.add(sheet.path, line, f'"{name}" must be a number, 0 for no tie, not "{row[place]}"')
            elif strength not in {0, NO_ANSWER} and min(ends) >= 0:
                yield ego, AlterTie(ends[0], ends[1], name, strength, line=line)


def _notes(sheet: Sheet, alters: _Table, pairs: _Table, layers: dict[int, str]) -> Iterator[str]:
    """Yield what was assumed or left out of personal networks."""
    path = sheet.path
    yield f"{path}: EgoNet does not write respondents who named nobody, so they are missing"
    if _questions(alters, ALTER_HEADER):
        yield (
            f"{path}: EgoNet writes what respondents said of themselves beside each of their alters, and does not tell "
            "one from the other; it was all read as said of the alters"
        )
    if left_out := [name for place, name in _questions(pairs, PAIR_HEADER).items() if place not in layers]:
        yield f"{path}: of the questions about pairs {listed(left_out)} was left out: a kind of tie needs numbers"
    if layers:
        yield (
            f"{path}: every answer above 0 about two alters was read as a tie; the study, not this file, says which "
            "answers are ties"
        )
    unanswered = sum(sheet.number(row[place]) == NO_ANSWER for row in pairs.rows for place in layers)
    if unanswered:
        yield f"{path}: {unanswered:,} answers of -1 about two alters are no tie: EgoNet writes it for no answer"


def _whole_network(
    path: Path, network: PersonalNetwork, ties: Sequence[tuple[str, AlterTie]], problems: Problems
) -> Tables | None:
    """Return a whole network that was written as the alters of nobody, or None where it is none."""
    names = dict.fromkeys(name for alter in network.alters for name in alter.columns)
    columns = {name: [alter.columns[name] for alter in network.alters] for name in names}
    marks = taken_marks(columns)
    if marks is None:
        return None
    first: dict[str, int] = {}
    for alter in network.alters:
        text = normalized(alter.name)
        if not text or text in first:
            said = f'the AlterName "{text}" was given in line {first[text]}' if text else "the AlterName is empty"
            problems.add(path, alter.line, f"{said}; names must be unique")
        first.setdefault(text, alter.line)
    return Tables(
        path=path,
        ids=[alter.name for alter in network.alters],
        columns=columns,
        source=[tie.first for _, tie in ties],
        target=[tie.second for _, tie in ties],
        layer=[tie.layer for _, tie in ties],
        strength=[tie.strength for _, tie in ties],
        lines=[tie.line for _, tie in ties],
        agent_lines=[alter.line for alter in network.alters],
        name=marks.name,
        synthetic=marks.synthetic,
        follows_knowledge=True,
    )
