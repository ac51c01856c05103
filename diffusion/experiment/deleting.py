"""Deleting a study, with what no other study needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from diffusion.experiment import schema
from diffusion.experiment.run_counts import stored_in_all
from diffusion.experiment.store import Store, StudyEntry


@dataclass(frozen=True, slots=True)
class Deletion:
    """Tell what goes with a study.

    Attributes
    ----------
    runs
        How many runs go.
    shared
        How many runs of its arms stay, because other studies ask for them too.
    """

    runs: int
    shared: int


def deletion(store: Store, entry: StudyEntry) -> Deletion:
    """Return what would go with a study."""
    with store.database.reading() as connection:
        stored = stored_in_all(connection, entry.digest)
        gone = connection.execute(_count().where(schema.runs.c.series.in_(_own_series(entry.digest)))).scalar_one()
    return Deletion(int(gone), stored - int(gone))


def delete(store: Store, entry: StudyEntry) -> Deletion:
    """Delete a study, its records, and the runs, draws and networks that no other study needs.

    Parameters
    ----------
    store
        Where it is.
    entry
        The study.
    """
    series, runs, draws = schema.series, schema.runs, schema.draws
    networks, studies = schema.networks, schema.studies
    used = sql.select(schema.study_networks.c.network)
    with store.database.writing() as connection:
        stored = stored_in_all(connection, entry.digest)
        numbers = list(connection.execute(_own_series(entry.digest)).scalars())
        gone = 0
        for number in numbers:
            gone += connection.execute(runs.delete().where(runs.c.series == number)).rowcount
            connection.execute(draws.delete().where(draws.c.series == number))
        connection.execute(studies.delete().where(studies.c.digest == entry.digest))
        for number in numbers:
            connection.execute(series.delete().where(series.c.id == number))
        connection.execute(networks.delete().where(networks.c.digest.not_in(used)))
    return Deletion(gone, stored - gone)


def _own_series(digest: str) -> sql.Select[Any]:
    """Return the query for the series that no other study asks for."""
    arms = schema.study_arms
    others = sql.select(arms.c.series).where(arms.c.study != digest)
    return sql.select(arms.c.series).where(arms.c.study == digest, arms.c.series.not_in(others)).distinct()


def _count() -> sql.Select[Any]:
    return sql.select(sql.func.count()).select_from(schema.runs)
