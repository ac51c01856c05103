"""GEXF files: what Gephi, networkx and rgexf write, what is refused, and what comes back of what is written here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import networkx as nx
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
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.gexf import recognises
from diffusion.network.formats.marks import NAME_MARK, SYNTHETIC_MARK
from diffusion.network.formats.tables import Reading
from diffusion.network.formats.xml_writing import sayable
from diffusion.network.network import Network
from diffusion.network.survey import Survey

GEPHI = """<?xml version='1.0' encoding='UTF-8'?>
<gexf xmlns="http://gexf.net/1.3" version="1.3" xmlns:viz="http://gexf.net/1.3/viz">
  <meta lastmodifieddate="2024-05-02"><creator>Gephi 0.10</creator><title></title></meta>
  <graph defaultedgetype="directed" mode="static">
    <attributes class="node" mode="static">
      <attribute id="role" title="Role" type="string">
        <default>firm</default><options>[firm, manager]</options></attribute>
      <attribute id="1" title="beds" type="integer"/>
    </attributes>
    <attributes class="edge"><attribute id="2" title="since" type="integer"/></attributes>
    <nodes count="3">
      <node id="0" label="Ann">
        <attvalues><attvalue for="role" value="manager"/><attvalue for="1" value="12"/></attvalues>
        <viz:size value="10.0"/><viz:position x="1" y="2"/>
      </node>
      <node id="1" label="Bob"/>
      <node id="2" label="Cem"><attvalues></attvalues></node>
    </nodes>
    <edges count="4">
      <edge id="0" source="0" target="1" kind="advice" weight="0.5"/>
      <edge id="1" source="0" target="1" kind="trust"><attvalues><attvalue for="2" value="1999"/></attvalues></edge>
      <edge id="2" source="1" target="2" type="undirected" kind="advice" weight="0.25"/>
      <edge id="3" source="2" target="0" type="mutual" kind="trust"/>
    </edges>
  </graph>
