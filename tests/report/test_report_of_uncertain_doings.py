"""A report where it is uncertain what is done, how many lead, and where leaders were sought and a number solved."""

from __future__ import annotations

import re

import pytest
from experiment_cases import MakeStore, MakeStudy, make_store, make_study, played, scenario_file

from diffusion.report.chapter import Chapter
from diffusion.report.text import written_sections
from diffusion.report.writing import read_chapter

__all__ = ["make_store", "make_study", "scenario_file"]

TEXT = """
title = "Who should lead?"
networks = ["./town"]
steps = {steps}
replicates = {replicates}
worlds = 7
seed = 5

[adoption]
rule = "contagion"
transmission = {{ reach = 0.5 }}

[ties]
between_roles = {{ "firm -> manager" = {{ uniform = [0, 1] }} }}

[leaders]
count = 2

[interventions.show]
kind = "broadcast"
probability = {{ uniform = [0.0, 0.05] }}
from = {{ uniform = [1, 3] }}

[[arms]]
name = "random"
leaders.position = "random"

[[arms]]
name = "best"
leaders.position = "optimal"
leaders.parameters.replicates = 100

[[arms]]
name = "chosen"
leaders.agents = ["p01", "p08"]
interventions.show = false

[[arms]]
name = "many"
leaders.position = "harmonic_closeness"
leaders.count = {{ uniform = [1, 3] }}
{more}

[nulls]
matched = true

[credit]
counterfactual = true
shapley = true
replicates = 40
"""


@pytest.fixture
def chapter(make_study: MakeStudy, make_store: MakeStore) -> Chapter:
    study = make_study(text=TEXT, replicates=70)
    store = played(study, make_store())
    return read_chapter(store, store.find(study.name))


def test_the_report_says_what_was_sought_and_solved_under_medians_and_traces_its_numbers(chapter: Chapter) -> None:
    told = " ".join(" ".join(written_sections(chapter).values()).split())
    plain = re.sub(r"\[([^\]]*)\]\{n=[^}]*\}", r"\1", told)
    assert "It was made once, under the medians of what is uncertain, and the leaders that it found were" in plain
    assert "They were solved once, under the medians of what is uncertain, and hold in all worlds" in plain
    assert "as many as leaders.count says in each world, chosen anew in every world" in plain
    assert "in the very same 7 worlds of 40 runs" in plain
    assert "uniform (low 0, high 0.05)" in plain
    register = chapter.numbers.as_json()
    counts = (7, 40, 70, 7 * 40, 7 * 70)
    untraced = [name for name, said in register.items() if name.startswith("untraced") and said["value"] in counts]
    assert untraced == []
