"""The command that a report says makes its runs again: it asks for the study that was played, whatever overrode it."""

from __future__ import annotations

import itertools
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from experiment_cases import SCENARIO, MakeStore, MakeStudy, make_store, make_study, played, scenario_file

from diffusion.cli.run import run
from diffusion.errors import InputError
from diffusion.experiment.plan import Study
from diffusion.experiment.precise import played_to_precision
from diffusion.experiment.sizes import of_size
from diffusion.report.reproduction import commands, run_line
from diffusion.report.writing import read_chapter
from diffusion.scenario import load_scenario
from diffusion.scenario.stopped import Stopped

__all__ = ["make_store", "make_study", "scenario_file"]

CERTAIN = SCENARIO
UNCERTAIN = SCENARIO.replace("transmission = 0.2", "transmission = {{ uniform = [0.1, 0.4] }}")
WIDTH, BEST = "precision = {{ half_width = 0.05 }}", "precision = {{ best_within = 0.05 }}"

FILES = {
    "certain": CERTAIN,
    "certain, to a width": CERTAIN.replace("replicates = {replicates}", WIDTH),
    "certain, the best": CERTAIN.replace("replicates = {replicates}", BEST),
    "uncertain": UNCERTAIN.replace("seed = 5", "seed = 5\nworlds = 6"),
    "uncertain, by a design": UNCERTAIN.replace("seed = 5", "seed = 5\nworlds = 40\ndesign = {{ sobol = 4 }}"),
    "uncertain, to a width": UNCERTAIN.replace("seed = 5", f"seed = 5\n{WIDTH}"),
    "uncertain, the best": UNCERTAIN.replace("seed = 5", f"seed = 5\n{BEST}"),
    "uncertain, by a design, to a width": UNCERTAIN.replace("seed = 5", f"design = {{{{ sobol = 4 }}}}\n{WIDTH}"),
}
"""Scenarios of every kind that says in its own way how many runs there are; the last states no seed."""

OVERRIDDEN = ({"replicates": 10}, {"worlds": 48}, {"seed": 11})
REFUSED = {
    "certain": {"worlds"},
    "certain, to a width": {"replicates", "worlds"},
    "certain, the best": {"replicates", "worlds"},
    "uncertain, to a width": {"worlds"},
    "uncertain, the best": {"worlds"},
    "uncertain, by a design, to a width": {"worlds"},
}


def asked_by(line: str, folder: Path) -> Any:
    """Return the scenario that a command asks for, read by the command's own parser."""
    words = shlex.split(line)
    assert words[:2] == ["diffusion", "run"]
    said = run.make_context("run", words[2:]).params
    overridden = {key: said[key] for key in ("replicates", "worlds", "seed")}
    return load_scenario(folder / said["scenario"]).with_(**overridden)


@pytest.mark.parametrize("kind", FILES)
def test_whatever_the_command_line_overrode_the_written_command_asks_for_the_same(kind, scenario_file):
    path = scenario_file("a study's", text=FILES[kind], replicates=6)
    refused = set()
    for some in itertools.product((False, True), repeat=3):
        given: dict[str, Any] = {}
        for is_given, one in zip(some, OVERRIDDEN, strict=True):
            given |= one if is_given else {}
        try:
            asked = load_scenario(path).with_(**given)
        except InputError:
            refused |= set(given) if len(given) == 1 else set()
            continue
        assert asked_by(run_line(asked), path.parent) == asked
        if asked.precision is not None:  # what its rule finds goes without saying
            found = of_size(asked, 7 * (asked.worlds if asked.worlds > 1 else asked.replicates))
            short = replace(found, stopped=(Stopped("town", 0, "hubs", 128),))
            assert run_line(short) == run_line(found) == run_line(asked)
    assert refused == REFUSED.get(kind, set())


def test_a_report_of_worlds_that_were_found_says_how_many_runs_each_was_given(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    study, store = make_study(text=FILES["uncertain, to a width"], replicates=6), make_store()
    study = replace(study, scenario=study.scenario.with_(replicates=10))

    def once(one: Study) -> None:
        played(one, store)

    played_to_precision(study, store, once)
    chapter = read_chapter(store, store.find("who"))
    assert "replicates = 6" in chapter.study.scenario.text
    assert commands(chapter).splitlines()[1:-1] == [
        "diffusion run who.toml --replicates 10 --seed 5",
        "diffusion report who",
    ]
