"""The sections of a VNA file: their names, the names of their columns, and their rows as text."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.problems import Problems

NODE_DATA, NODE_PROPERTIES, TIE_DATA, TIE_PROPERTIES = SECTIONS = (
    "node data",
    "node properties",
    "tie data",
    "tie properties",
)
KNOWN = "*Node data, *Node properties and *Tie data"

_NAME = re.compile(r'[ \t,]*(?:"((?:[^"]|"")*)"|([^ \t,"][^ \t,]*))(?=[ \t,]|$)')
_VALUE = re.compile(r'[ \t]*(?:"((?:[^"]|"")*)"|([^ \t"][^ \t]*))(?=[ \t]|$)')
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(slots=True)
class Section:
    """Hold one section.

    Attributes
    ----------
    line
        Where it begins, from 1.
    header_line
        Where its columns are named.
    columns
        The names of the columns, as they are written.
    rows, lines
        The rows, each as long as there are columns, and their lines.
    commas
        Whether commas separate the values of a row, not blanks.
    """

    line: int
    header_line: int = 0
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    commas: bool = False

    def column(self, place: int) -> list[str]:
        """Return the values of a column, by its place."""
        return [row[place] for row in self.rows]


def sections_of(path: Path, text: str, problems: Problems) -> dict[str, Section]:
    """Return the sections of a file by name in small letters, having noted what is wrong with them.

    Parameters
    ----------
    path
        The file, for problems.
    text
        Its text.
    problems
        Where problems go.
    """
    sections: dict[str, Section] = {}
    current: Section | None = None
    found = len(problems.found)
    for line, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        content = raw.strip(" \t")
        if content.startswith("*"):
            current = _opened(path, line, content, sections, problems)
        elif content and current is not None:
            _add_line(path, line, content, current, problems)
        elif content:
            said = f"a VNA file begins with *Node data, *Node properties or *Tie data, not with {_short(content)}"
            problems.add(path, line, said)
            return {}
    if not sections and len(problems.found) == found:
        problems.add(path, None, "the file is empty; a VNA file begins with *Node data or *Tie data")
    for name, section in sections.items():
        if not section.columns and name != TIE_PROPERTIES:
            said = f"no line after *{name.capitalize()} names its columns; the file breaks off here"
            problems.add(path, section.line, said)
    return sections


def _short(text: str) -> str:
    return f'"{text}"' if len(text) <= 40 else f'"{text[:39]}…"'


def _opened(path: Path, line: int, content: str, sections: dict[str, Section], problems: Problems) -> Section:
    """Return the section that a line opens; one that nobody reads where there is a problem with it."""
    name = " ".join(content[1:].casefold().split())
    if name in sections:
        problems.add(path, line, f"*{name.capitalize()} was given in line {sections[name].line}; keep one of the two")
        return Section(line)
    if name not in SECTIONS:
        hint = nearest_name_hint(name, SECTIONS).replace('mean "', 'mean "*')
        problems.add(path, line, f"the section {_short(content)} is not known; known are {KNOWN}{hint}")
        return Section(line)
    sections[name] = Section(line)
    return sections[name]


def _add_line(path: Path, line: int, content: str, section: Section, problems: Problems) -> None:
    """Add a line to a section: the names of its columns, or a row."""
    if not section.columns:
        section.header_line = line
        section.columns = _split(content, _NAME) or []
        if not section.columns:
            problems.add(path, line, "a quotation mark in this line is not closed, or stands inside a name")
            section.columns = [""]
        return
    width = len(section.columns)
    if not section.rows:
        section.commas = _has_commas_between(content, width)
    row = _comma_separated(content) if section.commas else _split(content, _VALUE)
    if row is None:
        problems.add(path, line, "a quotation mark in this line is not closed, or stands inside a name")
    elif len(row) != width and section.columns != [""]:
        said = f"the row has {len(row)} values, but there are {width} columns"
        problems.add(path, line, f'{said}; put names with blanks in quotation marks, and "" for what is missing')
    else:
        section.rows.append(row)
        section.lines.append(line)


def _has_commas_between(content: str, width: int) -> bool:
    """Tell whether commas, not blanks, separate the values of a row, judging by the first."""
    row = _split(content, _VALUE) or []
    if len(row) == width and not any(value.endswith(",") for value in row[:-1]):
        return False
    return _QUOTED.sub("", content).count(",") == width - 1 > 0


def _split(content: str, pattern: re.Pattern[str]) -> list[str] | None:
    """Return the values in a line, or None where a quotation mark is out of place."""
    values, place = [], 0
    while match := pattern.match(content, place):
        quoted, plain = match.groups()
        values.append(plain if quoted is None else quoted.replace('""', '"'))
        place = match.end()
    return None if content[place:].strip(" \t,") else values


def _comma_separated(content: str) -> list[str] | None:
    try:
        return [cell.strip() for cell in next(csv.reader([content], skipinitialspace=True, strict=True))]
    except csv.Error:
        return None
