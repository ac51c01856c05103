"""Network Canvas exports: interviews on personal networks, as a zip archive or the folder it was unpacked to.

Grammar, as https://github.com/complexdatacollective/network-exporters and its
successors in Interviewer and Fresco write it: files called
``{caseId}_{sessionId}_{kind}_{type}.csv``, of four kinds: ``attributeList``
(the nodes of a type), ``edgeList`` and ``adjacencyMatrix`` (the ties of a
type) and ``ego`` (the respondent); and ``{caseId}_{sessionId}.graphml``, which
says all of it again. Merged sessions have the protocol's name in front.

Each respondent becomes an agent that is tied to all its nodes, for an export
says only that they belong to its interview; the types of ties between nodes
are layers. A node is called by its variable ``name`` or ``label``, otherwise
by its number. How several interviews stand side by side, see
:mod:`~diffusion.network.formats.ego_networks`.

Networks are written as one session without a respondent (see
:mod:`~diffusion.network.formats.network_canvas_whole`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from diffusion.network.formats.ego_networks import PersonalNetwork, columns_of, stacked
from diffusion.network.formats.marks import listed
from diffusion.network.formats.network_canvas_csv import ENCRYPTED, Sessions, sessions_of
from diffusion.network.formats.network_canvas_files import GRAPHML, Export, export_at, holds_an_export
from diffusion.network.formats.network_canvas_graphml import Graph, graphs_of
from diffusion.network.formats.network_canvas_options import take_options_together
from diffusion.network.formats.network_canvas_tables import ATTRIBUTES, EGO, CsvTable, tables_of
from diffusion.network.formats.network_canvas_whole import is_whole, whole_network, write_whole
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import Tables
from diffusion.network.network import Network

NAME_VARIABLES = ("name", "label")


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - names say it, first bytes do not
    """Tell whether a folder or an archive holds files that are called as Network Canvas calls them."""
    return holds_an_export(path)


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what an export says, or ``None`` having noted what is wrong with it.

    Where a session is there both in CSV and in GraphML, the CSV is read.

    Parameters
    ----------
    path
        The archive, the folder, or one GraphML file.
    problems
        Where problems go.
    """
    export = export_at(path, problems)
    if export is None:
        return None
    tables = tables_of(export.root, export.csv, problems)
    if is_whole(tables):
        export.others += len(export.graphml)
        whole = whole_network(path, tables, problems)
        if whole is not None:
            whole.notes += _notes_on_files(path, export, Sessions(), [], 0)
        return whole
    sessions = sessions_of(tables, problems)
    graphs, repeated = _graphs(export, sessions, tables, problems)
    networks = [*sessions.networks.values(), *(graph.network for graph in graphs)]
    if not networks:
        if not problems.found:
            problems.add(path, None, "there is no session in it; export the sessions anew, with every file type")
        return None
    notes = list(_notes_on_files(path, export, sessions, graphs, repeated))
    notes += _notes_on_answers(path, sessions, networks)
    made = stacked(path, networks)
    made.notes += [*notes, *(note for table in tables for note in table.notes)]
    made.notes += [note for graph in graphs for note in graph.notes]
    return made


def _graphs(
    export: Export, sessions: Sessions, tables: Sequence[CsvTable], problems: Problems
) -> tuple[list[Graph], int]:
    """Return the graphs of sessions that are not there in CSV, and how many were."""
    prefixes = {table.member.prefix for table in tables if table.member.kind in {ATTRIBUTES, EGO}}
    graphs: list[Graph] = []
    repeated = 0
    for name in sorted(export.graphml):
        if name[: -len(GRAPHML)] in prefixes:
            repeated += 1
            continue
        found = graphs_of(export.root / name, export.graphml[name], problems)
        new = [graph for graph in found if not graph.ego or graph.ego not in sessions.networks]
        repeated += len(found) - len(new)
        graphs += new
    return graphs, repeated


def _notes_on_files(
    path: Path, export: Export, sessions: Sessions, graphs: Sequence[Graph], repeated: int
) -> Iterator[str]:
    """Yield which files were not read, a line each."""
    if repeated:
        yield f"{path}: {_count(repeated, 'session is', 'sessions are')} in it in CSV and in GraphML; the CSV was read"
    if sessions.matrices_left_out:
        many = _count(sessions.matrices_left_out, "adjacencyMatrix was", "adjacencyMatrix files were")
        yield f"{path}: {many} left out, for an edgeList says the same and more"
    if export.others:
        yield f"{path}: {_count(export.others, 'other file was', 'other files were')} left out"
    if export.links:
        yield f"{path}: {_count(export.links, 'link', 'links')} to places outside of it or to folders left out"
    variables = dict.fromkeys([*sessions.left_out, *(name for graph in graphs for name in graph.left_out)])
    if variables:
        yield f"{path}: what is said of ties was left out ({listed(variables)}); a variable called strength is read"


def _notes_on_answers(path: Path, sessions: Sessions, networks: Sequence[PersonalNetwork]) -> Iterator[str]:
    """Tidy what is said of respondents and nodes, and yield what was assumed, a line each."""
    encrypted = sum(_without_encrypted(columns) for network in networks for columns in columns_of(network))
    if encrypted:
        yield (
            f"{path}: {_count(encrypted, 'cell is', 'cells are')} encrypted and read as missing; to have what is in "
            "them, enter the passphrase in Network Canvas before exporting"
        )
    made, left = _take_options_together([*sessions.networks.values()])
    if made:
        yield f"{path}: columns of options, true or false, were taken together as {listed(made)}"
    if left:
        yield f"{path}: {listed(left)} may be options of one variable; they were left as they are"
    for alter in (alter for network in networks for alter in network.alters):
        name = next((name for known in NAME_VARIABLES for name in alter.columns if name.casefold() == known), None)
        alter.name = (alter.columns.pop(name) if name else "") or alter.name


def _without_encrypted(columns: dict[str, str]) -> int:
    """Empty the cells that say nothing but that they are encrypted, and return how many did."""
    names = [name for name, cell in columns.items() if cell == ENCRYPTED]
    columns.update(dict.fromkeys(names, ""))
    return len(names)


def _take_options_together(networks: Sequence[PersonalNetwork]) -> tuple[list[str], list[str]]:
    """Take the options of each variable together, by what they are said of; return what was made and what was left."""
    rows: dict[str, list[dict[str, str]]] = {"": [network.columns for network in networks]}
    for alter in (alter for network in networks for alter in network.alters):
        rows.setdefault(f"of {alter.kind}", []).append(alter.columns)
    done = [take_options_together(group) for group in rows.values()]
    made, left = (list(dict.fromkeys(name for names in each for name in names)) for each in zip(*done, strict=True))
    return made, left


def _count(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def write(network: Network, path: Path) -> list[str]:
    """Write a network to a zip archive, as one session without a respondent.

    Parameters
    ----------
    network
        The network.
    path
        The archive; what is there is overwritten.

    Returns
    -------
    What could not be carried, a line each.

    Raises
    ------
    InputError
        If the path is that of a folder.
    """
    return write_whole(network, path)
