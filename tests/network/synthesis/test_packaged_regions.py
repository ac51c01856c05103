"""The packaged regions come from their targets, fit them, and differ in what they stand for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from diffusion.network import measures
from diffusion.network.formats import read_network
from diffusion.network.network import Network
from diffusion.network.regions import PACKAGED, packaged_folder, packaged_targets
from diffusion.network.synthesis import LAYER_NAMES, fit_of, read_targets, synthetic_region, write_region

OFFICE = "network office"


@cache
def region(name: str) -> Network:
    return read_network(name, Path())


def graph(network: Network) -> nx.Graph:
    made = nx.Graph()
    made.add_nodes_from(range(network.size))
    made.add_edges_from(zip(network.source.tolist(), network.target.tolist(), strict=True))
    return made


def column(network: Network, name: str) -> np.ndarray:
    return np.array(network.columns[name])


def largest_piece_without(network: Network, sector: str) -> float:
    rest = np.flatnonzero(column(network, "sector") != sector).tolist()
    return max(map(len, nx.connected_components(graph(network).subgraph(rest)))) / len(rest)


def modularity_of_sites(network: Network) -> float:
    sites = column(network, "site")
    parts = [set(np.flatnonzero(sites == site).tolist()) for site in np.unique(sites)]
    return float(nx.community.modularity(graph(network), parts))


def universities_of_the_top_tenth(network: Network) -> list[int]:
    """Return how many of the best connected tenth each university has, most first."""
    top = np.argsort(-measures.degree(network), kind="stable")[: network.size // 10]
    academic = top[column(network, "sector")[top] == "university"]
    return sorted(np.unique(column(network, "organisation")[academic], return_counts=True)[1].tolist(), reverse=True)


def office_betweenness(network: Network) -> float:
    scores = measures.betweenness(network)
    return float(scores[column(network, "sector") == OFFICE].sum() / scores.sum())


def firms_against_others(network: Network, scores: np.ndarray) -> float:
    firms = np.array(network.roles) == "firm"
    return float(scores[firms].mean() / scores[~firms].mean())


@pytest.mark.parametrize("name", PACKAGED)
def test_a_region_comes_byte_for_byte_from_its_targets(name: str, tmp_path: Path) -> None:
    targets = read_targets(packaged_targets(name))
    write_region(synthetic_region(targets), targets, tmp_path)
    packaged = {path.name: path.read_bytes() for path in packaged_folder(name).iterdir()}
    assert sorted(packaged) == ["about.toml", "agents.csv", "targets.toml", "ties.csv"]
    for path in tmp_path.iterdir():
        assert path.read_bytes() == packaged[path.name], path.name
    assert targets.name == name


@pytest.mark.parametrize("name", PACKAGED)
def test_a_region_says_that_it_is_synthetic_and_what_it_stands_for(name: str) -> None:
    about = (packaged_folder(name) / "about.toml").read_text("utf-8")
    assert region(name).synthetic
    assert "synthetic = true" in about
    assert "It is not the data of any study and describes no real person or organisation." in about
    assert "It stands for regions" in about


@pytest.mark.parametrize("name", PACKAGED)
def test_every_target_of_a_packaged_region_is_met(name: str) -> None:
    fits = fit_of(region(name), read_targets(packaged_targets(name)))
    assert len(fits) >= 40
    assert [fit for fit in fits if not fit.met] == []


@pytest.mark.parametrize("name", PACKAGED)
def test_every_number_of_the_targets_says_whether_it_was_measured_or_chosen(name: str) -> None:
    text = packaged_targets(name).read_text("utf-8")
    assert set(re.findall(r"\[(DHHS|LHD|CTSA|ND|Long|AHSN)\]", text)) == {"DHHS", "LHD", "CTSA", "ND", "Long", "AHSN"}
    assert text.count("doi 10.") >= 4
    said = re.compile("measured|chosen|by definition|level . of 4|dealt|taken|2013|sizes are drawn")
    bare = ("name", "stands_for", "sector", "role", "number", "people", "sizes", "site", "brokers")
    under_a_heading = re.compile(r"[a-z]+-[a-z]+$|manager$|academic$|firm$")
    for line in text.splitlines():
        key = line.partition(" = ")[0]
        if " = " in line and not line.startswith("#") and key not in bare and not under_a_heading.match(key):
            comment = line.partition("#")[2]
            assert said.search(comment) or "task" in comment, line


def test_the_first_region_keeps_its_size_and_the_roles_that_scenarios_name() -> None:
    first = region("ahsn-a")
    assert {role: first.roles.count(role) for role in first.role_names} == {"academic": 48, "firm": 36, "manager": 96}
    assert len(first.organisation_names) == 34
    assert {"M014", "A003"} <= set(first.ids)
    assert first.layers == LAYER_NAMES == ("formal-health", "formal-wealth", "informal-health", "informal-wealth")


def test_in_the_first_region_one_university_is_the_core() -> None:
    counts = universities_of_the_top_tenth(region("ahsn-a"))
    assert counts[0] >= 0.5 * (region("ahsn-a").size // 10)
    assert counts[0] >= 4 * counts[1]


def test_in_the_second_region_several_universities_are_centres_of_camps_of_their_own() -> None:
    counts = universities_of_the_top_tenth(region("ahsn-b"))
    assert len([count for count in counts if count >= 2]) >= 3
    assert counts[0] <= 0.5 * sum(counts) + 1
    assert modularity_of_sites(region("ahsn-b")) > 0.5 > modularity_of_sites(region("ahsn-a"))
    sites = column(region("ahsn-b"), "site")[column(region("ahsn-b"), "sector") == "university"]
    assert len(set(sites.tolist())) == 4


def test_the_third_region_falls_into_its_places_without_its_brokers_and_no_other_region_does() -> None:
    assert largest_piece_without(region("ahsn-c"), OFFICE) < 0.35
    assert largest_piece_without(region("ahsn-c"), "commissioner") > 0.9
    assert all(largest_piece_without(region(name), OFFICE) > 0.6 for name in PACKAGED if name != "ahsn-c")


def test_betweenness_is_concentrated_in_the_brokers_of_the_third_region_alone() -> None:
    assert office_betweenness(region("ahsn-c")) > 0.3
    assert all(office_betweenness(region(name)) < 0.15 for name in PACKAGED if name != "ahsn-c")


def test_in_the_fourth_region_firms_are_at_the_edge_more_than_anywhere_else() -> None:
    core = {name: firms_against_others(region(name), measures.coreness(region(name))) for name in PACKAGED}
    near = {name: firms_against_others(region(name), measures.closeness(region(name))) for name in PACKAGED}
    assert core["ahsn-d"] < 0.35
    assert near["ahsn-d"] < 0.6
    assert all(core[name] > 0.5 and near[name] > 0.75 for name in PACKAGED if name != "ahsn-d")


def test_the_fifth_region_is_large_sparse_and_far_apart() -> None:
    density = {name: measures.density(region(name)) for name in PACKAGED}
    assert region("ahsn-e").size == 900
    assert density["ahsn-e"] < 0.15 * min(density[name] for name in PACKAGED if name != "ahsn-e")
    assert measures.path_lengths(region("ahsn-e"))[0] > 2 * measures.path_lengths(region("ahsn-a"))[0]
    assert int((measures.degree(region("ahsn-e")) == 0).sum()) == 40
