"""From whom moves came, in one run: known answers, a naive reference, and runs without a tie."""

from __future__ import annotations

import numpy as np
import pytest
from credits import credit_in, credit_of_run
from graphs import network_of
from hypothesis import strategies as st

from diffusion.analysis.credit import EXTERNAL, OWN, Credit, Move, Origin, Reached, credit_of
from diffusion.errors import MismatchError
from diffusion.model.abm import DiffusionModel
from diffusion.model.inputs import ModelInput
from diffusion.model.parameters import ByRole, Parameters, StageParameters
from diffusion.network.network import Network

SEEDS = st.integers(0, 2**40)
REPLICATES = st.sampled_from([0, 1, 63, 64, 999])

CERTAIN = StageParameters("contagion", transmission=1.0)
CERTAIN_ONCE = StageParameters("cascade", transmission=1.0)
DIAMOND = network_of(4, [(0, 1), (0, 2), (1, 3), (2, 3)])


def adopting(stage: StageParameters, steps: int = 5, **said: object) -> Parameters:
    return Parameters(steps=steps, adoption=stage, **said)  # type: ignore[arg-type]


def origins(credit: Credit, agent: int) -> dict[int, float]:
    """Shares by source of an agent's only move."""
    [move] = credit.received(agent)
    return {origin.source: origin.share for origin in move.origins}


# Known answers.


@pytest.mark.parametrize("stage", [CERTAIN, CERTAIN_ONCE], ids=["contagion", "cascade"])
def test_on_a_path_all_credit_goes_to_the_one_before(stage: StageParameters) -> None:
    credit = credit_of_run(network_of(4, [(0, 1), (1, 2), (2, 3)], both_ways=True), adopting(stage), ["0000"])
    assert [credit.received(agent) for agent in (1, 2, 3)] == [
        (Move(agent, "adopted", agent, (Origin(agent - 1, 1.0, ("tie",)),), (agent - 1,)),) for agent in (1, 2, 3)
    ]
    assert credit.given(1) == (Reached(2, "adopted", 2, 1.0, ("tie",)),)
    assert credit.totals("adopted").agents.tolist() == [1.0, 1.0, 1.0, 0.0]


def test_a_leader_receives_nothing() -> None:
    credit = credit_of_run(DIAMOND, adopting(CERTAIN, awareness=CERTAIN), ["0000", "0003"])
    assert credit.received(0) == credit.received(3) == ()
    assert len(credit.received(1)) == 2


@pytest.mark.parametrize("stage", [CERTAIN, CERTAIN_ONCE], ids=["contagion", "cascade"])
def test_on_a_diamond_both_sides_have_half(stage: StageParameters) -> None:
    credit = credit_of_run(DIAMOND, adopting(stage), ["0000"])
    assert origins(credit, 3) == {1: 0.5, 2: 0.5}
    assert [reached.agent for reached in credit.given(0)] == [1, 2]


def test_a_tie_that_was_tried_and_failed_has_no_credit_but_its_source_was_an_exposer() -> None:
    star = network_of(6, [(source, 5) for source in range(5)])
    said = adopting(StageParameters("contagion", transmission=0.2), steps=1)
    moves = [move for seed in range(30) for move in credit_of_run(star, said, star.ids[:5], seed=seed).received(5)]
    assert {move.exposers for move in moves} == {(0, 1, 2, 3, 4)}
    assert {len(move.origins) for move in moves} >= {1, 2}
    for move in moves:
        assert {origin.share for origin in move.origins} == {1 / len(move.origins)}


def test_under_cascade_a_tie_of_an_earlier_round_is_tried_no_more() -> None:
    late = network_of(4, [(0, 1), (1, 2), (2, 3), (0, 3)], strength=[1.0, 1.0, 1.0, 1e-6])
    credit = credit_of_run(late, adopting(CERTAIN_ONCE), ["0000"])
    [move] = credit.received(3)
    assert [origin.source for origin in move.origins] == [2]
    assert move.exposers == (0, 2)


def two_layers(strengths: tuple[float, float, float]) -> Network:
    """*a* and *b* reach *c*, *a* in two layers."""
    return Network.from_tables(
        name="two layers", ids="abc", source="aab", target="ccc", layer=["formal", "informal", "formal"],
        strength=list(strengths),
    )  # fmt: skip


@pytest.mark.parametrize("stage", [CERTAIN, CERTAIN_ONCE], ids=["contagion", "cascade"])
def test_two_layers_of_one_source_are_two_coins(stage: StageParameters) -> None:
    credit = credit_of_run(two_layers((1, 1, 1)), adopting(stage), ["a", "b"])
    assert origins(credit, 2) == pytest.approx({0: 2 / 3, 1: 1 / 3})
    assert [origin.layers for origin in credit.received(2)[0].origins] == [("formal", "informal"), ("formal",)]
    said = adopting(stage, layers={"formal": 1.0, "informal": 0.0})
    assert origins(credit_of_run(two_layers((1, 1, 1)), said, ["a", "b"]), 2) == {0: 0.5, 1: 0.5}


