"""Speed and agreement beside other simulators, in one run, on one thread.

Same graphs, same leaders, same transmission, adoption times recorded::

    pip install -e '.[benchmark]'
    python benchmarks/peers.py            # a quarter of an hour
    python benchmarks/peers.py --quick    # about a minute
    python benchmarks/peers.py --json results.json

Engines are timed in short rounds in turn, and the ratio is the median over
rounds, so that a busy machine slows both. Exit code 1 says that means differ
that must agree.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from math import log
from pathlib import Path
from statistics import geometric_mean
from typing import Any

try:
    import cynetdiff_peer
    import epiworld_peer
    import mesa_peer
    import ndlib_peer
except ImportError as missing:
    raise SystemExit(f"{missing.name} is missing; the benchmark needs: pip install -e '.[benchmark]'") from missing

from measuring import Contender, Mean, Patience, Speeds, agree, mean_of, speeds
from our_engine import Graph, diffusion

from diffusion.model.parameters import Column, Distribution, Parameters, StageParameters

SMALL, LARGE = Graph(200, 4), Graph(10_000, 5)
TRANSMISSIONS = (0.03, 0.1, 0.3)
PER_STEP = 0.02
STEPS = 36

PATIENCE = {SMALL: Patience(9, 0.4, 3.0, 50), LARGE: Patience(5, 2.0, 8.0, 20)}
QUICK = {SMALL: Patience(5, 0.05, 0.2, 20), LARGE: Patience(3, 0.1, 0.2, 6)}

TARGETS = (
    ("cascade", "CyNetDiff", SMALL, 3.0),
    ("contagion", "epiworld SIR", SMALL, 15.0),
    ("contagion", "plain Mesa", SMALL, 300.0),
    ("hazard", "epiworld DiffNet", SMALL, 20.0),
    ("cascade", "NDlib", SMALL, 500.0),
    ("contagion", "NDlib", SMALL, 500.0),
    ("threshold", "NDlib", SMALL, 500.0),
    ("cascade", "CyNetDiff", LARGE, 1.0),
    ("contagion", "epiworld SIR", LARGE, 15.0),
)
"""Rule, whom to compare with, where, and the ratio to reach, a geometric mean over transmissions."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Name two engines to be measured.

    Attributes
    ----------
    rule, at
        What is played, and at which transmission.
    graph
        Where.
    ours, theirs
        The engines.
    reference
        A simulation of their rule where it is not ours; their mean must agree
        with it instead.
    """

    rule: str
    at: float | None
    graph: Graph
    ours: Contender
    theirs: Contender
    reference: Contender | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Hold what was measured of a comparison."""

    comparison: Comparison
    speeds: Speeds
    ours: Mean
    theirs: Mean
    reference: Mean | None

    @property
    def agrees(self) -> bool:
        """Return whether their mean is ours, or that of the reference where the rule is another."""
        return agree(self.reference or self.ours, self.theirs)


def comparisons(graph: Graph) -> Iterator[Comparison]:
    """Yield everything that is compared on a graph.

    Parameters
    ----------
    graph
        Where.
    """
    for at in TRANSMISSIONS:
        ours = diffusion(graph, Parameters(graph.nodes, StageParameters("cascade", transmission=at)))
        for timed in (True, False):
            yield Comparison("cascade", at, graph, ours, cynetdiff_peer.cascade(graph, at, timed=timed))
        yield Comparison("cascade", at, graph, ours, ndlib_peer.cascade(graph, at))
    ours = diffusion(graph, Parameters(STEPS, StageParameters("contagion", transmission=PER_STEP)))
    sir = epiworld_peer.reference(graph, epiworld_peer.sir_probability(PER_STEP), STEPS)
    yield Comparison("contagion", PER_STEP, graph, ours, epiworld_peer.contagion(graph, PER_STEP, STEPS), sir)
    yield Comparison("contagion", PER_STEP, graph, ours, ndlib_peer.contagion(graph, PER_STEP, STEPS))
    yield Comparison("contagion", PER_STEP, graph, ours, mesa_peer.contagion(graph, PER_STEP, STEPS))
    logit = StageParameters("hazard", intercept=log(PER_STEP / (1 - PER_STEP)), slope=1.0)
    diffnet = epiworld_peer.reference(graph, epiworld_peer.diffnet_probability(PER_STEP), STEPS)
    ours = diffusion(graph, Parameters(STEPS, logit))
    yield Comparison("hazard", PER_STEP, graph, ours, epiworld_peer.hazard(graph, PER_STEP, STEPS), diffnet)
    given = StageParameters("threshold", threshold=Column("threshold"))
    ours = diffusion(graph, Parameters(graph.nodes, given))
    yield Comparison("threshold", None, graph, ours, ndlib_peer.threshold(graph, redrawn=False))
    uniform = StageParameters("threshold", threshold=Distribution("uniform", (0.0, 1.0)))
    ours = diffusion(graph, Parameters(graph.nodes, uniform))
    for timed in (True, False):
        yield Comparison("threshold", None, graph, ours, cynetdiff_peer.threshold(graph, timed=timed))
    yield Comparison("threshold", None, graph, ours, ndlib_peer.threshold(graph, redrawn=True))


