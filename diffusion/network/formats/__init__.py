"""One file a format: text to Network and back; and finding a network by what a user calls it."""

from __future__ import annotations

from pathlib import Path

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network import regions  # the module, not its names: each of the two may be imported first
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network

__all__ = ["read_network"]


def read_network(reference: str, relative_to: Path) -> Network:
    """Read the network that a user refers to.

    Parameters
    ----------
    reference
        The name of a packaged network, or, with a ``/`` or a ``.`` in it, the
        path of a folder.
    relative_to
        The folder to which a path is relative.

    Raises
    ------
    InputError
        If there is no such network, or its files have problems.

    Examples
    --------
    >>> read_network("ahsn-a", Path()).synthetic
    True
    """
    if not any(mark in reference for mark in "/\\."):
        return _packaged(reference, relative_to)
    return csv_folder.read(relative_to / Path(reference).expanduser())


def _packaged(name: str, relative_to: Path) -> Network:
    if name in regions.PACKAGED:
        return regions.packaged(name)
    hint = nearest_name_hint(name, regions.PACKAGED)
    if name and (relative_to / name).is_dir():
        hint = f'; did you mean the folder "./{name}"?'
    known = ", ".join(regions.PACKAGED)
    raise InputError(
        f'"{name}" is no packaged network; packaged: {known}; a network of your own is given as a path with a "/"{hint}'
    )
