"""Pajek's ``.net``: one network of one or several relations, with the partitions and vectors beside it.

The grammar is that of the program's manual and of its authors' wiki (Mrvar and
Batagelj 2016, doi 10.1186/s40294-016-0017-8;
http://mrvar.fdv.uni-lj.si/pajek/DrawEPS.htm,
http://vladowiki.fmf.uni-lj.si/doku.php?id=pajek:faq:format)::

    *Network north
    *Vertices 3
    1 "Ann B" 0.1 0.2
    2 Cem
    3 Dee
    *Arcs :1 "advice"
    1 2 0.5
    *Edges :2 "works with"
    2 3

``*Arcslist``, ``*Edgeslist``, ``*Matrix``, two-mode networks and relations that
single lines name are read too. A partition ``north.clu`` and a vector
``north.vec`` beside ``north.net`` are the columns ``partition`` and
``vector``; ``north_role.clu`` is the column ``role``. Networks are written
with comments that carry what Pajek has no place for (see
:mod:`~diffusion.network.formats.pajek_comments`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from diffusion.network.formats.findings import Findings
from diffusion.network.formats.pajek_comments import kept_in
from diffusion.network.formats.pajek_network import NetworkSections, add_columns, network_tables
from diffusion.network.formats.pajek_sections import NETWORK, TIES, VERTICES, Section, sections_of
from diffusion.network.formats.pajek_values import files_beside, read_values_file
from diffusion.network.formats.pajek_writing import network_lines, unseen, unseen_columns, write_lines
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.text import read_text
from diffusion.network.network import Network

_BEGINNING = re.compile(rb"(?:\s|%[^\r\n]*[\r\n])*\*[ \t]*(?:net|network|vertices)\b", re.IGNORECASE)
_OBJECT = re.compile(
    rb"[\r\n][ \t]*\*[ \t]*(?:partition|vector|permutation|cluster|hierarchy|network)\b", re.IGNORECASE
)


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the first bytes say enough
    """Tell whether a file begins as a network of Pajek."""
    return bool(_BEGINNING.match(_plain(head)))


def is_project(head: bytes) -> bool:
    """Tell whether the first bytes of a file show more than one network: a project."""
    text = b"\n" + _plain(head)
    objects = [match[0].lower() for match in _OBJECT.finditer(text)]
    return len(objects) > 1 or not all(name.endswith(b"network") for name in objects)


def _plain(head: bytes) -> bytes:
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what a file and those beside it say, or ``None`` having noted what is wrong with them.

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
    network = _network(sections, findings)
    if network is None:
        return None
    comments += [line for section in sections for line in section.comments]
    tables = network_tables(network, kept_in(comments, findings), findings)
    if tables is not None:
        _read_beside(tables, findings)
    return tables


def _network(sections: Sequence[Section], findings: Findings) -> NetworkSections | None:
    """Return the sections of the one network, or ``None`` having noted why there is none."""
    heading, vertices, ties = None, None, []
    for section in sections:
        if section.name == NETWORK and heading is None and vertices is None:
            heading = section
            _note_rows(section, findings)
        elif section.name == VERTICES and vertices is None:
            vertices = section
        elif section.name not in TIES:
            said = f'"{section.name}" cannot come here: a .net file holds one network and no more'
            findings.problem(section.line, f"{said}; if this is a project of Pajek, name it .paj")
            return None
        elif vertices is None:
            findings.problem(section.line, f'"*Vertices" and their number must come before "{section.name}"')
            return None
        else:
            ties.append(section)
    if vertices is None:
        if heading is not None and not heading.rows:
            findings.problem(heading.line, 'behind "*Network" a line "*Vertices" and their number must come')
        return None
    return NetworkSections(vertices, heading, ties)


def _note_rows(section: Section, findings: Findings) -> None:
    if section.rows:
        said = (
            f'behind "{section.name}" a line "*Vertices" and their number must come, not "{section.rows[0].text[:40]}"'
        )
        findings.problem(section.rows[0].number, said)


def _read_beside(tables: Tables, findings: Findings) -> None:
    """Add the partitions and vectors beside a network as columns."""
    for beside, name in files_beside(findings.path):
        here = Findings(beside, findings.problems, tables.notes)
        if beside.suffix.casefold() == ".per":
            here.note(None, "a permutation says nothing of agents and ties, so it was left out")
            continue
        cells = read_values_file(len(tables.ids), here)
        if cells is not None:
            kind = "partition" if beside.suffix.casefold() == ".clu" else "vector"
            here.note(None, f'this {kind} lies beside the network and was read as the column "{name}"')
            add_columns(tables, {name: cells})


def write(network: Network, path: Path) -> list[str]:
    """Write a network to a file, each layer as a relation.

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
    write_lines(path, network_lines(network))
    columns = unseen_columns(network)
    said = "only this program reads the comments that keep it; a .paj file shows it to Pajek"
    return [*(f'the column "{name}": {said}' for name in columns), *unseen(network)]
