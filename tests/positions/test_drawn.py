"""Leaders drawn anew in every replicate: exact shares, who is near whom, traits as the model draws them, groups."""

from __future__ import annotations

import numpy as np
import pytest
from generated import networks
from graphs import network_of, path, random_network, star
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.draws import Purpose, entity_keys, numbers, uniforms
from diffusion.errors import InputError
from diffusion.model.parameters import ByRole, Column, Distribution
from diffusion.model.values import quantile
from diffusion.network.network import Network
from diffusion.positions import LeaderChoice, leader_choice, leader_table

BETA = Distribution("beta", (2.0, 8.0))


def table_of(network, replicates=640, seed=3, **rule):
    return leader_table(leader_choice(network, **rule), network, seed=seed, world=0, replicates=replicates)


def assert_shares(table, expected):
    """Check that agents lead as often as they should: within 4.5 standard errors."""
    replicates = len(table)
    expected = np.array(expected)
    error = np.sqrt(expected * (1 - expected) / replicates)
    assert (np.abs(table.mean(axis=0) - expected) <= 4.5 * error + 1e-12).all()


# Over ties.


def test_a_friend_is_a_random_source_of_a_random_agent():
    # 0 and 1 teach 2; 0 teaches 3; nobody teaches 0 and 1, so they name nobody.
    network = network_of(4, [(0, 2), (1, 2), (0, 3)])
    assert_shares(table_of(network, 6400, position="one_hop", count=1), [0.75, 0.25, 0, 0])


def test_friends_lead_in_proportion_to_the_agents_that_may_name_them():
    network = random_network(15, 40, 2)
    named = np.zeros(15)
    for agent in range(15):
        sources = network.in_alters.alters(agent)
        named[sources] += 1 / max(len(sources), 1)
    named /= (network.in_alters.degrees > 0).sum()
    assert_shares(table_of(network, 12_800, position="one_hop", count=1), named)


def test_a_hub_is_found_by_one_hop_and_the_rest_is_filled_at_random():
    assert table_of(star(6), position="one_hop", count=2)[:, 0].all()
    network = network_of(5, [(0, 1), (0, 2)])
    table = table_of(network, position="one_hop", count=3)
    assert (table.sum(axis=1) == 3).all()
    assert table[:, 0].all()


def test_pairs_are_tied_and_an_odd_leader_is_drawn_alone():
    network = network_of(8, [(0, 1), (2, 3), (4, 5), (6, 7)], both_ways=True)
    for row in table_of(network, position="friend_pairs", count=4):
        agents = np.flatnonzero(row).tolist()
        assert agents[0] + 1 == agents[1]
        assert agents[2] + 1 == agents[3]
    odd = table_of(network, position="friend_pairs", count=3)
    assert (odd.sum(axis=1) == 3).all()
    assert_shares(table_of(network, 6400, position="friend_pairs", count=1), [1 / 8] * 8)


def test_clusters_hold_together():
    network = path(12)
    for row in table_of(network, position="clustered", count=4):
        agents = np.flatnonzero(row)
        assert np.ptp(agents) == 3
    centre = table_of(star(8), position="clustered", count=3)
    assert centre[:, 0].all()


def test_a_cluster_goes_on_in_another_piece_where_its_own_is_too_small():
    network = network_of(6, [(0, 1), (2, 3), (4, 5)], both_ways=True)
    for row in table_of(network, position="clustered", count=3):
        assert row.reshape(3, 2).all(axis=1).any()


@settings(max_examples=30)
@given(networks(), st.sampled_from(["one_hop", "friend_pairs", "clustered"]), st.data())
def test_only_the_eligible_lead_and_always_as_many_as_asked_for(network, position, data):
    role = data.draw(st.sampled_from(network.role_names))
    members = np.array(network.roles) == role
    count = data.draw(st.integers(0, int(members.sum())))
    table = table_of(network, 70, position=position, count=count, roles=[role])
    assert (table.sum(axis=1) == count).all()
    assert not table[:, ~members].any()


# Traits.


