"""Killed at the worst moment: in a transaction, a server's one process, a server's first process, after an edit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from experiment_cases import rows, town
from killed_runs import REPLICATES, started, stored_runs, undisturbed, wait_for_runs
from postgres import fresh_database

from diffusion.cli.main import main
from diffusion.experiment.database import Database
from diffusion.experiment.store import Store
from diffusion.network.formats import csv_folder

KILLS_ITSELF = """
import os, signal, sys
from diffusion.cli.main import main
from diffusion.experiment import store

insert, calls = store.insert_rows, []

def killing(connection, *rows):
    calls.append(rows)
    if len(calls) == 3 and connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size = 1")  # so that the file itself is written to before the end
        connection.exec_driver_sql("PRAGMA cache_spill = 1")
    insert(connection, *rows)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

store.insert_rows = killing
main(["run", sys.argv[1], "--database", sys.argv[2], "--workers", "1"])
"""


def test_a_run_killed_in_the_middle_of_a_transaction_leaves_whole_batches_and_is_resumed(
    scenario_file, place, tmp_path
):
    path = scenario_file(replicates=2000)
    killed = subprocess.run(
        [sys.executable, "-c", KILLS_ITSELF, str(path), str(place)], capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    if isinstance(place, Path):
        journal = place.with_name(f"{place.name}-journal")
        assert journal.stat().st_size, "half a transaction must be in the file"
    whole = undisturbed(path, tmp_path)
    kept = rows(Store(Database(place)))
    assert 0 < len(kept) < len(whole)
    assert set(kept) <= set(whole)
    assert main(["run", str(path), "--database", str(place)]) == 0
    assert rows(Store(Database(place))) == whole


def backends(server, place):
    """Return the numbers of the processes that serve a database."""
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(f"{server.url}/postgres") as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s"
        return [pid for (pid,) in connection.execute(query, [place.rpartition("/")[2]])]


def kill_one_backend(server, place):
    """Kill what serves the run, as a machine does that runs out of memory; the server then ends all others."""
    deadline = time.monotonic() + 30
    while not (serving := backends(server, place)) and time.monotonic() < deadline:
        time.sleep(0.001)
    os.kill(serving[0], signal.SIGKILL)


def kill_the_postmaster(server, _):
    """Kill the server's first process alone; its children see it, and end."""
    file = Path(server.data) / "postmaster.pid"
    main_process = int(file.read_text().split()[0])
    children = Path(f"/proc/{main_process}/task/{main_process}/children").read_text().split()
    os.kill(main_process, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < deadline:
        time.sleep(0.01)
    server.start()


@pytest.mark.parametrize("kill", [kill_one_backend, kill_the_postmaster])
def test_a_server_of_which_one_process_is_killed_loses_nothing_and_the_run_goes_on(
    kill, slow_scenario, mortal_postgresql, tmp_path
):
    with fresh_database(mortal_postgresql.url) as place:
        process = started(slow_scenario, place)
        wait_for_runs(process, place)
        kill(mortal_postgresql, place)
        assert process.poll() is None, "the server must be hit in the middle of the work"
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        assert "Who should lead?" in output
        assert rows(Store(Database(place))) == undisturbed(slow_scenario, tmp_path)


def test_an_edit_after_a_kill_begins_a_new_study_and_undoing_it_goes_on_with_the_old_one(
    slow_scenario, place, tmp_path
):
    process = started(slow_scenario, place)
    wait_for_runs(process, place)
    process.kill()
    process.communicate()
    stored = stored_runs(place)
    assert 0 < stored < 2 * REPLICATES
    ties = tmp_path / "town" / "ties.csv"
    untouched = ties.read_text(encoding="utf-8")
    ties.write_text("".join(untouched.splitlines(keepends=True)[:-1]), encoding="utf-8")
    edited = started(slow_scenario, place)
    _, errors = edited.communicate()
    assert edited.returncode == 0, errors
    assert f'The content of the network "town" has changed since {stored:,} runs of who were stored.' in errors
    assert stored_runs(place) == stored + 2 * REPLICATES
    new = undisturbed(slow_scenario, tmp_path)
    csv_folder.write(town(), tmp_path / "town")
    assert ties.read_text(encoding="utf-8") == untouched
    assert main(["run", str(slow_scenario), "--database", str(place)]) == 0
    (tmp_path / "old").mkdir()
    assert rows(Store(Database(place))) == sorted([*new, *undisturbed(slow_scenario, tmp_path / "old")])


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no rights of this kind")
def test_a_results_folder_that_may_not_be_written_to_is_told_by_run_and_what_is_stored_is_shown(scenario_file, capsys):
    path = scenario_file(replicates=100)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "results").mkdir()
        run = ["run", str(path), "--database", str(folder / "results" / "runs.db")]
        assert main(run) == 0
        shown = capsys.readouterr().out
        (folder / "results" / "runs.db").chmod(0o444)
        (folder / "results").chmod(0o555)
        if not os.geteuid():  # root may write everywhere
            for parent in (folder, *path.parents[:-2]):
                parent.chmod(0o755)
            os.seteuid(65534)
        try:
            assert main([*run, "--replicates", "200"]) == 2
            output, errors = capsys.readouterr()
            assert output == ""
            assert errors.splitlines()[-1].startswith(f"{folder}/results/runs.db: cannot be written to; name a file")
            assert main(["studies", "show", "who", *run[2:]]) == 0
            assert capsys.readouterr().out == shown
            assert main([*run[:3], str(folder / "results" / "new.db")]) == 2
            assert "new.db: cannot be opened; see whether you may read and write" in capsys.readouterr().err
        finally:
            if not os.getuid():
                os.seteuid(0)
            (folder / "results").chmod(0o755)
