"""The rules: each equation against its formula, clipping, and what the registry says of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from engines import by_ensemble, by_mesa, everywhere
from graphs import network_of, node
from hypothesis import given
from hypothesis import strategies as st
from naive_model import integer
from random_cases import RandomCase
from scipy import stats

from diffusion.draws import ALWAYS, LANES
from diffusion.errors import InputError
from diffusion.model.inputs import ModelInput
from diffusion.model.parameters import Distribution, Parameters, StageParameters
from diffusion.model.rules import (
    EXPOSURES,
    IDENTITY,
    LINKS,
    LOGIT,
    NUMBER,
    PROBIT,
    RULES,
    SHARE,
    UNIT,
    WEIGHT,
    Rule,
    entry_probabilities,
    exposure_weights,
    integer_probabilities,
    tie_probabilities,
)
from diffusion.network.network import Network

each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
factors = st.floats(0, 4, allow_subnormal=False)


def one(*numbers: float) -> list[np.ndarray]:
    return [np.array([number], dtype=np.float64) for number in numbers]


def entry_probability(
    rule: str,
    active: float,
    total: float,
    *,
    threshold: float = 0.0,
    a: float = 0.0,
    b: float = 0.0,
    c: float = 0.0,
    link: int = LOGIT,
) -> float:
    """The probability of an agent whose exposure is active / total."""
    amounts = [np.array([round(amount * UNIT)], dtype=np.int64) for amount in (active, total)]
    return float(entry_probabilities(RULES[rule].code, *amounts, *one(threshold), a, b, *one(c), link)[0])


# Tie rules.


@pytest.mark.parametrize("rule", ["cascade", "contagion"])
@given(factors, st.lists(factors, min_size=5, max_size=5))
def test_what_crosses_a_tie_is_the_product_of_its_factors(rule: str, transmission: float, others: list[float]) -> None:
    chance = tie_probabilities(RULES[rule].code, transmission, *one(*others))[0]
    assert chance == math.prod([transmission, *others])


# Exposure rules.


@given(st.integers(0, 50), st.integers(1, 50))
def test_a_share_threshold_is_met_by_its_own_share(active: int, more: int) -> None:
    total = active + more
    assert entry_probability("threshold", active, total, threshold=active / total) == 1
    assert entry_probability("threshold", active, total, threshold=(active + 0.01) / total) == 0


@pytest.mark.parametrize("threshold", [0.0, -1.0, -1e30])
def test_a_threshold_of_nothing_is_always_met(threshold: float) -> None:
    assert entry_probability("threshold", 0, 1, threshold=threshold) == 1
    assert entry_probability("threshold", 0, 0, threshold=threshold) == 1


@pytest.mark.parametrize("threshold", [1e6, 2.0**31, 2.0**33, 1e12, 1e300, math.inf])
def test_a_threshold_above_any_attainable_exposure_is_never_met(threshold: float) -> None:
    assert entry_probability("threshold", 1, 1, threshold=threshold) == 0
    assert entry_probability("threshold", 2.0**20, 2.0**20, threshold=threshold) == 0


def test_without_incoming_ties_only_a_threshold_of_nothing_is_met() -> None:
    assert entry_probability("threshold", 0, 0, threshold=1e-9) == 0


LINEAR: dict[int, Callable[[float], Any]] = {LOGIT: stats.logistic.cdf, PROBIT: stats.norm.cdf, IDENTITY: float}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
@given(active=st.integers(0, 9), a=st.floats(-6, 2), b=st.floats(-3, 8), c=st.floats(-2, 2))
def test_a_hazard_is_the_inverse_link_of_what_is_added_up(link: int, active: int, a: float, b: float, c: float) -> None:
    chance = entry_probability("hazard", active, 9, a=a, b=b, c=c, link=link)
    assert chance == pytest.approx(LINEAR[link](a + b * active / 9 + c), rel=1e-12, abs=1e-15)


def test_a_hazard_without_incoming_ties_has_exposure_0() -> None:
    assert entry_probability("hazard", 0, 0, a=0.25, b=9.0, link=IDENTITY) == 0.25


@pytest.mark.parametrize("linear", [-1e9, -800.0, 800.0, 1e9])
@pytest.mark.parametrize("link", [LOGIT, PROBIT])
def test_a_hazard_far_from_0_is_certain_or_impossible(linear: float, link: int) -> None:
    assert entry_probability("hazard", 0, 1, a=linear, link=link) == (linear > 0)


# What a tie weighs in an exposure.


@pytest.mark.parametrize("exposure", [SHARE, WEIGHT])
@given(*[factors] * 4)
def test_a_tie_weighs_the_product_of_its_factors_in_whole_units(
    exposure: int, weight: float, strength: float, multiplier: float, influence: float
) -> None:
    amount = exposure_weights(exposure, *one(weight, strength, multiplier, influence))[0]
    assert amount == round(weight * strength * multiplier * influence * UNIT)


def test_a_tie_counts_one_alter_unless_nothing_arrives() -> None:
    assert exposure_weights(NUMBER, *one(0.2, 0.1, 1.0, 3.0))[0] == UNIT
    assert exposure_weights(NUMBER, *one(0.2, 0.1, 0.0, 3.0))[0] == 0


# Rounding and clipping.


@given(st.floats(-2, 3))
def test_a_probability_is_clipped_and_rounded_to_units_of_two_to_minus_32(probability: float) -> None:
    assert integer_probabilities(np.array([probability]))[0] == integer(probability)


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(1.0, ALWAYS), (7.0, ALWAYS), (1 - 2.0**-34, ALWAYS), (1 - 2.0**-32, ALWAYS - 1), (2.0**-32, 1), (2.0**-34, 0)],
)
def test_what_is_nearly_certain_is_certain_and_what_is_nearly_impossible_is_impossible(
    probability: float, expected: int
) -> None:
    assert integer_probabilities(np.array([probability]))[0] == expected


def test_what_is_no_probability_is_impossible() -> None:
    assert integer_probabilities(np.array([math.nan, -0.0, -1.0])).tolist() == [0, 0, 0]


HASTY = StageParameters("hazard", link="identity", intercept=-0.5, slope=1.0, exposure="number")


@pytest.mark.parametrize("engine", [by_ensemble, by_mesa])
@pytest.mark.parametrize(("leaders", "expected"), [(0, 3), (1, 0), (2, 1), (3, 1)])
def test_agent_steps_whose_hazard_is_no_probability_are_counted(engine: Any, leaders: int, expected: int) -> None:
    """With nobody active p is -.5 for three steps, with one .5, with two or three above 1 for one step."""
    network = network_of(4, [(0, 3), (1, 3), (2, 3)])
    said = Parameters(3, HASTY)
    times = engine(network, said, [node(leader) for leader in range(leaders)], seed=2)
    others_wait = 3 * (3 - leaders)
    assert times.clipped_agent_steps == expected + others_wait


def test_ties_whose_probability_is_above_1_are_counted_in_every_lane() -> None:
    for number in range(150):
        case = RandomCase(number)
        said = Parameters(
            steps=1,
            adoption=StageParameters("contagion", transmission=0.9),
            awareness=StageParameters("cascade", transmission=0.6) if number % 2 else None,
            receptivity=case.parameters.receptivity,
            influence=case.parameters.influence,
            layers=case.parameters.layers,
            between_roles=case.parameters.between_roles,
            leader_influence=case.parameters.leader_influence,
        )
        model_input = ModelInput.of(case.network, said, seed=number)
        block = model_input.in_block(1, case.words)
        transmissions = [0.9, 0.6] if number % 2 else [0.9]
        for lane in (0, 33, 63):
            expected = sum(clipped_ties(model_input, case.words, transmission, lane) for transmission in transmissions)
            assert block.clipped_ties[lane] == expected


def clipped_ties(model_input: ModelInput, words: np.ndarray, transmission: float, lane: int) -> int:
    agents = model_input.in_block(1, words).agents
    influence = np.broadcast_to(model_input.led_influence(agents), (len(words), LANES))[:, lane]
    receptivity = np.broadcast_to(agents.receptivity, (len(words), LANES))[:, lane]
    ties = model_input.ties
    base = transmission * ties.weight * ties.strength * ties.multiplier
    return int((base * influence[ties.source] * receptivity[ties.target] > 1).sum())


def test_no_tie_is_counted_as_clipped_under_a_rule_of_exposure() -> None:
    network = network_of(2, [(0, 1)])
    said = Parameters(1, StageParameters("threshold", transmission=1.0, threshold=1.0), influence=9.0)
    block = ModelInput.of(network, said, seed=1).in_block(0, everywhere(network, []))
    assert not block.clipped_ties.any()


def test_a_probability_above_1_is_certain() -> None:
    said = Parameters(1, StageParameters("contagion", transmission=0.5), influence=Distribution("uniform", (2.0, 3.0)))
    for engine in (by_ensemble, by_mesa):
        assert engine(network_of(2, [(0, 1)]), said, [node(0)]).adopted_at == [0, 1]


# The registry.


@each_rule
def test_a_rule_states_all_that_a_scenario_and_a_methods_text_need(rule: Rule) -> None:
    assert rule.family in ("tie", "exposure")
    assert callable(rule.function)
    assert rule.sentence.startswith("An agent moves")
    assert rule.sentence.endswith(".")
    assert rule.literature
    assert rule.parameters
    for parameter in rule.parameters:
        assert parameter.unit
        assert parameter.sentence
        assert parameter.low is None or parameter.high is None or parameter.low < parameter.high


@each_rule
def test_the_parameters_of_a_rule_are_fields_of_a_stage(rule: Rule) -> None:
    names = [parameter.name for parameter in rule.parameters]
    assert set(names) <= set(StageParameters.__dataclass_fields__)
    assert len(set(names)) == len(names)


def test_the_rules_are_the_four_that_the_field_knows_each_by_its_code() -> None:
    assert list(RULES) == ["cascade", "contagion", "threshold", "hazard"]
    assert all(RULES[name].name == name for name in RULES)
    assert len({rule.code for rule in RULES.values()}) == len(RULES)
    assert [rule.name for rule in RULES.values() if rule.tried_once] == ["cascade"]


def test_exposures_and_links_have_codes_of_their_own() -> None:
    assert sorted(EXPOSURES.values()) == sorted(LINKS.values()) == [0, 1, 2]


def test_a_code_without_a_rule_gives_no_probability() -> None:
    assert math.isnan(tie_probabilities(99, 1.0, *one(1, 1, 1, 1, 1))[0])


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"steps": 40_000}, "steps: must be a whole number between 0 and 32000; got 40000"),
        ({"adoption": StageParameters("contagon")}, 'adoption.rule: must be one of .* got "contagon"; did you mean'),
        ({"awareness": StageParameters("cascade", transmission=7.0)}, r"awareness\.transmission: .* got 7"),
        ({"adoption": StageParameters("hazard", link="log")}, r'adoption\.link: must be one of .* got "log"'),
        ({"leader_influence": -1.0}, "leaders.influence: must be a number of at least 0; got -1"),
        ({"layers": {"tie": math.nan}}, "ties.layers.tie: must be a number of at least 0; got nan"),
    ],
)
def test_parameters_out_of_their_range_are_refused(said, problem):
    network = Network.from_tables(name="pair", ids=["a", "b"], source=["a"], target=["b"])
    stated = {"steps": 3, "adoption": StageParameters("contagion", transmission=0.5)} | said
    with pytest.raises(InputError, match=problem):
        ModelInput.of(network, Parameters(**stated), seed=1)
