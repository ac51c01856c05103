"""The verbs that change a store: merged, deleted, brought up to date, exported, and what they say."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest
from experiment_cases import SCENARIO, make_study, played, scenario_file  # noqa: F401 - fixtures

from diffusion.cli.main import main
from diffusion.experiment.database import Database
from diffusion.experiment.export import export_runs
from diffusion.experiment.store import Store

OLD = Path(__file__).parents[1] / "experiment" / "stores" / "v1.sql"
MORE = '[[arms]]\nname = "edge"\nleaders.position = "marginal"'


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Return a function that carries out a command in an empty folder: its code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def called(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        errors = "".join(line for line in told.err.splitlines(keepends=True) if not line.startswith("Compiling "))
        return code, told.out, errors

    return called


@pytest.fixture
def done(call, make_study):  # noqa: F811
    """Return the function, after two studies were run that share two arms."""
    store = played(make_study(), Store(Database("results/diffusion.db", create=True)))
    played(make_study("whom", more=MORE), store)
    return call


def test_a_study_is_deleted_after_what_goes_was_said(done, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = ["n", "y"]
    monkeypatch.setattr("click.confirm", lambda *_, **__: answers.pop(0) == "y")
    digest = json.loads(done("studies", "list", "--json")[1])[0]["digest"][:12]
    says = f'The study "whom" ({digest}) goes, with 100 runs; 200 more stay, for other studies need them.\n'
    assert done("studies", "delete", "whom") == (0, "", f"{says}Nothing was deleted.\n")
    assert done("studies", "delete", "whom") == (0, "", f"{says}100 runs were deleted.\n")
    assert [entry["study"] for entry in json.loads(done("studies", "list", "--json")[1])] == ["who"]


def test_without_a_terminal_a_study_is_deleted_only_with_yes(done):
    code, _, errors = done("studies", "delete", "who")
    assert code == 2
    assert errors.splitlines()[-1].startswith(
        "diffusion studies delete: there is no terminal to ask at; add --yes to delete"
    )
    code, _, errors = done("studies", "delete", "who", "--yes")
    assert (code, errors.splitlines()[-1]) == (0, "0 runs were deleted.")
    assert done("studies", "delete", "who", "--yes")[0] == 2
    assert done("studies", "delete", "who", "--yes", "--database", "new.db")[0] == 2
    assert not Path("new.db").exists()


def test_another_database_is_merged_and_told(done, make_study):  # noqa: F811
    played(make_study("third", replicates=150), Store(Database("other.db", create=True)))
    said = "1 study is now in results/diffusion.db that other.db holds: {} runs were added, {} runs were there already"
    code, output, errors = done("studies", "merge", "other.db")
    assert (code, output) == (0, "")
    assert errors.startswith(said.format(100, 200))
    assert done("studies", "merge", "other.db")[2].startswith(said.format(0, 300))
    assert done("studies", "merge", "results/diffusion.db")[::2] == (
        2,
        "results/diffusion.db: is the database itself; name the other one\n",
    )
    code, _, errors = done("studies", "merge", "nowhere.db")
    assert (code, errors.split(";")[0]) == (2, "nowhere.db: there is no database here")


def test_a_store_of_an_older_version_is_brought_up_to_date_by_whatever_writes_and_says_so(call):
    with sqlite3.connect("old.db") as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
    connection.close()
    assert json.loads(call("studies", "list", "--json", "--database", "old.db")[1])[0]["runs"] == 840
    said = "Its tables were brought up to date, from version 1; no number has changed.\n"
    assert call("studies", "migrate", "--database", "old.db") == (0, "", said)
    assert call("studies", "migrate", "--database", "old.db") == (0, "", "The tables of old.db are up to date.\n")
    assert json.loads(call("studies", "list", "--json", "--database", "old.db")[1])[0]["runs"] == 840
    assert call("studies", "migrate", "--database", "new.db")[0] == 2
    assert not Path("new.db").exists()


def test_run_says_that_it_brought_an_older_store_up_to_date(call, scenario_file):  # noqa: F811
    with sqlite3.connect("old.db") as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
    connection.close()
    code, _, errors = call("run", scenario_file(), "--database", "old.db")
    said = "Its tables were brought up to date, from version 1; no number has changed.\n"
    assert (code, errors) == (0, f"Results are kept in old.db.\n{said}")


def test_provenance_tells_the_digests_of_files_as_sha256sum_prints_them(call, scenario_file):  # noqa: F811
    path = scenario_file()
    call("run", path)
    [record] = json.loads(call("studies", "show", "who", "--provenance")[1])
    files = {"who.toml": path} | {name: Path(name) for name in ("town/about.toml", "town/agents.csv", "town/ties.csv")}
    assert record["file_digests"] == {
        name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()
    }
    assert {"versions", "seed", "command", "machine", "started_at", "finished_at"} <= record.keys()


def test_an_export_of_many_parts_is_the_export_of_one(make_study, tmp_path, monkeypatch):  # noqa: F811
    more = '[sweep]\n"adoption.transmission" = [0.1, 0.3]'
    study = make_study(replicates=150, more=more)
    store = played(study, Store(Database(tmp_path / "runs.db", create=True)))
    for suffix in ("csv", "parquet"):
        if suffix == "parquet" and not os.environ.get("DIFFUSION_REQUIRE_SERVICES"):
            pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
        assert export_runs(study, store, tmp_path / f"whole.{suffix}").runs == 600
        with monkeypatch.context() as patched:
            patched.setattr("diffusion.experiment.run_rows.MOST_ROWS", 64)
            assert export_runs(study, store, tmp_path / f"parts.{suffix}").runs == 600
    assert (tmp_path / "whole.csv").read_bytes() == (tmp_path / "parts.csv").read_bytes()
    whole, parts = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("whole", "parts"))
    pd.testing.assert_frame_equal(whole, parts)
    assert whole.groupby(["arm", "adoption.transmission"]).size().tolist() == [150] * 4


def test_an_export_that_fails_leaves_the_file_that_was_there(make_study, tmp_path, monkeypatch):  # noqa: F811
    study = make_study()
    store = played(study, Store(Database(tmp_path / "runs.db", create=True)))
    file = tmp_path / "runs.csv"
    file.write_text("of yesterday")
    monkeypatch.setattr("diffusion.experiment.run_columns.outcome_values", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export_runs(study, store, file)
    assert file.read_text() == "of yesterday"
    assert sorted(path.name for path in tmp_path.glob("*runs.csv*")) == ["runs.csv"]


def test_the_memory_of_an_export_does_not_grow_with_the_number_of_runs(make_study, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr("diffusion.experiment.run_rows.MOST_ROWS", 512)
    peaks = []
    for replicates in (2_000, 16_000):
        study = make_study(replicates=replicates)
        store = played(study, Store(Database(tmp_path / f"{replicates}.db", create=True)))
        export_runs(study, store, tmp_path / "warm.csv")
        tracemalloc.start()
        export_runs(study, store, tmp_path / "runs.csv")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0], "eight times the runs, and no more memory"
