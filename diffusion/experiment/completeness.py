"""Completeness: what of a study is not stored, and what a study is not, though it has another's name."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sql

from diffusion.errors import StoreError
from diffusion.experiment import schema
from diffusion.experiment.failures import failure_lines, standing_failures
from diffusion.experiment.store import Store
from diffusion.experiment.study import PlannedArm, Study

MOST_TOLD = 10
"""How many arms that lack runs are named."""


@dataclass(frozen=True, slots=True, eq=False)
class Lack:
    """Say how many runs an arm lacks.

    Attributes
    ----------
    arm
        The arm.
    stored, wanted
        How many runs are stored, and how many there are to be.
    """

    arm: PlannedArm
    stored: int
    wanted: int

    @property
    def label(self) -> str:
        """Return what the arm is called among all arms of a study."""
        cell = f", cell {self.arm.cell.index}," if self.arm.cell.values else ""
        return f'"{self.arm.name}" on "{self.arm.network.name}"{cell}'

    def as_json(self) -> dict[str, object]:
        """Return the same as plain values."""
        arm = self.arm
        named = {"network": arm.network.name, "cell": dict(arm.cell.values), "arm": arm.name}
        return {**named, "stored": self.stored, "wanted": self.wanted}


def lacks(study: Study, store: Store) -> list[Lack]:
    """Return the arms of a study of which runs are missing, in order."""
    found = [Lack(one.arm, int(store.stored_runs(one).sum()), one.runs) for one in study.played]
    return [lack for lack in found if lack.stored < lack.wanted]


def has_all(study: Study, store: Store) -> bool:
    """Return whether every run of a study is stored."""
    try:
        return all(store.stored_runs(one).all() for one in study.played)
    except StoreError:  # an arm that was never saved
        return False


def incompleteness_lines(study: Study, store: Store) -> list[str]:
    """Return what of a study is missing, and what failed, in plain English; nothing where all is there."""
    found = lacks(study, store)
    if not found:
        return []
    total = sum(one.runs for one in study.played)
    missing = sum(lack.wanted - lack.stored for lack in found)
    lines = [f"{total - missing:,} of the {total:,} runs of {study.name} are stored; an answer needs all. Missing:"]
    lines += [f"  {lack.wanted - lack.stored:,} of {lack.wanted:,} runs of {lack.label}" for lack in found[:MOST_TOLD]]
    if more := len(found[MOST_TOLD:]):
        lines.append(f"  … and runs of {more:,} more arms")
    if failures := failure_lines(standing_failures(study, store)):
        lines += [*failures, "The next `run` of the scenario tries again what failed."]
    return lines


def changed_networks(study: Study, store: Store) -> list[str]:
    """Return which networks have another content than when a study of this name was run last, in plain English.

    Nothing is said of a study that is stored already.
    """
    alike = store.named(study.name)
    if not alike or study.digest in {entry.digest for entry in alike}:
        return []
    before, places = alike[0], schema.study_networks
    query = sql.select(places.c.name, places.c.network).where(places.c.study == before.digest)
    with store.database.reading() as connection:
        stored = {row.name: row.network for row in connection.execute(query)}
    return [
        f'The content of the network "{network.name}" has changed since {before.runs:,} runs of {study.name} were '
        f"stored. This is a new study; the other is kept as {before.digest[:12]}, and the two are never mixed."
        for network in study.networks
        if stored.get(network.name, network.digest) != network.digest
    ]
