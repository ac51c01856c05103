"""Pages about a study of many worlds: single runs are those of the first, and questions know every number."""

from __future__ import annotations

from pathlib import Path

from diffusion.scenario import load_scenario
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


def test_a_question_by_hand_begins_with_medians_and_says_so() -> None:
    study = Opening(scenario=PATH).current()
    question, notes = question_of(study.scenario, networks_of(study)[0])
    assert question.sections["adoption"]["transmission"] == 0.01832
    assert question.sections["ties"]["layers"]["informal-health"] == 0.6
    assert any("adoption.transmission" in note and "known here, at its median" in note for note in notes)
    assert planned_question(question).scenario.worlds == 1
