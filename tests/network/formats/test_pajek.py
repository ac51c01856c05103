"""Pajek's .net files: what Pajek and others write, what is refused and where, and what comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats import (
    ties_of,
)

from diffusion.network.formats import read_network
from diffusion.network.formats.pajek import recognises
from diffusion.network.formats.tables import Reading
from diffusion.network.network import Network

DRAWN = """*Network Region
*Vertices      3
  1 "Ann B"     0.1646    0.2144    0.5000 box ic Red
  2 "Cem"       0.0481    0.3869    0.5000 ellipse ic Blue x_fact 2
  3 "Dee"       0.3472    0.1913    0.5000
*Arcs
  1  2 0.5
  3  1 1.0
*Edges
  2  3 0.25
"""
SEVERAL = """*Vertices 3
1 "ann"
2 "bob"
3 "cem"
*Arcs :1 "advice"
1 2 1
*Arcs :2 "trust"
1 2 0.5
2 3 0.5
*Edges :3 "works with"
1 3 1
"""
ABC = '*Vertices 3\n1 "a"\n2 "b"\n3 "c"\n'


def net(folder: Path, content: str | bytes, name: str = "region.net") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, content: str | bytes, **said) -> Network:
    return read_network(str(net(folder, content)), Path(), reading=Reading(**said))


def notes_of(network: Network) -> list[str]:
    """Return the notes of a network without the folder's path, but for the one on direction."""
    notes = [note.rpartition("/")[2] if note.count("/") else note for note in network.notes]
    return [note for note in notes if "as written" not in note]


def test_labels_coordinates_shapes_and_keys_are_kept(tmp_path):
    network = read(tmp_path, DRAWN)
    assert network.name == "Region"
    assert network.ids == ("Ann B", "Cem", "Dee")
    assert dict(network.columns) == {
        "x": ("0.1646", "0.0481", "0.3472"),
        "y": ("0.2144", "0.3869", "0.1913"),
        "z": ("0.5000", "0.5000", "0.5000"),
        "shape": ("box", "ellipse", ""),
        "ic": ("Red", "Blue", ""),
        "x_fact": ("", "2", ""),
    }
    assert notes_of(network) == []


def test_arcs_have_one_direction_and_edges_both(tmp_path):
    assert ties_of(read(tmp_path, DRAWN)) == [
        ("Ann B", "Cem", "tie", 0.5),
        ("Cem", "Dee", "tie", 0.25),
        ("Dee", "Ann B", "tie", 1.0),
        ("Dee", "Cem", "tie", 0.25),
    ]


def test_arcs_are_read_tail_to_head_and_turned_on_request(tmp_path):
    assert any("as written" in note for note in read(tmp_path, ABC + "*Arcs\n1 2\n").notes)
    turned = read(tmp_path, ABC + "*Arcs\n1 2\n", direction="turn-to")
    assert ties_of(turned) == [("b", "a", "tie", 1.0)]


def test_each_relation_is_a_layer(tmp_path):
    assert ties_of(read(tmp_path, SEVERAL)) == [
        ("ann", "bob", "advice", 1.0),
        ("ann", "bob", "trust", 0.5),
        ("ann", "cem", "works with", 1.0),
        ("bob", "cem", "trust", 0.5),
        ("cem", "ann", "works with", 1.0),
    ]


@pytest.mark.parametrize(
    "heading", ['*Arcs :2 "trust"', '*arcs 2: "trust"', "*ARCS 2 : trust", '*Arcs:2 "trust"', '*Arcs "trust"']
)
def test_a_relation_is_named_in_many_ways(tmp_path, heading):
    assert read(tmp_path, f"{ABC}{heading}\n1 2\n").layers == ("trust",)


def test_a_relation_without_a_name_is_its_number(tmp_path):
    assert read(tmp_path, f'{ABC}*Arcs :1\n1 2\n*Arcs :7 ""\n2 3\n').layers == ("1", "7")


