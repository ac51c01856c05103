"""Merging: what another database holds, added to a store, or refused whole.

Studies are played in halves on two machines, and then belong into one store.
Runs are the same if their keys are; two that share a key and differ tell that
something is wrong with one of the databases, and nothing is merged.

Everything is compared before anything is written. What is written then goes in
short transactions, so that nobody who plays a study meanwhile waits long for
the database; a merger that is stopped is done again, and does no harm.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sql

from diffusion.errors import StoreError
from diffusion.experiment import schema
from diffusion.experiment.database import Database
from diffusion.experiment.draws_kept import draws_apart, take_draws
from diffusion.experiment.run_rows import RunRows, insert_rows, numbered, parts_of, read_rows

KEEP_APART = "keep the two databases apart"


@dataclass(frozen=True, slots=True)
class Merged:
    """Tell what a merger did.

    Attributes
    ----------
    studies
        How many studies the other database holds.
    added, shared
        How many of its runs were new, and how many were there already and equal.
    """

    studies: int
    added: int
    shared: int


def merge(database: Database, other: Database) -> Merged:
    """Add to a database all that another holds.

    Parameters
    ----------
    database
        The database that is added to; opened for writing.
    other
        The database that is read.

    Raises
    ------
    StoreError
        If the two are one, if they hold runs of different versions of the
        model, or if runs, draws or leaders of the same key differ. Nothing is
        written then.
    """
    if _are_one(database, other):
        raise StoreError(f"{other.name}: is the database itself; name the other one")
    with other.reading() as source, database.reading() as connection:
        found = _Merger(source, connection, other.name, database.name)
        found.check()
        found.check_draws()
    _check_runs(database, other)
    with other.reading() as source, database.writing() as connection:
        studies, numbers = _Merger(source, connection, other.name, database.name).merged()
    take_draws(database, other, numbers)
    added = shared = 0
    for theirs, ours in numbers.items():
        for rows in _parts(other, theirs):
            new = write_part(database, ours, rows)
            added, shared = added + new, shared + len(rows) - new
    return Merged(studies, added, shared)


def _check_runs(database: Database, other: Database) -> None:
    """Check that runs of the same key are the same in both."""
    with other.reading() as source, database.reading() as connection:
        numbers = _Merger(source, connection, other.name, database.name).common()
    for theirs, ours in numbers.items():
        differing = sum(_differing(database, ours, rows) for rows in _parts(other, theirs))
        if differing:
            with database.reading() as connection:
                arm = _arm_of(connection, ours)
            raise StoreError(
                f"{other.name}: {differing:,} or more of the runs of {arm} differ from those of the same key in "
                f"{database.name}, so one of the two is wrong: {KEEP_APART}"
            )


def _parts(database: Database, series: int) -> Iterator[RunRows]:
    """Yield the runs of a series, each part read by itself, so that nobody waits who writes."""
    with database.reading() as connection:
        places = list(parts_of(connection, series))
    for worlds, replicates in places:
        with database.reading() as connection:
            found = list(read_rows(connection, series, worlds=worlds, replicates=replicates))
        yield from found


def write_part(database: Database, series: int, rows: RunRows) -> int:
    """Write runs in a transaction of their own, and return how many were new."""
    new = 0

    def add(connection: sql.Connection) -> None:
        nonlocal new
        new = insert_rows(connection, series, rows)

    database.append(add)
    return new


def _differing(database: Database, series: int, rows: RunRows) -> int:
    """Return how many of some runs are stored here otherwise."""
    differing, theirs = 0, numbered(rows.keys)
    ranges = [range(int(column.min()), int(column.max()) + 1) for column in rows.keys.T]
    with database.reading() as connection:
        for stored in read_rows(connection, series, worlds=ranges[0], replicates=ranges[1]):
            found = stored.chosen(np.isin(numbered(stored.keys), theirs))
            same = rows.chosen(np.isin(theirs, numbered(found.keys)))
            if found.octets.shape != same.octets.shape:
                differing += len(found)
                continue
            equal = (found.integers == same.integers).all(axis=1) & (found.octets == same.octets).all(axis=1)
            differing += len(found) - int(equal.sum())
    return differing


def _are_one(database: Database, other: Database) -> bool:
    if database.is_file and other.is_file:
        return database.path.samefile(other.path)
    return database.name == other.name


class _Merger:
    """Hold two connections, and what is found out while one's rows go to the other."""

    def __init__(self, source: sql.Connection, target: sql.Connection, their_name: str, our_name: str) -> None:
        self.source, self.target = source, target
        self.their_name, self.our_name = their_name, our_name

    def check(self) -> None:
        """Check that models and leaders fit."""
        self._check_models()
        self.common()

    def common(self) -> dict[int, int]:
        """Return by the other's numbers our own of the series that both have, whose leaders must be the same."""
        table, numbers = schema.series, {}
        known = {(row.setting_digest, row.arm_digest): row for row in self.target.execute(sql.select(table))}
        for row in self.source.execute(sql.select(table).order_by(table.c.id)):
            ours = known.get((row.setting_digest, row.arm_digest))
            if ours is None:
                continue
            numbers[int(row.id)] = int(ours.id)
            if json.loads(ours.leaders) != json.loads(row.leaders):
                raise StoreError(
                    f"{self.their_name}: {_arm_of(self.source, row.id)} has other leaders than in {self.our_name}, "
                    f"so its runs do not belong together: {KEEP_APART}"
                )
        return numbers

    def check_draws(self) -> None:
        """Check that what was drawn of uncertain numbers is the same, as far as both have it."""
        for series, found in draws_apart(self.source, self.target, self.common()):
            raise StoreError(
                f"{self.their_name}: {_arm_of(self.source, series)} has {found.number} = {found.drawn!r} in world "
                f"{found.world}, and {found.kept!r} in {self.our_name}, so its runs were played in other worlds: "
                f"{KEEP_APART}"
            )

    def merged(self) -> tuple[int, dict[int, int]]:
        """Add all but runs; return how many studies there are, and our numbers of series by the other's."""
        self.check()
        self._add_networks()
        numbers = self._series_numbers()
        studies = self._add_studies(numbers)
        self._add_records()
        return studies, numbers

    def _check_models(self) -> None:
        theirs, ours = (_model_versions(connection) for connection in (self.source, self.target))
        if theirs - ours and ours:
            told = [" and ".join(map(str, sorted(versions))) for versions in (theirs, ours)]
            raise StoreError(
                f"{self.their_name}: its runs are of model version {told[0]}, those in {self.our_name} of {told[1]}; "
                f"such runs are not mixed: {KEEP_APART}"
            )

    def _add_networks(self) -> None:
        table = schema.networks
        known = set(self.target.execute(sql.select(table.c.digest)).scalars())
        for digest in self.source.execute(sql.select(table.c.digest)).scalars().all():
            if digest not in known:
                content = sql.select(table.c.content).where(table.c.digest == digest)
                row = {"digest": digest, "content": self.source.execute(content).scalar_one()}
                self.target.execute(table.insert().values(row))

    def _series_numbers(self) -> dict[int, int]:
        """Return by the other's numbers of series our own, made where they are new."""
        table, numbers = schema.series, self.common()
        for row in _rows(self.source, sql.select(table).order_by(table.c.id)):
            theirs = row.pop("id")
            if theirs not in numbers:
                added = self.target.execute(table.insert().values(row))
                [numbers[theirs]] = added.inserted_primary_key or [0]
        return dict(sorted(numbers.items()))

    def _add_studies(self, numbers: dict[int, int]) -> int:
        """Add what studies ask; where both have one, it is kept as it was asked last."""
        table = schema.studies
        known = {row.digest: row for row in self.target.execute(sql.select(table.c.digest, table.c.last_run_at))}
        rows = _rows(self.source, sql.select(table))
        for row in rows:
            ours = known.get(row["digest"])
            if ours is None:
                self.target.execute(table.insert().values(row))
            elif row["last_run_at"] > ours.last_run_at:
                changed = {name: row[name] for name in ("title", "scenario", "scenario_text", "last_run_at")}
                self.target.execute(table.update().where(table.c.digest == ours.digest).values(**changed))
        self._add_parts(schema.study_networks)
        self._add_parts(schema.study_arms, numbers)
        return len(rows)

    def _add_parts(self, table: sql.Table, numbers: dict[int, int] | None = None) -> None:
        keys = sql.select(table.c.study, table.c.place)
        known = {tuple(row) for row in self.target.execute(keys)}
        for row in _rows(self.source, sql.select(table)):
            if (row["study"], row["place"]) not in known:
                if numbers is not None:
                    row["series"] = numbers[row["series"]]
                self.target.execute(table.insert().values(row))

    def _add_records(self) -> None:
        """Add the records of provenance that are new; a merger that is done twice does no harm."""
        table = schema.provenance
        known = {(row.study, row.started_at, row.record) for row in self.target.execute(sql.select(table))}
        for row in _rows(self.source, sql.select(table).order_by(table.c.id)):
            if (row["study"], row["started_at"], row["record"]) not in known:
                del row["id"]
                self.target.execute(table.insert().values(row))


def _arm_of(connection: sql.Connection, series: int) -> str:
    arms, studies = schema.study_arms, schema.studies
    query = (
        sql.select(arms.c.arm, studies.c.name)
        .join(studies, studies.c.digest == arms.c.study)
        .where(arms.c.series == series)
    )
    row = connection.execute(query).first()
    return f'the arm "{row.arm}" of the study "{row.name}"' if row else "an arm of no study"


def _model_versions(connection: sql.Connection) -> set[int]:
    """Return the versions of the model with which runs were made, as far as records tell them."""
    records = connection.execute(sql.select(schema.provenance.c.record)).scalars()
    return {record["model_version"] for record in map(json.loads, records) if "model_version" in record}


def _rows(connection: sql.Connection, query: sql.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]