</gexf>
"""


def gexf(folder: Path, content: str, name: str = "region.gexf") -> Path:
    path = folder / name
    path.write_bytes(content.encode())
    return path


def read(folder: Path, content: str, **said) -> Network:
    return read_network(str(gexf(folder, content)), Path(), reading=Reading(**{"direction": "tell", **said}))


def in_graph(inside: str, default: str = 'defaultedgetype="directed"', namespace: str = "http://gexf.net/1.3") -> str:
    return f'<gexf xmlns="{namespace}">\n<graph {default}>\n{inside}</graph></gexf>'


def notes_of(network: Network) -> list[str]:
    return [note.rpartition("/")[2] for note in network.notes]


def is_sayable(text: str) -> bool:
    return sayable(text) == text


def test_a_file_of_gephi_is_read_with_kinds_as_layers_and_without_its_drawing(tmp_path: Path) -> None:
    network = read(tmp_path, GEPHI)
    assert network.ids == ("Ann", "Bob", "Cem")
    assert network.roles == ("manager", "firm", "firm")
    assert network.columns == {"beds": ("12", "", "")}
    assert ties_of(network) == [
        ("Ann", "Bob", "advice", 0.5),
        ("Ann", "Bob", "trust", 1.0),
        ("Ann", "Cem", "trust", 1.0),
        ("Bob", "Cem", "advice", 0.25),
        ("Cem", "Ann", "trust", 1.0),
        ("Cem", "Bob", "advice", 0.25),
    ]
    assert notes_of(network) == [
        "region.gexf: how nodes and ties are drawn was left out",
        (
            'region.gexf: "weight" was read as the strength of ties, "kind" was read as the layer of ties, what else '
            'is said of ties was left out ("since")'
        ),
        (
            "region.gexf: agents are called by their labels, which name each of them and are all different; the ids "
            "of nodes, which only count them, were left out"
        ),
        'region.gexf: the column "Role" of agents is called "role" here',
    ]


@pytest.mark.parametrize(
    "namespace", ["http://www.gexf.net/1.1draft", "http://www.gexf.net/1.2draft", "http://gexf.net/1.3", ""]
)
def test_every_version_is_read_and_recognised(tmp_path: Path, namespace: str) -> None:
    text = in_graph(
        '<attributes class="node"><attribute id="0" title="ward"/></attributes>'
        '<nodes><node id="a"><attvalues><attvalue id="0" value="3"/></attvalues></node></nodes>',
        namespace=namespace,
    )
    assert recognises(Path("x.gexf"), text.encode())
    network = read(tmp_path, text)
    assert (network.ids, network.columns, network.notes) == (("a",), {"ward": ("3",)}, ())


def test_ties_are_undirected_where_nobody_says_otherwise(tmp_path: Path) -> None:
    network = read(
        tmp_path,
        in_graph('<nodes><node id="a"/><node id="b"/></nodes><edges><edge source="a" target="b"/></edges>', ""),
    )
    assert network.tie_count == 2
    assert notes_of(network) == [
        "region.gexf: the graph does not say whether its ties are directed; they were read as undirected"
    ]


@pytest.mark.parametrize(
    "time",
    [
        '<node id="a" start="1"/>',
        '<node id="a"><spells><spell end="2"/></spells></node>',
        '<node id="a" timestamp="2"/>',
        (
            '<node id="a"><attvalues><attvalue for="0" value="2" start="1"/><attvalue for="0" value="3" start="2"/>'
            "</attvalues></node>"
        ),
    ],
)
def test_a_file_that_changes_over_time_is_read_as_all_that_ever_was_and_told(tmp_path: Path, time: str) -> None:
    text = in_graph(
        f'<attributes class="node"><attribute id="0" title="ward"/></attributes><nodes>{time}<node id="b"/></nodes>'
        '<edges><edge source="a" target="b"/></edges>'
    )
    network = read(tmp_path, text)
    assert ties_of(network) == [("a", "b", "tie", 1.0)]
    assert network.columns == ({"ward": ("3", "")} if "attvalues" in time else {})
    assert notes_of(network) == [
        (
            "region.gexf: the file changes over time; every agent and every tie that ever was is read, when was left "
            "out, and of what changed the last value was kept"
        )
    ]


@pytest.mark.parametrize(
    "nodes",
    [
        '<node id="t" label="Trust"><nodes><node id="x" label="Ann"/></nodes><edges/></node><node id="y" label="Bob"/>',
        '<node id="t" label="Trust"/><node id="x" label="Ann" pid="t"/><node id="y" label="Bob"/>',
    ],
)
def test_nodes_inside_of_nodes_are_read_and_told(tmp_path: Path, nodes: str) -> None:
    network = read(tmp_path, in_graph(f"<nodes>{nodes}</nodes>"))
    assert network.ids == ("Ann", "Bob", "Trust")
    assert network.columns == {"group": ("Trust", "", ""), "node_id": ("x", "y", "t")}
    assert notes_of(network)[1:] == ['region.gexf: some nodes stand inside of others; the column "group" says in which']


def test_ties_inside_of_a_node_are_read_too(tmp_path: Path) -> None:
    inner = (
        '<nodes count="2"><node id="b"/><node id="c"/></nodes><edges count="1"><edge source="b" target="c"/></edges>'
    )
    network = read(tmp_path, in_graph(f'<nodes count="1"><node id="a">{inner}</node></nodes>'))
    assert ties_of(network) == [("b", "c", "tie", 1.0)]
    assert network.columns == {"group": ("", "a", "a")}
    assert len(network.notes) == 1


def test_labels_that_do_not_name_every_agent_stay_a_column(tmp_path: Path) -> None:
    network = read(tmp_path, in_graph('<nodes><node id="a" label="x"/><node id="b" label="x"/></nodes>'))
    assert (network.ids, network.columns) == (("a", "b"), {"label": ("x", "x")})
    assert notes_of(network) == [
        "region.gexf: agents are called by the ids of nodes, for their labels are missing or the same for some"
    ]


def test_a_file_that_announces_more_than_it_has_is_told(tmp_path: Path) -> None:
    network = read(tmp_path, in_graph('<nodes count="3">\n<node id="a"/></nodes>'))
    assert notes_of(network) == ["region.gexf:3: the file announces 3 nodes, but has 1; is it whole?"]


AB = '<nodes><node id="a"/>\n<node id="b"/></nodes>\n'
ANEW = "save or export the file anew"
BROKEN = {
    "": [f"region.gexf:1: the XML is damaged or breaks off here; {ANEW}"],
    "nodedef>name\n": [f"region.gexf:1: the XML is damaged or breaks off here; {ANEW}"],
    GEPHI[:-40]: [f"region.gexf:23: the XML is damaged or breaks off here; {ANEW}"],
    "<graphml/>": [
        "region.gexf:1: a GEXF file begins with <gexf>, not with <graphml>; say --format graphml to read it"
    ],
    "<gexf/>": ["region.gexf:1: there is no <graph> in it; export the network anew"],
    "<gexf><graph/>\n<graph/></gexf>": [
        "region.gexf:2: there are 2 graphs in it; put each network in a file of its own"
    ],
    in_graph(""): ["region.gexf: there are no nodes in it; a network needs at least one"],
    in_graph(AB + '<edges><edge source="a" target="bb"/>\n<edge target="a"/></edges>'): [
        'region.gexf:5: the target "bb" of the edge is no node of the file; did you mean "b"?',
        "region.gexf:6: the edge has no source; a tie needs an agent at both ends",
    ],
    in_graph('<nodes>\n<node id="a"/>\n<node label="x"/>\n<node id="a"/></nodes>'): [
        "region.gexf:5: the node has no id; give every node one",
        'region.gexf:6: the id "a" was given in line 4; ids must be unique',
    ],
    in_graph(AB + '<edges>\n<edge source="a" target="b" weight="much"/></edges>'): [
        'region.gexf:6: "weight" of the edge must be a number, not "much"'
    ],
    in_graph(AB + '<edges>\n<edge source="a" target="b" type="both"/></edges>'): [
        'region.gexf:6: the type of an edge must be "directed", "undirected" or "mutual", not "both"'
    ],
    in_graph(AB, 'defaultedgetype="both"'): [
        'region.gexf:2: defaultedgetype must be "directed", "undirected" or "mutual", not "both"'
    ],
    in_graph(
        '<attributes class="node"><attribute id="ward" title="Ward"/></attributes><nodes><node id="a"><attvalues>\n'
        '<attvalue for="wards" value="1"/><attvalue for="wards" value="1"/>\n<attvalue for="z" value="1"/>'
        '<attvalue value="1"/></attvalues></node></nodes>'
    ): [
        'region.gexf:4: the attribute "wards" is not declared; did you mean "ward"?',
        (
            'region.gexf:5: the attribute "z" is not declared; add <attribute id="z" title="…" type="string"/> to '
            "those of nodes"
        ),
        "region.gexf:5: the attvalue has no for, so nobody can tell what it says",
    ],
    in_graph(
        '<attributes class="node"><attribute title="x"/>\n<attribute id="1"/><attribute id="1"/></attributes>\n'
        f'<attributes class="graph"/>{AB}'
    ): [
        "region.gexf:3: the attribute has no id; give every attribute one",
        'region.gexf:4: the attribute "1" of nodes is declared twice; ids must be unique',
        'region.gexf:5: the class of attributes must be "node" or "edge", not "graph"',
    ],
    in_graph(
        '<attributes class="node"><attribute id="1" title="age"/></attributes><nodes><node id="a">\n'
        '<attvalues><attvalue for="1" value="1"/><attvalue for="1" value="2"/></attvalues></node></nodes>'
    ): ['region.gexf:4: "age" is given twice for one node; keep one'],
    in_graph(AB + '<attributes class="node"><attribute id="1"/></attributes>'): [
        "region.gexf:5: the attributes of nodes are declared behind the nodes; declare them before"
    ],
    in_graph("<nodes><node>\n" * 60 + "</node></nodes>" * 60): [
        "region.gexf:52: the elements of the XML stand inside each other more than 100 deep; it is refused"
    ],
    '<!DOCTYPE g [\n<!ENTITY a "ha">\n<!ENTITY b "&a;&a;">]>\n<gexf/>': [
        "region.gexf:2: the XML declares entities, which no GEXF file does; it is refused"
    ],
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_refused_in_plain_words(tmp_path: Path, text: str) -> None:
    assert problems_of(gexf(tmp_path, text), "gexf") == BROKEN[text]


def test_binary_rubbish_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "region.gexf"
    path.write_bytes(bytes(range(256)))
    assert problems_of(path) == ["region.gexf:1: the file holds a NUL byte, so it is no text; is it the right file?"]


@given(damaged(GEPHI.encode()))
def test_whatever_happens_to_a_file_there_is_an_answer(content: bytes) -> None:
    assert_answers(content, "region.gexf", "gexf")


UNSAYABLE = st.text("a\ufffd\ufffe\uffff", min_size=1, max_size=3)
SURVEYS = st.none() | st.builds(
    Survey, respondents=st.none() | st.integers(0, 99), caps=st.dictionaries(CELLS, st.integers(0, 9), max_size=2)
)


@given(
    networks(names=NAMES.filter(is_sayable), cells=CELLS.filter(is_sayable)).filter(
        lambda network: not {NAME_MARK, SYNTHETIC_MARK} & set(network.columns)
    ),
    SURVEYS,
)
def test_a_network_comes_back_whole(network: Network, survey: Survey | None) -> None:
    surveyed = replace(network, survey=survey)
    back, lost = written_and_read(surveyed, "region.gexf", "gexf")
    assert_equal(back, surveyed)
    assert (lost, back.notes) == ([], ())


@settings(max_examples=30)
@given(networks(names=UNSAYABLE, cells=UNSAYABLE))
def test_what_xml_cannot_hold_is_told(network: Network) -> None:
    back, lost = written_and_read(network, "region.gexf", "gexf")
    assert (back.size, back.tie_count, len(back.layers)) == (network.size, network.tie_count, len(network.layers))
    assert (back.digest != network.digest) <= bool(lost)


def test_what_is_renamed_or_replaced_is_told_and_a_question_mark_ends_no_survey(tmp_path: Path) -> None:
    network = replace(
        Network.from_tables(name="no\x00rth", ids=["a\ufffe"], columns={"network_name": ["x"]}, source=[], target=[]),
        survey=Survey(caps={"?>": 2}),
    )
    assert write_network(network, tmp_path / "a.gexf") == [
        'the column "network_name" is called "network_name (2)", for its name means something else there',
        "characters that XML cannot hold: \ufffd stands for them in 2 texts",
    ]
    back = read_network(str(tmp_path / "a.gexf"), Path())
    assert (back.name, back.ids, back.survey) == ("no\ufffdrth", ("a\ufffd",), Survey(caps={"?>": 2}))


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
    write_network(network, tmp_path / "a.gexf")
    graph = nx.read_gexf(tmp_path / "a.gexf")
    assert set(graph.nodes) == set(network.ids)
    assert sorted((*ends, said["layer"], said["weight"]) for *ends, said in graph.edges(data=True)) == ties_of(network)
    nx.write_gexf(graph, tmp_path / "b.gexf")
    back = read_network(str(tmp_path / "b.gexf"), Path())
    assert_equal(back, network)
    assert back.notes == ()


def test_a_written_file_says_in_words_and_for_every_agent_that_it_is_synthetic(tmp_path: Path) -> None:
    network = Network.from_tables(name="north", ids=["a", "b"], source=["a"], target=["b"], synthetic=True)
    write_network(network, tmp_path / "other.gexf")
    text = (tmp_path / "other.gexf").read_text("utf-8")
    assert "Synthetic: generated from assumptions, not observed." in text
    assert 'id="c1" title="network_synthetic"' in text
    assert text.count('for="c1" value="true"') == 2
    assert 'kind="tie" weight="1.0"' in text


def test_what_was_added_elsewhere_to_a_file_written_here_is_kept_or_told(tmp_path: Path) -> None:
    network = Network.from_tables(name="north", ids=["a", "b"], source=["a"], target=["b"])
    write_network(network, tmp_path / "a.gexf")
    text = (tmp_path / "a.gexf").read_text("utf-8")
    text = text.replace('label="a"', 'label="Ann"').replace('kind="tie"', 'kind="tie" label="x"')
    back = read(tmp_path, text, direction=None)
    assert (back.name, back.ids, back.columns) == ("north", ("a", "b"), {"label": ("Ann", "b")})
    assert notes_of(back) == ['region.gexf: what else is said of ties was left out ("label")']


def test_a_damaged_survey_is_left_out_and_told(tmp_path: Path) -> None:
    network = replace(Network.from_tables(name="n", ids=["a"], source=[], target=[]), survey=Survey(respondents=3))
    write_network(network, tmp_path / "a.gexf")
    back = read(tmp_path, (tmp_path / "a.gexf").read_text("utf-8").replace("respondents", "respondent"))
    assert back.survey is None
    assert notes_of(back) == ["region.gexf: how the network was asked for is damaged and was left out"]


@pytest.mark.parametrize("name", ["ann\u00a0lee", "ann\u2003lee", "ann  lee"])
def test_a_name_with_other_blanks_comes_back_without_a_column_of_labels(name: str) -> None:
    network = Network.from_tables(name="n", ids=[name, "ben"], source=[name], target=["ben"])
    again, lost = written_and_read(network, "region.gexf", "gexf")
    assert_equal(again, network)
    assert not lost