@pytest.mark.parametrize(
    ("position", "trait", "purpose", "sign"),
    [
        ("low_threshold", "threshold", Purpose.ADOPTION_THRESHOLD, 1),
        ("high_receptivity", "receptivity", Purpose.RECEPTIVITY, -1),
    ],
)
def test_those_lead_whose_drawn_trait_is_lowest_or_highest_in_that_replicate(position, trait, purpose, sign):
    network = random_network(20, 40, 1)
    choice = leader_choice(network, position=position, count=4, traits={trait: BETA})
    table = leader_table(choice, network, seed=9, world=2, replicates=130)
    for replicate in (0, 63, 64, 129):
        u = uniforms(9, 2, purpose, entity_keys(network.ids), replicate // 64)[:, replicate % 64]
        expected = np.argsort(sign * quantile(BETA, u))[:4]
        assert sorted(np.flatnonzero(table[replicate]).tolist()) == sorted(expected.tolist())
    assert (choice.count, choice.is_fixed, choice.tied) == (4, False, "")


def test_equal_values_of_a_trait_are_drawn_among():
    network = Network.from_tables(name="n", ids="abcd", roles=["x", "x", "y", "y"], source="a", target="b")
    value = ByRole((("x", 0.9), ("y", 0.2)))
    low = leader_choice(network, position="low_threshold", count=3, traits={"threshold": value})
    assert (low.fixed, low.tied) == ((2, 3), "1 place among 2 tied")
    mixed = ByRole((("x", Distribution("uniform", (0.5, 1.0))), ("y", 0.2)))
    choice = leader_choice(network, position="low_threshold", count=1, traits={"threshold": mixed})
    table = leader_table(choice, network, seed=1, world=0, replicates=640)
    assert_shares(table, [0, 0, 0.5, 0.5])
    drawn = numbers(1, 0, Purpose.TIE_BREAK, entity_keys(network.ids), 0)[2:, 5]
    assert table[5, 2 + int(drawn.argmin())]


def test_a_trait_from_a_column_is_fixed():
    network = network_of(3, [(0, 1)], columns={"openness": ["0.2", "0.9", "0.5"]})
    choice = leader_choice(network, position="high_receptivity", count=2, traits={"receptivity": Column("openness")})
    assert choice == LeaderChoice((1, 2))


def test_a_position_by_a_trait_that_no_rule_uses_is_refused():
    with pytest.raises(InputError, match=r'the position "low_threshold" reads adoption.threshold, and there is none'):
        leader_choice(path(4), position="low_threshold", count=1)


# Groups.


def test_leaders_from_the_core_and_the_periphery_are_drawn_within():
    network = network_of(8, [(0, 1), (1, 2), (2, 0), (0, 3), (1, 4), (2, 5), (0, 6)], both_ways=True)
    assert leader_choice(network, position="core", count=3).fixed == (0, 1, 2)
    assert leader_choice(network, position="core", count=2) == LeaderChoice((), 2, (0, 1, 2))
    assert leader_choice(network, position="core", count=4) == LeaderChoice((0, 1, 2), 1, (3, 4, 5, 6, 7))
    assert leader_choice(network, position="periphery", count=2) == LeaderChoice((), 2, (3, 4, 5, 6))
    assert leader_choice(network, position="periphery", count=5).fixed == (3, 4, 5, 6, 7)
    assert leader_choice(network, position="periphery", count=6) == LeaderChoice((3, 4, 5, 6, 7), 1, (0, 1, 2))


def test_formal_leaders_are_those_whom_the_column_names():
    flags = {"leader": ["yes", "no", "1", "", "TRUE"], "chair": ["0", "x", "0", "0", "0"]}
    network = network_of(5, [(0, 1)], columns=flags)
    assert leader_choice(network, position="formal_leaders", count=3).fixed == (0, 2, 4)
    assert leader_choice(network, position="formal_leaders", count=2) == LeaderChoice((), 2, (0, 2, 4))
    by_chair = leader_choice(network, position="formal_leaders", count=1, parameters={"column": "chair"})
    assert by_chair.fixed == (1,)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({}, 'the position "formal_leaders" reads the column "leader" (column), and the agents of made have no such'),
        ({"leader": [""] * 3}, 'the position "formal_leaders" reads the column "leader" (column), and it is empty'),
        ({"leader": ["yes", "no", ""]}, 'asks for 2 formal leaders, but the column "leader" of made says yes of 1'),
        ({"leader": ["yes", "maybe", ""]}, 'the position "formal_leaders" needs yes or no (1 or 0, true or false)'),
    ],
)
def test_formal_leaders_that_are_not_there_are_refused(columns, message):
    with pytest.raises(InputError) as refused:
        leader_choice(network_of(3, [(0, 1)], columns=columns), position="formal_leaders", count=2)
    assert refused.value.problems[0].startswith(message)


def test_strata_have_places_in_proportion_to_their_agents():
    roles = ["x"] * 5 + ["y"] * 3 + ["z"] * 2
    network = Network.from_tables(name="n", ids="abcdefghij", roles=roles, source="a", target="b")
    table = table_of(network, 6400, position="stratified", count=5)
    groups = [table[:, :5], table[:, 5:8], table[:, 8:]]
    # 2.5, 1.5 and 1: the half goes to the larger role.
    assert [set(group.sum(axis=1).tolist()) for group in groups] == [{3}, {1}, {1}]
    assert_shares(table, [0.6] * 5 + [1 / 3] * 3 + [0.5] * 2)
    assert leader_choice(network, position="stratified", count=10).fixed == tuple(range(10))
    two = leader_choice(network, position="stratified", count=4, roles=["y", "z"])
    assert (two.fixed, [places for places, _ in two.strata]) == ((), [2, 2]) or (two.fixed, two.places) == ((8, 9), 2)
