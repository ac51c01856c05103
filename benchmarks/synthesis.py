"""How long a synthetic region takes to make, and how much memory, by its number of agents.

Every size is made in a process of its own, from the targets of a packaged
region; calibration, which takes the same time for every size above 2,000
agents, is told apart::

    python benchmarks/synthesis.py
    python benchmarks/synthesis.py --agents 1000000 --json results.json
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from diffusion.network.regions import PACKAGED, packaged_targets
from diffusion.network.synthesis import read_targets, scaled, synthetic_region
from diffusion.network.synthesis.calibration import calibrated

SIZES = (1_000, 10_000, 100_000)


@dataclass(frozen=True, slots=True)
class Made:
    """Hold what one region took.

    Attributes
    ----------
    agents, ties
        Its size.
    calibration_seconds, seconds
        How long calibration took, and all the rest.
    microseconds_per_tie
        The rest, over the number of ties; level where time grows as the region does.
    gigabytes
        The largest amount of memory that the process had.
    """

    agents: int
    ties: int
    calibration_seconds: float
    seconds: float
    microseconds_per_tie: float
    gigabytes: float


def made(name: str, agents: int) -> Made:
    """Make one region.

    Parameters
    ----------
    name
        The packaged region whose targets it has.
    agents
        How many agents.
    """
    targets = scaled(read_targets(packaged_targets(name)), agents)
    begun = time.perf_counter()
    calibrated(targets)
    ready = time.perf_counter()
    region = synthetic_region(targets)
    seconds = time.perf_counter() - ready
    unit = 1 if sys.platform == "darwin" else 1024  # of what the system counts memory in
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9
    return Made(agents, region.tie_count, ready - begun, seconds, 1e6 * seconds / region.tie_count, memory)


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--region", choices=PACKAGED, default="ahsn-a")
    parser.add_argument("--agents", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    asked = parser.parse_args()
    found = []
    for agents in asked.agents:
        with multiprocessing.get_context("spawn").Pool(1) as process:
            one = process.apply(made, (asked.region, agents))
        found.append(one)
        print(
            f"{one.agents:>9,} agents, {one.ties:>10,} ties: {one.seconds:7.2f} s after "
            f"{one.calibration_seconds:.1f} s of calibration; {one.microseconds_per_tie:4.1f} microseconds a tie; "
            f"{one.gigabytes:.2f} GB"
        )
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in found], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
