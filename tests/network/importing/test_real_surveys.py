"""Surveys that other people made, imported by recipes, with the counts and figures that are known of them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from real_networks import brazilian_farmers, dhhs_tobacco_leaders, needs_real_networks
from surveys import survey_of

from diffusion.network import measures
from diffusion.network.formats import read_network
from diffusion.network.importing.recipe import load_recipe
from diffusion.network.importing.starting import first_recipe

pytestmark = needs_real_networks

FARMERS = """
name = "brazilian_farmers"
question = "turn-to"
[respondents]
file = "FOLDER/brazilian_farmers/survey.csv"
id = ["village", "id"]
columns = { village = "village" }
time_of_adoption = { column = "toa", never = [20] }
[[nominations]]
shape = "wide"
alters = "net#"
within = "village"
[not_interviewed]
nominees = "drop"
"""

INDIANA = """
name = "indiana"
[respondents]
file = "FOLDER/indiana_tobacco_control/organisations.csv"
id = "id"
role = "agency_cat"
columns = { level = "agency_lvl", years = "tob_yrs" }
[[nominations]]
file = "FOLDER/indiana_tobacco_control/contact.csv"
shape = "pairs"
first = "source"
second = "target"
layer = "contact"
strength = "contact"
strengths = { 1 = 0.2, 2 = 0.4, 3 = 0.6, 4 = 0.8, 5 = 1 }
[[nominations]]
file = "FOLDER/indiana_tobacco_control/collaboration.csv"
shape = "pairs"
first = "source"
second = "target"
layer = "collaboration"
strength = "collaborate"
strengths = "divide-by-4"
[[nominations]]
file = "FOLDER/indiana_tobacco_control/dissemination.csv"
shape = "pairs"
first = "source"
second = "target"
layer = "dissemination"
[not_interviewed]
nominees = "refuse"
"""

LEADERS = """
[respondents]
file = "FOLDER/dhhs_tobacco_leaders/people.csv"
id = "id"
role = "agency"
columns = { organisation = "agency" }
[[nominations]]
file = "FOLDER/dhhs_tobacco_leaders/ties.csv"
shape = "pairs"
first = "source"
second = "target"
strength = "collab"
strengths = "divide-by-4"
layers = { column = "collab", answers = { 1 = "informal", 2 = "informal", 3 = "formal", 4 = "formal" } }
"""


def imported(tmp_path, recipe):
    path = tmp_path / "recipe.toml"
    path.write_text(recipe.replace("FOLDER", Path(os.environ["DIFFUSION_TEST_NETWORKS"]).resolve().as_posix()))
    return read_network(str(path), Path())


def test_the_farmers_counts_are_those_that_are_known(tmp_path):
    network = imported(tmp_path, FARMERS)
    expected, left_out = brazilian_farmers()
    assert (network.size, network.tie_count) == (692, 1854)
    assert (network.self_ties, network.repeats) == (66, 1006)
    survey = survey_of(network)
    assert (survey.respondents, survey.self_nominations, survey.repeats) == (692, 66, 1006)
    assert (survey.not_interviewed, survey.left_out) == (1, left_out) == (1, 1)
    assert survey.caps == {"tie": 10}
    assert network.ids == expected.ids
    assert network.columns["village"] == expected.columns["village"]
    for ends in ("source", "target", "strength"):
        assert np.array_equal(getattr(network, ends), getattr(expected, ends))
    assert measures.reciprocity(network) == pytest.approx(0.148, abs=5e-4)


def test_the_farmers_adopted_when_they_did(tmp_path):
    times = [said for said in imported(tmp_path, FARMERS).columns["time_of_adoption"] if said != "never"]
    adopted = [sum(int(time) <= year for time in times) for year in range(1, 20)]
    assert adopted == [6, 8, 12, 18, 50, 53, 56, 70, 73, 163, 169, 211, 228, 269, 333, 388, 452, 497, 540]


def test_three_relations_are_three_layers_with_contact_frequency_as_strength(tmp_path):
    network = imported(tmp_path, INDIANA)
    assert network.layers == ("collaboration", "contact", "dissemination")
    ties = [int((network.layer == place).sum()) for place in range(3)]
    assert ties == [2 * 161, 2 * 175, 2 * 103]
    densities = [count / (25 * 24) for count in ties]
    assert densities == pytest.approx([0.537, 0.583, 0.343], abs=5e-4)
    assert set(network.strength[network.layer == 1].round(6)) <= {0.2, 0.4, 0.6, 0.8, 1}
    itpc = network.index["ITPC"]
    assert network.roles[itpc] == "Lead agency"
    assert (network.columns["level"][itpc], network.columns["years"][itpc]) == ("State", "21.0")


@pytest.mark.parametrize(
    ("level", "density", "transitivity", "between"),
    [(1, 0.312, 0.547, 0.23), (2, 0.198, None, 0.085), (3, 0.121, 0.41, -0.13), (4, 0.055, None, -0.44)],
)
def test_the_leaders_figures_are_those_that_are_known(tmp_path, level, density, transitivity, between):
    network = imported(tmp_path, LEADERS.replace('strength = "collab"', f'strength = "collab"\nat_least = {level}'))
    assert network.digest == dhhs_tobacco_leaders(level).digest
    assert measures.density(network) == pytest.approx(density, abs=5e-4)
    agencies = network.columns["organisation"]
    assert measures.ei_index(network, agencies) == pytest.approx(between, abs=5e-3)
    if transitivity is not None:
        assert measures.transitivity(network) == pytest.approx(transitivity, abs=5e-3)


@pytest.mark.parametrize(
    ("sheet", "lines"),
    [
        (
            ("brazilian_farmers", "survey.csv"),
            [
                'id = ["village", "id"]',
                'alters = "net#"    # 10 columns: ',
                'within = "village"',
                'shape = "wide"',
                'time_of_adoption = { column = "toa", never = [] }',
            ],
        ),
        (
            ("dhhs_tobacco_leaders", "ties.csv"),
            [
                'shape = "pairs"',
                'first = "source"',
                'second = "target"',
                'strength = "collab"',
                "# strengths = { 1 = 0.25, 2 = 0.5, 3 = 0.75, 4 = 1 }",
                'columns = { organisation = "agency" }',
            ],
        ),
        (
            ("indiana_tobacco_control", "contact.csv"),
            [
                'shape = "pairs"',
                'strength = "contact"',
                'id = "id"',
                'role = "agency_cat"',
                'strengths = "divide-by-max"',
            ],
        ),
    ],
)
def test_a_first_recipe_for_a_real_sheet_is_close_to_right(tmp_path, sheet, lines):
    path = Path(os.environ["DIFFUSION_TEST_NETWORKS"], *sheet).resolve()
    text = first_recipe(path, beside=tmp_path)
    recipe = tmp_path / "first.toml"
    recipe.write_text(text, encoding="utf-8")
    for line in lines:
        assert f"\n{line}" in text
    load_recipe(recipe)
    counts = {"survey.csv": (693, 1855), "ties.csv": (54, 894), "contact.csv": (25, 350)}
    network = read_network(str(recipe), Path())
    assert (network.size, network.tie_count) == counts[path.name]
