"""Killed, doubled, interrupted: nothing is lost and nothing is there twice."""

from __future__ import annotations

import re
import resource
import shutil
import signal
import subprocess
import time

import pytest
from experiment_cases import rows
from killed_runs import REPLICATES, started, stored_runs, undisturbed, wait_for_runs
from postgres import fresh_database, told

from diffusion.errors import DatabaseError, StoreError
from diffusion.experiment import runner
from diffusion.experiment.database import Database
from diffusion.experiment.store import Store


def test_a_study_killed_several_times_resumes_without_loss_or_duplicates(slow_scenario, place, tmp_path):
    progress = [0]
    for _ in range(3):
        process = started(slow_scenario, place)
        wait_for_runs(process, place, progress[-1])
        process.send_signal(signal.SIGKILL)
        process.communicate()
        progress.append(stored_runs(place))
    assert progress == sorted(progress)
    assert 0 < progress[1] < 2 * REPLICATES, "the first process must be killed in the middle of its work"
    process = started(slow_scenario, place)
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    assert "Who should lead?" in output
    assert rows(Store(Database(place))) == undisturbed(slow_scenario, tmp_path)


def test_two_processes_that_run_the_same_study_at_once_do_no_harm(slow_scenario, place):
    both = [started(slow_scenario, place) for _ in range(2)]
    answers = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert answers[0][0] == answers[1][0]
    assert stored_runs(place) == 2 * REPLICATES


def test_a_server_that_is_killed_and_comes_back_loses_nothing_and_the_run_goes_on(
    slow_scenario, mortal_postgresql, tmp_path
):
    with fresh_database(mortal_postgresql.url) as place:
        process = started(slow_scenario, place)
        wait_for_runs(process, place)
        mortal_postgresql.kill()
        time.sleep(1)
        mortal_postgresql.start()
        before = stored_runs(place)
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        assert "Who should lead?" in output
        assert 0 < before < 2 * REPLICATES, "the server must be killed in the middle of the work"
        assert rows(Store(Database(place))) == undisturbed(slow_scenario, tmp_path)


def test_a_server_that_does_not_come_back_is_told_and_what_was_stored_is_kept(
    make_study, mortal_postgresql, monkeypatch
):
    monkeypatch.setattr("diffusion.experiment.database.RECONNECT_SECONDS", 0.5)
    study = make_study(replicates=1000)
    with fresh_database(mortal_postgresql.url) as place:
        store = Store(Database(place, create=True))
        number = store.save(study, {})
        killed: list[int] = []

        def kill(progress):
            if progress.done and not killed:
                killed.append(progress.done)
                mortal_postgresql.kill()

        with pytest.raises(DatabaseError, match=r"the server is gone .*; run again: what was stored is kept"):
            runner.run(study, store, report=kill)
        with pytest.raises(StoreError, match=r"cannot be reached .*; see whether the server runs"):
            Database(place)
        mortal_postgresql.start()
        assert stored_runs(place) == killed[0]
        assert runner.run(study, store)
        store.finish(number)
        assert stored_runs(place) == 2000


def mounted(folder, size):
    """Return whether a disk of so many bytes could be put under a folder, or its size be changed."""
    options = f"{'remount,' if folder.is_mount() else ''}size={size}"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return bool(shutil.which("mount")) and subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path):
    """Give a folder under which a small disk may be put."""
    folder = tmp_path / "disk"
    folder.mkdir()
    yield folder
    if folder.is_mount():
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_is_full_is_told_and_the_run_goes_on_when_there_is_room(scenario_file, disk, tmp_path):
    path, database, size = scenario_file(replicates=20_000), disk / "runs.db", 600 * 1024
    bound = {}
    if not mounted(disk, size):  # only root may mount; a bound on the size of every file stands in for the disk

        def bounded():
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        bound = {"preexec_fn": bounded}
    process = started(path, database, **bound)
    _, errors = process.communicate()
    assert process.returncode == 1
    assert re.search(
        r"runs\.db: the disk (is full; make room|cannot be read or written).* what was stored is kept", errors
    )
    assert "Traceback" not in errors
    kept = set(rows(Store(Database(database))))
    assert 0 < len(kept) < 40_000
    if disk.is_mount():
        assert mounted(disk, 100 * size)
    process = started(path, database)
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    assert rows(Store(Database(database))) == undisturbed(path, tmp_path)
    assert kept <= set(rows(Store(Database(database))))


def test_a_server_whose_disk_is_full_is_told_and_the_run_goes_on_when_there_is_room(
    scenario_file, own_postgresql, disk, tmp_path
):
    if not mounted(disk, 9 * 2**20):
        pytest.skip("only root may mount a small disk, and a server knows no other bound")
    for folder in (disk, *tmp_path.parents[:2], tmp_path):
        folder.chmod(0o755)
    shutil.chown(disk, own_postgresql.user)
    path = scenario_file(replicates=20_000)
    told(own_postgresql.url, f"CREATE TABLESPACE small LOCATION '{disk}'")
    with fresh_database(own_postgresql.url) as place:
        told(own_postgresql.url, f"ALTER DATABASE {place.rpartition('/')[2]} SET TABLESPACE small")
        process = started(path, place)
        _, errors = process.communicate()
        assert process.returncode == 1
        assert "the disk is full; make room and run again: what was stored is kept" in errors
        assert stored_runs(place) < 40_000
        assert mounted(disk, 200 * 2**20)
        process = started(path, place)
        _, errors = process.communicate()
        assert process.returncode == 0, errors
        assert rows(Store(Database(place))) == undisturbed(path, tmp_path)
    told(own_postgresql.url, "DROP TABLESPACE small")


def test_ctrl_c_finishes_the_batch_says_what_is_stored_and_exits_with_130(slow_scenario, tmp_path):
    database = tmp_path / "interrupted.db"
    process = started(slow_scenario, database)
    wait_for_runs(process, database)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    assert process.returncode == 130
    assert output == ""
    stored = stored_runs(database)
    assert 0 < stored < 2 * REPLICATES
    assert f"{stored:,} of {2 * REPLICATES:,} runs are stored; the same command goes on from there." in errors
    assert "Traceback" not in errors
