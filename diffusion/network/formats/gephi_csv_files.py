"""The two tables of a network of Gephi: which file is which, and where the other one is.

A folder holds them under names that differ in one word: ``nodes.csv`` and
``edges.csv``, ``lesmis [Nodes].csv`` and ``lesmis [Edges].csv`` (as Gephi's data
laboratory exports them), ``ward-nodes.csv`` and ``ward-edges.csv``, in any
letter case. The other table of ``lesmis.csv`` is looked for under Gephi's own
name. What a file is, its header says first, its name otherwise.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from diffusion.network.formats.marks import listed
from diffusion.network.formats.network_canvas_tables import member_of
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import SEPARATORS
from diffusion.network.formats.text import beginning
from diffusion.network.network import normalized

NODES, EDGES = "nodes", "edges"
OTHER = {NODES: EDGES, EDGES: NODES}
HEAD_BYTES = 8192
TYPES = {"directed": True, "undirected": False, "mutual": False}
"""What the column Type says, and whether such a tie is directed; a mutual tie goes both ways."""

_ENDS = {"source", "target"}
_OWN_TABLES = ("agents.csv", "ties.csv")
_WORDS = {
    kind: re.compile(rf"{kind}|(?<![a-z]){kind[:-1]}(?![a-z])", re.IGNORECASE | re.ASCII) for kind in (NODES, EDGES)
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold where the two tables are.

    Attributes
    ----------
    edges
        The table of edges.
    nodes
        The table of nodes, where there is one.
    wanted
        What the table of nodes would be called, where there is none.
    name
        What both names have in common; nothing for ``nodes.csv`` and ``edges.csv``.
    others
        Further files of the folder that may be such tables, and are not read.
    """

    edges: Path
    nodes: Path | None = None
    wanted: str = ""
    name: str = ""
    others: tuple[str, ...] = ()


def is_edges_or_nodes(path: Path, head: bytes) -> bool:
    """Tell from a file's first bytes whether it is one of the two tables, and not any other sheet.

    Parameters
    ----------
    path
        The file.
    head
        Its first bytes.
    """
    rows = _rows(head)
    names = rows[0] if rows else []
    if not set(names) >= _ENDS:
        return {"id", "label"} <= set(names) or ("id" in names and kind_of_name(path) == NODES and _has_partner(path))
    if "type" in names:
        place = names.index("type")
        words = {row[place].casefold() for row in rows[1:] if len(row) > place} - {""}
        return not words or bool(words & set(TYPES))
    return bool({"id", "kind"} & set(names)) or (kind_of_name(path) == EDGES and _has_partner(path))


def is_folder_of_tables(folder: Path) -> bool:
    """Tell whether a folder holds the two tables, or one of them, and not a network of another format."""
    with suppress(OSError):
        tables = tables_in(folder)
        if any((folder / name).exists() for name in _OWN_TABLES) or not any(tables.values()):
            return False
        if tables[NODES] and tables[EDGES]:
            return True
        return any(kind_of_header(path) == kind for kind, paths in tables.items() for path in paths)
    return False


def tables_in(folder: Path) -> dict[str, list[Path]]:
    """Return the files of a folder that are called as such tables are, by what they are.

    Parameters
    ----------
    folder
        The folder.

    Raises
    ------
    OSError
        If the folder cannot be listed.
    """
    files = [path for path in sorted(folder.iterdir()) if path.suffix.casefold() == ".csv" and path.is_file()]
    ours = [path for path in files if not path.name.startswith(".") and member_of(path.name) is None]
    return {kind: [path for path in ours if kind_of_name(path) == kind] for kind in (NODES, EDGES)}


def kind_of_name(path: Path) -> str:
    """Return which table a file is by its name; an empty text where that does not say.

    Examples
    --------
    >>> [kind_of_name(Path(name)) for name in ("lesmis [Edges].csv", "NODE_table.csv", "sledges.csv", "knowledge.csv")]
    ['edges', 'nodes', 'edges', '']
    """
    last = {
        kind: max((found.end() for found in words.finditer(path.stem)), default=0) for kind, words in _WORDS.items()
    }
    kind = max(last, key=last.__getitem__)
    return kind if last[kind] else ""


def kind_of_header(path: Path) -> str:
    """Return which table a file is by its header; an empty text where that does not say or cannot be read."""
    names = set(header_of(path))
    if names & _ENDS:
        return EDGES
    return NODES if names & {"id", "label", "timeset"} else ""


def header_of(path: Path) -> list[str]:
    """Return the names in a file's header, in small letters; none where it cannot be read."""
    return next(iter(_rows(_head(path))), [])


def separator_of_header(path: Path) -> str:
    """Return what separates the cells of a file's header; an empty text where that does not say."""
    lines = _lines(_head(path))
    found = {separator: len(_known(_cells(lines, separator))) for separator in SEPARATORS}
    best = max(found, key=found.__getitem__)
    return best if found[best] > 1 else ""


