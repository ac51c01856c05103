"""The credit of any run: sound, as a naive model shares it, and due to ties that were needed where they were alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from credits import NaiveCredit, Shares, credit_in, credit_of_run, shares_of
from engines import block_of, leaders_in
from generated import leaders, networks, parameters
from hypothesis import given, settings
from hypothesis import strategies as st
from random_cases import RandomCase
from scripted import SORTS, Scripted

from diffusion.analysis.credit import EXTERNAL, OWN, STAGES, Credit, Move, credit_of
from diffusion.draws import LANES
from diffusion.errors import InputError
from diffusion.model.abm import DiffusionModel
from diffusion.model.inputs import ModelInput
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.turnover import Turnover
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network

SEEDS = st.integers(0, 2**40)
REPLICATES = st.sampled_from([0, 1, 63, 64, 999])


def assert_sound(credit: Credit, model: DiffusionModel) -> None:
    """Assert what holds of the credit of every run."""
    times = {"aware": model.aware_at, "adopted": model.adopted_at}
    moves = {(move.agent, move.stage): move for agent in range(credit.size) for move in credit.received(agent)}
    assert set(moves) == {(agent, stage) for stage in STAGES for agent in np.flatnonzero(times[stage] > 0).tolist()}
    ties = model.input.ties
    tied = set(zip(ties.source.tolist(), ties.target.tolist(), ties.layer.tolist(), strict=True))
    left = model.abandoned_at
    for (agent, stage), move in moves.items():
        assert move.step == times[stage][agent]
        assert sum(origin.share for origin in move.origins) == pytest.approx(1.0, abs=1e-12)
        for source, share, layers in move.origins:
            assert share > 0
            if source in (EXTERNAL, OWN):
                assert layers == ()
                continue
            assert source in move.exposers
            assert 0 <= times[stage][source] < move.step
            assert left[source] == -1 or left[source] >= move.step
            assert layers
            assert all((source, agent, credit.layers.index(layer)) in tied for layer in layers)
    assert_both_sides_agree(credit, moves)


def assert_both_sides_agree(credit: Credit, moves: dict[tuple[int, str], Move]) -> None:
    """Assert that what is given is what is received, and that totals count every move."""
    given = {
        (reached.agent, reached.stage, source): (reached.step, reached.share, reached.layers)
        for source in range(credit.size)
        for reached in credit.given(source)
    }
    assert given == {
        (*key, origin.source): (move.step, origin.share, origin.layers)
        for key, move in moves.items()
        for origin in move.origins
        if origin.source >= 0
    }
    for stage in STAGES:
        totals = credit.totals(stage)
        assert totals.agents.sum() + totals.external + totals.own == pytest.approx(
            sum(key[1] == stage for key in moves)
        )


def assert_same_shares(found: Shares, expected: Shares) -> None:
    assert found.keys() == expected.keys()
    for key in found:
        assert found[key] == pytest.approx(expected[key], rel=1e-9), key


@settings(max_examples=150)
@given(st.data(), networks(), parameters(), SEEDS, st.sampled_from([0, 0, 7]), REPLICATES)
def test_the_credit_of_any_run_is_sound_and_as_the_naive_model_shares_it(
    data: st.DataObject, network: Network, said: Parameters, seed: int, world: int, replicate: int
) -> None:
    chosen = data.draw(leaders(network))
    model = DiffusionModel(network, said, chosen, seed=seed, world=world, replicate=replicate)
    model.run()
    credit = credit_in(model)
    assert_sound(credit, model)
    naive = NaiveCredit(network, said, chosen, seed=seed, world=world, replicate=replicate)
    assert_same_shares(shares_of(credit, network), naive.shares())


def test_the_credit_of_random_cases_is_sound_and_as_the_naive_model_shares_it() -> None:
    sources = {EXTERNAL: 0, OWN: 0}
    for number in range(150):
        case = RandomCase(number)
        place = {"seed": number, "world": number % 3, "replicate": 7 * number}
        chosen = leaders_in(case.network, case.words, 7 * number % LANES)
        model = DiffusionModel(case.network, case.parameters, chosen, **place)
        model.run()
        credit = credit_in(model)
        assert_sound(credit, model)
        naive = NaiveCredit(case.network, case.parameters, chosen, **place)
        assert_same_shares(shares_of(credit, case.network), naive.shares())
        for source in sources:
            sources[source] += int((credit.source == source).any())
    assert min(sources.values()) > 15


def test_credit_is_shared_as_the_naive_model_does_whatever_interventions_change() -> None:
    told = tuple(sort for sort in SORTS if sort not in ("hands over", "arrives"))
    moved = 0
    for number in range(150):
        case = RandomCase(number)
        script = Scripted(name="s", number=number, sorts=told)
        said = replace(case.parameters, interventions=(script,), leader_recruitment=0.7, leader_leaving=0.1)
        place = {"seed": number, "world": number % 3, "replicate": 7 * number}
        chosen = leaders_in(case.network, case.words, 7 * number % LANES)
        credit = credit_of_run(case.network, said, chosen, **place)
        naive = NaiveCredit(case.network, said, chosen, **place)
        assert_same_shares(shares_of(credit, case.network), naive.shares())
        moved += len(credit.agent)
    assert moved > 300


@pytest.mark.parametrize(
    ("intervention", "reason"),
    [
        (Turnover(name="t", rate=0.1), "posts change hands"),
        (Scripted(name="s", number=1, sorts=("arrives",)), "agents are added"),
    ],
    ids=["turnover", "arrivals"],
)
def test_credit_that_cannot_be_told_is_refused(intervention: Intervention, reason: str) -> None:
    case = RandomCase(1)
    with pytest.raises(InputError, match=reason):
        credit_of_run(case.network, replace(case.parameters, interventions=(intervention,)))


def same(first: Credit, second: Credit) -> bool:
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in Credit.__slots__)


def test_a_lane_of_the_ensemble_has_the_credit_of_the_readable_model() -> None:
    for number in range(20):
        case = RandomCase(number)
        times = block_of(case.network, case.parameters, case.words, seed=number, block=2)
        model_input = ModelInput.of(case.network, case.parameters, seed=number)
        for lane in (3, 40):
            columns = {name: getattr(times, name)[:, lane] for name in ("aware_at", "adopted_at", "abandoned_at")}
            credit = credit_of(model_input, replicate=2 * LANES + lane, **columns)
            chosen = leaders_in(case.network, case.words, lane)
            expected = credit_of_run(case.network, case.parameters, chosen, seed=number, replicate=2 * LANES + lane)
            assert same(credit, expected)


def test_a_half_played_run_has_the_credit_of_the_whole_up_to_its_step() -> None:
    for number in range(30):
        case = RandomCase(number)
        model = DiffusionModel(case.network, case.parameters, leaders_in(case.network, case.words, 0), seed=number)
        halves = [credit_in(model)]
        while model.running and model.tick < case.parameters.steps:
            model.step()
            halves.append(credit_in(model))
        assert len(halves) == case.parameters.steps + 1
        assert all(same(half, halves[-1].until(step)) for step, half in enumerate(halves))


# A run without a tie: under rules of ties, whoever one coin brought would not have come then.


def by_ties(stage: StageParameters) -> StageParameters:
    return stage if stage.rule in ("cascade", "contagion") else replace(stage, rule="contagion", transmission=0.5)


def by_ties_only(said: Parameters) -> Parameters:
    awareness = by_ties(said.awareness) if said.awareness else None
    return replace(said, adoption=by_ties(said.adoption), awareness=awareness)


def without(network: Network, source: int, target: int, layer: int) -> Network:
    """Return the network without one tie."""
    kept = (network.source != source) | (network.target != target) | (network.layer != layer)
    return Network.from_tables(
        name=network.name,
        ids=network.ids,
        roles=network.roles,
        columns=network.columns,
        source=[network.ids[agent] for agent in network.source[kept]],
        target=[network.ids[agent] for agent in network.target[kept]],
        layer=[network.layers[place] for place in network.layer[kept]],
        strength=network.strength[kept].tolist(),
    )


def removals(network: Network, said: Parameters, chosen: list[str], seed: int) -> tuple[int, int]:
    """Play a run without each tie that is credited; return in how many moves it was needed, and in how many not.

    Where the same tie alone had made an agent aware, it is left: without it the
    agent's adoption has another beginning.
    """
    credit = credit_of_run(network, said, chosen, seed=seed)
    coins = np.bincount(credit.move, minlength=len(credit.agent))
    made_aware = {
        (int(credit.agent[move]), int(source), int(layer))
        for move, source, layer in zip(credit.move, credit.source, credit.layer, strict=True)
        if STAGES[credit.stage[move]] == "aware" and coins[move] == 1
    }
    counts = [0, 0]
    for move, source, layer in zip(credit.move.tolist(), credit.source.tolist(), credit.layer.tolist(), strict=True):
        agent, stage = int(credit.agent[move]), STAGES[credit.stage[move]]
        if source < 0 or (stage == "adopted" and (agent, source, layer) in made_aware):
            continue
        model = DiffusionModel(without(network, source, agent, layer), said, chosen, seed=seed)
        model.run()
        times = model.aware_at if stage == "aware" else model.adopted_at
        needed = coins[move] == 1
        assert (times[agent] != credit.step[move]) == needed
        counts[0 if needed else 1] += 1
    return counts[0], counts[1]


@settings(max_examples=100)
@given(st.data(), networks(), parameters().map(by_ties_only), SEEDS)
def test_whoever_one_coin_brought_would_not_have_come_then_without_its_tie(
    data: st.DataObject, network: Network, said: Parameters, seed: int
) -> None:
    removals(network, said, data.draw(leaders(network)), seed)


def test_ties_are_needed_in_random_cases_exactly_where_theirs_was_the_only_coin() -> None:
    needed = idle = 0
    for number in range(150):
        case = RandomCase(number)
        chosen = leaders_in(case.network, case.words, 0)
        counts = removals(case.network, by_ties_only(case.parameters), chosen, number)
        needed, idle = needed + counts[0], idle + counts[1]
    assert min(needed, idle) > 50
