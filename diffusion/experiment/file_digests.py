"""The digests of the files that a study was read from, as ``sha256sum`` prints them.

A study is named by its content, however it is written; these digests tell
whether a file is still the same to the last byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from diffusion.scenario import Scenario

_CSV = ".csv"


def file_digests(scenario: Scenario) -> dict[str, str]:
    """Return the SHA-256 of the scenario's file and of its networks' files, as far as they are there.

    Packaged networks are no files of the user's; their content has a digest
    of its own.

    Parameters
    ----------
    scenario
        The scenario, with the folder in which its file is.

    Returns
    -------
    Digests by the names of files; a file in a network's folder goes by both names.
    """
    files = {f"{scenario.name}.toml": scenario.folder / f"{scenario.name}.toml"}
    for reference in scenario.networks:
        if any(mark in reference for mark in "/\\."):
            files |= dict(_network_files(scenario.folder / Path(reference).expanduser()))
    return {name: _digest(path) for name, path in files.items() if path.is_file()}


def _network_files(path: Path) -> Iterator[tuple[str, Path]]:
    if not path.is_dir():
        yield path.name, path
        return
    for inner in sorted(path.iterdir()):
        if inner.suffix == _CSV:
            yield f"{path.resolve().name}/{inner.name}", inner


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
