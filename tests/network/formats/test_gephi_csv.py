"""Gephi's two tables: what Gephi and its users write, what is refused, and what comes back."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from formats import (
    assert_answers,
    assert_equal,
    damaged,
    is_column_name,
    networks,
    ties_of,
    written_and_read,
)
from hypothesis import given
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.gephi_csv_tables import TIMES
from diffusion.network.formats.registry import format_of
from diffusion.network.formats.tables import Reading
from diffusion.network.network import Network
from diffusion.network.survey import Survey

EXPORTED_NODES = 'Id,Label,timeset,modularity_class\n11,Valjean,,1\n48,"Gavroche, le petit",,8\n55,Marius,,6\n'
EXPORTED_EDGES = """Source,Target,Type,Id,Label,timeset,Weight
11,48,Undirected,0,,,1
48,55,Directed,1,,,0.5
"""
NODES = "Id,Label,role\nann,ann,manager\nbob,bob,firm\n"
AS_WRITTEN = (
    "ties were read as written, tail to head (row to column): knowledge flows from the first agent to the second"
)


def folder_with(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def pair(folder: Path, edges: str | bytes, nodes: str | bytes = NODES) -> Path:
    return folder_with(folder, {"nodes.csv": nodes, "edges.csv": edges})


def read(path: Path, **said) -> Network:
    return read_network(str(path), Path(), reading=Reading(**({"direction": "tell"} | said)))


def notes_of(network: Network) -> list[str]:
    return [note.rpartition("/")[2] for note in network.notes]


def test_what_the_data_laboratory_exports_is_read_with_labels_as_names(tmp_path: Path) -> None:
    files = {"lesmis [Nodes].csv": EXPORTED_NODES, "lesmis [Edges].csv": EXPORTED_EDGES}
    folder = folder_with(tmp_path, files)
    for path in (folder, *(folder / name for name in files)):
        network = read(path)
        assert network.name == "lesmis"
        assert network.ids == ("Gavroche, le petit", "Marius", "Valjean")
        assert network.columns == {"modularity_class": ("8", "6", "1"), "Gephi Id": ("48", "55", "11")}
        assert ties_of(network) == [
            ("Gavroche, le petit", "Marius", "tie", 0.5),
            ("Gavroche, le petit", "Valjean", "tie", 1.0),
            ("Valjean", "Gavroche, le petit", "tie", 1.0),
        ]
        assert notes_of(network) == [
            (
                "lesmis [Nodes].csv: agents are called by their Label, for every node has one of its own; "
                '"Gephi Id" keeps the Id'
            )
        ]


@pytest.mark.parametrize(
    ("nodes", "edges"),
    [
        ("nodes.csv", "edges.csv"),
        ("Nodes.CSV", "EDGES.csv"),
        ("ward_node.csv", "ward_edge.csv"),
        ("ward_NODES_2.csv", "ward_edges_2.csv"),
        ("mynodes.csv", "ties-edges.csv"),
    ],
)
def test_a_folder_is_told_by_the_names_of_its_tables_in_any_letter_case(tmp_path: Path, nodes: str, edges: str) -> None:
    folder_with(tmp_path, {nodes: NODES, edges: "Source,Target\nann,bob\n", "notes.csv": "a,b\n"})
    assert format_of(tmp_path).name == "gephi"
    assert read(tmp_path).roles == ("manager", "firm")


@pytest.mark.parametrize(
    ("name", "content", "format_name"),
    [
        ("e.csv", EXPORTED_EDGES, "gephi"),
        ("e.csv", "source;target;type\na;b;\n", "gephi"),
        ("e.csv", "Kind,Target,Source\nx,a,b\n", "gephi"),
        ("e.csv", "ID\tLabel\na\tAnn\n", "gephi"),
        ("e.csv", "Source,Target\na,b\n", "edge-list"),
        ("edges.csv", "Source,Target,Weight\na,b,1\n", "edge-list"),
        ("e.csv", "source,target,type\na,b,advice\n", "edge-list"),
        ("e.csv", "source,target,layer,strength,synthetic\na,b,x,1,false\n", "edge-list"),
        ("e.csv", "id,age\na,3\n", "edge-list"),
        ("e.csv", ",a,b\na,0,1\nb,1,0\n", "matrix"),
    ],
)
def test_only_the_header_of_gephi_makes_a_sheet_one_of_its_tables(
    tmp_path: Path, name: str, content: str, format_name: str
) -> None:
    assert format_of(folder_with(tmp_path, {name: content}) / name).name == format_name


def test_a_plain_list_of_edges_takes_the_nodes_beside_it_along(tmp_path: Path) -> None:
    pair(tmp_path, "Source,Target\nann,bob\n")
    assert read(tmp_path / "edges.csv").roles == ("manager", "firm")
    assert read(tmp_path / "nodes.csv").tie_count == 1


def test_folders_of_other_formats_stay_what_they_are(tmp_path: Path) -> None:
    pair(tmp_path, "Source,Target\nann,bob\n")
    (tmp_path / "ties.csv").write_text("source,target\n", encoding="utf-8")
    assert format_of(tmp_path).name == "csv"
    export = tmp_path / "export"
    export.mkdir()
    folder_with(
        export,
        {"c_attributeList_nodes.csv": "id\n1\n", "c_edgeList_edges.csv": "from,to\n1,1\n", "c_ego.csv": "a\n1\n"},
    )
    assert format_of(export).name == "network-canvas"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_the_marks_and_encodings_of_spreadsheets_are_understood(tmp_path: Path, encoding: str, separator: str) -> None:
    nodes = 'Id;Label;"note, if any"\nzoë;;"a ""b"" c, d"\n"bob";;\n'.replace(";", separator)
    edges = 'Source;Target;Type;Weight\n"zoë";bob;mutual;0,25\n'.replace(";", separator)
    network = read(pair(tmp_path, edges.encode(encoding), nodes.encode(encoding)))
    assert network.columns == {"note, if any": ("", 'a "b" c, d')}
    assert ties_of(network) == [("bob", "zoë", "tie", 0.25), ("zoë", "bob", "tie", 0.25)]


def test_ties_without_a_type_are_directed_as_in_gephi_and_a_note_says_so(tmp_path: Path) -> None:
    network = read(pair(tmp_path, "Source,Target,Type\nann,bob,\nbob,ann,UNDIRECTED\n"))
    assert notes_of(network) == ["edges.csv: 1 of the ties have no Type and were read as directed, as Gephi does"]
    network = read(pair(tmp_path, "Source,Target\nann,bob\n"))
    assert ties_of(network) == [("ann", "bob", "tie", 1.0)]
    assert notes_of(network) == ["edges.csv: no tie has a Type, so all were read as directed, as Gephi does"]


def test_kinds_are_layers_and_of_repeats_the_strongest_stays(tmp_path: Path) -> None:
    edges = (
        "Source,Target,Type,Kind,Weight\nann,bob,Directed,advice,.5\nann,bob,Directed,advice,1\nann,bob,directed,,\n"
    )
    network = read(pair(tmp_path, edges))
    assert ties_of(network) == [("ann", "bob", "advice", 1.0), ("ann", "bob", "tie", 1.0)]
    assert network.repeats == 1


def test_labels_of_ties_are_layers_where_few_are_shared_by_many(tmp_path: Path) -> None:
    rows = "".join(f"ann,bob,Directed,{label}\nbob,ann,Directed,{label}\n" for label in ("trusts", "tells"))
    network = read(pair(tmp_path, "Source,Target,Type,Label\n" + rows))
    assert network.layers == ("tells", "trusts")
    assert notes_of(network) == [
        'edges.csv: there is no Kind of ties, so their Label was read as the layer ("tells", "trusts")'
    ]
    network = read(pair(tmp_path, "Source,Target,Type,Label\nann,bob,Directed,1st\nbob,ann,Directed,2nd\n"))
    assert network.layers == ("tie",)
    assert notes_of(network)[0].startswith('edges.csv: of the columns of ties "Label" was left out')


def test_what_has_no_place_is_left_out_with_a_note(tmp_path: Path) -> None:
    nodes = 'Id,Label,Interval\nann,,"<[1,2]>"\nbob,,\n'
    edges = "Source,Target,Type,Id,Timestamp,since,empty\nann,bob,Directed,1,<[3]>,2016,\n"
    network = read(pair(tmp_path, edges, nodes))
    assert network.columns == {}
    gone = "was left out: all are read as there all the time"
    assert notes_of(network) == [
        f"nodes.csv: when they were there (Interval) {gone}",
        f"edges.csv: when they were there (Timestamp) {gone}",
        (
            'edges.csv: of the columns of ties "since" was left out; the layer of a tie is its Kind, its strength its '
            "Weight"
        ),
    ]


def test_a_weight_of_zero_is_no_tie_and_one_above_1_asks_for_a_rule(tmp_path: Path) -> None:
    network = read(pair(tmp_path, "Source,Target,Type,Weight\nann,bob,Directed,0\nbob,ann,Directed,1\n"))
    assert ties_of(network) == [("bob", "ann", "tie", 1.0)]
    assert notes_of(network) == ["edges.csv: 1 tie of strength 0 was left out: a strength of 0 is no tie"]
    path = pair(tmp_path, "Source,Target,Type,Weight\nann,bob,Directed,4\nbob,ann,Directed,8\n")
    assert ties_of(read(path, strength="divide-by-max")) == [("ann", "bob", "tie", 0.5), ("bob", "ann", "tie", 1.0)]
    with pytest.raises(InputError, match=r"edges\.csv:2: the strength must be at most 1, not 4 \(1 more\); --strength"):
        read(path)


@pytest.mark.parametrize("labels", [("Ann", "Ann"), ("Ann", "")])
def test_labels_that_do_not_tell_agents_apart_are_a_column(tmp_path: Path, labels: tuple[str, str]) -> None:
    nodes = "Id,Label\n1,{}\n2,{}\n".format(*labels)
    network = read(pair(tmp_path, "Source,Target,Type\n1,2,Directed\n", nodes))
    assert network.ids == ("1", "2")
    assert network.columns == {"Label": labels}
    assert notes_of(network) == [
        "nodes.csv: not every node has a Label of its own, so agents are called by their Id; Label is a column"
    ]


def test_edges_alone_are_read_with_the_agents_that_ties_name(tmp_path: Path) -> None:
    folder_with(tmp_path, {"lesmis [Edges].csv": EXPORTED_EDGES})
    for path in (tmp_path, tmp_path / "lesmis [Edges].csv"):
        network = read(path)
        assert network.ids == ("11", "48", "55")
        assert notes_of(network)[0] == (
            'lesmis [Edges].csv: there is no table of nodes beside it ("lesmis [Nodes].csv"), so agents without ties '
            "are missing"
        )


def test_the_numbers_of_rows_that_r_writes_are_left_out(tmp_path: Path) -> None:
    network = read(pair(tmp_path, '"","Source","Target","Type"\n"1","ann","bob","Directed"\n'))
    assert ties_of(network) == [("ann", "bob", "tie", 1.0)]
    assert notes_of(network) == ["edges.csv: the column without a name was left out"]


def test_a_table_beside_the_pair_is_named_as_not_read(tmp_path: Path) -> None:
    pair(tmp_path, "Source,Target,Type\nann,bob,Directed\n")
    folder_with(tmp_path, {"edges_2015.csv": "Source,Target\nann,bob\n"})
    assert notes_of(read(tmp_path)) == [f'{tmp_path.name}: "edges_2015.csv" in the same folder was not read']


COLUMN_NAMES = st.text("abcXYZ ,;'é\"=", min_size=1, max_size=6).map(str.strip).filter(bool).filter(is_column_name)


@given(network=networks(column_names=COLUMN_NAMES))
def test_a_network_comes_back_whole(network: Network) -> None:
    back, lost = written_and_read(network, "region", "gephi")
    assert_equal(back, network)
    assert lost == []
    assert back.notes == ()


def test_a_column_called_label_is_what_gephi_shows(tmp_path: Path) -> None:
    network = Network.from_tables(name="n", ids="ab", source="a", target="b", columns={"Label": ["Ann", ""]})
    assert write_network(network, tmp_path / "out", format_name="gephi") == []
    with (tmp_path / "out" / "nodes.csv").open(encoding="utf-8", newline="") as file:
        assert [row[:2] for row in csv.reader(file)] == [["Id", "Label"], ["a", "Ann"], ["b", ""]]
    with (tmp_path / "out" / "edges.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["Source", "Target", "Type", "Kind", "Weight"],
            ["a", "b", "Directed", "tie", "1.0"],
        ]
    assert_equal(read(tmp_path / "out"), network)


def test_columns_whose_names_mean_something_to_gephi_are_renamed_and_told() -> None:
    columns = {name: ["x"] for name in ("label", *TIMES)} | {"Label": ["a"]}
    network = Network.from_tables(name="n", ids="a", source="", target="", columns=columns)
    back, lost = written_and_read(network, "region", "gephi")
    assert set(back.columns) == {f"{name} (2)" for name in ("label", *TIMES)} | {"Label (3)"}
    assert len(lost) == len(columns)
    assert lost[0] == 'the column "label" is called "label (2)", for its name means something else there'


def test_what_two_tables_cannot_carry_is_said(tmp_path: Path) -> None:
    network = Network.from_tables(name="n", ids="ab", source="a", target="b")
    surveyed = replace(network, survey=Survey(respondents=1))
    assert write_network(surveyed, tmp_path / "out", format_name="gephi") == [
        "how the network was asked for (respondents, response rate, caps)"
    ]


def test_two_networks_are_never_mixed_in_one_folder(tmp_path: Path) -> None:
    network = Network.from_tables(name="n", ids="ab", source="a", target="b")
    write_network(network, tmp_path / "gephi", format_name="gephi")
    write_network(network, tmp_path / "gephi", format_name="gephi")
    write_network(network, tmp_path / "csv", format_name="csv")
    with pytest.raises(InputError, match=r'holds a network already \("agents.csv", "ties.csv"\), which would be mixed'):
        write_network(network, tmp_path / "csv", format_name="gephi")
    (tmp_path / "gephi" / "old [Edges].csv").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match=r'holds a network already \("old \[Edges\].csv"\)'):
        write_network(network, tmp_path / "gephi", format_name="gephi")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"file: the two tables of Gephi are written to a folder, and this is a file"):
        write_network(network, tmp_path / "file", format_name="gephi")


@pytest.mark.parametrize(
    ("name", "other"),
    [("out.csv", "out [Nodes].csv"), ("A_Edges.csv", "A_Nodes.csv"), ("nodes.csv", "edges.csv")],
)
def test_where_one_table_is_named_the_other_goes_beside_it(tmp_path: Path, name: str, other: str) -> None:
    network = Network.from_tables(name="n", ids="abc", source="a", target="b")
    assert write_network(network, tmp_path / name, format_name="gephi") == []
    assert {path.name for path in tmp_path.iterdir()} == {name, other}
    assert_equal(read(tmp_path / name), network)
    (tmp_path / name).unlink()
    with pytest.raises(InputError, match=r"where its other table would go, is there already; name another$"):
        write_network(network, tmp_path / name, format_name="gephi")


def written() -> dict[str, bytes]:
    network = Network.from_tables(name="n", ids=["a b", "c"], source=["c"], target=["a b"], columns={"x": ["1", '"']})
    with TemporaryDirectory() as folder:
        write_network(network, Path(folder, "out"), format_name="gephi")
        return {name: Path(folder, "out", name).read_bytes() for name in ("nodes.csv", "edges.csv")}


WRITTEN = written()


@pytest.mark.parametrize("name", WRITTEN)
@given(data=st.data())
def test_whatever_a_table_holds_the_answer_is_a_network_or_problems(name: str, data: st.DataObject) -> None:
    others = {other: content for other, content in WRITTEN.items() if other != name}
    assert_answers(data.draw(damaged(WRITTEN[name])), name, "gephi", others)
