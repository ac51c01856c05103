"""Who the rows and the columns of a UCINET matrix are: the same agents, or agents of two kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.findings import Findings, counted, shortened
from diffusion.network.formats.ucinet_dl_header import (
    COLUMNS,
    COUNTED_NODES,
    EDGES,
    NODES,
    ROWS,
    Header,
    check_words,
)
from diffusion.network.formats.ucinet_dl_words import Word
from diffusion.network.network import normalized

MOST_UNNAMED = 1_000_000
"""More agents than this are refused where the file is too short to say anything of them."""

NAMES_IN_HINTS = 20_000
"""Among more names no near one is looked for, to answer a hopeless file quickly."""


@dataclass(slots=True)
class Side:
    """Hold the agents of the rows, of the columns, or of both.

    Attributes
    ----------
    name
        Which number of the header counts them: N, NR or NC.
    count
        How many there are.
    findings
        Where problems with the labels go: to the file that holds them.
    labels
        Their labels as far as they are known, in the order of the matrix.
    by_label
        Whether the data call them by label, not by number.
    listed
        Whether the header lists them, so that no others can come.
    places
        The place of each label, in letters without case.
    """

    name: str
    count: int
    findings: Findings
    labels: list[Word] = field(default_factory=list)
    by_label: bool = False
    listed: bool = False
    places: dict[str, int] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Index the labels that the header lists."""
        self.set_labels(self.labels)

    def set_labels(self, labels: Sequence[Word]) -> None:
        """Take the labels that the header lists."""
        self.labels = [*labels]
        self.listed = bool(labels)
        self.places = {folded(word.text): place for place, word in enumerate(labels)}

    def place(self, text: str, line: int, findings: Findings) -> int:
        """Return the place of an agent that the data name, or -1 having noted why there is none.

        Parameters
        ----------
        text
            The label or the number.
        line
            Its line.
        findings
            Where problems go.
        """
        if not self.by_label:
            number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
            return number - 1 if 0 < number <= self.count else self._no_number(text, line, findings)
        key = folded(text)
        if key in self.places:
            return self.places[key]
        if self.listed or len(self.labels) >= self.count or not key:
            return self._no_label(text, line, findings)
        self.places[key] = len(self.labels)
        self.labels.append(Word(text, line))
        return len(self.labels) - 1

    def _no_number(self, text: str, line: int, findings: Findings) -> int:
        whole = text.isascii() and text.isdigit()
        if (said := text if whole else "no number") not in self._told:
            must = f"an agent's number must be between 1 and {self.count:,}, as {self.name} says, not {shortened(text)}"
            names = f'agents must be given by their numbers, 1 to {self.count:,}, not "{shortened(text)}"'
            findings.problem(
                line, must if whole else f"{names}; if these are labels, the header must say LABELS EMBEDDED"
            )
        self._told.add(said)
        return -1

    def _no_label(self, text: str, line: int, findings: Findings) -> int:
        if not folded(text):
            findings.problem(line, "an agent's label is empty")
        elif folded(text) not in self._told and self.listed:
            known = [word.text for word in self.labels] if self.count <= NAMES_IN_HINTS else []
            hint = nearest_name_hint(text, known)
            findings.problem(line, f'"{shortened(text)}" is not among the labels that the header lists{hint}')
        elif folded(text) not in self._told:
            said = f'"{shortened(text)}" is one agent more than the {self.count:,} that {self.name} says'
            findings.problem(line, f"{said}; correct {self.name}, or the label if it is another's misspelt")
        self._told.add(folded(text))
        return -1


def folded(text: str) -> str:
    """Return a label as UCINET compares it: without regard to letter case.

    Examples
    --------
    >>> folded("Ann ") == folded("ANN")
    True
    """
    return normalized(text).casefold()


class Agents(NamedTuple):
    """Hold the agents of a network.

    Attributes
    ----------
    ids
        What they are called.
    row_places, column_places
        The place in ``ids`` of each row and each column; ``None`` where it is its own.
    modes
        Of which kind each is, where there are two.
    """

    ids: list[str]
    row_places: Sequence[int] | None = None
    column_places: Sequence[int] | None = None
    modes: Sequence[str] = ()


def check_size(header: Header, length: int, findings: Findings) -> None:
    """Note a number of agents or matrices of which a file of so many characters can say nothing.

    Parameters
    ----------
    header
        The header.
    length
        The length of the file.
    findings
        Where problems go.
    """
    for key, count in header.numbers.items():
        if count > max(length, 0 if key == "nm" else MOST_UNNAMED):
            what = "matrices" if key == "nm" else "agents"
            said = f"{key.upper()} is {count:,}, but the file is too short for so many {what}"
            findings.problem(header.number_lines[key], f"{said}; correct the number, or take the whole file")
            return


def sides_of(header: Header, listed: Findings, embedded: Findings) -> tuple[Side, Side]:
    """Return the agents of rows and of columns as far as the header tells them.

    Parameters
    ----------
    header
        The header.
    listed
        Where problems with labels go that the header lists.
    embedded
        Where problems with labels go that stand in the data.
    """
    sides = []
    for what, count, number in ((ROWS, header.rows, "NR"), (COLUMNS, header.columns, "NC")):
        name = "N" if "n" in header.numbers else number
        words = header.labels.get(what, [])
        sides.append(Side(name, count, listed if words else embedded, [*words], what in header.embedded))
    rows, columns = sides
    if header.form not in {EDGES, NODES, COUNTED_NODES}:
        return rows, columns
    if not (rows.labels and columns.labels):
        rows.set_labels(rows.labels or columns.labels)
        columns.set_labels(rows.labels)
    if not rows.labels and (rows.by_label != columns.by_label or (rows.by_label and header.form == COUNTED_NODES)):
        what = "rows" if not rows.by_label or header.form == COUNTED_NODES else "columns"
        said = f"the data give labels, but not for the {what} of {header.form.upper()}"
        listed.problem(header.form_line, f"{said}; list all labels in the header, under LABELS")
    differ = [word.text for word in rows.labels] != [word.text for word in columns.labels]
    return (rows, columns) if differ or rows.by_label != columns.by_label else (rows, rows)


