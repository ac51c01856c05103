"""Uncertain numbers in scenarios: read wherever a number may stand, and refused in plain lines."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from diffusion.errors import InputError
from diffusion.scenario import Scenario, load_scenario
from diffusion.scenario.designs import Design

HEAD = 'networks = ["ahsn-a"]\nsteps = 9\nreplicates = 5\n'
ARMS = '[[arms]]\nname = "a"\nleaders.position = "out_degree"\nleaders.count = 2\n'
KNOWN = '[adoption]\nrule = "contagion"\ntransmission = 0.1\n'


HAZARD = '[adoption]\nrule = "hazard"\nlink = "logit"\nexposure = "number"\n'


def read(tmp_path: Path, text: str) -> Scenario:
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    return [line.split("s.toml:")[1] for line in caught.value.problems]


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ('[adoption]\nrule = "contagion"\ntransmission = { uniform = [0.1, 0.3] }', "adoption.transmission"),
        (
            '[adoption]\nrule = "cascade"\ntransmission = { beta = [2, 8], drawn_per = "world" }',
            "adoption.transmission",
        ),
        (KNOWN + "external = { exponential = [0.01] }", "adoption.external"),
        (KNOWN + "abandonment = { choice = [0, 0.1] }", "adoption.abandonment"),
        (
            HAZARD + "intercept = { normal = [-3, 0.5] }\nslope = 1",
            "adoption.intercept",
        ),
        (
            HAZARD + "intercept = -3\nslope = 1\nattributes = { receptivity = { cauchy = [0, 1] } }",
            "adoption.attributes.receptivity",
        ),
        (KNOWN + "[ties]\nlayers = { formal = { triangular = [0, 0.5, 1] }, informal = 1 }", "ties.layers.formal"),
        (KNOWN + '[ties]\nbetween_roles = { "a->b" = { gamma = [2, 0.5] } }', "ties.between_roles.a -> b"),
        (KNOWN + "[leaders]\ninfluence = { weibull_min = { c = 2 } }", "leaders.influence"),
    ],
)
def test_any_number_may_be_a_distribution(tmp_path: Path, section: str, path: str) -> None:
    scenario = read(tmp_path, f"{HEAD}worlds = 4\n{section}\n{ARMS}")
    assert scenario.uncertain_paths() == (path,)
    [setting] = scenario.settings(scenario.cells()[0])
    drawn = [setting.uncertainty.in_world(1, world)[path] for world in range(50)]
    assert all(math.isfinite(number) for number in drawn)
    assert len(set(drawn)) > 1
    assert scenario.from_canonical(scenario.canonical(), text=scenario.text) == scenario


@pytest.mark.parametrize("design", ["independent", "latin-hypercube", "sobol"])
def test_the_numbers_of_many_worlds_are_those_of_each(tmp_path: Path, design: str) -> None:
    rates = "transmission = { normal = [0, 0.5] }\nabandonment = { weibull_min = [1.5, 0, 0.02] }\n"
    text = f'{HEAD}worlds = 160\ndesign = "{design}"\n[adoption]\nrule = "contagion"\n{rates}{ARMS}'
    scenario = read(tmp_path, text.replace("count = 2", "count = { choice = [1, 2, 4] }"))
    [setting] = scenario.settings(scenario.cells()[0])
    drawn = setting.drawn(1, 160)
    assert set(drawn) == {"adoption.transmission", "adoption.abandonment", "leaders.count"}
    for world in range(160):
        assert {path: values[world] for path, values in drawn.items()} == setting.uncertainty.in_world(1, world)


def test_numbers_are_cut_to_what_the_parameter_demands(tmp_path: Path) -> None:
    text = '[adoption]\nrule = "contagion"\ntransmission = { normal = [0, 0.5] }\n'
    [setting] = read(tmp_path, f"{HEAD}worlds = 4\n{text}{ARMS}").settings(
        read(tmp_path, f"{HEAD}worlds = 4\n{text}{ARMS}").cells()[0]
    )
    drawn = [setting.in_world(1, world).parameters.adoption.transmission for world in range(300)]
    assert 0 < min(drawn) < 0.05
    assert 0.7 < max(drawn) < 1


def test_an_arm_may_know_what_the_others_do_not(tmp_path: Path) -> None:
    text = KNOWN.replace("0.1", "{ uniform = [0.1, 0.3] }") + ARMS
    text += '[[arms]]\nname = "sure"\nleaders.position = "random"\nleaders.count = 1\nadoption.transmission = 0.2\n'
    scenario = read(tmp_path, f"{HEAD}worlds = 4\n{text}")
    doubtful, sure = scenario.settings(scenario.cells()[0])
    assert doubtful.uncertainty.is_there
    assert not sure.uncertainty.is_there
    assert sure.in_world(1, 3) == sure


def test_distributions_may_be_swept(tmp_path: Path) -> None:
    sweep = '[sweep]\n"adoption.transmission" = [0.1, { uniform = [0.1, 0.3] }, { beta = [2, 8] }]\n'
    scenario = read(tmp_path, f"{HEAD}worlds = 4\n{KNOWN}{ARMS}{sweep}")
    found = [scenario.settings(cell)[0].uncertainty.canonical() for cell in scenario.cells()]
    assert found == [
        {},
        {"adoption.transmission": {"uniform": [0.1, 0.3]}},
        {"adoption.transmission": {"beta": [2.0, 8.0]}},
    ]
    digests = {str(scenario.base(cell)) for cell in scenario.cells()}
    assert len(digests) == 3


def test_what_no_rule_of_an_arm_uses_is_not_uncertain(tmp_path: Path) -> None:
    text = KNOWN + '[leaders]\ncount = 0\ninfluence = { uniform = [1, 2] }\n[[arms]]\nname = "nobody"\n'
    assert "1: worlds: nothing" not in problems(tmp_path, f"{HEAD}worlds = 4\n{text}")[0]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (
            "{ unifrom = [0, 1] }",
            'adoption.transmission.unifrom: there is no distribution "unifrom"; did you mean "uniform"?',
        ),
        ("{ weibul_min = [1] }", 'there is no distribution "weibul_min"; did you mean "weibull_min"?'),
        ("{ uniform = [0.3, 0.1] }", "uniform = [low, high] needs low below high; got [0.3, 0.1]"),
        ("{ beta = [1] }", "must be beta = [a, b], all numbers; got [1]"),
        ("{ normal = [5, 0.1] }", "must be between 0 and 1, and normal = [5, 0.1] hardly ever is; choose one of which"),
        ("{ choice = [0.1] }", "must be a list of at least two numbers, which are equally likely; got [0.1]"),
        ("{ choice = [0.1, 1.1] }", "must be between 0 and 1; got 1.1"),
        ("{ weibull_min = { d = 1 } }", "weibull_min has no parameter 'd'"),
        ('{ uniform = [0, 1], drawn_per = "agent" }', 'must be "world": this number is the same for all agents'),
        ("{ uniform = [0, 1], beta = [1, 2] }", "must be one distribution, such as { uniform = [0.01, 0.03] }"),
    ],
)
def test_a_wrong_distribution_is_told_in_one_line(tmp_path: Path, value: str, told: str) -> None:
    [line] = problems(tmp_path, f'{HEAD}worlds = 4\n[adoption]\nrule = "contagion"\ntransmission = {value}\n{ARMS}')
    assert line.startswith("7: adoption.transmission")
    assert told in line


UNCERTAIN = KNOWN.replace("0.1", "{ uniform = [0.1, 0.3] }") + ARMS


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (
            "",
            "1: worlds: is missing, and adoption.transmission is uncertain; write in how many worlds, such as",
        ),
        ("worlds = 1\n", "4: worlds: must be at least 2, for adoption.transmission is uncertain; got 1"),
        (
            'worlds = 50\ndesign = "sobol"\n',
            "4: worlds: must be whole randomisations of 16 worlds, and at least 10 of them",
        ),
        (
            'worlds = 50\ndesign = "sobel"\n',
            '5: design: must be a design, such as "sobol" or { sobol = 16 }; got "sobel"',
        ),
        ("worlds = 50\ndesign = { sobol = 5 }\n", "5: design.sobol: must be a power of 2"),
        ('worlds = 50\ndesign = { kind = "sobol", size = 8 }\n', "5: design: must be a design, such as"),
        ('worlds = 50\ndesign = ["sobol"]\n', "5: design: must be a design, such as"),
        (
            "worlds = 50\ndesign = { latin-hypercube = 1 }\n",
            "must be a whole number of worlds between 2 and 65536; got 1",
        ),
        ("worlds = 50\nprecision = { half_width = 0.1 }\n", "5: precision: says how many worlds there are"),
        ("precision = { half_width = 0 }\n", "4: precision.half_width: must be a number above 0"),
        ("precision = { halfwidth = 0.1 }\n", 'precision.halfwidth: unknown key; did you mean "half_width"?'),
        ('precision = { half_width = 0.1, outcome = "aera" }\n', 'did you mean "area"?'),
        (
            "precision = { half_width = 0.1, confidence = 95 }\n",
            "precision.confidence: must be a number above 0.5 and below 1",
        ),
    ],
)
def test_what_does_not_fit_an_uncertain_scenario_is_told(tmp_path: Path, head: str, told: str) -> None:
    assert any(told in line for line in problems(tmp_path, HEAD + head + UNCERTAIN))


@pytest.mark.parametrize("worlds", ["4.0", "0", "-3", "true"])
def test_what_is_no_number_of_worlds_is_told_once(tmp_path: Path, worlds: str) -> None:
    [line] = problems(tmp_path, HEAD + f"worlds = {worlds}\n" + UNCERTAIN)
    assert line == f"4: worlds: must be a whole number between 1 and 1000000; got {worlds}"


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("worlds = 4\n", "4: worlds: nothing in this scenario is uncertain between worlds, so worlds must be 1; got 4"),
        ('design = "sobol"\n', "4: design: nothing in this scenario is uncertain between worlds; take it out"),
    ],
)
def test_worlds_need_something_uncertain(tmp_path: Path, head: str, told: str) -> None:
    assert problems(tmp_path, HEAD + head + KNOWN + ARMS) == [told]


def test_replicates_are_needed_unless_a_precision_says_how_many(tmp_path: Path) -> None:
    head = HEAD.replace("replicates = 5\n", "")
    assert "replicates: is missing" in problems(tmp_path, head + KNOWN + ARMS)[0]
    assert read(tmp_path, head + "precision = { half_width = 0.01 }\n" + KNOWN + ARMS).replicates == 128
    assert "runs of every arm in each world" in problems(tmp_path, head + "worlds = 4\n" + UNCERTAIN)[0]


def test_designs_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD + "worlds = 40\ndesign = { sobol = 4 }\n" + UNCERTAIN).design == Design("sobol", 4)
    assert read(tmp_path, HEAD + 'worlds = 100\ndesign = "latin-hypercube"\n' + UNCERTAIN).design.size == 10
