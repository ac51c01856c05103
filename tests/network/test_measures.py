"""Measures against published values, against networkx, and under relabelling."""

from __future__ import annotations

import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from generated import networks
from hypothesis import given
from hypothesis import strategies as st
from real_networks import brazilian_farmers, dhhs_tobacco_leaders, indiana_tobacco_control, needs_real_networks

from diffusion.network import measures
from diffusion.network.network import Network

AGENT_MEASURES = (
    measures.out_degree,
    measures.in_degree,
    measures.degree,
    measures.closeness,
    measures.harmonic_closeness,
    measures.betweenness,
    measures.eigenvector,
    measures.pagerank,
    measures.constraint,
    measures.effective_size,
    measures.coreness,
)


def network_of(size: int, ties: list[tuple[int, int]], *, both_ways: bool = False) -> Network:
    """Build a network whose agents' indices are the numbers in the ties."""
    ties = ties + [(target, source) for source, target in ties] if both_ways else ties
    return Network.from_tables(
        name="made",
        ids=[f"{agent:05}" for agent in range(size)],
        source=[f"{source:05}" for source, _ in ties],
        target=[f"{target:05}" for _, target in ties],
    )


def as_networkx(network: Network) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.size))
    graph.add_edges_from(zip(network.source.tolist(), network.target.tolist(), strict=True))
    return graph


def values_of(scores: dict[int, float], size: int) -> list[float]:
    return [scores[agent] for agent in range(size)]


KITE = network_of(10, list(nx.krackhardt_kite_graph().edges), both_ways=True)
STAR = network_of(6, [(0, leaf) for leaf in range(1, 6)])


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (
            measures.constraint,
            [0.5412, 0.5412, 0.6641, 0.4702, 0.6641, 0.4451, 0.4451, 0.4311, 0.5, 1],
        ),
        (measures.effective_size, [2, 2, 1, 3.3333, 1, 3, 3, 2.3333, 2, 1]),
        (measures.degree, [4, 4, 3, 6, 3, 5, 5, 3, 2, 1]),
        (measures.coreness, [3, 3, 3, 3, 3, 3, 3, 2, 1, 1]),
    ],
)
def test_the_kite_has_its_published_values(measure, expected):
    np.testing.assert_allclose(measure(KITE), expected, atol=5e-5)


@pytest.mark.parametrize(
    ("measure", "agents", "highest"),
    [
        (measures.degree, [3], 6),
        (measures.betweenness, [7], 0.3889),
        (measures.closeness, [5, 6], 0.6429),
        (measures.harmonic_closeness, [3], 7.0833),
    ],
)
def test_the_kite_is_led_by_the_published_agents(measure, agents, highest):
    scores = measure(KITE)
    assert np.flatnonzero(np.isclose(scores, scores.max(), rtol=1e-9, atol=0)).tolist() == agents
    assert scores.max() == pytest.approx(highest, abs=5e-5)


def test_the_centre_of_a_star_is_the_source_and_its_leaves_are_the_learners():
    assert measures.out_degree(STAR).tolist() == [5, 0, 0, 0, 0, 0]
    assert measures.in_degree(STAR).tolist() == [0, 1, 1, 1, 1, 1]
    assert measures.closeness(STAR).tolist() == [1, 0, 0, 0, 0, 0]
    assert measures.harmonic_closeness(STAR).tolist() == [5, 0, 0, 0, 0, 0]
    assert measures.pagerank(STAR).argmax() == 0
    turned = network_of(6, [(leaf, 0) for leaf in range(1, 6)])
    assert measures.out_degree(turned).tolist() == [0, 1, 1, 1, 1, 1]
    assert measures.pagerank(turned).argmin() == 0


def test_alters_are_counted_once_over_layers_and_directions():
    network = Network.from_tables(
        name="layered", ids=["a", "b"], source=["a", "a", "b"], target=["b", "b", "a"], layer=["x", "y", "x"]
    )
    assert measures.out_degree(network).tolist() == [1, 1]
    assert measures.degree(network).tolist() == [1, 1]
    assert (measures.density(network), measures.reciprocity(network)) == (1, 1)


@given(networks())
def test_path_measures_are_networkx_s_on_the_reversed_network(network):
    graph = as_networkx(network)
    backward = graph.reverse()
    for found, expected in (
        (measures.closeness(network), nx.closeness_centrality(backward, wf_improved=True)),
        (measures.harmonic_closeness(network), nx.harmonic_centrality(backward)),
        (measures.betweenness(network), nx.betweenness_centrality(graph)),
        (measures.pagerank(network), nx.pagerank(backward, alpha=measures.DAMPING, tol=1e-14, max_iter=10_000)),
    ):
        np.testing.assert_allclose(found, values_of(expected, network.size), rtol=1e-9, atol=1e-12)


