"""Uncertain networks in scenarios: what each mode states, and what is refused in plain lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.analysis.network_modes import MODE_SENTENCES
from diffusion.errors import InputError
from diffusion.scenario import Scenario, load_scenario
from diffusion.scenario.meanings import MEANINGS
from diffusion.scenario.tables import UncertainNetworkTable
from diffusion.scenario.uncertain_network import KEYS_OF_MODES, MODE_WORDS

HEAD = 'networks = ["ahsn-a"]\nsteps = 9\nreplicates = 5\nworlds = 4\n'
RULE = '[adoption]\nrule = "contagion"\ntransmission = 0.1\n'
ARMS = '[[arms]]\nname = "a"\nleaders.position = "out_degree"\nleaders.count = 2\n'
ROBUSTNESS = '[uncertain_network]\nmode = "robustness"\n'
IMPUTATION = '[uncertain_network]\nmode = "imputation"\n'


def read(tmp_path: Path, text: str, arms: str = ARMS) -> Scenario:
    path = tmp_path / "s.toml"
    path.write_text(HEAD + RULE + text + arms, encoding="utf-8")
    return load_scenario(path)


def problems(tmp_path: Path, text: str, arms: str = ARMS) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, arms)
    return [line.split(": ", 1)[1] for line in caught.value.problems]


def test_a_section_says_in_which_way_the_network_differs_between_worlds(tmp_path: Path) -> None:
    scenario = read(
        tmp_path,
        ROBUSTNESS
        + 'asked = "tell"\nmissing_respondents = { firm = 0.4, manager = 0.1 }\nmissing_by_degree = -0.5\n'
        + 'nonrespondents = "dropped"\nmissing_ties = { informal-health = 0.2 }\nname_cap = 5\nsplit_people = 0.01\n'
        + 'missing_between_roles = { "academic->firm" = 2, "firm -> firm" = 1 }\n',
    )
    assert scenario.uncertain_paths() == ("uncertain_network",)
    [setting] = scenario.settings(scenario.cells()[0])
    assert setting.network is not None
    error = setting.network.error
    assert (error.asked, error.nonrespondents, error.name_cap, error.split_people) == ("tell", "dropped", 5, 0.01)
    assert error.missing_respondents == (("firm", 0.4), ("manager", 0.1))
    assert error.missing_ties == (("informal-health", 0.2),)
    assert error.missing_between_roles == ((("academic", "firm"), 2.0),)
    assert Scenario.from_canonical(scenario.canonical()).settings(scenario.cells()[0])[0].network == setting.network


def test_how_large_an_error_is_may_itself_be_uncertain(tmp_path: Path) -> None:
    said = "missing_respondents = { uniform = [0.0, 0.4] }\nmissing_ties = { formal-health = { beta = [2, 8] } }\n"
    scenario = read(tmp_path, ROBUSTNESS + said)
    assert scenario.uncertain_keys() == (
        "uncertain_network.missing_respondents",
        "uncertain_network.missing_ties.formal-health",
    )
    [setting] = scenario.settings(scenario.cells()[0])
    drawn = [setting.in_world(scenario.seed, world).network for world in range(4)]
    shares = [found.error.missing_respondents for found in drawn if found is not None]
    assert len(set(shares)) == 4
    assert all(isinstance(share, float) and 0 <= share <= 0.4 for share in shares)


def test_a_cell_without_any_error_is_the_given_network(tmp_path: Path) -> None:
    swept = '[sweep]\n"uncertain_network.missing_ties" = [0.0, 0.1]\n'
    scenario = read(tmp_path, ROBUSTNESS, ARMS + swept)
    without, with_error = scenario.cells()
    assert [scenario.settings(cell)[0].network is None for cell in (without, with_error)] == [True, False]
    assert scenario.base(without) == scenario.base(with_error, on_given_network=True)
    assert scenario.base(without) != scenario.base(with_error)


def test_an_error_that_may_be_none_in_some_worlds_is_still_an_error(tmp_path: Path) -> None:
    scenario = read(tmp_path, ROBUSTNESS + "split_people = { choice = [0.0, 0.5] }\n")
    [setting] = scenario.settings(scenario.cells()[0])
    assert setting.network is not None
    drawn = [setting.in_world(seed, world).network for seed in range(3) for world in range(20)]
    assert {found is None for found in drawn} == {True, False}
    assert scenario.base(scenario.cells()[0])["uncertain_network"]["mode"] == "robustness"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[uncertain_network]\nmode = "robust"\n', 'must name a mode; got "robust"; did you mean "robustness"?'),
        ("[uncertain_network]\nmissing_ties = 0.1\n", "uncertain_network.mode: is missing; write one of"),
        (ROBUSTNESS, "states no error, so that nothing is uncertain; write one of missing_respondents, missing_ties"),
        (ROBUSTNESS + "missing_tie = 0.1\n", 'did you mean "missing_ties"?'),
        (ROBUSTNESS + "missing_ties = 1.5\n", "must be a number between 0 and 0.95; got 1.5"),
        (ROBUSTNESS + "missing_ties = { formal-health = 1.5 }\n", "uncertain_network.missing_ties.formal-health: must"),
        (ROBUSTNESS + "name_cap = 0\n", "must be a whole number"),
        (
            ROBUSTNESS + "missing_ties = 0.1\nleaders_from = 'given'\n",
            'is no part of the mode "robustness", but of imp',
        ),
        (IMPUTATION + "missing_respondents = 0.1\n", 'is no part of the mode "imputation", but of robustness'),
        (
            '[uncertain_network]\nmode = "redrawn"\nmissing_ties = 0.1\n',
            "but of robustness and imputation; take it out",
        ),
        (ROBUSTNESS + "missing_ties = 0.1\n[nulls]\nmatched = true\n", "is worked out on one network, and [uncertain_"),
        (
            ROBUSTNESS + 'missing_ties = 0.1\nfalse_between_roles = { "firm" = 2 }\n',
            'must be a pair of roles such as "academic -> manager"',
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_a_plain_line(tmp_path: Path, text: str, words: str) -> None:
    assert any(words in line for line in problems(tmp_path, text)), problems(tmp_path, text)


def test_a_mode_cannot_be_swept_nor_an_arm_have_a_network_of_its_own(tmp_path: Path) -> None:
    [line] = problems(
        tmp_path, ROBUSTNESS + "missing_ties = 0.1\n", ARMS + '[sweep]\n"uncertain_network.mode" = ["imputation"]\n'
    )
    assert "each mode answers another question" in line
    found = problems(
        tmp_path, ROBUSTNESS + "missing_ties = 0.1\n", ARMS + 'uncertain_network = { mode = "robustness" }\n'
    )
    assert any("arms.a.uncertain_network: unknown key" in line for line in found)


def test_a_sweep_without_the_section_asks_for_its_mode(tmp_path: Path) -> None:
    found = problems(tmp_path, "", ARMS + '[sweep]\n"uncertain_network.missing_ties" = [0.1]\n')
    assert any("uncertain_network.mode: is missing" in line for line in found)


def test_every_key_and_mode_has_its_meaning() -> None:
    keys = {f"uncertain_network.{key}" for key in UncertainNetworkTable.model_fields}
    assert keys <= set(MEANINGS)
    assert set(KEYS_OF_MODES) == set(MODE_WORDS) == set(MODE_SENTENCES)
    assert {key for known in KEYS_OF_MODES.values() for key in known} | {"mode"} == set(
        UncertainNetworkTable.model_fields
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (IMPUTATION + "missing_ties = 0.0\nfalse_ties = 0\n", "missing_ties, false_ties are all 0, so that nothing is"),
        (
            ROBUSTNESS + "missing_respondents = { firm = 0, manager = 0.0 }\n",
            "missing_respondents is 0, so that nothing",
        ),
        (
            IMPUTATION + "missing_ties = 0.2\nclosing = 0.5\n[sweep]\n'uncertain_network.missing_ties' = [0.0]\n",
            "missing_ties is 0",
        ),
    ],
)
def test_zeros_written_out_are_no_error(tmp_path: Path, text: str, words: str) -> None:
    section, sweep, swept = text.partition("[sweep]")
    [line] = problems(tmp_path, section, ARMS + sweep + swept)
    assert "uncertain_network.mode: states no error, for " in line
    assert words in line


@pytest.mark.parametrize(
    ("text", "sweep"),
    [
        ("missing_ties = 0.0\nfalse_ties = 0.1\n", ""),
        ("missing_ties = { formal-health = 0.0, informal-health = 0.1 }\n", ""),
        ("missing_ties = 0.0\n", '[sweep]\n"uncertain_network.missing_ties" = [0.0, 0.2]\n'),
        (
            "missing_ties = { formal-health = 0 }\n",
            '[sweep]\n"uncertain_network.missing_ties.formal-health" = [0, 0.2]\n',
        ),
    ],
)
def test_a_zero_may_stand_beside_what_is_none(tmp_path: Path, text: str, sweep: str) -> None:
    assert read(tmp_path, IMPUTATION + text, ARMS + sweep).is_network_uncertain


@pytest.mark.parametrize("design", ['"sobol"', "{ latin-hypercube = 5 }"])
def test_a_design_needs_a_number_that_it_can_spread(tmp_path: Path, design: str) -> None:
    text = HEAD.replace("worlds = 4", f"worlds = 160\ndesign = {design}") + RULE
    path = tmp_path / "s.toml"
    path.write_text(f"{text}{ROBUSTNESS}missing_ties = 0.2\n{ARMS}", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert [line.split("s.toml:")[1] for line in caught.value.problems] == [
        "5: design: spreads numbers, and no number is uncertain between worlds, only the network; take it out"
    ]
    path.write_text(f"{text}{ROBUSTNESS}missing_ties = {{ uniform = [0.1, 0.3] }}\n{ARMS}", encoding="utf-8")
    assert load_scenario(path).uncertain_keys() == ("uncertain_network.missing_ties",)
