"""Spread against cost: who is beaten, who is not, and what cannot be told."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.frontier import CostedArm, frontier
from diffusion.analysis.frontier_told import frontier_sentences
from diffusion.analysis.intervals import mean_interval

RUNS = np.arange(400.0)
NOISE = (RUNS * 7 % 11) - 5.0  # mean about 0, and the same for all arms: pairing takes it out


def arm(name: str, spread: float, cost: float, wobble: float = 0.0) -> CostedArm:
    own = np.where(RUNS % 2 > 0, wobble, -wobble)
    return CostedArm(name, name, 20 + spread + NOISE + own, np.full(len(RUNS), cost))


def standings(*arms: CostedArm) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {found.arm: (found.standing, found.against) for found in frontier(arms, agents=100)}


def test_a_known_frontier():
    told = standings(
        arm("cheap", 0, 10, 1.0), arm("dear", 5, 30, 0.5), arm("poor", -3, 20, 0.2), arm("wasteful", 2, 40, 0.3)
    )
    assert told == {
        "cheap": ("on the frontier", ()),
        "poor": ("beaten", ("cheap",)),
        "dear": ("on the frontier", ()),
        "wasteful": ("beaten", ("dear",)),
    }


def test_what_intervals_do_not_part_is_undecided():
    told = standings(arm("cheap", 0, 10, 8.0), arm("dear", 0.5, 30))
    assert told == {"cheap": ("on the frontier", ()), "dear": ("undecided", ("cheap",))}


def test_at_the_same_cost_the_one_that_spreads_further_beats_the_other():
    assert standings(arm("a", 0, 10, 1.0), arm("b", 3, 10, 0.5))["a"] == ("beaten", ("b",))
    assert standings(arm("a", 0, 10, 8.0), arm("b", 0.1, 10)) == {
        "a": ("undecided", ("b",)),
        "b": ("undecided", ("a",)),
    }


def test_arms_that_are_one_do_not_stand_in_each_others_way():
    one, other = arm("one", 1, 10), arm("other", 1, 10)
    other = CostedArm("other", "one", other.spread, other.cost)
    assert {standing for standing, _ in standings(one, other).values()} == {"on the frontier"}


def test_equal_differences_in_few_runs_decide_nothing():
    few = [CostedArm(name, name, np.full(3, spread), np.full(3, 1.0)) for name, spread in (("a", 3.0), ("b", 9.0))]
    assert {found.standing for found in frontier(few, agents=50)} == {"undecided"}
    single = [CostedArm(name, name, np.array([spread]), np.ones(1)) for name, spread in (("a", 3.0), ("b", 9.0))]
    assert {found.standing for found in frontier(single, agents=50)} == {"undecided"}


def test_the_budget_marks_what_costs_more():
    arms = [arm("a", 0, 10), arm("b", 1, 10.5), arm("c", 2, 11)]
    assert [found.within_budget for found in frontier(arms, agents=100, budget=10.5)] == [True, True, False]
    assert [found.within_budget for found in frontier(arms, agents=100)] == [None] * 3


def test_spread_per_unit_of_cost_is_a_ratio_of_means_with_the_interval_of_that():
    [fixed] = frontier([arm("a", 0, 4)], agents=100)
    low, high = mean_interval(20 + NOISE) or (0, 0)
    assert fixed.per_unit == pytest.approx((20 + NOISE).mean() / 4)
    assert (fixed.per_unit_low, fixed.per_unit_high) == pytest.approx((low / 4, high / 4))
    cost = 10 + NOISE  # spread is twice what is spent, in every run
    [tied] = frontier([CostedArm("a", "a", 2 * cost, cost)], agents=100)
    assert tied.per_unit == pytest.approx(2)
    assert tied.per_unit_low in (None, pytest.approx(2))
    [free] = frontier([arm("a", 0, 0)], agents=100)
    assert free.per_unit is None
    json.dumps(free.as_json(), allow_nan=False)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), min_size=1, max_size=6))
def test_some_arm_is_never_beaten_and_order_changes_nothing(pairs):
    arms = [arm(f"arm {place}", spread, cost, 0.5 + place / 7) for place, (spread, cost) in enumerate(pairs)]
    found = frontier(arms, agents=100)
    assert found == frontier(arms[::-1], agents=100)
    assert any(one.standing != "beaten" for one in found)
    cost = {one.arm: one.cost for one in found}
    assert all(cost[rival] <= cost[one.arm] for one in found for rival in one.against)


def test_the_frontier_is_told_in_words():
    arms = [arm("a", 0, 10, 1.0), arm("b", 5, 30, 0.5), arm("c", 2, 40), arm("d", 5.1, 40, 8.0)]
    told = frontier_sentences(frontier(arms, agents=100, budget=35), lambda name: f'the arm "{name}"')
    assert told == (
        (
            'On the frontier of spread against cost are the arm "a" and the arm "b": at equal or lower cost, no other '
            "arm spreads as far."
        ),
        'Whether the arm "d" spreads further than the arm "b", which costs no more, is undecided.',
        'The arm "d" and the arm "b" spread further than the arm "c" at equal or lower cost.',
        'The arm "d" and the arm "c" cost more than the budget.',
    )