@pytest.mark.parametrize(
    ("exposure", "expected"), [("share", {0: 0.6, 1: 0.4}), ("weight", {0: 0.6, 1: 0.4}), ("number", {0: 0.5, 1: 0.5})]
)
def test_a_threshold_is_credited_by_weight_and_by_number_one_an_alter(exposure, expected) -> None:
    said = adopting(StageParameters("threshold", threshold=0.5, exposure=exposure))
    credit = credit_of_run(two_layers((0.4, 0.2, 0.4)), said, ["a", "b"])
    assert origins(credit, 2) == pytest.approx(expected)
    assert credit.received(2)[0].origins[0].layers == ("formal", "informal")


def test_influence_and_multipliers_count_in_what_a_source_adds() -> None:
    """*a* leads and brings *b*; *c* needs both."""
    triangle = Network.from_tables(
        name="triangle", ids="abc", roles=["academic", "manager", "firm"], source="aab", target="bcc"
    )
    said = adopting(
        StageParameters("threshold", threshold=ByRole((("academic", 0.1), ("manager", 0.1), ("firm", 1.2)))),
        influence=ByRole((("academic", 1.0), ("manager", 1.5), ("firm", 1.0))),
        leader_influence=2.0,
        between_roles={("academic", "firm"): 0.5},
    )
    assert origins(credit_of_run(triangle, said, ["a"]), 2) == pytest.approx({0: 0.4, 1: 0.6})


@pytest.mark.parametrize("theta", [0.0, -1.0])
def test_a_threshold_met_without_exposure_is_the_agents_own(theta: float) -> None:
    credit = credit_of_run(DIAMOND, adopting(StageParameters("threshold", threshold=theta)), ["0000"])
    assert origins(credit, 1) == origins(credit, 3) == {OWN: 1.0}
    assert credit.totals("adopted").own == 3.0


def test_where_only_external_influence_acts_all_credit_is_external() -> None:
    credit = credit_of_run(DIAMOND, adopting(StageParameters("contagion", external=1.0)), ["0000"])
    assert [origins(credit, agent) for agent in (1, 2, 3)] == [{EXTERNAL: 1.0}] * 3
    assert credit.totals("adopted").external == 3.0
    assert [reached.agent for reached in credit.given(EXTERNAL)] == [1, 2, 3]
    assert credit.received(1)[0].origins[0].layers == ()


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (StageParameters("contagion", transmission=1.0, external=1.0), {EXTERNAL: 1 / 3, 0: 1 / 3, 1: 1 / 3}),
        (StageParameters("cascade", transmission=1.0, external=1.0), {EXTERNAL: 1 / 3, 0: 1 / 3, 1: 1 / 3}),
        (StageParameters("threshold", threshold=0.5, external=1.0), {EXTERNAL: 1 / 2, 0: 1 / 4, 1: 1 / 4}),
        (StageParameters("threshold", threshold=-1.0, external=1.0), {EXTERNAL: 1 / 2, OWN: 1 / 2}),
        (StageParameters("threshold", threshold=9.0, external=1.0), {EXTERNAL: 1.0}),
    ],
    ids=["contagion", "cascade", "threshold", "threshold of less than 0", "threshold out of reach"],
)
def test_external_influence_has_one_coin_beside_those_of_ties_or_the_one_of_an_exposure(stage, expected) -> None:
    credit = credit_of_run(network_of(3, [(0, 2), (1, 2)]), adopting(stage), ["0000", "0001"])
    assert origins(credit, 2) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("intercept", "slope", "expected"),
    [
        (0.2, 0.8, {OWN: 0.2, 0: 0.4, 1: 0.4}),
        (0.0, 1.0, {0: 0.5, 1: 0.5}),
        (0.5, 2.0, {OWN: 0.5, 0: 0.25, 1: 0.25}),  # h(E) = 2.5 is clipped to 1
        (-1.0, 9.0, {0: 0.5, 1: 0.5}),  # h(0) = -1 is clipped to 0
        (1.0, 0.0, {OWN: 1.0}),
    ],
)
def test_a_hazard_owes_to_the_agent_what_it_would_be_without_exposure(intercept, slope, expected) -> None:
    said = adopting(StageParameters("hazard", link="identity", intercept=intercept, slope=slope), steps=1)
    credit = credit_of_run(network_of(3, [(0, 2), (1, 2)]), said, ["0000", "0001"])
    assert origins(credit, 2) == pytest.approx(expected)


def test_a_hazard_that_exposure_lowers_is_all_the_agents_own_but_for_external_influence() -> None:
    stage = StageParameters("hazard", link="identity", intercept=0.9, slope=-0.4, external=1.0)
    pair = network_of(2, [(0, 1)])
    found = [origins(credit_of_run(pair, adopting(stage), ["0000"], replicate=replicate), 1) for replicate in range(40)]
    assert {EXTERNAL: 0.5, OWN: 0.5} in found
    assert {EXTERNAL: 1.0} in found
    assert all(shares in ({EXTERNAL: 0.5, OWN: 0.5}, {EXTERNAL: 1.0}) for shares in found)


