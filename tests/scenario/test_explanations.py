"""The tables that ask for runs beside the arms: what they may say, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.errors import InputError
from diffusion.scenario import Scenario, read_scenario
from diffusion.scenario.explanations import CreditAsked, NullsAsked

WHOLE = """\
networks = ["ahsn-a"]
steps = 3
replicates = 100
adoption = { rule = "contagion", transmission = 0.1 }
leaders.count = 2
[[arms]]
name = "hubs"
leaders.position = "degree"
"""  # lines 1-8


def scenario(more: str) -> Scenario:
    return read_scenario(WHOLE + more, Path("s.toml"))


def problems(more: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        scenario(more)
    return list(caught.value.problems)


def test_what_is_asked_for_is_read():
    found = scenario("[nulls]\nmatched = true\nstructure = { rewirings = 300, replicates = 50 }\n")
    assert found.nulls == NullsAsked(matched=True, rewirings=300, rewired_replicates=50)
    assert found.credit == CreditAsked()
    found = scenario("[nulls]\nstructure.rewirings = 200\n[credit]\nshapley = true\nreplicates = 100\n")
    assert found.nulls == NullsAsked(rewirings=200, rewired_replicates=64)
    assert found.credit == CreditAsked(shapley=True, replicates=100)


@pytest.mark.parametrize("more", ["[nulls]\nmatched = true\n", "[credit]\ncounterfactual = true\nreplicates = 5\n"])
def test_a_scenario_with_the_tables_comes_back_from_its_canonical_form(more):
    found = scenario(more)
    assert Scenario.from_canonical(found.canonical()) == found
    assert found.digest != scenario("").digest


def test_a_scenario_without_the_tables_has_the_canonical_form_it_had():
    assert set(scenario("").canonical()) & {"nulls", "credit"} == set()
    assert Scenario.from_canonical(scenario("").canonical()) == scenario("")


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        (
            "[nulls]\nmatched = 1\nstructur = {}\n",
            [
                "s.toml:10: nulls.matched: must be true or false, without quotes; got 1",
                's.toml:11: nulls.structur: unknown key; did you mean "structure"?',
            ],
        ),
        (
            "[nulls]\nstructure = { rewirings = 20 }\n",
            ["s.toml:10: nulls.structure.rewirings: must be a whole number of at least 200; got 20"],
        ),
        (
            "[nulls]\nstructure = {}\n",
            ["s.toml:10: nulls.structure: needs rewirings, how many networks are made; write { rewirings = 200 }"],
        ),
        ("[nulls]\nstructure = true\n", ["s.toml:10: nulls.structure: must be a table; got true"]),
        (
            "[nulls]\nstructure = { rewirings = 200, replicates = 101 }\n",
            ["s.toml:10: nulls.structure.replicates: must be at most the 100 replicates that every arm has; got 101"],
        ),
        (
            "[nulls]\nmatched = false\n",
            [
                (
                    "s.toml:9: nulls: asks for nothing; write matched = true or structure = { rewirings = 200 }, "
                    "or take the section out"
                )
            ],
        ),
        (
            "[credit]\nreplicates = 20\n",
            [
                (
                    "s.toml:9: credit: asks for nothing; write counterfactual = true or shapley = true, "
                    "or take the section out"
                )
            ],
        ),
        (
            "[credit]\nshaply = true\ncounterfactual = true\nreplicates = 0\n",
            [
                's.toml:10: credit.shaply: unknown key; did you mean "shapley"?',
                "s.toml:12: credit.replicates: must be a whole number of at least 1; got 0",
            ],
        ),
        ("[credits]\nshapley = true\n", ['s.toml:9: credits: unknown key; did you mean "credit"?']),
        ("[[credit]]\nshapley = true\n", ["s.toml:9: credit: must be a table; got [{ shapley = true }]"]),
        (
            '[sweep]\n"nulls.matched" = [true]\n',
            [
                (
                    's.toml:10: sweep."nulls.matched": cannot be swept: it is no key that an arm may override; '
                    "such keys start with adoption, awareness, agents, ties, leaders, uncertain_network"
                )
            ],
        ),
    ],
)
def test_what_is_wrong_is_said_exactly(more, lines):
    assert problems(more) == lines


def test_an_arm_cannot_ask_for_its_own():
    [line] = problems("credit.shapley = true\n")
    assert line.startswith("s.toml:9: arms.hubs.credit: unknown key here; ")
