"""A region as a folder, written in parts, so that a million agents take no more memory than the region itself.

What is written is, byte for byte, what
:func:`diffusion.network.formats.csv_folder.write` writes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from diffusion.network.formats.about import About, about_text
from diffusion.network.formats.csv_folder import TIE_COLUMNS
from diffusion.network.network import Network

_ROWS_AT_ONCE = 100_000


def write_folder(network: Network, folder: Path, description: str) -> None:
    """Write a network to a folder, which is made if need be.

    Parameters
    ----------
    network
        The network.
    folder
        Where ``agents.csv``, ``ties.csv`` and ``about.toml`` go.
    description
        A sentence on where the network comes from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    agents = zip(network.ids, network.roles, *network.columns.values(), strict=True)
    _write(folder / "agents.csv", ["id", "role", *network.columns], agents)
    _write(folder / "ties.csv", TIE_COLUMNS[:4], _ties(network))
    about = About(network.name, network.synthetic, description, network.survey)
    (folder / "about.toml").write_bytes(about_text(about).encode())


def _ties(network: Network) -> Iterator[tuple[str, str, str, str]]:
    """Yield the ties by names; strengths are few, so each is turned into text once."""
    texts: dict[float, str] = {}
    for start in range(0, network.tie_count, _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        columns = (network.source[rows], network.target[rows], network.layer[rows], network.strength[rows])
        for source, target, layer, strength in zip(*(column.tolist() for column in columns), strict=True):
            text = texts.get(strength) or texts.setdefault(strength, repr(strength))
            yield network.ids[source], network.ids[target], network.layers[layer], text


def _write(path: Path, heading: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Write a table with the ends of lines that every system reads alike."""
    left = iter(rows)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        part: list[Iterable[str]] = [heading]
        while part:
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\n").writerows(part)
            file.write(text.getvalue())
            part = list(islice(left, _ROWS_AT_ONCE))
