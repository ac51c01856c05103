"""What a network is made of: known graphs, published figures, and parts that add up to the whole."""

from __future__ import annotations

import json
import math

import networkx as nx
import pytest
from generated import networks
from graphs import complete, cycle, directed_cycle, network_of, path, star
from hypothesis import given
from real_networks import (
    brazilian_farmers,
    dhhs_tobacco_leaders,
    indiana_tobacco_control,
    needs_real_networks,
)

from diffusion.network import measures
from diffusion.network.composition import centralisation, composition, only_layer
from diffusion.network.network import Network

LINES = Network.from_tables(
    name="lines",
    ids=["a", "b", "c", "d"],
    roles=["x", "x", "y", "y"],
    columns={"organisation": ["o", "o", "p", ""]},
    source=["a", "b", "b", "c", "a"],
    target=["b", "a", "c", "b", "b"],
    layer=["formal", "formal", "formal", "informal", "informal"],
    strength=[1, 1, 0.5, 0.25, 0.75],
)


@given(networks())
def test_the_parts_add_up_to_the_whole_and_nothing_is_nan(network):
    told = composition(network, all_pairs=True)
    json.dumps(told, allow_nan=False)
    assert sum(told["roles"].values()) == told["agents"] == sum(role["agents"] for role in told["by_role"].values())
    assert sum(told["layers"].values()) == told["ties"] == sum(layer["ties"] for layer in told["by_layer"].values())
    assert sum(sum(pair["ties"].values()) for pair in told["role_pairs"]) == told["ties"]
    assert sum(pair["tied_pairs"] for pair in told["role_pairs"]) == len(network.out_alters.indices)
    for groups in filter(None, told["brokerage"].values()):
        for role, pairs in groups["pairs"].items():
            assert pairs == sum(of_role[role] for of_role in groups["by_role"].values())


def test_layers_are_told_apart():
    layers = composition(LINES, all_pairs=True)["by_layer"]
    assert [layers["formal"][key] for key in ("ties", "density", "reciprocity")] == [3, 0.25, 2 / 3]
    assert layers["informal"]["ei_index"] == {"role": 0.0, "organisation": 0.0}
    assert (layers["informal"]["mean_strength"], layers["informal"]["isolates"]) == (0.5, 1)


def test_ties_of_a_pair_of_roles_are_counted_by_layer_and_density_leaves_oneself_out():
    pairs = {(pair["source"], pair["target"]): pair for pair in composition(LINES, all_pairs=True)["role_pairs"]}
    assert pairs["x", "x"] == {
        "source": "x",
        "target": "x",
        "tied_pairs": 2,
        "density": 1.0,
        "ties": {"formal": 2, "informal": 1},
    }
    assert (pairs["x", "y"]["density"], pairs["y", "y"]["density"]) == (0.25, 0.0)


def test_what_is_undefined_is_null():
    told = composition(network_of(1, []), all_pairs=True)
    assert {key for key, value in told.items() if value is None} == {
        "density",
        "reciprocity",
        "transitivity",
        "mean_path_length",
        "reachable_share",
    }
    assert told["centralisation"] == dict.fromkeys(("degree", "out_degree", "in_degree", "betweenness"))
    assert told["brokerage"]["organisation"] is None
    assert told["role_pairs"][0]["density"] is None


def test_what_needs_all_distances_can_be_left_out_and_is_named_then():
    told = composition(star(5), all_pairs=False)
    assert told["not_computed"] == ["mean_path_length", "reachable_share", "betweenness"]
    assert (told["mean_path_length"], told["centralisation"]["betweenness"]) == (None, None)


def test_a_star_is_wholly_centralised_and_a_cycle_not_at_all():
    assert centralisation(star(7), all_pairs=True) == pytest.approx(
        {"degree": 1, "out_degree": 5 / 6, "in_degree": 5 / 6, "betweenness": 1}
    )
    assert set(centralisation(cycle(7), all_pairs=True).values()) == {0.0}
    pointing_out = network_of(6, [(0, leaf) for leaf in range(1, 6)])
    told = centralisation(pointing_out, all_pairs=True)
    assert told["out_degree"] == 1
    assert told["in_degree"] == pytest.approx(1 / 25)


@pytest.mark.parametrize(
    ("network", "length", "share"),
    [
        (path(3), 4 / 3, 1.0),
        (complete(5), 1.0, 1.0),
        (directed_cycle(4), 2.0, 1.0),
        (network_of(4, [(0, 1), (1, 2)]), 4 / 3, 0.25),
    ],
)
def test_mean_path_length_is_over_ordered_pairs_within_reach(network, length, share):
    assert measures.path_lengths(network) == pytest.approx((length, share))


def test_no_pair_within_reach_leaves_the_mean_path_length_undefined():
    length, share = measures.path_lengths(network_of(3, []))
    assert math.isnan(length)
    assert share == 0


@given(networks())
def test_mean_path_length_is_that_of_networkx(network):
    graph = nx.DiGraph(zip(network.source.tolist(), network.target.tolist(), strict=True))
    lengths = [d for _, row in nx.all_pairs_shortest_path_length(graph) for d in row.values() if d]
    length, _ = measures.path_lengths(network)
    assert length == pytest.approx(sum(lengths) / len(lengths)) if lengths else math.isnan(length)


def test_one_layer_keeps_all_agents_and_its_own_ties():
    kept = only_layer(LINES, "informal")
    assert (kept.ids, kept.layers, kept.tie_count) == (LINES.ids, ("informal",), 2)
    assert kept.strength.tolist() == [0.75, 0.25]


@needs_real_networks
@pytest.mark.parametrize(
    ("level", "density", "between"), [(1, 0.312, 0.23), (2, 0.198, 0.085), (3, 0.121, -0.13), (4, 0.055, -0.44)]
)
def test_ties_between_tobacco_leaders_have_their_published_density_and_cross_agencies_less_the_stronger(
    level, density, between
):
    told = composition(dhhs_tobacco_leaders(level), all_pairs=True)
    assert told["density"] == pytest.approx(density, abs=0.0006)
    assert told["ei_index"]["role"] == told["ei_index"]["organisation"] == pytest.approx(between, abs=0.006)


@needs_real_networks
def test_transitivity_and_path_length_of_real_networks_are_the_published_ones():
    whole, formal = (composition(dhhs_tobacco_leaders(level), all_pairs=True) for level in (1, 3))
    assert [round(told["transitivity"], 3) for told in (whole, formal)] == [0.547, pytest.approx(0.41, abs=0.005)]
    assert round(whole["mean_path_length"], 2) == 1.74
    densities = [
        composition(indiana_tobacco_control(relation), all_pairs=False)["density"]
        for relation in ("contact", "collaboration", "dissemination")
    ]
    assert densities == pytest.approx([0.583, 0.537, 0.343], abs=0.0005)


@needs_real_networks
def test_what_was_dropped_from_the_farmers_is_told():
    told = composition(brazilian_farmers()[0], all_pairs=False)
    assert (told["ties"], told["self_ties_dropped"], told["repeats_merged"]) == (1854, 66, 1006)
    assert round(told["reciprocity"], 3) == 0.148
