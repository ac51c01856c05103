"""Durations: censored runs kept, means restricted, differences paired."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.durations import duration, duration_differences, first_steps, reached_by, restricted
from diffusion.analysis.durations_told import duration_sentences
from diffusion.analysis.intervals import mean_interval
from diffusion.analysis.sentences import Setting
from diffusion.draws import Purpose, generator

STEPS = 24
SETTING = Setting(
    network="town",
    synthetic=False,
    steps=STEPS,
    agents=100,
    smallest_difference=0.01,
    step_unit="month",
    phrases={"base": "leaders at random", "hubs": "leaders by degree", "edge": "leaders by marginality"},
)


def times(low: int, high: int, never: float = 0.0, runs: int = 200, name: str = "") -> np.ndarray[Any, Any]:
    random = generator(Purpose.BOOTSTRAP, "durations", low, high, name)
    return np.where(random.random(runs) < never, -1, random.integers(low, high + 1, runs))


def told(share: float | str = 0.5, baseline: str = "base", **first: Any) -> tuple[str, ...]:
    arrays = {arm: np.asarray(values) for arm, values in first.items()}
    durations = [duration(arm, share, values, STEPS) for arm, values in arrays.items()]
    return duration_sentences(durations, duration_differences(arrays, baseline, share, STEPS, "x"), SETTING)


@given(st.lists(st.integers(-1, STEPS), min_size=2, max_size=60))
def test_the_curve_is_the_share_of_runs_that_had_got_there(first: list[int]) -> None:
    found = reached_by(np.array(first), STEPS)
    wanted = [np.mean([0 <= time <= step for time in first]) for step in range(STEPS + 1)]
    assert found.share == pytest.approx(wanted)


@given(st.lists(st.integers(-1, STEPS), min_size=2, max_size=60))
def test_the_restricted_mean_is_the_area_under_the_curve_of_kaplan_and_meier(first: list[int]) -> None:
    found = duration("base", 0.5, np.array(first), STEPS)
    assert found.restricted_mean == pytest.approx((1 - reached_by(np.array(first), STEPS).share).sum())
    assert found.restricted_mean == pytest.approx(np.mean([STEPS + 1 if time < 0 else time for time in first]))
    assert found.censored == pytest.approx(np.mean([time < 0 for time in first]))


def test_curve_and_median_are_those_of_statsmodels() -> None:
    survival = pytest.importorskip("statsmodels.duration.survfunc")
    first = times(3, STEPS, never=0.3)
    theirs = survival.SurvfuncRight(np.where(first < 0, STEPS, first), (first >= 0).astype(int))
    ours = reached_by(first, STEPS)
    assert 1 - ours.share[theirs.surv_times.astype(int)] == pytest.approx(theirs.surv_prob)
    low, high = theirs.quantile_ci(0.5)
    assert low <= (ours.median or 0) <= high
    assert ours.median == theirs.quantile(0.5)


def test_the_curve_lies_within_its_interval_which_narrows_with_runs() -> None:
    few, many = (reached_by(times(3, STEPS, never=0.3, runs=runs), STEPS) for runs in (50, 2000))
    middle = slice(6, 20)
    for found in (few, many):
        assert np.all(found.low[middle] < found.share[middle])
        assert np.all(found.share[middle] < found.high[middle])
    assert np.all(many.high[middle] - many.low[middle] < (few.high - few.low)[middle] / 3)


def test_where_no_run_or_every_run_gets_there_the_rule_of_three_bounds_what_was_not_seen() -> None:
    never, always = reached_by(np.full(300, -1), STEPS), reached_by(np.full(300, 2), STEPS)
    assert never.median is None
    assert not never.share.any()
    assert (set(never.low), set(never.high)) == ({0.0}, {0.01})
    assert always.share.tolist() == [0.0] * 2 + [1.0] * (STEPS - 1)
    assert always.low.tolist() == [0.0] * 2 + [0.99] * (STEPS - 1)
    assert always.high.tolist() == [0.01] * 2 + [1.0] * (STEPS - 1)
    assert np.isnan(reached_by(np.full(3, -1), STEPS).high).all()


def test_shares_are_counted_in_whole_agents() -> None:
    curves = np.array([[1, 2, 3, 4], [1, 1, 1, 1], [4, 1, 1, 1]])
    assert first_steps(curves, 10, 0.3).tolist() == [2, -1, 0]
    assert first_steps(curves, 10, 0.21).tolist() == [2, -1, 0]
    assert first_steps(curves, 10, 0.1).tolist() == [0, 0, 0]


def test_differences_are_those_of_restricted_times_replicate_by_replicate() -> None:
    first = {"base": times(10, STEPS, never=0.2), "hubs": times(3, 12), "edge": times(12, STEPS, never=0.4)}
    found: Any = duration_differences(first, "base", 0.5, STEPS, "x")
    hubs, edge = found
    paired = restricted(first["hubs"], STEPS) - restricted(first["base"], STEPS)
    assert hubs.difference == pytest.approx(paired.mean())
    assert (hubs.low, hubs.high) == mean_interval(paired)
    assert hubs.low_all < hubs.low < hubs.high < hubs.high_all < 0 < edge.low_all
    assert (hubs.p_sooner, hubs.p_tie) == ((paired < 0).mean(), (paired == 0).mean())
    assert (edge.censored, edge.censored_baseline) == ((first["edge"] < 0).mean(), (first["base"] < 0).mean())
    assert 0 < edge.censored_both < min(edge.censored, edge.censored_baseline)


def test_restricted_means_cover_the_truth_as_often_as_they_say() -> None:
    # 2,000 studies of 60 runs, a quarter censored; within 4.5 binomial standard errors (2.2 points) of .95.
    random = generator(Purpose.BOOTSTRAP, "restricted")
    drawn = random.geometric(0.056, size=(2000, 60))
    truth = sum(0.944**step for step in range(STEPS + 1))
    covered = []
    for row in np.where(drawn > STEPS, -1, drawn):
        found = duration("base", 0.5, row, STEPS)
        covered.append((found.low or 0) <= truth <= (found.high or 0))
    assert abs(np.mean(covered) - 0.95) < 0.022


def test_equal_runs_have_a_bound_in_place_of_an_interval() -> None:
    found = duration("base", 0.5, np.full(100, 7), STEPS)
    assert (found.low, found.high, found.differ_below, found.median) == (None, None, 0.03, 7)
    [same] = duration_differences({"base": times(3, 9), "hubs": times(3, 9)}, "base", 0.5, STEPS, "x")
    assert (same.difference, same.low, same.low_all, same.p_tie) == (0.0, None, None, 1.0)
    assert same.differ_below == 0.015
    assert duration_differences({"base": times(3, 9)}, "base", 0.5, STEPS, "x") == ()


def test_the_soonest_arm_is_told_with_its_difference_and_the_latest_after_it() -> None:
    soonest, latest = told(share=0.25, base=times(10, 20), hubs=times(3, 12), edge=times(15, STEPS, never=0.2))
    assert soonest.startswith("A quarter of the agents were reached soonest with leaders by degree, after 7.")
    assert " months on average (95 % interval 7." in soonest
    assert " months sooner than with leaders at random (simultaneous interval 6." in soonest
    assert latest.startswith("Latest came leaders by marginality, after 2")
    assert "of runs that took longer than the study count as 25 months)" in latest
    assert "months later than with leaders at random" in latest


def test_no_difference_is_told_that_rounds_to_none() -> None:
    [sentence] = told(base=times(5, 9), hubs=times(5, 9, name="other") * 0 + np.roll(times(5, 9), 1))
    assert "reached equally soon on average with leaders at random and leaders by degree, after 7.0 months" in sentence
    assert "on average as soon as with leaders at random (simultaneous interval 0." in sentence
    assert "soonest" not in sentence


def test_a_baseline_that_is_soonest_is_told_so() -> None:
    [sentence] = told(base=times(3, 6), hubs=times(10, 12))
    assert sentence.endswith("; no arm was sooner on average.")


def test_arms_that_mostly_do_not_get_there_are_named_with_how_often_they_did() -> None:
    first, second = told(base=times(5, 9), hubs=times(5, 9, never=0.9), edge=[-1] * 200)
    assert "leaders by degree" not in first
    assert second.startswith(
        "Half of the agents were reached in too few runs for times to be compared: within 24 months"
    )
    assert second.endswith("of runs with leaders by degree and no run with leaders by marginality.")


def test_a_mostly_censored_baseline_leaves_no_difference_to_tell() -> None:
    first, _ = told(base=times(5, 9, never=0.8), hubs=times(3, 6))
    assert "leaders by degree" in first
    assert "leaders at random" not in first


def test_arms_that_never_get_there_are_told_in_one_sentence() -> None:
    assert told(base=[-1] * 9, hubs=[-1] * 9) == (
        "Half of the agents were reached in no run of any arm within 24 months.",
    )
    assert duration_sentences([], [], SETTING) == ()


def test_equal_runs_and_single_runs_are_told_as_such() -> None:
    [sentence] = told(share=0.6, base=[9] * 50, hubs=[4] * 50)
    assert sentence == (
        "60 % of the agents were reached soonest with leaders by degree, after 4 months in all 50 runs, "
        "5 months sooner than with leaders at random in all 50 paired runs."
    )
    [sentence] = told(share="the first adopter of the firms", base=[4], hubs=[4])
    assert sentence == (
        "The first adopter of the firms was reached equally soon on average with leaders at random and leaders by "
        "degree, after 4 months in the one run."
    )


def test_arms_that_took_as_long_are_named_together_at_either_end() -> None:
    [soonest, latest] = told(base=[9] * 9, hubs=[3] * 9, edge=[9] * 9)
    assert "soonest with leaders by degree, after 3 months in all 9 runs, 6 months sooner" in soonest
    assert latest == "Latest came leaders at random and leaders by marginality, after 9 months in all 9 runs."


def test_of_many_arms_that_mostly_do_not_get_there_the_most_frequent_is_told() -> None:
    others: dict[str, Any] = {f"arm {place}": [-1] * (9 - place % 4) + [5] * (place % 4) for place in range(6)}
    [sentence] = told(base=[-1] * 9, **others)
    assert sentence.endswith("within 24 months, in no more than 33 % of runs with each of 7 arms.")
