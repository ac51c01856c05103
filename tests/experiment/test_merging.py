"""Merging two stores: halves become the whole, twice is once, and what does not fit is refused and not written."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sql
from experiment_cases import played, rows

from diffusion.errors import StoreError
from diffusion.experiment import merging, schema
from diffusion.experiment.database import Database
from diffusion.experiment.deleting import delete, deletion
from diffusion.experiment.merging import merge
from diffusion.experiment.store import Store

MORE = '[[arms]]\nname = "edge"\nleaders.position = "marginal"'


@pytest.fixture
def other(tmp_path, request, place):
    """Give a store on the other kind of database: what is merged crosses from one to the other."""
    if not isinstance(place, str):
        return Store(Database(request.getfixturevalue("postgresql_place"), create=True))
    return Store(Database(tmp_path / "other" / "runs.db", create=True))


def everything(store):
    """Return all that is stored, without the numbers that differ between stores."""
    with store.database.reading() as connection:
        studies = sorted(map(tuple, connection.execute(sql.select(schema.studies))))
        arms = connection.execute(
            sql.select(schema.study_arms, schema.series.c.arm_digest, schema.series.c.leaders).join(schema.series)
        ).mappings()
        placed = sorted(str({name: value for name, value in row.items() if name != "series"}) for row in arms)
        networks = sorted(map(tuple, connection.execute(sql.select(schema.networks))))
        records = sorted(row.record for row in connection.execute(sql.select(schema.provenance)))
    return rows(store), studies, placed, networks, records


def without(store, condition):
    with store.database.writing() as connection:
        connection.exec_driver_sql(f"DELETE FROM runs WHERE {condition}")
    return store


def test_two_halves_become_the_whole_in_either_direction(make_study, make_store, other, tmp_path):
    study = make_study(replicates=200, more=MORE)
    whole = rows(played(study, Store(Database(tmp_path / "whole.db", create=True))))
    ours = without(played(study, make_store()), "replicate >= 100")
    theirs = without(played(study, other), "replicate < 64")
    found = merge(ours.database, theirs.database)
    assert (found.studies, found.added, found.shared) == (1, 300, 108)
    assert rows(ours) == whole
    assert len(rows(theirs)) == 408, "what is merged is not changed"
    back = merge(theirs.database, ours.database)
    assert (back.added, back.shared) == (192, 408)
    assert everything(theirs)[:1] == everything(ours)[:1]


def test_merging_twice_is_merging_once(make_study, make_store, other):
    ours, theirs = played(make_study("ours"), make_store()), played(make_study("theirs", more=MORE), other)
    merge(ours.database, theirs.database)
    before = everything(ours)
    assert merge(ours.database, theirs.database).added == 0
    assert everything(ours) == before
    assert [entry.name for entry in ours.studies()] == ["theirs", "ours"]
    assert len(rows(ours)) == 300


def test_a_new_database_takes_over_all_there_is(make_study, make_store, other):
    ours, theirs = make_store(), played(make_study(more=MORE), other)
    merge(ours.database, theirs.database)
    assert everything(ours) == everything(theirs)
    again = ours.study(ours.find("who"))
    assert [arm.choice for arm in again.arms] == [arm.choice for arm in make_study(more=MORE).arms]


def test_a_study_that_was_merged_goes_on(make_study, make_store, other):
    merge(make_store().database, without(played(make_study(replicates=200), other), "replicate > 70").database)
    assert rows(played(make_study(replicates=200), make_store())) == rows(played(make_study(replicates=200), other))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "UPDATE runs SET area_steps = area_steps + 1 WHERE replicate = 33",
            r'1 or more of the runs of the arm "random" of the study "who" differ .* one of the two is wrong: keep',
        ),
        (
            'UPDATE series SET leaders = \'{"fixed": [1], "places": 0}\'',
            r'the arm "random" of the study "who" has other leaders than in .*: keep the two databases apart',
        ),
        (
            "UPDATE provenance SET record = '{\"model_version\": 99}'",
            r"its runs are of model version 99, those in .* of \d+; such runs are not mixed: keep the two",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line_and_nothing_is_written(
    make_study, make_store, other, change, message
):
    ours = without(played(make_study(), make_store()), "replicate >= 50")
    theirs = played(make_study(more=MORE), other)
    with theirs.database.writing() as connection:
        connection.exec_driver_sql(change)
    before = everything(ours)
    with pytest.raises(StoreError, match=message) as found:
        merge(ours.database, theirs.database)
    assert len(found.value.problems) == 1
    assert everything(ours) == before


def test_runs_of_another_number_of_agents_are_refused(make_study, make_store, other):
    ours, theirs = played(make_study(), make_store()), played(make_study(), other)
    with theirs.database.writing() as connection:
        connection.execute(schema.runs.update().values(adopted=b"\xff"))
    with pytest.raises(StoreError, match='100 or more of the runs of the arm "random"'):
        merge(ours.database, theirs.database)


@pytest.fixture
def small_parts(monkeypatch):
    """Have runs go over in parts of 64."""
    monkeypatch.setattr("diffusion.experiment.run_rows.MOST_ROWS", 64)


@pytest.mark.usefixtures("small_parts")
def test_between_the_parts_of_a_merger_somebody_else_may_write(make_study, make_store, other, place, monkeypatch):
    ours, theirs = make_store(), played(make_study(replicates=200, more=MORE), other)
    files = [theirs.database.path] if theirs.database.is_file else []
    impatient = [Database(where, timeout_seconds=0.2) for where in (place, *files)]
    parts, add = [], merging.write_part

    def beside(database, series, rows):
        for one in impatient:
            with one.writing() as connection:
                connection.execute(schema.studies.update().values(title="Asked anew"))
        parts.append(len(rows))
        return add(database, series, rows)

    monkeypatch.setattr(merging, "write_part", beside)
    assert merge(ours.database, theirs.database).added == sum(parts) == 600
    assert len(parts) > 9
    assert max(parts) <= 64
    assert rows(ours) == rows(theirs)


@pytest.mark.usefixtures("small_parts")
def test_a_merger_that_is_stopped_is_done_again(make_study, make_store, other, monkeypatch):
    ours, theirs = make_store(), played(make_study(replicates=200, more=MORE), other)
    left, add = [3], merging.write_part

    def stopped(database, series, rows):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return add(database, series, rows)

    monkeypatch.setattr(merging, "write_part", stopped)
    with pytest.raises(KeyboardInterrupt):
        merge(ours.database, theirs.database)
    monkeypatch.setattr(merging, "write_part", add)
    assert 0 < len(rows(ours)) < 600
    found = merge(ours.database, theirs.database)
    assert (found.added + found.shared, len(rows(ours))) == (600, 600)
    assert everything(ours) == everything(theirs)


def test_a_database_is_not_merged_with_itself(make_study, make_store, place):
    store = played(make_study(), make_store())
    with pytest.raises(StoreError, match="is the database itself; name the other one"):
        merge(store.database, Database(place))


def test_a_study_is_kept_as_it_was_asked_last(make_study, make_store, other, monkeypatch):
    monkeypatch.setattr("diffusion.experiment.store.now", lambda: "2030-01-01T00:00:00+00:00")
    ours = played(make_study(replicates=100), make_store())
    monkeypatch.setattr("diffusion.experiment.store.now", lambda: "2030-01-02T00:00:00+00:00")
    theirs = played(make_study(replicates=150), other)
    merge(ours.database, theirs.database)
    assert ours.study(ours.find("who")).scenario.replicates == 150
    assert ours.find("who").created_at == "2030-01-01T00:00:00+00:00"
    assert ours.find("who").last_run_at == "2030-01-02T00:00:00+00:00"
    assert [json.dumps(record["replicates"]) for record in ours.records(ours.find("who"))] == ["100", "150"]


def test_a_study_goes_with_what_no_other_study_needs(make_study, make_store):
    store = played(make_study(), make_store())
    played(make_study("whom", more=MORE), store)
    kept = rows(store)
    entry = store.find("whom")
    assert deletion(store, entry) == delete(store, entry)
    assert [found.name for found in store.studies()] == ["who"]
    assert len(rows(store)) == 200
    assert set(rows(store)) < set(kept)
    last = store.find("who")
    assert (delete(store, last).runs, store.studies(), rows(store)) == (200, [], [])
    with store.database.reading() as connection:
        for table in schema.metadata.tables.values():
            left = connection.execute(sql.select(sql.func.count()).select_from(table)).scalar()
            assert left == (1 if table is schema.versions else 0), table.name


def test_what_goes_and_what_stays_is_told_before_anything_is_deleted(make_study, make_store):
    store = played(make_study(), make_store())
    played(make_study("whom", more=MORE), store)
    told = deletion(store, store.find("whom"))
    assert (told.runs, told.shared) == (100, 200)
    assert len(rows(store)) == 300
    assert len(rows(played(make_study("whom", more=MORE), store))) == 300