def test_single_lines_may_name_their_relation(tmp_path):
    declared = '*arcs :1 "advice"\n*arcs :2 "trust"\n*arcs\n1: 1 2 0.5 [7]\n2 : 1 2 1\n3: 2 3\n1 3\n'
    assert ties_of(read(tmp_path, ABC + declared)) == [
        ("a", "b", "advice", 0.5),
        ("a", "b", "trust", 1.0),
        ("a", "c", "tie", 1.0),
        ("b", "c", "3", 1.0),
    ]


def test_two_relations_of_one_name_stay_two_layers(tmp_path):
    network = read(tmp_path, f'{ABC}*Arcs :1 "likes"\n1 2\n*Arcs :2 "likes"\n1 2\n*Edges :1\n2 3\n')
    assert network.layers == ("likes", "likes (2)")
    assert notes_of(network) == ['region.net: relation 2 is called "likes" like another, so here "likes (2)"']


def test_a_number_alone_behind_arcs_is_a_count(tmp_path):
    network = read(tmp_path, f"{ABC}*Arcs 1\n1 2\n")
    assert network.layers == ("tie",)
    assert notes_of(network) == [
        (
            'region.net:5: the number 1 behind "*Arcs" was taken for a count and left out of account; '
            'a relation is written ":1"'
        )
    ]


def test_lists_have_a_vertex_and_those_it_has_ties_to(tmp_path):
    network = read(tmp_path, f"{ABC}*Arcslist\n1 2 3\n2\n*Edgeslist\n2 3\n")
    assert [tie[:2] for tie in ties_of(network)] == [("a", "b"), ("a", "c"), ("b", "c"), ("c", "b")]


def test_matrices_have_a_row_a_vertex_and_may_be_several(tmp_path):
    matrices = '*Matrix 1: "marital"\n0 0.5 0\n0 0 0\n1 0 0\n*Matrix :2 business\n0 0 0.25\n0.0 0 0\n0 0 0\n'
    assert ties_of(read(tmp_path, ABC + matrices)) == [
        ("a", "b", "marital", 0.5),
        ("a", "c", "business", 0.25),
        ("c", "a", "marital", 1.0),
    ]


def test_a_two_mode_network_has_a_column_mode(tmp_path):
    network = read(tmp_path, '*Vertices 4 3\n1 "a"\n2 "b"\n3 "c"\n4 "club"\n*Arcs\n1 4\n2 4\n')
    assert network.columns["mode"] == ("1", "1", "1", "2")
    assert notes_of(network) == [
        (
            "region.net:1: this is a two-mode network: the first 3 vertices are of mode 1, the other 1 vertex "
            'of mode 2 (column "mode"); all are agents here, and ties are read as they stand, from row to column'
        )
    ]


def test_a_two_mode_matrix_has_rows_of_the_first_mode_and_columns_of_the_second(tmp_path):
    network = read(tmp_path, '*Vertices 5 2\n1 "a"\n2 "b"\n3 "x"\n4 "y"\n5 "z"\n*Matrix\n0 1 0\n1 0 1\n')
    assert [tie[:2] for tie in ties_of(network)] == [("a", "y"), ("b", "x"), ("b", "z")]


def test_vertices_without_lines_are_called_by_their_number(tmp_path):
    network = read(tmp_path, "*Vertices 3\n*Arcs\n1 3\n")
    assert network.ids == ("1", "2", "3")
    assert notes_of(network) == ["region.net: no vertex has a label, so the ids are their numbers"]
    network = read(tmp_path, '*Vertices 3\n2 "b"\n*Arcs\n1 3\n')
    assert network.ids == ("1", "3", "b")
    assert notes_of(network) == ["region.net: 2 vertices have no label (1, 3); the id is the number"]


def test_vertices_come_in_any_order(tmp_path):
    network = read(tmp_path, '*vertices 2\n2 "b"\n1 "a"\n*arcs\n2 1\n')
    assert ties_of(network) == [("b", "a", "tie", 1.0)]


