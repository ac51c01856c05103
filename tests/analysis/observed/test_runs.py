"""Runs of the model beside observed times: bands, and estimators where the truth is known."""

from __future__ import annotations

import json

import numpy as np
import pytest

from diffusion.analysis.observed.exposure import ExposureTies
from diffusion.analysis.observed.run_sentences import check_summary, curve_sentences, ties_phrase
from diffusion.analysis.observed.runs import (
    BASS_Q,
    ESTIMATORS,
    EXPOSURE,
    Distribution,
    adoption_of_runs,
    curve_against_runs,
    estimator_checks,
)
from diffusion.analysis.observed.times import UNKNOWN, ObservedTimes
from diffusion.draws import Purpose, generator
from diffusion.model.ensemble import Ensemble
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network

STEPS, SIZE = 12, 90


def _network():
    random = generator(Purpose.OBSERVED, "test", "runs")
    ids = [f"{place:03d}" for place in range(SIZE)]
    target = np.repeat(np.arange(SIZE), 4)
    source = (target + random.integers(1, SIZE, size=len(target))) % SIZE
    return Network.from_tables(
        name="runs", ids=ids, source=[ids[place] for place in source], target=[ids[place] for place in target]
    )


NETWORK = _network()
TIES = ExposureTies.of(NETWORK)


def _played(runs, **said):
    leads = np.zeros(SIZE, dtype=np.uint64)
    leads[:2] = np.uint64(2**64 - 1)
    rule = StageParameters(rule="contagion", **said)
    ensemble = Ensemble(NETWORK, Parameters(steps=STEPS, adoption=rule), seed=5, leader_words=lambda _: leads)
    return adoption_of_runs(ensemble, runs)


@pytest.fixture(scope="module")
def checks():
    told = {}
    for name, said in (("ties", {"transmission": 0.2, "external": 0.01}), ("no ties", {"external": 0.1})):
        told[name] = {one.estimator: one for one in estimator_checks(TIES, _played(40, **said), STEPS)}
    return told


def test_runs_are_those_of_the_blocks_in_order():
    runs = _played(70, transmission=0.1)
    assert runs.shape == (SIZE, 70)
    np.testing.assert_array_equal(runs[:, :10], _played(10, transmission=0.1))
    assert (runs[:2] == 0).all()


def test_estimators_find_contagion_where_it_is_and_nothing_in_the_same_times_dealt_anew(checks):
    found = checks["ties"][EXPOSURE]
    assert found.runs.mean > 1
    assert found.runs.above_zero == 1
    assert abs(found.dealt.mean) < 4 * found.dealt.sd / np.sqrt(40) + 0.05
    assert found.dealt.above_zero <= 0.15
    moran = checks["ties"]["Moran's I"]
    assert moran.runs.low > moran.dealt.high


def test_estimators_find_as_little_where_no_tie_carries_anything(checks):
    found = checks["no ties"][EXPOSURE]
    assert abs(found.runs.mean) < 4 * found.runs.sd / np.sqrt(40) + 0.05
    assert found.runs.above_zero <= 0.15
    assert found.runs.mean == pytest.approx(found.dealt.mean, abs=0.2)


def test_thresholds_and_the_bass_model_find_imitation_where_there_is_none(checks):
    # A mean threshold far above 0 and a positive q come about without any tie.
    assert checks["no ties"]["mean threshold"].runs.low > 0.2
    assert checks["ties"][BASS_Q].runs == checks["ties"][BASS_Q].dealt
    assert checks["ties"][BASS_Q].runs.low > 0


def test_every_estimator_is_checked_and_told_by_whether_it_tells_ties_from_none(checks):
    for name in ("ties", "no ties"):
        assert tuple(checks[name]) == ESTIMATORS
        json.dumps([one.as_json() for one in checks[name].values()], allow_nan=False)
    apart, alike = check_summary(list(checks["ties"].values()))
    assert "Moran's I" in apart
    assert "the coefficient of lagged exposure" in apart
    assert apart.endswith("by ranges of 5 % to 95 % of runs that do not overlap.")
    assert "Bass q" in alike
    assert "tell" in alike
    assert "outside what dealt times give" not in " ".join(check_summary(list(checks["no ties"].values())))


