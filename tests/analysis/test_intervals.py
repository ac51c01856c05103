"""Intervals: exact where they can be, and covering as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from diffusion.analysis.intervals import (
    all_equal,
    bound_where_equal,
    mean_interval,
    simultaneous_quantile,
    t_quantile,
)
from diffusion.draws import Purpose, generator


def _correlated(rows: int, runs: int, *, shared: float, name: str, studies: int = 1) -> np.ndarray:
    """Return normal differences with mean 0, the correlation between rows being the share they have in common."""
    drawn = generator(Purpose.SIMULTANEOUS, "test", name).standard_normal((studies, rows + 1, runs))
    return np.asarray(np.sqrt(shared) * drawn[:, :1] + np.sqrt(1 - shared) * drawn[:, 1:])


def test_the_interval_of_1_2_3_is_that_of_the_textbook() -> None:
    low, high = mean_interval(np.array([1.0, 2.0, 3.0])) or (0, 0)
    assert low == pytest.approx(2 - 4.302653 / np.sqrt(3), abs=1e-6)
    assert high == pytest.approx(2 + 4.302653 / np.sqrt(3), abs=1e-6)


def test_values_without_spread_have_no_interval() -> None:
    assert mean_interval(np.array([0.3 - 0.1, 0.4 - 0.2])) is None
    assert mean_interval(np.array([1.0])) is None
    assert not all_equal(np.array([0.5, 0.5 + 1e-9]))


def test_three_equal_runs_bound_nothing() -> None:
    assert bound_where_equal(3) is None
    assert bound_where_equal(1000) == 0.003


def test_the_simultaneous_quantile_of_one_comparison_is_exactly_that_of_student() -> None:
    differences = _correlated(1, 12, shared=0.0, name="one")[0]
    assert simultaneous_quantile(differences, "x") == t_quantile(11) == special.stdtrit(11, 0.975)


def test_comparisons_that_repeat_each_other_or_have_no_spread_widen_nothing() -> None:
    row = _correlated(1, 12, shared=0.0, name="one")[0][0]
    assert simultaneous_quantile(np.array([row, row, -3 * row, 0 * row + 1]), "x") == t_quantile(11)
    assert simultaneous_quantile(np.zeros((2, 5)), "x") is None
    assert simultaneous_quantile(np.full((2, 5), np.nan), "x") is None


def test_the_quantile_of_independent_comparisons_is_that_of_sidak() -> None:
    differences = _correlated(4, 20_000, shared=0.0, name="independent")[0]
    expected = special.ndtri((1 + 0.95 ** (1 / 4)) / 2)
    assert simultaneous_quantile(differences, "x") == pytest.approx(expected, abs=0.02)


def test_the_quantile_lies_between_one_comparison_and_bonferroni_and_falls_with_correlation() -> None:
    found = [
        simultaneous_quantile(_correlated(5, 40, shared=shared, name="falls")[0], "x") or 0.0
        for shared in (0.1, 0.6, 0.95)
    ]
    assert t_quantile(39, 0.99) >= found[0] > found[1] > found[2] >= t_quantile(39)


def test_the_quantile_is_the_same_again_and_keyed_by_its_text() -> None:
    differences = _correlated(3, 30, shared=0.3, name="again")[0]
    assert simultaneous_quantile(differences, "x") == simultaneous_quantile(differences, "x")
    assert simultaneous_quantile(differences, "x") != simultaneous_quantile(differences, "y")


def test_a_singular_correlation_and_left_out_replicates_are_no_hindrance() -> None:
    differences = _correlated(2, 30, shared=0.3, name="singular")[0]
    dependent = np.vstack([differences, differences.sum(axis=0)])
    dependent[1, :4] = np.nan
    found = simultaneous_quantile(dependent, "x") or 0.0
    assert t_quantile(25) < found <= t_quantile(25, 1 - 0.05 / 3)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    # 2,000 simulated studies of 6 correlated differences whose true means are known. Coverage must lie within
    # 4.5 binomial standard errors of .95 (2.2 points): a right interval fails this about 7 times in a million.
    # With 12 runs a study, pointwise intervals taken for simultaneous ones (they cover .79) and normal quantiles
    # for Student's (.924) are found out.
    studies, rows, runs = 2_000, 6, 12
    truth = np.linspace(-1, 1, rows)
    drawn = _correlated(rows, runs, shared=0.5, name="coverage", studies=studies) + truth[None, :, None]
    allowed = 4.5 * np.sqrt(0.95 * 0.05 / studies)
    covered = np.zeros((2, studies, rows), dtype=bool)
    for study, differences in enumerate(drawn):
        quantile = simultaneous_quantile(differences, "coverage", simulations=10_000)
        for row in range(rows):
            for kind, times in enumerate((None, quantile)):
                low, high = mean_interval(differences[row], times) or (np.inf, -np.inf)
                covered[kind, study, row] = low <= truth[row] <= high
    assert np.abs(covered[0].mean(axis=0) - 0.95).max() < allowed
    assert abs(covered[1].all(axis=1).mean() - 0.95) < allowed
    assert covered[0].all(axis=1).mean() < 0.95 - allowed


@pytest.mark.parametrize(("rows", "runs", "shared"), [(6, 50, 0.8), (6, 5, 0.2)])
def test_simultaneous_intervals_cover_in_small_and_larger_studies(rows: int, runs: int, shared: float) -> None:
    # 2,000 simulated studies each, within 4.5 binomial standard errors of .95 as above. With 5 runs, one standard
    # error common to all differences would cover .906.
    drawn = _correlated(rows, runs, shared=shared, name=f"studies of {runs}", studies=2_000)
    largest = np.abs(drawn.mean(axis=2) / drawn.std(axis=2, ddof=1) * np.sqrt(runs)).max(axis=1)
    quantiles = [simultaneous_quantile(differences, "coverage", simulations=10_000) or 0.0 for differences in drawn]
    assert abs((largest <= quantiles).mean() - 0.95) < 4.5 * np.sqrt(0.95 * 0.05 / 2_000)


def test_no_interval_reaches_beyond_what_a_value_can_be() -> None:
    rare = np.array([0.0] * 99 + [1.0])
    low, high = mean_interval(rare, low=0.0, high=1.0) or (1.0, 0.0)
    assert low == 0.0
    assert 0.01 + t_quantile(99) * 0.01 < high < 1.0
    mirrored = mean_interval(1 - rare, low=0.0, high=1.0)
    assert mirrored is not None
    assert mirrored[1] == 1.0
