"""Adjacency matrices in text and in workbooks: what is read, what is refused, and what comes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from formats import assert_answers, damaged, networks, problems_of, ties_of, written_and_read
from hypothesis import given, settings

from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.registry import format_of
from diffusion.network.formats.tables import Reading
from diffusion.network.formats.workbooks import ROUNDED
from diffusion.network.network import Network


def read_text(folder: Path, text: str, name: str = "m.csv") -> Network:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_network(str(path), Path(), reading=Reading(direction="tell", strength="divide-by-max"))


def problems(folder: Path, text: str) -> list[str]:
    path = folder / "m.csv"
    path.write_text(text, encoding="utf-8")
    return problems_of(path, "matrix")


def test_a_cell_is_a_tie_from_its_row_to_its_column(tmp_path: Path) -> None:
    network = read_text(tmp_path, ",ann,ben,cat\nann,0,0.5,\nben,,0,1\ncat,x,,1\n")
    assert ties_of(network) == [("ann", "ben", "tie", 0.5), ("ben", "cat", "tie", 1.0), ("cat", "ann", "tie", 1.0)]
    assert network.self_ties == 1


def test_the_order_of_rows_and_of_columns_may_differ(tmp_path: Path) -> None:
    network = read_text(tmp_path, "who;ben;ann\nann;0,5;0\nben;0;1\n", "m.tsv")
    assert ties_of(network) == [("ann", "ben", "tie", 0.5), ("ben", "ann", "tie", 1.0)]


def test_a_matrix_without_names_numbers_its_agents_and_says_so(tmp_path: Path) -> None:
    network = read_text(tmp_path, "0 \t1\t2\n0\t0\t0\n1\t1\t0\n", "m.txt")
    assert network.ids == ("1", "2", "3")
    assert network.strength.tolist() == [0.5, 1.0, 0.5, 0.5]
    assert "the matrix names nobody" in network.notes[0]


def test_rows_and_columns_of_two_groups_are_a_two_mode_network(tmp_path: Path) -> None:
    network = read_text(tmp_path, ",board,club\nann,1,0\nben,1,1\n")
    assert network.columns["mode"] == ("1", "1", "2", "2")
    assert "a two-mode network" in network.notes[0]


def test_an_edge_list_is_no_matrix_and_a_matrix_no_edge_list(tmp_path: Path) -> None:
    for text, name in (
        ("source,target,strength\na,b,1\nb,c,1\n", "edge-list"),
        ("a,b,1\nb,c,0.5\n", "edge-list"),
        (",a,b\na,0,1\nb,1,0\n", "matrix"),
        ("id,a,b\na,0,1\nb,1,0\n", "matrix"),
        ("0,1,0\n1,0,1\n0,1,0\n", "matrix"),
    ):
        path = tmp_path / "n.csv"
        path.write_text(text, encoding="utf-8")
        assert format_of(path).name == name, text


def test_everything_that_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    assert problems(tmp_path, ",ann,ben\nann,0,often\nben,1,0,1\n") == [
        "m.csv:3: the row has 3 cells, for 2 columns",
    ]
    assert problems(tmp_path, ",ann,ben\nann,0,often\nben,-1,0\n") == [
        'm.csv:2: the cell in column "ben" must be a number, or empty for no tie, not "often"',
        "m.csv:3: the strength must be above 0 and at most 1, not -1; leave out negative ties",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            ",ann,ben\nann,0,1\nbenn,1,0\n",
            [
                'm.csv:1: "ben" has a column but no row in the matrix; did you mean "benn"?',
                'm.csv:3: "benn" has a row but no column in the matrix; did you mean "ben"?',
            ],
        ),
        (
            ",ann,ben\nann,0,1\nzoe,1,0\n",
            [
                'm.csv:1: "ben" has a column but no row in the matrix; give it one, of zeros if need be',
                'm.csv:3: "zoe" has a row but no column in the matrix; give it one, of zeros if need be',
            ],
        ),
        (
            ",ann,ann\nann,0,1\n,1,0\n",
            [
                'm.csv:1: two columns of the matrix are called "ann"; names must be unique',
                "m.csv:3: row 2 of the matrix has no name",
            ],
        ),
    ],
)
def test_names_that_do_not_fit_are_refused_with_the_nearest(tmp_path: Path, text: str, found: list[str]) -> None:
    assert problems(tmp_path, text) == found


@given(network=networks())
@settings(max_examples=20)
def test_a_workbook_carries_everything_a_sheet_a_layer(network: Network) -> None:
    again, lost = written_and_read(network, "n.xlsx", "matrix")
    assert all(line.endswith(ROUNDED) for line in lost)
    assert (again.ids, again.roles, again.columns) == (network.ids, network.roles, network.columns)
    assert (again.name, again.layers, again.synthetic) == (network.name, network.layers, network.synthetic)
    assert [tie[:3] for tie in ties_of(again)] == [tie[:3] for tie in ties_of(network)]
    assert np.allclose(again.strength, network.strength, rtol=1e-15, atol=0)


def test_what_a_text_cannot_carry_is_told(tmp_path: Path) -> None:
    network = Network.from_tables(
        name="n",
        ids=["a", "b"],
        roles=["firm", ""],
        source=["a", "a"],
        target=["b", "b"],
        layer=["x", "y"],
        strength=[0.5, 1],
        synthetic=True,
    )
    path = tmp_path / "n.csv"
    assert write_network(network, path, format_name="matrix") == [
        "what agents are: role; a folder or a workbook (.xlsx) carries them",
        "which layer a tie belongs to: of x, y the strongest tie was kept",
        "that the network is synthetic; say so wherever you show it",
    ]
    assert ties_of(read_network(str(path), Path())) == [("a", "b", "tie", 1.0)]


@given(content=damaged(b",ann,ben\nann,0,0.5\nben,1,0\n"))
def test_whatever_a_file_holds_the_answer_is_a_network_or_problems(content: bytes) -> None:
    assert_answers(content, "m.csv", "matrix")