@pytest.mark.parametrize(
    ("by_ties", "otherwise", "told"),
    [
        (True, False, "in which adoption spreads over ties and in no other way"),
        (True, True, "in which adoption spreads over ties and comes about without them too"),
        (False, True, "in which no tie carries anything"),
        (False, False, "in which no tie carries anything"),
    ],
)
def test_runs_are_told_by_what_moves_agents_in_them(by_ties, otherwise, told):
    assert ties_phrase(by_ties=by_ties, otherwise=otherwise) == told


def test_what_was_observed_stands_beside_the_runs():
    observed = ObservedTimes(np.arange(SIZE) % 8, tuple("12345678"))
    runs = _played(3, transmission=0.1)
    [found, *_] = estimator_checks(TIES, runs, STEPS, observed=observed, within=None)
    assert found.observed is not None


def test_runs_in_which_nothing_spread_have_no_estimate_and_are_not_told():
    found = estimator_checks(TIES, _played(3), STEPS)
    by_name = {one.estimator: one for one in found}
    assert by_name[EXPOSURE].runs == Distribution(None, None, None, None, 0)
    assert by_name[BASS_Q].runs.defined == 0
    assert check_summary([by_name[EXPOSURE]]) == (
        "None of these estimators is defined in these runs: too little spread.",
    )


def test_times_are_dealt_within_groups_where_groups_are_named():
    group = np.arange(SIZE) % 3
    runs = np.where(np.arange(SIZE) < 2, 0, 1 + group * 3)[:, None].repeat(3, axis=1)
    found = estimator_checks(TIES, runs, STEPS, groups=group, within="site")
    for one in found:
        assert one.runs.mean is None or one.runs.mean == pytest.approx(one.dealt.mean)
        assert one.within == "site"


def test_the_observed_curve_is_told_from_the_range_of_the_runs_period_by_period():
    runs = np.array([[1, 1], [2, 2], [3, 3], [-1, 4]])
    times = ObservedTimes(np.array([0, 0, 3, -1]), ("1", "2", "3", "4"), "year")
    found = curve_against_runs(times, runs, 4)
    assert found.observed.tolist() == [0.5, 0.5, 0.5, 0.75]
    assert found.side.tolist() == [1, 0, -1, -1]
    assert found.high[-1] == pytest.approx(0.75 + 0.95 * 0.25)
    assert " ".join(curve_sentences(found, "the arm")) == (
        "The observed curve lies between 5 % and 95 % of 2 runs of the arm in 1 of 4 years. "
        "It is below that range in years 3 to 4. It is above that range in year 1. "
        "The range holds in each period by itself; a curve within it does not show that the model is right, for other "
        "models have runs like these."
    )
    json.dumps(found.as_json(), allow_nan=False)


def test_the_first_period_may_be_step_0_and_periods_beyond_the_runs_are_left_out():
    runs = np.array([[0], [1], [2], [-1]])
    times = ObservedTimes(np.array([0, 1, 2, -1]), ("1", "2", "3"), "year")
    found = curve_against_runs(times, runs, 2, first_step=0)
    assert found.side.tolist() == [0, 0, 0]
    assert "in every one of 3 years." in curve_sentences(found, "the arm")[0]
    assert curve_against_runs(times, runs, 2).labels == ("1", "2")


def test_agents_of_unknown_time_are_left_out_on_both_sides():
    runs = np.array([[1], [1], [-1]])
    found = curve_against_runs(ObservedTimes(np.array([0, UNKNOWN, -1]), ("1",)), runs, 2)
    assert found.observed.tolist() == found.median.tolist() == [0.5]


def test_runs_of_other_agents_are_refused():
    times = ObservedTimes(np.array([0, 1]), ("1", "2"))
    with pytest.raises(ValueError, match="runs must be of the 2 agents and reach step 1; 3 were played"):
        curve_against_runs(times, np.zeros((3, 2), dtype=np.int64), 3)
