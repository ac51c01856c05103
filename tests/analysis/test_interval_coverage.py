"""Simultaneous intervals: how often they cover where runs are far from normal, as those of an innovation are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import special

from diffusion.analysis.intervals import (
    family_quantile,
    interval_where_equal,
    mean_interval,
    simultaneous_quantile,
    t_quantile,
)
from diffusion.draws import Purpose, generator

STUDIES = 1_000
SHARED = 0.6
IF_NOT, AT_LEAST = 0.01, 0.1
Array = np.ndarray[Any, np.dtype[np.float64]]


def studies_of(takes_off: list[float], runs: int) -> Array:
    """Return adopted shares of arms whose runs take off that often and stay at one per cent else, luck shared.

    A run that takes off ends between 10 and 90 % of the agents.
    """
    random = generator(Purpose.SIMULTANEOUS, "zero-inflated", str(takes_off), runs)
    arms = len(takes_off)
    luck = np.sqrt(SHARED) * random.standard_normal((STUDIES, 1, runs), dtype=np.float32)
    luck = special.ndtr(luck + np.sqrt(1 - SHARED) * random.standard_normal((STUDIES, arms, runs), dtype=np.float32))
    chance = np.array(takes_off)[:, np.newaxis]
    far = np.sqrt(np.clip(1 - luck / chance, 0, 1))
    return np.where(luck < chance, AT_LEAST + 0.8 * far, IF_NOT)


def true_means(takes_off: list[float]) -> Array:
    chance = np.array(takes_off)
    return chance * (AT_LEAST + 0.8 * 2 / 3) + (1 - chance) * IF_NOT


def coverage(takes_off: list[float], runs: int, *, student: bool = False) -> float:
    """Return in what share of studies all arms' differences from the first are covered at once."""
    truth = true_means(takes_off)
    covered = []
    for values in studies_of(takes_off, runs):
        differences = values[1:] - values[0]
        quantile = simultaneous_quantile(differences, "coverage", simulations=4_000)
        ends = [_ends(row, quantile, student=student) for row in differences]
        covered.append(all(low <= true <= high for (low, high), true in zip(ends, truth[1:] - truth[0], strict=True)))
    return float(np.mean(covered))


def _ends(row: Array, quantile: float | None, *, student: bool) -> tuple[float, float]:
    if student and quantile is not None and row.std():
        width = quantile * row.std(ddof=1) / np.sqrt(len(row))
        return row.mean() - width, row.mean() + width
    found = mean_interval(row, quantile, low=-1, high=1) or interval_where_equal(float(row[0]), len(row), 1.0)
    return found or (-1.0, 1.0)


# A right interval covers less than .95 - .031 of 1,000 studies about 3 times in a million; what is left out here are
# intervals that cover .73 to .90, as those of Student alone do beside an arm that never takes off.
LEAST = 0.95 - 4.5 * np.sqrt(0.95 * 0.05 / STUDIES)


@pytest.mark.parametrize("runs", [200, 1_000])
@pytest.mark.parametrize(
    "takes_off",
    [
        [0.3, 0.35, 0.4, 0.25, 0.2, 0.3, 0.5],
        [0.02, 0.05, 0.1, 0.2, 0.3, 0.02, 0.03],
        [0.05] * 7,
    ],
    ids=["often", "from rarely to often", "rarely"],
)
def test_arms_that_take_off_now_and_then_are_covered_at_once(takes_off: list[float], runs: int) -> None:
    assert coverage(takes_off, runs) >= LEAST


@pytest.mark.parametrize("runs", [200, 1_000])
@pytest.mark.parametrize("takes_off", [[1e-4] + [0.02] * 6, [1e-4, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2]])
def test_arms_that_rarely_take_off_are_covered_beside_one_that_never_does(takes_off: list[float], runs: int) -> None:
    assert coverage(takes_off, runs) >= LEAST


def test_students_intervals_alone_would_miss_them() -> None:
    assert coverage([1e-4] + [0.02] * 6, 200, student=True) < 0.8


def test_an_end_is_moved_out_only_where_the_mean_is_skewed() -> None:
    even = np.array([0.0, 1.0] * 50)
    student = t_quantile(99) * even.std(ddof=1) / 10
    assert mean_interval(even) == pytest.approx((0.5 - student, 0.5 + student))
    rare = np.array([0.0] * 98 + [1.0] * 2)
    low, high = mean_interval(rare) or (0.0, 0.0)
    width = t_quantile(99) * rare.std(ddof=1) / 10
    assert low == pytest.approx(0.02 - width)
    assert high > 0.02 + 1.5 * width
    mirrored = mean_interval(-rare) or (0.0, 0.0)
    assert mirrored == pytest.approx((-high, -low))


def test_two_adopters_in_two_hundred_runs_are_bounded_as_poisson_counts_are() -> None:
    rare = np.array([0.0] * 198 + [1.0] * 2)
    _, high = mean_interval(rare) or (0.0, 0.0)
    exact = special.chdtri(2 * 3, 0.025) / 2 / 200
    assert high == pytest.approx(exact, rel=0.03)


def test_large_families_take_bonferronis_quantile() -> None:
    drawn = generator(Purpose.SIMULTANEOUS, "large").standard_normal((40, 30))
    assert family_quantile(drawn, "x") == t_quantile(29, 1 - 0.05 / 40)
    assert family_quantile(drawn[:3], "x") == simultaneous_quantile(drawn[:3], "x")
    assert family_quantile(drawn[:, :1], "x") is None
