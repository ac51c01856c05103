"""The digests of the files that a study was read from, as ``sha256sum`` prints them.

A study is named by its content, however it is written; these digests tell
whether a file is still the same to the last byte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diffusion.experiment.study import Study
from diffusion.scenario import Scenario

USUAL_FOLDERS = (Path(), Path("scenarios"))
"""Where a scenario is looked for that nobody says the place of."""

_NUMBERED = re.compile(r"(?P<name>.*) \(network (?P<number>\d+)\)")


def file_digests(study: Study) -> dict[str, str]:
    """Return the SHA-256 of the scenario's file and of every file that its networks were read from.

    Packaged networks are no files of the user's; their content has a digest
    of its own.

    Parameters
    ----------
    study
        The study, read from its files.

    Returns
    -------
    Digests by the names of files; a file in a network's folder goes by both names.
    """
    scenario = study.scenario
    files = {f"{scenario.name}.toml": scenario.folder / f"{scenario.name}.toml"}
    for number, (reference, network) in enumerate(zip(scenario.networks, study.networks, strict=True), start=1):
        path = _path(scenario.folder, reference)
        for file in network.files:
            name = _name(path, file)
            known = files.setdefault(name, file)
            if known.resolve() != file:
                files[f"{name} (network {number})"] = file
    return {name: digest for name, path in files.items() if (digest := _digest(path))}


@dataclass(frozen=True, slots=True)
class FileStates:
    """Say of the files of a study what has become of them.

    Attributes
    ----------
    same, changed
        The names of those that are as they were, and of those that are not.
    absent
        The names of those that are not at hand.
    """

    same: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {"same": list(self.same), "changed": list(self.changed), "absent": list(self.absent)}


def scenario_at_hand(scenario: Scenario) -> Path | None:
    """Return where the scenario's file seems to be, seen from the current folder; ``None`` if it is not there."""
    return next((path for folder in USUAL_FOLDERS if (path := folder / f"{scenario.name}.toml").is_file()), None)


def file_states(scenario: Scenario, digests: Mapping[str, str], file: Path | None) -> FileStates:
    """Return which files of a study are what they were when it was run.

    Parameters
    ----------
    scenario
        The scenario.
    digests
        What :func:`file_digests` said then.
    file
        Where the scenario's file is now, if anywhere.
    """
    found: dict[str, list[str]] = {"same": [], "changed": [], "absent": []}
    for name, then in digests.items():
        now = _digest_now(scenario, name, file) if file else ""
        found["same" if now == then else "changed" if now else "absent"].append(name)
    return FileStates(**{state: tuple(names) for state, names in found.items()})


def _digest_now(scenario: Scenario, name: str, file: Path) -> str:
    """Return the digest of the file of a name as it is now, an empty text where it is not there."""
    if name == f"{scenario.name}.toml":
        return _digest(file)
    numbered = _NUMBERED.fullmatch(name)
    number = int(numbered["number"]) - 1 if numbered else 0
    plain = numbered["name"] if numbered else name
    for reference in scenario.networks[number:]:
        beside = _path(file.parent, reference).resolve().parent
        if (beside / plain).is_file():
            return _digest(beside / plain)
    return ""


def _path(folder: Path, reference: str) -> Path:
    return folder / Path(reference).expanduser()


def _name(path: Path, file: Path) -> str:
    """Return what a network's file is called: within the network's folder, or beside the network's file."""
    place = path.resolve().parent
    return file.relative_to(place).as_posix() if file.is_relative_to(place) else file.name


def _digest(path: Path) -> str:
    """Return a file's digest, an empty text where there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
