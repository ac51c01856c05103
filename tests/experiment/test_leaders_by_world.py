"""Leaders who are chosen anew in every world, because how many lead or which position does is not known."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from experiment_cases import MakeStore, MakeStudy, drawn_numbers, played, town

from diffusion.cli.answer import leaders_text
from diffusion.errors import InputError
from diffusion.experiment.plan import Study, plan
from diffusion.experiment.replay import find_arm, replayed
from diffusion.experiment.results import leaders_as_json, study_result
from diffusion.experiment.store import Store
from diffusion.experiment.worlds import arm_runs, in_first_world
from diffusion.positions import leader_choice
from diffusion.scenario import load_scenario

TEXT = """
networks = ["./town"]
steps = {steps}
replicates = {replicates}
worlds = 8
seed = 5

[adoption]
rule = "contagion"
transmission = 0.1

[[arms]]
name = "walks"
leaders.position = "diffusion_centrality"
leaders.count = 2
leaders.parameters = {{ probability = {{ uniform = [0.0, 1.0] }}, rounds = {{ uniform = [1, 9] }} }}

[[arms]]
name = "hubs"
leaders.position = "out_degree"
leaders.count = {{ uniform = [1, 5] }}

[[arms]]
name = "random"
leaders.position = "random"
leaders.count = {{ uniform = [1, 5] }}
{more}
"""


@pytest.fixture
def study(make_study: MakeStudy) -> Study:
    return make_study(text=TEXT, replicates=70)


@pytest.fixture
def stored(study: Study, make_store: MakeStore) -> Store:
    return played(study, make_store())


def test_leaders_are_those_of_the_parameters_of_the_world(study: Study) -> None:
    drawn = {(row["arm"], row["world"], row["number"]): row["value"] for row in drawn_numbers(study)}
    for world in range(8):
        stated = {name: drawn["walks", world, f"leaders.parameters.{name}"] for name in ("probability", "rounds")}
        expected = leader_choice(town(), position="diffusion_centrality", count=2, parameters=stated)
        there = study.arms[0].in_world(world, seed=5)
        assert asdict(there.choice) == asdict(expected)
        assert not there.setting.choice_varies


def test_arms_with_the_same_uncertain_number_have_as_many_leaders_in_every_world(study: Study, stored: Store) -> None:
    hubs, random = (arm_runs(stored, arm, study.scenario) for arm in study.arms[1:])
    counts = hubs.leaders.sum(axis=1)
    assert counts.tolist() == random.leaders.sum(axis=1).tolist()
    expected = [row["value"] for row in drawn_numbers(study) if row["arm"] == "hubs"]
    assert counts[::70].tolist() == expected
    assert len(set(expected)) > 2
    assert (hubs.adopters - hubs.spread >= 0).all()


@pytest.mark.parametrize("world", [0, 7])
@pytest.mark.parametrize("arm", ["walks", "hubs", "random"])
def test_a_run_of_any_world_is_replayed(study: Study, stored: Store, arm: str, world: int) -> None:
    run = replayed(study, stored, find_arm(study, network=None, arm=arm, cell=None, world=world), 65)
    assert run.differences == ()


def test_a_stored_study_chooses_the_same_leaders_again(study: Study, stored: Store) -> None:
    again = stored.study(stored.find(study.name))
    for arm, same in zip(study.arms, again.arms, strict=True):
        one, other = (found.in_world(3, seed=5) for found in (arm, same))
        assert one.leader_table(seed=5, replicates=70).tolist() == other.leader_table(seed=5, replicates=70).tolist()
    assert study_result(again, stored).as_json() == study_result(study, stored).as_json()


def test_who_leads_is_told_as_chosen_in_every_world(study: Study, stored: Store) -> None:
    walks, hubs, random = study.arms
    assert leaders_text(walks) == "2, chosen anew in every world"
    assert leaders_text(hubs) == "uniform(1, 5), chosen anew in every world"
    assert leaders_text(random) == "uniform(1, 5) of 12, drawn anew in every replicate"
    assert leaders_as_json(walks) == {"leaders": None, "chosen_in": "world"}
    told = json.loads(json.dumps(study_result(study, stored).as_json(), allow_nan=False))
    assert told["uncertain"] == [
        "leaders.count",
        "leaders.parameters.probability",
        "leaders.parameters.rounds",
    ]
    assert isinstance(leaders_as_json(in_first_world(study).arms[0])["leaders"], list | None)


def test_arms_of_the_same_medians_are_not_one(make_study: MakeStudy) -> None:
    other = '[[arms]]\nname = "fewer"\nleaders.position = "out_degree"\nleaders.count = {{ uniform = [2, 4] }}'
    study = make_study(text=TEXT.replace("{more}", other))
    hubs, fewer = study.arms[1], study.arms[3]
    assert hubs.choice == fewer.choice
    assert hubs.arm_digest != fewer.arm_digest
    assert hubs.identity != fewer.identity


def test_more_leaders_than_are_eligible_in_some_world_are_refused(scenario_file: Callable[..., Path]) -> None:
    text = TEXT.replace("leaders.count = {{ uniform = [1, 5] }}\n\n", "leaders.count = {{ uniform = [1, 20] }}\n\n")
    with pytest.raises(InputError, match=r"hubs\.leaders\.count: asks for .* leaders.* \(in world \d, where leaders"):
        plan(load_scenario(scenario_file(text=text)))


def test_positions_are_found_once_a_world_however_often_they_are_asked_for(study: Study) -> None:
    first, second = (study.arms[0].in_world(2, seed=5).choice for _ in range(2))
    assert first is second
    tables = {study.arms[1].in_world(world, seed=5).leader_table(seed=5, replicates=1).sum() for world in range(8)}
    assert np.max(list(tables)) > np.min(list(tables))
