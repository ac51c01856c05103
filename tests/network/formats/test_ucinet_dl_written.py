"""UCINET's DL files as they are written: what comes back, what other programs see, and what is said to be lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from formats import NAMES, assert_equal, networks, written_and_read
from hypothesis import given

from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.registry import format_to_write
from diffusion.network.formats.tables import Reading
from diffusion.network.network import DEFAULT_ROLE, Network
from diffusion.network.survey import Survey

PLAIN = NAMES.filter(lambda name: '"' not in name)
LOWER = PLAIN.filter(lambda name: name == name.casefold())


@given(networks(names=PLAIN, layers=LOWER, unique_by=str.casefold))
def test_names_and_ties_come_back_as_they_were(network: Network) -> None:
    size = network.size
    bare = replace(network, roles=(DEFAULT_ROLE,) * size, columns={})
    back, lost = written_and_read(bare, "region.dl", "dl")
    assert_equal(back, bare)
    assert [line for line in lost if "which UCINET itself cuts" not in line] == []


@given(networks())
def test_any_network_comes_back_with_its_agents_and_ties(network: Network) -> None:
    back, lost = written_and_read(network, "region.dl", "dl")
    assert (back.size, back.tie_count, len(back.layers)) == (network.size, network.tie_count, len(network.layers))
    assert back.synthetic == network.synthetic
    np.testing.assert_array_equal(np.sort(back.strength), np.sort(network.strength))
    attributes = set(network.roles) != {DEFAULT_ROLE} or any(map(any, network.columns.values()))
    assert any(line.startswith("what agents are: ") for line in lost) == attributes


def plain(name: str = "north", **kept) -> Network:
    given = {"ids": ["ann", "bob", "cem"], "source": ["ann", "bob"], "target": ["bob", "cem"]}
    return Network.from_tables(name=name, **{**given, "strength": np.array([0.25, 1e-05]), **kept})


def test_a_network_of_one_layer_is_written_so_that_gephi_and_igraph_read_it(tmp_path: Path) -> None:
    assert write_network(plain(), tmp_path / "north.dl") == []
    assert (tmp_path / "north.dl").read_bytes() == (
        b"DL n=3\r\nformat = edgelist1\r\nlabels:\r\nann,bob,cem\r\ndata:\r\n1 2 0.25\r\n2 3 1e-05\r\n"
    )


def test_layers_title_and_odd_labels_are_written_as_ucinet_reads_them(tmp_path: Path) -> None:
    network = plain(
        ids=["Ann B", "bob", "nm"], source=["Ann B", "nm"], target=["bob", "bob"], layer=["trust", "advice"]
    )
    assert write_network(replace(network, synthetic=True), tmp_path / "other.dl") == []
    assert (tmp_path / "other.dl").read_text(encoding="utf-8").splitlines() == [
        "DL n=3 nm=2",
        'title="north (synthetic)"',
        "format = edgelist1",
        "labels:",
        '"Ann B",bob,"nm"',
        "matrix labels:",
        "advice,trust",
        "data:",
        "3 2 1e-05",
        "!",
        "1 2 0.25",
    ]


def test_a_synthetic_network_stays_synthetic_under_any_file_name(tmp_path: Path) -> None:
    for name in ("north.dl", "other.dl"):
        write_network(plain(synthetic=True), tmp_path / name)
        back = read_network(str(tmp_path / name), Path(), reading=Reading(direction="tell"))
        assert (back.name, back.synthetic, back.notes) == ("north", True, ())


def test_an_observed_network_whose_name_says_synthetic_is_not_labelled_so(tmp_path: Path) -> None:
    lost = write_network(plain("north (Synthetic) (synthetic)"), tmp_path / "other.dl")
    assert lost == ['"(synthetic)" at the end of the name, for in a title it says that the network is']
    back = read_network(str(tmp_path / "other.dl"), Path())
    assert (back.name, back.synthetic) == ("north", False)


def test_what_cannot_be_written_or_what_ucinet_changes_is_told(tmp_path: Path) -> None:
    long = ("Manchester University Trust", "Manchester University")
    network = plain(
        ids=["Ann", "ann", 'the "Trust"', *long],
        roles=["manager"] * 5,
        columns={"ward": ["1"] * 5, "empty": [""] * 5},
        source=["Ann", "ann"],
        target=["ann", "Ann"],
        layer=["health", "Health"],
    )
    assert write_network(replace(network, survey=Survey(ego_networks=True)), tmp_path / "north.dl") == [
        "what agents are: role, ward; a folder or a workbook (.xlsx) carries them",
        "how the network was asked for (respondents, response rate, caps), and that it is a stack of personal networks",
        'quotation marks inside "the "Trust"": apostrophes stand for them',
        ('names that differ in letter case alone, which UCINET takes for one: "ann (2)", "health (2)" got a number'),
        (
            "names longer than 18 characters, which UCINET itself cuts, which makes 1 of them equal to another: "
            '"Manchester University", "Manchester University Trust"'
        ),
    ]
    back = read_network(str(tmp_path / "north.dl"), Path())
    assert back.ids == ("Ann", *sorted(long), "ann (2)", "the 'Trust'")
    assert back.layers == ("Health", "health (2)")


@pytest.mark.parametrize(
    ("file_name", "name"), [("n.dl", "dl"), ("n.DAT", "dl"), ("n.txt", "dl"), ("n.csv", "edge-list")]
)
def test_text_files_are_written_as_dl(tmp_path: Path, file_name: str, name: str) -> None:
    assert format_to_write(tmp_path / file_name).name == name


def test_a_network_without_ties_comes_back() -> None:
    lonely = Network.from_tables(name="north", ids=["ann", "DATA:"], source=[], target=[])
    back, lost = written_and_read(lonely, "north.dl", "dl")
    assert_equal(back, lonely)
    assert lost == []
