"""How near arms come to the best set that a search found."""

from __future__ import annotations

import json

import numpy as np
import pytest

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.attainment import attainment, ratio_of_means
from diffusion.analysis.attainment_told import attainment_sentences
from diffusion.analysis.outcomes import RegionFacts, Runs
from diffusion.analysis.resampling import paired_bootstrap
from diffusion.analysis.sentences import Setting
from diffusion.draws import Purpose, generator
from diffusion.positions.found import Guarantee, Search

SIZE, STEPS = 40, 6
FACTS = RegionFacts(SIZE, STEPS, ("agent",), np.zeros(SIZE, dtype=np.int32), 0)
SETTING = Setting("town", synthetic=True, steps=STEPS, agents=SIZE, smallest_difference=0.01, step_unit="month")
PROMISED = Guarantee(0.632, 0.871, 1.0, on_sample=True)
SEARCH = Search("spread", "celf", 1000, 21.5, 20.9, 22.1, is_optimistic=True, guarantee=PROMISED)


def arm(name, spread, leaders=2):
    spread = np.asarray(spread, dtype=np.int64)
    leads = np.zeros((1, SIZE), dtype=np.bool_)
    leads[0, :leaders] = True
    adopters = spread + leaders
    bits = np.zeros((len(spread), -(-SIZE // 8)), dtype=np.uint8)
    never = np.full(len(spread), -1)
    return ArmResult(name, name, Runs(adopters, adopters, spread, adopters * STEPS, never, never, bits, leads))


def found_of(*arms, search=SEARCH, parameters=None):
    return attainment("best", search, arms, parameters or ["same"] * len(arms), FACTS)


def sentences(found):
    return attainment_sentences(found, SETTING)


def test_a_share_is_a_ratio_of_means_over_the_same_runs():
    found = found_of(arm("best", [10, 20, 30]), arm("hubs", [5, 10, 18]), arm("half", [5, 10, 15]))
    assert {one.arm: one.share for one in found.arms} == {"hubs": pytest.approx(0.55), "half": 0.5}
    half = next(one for one in found.arms if one.arm == "half")
    assert (half.low, half.high) == (None, None)  # half in every run, so nothing varies
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["outcome"] == "spread"


def test_arms_with_other_leaders_in_number_or_other_parameters_are_left_out():
    arms = (arm("best", [10, 20]), arm("more", [12, 22], 3), arm("other", [1, 2]), arm("no leaders", [0, 0], 0))
    found = found_of(*arms, parameters=["same", "same", "changed", "same"])
    assert found.arms == ()
    assert found.has_none


def test_the_interval_is_that_of_a_bootstrap_in_pairs():
    rng = generator(Purpose.SYNTHESIS, "attained")
    of = rng.normal(50, 8, 1500)
    values = 0.8 * of + rng.normal(0, 4, 1500)
    ratio, low, high = ratio_of_means(values, of)
    [interval] = paired_bootstrap(
        [values, of], lambda one, other, axis: (one.mean(axis=axis) / other.mean(axis=axis))[None], "attained"
    )
    assert ratio is not None
    assert low is not None
    assert high is not None
    assert [low, high] == pytest.approx(interval or (), abs=0.0006)
    assert low < ratio < high


def test_the_interval_covers_the_true_ratio_as_often_as_it_says():
    rng = generator(Purpose.SYNTHESIS, "covering")
    covered = 0
    for _ in range(1000):
        common = rng.gamma(4, 5, 100)
        _, low, high = ratio_of_means(common * 0.6 + rng.gamma(4, 1, 100), common + 4)
        assert low is not None
        assert high is not None
        covered += low <= (0.6 * 20 + 4) / 24 <= high
    assert 925 <= covered <= 972  # three standard errors about 95 % and a little for the linearisation


def test_nothing_is_a_share_of_nothing():
    assert ratio_of_means(np.zeros(3), np.zeros(3)) == (None, None, None)
    assert not any("Of the spread" in text for text in sentences(found_of(arm("best", [0, 0]), arm("hubs", [0, 0]))))


def test_both_numbers_are_told_and_which_of_them_is_too_good():
    [sought, promised, shares] = sentences(found_of(arm("best", [20, 22, 21, 20]), arm("hubs", [18, 21, 19, 20])))
    assert sought.startswith(
        "On the synthetic network town, 2 leaders were sought who make the spread as large as possible "
        '(the arm "best"): 21.5 agents on average (95 % interval 20.9 to 22.1) by the search\'s own 1,000 runs, which '
        "chose them, so that this is on average too good; 20.8 agents on average"
    )
    assert sought.endswith("in this study's own 4 runs, which had no say in the choice.")
    assert "at least 87.1 % of what the best possible set reaches" in promised
    assert "promises 63.2 % whatever the network" in promised
    assert shares.startswith("Of the spread of the best set found, which need not be the best there is, the arm ")
    assert "reached 94.0 % (" in shares


def test_an_arm_that_does_better_than_what_was_found_shows_that_the_search_failed():
    found = found_of(arm("best", [20, 22, 21, 20]), arm("hubs", [25, 26, 26, 24]))
    assert sentences(found)[-1].endswith('The search did not find the best set: the arm "hubs" does better.')


def test_no_guarantee_is_said_where_there_is_none():
    search = Search("took_off", "celf", 64, 0.5, None, None, is_optimistic=True, reason="agents may abandon")
    assert sentences(found_of(arm("best", [4, 5]), search=search))[1] == (
        "No guarantee: agents may abandon; there may be a better set."
    )


def test_a_probability_is_told_where_a_guarantee_may_fail():
    promised = Guarantee(0.532, 0.7, 0.99, on_sample=False)
    search = Search("spread", "reverse_reachable", 4096, 21.5, 21.0, 22.0, is_optimistic=False, guarantee=promised)
    told = sentences(found_of(arm("best", [20, 22]), search=search))
    assert "by the search's own 4,096 reverse-reachable sets, other ones than those which chose them;" in told[0]
    assert "with probability 0.99 (the method promises 53.2 %" in told[1]


def test_times_have_no_shares():
    search = Search("time_to_half", "celf", 64, 3.0, None, None, is_optimistic=True, reason="times do not count")
    found = found_of(arm("best", [20, 22]), arm("hubs", [18, 21]), search=search)
    assert found.arms == ()
    assert "as small as possible" in sentences(found)[0]
