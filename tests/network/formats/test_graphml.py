"""GraphML files: what networkx, igraph, Gephi, yEd and others write, and what comes back of what is written here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from formats import CELLS, NAMES, assert_equal, networks, ties_of, written_and_read
from graphml_files import IGRAPH, NETWORKX, YED, graphml, in_graph
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.graphml import recognises
from diffusion.network.formats.tables import Reading
from diffusion.network.formats.xml_writing import sayable
from diffusion.network.network import Network
from diffusion.network.survey import Survey


def read(folder: Path, content: str, **said) -> Network:
    return read_network(str(graphml(folder, content)), Path(), reading=Reading(**{"direction": "tell", **said}))


def notes_of(network: Network) -> list[str]:
    return [note.rpartition("/")[2] for note in network.notes]


def test_a_file_of_networkx_is_read_with_attributes_defaults_and_directions_of_its_own(tmp_path: Path) -> None:
    network = read(tmp_path, NETWORKX)
    assert network.ids == ("ann", "bob", "cem")
    assert network.roles == ("manager", "firm", "firm")
    assert network.columns == {"beds": ("12", "", "")}
    assert ties_of(network) == [
        ("ann", "bob", "advice", 0.5),
        ("bob", "cem", "trust", 1.0),
        ("cem", "bob", "trust", 1.0),
    ]
    assert notes_of(network) == [
        'region.graphml: "weight" was read as the strength of ties, "kind" was read as the layer of ties',
        'region.graphml: the column "Role" of agents is called "role" here',
    ]


def test_which_way_ties_point_must_be_said_unless_the_file_was_written_here(tmp_path: Path) -> None:
    network = read(tmp_path, NETWORKX, direction=None)
    assert "ties were read as written" in network.notes[-1]


def test_agents_of_igraph_are_called_by_their_names(tmp_path: Path) -> None:
    network = read(tmp_path, IGRAPH)
    assert (network.name, network.ids, network.columns) == ("club", ("John A", "Mr Hi"), {})
    assert notes_of(network) == [
        'region.graphml: what is said of the whole network was left out ("Citation")',
        (
            'region.graphml: agents are called by "name", which name each of them and are all different; the ids of '
            "nodes, which only count them, were left out"
        ),
    ]


def test_ids_that_say_something_are_kept_beside_labels(tmp_path: Path) -> None:
    key = '<key id="l" for="node" attr.name="label"/>\n'
    nodes = '<node id="P7"><data key="l">Ann</data></node><node id="P3"><data key="l">Bob</data></node>\n'
    network = read(tmp_path, in_graph(nodes, key))
    assert (network.ids, network.columns) == (("Ann", "Bob"), {"node_id": ("P7", "P3")})
    assert notes_of(network) == [
        (
            'region.graphml: agents are called by "label", which name each of them and are all different; the ids of '
            'nodes are in the column "node_id"'
        )
    ]


@pytest.mark.parametrize("second", ["Ann", ""])
def test_labels_that_do_not_name_every_agent_stay_a_column(tmp_path: Path, second: str) -> None:
    key = '<key id="l" for="node" attr.name="label"/>\n'
    nodes = f'<node id="P7"><data key="l">Ann</data></node><node id="P3"><data key="l">{second}</data></node>\n'
    network = read(tmp_path, in_graph(nodes, key))
    assert (network.ids, network.columns) == (("P3", "P7"), {"label": (second, "Ann")})
    assert notes_of(network) == [
        'region.graphml: agents are called by the ids of nodes, for "label" are missing or the same for some'
    ]


def test_an_attribute_called_id_names_nobody_where_ids_say_something(tmp_path: Path) -> None:
    key = '<key id="i" for="node" attr.name="id"/>\n'
    network = read(tmp_path, in_graph('<node id="ann"><data key="i">7</data></node>\n', key))
    assert (network.ids, network.columns) == (("ann",), {"id 2": ("7",)})
    assert notes_of(network) == ['region.graphml: the column "id" of agents is called "id 2" here']


def test_labels_that_are_the_ids_are_nothing_to_speak_of(tmp_path: Path) -> None:
    key = '<key id="l" for="node" attr.name="label"/>\n'
    network = read(tmp_path, in_graph('<node id="a"><data key="l">a</data></node>\n', key))
    assert (network.ids, network.columns, network.notes) == (("a",), {}, ())


def test_a_drawing_of_yed_is_read_by_its_labels_and_its_frames_become_a_column(tmp_path: Path) -> None:
    network = read(tmp_path, YED)
    assert network.ids == ("Ann Berg", "Bob")
    assert network.columns == {"group": ("The trust", ""), "node_id": ("n0::n0", "n1")}
    assert ties_of(network) == [("Ann Berg", "Bob", "tie", 1.0)]
    assert notes_of(network) == [
        "region.graphml: how nodes and ties are drawn was left out, but for labels",
        (
            'region.graphml: what is said of ties was left out ("label"); a number called weight would be their '
            "strength, a text called layer their layer"
        ),
        (
            "region.graphml: agents are called by their labels, which name each of them and are all different; the "
            'ids of nodes are in the column "node_id"'
        ),
        (
            'region.graphml: some nodes stand inside of others; the column "group" says in which, and "The trust", '
            "which hold others and have no ties, are no agents"
        ),
    ]


def test_a_frame_of_yed_that_has_ties_is_an_agent(tmp_path: Path) -> None:
    network = read(tmp_path, YED.replace('target="n1"', 'target="n0"'))
    assert network.ids == ("Ann Berg", "Bob", "The trust")
    assert network.columns["group"] == ("The trust", "", "")
    assert notes_of(network)[-1] == (
        'region.graphml: some nodes stand inside of others; the column "group" says in which'
    )


def test_a_graph_inside_of_a_node_says_itself_whether_its_ties_are_directed(tmp_path: Path) -> None:
    inner = '<graph edgedefault="undirected"><node id="b"/><node id="c"/><edge source="b" target="c"/></graph>'
    edge = '<edge source="a" target="b"/>'
    network = read(tmp_path, in_graph(f'<node id="a">{inner}</node>{edge}').replace("\n<node", "<node"))
    assert [tie[:2] for tie in ties_of(network)] == [("a", "b"), ("b", "c"), ("c", "b")]
    assert network.columns == {"group": ("", "a", "a")}


def test_hyperedges_and_ports_are_left_out_and_told(tmp_path: Path) -> None:
    inside = (
        '<node id="a"><port name="N"/></node><node id="b"/>\n'
        '<hyperedge><endpoint node="a"/><endpoint node="b"/></hyperedge>\n'
        '<edge source="a" target="b" sourceport="N"/>\n'
    )
    network = read(tmp_path, in_graph(inside))
    assert ties_of(network) == [("a", "b", "tie", 1.0)]
    assert notes_of(network) == [
        "region.graphml: ties end at ports of nodes; the ports were left out, the ties read between the nodes",
        "region.graphml: 1 hyperedge was left out, the first in line 5: a tie here has two ends",
    ]


def test_keys_of_nodes_and_edges_may_share_an_id_and_a_key_may_be_for_the_wrong_one(tmp_path: Path) -> None:
    keys = (
        '<key id="name" for="node" attr.name="name"/><key id="name" for="edge" attr.name="name"/>'
        '<key id="w" for="node" attr.name="weight" attr.type="double"/>\n'
    )
    said = '<data key="name">x</data><data key="w">.5</data>'
    inside = f'<node id="a"/><node id="b"/><edge source="a" target="b">{said}</edge>'
    network = read(tmp_path, in_graph(inside, keys))
    assert (network.columns, ties_of(network)) == ({}, [("a", "b", "tie", 0.5)])
    assert notes_of(network) == [
        'region.graphml: "weight" was read as the strength of ties, what else is said of ties was left out ("name")'
    ]


def test_two_attributes_of_one_name_are_both_kept(tmp_path: Path) -> None:
    keys = '<key id="x" for="node" attr.name="ward"/>\n<key id="y" for="node" attr.name="ward"/>\n'
    inside = '<node id="a"><data key="x">1</data><data key="y">2</data></node>\n'
    network = read(tmp_path, in_graph(inside, keys))
    assert network.columns == {"ward": ("1",), "ward (2)": ("2",)}
    assert notes_of(network) == ['region.graphml:4: a second attribute "ward" is called "ward (2)" here']


def test_what_neo4j_says_in_xml_attributes_is_kept(tmp_path: Path) -> None:
    inside = (
        '<node id="n0" labels=":Person"/><node id="n1" labels=":Firm"/><edge source="n0" target="n1" kind="KNOWS"/>'
    )
    network = read(tmp_path, in_graph(inside))
    assert network.columns == {"labels": (":Person", ":Firm")}
    assert network.layers == ("KNOWS",)


@pytest.mark.parametrize(
    ("name", "texts", "layers", "strengths"),
    [
        ("type", ["advice", "trust"], ["advice", "trust"], [1.0, 1.0]),
        ("Type", ["Directed", "Undirected"], ["tie"], [1.0, 1.0]),
        ("type", ["1", "2"], ["tie"], [1.0, 1.0]),
        ("layer", ["1", ""], ["1", "tie"], [1.0, 1.0]),
        ("value", ["0.5", ""], ["tie"], [0.5, 1.0]),
        ("value", ["high", "low"], ["tie"], [1.0, 1.0]),
        ("Strength", ["0.5", "1"], ["tie"], [0.5, 1.0]),
    ],
)
def test_attributes_of_ties_are_read_by_their_names_and_what_they_hold(
    tmp_path: Path, name: str, texts: list[str], layers: list[str], strengths: list[float]
) -> None:
    keys = f'<key id="k" for="edge" attr.name="{name}"/>'
    edges = (
        f'<edge source="{end}" target="c"><data key="k">{text}</data></edge>'
        for end, text in zip("ab", texts, strict=True)
    )
    network = read(tmp_path, in_graph('<node id="a"/><node id="b"/><node id="c"/>' + "".join(edges), keys))
    assert list(network.layers) == layers
    assert network.strength.tolist() == strengths
    assert any(f'"{name}"' in note for note in network.notes)


def test_a_file_that_does_not_say_whether_ties_are_directed_is_read_as_undirected_and_told(tmp_path: Path) -> None:
    network = read(tmp_path, in_graph('<node id="a"/><node id="b"/><edge source="a" target="b"/>', default=""))
    assert network.tie_count == 2
    assert notes_of(network) == [
        "region.graphml: the graph does not say whether its ties are directed; they were read as undirected"
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "shift_jis", "koi8-r"])
def test_a_file_is_read_in_the_encoding_that_it_declares(tmp_path: Path, encoding: str) -> None:
    name = {"shift_jis": "\u6771\u4eac", "koi8-r": "\u0416"}.get(encoding, "Zo\u00eb")
    said = {"utf-8-sig": "utf-8", "utf-16-le": "UTF-16"}.get(encoding, encoding)
    text = in_graph(f'<node id="{name}"/>').replace("UTF-8", said)
    path = tmp_path / "region.xml"
    path.write_bytes(text.encode(encoding))
    assert recognises(path, path.read_bytes()[:8192])
    network = read_network(str(path), Path(), reading=Reading(direction="tell"))
    assert (network.ids, network.notes) == ((name,), ())


@pytest.mark.parametrize("text", ["<gexf/>", "", "a,b\n", "<?xml version='1.0'?><graphmlx/>", "DL n=3\n"])
def test_other_files_are_not_taken_for_graphml(text: str) -> None:
    assert not recognises(Path("x.xml"), text.encode())


def is_sayable(text: str) -> bool:
    return sayable(text) == text


UNSAYABLE = st.text("a\ufffd\ufffe\uffff", min_size=1, max_size=3)
SURVEYS = st.one_of(
    st.none(),
    st.builds(
        Survey,
        ego_networks=st.booleans(),
        asked=st.none() | st.integers(0, 99),
        caps=st.dictionaries(NAMES, st.integers(0, 9), max_size=2),
    ),
)


@given(networks(names=NAMES.filter(is_sayable), cells=CELLS.filter(is_sayable)), SURVEYS)
def test_a_network_comes_back_whole(network: Network, survey: Survey | None) -> None:
    surveyed = replace(network, survey=survey)
    back, lost = written_and_read(surveyed, "region.graphml", "graphml")
    assert_equal(back, surveyed)
    assert (lost, back.notes) == ([], ())


@settings(max_examples=30)
@given(networks(names=UNSAYABLE, cells=UNSAYABLE))
def test_what_xml_cannot_hold_is_told(network: Network) -> None:
    back, lost = written_and_read(network, "region.graphml", "graphml")
    assert (back.size, back.tie_count, len(back.layers)) == (network.size, network.tie_count, len(network.layers))
    assert back.strength.sum() == pytest.approx(network.strength.sum())
    changed = back.digest != network.digest
    assert changed <= bool(lost)


def test_characters_that_xml_cannot_hold_are_replaced_and_told(tmp_path: Path) -> None:
    network = Network.from_tables(
        name="north\x00", ids=["a\ufffe", "a\uffff"], columns={"ward": ["x\x07\ny", "\ud800"]}, source=[], target=[]
    )
    assert write_network(network, tmp_path / "north.graphml") == [
        "characters that XML cannot hold: \ufffd stands for them in 5 texts"
    ]
    back = read_network(str(tmp_path / "north.graphml"), Path())
    assert (back.name, back.ids) == ("north\ufffd", ("a\ufffd", "a\ufffd (2)"))
    assert back.columns == {"ward": ("x\ufffd\ny", "\ufffd")}


def test_columns_that_are_called_as_marks_of_other_formats_are_columns(tmp_path: Path) -> None:
    columns = {"network_name": ["x", "x"], "network_synthetic": ["true", "true"]}
    network = Network.from_tables(name="north", ids=["a", "b"], columns=columns, source=[], target=[])
    write_network(network, tmp_path / "a.graphml")
    assert_equal(read_network(str(tmp_path / "a.graphml"), Path()), network)


@pytest.mark.parametrize("layers", [["advice", "advice"], ["trust", "trust"]])
def test_networkx_reads_what_is_written_and_writes_what_is_read_again_as_it_was(
    tmp_path: Path, layers: list[str]
) -> None:
    network = Network.from_tables(
        name="north",
        ids=["ann", "bob", "R&D"],
        roles=["manager", "firm", "firm"],
        columns={"ward": ["3", "", "<4>"]},
        source=["ann", "ann", "bob"],
        target=["bob", "bob", "R&D"],
        layer=["trust", *layers],
        strength=[0.1, 1 / 3, 1],
        synthetic=True,
    )
    write_network(network, tmp_path / "a.graphml")
    graph = nx.read_graphml(tmp_path / "a.graphml")
    assert set(graph.nodes) == set(network.ids)
    assert graph.graph["network_synthetic"] is True
    assert sorted((*ends, said["layer"], said["weight"]) for *ends, said in graph.edges(data=True)) == ties_of(network)
    nx.write_graphml(graph, tmp_path / "b.graphml")
    back = read_network(str(tmp_path / "b.graphml"), Path())
    assert_equal(back, network)
    assert back.notes == ()


def test_what_igraph_writes_again_is_read_as_it_was(tmp_path: Path) -> None:
    igraph = pytest.importorskip("igraph")
    network = read_network("ahsn-a", Path())
    write_network(network, tmp_path / "a.graphml")
    igraph.Graph.Read_GraphML(str(tmp_path / "a.graphml")).write_graphml(str(tmp_path / "b.graphml"))
    back = read_network(str(tmp_path / "b.graphml"), Path())
    assert (back.digest, back.synthetic, back.name) == (network.digest, True, "ahsn-a")


def test_a_written_file_says_that_it_is_synthetic_in_words(tmp_path: Path) -> None:
    network = Network.from_tables(name="north", ids=["a", "b"], source=["a"], target=["b"], synthetic=True)
    write_network(network, tmp_path / "other.graphml")
    assert "<desc>north: 2 agents, 1 tie. A tie points the way knowledge flows. Synthetic: generated from" in (
        tmp_path / "other.graphml"
    ).read_text("utf-8")


def test_a_damaged_survey_is_left_out_and_told(tmp_path: Path) -> None:
    network = replace(
        Network.from_tables(name="north", ids=["a"], source=[], target=[]), survey=Survey(respondents=3, asked=4)
    )
    write_network(network, tmp_path / "a.graphml")
    damaged = (tmp_path / "a.graphml").read_text("utf-8").replace("respondents", "respondent")
    back = read(tmp_path, damaged)
    assert back.survey is None
    assert notes_of(back) == [
        'region.graphml: "network_survey", how the network was asked for, is damaged and was left out'
    ]