def test_ties_too_light_to_count_in_an_exposure_have_no_credit() -> None:
    said = adopting(StageParameters("hazard", link="identity", intercept=1.0), layers={"tie": 1e-12})
    [move] = credit_of_run(network_of(2, [(0, 1)]), said, ["0000"]).received(1)
    assert [origin.source for origin in move.origins] == [OWN]
    assert move.exposers == (0,)


def test_a_logit_hazard_and_its_attributes_give_the_shares_of_their_equation() -> None:
    network = network_of(2, [(0, 1)], columns={"zeal": ["0", "0.5"]})
    stage = StageParameters("hazard", intercept=-2.0, slope=3.0, attributes=(("zeal", 2.0),))
    said = adopting(stage, steps=30)
    own = (1 / (1 + np.exp(1.0))) / (1 / (1 + np.exp(-2.0)))  # a + c x = -1; + b E = 2
    assert origins(credit_of_run(network, said, ["0000"]), 1) == pytest.approx({OWN: own, 0: 1 - own})


def test_the_own_share_is_how_often_the_agent_would_have_moved_without_anyone() -> None:
    """Of the runs in which a draw succeeds at exposure E, in a share h(0)/h(E) it would have at exposure 0."""
    star = network_of(101, [(0, agent) for agent in range(1, 101)])
    said = adopting(StageParameters("hazard", link="identity", intercept=0.1, slope=0.2), steps=1)
    moved, own, alone = 0, 0.0, 0
    for replicate in range(20):
        credit = credit_of_run(star, said, ["0000"], replicate=replicate)
        moved += len(credit.agent)
        own += credit.totals("adopted").own
        unled = DiffusionModel(star, said, [], replicate=replicate)
        unled.run()
        alone += int((unled.adopted_at[1:] == 1).sum())
    assert own == pytest.approx(moved / 3)
    assert abs(alone - own) < 4 * np.sqrt(moved * (1 / 3) * (2 / 3))
    assert alone > 100


def test_who_abandoned_is_no_source_any_more() -> None:
    chain = network_of(3, [(0, 1), (1, 2)])
    said = adopting(StageParameters("contagion", transmission=0.5, external=0.2, abandonment=1.0), steps=8)
    seen = 0
    for seed in range(40):
        model = DiffusionModel(chain, said, ["0000"], seed=seed)
        model.run()
        for move in credit_in(model).received(1):
            if move.step > 1:  # the leader abandoned at step 1
                assert move.exposers == ()
                assert [origin.source for origin in move.origins] == [EXTERNAL]
                seen += 1
    assert seen > 5


def test_awareness_and_adoption_are_credited_each_by_its_own_rule() -> None:
    said = adopting(StageParameters("threshold", threshold=0.1), awareness=CERTAIN)
    credit = credit_of_run(network_of(3, [(0, 1), (1, 2)]), said, ["0000"])
    assert [(move.stage, move.step, move.origins[0].source) for move in credit.received(2)] == [
        ("aware", 2, 1),
        ("adopted", 3, 1),
    ]
    assert [(reached.stage, reached.step) for reached in credit.given(0)] == [("aware", 1), ("adopted", 2)]
    assert credit.totals("aware").agents.tolist() == credit.totals("adopted").agents.tolist() == [1.0, 1.0, 0.0]


def test_a_run_in_which_nothing_spreads_has_no_credit() -> None:
    credit = credit_of_run(DIAMOND, adopting(StageParameters("contagion")), ["0000"])
    assert len(credit.agent) == len(credit.share) == 0
    assert credit.totals("adopted").agents.tolist() == [0.0] * 4
    assert credit.given(0) == ()
    assert credit.received(1) == ()


# Times of another run.


def test_times_that_nothing_explains_are_refused() -> None:
    model_input = ModelInput.of(DIAMOND, adopting(CERTAIN), seed=0)
    with pytest.raises(MismatchError, match=r"^0003 is adopted from step 1 on, but nothing moved it then: these are"):
        credit_of(model_input, replicate=0, aware_at=[0] * 4, adopted_at=[0, 1, 1, 1], abandoned_at=[-1] * 4)


def test_a_coin_of_a_cascade_explains_no_move_but_that_of_its_round() -> None:
    model_input = ModelInput.of(network_of(2, [(0, 1)]), adopting(CERTAIN_ONCE), seed=0)
    with pytest.raises(MismatchError, match="0001 is adopted from step 2 on, but nothing moved it then"):
        credit_of(model_input, replicate=0, aware_at=[0, 0], adopted_at=[0, 2], abandoned_at=[-1, -1])


def test_times_of_another_network_are_refused() -> None:
    model_input = ModelInput.of(DIAMOND, adopting(CERTAIN), seed=0)
    with pytest.raises(ValueError, match=r"times must have the shape \(4,\), one step an agent of made"):
        credit_of(model_input, replicate=0, aware_at=[0] * 3, adopted_at=[0] * 3, abandoned_at=[-1] * 3)


def test_a_stage_that_does_not_exist_has_no_totals() -> None:
    with pytest.raises(ValueError, match="stage must be one of aware, adopted; got abandoned"):
        credit_of_run(DIAMOND, adopting(CERTAIN), ["0000"]).totals("abandoned")
