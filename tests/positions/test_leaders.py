"""Who leads: directions, equal scores at the cut, roles, draws, and what is refused."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from generated import networks
from hypothesis import given
from hypothesis import strategies as st
from real_networks import dhhs_tobacco_leaders, needs_real_networks

from diffusion.draws import Purpose, entity_keys, numbers
from diffusion.errors import InputError
from diffusion.model.parameters import AgentValue, Distribution
from diffusion.network.network import Network
from diffusion.positions import POSITIONS, LeaderChoice, Position, leader_choice, leader_table, leader_words
from diffusion.positions.leaders import _smallest

TRAITS: dict[str, AgentValue] = {"threshold": Distribution("beta", (2.0, 8.0)), "receptivity": 0.5}
HELD = [
    name
    for name, position in POSITIONS.items()
    if not position.is_searched
    and not position.columns
    and all(said.kind != "column" or said.default == "role" for said in position.parameters)
]
"""The positions that agents can hold in any network, whatever its columns and the rules."""

SCORED = [name for name in HELD if POSITIONS[name].score is not None]
BY_IDS = {"participation"}  # communities are sought in an order that follows from the ids


def network_of(ties, size=None, roles=None, name="made"):
    ids = "abcdefghijklmnopqrstuvwxyz"[: size or 26]
    return Network.from_tables(
        name=name, ids=ids, roles=roles, source=[tie[0] for tie in ties], target=[tie[1] for tie in ties]
    )


STAR = network_of(["ab", "ac", "ad", "ae"], 5)
EMPTY = network_of([], 10)


def led(choice, network):
    return [network.ids[agent] for agent in choice.fixed]


@pytest.mark.parametrize("position", ["out_degree", "closeness", "harmonic_closeness", "pagerank", "degree"])
def test_the_centre_of_a_star_leads_where_knowledge_flows_from_it(position):
    assert led(leader_choice(STAR, position=position, count=1), STAR) == ["a"]


def test_the_leaves_of_a_star_lead_by_in_degree():
    choice = leader_choice(STAR, position="in_degree", count=2)
    assert choice == LeaderChoice((), 2, (1, 2, 3, 4), Purpose.TIE_BREAK)


def test_marginal_leaders_are_those_with_the_fewest_alters_of_whom_somebody_learns():
    # d has one alter but teaches nobody, e has none; c has one and teaches a.
    network = network_of(["ab", "ba", "ca", "ad", "be"], 6)
    assert led(leader_choice(network, position="marginal", count=1), network) == ["c"]
    assert led(leader_choice(network, position="marginal", count=2), network) == ["b", "c"]
    assert led(leader_choice(network, position="marginal", count=4), network) == ["a", "b", "c", "f"]


def test_agents_whose_constraint_is_undefined_come_last():
    network = network_of(["ba", "bc", "bd", "cd"], 6)
    assert led(leader_choice(network, position="constraint", count=1), network) == ["b"]
    choice = leader_choice(network, position="constraint", count=5)
    assert led(choice, network) == ["a", "b", "c", "d"]
    assert choice.among == (4, 5)


def test_places_tied_at_the_cut_are_told_and_the_rest_is_fixed():
    network = network_of(["ab", "ac", "ad", "bc", "bd", "cd", "dc"], 4)
    choice = leader_choice(network, position="out_degree", count=3)
    assert (choice.fixed, choice.places, choice.among) == ((0, 1), 1, (2, 3))
    assert (choice.tied, choice.count, choice.is_fixed) == ("1 place among 2 tied", 3, False)
    everyone = leader_choice(network, position="out_degree", count=4)
    assert (everyone.fixed, everyone.tied, everyone.is_fixed) == ((0, 1, 2, 3), "", True)


def test_scores_that_differ_by_rounding_alone_are_tied(monkeypatch):
    scores = np.array([0.3, 0.1 + 0.2, 0.3 * (1 + 2e-9), 0.1])
    rounded = Position("rounded", "", "", lambda _: scores)
    monkeypatch.setattr("diffusion.positions.leaders.POSITIONS", {"rounded": rounded})
    choice = leader_choice(network_of([], 4), position="rounded", count=2)
    assert (choice.fixed, choice.places, choice.among) == ((2,), 1, (0, 1))


def test_leaders_at_the_cut_are_drawn_anew_in_every_replicate():
    choice = leader_choice(STAR, position="in_degree", count=1)
    table = leader_table(choice, STAR, seed=1, world=0, replicates=4000)
    assert (table.sum(axis=1) == 1).all()
    assert not table[:, 0].any()
    # Chi-square with 3 degrees of freedom: above 16.3 in one of 1,000 seeds; the seed is fixed.
    assert ((table[:, 1:].sum(axis=0) - 1000) ** 2 / 1000).sum() < 16.3


def test_random_leaders_are_drawn_among_the_eligible_roles_only():
    network = network_of([], 6, roles=["firm", "manager", "firm", "manager", "manager", "nurse"])
    choice = leader_choice(network, position="random", count=2, roles=["manager", "nurse"])
    assert choice == LeaderChoice((), 2, (1, 3, 4, 5), Purpose.LEADERS)
    table = leader_table(choice, network, seed=1, world=0, replicates=200)
    assert (table.sum(axis=1) == 2).all()
    assert table.any(axis=0).tolist() == [False, True, False, True, True, True]
    assert choice.tied == ""


def test_roles_restrict_who_leads_but_not_whose_ties_count():
    network = network_of(["ab", "ac", "bc", "cd", "ce", "cf"], 6, roles=["x", "x", "y", "y", "y", "y"])
    assert led(leader_choice(network, position="out_degree", count=1, roles=["x"]), network) == ["a"]


def test_named_leaders_set_aside_position_count_and_roles():
    choice = leader_choice(STAR, position="no such", agents=["c", "a"], count=99, roles=["no such"])
    assert choice == LeaderChoice((0, 2))


@pytest.mark.parametrize("rule", [{"agents": []}, {"position": "random", "count": 0}, {"position": "degree"}, {}])
def test_an_arm_may_have_no_leaders(rule):
    choice = leader_choice(STAR, **rule)
    assert (choice.count, choice.is_fixed) == (0, True)
    assert not leader_words(choice, STAR, seed=1, world=0, block=0).any()


def test_every_replicate_has_the_fixed_leaders():
    table = leader_table(LeaderChoice((1, 3)), STAR, seed=1, world=0, replicates=70)
    assert table.shape == (70, 5)
    assert (table == [False, True, False, True, False]).all()


@given(networks(), st.sampled_from([*SCORED, "random"]), st.data())
def test_words_and_table_agree_with_the_smallest_keyed_numbers(network, position, data):
    count = data.draw(st.integers(0, network.size))
    choice = leader_choice(network, position=position, count=count)
    table = leader_table(choice, network, seed=7, world=2, replicates=130)
    assert choice.count == count
    assert (table.sum(axis=1) == count).all()
    for replicate in (0, 63, 64, 129):
        drawn = numbers(7, 2, choice.purpose, entity_keys(network.ids), replicate // 64)[:, replicate % 64]
        winners = sorted(choice.among, key=lambda agent: (drawn[agent], network.ids[agent]))[: choice.places]
        assert np.flatnonzero(table[replicate]).tolist() == sorted([*choice.fixed, *winners])
        word = leader_words(choice, network, seed=7, world=2, block=replicate // 64)
        assert ((word >> np.uint64(replicate % 64)) & np.uint64(1)).astype(bool).tolist() == table[replicate].tolist()


def test_equal_numbers_go_by_the_order_of_ids():
    drawn = np.full((5, 64), 2**32 - 1, dtype=np.uint32)
    drawn[3] = 0
    assert (_smallest(drawn, 2) > 0).tolist() == [True, False, False, True, False]


def test_leaders_do_not_depend_on_how_many_replicates_are_run():
    choice = leader_choice(EMPTY, position="random", count=3)
    long = leader_table(choice, EMPTY, seed=1, world=0, replicates=200)
    assert (leader_table(choice, EMPTY, seed=1, world=0, replicates=65) == long[:65]).all()
    assert (leader_table(choice, EMPTY, seed=2, world=0, replicates=200) != long).any()
    assert (leader_table(choice, EMPTY, seed=1, world=1, replicates=200) != long).any()


def test_one_more_random_leader_replaces_nobody():
    tables = [
        leader_table(leader_choice(EMPTY, position="random", count=count), EMPTY, seed=1, world=0, replicates=100)
        for count in range(11)
    ]
    assert all((fewer <= more).all() for fewer, more in pairwise(tables))


def test_dropping_an_agent_who_does_not_lead_changes_no_leader():
    fewer = network_of([], 9)
    with_all, without = (
        leader_table(leader_choice(network, position="random", count=2), network, seed=1, world=0, replicates=200)
        for network in (EMPTY, fewer)
    )
    others = ~with_all[:, 9]
    assert others.sum() > 100
    assert (with_all[others, :9] == without[others]).all()


@given(networks(), st.sampled_from(HELD), st.data())
def test_the_order_of_rows_changes_no_leader(network, position, data):
    agents = data.draw(st.permutations(range(network.size)))
    ties = data.draw(st.permutations(range(network.tie_count)))
    shuffled = Network.from_tables(
        name="shuffled",
        ids=[network.ids[agent] for agent in agents],
        roles=[network.roles[agent] for agent in agents],
        source=[network.ids[network.source[tie]] for tie in ties],
        target=[network.ids[network.target[tie]] for tie in ties],
        strength=[network.strength[tie] for tie in ties],
        layer=[network.layers[network.layer[tie]] for tie in ties],
    )
    count = data.draw(st.integers(0, network.size))
    first, second = (
        leader_choice(either, position=position, count=count, traits=TRAITS) for either in (network, shuffled)
    )
    assert first == second
    assert LeaderChoice.from_json(json.loads(json.dumps(first.as_json()))) == first
    assert (
        leader_table(first, network, seed=1, world=0, replicates=64)
        == leader_table(second, shuffled, seed=1, world=0, replicates=64)
    ).all()


@given(networks(), st.sampled_from([name for name in SCORED if name not in BY_IDS]), st.data())
def test_relabelled_agents_keep_their_places(network, position, data):
    places = data.draw(st.permutations(range(network.size)))
    relabelled = Network.from_tables(
        name="relabelled",
        ids=[f"q{place}" for place in range(network.size)],
        roles=[network.roles[places.index(place)] for place in range(network.size)],
        source=[f"q{places[agent]}" for agent in network.source.tolist()],
        target=[f"q{places[agent]}" for agent in network.target.tolist()],
        strength=network.strength,
        layer=[network.layers[layer] for layer in network.layer],
    )
    count = data.draw(st.integers(0, network.size))
    first, second = (leader_choice(either, position=position, count=count) for either in (network, relabelled))
    assert {places[agent] for agent in first.fixed} == set(second.fixed)
    assert {places[agent] for agent in first.among} == set(second.among)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (
            {"position": "out_degre", "count": 1},
            'unknown position "out_degre"; did you mean "out_degree"? (known: random,',
        ),
        ({"count": 2}, "2 leaders asked for, but neither a position nor agents are given"),
        ({"position": "random", "count": -1}, "the number of leaders must be 0 or more, not -1"),
        ({"position": "random", "count": 9}, "asks for 9 leaders, but only 5 agents are in made"),
        (
            {"position": "degree", "count": 9, "roles": ["manager"]},
            "asks for 9 leaders, but only 4 agents in made have the role manager",
        ),
        (
            {"position": "degree", "count": 2, "roles": ["firm"]},
            "asks for 2 leaders, but only 1 agent in made has the role firm",
        ),
        (
            {"position": "degree", "count": 1, "roles": ["manger"]},
            'no agent of made has the role "manger"; did you mean "manager"? (known: firm, manager)',
        ),
        ({"position": "degree", "count": 1, "roles": []}, "no role is eligible: name at least one role"),
        ({"agents": ["a", "M014"]}, 'leader "M014" is no agent of made; did you mean "M041"?'),
        ({"agents": ["a", "b", "a"]}, 'leader "a" is named 2 times; name every leader once'),
    ],
)
def test_a_rule_that_cannot_be_met_is_refused_in_plain_words(rule, problem):
    network = Network.from_tables(
        name="made", ids=["a", "b", "c", "d", "M041"], roles=["manager"] * 4 + ["firm"], source=["a"], target=["b"]
    )
    with pytest.raises(InputError) as refused:
        leader_choice(network, **rule)
    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].startswith(problem)


def test_all_problems_of_a_rule_are_told_at_once():
    with pytest.raises(InputError) as refused:
        leader_choice(STAR, agents=["x", "y", "a", "a"])
    assert len(refused.value.problems) == 3
    with pytest.raises(InputError) as refused:
        leader_choice(STAR, position="hub", count=-1, roles=["nobody"])
    assert len(refused.value.problems) == 3


def test_every_position_has_a_name_and_a_sentence():
    for name, position in POSITIONS.items():
        assert name == position.name
        assert position.literature
        assert position.sentence


@needs_real_networks
def test_three_leaders_can_be_chosen_by_every_position_in_a_real_network():
    network = dhhs_tobacco_leaders()
    for position in [*HELD, "one_per_organisation"]:
        choice = leader_choice(network, position=position, count=3, traits=TRAITS)
        table = leader_table(choice, network, seed=1, world=0, replicates=64)
        assert (table.sum(axis=1) == 3).all()
