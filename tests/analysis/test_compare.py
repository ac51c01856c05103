"""Comparisons of arms, worked out by hand, by brute force and on both signs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.arms import ArmResult, ArmSummary, best_shares, levels
from diffusion.analysis.compare import Comparison, compare, unpaired_share, verdict_on
from diffusion.analysis.outcomes import RegionFacts
from diffusion.draws import Purpose, generator
from diffusion.errors import InputError

MakeArm = Callable[..., ArmResult]
MakeFacts = Callable[..., RegionFacts]
small_values = st.lists(st.integers(0, 4).map(float), min_size=1, max_size=12).map(np.array)


def _told(arms: Sequence[ArmResult], facts: RegionFacts, **more: Any) -> tuple[list[ArmSummary], list[Comparison]]:
    options: dict[str, Any] = {"baseline": arms[0].name, "smallest_difference": 0.01, "seed_text": "test"} | more
    return compare(arms, facts=facts, **options)


def _one(comparisons: Sequence[Comparison], outcome: str, arm: str, baseline: str = "base") -> Comparison:
    (found,) = [one for one in comparisons if (one.outcome, one.arm, one.baseline) == (outcome, arm, baseline)]
    return found


def _study(make_arm: MakeArm, arms: int = 4, runs: int = 30) -> list[ArmResult]:
    counts = (
        generator(Purpose.SIMULTANEOUS, "test", "study").integers(20, 60, (arms, runs)) + 3 * np.arange(arms)[:, None]
    )
    return [make_arm("base" if place == 0 else f"arm {place}", row) for place, row in enumerate(counts)]


def test_a_comparison_over_four_replicates_is_that_worked_out_by_hand(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    _, found = _told([make_arm("base", [10, 20, 30, 40]), make_arm("other", [12, 20, 36, 44])], make_facts())
    one = _one(found, "adopters", "other")
    # Differences 2, 0, 6, 4: mean 3, variance 20/3, so a standard error of 1.29099 and t(3) = 3.18245.
    assert one.difference == 3
    assert (one.low, one.high) == pytest.approx((3 - 4.10851, 3 + 4.10851), abs=1e-4)
    assert (one.low_all, one.high_all) == (one.low, one.high)
    assert (one.p_better, one.p_tie) == (0.75, 0.25)
    # Of 16 pairs of runs the arm is higher in 1 + 1 + 3 + 4 and equal in 1.
    assert one.p_better_unpaired == 9.5 / 16
    assert one.variance_saved == pytest.approx(1 - 5 / (125 + 160))
    assert (one.range_low, one.range_high) == pytest.approx((0.3, 5.7))
    assert (one.replicates, one.left_out, one.differ_below, one.verdict) == (4, 0, None, "undecided")


def test_exchanging_arm_and_baseline_turns_every_sign(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    arms = [make_arm("base", [10, 20, 30, 45]), make_arm("other", [52, 60, 76, 84])]
    forth = _one(_told(arms, make_facts())[1], "adopted_share", "other")
    back = _one(_told(arms, make_facts(), baseline="other")[1], "adopted_share", "base", "other")
    assert (forth.verdict, back.verdict) == ("better", "worse")
    assert forth.difference == -(back.difference or 0)
    assert (forth.low_all, forth.high_all) == (-(back.high_all or 0), -(back.low_all or 0))
    assert forth.p_better == 1 - (back.p_better or 0) - (back.p_tie or 0)
    assert forth.p_better_unpaired == 1 - (back.p_better_unpaired or 0)
    assert forth.variance_saved == back.variance_saved


def test_of_times_sooner_is_better_reached_beats_unreached_and_never_ties_with_never(
    make_arm: MakeArm, make_facts: MakeFacts
) -> None:
    arms = [
        make_arm("base", [60, 60, 10, 10, 60], times=[2, 3, -1, -1, 4]),
        make_arm("other", [60, 60, 60, 10, 10], times=[1, 2, 4, -1, -1]),
    ]
    summaries, found = _told(arms, make_facts(steps=4))
    one = _one(found, "time_to_half", "other")
    assert (one.p_better, one.p_tie) == (3 / 5, 1 / 5)
    assert one.difference == pytest.approx((-1 - 1 - 1 + 0 + 1) / 5)
    # Restricted times 1 2 4 5 5 beside 2 3 5 5 4: of 25 pairs 5 + 4 + 2 are sooner and 1 + 1 + 2 + 2 equal.
    assert one.p_better_unpaired == (11 + 6 / 2) / 25
    assert one.verdict is None
    assert summaries[0].outcomes["time_to_half"].censored == 2 / 5
    assert (one.p_best, one.p_best_tied) == (3 / 5, 1 / 5)


@given(arm=small_values, baseline=small_values)
def test_the_unpaired_share_is_that_over_all_pairs(arm: np.ndarray, baseline: np.ndarray) -> None:
    pairs = [(a > b) + (a == b) / 2 for a in arm for b in baseline]
    assert unpaired_share(levels(arm), levels(baseline)) == pytest.approx(sum(pairs) / len(pairs))


@given(data=st.data())
def test_best_shares_are_those_counted_run_by_run(data: st.DataObject) -> None:
    arms, runs = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 6))
    values = np.array(
        data.draw(st.lists(st.lists(st.integers(0, 2), min_size=runs, max_size=runs), min_size=arms, max_size=arms))
    )
    alone, shared = best_shares(values.astype(float))
    for arm in range(arms):
        others = [[values[other, run] for other in range(arms) if other != arm] for run in range(runs)]
        wins = [all(values[arm, run] > one for one in others[run]) for run in range(runs)]
        best = [all(values[arm, run] >= one for one in others[run]) for run in range(runs)]
        assert alone[arm] == pytest.approx(np.mean(wins))
        assert shared[arm] == pytest.approx(np.mean(best) - np.mean(wins))


def test_arms_with_the_same_leaders_and_parameters_count_as_one_among_the_best(
    make_arm: MakeArm, make_facts: MakeFacts
) -> None:
    arms = [
        make_arm("base", [1, 5, 3]),
        make_arm("twin 1", [4, 4, 3], identity="t"),
        make_arm("twin 2", [4, 4, 3], identity="t"),
        make_arm("no leaders", [9, 9, 9]),
    ]
    summaries, found = _told(arms, make_facts())
    shares = {one.arm: (one.p_best["adopters"], one.p_best_tied["adopters"]) for one in summaries}
    third = pytest.approx(1 / 3)
    assert shares == {
        "base": (third, third),
        "twin 1": (third, third),
        "twin 2": (third, third),
        "no leaders": (None, None),
    }
    between = _one(_told(arms, make_facts(), baseline="twin 1")[1], "adopters", "twin 2", "twin 1")
    assert (between.difference, between.p_tie, between.verdict) == (0, 1, "practically equal")
    assert _one(found, "adopters", "base", "no leaders").difference == -6


def test_every_arm_with_leaders_is_compared_with_the_baseline_and_with_the_arm_without_leaders(
    make_arm: MakeArm, make_facts: MakeFacts
) -> None:
    arms = [*_study(make_arm, 3), make_arm("no leaders", range(30))]
    pairs = {(one.arm, one.baseline) for one in _told(arms, make_facts())[1]}
    against_none = {(name, "no leaders") for name in ("base", "arm 1", "arm 2")}
    assert pairs == {("arm 1", "base"), ("arm 2", "base")} | against_none
    assert {(one.arm, one.baseline) for one in _told(arms, make_facts(), baseline="no leaders")[1]} == against_none


def test_the_order_of_arms_changes_nothing(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    arms = [*_study(make_arm), make_arm("no leaders", range(30))]
    forth = _told(arms, make_facts(), baseline="base")
    back = _told(arms[::-1], make_facts(), baseline="base")
    assert sorted(map(repr, forth[0])) == sorted(map(repr, back[0]))
    assert sorted(map(repr, forth[1])) == sorted(map(repr, back[1]))


def test_a_further_arm_changes_no_pointwise_number(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    arms = _study(make_arm)
    simultaneous = {"low_all", "high_all", "verdict", "p_best", "p_best_tied"}
    few, many = _told(arms[:3], make_facts()), _told(arms, make_facts())
    for before in few[1]:
        after = _one(many[1], before.outcome, before.arm).as_json()
        kept = {name: value for name, value in before.as_json().items() if name not in simultaneous}
        assert {name: after[name] for name in kept} == kept
    assert [one.outcomes for one in few[0]] == [one.outcomes for one in many[0][:3]]


def test_simultaneous_intervals_are_wider_to_either_side(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    for one in _told(_study(make_arm), make_facts(), outcomes=["adopters"])[1]:
        assert None not in (one.low, one.high, one.low_all, one.high_all)
        assert (one.low_all or 0) < (one.low or 0) < (one.high or 0) < (one.high_all or 0)
        assert (one.low or 0) < (one.difference or 0) < (one.high or 0)


def test_runs_in_which_nothing_spreads_stay_in_every_average(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    summaries, found = _told([make_arm("base", [0, 0, 0, 0]), make_arm("other", [0, 0, 0, 40])], make_facts())
    assert summaries[1].outcomes["adopters"].mean == 10
    assert _one(found, "adopters", "other").difference == 10
    assert _one(found, "adopters", "other").p_tie == 0.75


def test_where_all_pairs_are_equal_a_bound_stands_in_place_of_the_interval(
    make_arm: MakeArm, make_facts: MakeFacts
) -> None:
    counts = [20, 30] * 500
    arms = [make_arm("base", counts), make_arm("other", counts), make_arm("more", np.array(counts) + 7)]
    summaries, found = _told([*arms, make_arm("fixed", [5] * 1000)], make_facts())
    for name, difference, verdict in (("other", 0, "practically equal"), ("more", 7, "better")):
        one = _one(found, "adopters", name)
        assert (one.low, one.high, one.low_all, one.high_all) == (None, None, None, None)
        assert (one.difference, one.differ_below, one.verdict) == (difference, 0.003, verdict)
    share = _one(found, "adopted_share", "more")
    assert (share.low, share.differ_below) == (None, 0.003)
    fixed = summaries[3].outcomes["adopters"]
    assert (fixed.mean, fixed.low, fixed.high, fixed.sd, fixed.differ_below) == (5, None, None, 0, 0.003)


def test_a_hundred_equal_pairs_do_not_prove_arms_practically_equal(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    # 3 % of the histories could still differ by everything.
    _, found = _told([make_arm("base", [5] * 100), make_arm("other", [5] * 100)], make_facts())
    assert _one(found, "adopted_share", "other").verdict == "undecided"


def test_one_replicate_has_differences_and_no_intervals(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    summaries, found = _told([make_arm("base", [5]), make_arm("other", [8])], make_facts())
    one = _one(found, "adopters", "other")
    assert (one.difference, one.p_better, one.replicates, one.verdict) == (3, 1, 1, "undecided")
    assert {one.low, one.high_all, one.differ_below, one.variance_saved, one.range_low} == {None}
    assert summaries[0].outcomes["adopters"].sd is None


def test_replicates_in_which_no_other_of_a_role_remains_are_left_out_and_counted(
    make_arm: MakeArm, make_facts: MakeFacts
) -> None:
    # Two agents of role a (0 and 2) and two of role b; both a lead in the second replicate, none in the first.
    lead = [[0, 0, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]]
    arms = [make_arm("base", [1, 3, 1], agents=4), make_arm("other", [3, 3, 3], agents=4, leaders=lead)]
    _, found = _told(arms, make_facts(4, roles=("a", "b")))
    one = _one(found, "adopted_share_others.a", "other")
    assert (one.replicates, one.left_out, one.difference) == (2, 1, 0.75)
    assert (one.p_best, one.p_better) == (None, 1)
    always = make_arm("other", [3, 3, 3], agents=4, leaders=[1, 0, 1, 0])
    nobody = _one(_told([arms[0], always], make_facts(4, roles=("a", "b")))[1], "adopted_share_others.a", "other")
    assert (nobody.replicates, nobody.left_out, nobody.difference, nobody.p_better, nobody.verdict) == (
        0,
        3,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.011, 0.5, "better"),
        (0.01, 0.5, "undecided"),
        (-0.5, -0.011, "worse"),
        (-0.01, 0.01, "practically equal"),
        (0.001, 0.009, "practically equal"),
        (-0.02, 0.0, "undecided"),
    ],
)
def test_verdicts_follow_the_smallest_difference_in_both_directions(low: float, high: float, verdict: str) -> None:
    opposite = {"better": "worse", "worse": "better"}
    assert verdict_on(low, high, 0.01, 1) == verdict
    assert verdict_on(-high, -low, 0.01, -1) == verdict
    assert verdict_on(low, high, 0.01, -1) == opposite.get(verdict, verdict)


def test_verdicts_exist_where_a_share_of_the_agents_makes_sense(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    arms = [make_arm(name, [10, 20, 60], organisations=[1, 2, 3]) for name in ("base", "other")]
    _, found = _told(arms, make_facts(organisations=3))
    silent = {one.outcome for one in found if one.verdict is None}
    assert silent == {"time_to_half", "organisations_reached", "took_off"}


def test_json_holds_every_field_and_nothing_that_json_cannot_hold(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    arms = [make_arm("base", [5, 5, 9, 7]), make_arm("other", [5, 5, 9, 7]), make_arm("no leaders", [0, 0, 0, 0])]
    summaries, found = _told(arms, make_facts(), network="n", cell={"adoption.transmission": 0.1})
    told = [one.as_json() for one in summaries] + [one.as_json() for one in found]
    text = json.dumps(told, allow_nan=False)
    first = json.loads(text)[len(summaries)]
    assert list(first) == [
        "network",
        "cell",
        "outcome",
        "arm",
        "baseline",
        "difference",
        "low",
        "high",
        "low_all",
        "high_all",
        "p_better",
        "p_tie",
        "p_better_unpaired",
        "variance_saved",
        "range_low",
        "range_high",
        "differ_below",
        "verdict",
        "p_best",
        "p_best_tied",
        "replicates",
        "left_out",
    ]
    arm = json.loads(text)[0]
    assert list(arm) == ["network", "cell", "arm", "replicates", "p_best", "p_best_tied", "outcomes"]
    assert list(arm["outcomes"]["adopters"]) == ["mean", "low", "high", "sd"]
    assert "censored" in arm["outcomes"]["time_to_half"]


def test_a_wrong_baseline_or_outcome_is_refused_with_the_nearest_name(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    arms = [make_arm("base", [1, 2]), make_arm("other", [2, 2])]
    with pytest.raises(InputError, match='did you mean "other"'):
        _told(arms, make_facts(), baseline="othr")
    with pytest.raises(InputError, match='did you mean "spread"'):
        _told(arms, make_facts(), outcomes=["spred"])
    with pytest.raises(ValueError, match="same replicates"):
        _told([arms[0], make_arm("other", [1])], make_facts())
    with pytest.raises(ValueError, match="different names"):
        _told([arms[0], arms[0]], make_facts())


def test_the_true_difference_is_covered_from_runs_to_intervals(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    # 500 studies of 4 arms over 20 paired runs: shared luck 0 … 20 plus an arm's own 0 … 10 plus its true effect.
    # Bounds of 4.5 binomial standard errors (4.4 points): false alarms about 7 in a million.
    studies, runs, effects = 500, 20, np.array([0, 0, 2, 5])
    drawn = generator(Purpose.SIMULTANEOUS, "test", "whole")
    covered = []
    for _ in range(studies):
        counts = drawn.integers(0, 21, runs) + drawn.integers(0, 11, (4, runs)) + effects[:, None]
        arms = [make_arm("base" if place == 0 else str(place), row, agents=40) for place, row in enumerate(counts)]
        found = _told(arms, make_facts(40), outcomes=["adopters"])[1]
        covered.append([(one.low_all or 0) <= effects[int(one.arm)] <= (one.high_all or 0) for one in found])
    assert abs(np.all(covered, axis=1).mean() - 0.95) < 4.5 * np.sqrt(0.95 * 0.05 / studies)
