"""UCINET's DL, the text in which most published networks lie: matrices, edge lists and node lists.

The grammar is that of UCINET's help (Borgatti, Everett and Freeman 2002, Ucinet
for Windows; http://www.analytictech.com/ucinet/help/hs5000.htm and
…/13.xsv.htm), read as Tulip, Gephi and igraph read it where it is silent::

    DL N=3 NM=2
    FORMAT = FULLMATRIX DIAGONAL PRESENT
    LABELS: ann, "Ben C", dan
    MATRIX LABELS: advice, trust
    DATA:
    0 1 0
    0 0 1
    1 0 0
    0 0.5 0
    0 0 0
    0 0 ?

Letter case means nothing, and words stand between blanks, commas, signs of
equality and line ends. Read are ``fullmatrix`` (unless something else is said),
``upperhalf`` and ``lowerhalf``, whose ties have no direction, ``edgelist1``,
``edgelist2``, ``nodelist1``, ``nodelist1b`` and ``nodelist2``; each with
``NR`` and ``NC`` for ``N`` where it allows two kinds of agents, with labels
listed in the header or ``embedded`` in the data, and with the data in another
file of the same folder (``DATAFILE``). Not read are ``blockmatrix``,
``partition``, ``edgearray`` and ``rankedlist``: none of these programs reads
them, and a guess would be worse. A ``?`` is a missing value and no tie.

Each matrix is a layer. Where rows and columns have labels of their own, they are
two kinds of agents, as in the two-mode networks of Pajek; where those of the
one are all among those of the other, they are the same.

Networks are written as ``edgelist1``, which UCINET's help, Gephi and igraph have
in common, and which stays small where ties are few; with the labels in one line
and commas between them, as Gephi needs them; the layers follow each other,
divided by ``!``. What stands in ``TITLE`` is the network's name, with
"(synthetic)" behind it if it was generated. It is left out where the file's own
name says it, for igraph knows no title; nor does it know more than one layer.
"""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import numpy as np

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.findings import Findings, counted, shortened
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import Tables
from diffusion.network.formats.text import read_text
from diffusion.network.formats.ucinet_dl_agents import Agents, agents_of, check_size, sides_of
from diffusion.network.formats.ucinet_dl_header import FULL, LOWER, MATRICES, UPPER, Header, read_header
from diffusion.network.formats.ucinet_dl_lists import read_lists
from diffusion.network.formats.ucinet_dl_matrix import read_matrices
from diffusion.network.formats.ucinet_dl_ties import Ties
from diffusion.network.formats.ucinet_dl_words import Cursor
from diffusion.network.formats.ucinet_dl_writing import SYNTHETIC_TITLE, lost, network_lines
from diffusion.network.network import Network, normalized

