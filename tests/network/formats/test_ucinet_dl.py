"""UCINET's DL files: every way of writing a matrix that is read, one kind of agents or two, and one file or two."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats import ties_of

from diffusion.network.formats import read_network
from diffusion.network.formats.registry import format_of
from diffusion.network.formats.tables import Reading
from diffusion.network.formats.ucinet_dl import recognises
from diffusion.network.network import Network

MONKS = """DL
N=4 NM=3
FORMAT = FULLMATRIX DIAGONAL PRESENT
ROW LABELS:
ROMUL_10
BONAVEN_5
AMBROSE_9
BERTH_6
COLUMN LABELS:
ROMUL_10
BONAVEN_5
AMBROSE_9
BERTH_6
LEVEL LABELS:
SAMPLK1
SAMPDLK
SAMPES
DATA:
 0 0 2 0
 3 0 0 0
 2 3 0 0
 0 0 0 0
 0 0 0 0
 0 0 0 1
 0 0 0 0
 0 0 0 0
 0 1 0 0
 0 0 0 0
 0 0 0 0
 0 0 2 0
"""

SQUARE = [("ann", "bob"), ("ann", "cem"), ("cem", "ann")]
"""The ties that every way of writing one and the same matrix must give."""

WAYS = {
    "full matrix": "DL N=3\nlabels: ann, bob, cem\ndata:\n0 1 1\n0 0 0\n1 0 0\n",
    "one line": "dl n=3, format=fm, labels: ann,bob,cem data: 0 1 1 0 0 0 1 0 0",
    "no signs": "dl n 3 format fullmatrix labels:ann bob cem data:0 1 1 0 0 0 1 0 0",
    "wrapped": "DL N = 3\nFORMAT = FULLMATRIX\nLABELS:\nann bob\ncem\nDATA:\n0 1\n1 0 0 0 1\n0\n0\n",
    "no diagonal": "DL N=3 DIAGONAL ABSENT\nlabels: ann, bob, cem\ndata:\n1 1\n0 0\n1 0\n",
    "labels embedded": "dl\nn = 3\nlabels embedded\nformat = fm\ndata:\nann bob cem\nann 0 1 1\nbob 0 0 0\ncem 1 0 0\n",
    "labels of rows embedded": "dl n=3 row labels embedded data:\nann 0 1 1\nbob 0 0 0\ncem 1 0 0\n",
    "labels of columns embedded": "dl n=3 col labels embedded: data:\nann bob cem\n0 1 1\n0 0 0\n1 0 0\n",
    "labels with equal signs": "dl n=3 labels: ann=bob=cem data: 0 1 1 0 0 0 1 0 0",
    "other letter case and order": (
        "dl n=3 row labels: ann bob cem column labels: CEM ANN BOB data:\n1 0 1\n0 0 0\n0 1 0\n"
    ),
    "edgelist1": "DL n=3\nformat = edgelist1\nlabels:\nann, bob, cem\ndata:\n1 2\n1 3\n3 1\n",
    "edgelist": "DL n=3 format=edgelist labels: ann bob cem data:\n1,2\n1,3\n3,1\n",
    "el1": "DL n=3 format=el1 labels embedded:\ndata:\nann bob\nann cem\nCEM Ann\n",
    "listed and embedded": "DL n=3 format=el1 labels: ann bob cem labels embedded data:\nAnn Cem\nann bob\ncem ann\n",
    "edgelist2": "DL n=3 format=edgelist2 labels embedded data:\nann bob\nann cem\ncem ann\nbob ann 0\n",
    "nodelist1": "DL n=3 format=nodelist1 labels: ann bob cem data:\n1 2 3\n3 1\n",
    "nodelist": "DL n=3 format=nodelist labels embedded data:\nann bob cem\ncem ann\n",
    "nodelist1b": "DL n=3 format=nl1b labels: ann bob cem data:\n2 2 3\n0\n1 1\n",
    "nodelist2": "DL nr=3 nc=3 format=nl2 row labels: ann bob cem column labels: ann bob cem data:\n1 2 3\n3 1\n",
}


def dl(folder: Path, content: str | bytes, name: str = "region.dl") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, content: str | bytes, **said) -> Network:
    return read_network(str(dl(folder, content)), Path(), reading=Reading(**{"direction": "tell", **said}))


def notes_of(network: Network) -> list[str]:
    return [note.rpartition("/")[2] for note in network.notes]


def test_a_file_of_ucinets_own_with_several_relations_is_read(tmp_path: Path) -> None:
    network = read_network(str(dl(tmp_path, MONKS)), Path(), reading=Reading(strength="divide-by-max"))
    assert network.ids == ("AMBROSE_9", "BERTH_6", "BONAVEN_5", "ROMUL_10")
    assert ties_of(network) == [
        ("AMBROSE_9", "BONAVEN_5", "SAMPLK1", 1.0),
        ("AMBROSE_9", "ROMUL_10", "SAMPLK1", 2 / 3),
        ("BERTH_6", "AMBROSE_9", "SAMPES", 1.0),
        ("BONAVEN_5", "BERTH_6", "SAMPDLK", 1.0),
        ("BONAVEN_5", "ROMUL_10", "SAMPLK1", 1.0),
        ("ROMUL_10", "AMBROSE_9", "SAMPLK1", 2 / 3),
        ("ROMUL_10", "BONAVEN_5", "SAMPES", 0.5),
    ]
    assert notes_of(network) == [
        'region.dl: strengths of layer "SAMPES" were divided by 2, the largest',
        'region.dl: strengths of layer "SAMPLK1" were divided by 3, the largest',
        (
            "region.dl: ties were read as written, tail to head (row to column): knowledge flows from the first "
            "agent to the second. If the first turned to the second, say --direction turn-to"
        ),
    ]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_writing_a_matrix_says_the_same(tmp_path: Path, way: str) -> None:
    network = read(tmp_path, WAYS[way])
    assert network.ids == ("ann", "bob", "cem")
    assert ties_of(network) == [(*tie, "tie", 1.0) for tie in SQUARE]
    assert set(network.columns) == set()
    assert {note for note in notes_of(network) if "strength of 0" not in note} == set()


HALVES = {
    "upper": "dl n=3 format=upperhalf labels: ann bob cem data:\n0 1 0.5\n0 0\n0\n",
    "upper in one line": "dl n=3 format=uh labels: ann bob cem data: 0 1 0.5 0 0 0",
    "lower": "dl n=3 format=lowerhalf labels: ann bob cem data:\n0\n1 0\n.5 0 0\n",
    "upper without diagonal": "dl n=3 format=uh diagonal=absent labels: ann bob cem data:\n1 5e-1\n0\n",
    "lower without diagonal": "dl n=3 format=lh diagonal absent labels: ann bob cem data:\n1\n0.5 0\n",
    "lower with labels": "dl n=3 format=lh labels embedded data:\nann bob cem\nann 0\nbob 1 0\ncem 0.5 0 0\n",
    "no row for the empty": "dl n=3 format=lh diagonal absent labels embedded data:\nann bob cem\nbob 1\ncem 0.5 0\n",
    "a row too": "dl n=3 format=uh diagonal=absent labels embedded data:\nann bob cem\nann 1 0.5\nbob 0\ncem\n",
}


@pytest.mark.parametrize("way", HALVES)
def test_half_a_matrix_holds_ties_without_direction(tmp_path: Path, way: str) -> None:
    network = read_network(str(dl(tmp_path, HALVES[way])), Path())
    assert network.ids == ("ann", "bob", "cem")
    assert ties_of(network) == [
        ("ann", "bob", "tie", 1.0),
        ("ann", "cem", "tie", 0.5),
        ("bob", "ann", "tie", 1.0),
        ("cem", "ann", "tie", 0.5),
    ]
    assert network.notes == ()


SEVERAL = {
    "matrices": "dl n=2 nm=2 labels: a b matrix labels: trust, advice data:\n0 1\n0 0\n0 0\n0.5 0\n",
    "divided matrices": "dl n=2 nm=2 labels: a b level labels: trust advice data:\n0 1\n0 0\n\n!\n0 0\n0.5 0\n",
    "labelled matrices": (
        "dl n=2 nm=2 labels embedded matrix labels: trust advice data:\na b\na 0 1\nb 0 0\nA B\na 0 0\nb 0.5 0\n"
    ),
    "columns labelled once": (
        "dl n=2 nm=2 labels embedded matrix labels: trust advice data:\na b\na 0 1\nb 0 0\na 0 0\nb 0.5 0\n"
    ),
    "edge lists": "dl n=2 nm=2 format=el1 labels: a b matrix labels: trust advice data:\n1 2\n!\n2 1 0.5\n",
}


@pytest.mark.parametrize("way", SEVERAL)
def test_each_matrix_is_a_layer(tmp_path: Path, way: str) -> None:
    assert ties_of(read(tmp_path, SEVERAL[way])) == [("a", "b", "trust", 1.0), ("b", "a", "advice", 0.5)]


def test_matrices_without_labels_are_numbered_and_the_last_list_may_be_empty(tmp_path: Path) -> None:
    network = read(tmp_path, "dl n=2 nm=3 format=nl1 labels: a b data:\n!\n1 2\n!\n")
    assert ties_of(network) == [("a", "b", "matrix 2", 1.0)]


def test_agents_without_labels_are_numbered_and_it_is_told(tmp_path: Path) -> None:
    network = read(tmp_path, "DL N = 3\nData:\n0 1 1\n1 0 0\n0 0 0\n")
    assert network.ids == ("1", "2", "3")
    assert notes_of(network) == ["region.dl: the file names nobody, so its agents are called 1 to 3"]


def test_agents_whom_no_tie_names_are_not_lost(tmp_path: Path) -> None:
    network = read(tmp_path, "DL N=4 format=el1 labels embedded data:\nann 4\n")
    assert network.ids == ("3", "4", "4 (no label)", "ann")
    assert notes_of(network) == [
        "region.dl:1: N is 4, but 2 agents are named; the other 2 have no tie and are called by number here"
    ]


def test_a_missing_value_is_no_tie_and_is_told(tmp_path: Path) -> None:
    assert notes_of(read(tmp_path, "DL N=2 labels: a b data:\n? ?\n1 ?\n")) == [
        "region.dl: 3 values are missing (?); a missing value was read as no tie"
    ]
    network = read(tmp_path, "DL N=2 format=el1 labels: a b data:\n1 2 ?\n2 1\n")
    assert ties_of(network) == [("b", "a", "tie", 1.0)]


@pytest.mark.parametrize(
    "text",
    [
        "DL NR=2, NC=3\nrow labels: a b\ncol labels: x y z\ndata:\n1 0 1\n0 1 0\n",
        "DL NR=2 NC=3 labels embedded data:\nx y z\na 1 0 1\nb 0 1 0\n",
        "DL NR=2 NC=3 format=edgelist2 labels embedded data:\na x\na z\nb y\n",
        "DL NR=2 NC=3 format=nodelist row labels: a b column labels: x y z data:\n1 1 3\n2 2\n",
    ],
)
def test_rows_and_columns_of_other_agents_make_a_two_mode_network(tmp_path: Path, text: str) -> None:
    network = read(tmp_path, text)
    assert network.columns == {"mode": ("1", "1", "2", "2", "2")}
    assert [tie[:2] for tie in ties_of(network)] == [("a", "x"), ("a", "z"), ("b", "y")]
    assert [note.partition(": ")[2] for note in notes_of(network)] == [
        (
            'this is a two-mode network: the 2 rows are of mode 1, the 3 columns of mode 2 (column "mode"); all are '
            "agents here, and ties are read as they stand, from row to column"
        )
    ]


def test_rows_and_columns_of_a_two_mode_network_without_labels_do_not_become_one(tmp_path: Path) -> None:
    network = read(tmp_path, "DL NR=1 NC=2 data:\n1 0\n")
    assert network.ids == ("c1", "c2", "r1")
    assert ties_of(network) == [("r1", "c1", "tie", 1.0)]
    assert notes_of(network)[:2] == [
        "region.dl: 1 row without a label is called r1",
        "region.dl: 2 columns without labels are called c1 and so on",
    ]


def test_rows_whose_labels_are_all_among_the_columns_are_the_same_agents(tmp_path: Path) -> None:
    network = read(tmp_path, "DL NR=2 NC=3 row labels: b a col labels: a b z data:\n1 0 1\n0 1 0\n")
    assert network.ids == ("a", "b", "z")
    assert [tie[:2] for tie in ties_of(network)] == [("a", "b"), ("b", "a"), ("b", "z")]
    assert notes_of(network) == [
        (
            "region.dl: all 2 labels of the rows are among the 3 of the columns, so rows and columns are the same "
            "agents here"
        )
    ]


@pytest.mark.parametrize(
    ("title", "name", "synthetic"),
    [
        ('title="Zo\u00eb n=7, west"', "Zo\u00eb n=7, west", False),
        ("TITLE = North West, 2013", "North West, 2013", False),
        ('title "north (Synthetic)"', "north", True),
        ("title: north", "north", False),
        ('title=""', "region", False),
    ],
)
def test_the_title_is_the_name_and_says_whether_a_network_is_synthetic(
    tmp_path: Path, title: str, name: str, *, synthetic: bool
) -> None:
    network = read(tmp_path, f"DL {title} n=2 format=el1\nlabels: a b\ndata:\n1 2\n")
    assert (network.name, network.synthetic) == (name, synthetic)
    assert ties_of(network) == [("a", "b", "tie", 1.0)]


@pytest.mark.parametrize("name", ["davis.dat", "DAVIS.dat", '"davis.dat"'])
def test_the_data_may_lie_in_another_file_of_the_folder(tmp_path: Path, name: str) -> None:
    dl(tmp_path, "0 1\n0 0\n", "davis.dat")
    network = read(tmp_path, f"DL n=2 datafile = {name}\nlabels: a b\n")
    assert (network.name, ties_of(network)) == ("region", [("a", "b", "tie", 1.0)])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_usual_encoding_and_line_end_is_read_and_recognised(tmp_path: Path, encoding: str) -> None:
    text = '\r\nDL N=2\r\nlabels: "Zo\u00eb B", b\r\ndata:\r\n0 1\r\n0 0\r\n\x1a'
    path = dl(tmp_path, text.encode(encoding), "region.txt")
    assert format_of(path).name == "dl"
    assert read_network(str(path), Path()).ids == ("Zo\u00eb B", "b")


@pytest.mark.parametrize("text", ["dl,x\n1,2\n", "*Vertices 3\n", "", "DLN=3\n", "*Node data\nID\ndl n=3\n", "dl a\n"])
def test_other_files_are_not_taken_for_dl(text: str) -> None:
    assert not recognises(Path("x.txt"), text.encode())


def test_a_matrix_of_two_thousand_agents_is_read_whole(tmp_path: Path) -> None:
    row = "0 1 " + "0 " * 1998 + "\n"
    network = read(tmp_path, "DL N=2000\nDATA:\n" + row * 2000)
    assert (network.size, network.tie_count, network.self_ties) == (2000, 1999, 1)
