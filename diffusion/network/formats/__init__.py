"""One file a format: text to Network and back; and finding a network by what a user calls it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.formats.excel_kept import books_kept
from diffusion.network.formats.noted_files import files_noted
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.registry import Format, format_named, format_of, format_to_write
from diffusion.network.formats.tables import AS_WRITTEN, Reading, network_of
from diffusion.network.network import Network
from diffusion.network.regions import PACKAGED, packaged_folder

__all__ = ["read_network", "write_network"]


def read_network(reference: str, relative_to: Path, *, reading: Reading = AS_WRITTEN) -> Network:
    """Read the network that a user refers to.

    Parameters
    ----------
    reference
        The name of a packaged network, or, with a ``/`` or a ``.`` in it, the
        path of a file or folder in any format that is known.
    relative_to
        The folder to which a path is relative.
    reading
        What the user says about the file that it does not say itself.

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
        path = relative_to / Path(reference).expanduser()
    except RuntimeError:
        raise InputError(f'{reference}: no home folder has this name; write the whole path, without "~"') from None
    with books_kept(), files_noted() as files:
        network = _read(path, format_named(reading.format) if reading.format else format_of(path), reading)
    return replace(network, files=tuple(files))


def write_network(network: Network, path: Path, *, format_name: str | None = None) -> list[str]:
    """Write a network to a file or folder.

    Parameters
    ----------
    network
        The network.
    path
        Where to; what is there is overwritten.
    format_name
        The format; told from the path's suffix where it is left out.

    Returns
    -------
    What the format could not carry, a line each, in plain words.

    Raises
    ------
    InputError
        If the format is not known, cannot be written, or cannot hold the network at all.
    """
    chosen = format_named(format_name) if format_name else format_to_write(path)
    if not chosen.writes:
        raise InputError(f"{path}: networks are not written as {chosen.title}; choose another format")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first")
    return chosen.module.write(network, path)


def _read(path: Path, chosen: Format, reading: Reading = AS_WRITTEN, name: str = "") -> Network:
    problems = Problems()
    tables = chosen.module.read(path, problems)
    if tables is None:
        raise problems.error()
    called = name or tables.name or path.resolve().stem
    network = network_of(tables, problems, name=called, reading=reading)
    if network is None or problems.found:
        raise problems.error()
    return network


def _packaged(name: str, relative_to: Path) -> Network:
    if name in PACKAGED:
        return _read(packaged_folder(name), format_named("csv"), name=name)
    hint = nearest_name_hint(name, PACKAGED)
    if name and (relative_to / name).is_dir():
        hint = f'; did you mean the folder "./{name}"?'
    known = ", ".join(PACKAGED)
    raise InputError(
        f'"{name}" is no packaged network; packaged: {known}; a network of your own is given as a path with a "/"{hint}'
    )
