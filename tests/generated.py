"""Hypothesis strategies for networks, parameters and leaders.

Strategies are made once and drawn from small integers: making them anew in
every example would take longer than playing the example.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from diffusion.model.parameters import AgentValue, ByRole, Column, Distribution, Parameters, StageParameters
from diffusion.network.network import Network

ROLES = ("academic", "firm", "manager", "nurse")
LAYERS = ("formal", "informal")
UNIFORM = Distribution("uniform", (0.0, 1.0))

probabilities = st.one_of(
    st.floats(0.25, 0.9),
    st.sampled_from([0.5, 0.9, 1.0, 2.0**-32, 1 - 2.0**-32, 0.0]),
    st.floats(0, 1, allow_subnormal=False),
)
rare = st.one_of(st.just(0.0), st.just(0.0), st.floats(0.0, 0.3), probabilities)
exposures = st.sampled_from(["share", "number", "weight"])

thresholds: st.SearchStrategy[AgentValue] = st.one_of(
    st.sampled_from([0.2, 0.25, 0.5, 0.6, 1.0, 2.0, 0.0, -0.1]),
    st.just(UNIFORM),
    st.just(Column("zeal")),
    st.just(ByRole(tuple((role, 0.2 * place) for place, role in enumerate(ROLES)))),
    st.just(ByRole(tuple((role, UNIFORM if role == "firm" else 0.3) for role in ROLES))),
)
receptivities: st.SearchStrategy[AgentValue] = st.one_of(
    st.sampled_from([1.0, 1.0, 0.5, 0.0]),
    st.just(Distribution("uniform", (0.2, 0.9))),
    st.just(ByRole((("academic", 0.3), ("firm", UNIFORM), ("manager", 1.0), ("nurse", 0.0)))),
)
influences: st.SearchStrategy[AgentValue] = st.one_of(
    st.sampled_from([1.0, 1.0, 0.5, 2.0, 0.0]),
    st.just(Distribution("uniform", (0.0, 2.0))),
    st.just(ByRole((("academic", 0.5), ("firm", 1.5), ("manager", 1.0), ("nurse", 0.7)))),
)
layer_weights = st.one_of(
    st.none(), st.fixed_dictionaries({layer: st.sampled_from([1.0, 0.4, 1.5, 1.0, 0.0]) for layer in LAYERS})
)
role_matrices = st.dictionaries(
    st.tuples(st.sampled_from(ROLES), st.sampled_from(ROLES)), st.sampled_from([0.0, 0.5, 3.0]), max_size=3
)
attributes = st.dictionaries(
    st.sampled_from(["receptivity", "influence", "zeal"]), st.sampled_from([-0.5, 0.25, 1.0])
).map(lambda stated: tuple(stated.items()))
words = st.integers(0, 2**64 - 1)


@lru_cache
def _tie_rows(largest: int) -> st.SearchStrategy[list[tuple[int, int, int, float]]]:
    agent = st.integers(0, largest - 1)
    row = st.tuples(agent, agent, st.integers(0, 1), st.sampled_from([1.0, 0.2, 0.25, 0.5, 0.7]))
    return st.one_of(st.lists(row, min_size=2 * largest, max_size=30), st.lists(row, max_size=20))


@lru_cache
def _zeals_and_roles(size: int) -> st.SearchStrategy[list[tuple[int, str]]]:
    return st.lists(st.tuples(st.integers(-2, 2), st.sampled_from(ROLES)), min_size=size, max_size=size)


@st.composite
def networks(draw: st.DrawFn, largest: int = 7) -> Network:
    """Directed or undirected, layered, weighted, with isolates and parallel ties."""
    size = draw(st.one_of(st.integers(min(4, largest), largest), st.integers(1, largest)))
    ties = [(a % size, b % size, layer, strength) for a, b, layer, strength in draw(_tie_rows(largest))]
    if draw(st.booleans()):
        ties += [(b, a, layer, strength) for a, b, layer, strength in ties]
    agents = draw(_zeals_and_roles(size))
    return Network.from_tables(
        name="generated",
        ids=[f"p{number}" for number in range(size)],
        roles=[role for _, role in agents],
        columns={"zeal": [str(zeal / 4) for zeal, _ in agents]},
        source=[f"p{tie[0]}" for tie in ties],
        target=[f"p{tie[1]}" for tie in ties],
        layer=[LAYERS[tie[2]] for tie in ties],
        strength=[tie[3] for tie in ties],
    )


@lru_cache
def stages(*, abandonment: bool = True, slope_low: float = -3.0) -> st.SearchStrategy[StageParameters]:
    """All rules, with ``external`` and perhaps ``abandonment``."""
    left = rare if abandonment else st.just(0.0)
    tie_rules = st.builds(
        StageParameters,
        rule=st.sampled_from(["cascade", "contagion"]),
        transmission=probabilities,
        external=rare,
        abandonment=left,
    )
    threshold = st.builds(
        StageParameters,
        rule=st.just("threshold"),
        threshold=thresholds,
        exposure=exposures,
        external=rare,
        abandonment=left,
    )
    hazard = st.builds(
        StageParameters,
        rule=st.just("hazard"),
        exposure=exposures,
        link=st.sampled_from(["logit", "probit", "identity"]),
        intercept=st.floats(-3, 1),
        slope=st.floats(slope_low, 4),
        attributes=attributes,
        external=rare,
        abandonment=left,
    )
    return st.one_of(tie_rules, threshold, hazard)


@lru_cache
def parameters(
    *, abandonment: bool = True, least_leader_influence: float = 0.0, slope_low: float = -3.0
) -> st.SearchStrategy[Parameters]:
    """Everything that a scenario can say of agents, ties and stages."""
    factors = [factor for factor in (1.0, 1.0, 0.0, 0.5, 3.0) if factor >= least_leader_influence]
    return st.builds(
        Parameters,
        steps=st.sampled_from([6, 5, 3, 1]),
        adoption=stages(abandonment=abandonment, slope_low=slope_low),
        awareness=st.one_of(st.none(), stages(abandonment=False, slope_low=slope_low)),
        receptivity=receptivities,
        influence=influences,
        layers=layer_weights,
        between_roles=role_matrices,
        leader_influence=st.sampled_from(factors),
    )


@st.composite
def leaders(draw: st.DrawFn, network: Network, most: int = 3) -> list[str]:
    """A few leaders, the same in every replicate."""
    least = draw(st.sampled_from([1, 1, 1, 0]))
    return draw(st.lists(st.sampled_from(network.ids), unique=True, min_size=least, max_size=most))


@st.composite
def leading_lanes(draw: st.DrawFn, network: Network) -> NDArray[np.uint64]:
    """One word an agent: the lanes in which it leads, other lanes having other leaders."""
    drawn = draw(st.lists(st.tuples(words, words), min_size=network.size, max_size=network.size))
    return np.array([often & seldom for often, seldom in drawn], dtype=np.uint64)
