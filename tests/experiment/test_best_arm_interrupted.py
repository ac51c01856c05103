"""A study of the best arm, killed and stopped in the middle, by any engine: it ends as if nothing had been."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from best_cases import BEST
from experiment_cases import rows
from killed_runs import started, wait_for_runs

from diffusion.cli.main import main
from diffusion.experiment.database import Database
from diffusion.experiment.store import Store


@pytest.fixture
def path(scenario_file: Callable[..., Path]) -> Path:
    found = scenario_file(text=BEST, steps=2000)
    found.write_text(found.read_text(encoding="utf-8").replace("transmission = 0.2", "transmission = 0.0005"))
    return found


def told(path: Path, database: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["run", str(path), "--database", str(database), "--json", *words]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_killed_stopped_and_resumed_it_ends_like_one_that_nothing_disturbed(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database, whole = tmp_path / "killed.db", tmp_path / "whole.db"
    process = started(path, database)
    wait_for_runs(process, database)
    process.kill()
    process.communicate()
    process = started(path, database)
    wait_for_runs(process, database, more_than=700)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert told(path, database, capsys) == told(path, whole, capsys, "--workers", "1")
    assert rows(Store(Database(database))) == rows(Store(Database(whole)))


def test_a_run_leaves_one_record_however_often_it_looked(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "runs.db"
    found = told(path, database, capsys)
    store = Store(Database(database))
    entry = store.find("who")
    [record] = store.records(entry)
    assert record["replicates"] == store.study(entry).scenario.replicates > 128
    assert record["finished_at"] is not None
    assert told(path, database, capsys) == found
    assert [one["replicates"] for one in store.records(entry)] == [record["replicates"]] * 2


def test_a_shard_of_such_a_study_is_refused_in_one_line(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(path), "--database", str(tmp_path / "runs.db"), "--shard", "1/2"]) == 2
    [line] = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("--shard: how many runs a precision needs is known only when all shards have played")


def test_the_readable_model_names_the_same_arm(
    scenario_file: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scenario_file(text=BEST.replace("best_within = 0.02", "best_within = 0.06"), steps=3)
    first = told(path, tmp_path / "mesa.db", capsys, "--engine", "mesa")
    assert told(path, tmp_path / "ensemble.db", capsys) == first
