"""The header of a UCINET DL file: how many agents and matrices there are, how they are written and called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.findings import Findings, counted, shortened
from diffusion.network.formats.ucinet_dl_words import Cursor, Word
from diffusion.network.network import control_character_problem, normalized

FULL, UPPER, LOWER = "fullmatrix", "upperhalf", "lowerhalf"
NODES, COUNTED_NODES, NODES_OF_TWO = "nodelist1", "nodelist1b", "nodelist2"
EDGES, EDGES_OF_TWO = "edgelist1", "edgelist2"
FORMATS = (FULL, UPPER, LOWER, NODES, COUNTED_NODES, NODES_OF_TWO, EDGES, EDGES_OF_TWO)
"""The ways to write a matrix that are read."""

SPELLINGS = {
    **dict.fromkeys((FULL, "fm"), FULL),
    **dict.fromkeys((UPPER, "uh"), UPPER),
    **dict.fromkeys((LOWER, "lh"), LOWER),
    **dict.fromkeys((NODES, "nl1"), NODES),
    **dict.fromkeys((COUNTED_NODES, "nl1b"), COUNTED_NODES),
    **dict.fromkeys((NODES_OF_TWO, "nl2"), NODES_OF_TWO),
    **dict.fromkeys((EDGES, "el1"), EDGES),
    **dict.fromkeys((EDGES_OF_TWO, "el2"), EDGES_OF_TWO),
    **{name: name for name in ("edgelist", "nodelist")},
}
"""What each may be called; an edge list or a node list without a number is of one kind of agents or of two."""

NOT_READ = ("blockmatrix", "bm", "partition", "edgearray", "rankedlist")
"""Further ways that UCINET lists; a network read by a guess at what their lines mean would be worse than none."""

KEYWORDS = (
    *("N", "NR", "NC", "NM", "FORMAT", "DIAGONAL", "TITLE", "LABELS", "ROW LABELS", "COLUMN LABELS", "MATRIX LABELS"),
    *("LEVEL LABELS", "DATAFILE", "DATA:"),
)
NUMBERS = ("n", "nr", "nc", "nm")
ROWS, COLUMNS, AGENTS, MATRICES = "ROW LABELS", "COLUMN LABELS", "LABELS", "MATRIX LABELS"
SIDES = (
    dict.fromkeys(("row", "rows"), ROWS)
    | dict.fromkeys(("col", "cols", "column", "columns"), COLUMNS)
    | dict.fromkeys(("matrix", "matrices", "level", "levels"), MATRICES)
)


@dataclass(slots=True)
class Header:
    """Hold what a header says.

    Attributes
    ----------
    numbers
        The numbers N, NR, NC and NM that it states, by name in small letters.
    number_lines
        Their lines.
    form
        How matrices are written, one of :data:`FORMATS`.
    form_line
        The line that says so; 0 for none.
    diagonal
        Whether matrices hold their diagonal.
    title
        What the network is called.
    labels
        The labels by what they stand for: agents, rows, columns or matrices.
    embedded
        Of what the labels stand in the data.
    data_file
        The name of the file that holds the data, if it is another.
    line
        The last line of the header.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    number_lines: dict[str, int] = field(default_factory=dict)
    form: str = FULL
    form_line: int = 0
    diagonal: bool = True
    title: str = ""
    labels: dict[str, list[Word]] = field(default_factory=dict)
    embedded: set[str] = field(default_factory=set)
    data_file: Word | None = None
    line: int = 1

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return self.numbers.get("nr", self.numbers.get("n", 0))

    @property
    def columns(self) -> int:
        """Return the number of columns."""
        return self.numbers.get("nc", self.numbers.get("n", 0))

    @property
    def matrices(self) -> int:
        """Return the number of matrices."""
        return self.numbers.get("nm", 1)

    @property
    def of_two(self) -> bool:
        """Tell whether the way in which matrices are written is meant for two kinds of agents."""
        return self.form in {NODES_OF_TWO, EDGES_OF_TWO}


def read_header(cursor: Cursor, findings: Findings) -> Header | None:
    """Return what the header says, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    cursor
        Where the file begins; it is left where the data begin.
    findings
        Where problems go.
    """
    before = len(findings.problems.found)
    first = cursor.keyword()
    if first is None or first.text.casefold() != "dl":
        came = f', not with "{shortened(first.text)}"' if first else "; this one is empty"
        findings.problem(first.line if first else None, f'a DL file begins with "DL"{came}')
        return None
    header = Header()
    while (word := cursor.keyword()) is not None:
        header.line = word.line
        if word.text.casefold() == "data":
            break
        _read_item(word, cursor, header, findings)
    if len(findings.problems.found) == before and word is None and header.data_file is None:
        findings.problem(header.line, 'the header does not end: "DATA:" must stand before the data')
    if len(findings.problems.found) == before:
        _check_numbers(header, findings)
        _check_labels(header, findings)
    return header if len(findings.problems.found) == before else None


