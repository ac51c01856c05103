"""Gephi's two tables: what is refused, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats import problems_of

EXPORTED_NODES = "Id,Label,timeset\n11,Valjean,\n55,Marius,\n"
EXPORTED_EDGES = "Source,Target,Type\n11,55,Undirected\n"
NODES = "Id,Label,role\nann,ann,manager\nbob,bob,firm\n"


def folder_with(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content.encode())
    return folder


def pair(folder: Path, edges: str, nodes: str = NODES) -> Path:
    return folder_with(folder, {"nodes.csv": nodes, "edges.csv": edges})


def problems(path: Path) -> list[str]:
    return [line.removeprefix(f"{path.name}/") for line in problems_of(path)]


@pytest.mark.parametrize(
    ("edges", "said"),
    [
        ("Source,Target\nann,bobb\n", 'edges.csv:2: the Target "bobb" is no Id of nodes.csv; did you mean "bob"?'),
        ("Source,Target\nann,\n", "edges.csv:2: the Target is empty"),
        (
            "Source,Target,Type\n\nann,bob,Undirectd\n",
            (
                'edges.csv:3: the Type must be Directed, Undirected or Mutual, not "Undirectd"; '
                'did you mean "Undirected"?'
            ),
        ),
        (
            "Sorce,Target,Type\nann,bob,Directed\n",
            ('edges.csv:1: the column "Source" is missing; the header names "Sorce", "Target", "Type"; is it "Sorce"?'),
        ),
        (
            "Source,Target,Wieght\nann,bob,1\n",
            'edges.csv:1: the column "Wieght" looks like "Weight" misspelt; rename it',
        ),
        ("Source,Target,target\nann,bob,bob\n", 'edges.csv:1: the column "Target" is there 2 times; keep one'),
        (
            "Source,Target,Weight\nann,bob,0,5\n",
            "edges.csv:2: the row has 4 cells, the header 3; quote a cell that holds a comma",
        ),
        ("Source,Target,Weight\nann,bob\n", "edges.csv:2: the row has 2 cells, the header 3; fill it up"),
        ("Source,Target,Weight\nann,bob,strong\n", 'edges.csv:2: the Weight must be a number, not "strong"'),
        (
            'Source,Target,Weight\nann,bob,"0,5"\n',
            'edges.csv:2: the Weight must be a number, not "0,5"; write the decimal mark as a point',
        ),
        (
            'Source,Target,Weight\nann,bob,"<[2007, 2008, 2.5]>"\n',
            ("edges.csv:2: the Weight changes over time (<[2007, 2008, 2.5]>…); export the edges with one Weight each"),
        ),
        (
            'Source,Target\n"ann,bob\n',
            'edges.csv:2: a quotation mark is not closed, or stands inside a quoted cell; double it there ("")',
        ),
        ("", "edges.csv: the file is empty"),
        ("Source,Target\n\0", "edges.csv:2: the file holds a NUL byte, so it is no text; is it the right file?"),
    ],
)
def test_a_broken_table_of_edges_is_answered_in_one_line(tmp_path: Path, edges: str, said: str) -> None:
    assert problems(pair(tmp_path, edges)) == [said]


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ("Id\nann\nbob\nann\n", 'nodes.csv:4: the Id "ann" was given in line 2; Ids must be unique'),
        ("Id,age\nann,3\nbob,4\n,5\n", "nodes.csv:4: the Id is empty; give every node an Id"),
        ("Idd,age\nann,3\n", 'nodes.csv:1: the column "Id" is missing; the header names "Idd", "age"; is it "Idd"?'),
        ("Id\n", "nodes.csv: there are no nodes under the header; give one a row"),
        ("Id,Label\nann,a\nbob\n", "nodes.csv:3: the row has 1 cells, the header 2; fill it up"),
        ("Id,role\nann,beta\nbob,\n", 'nodes.csv:2: "beta" is reserved and cannot be a role; rename it'),
    ],
)
def test_a_broken_table_of_nodes_is_answered_in_one_line(tmp_path: Path, nodes: str, said: str) -> None:
    assert problems(pair(tmp_path, "Source,Target\nann,bob\n", nodes)) == [said]


def test_an_edge_that_names_a_label_is_told_the_id(tmp_path: Path) -> None:
    path = pair(tmp_path, "Source,Target\n11,Marius\n", EXPORTED_NODES)
    assert problems(path) == ['edges.csv:2: the Target "Marius" is no Id of nodes.csv but a Label; write its Id, "55"']


def test_every_problem_of_both_tables_is_told_at_once(tmp_path: Path) -> None:
    path = pair(tmp_path, "Source,Target,Weight\nann,eve,x\n,ann,1\n", "Id\nann\nann\n")
    assert [line.partition(": ")[0] for line in problems(path)] == [
        "nodes.csv:3",
        "edges.csv:2",
        "edges.csv:2",
        "edges.csv:3",
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"a_nodes.csv": NODES, "a_edges.csv": EXPORTED_EDGES, "b_nodes.csv": NODES, "b_edges.csv": EXPORTED_EDGES},
            (
                'the folder holds several tables of nodes and edges: "a_edges.csv", "a_nodes.csv", "b_edges.csv", '
                '"b_nodes.csv"; name the edges to read'
            ),
        ),
        ({"Nodes.csv": NODES}, "the folder holds no table of edges (Edges.csv)"),
    ],
)
def test_a_folder_that_leaves_a_choice_or_none_is_refused(tmp_path: Path, files: dict[str, str], said: str) -> None:
    assert problems_of(folder_with(tmp_path, files)) == [f"{tmp_path.name}: {said}"]


def test_nodes_alone_and_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    folder_with(tmp_path, {"Ward-Nodes.csv": NODES, "people.csv": NODES})
    alone = "this is a table of nodes, without its table of edges"
    assert problems_of(tmp_path / "Ward-Nodes.csv") == [
        f'Ward-Nodes.csv: {alone}; "Ward-Edges.csv" was looked for beside it'
    ]
    assert problems_of(tmp_path / "people.csv") == [
        f'people.csv: {alone}; "people [Edges].csv" was looked for beside it'
    ]
    assert problems_of(tmp_path / "edges.csv", "gephi") == ['edges.csv: no such file; did you mean "people.csv"?']
