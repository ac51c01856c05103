"""How long a million runs take into a store and out of it, on SQLite and on PostgreSQL, and how much memory.

Nothing is played: blocks are made beforehand and written as the runner writes
them, so the seconds are what the store adds to the engine's. ``--database``
names a database on PostgreSQL that is empty; without it SQLite alone is
measured::

    python benchmarks/store.py --database postgresql://USER@HOST/DATABASE
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from diffusion.analysis.reduction import COUNTS, INTEGERS, BlockRuns
from diffusion.draws import LANES, Purpose, generator
from diffusion.experiment.database import Database
from diffusion.experiment.deleting import delete
from diffusion.experiment.plan import Study, plan
from diffusion.experiment.store import Store
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network
from diffusion.scenario import load_scenario

BATCH_BLOCKS = 64
"""How many blocks are written at once: 4,096 runs, as few as a slow model plays in half a second."""

SCENARIO = """
networks = ["./ring"]
steps = 36
replicates = {replicates}
adoption = {{ rule = "contagion", transmission = 0.1 }}
leaders.count = 1
"""
AGENTS = 200


def ring_study(folder: Path, arms: int, replicates: int) -> Study:
    """Return a study of so many arms on a ring of two hundred people."""
    ids = [f"p{number:03d}" for number in range(AGENTS)]
    network = Network.from_tables(name="ring", ids=ids, source=ids, target=[*ids[1:], ids[0]])
    csv_folder.write(network, folder / "ring")
    led = "".join(f'[[arms]]\nname = "{ids[number]}"\nleaders.agents = ["{ids[number]}"]\n' for number in range(arms))
    (folder / "ring.toml").write_text(SCENARIO.format(replicates=replicates) + led, encoding="utf-8")
    return plan(load_scenario(folder / "ring.toml"))


def made_blocks(first: int, blocks: int) -> dict[tuple[int, int], BlockRuns]:
    """Return so many blocks, filled by chance: no two runs compress one another."""
    draws = generator(Purpose.BOOTSTRAP, first)
    made = {}
    for block in range(first, first + blocks):
        bits = draws.integers(0, 256, (LANES, AGENTS // 8), dtype=np.uint8)
        adopters = np.unpackbits(bits, axis=1).sum(axis=1)
        integers = draws.integers(0, 36, (LANES, len(INTEGERS)))
        integers[:, : COUNTS.index("area_steps")] = adopters[:, np.newaxis]
        integers[:, INTEGERS.index("area_steps")] = 18 * adopters
        made[0, block] = BlockRuns(integers, bits)
    return made


def timed(action: Callable[[], Any]) -> dict[str, float]:
    """Return how long something takes: seconds on the clock, and of this process's own work."""
    wall, work = time.perf_counter(), time.process_time()
    action()
    return {"seconds": time.perf_counter() - wall, "work": time.process_time() - work}


def measured(place: str | Path, folder: Path, arms: int, replicates: int) -> dict[str, Any]:
    """Return how long it takes to write a study's runs and to read what comparing needs."""
    study = ring_study(folder, arms, replicates)
    store = Store(Database(place, create=True))
    store.save(study, {})
    blocks = range(0, -(-replicates // LANES), BATCH_BLOCKS)
    batches = [made_blocks(first, BATCH_BLOCKS) for first in blocks]

    def write() -> None:
        for arm in study.arms:
            for batch in batches:
                wanted = {key: runs for key, runs in batch.items() if key[1] * LANES < replicates}
                store.write(arm, wanted, replicates)

    def read() -> None:
        for arm in study.arms:
            store.runs(arm, seed=study.scenario.seed, replicates=replicates)
            store.clipped(arm, replicates)

    found = {"write": timed(write), "again": timed(write), "read": timed(read)}
    found["delete"] = timed(lambda: delete(store, store.find(study.digest)))
    return {**found, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main() -> None:
    """Measure, and print a line for every database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", metavar="URL")
    parser.add_argument("--arms", type=int, default=10)
    parser.add_argument("--replicates", type=int, default=100_000, help="of every arm")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as name:
        places = {"SQLite": Path(name, "runs.db")} | ({"PostgreSQL": asked.database} if asked.database else {})
        for kind, place in places.items():
            found = results[kind] = measured(place, Path(name), asked.arms, asked.replicates)
            told = [
                f"{what} {found[what]['seconds']:.1f} s ({found[what]['work']:.1f} s of work)"
                for what in ("write", "again", "read", "delete")
            ]
            runs = asked.arms * asked.replicates
            print(f"{kind}, {runs:,} runs: {', '.join(told)}; at most {found['peak_mb']:.0f} MB of memory", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
