"""Bridging, participation and holes between sectors: published figures and the definitions, spelt out."""

from __future__ import annotations

from itertools import permutations

import networkx as nx
import numpy as np
import pytest
from generated import networks
from graphs import network_of, path, star, undirected
from hypothesis import given, settings
from real_networks import dhhs_tobacco_leaders, needs_real_networks

from diffusion.network import bridges
from diffusion.network.brokerage import ROLES
from diffusion.network.communities import communities
from diffusion.network.only_ways import only_ways

KITE = undirected(nx.krackhardt_kite_graph())


def graph_of(network):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.size))
    graph.add_edges_from(zip(network.source.tolist(), network.target.tolist(), strict=True))
    return graph


def test_the_kite_bridges_as_published():
    published = [0.01278, 0.01278, 0.01457, 0.01235, 0.01457, 0.01756, 0.01756, 0.06506, 0.10556, 0.07593]
    np.testing.assert_allclose(bridges.bridging(KITE), published, atol=5e-6)


def cohesion(graph):
    size = len(graph)
    steps = dict(nx.all_pairs_shortest_path_length(graph))
    return sum(1 / d for row in steps.values() for d in row.values() if d) / max(size * (size - 1), 1)


@settings(max_examples=25)
@given(networks())
def test_bridging_is_the_mean_loss_of_cohesion_over_an_agent_s_lines(network):
    graph = graph_of(network)
    for agent, score in enumerate(bridges.bridging(network).tolist()):
        losses = []
        for other in network.alters.alters(agent).tolist():
            less = graph.copy()
            less.remove_edges_from([(agent, other), (other, agent)])
            losses.append(cohesion(graph) - cohesion(less))
        assert score == pytest.approx(np.mean(losses), abs=1e-12) if losses else np.isnan(score)


@settings(max_examples=25)
@given(networks())
def test_participation_is_one_less_the_squared_shares_of_alters_by_community(network):
    labels = communities(network)
    for agent, score in enumerate(bridges.participation(network).tolist()):
        theirs = labels[network.alters.alters(agent)].tolist()
        shares = [theirs.count(label) / len(theirs) for label in set(theirs)]
        assert score == pytest.approx(1 - sum(share**2 for share in shares)) if theirs else np.isnan(score)


def test_whose_alters_are_all_in_one_community_does_not_participate_elsewhere():
    two_cliques = nx.barbell_graph(5, 1)
    scores = bridges.participation(undirected(two_cliques))
    assert scores[[0, 1, 2, 3]].tolist() == [0, 0, 0, 0]
    assert scores.argmax() == 5
    assert scores[5] == pytest.approx(0.5)


@given(networks())
def test_holes_between_sectors_are_brokered_pairs_of_different_groups(network):
    tied = set(zip(network.source.tolist(), network.target.tolist(), strict=True))
    expected = np.zeros(network.size)
    for a, b, c in permutations(range(network.size), 3):
        if (a, b) in tied and (b, c) in tied and (a, c) not in tied and network.roles[a] != network.roles[c]:
            expected[b] += 1
    assert bridges.sector_holes(network, "role").tolist() == expected.tolist()


@given(networks())
def test_an_only_source_is_the_one_source_of_its_learner(network):
    sources = [network.in_alters.alters(agent).tolist() for agent in range(network.size)]
    assert bridges.only_source_of(network).tolist() == [sources.count([agent]) for agent in range(network.size)]


def test_the_neighbour_of_isolates_is_their_only_source():
    assert bridges.only_source_of(star(5)).tolist() == [4, 0, 0, 0, 0]
    assert bridges.only_source_of(path(4)).tolist() == [0, 1, 1, 0]
    assert bridges.only_source_of(network_of(3, [])).tolist() == [0, 0, 0]


@needs_real_networks
@pytest.mark.parametrize(
    ("level", "shares"), [(1, (0.05, 0.02, 0.22, 0.22, 0.49)), (3, (0.18, 0.05, 0.25, 0.25, 0.28))]
)
def test_brokers_between_agencies_hold_their_published_shares(level, shares):
    network = dhhs_tobacco_leaders(level)
    held = np.array([bridges.brokered_pairs(network, role, "organisation").sum() for role in ROLES])
    np.testing.assert_allclose(held / held.sum(), shares, atol=0.0056)


@settings(max_examples=25)
@given(networks())
def test_only_ways_are_the_alters_without_which_nobody_is_a_step_nearer(network):
    steps = dict(nx.all_pairs_shortest_path_length(graph_of(network)))
    for agent, row in enumerate(only_ways(network).tolist()):
        for target, alter in enumerate(row):
            nearer = [
                other
                for other in network.out_alters.alters(agent).tolist()
                if target in steps[agent] and steps[other].get(target) == steps[agent][target] - 1
            ]
            assert alter == (nearer[0] if len(nearer) == 1 else -1)


@settings(max_examples=25)
@given(networks())
def test_bridging_that_counts_only_what_hangs_on_a_line_is_the_same_to_the_last_bit(network):
    found = bridges.bridging(network)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bridges, "MOST_LOOKED_UP", -1)
        np.testing.assert_array_equal(bridges.bridging(network), found)
