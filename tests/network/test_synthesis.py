"""The packaged region: what it is made from, and whether it is what its assumptions say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from diffusion.network.formats import read_network
from diffusion.network.network import Network
from diffusion.network.regions import packaged_folder
from diffusion.network.synthesis import (
    PACKAGED_ASSUMPTIONS,
    PACKAGED_SEED,
    RegionAssumptions,
    synthetic_region,
    write_packaged_region,
)

SEEDS = (PACKAGED_SEED, 1, 4)


def layer_pairs(network: Network, name: str) -> set[tuple[int, int]]:
    rows = network.layer == network.layers.index(name)
    return set(zip(network.source[rows].tolist(), network.target[rows].tolist(), strict=True))


def share_inside(network: Network, pairs: set[tuple[int, int]]) -> float:
    organisation = network.organisation_index
    undirected = {tuple(sorted(pair)) for pair in pairs}
    return float(np.mean([organisation[first] == organisation[second] for first, second in undirected]))


def union_graph(network: Network) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(network.size))
    graph.add_edges_from(zip(network.source.tolist(), network.target.tolist(), strict=True))
    return graph


@pytest.fixture(scope="module", params=SEEDS)
def region(request: pytest.FixtureRequest) -> Network:
    return synthetic_region(PACKAGED_ASSUMPTIONS, request.param)


def test_the_packaged_region_comes_byte_for_byte_from_its_assumptions(tmp_path: Path) -> None:
    write_packaged_region(tmp_path)
    packaged = packaged_folder("ahsn-a")
    assert sorted(path.name for path in packaged.iterdir()) == ["about.toml", "agents.csv", "ties.csv"]
    for path in packaged.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_the_packaged_region_says_that_it_is_synthetic() -> None:
    network = read_network("ahsn-a", Path())
    assert network.synthetic
    assert network.name == "ahsn-a"
    assert "not the data of any study" in (packaged_folder("ahsn-a") / "about.toml").read_text("utf-8")


def test_the_packaged_region_is_large_enough_and_mixed() -> None:
    network = read_network("ahsn-a", Path())
    assert network.size == 180
    assert {role: network.roles.count(role) for role in network.role_names} == {
        "academic": 48,
        "firm": 36,
        "manager": 96,
    }
    assert len(network.organisation_names) == 34
    assert network.layers == ("formal", "informal")


def test_every_assumption_names_its_source() -> None:
    sources = RegionAssumptions().sources()
    assert set(sources) == set(RegionAssumptions.__dataclass_fields__)
    assert all(sources.values())


def test_the_same_seed_makes_the_same_region_and_another_seed_another(region: Network) -> None:
    packaged = read_network("ahsn-a", Path())
    again = synthetic_region(PACKAGED_ASSUMPTIONS, PACKAGED_SEED)
    assert again.digest == packaged.digest
    assert synthetic_region(PACKAGED_ASSUMPTIONS, 99).digest != region.digest


def test_densities_are_as_assumed(region: Network) -> None:
    formal, informal = layer_pairs(region, "formal"), layer_pairs(region, "informal")
    assert len(formal) / region.size == pytest.approx(PACKAGED_ASSUMPTIONS.formal_degree, abs=0.02)
    assert len(informal) / region.size == pytest.approx(PACKAGED_ASSUMPTIONS.nominations, abs=0.02)


def test_formal_ties_are_mutual_and_informal_ties_are_returned_as_often_as_assumed(region: Network) -> None:
    formal, informal = layer_pairs(region, "formal"), layer_pairs(region, "informal")
    assert all((target, source) in formal for source, target in formal)
    returned = np.mean([(target, source) in informal for source, target in informal])
    assert returned == pytest.approx(PACKAGED_ASSUMPTIONS.reciprocity, abs=0.01)


def test_formal_ties_stay_inside_organisations_as_often_as_assumed_and_informal_ties_less(region: Network) -> None:
    formal, informal = (share_inside(region, layer_pairs(region, name)) for name in ("formal", "informal"))
    assert formal == pytest.approx(PACKAGED_ASSUMPTIONS.formal_inside, abs=0.01)
    assert informal == pytest.approx(PACKAGED_ASSUMPTIONS.informal_inside, abs=0.01)


def test_the_stronger_a_formal_tie_the_less_it_crosses_organisations(region: Network) -> None:
    rows = region.layer == region.layers.index("formal")
    shares = []
    for strength in (0.75, 1.0):
        chosen = rows & (region.strength == strength)
        pairs = set(zip(region.source[chosen].tolist(), region.target[chosen].tolist(), strict=True))
        shares.append(share_inside(region, pairs))
    assert shares[0] == pytest.approx(0.44, abs=0.08)
    assert shares[1] == pytest.approx(0.72, abs=0.08)


def test_two_paths_are_closed_and_ties_are_concentrated_about_as_assumed(region: Network) -> None:
    graph = union_graph(region)
    degrees = np.sort([degree for _, degree in graph.degree()])[::-1]
    assert nx.transitivity(graph) == pytest.approx(PACKAGED_ASSUMPTIONS.transitivity, abs=0.06)
    top_share = degrees[: region.size // 10].sum() / degrees.sum()
    assert top_share == pytest.approx(PACKAGED_ASSUMPTIONS.top_tenth_share, abs=0.06)


def test_everybody_is_connected_and_positions_differ(region: Network) -> None:
    graph = union_graph(region)
    degrees = np.sort([degree for _, degree in graph.degree()])
    assert nx.is_connected(graph)
    assert degrees[region.size // 4] <= 4
    assert degrees[-1] >= 30
    betweenness = np.sort(list(nx.betweenness_centrality(graph).values()))
    assert betweenness[-5:].sum() > 0.2 * betweenness.sum()


def test_an_assumption_that_is_changed_shows_in_the_region() -> None:
    denser = synthetic_region(replace(PACKAGED_ASSUMPTIONS, formal_degree=7.0), PACKAGED_SEED)
    assert len(layer_pairs(denser, "formal")) / denser.size == pytest.approx(7.0, abs=0.02)