def test_repeated_labels_get_the_number_of_the_vertex(tmp_path):
    network = read(tmp_path, '*Vertices 5\n1 "Ann"\n2 "Ann 1"\n3 "Ann"\n4 Bob\n5 Bob\n*Arcs\n1 3\n')
    assert network.ids == ("Ann 1", "Ann 1 1", "Ann 3", "Bob 4", "Bob 5")
    assert ties_of(network) == [("Ann 1 1", "Ann 3", "tie", 1.0)]
    assert notes_of(network) == [
        (
            'region.net: the label "Ann" is that of vertices 1, 3; ids must be unique, so the number of the '
            'vertex was put behind it: "Ann 1 1", "Ann 3"; so were 1 other label'
        )
    ]


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ('"Ann B, RN & Co"', "Ann B, RN & Co"),
        ("Ann", "Ann"),
        ('"the &#34;boss&#34;"', 'the "boss"'),
        (r'"the \"boss\""', 'the "boss"'),
        ('"the ""boss"""', 'the "boss"'),
        ('"C:\\"', "C:\\"),
        (r'"a\\b"', r"a\\b"),
        ("Zo&#235;", "Zo\u00eb"),
        ('"100%"', "100%"),
        ('"*Arcs"', "*Arcs"),
        ("Ann&Co", "Ann&Co"),
    ],
)
def test_labels_are_read_as_others_write_them(tmp_path, written, label):
    network = read(tmp_path, f"*Vertices 1\n1 {written} 0.5 0.5\n")
    assert network.ids == (label,)
    assert network.columns["x"] == ("0.5",)


def test_times_of_vertices_are_a_column_and_those_of_ties_are_noted(tmp_path):
    content = '*Vertices 2\n1 "a" 0.1 0.2 [5-10, 12-14]\n2 "b" [1-*]\n*Arcs\n1 2 1 [7]\n2 1 1 [8]\n'
    network = read(tmp_path, content)
    assert network.columns["time"] == ("5-10, 12-14", "1-*")
    assert notes_of(network) == [
        (
            "region.net:5: this tie says when it existed; times of ties were left out, so all ties are there "
            "all the time (1 more like it)"
        )
    ]


def test_what_ties_look_like_is_left_out_and_noted(tmp_path):
    network = read(tmp_path, f'{ABC}*Arcs\n1 2 0.5 c Blue l "a to b" w 3\n2 3 c Red\n')
    assert [tie[3] for tie in ties_of(network)] == [0.5, 1.0]
    assert notes_of(network) == [
        (
            "region.net:6: this tie has more than a weight (a colour, a label); what follows the weight of "
            "ties was left out (1 more like it)"
        )
    ]


def test_keys_that_others_write_become_columns(tmp_path):
    content = '*vertices 2\n1 "Ann B" 0.0 0.0 ellipse role manager site "New Town"\n2 c 0.0 0.0 ellipse role "firm"\n'
    network = read(tmp_path, content)
    assert network.roles == ("manager", "firm")
    assert network.columns["site"] == ("New Town", "")


def test_a_key_without_a_value_is_noted(tmp_path):
    network = read(tmp_path, '*Vertices 2\n1 "a" 0.1 0.2 0.3 0.4 box ic\n2 "b" manager\n')
    assert network.columns["shape"] == ("box", "manager")
    assert notes_of(network) == [
        'region.net:2: "0.4" belongs to nothing in the line of its vertex, so it was left out, and 1 more like it'
    ]


def test_comments_and_blank_lines_are_passed_over(tmp_path):
    network = read(tmp_path, '% by hand\n\n*Vertices 2\n\n1 "a"\n% 9 "z"\n2 "b"\n\n*Arcs\n\n1 2\n%2 1\n')
    assert ties_of(network) == [("a", "b", "tie", 1.0)]


