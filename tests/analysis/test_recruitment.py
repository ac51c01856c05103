"""Counterfactual credit and Shapley values: exact on small graphs, and what they say."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.recruitment import recruitment, shapley_values
from diffusion.analysis.recruitment_told import recruitment_sentences
from diffusion.analysis.sentences import Setting
from diffusion.model.ensemble import Ensemble
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network

SETTING = Setting("town", synthetic=True, steps=12, agents=10, smallest_difference=0.01)


def parts(leaders: int) -> list[tuple[int, ...]]:
    return [members for size in range(leaders + 1) for members in itertools.combinations(range(leaders), size)]


@st.composite
def games(draw):
    leaders, replicates = draw(st.integers(1, 5)), draw(st.integers(2, 6))
    runs = st.lists(st.integers(0, 50), min_size=replicates, max_size=replicates)
    return leaders, {members: np.array(draw(runs), dtype=float) for members in parts(leaders)}


@given(games())
def test_shapley_values_sum_to_what_all_leaders_bring_in_every_replicate(game):
    leaders, adopters = game
    values = shapley_values(adopters, leaders)
    assert np.sum(values, axis=0) == pytest.approx(adopters[tuple(range(leaders))] - adopters[()])


@given(games())
def test_shapley_values_are_the_mean_over_all_orders_of_recruiting(game):
    leaders, adopters = game
    orders = list(itertools.permutations(range(leaders)))
    wanted = np.zeros((leaders, len(adopters[()])))
    for order in orders:
        for place, leader in enumerate(order):
            before = tuple(sorted(order[:place]))
            wanted[leader] += adopters[tuple(sorted((*before, leader)))] - adopters[before]
    assert np.array(shapley_values(adopters, leaders)) == pytest.approx(wanted / len(orders), abs=1e-9)


def credit_on(network: Network, leaders: str, steps: int = 5):
    """Return the credit of leaders on a network whose ties all carry."""
    said = Parameters(steps=steps, adoption=StageParameters("contagion", transmission=1.0))
    adopters = {}
    for members in parts(len(leaders)):
        leading = {network.index[leaders[place]] for place in members}
        words = np.array([2**64 - 1 if agent in leading else 0 for agent in range(network.size)], dtype=np.uint64)
        times = Ensemble(network, said, seed=1, leader_words={0: words}.__getitem__).block(0)
        adopters[members] = (times.adopted_at >= 0).sum(axis=0).astype(float)
    return recruitment("arm", list(leaders), adopters, agents=network.size, counterfactual=True, shapley=True)


def network(ids: str, ties: str) -> Network:
    pairs = ties.split()
    return Network.from_tables(
        name="n", ids=ids, source=[pair[0] for pair in pairs], target=[pair[1] for pair in pairs]
    )


def test_the_only_leader_of_a_star_takes_every_adopter_along():
    found = credit_on(network("abcde", "ab ac ad ae"), "a")
    assert [loss.mean for loss in found.losses] == [5.0]
    assert [value.mean for value in found.shapley] == [5.0]
    assert (found.without, found.adopters) == (0.0, 5.0)


def test_leaders_of_separate_components_have_their_own_spread_as_loss_and_as_shapley_value():
    found = credit_on(network("abcdefg", "ab bc de ef fg"), "ad")
    assert [loss.mean for loss in found.losses] == [3.0, 4.0]
    assert [value.mean for value in found.shapley] == [3.0, 4.0]


def test_leaders_who_reach_the_same_agents_stand_in_for_one_another():
    found = credit_on(network("abcdef", "ac ad ae af bc bd be bf"), "ab")
    assert [loss.mean for loss in found.losses] == [1.0, 1.0]  # each only loses itself
    assert [value.mean for value in found.shapley] == [3.0, 3.0]


def test_on_a_path_a_leader_downstream_adds_nothing_to_one_upstream():
    found = credit_on(network("abcd", "ab bc cd"), "ac")
    assert [loss.mean for loss in found.losses] == [2.0, 0.0]
    assert [value.mean for value in found.shapley] == [3.0, 1.0]


def told(*, losses=True, shapley=True):
    wave = np.sin(np.arange(40))
    runs = {(): np.full(40, 1.0), (0,): 6 + wave, (1,): 4 + np.cos(np.arange(40)), (0, 1): 8 + 0.5 * wave}
    found = recruitment("hubs", ["ann", "ben"], runs, agents=10, counterfactual=losses, shapley=shapley)
    return recruitment_sentences(found, SETTING)


def test_what_would_be_lost_and_how_it_is_shared_out_is_told_with_intervals():
    lost, shared = told()
    assert lost == (
        'On the synthetic network town, the arm "hubs" reached 8.0 agents on average, leaders included; had one leader '
        "alone not been recruited, in the very same 40 paired runs, there would have been, without ann, 4.0 fewer "
        "(95 % interval 3.7 to 4.2); without ben, 2.0 fewer (95 % interval 1.9 to 2.1) (these need not add up: leaders "
        "stand in for one another, or help each other)."
    )
    assert shared.startswith('Shared out by Shapley values, of the 7.0 agents that the arm "hubs" brought beyond ')
    assert "to ann and" in shared
    assert shared.endswith("to ben (40 paired runs).")
    assert len(told(losses=False)) == len(told(shapley=False)) == 1


def test_a_leader_whose_loss_is_uncertain_in_sign_or_none_is_told_so():
    wave = np.sin(np.arange(40))
    runs = {(0,): 5 + wave, (1,): np.full(40, 5.0), (0, 1): np.full(40, 5.0)}
    found = recruitment("hubs", ["ann", "ben"], runs, agents=10, counterfactual=True, shapley=False)
    [text] = recruitment_sentences(found, SETTING)
    assert "without ann, as many in all runs" in text  # without ann, ben alone leads
    assert "more to 0." in text
    assert found.as_json()["without"] is None
