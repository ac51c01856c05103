"""Agents' values: distributions as quantiles, cut to their range; columns; numbers by role."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from diffusion import draws
from diffusion.draws import LANES, Purpose
from diffusion.errors import InputError
from diffusion.model.inputs import ModelInput
from diffusion.model.names import unmatched_names
from diffusion.model.parameters import (
    DISTRIBUTIONS,
    AgentValue,
    ByRole,
    Column,
    Distribution,
    Parameters,
    StageParameters,
)
from diffusion.model.values import AgentValues, agent_values, numeric_column, quantile
from diffusion.network.network import Network

U = (np.arange(4096) + 0.5) / 4096

IN_SCIPY = {
    Distribution("uniform", (0.2, 0.9)): stats.uniform(0.2, 0.7),
    Distribution("normal", (0.4, 0.3)): stats.norm(0.4, 0.3),
    Distribution("lognormal", (-0.5, 0.8)): stats.lognorm(0.8, scale=math.exp(-0.5)),
    Distribution("beta", (7.0, 14.0)): stats.beta(7, 14),
    Distribution("gamma", (2.5, 0.2)): stats.gamma(2.5, scale=0.2),
    Distribution("triangular", (0.1, 0.3, 0.9)): stats.triang(0.25, loc=0.1, scale=0.8),
    Distribution("triangular", (0.1, 0.1, 0.9)): stats.triang(0, loc=0.1, scale=0.8),
    Distribution("triangular", (0.1, 0.9, 0.9)): stats.triang(1, loc=0.1, scale=0.8),
    Distribution("exponential", (0.5,)): stats.expon(scale=0.5),
}
each_distribution = pytest.mark.parametrize("distribution", IN_SCIPY, ids=lambda said: f"{said.name}{said.arguments}")

CLINIC = Network.from_tables(
    name="clinic",
    ids=["ann", "bob", "cat"],
    roles=["manager", "nurse", "nurse"],
    columns={"zeal": ["0.5", "1", "-2"], "age": ["40", "", "old"]},
    source=["ann", "bob"],
    target=["bob", "cat"],
    layer=["formal", "informal"],
)


def test_every_distribution_that_can_be_named_is_tested_here() -> None:
    assert {said.name for said in IN_SCIPY} == set(DISTRIBUTIONS)
    assert all(len(said.arguments) == len(DISTRIBUTIONS[said.name]) for said in IN_SCIPY)


@each_distribution
def test_quantiles_are_those_of_scipy(distribution: Distribution) -> None:
    assert quantile(distribution, U) == pytest.approx(IN_SCIPY[distribution].ppf(U), rel=1e-9, abs=1e-12)


@each_distribution
@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.0, math.inf), (0.25, 0.5)])
def test_truncated_quantiles_follow_the_truncated_distribution(
    distribution: Distribution, low: float, high: float
) -> None:
    whole = IN_SCIPY[distribution]
    below, above = whole.cdf(low), whole.cdf(high)
    values = quantile(distribution, U, low, high)
    assert low <= values.min()
    assert values.max() <= high
    assert np.all(np.diff(values) >= 0)
    assert (whole.cdf(values) - below) / (above - below) == pytest.approx(U, abs=1e-9)


@each_distribution
def test_the_extreme_uniform_numbers_give_finite_quantiles(distribution: Distribution) -> None:
    ends = np.array([2.0**-33, 1 - 2.0**-33])
    assert np.isfinite(quantile(distribution, ends)).all()
    assert np.isfinite(quantile(distribution, ends, 0.0, 1.0)).all()


def resolved(value: AgentValue, *, low: float = -math.inf, high: float = math.inf) -> AgentValues:
    problems: list[str] = []
    values = agent_values(value, CLINIC, key="agents.x", problems=problems, low=low, high=high)
    assert problems == []
    return values


def in_block(values: AgentValues, block: int = 0) -> np.ndarray:
    keys = draws.entity_keys(CLINIC.ids)
    return values.in_block(keys, seed=7, world=0, purpose=Purpose.RECEPTIVITY, block=block)


def test_a_number_is_everybodys_and_does_not_vary() -> None:
    assert in_block(resolved(0.4)).tolist() == [[0.4], [0.4], [0.4]]


def test_a_column_is_read_agent_by_agent() -> None:
    assert in_block(resolved(Column("zeal"))).tolist() == [[0.5], [1.0], [-2.0]]


def test_a_role_has_its_number() -> None:
    assert in_block(resolved(ByRole((("nurse", 0.2), ("manager", 0.9))))).tolist() == [[0.9], [0.2], [0.2]]


def test_a_distribution_is_drawn_by_agent_and_replicate_as_the_quantile_of_a_keyed_uniform() -> None:
    said = Distribution("beta", (2.0, 3.0))
    keys = draws.entity_keys(CLINIC.ids)
    uniforms = draws.uniforms(7, 0, Purpose.RECEPTIVITY, keys, block=5)
    assert np.array_equal(in_block(resolved(said), block=5), quantile(said, uniforms))
    assert uniforms.shape == (3, LANES)


def test_a_role_may_have_a_distribution_while_others_have_numbers() -> None:
    said = Distribution("uniform", (0.0, 1.0))
    values = in_block(resolved(ByRole((("manager", 0.9), ("nurse", said)))))
    assert np.unique(values[0]).tolist() == [0.9]
    assert np.array_equal(values[1:], in_block(resolved(said))[1:])


def test_arms_with_other_distributions_stay_paired() -> None:
    """Whoever is more receptive than another agent under one distribution is so under the other."""
    one = in_block(resolved(Distribution("uniform", (0.0, 1.0)))).ravel()
    other = in_block(resolved(Distribution("beta", (2.0, 5.0)))).ravel()
    assert np.array_equal(np.argsort(one), np.argsort(other))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.5, 'agents.x: must be between 0 and 1; got 1.5 for agent "ann" of "clinic" and 2 more'),
        (
            Column("zeel"),
            'agents.x: the agents of "clinic" have no column "zeel"; did you mean "zeal"?',
        ),
        (
            Column("age"),
            (
                'agents.x: column "age" must hold a number for every agent of "clinic"; agent "bob" has "" and 1 more\n'
                'agents.x: must be between 0 and 1; got 40 for agent "ann" of "clinic"'
            ),
        ),
        (Column("zeal"), 'agents.x: must be between 0 and 1; got -2 for agent "cat" of "clinic"'),
        (
            ByRole((("manager", 0.5), ("nurses", 0.5))),
            'agents.x: no value for the role "nurse" of "clinic"; name every role; did you mean "nurses"?',
        ),
        (ByRole((("manager", 0.5),)), 'agents.x: no value for the role "nurse" of "clinic"; name every role'),
        (
            Distribution("normal", (-3.0, 0.25)),
            (
                "agents.x: must be between 0 and 1, and normal = [-3, 0.25] hardly ever is; "
                "choose a distribution that is"
            ),
        ),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_a_line(value: AgentValue, message: str) -> None:
    problems: list[str] = []
    agent_values(value, CLINIC, key="agents.x", problems=problems, low=0.0, high=1.0)
    assert "\n".join(problems) == message


CONTAGION = StageParameters("contagion", transmission=0.1)


def problems_of(**said: object) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        ModelInput.of(CLINIC, Parameters(**{"steps": 5, "adoption": CONTAGION, **said}), seed=1)  # type: ignore[arg-type]
    return caught.value.problems


def test_every_layer_must_be_named_where_one_is() -> None:
    assert problems_of(layers={"formal": 1.0, "informl": 0.5}) == (
        'ties.layers: the layer "informal" of "clinic" must be named too; did you mean "informl"?',
    )


def test_all_that_does_not_fit_is_told_at_once() -> None:
    hazard = StageParameters("hazard", attributes=(("zeel", 1.0),))
    assert problems_of(
        receptivity=Column("zeel"), influence=-1.0, adoption=hazard, awareness=hazard, layers={"formal": 1.0}
    ) == (
        'agents.receptivity: the agents of "clinic" have no column "zeel"; did you mean "zeal"?',
        'agents.influence: must be at least 0; got -1 for agent "ann" of "clinic" and 2 more',
        'ties.layers: the layer "informal" of "clinic" must be named too',
        'adoption.attributes: the agents of "clinic" have no column "zeel"; did you mean "zeal"?',
        'awareness.attributes: the agents of "clinic" have no column "zeel"; did you mean "zeal"?',
    )


def test_weights_that_no_exposure_can_hold_are_refused() -> None:
    (problem,) = problems_of(layers={"formal": 1.0, "informal": 1e12})
    assert problem.startswith('ties: weights, multipliers and influence add up to 1e+12 for one agent of "clinic"; ')


def test_roles_and_layers_that_no_network_has_are_told() -> None:
    said = Parameters(
        5,
        StageParameters("threshold", threshold=ByRole((("manager", 0.1), ("nurse", 0.2), ("doctor", 0.3)))),
        layers={"formal": 1.0, "informal": 1.0, "wealth": 1.0},
        between_roles={("manager", "nurce"): 0.5},
    )
    assert unmatched_names(said, [CLINIC]) == [
        'adoption.threshold: no network of the study has the role "doctor"',
        'ties.between_roles: no network of the study has the role "nurce"; did you mean "nurse"?',
        'ties.layers: no network of the study has the layer "wealth"',
    ]


def test_influence_that_could_overflow_an_exposure_is_refused_also_as_a_distribution():
    network = Network.from_tables(name="pair", ids=["a", "b"], source=["a"], target=["b"])
    told: dict[float | Distribution, str] = {
        2.0**40: r"^ties: weights, .*; they must stay below .*; make them smaller",
        Distribution(
            "lognormal", (25.0, 1.0)
        ): r"^agents.influence: reaches 4\.07e\+13 at the far end of its distribution",
    }
    for influence, words in told.items():
        said = Parameters(
            steps=1, adoption=StageParameters("threshold", threshold=0.5, exposure="weight"), influence=influence
        )
        with pytest.raises(InputError, match=words):
            ModelInput.of(network, said, seed=1)


def test_a_column_of_texts_is_told_once_with_a_count():
    network = Network.from_tables(
        name="trio", ids=["a", "b", "c"], columns={"zeal": ["1", "high", "nan"]}, source=["a"], target=["b"]
    )
    problems: list[str] = []
    assert numeric_column(network, "zeal", "agents.influence", problems).tolist() == [1.0, 0.0, 0.0]
    assert problems == [
        'agents.influence: column "zeal" must hold a number for every agent of "trio"; agent "b" has "high" and 1 more'
    ]
