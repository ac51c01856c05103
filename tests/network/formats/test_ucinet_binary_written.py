"""UCINET datasets that are written: what comes back, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from formats import assert_equal, networks, ties_of, written_and_read
from hypothesis import given
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.network.formats import read_network, write_network
from diffusion.network.network import Network
from diffusion.network.survey import Survey

SINGLES = st.floats(0, 1, exclude_min=True, width=32).filter(lambda value: value > 1e-37)


def bare(network: Network, strengths: list[float]) -> Network:
    """Return a network that UCINET can carry: without what agents are, with strengths of 32 bits as they are read."""
    rows = [(*tie[:3], strengths[place % len(strengths)]) for place, tie in enumerate(ties_of(network))]
    source, target, layer, strength = zip(*rows, strict=True) if rows else ((), (), (), ())
    read_back = [float(str(np.float32(value))) for value in strength]
    kept = Network.from_tables(
        name=network.name, ids=network.ids, source=source, target=target, layer=layer, strength=read_back
    )
    return replace(kept, synthetic=network.synthetic)


@given(networks(), st.lists(SINGLES, min_size=1, max_size=8))
def test_a_network_of_names_and_ties_comes_back_as_it_was(network: Network, strengths: list[float]) -> None:
    plain = bare(network, strengths)
    back, lost = written_and_read(plain, "region.##h", "ucinet")
    assert_equal(back, plain)
    assert lost == []


@given(networks())
def test_any_network_comes_back_with_all_its_ties_and_what_differs_is_told(network: Network) -> None:
    back, lost = written_and_read(network, "region.##D", "ucinet")
    assert [tie[:3] for tie in ties_of(back)] == [tie[:3] for tie in ties_of(network)]
    assert back.ids == network.ids
    np.testing.assert_allclose(back.strength, network.strength, rtol=1e-7, atol=1.2e-38)
    assert any("strength" in line for line in lost) == (back.strength != network.strength).any()
    assert any("what agents are" in line for line in lost) == (
        set(network.roles) != {"agent"} or any(any(cells) for cells in network.columns.values())
    )


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    network = Network.from_tables(
        name="n" * 300,
        ids=["a", "b"],
        roles=["manager", "firm"],
        columns={"ward": ["3", ""], "empty": ["", ""]},
        source=["a", "b"],
        target=["b", "a"],
        strength=[0.1, 1 / 3],
    )
    lost = write_network(replace(network, survey=Survey(ego_networks=True)), tmp_path / "net.##h")
    assert lost == [
        "what agents are: role, ward; a folder or a workbook (.xlsx) carries them",
        "the strength of 1 tie, rounded to about 7 digits",
        f'the end of the name, which is called "{"n" * 218}" there',
        "how the network was asked for (respondents, response rate, caps), and that it is a stack of personal networks",
    ]
    assert ties_of(read_network(str(tmp_path / "net.##h"), Path())) == [
        ("a", "b", "tie", 0.1),
        ("b", "a", "tie", 0.33333334),
    ]


def test_the_title_says_for_every_program_what_was_made_and_which_way_knowledge_flows(tmp_path: Path) -> None:
    network = Network.from_tables(name="north", ids=["a", "b"], source=["a"], target=["b"], synthetic=True)
    write_network(network, tmp_path / "other.##h")
    assert b"north [synthetic; knowledge flows from row to column]" in (tmp_path / "other.##h").read_bytes()
    back = read_network(str(tmp_path / "other.##h"), Path())
    assert (back.name, back.synthetic, back.notes) == ("north", True, ())


def test_a_network_that_could_not_be_read_back_is_not_written(tmp_path: Path) -> None:
    large = Network.from_tables(name="n", ids=[str(place) for place in range(20_000)], source=(), target=())
    with pytest.raises(InputError) as raised:
        write_network(large, tmp_path / "net.##h")
    assert raised.value.problems[0].endswith(
        "net.##h: the matrices of 20,000 agents in 1 layer would have 1,600,000,000 bytes, too many; write an edge list"
    )
    named = Network.from_tables(name="n", ids=["x" * 20_000], source=(), target=())
    with pytest.raises(InputError, match=r"xxx…\" is too long; a label has at most 16,383 characters$"):
        write_network(named, tmp_path / "net.##h")
    assert list(tmp_path.iterdir()) == []