def measured(comparison: Comparison, patience: Patience) -> Result:
    """Return the speeds and the means of a comparison."""
    return Result(
        comparison,
        speeds(comparison.ours, comparison.theirs, patience),
        mean_of(comparison.ours, patience),
        mean_of(comparison.theirs, patience),
        mean_of(comparison.reference, patience) if comparison.reference else None,
    )


HEADER = (
    f"{'n':>6}  {'rule':<10}{'at':>5}  {'beside':<20}{'ours/s':>12}{'theirs/s':>12}{'ratio':>9}"
    f"  {'adopters, ours':<27}{'theirs':<27}agree"
)


def row(result: Result) -> str:
    """Return a line of the table."""
    compared, speed = result.comparison, result.speeds
    at = "" if compared.at is None else f"{compared.at:g}"
    verdict = "yes" if result.agrees else "NO"
    if result.reference:
        verdict = f"with their rule, {result.reference.mean:.1f}: {verdict}"
    return (
        f"{compared.graph.nodes:>6}  {compared.rule:<10}{at:>5}  {compared.theirs.name:<20}"
        f"{speed.ours:>12,.0f}{speed.theirs:>12,.1f}{speed.ratio:>9,.2f}  "
        f"{interval(result.ours):<27}{interval(result.theirs):<27}{verdict}"
    )


def interval(mean: Mean) -> str:
    """Return a mean with its interval."""
    return f"{mean.mean:.2f} [{mean.low:.2f}, {mean.high:.2f}]"


def ratio_to(results: list[Result], rule: str, peer: str, graph: Graph) -> float:
    """Return the geometric mean of the ratios of a rule to a peer on a graph."""
    return geometric_mean(
        result.speeds.ratio
        for result in results
        if (result.comparison.rule, result.comparison.theirs.name, result.comparison.graph) == (rule, peer, graph)
    )


def verdicts(results: list[Result]) -> Iterator[str]:
    """Yield a line for every target."""
    for rule, peer, graph, target in TARGETS:
        reached = ratio_to(results, rule, peer, graph)
        verdict = "reached" if reached >= target else "MISSED"
        yield f"{rule} beside {peer}, n = {graph.nodes}: {reached:,.2f} times as fast; target {target:g}: {verdict}"
    for graph in (SMALL, LARGE):
        reached = ratio_to(results, "cascade", "CyNetDiff, no times", graph)
        yield f"cascade beside CyNetDiff without times, n = {graph.nodes}: {reached:,.2f} times as fast"


def machine() -> dict[str, str]:
    """Return what the numbers were measured on."""
    packages = ("cynetdiff", "epiworldpy", "llvmlite", "mesa", "ndlib", "numba", "numpy")
    return {
        "processor": processor(),
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
    }


def processor() -> str:
    """Return the processor's name, where the system tells."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def as_json(result: Result) -> dict[str, Any]:
    """Return a result as plain values."""
    compared = result.comparison
    return {
        "nodes": compared.graph.nodes,
        "rule": compared.rule,
        "transmission": compared.at,
        "beside": compared.theirs.name,
        "speeds": asdict(result.speeds),
        "ours": asdict(result.ours),
        "theirs": asdict(result.theirs),
        "their_rule": asdict(result.reference) if result.reference else None,
        "agrees": result.agrees,
    }


def main() -> int:
    """Measure everything, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="measure for about a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    asked = parser.parse_args()
    print(", ".join(f"{name} {value}" for name, value in machine().items()))
    print(HEADER)
    results = []
    for graph, patience in (QUICK if asked.quick else PATIENCE).items():
        for comparison in comparisons(graph):
            results.append(measured(comparison, patience))
            print(row(results[-1]), flush=True)
    for line in verdicts(results):
        print(line)
    if asked.json:
        content = {"machine": machine(), "results": [as_json(result) for result in results]}
        asked.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return 0 if all(result.agrees for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
