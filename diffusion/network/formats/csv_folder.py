"""A network as a folder of two CSV tables, ``agents.csv`` and ``ties.csv``.

``agents.csv`` has the column ``id`` and, if wanted, ``role``, ``organisation``,
``sector``, ``site`` and any further ones. ``ties.csv`` has ``source`` and
``target`` and, if wanted, ``layer``, ``strength`` in (0, 1] and ``directed``
(``true``, or ``false`` for a tie in each direction). Blank cells mean the role
``agent``, the layer ``tie``, the strength 1 and ``true``. A file ``about.toml``
may state ``name``, ``synthetic`` and ``description``.

Files are UTF-8, with or without a byte order mark, and separated by commas;
semicolons and tabs are recognised from the header, and strengths may then have
a decimal comma. Blank rows are passed over. Rows are read tail to head: from
whom knowledge flows, to whom.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.formats.about import About, about_text, read_about
from diffusion.network.formats.csv_table import Table, read_table
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.rows import named_ties
from diffusion.network.formats.tables import AGENT_COLUMNS, Tables, network_of
from diffusion.network.network import Network, normalized

TIE_COLUMNS = ("source", "target", "layer", "strength", "directed")
DIRECTED = {"": True, "true": True, "false": False}


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - a folder has no first bytes
    """Tell whether a folder holds one of the two tables."""
    return (path / "agents.csv").exists() or (path / "ties.csv").exists()


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what a folder says, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    path
        The folder.
    problems
        Where problems go: every problem of all its files.
    """
    if not _is_folder(path, problems):
        return None
    about = read_about(path / "about.toml", problems)
    agents = read_table(
        path / "agents.csv", problems, required=AGENT_COLUMNS[:1], optional=AGENT_COLUMNS[1:], open_ended=True
    )
    ties = read_table(path / "ties.csv", problems, required=TIE_COLUMNS[:2], optional=TIE_COLUMNS[2:], open_ended=False)
    ids = _ids(agents, problems) if agents else []
    problems.known = ids
    columns = _tie_columns(ties, ids if agents and agents.whole else None, problems) if ties else None
    if agents is None or ties is None or columns is None:
        return None
    return Tables(
        path=path / "ties.csv",
        ids=ids,
        columns={key: cells for key, cells in agents.columns.items() if key != "id"},
        **columns,
        lines=ties.lines,
        agents_path=agents.path,
        agent_lines=agents.lines,
        name=about.name,
        synthetic=about.synthetic,
        survey=about.survey,
        follows_knowledge=True,
        zero_is_a_tie=True,
        notes=[*agents.notes, *ties.notes],
    )


def write(network: Network, path: Path, *, description: str = "") -> list[str]:
    """Write a network to a folder, which is made if need be.

    Reading the folder gives the same network; a folder can carry all of it.

    Parameters
    ----------
    network
        The network.
    path
        Where ``agents.csv``, ``ties.csv`` and ``about.toml`` go; files of
        these names are overwritten.
    description
        A sentence on where the network comes from, for ``about.toml``.

    Returns
    -------
    What could not be carried: nothing.

    Raises
    ------
    InputError
        If a further column has a name that a folder cannot hold.
    """
    _check_column_names(network)
    path.mkdir(parents=True, exist_ok=True)
    about = About(network.name, network.synthetic, description, network.survey)
    texts = {
        "agents.csv": _csv_text(_agent_rows(network, list(network.columns))),
        "ties.csv": _csv_text(_tie_rows(network)),
        "about.toml": about_text(about),
    }
    for file_name, text in texts.items():
        (path / file_name).write_bytes(text.encode())
    return []


def canonical_text(network: Network) -> str:
    """Return one text that holds both tables, equal for equal networks.

    It is CSV throughout: a row that says how many agents follow, their header
    and rows, then the same for the ties.
    """
    return _csv_text(
        row
        for part, count, rows in (
            ("agents", network.size, _agent_rows(network, sorted(network.columns))),
            ("ties", network.tie_count, _tie_rows(network)),
        )
        for row in ([part, count], *rows)
    )


def from_canonical_text(text: str, *, name: str, synthetic: bool) -> Network:
    """Return the network that a canonical text holds.

    Parameters
    ----------
    text
        What :func:`canonical_text` returned.
    name, synthetic
        What the text does not say of the network.
    """
    rows = list(csv.reader(io.StringIO(text, newline="")))
    size = int(rows[0][1])
    header, agents, ties = rows[1], rows[2 : 2 + size], rows[4 + size :]
    ids, roles, *further = [[row[place] for row in agents] for place in range(len(header))]
    source, target, layer, strength = [[row[place] for row in ties] for place in range(4)]
    index = {text: place for place, text in enumerate(ids)}
    tables = Tables(
        path=Path(name),
        ids=ids,
        columns={"role": roles, **dict(zip(header[2:], further, strict=True))},
        source=[index[text] for text in source],
        target=[index[text] for text in target],
        layer=layer,
        strength=np.array(strength, dtype=np.float64) if strength else np.empty(0),
        name=name,
        synthetic=synthetic,
        follows_knowledge=True,
    )
    problems = Problems()
    network = network_of(tables, problems, name=name)
    if network is None:
        raise problems.error()
    return network


