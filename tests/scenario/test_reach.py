"""A reach in place of a number: its spellings, what arms and cells make of it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.model.parameters import Distribution
from diffusion.scenario import Scenario, read_scenario
from diffusion.scenario.reach import Reference, Request, Solved

HEAD = 'networks = ["n"]\nsteps = 3\nreplicates = 1\n[leaders]\ncount = 3\nroles = ["firm", "academic"]\n'
ARM = '[[arms]]\nname = "a"\nleaders.position = "random"\n'


def scenario_of(rules: str, arms: str = ARM, head: str = HEAD) -> Scenario:
    return read_scenario(f"{head}{rules}\n{arms}", Path("s.toml"))


def request_of(rules: str, arms: str = ARM, *, arm: int = -1, head: str = HEAD) -> Request | None:
    scenario = scenario_of(rules, arms, head)
    return scenario.settings(scenario.cells()[-1])[arm].request


def problems_of(rules: str, arms: str = ARM) -> list[str]:
    with pytest.raises(InputError) as caught:
        scenario_of(rules, arms)
    return [problem.removeprefix("s.toml:") for problem in caught.value.problems]


@given(st.floats(0.001, 0.999))
def test_a_reach_beside_the_rule_asks_what_one_in_place_of_the_number_asks(share: float) -> None:
    beside = scenario_of(f'[adoption]\nrule = "cascade"\nreach = {share}')
    instead = scenario_of(f'[adoption]\nrule = "cascade"\ntransmission = {{ reach = {share} }}')
    cell = beside.cells()[0]
    assert beside.base(cell) == instead.base(cell)
    assert beside.base(cell)["adoption"]["transmission"] == {"reach": share}
    [one], [other] = beside.settings(cell), instead.settings(cell)
    assert one.request is not None
    assert other.request is not None
    assert (one.request.share, one.request.path) == (other.request.share, other.request.path)
    assert (one.request.written, other.request.written) == ("reach", "transmission")
    assert one.canonical() == other.canonical()


@pytest.mark.parametrize(
    ("rules", "key"),
    [
        ('rule = "contagion"', "transmission"),
        ('rule = "threshold"', "threshold"),
        ('rule = "hazard"\nintercept = -4', "slope"),
        ('rule = "hazard"\nslope = 3', "intercept"),
    ],
)
def test_what_the_rule_needs_and_lacks_is_solved(rules: str, key: str) -> None:
    found = request_of(f"[adoption]\nreach = 0.3\n{rules}")
    assert found == Request("adoption", key, "reach", 0.3, Reference(3, ("academic", "firm")))


def test_a_distribution_is_moved_whichever_way_it_is_asked() -> None:
    for rules in ("threshold = { beta = [7, 14], reach = 0.3 }", "threshold = { beta = [7, 14] }\nreach = 0.3"):
        found = request_of(f'[adoption]\nrule = "threshold"\n{rules}')
        assert found is not None
        assert (found.key, found.share, found.moved) == ("threshold", 0.3, Distribution("beta", (7.0, 14.0)))


def test_one_swept_reach_asks_every_swept_rule() -> None:
    sweep = (
        '[sweep]\nadoption = [{ rule = "cascade" }, { rule = "threshold", exposure = "number" }, '
        '{ rule = "hazard", slope = 2 }]\n"adoption.reach" = [0.1, 0.5]\n'
    )
    scenario = scenario_of("", ARM + sweep)
    found = [scenario.settings(cell)[0].request for cell in scenario.cells()]
    assert [(one.key, one.share) for one in found if one] == [
        ("transmission", 0.1), ("transmission", 0.5), ("threshold", 0.1), ("threshold", 0.5),
        ("intercept", 0.1), ("intercept", 0.5),
    ]  # fmt: skip
    bases = [scenario.base(cell) for cell in scenario.cells()]
    assert len({str(base) for base in bases}) == 6


def test_requests_can_be_swept_where_numbers_can() -> None:
    sweep = '[sweep]\n"adoption.transmission" = [0.2, { reach = 0.3 }, { reach = 0.5 }]\n'
    scenario = scenario_of('[adoption]\nrule = "cascade"', ARM + sweep)
    found = [scenario.settings(cell)[0].request for cell in scenario.cells()]
    assert [one and one.share for one in found] == [None, 0.3, 0.5]


def test_a_number_of_an_arm_replaces_a_request_and_a_request_a_number() -> None:
    arms = ARM + '[[arms]]\nname = "b"\nleaders.position = "random"\nadoption.transmission = {}\n'
    over = request_of('[adoption]\nrule = "cascade"\ntransmission = 0.1', arms.format("{ reach = 0.2 }"))
    assert over is not None
    assert over.share == 0.2
    assert request_of('[adoption]\nrule = "cascade"\ntransmission = { reach = 0.2 }', arms.format("0.1")) is None
    again = request_of('[adoption]\nrule = "cascade"\ntransmission = { reach = 0.2 }', arms.format("{ reach = 0.4 }"))
    assert again is not None
    assert again.share == 0.4


# For whom


def test_a_shared_request_is_for_the_leaders_that_are_shared_whoever_leads_in_an_arm() -> None:
    arms = '[[arms]]\nname = "b"\nleaders = { position = "degree", count = 9, roles = ["firm"], influence = 2.0 }\n'
    found = request_of('[adoption]\nrule = "cascade"\nreach = 0.2', arms)
    assert found is not None
    assert found.leaders == Reference(3, ("academic", "firm"), 1.0)


def test_an_arm_that_asks_itself_asks_for_its_own_leaders() -> None:
    arms = (
        '[[arms]]\nname = "b"\nleaders = { position = "degree", count = 9, roles = ["firm"], influence = 2.0 }\n'
        "adoption.reach = 0.2\n"
    )
    found = request_of('[adoption]\nrule = "cascade"', arms)
    assert found is not None
    assert found.leaders == Reference(9, ("firm",), 2.0)


def test_where_no_leaders_are_shared_the_baselines_are_meant_and_named_ones_are_counted() -> None:
    head = 'networks = ["n"]\nsteps = 3\nreplicates = 1\nbaseline = "b"\n'
    arms = '[[arms]]\nname = "a"\nleaders = { position = "random", count = 5 }\n'
    arms += '[[arms]]\nname = "b"\nleaders.agents = ["x", "y"]\n'
    found = request_of('[adoption]\nrule = "cascade"\nreach = 0.2', arms, arm=0, head=head)
    assert found is not None
    assert found.leaders == Reference(2)
    assert (found.leaders.phrase, Reference(1, ("firm",)).phrase) == (
        "2 leaders at random", "1 leader at random with the role firm",
    )  # fmt: skip


def test_what_was_solved_travels_with_the_scenario_and_into_parameters() -> None:
    scenario = scenario_of('[adoption]\nrule = "threshold"\nreach = 0.2')
    [setting] = scenario.settings(scenario.cells()[0])
    moved = Solved(
        "0" * 32, "n", "adoption.threshold", 0.2, Reference(3, ("firm",)), {"beta": [2.0, 5.0]}, 0.2, 0.1, 0.3, 64
    )
    assert setting.with_solved(moved).parameters.adoption.threshold == Distribution("beta", (2.0, 5.0))
    assert Solved.from_canonical(moved.canonical()) == moved
    assert "solved" not in scenario.canonical()


# What is refused


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ('rule = "cascade"\nreach = 1', "9: adoption.reach: must be a number above 0 and below 1; got 1"),
        (
            'rule = "cascade"\ntransmission = { reach = "a lot" }',
            (
                '9: adoption.transmission.reach: must be a number above 0 and below 1; got "a lot", which is text: '
                "write the number without quotes"
            ),
        ),
        (
            'rule = "cascade"\ntransmission = 0.1\nreach = 0.3',
            (
                '10: adoption.reach: nothing is left to solve: every number that the rule "cascade" needs is stated; '
                "leave one out"
            ),
        ),
        (
            'rule = "hazard"\nreach = 0.3',
            (
                '9: adoption.reach: the rule "hazard" needs intercept and slope; state one of them, and the other is '
                "solved"
            ),
        ),
        (
            'rule = "hazard"\nintercept = { reach = 0.3 }\nslope = { reach = 0.4 }',
            "10: adoption.slope: asks for a second number to be solved beside adoption.intercept; state one of the two",
        ),
        (
            'rule = "cascade"\ntransmission = { reach = 0.3, beta = [1, 2] }',
            (
                "9: adoption.transmission: a reach stands alone in its table, {{ reach = 0.3 }}; "
                "got {{ reach = 0.3, beta = [1, 2] }}"
            ),
        ),
        (
            'rule = "threshold"\nthreshold = { firm = 0.3, reach = 0.3 }',
            (
                "9: adoption.threshold: a reach stands alone or beside one distribution, such as "
                "{{ beta = [7, 14], reach = 0.3 }}"
            ),
        ),
        (
            'rule = "threshold"\nthreshold = { uniform = [-1, 1], reach = 0.3 }',
            "9: adoption.threshold: uniform is scaled to solve for a reach, so its low must be at least 0",
        ),
        (
            'rule = "cascade"\nreach = 0.3\nexternal = { reach = 0.3 }',
            "10: adoption.external: must be a number between 0 and 1; got {{ reach = 0.3 }}",
        ),
    ],
)
def test_a_request_that_cannot_be_is_refused_in_a_line(rules: str, problem: str) -> None:
    assert problems_of(f"[adoption]\n{rules}") == [problem.replace("{{", "{").replace("}}", "}")]


def test_only_one_stage_can_be_solved() -> None:
    rules = '[adoption]\nrule = "cascade"\nreach = 0.3\n[awareness]\nrule = "cascade"\nreach = 0.3'
    assert problems_of(rules) == [
        "12: awareness.reach: asks for a second number to be solved beside adoption.transmission; state one of the two"
    ]


def test_a_role_cannot_be_called_reach() -> None:
    assert (
        "reserved" in problems_of('[adoption]\nrule = "cascade"\nreach = 0.3\n[agents]\ninfluence = { reach = 0.5 }')[0]
    )
