"""The lines of a network as Pajek reads them, with what it has no place for in comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from diffusion.network.formats.marks import listed, lost_survey
from diffusion.network.formats.pajek_comments import carried_columns, comments_for
from diffusion.network.formats.pajek_network import SYNTHETIC_NAME
from diffusion.network.formats.pajek_sections import quoted
from diffusion.network.formats.pajek_vertices import COORDINATES
from diffusion.network.network import DEFAULT_LAYER, Network

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def network_lines(network: Network, *, codes: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines of a network.

    Parameters
    ----------
    network
        The network.
    codes
        The columns that follow as partitions and vectors.
    """
    native = native_columns(network)
    yield from comments_for(network, native=native, codes=codes)
    yield f"*Network {one_line(network.name)}{SYNTHETIC_NAME if network.synthetic else ''}"
    yield f"*Vertices {network.size}"
    places = [network.columns[name] for name in native]
    for number, (text, *coordinates) in enumerate(zip(network.ids, *places, strict=True), start=1):
        yield " ".join([str(number), quoted(text), *coordinates])
    for number, name in enumerate(network.layers, start=1):
        yield "*Arcs" if network.layers == (DEFAULT_LAYER,) else f"*Arcs :{number} {quoted(name)}"
        yield from _arcs(network, number - 1)


def _arcs(network: Network, layer: int) -> Iterator[str]:
    rows = np.flatnonzero(network.layer == layer)
    ends = (network.source[rows] + 1).tolist(), (network.target[rows] + 1).tolist()
    for source, target, strength in zip(*ends, network.strength[rows].tolist(), strict=True):
        yield f"{source} {target} {repr(strength).removesuffix('.0')}"


def native_columns(network: Network) -> list[str]:
    """Return the columns that the lines of vertices carry: coordinates, where every agent has them."""
    given = [name for name in COORDINATES if all(map(_NUMBER.fullmatch, network.columns.get(name, [""])))]
    return given if given[:2] == ["x", "y"] else []


def is_numeric(cells: Iterable[str]) -> bool:
    """Tell whether every cell is a number as Pajek writes them."""
    return all(map(_NUMBER.fullmatch, cells))


def one_line(text: str) -> str:
    """Return a text with blanks for control characters, line ends among them."""
    return _CONTROL.sub(" ", text).strip()


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines as Pajek expects them: line ends of Windows, and a byte order mark where the text is not ASCII."""
    text = "".join(f"{line}\r\n" for line in lines)
    path.write_bytes(text.encode("ascii" if text.isascii() else "utf-8-sig"))


def unseen(network: Network) -> list[str]:
    """Return what Pajek does not see of a network in its lines, apart from columns; a line each."""
    texts = {text for text in (*network.ids, *network.layers) if '"' in text}
    marks = [f"quotation marks inside {listed(sorted(texts))}: Pajek shows &#34; for them"] if texts else []
    return [*marks, *lost_survey(network)]


def unseen_columns(network: Network) -> list[str]:
    """Return the names of the columns that only comments carry."""
    return list(carried_columns(network, native_columns(network)))
