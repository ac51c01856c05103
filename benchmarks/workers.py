"""How much faster two workers play a study than one.

Plays ``contagion`` (36 steps, transmission .02) on Barabási–Albert graphs (n =
200, m = 4 and n = 10,000, m = 5, seed 1; ties both ways) under two arms into a
new SQLite file, with one worker and with two in turn::

    python benchmarks/workers.py

Each round begins when hardly anybody else computes on the machine, as far as
its operating system says so, or when patience ends; the ratio of a round in
which others took the cores is theirs, not ours, and every round says how many
cores the two workers got: what they computed over the time that passed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from end_to_end import RULES, SCENARIO, graph

from diffusion.experiment import runner
from diffusion.experiment.database import Database
from diffusion.experiment.plan import Study, plan
from diffusion.experiment.store import Store
from diffusion.network.formats import csv_folder
from diffusion.scenario import load_scenario

SIZES = {200: (4, 200_000), 10_000: (5, 4_000)}
"""By number of agents: ties of each newcomer, and replicates an arm."""

LOAD = Path("/proc/loadavg")


def wait_for_calm(seconds: float) -> None:
    """Wait until no other process computes, ten times in a row, but no longer than so many seconds."""
    deadline, calm = time.monotonic() + seconds, 0
    while LOAD.exists() and calm < 10 and time.monotonic() < deadline:
        running = int(LOAD.read_text(encoding="ascii").split()[3].partition("/")[0])
        calm = calm + 1 if running <= 1 else 0  # the one is this process
        time.sleep(0.1)


def study(folder: Path, size: int, replicates: int, ties: int) -> Study:
    """Return a study on a graph of a size."""
    csv_folder.write(graph(size, ties), folder / "graph")
    steps, adoption = RULES["contagion"]
    path = folder / "workers.toml"
    path.write_text(SCENARIO.format(steps=steps, replicates=replicates, adoption=adoption), encoding="utf-8")
    return plan(load_scenario(path))


def seconds(asked: Study, workers: int, folder: Path) -> tuple[float, float]:
    """Return the seconds that a study takes with so many workers, and those that processors spent on it."""
    place = folder / f"{time.monotonic_ns()}.db"
    store = Store(Database(place, create=True))
    store.save(asked, {})
    began, computed = time.perf_counter(), time.process_time()
    runner.run(asked, store, workers=workers)
    found = time.perf_counter() - began, time.process_time() - computed
    place.unlink()
    return found


def measured(size: int, rounds: int, patience: float) -> list[dict[str, float]]:
    """Return what was measured in each round."""
    ties, replicates = SIZES[size]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = study(folder, size, replicates, ties)
        seconds(asked, 1, folder)
        found = []
        for _ in range(rounds):
            wait_for_calm(patience)
            one, computed = seconds(asked, 1, folder)
            two, computed_by_two = seconds(asked, 2, folder)
            cores = {"cores_of_one": computed / one, "cores_of_two": computed_by_two / two}
            found.append({"one_seconds": one, "two_seconds": two, "ratio": one / two, **cores})
    return found


def report() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time one worker and two.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--patience", type=float, default=30.0, help="seconds to wait for a calm machine, each round")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    options = parser.parse_args()
    found = {size: measured(size, options.rounds, options.patience) for size in SIZES}
    for size, rounds in found.items():
        print(f"{size:,} agents, {2 * SIZES[size][1]:,} runs")
        for one in rounds:
            print(
                f"  {one['one_seconds']:6.2f} s and {one['two_seconds']:6.2f} s: {one['ratio']:.2f} times as fast "
                f"(they got {one['cores_of_one']:.2f} and {one['cores_of_two']:.2f} cores)"
            )
        print(f"  median {statistics.median(one['ratio'] for one in rounds):.2f}; wanted: at least 1.7")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


if __name__ == "__main__":
    report()
