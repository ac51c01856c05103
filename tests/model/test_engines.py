"""The readable model, the ensemble and a naive reference are one model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from engines import Words, block_of, by_ensemble, by_hand, by_mesa, lane_of, leaders_in
from generated import UNIFORM, leaders, leading_lanes, networks, parameters
from graphs import random_network
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from random_cases import RandomCase

from diffusion import draws
from diffusion.draws import LANES, Purpose
from diffusion.model.inputs import ModelInput
from diffusion.model.lanes import CALLS_TOGETHER
from diffusion.model.parameters import Distribution, Parameters, StageParameters
from diffusion.network.network import Network

SEEDS = st.integers(0, 2**40)
WORLDS = st.sampled_from([0, 0, 1, 7])
REPLICATES = st.sampled_from([0, 1, 31, 63, 64, 65, 130, 999, 64 * 2**20 + 5])

REGION = random_network(200, 700, seed=1)
HUBS = tuple(REGION.ids[agent] for agent in np.argsort(REGION.out_alters.degrees, stable=True)[-3:])


@settings(max_examples=400)
@given(st.data(), networks(), parameters(), SEEDS, WORLDS, REPLICATES)
def test_three_engines_agree_on_every_move_of_every_agent(
    data: st.DataObject, network: Network, said: Parameters, seed: int, world: int, replicate: int
) -> None:
    chosen = data.draw(leaders(network))
    expected = by_hand(network, said, chosen, seed=seed, world=world, replicate=replicate)
    assert by_ensemble(network, said, chosen, seed=seed, world=world, replicate=replicate) == expected
    assert by_mesa(network, said, chosen, seed=seed, world=world, replicate=replicate) == expected


@settings(max_examples=150)
@given(st.data(), networks(), parameters(), SEEDS, st.sampled_from([0, 1, 2**20]))
def test_every_lane_plays_its_own_leaders(
    data: st.DataObject, network: Network, said: Parameters, seed: int, block: int
) -> None:
    words = data.draw(leading_lanes(network))
    times = block_of(network, said, words, seed=seed, block=block)
    for lane in (0, 5, 31, 32, 63):
        chosen = leaders_in(network, words, lane)
        assert lane_of(times, lane) == by_hand(
            network, said, chosen, seed=seed, world=0, replicate=LANES * block + lane
        )


@pytest.mark.parametrize("numbers", [range(start, start + 100) for start in range(0, 600, 100)], ids=str)
def test_three_engines_agree_on_random_cases(numbers: range) -> None:
    stirred = 0
    for number in numbers:
        case = RandomCase(number)
        times = block_of(case.network, case.parameters, case.words, seed=number, world=number % 3, block=number)
        for lane in (number % LANES, (number + 27) % LANES):
            chosen = leaders_in(case.network, case.words, lane)
            place = {"seed": number, "world": number % 3, "replicate": LANES * number + lane}
            expected = by_hand(case.network, case.parameters, chosen, **place)
            assert lane_of(times, lane) == expected, number
            assert by_mesa(case.network, case.parameters, chosen, **place) == expected, number
            stirred += max(expected.adopted_at) > 0
    assert stirred > 0.8 * len(numbers), "fewer than 40 of 100 cases show any adoption"


def regional(adoption: StageParameters, awareness: StageParameters | None = None, **said: Any) -> Parameters:
    return Parameters(steps=12, adoption=adoption, awareness=awareness, **said)


CONTAGION = StageParameters("contagion", transmission=0.05)
CASCADE = StageParameters("cascade", transmission=0.3)
LOGIT = StageParameters("hazard", intercept=-4.0, slope=3.0)
SPREADING: dict[str, Any] = {
    "receptivity": Distribution("uniform", (0.3, 1.0)),
    "influence": Distribution("uniform", (0.5, 2.0)),
}
LARGE_CASES = {
    "contagion": regional(CONTAGION),
    "contagion of heeded leaders": regional(CONTAGION, leader_influence=3.0),
    "contagion of unlike agents": regional(CONTAGION, **SPREADING, leader_influence=2.0),
    "contagion that is given up": regional(StageParameters("contagion", transmission=0.3, abandonment=0.2)),
    "cascade after contagion": regional(CASCADE, StageParameters("contagion", transmission=0.2)),
    "cascade after cascade": regional(CASCADE, StageParameters("cascade", transmission=0.6, external=0.01)),
    "cascade of unlike agents": regional(CASCADE, **SPREADING),
    "drawn thresholds": regional(StageParameters("threshold", threshold=UNIFORM, external=0.01), leader_influence=2.0),
    "two alters": regional(StageParameters("threshold", threshold=2.0, exposure="number", external=0.02)),
    "hazard of shares": regional(LOGIT, leader_influence=2.0),
    "hazard of unlike agents": regional(
        StageParameters("hazard", link="probit", intercept=-2.0, slope=0.5, exposure="weight", abandonment=0.05,
                        attributes=(("zeal", 1.0), ("influence", 0.2))), CONTAGION, **SPREADING,
    ),
    "barriers between roles": regional(
        CONTAGION, layers={"formal": 1.0, "informal": 0.6}, between_roles={("academic", "manager"): 0.2}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LARGE_CASES)
def test_the_engines_agree_on_a_region_of_two_hundred(case: str) -> None:
    said = LARGE_CASES[case]
    words = leaders_drawn_in_every_lane()
    times = block_of(REGION, said, words, seed=5, block=3)
    moved = (times.adopted_at > 0).sum(axis=0)
    assert (moved > 0).mean() > 0.9
    for lane in (0, 41):
        chosen = leaders_in(REGION, words, lane)
        assert lane_of(times, lane) == by_mesa(REGION, said, chosen, seed=5, replicate=3 * LANES + lane)


def leaders_drawn_in_every_lane() -> Words:
    """Three hubs lead in the even lanes, others in the odd ones."""
    words = np.zeros(REGION.size, dtype=np.uint64)
    words[[REGION.index[hub] for hub in HUBS]] = np.uint64(0x5555555555555555)
    for lane in range(1, LANES, 2):
        words[[lane, lane + 64, lane + 128]] |= np.uint64(1) << np.uint64(lane)
    return words


def test_the_engines_agree_where_ten_digits_do_not_decide_a_coin() -> None:
    said = regional(StageParameters("cascade", transmission=0.9))
    model_input = ModelInput.of(REGION, said, seed=8)
    times = block_of(REGION, said, leaders_drawn_in_every_lane(), seed=8)
    undecided = [lane for lane in range(LANES) if _late_coins(model_input, times.adopted_at[:, lane], lane)]
    assert len(undecided) > 12
    for lane in undecided[:12]:
        chosen = leaders_in(REGION, leaders_drawn_in_every_lane(), lane)
        assert lane_of(times, lane) == by_mesa(REGION, said, chosen, seed=8, replicate=lane)


def _late_coins(model_input: ModelInput, adopted_at: NDArray[np.int16], lane: int) -> int:
    """How many coins were thrown in a lane that agree with their probability in all digits drawn together."""
    ties = model_input.ties
    numbers = draws.coins(8, 0, Purpose.ADOPTION_TIE, ties.key, lane, 0)
    probabilities = np.round(0.9 * ties.strength * 2**32).astype(np.uint64)
    rest = np.uint64(32 - 2 * CALLS_TOGETHER)
    adopted = adopted_at[ties.source] >= 0
    later = (adopted_at[ties.target] < 0) | (adopted_at[ties.target] > adopted_at[ties.source])
    return int((adopted & later & (numbers >> rest == probabilities >> rest)).sum())
