"""Ties that shorten paths, ties on shortest paths and equivalent positions agree with plain definitions."""

from __future__ import annotations

from itertools import permutations

import networkx as nx
import numpy as np
from generated import networks
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.network.equivalence import equivalent_positions, profile_distances
from diffusion.network.lines import line_betweenness
from diffusion.network.network import Network
from diffusion.network.shortening import shortening_ties


def graph_of(network: Network) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.size))
    graph.add_edges_from(zip(network.source.tolist(), network.target.tolist(), strict=True))
    return graph


def closeness_of_all(graph: nx.DiGraph) -> float:
    """The sum of 1 / distance over ordered pairs."""
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    return float(sum(1 / length for ends in lengths.values() for length in ends.values() if length))


def greedily(network: Network, pairs: list[tuple[int, int]], count: int, *, both_ways: bool) -> list[int]:
    graph, chosen = graph_of(network), []
    for _ in range(min(count, len(pairs))):
        sums = []
        for place, (a, b) in enumerate(pairs):
            more = graph.copy()
            more.add_edges_from([(a, b), (b, a)] if both_ways else [(a, b)])
            sums.append(-1.0 if place in chosen else round(closeness_of_all(more), 7))
        chosen.append(int(np.argmax(sums)))
        a, b = pairs[chosen[-1]]
        graph.add_edges_from([(a, b), (b, a)] if both_ways else [(a, b)])
    return chosen


@settings(max_examples=40)
@given(networks(), st.integers(1, 3), st.booleans())
def test_shortening_ties_are_those_that_trying_every_tie_finds(network: Network, count: int, both_ways: bool) -> None:  # noqa: FBT001
    graph = graph_of(network)
    pairs = [(a, b) for a, b in permutations(range(network.size), 2) if not graph.has_edge(a, b)]
    if both_ways:
        pairs = [(a, b) for a, b in pairs if a < b and not graph.has_edge(b, a)]
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    found = shortening_ties(network, ends[:, 0].copy(), ends[:, 1].copy(), count, both_ways=both_ways)
    assert found.tolist() == greedily(network, pairs, count, both_ways=both_ways)


def test_of_a_path_the_tie_from_its_end_to_its_beginning_shortens_most() -> None:
    path = Network.from_tables(name="path", ids="abcd", source="abc", target="bcd")
    first, second = np.array([0, 0, 1, 3]), np.array([2, 3, 3, 0])
    assert shortening_ties(path, first, second, 2, both_ways=False).tolist()[0] == 3


@given(networks(largest=9))
def test_the_betweenness_of_ties_is_that_of_networkx(network: Network) -> None:
    expected = nx.edge_betweenness_centrality(graph_of(network), normalized=False)
    found = line_betweenness(network).toarray()
    assert np.count_nonzero(found) == len(expected)
    assert all(abs(found[edge] - score) < 1e-5 for edge, score in expected.items())


def test_agents_with_the_same_ties_are_at_no_distance() -> None:
    twins = Network.from_tables(name="twins", ids="abcd", source=[*"aabcd"], target=[*"bcaad"])
    apart = profile_distances(twins)
    assert apart[1, 2] == 0
    assert (apart == apart.T).all()
    clique = Network.from_tables(name="clique", ids="abc", source="aabbcc", target="bcacab")
    assert not profile_distances(clique).any()


@given(networks(largest=9))
def test_distances_of_profiles_count_the_ties_that_differ(network: Network) -> None:
    ties = set(zip(network.source.tolist(), network.target.tolist(), strict=True))
    apart = profile_distances(network)
    for one, two in permutations(range(network.size), 2):
        swap = {one: two, two: one}
        mine = {tie for tie in ties if one in tie}
        others = {(swap.get(a, a), swap.get(b, b)) for a, b in ties if two in (a, b)}
        # What two agents send each other is compared crosswise, once as sent and once as received.
        own = {(one, two), (two, one)}
        assert apart[one, two] == len((mine ^ others) - own) + len((mine ^ others) & own)


@given(networks(largest=9), st.integers(1, 4))
def test_positions_are_as_many_as_are_asked_for_at_most_and_hold_equals_together(network: Network, count: int) -> None:
    labels = equivalent_positions(network, count)
    sizes = np.bincount(labels)
    assert len(sizes) <= count
    assert (np.diff(sizes) <= 0).all()
    apart = profile_distances(network)
    assert all(labels[a] == labels[b] for a, b in permutations(range(network.size), 2) if not apart[a, b])
