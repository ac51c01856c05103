"""Nulls in numbers and in words: on either sign, on ties, on no effect, on censored times."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from diffusion.analysis.nulls import matched_effect, mean_outcome, structure_place
from diffusion.analysis.nulls_told import matched_sentences, place_sentence, structure_sentences
from diffusion.analysis.outcomes import OUTCOMES, RegionFacts
from diffusion.analysis.sentences import Setting
from diffusion.analysis.unanswered import Unanswered, unanswered_sentences
from diffusion.draws import Purpose, generator

FACTS = RegionFacts(100, 12, ("agent",), np.zeros(100, dtype=np.int32), 0)
SETTING = Setting("town", synthetic=False, steps=12, agents=100, smallest_difference=0.01, step_unit="month")
SHARE = OUTCOMES["adopted_share"]


def effect(values, matched, outcome=SHARE, **more):
    return matched_effect("hubs", outcome, np.array(values), np.array(matched), facts=FACTS, smallest=0.01, **more)


def test_the_interval_of_a_matched_effect_is_students_on_paired_differences():
    values, matched = np.array([0.5, 0.6, 0.8, 0.9]), np.array([0.4, 0.4, 0.5, 0.5])
    found = effect(values, matched)
    low, high = stats.ttest_rel(values, matched).confidence_interval()
    assert (found.difference, found.low, found.high) == pytest.approx((0.25, low, high))
    assert (found.p_better, found.p_tie, found.differ_below) == (1.0, 0.0, None)


@pytest.mark.parametrize(
    ("shift", "noise", "words"),
    [
        (0.1, 0.01, "so in this model the position adds more than 1.0 points to what role and out-degree give"),
        (-0.1, 0.01, "so in this model the position takes more than 1.0 points from what role and out-degree give"),
        (0.0, 0.01, "so role and out-degree give as much as the position, within 1.0 points"),
        (0.01, 0.2, "whether the position adds or takes more than 1.0 points beside these is undecided"),
    ],
)
def test_what_follows_for_a_position_goes_as_far_as_the_interval(shift, noise, words):
    wave = noise * np.sin(np.arange(100))
    [told] = matched_sentences([effect(0.5 + shift + wave, np.full(100, 0.5))], SETTING)
    assert told.endswith(f"; {words}.")
    assert told.startswith('On the network town, the arm "hubs" reached ')
    assert "points less than other leaders" in told or "points more than" in told or "the same as" in told


def test_a_matched_effect_is_told_with_its_interval():
    [told] = matched_sentences([effect(0.6 + 0.1 * np.sin(np.arange(100)), np.full(100, 0.5))], SETTING)
    assert told == (
        'On the network town, the arm "hubs" reached 60.0 % of the agents on average, 10.0 points more than other '
        "leaders of the same roles and out-degrees, drawn anew in every run (95 % interval 8.6 to 11.4, 100 paired "
        "runs); so in this model the position adds more than 1.0 points to what role and out-degree give."
    )


def test_where_all_pairs_are_equal_the_bound_is_told_and_never_an_interval_of_width_zero():
    found = effect(np.full(100, 0.5), np.full(100, 0.5))
    assert (found.low, found.high, found.differ_below, found.verdict) == (None, None, 0.03, "undecided")
    [told] = matched_sentences([found], SETTING)
    assert "as much as other leaders" in told
    assert "(all 100 paired runs alike; more than 3 % that differ can be excluded (95 %))" in told


def test_one_run_and_censored_times_claim_nothing():
    [told] = matched_sentences([effect([0.5], [0.4])], SETTING)
    assert "(1 paired run)" in told
    assert "undecided" in told
    [told] = matched_sentences([effect([13.0, 13.0], [13.0, 9.0], OUTCOMES["time_to_half"], censored=0.75)], SETTING)
    assert told.startswith('Times to half of the agents are not compared for the arm "hubs" and other leaders')


def test_of_times_lower_is_better_and_no_verdict_is_given():
    values = 9.0 + np.sin(np.arange(50))
    found = effect(values, values + 2 + np.cos(np.arange(50)), OUTCOMES["time_to_half"], censored=0.0)
    assert (found.verdict, found.p_better) == (None, 1.0)
    [told] = matched_sentences([found], SETTING)
    assert "months sooner than other leaders" in told


def place(value, rewired, **more):
    found = structure_place(
        "hubs", SHARE, value=value, rewired=np.array(rewired), kept="degrees", leaders="same", replicates=64
    )
    return replace(found, **more)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.floats(0, 1))
def test_p_values_are_those_of_monte_carlo_tests(rewired, value):
    found = place(value, rewired)
    count = len(rewired)
    assert found.p_high == (1 + sum(one >= value - 1e-9 for one in rewired)) / (1 + count)
    assert found.p_low == (1 + sum(one <= value + 1e-9 for one in rewired)) / (1 + count)
    assert 1 / (1 + count) <= min(found.p_high, found.p_low)
    assert found.p_high + found.p_low >= 1
    assert found.p_value == min(1.0, 2 * min(found.p_high, found.p_low))


def test_under_the_null_p_values_are_not_too_small():
    # The network itself is one of 200 that are alike: at most .05 in 5 % of 2,000 sets of them, give or take 4 sd.
    alike = generator(Purpose.SIMULTANEOUS, "alike").random((2000, 200))
    small = np.mean([place(float(row[0]), row[1:]).p_value <= 0.05 for row in alike])
    assert small == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 2000))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.9, "what the arm reaches is higher than such networks give"),
        (0.1, "what the arm reaches is lower than such networks give"),
        (0.5, "what the arm reaches is not told apart from what such networks give"),
        (0.505, "what the arm reaches is about what such networks give"),
    ],
)
def test_the_place_of_an_arm_is_told_as_far_as_it_goes(value, words):
    spread = 0.001 if value == 0.505 else 0.05
    found = place(value, 0.5 + spread * np.sin(np.arange(200)))
    assert words in place_sentence(found, SETTING)


def test_a_place_is_told_with_how_networks_spread_and_how_many_are_as_extreme():
    assert place_sentence(place(0.9, np.linspace(0.4, 0.6, 201)), SETTING) == (
        'On the network town, the arm "hubs" reached 90.0 % on average over the first 64 runs; on 201 networks rewired '
        "so that every agent keeps its in- and out-degree in each layer, with the same leaders, it was 50.0 % (95 % of "
        "these networks: 40.5 to 59.5; as high on none of them, two-sided p = 0.0099): what the arm reaches is higher "
        "than such networks give."
    )


def test_arms_are_told_together_by_how_they_stand_and_differences_first():
    wave = 0.02 * np.sin(np.arange(200))
    found = [
        place(0.9, 0.5 + wave),
        place(0.3, 0.1 + wave, baseline="random"),
        place(-0.1, -0.1 + wave, baseline="random", leaders="anew"),
    ]
    told = structure_sentences(found, SETTING)
    assert [sentence.split(" over the first")[0] for sentence in told] == [
        'On the network town, the difference from the arm "random"',
        'On the network town, the difference from the arm "random"',
        "On the network town, the mean",
    ]
    assert 'higher than such networks give for the arm "hubs" (30.0 points more; there 10.0 points more' in told[0]
    assert "with the position's holders found anew in each" in told[1]
    assert "10.0 points less; there 10.0 points less" in told[1]


def test_means_of_outcomes_follow_from_the_means_of_what_is_kept():
    means = {name: np.array([value]) for name, value in
             {"adopters": 40.0, "ever_adopted": 50.0, "spread": 37.0, "area_steps": 240.0}.items()}  # fmt: skip
    names = ("adopters", "adopted_share", "ever_adopted_share", "spread", "area")
    assert [float(mean_outcome(name, means, FACTS)[0]) for name in names] == [40.0, 0.4, 0.5, 37.0, 0.2]


def test_what_is_left_out_is_told_with_what_a_match_is_where_one_is_missing():
    drawn = Unanswered("random", "credit of leaders", "not the same agents lead in every replicate")
    assert unanswered_sentences([drawn], SETTING.phrase) == (
        'No credit of leaders is told for the arm "random": not the same agents lead in every replicate.',
    )
    missing = Unanswered("hubs", "matched null", "there is no match for a (agent, out-degree 9)")
    told = unanswered_sentences([drawn, missing], SETTING.phrase)
    assert len(told) == 3
    assert told[-1].startswith("A match is drawn from at least two agents of the leader's role")


def test_arms_without_an_answer_for_the_same_reason_are_named_together():
    same = [Unanswered(arm, "matched null", "there is no match for a (agent, out-degree 9)") for arm in "xyz"]
    told = unanswered_sentences([*same, Unanswered("w", "matched null", "they are drawn by chance")], SETTING.phrase)
    assert told[0].startswith('No matched null is told for the arm "x", the arm "y" and the arm "z": there is no match')
    assert told[1] == 'No matched null is told for the arm "w": they are drawn by chance.'


def test_of_many_arms_that_stand_alike_the_range_of_p_values_is_told():
    wave = np.linspace(0.4, 0.6, 201)
    found = [place(0.5 + shift, wave, arm=f"arm {number}") for number, shift in enumerate((0, 0.01, 0.02, 0.03))]
    [told] = structure_sentences(found, SETTING)
    assert 'not told apart from what such networks give for the arm "arm 0", the arm "arm 1", ' in told
    assert told.endswith("(p 0.71 to 1.00).")
    assert "there" not in told.replace("such networks give", "")
