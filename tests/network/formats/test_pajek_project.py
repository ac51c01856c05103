"""Pajek's .paj projects: networks, partitions and vectors in one file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from formats import assert_answers, assert_equal, damaged, networks, problems_of, ties_of, written_and_read
from hypothesis import given

from diffusion.network.formats import pajek, read_network, write_network
from diffusion.network.formats.pajek_project import recognises
from diffusion.network.formats.tables import Reading
from diffusion.network.network import Network

VERTICES = '*Vertices 3\n1 "a" 0.1 0.2\n2 "b" 0.3 0.4\n3 "c" 0.5 0.6\n'
PROJECT = f"""*Network C:\\data\\advice.net
{VERTICES}*Arcs
1 2
*Edges

*Matrix trust
{VERTICES}*Matrix
0 0.5 0
0 0 0
1 0 0

*Partition C:\\data\\role.clu
*Vertices 3
% 1: manager
% 2: firm
1
2
1

*Vector Age in years (3)
*Vertices 3
41
52.5
6.3E+0001

*Permutation by age
*Vertices 3
3
1
2
*Cluster core
*Vertices 1
2
*Hierarchy tree
anything 1 2
"""


def paj(folder: Path, content: str | bytes, name: str = "region.paj") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, content: str | bytes, **said) -> Network:
    return read_network(str(paj(folder, content)), Path(), reading=Reading(**said))


def notes_of(network: Network) -> list[str]:
    """Return the notes of a network without the folder's path, but for the one on direction."""
    return [note.rpartition("/")[2] for note in network.notes if "as written" not in note]


def problems(folder: Path, content: str | bytes) -> list[str]:
    return problems_of(paj(folder, content))


def test_the_networks_of_a_project_are_layers(tmp_path):
    network = read(tmp_path, PROJECT)
    assert network.name == "region"
    assert ties_of(network) == [("a", "b", "advice", 1.0), ("a", "b", "trust", 0.5), ("c", "a", "trust", 1.0)]


def test_partitions_and_vectors_are_columns_and_the_rest_is_noted(tmp_path):
    network = read(tmp_path, PROJECT)
    assert network.roles == ("manager", "firm", "manager")
    assert network.columns["Age in years (3)"] == ("41", "52.5", "63")
    assert network.columns["x"] == ("0.1", "0.3", "0.5")
    assert notes_of(network) == [
        'region.paj: the networks of this project are layers of one network here: "advice", "trust"',
        "region.paj:22: the numbers of the partition were replaced by what the comments say they stand for",
        'region.paj:34: "*Permutation by age" says nothing of agents and ties, so it was left out',
        'region.paj:39: "*Cluster core" says nothing of agents and ties, so it was left out',
        'region.paj:42: "*Hierarchy tree" says nothing of agents and ties, so it was left out',
    ]


def test_one_network_alone_gives_its_name_and_its_relations(tmp_path):
    network = read(
        tmp_path, f'*Network Families\n{VERTICES}*Matrix 1: "Marital"\n0 1 0\n0 0 0\n0 0 0\n*Arcs :2 x\n2 3\n'
    )
    assert network.name == "Families"
    assert ties_of(network) == [("a", "b", "Marital", 1.0), ("b", "c", "x", 1.0)]


def test_relations_of_several_networks_keep_both_names(tmp_path):
    content = (
        f"*Network 1990\n{VERTICES}*Arcs :1 likes\n1 2\n*Arcs :2 helps\n1 2\n*Network 2000\n{VERTICES}*Arcs\n2 3\n"
    )
    assert read(tmp_path, content).layers == ("1990: helps", "1990: likes", "2000")


def test_networks_without_a_name_are_numbered(tmp_path):
    network = read(tmp_path, f"{VERTICES}*Arcs\n1 2\n{VERTICES}*Arcs\n2 3\n*Network advice\n{VERTICES}*Arcs\n1 3\n")
    assert network.layers == ("advice", "network 1", "network 2")