def effective_size_by_definition(graph: nx.DiGraph) -> np.ndarray:
    """Return Burt's effective size; networkx divides columns, not rows, by the largest where ties go one way."""
    mutual = nx.to_numpy_array(graph, nodelist=range(len(graph)))
    mutual = mutual + mutual.T
    with np.errstate(invalid="ignore"):
        shares = mutual / mutual.sum(axis=1, keepdims=True)
        marginal = mutual / mutual.max(axis=1, initial=0, keepdims=True)
    redundant = np.nan_to_num(shares) @ np.nan_to_num(marginal).T
    return np.where(mutual.any(axis=1), ((mutual > 0) * (1 - redundant)).sum(axis=1), np.nan)


@given(networks())
def test_measures_of_structural_holes_and_cores_are_those_of_their_definitions(network):
    graph = as_networkx(network)
    tied = np.flatnonzero(network.alters.degrees > 0).tolist()
    expected = np.full(network.size, np.nan)
    if tied:
        expected[tied] = [score for _, score in sorted(nx.constraint(graph.subgraph(tied)).items())]
    np.testing.assert_allclose(measures.constraint(network), expected, rtol=1e-9)
    np.testing.assert_allclose(measures.effective_size(network), effective_size_by_definition(graph), rtol=1e-9)
    assert measures.coreness(network).tolist() == values_of(nx.core_number(graph.to_undirected()), network.size)


@given(networks())
def test_effective_size_counts_alters_less_ties_among_them_where_ties_go_both_ways(network):
    union = as_networkx(network).to_undirected()
    both = network_of(network.size, list(union.edges), both_ways=True)
    np.testing.assert_allclose(
        measures.effective_size(both), values_of(nx.effective_size(union, nodes=union), network.size), rtol=1e-9
    )


@given(networks())
def test_whole_network_measures_are_networkx_s(network):
    graph = as_networkx(network)
    union = graph.to_undirected()
    pieces = sorted((len(piece) for piece in nx.weakly_connected_components(graph)), reverse=True)
    assert measures.component_sizes(network).tolist() == pieces
    if network.size > 1:
        assert measures.density(network) == pytest.approx(nx.density(graph))
    if network.tie_count:
        assert measures.reciprocity(network) == pytest.approx(nx.overall_reciprocity(graph))
    if max(dict(union.degree).values()) > 1:
        assert measures.transitivity(network) == pytest.approx(nx.transitivity(union))
    else:
        assert np.isnan(measures.transitivity(network))


@given(networks())
def test_an_eigenvector_score_is_in_proportion_to_those_of_the_learners(network):
    scores = measures.eigenvector(network)
    graph = as_networkx(network)
    assert (scores >= 0).all()
    if nx.is_directed_acyclic_graph(graph):
        assert not scores.any()
    if network.size > 1 and nx.is_strongly_connected(graph):
        matrix = nx.to_numpy_array(graph, nodelist=range(network.size))
        largest = np.abs(np.linalg.eigvals(matrix)).max()
        np.testing.assert_allclose(matrix @ scores, largest * scores, atol=1e-9)
        assert np.linalg.norm(scores) == pytest.approx(1)


def test_the_eigenvector_follows_outgoing_ties():
    # 0 and 1 teach each other; 2 teaches 0; 3 learns from 0.
    scores = measures.eigenvector(network_of(4, [(0, 1), (1, 0), (2, 0), (0, 3)]))
    np.testing.assert_allclose(scores, np.array([1, 1, 1, 0]) / np.sqrt(3))


