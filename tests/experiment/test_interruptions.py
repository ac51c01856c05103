"""Stopped twice, killed, resumed twice at once, edited between: nothing is lost, mixed, or there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from experiment_cases import played, rows

from diffusion.cli.main import main
from diffusion.experiment.batches import Batch
from diffusion.experiment.database import Database
from diffusion.experiment.plan import plan
from diffusion.experiment.store import Store
from diffusion.scenario import load_scenario

REPLICATES = 4000


def started(path, database, *words):
    command = [sys.executable, "-m", "diffusion", "run", str(path), "--database", str(database), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stored_runs(database):
    if not database.exists() or not database.stat().st_size:
        return 0
    with Database(database).reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one()


def wait_for_runs(database):
    deadline = time.monotonic() + 60
    while stored_runs(database) == 0 and time.monotonic() < deadline:
        time.sleep(0.02)


def of_one_table(path, database):
    """Return whether a database holds the very runs of a study that nothing disturbed."""
    whole = Store(Database(database.with_name("whole.db"), create=True))
    return rows(Store(Database(database))) == rows(played(plan(load_scenario(path)), whole))


@pytest.fixture
def slow_scenario(scenario_file):
    path = scenario_file(replicates=REPLICATES, steps=2000)
    path.write_text(path.read_text().replace("transmission = 0.2", "transmission = 0.0005"))
    return path


def mesa_scenario(scenario_file):
    """Return a study of which one block takes seconds."""
    path = scenario_file(replicates=REPLICATES, steps=2000)
    path.write_text(path.read_text().replace("transmission = 0.2", "transmission = 0.00001"))
    return path


def test_ctrl_c_twice_stops_in_the_middle_of_a_batch_with_130(scenario_file, tmp_path):
    database = tmp_path / "stopped.db"
    process = started(mesa_scenario(scenario_file), database, "--engine", "mesa")
    deadline = time.monotonic() + 60
    while not database.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(2)  # Mesa is being imported, or the first block is played; either takes longer than this test waits
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None, "once is to finish the batch"
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=5)
    assert (process.returncode, output) == (130, "")
    assert time.monotonic() - began < 3
    assert errors.splitlines()[-2:] == [
        "Stopping when the batch at hand is stored; Ctrl-C once more stops at once.",
        "Stopped.",
    ]


def test_a_study_stopped_twice_over_goes_on_without_loss_or_duplicates(slow_scenario, tmp_path):
    database = tmp_path / "stopped.db"
    process = started(slow_scenario, database)
    wait_for_runs(database)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    assert 0 < stored_runs(database) < 2 * REPLICATES
    again = started(slow_scenario, database)
    again.communicate()
    assert again.returncode == 0
    assert of_one_table(slow_scenario, database)


@pytest.mark.skipif(not Path("/proc").exists(), reason="processes are looked up where Linux lists them")
def test_a_killed_run_leaves_no_process_behind(slow_scenario, tmp_path):
    database = tmp_path / "killed.db"
    process = started(slow_scenario, database, "--workers", "3")
    wait_for_runs(database)
    threads = list(Path(f"/proc/{process.pid}/task").iterdir())
    children = [Path(thread / "children").read_text() for thread in threads]
    assert len(threads) > 3
    assert set(children) == {""}
    process.kill()
    process.communicate()
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert str(database).encode() not in command.read_bytes()
        except OSError:
            continue


def test_two_resumes_at_once_lose_nothing_and_store_nothing_twice(slow_scenario, tmp_path):
    database = tmp_path / "both.db"
    process = started(slow_scenario, database)
    wait_for_runs(database)
    process.kill()
    process.communicate()
    assert 0 < stored_runs(database) < 2 * REPLICATES
    both = [started(slow_scenario, database) for _ in range(2)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert told[0][0] == told[1][0]
    assert of_one_table(slow_scenario, database)


def test_a_network_edited_between_start_and_resume_is_never_mixed(scenario_file, tmp_path, capsys):
    database = tmp_path / "edited.db"
    path = scenario_file(replicates=300)
    run = ["run", str(path), "--database", str(database)]
    before = rows(played(plan(load_scenario(path)), Store(Database(database, create=True))))
    ties = tmp_path / "town" / "ties.csv"
    untouched = ties.read_text(encoding="utf-8")
    lines = untouched.splitlines(keepends=True)
    ties.write_text("".join(lines[:-1]), encoding="utf-8")
    assert main(run) == 0
    [line] = [line for line in capsys.readouterr().err.splitlines() if "has changed" in line]
    digest = Store(Database(database)).studies()[1].digest[:12]
    assert line == (
        'The content of the network "town" has changed since 600 runs of who were stored. This is a new study; '
        f"the other is kept as {digest}, and the two are never mixed."
    )
    both = rows(Store(Database(database)))
    assert len(both) == 1200
    assert [row for row in both if row[0] == before[0][0]] == before
    assert main(run) == 0
    assert "has changed" not in capsys.readouterr().err, "once said, it is another study and that is that"
    ties.write_text(untouched, encoding="utf-8")
    assert main(run) == 0
    assert "has changed" not in capsys.readouterr().err
    assert rows(Store(Database(database))) == both


def test_the_main_thread_alone_writes_while_others_play(make_study, make_store, monkeypatch):
    wrote, played_by = set(), set()
    write, play = Store.write, Batch.play

    def noted_write(*arguments):
        wrote.add(threading.current_thread())
        write(*arguments)

    def noted_play(batch):
        played_by.add(threading.current_thread())
        return play(batch)

    monkeypatch.setattr(Store, "write", noted_write)
    monkeypatch.setattr(Batch, "play", noted_play)
    played(make_study(replicates=2000), make_store(), workers=2)
    assert wrote == {threading.main_thread()}
    assert len(played_by) == 2
    assert threading.main_thread() not in played_by


def test_the_readable_model_plays_in_one_thread(make_study, make_store, monkeypatch):
    played_by = set()
    play = Batch.play

    def noted_play(batch):
        played_by.add(threading.current_thread())
        return play(batch)

    monkeypatch.setattr(Batch, "play", noted_play)
    played(make_study(replicates=130), make_store(), engine="mesa", workers=4)
    assert len(played_by) == 1


def test_workers_are_as_many_as_cores_unless_said_otherwise(scenario_file, tmp_path, monkeypatch):
    path, database = scenario_file(), tmp_path / "runs.db"
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(3)), raising=False)
    assert main(["run", str(path), "--database", str(database)]) == 0
    assert main(["run", str(path), "--database", str(database), "--workers", "2"]) == 0
    assert main(["run", str(path), "--database", str(database), "--engine", "mesa"]) == 0
    store = Store(Database(database))
    assert [record["workers"] for record in store.records(store.find("who"))] == [3, 2, 1]