def test_another_drawing_of_the_same_vertices_is_noted(tmp_path):
    moved = VERTICES.replace("0.1", "0.9")
    network = read(tmp_path, f"*Network p\n{VERTICES}*Arcs\n1 2\n*Network q\n{moved}*Arcs\n2 3\n")
    assert network.columns["x"][0] == "0.1"
    assert 'region.paj:9: the drawing of the vertices in "q" differs from that in "p" and was left out' in notes_of(
        network
    )


def test_a_partition_of_another_size_is_left_out_and_noted(tmp_path):
    network = read(tmp_path, f"*Network p\n{VERTICES}*Arcs\n1 2\n*Partition k-core\n*Vertices 2\n1\n1\n")
    assert "k-core" not in network.columns
    assert notes_of(network) == [
        'region.paj:8: the partition "k-core" was left out: it is of 2 vertices, the network of 3'
    ]


def test_a_partition_without_a_name_is_called_partition_and_names_are_kept_apart(tmp_path):
    part = "*Partition\n*Vertices 3\n1\n2\n3\n"
    network = read(tmp_path, f"*Network p\n{VERTICES}{part}{part}*Vector\n*Vertices 3\n1\n2\n3\n")
    assert [*network.columns] == ["x", "y", "partition", "partition (2)", "vector"]
    assert 'region.paj: a second column "partition" is called "partition (2)" here' in notes_of(network)


FEWER = '*Vertices 2\n1 "a"\n2 "b"\n'
OTHERS = '*Vertices 3\n1 "a"\n2 "b"\n3 "d"\n'


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "region.paj: the file has no section"),
        (b"\x00\x01", "region.paj:1: the file holds a NUL byte"),
        ("1 2\n", 'region.paj:1: a section such as "*Vertices 10" must come first'),
        ("*Partition x\n*Vertices 1\n1\n", "region.paj: there is no network in this project; one begins with"),
        ("*Network x\n", 'region.paj:1: behind "*Network" a line "*Vertices" and their number must come'),
        (
            "*Network x\n1 2\n",
            'region.paj:2: behind "*Network" a line "*Vertices" and their number must come, not "1 2"',
        ),
        ("*Arcs\n1 2\n", 'region.paj:1: "*Arcs" belongs to no network here: "*Vertices" and their number must come'),
        (
            f"{VERTICES}*Partition x\n",
            'region.paj:5: behind "*Partition" a line "*Vertices" and their number must come',
        ),
        (
            f"{VERTICES}*Partition x\n*Vertices y\n1\n",
            'region.paj:6: behind "*Vertices" the number of vertices must st',
        ),
        (
            f"{VERTICES}*Partition x\n*Vertices 3\n1\n2\n",
            "region.paj:8: 3 numbers were announced in line 6, but only 2",
        ),
        (
            f"{VERTICES}*Vector x\n*Vertices 3\n1\n2\n3\n4\n",
            "region.paj:10: 3 numbers were announced in line 6, but an",
        ),
        (
            f"{VERTICES}*Vector x\n*Vertices 3\n1\nb\n3\n",
            'region.paj:8: a vector must have a number in each line, not "b"',
        ),
        (f"{VERTICES}*Partition x\n*Vertices 3\n1\n2\n3\n*Arcs\n1 2\n", 'region.paj:10: "*Arcs" belongs to no network'),
        (f"{VERTICES}*Partitoin x\n", 'region.paj:5: "*Partitoin" is no section of a Pajek file that is read; did you'),
        (
            f"*Network p\n{VERTICES}*Arcs\n1 2\n*Network q\n{FEWER}*Arcs\n1 2\n",
            (
                'region.paj:9: the network "q" has other vertices than "p" (2 vertices instead of 3 '
                "vertices), so they cannot be layers of one network; save the one that you want from Pajek as a .net "
                "file"
            ),
        ),
        (
            f"*Network p\n{VERTICES}*Network q\n{OTHERS}",
            'region.paj:7: the network "q" has other vertices than "p" (the same number, under other labels), so they',
        ),
        (
            f'*Network p\n{VERTICES}*Arcs\n1 2\n*Network q\n*Vertices 3\n1 "a"\n',
            "region.paj:10: 3 vertices were announ",
        ),
        (
            f"*Network p\n{VERTICES}*Arcs\n1 7\n",
            "region.paj:7: a tie names a vertex by its number between 1 and 3, not",
        ),
    ],
)
def test_a_broken_project_is_refused_with_its_line(tmp_path, content, problem):
    assert problems(tmp_path, content)[0].startswith(problem)


