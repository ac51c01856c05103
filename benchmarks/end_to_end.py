"""How much of a study's time is spent outside the engine: planning, storing, comparing, printing.

Plays 10,000 replicates an arm of ``contagion`` and of ``cascade`` on a
Barabási–Albert graph (n = 200, m = 4, seed 1) through the command line, in this
process and on one thread, and times the calls of the ensemble within::

    python benchmarks/end_to_end.py

Start-up is what the same command takes for one replicate an arm: planning,
opening a database, printing. Imports and compilation are over before.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import networkx as nx

from diffusion.cli.main import main
from diffusion.model.ensemble import BlockTimes, Ensemble
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network

SCENARIO = """
networks = ["./graph"]
steps = {steps}
replicates = {replicates}
seed = 1
baseline = "random"
adoption = {adoption}
leaders.count = 3

[[arms]]
name = "random"
leaders.position = "random"

[[arms]]
name = "out_degree"
leaders.position = "out_degree"
"""

RULES = {
    "contagion": (36, '{ rule = "contagion", transmission = 0.02 }'),
    "cascade": (200, '{ rule = "cascade", transmission = 0.1 }'),
}


def graph(size: int = 200, ties: int = 4) -> Network:
    """Return the Barabási–Albert graph that every benchmark uses, tied both ways."""
    pairs = list(nx.barabasi_albert_graph(size, ties, seed=1).edges)
    pairs += [(second, first) for first, second in pairs]
    ids = [f"a{number:05d}" for number in range(size)]
    return Network.from_tables(
        name="graph", ids=ids, source=[ids[pair[0]] for pair in pairs], target=[ids[pair[1]] for pair in pairs]
    )


@contextlib.contextmanager
def engine_seconds() -> Iterator[list[float]]:
    """Give a list to which every call of the ensemble adds its seconds."""
    seconds: list[float] = []
    play = Ensemble.block

    def timed(self: Ensemble, block: int) -> BlockTimes:
        began = time.perf_counter()
        times = play(self, block)
        seconds.append(time.perf_counter() - began)
        return times

    Ensemble.block = timed  # type: ignore[method-assign]
    try:
        yield seconds
    finally:
        Ensemble.block = play  # type: ignore[method-assign]


def timed(folder: Path, rule: str, replicates: int, database: str) -> tuple[float, float]:
    """Return the seconds of the whole command, and of the engine within."""
    steps, adoption = RULES[rule]
    path = folder / f"{rule}.toml"
    path.write_text(SCENARIO.format(steps=steps, replicates=replicates, adoption=adoption), encoding="utf-8")
    silent = io.StringIO()
    command = ["run", str(path), "--database", str(folder / database), "--workers", "1"]
    with engine_seconds() as seconds, contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
        began = time.perf_counter()
        if main(command) != 0:
            raise SystemExit(silent.getvalue())
        return time.perf_counter() - began, sum(seconds)


def measured(folder: Path, rule: str, replicates: int, rounds: int) -> dict[str, float]:
    """Return the seconds of start-up, of the rest of the command and of the engine within the rest; medians."""
    timed(folder, rule, replicates, f"{rule}-compile.db")
    found = []
    for number in range(rounds):
        start, start_engine = timed(folder, rule, 1, f"{rule}-start-{number}.db")
        total, engine = timed(folder, rule, replicates, f"{rule}-{number}.db")
        found.append((start, total - start, engine - start_engine))
    start, rest, engine = (statistics.median(column) for column in zip(*found, strict=True))
    return {
        "start_up_seconds": start,
        "beyond_seconds": rest,
        "engine_seconds": engine,
        "outside_share": (rest - engine) / rest,
        "outside_us_per_replicate": 1e6 * (rest - engine) / (2 * replicates),
    }


def report() -> None:
    """Measure both rules and print what was found."""
    parser = argparse.ArgumentParser(description="Time what a study spends outside the engine.")
    parser.add_argument("--replicates", type=int, default=10_000, help="replicates an arm")
    parser.add_argument("--rounds", type=int, default=7, help="how often; medians are printed")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        csv_folder.write(graph(), Path(folder) / "graph")
        found = {rule: measured(Path(folder), rule, options.replicates, options.rounds) for rule in RULES}
    for rule, numbers in found.items():
        start, beyond, engine = (numbers[f"{part}_seconds"] for part in ("start_up", "beyond", "engine"))
        print(
            f"{rule}: {start:.2f} s of start-up; beyond it {beyond:.2f} s, {engine:.2f} s of these in the engine; "
            f"outside {100 * numbers['outside_share']:.0f} %, {numbers['outside_us_per_replicate']:.1f} µs a replicate"
        )
    print("wanted: contagion outside at most 50 %; cascade outside at most 8 µs a replicate")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


if __name__ == "__main__":
    report()