def _is_folder(folder: Path, problems: Problems) -> bool:
    """Tell whether a path is a folder, having noted what it is otherwise."""
    try:
        if folder.is_dir():
            return True
        is_file = folder.exists()
        siblings = [entry.name for entry in folder.parent.iterdir() if entry.is_dir()] if folder.parent.is_dir() else []
    except OSError as error:
        problems.add(folder, None, f"the folder cannot be read: {error.strerror}")
        return False
    if is_file:
        problems.add(folder, None, "this is a file; a network is a folder with agents.csv and ties.csv")
    else:
        hint = nearest_name_hint(folder.name, siblings)
        problems.add(folder, None, f"no such folder; a network is a folder with agents.csv and ties.csv{hint}")
    return False


def _ids(agents: Table, problems: Problems) -> list[str]:
    """Return the ids in the order of the rows, having noted the empty and the repeated."""
    ids = [*map(normalized, agents.columns["id"])]
    if not ids:
        problems.add(agents.path, None, "there are no agents under the header; give one a row")
    if "" not in ids and len(set(ids)) == len(ids):
        return ids
    first: dict[str, int] = {}
    for text, line in zip(ids, agents.lines, strict=True):
        if not text:
            problems.add(agents.path, line, "the id is empty; give every agent an id")
        elif text in first:
            problems.add(agents.path, line, f'the id "{text}" was given in line {first[text]}; ids must be unique')
        else:
            first[text] = line
    return ids


def _tie_columns(ties: Table, ids: Sequence[str] | None, problems: Problems) -> dict[str, Any]:
    """Return the ties' columns as :class:`Tables` has them; ``ids`` is None where unknown."""
    index = None if ids is None else {text: place for place, text in enumerate(ids) if text}
    ends = [_ends(ties, side, index, problems) for side in ("source", "target")]
    decimal_comma = ties.separator != ","
    strength_texts = ties.columns.get("strength", [])
    known = {text: _strength(text, decimal_comma=decimal_comma) for text in set(strength_texts)}
    _note_wrong(ties, strength_texts, {text: said for text, said in known.items() if isinstance(said, str)}, problems)
    directed_texts = ties.columns.get("directed", [])
    directed = {text: DIRECTED.get(normalized(text).casefold()) for text in set(directed_texts)}
    _note_wrong(
        ties,
        directed_texts,
        {text: f'directed must be true or false, not "{text}"' for text, value in directed.items() if value is None},
        problems,
    )
    return {
        "source": ends[0],
        "target": ends[1],
        "layer": ties.columns.get("layer", []),
        "strength": np.array([known[text] if not isinstance(known[text], str) else 1.0 for text in strength_texts]),
        "directed": np.array([directed[text] is not False for text in directed_texts], dtype=bool),
    }


def _ends(ties: Table, side: str, index: Mapping[str, int] | None, problems: Problems) -> NDArray[np.int32]:
    """Return the agents at one end of the ties, having noted the unknown; all pass where ``index`` is None."""
    texts = ties.columns[side]
    anyone = {normalized(text): 0 for text in set(texts) if normalized(text)}
    known = {text: (anyone if index is None else index).get(normalized(text), -1) for text in set(texts)}
    places = np.fromiter(map(known.__getitem__, texts), dtype=np.int32, count=len(texts))
    for row in np.flatnonzero(places < 0).tolist():
        if row in ties.ragged:
            continue
        text = normalized(texts[row])
        said = f'{side} "{text}" is no agent of agents.csv' if text else f"the {side} is empty"
        problems.add(ties.path, ties.lines[row], said, unknown=text)
    return places


def _strength(text: str, *, decimal_comma: bool) -> float | str:
    """Return the strength that a cell states, NaN for none, or what is wrong with it."""
    digits = normalized(text)
    if not digits:
        return float("nan")
    try:
        strength = float("no" if "_" in digits else digits.replace(",", ".") if decimal_comma else digits)
    except ValueError:
        strength = float("nan")
    if strength != strength:  # noqa: PLR0124 - only NaN differs from itself
        advice = "; write the decimal mark as a point" if "," in digits else ""
        return f'the strength must be a number above 0 and at most 1, not "{digits}"{advice}'
    return strength


def _note_wrong(ties: Table, texts: Sequence[str], wrong: Mapping[str, str], problems: Problems) -> None:
    if not wrong:
        return
    for row, text in enumerate(texts):
        if text in wrong and row not in ties.ragged:
            problems.add(ties.path, ties.lines[row], wrong[text])


def _check_column_names(network: Network) -> None:
    taken = {name.casefold() for name in AGENT_COLUMNS}
    fine = {"organisation", "sector", "site"}
    for name in network.columns:
        if name != normalized(name) or not name or "\0" in name or (name.casefold() in taken and name not in fine):
            raise InputError(f'{network.name}: the column "{name}" cannot be written to agents.csv; rename it')


def _agent_rows(network: Network, further: Sequence[str]) -> Iterator[Iterable[object]]:
    yield ["id", "role", *further]
    yield from zip(network.ids, network.roles, *(network.columns[name] for name in further), strict=True)


def _tie_rows(network: Network) -> Iterator[Iterable[object]]:
    yield TIE_COLUMNS[:4]
    for tie in named_ties(network):
        yield *tie[:3], repr(tie.strength)


def _csv_text(rows: Iterable[Iterable[object]]) -> str:
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows(rows)  # so that cells with either character are quoted
    return "".join([line[:-2] + "\n" for line in lines])


class _Lines(list[str]):
    """Take what a CSV writer writes, a line at a time."""

    write = list.append
