"""Addresses of two arms side by side: what they name, and what happens to those that name nothing."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from experiment_cases import MakeStudy, make_study, scenario_file  # noqa: F401 - fixtures
from hypothesis import given
from hypothesis import strategies as st

from diffusion.experiment.plan import Study, plan
from diffusion.scenario import load_scenario
from diffusion.server.opened import BUILT_IN
from diffusion.server.pair_coordinates import PairCoordinates, arms_at, pair_coordinates_of


@pytest.fixture(scope="module")
def study() -> Study:
    return plan(load_scenario(BUILT_IN))


def test_an_address_comes_back_from_the_coordinates_that_it_names(study: Study) -> None:
    place = PairCoordinates("abc123", "ahsn-a", 0, "constraint", "marginal", 17)
    assert pair_coordinates_of(study, place.search(), digest="abc123") == (place, [])
    assert [arm.name for arm in arms_at(study, place)] == ["constraint", "marginal"]
    assert [(run.arm, run.replicate, run.study) for run in place.runs] == [
        ("constraint", 17, "abc123"),
        ("marginal", 17, "abc123"),
    ]


def test_an_empty_address_sets_the_first_other_arm_beside_the_baseline(study: Study) -> None:
    assert pair_coordinates_of(study, None) == (PairCoordinates("", "ahsn-a", 0, "out_degree", "random", 0), [])


def test_a_study_of_one_arm_is_set_beside_itself(make_study: MakeStudy) -> None:  # noqa: F811 - the fixture
    text = (
        'title = "One"\nnetworks = ["./town"]\nsteps = {steps}\nreplicates = {replicates}\n'
        '[adoption]\nrule = "contagion"\ntransmission = 0.2\n[leaders]\ncount = 1\n'
        '[[arms]]\nname = "random"\nleaders.position = "random"\n{more}'
    )
    place, problems = pair_coordinates_of(make_study(text=text), "")
    assert (place.left, place.right, problems) == ("random", "random", [])


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"left": "hubs"}, 'left: the study has no "hubs"; shown is "out_degree"'),
        ({"right": "<b>x</b>"}, 'right: the study has no "<b>x</b>"; shown is "random"'),
        ({"network": "../etc"}, 'network: the study has no "../etc"; shown is "ahsn-a"'),
        ({"cell": "7"}, 'cell: the study has no "7"; shown is "0"'),
        ({"replicate": "1000"}, 'replicate: must be a whole number from 0 to 999; got "1000"'),
    ],
)
def test_what_an_address_names_wrongly_is_a_line_and_the_rest_is_kept(
    study: Study, said: dict[str, str], problem: str
) -> None:
    place, problems = pair_coordinates_of(study, urlencode({"arm": "of another page"} | said))
    assert problems == [problem]
    assert place == PairCoordinates("", "ahsn-a", 0, "out_degree", "random", 0)


@given(search=st.text(max_size=80) | st.from_regex(r"(left|right|cell|replicate|network)=[^&]{0,9}(&|;)[^=]*=.*"))
def test_no_address_is_an_error(study: Study, search: str) -> None:
    place, problems = pair_coordinates_of(study, search)
    assert pair_coordinates_of(study, place.search()) == (place, [])
    assert all("\n" not in line or "\n" in search for line in problems)
