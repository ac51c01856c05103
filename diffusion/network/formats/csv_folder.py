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
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.formats.csv_table import Problems, Table, read_table
from diffusion.network.network import DEFAULT_LAYER, DEFAULT_ROLE, Network, normalized

RESERVED_ROLES = ("beta", "exponential", "gamma", "lognormal", "normal", "reach", "triangular", "uniform")
"""Names that mean something else where a scenario names roles."""

AGENT_COLUMNS = ("id", "role", "organisation", "sector", "site")
TIE_COLUMNS = ("source", "target", "layer", "strength", "directed")
ABOUT_KEYS = {"name": str, "synthetic": bool, "description": str}
DIRECTED = {"": True, "true": True, "false": False}


def read(folder: Path, *, name: str | None = None) -> Network:
    """Read a network from a folder.

    Parameters
    ----------
    folder
        The folder.
    name
        What to call the network; otherwise what ``about.toml`` calls it, or
        the folder's name.

    Raises
    ------
    InputError
        With every problem of the files, a line each, up to fifty.
    """
    _check_folder(folder)
    problems = Problems()
    about = _about(folder / "about.toml", problems)
    agents = read_table(
        folder / "agents.csv", problems, required=AGENT_COLUMNS[:1], optional=AGENT_COLUMNS[1:], open_ended=True
    )
    ties = read_table(
        folder / "ties.csv", problems, required=TIE_COLUMNS[:2], optional=TIE_COLUMNS[2:], open_ended=False
    )
    ids = _ids(agents, problems) if agents else []
    problems.known = ids
    if agents:
        _check_roles(agents, problems)
    columns = _tie_columns(ties, ids if agents and agents.whole else None, problems) if ties else None
    if agents is None or columns is None or problems.found:
        raise problems.error()
    further = {key: [*map(normalized, cells)] for key, cells in agents.columns.items() if key not in {"id", "role"}}
    return _network(
        name=name or about.get("name") or folder.resolve().name,
        synthetic=about.get("synthetic", False),
        ids=ids,
        roles=[normalized(role) or DEFAULT_ROLE for role in agents.columns.get("role", [""] * len(ids))],
        columns=further,
        ties=columns,
    )


def write(network: Network, folder: Path, *, description: str = "") -> None:
    """Write a network to a folder, which is made if need be.

    Reading the folder gives the same network.

    Parameters
    ----------
    network
        The network.
    folder
        Where ``agents.csv``, ``ties.csv`` and ``about.toml`` go; files of
        these names are overwritten.
    description
        A sentence on where the network comes from, for ``about.toml``.

    Raises
    ------
    InputError
        If a further column has a name that a folder cannot hold.
    """
    _check_column_names(network)
    folder.mkdir(parents=True, exist_ok=True)
    about: dict[str, str | bool] = {"name": network.name, "synthetic": network.synthetic}
    if description:
        about["description"] = description
    texts = {
        "agents.csv": _csv_text(_agent_rows(network, list(network.columns))),
        "ties.csv": _csv_text(_tie_rows(network)),
        "about.toml": "".join(f"{key} = {_toml(value)}\n" for key, value in about.items()),
    }
    for file_name, text in texts.items():
        (folder / file_name).write_bytes(text.encode())


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
    return _network(
        name=name,
        synthetic=synthetic,
        ids=ids,
        roles=roles,
        columns=dict(zip(header[2:], further, strict=True)),
        ties=(
            np.array([index[text] for text in source], dtype=np.int32),
            np.array([index[text] for text in target], dtype=np.int32),
            layer,
            np.array(strength, dtype=np.float64) if strength else np.empty(0),
        ),
    )


TieColumns = tuple[NDArray[np.int32], NDArray[np.int32], list[str], NDArray[np.float64]]


