"""One file a format: text to Network and back; and finding a network by what a user calls it."""

from __future__ import annotations

from pathlib import Path

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network
from diffusion.network.regions import PACKAGED, packaged_folder

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
    try:
        folder = Path(reference).expanduser()
    except RuntimeError:
        raise InputError(f'{reference}: no home folder has this name; write the whole path, without "~"') from None
    return csv_folder.read(relative_to / folder)


def _packaged(name: str, relative_to: Path) -> Network:
    if name in PACKAGED:
        return csv_folder.read(packaged_folder(name), name=name)
    hint = nearest_name_hint(name, PACKAGED)
    if name and (relative_to / name).is_dir():
        hint = f'; did you mean the folder "./{name}"?'
    known = ", ".join(PACKAGED)
    raise InputError(
        f'"{name}" is no packaged network; packaged: {known}; a network of your own is given as a path with a "/"{hint}'
    )
