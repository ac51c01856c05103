"""The clock is set back and set ahead by years while the program works: nothing depends on it."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest
from experiment_cases import rows
from jumping_clock import JumpingClock
from killed_runs import stored_runs, undisturbed, wait_for_runs

from diffusion.experiment.database import Database
from diffusion.experiment.store import Store


@pytest.fixture
def clock(tmp_path):
    return JumpingClock(tmp_path)


def begun(clock, *words, **how):
    command = [sys.executable, "-m", "diffusion", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=clock.environment, text=True, **how)


def year_of(text):
    return int(text[:4])


def test_the_clock_of_these_tests_jumps_and_tells_how_long_things_take_truly(clock):
    asks = "import time; print(time.gmtime().tm_year, time.monotonic())"
    told = []
    for offset in ("+0", "-8y", "+20y"):
        clock.jump(offset)
        done = subprocess.run([sys.executable, "-c", asks], env=clock.environment, capture_output=True, check=True)
        told.append(done.stdout.split())
    now, before, after = (int(year) for year, _ in told)
    assert (now - before, after - now) == (8, 20)
    assert 0 < float(told[2][1]) - float(told[0][1]) < 60


def read_screen(clock, *words, then):
    """Run a command of which standard error is a terminal, do something meanwhile, and return code and screen."""
    ours, theirs = pty.openpty()
    process = begun(clock, *words, stderr=theirs)
    os.close(theirs)
    screen = []

    def read():
        with suppress(OSError):  # the terminal is gone when the process is
            while part := os.read(ours, 4096):
                screen.append(part.decode(errors="replace"))

    reader = threading.Thread(target=read)
    reader.start()
    then(process)
    process.communicate()
    reader.join()
    os.close(ours)
    return process.returncode, "".join(screen)


def test_a_run_whose_clock_jumps_back_and_ahead_by_years_loses_nothing_and_tells_no_absurd_time(
    slow_scenario, clock, tmp_path
):
    place = tmp_path / "runs.db"
    jumped = []

    def jump(process):
        for offset in ("-8y", "+20y"):
            wait_for_runs(process, place, stored_runs(place))
            clock.jump(offset)
            jumped.append(process.poll() is None)

    code, screen = read_screen(clock, "run", slow_scenario, "--database", place, "--workers", "1", then=jump)
    assert (code, jumped) == (0, [True, True]), screen
    store = Store(Database(place))
    assert rows(store) == undisturbed(slow_scenario, tmp_path)
    [record] = store.records(store.find("who"))
    assert year_of(record["finished_at"]) - year_of(record["started_at"]) == 20
    left = re.findall(r"about\s+(?:\x1b\[[\d;]*m)*(\S+?)(?:\x1b\[[\d;]*m)*\s+left", screen)
    assert set(left) - {"-:--:--"}, "there was time to tell how long it takes"
    assert all(re.fullmatch(r"-:--:--|0:\d\d:\d\d", told) for told in left), left


def test_a_resume_before_the_start_goes_on_and_studies_stand_in_the_order_in_which_they_were_run(
    scenario_file, make_file_store, clock
):
    store = make_file_store()
    paths = [scenario_file(name) for name in ("first", "second")]
    for path, offset, replicates in ((paths[0], "+20y", 70), (paths[1], "+0", 70), (paths[0], "-8y", 100)):
        clock.jump(offset)
        ran = begun(clock, "run", path, "--database", store.database.path, "--replicates", replicates)
        ran.communicate()
        assert ran.returncode == 0
        newest = store.studies()[0]
        assert (newest.name, newest.runs) == (path.stem, 2 * replicates)
    first, again = store.records(store.find("first"))
    assert year_of(first["started_at"]) - year_of(again["started_at"]) == 28


WRITES = """
import sys, time
from diffusion.errors import DiffusionError
from diffusion.experiment.database import Database
database = Database(sys.argv[1], timeout_seconds=float(sys.argv[2]))
print("waiting", flush=True)
began = time.monotonic()
try:
    with database.writing():
        told = "written"
except DiffusionError as error:
    told = str(error)
print(f"{time.monotonic() - began:.2f}", told)
"""


@pytest.mark.parametrize("offset", ["-8y", "+20y"])
@pytest.mark.parametrize("held", [True, False], ids=["kept", "let go"])
def test_who_waits_for_a_busy_database_waits_as_long_as_he_says_whatever_the_clock_does(
    make_file_store, clock, offset, held
):
    database, seconds = make_file_store().database, 2.0 if held else 20.0
    with database.writing():
        command = [sys.executable, "-c", WRITES, str(database.path), str(seconds)]
        waiting = subprocess.Popen(command, stdout=subprocess.PIPE, env=clock.environment, text=True)
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "waiting\n"
        time.sleep(0.4)
        clock.jump(offset)
        time.sleep(0.4)
        assert waiting.poll() is None
        if held:
            waiting.wait()
    output, _ = waiting.communicate()
    took, told = output.split(maxsplit=1)
    if held:
        assert 1.9 < float(took) < 10
        assert "is locked" in told or "busy" in told
    else:
        assert 0.7 < float(took) < 15
        assert told == "written\n"
