"""Pajek's ``.paj``: a project, that is networks, partitions and vectors one behind the other in one file.

Each begins with a heading that names it and a line ``*Vertices``::

    *Network advice
    *Vertices 2
    1 "Ann B"
    2 "Cem"
    *Arcs
    1 2
    *Partition role
    *Vertices 2
    1
    2

The networks of a project that have the same vertices are layers of one network
here; partitions and vectors are columns of its agents. Permutations, clusters
and hierarchies are left out, and notes say so. The grammar of the parts is
that of :mod:`~diffusion.network.formats.pajek`, their order that in which
Pajek saves them (Mrvar and Batagelj 2016, doi 10.1186/s40294-016-0017-8).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diffusion.network.formats.findings import Findings, counted, shortened
from diffusion.network.formats.pajek import is_project
from diffusion.network.formats.pajek import recognises as is_pajek
from diffusion.network.formats.pajek_comments import Kept, kept_in
from diffusion.network.formats.pajek_network import NetworkSections, add_columns, merged_networks, network_tables
from diffusion.network.formats.pajek_sections import (
    MATRIX,
    NETWORK,
    PARTITION,
    UNUSED,
    VECTOR,
    VERTICES,
    Section,
    object_name,
    sections_of,
    whole_number,
)
from diffusion.network.formats.pajek_values import values
from diffusion.network.formats.pajek_writing import (
    is_numeric,
    network_lines,
    one_line,
    unseen,
    unseen_columns,
    write_lines,
)
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.text import read_text
from diffusion.network.network import Network


@dataclass(slots=True)
class _Part:
    """Hold the sections of one part of a project: a network, a partition, a vector, or what is not used."""

    kind: str
    heading: Section | None = None
    vertices: Section | None = None
    ties: list[Section] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Return the line where it begins."""
        first = self.heading or self.vertices
        return first.line if first else 0

    @property
    def name(self) -> str:
        """Return what it is called."""
        return object_name(self.heading.rest) if self.heading else ""


