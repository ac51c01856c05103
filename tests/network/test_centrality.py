"""Strength, walks and the core: against networkx, rustworkx, matrices and all possible cores."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
import rustworkx
from generated import networks
from graphs import complete, cycle, directed_cycle, network_of, path, random_network, star, undirected
from hypothesis import given, settings
from hypothesis import strategies as st
from real_networks import brazilian_farmers, needs_real_networks

from diffusion.network import centrality, measures


def matrix_of(network):
    matrix = np.zeros((network.size, network.size))
    matrix[network.source, network.target] = 1
    return matrix


def test_strength_adds_up_over_layers():
    network = random_network(12, 40, seed=1)
    expected = np.zeros(12)
    np.add.at(expected, network.source, network.strength)
    np.testing.assert_allclose(centrality.strength(network), expected)
    assert (centrality.strength(network) != measures.out_degree(network)).any()


@given(networks())
def test_the_largest_eigenvalue_is_that_of_the_matrix(network):
    expected = np.abs(np.linalg.eigvals(matrix_of(network))).max()
    is_acyclic = not np.trace(np.linalg.matrix_power(matrix_of(network) + np.eye(network.size), 30)) > network.size
    assert centrality.largest_eigenvalue(network) == pytest.approx(0 if is_acyclic else expected, rel=1e-6)


@pytest.mark.parametrize(
    ("network", "value"),
    [
        (complete(6), 5),
        (cycle(7), 2),
        (directed_cycle(5), 1),
        (star(5), 2),
        (path(4), (1 + 5**0.5) / 2),
        (network_of(3, [(0, 1), (1, 2)]), 0),
        (network_of(2, []), 0),
    ],
)
def test_known_networks_have_their_known_eigenvalue(network, value):
    assert centrality.largest_eigenvalue(network) == pytest.approx(value, abs=1e-9)


@given(networks(), st.sampled_from([0.1, 0.5, 0.9]))
def test_katz_counts_walks_as_the_inverse_of_the_matrix_does(network, attenuation):
    passed = attenuation / max(centrality.largest_eigenvalue(network), 1)
    ones = np.ones(network.size)
    expected = np.linalg.solve(np.eye(network.size) - passed * matrix_of(network), ones) - ones
    np.testing.assert_allclose(centrality.katz(network, attenuation), expected, rtol=1e-8, atol=1e-9)


def test_katz_is_that_of_the_libraries_on_the_reversed_network():
    graph = nx.gnp_random_graph(80, 0.05, seed=2, directed=True)
    network = network_of(80, list(graph.edges))
    alpha = 0.5 / centrality.largest_eigenvalue(network)
    theirs = nx.katz_centrality_numpy(graph.reverse(), alpha=alpha, normalized=False)
    np.testing.assert_allclose(centrality.katz(network), [theirs[agent] - 1 for agent in range(80)], rtol=1e-8)
    turned = rustworkx.PyDiGraph()
    turned.add_nodes_from(range(80))
    turned.add_edges_from([(b, a, 1.0) for a, b in graph.edges])
    other = rustworkx.katz_centrality(turned, alpha=alpha, weight_fn=float, tol=1e-12)
    scores = np.array([other[agent] for agent in range(80)])
    np.testing.assert_allclose(
        (centrality.katz(network) + 1) / np.linalg.norm(centrality.katz(network) + 1), scores, rtol=1e-6
    )


@given(networks(), st.sampled_from([0.1, 0.5, 1.0]), st.integers(1, 6))
def test_diffusion_centrality_is_the_sum_of_powers_of_the_matrix(network, probability, rounds):
    passed = probability * matrix_of(network)
    expected = np.sum([np.linalg.matrix_power(passed, t).sum(axis=1) for t in range(1, rounds + 1)], axis=0)
    np.testing.assert_allclose(centrality.diffusion_centrality(network, probability, rounds), expected, rtol=1e-9)


def test_diffusion_centrality_goes_from_degree_to_the_eigenvector():
    network = undirected(nx.krackhardt_kite_graph())
    once = centrality.diffusion_centrality(network, rounds=1)
    np.testing.assert_allclose(once * centrality.largest_eigenvalue(network), measures.out_degree(network))
    long = centrality.diffusion_centrality(network, rounds=1000)
    np.testing.assert_allclose(long / np.linalg.norm(long), measures.eigenvector(network), rtol=0.02)


def misfits(network, core):
    tied = {tuple(sorted(pair)) for pair in zip(network.source.tolist(), network.target.tolist(), strict=True)}
    pairs = combinations(range(network.size), 2)
    return sum(
        (pair not in tied) if set(pair) <= core else pair in tied for pair in pairs if len(set(pair) & core) != 1
    )


@settings(max_examples=25)
@given(networks())
def test_no_other_core_fits_better_but_for_agents_as_well_tied_as_its_last(network):
    core = set(np.flatnonzero(centrality.in_core(network)).tolist())
    degrees = network.alters.degrees
    best = min(
        misfits(network, set(other)) for k in range(network.size + 1) for other in combinations(range(network.size), k)
    )
    least = min((degrees[agent] for agent in core), default=0)
    surely = {agent for agent in core if degrees[agent] > least}
    assert best == min(
        misfits(network, surely | set(some)) for k in range(len(core) + 1) for some in combinations(core - surely, k)
    )


@needs_real_networks
def test_the_farmers_core_and_walks_are_those_of_the_matrix():
    network, _ = brazilian_farmers()
    eigenvalues = np.abs(np.linalg.eigvals(matrix_of(network)))
    assert centrality.largest_eigenvalue(network) == pytest.approx(eigenvalues.max(), rel=1e-6)
    ordered = np.sort(network.alters.degrees)[::-1]
    size = sum(degree >= place for place, degree in enumerate(ordered, start=1))
    assert centrality.in_core(network).sum() == (network.alters.degrees >= ordered[size - 1]).sum()
