"""A question asked by hand keeps the number that its scenario asks for, as a request."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.network.formats import read_network
from diffusion.scenario import read_scenario
from diffusion.server.question import AskedNetwork, question_of
from diffusion.server.question_text import planned_question, scenario_text

HEAD = 'networks = ["ahsn-a"]\nsteps = 6\nreplicates = 8\nseed = 3\n[leaders]\ncount = 3\n'
ARM = '[[arms]]\nname = "random"\nleaders.position = "random"\n'


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        ('[adoption]\nrule = "contagion"\ntransmission = { reach = 0.3 }\n', "transmission = { reach = 0.3 }"),
        ('[adoption]\nrule = "cascade"\nreach = 0.3\n', "transmission = { reach = 0.3 }"),
        (
            '[adoption]\nrule = "threshold"\nexposure = "number"\nthreshold = { exponential = 5 }\nreach = 0.3\n',
            "threshold = { exponential = [5.0], reach = 0.3 }",
        ),
    ],
)
def test_a_request_becomes_a_line_of_the_question_and_is_solved_for_it(rules: str, line: str) -> None:
    scenario = read_scenario(HEAD + rules + ARM, Path("s.toml"))
    question, left_out = question_of(scenario, AskedNetwork(read_network("ahsn-a", Path()), "ahsn-a"))
    assert left_out == []
    assert line in scenario_text(question)
    [found] = planned_question(question).scenario.solved
    assert found.mean == pytest.approx(0.3, abs=0.005)
    assert found.leaders.count == 3
