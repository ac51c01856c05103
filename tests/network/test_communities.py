"""Communities: the known best divisions, networkx's as a floor, connected, and the same in any order of rows."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from generated import networks
from graphs import network_of, undirected
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.network.communities import communities, modularity
from diffusion.network.network import Network


def parts_of(labels):
    return [set(np.flatnonzero(labels == label).tolist()) for label in range(labels.max() + 1)]


def partitions(agents):
    """Every division of a list."""
    if not agents:
        yield []
        return
    first, *rest = agents
    for division in partitions(rest):
        yield [[first], *division]
        for place in range(len(division)):
            yield [*division[:place], [first, *division[place]], *division[place + 1 :]]


def test_the_karate_club_is_divided_as_well_as_it_can_be():
    # The optimum was proved by Brandes et al. 2008, doi 10.1109/TKDE.2007.190689.
    network = undirected(nx.karate_club_graph())
    assert modularity(network, communities(network)) == pytest.approx(0.41979, abs=5e-6)
    assert communities(network).max() == 3


def test_planted_groups_are_found():
    network = undirected(nx.planted_partition_graph(5, 20, 0.6, 0.02, seed=4))
    found = parts_of(communities(network))
    assert sorted(map(min, found)) == [0, 20, 40, 60, 80]
    assert {len(part) for part in found} == {20}


@pytest.mark.parametrize("seed", range(6))
def test_no_division_is_worse_than_that_of_louvain(seed):
    graph = nx.gnp_random_graph(120, 0.05, seed=seed)
    network = undirected(graph)
    labels = communities(network)
    louvain = nx.community.louvain_communities(graph, seed=seed)
    assert modularity(network, labels) == pytest.approx(nx.community.modularity(graph, parts_of(labels)))
    assert modularity(network, labels) > nx.community.modularity(graph, louvain) - 0.002


@pytest.mark.parametrize("seed", range(8))
def test_small_networks_are_divided_as_well_as_any_division_does(seed):
    graph = nx.gnp_random_graph(8, 0.35, seed=seed)
    network = undirected(graph)
    best = max(nx.community.modularity(graph, division) for division in partitions(list(graph)))
    assert modularity(network, communities(network)) == pytest.approx(best)


@settings(max_examples=25)
@given(networks())
def test_communities_are_connected_and_numbered_by_size(network):
    labels = communities(network)
    graph = nx.Graph()
    graph.add_nodes_from(range(network.size))
    graph.add_edges_from(zip(network.source.tolist(), network.target.tolist(), strict=True))
    parts = parts_of(labels)
    assert all(nx.is_connected(graph.subgraph(part)) for part in parts)
    assert all(len(first) >= len(second) for first, second in pairwise(parts))


@settings(max_examples=25)
@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_community(network, randomness):
    agents, ties = list(range(network.size)), list(range(network.tie_count))
    randomness.shuffle(agents)
    randomness.shuffle(ties)
    shuffled = Network.from_tables(
        name="shuffled",
        ids=[network.ids[agent] for agent in agents],
        source=[network.ids[network.source[tie]] for tie in ties],
        target=[network.ids[network.target[tie]] for tie in ties],
    )
    assert communities(shuffled).tolist() == communities(network).tolist()


def test_agents_without_ties_are_communities_of_one():
    assert communities(network_of(3, [])).tolist() == [0, 1, 2]
    assert np.isnan(modularity(network_of(3, []), np.zeros(3, dtype=np.int64)))
    assert communities(network_of(0, [])).tolist() == []
    assert communities(network_of(4, [(2, 3)])).tolist() == [1, 2, 0, 0]
