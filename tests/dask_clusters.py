"""A real Dask cluster on this machine: a scheduler and workers in processes of their own, over TCP."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 60


class Cluster:
    """Start a scheduler, and workers that are killed by their number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self._told("0", r"Scheduler at: +(tcp://\S+)")

    def add_worker(self, **environment: str) -> int:
        """Start a worker of one thread; return its number."""
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        folder = ("--local-directory", str(self.folder))
        self._start("worker", self.address, *options, *folder, **environment)
        return len(self.processes) - 1

    def wait_for_workers(self) -> None:
        """Wait until all workers have joined."""
        for number in range(1, len(self.processes)):
            self._told(str(number), r"Registered to: +(tcp://\S+)")

    @property
    def addresses(self) -> list[str]:
        """Return where the workers are."""
        return [self._told(str(number), r"Start worker at: +(tcp://\S+)") for number in range(1, len(self.processes))]

    def kill(self, number: int) -> None:
        """Kill a worker as the machine's end would."""
        self.processes[number].send_signal(signal.SIGKILL)
        self.processes[number].wait()

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def _start(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])} | environment,
            )
        self.processes.append(process)
        return process

    def _told(self, name: str, pattern: str) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if found := re.search(pattern, (self.folder / f"{name}.log").read_text(encoding="utf-8")):
                return found[1]
            time.sleep(0.05)
        raise TimeoutError((self.folder / f"{name}.log").read_text(encoding="utf-8"))


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """Give a cluster that is gone afterwards."""
    folder.mkdir(exist_ok=True)
    made = Cluster(folder)
    try:
        for _ in range(workers):
            made.add_worker()
        made.wait_for_workers()
        yield made
    finally:
        made.close()
