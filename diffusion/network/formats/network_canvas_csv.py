"""Sessions of Network Canvas from its CSV files: respondents, whom they named, and ties between these.

Every row of a node or a tie states to whose session it belongs
(``networkCanvasEgoUUID``), so several sessions may share a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import nan
from pathlib import PurePosixPath

from diffusion.network.formats.ego_networks import Alter, AlterTie, PersonalNetwork
from diffusion.network.formats.network_canvas_tables import (
    ATTRIBUTES,
    EDGE_IDS,
    EDGES,
    EGO,
    EGO_UUID,
    MATRIX,
    NODE_IDS,
    SOURCE_UUID,
    TARGET_UUID,
    UUID,
    CsvTable,
)
from diffusion.network.formats.problems import Problems

ENCRYPTED = "ENCRYPTED"
STRENGTH_NAMES = ("strength", "weight")
SESSION_COLUMNS = {
    "networkCanvasCaseID",
    "networkCanvasSessionID",
    "networkCanvasProtocolName",
    "networkCanvasInterviewLocale",
    "networkCanvasFinishOutcome",
    "sessionStart",
    "sessionFinish",
    "sessionExported",
    "APP_VERSION",
    "COMMIT_HASH",
}
"""What an ego file says of the session, not of the respondent."""


@dataclass(slots=True)
class Sessions:
    """Hold the sessions of an export.

    Attributes
    ----------
    networks
        What each respondent said, by the respondent's number.
    left_out
        The variables of ties that were not read.
    matrices_left_out
        How many matrices say again what a list says.
    """

    networks: dict[str, PersonalNetwork] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    matrices_left_out: int = 0
    _places: dict[tuple[str, str], int] = field(default_factory=dict)

    def network(self, ego: str, table: CsvTable) -> PersonalNetwork:
        """Return what a respondent said; a new one is called by the beginning of the file's name."""
        return self.networks.setdefault(ego, PersonalNetwork(_case(table.member.prefix)))

    def place(self, ego: str, *names: str) -> int:
        """Return the place of an alter by the first of its names that is known, -1 where none is."""
        return next((self._places[ego, name] for name in names if name and (ego, name) in self._places), -1)

    def add(self, ego: str, table: CsvTable, alter: Alter, uuid: str) -> None:
        """Add an alter, to be found by its number in the export and by its own."""
        alters = self.network(ego, table).alters
        for name in {alter.key, uuid} - {""}:
            self._places[ego, name] = len(alters)
        alters.append(alter)


def _case(prefix: str) -> str:
    """Return the case in the beginning of a file's name: what stands before the number of the session."""
    name = PurePosixPath(prefix).name
    return name.rpartition("_")[0] or name or "ego"


def sessions_of(tables: Sequence[CsvTable], problems: Problems) -> Sessions:
    """Return the sessions in the CSV files of an export, having noted what is wrong with them.

    Parameters
    ----------
    tables
        The files.
    problems
        Where problems go.
    """
    sessions = Sessions()
    for table in (table for table in tables if table.member.kind == EGO):
        _add_egos(sessions, table, problems)
    for table in (table for table in tables if table.member.kind == ATTRIBUTES):
        _add_alters(sessions, table, problems)
    for table in (table for table in tables if table.member.kind == EDGES):
        _add_ties(sessions, table, problems)
    listed = {(table.member.prefix, table.member.type) for table in tables if table.member.kind == EDGES}
    for table in (table for table in tables if table.member.kind == MATRIX):
        if (table.member.prefix, table.member.type) in listed:
            sessions.matrices_left_out += 1
        else:
            _add_matrix(sessions, table, problems)
    return sessions


def _records(table: CsvTable, problems: Problems) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield the line, the respondent's number and the other cells of each row."""
    for line, cells in table.records():
        ego = cells.pop(EGO_UUID)
        if ego:
            yield line, ego, cells
        else:
            problems.add(table.path, line, f"{EGO_UUID} is empty, so nobody knows whose session this row is of")


def _add_egos(sessions: Sessions, table: CsvTable, problems: Problems) -> None:
    for line, ego, cells in _records(table, problems):
        if ego in sessions.networks:
            said = f'the respondent "{ego}" is in two ego files; the session seems to be there twice, remove one'
            problems.add(table.path, line, said)
            continue
        network = sessions.network(ego, table)
        network.case = cells.get("networkCanvasCaseID") or network.case
        network.columns = {name: cell for name, cell in cells.items() if name not in SESSION_COLUMNS}


