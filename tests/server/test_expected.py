"""Expected curves: against the readable model, one run after another."""

from __future__ import annotations

import numpy as np
import pytest
from experiment_cases import MakeStudy, make_study, scenario_file  # noqa: F401 - fixtures
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.intervals import interval_where_equal, mean_interval
from diffusion.experiment.plan import Study
from diffusion.server.expected import Curves, PairedCurves, affordable, expected_curves, paired_curves
from diffusion.server.played import ADOPTED, PlayedRun

RUNS = 70
MORE = '[[arms]]\nname = "twin"\nleaders.position = "out_degree"'
LEAVING = "[[arms]]\nname = 'leaving'\nadoption.abandonment = 0.3\nleaders.position = 'random'"


@pytest.fixture
def study(make_study: MakeStudy) -> Study:  # noqa: F811 - the fixture
    return make_study(more=f"{MORE}\n{LEAVING}")


def by_the_readable_model(study: Study, arm: int, replicates: int = RUNS) -> list[list[int]]:
    runs = [PlayedRun(study.arms[arm], seed=5, replicate=replicate) for replicate in range(replicates)]
    return [run.curves(run.steps)[:, ADOPTED].tolist() for run in runs]


@pytest.mark.parametrize("arm", [0, 1, 3], ids=["random", "hubs", "leaving"])
def test_curves_are_those_of_the_readable_model_run_by_run(study: Study, arm: int) -> None:
    curves = expected_curves(study.arms[arm], seed=5, replicates=RUNS)
    wanted = by_the_readable_model(study, arm)
    assert curves.runs.tolist() == wanted
    assert np.allclose(curves.mean, np.mean(wanted, axis=0))
    assert len({tuple(run) for run in wanted}) > 10


def test_differences_are_taken_within_replicates(study: Study) -> None:
    paired = paired_curves(study.arms[1], study.arms[0], seed=5, replicates=RUNS)
    hubs, others = (np.array(by_the_readable_model(study, arm)) for arm in (1, 0))
    assert paired.difference.runs.tolist() == (hubs - others).tolist()
    assert (paired.left.runs.tolist(), paired.right.runs.tolist()) == (hubs.tolist(), others.tolist())
    step = 4
    low, high = (ends[step] for ends in paired.difference.interval)
    assert (low, high) == mean_interval((hubs - others)[:, step].astype(float), low=-12, high=12)
    assert [ends[step] for ends in paired.difference.range] == np.percentile((hubs - others)[:, step], (5, 95)).tolist()


def test_what_differs_from_left_to_right_differs_the_other_way_from_right_to_left(study: Study) -> None:
    there = paired_curves(study.arms[1], study.arms[0], seed=5, replicates=RUNS).difference
    back = paired_curves(study.arms[0], study.arms[1], seed=5, replicates=RUNS).difference
    assert back.runs.tolist() == (-there.runs).tolist()
    assert np.allclose(back.interval, -np.array(there.interval)[::-1])


def test_the_first_replicates_do_not_depend_on_how_many_there_are(study: Study) -> None:
    few, many = (expected_curves(study.arms[0], seed=5, replicates=count) for count in (3, 130))
    assert many.runs[:3].tolist() == few.runs.tolist()
    assert (few.replicates, many.replicates) == (3, 130)


def test_arms_that_are_one_differ_in_no_history(study: Study) -> None:
    difference = paired_curves(study.arms[1], study.arms[2], seed=5, replicates=RUNS).difference
    assert difference.is_sure
    assert not difference.runs.any()
    assert not np.any(difference.interval)


def test_the_start_is_the_same_in_every_history(study: Study) -> None:
    curves = expected_curves(study.arms[0], seed=5, replicates=RUNS)
    assert [ends[0] for ends in curves.interval] == [2, 2]


def test_an_interval_is_as_wide_as_all_that_is_possible_where_runs_tell_no_spread() -> None:
    many = Curves(np.full((300, 2), 4, dtype=np.int32), smallest=0, largest=10)
    assert tuple(ends[1] for ends in many.interval) == interval_where_equal(4.0, 300, 10.0)
    one = Curves(np.full((1, 2), 4, dtype=np.int32), smallest=-10, largest=10)
    assert [ends[1] for ends in one.interval] == [-10, 10]
    all_adopt = Curves(np.full((300, 2), 10, dtype=np.int32), smallest=0, largest=10)
    assert all_adopt.interval[1][1] == 10


@given(st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=9))
def test_the_replicates_that_stand_out_are_found_as_by_sorting(runs: list[tuple[int, int, int]]) -> None:
    made = Curves(np.array(runs, dtype=np.int32), smallest=-3, largest=3)
    paired = PairedCurves(made, made, made, len(runs))
    order = sorted(range(len(runs)), key=lambda place: (-runs[place][-1], -sum(runs[place]), place))
    places = [order[0], order[len(runs) // 2], order[-1]]
    assert [(place, runs[place][-1]) for place in places] == list(paired.chosen)
    below, equal = paired.share_below(0, 1)
    values = [run[1] for run in runs]
    assert (below, equal) == (sum(value < 0 for value in values) / len(runs), values.count(0) / len(runs))


def test_all_replicates_are_played_where_that_is_quick_and_the_first_blocks_where_it_is_not(study: Study) -> None:
    arms = study.arms[:2]
    assert affordable(arms, 1000) == 1000
    cost = sum((arm.network.size + len(arm.network.source)) * 7 for arm in arms)
    assert affordable(arms, 1000, work=3 * cost) == 192
    assert affordable(arms, 1000, work=1) == 64
    assert affordable(arms, 5, work=1) == 5
    assert affordable(arms, 10**9) == 100_000
