"""Merging: what another database holds, added to a store, or refused whole.

Studies are played in halves on two machines, and then belong into one store.
Runs are the same if their keys are; two that share a key and differ tell that
something is wrong with one of the databases, and nothing is merged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sql

from diffusion.errors import StoreError
from diffusion.experiment import schema
from diffusion.experiment.database import Database
from diffusion.experiment.draws_kept import take_draws
from diffusion.experiment.run_rows import RunRows, insert_rows, numbered, read_rows

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
    with other.reading() as source, database.writing() as connection:
        return _Merger(source, connection, other.name, database.name).merged()


def _are_one(database: Database, other: Database) -> bool:
    if database.is_file and other.is_file:
        return database.path.samefile(other.path)
    return database.name == other.name


class _Merger:
    """Hold two connections, and what is found out while one's rows go to the other."""

    def __init__(self, source: sql.Connection, target: sql.Connection, their_name: str, our_name: str) -> None:
        self.source, self.target = source, target
        self.their_name, self.our_name = their_name, our_name

    def merged(self) -> Merged:
        self._check_models()
        self._add_networks()
        numbers = self._series_numbers()
        studies = self._add_studies(numbers)
        self._add_records()
        self._add_draws(numbers)
        added = shared = 0
        for theirs, ours in numbers.items():
            for rows in read_rows(self.source, theirs):
                new = insert_rows(self.target, ours, rows)
                added, shared = added + new, shared + len(rows) - new
                if new < len(rows):
                    self._check_equal(ours, rows)
        return Merged(studies, added, shared)

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
        table = schema.series
        known = {(row.setting_digest, row.arm_digest): row for row in self.target.execute(sql.select(table))}
        numbers = {}
        for row in self.source.execute(sql.select(table).order_by(table.c.id)):
            key = (row.setting_digest, row.arm_digest)
            if key not in known:
                values = {name: value for name, value in row._mapping.items() if name != "id"}  # noqa: SLF001 - its public name
                added = self.target.execute(table.insert().values(**values))
                [numbers[row.id]] = added.inserted_primary_key or [0]
                continue
            numbers[row.id] = known[key].id
            if json.loads(known[key].leaders) != json.loads(row.leaders):
                raise StoreError(
                    f"{self.their_name}: {self._arm_of(row.id)} has other leaders than in {self.our_name}, "
                    f"so its runs do not belong together: {KEEP_APART}"
                )
        return numbers

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

    def _add_draws(self, numbers: dict[int, int]) -> None:
        """Add what was drawn of uncertain numbers, and check that the two databases hold the same."""
        differing = take_draws(self.source, self.target, numbers)
        if differing is not None:
            series, found = differing
            raise StoreError(
                f"{self.their_name}: {self._arm_of(series)} has {found.number} = {found.drawn!r} in world "
                f"{found.world}, and {found.kept!r} in {self.our_name}, so its runs were played in other worlds: "
                f"{KEEP_APART}"
            )

    def _check_equal(self, series: int, rows: RunRows) -> None:
        """Check that runs are stored as they are here."""
        differing = len(rows)
        ours = numbered(rows.keys)
        ranges = [range(int(column.min()), int(column.max()) + 1) for column in rows.keys.T]
        for stored in read_rows(self.target, series, worlds=ranges[0], replicates=ranges[1]):
            found = stored.chosen(np.isin(numbered(stored.keys), ours))
            same = rows.chosen(np.isin(ours, numbered(found.keys)))
            if found.octets.shape == same.octets.shape:
                equal = (found.integers == same.integers).all(axis=1) & (found.octets == same.octets).all(axis=1)
                differing -= int(equal.sum())
        if differing:
            arm = self._arm_of(series, self.target)
            raise StoreError(
                f"{self.their_name}: at least {differing:,} runs of {arm} differ from those of the same key in "
                f"{self.our_name}, so one of the two is wrong: {KEEP_APART}"
            )

    def _arm_of(self, series: int, connection: sql.Connection | None = None) -> str:
        arms, studies = schema.study_arms, schema.studies
        query = (
            sql.select(arms.c.arm, studies.c.name)
            .join(studies, studies.c.digest == arms.c.study)
            .where(arms.c.series == series)
        )
        row = (connection or self.source).execute(query).first()
        return f'the arm "{row.arm}" of the study "{row.name}"' if row else "an arm of no study"


def _model_versions(connection: sql.Connection) -> set[int]:
    """Return the versions of the model with which runs were made, as far as records tell them."""
    records = connection.execute(sql.select(schema.provenance.c.record)).scalars()
    return {record["model_version"] for record in map(json.loads, records) if "model_version" in record}


def _rows(connection: sql.Connection, query: sql.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]
