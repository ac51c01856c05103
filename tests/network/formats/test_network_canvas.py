"""Network Canvas exports: sessions in CSV and GraphML, and whole networks written as one session."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from canvas_exports import (
    EDGES,
    EGO,
    FIRST,
    GRAPH,
    GRAPHML,
    MATRIX,
    NODES,
    ONE,
    PAIR,
    SECOND,
    TWO,
    export,
    read,
    unpacked,
)
from formats import assert_equal, networks, problems_of, ties_of, written_and_read
from hypothesis import given

from diffusion.errors import InputError
from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.network_canvas import recognises
from diffusion.network.formats.tables import Reading
from diffusion.network.network import Network
from diffusion.network.survey import Survey


def notes_of(network: Network, folder: Path) -> list[str]:
    return [note.removeprefix(f"{folder}/") for note in network.notes]


def test_sessions_are_personal_networks_side_by_side(tmp_path: Path) -> None:
    network = read(tmp_path, FIRST | SECOND, direction="tell")
    assert network.ids == (
        "case 1",
        "case 1: 4",
        "case 1: Ann (1)",
        "case 1: Ann (3)",
        "case 1: Bob",
        "case2",
        "case2: =Ann",
    )
    assert network.columns["type"] == ("ego", "Care home", "person", "person", "person", "ego", "person")
    assert network.columns["case"] == ("case 1",) * 5 + ("case2",) * 2
    assert network.columns["ward"] == ("north", "", "", "", "", "", "")
    assert network.columns["beds"] == ("", "12", "", "", "", "", "")
    assert network.columns["race"] == ("", "", "a; b", "", "", "", "b")
    assert network.columns["layout_x"] == ("", "", "0.1", "", "", "", "")
    assert set(network.columns) == {"case", "type", "ward", "beds", "age", "race", "layout_x", "layout_y"}
    assert network.survey == Survey(ego_networks=True, respondents=2)


def test_respondents_are_tied_to_their_nodes_and_ties_between_nodes_have_no_direction(tmp_path: Path) -> None:
    network = read(tmp_path, FIRST | SECOND, direction="tell")
    assert [tie[:3] for tie in ties_of(network)] == [
        ("case 1", "case 1: 4", "named"),
        ("case 1", "case 1: Ann (1)", "named"),
        ("case 1", "case 1: Ann (3)", "named"),
        ("case 1", "case 1: Bob", "named"),
        ("case 1: 4", "case 1: Bob", "friends"),
        ("case 1: Ann (1)", "case 1: Bob", "friends"),
        ("case 1: Bob", "case 1: 4", "friends"),
        ("case 1: Bob", "case 1: Ann (1)", "friends"),
        ("case2", "case2: =Ann", "named"),
    ]


def test_what_is_assumed_and_left_out_is_told(tmp_path: Path) -> None:
    others = {"readme.md": "x", "__MACOSX/._a": "x"}
    assert notes_of(read(tmp_path, FIRST | SECOND | MATRIX | others, direction="turn-to"), tmp_path) == [
        (
            "export.zip: this is a stack of 2 personal networks and no whole network: the alters of each respondent "
            "stand for themselves, even where two respondents named the same person, so density and path lengths "
            "only show how it was asked"
        ),
        (
            'export.zip: a tie from each respondent to each alter was added in layer "named": the file only says '
            "who named whom"
        ),
        "export.zip: ties between alters have no direction here: knowledge can flow both ways",
        "export.zip: 2 alters share their name with another alter of their respondent; a number follows it",
        "export.zip: 1 adjacencyMatrix was left out, for an edgeList says the same and more",
        "export.zip: 1 other file was left out",
        'export.zip: what is said of ties was left out ("often"); a variable called strength is read',
        'export.zip: columns of options, true or false, were taken together as "race"',
        "export.zip: ties were turned: the first agent of a tie turned to the second, so knowledge flows back",
    ]


def test_a_folder_is_read_like_the_archive(tmp_path: Path) -> None:
    folder = unpacked(tmp_path, {f"unpacked/{name}": text for name, text in (FIRST | SECOND).items()})
    assert recognises(folder, b"")
    network = read_network(str(folder), Path(), reading=Reading(format="network-canvas"))
    assert replace(network, notes=()).digest == read(tmp_path, FIRST | SECOND).digest


def test_one_respondents_alters_keep_their_names(tmp_path: Path) -> None:
    assert read(tmp_path, FIRST).ids == ("4", "Ann (1)", "Ann (3)", "Bob", "case 1")


def test_merged_sessions_share_files(tmp_path: Path) -> None:
    files = {
        "Health_ego.csv": EGO + "e1,c1,s1,H,,,,,,x\r\ne2,c2,s2,H,,,,,,y\r\n",
        "Health_attributeList_person.csv": NODES + "1,e1,n1,Ann,,,,,\r\n2,e2,n1,Ann,,,,,\r\n3,e2,n3,Bob,,,,,\r\n",
        "Health_edgeList_knows.csv": EDGES + "4,2,3,e2,x1,n1,n3,\r\n",
    }
    network = read(tmp_path, files, direction="tell")
    assert network.ids == ("c1", "c1: Ann", "c2", "c2: Ann", "c2: Bob")
    assert ("c2: Ann", "c2: Bob", "knows", 1.0) in ties_of(network)


def test_a_respondent_without_nodes_is_still_an_agent(tmp_path: Path) -> None:
    files = {f"{ONE}_ego.csv": FIRST[f"{ONE}_ego.csv"], f"{ONE}_attributeList.csv": NODES, f"{ONE}_edgeList.csv": EDGES}
    assert read(tmp_path, files).ids == ("case 1",)


def test_a_variable_called_strength_is_the_strength_of_ties(tmp_path: Path) -> None:
    edges = {f"{ONE}_edgeList_friends.csv": EDGES.replace("often", "strength") + "3,1,2,e1,x1,n1,n2,4\r\n"}
    network = read(tmp_path, PAIR | edges, strength="divide-by-max")
    assert ("1", "2", "friends", 1.0) in ties_of(network)
    assert problems_of(export(tmp_path, PAIR | edges), "network-canvas") == [
        (
            "export.zip: the strength must be at most 1, not 4; --strength divide-by-max divides those of each "
            "layer by the largest of them"
        )
    ]


def test_a_matrix_is_read_where_there_is_no_list_of_its_type(tmp_path: Path) -> None:
    nodes = {f"{ONE}_attributeList_person.csv": PAIR[f"{ONE}_attributeList_person.csv"]}
    both = read(tmp_path, nodes | MATRIX, direction="tell")
    assert [tie for tie in ties_of(both) if tie[2] == "friends"] == [("1", "2", "friends", 1), ("2", "1", "friends", 1)]
    directed = {f"{ONE}_adjacencyMatrix_friends.csv": ",n1,n2\r\nn1,0,0\r\nn2,1,0\r\n"}
    one = read(tmp_path, nodes | directed, direction="tell")
    assert [tie for tie in ties_of(one) if tie[2] == "friends"] == [("2", "1", "friends", 1)]


def test_encrypted_cells_are_missing_and_told(tmp_path: Path) -> None:
    nodes = NODES + "1,e1,n1,ENCRYPTED,34,ENCRYPTED,ENCRYPTED,,\r\n2,e1,n2,ENCRYPTED,,ENCRYPTED,ENCRYPTED,,\r\n"
    network = read(tmp_path, {f"{ONE}_attributeList_person.csv": nodes})
    assert network.ids == ("1", "2", "case1")
    assert (
        "export.zip: 6 cells are encrypted and read as missing; to have what is in them, enter the passphrase in "
        "Network Canvas before exporting"
    ) in notes_of(network, tmp_path)


@pytest.mark.parametrize(
    ("header", "cells", "left"),
    [
        ("a_b_c,a_b_d,a_e_f", ["true,true,true", "false,true,true"], ["a_b_c", "a_b_d", "a_e_f"]),
        ("is_x,is_y", ["true,", "true,false"], ["is_x", "is_y"]),
        ("race_a,race_b,race", ["true,true,z", "false,true,z"], ["race_a", "race_b"]),
        ("race_a,race_b", ["true,5", "false,5"], []),
    ],
)
def test_columns_that_may_not_be_options_stay_as_they_are(
    tmp_path: Path, header: str, cells: list[str], left: list[str]
) -> None:
    rows = "".join(f"{place},e1,n{place},{row}\r\n" for place, row in enumerate(cells))
    text = f"nodeID,networkCanvasEgoUUID,networkCanvasUUID,{header}\r\n{rows}"
    network = read(tmp_path, {f"{ONE}_attributeList_person.csv": text})
    assert set(network.columns) == {"case", "type", *header.split(",")}
    listed = ", ".join(f'"{name}"' for name in left)
    said = f"export.zip: {listed} may be options of one variable; they were left as they are"
    assert (said in notes_of(network, tmp_path)) == bool(left)


def test_a_graphml_file_is_read_with_its_respondent(tmp_path: Path) -> None:
    network = read(tmp_path, {f"{ONE}.graphml": GRAPHML}, direction="tell")
    assert network.ids == ("2", "Ann", "case1")
    assert network.columns == {
        "case": ("case1",) * 3,
        "type": ("person", "person", "ego"),
        "age": ("34", "", ""),
        "ward": ("", "", "north"),
        "my_race": ("", "a; b_c", ""),
    }
    assert ties_of(network) == [
        ("2", "Ann", "friends", 0.5),
        ("Ann", "2", "friends", 0.5),
        ("case1", "2", "named", 1.0),
        ("case1", "Ann", "named", 1.0),
    ]
    assert 'export.zip: what is said of ties was left out ("often"); a variable called strength is read' in notes_of(
        network, tmp_path
    )


def test_a_graphml_file_alone_is_read_where_its_format_is_named(tmp_path: Path) -> None:
    folder = unpacked(tmp_path, {f"{ONE}.graphml": GRAPHML})
    assert recognises(folder, b"")
    for path in (folder, folder / f"{ONE}.graphml"):
        network = read_network(str(path), Path(), reading=Reading(format="network-canvas"))
        assert network.ids == ("2", "Ann", "case1")


def test_several_graphs_are_several_sessions_and_edges_may_be_directed(tmp_path: Path) -> None:
    other = GRAPH.replace("e1<", "e2<").replace('caseId="case1"', 'caseId="case2"').replace("undirected", "directed")
    network = read(tmp_path, {"Health.graphml": GRAPHML.replace(GRAPH, GRAPH + other)}, direction="tell")
    assert network.ids == ("case1", "case1: 2", "case1: Ann", "case2", "case2: 2", "case2: Ann")
    friends = [tie[:2] for tie in ties_of(network) if tie[2] == "friends"]
    assert friends == [("case1: 2", "case1: Ann"), ("case1: Ann", "case1: 2"), ("case2: Ann", "case2: 2")]


@pytest.mark.parametrize("name", [f"{ONE}.graphml", "renamed.graphml"])
def test_of_a_session_in_both_forms_the_csv_is_read(tmp_path: Path, name: str) -> None:
    network = read(tmp_path, FIRST | {name: GRAPHML})
    assert network.digest == read(tmp_path, FIRST).digest
    assert notes_of(network, tmp_path)[4] == "export.zip: 1 session is in it in CSV and in GraphML; the CSV was read"


def test_a_link_that_leads_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = unpacked(tmp_path, PAIR)
    outside = tmp_path / "secret"
    outside.mkdir()
    (outside / f"{TWO}_attributeList_person.csv").write_text(SECOND[f"{TWO}_attributeList_person.csv"])
    (folder / "linked").symlink_to(outside)
    (folder / f"{TWO}_attributeList_person.csv").symlink_to(outside / f"{TWO}_attributeList_person.csv")
    network = read_network(str(folder), Path(), reading=Reading(format="network-canvas"))
    assert network.ids == ("1", "2", "case1")
    assert "export: 2 links to places outside of it or to folders left out" in notes_of(network, tmp_path)


def test_other_folders_and_archives_are_not_taken_for_exports(tmp_path: Path) -> None:
    assert not recognises(unpacked(tmp_path, {"agents.csv": "id\na\n", "x.graphml": "<graphml/>"}), b"")
    assert not recognises(export(tmp_path, {"nodes.csv": "Id\na\n"}), b"PK")
    assert not recognises(export(tmp_path, b"PK rubbish"), b"PK")
    assert recognises(export(tmp_path, PAIR), b"PK")


@given(networks())
def test_a_network_comes_back_as_it_was(network: Network) -> None:
    back, lost = written_and_read(network, "export.zip", "network-canvas")
    assert_equal(back, network)
    assert lost == []


def test_a_written_network_is_no_stack_and_says_that_it_is_synthetic(tmp_path: Path) -> None:
    network = Network.from_tables(
        name="north",
        ids=["a", "b"],
        columns={"name": ["x", "y"], "race_a": ["true", "false"], "race_b": ["false", "false"]},
        source=["a", "b", "a"],
        target=["b", "a", "b"],
        layer=["a/b", "a/b", "a?b"],
        synthetic=True,
    )
    path = tmp_path / "other.zip"
    assert write_network(network, path) == []
    assert recognises(path, b"PK")
    back = read_network(str(path), Path())
    assert_equal(back, network)
    assert back.notes == ()
    with zipfile.ZipFile(path) as archive:
        first = archive.read(archive.namelist()[0]).decode()
    assert first.startswith(
        ""
        "nodeID,networkCanvasEgoUUID,networkCanvasUUID,label,network_name,network_synthetic,role,name,race_a,race_b\r\n1,,"
    )
    assert first.endswith(",b,north,true,agent,y,false,false\r\n")


def test_writing_twice_gives_the_same_archive(tmp_path: Path) -> None:
    network = Network.from_tables(name="north", ids=["a", "b"], source=["a"], target=["b"])
    for name in ("one.zip", "two.zip"):
        write_network(network, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    network = Network.from_tables(name="n", ids=["a"], columns={"nodeID": ["7"]}, source=[], target=[])
    assert write_network(replace(network, survey=Survey()), tmp_path / "export.zip") == [
        'the column "nodeID" is called "nodeID (2)", for its name means something else there',
        "how the network was asked for (respondents, response rate, caps)",
    ]
    with pytest.raises(InputError, match=r"is a folder; a Network Canvas export is written as one \.zip file"):
        write_network(network, tmp_path, format_name="network-canvas")


def test_files_beside_a_written_network_are_left_out_and_told(tmp_path: Path) -> None:
    write_network(Network.from_tables(name="n", ids=["a"], source=[], target=[]), tmp_path / "other.zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "a") as archive:
        archive.writestr("readme.md", "x")
        archive.writestr(f"{ONE}.graphml", GRAPHML)
    back = read_network(str(tmp_path / "other.zip"), Path())
    assert (back.ids, notes_of(back, tmp_path)) == (("a",), ["other.zip: 2 other files were left out"])
