"""What is sought or solved where numbers are uncertain: once, under their medians, and played in all worlds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from experiment_cases import MakeStore, MakeStudy, played

from diffusion.analysis.attainment import ratio_of_means
from diffusion.analysis.intervals import mean_interval
from diffusion.analysis.units import Units
from diffusion.experiment.plan import Study
from diffusion.experiment.replay import find_arm, replayed
from diffusion.experiment.results import StudyResult, study_result
from diffusion.experiment.store import Store
from diffusion.scenario import load_scenario

TEXT = """
networks = ["./town"]
steps = {steps}
replicates = {replicates}
worlds = 12
seed = 5

[adoption]
rule = "contagion"
transmission = {{ uniform = [0.0, 0.4] }}

[leaders]
count = 2

[[arms]]
name = "random"
leaders.position = "random"

[[arms]]
name = "best"
leaders.position = "optimal"
leaders.parameters.replicates = 100

[[arms]]
name = "hubs"
leaders.position = "out_degree"
{more}
"""
KNOWN = TEXT.replace("transmission = {{ uniform = [0.0, 0.4] }}", "transmission = 0.2").replace("worlds = 12\n", "")
TIES = '[ties]\nbetween_roles = {{ "firm -> manager" = {{ uniform = [0, 1] }} }}\n\n'
REACH = TEXT.replace("transmission = {{ uniform = [0.0, 0.4] }}", "reach = 0.5").replace(
    "[leaders]", TIES + "[leaders]"
)


@pytest.fixture
def study(make_study: MakeStudy) -> Study:
    return make_study(text=TEXT, replicates=70)


@pytest.fixture
def stored(study: Study, make_file_store: MakeStore) -> Store:
    return played(study, make_file_store())


@pytest.fixture
def result(study: Study, stored: Store) -> StudyResult:
    return study_result(study, stored)


def test_leaders_are_those_that_a_search_under_the_medians_finds(study: Study, make_study: MakeStudy) -> None:
    known = make_study(text=KNOWN)
    assert study.arms[1].choice == known.arms[1].choice
    assert {study.arms[1].in_world(world, seed=5).choice for world in range(12)} == {study.arms[1].choice}
    assert study.arms[1].in_world(3, seed=5).setting.parameters.adoption.transmission != 0.2


def test_a_set_is_never_judged_by_the_search_s_own_runs(study: Study, result: StudyResult, stored: Store) -> None:
    [found] = result.groups[0].attained
    assert found.under_medians
    assert found.replicates == 12 * 70
    runs = np.concatenate(
        [stored.runs(study.arms[1].in_world(w, seed=5), seed=5, replicates=70).spread for w in range(12)]
    )
    assert found.mean == pytest.approx(runs.mean())
    assert (found.low, found.high) == pytest.approx(mean_interval(runs.reshape(12, 70).mean(axis=1), low=0.0))


def test_nothing_is_claimed_of_the_worlds(result: StudyResult) -> None:
    sought, promised, shares = result.groups[0].attainment_sentences()
    assert "2 leaders were sought, under the medians of what is uncertain, who make" in sought
    assert "in this study's own 12 worlds of 70 runs, which had no say in the choice." in sought
    assert promised.startswith(("Guarantee under the medians of what is uncertain: ", "No guarantee: "))
    if promised.startswith("Guarantee"):
        assert promised.endswith("of the worlds themselves nothing is promised.")
    assert "found under the medians, which need not be the best over the worlds" in shares
    assert "ratios of means over 12 worlds of 70 runs" in shares


def test_the_json_says_that_it_was_sought_under_the_medians(result: StudyResult) -> None:
    told = json.loads(json.dumps(result.as_json(), allow_nan=False))
    [best] = [arm for arm in told["arms"] if arm["arm"] == "best"]
    assert best["search"]["under_medians"] is True
    assert told["attained"][0]["under_medians"] is True


def test_studies_of_known_numbers_say_nothing_of_medians(make_study: MakeStudy, make_file_store: MakeStore) -> None:
    known = make_study(text=KNOWN, replicates=70)
    told = json.dumps(study_result(known, played(known, make_file_store())).as_json())
    assert "under_medians" not in told


def test_a_ratio_in_worlds_counts_worlds() -> None:
    of = np.array([10.0, 20.0, 30.0, 60.0, 15.0, 25.0])
    values = of * np.array([0.5, 0.7, 0.4, 0.6, 0.9, 0.5])
    ratio, low, high = ratio_of_means(values, of, Units(3))
    worlds, base = values.reshape(3, 2).mean(axis=1), of.reshape(3, 2).mean(axis=1)
    assert (ratio, low, high) == pytest.approx(ratio_of_means(worlds, base))
    assert ratio_of_means(values, of)[1] != low


@pytest.mark.parametrize("arm", ["best", "random"])
def test_a_run_of_any_world_is_replayed(study: Study, stored: Store, arm: str) -> None:
    run = replayed(study, stored, find_arm(study, network=None, arm=arm, cell=None, world=7), 65)
    assert run.differences == ()


def test_values_that_agents_keep_for_a_world_are_drawn_anew_in_every_run_of_a_search(make_study: MakeStudy) -> None:
    text = TEXT.replace('rule = "contagion"', 'rule = "threshold"\nexposure = "share"').replace(
        "transmission = {{ uniform = [0.0, 0.4] }}", "threshold = {{ beta = [2, 3]{} }}"
    )
    kept = make_study(text=text.replace("[2, 3]{}", '[2, 3], drawn_per = "world"'))
    anew = make_study(text=text.replace("[2, 3]{}", "[2, 3]").replace("worlds = 12\n", ""))
    assert kept.arms[1].choice == anew.arms[1].choice


def test_a_number_is_solved_once_under_the_medians_and_holds_in_every_world(
    make_study: MakeStudy, make_file_store: MakeStore
) -> None:
    study = make_study(text=REACH, replicates=70)
    [solved] = study.scenario.solved
    known = make_study(text=REACH.replace("{{ uniform = [0, 1] }}", "0.5").replace("worlds = 12\n", ""))
    assert solved.value == known.scenario.solved[0].value
    there = [study.arms[0].in_world(world, seed=5).setting.parameters for world in range(12)]
    assert {said.adoption.transmission for said in there} == {solved.value}
    assert len({said.between_roles["firm", "manager"] for said in there}) == 12
    store = played(study, make_file_store())
    result = study_result(study, store)
    [told] = result.groups[0].solved
    assert "solved under the medians of what is uncertain so that 2 leaders at random reach 50 %" in told.sentence
    assert "over the study's worlds" in told.sentence
    assert "which may differ from what was asked" in told.sentence
    assert told.as_json()["under_medians"] is True
    again = store.study(store.find(study.name))
    assert again.digest == study.digest
    assert study_result(again, store).as_json() == result.as_json()
    run = replayed(again, store, find_arm(again, network=None, arm="hubs", cell=None, world=7), 65)
    assert run.differences == ()


def test_arms_with_interventions_share_the_number_that_is_solved(make_study: MakeStudy) -> None:
    more = (
        '[[arms]]\nname = "show"\nleaders.position = "random"\n'
        'interventions.show = {{ kind = "broadcast", probability = {{ uniform = [0, 0.2] }} }}'
    )
    study = make_study(text=REACH.replace("{more}", more))
    assert len(study.scenario.solved) == 1
    assert study.arms[3].setting.parameters.adoption.transmission == study.scenario.solved[0].value


def test_leaders_at_random_whose_number_is_uncertain_are_as_many_as_its_median(
    scenario_file: Callable[..., Path],
) -> None:
    text = REACH.replace("count = 2", "count = {{ uniform = [1, 5] }}").replace('"optimal"', '"in_degree"')
    scenario = load_scenario(scenario_file(text=text.replace("leaders.parameters.replicates = 100\n", "")))
    setting = scenario.settings(scenario.cells()[0])[0]
    assert setting.request is not None
    assert setting.request.leaders.count == 3