def _add_alters(sessions: Sessions, table: CsvTable, problems: Problems) -> None:
    for line, ego, cells in _records(table, problems):
        key = _popped(cells, NODE_IDS)
        uuid = cells.pop(UUID, "")
        if not key and not uuid:
            problems.add(table.path, line, "nodeID and networkCanvasUUID are empty; a node needs one of them")
        elif sessions.place(ego, key) >= 0 or sessions.place(ego, uuid) >= 0:
            said = f'the node "{key or uuid}" was given before; the session seems to be there twice, remove one'
            problems.add(table.path, line, said)
        else:
            alter = Alter(key or uuid, kind=table.member.type or "alter", columns=cells)
            sessions.add(ego, table, alter, uuid)


def _popped(cells: dict[str, str], names: Sequence[str]) -> str:
    """Take the first of several columns that is there, and return its cell."""
    return next((cells.pop(name) for name in names if name in cells), "")


def _add_ties(sessions: Sessions, table: CsvTable, problems: Problems) -> None:
    for line, ego, cells in _records(table, problems):
        _popped(cells, EDGE_IDS)
        cells.pop(UUID, "")
        ends = []
        for name, number in (("from", SOURCE_UUID), ("to", TARGET_UUID)):
            key, uuid = cells.pop(name, ""), cells.pop(number, "")
            ends.append(sessions.place(ego, uuid, key))
            if ends[-1] < 0:
                said = (
                    f'{name} "{key or uuid}" is no node in the attributeList files of this session; are they all here?'
                )
                problems.add(table.path, line, said)
        strength = _strength(table, line, cells, problems)
        sessions.left_out += [name for name in cells if name not in sessions.left_out]
        if min(ends) >= 0:
            tie = AlterTie(ends[0], ends[1], table.member.type, strength)
            sessions.networks[ego].ties.append(tie)


def _strength(table: CsvTable, line: int, cells: dict[str, str], problems: Problems) -> float:
    """Take the strength of a tie, NaN where none is given, having noted what is no number."""
    name = next((name for name in cells if name.casefold() in STRENGTH_NAMES), None)
    text = "" if name is None else cells.pop(name)
    if text in {"", ENCRYPTED}:
        return nan
    strength = table.number(text)
    if strength is None:
        problems.add(table.path, line, f'"{name}" must be a number, not "{text}"')
    return nan if strength is None else strength


def _add_matrix(sessions: Sessions, table: CsvTable, problems: Problems) -> None:
    """Add the ties of a matrix, those in both directions as one without a direction."""
    names = table.names[1:]
    if [row[0] for row in table.rows] != names:
        said = "the rows of an adjacencyMatrix must name the same nodes as its columns, in the same order"
        problems.add(table.path, 1, said)
        return
    ties: dict[tuple[int, int], int] = {}
    for place, (line, row) in enumerate(zip(table.lines, table.rows, strict=True)):
        for other, cell in enumerate(row[1:]):
            if cell not in {"", "0", "1"}:
                problems.add(table.path, line, f'a cell of an adjacencyMatrix must be 0 or 1, not "{cell}"')
            if cell == "1":
                ties[place, other] = line
    for (place, other), line in ties.items():
        both = (other, place) in ties
        if place <= other or not both:
            _add_matrix_tie(sessions, table, line, (names[place], names[other]), problems, directed=not both)


def _add_matrix_tie(
    sessions: Sessions, table: CsvTable, line: int, ends: tuple[str, str], problems: Problems, *, directed: bool
) -> None:
    """Add a tie between two nodes to the one session that has both."""
    egos = [ego for ego in sessions.networks if min(sessions.place(ego, end) for end in ends) >= 0]
    if len(egos) == 1:
        first, second = (sessions.place(egos[0], end) for end in ends)
        sessions.networks[egos[0]].ties.append(AlterTie(first, second, table.member.type, directed=directed))
        return
    which = "no session" if not egos else "several sessions"
    said = f'the nodes "{ends[0]}" and "{ends[1]}" are together in {which} here; export the edgeList too'
    problems.add(table.path, line, said)