def recognises(path: Path, head: bytes) -> bool:
    """Tell whether a file begins as a project of Pajek with more than one part."""
    return is_project(head) and is_pajek(path, head)


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what a project says, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    """
    found = read_text(path, problems)
    if found is None:
        return None
    findings = Findings(path, problems, list(found.notes))
    sections, comments = sections_of(found.text, findings)
    parts = _parts(sections, findings)
    networks = [part for part in parts if part.kind == NETWORK and part.vertices]
    if not networks:
        if not problems.found:
            findings.problem(None, 'there is no network in this project; one begins with "*Network" and "*Vertices"')
        return None
    comments += [line for section in sections for line in section.comments]
    kept = kept_in(comments, findings)
    if kept.ours and len(networks) > 1:
        said = 'comments that begin with "% diffusion" are of one network; here are more, so they were left out'
        findings.note(None, said)
        kept = Kept(synthetic=kept.synthetic)
    tables = _merged(networks, parts[-1], kept, findings)
    if tables is not None:
        _add_columns(tables, parts, kept, findings)
    return tables


def _parts(sections: Sequence[Section], findings: Findings) -> list[_Part]:
    """Return the parts of a project, having noted sections that belong to none."""
    parts: list[_Part] = []
    for place, section in enumerate(sections):
        current = parts[-1] if parts else None
        following = sections[place + 1].name if place + 1 < len(sections) else ""
        if section.name in {NETWORK, PARTITION, VECTOR, *UNUSED}:
            parts.append(_Part(section.name, section))
        elif section.name == MATRIX and following == VERTICES:
            parts.append(_Part(NETWORK, section))
        elif section.name == VERTICES and current and current.vertices is None:
            current.vertices = section
        elif section.name == VERTICES:
            parts.append(_Part(NETWORK, None, section))
        elif current and current.kind == NETWORK and current.vertices:
            current.ties.append(section)
        else:
            said = f'"{section.name}" belongs to no network here: "*Vertices" and their number must come before it'
            findings.problem(section.line, said)
    for part in parts:
        if part.kind not in UNUSED:
            _check_part(part, findings)
    return parts


def _check_part(part: _Part, findings: Findings) -> None:
    """Note a part without vertices, and lines between its heading and them."""
    heading = part.heading
    if heading and (heading.rows or part.vertices is None):
        line = heading.rows[0].number if heading.rows else heading.line
        came = f', not "{shortened(heading.rows[0].text)}"' if heading.rows else ""
        said = f'behind "{heading.name}" a line "*Vertices" and their number must come{came}'
        findings.problem(line, said)


def _merged(networks: Sequence[_Part], last: _Part, kept: Kept, findings: Findings) -> Tables | None:
    """Return the networks of a project as one; only the first where any has problems."""
    read: list[Tables] = []
    before = len(findings.problems.found)
    for part in networks:
        if part.vertices:
            sections = NetworkSections(part.vertices, part.heading, part.ties, last=part is last)
            tables = network_tables(sections, kept, findings)
            read += [tables] if tables else []
    if len(read) < len(networks):
        return None
    if len(findings.problems.found) > before:
        return read[0]
    return merged_networks(read, [part.vertices.line if part.vertices else 0 for part in networks], findings)


def _add_columns(tables: Tables, parts: Sequence[_Part], kept: Kept, findings: Findings) -> None:
    """Add the partitions and vectors of a project as columns, and note what else is in it."""
    for part in parts:
        if part.kind in UNUSED:
            said = f'"{part.kind} {shortened(part.name)}" says nothing of agents and ties, so it was left out'
            findings.note(part.line, said)
        elif part.kind != NETWORK and part.vertices and part.heading and part.heading.rest not in kept.codes:
            _add_column(tables, part, part.vertices, findings)


def _add_column(tables: Tables, part: _Part, vertices: Section, findings: Findings) -> None:
    """Add one partition or vector as a column, or note why not."""
    count = whole_number(vertices.rest)
    kind = part.kind.removeprefix("*").casefold()
    if count is None:
        said = f'behind "*Vertices" the number of vertices must stand, not "{shortened(vertices.rest)}"'
        findings.problem(vertices.line, said)
    elif count != len(tables.ids):
        size = counted(count, "vertex", "vertices")
        said = f'the {kind} "{shortened(part.name)}" was left out: it is of {size}, the network of {len(tables.ids):,}'
        findings.note(part.line, said)
    else:
        comments = [*(part.heading.comments if part.heading else []), *vertices.comments]
        cells = values(vertices, comments, part.kind, findings)
        if cells is not None:
            add_columns(tables, {part.name or kind: cells})


def write(network: Network, path: Path) -> list[str]:
    """Write a network to a project, with its columns as partitions and vectors that Pajek sees.

    Parameters
    ----------
    network
        The network.
    path
        The file; what is there is overwritten.

    Returns
    -------
    What Pajek itself does not see, a line each; reading the file here gives
    all of it back but for how the network was asked for.
    """
    columns = unseen_columns(network)
    cells = {name: network.roles if name == "role" else network.columns[name] for name in columns}
    lines = [*network_lines(network, codes=columns)]
    for name, texts in cells.items():
        lines += _vector(name, texts) if is_numeric(texts) and not _are_classes(texts) else _partition(name, texts)
    write_lines(path, lines)
    coded = [name for name, texts in cells.items() if not is_numeric(texts)]
    said = "Pajek sees numbers; what they stand for is in comments"
    return [*(f'the texts of the column "{name}": {said}' for name in coded), *unseen(network)]


def _partition(name: str, texts: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a partition: whole numbers as they are, else a number for each text, 0 for none."""
    yield f"{PARTITION} {name}"
    if _are_classes(texts):
        codes = {text: int(text) for text in texts}
    else:
        codes = {text: code for code, text in enumerate(sorted(set(texts) - {""}), start=1)}
        yield from (f"% {code}: {one_line(text)}" for text, code in codes.items())
    yield f"{VERTICES} {len(texts)}"
    yield from (str(codes.get(text, 0)) for text in texts)


def _are_classes(texts: Sequence[str]) -> bool:
    return all(whole_number(text) is not None for text in texts)


def _vector(name: str, texts: Sequence[str]) -> Iterator[str]:
    yield f"{VECTOR} {name}"
    yield f"{VERTICES} {len(texts)}"
    yield from texts
