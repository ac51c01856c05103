"""Hypothesis strategies for networks, parameters and leaders."""

from __future__ import annotations

from hypothesis import strategies as st

from diffusion.model.parameters import ByRole, Column, Distribution, Parameters, StageParameters
from diffusion.network.network import Network

ROLES = ("academic", "firm", "manager", "nurse")
LAYERS = ("formal", "informal")

probabilities = st.one_of(
    st.sampled_from([0.0, 1.0, 0.5, 2.0**-32]), st.floats(0, 1, allow_nan=False, allow_subnormal=False)
)


@st.composite
def networks(draw, largest=7):
    """Directed or undirected, layered, weighted, with isolates and parallel ties."""
    size = draw(st.integers(1, largest))
    ids = [f"p{number}" for number in draw(st.permutations(range(size)))]
    pair = st.tuples(st.sampled_from(ids), st.sampled_from(ids))
    ties = draw(
        st.lists(st.tuples(pair, st.sampled_from(LAYERS), st.sampled_from([0.2, 0.25, 0.5, 0.7, 1.0])), max_size=20)
    )
    if draw(st.booleans()):
        ties += [((target, source), layer, strength) for (source, target), layer, strength in ties]
    return Network.from_tables(
        name="generated",
        ids=ids,
        roles=[draw(st.sampled_from(ROLES)) for _ in ids],
        columns={"zeal": [str(draw(st.integers(-2, 2)) / 4) for _ in ids]},
        source=[tie[0][0] for tie in ties],
        target=[tie[0][1] for tie in ties],
        layer=[tie[1] for tie in ties],
        strength=[tie[2] for tie in ties],
    )


@st.composite
def stages(draw, *, abandonment=True, rules=("cascade", "contagion", "threshold", "hazard"), slope_low=-3.0):
    rule = draw(st.sampled_from(rules))
    said = {"rule": rule, "external": draw(st.one_of(st.just(0.0), probabilities))}
    if rule in ("cascade", "contagion"):
        said["transmission"] = draw(probabilities)
    else:
        said["exposure"] = draw(st.sampled_from(["share", "number", "weight"]))
    if rule == "threshold":
        said["threshold"] = draw(
            st.one_of(
                st.sampled_from([-0.1, 0.0, 0.2, 0.25, 0.5, 0.6, 1.0, 2.0]),
                st.just(Distribution("uniform", (0.0, 1.0))),
                st.just(Column("zeal")),
                st.just(ByRole(tuple((role, 0.2 * place) for place, role in enumerate(ROLES)))),
            )
        )
    if rule == "hazard":
        said["link"] = draw(st.sampled_from(["logit", "probit", "identity"]))
        said["intercept"] = draw(st.floats(-3, 1))
        said["slope"] = draw(st.floats(slope_low, 4))
        names = draw(st.lists(st.sampled_from(["receptivity", "influence", "zeal"]), unique=True))
        said["attributes"] = tuple((name, draw(st.sampled_from([-0.5, 0.25, 1.0]))) for name in names)
    if abandonment:
        said["abandonment"] = draw(st.one_of(st.just(0.0), probabilities))
    return StageParameters(**said)


@st.composite
def parameters(draw, *, abandonment=True, least_leader_influence=0.0, **stage):
    receptivity = st.one_of(
        st.sampled_from([1.0, 0.5, 0.0]),
        st.just(Distribution("uniform", (0.2, 0.9))),
        st.just(ByRole((("academic", 0.3), ("firm", Distribution("uniform", (0.0, 1.0))), ("manager", 1.0), ("nurse", 0.0)))),
    )
    influence = st.one_of(st.sampled_from([1.0, 0.5, 2.0, 0.0]), st.just(Distribution("uniform", (0.0, 2.0))))
    roles = st.sampled_from(ROLES)
    return Parameters(
        steps=draw(st.integers(1, 6)),
        adoption=draw(stages(abandonment=abandonment, **stage)),
        awareness=draw(st.one_of(st.none(), stages(abandonment=False, **stage))),
        receptivity=draw(receptivity),
        influence=draw(influence),
        layers=draw(
            st.one_of(
                st.none(),
                st.fixed_dictionaries({layer: st.sampled_from([0.0, 0.4, 1.0, 1.5]) for layer in LAYERS}),
            )
        ),
        between_roles=draw(st.dictionaries(st.tuples(roles, roles), st.sampled_from([0.0, 0.5, 3.0]), max_size=3)),
        leader_influence=draw(
            st.sampled_from([factor for factor in (0.0, 0.5, 1.0, 1.0, 3.0) if factor >= least_leader_influence])
        ),
    )
