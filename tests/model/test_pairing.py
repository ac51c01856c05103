"""What an arm changes is what its leaders change: nobody's luck depends on anything else."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from engines import Words, block_of, by_ensemble, by_mesa, ensemble_of, everywhere, lane_of, leaders_in
from generated import leaders, leading_lanes, networks, parameters
from graphs import random_network
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from random_cases import RandomCase

from diffusion.draws import LANES
from diffusion.model.ensemble import BlockTimes
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network

SEEDS = st.integers(0, 2**40)
CASES = [RandomCase(number) for number in range(60)]


def enlarged(network: Network, ids: list[str], ties: list[tuple[str, str]], layer: str = "formal") -> Network:
    """Return a network with more agents, and ties between them alone."""
    return Network.from_tables(
        name="enlarged",
        ids=[*network.ids, *ids],
        roles=[*network.roles, *["manager"] * len(ids)],
        columns={name: [*values, *["0.5"] * len(ids)] for name, values in network.columns.items()},
        source=[*(network.ids[place] for place in network.source), *(source for source, _ in ties)],
        target=[*(network.ids[place] for place in network.target), *(target for _, target in ties)],
        layer=[*(network.layers[place] for place in network.layer), *[layer] * len(ties)],
        strength=[*network.strength, *[0.5] * len(ties)],
    )


def moves_of(times: BlockTimes, network: Network, ids: tuple[str, ...]) -> list[NDArray[np.int16]]:
    rows = [network.index[agent] for agent in ids]
    return [times.aware_at[rows], times.adopted_at[rows], times.abandoned_at[rows]]


def words_for(network: Network, smaller: Network, words: Words) -> Words:
    """Return the same leaders in a larger network."""
    larger = np.zeros(network.size, dtype=np.uint64)
    larger[[network.index[agent] for agent in smaller.ids]] = words
    return larger


def assert_same_moves(case: RandomCase, larger: Network, words: Words) -> None:
    before = block_of(case.network, case.parameters, case.words, seed=3)
    after = block_of(larger, case.parameters, words, seed=3)
    for one, other in zip(
        moves_of(before, case.network, case.network.ids), moves_of(after, larger, case.network.ids), strict=True
    ):
        assert np.array_equal(one, other)


def test_an_agent_without_ties_changes_nobodys_luck() -> None:
    for case in CASES:
        larger = enlarged(case.network, ["a", "p10a", "z"], [])
        assert_same_moves(case, larger, words_for(larger, case.network, case.words))


def test_networks_share_luck_where_ids_coincide() -> None:
    """A second region is added, with leaders of its own, and nothing between the two."""
    for case in CASES:
        larger = enlarged(case.network, ["a", "p0a", "z"], [("a", "p0a"), ("p0a", "a"), ("z", "a")], "formal")
        words = words_for(larger, case.network, case.words)
        words[larger.index["a"]] = np.uint64(0xF0F0F0F0F0F0F0F0)
        assert_same_moves(case, larger, words)


def test_other_leaders_change_nothing_that_they_do_not_reach() -> None:
    """Two arms that differ in one region only are the same history in the other."""
    for case in CASES:
        larger = enlarged(case.network, ["a", "b"], [("a", "b"), ("b", "a")])
        words = words_for(larger, case.network, case.words)
        for other in ("a", "b"):
            arm = words.copy()
            arm[larger.index[other]] = ~np.uint64(0)
            assert_same_moves(case, larger, arm)


def test_an_arm_played_in_between_changes_nothing() -> None:
    for case in CASES[:20]:
        arms = [case.words, np.roll(case.words, 1), case.words]
        ensembles = [ensemble_of(case.network, case.parameters, words, seed=3) for words in arms]
        first, _, again = [ensemble.block(2) for ensemble in ensembles]
        assert_equal_blocks(first, again)


def assert_equal_blocks(one: BlockTimes, other: BlockTimes) -> None:
    for lane in range(LANES):
        assert lane_of(one, lane) == lane_of(other, lane)
    assert one.clipped_ties.tolist() == other.clipped_ties.tolist()


def test_a_block_is_the_same_whichever_blocks_were_played_before() -> None:
    for case in CASES[:20]:
        ensemble = ensemble_of(case.network, case.parameters, case.words, seed=3)
        in_order = {block: ensemble.block(block) for block in (0, 1, 2, 2**20)}
        for block in (2**20, 1, 1, 0, 2):
            assert_equal_blocks(ensemble.block(block), in_order[block])
        assert_equal_blocks(block_of(case.network, case.parameters, case.words, seed=3, block=2), in_order[2])


def test_the_order_of_rows_changes_nothing() -> None:
    for case in CASES[:20]:
        network = case.network
        agents, ties = case.rng.permutation(network.size), case.rng.permutation(network.tie_count)
        shuffled = Network.from_tables(
            name="shuffled",
            ids=[network.ids[place] for place in agents],
            roles=[network.roles[place] for place in agents],
            columns={"zeal": [network.columns["zeal"][place] for place in agents]},
            source=[network.ids[place] for place in network.source[ties]],
            target=[network.ids[place] for place in network.target[ties]],
            layer=[network.layers[place] for place in network.layer[ties]],
            strength=network.strength[ties],
        )
        assert_same_moves(case, shuffled, case.words)


def test_the_lanes_of_a_block_do_not_see_one_another() -> None:
    """A lane is the same when leaders in all the other lanes are taken away."""
    for case in CASES[:20]:
        together = block_of(case.network, case.parameters, case.words, seed=3)
        for lane in (0, 17, 63):
            alone = block_of(case.network, case.parameters, case.words & np.uint64(1 << lane), seed=3)
            assert lane_of(alone, lane) == lane_of(together, lane)


# More leaders never mean fewer adopters: without abandonment, with heeded leaders and slopes of 0 or more.

monotone = parameters(abandonment=False, least_leader_influence=1.0, slope_low=0.0)


def adopted_by(times: BlockTimes, step: int) -> NDArray[np.bool_]:
    return (times.adopted_at >= 0) & (times.adopted_at <= step)


@settings(max_examples=300)
@given(st.data(), networks(), monotone, SEEDS)
def test_more_leaders_never_mean_fewer_adopters(
    data: st.DataObject, network: Network, said: Parameters, seed: int
) -> None:
    fewer, more = data.draw(leading_lanes(network)), data.draw(leading_lanes(network))
    assert_more_never_mean_fewer(network, said, fewer, fewer | more, seed)


def assert_more_never_mean_fewer(network: Network, said: Parameters, fewer: Words, more: Words, seed: int) -> None:
    few, many = block_of(network, said, fewer, seed=seed), block_of(network, said, more, seed=seed)
    for step in range(said.steps + 1):
        assert not (adopted_by(few, step) & ~adopted_by(many, step)).any()


def test_more_leaders_never_mean_fewer_adopters_in_random_cases() -> None:
    for number in range(400):
        case = RandomCase(number)
        said = without_abandonment(case.parameters)
        assert_more_never_mean_fewer(case.network, said, case.words, case.words | np.roll(case.words, 1), number)


def without_abandonment(said: Parameters) -> Parameters:
    adoption = monotone_stage(said.adoption)
    awareness = monotone_stage(said.awareness) if said.awareness else None
    return replace(said, adoption=adoption, awareness=awareness, leader_influence=max(1.0, said.leader_influence))


def monotone_stage(stage: StageParameters) -> StageParameters:
    return replace(stage, abandonment=0.0, slope=abs(stage.slope))


def test_more_leaders_never_mean_fewer_adopters_in_a_region() -> None:
    region = random_network(150, 500, seed=2)
    hubs = np.argsort(region.out_alters.degrees, stable=True)
    for rule in ("cascade", "contagion", "threshold", "hazard"):
        stage = StageParameters(rule, transmission=0.2, threshold=0.3, intercept=-5.0, slope=4.0)
        for awareness in (None, StageParameters("contagion", transmission=0.3)):
            said = Parameters(15, stage, awareness=awareness, leader_influence=2.0)
            sets = [everywhere(region, [region.ids[agent] for agent in hubs[-count:]]) for count in (1, 2, 5, 20)]
            for fewer, more in pairwise(sets):
                assert_more_never_mean_fewer(region, said, fewer, more, seed=1)


@settings(max_examples=60)
@given(st.data(), networks(), monotone, SEEDS)
def test_more_leaders_never_mean_fewer_adopters_in_the_readable_model(
    data: st.DataObject, network: Network, said: Parameters, seed: int
) -> None:
    fewer = data.draw(leaders(network))
    more = sorted({*fewer, *data.draw(leaders(network))})
    few, many = by_mesa(network, said, fewer, seed=seed), by_mesa(network, said, more, seed=seed)
    for early, late in zip(many.adopted_at, few.adopted_at, strict=True):
        assert late == -1 or 0 <= early <= late


def test_a_readable_replicate_is_a_lane_whatever_the_block_was_asked_for() -> None:
    for case in CASES[:10]:
        chosen = leaders_in(case.network, case.words, 9)
        for replicate in (9, LANES + 9):
            place = {"seed": 3, "replicate": replicate}
            assert by_mesa(case.network, case.parameters, chosen, **place) == by_ensemble(
                case.network, case.parameters, chosen, **place
            )
