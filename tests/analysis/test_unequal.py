"""Arms of unequal numbers of runs: compared over the runs that both have, and never otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.compare import compare
from diffusion.analysis.outcomes import RegionFacts, find_outcome
from diffusion.analysis.ranking import ranking
from diffusion.analysis.ranking_table import ranking_table
from diffusion.analysis.unequal import compare_unequal, first_runs, longest
from diffusion.analysis.units import Units
from diffusion.draws import Purpose, generator
from diffusion.errors import InputError

MakeArm = Callable[..., ArmResult]
MakeFacts = Callable[..., RegionFacts]
ASKED: dict[str, Any] = {"smallest_difference": 0.01, "seed_text": "test"}


def arms_of(make_arm: MakeArm, runs: Sequence[int]) -> list[ArmResult]:
    counts = generator(Purpose.SIMULTANEOUS, "test", "unequal").integers(20, 60, (len(runs), max(runs)))
    counts += 4 * np.arange(len(runs))[:, np.newaxis]
    return [make_arm(f"arm {place}", row[:count]) for place, (row, count) in enumerate(zip(counts, runs, strict=True))]


def test_arms_of_equal_numbers_are_compared_as_ever(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    arms, facts = arms_of(make_arm, [30, 30, 30]), make_facts()
    assert compare_unequal(arms, facts=facts, baseline="arm 0", **ASKED) == compare(
        arms, facts=facts, baseline="arm 0", **ASKED
    )


def test_a_stopped_arm_is_compared_over_the_runs_that_both_have(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    arms, facts = arms_of(make_arm, [40, 40, 12, 25]), make_facts()
    summaries, comparisons = compare_unequal(arms, facts=facts, baseline="arm 0", **ASKED)
    told = {(one.arm, one.outcome): one for one in comparisons}
    assert [one.arm for one in summaries] == [arm.name for arm in arms]
    for arm, runs in (("arm 1", 40), ("arm 2", 12), ("arm 3", 25)):
        there = [first_runs(one, runs) for one in arms if one.runs.replicates >= runs]
        own, found = compare(there, facts=facts, baseline="arm 0", **ASKED)
        by_hand = next(one for one in found if (one.arm, one.outcome) == (arm, "adopters"))
        assert told[arm, "adopters"].replicates == runs
        unsaid: dict[str, Any] = {"p_best": None, "p_best_tied": None}
        assert replace(told[arm, "adopters"], **unsaid) == replace(by_hand, **unsaid)
        mean = next(one for one in own if one.arm == arm).outcomes["adopters"]
        assert next(one for one in summaries if one.arm == arm).outcomes["adopters"] == mean


def test_how_often_arms_are_best_is_told_among_those_that_went_the_whole_way(
    make_arm: MakeArm, make_facts: MakeFacts
) -> None:
    arms, facts = arms_of(make_arm, [40, 40, 12]), make_facts()
    summaries, comparisons = compare_unequal(arms, facts=facts, baseline="arm 0", **ASKED)
    whole, _ = compare(arms[:2], facts=facts, baseline="arm 0", **ASKED)
    assert [one.p_best for one in summaries[:2]] == [one.p_best for one in whole]
    assert set(summaries[2].p_best.values()) == {None}
    assert [one.stopped_early for one in summaries] == [False, False, True]
    assert all(one.p_best is None and one.p_best_tied is None for one in comparisons if one.arm == "arm 2")
    assert summaries[2].as_json()["stopped_early"] is True
    assert "stopped_early" not in summaries[0].as_json()
    assert longest(arms) == arms[:2]


def test_beside_a_baseline_that_was_stopped_all_are_compared_over_its_runs(
    make_arm: MakeArm, make_facts: MakeFacts
) -> None:
    arms, facts = arms_of(make_arm, [40, 40, 12, 7]), make_facts()
    summaries, comparisons = compare_unequal(arms, facts=facts, baseline="arm 2", **ASKED)
    runs = {one.arm: one.replicates for one in comparisons if one.outcome == "adopters"}
    assert runs == {"arm 0": 12, "arm 1": 12, "arm 3": 7}
    assert {one.baseline for one in comparisons} == {"arm 2"}
    assert [one.replicates for one in summaries] == [40, 40, 12, 7]
    best = {one.arm: one.p_best["adopters"] for one in summaries}
    assert all(one.p_best == best[one.arm] for one in comparisons if one.outcome == "adopters")


def test_worlds_are_cut_whole(make_arm: MakeArm, make_facts: MakeFacts) -> None:
    arms = [replace(arm, units=Units(8, 2)) for arm in arms_of(make_arm, [80, 80])]
    short = first_runs(arms[1], 40)
    assert short.units == Units(4, 2)
    assert short.runs.adopters.tolist() == arms[1].runs.adopters[:40].tolist()
    summaries, comparisons = compare_unequal([arms[0], short], facts=make_facts(), baseline="arm 0", **ASKED)
    assert [one.worlds for one in summaries] == [8, 4]
    across = next(one.across for one in comparisons if one.outcome == "adopters")
    assert across is not None
    assert (across.worlds, across.randomisations) == (4, 2)
    level = summaries[1].outcomes["adopters"].across
    assert level is not None
    assert (level.best_in, level.undecided_in, level.above_best_in) == (None, None, None)


def test_stopped_arms_have_no_place_and_follow_by_their_paired_differences(
    make_arm: MakeArm, make_facts: MakeFacts
) -> None:
    # The early runs are lucky ones for all: by its mean "late" would beat "early", by its pairs it does not.
    base = np.array([50] * 10 + [20] * 30)
    arms = [
        make_arm("base", base),
        make_arm("best", base + 9),
        make_arm("worst", base[:10] - 5),
        make_arm("early", base[:10] + 2),
        make_arm("late", base[:30] + 1),
    ]
    facts = make_facts()
    summaries, comparisons = compare_unequal(arms, facts=facts, baseline="base", **ASKED)
    outcome = find_outcome("adopted_share", facts.role_names)
    ranked = ranking(summaries, comparisons, outcome=outcome, baseline="base")
    assert [(row.place, row.arm) for row in ranked] == [
        (1, "best"),
        (2, "base"),
        (None, "early"),
        (None, "late"),
        (None, "worst"),
    ]
    table = ranking_table(ranked, outcome, baseline="base", step_unit="step")
    assert [row[1] for row in table.rows] == ["best", "base", "early †", "late †", "worst †"]
    assert [row[table.columns.index("best in")] for row in table.rows] == ["100 %", "0 %", "", "", ""]


def test_leaders_are_cut_with_the_runs_where_they_differ(make_runs: Callable[..., Any]) -> None:
    adopted = np.eye(6, dtype=bool)
    drawn = ArmResult("drawn", "drawn", make_runs(adopted, leaders=np.roll(adopted, 1, axis=0)))
    fixed = ArmResult("fixed", "fixed", make_runs(adopted, leaders=adopted[:1]))
    assert len(first_runs(drawn, 4).runs.leaders) == 4
    assert len(first_runs(fixed, 4).runs.leaders) == 1
    assert len(first_runs(fixed, 1).runs.leaders) == 1


@pytest.mark.parametrize("runs", [[30, 30], [30, 10]])
def test_a_baseline_that_is_no_arm_is_refused(make_arm: MakeArm, make_facts: MakeFacts, runs: list[int]) -> None:
    with pytest.raises(InputError, match='not "arm 9"'):
        compare_unequal(arms_of(make_arm, runs), facts=make_facts(), baseline="arm 9", **ASKED)
