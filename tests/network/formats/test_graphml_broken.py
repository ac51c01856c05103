"""GraphML files that are refused, each with one line a problem, and what becomes of damaged and hostile XML."""

from __future__ import annotations

from pathlib import Path

import pytest
from canvas_exports import GRAPHML as CANVAS
from formats import assert_answers, damaged, problems_of
from graphml_files import HEAD, NETWORKX, YED, graphml, in_graph
from hypothesis import given

from diffusion.network.formats import read_network

AB = '<node id="a"/>\n<node id="b"/>\n'
WEIGHT = '<key id="w" for="edge" attr.name="weight"/>\n'
ANEW = "save or export the file anew"

BROKEN = {
    "": [f"region.graphml:1: the XML is damaged or breaks off here; {ANEW}"],
    "source,target\na,b\n": [f"region.graphml:1: the XML is damaged or breaks off here; {ANEW}"],
    NETWORKX[:-30]: [f"region.graphml:12: the XML is damaged or breaks off here; {ANEW}"],
    in_graph('<node id="a">\n'): [
        (
            "region.graphml:5: the XML is damaged or breaks off here: an element ends that is not the one that began "
            f"last; {ANEW}"
        )
    ],
    in_graph('<node id="R&D"/>'): [
        (
            'region.graphml:4: the XML is damaged or breaks off here: a mark cannot stand here; "&" and "<" in texts '
            f'are written "&amp;" and "&lt;"; {ANEW}'
        )
    ],
    in_graph('<y:node id="a"/>'): [
        f"region.graphml:4: the XML is damaged or breaks off here: the prefix of a name is not declared; {ANEW}"
    ],
    "<html>\n</html>": ["region.graphml:1: a GraphML file begins with <graphml>, not with <html>"],
    "<!-- x -->\n<gexf/>": [
        "region.graphml:2: a GraphML file begins with <graphml>, not with <gexf>; say --format gexf to read it"
    ],
    "<graphml/>": ["region.graphml:1: there is no <graph> in it; export the network anew"],
    in_graph(""): ["region.graphml: there are no nodes in it; a network needs at least one"],
    in_graph(AB).replace("</graphml>", "\n<graph/>\n<graph/></graphml>"): [
        "region.graphml:7: there are 3 graphs in it (lines 3, 7, 8); put each network in a file of its own"
    ],
    in_graph(AB + '<edge source="a" target="bb"/>\n<edge source="a"/>\n'): [
        'region.graphml:6: the target "bb" of the edge is no node of the file; did you mean "b"?',
        "region.graphml:7: the edge has no target; a tie needs an agent at both ends",
    ],
    in_graph('<node id="a"/>\n<node/>\n<node id=" a"/>\n'): [
        "region.graphml:5: the node has no id; give every node one",
        'region.graphml:6: the id "a" was given in line 4; ids must be unique',
    ],
    in_graph(AB + '<edge source="a" target="b"><data key="w">much</data></edge>', WEIGHT): [
        'region.graphml:7: "weight" of the edge must be a number, not "much"'
    ],
    in_graph(AB + '<edge source="a" target="b"><data key="w">0,5</data></edge>', WEIGHT): [
        'region.graphml:7: "weight" of the edge must be a number, not "0,5"; write the decimal mark as a point'
    ],
    in_graph(AB + '<edge source="a" target="b"><data key="w">NaN</data></edge>', WEIGHT): [
        'region.graphml:7: "weight" of the edge must be a number, not "NaN"'
    ],
    in_graph(AB + '<edge source="a" target="b"><data key="w">3</data></edge>', WEIGHT): [
        (
            "region.graphml:7: the strength must be at most 1, not 3; --strength divide-by-max divides those of each "
            "layer by the largest of them"
        )
    ],
    in_graph(
        '<node id="a">\n<data key="wards">1</data><data key="wards">1</data></node>', '<key id="ward" for="node"/>\n'
    ): ['region.graphml:6: the key "wards" is not declared; did you mean "ward"?'],
    in_graph('<node id="a">\n<data key="role">1</data><data/></node>'): [
        'region.graphml:5: the key "role" is not declared; add <key id="role" for="node"/> before the graph',
        "region.graphml:5: the data has no key, so nobody can tell what it says",
    ],
    in_graph('<node id="a"><data key="x">1</data>\n<data key="x">2</data></node>', '<key id="x" for="node"/>\n'): [
        'region.graphml:6: "x" is given twice for one node; keep one'
    ],
    in_graph(AB, '<key for="node"/>\n<key id="x" for="nodes"/>\n<key id="y"/>\n<key id="y"/>\n'): [
        "region.graphml:3: the key has no id; give every key one",
        ('region.graphml:4: a key is for "node", "edge", "graph" or "all", not for "nodes"; did you mean "node"?'),
        'region.graphml:6: the key "y" was given in line 5; ids must be unique',
    ],
    in_graph(AB + '<edge source="a" target="b"/>', default='edgedefault="both"'): [
        'region.graphml:3: edgedefault must be "directed" or "undirected", not "both"'
    ],
    in_graph(AB + '<edge source="a" target="b" directed="yes"/>'): [
        'region.graphml:6: directed must be "true" or "false", not "yes"'
    ],
    in_graph('<node id="a"><data key="r">normal</data></node>', '<key id="r" for="node" attr.name="role"/>\n'): [
        'region.graphml:5: "normal" is reserved and cannot be a role; rename it'
    ],
    in_graph("<x>\n" * 200 + "</x>" * 200): [
        "region.graphml:102: the elements of the XML stand inside each other more than 100 deep; it is refused"
    ],
    in_graph('<node id="a"/>').replace("</graphml>", '\n<key id="x" for="node"/></graphml>'): [
        'region.graphml:5: the key "x" stands behind the graph; put all keys before it'
    ],
    HEAD.replace("UTF-8", "klingon"): [
        'region.graphml:1: the XML names an encoding that is not known, "klingon"; save the file as UTF-8'
    ],
    HEAD.replace("UTF-8", "unicode_escape"): [
        'region.graphml:1: the XML names an encoding that is not known, "unicode_escape"; save the file as UTF-8'
    ],
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_refused_in_plain_words(tmp_path: Path, text: str) -> None:
    assert problems_of(graphml(tmp_path, text), "graphml") == BROKEN[text]


def test_a_text_that_is_not_in_the_declared_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "region.graphml"
    path.write_bytes(
        in_graph("<!-- \ufffd -->").replace("UTF-8", "ascii").encode().replace(b"ascii", b"shift_jis") + b"\xff"
    )
    assert problems_of(path, "graphml") == [
        "region.graphml:4: the text is not in shift_jis, as its first line says; save the file as UTF-8"
    ]


def test_binary_rubbish_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "region.graphml"
    path.write_bytes(bytes(range(256)))
    assert problems_of(path) == ["region.graphml:1: the file holds a NUL byte, so it is no text; is it the right file?"]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">\n' for n in range(1, 10))
HOSTILE = [
    f'<!DOCTYPE g [<!ENTITY l0 "ha">{LAUGHS}]>',
    '<!DOCTYPE g [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE g [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
]


@pytest.mark.parametrize("declared", HOSTILE)
def test_entities_are_refused_where_they_are_declared(tmp_path: Path, declared: str) -> None:
    text = in_graph('<node id="a&l9;"/>').replace("?>\n", f"?>\n{declared}\n", 1)
    assert problems_of(graphml(tmp_path, text)) == [
        "region.graphml:2: the XML declares entities, which no GraphML file does; it is refused"
    ]


def test_an_outer_definition_is_not_fetched_and_hides_no_entity(tmp_path: Path) -> None:
    text = in_graph('<node id="Zo&euml;"/>').replace(
        "?>\n", '?>\n<!DOCTYPE graphml SYSTEM "http://127.0.0.1:9/graphml.dtd">\n', 1
    )
    assert problems_of(graphml(tmp_path, text)) == [
        "region.graphml:5: an entity stands here that only another file declares, and no other file is fetched"
    ]


def test_a_file_of_network_canvas_is_pointed_to_its_own_format(tmp_path: Path) -> None:
    assert problems_of(graphml(tmp_path, CANVAS)) == [
        "region.graphml: this file comes from Network Canvas; say --format network-canvas to read it"
    ]


@given(damaged(NETWORKX.encode()))
def test_whatever_happens_to_a_file_there_is_an_answer(content: bytes) -> None:
    assert_answers(content, "region.graphml", "graphml")


@given(damaged(YED.encode("utf-16")))
def test_whatever_happens_to_a_drawing_there_is_an_answer(content: bytes) -> None:
    assert_answers(content, "region.graphml", "graphml")


def test_a_file_with_an_outer_definition_and_no_entities_is_read(tmp_path: Path) -> None:
    text = NETWORKX.replace("?>\n", '?>\n<!DOCTYPE graphml SYSTEM "http://127.0.0.1:9/graphml.dtd">\n', 1)
    assert read_network(str(graphml(tmp_path, text.replace("ann", "R&amp;D"))), Path()).ids == ("R&D", "bob", "cem")
