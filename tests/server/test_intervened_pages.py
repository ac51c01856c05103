"""What pages say of arms in which something is done besides leading."""

from __future__ import annotations

from pathlib import Path

from experiment_cases import MakeStudy, make_study, scenario_file  # noqa: F401 - fixtures

from diffusion.scenario import read_scenario
from diffusion.server.arms_told import parameters_differ
from diffusion.server.played import PlayedRun
from diffusion.server.question import AskedNetwork, question_of
from diffusion.server.question_text import scenario_text

MORE = """
interventions.roadshow = { kind = "broadcast", probability = 0.3, until = 4 }
leaders.leaving = 0.5
leaders.recruitment = 0.75
"""


def test_two_arms_side_by_side_say_what_is_done_in_one_of_them(make_study: MakeStudy):  # noqa: F811
    random, hubs, _ = make_study(more=MORE).arms
    assert parameters_differ(random, hubs) == (
        "parameters (leaders.recruitment 1.0 left, 0.75 right; leaders.leaving 0.0 left, 0.5 right; "
        "interventions nothing left, roadshow (broadcast): probability 0.3, until 4 right)"
    )
    assert parameters_differ(hubs, hubs) == ""


def test_a_run_that_is_watched_has_the_broadcast_and_the_leaders_who_agreed(make_study: MakeStudy):  # noqa: F811
    study = make_study(more=MORE)
    runs = [PlayedRun(study.arms[1], seed=study.scenario.seed, replicate=replicate) for replicate in range(30)]
    assert {len(run.leaders) for run in runs} == {0, 1, 2}
    alone = next(run for run in runs if not run.leaders)
    assert (alone.times(4)[1] > 0).any()  # the broadcast reaches somebody although nobody leads
    for run in runs:
        run.close()


def test_a_question_keeps_what_is_said_of_leaders_and_says_what_it_leaves_out(make_study: MakeStudy):  # noqa: F811
    study = make_study(more=MORE)
    scenario = read_scenario(study.scenario.text.replace("count = 2", "count = 2\nleaving = 0.1"), Path("asked.toml"))
    question, notes = question_of(scenario, AskedNetwork(study.networks[0], "./town"))
    assert "What the scenario does besides leading (roadshow) is not here." in notes
    written = scenario_text(question)
    assert "leaving = 0.1  # probability per step: how likely a leader leaves; nobody takes the place" in written
    assert "roadshow" not in written
