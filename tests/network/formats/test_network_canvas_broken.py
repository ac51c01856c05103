"""Network Canvas exports that are damaged, incomplete or hostile: always an answer in plain words."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from canvas_exports import (
    EDGES,
    EGO,
    FIRST,
    GRAPH,
    GRAPHML,
    MATRIX,
    ONE,
    PAIR,
    SECOND,
    TWO,
    archive_of,
    export,
    read,
    unpacked,
)
from formats import assert_answers, damaged, problems_of
from hypothesis import given
from hypothesis import strategies as st

from diffusion.network.formats import write_network
from diffusion.network.network import Network


def problems(folder: Path, files: dict[str, str] | bytes) -> list[str]:
    return problems_of(export(folder, files), "network-canvas")


NODE_FILE, EDGE_FILE = f"{ONE}_attributeList_person.csv", f"{ONE}_edgeList_friends.csv"
NODE_PLACE, EDGE_PLACE = f"export.zip/{NODE_FILE}", f"export.zip/{EDGE_FILE}"

BROKEN = [
    (
        {},
        ["export.zip: no file in it is called as Network Canvas calls them, such as case1_…_attributeList_person.csv"],
    ),
    (
        {"a.graphml": "<graphml/>"},
        ["export.zip: no file in it is called as Network Canvas calls them, such as case1_…_attributeList_person.csv"],
    ),
    (
        {NODE_FILE: PAIR[NODE_FILE].partition("\r\n")[0]},
        ["export.zip: there is no session in it; export the sessions anew, with every file type"],
    ),
    ({NODE_FILE: ""}, [f"{NODE_PLACE}: the file is empty"]),
    ({"../evil.csv": "x"}, ['export.zip: the archive holds a file "../evil.csv" that leads out of it; it is refused']),
    (
        {NODE_FILE: "nodeID,name\r\n1,Ann\r\n"},
        [
            (
                f'{NODE_PLACE}:1: the column "networkCanvasEgoUUID" is missing; it must be in every file that '
                "Network Canvas exports"
            )
        ],
    ),
    (
        {NODE_FILE: PAIR[NODE_FILE] + "1,e1,n9\r\n3,,n3\r\n,e1,\r\n4\r\n"},
        [
            f'{NODE_PLACE}:4: the node "1" was given before; the session seems to be there twice, remove one',
            f"{NODE_PLACE}:5: networkCanvasEgoUUID is empty, so nobody knows whose session this row is of",
            f"{NODE_PLACE}:6: nodeID and networkCanvasUUID are empty; a node needs one of them",
            f"{NODE_PLACE}:7: the row has 1 cells, the header 3; export the session anew",
        ],
    ),
    (
        {EDGE_FILE: PAIR[EDGE_FILE]},
        [
            f'{EDGE_PLACE}:2: from "1" is no node in the attributeList files of this session; are they all here?',
            f'{EDGE_PLACE}:2: to "2" is no node in the attributeList files of this session; are they all here?',
        ],
    ),
    (
        PAIR | {EDGE_FILE: EDGES.replace("often", "weight") + "3,1,2,e1,x1,n1,n2,much\r\n"},
        [f'{EDGE_PLACE}:2: "weight" must be a number, not "much"'],
    ),
    (
        PAIR | {f"{TWO}_attributeList_person.csv": PAIR[NODE_FILE]},
        [
            f'export.zip/{TWO}_attributeList_person.csv:{line}: the node "{node}" was given before; the session '
            "seems to be there twice, remove one"
            for line, node in ((2, 1), (3, 2))
        ],
    ),
    (
        {
            f"{ONE}_ego.csv": EGO + "e1,c,s,,,,,,,\r\ne1,c,s,,,,,,,\r\n",
        },
        [
            (
                f'export.zip/{ONE}_ego.csv:3: the respondent "e1" is in two ego files; the session seems to be '
                "there twice, remove one"
            )
        ],
    ),
    (
        {NODE_FILE: PAIR[NODE_FILE], f"{ONE}_adjacencyMatrix.csv": ",n1,n2\r\nn1,0,2\r\nn2,0,0\r\n"},
        [f'export.zip/{ONE}_adjacencyMatrix.csv:2: a cell of an adjacencyMatrix must be 0 or 1, not "2"'],
    ),
    (
        {NODE_FILE: PAIR[NODE_FILE], f"{ONE}_adjacencyMatrix.csv": ",n1,n2\r\nn1,0,1\r\n"},
        [
            (
                f"export.zip/{ONE}_adjacencyMatrix.csv:1: the rows of an adjacencyMatrix must name the same nodes as "
                "its columns, in the same order"
            )
        ],
    ),
    (
        {NODE_FILE: PAIR[NODE_FILE], f"{ONE}_adjacencyMatrix.csv": ",n1,n7\r\nn1,0,1\r\nn7,0,0\r\n"},
        [
            (
                f'export.zip/{ONE}_adjacencyMatrix.csv:2: the nodes "n1" and "n7" are together in no session here; '
                "export the edgeList too"
            )
        ],
    ),
    (
        {f"{ONE}.graphml": GRAPHML[:-60]},
        [f"export.zip/{ONE}.graphml:20: the XML is damaged or breaks off here; save or export the file anew"],
    ),
    (
        {f"{ONE}.graphml": GRAPHML.replace('target="2"', 'target="9"').replace('TargetUUID">n2', 'TargetUUID">n9')},
        [f'export.zip/{ONE}.graphml:18: target "9" of an edge is no node of its graph'],
    ),
    (
        {f"{ONE}.graphml": GRAPHML.replace('id="2"', 'id="1"').replace(">0.5<", ">much<")},
        [
            f'export.zip/{ONE}.graphml:16: the node "1" is given more than once in its graph; ids must be unique',
            f'export.zip/{ONE}.graphml:18: target "2" of an edge is no node of its graph',
            f'export.zip/{ONE}.graphml:18: "strength" of an edge must be a number, not "much"',
        ],
    ),
    (
        {f"{ONE}.graphml": GRAPHML.replace(GRAPH, "")},
        [f"export.zip/{ONE}.graphml: there is no graph in it; export the session anew"],
    ),
]


@pytest.mark.parametrize(("files", "said"), BROKEN)
def test_a_broken_export_is_refused_in_plain_words(tmp_path: Path, files: dict[str, str], said: list[str]) -> None:
    assert problems(tmp_path, files) == said


def test_entities_in_xml_are_refused(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{place} "{f"&l{place - 1};" * 10}">' for place in range(1, 10))
    text = GRAPHML.replace("?>\n", f'?>\n<!DOCTYPE g [<!ENTITY l0 "ha">{laughs}]>\n', 1).replace(">Ann<", ">&l9;<")
    assert problems(tmp_path, {f"{ONE}.graphml": text}) == [
        f"export.zip/{ONE}.graphml:2: the XML declares entities, which no Network Canvas export does; it is refused"
    ]


@pytest.mark.parametrize("at", ['caseId="case&deg;1"', 'caseId="case1&deg;"'])
def test_an_entity_that_another_file_declares_is_refused_and_not_dropped(tmp_path: Path, at: str) -> None:
    text = GRAPHML.replace("?>\n", '?>\n<!DOCTYPE graphml SYSTEM "graphml.dtd">\n', 1)
    assert read(tmp_path, {f"{ONE}.graphml": text}).size == 3
    assert problems(tmp_path, {f"{ONE}.graphml": text.replace('caseId="case1"', at)}) == [
        (
            f"export.zip/{ONE}.graphml:12: an entity stands here that only another file declares, and no other file "
            "is fetched"
        )
    ]


def test_graphml_that_is_nested_without_end_or_in_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    deep = GRAPHML.replace("</node>", "<d>" * 200 + "</d>" * 200 + "</node>", 1)
    assert problems(tmp_path, {f"{ONE}.graphml": deep}) == [
        (
            f"export.zip/{ONE}.graphml:15: the elements of the XML stand inside each other more than 100 deep; it is "
            "refused"
        )
    ]
    assert problems(tmp_path, {f"{ONE}.graphml": GRAPHML.replace("UTF-8", "utf-99")}) == [
        f'export.zip/{ONE}.graphml:1: the XML names an encoding that is not known, "utf-99"; save the file as UTF-8'
    ]


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    assert problems(tmp_path, PAIR | {f"{ONE}_edgeList_b.csv": " " * 30_000_000}) == [
        (
            f"export.zip: the archive would unpack to {30_000_000 + sum(map(len, PAIR.values())):,} bytes; it is "
            "refused, for it may be a zip bomb"
        )
    ]


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    said = ["export.zip: the archive is damaged or no zip archive; export it anew"]
    assert problems(tmp_path, archive_of(PAIR)[:200]) == said
    assert problems(tmp_path, bytes(range(256))) == said
    assert problems(tmp_path, b"") == said


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, archive_of(PAIR, encrypted=True)) == [
        "export.zip: the archive is locked by a password; unpack it and name the folder"
    ]


def test_one_csv_file_alone_is_refused(tmp_path: Path) -> None:
    folder = unpacked(tmp_path, PAIR)
    assert problems_of(folder / NODE_FILE, "network-canvas") == [
        f"{NODE_FILE}: this is one of several files of a session; name the folder or archive that holds all"
    ]
    (folder / "x.graphml").write_text("<graphml/>")
    assert problems_of(folder / "x.graphml", "network-canvas") == [
        "x.graphml: this GraphML file does not come from Network Canvas; leave its format out"
    ]


@given(damaged(archive_of(FIRST | {f"{TWO}.graphml": GRAPHML})))
def test_whatever_happens_to_an_archive_there_is_an_answer(content: bytes) -> None:
    assert_answers(content, "export.zip", "network-canvas")


MEMBERS = FIRST | SECOND | MATRIX | {"other.graphml": GRAPHML.replace("e1<", "e9<")}


@given(st.sampled_from(sorted(MEMBERS)), st.data())
def test_whatever_happens_to_a_file_in_it_there_is_an_answer(name: str, data: st.DataObject) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for member, text in MEMBERS.items():
            archive.writestr(member, data.draw(damaged(text.encode())) if member == name else text)
    assert_answers(content.getvalue(), "export.zip", "network-canvas")


def test_a_written_network_that_was_changed_is_refused_where_it_is_wrong(tmp_path: Path) -> None:
    network = Network.from_tables(name="n", ids=["a", "b"], source=["a"], target=["b"])
    write_network(network, tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        nodes, edges = archive.namelist()
        files = {name: archive.read(name).decode() for name in (nodes, edges)}
    files[nodes] = files[nodes].replace(",b,n", ",a,n")
    files[edges] = files[edges].replace("3,1,2", "3,1,7").replace(",1.0,", ",much,")
    assert problems(tmp_path, files) == [
        f'export.zip/{edges}:2: to "7" is no nodeID of the attributeList',
        f'export.zip/{edges}:2: "strength" must be a number above 0 and at most 1, not "much"',
        f'export.zip/{nodes}:3: the name "a" was given in line 2; it must be unique',
    ]
