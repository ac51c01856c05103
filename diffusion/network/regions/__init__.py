"""The packaged networks, so that the program runs out of the box; all are synthetic."""

from __future__ import annotations

from pathlib import Path

from diffusion.network.formats import csv_folder
from diffusion.network.network import Network

PACKAGED = ("ahsn-a",)
"""The names of the packaged networks."""


def packaged(name: str) -> Network:
    """Return a packaged network.

    Parameters
    ----------
    name
        One of :data:`PACKAGED`.

    Examples
    --------
    >>> packaged("ahsn-a").size
    180
    """
    return csv_folder.read(packaged_folder(name), name=name)


def packaged_folder(name: str) -> Path:
    """Return the folder that holds a packaged network's files."""
    return Path(__file__).parent / name
