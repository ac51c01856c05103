"""VNA files: what NetDraw, EgoNet and Gephi write, what is refused, and what comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from formats import (
    CELLS,
    NAMES,
    assert_answers,
    assert_equal,
    damaged,
    networks,
    problems_of,
    ties_of,
    written_and_read,
)
from hypothesis import given

from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.tables import Reading
from diffusion.network.formats.vna import recognises
from diffusion.network.network import Network
from diffusion.network.survey import Survey

NETDRAW = """*Node data
"ID", "role", "ward"
"HOLLY B" "manager" "3"
BRAZEY academic ""
CAROL "" 12

*Node properties
ID x y color shape size shortlabel
"HOLLY B" 1160 271 255 1 10 HOLLY
BRAZEY 1214 577 255 1 10 BRAZEY
CAROL 671 612 255 1 10 CAROL
*Tie properties
FROM TO color size headcolor headsize active
"HOLLY B" BRAZEY 0 1 0 8 -1
*Tie data
FROM TO "friends" "advice"
"HOLLY B" BRAZEY 1 0.5
BRAZEY "HOLLY B" 0 1
CAROL BRAZEY 0 ""
"""


def vna(folder: Path, content: str | bytes, name: str = "region.vna") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, content: str | bytes, **said) -> Network:
    return read_network(str(vna(folder, content)), Path(), reading=Reading(**said))


def notes_of(network: Network) -> list[str]:
    return [note.rpartition("/")[2] for note in network.notes]


def problems(folder: Path, content: str | bytes) -> list[str]:
    return problems_of(vna(folder, content), "vna")


def test_a_file_of_netdraw_is_read_with_attributes_and_every_kind_of_tie(tmp_path: Path) -> None:
    network = read(tmp_path, NETDRAW)
    assert network.ids == ("BRAZEY", "CAROL", "HOLLY B")
    assert network.roles == ("academic", "agent", "manager")
    assert network.columns == {"ward": ("", "12", "3"), "shortlabel": ("BRAZEY", "CAROL", "HOLLY")}
    assert ties_of(network) == [
        ("BRAZEY", "HOLLY B", "advice", 1.0),
        ("HOLLY B", "BRAZEY", "advice", 0.5),
        ("HOLLY B", "BRAZEY", "friends", 1.0),
    ]
    assert network.survey is None
    assert notes_of(network) == [
        "region.vna: how the agents are drawn (x, y, color, shape, size) was left out",
        (
            "region.vna: ties were read as written, tail to head (row to column): knowledge flows from the first "
            "agent to the second. If the first turned to the second, say --direction turn-to"
        ),
    ]


def test_sections_come_in_any_order_and_letter_case(tmp_path: Path) -> None:
    network = read(tmp_path, "*TIE DATA\nfrom to\na b\n\n*node DATA\nid\nb\na\nc\n", direction="tell")
    assert network.ids == ("a", "b", "c")
    assert ties_of(network) == [("a", "b", "tie", 1.0)]
    assert network.notes == ()


def test_a_file_may_hold_ties_alone(tmp_path: Path) -> None:
    network = read(tmp_path, "*Tie data\nfrom to\na b\nb c\n", direction="tell")
    assert network.ids == ("a", "b", "c")
    assert notes_of(network) == ["region.vna: there is no *Node data in it, so agents without ties are missing"]


def test_agents_that_only_ties_name_are_added_and_told(tmp_path: Path) -> None:
    network = read(tmp_path, "*Node data\nID age\na 7\n*Tie data\nfrom to\na a\na b\nc a\n", direction="tell")
    assert network.ids == ("a", "b", "c")
    assert network.columns == {"age": ("7", "", "")}
    assert notes_of(network) == [
        "region.vna:7: 2 agents are in *Tie data only, the first here; added, with nothing else known of them"
    ]


def test_a_column_called_strength_is_the_strength_of_ties(tmp_path: Path) -> None:
    network = read(tmp_path, '*Tie data\nfrom to Strength\na b 0,5\nb a 0\na c ""\n', direction="tell")
    assert ties_of(network) == [("a", "b", "tie", 0.5), ("a", "c", "tie", 1.0)]
    assert notes_of(network)[-1] == ("region.vna: 1 tie of strength 0 was left out: a strength of 0 is no tie")


def test_columns_beside_a_strength_are_left_out_and_named(tmp_path: Path) -> None:
    text = "*Tie data\nfrom to strength kind used\na b 0.5 friend 1\n"
    network = read(tmp_path, text, direction="tell")
    assert ties_of(network) == [("a", "b", "tie", 0.5)]
    assert notes_of(network)[1] == (
        'region.vna: of the columns of ties "kind", "used" was left out: "strength" was read as the strength of '
        "ties; if each column is a kind of tie, rename it"
    )


def test_a_column_of_ties_without_any_number_is_left_out_and_named(tmp_path: Path) -> None:
    network = read(tmp_path, "*Tie data\nfrom to kind\na b friend\nb a foe\n", direction="tell")
    assert [tie[:3] for tie in ties_of(network)] == [("a", "b", "tie"), ("b", "a", "tie")]
    assert notes_of(network)[1] == (
        'region.vna: of the columns of ties "kind" was left out: a kind of tie needs numbers, 0 for no tie'
    )


def test_commas_may_separate_what_stands_in_a_row(tmp_path: Path) -> None:
    network = read(tmp_path, '*Node data\nID, sex\n"Ann, B", f\nCem, m\n*Tie data\nfrom, to\n"Ann, B", Cem\n')
    assert network.ids == ("Ann, B", "Cem")
    assert network.columns == {"sex": ("f", "m")}


def test_a_comma_inside_a_name_without_blanks_stays_there(tmp_path: Path) -> None:
    assert read(tmp_path, "*Node data\nID sex\nAnn,B f\n").ids == ("Ann,B",)


def test_a_quoted_name_may_hold_blanks_and_doubled_quotation_marks(tmp_path: Path) -> None:
    assert read(tmp_path, '*Node data\nID\n"Ann ""the"" B"\n').ids == ('Ann "the" B',)


def test_a_file_without_ties_says_so(tmp_path: Path) -> None:
    network = read(tmp_path, "*Node data\nID\na\n")
    assert notes_of(network) == ["region.vna: there is no *Tie data in it, so no agent has ties"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_usual_encoding_and_line_end_is_read_and_recognised(tmp_path: Path, encoding: str) -> None:
    path = vna(tmp_path, "\r\n*Node data\r\nID\r\nZo\u00eb\r\n".encode(encoding), "region.txt")
    assert recognises(path, path.read_bytes()[:8192])
    assert read_network(str(path), Path()).ids == ("Zo\u00eb",)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "DL n=3\n", "*Vertices 3\n", "", "from to\n*Tie data\n", "\xff\xfe"])
def test_other_files_are_not_taken_for_vna(text: str) -> None:
    assert not recognises(Path("x.txt"), text.encode("latin-1"))


BROKEN = {
    "": ["region.vna: the file is empty; a VNA file begins with *Node data or *Tie data"],
    "a b\n": ['region.vna:1: a VNA file begins with *Node data, *Node properties or *Tie data, not with "a b"'],
    "*Tie date\nfrom to\na b\n": [
        (
            'region.vna:1: the section "*Tie date" is not known; known are *Node data, *Node properties and '
            '*Tie data; did you mean "*tie data"?'
        )
    ],
    "*Node data\n": ["region.vna:1: no line after *Node data names its columns; the file breaks off here"],
    "*Node data\nID\na\n*Tie data": [
        "region.vna:4: no line after *Tie data names its columns; the file breaks off here"
    ],
    "*Node data\nann manager\nbob firm\n": [
        'region.vna:2: the line after *Node data must name the columns, ID first, not "ann"'
    ],
    "*Tie data\nann bob\n": [
        'region.vna:2: the line after *Tie data must name the columns, from and to first, not "ann bob"'
    ],
    "*Node data\nID age\na 1\n\nb\nc 1 2\n": [
        (
            "region.vna:5: the row has 1 values, but there are 2 columns; put names with blanks in quotation "
            'marks, and "" for what is missing'
        ),
        (
            "region.vna:6: the row has 3 values, but there are 2 columns; put names with blanks in quotation "
            'marks, and "" for what is missing'
        ),
    ],
    "*Node data\nID\na\nb\na\n": ['region.vna:5: the ID "a" was given in line 3; IDs must be unique'],
    '*Node data\nID\n""\n': ["region.vna:3: the ID is empty; give every agent one"],
    '*Node data\nID\n"a\n': ["region.vna:3: a quotation mark in this line is not closed, or stands inside a name"],
    '*Node data\n"ID\na\n': ["region.vna:2: a quotation mark in this line is not closed, or stands inside a name"],
    "*Node data\nID x x\na 1 2\n": ['region.vna:2: the column "x" is there 2 times; keep one'],
    "*Node data\nID\na\n*Node data\nID\nb\n": ["region.vna:4: *Node data was given in line 1; keep one of the two"],
    '*Tie data\nfrom to\na ""\n': ['region.vna:3: "to" is empty; a tie needs an agent at both ends'],
    "*Tie data\nfrom to trust\na b 1\nb a much\n": [
        'region.vna:4: "trust" must be a number, 0 or "" for no tie, not "much"'
    ],
    "*Tie data\nfrom to trust\na b 1\nb a 3\n": [
        (
            "region.vna:4: the strength must be at most 1, not 3; --strength divide-by-max divides those of each "
            "layer by the largest of them"
        )
    ],
    "*Tie data\nfrom to trust\na b -1\n": [
        "region.vna:3: the strength must be above 0 and at most 1, not -1; leave out negative ties"
    ],
    "*Node data\nID role\na b\nc normal\n": ['region.vna:4: "normal" is reserved and cannot be a role; rename it'],
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_refused_in_plain_words(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text) == BROKEN[text]


def test_binary_rubbish_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, bytes(range(256))) == [
        "region.vna:1: the file holds a NUL byte, so it is no text; is it the right file?"
    ]


@given(damaged(NETDRAW.encode()))
def test_whatever_happens_to_a_file_there_is_an_answer(content: bytes) -> None:
    assert_answers(content, "region.vna", "vna")


@given(networks(names=NAMES.filter(lambda name: '"' not in name), cells=CELLS.filter(lambda cell: '"' not in cell)))
def test_a_network_without_quotation_marks_comes_back_as_it_was(network: Network) -> None:
    back, lost = written_and_read(network, "region.vna", "vna")
    assert_equal(back, network)
    assert lost == []


@given(networks())
def test_any_network_comes_back_with_its_agents_and_ties(network: Network) -> None:
    back, _ = written_and_read(network, "region.vna", "vna")
    assert (back.size, back.tie_count, len(back.layers)) == (network.size, network.tie_count, len(network.layers))
    assert back.strength.sum() == pytest.approx(network.strength.sum())


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    network = Network.from_tables(
        name="north", ids=['a"', "a'"], columns={"network_name": ["x\ny", ""]}, source=['a"'], target=["a'"]
    )
    surveyed = replace(network, survey=Survey(ego_networks=True))
    assert write_network(surveyed, tmp_path / "region.vna") == [
        'the column "network_name" is called "network_name (2)", for its name means something else there',
        "quotation marks and line ends inside texts: apostrophes and blanks stand for them in 2 places",
        "how the network was asked for (respondents, response rate, caps), and that it is a stack of personal networks",
    ]
    back = read_network(str(tmp_path / "region.vna"), Path())
    assert back.ids == ("a'", "a' (2)")
    assert back.columns == {"network_name (2)": ("", "x y")}


def test_a_written_network_says_that_it_is_synthetic_and_which_way_knowledge_flows(tmp_path: Path) -> None:
    network = Network.from_tables(name="north", ids=["a", "b"], source=["a"], target=["b"], synthetic=True)
    write_network(network, tmp_path / "other.vna")
    back = read_network(str(tmp_path / "other.vna"), Path())
    assert (back.name, back.synthetic, back.notes) == ("north", True, ())
