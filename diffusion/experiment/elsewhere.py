"""What differs between the record of a run and where it is replayed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diffusion.experiment.environment import Differing, differing, environment
from diffusion.experiment.file_digests import FileStates, file_states
from diffusion.experiment.provenance import records_of_arm
from diffusion.experiment.store import Store, StudyEntry
from diffusion.experiment.study import PlannedArm
from diffusion.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Hold in what this machine and its files differ from those of a run's records.

    Attributes
    ----------
    differing
        In what the machine and its programs differ, the likeliest to change a run first.
    untold
        What no record tells, so that nobody knows whether it differs.
    files
        What has become of the files that the study was read from.
    """

    differing: tuple[Differing, ...]
    untold: tuple[str, ...]
    files: FileStates

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {
            "differs": [found.as_json() for found in self.differing],
            "not_recorded": list(self.untold),
            "files": self.files.as_json(),
        }

    @property
    def match_line(self) -> str:
        """Return what is said where a run is the same though this differs; an empty text where nothing does."""
        if not self.differing:
            return ""
        return f"They do so though these are not what made the run: {'; '.join(map(str, self.differing))}."

    @property
    def mismatch_lines(self) -> list[str]:
        """Return what is said where a run is not the same."""
        lines = [f"  {found}" for found in self.differing]
        lines[:0] = (
            ["What made the run and what replays it differ in these, the likeliest to matter first:"]
            if lines
            else ["Nothing differs that the record tells of what made the run; then what is stored was changed since."]
        )
        if self.untold:
            lines.append(f"The record does not tell, so they may differ too: {', '.join(self.untold)}.")
        return lines

    @property
    def file_lines(self) -> list[str]:
        """Return what is said of files that have changed."""
        return [
            f"{name} has changed since; the study holds the content of then, and that is what is replayed."
            for name in self.files.changed
        ]


def elsewhere(
    entry: StudyEntry, scenario: Scenario, store: Store, arm: PlannedArm, scenario_file: Path | None
) -> Elsewhere:
    """Return in what this machine and its files differ from what the records of an arm's runs tell.

    Parameters
    ----------
    entry, scenario, store
        The study, what it asks, and where it is stored.
    arm
        The arm; studies that share it may have played it too.
    scenario_file
        Where the scenario's file is now, if it is at hand.
    """
    records = _records_of(store, arm)
    found, untold = differing(records, environment())
    own = store.records(entry)
    digests = own[-1].get("file_digests", {}) if own else {}
    return Elsewhere(tuple(found), tuple(untold), file_states(scenario, digests, scenario_file))


def _records_of(store: Store, arm: PlannedArm) -> list[dict[str, Any]]:
    """Return what is recorded of all who may have played an arm: of a cluster, its machines."""
    with store.database.reading() as connection:
        found = records_of_arm(connection, arm)
    return [maker for record in found for maker in record.get("cluster_machines") or [record]]
