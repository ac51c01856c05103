"""The store: studies and their runs, in a database.

Writing a run twice is harmless, a batch is written whole or not at all, and
runs are found by their content: another study that asks for the same arm in
the same setting finds them too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import sqlalchemy as sql
from numpy.typing import NDArray

from diffusion.analysis.outcomes import Runs
from diffusion.analysis.reduction import CLIPPED, COUNTS, INTEGERS, BlockRuns
from diffusion.draws import LANES
from diffusion.errors import InputError, StoreError, nearest_name_hint
from diffusion.experiment import schema
from diffusion.experiment.database import Database
from diffusion.experiment.draws_kept import keeping_draws
from diffusion.experiment.environment import other_model_line
from diffusion.experiment.plan import WORLD, PlannedArm, Series, Study, planned, setting_digest
from diffusion.experiment.provenance import now
from diffusion.experiment.run_counts import run_counts
from diffusion.experiment.run_rows import RunRows, insert_rows, read_rows, rows_at_once
from diffusion.experiment.saving import TOLD_OF_NETWORKS, choice_of, save_arms, save_network, save_study
from diffusion.experiment.worlds import leaders_in_worlds
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network
from diffusion.positions import LeaderChoice
from diffusion.scenario import ArmSetting, Scenario

SHORTEST_DIGEST = 6
"""How many characters of a digest name a study at least."""

_COLUMNS = (*INTEGERS, "adopted")
_MEANT = ("adopters", "ever_adopted", "spread", "area_steps")
"""The whole numbers whose means are outcomes, but for a factor."""


@dataclass(frozen=True, slots=True)
class StudyEntry:
    """Describe a stored study.

    Attributes
    ----------
    name, title, digest
        What it is called and asks, and the digits that name it.
    runs
        How many of the runs that it asks for are stored: those that its answer rests on.
    created_at, last_run_at
        When it was first and last run; UTC, ISO text.
    """

    name: str
    title: str
    digest: str
    runs: int
    created_at: str
    last_run_at: str


class Store:
    """Keep studies and runs in a database.

    Parameters
    ----------
    database
        The database.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    # Studies

    def save(self, study: Study, record: Mapping[str, Any], number: int | None = None) -> int:
        """Keep what a study asks, its networks, and a record of this run of it; return the record's number.

        Parameters
        ----------
        study
            The study.
        record
            What an examiner would ask.
        number
            The number of the record that this one takes the place of, where a run goes on with more replicates.

        Raises
        ------
        StoreError
            If stored runs of one of its arms were made with other leaders, or other draws.
        """
        moment = now()
        with keeping_draws(self.database, study), self.database.writing() as connection:
            for network in study.networks:
                save_network(connection, network)
            save_study(connection, study, moment)
            save_arms(connection, study, self.database.name)
            table, text = schema.provenance, json.dumps(record)
            if number is not None:
                connection.execute(table.update().where(table.c.id == number).values(record=text))
                return number
            added = connection.execute(table.insert().values(study=study.digest, started_at=moment, record=text))
            [number] = added.inserted_primary_key or [0]
        return int(number)

    def finish(self, number: int, told: Mapping[str, Any] | None = None) -> None:
        """Note that the run of a record has come to its end, and what more there is to tell of it."""
        table = schema.provenance
        this = table.c.id == number
        with self.database.writing() as connection:
            record = connection.execute(sql.select(table.c.record).where(this)).scalar() or "{}"  # or it was deleted
            values = {"finished_at": now(), "record": json.dumps({**json.loads(record), **(told or {})})}
            connection.execute(table.update().where(this).values(values))

    def studies(self) -> list[StudyEntry]:
        """Return all studies, the one that was run last first."""
        with self.database.reading() as connection:
            rows = connection.execute(_newest_first()).all()
            counts = run_counts(connection)
        return [_entry(row, counts) for row in rows]

    def named(self, name: str) -> list[StudyEntry]:
        """Return the studies of a name, the one that was run last first; no other study's runs are counted."""
        with self.database.reading() as connection:
            rows = connection.execute(_newest_first().where(schema.studies.c.name == name)).all()
            return [_entry(row, run_counts(connection, row.digest)) for row in rows]

    def find(self, study: str) -> StudyEntry:
        """Return the stored study of a name (the one run last), or of the first characters of a digest.

        Raises
        ------
        InputError
            If there is none, or several begin with these characters.
        """
        with self.database.reading() as connection:
            entries = connection.execute(_newest_first()).all()
            begun = [entry for entry in entries if len(study) >= SHORTEST_DIGEST and entry.digest.startswith(study)]
            found = [entry for entry in entries if entry.name == study][:1] or begun
            if len(found) == 1:
                return _entry(found[0], run_counts(connection, found[0].digest))
        if begun:
            raise InputError(f'"{study}" begins the digests of {len(begun)} studies; give more characters')
        names = list(dict.fromkeys(entry.name for entry in entries))
        known = f"; stored are {', '.join(names[:10])}" if names else "; none is stored yet: `diffusion run` makes one"
        raise InputError(f'{self.database.name}: there is no study "{study}"{nearest_name_hint(study, names) or known}')

    def study(self, entry: StudyEntry) -> Study:
        """Return a stored study, planned again from what was stored; no file is read."""
        places, arms, series = schema.study_networks, schema.study_arms, schema.series
        with self.database.reading() as connection:
            row = connection.execute(sql.select(schema.studies).where(schema.studies.c.digest == entry.digest)).one()
            stored = connection.execute(
                sql.select(*(places.c[name] for name in TOLD_OF_NETWORKS), schema.networks.c.content)
                .join(schema.networks, schema.networks.c.digest == places.c.network)
                .where(places.c.study == entry.digest)
                .order_by(places.c.place)
            ).all()
            leaders = connection.execute(
                sql.select(series.c.setting_digest, series.c.arm_digest, series.c.leaders)
                .join(arms, arms.c.series == series.c.id)
                .where(arms.c.study == entry.digest)
            ).all()
        known = {(found.setting_digest, found.arm_digest): choice_of(found.leaders) for found in leaders}
        scenario = Scenario.from_canonical(json.loads(row.scenario), text=row.scenario_text)
        networks = [
            replace(
                csv_folder.from_canonical_text(found.content, name=found.name, synthetic=found.synthetic),
                self_ties=found.self_ties,
                repeats=found.repeats,
            )
            for found in stored
        ]

        first = setting_digest(networks[0], scenario, scenario.cells()[0])
        if first not in {setting for setting, _ in known}:
            raise StoreError(other_model_line(entry.name, scenario.arms[0].name, self.records(entry)))

        def stored_leaders(_: Network, setting: ArmSetting, digests: tuple[str, str], __: int) -> LeaderChoice:
            if digests not in known:
                raise StoreError(other_model_line(entry.name, setting.name, self.records(entry)))
            return known[digests]

        return planned(scenario, networks, stored_leaders, looks_at_worlds=False)

    def records(self, entry: StudyEntry) -> list[dict[str, Any]]:
        """Return the provenance of a study: one record each time that it was run, in order."""
        table = schema.provenance
        query = sql.select(table).where(table.c.study == entry.digest).order_by(table.c.id)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            {"started_at": row.started_at, "finished_at": row.finished_at, **json.loads(row.record)} for row in rows
        ]

    # Runs

    def stored_runs(self, series: Series) -> NDArray[np.bool_]:
        """Return which of the runs that there are to be are stored; shape (worlds, replicates)."""
        there = np.zeros((series.worlds, series.replicates), dtype=np.bool_)
        table = schema.runs
        with self.database.reading() as connection:
            among = (
                table.c.series == _series(connection, series.arm),
                table.c.world < series.worlds,
                table.c.replicate < series.replicates,
            )
            # There may be millions, and most often none or all are there.
            count = connection.execute(sql.select(sql.func.count()).select_from(table).where(*among)).scalar_one()
            if count < series.runs:
                found = connection.execute(sql.select(table.c.world, table.c.replicate).where(*among)).all()
                worlds, replicates = np.array(found, dtype=np.int64).reshape(-1, 2).T
                there[worlds, replicates] = True
                return there
        return ~there

    def write(self, arm: PlannedArm, blocks: Mapping[tuple[int, int], BlockRuns], replicates: int) -> None:
        """Keep the runs of some blocks, as far as they are among the first replicates.

        Parameters
        ----------
        arm
            The arm that was played.
        blocks
            The runs by world and block.
        replicates
            How many replicates of each world are wanted.
        """
        rows = _rows(blocks, replicates)

        def add(connection: sql.Connection) -> None:
            insert_rows(connection, _series(connection, arm), rows)

        self.database.append(add)

    def runs(self, arm: PlannedArm, *, seed: int, replicates: int, worlds: range | None = None) -> Runs:
        """Return an arm's first replicates in each of some worlds, in its own by default, with who leads in each.

        Raises
        ------
        StoreError
            If some of them are not stored.
        """
        if worlds is None:
            worlds, leaders = range(arm.world, arm.world + 1), arm.leader_table(seed=seed, replicates=replicates)
        else:
            leaders = leaders_in_worlds(arm, worlds, seed=seed, replicates=replicates)
        return self._runs_led(arm, worlds, range(replicates), leaders)

    def runs_in_parts(self, arm: PlannedArm, *, seed: int, replicates: int, world: int = WORLD) -> Iterator[Runs]:
        """Yield an arm's first replicates in a world, in order, so many at a time as fit into bounded memory.

        Raises
        ------
        StoreError
            If some of them are not stored.
        """
        most = rows_at_once(-(-arm.network.size // 8))
        always = arm.leader_table(seed=seed, replicates=min(2, replicates))
        for first in range(0, replicates, most):
            part = range(first, min(first + most, replicates))
            leaders = always if len(always) == 1 else _leaders_in(arm, part, seed)
            yield self._runs_led(arm, range(world, world + 1), part, leaders)

    def _runs_led(self, arm: PlannedArm, worlds: range, replicates: range, leaders: NDArray[np.bool_]) -> Runs:
        with self.database.reading() as connection:
            number = _series(connection, arm)
            found = list(read_rows(connection, number, worlds=worlds, replicates=replicates, columns=COUNTS))
        self._check_there(arm, sum(map(len, found)), len(worlds) * len(replicates))
        integers = np.concatenate([rows.integers.T for rows in found], axis=1)
        octets = np.concatenate([rows.octets for rows in found])
        return Runs(**dict(zip(COUNTS, integers, strict=True)), adopted_bits=octets, leaders=leaders)

    def means(self, arm: PlannedArm, *, worlds: int, replicates: int) -> dict[str, NDArray[np.float64]]:
        """Return the means of the whole numbers kept of a run, world by world.

        Raises
        ------
        StoreError
            If some of the runs are not stored.

        Returns
        -------
        Means over the first replicates by name; shape (worlds,) each.
        """
        table = schema.runs
        sums = [sql.func.sum(table.c[name]) for name in _MEANT]
        with self.database.reading() as connection:
            of_arm = table.c.series == _series(connection, arm)
            query = (
                sql.select(sql.func.count(), *sums)
                .where(of_arm, table.c.world < worlds, table.c.replicate < replicates)
                .group_by(table.c.world)
                .order_by(table.c.world)
            )
            found = np.array(connection.execute(query).all(), dtype=np.float64).reshape(-1, 1 + len(sums))
        self._check_there(arm, int(found[:, 0].sum()), worlds * replicates)
        return {name: found[:, 1 + place] / replicates for place, name in enumerate(_MEANT)}

    def _check_there(self, arm: PlannedArm, found: int, wanted: int) -> None:
        if found < wanted:
            raise StoreError(
                f'the arm "{arm.name}" has {found:,} of {wanted:,} runs stored; '
                "run the scenario again, and it goes on where it stopped"
            )

    def clipped(self, arm: PlannedArm, replicates: int, worlds: range | None = None) -> tuple[int, int]:
        """Return how many agent-steps and ties were clipped, over first replicates in some worlds or an arm's own."""
        worlds, table = range(arm.world, arm.world + 1) if worlds is None else worlds, schema.runs
        sums = [sql.func.coalesce(sql.func.sum(table.c[name]), 0) for name in CLIPPED]
        with self.database.reading() as connection:
            of_arm = table.c.series == _series(connection, arm)
            among = (table.c.world >= worlds.start, table.c.world < worlds.stop, table.c.replicate < replicates)
            query = sql.select(*sums).where(of_arm, *among)
            agent_steps, ties = connection.execute(query).one()
        return int(agent_steps), int(ties)

    def run(self, arm: PlannedArm, replicate: int) -> dict[str, Any]:
        """Return the stored row of one run, by the names of its columns.

        Raises
        ------
        StoreError
            If it is not stored.
        """
        table = schema.runs
        with self.database.reading() as connection:
            number = _series(connection, arm)
            query = sql.select(*(table.c[name] for name in _COLUMNS)).where(
                table.c.series == number, table.c.world == arm.world, table.c.replicate == replicate
            )
            row = connection.execute(query).mappings().first()
        if row is None:
            raise StoreError(f'replicate {replicate} of the arm "{arm.name}" is not stored; run the scenario again')
        return dict(row)


def _newest_first() -> sql.Select[Any]:
    """Return the query for all studies, by the number of their last record, not by the clock, which may be set back."""
    table, records = schema.studies, schema.provenance
    newest = sql.select(records.c.study, sql.func.max(records.c.id).label("id")).group_by(records.c.study).subquery()
    told = (table.c[name] for name in ("name", "title", "digest", "created_at", "last_run_at"))
    return sql.select(*told).join(newest, newest.c.study == table.c.digest).order_by(newest.c.id.desc())


def _entry(row: sql.Row[Any], counts: Mapping[str, int]) -> StudyEntry:
    return StudyEntry(row.name, row.title, row.digest, counts[row.digest], row.created_at, row.last_run_at)


def _rows(blocks: Mapping[tuple[int, int], BlockRuns], replicates: int) -> RunRows:
    """Return the runs of some blocks as rows, as far as they are among the first replicates, in key order."""
    parts = []
    for (world, block), runs in sorted(blocks.items(), key=lambda item: item[0]):
        wanted = min(LANES, replicates - block * LANES)
        keys = np.empty((wanted, 2), dtype=np.int64)
        keys[:, 0], keys[:, 1] = world, np.arange(block * LANES, block * LANES + wanted)
        parts.append((keys, runs.integers[:wanted], runs.adopted_bits[:wanted]))
    return RunRows(*map(np.concatenate, zip(*parts, strict=True)))


def _leaders_in(arm: PlannedArm, replicates: range, seed: int) -> NDArray[np.bool_]:
    """Return who leads in replicates that begin where a block does; shape (replicates, agents)."""
    blocks = range(replicates.start // LANES, -(-replicates.stop // LANES))
    words = np.array([arm.leader_words(block, seed=seed) for block in blocks]).astype("<u8")
    octets = words[..., np.newaxis].view(np.uint8)
    table = np.unpackbits(octets, axis=2, bitorder="little").transpose(0, 2, 1).reshape(-1, words.shape[1])
    return table[: len(replicates)].astype(np.bool_)


def _series(connection: sql.Connection, arm: PlannedArm) -> int:
    table = schema.series
    query = sql.select(table.c.id).where(
        table.c.setting_digest == arm.setting_digest, table.c.arm_digest == arm.arm_digest
    )
    number = connection.execute(query).scalar()
    if number is None:
        raise StoreError(f'the arm "{arm.name}" is not stored; was its study deleted? Run the scenario again')
    return int(number)
