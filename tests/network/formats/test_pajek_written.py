"""Pajek's .net files as they are written, and what comes back of a network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from formats import assert_answers, assert_equal, damaged, networks, written_and_read
from hypothesis import given

from diffusion.network.formats import read_network, write_network
from diffusion.network.network import Network
from diffusion.network.survey import Survey


def region() -> Network:
    return Network.from_tables(
        name="north",
        ids=["Zo\u00eb", "Ann B", 'the "boss"'],
        roles=["manager", "firm", ""],
        columns={"organisation": ["Trust", "Firm & Co", ""], "x": ["0.5", "0.25", "-1"], "y": ["1", "2", "3"]},
        source=["Zo\u00eb", "Ann B", "Zo\u00eb"],
        target=["Ann B", 'the "boss"', 'the "boss"'],
        layer=["formal", "formal", "informal"],
        strength=np.array([0.5, 1.0, 1e-5]),
        synthetic=True,
    )


def test_a_network_is_written_as_pajek_reads_it(tmp_path):
    write_network(region(), tmp_path / "north.net")
    content = (tmp_path / "north.net").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf% synthetic: generated from assumptions, not observed\r\n")
    lines = [line for line in content.decode("utf-8-sig").split("\r\n") if not line.startswith("%")]
    assert lines == [
        "*Network north (synthetic)",
        "*Vertices 3",
        '1 "Ann B" 0.25 2',
        '2 "Zo\u00eb" 0.5 1',
        '3 "the &#34;boss&#34;" -1 3',
        '*Arcs :1 "formal"',
        "1 3 1",
        "2 1 0.5",
        '*Arcs :2 "informal"',
        "2 3 1e-05",
        "",
    ]


def test_the_writer_says_what_pajek_does_not_see(tmp_path):
    network = replace(region(), survey=Survey(asked=9))
    assert write_network(network, tmp_path / "north.net") == [
        'the column "role": only this program reads the comments that keep it; a .paj file shows it to Pajek',
        'the column "organisation": only this program reads the comments that keep it; a .paj file shows it to Pajek',
        'quotation marks inside "the "boss"": Pajek shows &#34; for them',
        "how the network was asked for (respondents, response rate, caps)",
    ]
    plain = Network.from_tables(name="n", ids=["a", "b"], source=["a"], target=["b"])
    assert write_network(plain, tmp_path / "plain.net") == []
    assert (tmp_path / "plain.net").read_bytes().split(b"\r\n")[-3:] == [b"*Arcs", b"1 2 1", b""]


def test_a_written_network_is_read_back_with_all_it_has():
    network, _ = written_and_read(region(), "north.net", "pajek")
    assert_equal(network, region())


def test_a_written_network_says_that_its_ties_follow_knowledge(tmp_path):
    write_network(region(), tmp_path / "north.net")
    assert read_network(str(tmp_path / "north.net"), Path()).notes == ()


def test_other_programs_read_what_was_written(tmp_path):
    networkx = pytest.importorskip("networkx", reason="networkx is not installed")
    one_layer = Network.from_tables(
        name="n", ids=["Zo\u00eb", "Ann B"], roles=["firm", ""], source=["Zo\u00eb"], target=["Ann B"], strength=[0.5]
    )
    write_network(one_layer, tmp_path / "n.net")
    assert list(networkx.read_pajek(tmp_path / "n.net").edges(data="weight")) == [("Zo\u00eb", "Ann B", 0.5)]


@given(networks())
def test_every_network_comes_back(network):
    again, _ = written_and_read(network, "network.net", "pajek")
    assert_equal(again, network)


def written() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "north.net")
        write_network(region(), path)
        return path.read_bytes()


@given(damaged(written()))
def test_a_damaged_file_of_our_own_gets_an_answer(content):
    assert_answers(content, "north.net", "pajek")
