"""Runs in processes of their own, to be killed in the middle of their work."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from experiment_cases import played, rows

from diffusion.errors import StoreError
from diffusion.experiment.database import Database
from diffusion.experiment.plan import plan
from diffusion.experiment.store import Store
from diffusion.scenario import load_scenario

REPLICATES = 4000
WAIT_SECONDS = 120


def started(path: Path, place: str | Path, **how: Any) -> subprocess.Popen[str]:
    """Start a run in a process of its own."""
    command = [sys.executable, "-m", "diffusion", "run", str(path), "--database", str(place), "--workers", "1"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True, **how)


def stored_runs(place: str | Path) -> int:
    """Return how many runs are stored; none where there is no store yet."""
    try:
        with Database(place).reading() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one())
    except StoreError:
        return 0


def wait_for_runs(process: subprocess.Popen[str], place: str | Path, more_than: int = 0) -> None:
    """Wait until more runs are stored, or the process has come to its end."""
    deadline = time.monotonic() + WAIT_SECONDS
    while process.poll() is None and stored_runs(place) <= more_than and time.monotonic() < deadline:
        time.sleep(0.02)


def undisturbed(path: Path, tmp_path: Path) -> list[tuple[Any, ...]]:
    """Return what a run stores that nothing disturbs."""
    return rows(played(plan(load_scenario(path)), Store(Database(tmp_path / "undisturbed.db", create=True))))
