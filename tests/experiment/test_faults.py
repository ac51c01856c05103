"""Killed, doubled, interrupted: nothing is lost and nothing is there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from experiment_cases import played, rows

from diffusion.experiment.database import Database
from diffusion.experiment.plan import plan
from diffusion.experiment.store import Store
from diffusion.scenario import load_scenario

REPLICATES = 6000


def started(path, database):
    """Start a run in a process of its own."""
    command = [sys.executable, "-m", "diffusion", "run", str(path), "--database", str(database), "--workers", "1"]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    )


def stored_runs(database):
    if not database.exists() or not database.stat().st_size:
        return 0
    with Database(database).reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one()


@pytest.fixture
def slow_scenario(scenario_file):
    """Write a study that takes some seconds: long chains of small batches."""
    path = scenario_file(replicates=REPLICATES, steps=2000)
    path.write_text(path.read_text().replace("transmission = 0.2", "transmission = 0.0005"))
    return path


def test_a_study_killed_several_times_resumes_without_loss_or_duplicates(slow_scenario, tmp_path):
    database = tmp_path / "killed.db"
    progress = [0]
    for _ in range(4):
        process = started(slow_scenario, database)
        deadline = time.monotonic() + 60
        while process.poll() is None and stored_runs(database) <= progress[-1] and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        progress.append(stored_runs(database))
    assert progress == sorted(progress)
    assert 0 < progress[1] < 2 * REPLICATES, "the first process must be killed in the middle of its work"
    process = started(slow_scenario, database)
    output, errors = process.communicate()
    assert process.returncode == 0, errors.decode()
    assert b"Who should lead?" in output
    undisturbed = played(plan(load_scenario(slow_scenario)), Store(Database(tmp_path / "undisturbed.db", create=True)))
    assert rows(Store(Database(database))) == rows(undisturbed)


def test_two_processes_that_run_the_same_study_at_once_do_no_harm(slow_scenario, tmp_path):
    database = tmp_path / "both.db"
    both = [started(slow_scenario, database) for _ in range(2)]
    answers = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert answers[0][0] == answers[1][0]
    assert stored_runs(database) == 2 * REPLICATES


def test_ctrl_c_finishes_the_batch_says_what_is_stored_and_exits_with_130(slow_scenario, tmp_path):
    database = tmp_path / "interrupted.db"
    process = started(slow_scenario, database)
    deadline = time.monotonic() + 60
    while not stored_runs(database) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    assert process.returncode == 130
    assert output == b""
    stored = stored_runs(database)
    assert 0 < stored < 2 * REPLICATES
    assert f"{stored:,} of {2 * REPLICATES:,} runs are stored; the same command goes on from there." in errors.decode()
    assert "Traceback" not in errors.decode()