def pair_at(path: Path, problems: Problems) -> Pair | None:
    """Return the two tables that a user means, or ``None`` having noted what is wrong with them.

    Parameters
    ----------
    path
        A folder, or either of the two files.
    problems
        Where problems go.
    """
    if path.is_dir():
        return _pair_in(path, problems)
    kind = kind_of_header(path) or kind_of_name(path) or EDGES
    if not path.is_file():
        return Pair(path)
    wanted = partner_name(path, OTHER[kind])
    partner = _beside(path, wanted)
    if kind == EDGES:
        return Pair(path, partner, wanted, _common_name(path))
    if partner is None:
        said = f'this is a table of nodes, without its table of edges; "{wanted}" was looked for beside it'
        problems.add(path, None, said)
        return None
    return Pair(partner, path, "", _common_name(path))


def _pair_in(folder: Path, problems: Problems) -> Pair | None:
    try:
        tables = tables_in(folder)
    except OSError as error:
        problems.add(folder, None, f"the folder cannot be read: {error.strerror}")
        return None
    nodes, edges = tables[NODES], tables[EDGES]
    pairs: list[tuple[Path | None, Path]]
    pairs = [(other, path) for path in edges for other in nodes if _scheme(other) == _scheme(path)]
    if not pairs and len(edges) == 1 and len(nodes) <= 1:
        pairs = [(nodes[0] if nodes else None, edges[0])]
    if len(pairs) == 1:
        found = pairs[0]
        others = tuple(path.name for path in sorted([*nodes, *edges]) if path not in found)
        return Pair(found[1], found[0], partner_name(found[1], NODES), _common_name(found[1]), others)
    if not edges:
        said = f"the folder holds no table of edges ({partner_name(nodes[0], EDGES) if nodes else 'edges.csv'})"
        problems.add(folder, None, said)
    else:
        names = listed(path.name for path in sorted([*edges, *nodes]))
        problems.add(
            folder, None, f"the folder holds several tables of nodes and edges: {names}; name the edges to read"
        )
    return None


def _scheme(path: Path) -> str:
    """Return a file's name with a mark where it says which table it is."""
    return _renamed(path.stem, "*").casefold()


def _renamed(stem: str, word: str) -> str:
    """Return a name with another word where it says which table it is."""
    found = max((last for words in _WORDS.values() for last in words.finditer(stem)), key=re.Match.end, default=None)
    return stem[: found.start()] + word + stem[found.end() :] if found else ""


def partner_name(path: Path, kind: str) -> str:
    """Return what the other table is called, in the letter case of this one.

    Parameters
    ----------
    path
        This one.
    kind
        What the other one is.

    Examples
    --------
    >>> [partner_name(Path(name), "nodes") for name in ("ward-EDGES.csv", "lesmis [Edges].csv", "lesmis.csv")]
    ['ward-NODES.csv', 'lesmis [Nodes].csv', 'lesmis [Nodes].csv']
    """
    old = next((found[0] for words in _WORDS.values() for found in words.finditer(path.stem)), "")
    if not old:
        return f"{path.stem} [{kind.capitalize()}]{path.suffix}"
    word = kind if old[-1].casefold() == "s" else kind[:-1]
    word = word.upper() if old.isupper() else word.capitalize() if old[0].isupper() else word
    return f"{_renamed(path.stem, word)}{path.suffix}"


def _beside(path: Path, name: str) -> Path | None:
    """Return the file of a name, in any letter case, in the folder of another."""
    with suppress(OSError):
        files = [other for other in sorted(path.parent.iterdir()) if other.name.casefold() == name.casefold()]
        return next((other for other in files if other != path and other.is_file()), None)
    return None


def _has_partner(path: Path) -> bool:
    kind = OTHER[kind_of_name(path)]
    partner = _beside(path, partner_name(path, kind))
    return partner is not None and kind_of_header(partner) == kind


def _common_name(path: Path) -> str:
    """Return what a network is called by the names of its tables."""
    return " ".join(_renamed(path.stem, "").replace("[]", "").strip(" _-.").split())


def _head(path: Path) -> bytes:
    with suppress(OSError), path.open("rb") as file:
        return file.read(HEAD_BYTES)
    return b""


def _lines(head: bytes) -> list[str]:
    """Return the whole lines of a file's beginning, without the one by which Excel is told the separator."""
    lines = [line for line in beginning(head).splitlines() if line.strip()]
    return lines[1:] if lines and re.match(r'"?sep=', lines[0], re.IGNORECASE) else lines


def _cells(lines: Sequence[str], separator: str) -> list[list[str]]:
    """Return the cells of lines in small letters; none where a quotation mark is out of place."""
    with suppress(csv.Error):
        rows = csv.reader(lines, delimiter=separator, skipinitialspace=True)
        return [[normalized(cell).casefold() for cell in row] for row in rows]
    return []


def _known(rows: Iterable[Sequence[str]]) -> set[str]:
    return {*next(iter(rows), [])} & {"id", "label", "timeset", "type", "kind", "weight", *_ENDS}


def _rows(head: bytes) -> list[list[str]]:
    """Return the cells of a file's beginning in small letters, under the separator that its header speaks for."""
    lines = _lines(head)
    return max((_cells(lines, separator) for separator in SEPARATORS), key=lambda rows: len(_known(rows)), default=[])