def _read_item(word: Word, cursor: Cursor, header: Header, findings: Findings) -> None:
    key = word.text.casefold()
    if key in NUMBERS:
        _read_number(word, cursor, header, findings)
    elif key == "format":
        _read_format(cursor, header, findings)
    elif key == "diagonal":
        _read_diagonal(cursor, header, findings)
    elif key == "title":
        header.title = _read_title(cursor, findings)
    elif key == "datafile":
        header.data_file = cursor.word()
    elif key in {"labels", "label"}:
        _read_labels(AGENTS, word.line, cursor, header, findings)
    elif key in SIDES and cursor.passes(r"[\s,]*labels?\b"):
        _read_labels(SIDES[key], word.line, cursor, header, findings)
    else:
        hint = nearest_name_hint(word.text.upper(), KEYWORDS) or f"; known are {', '.join(KEYWORDS)}"
        findings.problem(word.line, f'"{shortened(word.text)}" is no keyword of a DL header{hint}')
        while not cursor.at_header_item():
            cursor.word()


def _read_number(word: Word, cursor: Cursor, header: Header, findings: Findings) -> None:
    key, value = word.text.casefold(), cursor.word()
    came = f'"{shortened(value.text)}"' if value else "nothing"
    if value is None or not (value.text.isascii() and value.text.isdigit() and int(value.text[:18]) > 0):
        findings.problem(word.line, f"{word.text.upper()} must be a whole number above 0, not {came}")
        header.numbers.setdefault(key, 0)
    elif header.numbers.setdefault(key, int(value.text[:18])) != int(value.text[:18]):
        said = f"{key.upper()} is {header.numbers[key]:,} in line {header.number_lines[key]}, and {value.text} here"
        findings.problem(value.line, f"{said}; keep one of the two")
    header.number_lines.setdefault(key, word.line)


def _read_format(cursor: Cursor, header: Header, findings: Findings) -> None:
    value = cursor.word()
    name = value.text.casefold() if value else ""
    header.form_line = value.line if value else cursor.line
    if name in SPELLINGS:
        header.form = SPELLINGS[name]
    elif name.rstrip("12") in NOT_READ:
        said = f"the format {name.upper()} is not read by this program"
        findings.problem(header.form_line, f"{said}; open it in UCINET and export it as fullmatrix or edgelist1")
    else:
        hint = nearest_name_hint(name, SPELLINGS) or f"; known are {', '.join(FORMATS)}"
        came = f'"{shortened(value.text)}"' if value else "nothing"
        findings.problem(header.form_line, f"FORMAT must say how matrices are written, not {came}{hint}")


def _read_diagonal(cursor: Cursor, header: Header, findings: Findings) -> None:
    value = cursor.word()
    if value is None or value.text.casefold() not in {"present", "absent"}:
        came = f'"{shortened(value.text)}"' if value else "nothing"
        findings.problem(value.line if value else cursor.line, f"DIAGONAL must be PRESENT or ABSENT, not {came}")
        return
    header.diagonal = value.text.casefold() == "present"


def _read_title(cursor: Cursor, findings: Findings) -> str:
    if not cursor.passes(r'[\s=:]*(?=")'):
        return normalized(cursor.rest())
    word = cursor.word()
    if word is None or not word.whole:
        findings.problem(cursor.line, "a quotation mark in this line is not closed")
    return normalized(word.text) if word else ""


def _read_labels(what: str, line: int, cursor: Cursor, header: Header, findings: Findings) -> None:
    """Read a list of labels, or that they are embedded in the data."""
    cursor.passes(r"\s*:")
    if cursor.passes(r"[\s,=]*embedded\b:?"):
        header.embedded |= {ROWS, COLUMNS} if what == AGENTS else {what}
        if what == MATRICES:
            findings.problem(line, "the labels of matrices cannot be embedded; list them under MATRIX LABELS")
        return
    count, number = _count_of_labels(what, header.numbers)
    words: list[Word] = []
    while not cursor.at_header_item() and not (len(words) == count and _at_keyword(cursor)):
        if word := cursor.word():
            words.append(word)
    if what in header.labels:
        findings.problem(line, f"{what} were given before; keep one of the two lists")
    elif count is None and number:
        findings.problem(line, f"LABELS names rows and columns at once, but {number}; say ROW LABELS and COLUMN LABELS")
    elif count is None:
        needed = {MATRICES: "NM", ROWS: "N or NR", COLUMNS: "N or NC", AGENTS: "N"}[what]
        findings.problem(line, f"{needed} must come before {what}, so that it is known how many there are")
    elif count and len(words) > count and cursor.ended:
        word = words[count]
        said = f"{what} ends with label {count:,}, as {number} says"
        findings.problem(word.line, f'{said}, but "DATA:" must stand before "{shortened(word.text)}"')
    elif count and len(words) != count:
        came = counted(len(words), "label", "labels")
        where = words[min(count, len(words) - 1)].line if words else line
        findings.problem(where, f"{what} lists {came}, not {count:,} as {number} says")
    header.labels[what] = words


