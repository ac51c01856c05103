"""Rankings of arms by means."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.compare import compare
from diffusion.analysis.outcomes import RegionFacts, find_outcome
from diffusion.analysis.ranking import RankedArm, ranking, ranking_outcome

MakeArm = Callable[..., ArmResult]
MakeFacts = Callable[..., RegionFacts]


def _ranked(arms: Sequence[ArmResult], facts: RegionFacts, outcome: str, baseline: str = "base") -> list[RankedArm]:
    summaries, found = compare(arms, facts=facts, baseline=baseline, smallest_difference=0.01, seed_text="test")
    return ranking(summaries, found, outcome=find_outcome(outcome, facts.role_names), baseline=baseline)


@pytest.fixture(scope="module")
def arms(make_arm: MakeArm) -> list[ArmResult]:
    return [
        make_arm("base", [20, 30], times=[3, -1]),
        make_arm("most", [60, 70], times=[1, 2]),
        make_arm("equal", [70, 60], times=[2, 1]),
        make_arm("no leaders", [90, 95], times=[1, 1]),
    ]


def test_arms_are_ranked_by_means_equal_means_share_a_place_and_no_leaders_has_none(
    arms: list[ArmResult], make_facts: MakeFacts
) -> None:
    for order in (arms, arms[::-1]):
        rows = _ranked(order, make_facts(), "adopted_share")
        assert [(row.place, row.arm) for row in rows] == [(1, "equal"), (1, "most"), (3, "base"), (None, "no leaders")]
    assert rows[2].comparison is None
    assert rows[0].verdict == "undecided"


def test_the_soonest_arm_is_first(arms: list[ArmResult], make_facts: MakeFacts) -> None:
    assert [row.arm for row in _ranked(arms, make_facts(), "time_to_half")] == ["equal", "most", "base", "no leaders"]


def test_outcomes_of_the_others_rank_by_the_difference_from_the_baseline(
    arms: list[ArmResult], make_facts: MakeFacts
) -> None:
    rows = _ranked(arms[:2], make_facts(), "adopted_share_others.agent", baseline="most")
    assert [(row.place, row.arm, row.mean) for row in rows] == [(1, "most", None), (2, "base", None)]


def test_arms_with_different_numbers_of_leaders_are_ranked_by_spread(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    one, two = [[place < count for place in range(100)] for count in (1, 2)]
    arms = [make_arm("a", [5], leaders=one), make_arm("b", [5], leaders=two), make_arm("no leaders", [5])]
    summaries, _ = compare(arms, facts=make_facts(), baseline="a", smallest_difference=0.01, seed_text="test")
    assert ranking_outcome(summaries) == "spread"
    assert ranking_outcome([summaries[0], summaries[2]]) == "adopted_share"
