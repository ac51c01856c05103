"""How long a network of a million ties takes to load, beside pandas reading the same files.

Writes a CSV folder of random ties between 100,000 agents to a temporary place,
and reads it in turn with this package and with ``pandas.read_csv``. pandas only
parses; this package also checks every row, merges repeats and builds the
network::

    python benchmarks/readers.py
    python benchmarks/readers.py --ties 100000 --json results.json
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from diffusion.draws import Purpose, generator
from diffusion.network.formats import read_network

ROUNDS = 3
LAYERS = np.array(["formal", "informal"])


@dataclass(frozen=True, slots=True)
class Loading:
    """Hold medians over rounds, in seconds."""

    agents: int
    ties: int
    ours_seconds: float
    pandas_seconds: float
    ratio: float


def write_folder(folder: Path, agents: int, ties: int) -> None:
    """Write a network of random ties in two layers.

    Parameters
    ----------
    folder
        Where; it must exist.
    agents, ties
        How many.
    """
    drawn = generator(Purpose.SYNTHESIS, "benchmark", "readers")
    ids = np.array([f"P{number:06d}" for number in range(agents)])
    roles = np.array(["academic", "firm", "manager"])[drawn.integers(3, size=agents)]
    source = drawn.integers(agents, size=ties)
    target = (source + drawn.integers(1, agents, size=ties)) % agents
    pd.DataFrame({"id": ids, "role": roles}).to_csv(folder / "agents.csv", index=False)
    columns = {
        "source": ids[source],
        "target": ids[target],
        "layer": LAYERS[drawn.integers(2, size=ties)],
        "strength": drawn.integers(1, 5, size=ties) / 4,
    }
    pd.DataFrame(columns).to_csv(folder / "ties.csv", index=False)


def seconds(read: Callable[[], object]) -> float:
    """Return how long a call takes."""
    began = time.perf_counter()
    read()
    return time.perf_counter() - began


def loading(agents: int, ties: int) -> Loading:
    """Measure both readers in turn.

    Parameters
    ----------
    agents, ties
        The size of the network.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_folder(folder, agents, ties)

        def read_with_pandas() -> list[pd.DataFrame]:
            return [pd.read_csv(folder / name) for name in ("agents.csv", "ties.csv")]

        times = [
            (seconds(lambda: read_network(f"{folder}/", Path())), seconds(read_with_pandas)) for _ in range(ROUNDS)
        ]
    ours, theirs = (median(column) for column in zip(*times, strict=True))
    return Loading(agents, ties, ours, theirs, median(one / other for one, other in times))


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=100_000)
    parser.add_argument("--ties", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    asked = parser.parse_args()
    found = loading(asked.agents, asked.ties)
    print(
        f"{found.agents:,} agents, {found.ties:,} ties: {found.ours_seconds:.2f} s; "
        f"pandas.read_csv alone {found.pandas_seconds:.2f} s; ratio {found.ratio:.1f}"
    )
    if asked.json:
        asked.json.write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