def test_the_end_of_file_that_dos_wrote_is_passed_over(tmp_path):
    assert ties_of(read(tmp_path, f"{ABC}*Arcs\r\n1 2\r\n\x1a")) == [("a", "b", "tie", 1.0)]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_all_line_ends_are_read(tmp_path, end):
    network = read(tmp_path, end.join(SEVERAL.splitlines()))
    assert network.layers == ("advice", "trust", "works with")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_all_encodings_are_read(tmp_path, encoding):
    network = read(tmp_path, '*Vertices 1\n1 "Zoë"\n'.encode(encoding))
    assert network.ids == ("Zoë",)
    assert [note for note in notes_of(network) if "Windows-1252" in note] == (
        ["region.net:2: this is not UTF-8, so the file was read as Windows-1252; check accented names"]
        if encoding == "cp1252"
        else []
    )


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("*Network C:\\data\\North.net", "North"),
        ('*Network "My net"', "My net"),
        ("*Network", "region"),
        ("*Net [a] b.c", "[a] b.c"),
    ],
)
def test_the_network_is_called_as_its_heading_says(tmp_path, heading, name):
    assert read(tmp_path, f"{heading}\n{ABC}").name == name


def test_partitions_and_vectors_beside_the_network_are_columns(tmp_path):
    (tmp_path / "region.clu").write_text("*Vertices 3\n1\n2\n1\n")
    (tmp_path / "region.vec").write_text("% degrees\n*Vertices 3\n 0.5\n 1.0\n 2.5E+0000\n")
    (tmp_path / "region_organisation.clu").write_text("% nom2Pajek\n% 1: Trust; 2: Firm\n*vertices 3\n1\n2\n0\n")
    (tmp_path / "region-age.VEC").write_text("*Vertices 3\n41\n52\n63\n")
    (tmp_path / "region.per").write_text("*Vertices 3\n1\n2\n3\n")
    (tmp_path / "region_b.net").write_text("*Vertices 1\n")
    (tmp_path / "region_b_x.clu").write_text("*Vertices 1\n1\n")
    (tmp_path / "other.clu").write_text("*Vertices 9\n")
    network = read(tmp_path, ABC)
    assert dict(network.columns) == {
        "partition": ("1", "2", "1"),
        "vector": ("0.5", "1", "2.5"),
        "organisation": ("Trust", "Firm", ""),
        "age": ("41", "52", "63"),
    }
    assert notes_of(network) == [
        'region-age.VEC: this vector lies beside the network and was read as the column "age"',
        'region.clu: this partition lies beside the network and was read as the column "partition"',
        "region.per: a permutation says nothing of agents and ties, so it was left out",
        'region.vec: this vector lies beside the network and was read as the column "vector"',
        "region_organisation.clu:2: the numbers of the partition were replaced by what the comments say they stand for",
        'region_organisation.clu: this partition lies beside the network and was read as the column "organisation"',
    ]


def test_a_second_column_of_a_name_is_called_otherwise(tmp_path):
    (tmp_path / "region_Role.clu").write_text("*Vertices 1\n1\n")
    network = read(tmp_path, '*Vertices 1\n1 "a" 0 0 box role manager\n')
    assert network.roles == ("manager",)
    assert network.columns["Role (2)"] == ("1",)
    assert 'region.net: a second column "Role" is called "Role (2)" here' in notes_of(network)


def test_a_network_of_pajek_is_recognised_by_its_beginning():
    assert recognises(Path("x"), b"\xef\xbb\xbf% by hand\r\n\r\n*vertices 3")
    assert recognises(Path("x"), "\ufeff*Network x\n".encode("utf-16"))
    assert not recognises(Path("x"), b"*Node data\nID")
    assert not recognises(Path("x"), b"dl n=3\ndata:")
    assert not recognises(Path("x"), b"")


def test_a_synthetic_network_that_pajek_saved_is_still_synthetic(tmp_path):
    network = read(tmp_path, f"*Network north (synthetic)\n{ABC}")
    assert (network.synthetic, network.name) == (True, "north")
    assert read(tmp_path, f"% synthetic: by hand\n{ABC}").synthetic
    assert not read(tmp_path, ABC).synthetic