def test_in_a_network_in_pieces_the_piece_with_the_largest_eigenvalue_takes_all():
    triangle_and_pair = network_of(6, [(0, 1), (1, 2), (2, 0), (3, 4)], both_ways=True)
    np.testing.assert_allclose(measures.eigenvector(triangle_and_pair), np.array([1, 1, 1, 0, 0, 0]) / np.sqrt(3))
    equal_pairs = network_of(4, [(0, 1), (2, 3)], both_ways=True)
    np.testing.assert_allclose(measures.eigenvector(equal_pairs), [0.5, 0.5, 0.5, 0.5])


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_network_without_ties_has_scores_and_raises_nothing(size):
    network = network_of(size, [])
    for measure in AGENT_MEASURES:
        assert measure(network).shape == (size,)
    assert measures.betweenness(network).tolist() == [0] * size
    assert measures.component_sizes(network).tolist() == [1] * size
    assert np.isnan(measures.reciprocity(network))
    assert np.isnan(measures.transitivity(network))
    assert np.isnan(measures.ei_index(network, ["x"] * size))
    assert measures.density(network) == 0 or size < 2


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_score(network, randomness):
    agents = list(range(network.size))
    ties = list(range(network.tie_count))
    randomness.shuffle(agents)
    randomness.shuffle(ties)
    shuffled = Network.from_tables(
        name="shuffled",
        ids=[network.ids[agent] for agent in agents],
        source=[network.ids[network.source[tie]] for tie in ties],
        target=[network.ids[network.target[tie]] for tie in ties],
        layer=[network.layers[network.layer[tie]] for tie in ties],
    )
    for measure in AGENT_MEASURES:
        np.testing.assert_array_equal(measure(shuffled), measure(network))


@given(networks(), st.randoms(use_true_random=False))
def test_relabelled_agents_keep_their_scores(network, randomness):
    places = list(range(network.size))
    randomness.shuffle(places)
    relabelled = network_of(
        network.size,
        [(places[source], places[target]) for source, target in zip(network.source, network.target, strict=True)],
    )
    for measure in AGENT_MEASURES:
        np.testing.assert_allclose(measure(relabelled)[places], measure(network), rtol=1e-9, atol=0)


def test_more_agents_than_are_handled_at_once_get_the_same_scores():
    graph = nx.gnp_random_graph(600, 0.01, seed=3, directed=True)
    network = network_of(600, list(graph.edges))
    expected = nx.closeness_centrality(graph.reverse())
    np.testing.assert_allclose(measures.closeness(network), values_of(expected, 600), rtol=1e-9)
    np.testing.assert_allclose(measures.constraint(network), values_of(nx.constraint(graph), 600), rtol=1e-9)
    np.testing.assert_allclose(measures.effective_size(network), effective_size_by_definition(graph), rtol=1e-9)


def test_scores_are_the_same_to_the_last_bit_in_every_process():
    program = """
import hashlib
import networkx as nx
from diffusion.network import measures as m
from diffusion.network.network import Network
ties = [(str(a), str(b)) for a, b in nx.gnp_random_graph(150, 0.04, seed=1, directed=True).edges]
ids = [str(agent) for agent in range(150)]
network = Network.from_tables(name="n", ids=ids, source=[a for a, _ in ties], target=[b for _, b in ties])
scores = [f(network).tobytes() for f in (m.betweenness, m.closeness, m.eigenvector, m.pagerank, m.constraint)]
print(hashlib.sha256(b"".join(scores)).hexdigest())
"""
    digests = {
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(3)
    }
    assert len(digests) == 1


def test_the_ei_index_leaves_out_agents_of_no_group():
    network = network_of(4, [(0, 1), (0, 2), (2, 3)])
    assert measures.ei_index(network, ["a", "a", "b", "b"]) == pytest.approx(-1 / 3)
    assert measures.ei_index(network, ["a", "a", "b", ""]) == 0
    assert measures.ei_index(network, ["a", "b", "c", "d"]) == 1


@needs_real_networks
def test_the_farmers_network_is_built_as_its_survey_says():
    network, not_interviewed = brazilian_farmers()
    assert (network.size, network.tie_count) == (692, 1854)
    assert (network.self_ties, not_interviewed, network.repeats) == (66, 1, 1006)


@needs_real_networks
@pytest.mark.parametrize(
    ("level", "density", "transitivity", "ei_index"),
    [
        (1, 0.312, 0.547, 0.23),
        (2, 0.198, None, 0.085),
        (3, 0.121, 0.41, -0.13),
        (4, 0.055, None, -0.44),
    ],
)
def test_the_tobacco_leaders_have_their_published_cohesion(level, density, transitivity, ei_index):
    network = dhhs_tobacco_leaders(level)
    assert measures.density(network) == pytest.approx(density, abs=5e-4)
    assert measures.ei_index(network, network.roles) == pytest.approx(ei_index, abs=5e-3)
    if transitivity is not None:
        assert measures.transitivity(network) == pytest.approx(transitivity, abs=5e-3)


@needs_real_networks
@pytest.mark.parametrize(
    ("relation", "density"), [("contact", 0.583), ("collaboration", 0.537), ("dissemination", 0.343)]
)
def test_the_tobacco_programme_has_its_published_densities(relation, density):
    assert measures.density(indiana_tobacco_control(relation)) == pytest.approx(density, abs=5e-4)
