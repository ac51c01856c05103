"""A long study, from its first kill to its table of results."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from experiment_cases import rows
from killed_runs import REPLICATES, started, stored_runs, wait_for_runs
from postgres import fresh_database

from diffusion.experiment.database import Database
from diffusion.experiment.store import Store


def carried_out(*words):
    """Return what a command prints in a process of its own."""
    command = [sys.executable, "-m", "diffusion", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def without(place, condition):
    with Database(place).writing() as connection:
        connection.exec_driver_sql(f"DELETE FROM runs WHERE {condition}")


def test_a_study_killed_in_three_ways_split_over_two_databases_and_merged_is_as_if_nothing_had_happened(
    slow_scenario, mortal_postgresql, tmp_path
):
    file, undisturbed = tmp_path / "half.db", tmp_path / "undisturbed.db"
    wanted = carried_out("run", slow_scenario, "--database", undisturbed, "--json")
    with fresh_database(mortal_postgresql.url) as place:
        for end in (signal.SIGKILL, signal.SIGINT):
            process = started(slow_scenario, place)
            wait_for_runs(process, place, stored_runs(place))
            process.send_signal(end)
            process.communicate()
        process = started(slow_scenario, place)
        wait_for_runs(process, place, stored_runs(place))
        mortal_postgresql.kill()
        time.sleep(0.5)
        mortal_postgresql.start()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert 0 < stored_runs(place) <= 2 * REPLICATES
        carried_out("studies", "merge", place, "--database", file)
        without(place, f"replicate < {REPLICATES // 2}")
        without(file, f"replicate >= {REPLICATES // 2}")
        carried_out("studies", "merge", file, "--database", place)
        assert carried_out("run", slow_scenario, "--database", place, "--json") == wanted
        assert rows(Store(Database(place))) == rows(Store(Database(undisturbed)))
