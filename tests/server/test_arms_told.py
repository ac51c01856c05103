"""What two arms side by side show, in words."""

from __future__ import annotations

import numpy as np
import pytest
from experiment_cases import MakeStudy, make_study, scenario_file  # noqa: F401 - fixtures

from diffusion.server.arms_told import sources, told, typical
from diffusion.server.differences import Differences
from diffusion.server.expected import Curves, PairedCurves
from diffusion.server.played import PlayedRun

NAMES = ("“hubs”", "“random”")


def found(
    left: list[int],
    right: list[int],
    leads: tuple[list[int], list[int]] = ([], []),
    *,
    tick: int = 5,
    left_again: tuple[list[int], list[int]] | None = None,
) -> Differences:
    never = [-1] * len(left)
    abandoned = left_again or (never, never)
    leading = [np.isin(np.arange(len(left)), who) for who in leads]
    times = [np.array(at, dtype=np.int16) for at in (left, right, *abandoned)]
    return Differences(tick, (times[0], times[1]), (times[2], times[3]), (leading[0], leading[1]))


@pytest.mark.parametrize(
    ("differences", "sentence"),
    [
        (
            found([0, 0, 1, 2, 3, -1], [-1, 2, 1, 4, 2, -1], ([0, 1], [])),
            (
                "Month 5: 5 of 6 have adopted under “hubs”, 4 under “random”: 1 more under “hubs”. 1 only under "
                "“hubs” (its leader), none only under “random” and 4 in both (2 earlier under “hubs”, 1 earlier under "
                "“random” and 1 at the same step)."
            ),
        ),
        (
            found([0, -1, -1, -1], [-1, 0, 3, -1], ([0], [1])),
            (
                "Month 5: 1 of 4 has adopted under “hubs”, 2 under “random”: 1 more under “random”. 1 only under "
                "“hubs” (its leader), 2 only under “random” (1 of them leads there) and none in both."
            ),
        ),
        (
            found([0, -1], [0, -1], ([0], [0]), tick=0),
            (
                "Start: 1 of 2 has adopted under “hubs”, 1 under “random”: as many. None only under “hubs”, none only "
                "under “random” and 1 in both (1 at the same step)."
            ),
        ),
        (
            found([0, 1], [0, 1], left_again=([3, -1], [-1, -1])),
            (
                "Month 5: 1 of 2 has adopted under “hubs”, 2 under “random”: 1 more under “random”. None only under "
                "“hubs”, 1 only under “random” and 1 in both (1 at the same step). Abandoned: 1 under “hubs”, 0 under "
                "“random”."
            ),
        ),
    ],
)
def test_a_step_is_told_in_words(differences: Differences, sentence: str) -> None:
    assert told(differences, NAMES, "month") == sentence


def runs(make_study: MakeStudy, more: str, left: int, right: int) -> tuple[PlayedRun, PlayedRun]:  # noqa: F811 - a value
    arms = make_study(more=more).arms
    return PlayedRun(arms[left], seed=5, replicate=3), PlayedRun(arms[right], seed=5, replicate=3)


NAMED = (
    '[[arms]]\nname = "named"\nleaders.agents = ["p00", "p05"]\n[[arms]]\nname = "others"\nleaders.agents = ["p05"]\n'
)


def test_differences_come_from_who_leads(make_study: MakeStudy) -> None:  # noqa: F811 - the fixture
    assert sources(*runs(make_study, NAMED, 2, 3)) == (
        "Both sides live through run 3, with the same luck for everybody; all that differs comes from who leads "
        "(left p00; in both p05)."
    )


def test_differences_come_from_parameters_by_the_keys_of_scenarios(make_study: MakeStudy) -> None:  # noqa: F811
    more = (
        '[[arms]]\nname = "strong"\nleaders.position = "out_degree"\nleaders.influence = 3.0\n'
        'adoption.transmission = 0.3\nties.between_roles = {"firm -> manager" = 2.0}\n'
    )
    assert sources(*runs(make_study, more, 2, 1)) == (
        "Both sides live through run 3, with the same luck for everybody; all that differs comes from parameters "
        "(adoption.transmission 0.3 left, 0.2 right; ties.between_roles firm manager 2.0 left, none right; "
        "leaders.influence 3.0 left, 1.0 right)."
    )


def test_two_arms_that_are_one_are_said_to_be(make_study: MakeStudy) -> None:  # noqa: F811 - the fixture
    assert sources(*runs(make_study, "", 1, 1)).endswith("leaders and parameters are the same too, so nothing differs.")


def paired(differences: list[int], *, wanted: int = 0, is_sure: bool = False) -> PairedCurves:
    """Return curves of 100 agents, in which the differences at step 1 are these."""
    values = np.array([[0, value] for value in differences], dtype=np.int32)
    curves = Curves(values, smallest=-100, largest=100, is_sure=is_sure)
    return PairedCurves(curves, curves, curves, wanted or len(differences))


def test_a_run_is_told_beside_the_mean_and_the_other_runs() -> None:
    lines = typical(paired([10, 12, 14, 8, 11, 9, 10, 13, 12, 11]), 12, 1, unit="month", smallest=0.05)
    assert lines == [
        "Left minus right at month 1: +12 in this run; +11.0 in the mean of 10 runs, 95 % interval +9.7 to +12.3.",
        (
            "90 % of runs lie between +8 and +14; in 60 % of runs right does better against left than here, and in "
            "20 % of runs just as well."
        ),
        (
            "At this step left is ahead on average by more than the smallest difference that matters in this study, "
            "5 % (5.0 agents)."
        ),
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([-10, -11, -12, -13], "At this step right is ahead on average by more than"),
        ([0, 1, 0, 1] * 50, "At this step the arms are practically equal on average: within"),
        ([0, 20, -15, 3], "Whether the mean difference at this step exceeds"),
    ],
)
def test_the_mean_is_told_beside_the_smallest_difference_that_matters(values: list[int], said: str) -> None:
    assert typical(paired(values), 0, 1, unit="month", smallest=0.02)[-1].startswith(said)


def test_fewer_replicates_than_the_study_has_are_said() -> None:
    [first, *_] = typical(paired([1, 2, 3], wanted=9000), 1, 1, unit="month", smallest=0.02)
    assert "in the mean of 3 runs (the first of 9,000; more would take too long), 95 %" in first


def test_nothing_is_estimated_of_arms_that_are_one() -> None:
    assert typical(paired([0, 0], is_sure=True), 0, 1, unit="month", smallest=0.02) == [
        "The two arms have the same leaders and parameters: they differ in no run."
    ]


def test_the_start_is_the_same_in_every_run() -> None:
    [line] = typical(paired([1, 2]), 0, 0, unit="month", smallest=0.02)
    assert line.startswith("Left minus right at the start: 0 in this run; 0.0 in the mean of 2 runs")