def _network(
    *,
    name: str,
    synthetic: bool,
    ids: Sequence[str],
    roles: Sequence[str],
    columns: Mapping[str, Sequence[str]],
    ties: TieColumns,
) -> Network:
    """Return the network with its agents sorted and the ties' indices moved along."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    place = np.empty(len(ids), dtype=np.int32)
    place[order] = np.arange(len(ids), dtype=np.int32)
    source, target, layer, strength = ties
    return Network.from_indices(
        name=name,
        ids=tuple(ids[row] for row in order),
        roles=tuple(roles[row] for row in order),
        columns={key: tuple(cells[row] for row in order) for key, cells in columns.items()},
        source=place[source],
        target=place[target],
        layer=layer,
        strength=strength,
        synthetic=synthetic,
    )


def _check_folder(folder: Path) -> None:
    try:
        if folder.is_dir():
            return
        is_file = folder.exists()
        siblings = [entry.name for entry in folder.parent.iterdir() if entry.is_dir()] if folder.parent.is_dir() else []
    except OSError as error:
        raise InputError(f"{folder}: the folder cannot be read: {error.strerror}") from None
    if is_file:
        raise InputError(f"{folder}: this is a file; a network is a folder with agents.csv and ties.csv")
    hint = nearest_name_hint(folder.name, siblings)
    raise InputError(f"{folder}: no such folder; a network is a folder with agents.csv and ties.csv{hint}")


def _about(path: Path, problems: Problems) -> dict[str, Any]:
    """Return what about.toml states; nothing where there is none."""
    if not path.exists():
        return {}
    try:
        about = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        problems.add(path, None, f"the file cannot be read: {error.strerror}")
        return {}
    except ValueError as error:  # neither UTF-8 nor TOML
        problems.add(path, None, f"the file must be TOML in UTF-8: {error}")
        return {}
    for key, value in about.items():
        if key not in ABOUT_KEYS:
            known = ", ".join(ABOUT_KEYS)
            hint = nearest_name_hint(key, ABOUT_KEYS)
            problems.add(path, None, f'the key "{key}" is not known; known are {known}{hint}')
        elif not isinstance(value, ABOUT_KEYS[key]):
            wanted = "true or false" if ABOUT_KEYS[key] is bool else "a text in quotation marks"
            problems.add(path, None, f'"{key}" must be {wanted}, not {value!r}')
    return about


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


def _check_roles(agents: Table, problems: Problems) -> None:
    roles = agents.columns.get("role", [])
    for text in {text for text in set(roles) if normalized(text) in RESERVED_ROLES}:
        for row, role in enumerate(roles):
            if role == text:
                problems.add(
                    agents.path, agents.lines[row], f'"{normalized(text)}" is reserved and cannot be a role; rename it'
                )


def _tie_columns(ties: Table, ids: Sequence[str] | None, problems: Problems) -> TieColumns:
    """Return the ties' columns, undirected ones in both directions; ``ids`` is None where unknown."""
    index = None if ids is None else {text: place for place, text in enumerate(ids) if text}
    ends = [_ends(ties, side, index, problems) for side in ("source", "target")]
    blank = [""] * len(ties.lines)
    strength_texts = ties.columns.get("strength", blank)
    decimal_comma = ties.separator != ","
    known = {text: _strength(text, decimal_comma=decimal_comma) for text in set(strength_texts)}
    _note_wrong(ties, strength_texts, {text: said for text, said in known.items() if isinstance(said, str)}, problems)
    directed_texts = ties.columns.get("directed", blank)
    directed = {text: DIRECTED.get(normalized(text).casefold()) for text in set(directed_texts)}
    _note_wrong(
        ties,
        directed_texts,
        {text: f'directed must be true or false, not "{text}"' for text, value in directed.items() if value is None},
        problems,
    )
    strength = np.array([known[text] if not isinstance(known[text], str) else 1.0 for text in strength_texts])
    layer_texts = ties.columns.get("layer", blank)
    layers = {text: normalized(text) or DEFAULT_LAYER for text in set(layer_texts)}
    layer = [layers[text] for text in layer_texts]
    source, target = ends
    both = np.flatnonzero(np.array([not directed[text] for text in directed_texts], dtype=bool) & (source != target))
    return (
        np.concatenate([source, target[both]]),
        np.concatenate([target, source[both]]),
        layer + [layer[row] for row in both],
        np.concatenate([strength, strength[both]]).astype(np.float64),
    )


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
    """Return the strength that a cell states, or what is wrong with it."""
    digits = normalized(text)
    if not digits:
        return 1.0
    try:
        strength = float("no" if "_" in digits else digits.replace(",", ".") if decimal_comma else digits)
    except ValueError:
        advice = "; write the decimal mark as a point" if "," in digits else ""
        return f'the strength must be a number above 0 and at most 1, not "{digits}"{advice}'
    if strength > 1:
        return f"the strength must be at most 1, not {digits}; divide them by the largest strength first"
    if not strength > 0:
        advice = "; leave out a tie that is not there" if strength == 0 else ""
        return f"the strength must be above 0 and at most 1, not {digits}{advice}"
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
    ids, layers = network.ids, network.layers
    for source, target, layer, strength in zip(
        network.source.tolist(), network.target.tolist(), network.layer.tolist(), network.strength.tolist(), strict=True
    ):
        yield ids[source], ids[target], layers[layer], repr(strength)


def _csv_text(rows: Iterable[Iterable[object]]) -> str:
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows(rows)  # so that cells with either character are quoted
    return "".join([line[:-2] + "\n" for line in lines])


class _Lines(list[str]):
    """Take what a CSV writer writes, a line at a time."""

    write = list.append


def _toml(value: object) -> str:
    """Return a value as TOML; a JSON string is a TOML string but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
