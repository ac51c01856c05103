"""Failures: batches that could not be played, kept beside the record of the run in which that happened."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sql

from diffusion.analysis.phrases import counted
from diffusion.draws import LANES
from diffusion.errors import printable
from diffusion.experiment import schema
from diffusion.experiment.batches import Batch
from diffusion.experiment.database import Database
from diffusion.experiment.store import Store
from diffusion.experiment.study import Series, Study

MOST_RECORDED = 1000
"""How many failures of one run of a study are kept; what is said of them needs no more."""

MOST_TOLD = 10
"""How many different failures are told in words."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Describe a batch that failed, and failed again when it was tried once more.

    Attributes
    ----------
    network, cell, arm, world
        Where it belongs.
    blocks
        The numbers of its blocks of 64 replicates.
    runs
        How many runs are missing for it.
    error
        What went wrong, in one line.
    setting_digest, arm_digest
        The same arm by its content.
    """

    network: str
    cell: int
    arm: str
    world: int
    blocks: tuple[int, ...]
    runs: int
    error: str
    setting_digest: str
    arm_digest: str

    @classmethod
    def of(cls, batch: Batch, error: Exception) -> Failure:
        """Return what is kept of a batch that failed."""
        arm, places = batch.task.arm, batch.places
        return cls(
            network=arm.network.name,
            cell=arm.cell.index,
            arm=arm.name,
            world=places[0][0],
            blocks=tuple(block for _, block in places),
            runs=batch.runs,
            error=printable(" ".join(f"{type(error).__name__}: {error}".split())),
            setting_digest=arm.setting_digest,
            arm_digest=arm.arm_digest,
        )


class FailureLog:
    """Keep the failures of one run of a study, each as soon as it happens.

    Parameters
    ----------
    database
        Where the record is.
    number
        The number of the record.
    """

    def __init__(self, database: Database, number: int) -> None:
        self._database = database
        self._number = number
        self.failures: list[Failure] = []
        self.runs = 0

    def add(self, batch: Batch, error: Exception) -> None:
        """Keep a failure."""
        self.runs += batch.runs
        if len(self.failures) >= MOST_RECORDED:
            return
        self.failures.append(Failure.of(batch, error))
        table = schema.provenance
        this = table.c.id == self._number
        with self._database.writing() as connection:
            record = json.loads(connection.execute(sql.select(table.c.record).where(this)).scalar_one())
            record["failures"] = [asdict(failure) for failure in self.failures]
            connection.execute(table.update().where(this).values(record=json.dumps(record)))


def standing_failures(study: Study, store: Store) -> list[Failure]:
    """Return the failures of a stored study whose runs are missing still, the latest of each."""
    series = {(one.arm.setting_digest, one.arm.arm_digest): one for one in study.played}
    found: dict[tuple[Any, ...], Failure] = {}
    for record in store.records(store.find(study.digest)):
        for said in record.get("failures", ()):
            failure = Failure(**{**said, "blocks": tuple(said["blocks"])})
            found[failure.setting_digest, failure.arm_digest, failure.world, failure.blocks] = failure
    return [
        failure
        for failure in found.values()
        if (one := series.get((failure.setting_digest, failure.arm_digest))) and _is_missing(failure, one, store)
    ]


def _is_missing(failure: Failure, series: Series, store: Store) -> bool:
    there = store.stored_runs(series)
    lanes = [there[failure.world, block * LANES : (block + 1) * LANES] for block in failure.blocks]
    return failure.world < series.worlds and any(not bool(runs.all()) for runs in lanes)


def failure_lines(failures: Sequence[Failure]) -> list[str]:
    """Return failures in words, those alike in one line."""
    alike: dict[tuple[str, str, int, str], int] = {}
    for failure in failures:
        key = failure.arm, failure.network, failure.cell, failure.error
        alike[key] = alike.get(key, 0) + failure.runs
    lines = [
        f'{counted(runs, "run")} of the arm "{arm}" on "{network}"{f", cell {cell}," if cell else ""} failed twice: '
        f"{error}"
        for (arm, network, cell, error), runs in alike.items()
    ]
    more = len(lines) - MOST_TOLD
    return lines[:MOST_TOLD] + ([f"… and {more:,} more failures of other kinds"] if more > 0 else [])
