"""How long a search for the best leaders takes, beside what it would take without its short cuts.

Five leaders of 200 agents, over 1,000 runs of the search's own (Barabási–Albert
graph, n = 200, m = 4). What it is compared with is replaying, in all runs, every
agent at every choice of greedy search, a million runs, timed on the same engine
in turn with the search, and no swaps::

    python benchmarks/best_leaders.py
    python benchmarks/best_leaders.py --rounds 5 --json results.json
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from our_engine import Graph

from diffusion.analysis.goals import goal_of
from diffusion.draws import LANES
from diffusion.model.parameters import Distribution, Parameters, StageParameters
from diffusion.positions.optimum import Asked, OptimumSearch
from diffusion.positions.player import Player

LEADERS, REPLICATES, STEPS = 5, 1_000, 36

RULES = {
    "cascade": StageParameters("cascade", transmission=0.1),
    "contagion": StageParameters("contagion", transmission=0.015),
    "contagion, abandonment": StageParameters("contagion", transmission=0.03, abandonment=0.02),
    "threshold, linear": StageParameters("threshold", threshold=Distribution("uniform", (0.0, 1.0))),
    "threshold, two alters": StageParameters("threshold", threshold=2.0, exposure="number"),
    "threshold, Beta(7, 14)": StageParameters("threshold", threshold=Distribution("beta", (7.0, 14.0))),
    "hazard": StageParameters("hazard", intercept=-6.0, slope=3.0),
}


@dataclass(frozen=True, slots=True)
class Searched:
    """Hold how long one search took.

    Attributes
    ----------
    rule
        The rule.
    seconds
        The median over rounds.
    ratio
        The median over rounds of what plain greedy replaying would take, over what the search took.
    sure
        The share of the best possible that is sure; None without a guarantee.
    """

    rule: str
    seconds: float
    ratio: float
    sure: float | None


def searched(rule: str, *, rounds: int, workers: int) -> Searched:
    """Search in turn with playing, several times.

    Parameters
    ----------
    rule
        A key of :data:`RULES`.
    rounds
        How often.
    workers
        How many threads the search has; what it is compared with has as many.
    """
    network, said = Graph(200, 4).network, Parameters(STEPS, RULES[rule])
    goal = goal_of("spread", network, STEPS)
    taken, ratios = [], []
    for number in range(rounds + 1):
        begun = time.perf_counter()
        found = OptimumSearch(network, said, goal, seed=number, workers=workers).best(
            LEADERS, np.arange(network.size), Asked(REPLICATES)
        )
        seconds = time.perf_counter() - begun
        if number:  # the first round compiles
            taken.append(seconds)
            ratios.append(plain_seconds(Player(network, said, seed=number, world=0), found.agents) / workers / seconds)
    sure = None if found.guarantee is None else found.guarantee.found
    return Searched(rule, statistics.median(taken), statistics.median(ratios), sure)


def plain_seconds(player: Player, agents: Sequence[int]) -> float:
    """Return how long it would take one thread to replay every agent in all runs at every choice."""
    blocks = 40
    begun = time.perf_counter()
    for count in range(1, LEADERS + 1):
        player.lead(agents[:count])
        for block in range(blocks // LEADERS):
            player.block(block)
    return (time.perf_counter() - begun) / blocks * LEADERS * 200 * -(-REPLICATES // LANES)


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    asked = parser.parse_args()
    found = []
    for rule in RULES:
        one = searched(rule, rounds=asked.rounds, workers=asked.workers)
        found.append(one)
        sure = "no guarantee" if one.sure is None else f"{100 * one.sure:.0f} % of the best possible is sure"
        print(f"{rule:<24}{one.seconds:6.2f} s, {one.ratio:5.1f} times as fast as replaying every agent; {sure}")
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in found], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
