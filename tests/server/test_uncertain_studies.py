"""Pages about a study of many worlds: single runs are those of the first, and questions know every number."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.experiment.plan import plan
from diffusion.scenario import load_scenario
from diffusion.scenario.intervention_words import doings
from diffusion.server.coordinates import arm_at, coordinates_of, replay_command
from diffusion.server.opened import Opening
from diffusion.server.played import PlayedRun
from diffusion.server.question import networks_of, question_of
from diffusion.server.question_text import planned_question

PATH = Path(__file__).parents[2] / "scenarios" / "uncertain_transmission.toml"


def test_a_page_shows_runs_of_the_first_world_and_says_so() -> None:
    study = Opening(scenario=PATH).current()
    assert study.scenario.title == f"{load_scenario(PATH).title} (the first of 100 worlds)"
    arm = study.arms[1]
    assert arm.world == 0
    assert arm.setting.parameters.adoption.transmission != 0.01832  # the median, e to the power of -4
    run = PlayedRun(arm, seed=study.scenario.seed, replicate=3)
    run.play_to(5)
    assert run.model.tick == 5


@pytest.mark.parametrize("name", ["survey_error", "redrawn_regions"])
def test_a_page_shows_a_study_on_an_uncertain_network_as_it_is_in_its_first_world(name: str) -> None:
    stated = plan(load_scenario(PATH.with_name(f"{name}.toml")))
    study = Opening(scenario=PATH.with_name(f"{name}.toml")).current()
    is_given = study.groups[0].network.digest == stated.networks[0].digest
    assert is_given == (name == "survey_error")
    assert study.digest == stated.digest
    for group in study.groups:
        assert {id(arm.network) for arm in group.arms} == {id(group.network)}
    hubs = study.groups[-1].arms[1]
    first = stated.groups[-1].arms[1].in_world(0, seed=study.scenario.seed)
    assert (hubs.leader_words(0, seed=1) == first.leader_words(0, seed=1)).all()
    run = PlayedRun(hubs, seed=study.scenario.seed, replicate=3)
    run.play_to(5)
    assert run.model.tick == 5
    question, notes = question_of(study.scenario, networks_of(study)[0])
    assert question.network.digest == stated.networks[0].digest
    assert "The scenario's network is uncertain; here it is the given one." in notes
    assert "uncertain_network" not in question.sections


@pytest.mark.parametrize("name", ["survey_error", "redrawn_regions"])
def test_the_run_on_the_page_is_that_of_the_batch_and_its_replay_names_the_world(name: str) -> None:
    study = Opening(scenario=PATH.with_name(f"{name}.toml")).current()
    place, _ = coordinates_of(study, "arm=hubs&replicate=3")
    arm = arm_at(study, place)
    assert arm is study.groups[0].arms[1]  # drawn once: on a network that is uncertain, another draw is another network
    assert "--world 0 --arm hubs --replicate 3" in replay_command(study, place, "results/diffusion.db")


def test_a_question_by_hand_begins_with_medians_and_says_so() -> None:
    study = Opening(scenario=PATH).current()
    question, notes = question_of(study.scenario, networks_of(study)[0])
    assert question.sections["adoption"]["transmission"] == 0.01832
    assert question.sections["ties"]["layers"]["informal-health"] == 0.6
    assert any("adoption.transmission" in note and "known here, at its median" in note for note in notes)
    assert planned_question(question).scenario.worlds == 1


DOINGS = """
networks = ["ahsn-a"]
steps = 6
replicates = 4
worlds = 3
[adoption]
rule = "contagion"
transmission = 0.02
[leaders]
position = "diffusion_centrality"
count = { uniform = [1, 6] }
parameters.probability = { uniform = [0.01, 0.9] }
[interventions.show]
kind = "broadcast"
probability = { uniform = [0.0, 0.2] }
from = { uniform = [1, 4] }
[[arms]]
name = "show"
"""


def test_a_page_shows_what_is_done_and_who_leads_in_the_first_world(tmp_path: Path) -> None:
    path = tmp_path / "doings.toml"
    path.write_text(DOINGS, encoding="utf-8")
    stated = plan(load_scenario(path)).arms[0]
    study = Opening(scenario=path).current()
    arm, there = study.arms[0], stated.in_world(0, seed=0)
    assert arm.setting.parameters == there.setting.parameters
    assert arm.choice == there.choice
    assert not arm.leaders_vary
    [line] = doings(arm.setting.parameters)
    assert "uniform" not in line
    question, notes = question_of(study.scenario, networks_of(study)[0])
    assert question.leader_count == 4
    assert "What the scenario does besides leading (show) is not here." in notes
    assert planned_question(question).scenario.worlds == 1
