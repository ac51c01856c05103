"""The coordinates of two runs side by side: two arms in the same replicate, as an address of the page states them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from diffusion.experiment.plan import PlannedArm, Study
from diffusion.server.coordinates import Coordinates, arm_at, arms_of, coordinates_of, one_of


@dataclass(frozen=True, slots=True)
class PairCoordinates:
    """Hold where two runs stand in a study.

    Attributes
    ----------
    study
        The digest of a stored study, or ``""`` for what the server was opened with.
    network, cell
        The network's name and the cell's number from 0, for both.
    left, right
        The names of the two arms.
    replicate
        The number of both runs, from 0: arms are only ever compared within a replicate.
    """

    study: str
    network: str
    cell: int
    left: str
    right: str
    replicate: int

    def search(self) -> str:
        """Return the part of an address behind its question mark."""
        said = {
            "study": self.study,
            "network": self.network,
            "cell": self.cell,
            "left": self.left,
            "right": self.right,
            "replicate": self.replicate,
        }
        return urlencode({key: value for key, value in said.items() if value != ""})

    @property
    def runs(self) -> tuple[Coordinates, Coordinates]:
        """Return the coordinates of the left and of the right run, each by itself."""
        return (
            Coordinates(self.study, self.network, self.cell, self.left, self.replicate),
            Coordinates(self.study, self.network, self.cell, self.right, self.replicate),
        )


def pair_coordinates_of(study: Study, search: str | None, *, digest: str = "") -> tuple[PairCoordinates, list[str]]:
    """Return the two runs that an address names, and what it names wrongly.

    Where it names no arms, these are the study's first arm that is not its
    baseline, and the baseline.

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
    shared = {key: value for key, value in said.items() if key != "arm"}
    place, problems = coordinates_of(study, urlencode(shared), digest=digest)
    arms = [arm.name for arm in arms_of(study, place.network, place.cell)]
    baseline = study.scenario.baseline if study.scenario.baseline in arms else arms[0]
    others = [name for name in arms if name != baseline]
    left = one_of("left", said, [*others, baseline], problems)
    right = one_of("right", said, [baseline, *others], problems)
    return PairCoordinates(digest, place.network, place.cell, left, right, place.replicate), problems


def arms_at(study: Study, place: PairCoordinates) -> tuple[PlannedArm, PlannedArm]:
    """Return the left and the right arm.

    Raises
    ------
    InputError
        If the study has no such arm.
    """
    left, right = place.runs
    return arm_at(study, left), arm_at(study, right)