def agents_of(rows: Side, columns: Side, header: Header, findings: Findings) -> Agents | None:
    """Return the agents of rows and columns, or ``None`` having noted why they cannot be told.

    Where all labels of the one are among those of the other, both are the same
    agents. Where none is, there are two kinds of agents, as in two-mode networks.

    Parameters
    ----------
    rows, columns
        The two sides; one and the same object where the format knows but one.
    header
        The header, which says whether two kinds are meant.
    findings
        Where problems and notes go.
    """
    before = len(findings.problems.found)
    for side in [rows] if rows is columns else [rows, columns]:
        check_words(side.labels, side.findings)
    if len(findings.problems.found) > before:
        return None
    if not header.of_two and rows.count == columns.count and not (rows.labels and columns.labels):
        columns = rows = rows if rows.labels else columns
    if rows is columns:
        return Agents(_ids(rows, rows.count, header, findings))
    common = rows.places.keys() & columns.places.keys()
    if not common:
        return _two_kinds(rows, columns, header, findings)
    if len(common) in {len(rows.labels), len(columns.labels)}:
        return _one_kind(rows, columns, header, findings)
    _note_overlap(rows, columns)
    return None


def _ids(side: Side, count: int, header: Header, findings: Findings) -> list[str]:
    """Return what the agents are called: their labels, and numbers where they have none."""
    ids = [normalized(word.text) for word in side.labels]
    if not ids:
        findings.note(None, f"the file names nobody, so its agents are called 1 to {count:,}")
    elif len(ids) < count:
        missing = count - len(ids)
        said = f"{side.name} is {count:,}, but {counted(len(ids), 'agent is', 'agents are')} named"
        others = "the other one has no tie and is" if missing == 1 else f"the other {missing:,} have no tie and are"
        findings.note(header.number_lines.get(side.name.casefold()), f"{said}; {others} called by number here")
    return ids + _numbered(range(len(ids) + 1, count + 1), "", side.places)


def _numbered(numbers: range, letter: str, taken: Mapping[str, object]) -> list[str]:
    """Return numbers as names, with a mark behind those that are labels already."""
    names = (f"{letter}{number}" for number in numbers)
    return [f"{name} (no label)" if name in taken else name for name in names]


def _two_kinds(rows: Side, columns: Side, header: Header, findings: Findings) -> Agents:
    ids: list[str] = []
    for side, letter, what in ((rows, "r", "row"), (columns, "c", "column")):
        names = [normalized(word.text) for word in side.labels]
        taken = {**rows.places, **columns.places}
        unnamed = range(len(names) + 1, side.count + 1)
        if unnamed:
            many = counted(len(unnamed), f"{what} without a label is", f"{what}s without labels are")
            findings.note(None, f"{many} called {letter}{unnamed[0]}{' and so on' if len(unnamed) > 1 else ''}")
        ids += names + _numbered(unnamed, letter, taken)
    first, second = counted(rows.count, "row is", "rows are"), counted(columns.count, "column", "columns")
    findings.note(
        header.number_lines.get("nr") or header.number_lines.get("n"),
        f'this is a two-mode network: the {first} of mode 1, the {second} of mode 2 (column "mode"); all are agents '
        "here, and ties are read as they stand, from row to column",
    )
    return Agents(
        ids,
        column_places=range(rows.count, rows.count + columns.count),
        modes=["1"] * rows.count + ["2"] * columns.count,
    )


def _one_kind(rows: Side, columns: Side, header: Header, findings: Findings) -> Agents:
    """Return the agents of two sides of which the one is part of the other."""
    larger, smaller = (rows, columns) if len(rows.labels) >= len(columns.labels) else (columns, rows)
    places = [larger.places[folded(word.text)] for word in smaller.labels]
    if len(smaller.labels) < len(larger.labels):
        few, many = ("columns", "rows") if larger is rows else ("rows", "columns")
        said = f"all {len(smaller.labels):,} labels of the {few} are among the {len(larger.labels):,} of the {many}"
        findings.note(None, f"{said}, so rows and columns are the same agents here")
    ids = _ids(larger, max(rows.count, columns.count, len(larger.labels)), header, findings)
    return Agents(ids, places if smaller is rows else None, places if smaller is columns else None)


def _note_overlap(rows: Side, columns: Side) -> None:
    """Note rows that are no column and columns that are no row, where others are both."""
    for side, other, said in ((rows, columns, "a row but no column"), (columns, rows, "a column but no row")):
        alone = [word for word in side.labels if folded(word.text) not in other.places]
        free = [word.text for word in other.labels if folded(word.text) not in side.places]
        for word in alone[:3]:
            hint = nearest_name_hint(word.text, free) if len(free) <= NAMES_IN_HINTS else ""
            side.findings.problem(word.line, f'"{shortened(word.text)}" is {said}, though other labels are both{hint}')
