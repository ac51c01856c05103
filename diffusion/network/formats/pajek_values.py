"""Partitions (``.clu``) and vectors (``.vec``) of Pajek: a number for every vertex, as a column of agents.

Both are ``*Vertices n`` and n lines of one number, whole ones in a partition.
A comment ``1: manager; 2: firm``, as Batagelj's R functions write it, says
what the numbers of a partition stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from diffusion.network.formats.findings import Findings, shortened
from diffusion.network.formats.pajek_sections import (
    PARTITION,
    VECTOR,
    VERTICES,
    Line,
    Section,
    sections_of,
    whole_number,
)
from diffusion.network.formats.sheets import number
from diffusion.network.formats.text import read_text

KINDS = {".clu": PARTITION, ".vec": VECTOR}
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_LEGEND = re.compile(r"(\d{1,9}): (.*)")


def files_beside(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the partitions, vectors and permutations that belong to a network, and what each is called.

    They have its stem, or its stem and a name behind ``_`` or ``-``; one that
    has the longer stem of another network belongs to that.

    Parameters
    ----------
    path
        The file of the network.
    """
    try:
        beside = sorted(entry for entry in path.parent.iterdir() if entry != path)
    except OSError:
        return
    others = [entry.stem for entry in beside if entry.suffix.casefold() in {".net", ".paj"}]
    longer = [stem for stem in others if len(stem) > len(path.stem)]
    for entry in beside:
        suffix, stem = entry.suffix.casefold(), entry.stem
        if suffix not in {*KINDS, ".per"} or any(_belongs(stem, other) for other in longer):
            continue
        if stem == path.stem:
            yield entry, "vector" if suffix == ".vec" else "partition"
        elif _belongs(stem, path.stem):
            yield entry, stem[len(path.stem) + 1 :]


def _belongs(stem: str, network: str) -> bool:
    return stem == network or (stem.startswith((f"{network}_", f"{network}-")) and len(stem) > len(network) + 1)


def read_values_file(count: int, findings: Findings) -> list[str] | None:
    """Return the cells of a column that a file states, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    count
        How many vertices the network has.
    findings
        The file, whose suffix tells a partition from a vector, and where problems and notes go.
    """
    found = read_text(findings.path, findings.problems)
    if found is None:
        return None
    findings.notes.extend(found.notes)
    before = len(findings.problems.found)
    sections, comments = sections_of(found.text, findings)
    if len(findings.problems.found) > before:
        return None
    vertices = [section for section in sections if section.name == VERTICES]
    if len(vertices) != 1 or len(sections) > 2:
        line = sections[-1].line
        findings.problem(line, 'the file must hold "*Vertices", their number, and a number for each, and no more')
        return None
    if not _has_count(vertices[0], count, findings):
        return None
    comments = [*comments, *(line for section in sections for line in section.comments)]
    return values(vertices[0], comments, KINDS[findings.path.suffix.casefold()], findings)


def _has_count(section: Section, count: int, findings: Findings) -> bool:
    """Tell whether a section announces as many vertices as the network has, having noted if not."""
    words = section.rest.split()
    if words and whole_number(words[0]) == count:
        return True
    came = f'"{shortened(section.rest)}"' if words else "nothing"
    said = f'behind "*Vertices" must stand {count:,}, for so many vertices the network has, not {came}'
    findings.problem(section.line, said)
    return False


def values(section: Section, comments: Iterable[Line], kind: str, findings: Findings) -> list[str] | None:
    """Return the cells of a column that a section states, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    section
        The section ``*Vertices``, which announces as many as the network has.
    comments
        The comments that belong to it.
    kind
        ``*Partition`` or ``*Vector``.
    findings
        Where problems and notes go.
    """
    count = int(section.rest.split()[0])
    before = len(findings.problems.found)
    cells = [_cell(line, kind, findings) for line in section.rows[:count]]
    if len(section.rows) > count:
        said = f"{count:,} numbers were announced in line {section.line}, but another follows; remove one of the two"
        findings.problem(section.rows[count].number, said)
    elif len(section.rows) < count:
        said = f"{count:,} numbers were announced in line {section.line}, but only {len(section.rows):,} came"
        findings.problem(section.last_line, f"{said}; take the whole file")
    if len(findings.problems.found) > before:
        return None
    return _with_legend(cells, comments, findings) if kind == PARTITION else cells


def _cell(line: Line, kind: str, findings: Findings) -> str:
    """Return the number in a line as text, having noted what is none."""
    if kind == PARTITION and _WHOLE.fullmatch(line.text):
        return str(int(line.text))
    value = number(line.text)
    if value is not None and (kind == VECTOR or value.is_integer()):
        return repr(value).removesuffix(".0")
    wanted = "a partition must have a whole number" if kind == PARTITION else "a vector must have a number"
    advice = "; write the decimal mark as a point" if "," in line.text else ""
    findings.problem(line.number, f'{wanted} in each line, not "{shortened(line.text)}"{advice}')
    return ""


def _with_legend(cells: Sequence[str], comments: Iterable[Line], findings: Findings) -> list[str]:
    """Return what the numbers of a partition stand for, where comments say so of each but 0."""
    legend: dict[str, str] = {}
    found = 0
    for line in comments:
        for part in re.split(r"; (?=\d+: )", line.text):
            if match := _LEGEND.fullmatch(part):
                legend.setdefault(str(int(match[1])), match[2].strip())
                found = found or line.number
    if not legend or not set(cells) <= {*legend, "0"}:
        return list(cells)
    findings.note(found, "the numbers of the partition were replaced by what the comments say they stand for")
    return [legend.get(cell, "") for cell in cells]
