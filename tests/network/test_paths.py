"""Distances of all pairs against networkx, with agents and lines taken out, and sums at a distance."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import rustworkx
from generated import networks
from graphs import network_of, path
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.network import paths
from diffusion.network.paths import ball_sums, paths_through, reach


def graph_of(network):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.size))
    graph.add_edges_from(zip(network.source.tolist(), network.target.tolist(), strict=True))
    return graph


def assert_reach(found, graph, size):
    distances = dict(nx.all_pairs_shortest_path_length(graph))
    for agent in range(size):
        steps = [steps for steps in distances.get(agent, {}).values() if steps]
        assert (found.others[agent], found.total[agent]) == (len(steps), sum(steps))
        assert found.inverse[agent] == pytest.approx(sum(1 / step for step in steps))
    everybody = [steps for row in distances.values() for steps in row.values() if steps]
    assert found.pairs.tolist() == [everybody.count(steps) for steps in range(size + 1)]
    assert found.inverse_sum == pytest.approx(sum(1 / steps for steps in everybody))


@settings(max_examples=25)
@given(networks(), st.data())
def test_everybody_reaches_as_far_as_shortest_paths_go(network, data):
    gone = data.draw(st.sets(st.integers(0, network.size - 1)))
    removed = np.isin(np.arange(network.size), list(gone))
    graph = graph_of(network)
    assert_reach(reach(network), graph, network.size)
    graph.remove_nodes_from(gone)
    assert_reach(reach(network, removed=removed), graph, network.size)


@given(networks(), st.data())
def test_a_line_that_is_taken_out_carries_in_neither_direction(network, data):
    first, second = (data.draw(st.integers(0, network.size - 1)) for _ in range(2))
    graph = graph_of(network)
    graph.remove_edges_from([(first, second), (second, first)])
    assert_reach(reach(network, line=(first, second)), graph, network.size)


def test_more_agents_than_fit_a_word_reach_as_far():
    graph = nx.gnp_random_graph(150, 0.02, seed=5, directed=True)
    assert_reach(reach(network_of(150, list(graph.edges))), graph, 150)
    assert reach(path(130)).total[0] == 129 * 130 / 2


def test_many_agents_are_searched_in_parts_and_the_sums_are_those_of_the_whole(monkeypatch):
    graph = nx.gnp_random_graph(300, 0.02, seed=8, directed=True)
    network, again = (network_of(300, list(graph.edges)) for _ in range(2))
    whole, through = reach(network), paths_through(network.out_alters)
    monkeypatch.setattr(paths, "MANY_AGENTS", 100)
    monkeypatch.setattr(paths, "PARTS", 3)
    parts = reach(again)
    assert (parts.others == whole.others).all()
    assert (parts.total == whole.total).all()
    assert (parts.pairs == whole.pairs).all()
    np.testing.assert_allclose(parts.inverse, whole.inverse, rtol=1e-12)
    np.testing.assert_allclose(paths_through(again.out_alters), through, rtol=1e-12)
    assert (paths_through(again.out_alters) == paths_through(again.out_alters)).all()


def test_paths_through_agents_are_those_of_both_libraries():
    graph = nx.gnp_random_graph(90, 0.05, seed=4, directed=True)
    found = paths_through(network_of(90, list(graph.edges)).out_alters)
    theirs = nx.betweenness_centrality(graph, normalized=False)
    np.testing.assert_allclose(found, [theirs[agent] for agent in range(90)], rtol=1e-9, atol=1e-12)
    other = rustworkx.PyDiGraph()
    other.add_nodes_from(range(90))
    other.add_edges_from_no_data(list(graph.edges))
    scores = rustworkx.digraph_betweenness_centrality(other, normalized=False)
    np.testing.assert_allclose(found, [scores[agent] for agent in range(90)], rtol=1e-9, atol=1e-12)


@settings(max_examples=25)
@given(networks(), st.integers(0, 3), st.data())
def test_sums_at_a_distance_leave_out_who_is_not_there(network, radius, data):
    active = np.array([data.draw(st.booleans()) for _ in range(network.size)])
    values = np.arange(network.size, dtype=np.float64) ** 2
    graph = graph_of(network).to_undirected().subgraph(np.flatnonzero(active).tolist())
    found = ball_sums(network.alters, values, radius, active)
    for agent in range(network.size):
        steps = nx.single_source_shortest_path_length(graph, agent) if active[agent] else {}
        assert found[agent] == sum(values[other] for other, distance in steps.items() if distance == radius)
