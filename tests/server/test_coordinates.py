"""Addresses of runs: what they name, and what happens to those that name nothing."""

from __future__ import annotations

import shlex
from urllib.parse import urlencode

import pytest

from diffusion.cli.main import diffusion
from diffusion.experiment.plan import Study, plan
from diffusion.scenario import load_scenario
from diffusion.server.coordinates import Coordinates, arm_at, cell_text, coordinates_of, replay_command, study_in
from diffusion.server.opened import BUILT_IN

SWEPT = BUILT_IN.read_text(encoding="utf-8") + '\n[sweep]\n"adoption.transmission" = [0.01, 0.02]\n'


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    path = tmp_path_factory.mktemp("scenario") / "swept.toml"
    path.write_text(SWEPT, encoding="utf-8")
    return plan(load_scenario(path))


def test_an_address_comes_back_from_the_coordinates_that_it_names(study: Study) -> None:
    place = Coordinates("abc123", "ahsn-a", 1, "constraint", 17)
    assert coordinates_of(study, place.search(), digest="abc123") == (place, [])
    assert study_in(place.search()) == "abc123"


def test_an_empty_address_is_that_of_the_first_run(study: Study) -> None:
    assert coordinates_of(study, None) == (Coordinates("", "ahsn-a", 0, "random", 0), [])


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"arm": "hubs"}, 'arm: the study has no "hubs"; shown is "random"'),
        ({"network": "../../etc/passwd"}, 'network: the study has no "../../etc/passwd"; shown is "ahsn-a"'),
        ({"cell": "7"}, 'cell: the study has no "7"; shown is "0"'),
        ({"replicate": "1000"}, 'replicate: must be a whole number from 0 to 999; got "1000"'),
        ({"replicate": "-1"}, 'replicate: must be a whole number from 0 to 999; got "-1"'),
        ({"replicate": "\u0663"}, 'replicate: must be a whole number from 0 to 999; got "\u0663"'),
        ({"replicate": "9" * 5000}, f'replicate: must be a whole number from 0 to 999; got "{"9" * 60}"'),
    ],
)
def test_what_an_address_names_wrongly_is_told_in_a_line(study: Study, said: dict[str, str], problem: str) -> None:
    place, problems = coordinates_of(study, urlencode(said))
    assert problems == [problem]
    assert place == Coordinates("", "ahsn-a", 0, "random", 0)


def test_cells_are_told_by_what_they_sweep(study: Study) -> None:
    assert [cell_text(cell) for cell in study.scenario.cells()] == ["transmission = 0.01", "transmission = 0.02"]
    assert arm_at(study, Coordinates("", "ahsn-a", 1, "marginal", 0)).setting.parameters.adoption.transmission == 0.02


def test_the_command_of_a_run_is_one_that_the_program_takes(study: Study) -> None:
    place = Coordinates("", "ahsn-a", 1, "constraint", 17)
    words = shlex.split(replay_command(study, place, "my results.db"))
    assert words == [
        "diffusion",
        *("replay", "swept", "--network", "ahsn-a", "--cell", "1", "--arm", "constraint", "--replicate", "17"),
        *("--database", "my results.db"),
    ]
    replay = diffusion.commands["replay"]
    replay.make_context("replay", words[2:])
