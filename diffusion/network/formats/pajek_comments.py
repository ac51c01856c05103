"""What a network has and Pajek has not, kept in comments of its files that only this program reads back.

Pajek passes over lines that begin with a percent sign, so they can carry what
it has no place for: roles and other columns as text, and ids and layers with
marks that cannot stand between quotation marks::

    % synthetic: generated from assumptions, not observed
    % diffusion network {"name": "north", "codes": []}
    % diffusion columns ["role", "ward"]
    % diffusion agent 1 ["manager", "3"]
    % diffusion id 2 "a&#34;b"
    % diffusion layer 1 "the &#34;trust&#34;"

What stands behind the second or third word is JSON. A file saved by Pajek has
none of these lines any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diffusion.network.formats.findings import Findings, shortened
from diffusion.network.formats.pajek_sections import Line, reads_back, whole_number
from diffusion.network.network import DEFAULT_ROLE, Network

SYNTHETIC = "synthetic: generated from assumptions, not observed"
_MARK = "diffusion"
_EXPLANATION = 'Lines that begin with "% diffusion" are comments to Pajek; only the program that wrote them reads them.'
_NUMBERED = ("agent", "id", "layer")


@dataclass(slots=True)
class Kept:
    """Hold what the comments of a file keep.

    Attributes
    ----------
    ours
        Whether this program wrote the file.
    name
        What the network is called.
    synthetic
        Whether it was generated and not observed.
    columns
        The names of the columns of agents.
    agents
        The cells of each agent, by the number of the vertex.
    ids, layers
        Ids by the number of the vertex, and names of layers by that of the relation.
    codes
        The columns that a project repeats as partitions and vectors, for Pajek.
    line
        The line that names the columns.
    """

    ours: bool = False
    name: str = ""
    synthetic: bool = False
    columns: list[str] = field(default_factory=list)
    agents: dict[int, list[str]] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    layers: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    line: int = 0


def kept_in(comments: Iterable[Line], findings: Findings) -> Kept:
    """Return what comments keep, having noted those that are damaged.

    Parameters
    ----------
    comments
        The comments of the file.
    findings
        Where problems go.
    """
    kept = Kept()
    for line in comments:
        words = line.text.split(maxsplit=2)
        if line.text.startswith("synthetic:"):
            kept.synthetic = True
        elif len(words) == 3 and words[0] == _MARK and not _keep(kept, words[1], words[2], line.number):
            said = f'the comment "{shortened(line.text)}" is damaged, so something of the network is lost'
            findings.problem(line.number, f'{said}; remove all lines that begin with "% diffusion" to read the rest')
    return kept


def _keep(kept: Kept, kind: str, text: str, line: int) -> bool:
    """Keep what one comment says; tell whether it says what it must."""
    number: int | None = 0
    if kind in _NUMBERED:
        digits, _, text = text.partition(" ")
        number = whole_number(digits)
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if number is None:
        return False
    if kind == "network" and isinstance(said, dict) and _is_text(said.get("name")) and _are_texts(said.get("codes")):
        kept.ours, kept.name, kept.codes = True, said["name"], said["codes"]
    elif kind == "columns" and _are_texts(said) and len(set(said)) == len(said):
        kept.columns, kept.line = said, line
    elif kind == "agent" and _are_texts(said) and number not in kept.agents:
        kept.agents[number] = said
    elif kind == "id" and _is_text(said):
        kept.ids[number] = said
    elif kind == "layer" and _is_text(said):
        kept.layers[str(number)] = said
    else:
        return False
    return True


def _are_texts(said: Any) -> bool:
    return isinstance(said, list) and all(map(_is_text, said))


def _is_text(said: Any) -> bool:
    """Tell whether something is a text that can be written again: JSON can spell halves of characters."""
    return isinstance(said, str) and said.encode(errors="ignore").decode() == said


def kept_columns(kept: Kept, count: int, findings: Findings) -> dict[str, list[str]]:
    """Return the columns of agents that comments keep, having noted agents without a line or with a wrong one.

    Parameters
    ----------
    kept
        What the comments keep.
    count
        How many agents there are.
    findings
        Where problems go.
    """
    if not kept.columns and not kept.agents:
        return {}
    wrong = [number for number in range(1, count + 1) if len(kept.agents.get(number, ())) != len(kept.columns)]
    beyond = [number for number in kept.agents if not 1 <= number <= count]
    if wrong or beyond:
        said = (
            f'the comment "% diffusion agent {[*wrong, *beyond][0]} …" must give a value for each of the columns here'
        )
        advice = 'remove all lines that begin with "% diffusion" to read the network without these columns'
        findings.problem(kept.line or None, f"{said}, for every vertex and no other; {advice}")
        return {}
    return {name: [kept.agents[row][place] for row in range(1, count + 1)] for place, name in enumerate(kept.columns)}


def comments_for(network: Network, *, native: Sequence[str], codes: Sequence[str] = ()) -> Iterator[str]:
    """Return the comments that keep what Pajek has no place for, a line each.

    Parameters
    ----------
    network
        The network.
    native
        The columns that the lines of the vertices carry.
    codes
        The columns that a project repeats as partitions and vectors.
    """
    if network.synthetic:
        yield f"% {SYNTHETIC}"
    yield f"% {_EXPLANATION}"
    yield _comment("network", {"name": network.name, "codes": list(codes)})
    columns = carried_columns(network, native)
    if columns:
        yield _comment("columns", list(columns))
        for number, cells in enumerate(zip(*columns.values(), strict=True), start=1):
            yield _comment(f"agent {number}", list(cells))
    for kind, names in (("id", network.ids), ("layer", network.layers)):
        for number, text in enumerate(names, start=1):
            if not reads_back(text):
                yield _comment(f"{kind} {number}", text)


def carried_columns(network: Network, native: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return the columns that comments must carry: a role that says something, and all that lines do not carry."""
    role = {"role": network.roles} if set(network.roles) != {DEFAULT_ROLE} else {}
    return {**role, **{name: cells for name, cells in network.columns.items() if name not in native}}


def _comment(kind: str, said: object) -> str:
    return f"% {_MARK} {kind} {json.dumps(said, ensure_ascii=False)}"
