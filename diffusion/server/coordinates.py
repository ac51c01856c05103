"""The coordinates of a run, as an address of the page states them and ``replay`` takes them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from diffusion.experiment.plan import PlannedArm, Study
from diffusion.scenario import Cell


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Hold where a run stands in a study.

    Attributes
    ----------
    study
        The digest of a stored study, or ``""`` for what the server was opened with.
    network, cell, arm
        The network's name, the cell's number from 0 and the arm's name.
    replicate
        The number of the run, from 0.
    """

    study: str
    network: str
    cell: int
    arm: str
    replicate: int

    def search(self) -> str:
        """Return the part of an address behind its question mark."""
        said = {
            "study": self.study,
            "network": self.network,
            "cell": self.cell,
            "arm": self.arm,
            "replicate": self.replicate,
        }
        return urlencode({key: value for key, value in said.items() if value != ""})


def coordinates_of(study: Study, search: str | None, *, digest: str = "") -> tuple[Coordinates, list[str]]:
    """Return the run that an address names, the first of the study where it names none, and what it names wrongly.

    Parameters
    ----------
    study
        The study.
    search
        The part of the address behind its question mark.
    digest
        The study's digest, if the address named one.

    Returns
    -------
    The coordinates, all of which exist, and a line for each that did not.
    """
    said = {key: values[-1] for key, values in parse_qs(search or "").items()}
    problems: list[str] = []
    networks = [network.name for network in study.networks]
    network = one_of("network", said, networks, problems)
    cells = [str(cell.index) for cell in study.scenario.cells()]
    cell = int(one_of("cell", said, cells, problems))
    arms = [arm.name for arm in arms_of(study, network, cell)]
    arm = one_of("arm", said, arms, problems)
    replicate = _replicate(said, study.scenario.replicates, problems)
    return Coordinates(digest, network, cell, arm, replicate), problems


def study_in(search: str | None) -> str:
    """Return the digest or name of a stored study that an address names, "" where it names none."""
    return parse_qs(search or "").get("study", [""])[-1][:200]


def cell_text(cell: Cell) -> str:
    """Return a cell's swept values, as a menu shows them."""
    return ", ".join(f"{key.rpartition('.')[2]} = {value}" for key, value in cell.values.items())


def arms_of(study: Study, network: str, cell: int) -> tuple[PlannedArm, ...]:
    """Return the arms of one network and cell."""
    return next(group.arms for group in study.groups if (group.network.name, group.cell.index) == (network, cell))


def arm_at(study: Study, place: Coordinates) -> PlannedArm:
    """Return the arm of a run, as it is in the world that the study shows."""
    return next(arm for arm in arms_of(study, place.network, place.cell) if arm.name == place.arm)


def replay_command(study: Study, place: Coordinates, database: str) -> str:
    """Return the command that replays a run agent by agent and checks it against the store."""
    words = ["diffusion", "replay", place.study[:12] or study.name, "--network", place.network]
    if len(study.scenario.cells()) > 1:
        words += ["--cell", str(place.cell)]
    if study.known_as:  # one world of several
        words += ["--world", str(arm_at(study, place).world)]
    words += ["--arm", place.arm, "--replicate", str(place.replicate)]
    if database != "results/diffusion.db":
        words += ["--database", database]
    return shlex.join(words)


def one_of(key: str, said: Mapping[str, str], known: list[str], problems: list[str]) -> str:
    """Return what an address says under a key, the first of what is known where it says nothing or what is not.

    Parameters
    ----------
    key
        The key.
    said
        What the address says, by key.
    known
        What there is.
    problems
        Where to put a line if the address names what is not there.
    """
    wanted = said.get(key, known[0])
    if wanted not in known:
        problems.append(f'{key}: the study has no "{wanted[:60]}"; shown is "{known[0]}"')
        return known[0]
    return wanted


def _replicate(said: Mapping[str, str], replicates: int, problems: list[str]) -> int:
    text = said.get("replicate", "0")
    if text.isascii() and text.isdecimal() and len(text) <= 12 and int(text) < replicates:
        return int(text)
    problems.append(f'replicate: must be a whole number from 0 to {replicates - 1:,}; got "{text[:60]}"')
    return 0
