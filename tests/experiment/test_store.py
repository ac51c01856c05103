"""Studies and runs in the database: kept once, found again, refused where they do not fit."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import sqlalchemy as sql
from experiment_cases import played, rows

from diffusion.errors import InputError, StoreError
from diffusion.experiment import environment, provenance, runner, schema
from diffusion.experiment.database import Database
from diffusion.experiment.plan import plan
from diffusion.experiment.runner import Progress
from diffusion.scenario import load_scenario


def test_writing_runs_twice_is_harmless(make_study, make_store):
    study, store = make_study(), make_store()
    played(study, store)
    before = rows(store)
    played(study, store)
    assert rows(store) == before
    assert len(before) == 200


def test_a_run_is_stored_only_as_far_as_the_study_wants_it(make_study, make_store):
    store = played(make_study(replicates=70), make_store())
    assert sorted({row[3] for row in rows(store)}) == list(range(70))


def test_more_replicates_extend_what_is_stored(make_study, make_store):
    store = played(make_study(replicates=70), make_store())
    before = rows(store)
    played(make_study(replicates=200), store)
    assert [row for row in rows(store) if row[3] < 70] == before
    assert len(rows(store)) == 400
    [entry] = store.studies()
    assert entry.runs == 400


def test_another_arm_finds_the_runs_that_are_there(make_study, make_store):
    store = played(make_study(), make_store())
    shown: list[Progress] = []
    study = make_study(more='[[arms]]\nname = "edge"\nleaders.position = "marginal"')
    played(study, store, report=shown.append)
    assert (shown[0].stored_before, shown[0].total) == (200, 300)


def test_a_stored_study_is_found_by_name_and_by_the_start_of_its_digest(make_study, make_store):
    store = played(make_study(), make_store())
    first = store.find("who")
    played(make_study(more='[[arms]]\nname = "edge"\nleaders.position = "marginal"'), store)
    newest = store.find("who")
    assert newest.digest != first.digest
    assert store.find(first.digest[:6]).digest == first.digest
    with pytest.raises(InputError, match='there is no study "whom"; did you mean "who"'):
        store.find("whom")
    with pytest.raises(InputError, match="there is no study"):
        store.find(first.digest[:5])


def test_a_stored_study_needs_no_file(make_study, make_store, tmp_path):
    study = make_study()
    store = played(study, make_store())
    for path in (*(tmp_path / "town").iterdir(), tmp_path / "who.toml"):
        path.unlink()
    again = store.study(store.find("who"))
    assert again.digest == study.digest
    assert again.networks[0].digest == study.networks[0].digest
    assert [arm.choice for arm in again.arms] == [arm.choice for arm in study.arms]
    runs = store.runs(again.arms[1], seed=5, replicates=100)
    assert (runs.leaders.sum(axis=1) == 2).all()
    assert (runs.adopted.sum(axis=1) == runs.adopters).all()
    assert ((runs.adopted & ~runs.leaders).sum(axis=1) == runs.spread).all()


def test_leaders_by_sets_strata_draws_and_traits_are_kept_with_a_study(make_study, make_store, tmp_path):
    positions = ("spread_out_hubs", "one_hop", "stratified", "low_threshold")
    more = "".join(f'[[arms]]\nname = "{name}"\nleaders.position = "{name}"\n' for name in positions)
    more += 'adoption = { rule = "threshold", threshold = { beta = [2, 8] } }\n'
    study = make_study(more=more)
    store = played(study, make_store())
    (tmp_path / "who.toml").unlink()
    again = store.study(store.find("who"))
    assert [arm.choice for arm in again.arms] == [arm.choice for arm in study.arms]
    kinds = [
        (bool(choice.sets), bool(choice.strata), choice.draw, choice.value is None)
        for choice in (arm.choice for arm in again.arms[2:6])
    ]
    assert kinds == [
        (True, False, "", True),
        (False, False, "one_hop", True),
        (False, True, "", True),
        (False, False, "", False),
    ]
    for arm in again.arms[2:6]:
        assert (store.runs(arm, seed=5, replicates=100).leaders.sum(axis=1) == 2).all()


def test_what_was_dropped_from_a_network_is_still_told_of_a_stored_study(scenario_file, make_store, tmp_path):
    path = scenario_file()
    ties = tmp_path / "town" / "ties.csv"
    ties.write_text(ties.read_text() + "p00,p00,tie,1.0\np00,p01,tie,0.5\n")
    store = played(plan(load_scenario(path)), make_store())
    [network] = store.study(store.find("who")).networks
    assert (network.self_ties, network.repeats) == (1, 1)


def test_runs_that_are_missing_are_told(make_study, make_store):
    study, store = make_study(), make_store()
    store.save(study, {})
    with pytest.raises(StoreError, match='"random" has 0 of 100 runs stored; run the scenario again'):
        store.runs(study.arms[0], seed=5, replicates=100)


def test_runs_made_with_other_leaders_are_never_continued(make_study, make_store):
    study = make_study()
    store = played(study, make_store())
    with store.database.writing() as connection:
        connection.execute(schema.series.update().values(leaders='{"fixed": [1], "places": 0}'))
    with pytest.raises(StoreError, match="was stored with other leaders"):
        store.save(study, {})


def test_provenance_tells_how_and_with_what_and_names_nobody(make_study, make_store):
    study = make_study()
    store = played(study, make_store())
    [record] = store.records(store.find("who"))
    assert record["seed"] == 5
    assert record["network_digests"] == {"town": study.networks[0].digest}
    assert set(record["versions"]) == {"python", *environment.PACKAGES}
    assert record["started_at"] <= record["finished_at"]
    assert record["finished_at"].endswith("+00:00")
    assert {"node", "user", "host", "folder"}.isdisjoint(record["machine"])
    told = provenance.record(
        study, ["diffusion", "run", "/home/jane.doe/a.toml", "--database=C:\\jane\\b.db"], "mesa", 1
    )
    assert told["command"] == ["diffusion", "run", "a.toml", "--database=b.db"]


def test_a_database_of_a_newer_version_is_refused_and_not_touched(make_study, make_store, place):
    store = played(make_study(), make_store())
    with store.database.writing() as connection:
        connection.execute(schema.versions.update().values(version=99))
    for create in (False, True):
        with pytest.raises(StoreError, match=r": was written by a newer version of diffusion .*99.*update"):
            Database(place, create=create)
    with store.database.reading() as connection:
        assert connection.execute(sql.select(schema.versions.c.version)).scalar() == 99


def test_a_database_that_another_program_is_writing_to_is_told_after_a_while(make_store, place):
    database = make_store().database
    waiting = Database(place, timeout_seconds=0.1)
    with database.writing() as connection:
        connection.execute(schema.versions.update().values(version=schema.SCHEMA_VERSION))
        with (
            pytest.raises(StoreError, match=r"is locked: another program has been writing to it for 0\.1 seconds"),
            waiting.writing(),
        ):
            pytest.fail("two may not write at once")


def test_a_study_that_is_deleted_while_it_is_played_is_told(make_study, make_store):
    study, store = make_study(), make_store()
    with pytest.raises(StoreError, match='the arm "random" is not stored; was its study deleted'):
        runner.run(study, store)


def test_a_clock_that_is_set_back_loses_nothing_and_the_study_run_last_stays_the_last(
    make_study, make_store, monkeypatch
):
    store = played(make_study("first"), make_store())
    monkeypatch.setattr("diffusion.experiment.store.now", lambda: "1999-12-31T23:59:59+00:00")
    played(make_study("second"), store)
    played(make_study(replicates=200), store)
    [newest, second, first] = store.studies()
    assert (newest.name, second.name, first.name) == ("who", "second", "first")
    assert newest.created_at < first.created_at
    monkeypatch.undo()
    undisturbed = rows(store)
    played(make_study(replicates=200), store)
    assert rows(store) == undisturbed
    assert len(undisturbed) == 400


def test_two_processes_that_make_the_same_database_at_once_do_no_harm(place):
    code = "import sys; from diffusion.experiment.database import Database; Database(sys.argv[1], create=True)"
    several = [subprocess.Popen([sys.executable, "-c", code, str(place)]) for _ in range(2)]
    assert [process.wait() for process in several] == [0, 0]
    with Database(place).reading() as connection:
        assert connection.exec_driver_sql("SELECT version FROM schema_version").all() == [(schema.SCHEMA_VERSION,)]


def test_what_is_read_in_parts_is_what_is_read_at_once(make_study, make_store, monkeypatch):
    monkeypatch.setattr("diffusion.experiment.run_rows.MOST_ROWS", 64)
    study = make_study(replicates=150)
    store = played(study, make_store())
    for arm in study.arms:
        parts = list(store.runs_in_parts(arm, seed=5, replicates=150))
        assert [part.replicates for part in parts] == [64, 64, 22]
        whole = store.runs(arm, seed=5, replicates=150)
        assert np.array_equal(np.concatenate([part.adopted for part in parts]), whole.adopted)
        assert np.array_equal(np.concatenate([part.area_steps for part in parts]), whole.area_steps)
        leaders = [np.broadcast_to(part.leaders, (part.replicates, 12)) for part in parts]
        assert np.array_equal(np.concatenate(leaders), np.broadcast_to(whole.leaders, (150, 12)))