_BEGINNING = re.compile(
    rb"\s*dl[\s,]+(?:n|nr|nc|nm|format|diagonal|title|datafile|data|(?:(?:row|col|column|matrix|level)\s+)?labels?)"
    rb"[\s=:]",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"\r\n|\r|\n")


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the first bytes say enough
    """Tell whether a file begins with the header of a DL file."""
    return bool(_BEGINNING.match(head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")))


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what a file says, or ``None`` having noted what is wrong with it.

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
    cursor = Cursor(_LINE_END.split(found.text))
    header = read_header(cursor, findings)
    data = _data(cursor, header, findings) if header else None
    if header is None or data is None:
        return None
    lines, of_data = data
    check_size(header, len(found.text) + sum(len(line) for _, line in lines), findings)
    sides = sides_of(header, findings, of_data) if not problems.found else None
    if sides is None or problems.found:
        return None
    reads = read_matrices if header.form in {FULL, UPPER, LOWER} else read_lists
    ties = reads(lines, header, sides, of_data)
    agents = agents_of(*sides, header, findings) if ties else None
    if ties is None or agents is None:
        return None
    tables = _tables(ties, agents, header, findings)
    tables.path, tables.agents_path = of_data.path, path
    return tables


def _data(cursor: Cursor, header: Header, findings: Findings) -> tuple[list[tuple[int, str]], Findings] | None:
    """Return the lines of data and where problems with them go, or None where they are in no file."""
    here = cursor.data()
    if header.data_file is None:
        return here, findings
    name, line = header.data_file.text, header.data_file.line
    if here:
        findings.problem(here[0][0], f'the data stand here, but line {line} says that they are in "{shortened(name)}"')
        return None
    beside = _beside(name, line, findings)
    found = read_text(beside, findings.problems) if beside else None
    if beside is None or found is None:
        return None
    findings.notes.extend(found.notes)
    return Cursor(_LINE_END.split(found.text)).data(), Findings(beside, findings.problems, findings.notes)


def _beside(name: str, line: int, findings: Findings) -> Path | None:
    """Return the file of a name in the folder of the header, or None having noted that there is none."""
    folder = findings.path.parent
    if not name or name in {".", ".."} or re.search(r"[/\\:\x00-\x1f]", name):
        said = f'DATAFILE must name a file in the same folder, not "{shortened(name)}"'
        findings.problem(line, f"{said}; copy that file here, and leave its folder out")
        return None
    siblings = {entry.name: entry for entry in folder.iterdir() if entry.is_file()}
    alike = siblings.get(name) or next((siblings[key] for key in sorted(siblings) if _same_file(key, name)), None)
    if alike is None:
        hint = nearest_name_hint(name, siblings)
        findings.problem(
            line, f'DATAFILE names "{shortened(name)}", but there is no such file in the same folder{hint}'
        )
    elif alike.resolve().parent != folder.resolve() or alike.resolve() == findings.path.resolve():
        findings.problem(line, f'DATAFILE must name another file in the same folder, which "{shortened(name)}" is not')
        return None
    return alike


def _same_file(first: str, second: str) -> bool:
    """Tell whether two names are one for Windows, where such files were made."""
    return first.casefold() == second.casefold()


def _tables(ties: Ties, agents: Agents, header: Header, findings: Findings) -> Tables:
    """Return agents and ties as the program takes them."""
    if ties.missing:
        values = counted(ties.missing, "value is", "values are")
        findings.note(None, f"{values} missing (?); a missing value was read as no tie")
    rows, columns = (_joined(parts) for parts in (ties.rows, ties.columns))
    tables = Tables(path=findings.path, ids=agents.ids, notes=findings.notes)
    tables.source = rows if agents.row_places is None else np.array(agents.row_places, dtype=np.int32)[rows]
    tables.target = columns if agents.column_places is None else np.array(agents.column_places, np.int32)[columns]
    tables.strength = np.concatenate([np.empty(0), *ties.strengths])
    tables.lines = np.concatenate([np.empty(0, dtype=np.int64), *ties.lines]).tolist()
    named = zip(_layers(header), ties.matrices, strict=False)  # of several lists the last may be left out
    tables.layer = [*chain.from_iterable([name] * count for name, count in named)]
    if header.form in {UPPER, LOWER}:
        tables.directed = np.zeros(len(rows), dtype=bool)
    if agents.modes:
        tables.columns = {"mode": [*agents.modes]}
    stem = header.title[: -len(SYNTHETIC_TITLE)] if header.title.casefold().endswith(SYNTHETIC_TITLE) else ""
    tables.synthetic = bool(stem) or header.title.casefold() == SYNTHETIC_TITLE.strip()
    tables.name = normalized(stem or header.title)
    return tables


def _joined(parts: list[np.ndarray[tuple[int], np.dtype[np.int32]]]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.concatenate([np.empty(0, dtype=np.int32), *parts])


def _layers(header: Header) -> list[str]:
    """Return what the matrices are called."""
    if MATRICES in header.labels:
        return [word.text for word in header.labels[MATRICES]]
    return [f"matrix {number}" for number in range(1, header.matrices + 1)] if header.matrices > 1 else [""]


def write(network: Network, path: Path) -> list[str]:
    """Write a network to a file as edge lists, one a layer.

    Parameters
    ----------
    network
        The network.
    path
        The file; what is there is overwritten.

    Returns
    -------
    What could not be carried, and what UCINET itself changes, a line each.
    """
    lines = network_lines(network, name=normalized(path.resolve().stem))
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    return lost(network)