def test_a_project_named_as_a_network_is_told_to_be_renamed(tmp_path):
    assert problems_of(paj(tmp_path, PROJECT, "region.net")) == [
        (
            'region.net:11: "*Vertices" cannot come here: a .net file holds one network and no more; if this '
            "is a project of Pajek, name it .paj"
        )
    ]


def test_a_project_is_recognised_by_its_parts():
    here = Path("x")
    assert recognises(here, PROJECT.encode())
    assert not recognises(here, f"*Network x\n{VERTICES}*Arcs\n1 2\n".encode())
    assert not recognises(here, b"*Node data\nID")
    assert pajek.recognises(here, f"*Network x\n{VERTICES}".encode())


def region() -> Network:
    return Network.from_tables(
        name="north",
        ids=["Ann", "Bob", "Cem"],
        roles=["manager", "firm", "firm"],
        columns={"site": ["York", "", 'The "Hub"'], "ward": ["3", "7", "3"], "age": ["41.5", "52", "63"]},
        source=["Ann", "Bob"],
        target=["Bob", "Cem"],
        layer=["formal", "informal"],
        strength=np.array([0.5, 1.0]),
        synthetic=True,
    )


def test_columns_are_written_as_partitions_and_vectors_that_pajek_sees(tmp_path):
    lost = write_network(region(), tmp_path / "north.paj")
    said = "Pajek sees numbers; what they stand for is in comments"
    assert lost == [f'the texts of the column "role": {said}', f'the texts of the column "site": {said}']
    text = (tmp_path / "north.paj").read_bytes().decode()
    parts = text[text.index("*Partition") :].split("\r\n")
    assert " ".join(parts) == (
        '*Partition role % 1: firm % 2: manager *Vertices 3 2 1 1 *Partition site % 1: The "Hub" % 2: York *Vertices 3 '
        "2 0 1 *Partition ward *Vertices 3 3 7 3 *Vector age *Vertices 3 41.5 52 63 "
    )


def test_a_written_project_is_read_back_with_all_it_has(tmp_path):
    network, _ = written_and_read(region(), "north.paj", "pajek-project")
    assert_equal(network, region())
    write_network(region(), tmp_path / "north.paj")
    assert read_network(str(tmp_path / "north.paj"), Path()).notes == ()


def test_a_written_project_without_its_comments_still_has_ties_and_codes(tmp_path):
    write_network(region(), tmp_path / "north.paj")
    lines = (tmp_path / "north.paj").read_text().splitlines()
    network = read(tmp_path, "\n".join(line for line in lines if not line.startswith("%")))
    assert (network.name, network.synthetic) == ("north", True)
    assert network.columns["age"] == ("41.5", "52", "63")
    assert network.roles == ("2", "1", "1")
    assert ties_of(network) == ties_of(region())


def test_comments_of_one_network_among_others_are_left_out_and_noted(tmp_path):
    write_network(region(), tmp_path / "north.paj")
    more = '*Network more\n*Vertices 3\n1 "Ann"\n2 "Bob"\n3 "Cem"\n*Arcs\n1 3\n'
    network = read(tmp_path, (tmp_path / "north.paj").read_text() + more)
    assert network.synthetic
    assert network.roles == ("manager", "firm", "firm")
    assert network.layers == ("more", "north: formal", "north: informal")
    assert (
        'region.paj: comments that begin with "% diffusion" are of one network; here are more, so they were left out'
        in notes_of(network)
    )


@given(networks())
def test_every_network_comes_back(network):
    again, _ = written_and_read(network, "network.paj", "pajek-project")
    assert_equal(again, network)


def written() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "north.paj")
        write_network(region(), path)
        return path.read_bytes()


@given(damaged(written()))
def test_a_damaged_project_of_our_own_gets_an_answer(content):
    assert_answers(content, "north.paj", "pajek-project")


@given(damaged(PROJECT.encode()))
def test_a_damaged_project_gets_an_answer(content):
    assert_answers(content, "north.paj", "pajek-project")
