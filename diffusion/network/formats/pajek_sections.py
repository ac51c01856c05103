r"""The lines of Pajek's files: sections that begin with an asterisk, comments, and words between blanks.

All files of Pajek, networks, partitions, vectors and projects, are made of the
same lines (http://mrvar.fdv.uni-lj.si/pajek/DrawEPS.htm,
http://vladowiki.fmf.uni-lj.si/doku.php?id=pajek:faq:format)::

    % a comment
    *Vertices 2
    1 "Ann B" 0.1 0.2 box ic Red [1-3]
    2 Cem

Names of sections are written in any letter case. A text with blanks stands in
quotation marks. Pajek has no sign for one inside: it and igraph write
``&#34;``, other programs ``\"`` or ``""``; all three are read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.findings import Findings, shortened

NETWORK, VERTICES, MATRIX = "*Network", "*Vertices", "*Matrix"
ARCS, EDGES, ARCSLIST, EDGESLIST = "*Arcs", "*Edges", "*Arcslist", "*Edgeslist"
PARTITION, VECTOR = "*Partition", "*Vector"
TIES = (ARCS, EDGES, ARCSLIST, EDGESLIST, MATRIX)
UNUSED = ("*Permutation", "*Cluster", "*Hierarchy")
"""What a project may hold that says nothing of agents and ties."""

SECTIONS = (NETWORK, VERTICES, *TIES, PARTITION, VECTOR, *UNUSED)
_SPELLINGS = {
    **{name.casefold(): name for name in SECTIONS},
    "*net": NETWORK,
    "*vertex": VERTICES,
    "*arc": ARCS,
    "*edge": EDGES,
    "*arclist": ARCSLIST,
    "*edgelist": EDGESLIST,
}

_HEADER = re.compile(r'\*[ \t]*([^ \t:"]*)[ \t]*(.*)')
_FIELD = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.|"")*)"(?=[ \t\[]|$)'  # with quotation marks inside, as other programs write them
    r'|"(?P<plain>[^"]*)"'
    r"|\[(?P<time>[^\]]*)\]"
    r"|(?P<word>[^ \t]+)"
)
_ENTITY = re.compile(r"&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});")


class Line(NamedTuple):
    """Hold one line: its number, from 1, and its text without outer blanks."""

    number: int
    text: str


@dataclass(slots=True)
class Section:
    """Hold one section.

    Attributes
    ----------
    name
        Which of :data:`SECTIONS` it is; empty for one that is not known.
    rest
        What stands behind the name in the same line.
    line
        The line of the name.
    rows
        Its lines, without comments and empty ones.
    comments
        The comments in it, without the percent sign.
    """

    name: str
    rest: str
    line: int
    rows: list[Line] = field(default_factory=list)
    comments: list[Line] = field(default_factory=list)

    @property
    def last_line(self) -> int:
        """Return the number of its last line that says something."""
        return self.rows[-1].number if self.rows else self.line


class Field(NamedTuple):
    """Hold one word of a line: its text, and whether it is a ``word``, ``quoted``, a ``time`` or left ``open``."""

    text: str
    kind: str


def sections_of(text: str, findings: Findings) -> tuple[list[Section], list[Line]]:
    """Return the sections of a file, and the comments before the first; note what is in none or in an unknown one.

    Parameters
    ----------
    text
        The text of the file.
    findings
        Where problems go.
    """
    before = Section("", "", 0)
    sections: list[Section] = []
    for line in _lines(text):
        current = sections[-1] if sections else before
        if line.text.startswith("%"):
            current.comments.append(Line(line.number, line.text[1:].strip()))
        elif line.text.startswith("*"):
            sections.append(_section(line, findings))
        else:
            current.rows.append(line)
    if before.rows:
        said = f'a section such as "*Vertices 10" must come first, not "{shortened(before.rows[0].text)}"'
        findings.problem(before.rows[0].number, said)
    elif not sections:
        findings.problem(None, 'the file has no section; a Pajek network begins with "*Vertices" and their number')
    return [section for section in sections if section.name], before.comments


def _lines(text: str) -> Iterator[Line]:
    ended = text.rstrip("\x1a\r\n \t")  # programs for DOS wrote a mark of the end behind the last line
    for number, line in enumerate(re.split(r"\r\n|\r|\n", ended), start=1):
        if stripped := line.strip():
            yield Line(number, stripped)


def _section(line: Line, findings: Findings) -> Section:
    match = _HEADER.match(line.text)
    written, rest = (match[1], match[2]) if match else ("", "")
    name = _SPELLINGS.get(f"*{written}".casefold(), "")
    if not name:
        hint = nearest_name_hint(f"*{written}", SECTIONS) or f"; known are {', '.join(SECTIONS)}"
        if written.casefold() == "events":
            hint = "; networks told as events in time are not read: export one moment of it as a network"
        findings.problem(line.number, f'"*{shortened(written)}" is no section of a Pajek file that is read{hint}')
    return Section(name, rest.strip(), line.number)


def fields_of(text: str) -> list[Field]:
    r"""Return the words of a line.

    Examples
    --------
    >>> [field.text for field in fields_of('1 "Ann \\"B\\"" 0.5 box [1-3, 5]')]
    ['1', 'Ann "B"', '0.5', 'box', '1-3, 5']
    >>> fields_of('1 "Ann B')[1]
    Field(text='"Ann', kind='open')
    """
    if '"' not in text and "[" not in text and "&" not in text:
        return [Field(word, "word") for word in re.split(r"[ \t]+", text)]
    return [_field(match) for match in _FIELD.finditer(text)]


def _field(match: re.Match[str]) -> Field:
    if match["time"] is not None:
        return Field(match["time"].strip(), "time")
    if (word := match["word"]) is not None:
        return Field(word, "open") if word.startswith('"') else Field(_with_entities(word), "word")
    inside = match["quoted"]
    text = match["plain"] if inside is None else re.sub(r'\\"|""', '"', inside)
    return Field(_with_entities(text), "quoted")


def _with_entities(text: str) -> str:
    return _ENTITY.sub(lambda mark: html.unescape(mark[0]), text) if "&#" in text else text


def quoted(text: str) -> str:
    """Return a text between quotation marks, those inside as Pajek shows them in its pictures.

    Examples
    --------
    >>> print(quoted('the "Trust"'))
    "the &#34;Trust&#34;"
    """
    return f'"{text.replace(chr(34), "&#34;")}"'


def reads_back(text: str) -> bool:
    """Tell whether a text that is written by :func:`quoted` is read as the same text."""
    return fields_of(quoted(text)) == [Field(text, "quoted")]


def whole_number(text: str) -> int | None:
    """Return the whole number of at least 0 that a text states in digits, or ``None``."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def object_name(rest: str, suffixes: Sequence[str] = (".net", ".clu", ".vec", ".mat")) -> str:
    r"""Return what a section's heading calls its object; of a file's path, which Pajek likes to write, the stem.

    Examples
    --------
    >>> object_name("C:\\data\\Region.net"), object_name('"Advice network"')
    ('Region', 'Advice network')
    """
    name = rest.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1].strip()
    for suffix in suffixes:
        if name.casefold().endswith(suffix):
            return re.split(r"[/\\]", name[: -len(suffix)])[-1].strip()
    return name
