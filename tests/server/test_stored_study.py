"""The runs of an arm that are worth opening."""

from __future__ import annotations

import numpy as np

from diffusion.analysis.outcomes import OUTCOMES, RegionFacts, Runs
from diffusion.server.stored_study import NotableRun, notable_runs

FACTS = RegionFacts(10, 4, ("agent",), np.zeros(10, dtype=np.int32), 0)


def runs(adopters: list[int], half: list[int]) -> Runs:
    """Return runs with one leader."""
    counts = np.array(adopters, dtype=np.int64)
    return Runs(
        adopters=counts,
        ever_adopted=counts,
        spread=counts - 1,
        area_steps=counts * 4,
        time_to_half=np.array(half, dtype=np.int64),
        organisations_reached=np.full(len(counts), -1),
        adopted_bits=np.zeros((len(counts), 2), dtype=np.uint8),
        leaders=np.eye(1, 10, dtype=bool),
    )


def test_the_best_the_median_the_worst_and_a_still_run_are_named_the_first_of_equals() -> None:
    found = notable_runs(runs([4, 9, 1, 9, 1], [-1] * 5), FACTS, OUTCOMES["adopters"])
    assert found == [
        NotableRun("best", 1, 9.0, 2),
        NotableRun("median", 0, 4.0, 1),
        NotableRun("worst", 2, 1.0, 2),
        NotableRun("nothing spread", 2, 1.0, 2),
    ]


def test_of_times_the_soonest_is_best_and_never_is_worst() -> None:
    found = notable_runs(runs([6, 7, 5], [3, 2, -1]), FACTS, OUTCOMES["time_to_half"])
    assert [(run.what, run.replicate, run.value) for run in found] == [
        ("best", 1, 2.0),
        ("median", 0, 3.0),
        ("worst", 2, 5.0),
    ]
