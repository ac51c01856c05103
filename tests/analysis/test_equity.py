"""Equity of reach: gaps, Theil's index, and who is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.equity import equity, equity_differences
from diffusion.analysis.equity_told import equity_sentences, unreached_sentences
from diffusion.analysis.grouping import POOLED, UNSTATED, Grouping, grouping, groupings
from diffusion.analysis.sentences import Setting
from diffusion.analysis.unreached import unreached
from diffusion.draws import Purpose, generator
from diffusion.network.network import Network

MakeRuns = Callable[..., Any]
ROLES = grouping("role", ["clinician"] * 20 + ["firm"] * 10 + ["manager"] * 10)
SETTING = Setting(
    network="town",
    synthetic=False,
    steps=4,
    agents=40,
    smallest_difference=0.01,
    phrases={"base": "leaders at random", "hubs": "leaders by degree"},
)


def random(name: str) -> Any:
    return generator(Purpose.BOOTSTRAP, "equity", name)


@pytest.fixture
def arm(make_runs: MakeRuns) -> Callable[..., ArmResult]:
    """Return a function to an arm whose agents adopt by themselves, in the roles of :data:`ROLES`, so often."""

    def made(name: str, *chances: float, runs: int = 300, leaders: Any = None, shared: float = 0.0) -> ArmResult:
        chance = np.repeat(np.array(chances or (0.5, 0.5, 0.5)), [20, 10, 10])
        drawn = random(name)
        luck = shared * drawn.choice([-1.0, 1.0], size=(runs, 1))
        adopted = drawn.random((runs, 40)) < chance + luck
        return ArmResult(name, name, make_runs(adopted if leaders is None else adopted | leaders, leaders))

    return made


def one(arm: ArmResult, by: Grouping = ROLES) -> Any:
    [found] = equity([arm], by, "x")
    return found


def beside(base: ArmResult, other: ArmResult) -> Any:
    [found] = equity_differences([base, other], "base", ROLES, "x")
    return found


def test_the_gap_is_the_weighted_distance_of_groups_from_the_whole(make_runs: MakeRuns) -> None:
    adopted = np.zeros((4, 40), dtype=bool)
    adopted[:, :10] = True
    adopted[:2, 20:30] = True
    found = one(ArmResult("a", "a", make_runs(adopted)))
    # 1/2 of 20, 1/2 of 10, 0 of 10: P = 15/40; the gap 1/2 * 1/8 + 1/4 * 1/8 + 1/4 * 3/8.
    assert found.groups == {"clinician": 0.5, "firm": 0.5, "manager": 0.0}
    assert (found.reach, found.gap) == (0.375, 0.1875)
    ratio = 0.5 / 0.375
    assert found.theil == pytest.approx(0.75 * ratio * np.log(ratio))


def test_groups_reached_alike_have_neither_gap_nor_theil(make_runs: MakeRuns) -> None:
    adopted = np.zeros((4, 40), dtype=bool)
    adopted[:, ::2] = True
    found = one(ArmResult("a", "a", make_runs(adopted)))
    assert (found.gap, found.theil, found.differs) == (0.0, 0.0, False)
    assert (found.gap_low, found.gap_high, found.differ_below) == (None, None, 0.75)


def test_agents_do_not_count_in_the_runs_that_they_lead(make_runs: MakeRuns) -> None:
    adopted = np.zeros((4, 40), dtype=bool)
    leaders = np.zeros((4, 40), dtype=bool)
    leaders[np.arange(4), [0, 1, 20, 21]] = True
    found = one(ArmResult("a", "a", make_runs(adopted | leaders, leaders)))
    assert (found.reach, found.gap, found.theil) == (0.0, 0.0, None)
    adopted[0, :20] = True
    found = one(ArmResult("a", "a", make_runs(adopted | leaders, leaders)))
    assert found.groups["clinician"] == 19 / (19 + 19 + 20 + 20)
    assert found.weights["clinician"] == 78 / 156


def test_a_group_all_of_whose_agents_always_lead_is_absent(make_runs: MakeRuns) -> None:
    leaders = np.arange(40) >= 30
    found = one(ArmResult("a", "a", make_runs(np.ones((5, 40)), leaders)))
    assert found.groups == {"clinician": 1.0, "firm": 1.0}
    assert sum(found.weights.values()) == pytest.approx(1)


def test_small_groups_are_pooled_and_missing_values_are_a_group() -> None:
    found = grouping("site", ["north"] * 6 + [""] * 7 + ["a", "b", "b", "c"])
    assert found.groups == ("north", UNSTATED, POOLED)
    assert (found.pooled, found.sizes.tolist()) == (("a", "b", "c"), [6, 7, 4])


def test_every_column_with_two_groups_is_a_grouping() -> None:
    network = Network.from_tables(
        name="town",
        ids=[f"p{place:02d}" for place in range(12)],
        roles=["firm", "manager"] * 6,
        columns={"organisation": ["x"] * 6 + ["y"] * 6, "email": [f"mail {place}" for place in range(12)]},
        source=["p00"],
        target=["p01"],
    )
    assert [found.name for found in groupings(network)] == ["role", "organisation"]


def test_intervals_hold_the_gap_and_narrow_with_runs(arm: Any) -> None:
    few, many = (one(arm("a", 0.8, 0.4, 0.4, runs=runs, shared=0.1)) for runs in (50, 2000))
    for found in (few, many):
        assert found.gap_low < 0.2 < found.gap_high
        assert found.theil_low < found.theil < found.theil_high
        assert found.differs
    assert many.gap_high - many.gap_low < (few.gap_high - few.gap_low) / 3


def test_gaps_are_covered_and_false_alarms_are_as_rare_as_said(arm: Any) -> None:
    # 300 studies each; .95 and .05 within 4.5 binomial standard errors (5.7 points: 7 times in a million by luck).
    # A percentile interval of a distance never holds 0, so where no group is shown to differ it is let down to 0.
    alarms, covered = [], []
    for study in range(300):
        even = one(arm(f"even {study}", runs=60, shared=0.2))
        alarms.append(even.gap_low > 0)
        uneven = one(arm(f"uneven {study}", 0.7, 0.3, 0.3, runs=60, shared=0.2))
        covered.append(uneven.gap_low <= 0.2 <= uneven.gap_high)
    assert np.mean(alarms) <= 0.05 + 0.057
    assert np.mean(covered) >= 0.95 - 0.057


def test_differences_are_paired_by_replicate(arm: Any, make_runs: MakeRuns) -> None:
    base = arm("base", 0.7, 0.3, 0.3, shared=0.2)
    adopted = base.runs.adopted.copy()
    adopted[:, 20:30] |= random("more").random((300, 10)) < 0.2
    evener = ArmResult("hubs", "hubs", make_runs(adopted))
    found = beside(base, evener)
    assert found.gap == pytest.approx(one(evener).gap - one(base).gap)
    assert found.gap_low < found.gap < found.gap_high < 0
    assert found.gap_high - found.gap_low < one(base).gap_high - one(base).gap_low
    same = beside(base, ArmResult("twin", "twin", base.runs))
    assert (same.gap, same.gap_low, same.theil_low) == (0.0, None, None)


def test_left_out_are_those_who_have_not_adopted_in_more_than_half_of_the_runs(make_runs: MakeRuns) -> None:
    adopted = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]], dtype=bool)
    runs = make_runs(adopted)
    [base, hubs] = unreached(
        [ArmResult("base", "base", runs), ArmResult("hubs", "hubs", make_runs(adopted | [0, 0, 1, 0]))], "base", "x"
    )
    assert (base.left_out, base.never, base.difference) == (0.5, 0.25, None)
    assert (hubs.left_out, hubs.difference) == (0.25, -0.25)


def told(arms: list[ArmResult], by: Grouping = ROLES) -> tuple[str, ...]:
    return equity_sentences(equity(arms, by, "x"), equity_differences(arms, "base", by, "x"), SETTING)


def test_sentences_tell_the_gap_its_interval_and_the_groups_at_either_end(arm: Any) -> None:
    level, against, reach = told(
        [arm("base", 0.8, 0.4, 0.4, shared=0.1), arm("hubs", 0.5, 0.45, 0.45), arm("edge", 0.9, 0.1, 0.1)]
    )
    assert level.startswith(
        "By role, leaders left out, the expected share of a group that leaders at random reach lies 1"
    )
    assert "points from that of all on average (95 % interval 1" in level
    assert "over 300 runs); it is highest for clinician (79.2 %) and lowest for firm (39.1 %)." in level
    assert against.startswith(
        "Compared with leaders at random, groups are reached more evenly with leaders by degree (a gap 1"
    )
    assert '; less evenly with the arm "edge" (a gap ' in against
    assert against.endswith("(95 % intervals, each by itself).")
    assert reach == (
        'Gaps are small also where few are reached: on the whole leaders by degree and the arm "edge" reach fewer '
        "agents than leaders at random."
    )


def test_of_many_arms_the_one_that_differs_most_is_named(arm: Any) -> None:
    arms = [arm("base"), *(arm(f"arm {place}", 0.6 + place / 20, 0.5, 0.5) for place in range(5))]
    _, against, reach = told(arms)
    assert 'less evenly with 5 arms, most with the arm "arm 4" (a gap ' in against
    assert reach.endswith("on the whole 5 of these arms reach more agents than leaders at random.")


def test_no_sentence_calls_reach_uneven_that_is_not_shown_to_be(arm: Any) -> None:
    level, against = told([arm("base", shared=0.2, runs=60), arm("hubs", shared=0.2, runs=60)])
    assert level.startswith("By role, leaders left out, no group is shown to be reached otherwise than the whole")
    assert against == (
        "Leaders by degree are not shown to reach groups by role more or less evenly than leaders at random, "
        "by 1.0 points or more."
    )


def test_a_difference_smaller_than_what_matters_is_not_told_however_many_runs_there_are(arm: Any) -> None:
    arms = [arm("base", 0.7, 0.5, 0.5, runs=9000), arm("hubs", 0.71, 0.5, 0.5, runs=9000)]
    assert beside(*arms).gap_low > 0
    assert "not shown to reach" in told(arms)[1]


def test_arms_that_never_spread_or_reach_everyone_have_no_gap_to_tell(make_runs: MakeRuns) -> None:
    leaders = np.arange(40) < 3
    still = ArmResult("base", "base", make_runs(np.tile(leaders, (50, 1)), leaders))
    assert told([still]) == ("Nobody but leaders had adopted at the end in any run, so reach by role does not differ.",)
    full = ArmResult("hubs", "hubs", make_runs(np.ones((50, 40)), leaders))
    assert told([still, full])[0] == "With leaders at random nobody but leaders had adopted at the end in any run."
    [level] = told([ArmResult("base", "base", full.runs)])
    assert level.endswith("leaders at random reached groups 0.0 points apart from the whole in all 50 runs.")
    assert equity_sentences([], [], SETTING) == ()


def test_one_group_has_nothing_to_compare(arm: Any) -> None:
    assert told([arm("base")], grouping("role", ["firm"] * 40)) == ()


def test_sentences_on_who_is_left_out_tell_both_ends_and_what_matters(arm: Any, make_runs: MakeRuns) -> None:
    arms = [arm("base", 0.8, 0.2, 0.2), arm("hubs", 0.8, 0.8, 0.2)]
    [sentence] = unreached_sentences(unreached(arms, "base", "x"), "base", SETTING)
    assert sentence == (
        "Agents who had not adopted at the end in more than half of the runs are fewest with leaders by degree: "
        "25.0 %; most with leaders at random: 50.0 %."
    )
    close = [arm("base", 0.52, 0.48, 0.2, shared=0.2), arm("hubs", 0.8, 0.8, 0.5, shared=0.1)]
    [sentence] = unreached_sentences(unreached(close, "base", "x"), "base", SETTING)
    assert "(95 % interval " in sentence
    assert "points fewer than with leaders at random (" in sentence
    [sentence] = unreached_sentences(unreached(arms[:1] * 1, "base", "x"), "base", SETTING)
    assert sentence.startswith("Leaders at random leave out 50.0 % of the agents, counting agents who had not")
    everyone = [ArmResult("base", "base", make_runs(np.ones((9, 40))))]
    assert "leave out none of the agents" in unreached_sentences(unreached(everyone, "base", "x"), "base", SETTING)[0]
    assert unreached_sentences([], "base", SETTING) == ()
