"""Studies and runs in the database: kept once, found again, refused where they do not fit."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap

import pytest
from experiment_cases import played, rows

from diffusion.errors import DatabaseError, InputError, StoreError
from diffusion.experiment import provenance, schema
from diffusion.experiment.database import Database, database_path
from diffusion.experiment.plan import plan
from diffusion.experiment.runner import Progress
from diffusion.experiment.store import Store
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
    assert set(record["versions"]) == {"python", *provenance.PACKAGES}
    assert record["started_at"] <= record["finished_at"]
    assert record["finished_at"].endswith("+00:00")
    assert {"node", "user", "host", "folder"}.isdisjoint(record["machine"])
    told = provenance.record(
        study, ["diffusion", "run", "/home/jane.doe/a.toml", "--database=C:\\jane\\b.db"], "mesa", 1
    )
    assert told["command"] == ["diffusion", "run", "a.toml", "--database=b.db"]


def test_a_database_of_a_newer_version_is_refused_and_not_touched(make_study, make_store):
    store = played(make_study(), make_store())
    with store.database.writing() as connection:
        connection.execute(schema.versions.update().values(version=99))
    before = store.database.path.read_bytes()
    for create in (False, True):
        with pytest.raises(StoreError, match=r"runs\.db: was written by a newer version of diffusion .*99.*update"):
            Database(store.database.path, create=create)
    assert store.database.path.read_bytes() == before


def test_what_is_no_database_of_ours_is_refused_and_not_touched(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but a long enough text")
    with pytest.raises(StoreError, match="is no SQLite database"):
        Database(text, create=True)
    assert text.read_text().startswith("not a database")
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE things (id INTEGER)")
    connection.close()
    with pytest.raises(StoreError, match="is a database of another program"):
        Database(other, create=True)
    with pytest.raises(StoreError, match="is a folder"):
        Database(tmp_path, create=True)
    with pytest.raises(StoreError, match=r"no\.db: there is no database here"):
        Database(tmp_path / "no.db")
    assert not (tmp_path / "no.db").exists()


def test_an_empty_file_and_a_database_without_tables_are_no_database_yet(make_study, tmp_path):
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(StoreError, match=r"empty\.db: there is no database here"):
        Database(empty)
    assert empty.stat().st_size == 0
    bare = tmp_path / "bare.db"
    with sqlite3.connect(bare) as connection:
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert len(rows(played(make_study(), Store(Database(bare, create=True))))) == 200


def test_a_row_that_breaks_a_constraint_is_never_dropped_in_silence(make_study, make_store):
    store = played(make_study(), make_store())
    with pytest.raises(DatabaseError, match="CHECK constraint failed"), store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE runs SET spread = -1")


def test_a_damaged_database_is_told_in_one_line(make_study, make_store):
    store = played(make_study(replicates=2000), make_store())
    content = bytearray(store.database.path.read_bytes())
    content[5000:] = bytes(len(content) - 5000)
    store.database.path.write_bytes(content)

    def read_all():
        damaged = Store(Database(store.database.path))
        damaged.runs(damaged.study(damaged.find("who")).arms[0], seed=5, replicates=2000)

    with pytest.raises(StoreError, match=r"is damaged and cannot be read|the database reports") as found:
        read_all()
    assert len(found.value.problems) == 1


def test_a_database_that_cannot_be_read_is_told(tmp_path):
    loop = tmp_path / "loop.db"
    loop.symlink_to(loop)
    for create in (False, True):
        with pytest.raises(StoreError, match=r"loop\.db: (cannot be|there is no database)") as found:
            Database(loop, create=create)
        assert len(found.value.problems) == 1


def test_a_locked_database_is_told(make_store):
    path = make_store().database.path
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match=r"is locked: another program has been writing to it for 0\.1 seconds"):
            Database(path, timeout_seconds=0.1)
        other.execute("ROLLBACK")
    other.close()


def test_only_paths_and_sqlite_urls_name_a_database():
    assert database_path("sqlite:////data/a.db").as_posix() == "/data/a.db"
    with pytest.raises(StoreError, match=r"mysql://…: results are stored in an SQLite file; give its path"):
        database_path("mysql://me:secret@host/db")
    with pytest.raises(StoreError, match="empty"):
        database_path("")


def test_two_processes_that_make_the_same_database_at_once_do_no_harm(tmp_path):
    code = textwrap.dedent(
        """
        import sys
        from diffusion.experiment.database import Database
        for number in range(20):
            Database(f"{sys.argv[1]}/{number}/runs.db", create=True)
        """
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    with Database(tmp_path / "7" / "runs.db").reading() as connection:
        assert connection.exec_driver_sql("SELECT version FROM schema_version").all() == [(schema.SCHEMA_VERSION,)]