def _count_of_labels(what: str, numbers: Mapping[str, int]) -> tuple[int | None, str]:
    """Return how many labels a list must hold, ``None`` where that is not known, and which number says so."""
    if what == MATRICES:
        return numbers.get("nm"), "NM" if "nm" in numbers else ""
    if what == AGENTS and {"nr", "nc"} <= numbers.keys() and numbers["nr"] != numbers["nc"]:
        return None, f"NR is {numbers['nr']:,} and NC is {numbers['nc']:,}"
    side = "nc" if what == COLUMNS else "nr"
    if side in numbers and (what != AGENTS or "n" not in numbers):
        return numbers[side], side.upper()
    return numbers.get("n"), "N" if "n" in numbers else ""


def _at_keyword(cursor: Cursor) -> bool:
    """Tell whether a keyword comes next, even one without a sign behind it."""
    names = "|".join((*NUMBERS, *SIDES, "format", "diagonal", "title", "labels", "datafile", "data"))
    return cursor.passes(rf"[\s,=]*(?=(?:{names})\b)")


def _check_numbers(header: Header, findings: Findings) -> None:
    """Note numbers that contradict each other or the format, and settle lists without a number."""
    numbers, line = header.numbers, header.number_lines
    two_numbers = "nr" in numbers or "nc" in numbers
    if not numbers.keys() & {"n", "nr", "nc"}:
        findings.problem(header.line, "the header must say how many agents there are, as in N=5")
    elif two_numbers and "n" not in numbers and not {"nr", "nc"} <= numbers.keys():
        given, missing = ("NR", "NC") if "nr" in numbers else ("NC", "NR")
        findings.problem(
            line[given.casefold()], f"{given} is given without {missing}; give both, or N for both at once"
        )
    elif two_numbers and "n" in numbers and {header.rows, header.columns} != {numbers["n"]}:
        findings.problem(line["n"], "N stands for NR and NC at once, but they differ; leave N out")
    if header.form in {"edgelist", "nodelist"}:
        header.form += "2" if header.rows != header.columns else "1"
    if header.rows == header.columns or findings.problems.found:
        return
    differ = f"NR is {header.rows:,} and NC is {header.columns:,}"
    if not header.diagonal or header.form in {UPPER, LOWER}:
        what = header.form.upper() if header.diagonal else "DIAGONAL ABSENT"
        findings.problem(header.form_line or header.line, f"{what} needs as many rows as columns, but {differ}")
    elif header.form in {NODES, COUNTED_NODES, EDGES}:
        other = NODES_OF_TWO if header.form != EDGES else EDGES_OF_TWO
        said = f"{header.form.upper()} is for one kind of agents, but {differ}"
        findings.problem(header.form_line, f"{said}; for two kinds say {other.upper()}")


def _check_labels(header: Header, findings: Findings) -> None:
    """Note labels that nobody could tell apart or print, and lists that contradict each other."""
    for words in header.labels.values():
        check_words(words, findings)
    if AGENTS in header.labels:
        for other in (ROWS, COLUMNS):
            if other in header.labels:
                findings.problem(header.labels[other][0].line, f"{other} were given beside LABELS, which names both")
            header.labels[other] = header.labels[AGENTS]


def check_words(words: Sequence[Word], findings: Findings) -> None:
    """Note labels that are empty, repeated, or hold what cannot be printed.

    Parameters
    ----------
    words
        The labels of one kind.
    findings
        Where problems go.
    """
    first: dict[str, Word] = {}
    for word in words:
        key = normalized(word.text).casefold()
        if not word.whole:
            findings.problem(word.line, "a quotation mark in this line is not closed")
        elif not key:
            findings.problem(word.line, "a label is empty; give every agent and every matrix one")
        elif problem := control_character_problem([word.text]):
            findings.problem(word.line, problem)
        elif key in first:
            other = first[key]
            said = f'the label "{word.text}" was given in line {other.line}'
            differs = f' as "{other.text}"' if other.text != word.text else ""
            findings.problem(word.line, f"{said}{differs}; UCINET knows no letter case, and labels must differ")
        first.setdefault(key, word)
