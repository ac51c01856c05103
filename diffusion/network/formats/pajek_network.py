"""One network of a Pajek file, put together from its vertices, its ties, and what comments keep of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from diffusion.network.formats.findings import Findings, counted
from diffusion.network.formats.marks import listed, unique
from diffusion.network.formats.pajek_comments import Kept, kept_columns
from diffusion.network.formats.pajek_sections import Section, object_name
from diffusion.network.formats.pajek_ties import read_ties
from diffusion.network.formats.pajek_vertices import Vertices, read_vertices, unique_ids
from diffusion.network.formats.tables import Tables
from diffusion.network.network import normalized

SYNTHETIC_NAME = " (synthetic)"
"""What stands behind the name of a network that was generated, where Pajek shows it."""


@dataclass(slots=True)
class NetworkSections:
    """Hold the sections of one network.

    Attributes
    ----------
    vertices
        The section ``*Vertices``.
    heading
        The section ``*Network`` (or, of a matrix in a project, ``*Matrix``), if there is one.
    ties
        The sections of ties.
    last
        Whether the file ends with this network.
    """

    vertices: Section
    heading: Section | None = None
    ties: list[Section] = field(default_factory=list)
    last: bool = True


def network_tables(sections: NetworkSections, kept: Kept, findings: Findings) -> Tables | None:
    """Return what the sections of a network say, or ``None`` where they do not say how many vertices there are.

    Parameters
    ----------
    sections
        The sections of the network.
    kept
        What comments keep of it.
    findings
        Where problems and notes go.
    """
    last = sections.last and not sections.ties
    vertices = read_vertices(sections.vertices, findings, last=last)
    if vertices is None:
        return None
    ids = unique_ids(vertices, kept.ids, findings)
    ties = read_ties(sections.ties, ids, findings, first_mode=vertices.first_mode, names=kept.layers)
    tables = Tables(path=findings.path, ids=ids, agent_lines=vertices.lines, notes=findings.notes)
    tables.source, tables.target, tables.layer = ties.source, ties.target, ties.layer
    tables.strength, tables.directed, tables.lines = ties.strength, ties.directed, ties.lines
    tables.columns = kept_columns(kept, vertices.count, findings)
    add_columns(tables, {**_modes(sections.vertices, vertices, findings), **vertices.columns})
    _call(tables, sections.heading, kept)
    return tables


def add_columns(tables: Tables, columns: dict[str, list[str]]) -> None:
    """Add columns to those of the agents, under other names where theirs are taken, and say so.

    Parameters
    ----------
    tables
        What is known of the network so far.
    columns
        The columns by name.
    """
    taken = {"id", *map(str.casefold, tables.columns)}
    for name, cells in columns.items():
        wanted = normalized(name).casefold() or "column"
        free = unique(wanted, taken)
        called = name if free == wanted else f"{name}{free.removeprefix(wanted)}"
        if called != name:
            tables.notes.append(f'{tables.path}: a second column "{name}" is called "{called}" here')
        tables.columns[called] = cells


def _modes(section: Section, vertices: Vertices, findings: Findings) -> dict[str, list[str]]:
    """Return the column that says of which mode each vertex is, if there are two."""
    first = vertices.first_mode
    if not first:
        return {}
    of_first = "the first vertex is" if first == 1 else f"the first {first:,} vertices are"
    findings.note(
        section.line,
        f"this is a two-mode network: {of_first} of mode 1, the other "
        f'{counted(vertices.count - first, "vertex", "vertices")} of mode 2 (column "mode"); all are agents here, and '
        "ties are read as they stand, from row to column",
    )
    return {"mode": ["1"] * first + ["2"] * (vertices.count - first)}


def _call(tables: Tables, heading: Section | None, kept: Kept) -> None:
    """Give a network its name, and say whether it is synthetic and whether ties follow knowledge."""
    name = object_name(heading.rest) if heading else ""
    stem = name.removesuffix(SYNTHETIC_NAME)
    tables.synthetic = kept.synthetic or stem != name
    tables.name = kept.name if kept.ours else stem
    tables.follows_knowledge = kept.ours


def merged_networks(networks: Sequence[Tables], lines: Sequence[int], findings: Findings) -> Tables:
    """Return one network with the ties of several, each a layer, having noted those of other vertices.

    Parameters
    ----------
    networks
        The networks; at least one.
    lines
        The line of the vertices of each network.
    findings
        Where problems and notes go.
    """
    first = networks[0]
    if len(networks) == 1:
        return first
    taken: set[str] = set()
    names = [unique(tables.name or f"network {place}", taken) for place, tables in enumerate(networks, start=1)]
    for tables, name, line in zip(networks, names, lines, strict=True):
        if tables.ids != first.ids or tables.columns.get("mode") != first.columns.get("mode"):
            _note_other_vertices(line, (names[0], first), (name, tables), findings)
        elif tables.columns != first.columns:
            said = f'the drawing of the vertices in "{name}" differs from that in "{names[0]}" and was left out'
            findings.note(line, said)
    findings.note(
        None, f"the networks of this project are layers of one network here: {listed(names, most=len(names))}"
    )
    return Tables(
        path=first.path,
        ids=first.ids,
        columns=first.columns,
        source=[*chain.from_iterable(tables.source for tables in networks)],
        target=[*chain.from_iterable(tables.target for tables in networks)],
        layer=[text for name, tables in zip(names, networks, strict=True) for text in _layers(name, tables)],
        strength=[*chain.from_iterable(tables.strength for tables in networks)],
        directed=[*chain.from_iterable(tables.directed for tables in networks)],
        lines=[*chain.from_iterable(tables.lines for tables in networks)],
        agent_lines=first.agent_lines,
        synthetic=any(tables.synthetic for tables in networks),
        notes=findings.notes,
    )


def _layers(name: str, tables: Tables) -> Iterator[str]:
    """Return the layer of each tie of a network among others: its name, and its relation's where it has several."""
    several = len(set(tables.layer)) > 1
    return (f"{name}: {text}" if several and text else name for text in tables.layer)


def _note_other_vertices(line: int, first: tuple[str, Tables], other: tuple[str, Tables], findings: Findings) -> None:
    """Note that two networks of a project cannot be layers of one."""
    sizes = counted(len(other[1].ids), "vertex", "vertices"), counted(len(first[1].ids), "vertex", "vertices")
    differ = f"{sizes[0]} instead of {sizes[1]}" if sizes[0] != sizes[1] else "the same number, under other labels"
    findings.problem(
        line,
        f'the network "{other[0]}" has other vertices than "{first[0]}" ({differ}), so they cannot be layers of one '
        "network; save the one that you want from Pajek as a .net file",
    )
