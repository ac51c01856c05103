"""GML files: what Gephi, igraph, yEd, Cytoscape and others write, what is refused, and what comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from formats import assert_answers, assert_equal, damaged, networks, problems_of, ties_of, written_and_read
from hypothesis import given

from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.gml import recognises
from diffusion.network.formats.tables import Reading
from diffusion.network.network import Network
from diffusion.network.survey import Survey

GEPHI = """graph
[
  Creator "Gephi"
  directed 1
  node
  [
    id 5
    label "Ann B"
    graphics
    [
      x -202.02621
      fill "#000000"
    ]
    role "manager"
    Modularity_Class "2"
  ]
  node
  [
    id 9
    label "Zo&#235;"
    role "firm"
  ]
  edge
  [
    id 0
    source 9
    target 5
    value 0.5
  ]
]
"""

YED = """Creator\t"yFiles"
Version\t"2.16"
graph
[
\thierarchic\t1
\tlabel\t""
\tdirected\t1
\tnode
\t[
\t\tid\t0
\t\tlabel\t"bag 2"
\t\tLabelGraphics
\t\t[
\t\t\ttext\t"[ 1 2 ]
---- ]"
\t\t]
\t]
\tnode
\t[
\t\tid\t1
\t\tlabel\t"bag 2"
\t]
\tedge
\t[
\t\tsource\t0
\t\ttarget\t1
\t]
]
"""

NODES = "node [ id 1 label a ] node [ id 2 label b ]\n"


def read(folder: Path, text: str | bytes, **said) -> Network:
    path = folder / "n.gml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_network(str(path), Path(), reading=Reading(**said))


def problems(folder: Path, text: str | bytes) -> list[str]:
    path = folder / "n.gml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return problems_of(path)


def notes_of(network: Network) -> list[str]:
    return [note.rpartition("/")[2] for note in network.notes]


def test_a_file_of_gephi_is_read_with_labels_columns_and_strengths(tmp_path: Path) -> None:
    network = read(tmp_path, GEPHI)
    assert network.ids == ("Ann B", "Zo\u00eb")
    assert network.roles == ("manager", "firm")
    assert network.columns == {"Modularity_Class": ("2", ""), "node_id": ("5", "9")}
    assert ties_of(network) == [("Zo\u00eb", "Ann B", "tie", 0.5)]
    assert notes_of(network) == [
        'n.gml: how nodes are drawn or grouped ("graphics") was left out',
        'n.gml: of the edges "value" says how strong they are',
        'n.gml: what else edges say ("id") was left out',
        'n.gml: what is said of the whole graph ("Creator") was left out',
        (
            "n.gml: ties were read as written, tail to head (row to column): knowledge flows from the first agent to "
            "the second. If the first turned to the second, say --direction turn-to"
        ),
    ]


def test_a_file_of_yed_with_the_same_label_twice_is_read_by_the_numbers_of_nodes(tmp_path: Path) -> None:
    network = read(tmp_path, YED, direction="tell")
    assert network.ids == ("0", "1")
    assert network.columns == {"label": ("bag 2", "bag 2")}
    assert ties_of(network) == [("0", "1", "tie", 1.0)]
    assert notes_of(network)[-1] == (
        'n.gml: the label "bag 2" is that of the nodes in lines 8 and 18; the ids of agents are those of the '
        'nodes, and "label" is a column'
    )


def test_a_file_of_igraph_has_names_instead_of_labels_and_no_direction(tmp_path: Path) -> None:
    text = 'Creator "igraph version 1.2.2"\nVersion 1\ngraph\n[\n directed 0\n node\n [\n id 0\n name "ann"\n ]\n'
    text += ' node\n [\n id 1\n name "bob"\n ]\n edge\n [\n source 1\n target 0\n weight NAN\n ]\n]\n'
    network = read(tmp_path, text)
    assert ties_of(network) == [("ann", "bob", "tie", 1.0), ("bob", "ann", "tie", 1.0)]
    assert network.columns == {}
    assert notes_of(network) == [
        'n.gml: of the edges "weight" says how strong they are',
        "n.gml: no node has a label, so the ids of agents are their names",
    ]


def test_nodes_with_nothing_but_numbers_are_called_by_them(tmp_path: Path) -> None:
    network = read(tmp_path, "graph [ node [ id 1 ] node [ id 002 ] edge [ source 1.0 target 2 ] ]")
    assert ties_of(network) == [("1", "2", "tie", 1.0), ("2", "1", "tie", 1.0)]
    assert notes_of(network) == ["n.gml: no node has a label, so the ids of agents are those of the nodes"]


def test_nodes_of_which_some_have_no_label_are_called_by_their_numbers(tmp_path: Path) -> None:
    network = read(tmp_path, 'graph [\nnode [ id 7 label "a" ]\nnode [ id 8 ]\n]')
    assert network.columns == {"label": ("a", "")}
    assert network.ids == ("7", "8")
    assert notes_of(network) == [
        (
            "n.gml: 1 node has no label (the first in line 3); the ids of agents are those of the nodes, and "
            '"label" is a column'
        )
    ]


def test_an_edge_may_say_in_words_of_which_layer_it_is(tmp_path: Path) -> None:
    edges = 'edge [ source 1 target 2 type 3 relation "advice" color "red" ]\nedge [ source 2 target 1 ]'
    network = read(tmp_path, f"graph [ directed 1 {NODES} {edges} ]", direction="tell")
    assert ties_of(network) == [("a", "b", "advice", 1.0), ("b", "a", "tie", 1.0)]
    assert notes_of(network) == [
        'n.gml: of the edges "relation" names their layer',
        'n.gml: what else edges say ("type", "color") was left out',
    ]


def test_several_edges_between_two_nodes_are_read(tmp_path: Path) -> None:
    edges = 'edge [ source 1 target 2 layer "x" ] edge [ source 1 target 2 layer "y" ]'
    network = read(tmp_path, f"graph [ directed 1 {NODES} {edges} ]")
    assert [tie[2] for tie in ties_of(network)] == ["x", "y"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_beyond_ascii_are_read_as_they_are_and_as_entities(tmp_path: Path, encoding: str) -> None:
    text = 'graph [ node [ id 1 label "Zo\u00eb" ] node [ id 2 label "Z&amp;o&#xEB; &lt;&bogus;&#99999999; R&D" ] ]'
    path = tmp_path / "n.gml"
    path.write_bytes(text.encode(encoding))
    assert recognises(path, path.read_bytes())
    assert read_network(str(path), Path()).ids == ("Z&o\u00eb <&bogus;&#99999999; R&D", "Zo\u00eb")


def test_labels_of_several_lines_become_one_line(tmp_path: Path) -> None:
    network = read(tmp_path, 'graph [\r\nnode [ id 1 label "Ann\r\nB" note "x\r\ny" ]\r\n]')
    assert network.ids == ("Ann B",)
    assert network.columns == {"note": ("x\ny",)}
    assert notes_of(network) == ["n.gml: line ends in a label were read as blanks"]


def test_keys_with_other_marks_comments_and_repeats_are_read(tmp_path: Path) -> None:
    text = '# a comment "\ngraph [\n# more [\nnode [ id 1 label "#a" my-key 5 _x.y 1e5 tag u tag v tag "" ] ]\n#]'
    network = read(tmp_path, text)
    assert network.ids == ("#a",)
    assert network.columns == {"my-key": ("5",), "_x.y": ("1e5",), "tag": ("u; v",)}
    assert notes_of(network) == [
        'n.gml:4: a node has more than one "tag"; they stand one behind the other, with semicolons'
    ]


def test_a_graph_says_what_it_is_called_and_whether_it_is_synthetic(tmp_path: Path) -> None:
    network = read(tmp_path, f'graph [ name "north" synthetic 1 multigraph 0 {NODES} ]')
    assert (network.name, network.synthetic, network.notes) == ("north", True, ())


def test_numbers_of_any_length_and_brackets_of_any_depth_are_read(tmp_path: Path) -> None:
    long = "9" * 10_000
    text = f"graph [ node [ id {long} ] node [ id 00{long}1 g {'[ g ' * 50_000} 1 {']' * 50_000} ] ]"
    network = read(tmp_path, text)
    assert network.ids == (long, f"{long}1")
    assert notes_of(network)[0] == 'n.gml: how nodes are drawn or grouped ("g") was left out'


BROKEN = {
    "": ['n.gml: there is no graph in the file; a GML file holds "graph [", then nodes and edges'],
    "Version 1\ngraph 2\n": ['n.gml: there is no graph in the file; a GML file holds "graph [", then nodes and edges'],
    "graph [ ]\ngraph [ ]": ["n.gml:2: a second graph begins here, the first in line 1; leave one graph in the file"],
    "graph\n[\nnode\n[\nid 1\n]\n": [
        'n.gml:2: the bracket "[" of "graph" is never closed; take the whole file, or close the bracket'
    ],
    "graph [\nnode\n[\nid 1": [
        'n.gml:3: the bracket "[" of "node" is never closed; take the whole file, or close the bracket'
    ],
    "graph [\nnode [\nid": ['n.gml:3: the key "id" has no value; the file breaks off here'],
    "graph [ node [\nid ] ]": ['n.gml:2: the key "id" has no value'],
    "graph [ ]\n]": ['n.gml:2: this bracket "]" closes nothing; is there one "[" too few before it?'],
    "graph [\n[ id 1 ] ]": ['n.gml:2: a key must stand before the bracket "["'],
    'graph [\nnode [ id 1\n"a" ] ]': ['n.gml:3: a key must stand before the text "a"'],
    'graph [\nnode [ id 1\nlabel "a ] ]': ["n.gml:3: a quotation mark is not closed"],
    'graph [\n" ]': ["n.gml:2: a quotation mark is not closed"],
    "graph [\nnode [ id 1\n 12 ] ]": [
        (
            'n.gml:3: a key must stand here, not "12"; a key begins with a letter, and a text with blanks must '
            "stand in quotation marks"
        )
    ],
    "graph [\nnode 1\nedge 2 ]": [
        'n.gml:2: behind "node" a bracket "[" must stand, not "1"',
        'n.gml:3: behind "edge" a bracket "[" must stand, not "2"',
    ],
    "graph [ ]": ["n.gml: there are no agents in it; a network needs at least one"],
    'graph [\nnode [ label "a" ] node [ id "" ] node [ id [ ] ] ]': ["n.gml:2: the node has no id; give every node one"]
    * 3,
    "graph [\nnode [ id 1 ]\nnode [ id 01 ] ]": [
        "n.gml:3: the id 01 is that of the node in line 2; ids of nodes must be unique"
    ],
    "graph [\nnode [ id 1\nid 2 ] ]": ["n.gml:3: the node has more than one id; the first stands in line 2"],
    f"graph [ {NODES}edge [ source 1\ntarget 3 ]\nedge [ target 2 ] ]": [
        'n.gml:3: the target of the edge, "3", is the id of no node',
        "n.gml:4: the edge has no source; an edge needs a source and a target",
    ],
    f"graph [ {NODES}edge [ source 1 source 2 target 2 ] ]": [
        'n.gml:2: the edge has more than one "source"; the first stands in line 2'
    ],
    f'graph [ {NODES}edge [ source 1 target 2\nweight "much" ]\nedge [ source 1 target 2 weight [ ] ] ]': [
        'n.gml:3: "weight" must be a number, how strong the edge is, not "much"',
        'n.gml:4: "weight" must be a number, how strong the edge is, not a bracket',
    ],
    f"graph [ {NODES}edge [ source 1 target 2 value {'9' * 400} ] ]": [
        f'n.gml:2: "value" must be a number, how strong the edge is, not "{"9" * 40}…"'
    ],
    f"graph [ {NODES}edge [ source 1 target 2 value 3 ] ]": [
        (
            "n.gml:2: the strength must be at most 1, not 3; --strength divide-by-max divides those of each "
            "layer by the largest of them"
        )
    ],
    f"graph [\ndirected maybe {NODES} ]": ['n.gml:2: "directed" must be 1 or 0, not "maybe"'],
    "graph [\nnode [ id 1 role normal ] ]": ['n.gml:2: "normal" is reserved and cannot be a role; rename it'],
}


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_refused_in_plain_words(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text) == BROKEN[text]


def test_binary_rubbish_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, bytes(range(256))) == [
        "n.gml:1: the file holds a NUL byte, so it is no text; is it the right file?"
    ]


@pytest.mark.parametrize("text", ["graph {\n}", '{"graph": [', "*Vertices 3", "a,b\n1,2\n", "<graphml>", "", "graph"])
def test_other_files_are_not_taken_for_gml(text: str) -> None:
    assert not recognises(Path("x.txt"), text.encode())


@given(damaged(GEPHI.encode()) | damaged(YED.encode()))
def test_whatever_happens_to_a_file_there_is_an_answer(content: bytes) -> None:
    assert_answers(content, "n.gml", "gml")


@given(networks())
def test_a_network_comes_back_as_it_was(network: Network) -> None:
    back, lost = written_and_read(network, "region.gml", "gml")
    assert_equal(back, network)
    assert (lost, back.notes) == ([], ())


def test_columns_whose_names_cannot_be_keys_come_back_under_them(tmp_path: Path) -> None:
    names = ["column1", "how often?", "label", "graphics", "name", "Zo\u00eb", "source"]
    columns = {name: [f"{name} 1", ""] for name in names}
    network = Network.from_tables(name="north", ids=["a", "b"], columns=columns, source=["a"], target=["b"])
    write_network(network, tmp_path / "n.gml")
    text = (tmp_path / "n.gml").read_text(encoding="ascii")
    assert '    key "column2"\n    name "how often?"\n' in text
    assert '    column2 "how often? 1"\n' in text
    assert_equal(read_network(str(tmp_path / "n.gml"), Path()), network)


def test_networkx_reads_what_is_written(tmp_path: Path) -> None:
    network = Network.from_tables(
        name="north",
        ids=['Zo\u00eb "the" B', "b"],
        columns={"ward": ["3", "x\ny"], "how often?": ["5", ""]},
        source=["b", "b"],
        target=['Zo\u00eb "the" B'] * 2,
        layer=["advice", "trust"],
        strength=[1e-300, 0.5],
        synthetic=True,
    )
    write_network(network, tmp_path / "n.gml")
    graph = nx.read_gml(tmp_path / "n.gml")
    assert graph.graph["synthetic"] == 1
    assert dict(graph.nodes["b"]) == {"role": "agent", "ward": "x\ny", "column1": ""}
    assert sorted((*ends, data["layer"], data["weight"]) for *ends, data in graph.edges(data=True)) == [
        ("b", 'Zo\u00eb "the" B', "advice", 1e-300),
        ("b", 'Zo\u00eb "the" B', "trust", 0.5),
    ]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    network = Network.from_tables(name="north", ids=["a"], source=[], target=[])
    assert write_network(replace(network, survey=Survey(ego_networks=True)), tmp_path / "n.gml") == [
        "how the network was asked for (respondents, response rate, caps), and that it is a stack of personal networks"
    ]
