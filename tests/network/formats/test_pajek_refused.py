"""Pajek's .net files that are refused: what is wrong with them, and in which line."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats import assert_answers, damaged, problems_of
from hypothesis import given

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
ABC = '*Vertices 3\n1 "a"\n2 "b"\n3 "c"\n'


def net(folder: Path, content: str | bytes, name: str = "region.net") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems(folder: Path, content: str | bytes) -> list[str]:
    return problems_of(net(folder, content))


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.clu", "*Vertices 2\n1\n2\n", 'a.clu:1: behind "*Vertices" must stand 3, for so many vertices the network'),
        ("a.clu", "*Vertices 3\n1\n2\n", "a.clu:3: 3 numbers were announced in line 1, but only 2 came"),
        ("a.clu", "*Vertices 3\n1\n2\n3\n4\n", "a.clu:5: 3 numbers were announced in line 1, but another follows"),
        ("a.clu", "*Vertices 3\n1\nx\n1\n", 'a.clu:3: a partition must have a whole number in each line, not "x"'),
        ("a.clu", "*Vertices 3\n1\n1.5\n1\n", 'a.clu:3: a partition must have a whole number in each line, not "1.5"'),
        (
            "a.vec",
            "*Vertices 3\n1\n1,5\n1\n",
            'a.vec:3: a vector must have a number in each line, not "1,5"; write the',
        ),
        ("a.vec", "*Vertices\n1\n", 'a.vec:1: behind "*Vertices" must stand 3, for so many vertices the network has'),
        ("a.vec", "1\n2\n3\n", 'a.vec:1: a section such as "*Vertices 10" must come first, not "1"'),
        ("a.vec", "", "a.vec: the file has no section"),
        ("a.vec", "*Arcs\n1 2\n", 'a.vec:1: the file must hold "*Vertices", their number, and a number for each'),
        ("a.clu", "*Vertcies 3\n", 'a.clu:1: "*Vertcies" is no section of a Pajek file that is read; did you mean "*V'),
    ],
)
def test_a_broken_file_beside_the_network_is_refused(tmp_path, name, content, problem):
    (tmp_path / name).write_text(content)
    found = problems_of(net(tmp_path, ABC, "a.net"))
    assert len(found) == 1
    assert found[0].startswith(problem)


BROKEN = [
    ("", "region.net: the file has no section; a Pajek network begins with"),
    ("% nothing\n", "region.net: the file has no section"),
    ("a b\n1 2\n", 'region.net:1: a section such as "*Vertices 10" must come first, not "a b"'),
    (b"\x00\x01\x02", "region.net:1: the file holds a NUL byte"),
    (b"\x89PNG\r\n\x1a\n\x81", "region.net:3: the byte 0x81 is neither UTF-8 nor Windows-1252"),
    ("*Arcs\n1 2\n", 'region.net:1: "*Vertices" and their number must come before "*Arcs"'),
    ("*Network x\n*Edges\n1 2\n", 'region.net:2: "*Vertices" and their number must come before "*Edges"'),
    ("*Network x\n", 'region.net:1: behind "*Network" a line "*Vertices" and their number must come'),
    ("*Network x\n1 a\n", 'region.net:2: behind "*Network" a line "*Vertices" and their number must come, not "1 a"'),
    (
        "*Vertices\n1 a\n",
        'region.net:1: behind "*Vertices" their number must stand, in two-mode networks two, not noth',
    ),
    ("*Vertices x\n", 'region.net:1: behind "*Vertices" their number must stand, in two-mode networks two, not "x"'),
    ("*Vertices 2 1 1\n", 'region.net:1: behind "*Vertices" their number must stand, in two-mode networks two, not "2'),
    ("*Vertices -2\n", 'region.net:1: behind "*Vertices" their number must stand, in two-mode networks two, not "-2"'),
    ("*Vertices 0\n", "region.net:1: the number of vertices must be between 1 and 10,000,000, not 0"),
    ("*Vertices 999999999\n", "region.net:1: the number of vertices must be between 1 and 10,000,000, not 999999999"),
    ("*Vertices 99999999999999999999\n", 'region.net:1: behind "*Vertices" their number must stand'),
    ("*Vertices 2 3\n", "region.net:1: the first mode has 3 vertices, but there are only 2 in all"),
    ('*Vertices 2\n3 "c"\n', 'region.net:2: the number of a vertex must be between 1 and 2, not "3"'),
    ('*Vertices 1\n0 "c"\n', 'region.net:2: the number of a vertex must be between 1 and 1, not "0"'),
    ('*Vertices 2\nann "c"\n', 'region.net:2: the number of a vertex must be between 1 and 2, not "ann"'),
    ('*Vertices 2\n1 "a"\n1 "b"\n', "region.net:3: vertex 1 was given in line 2; give every vertex one line"),
    ('*Vertices 2\n1 "a"\n2 "b', "region.net:3: a quotation mark is not closed"),
    ("*Vertices 1\n1 Ann Smith 0.1 0.2\n", 'region.net:2: behind the label "Ann" came "Smith"; a label with blanks'),
    (
        '*Vertices 3\n1 "a"\n2 "b"\n',
        "region.net:3: 3 vertices were announced in line 1, but the file ends after 2 vertices",
    ),
    (ABC + "*Arcs\n1\n", 'region.net:6: an arc must name two vertices by their numbers, not "1"'),
    (ABC + "*Edges\n1\n", 'region.net:6: an edge must name two vertices by their numbers, not "1"'),
    (ABC + "*Arcs\n1 2\n1 4\n", 'region.net:7: a tie names a vertex by its number between 1 and 3, not "4"'),
    (ABC + "*Arcs\n1 0\n", 'region.net:6: a tie names a vertex by its number between 1 and 3, not "0"'),
    (
        ABC + "*Arcs\n1 b\n",
        (
            'region.net:6: a tie names a vertex by its number between 1 and 3, not "b"; the vertex of this '
            "label has the number 2"
        ),
    ),
    (
        ABC + "*Arcslist\n1 -2\n",
        (
            'region.net:6: a tie names a vertex by its number between 1 and 3, not "-2"; a minus marks a '
            "negative tie, which is not read"
        ),
    ),
    (ABC + "*Edgeslist\n9 1\n", 'region.net:6: a tie names a vertex by its number between 1 and 3, not "9"'),
    (ABC + "*Arcs\n1 2 x\n", 'region.net:6: the weight of a tie must be a number, not "x"'),
    (ABC + "*Arcs\n1 2 0,5\n", 'region.net:6: the weight of a tie must be a number, not "0,5"; write the decimal mark'),
    (ABC + "*Arcs\n1 2 nan\n", 'region.net:6: the weight of a tie must be a number, not "nan"'),
    (ABC + "*Arcs\n1 2 1e999\n", 'region.net:6: the weight of a tie must be a number, not "1e999"'),
    (
        ABC + "*Arcs\n1 2 -1\n",
        "region.net:6: the strength must be above 0 and at most 1, not -1; leave out negative ties",
    ),
    (ABC + "*Arcs\n1 2 3\n", "region.net:6: the strength must be at most 1, not 3; --strength divide-by-max"),
    (ABC + "*Matrix\n0 1 0\n0 0\n0 0 0\n", "region.net:7: row 2 of the matrix must have 3 numbers, not 2"),
    (ABC + "*Matrix\n0 1 0\n0 0 0 1\n0 0 0\n", "region.net:7: row 2 of the matrix must have 3 numbers, not 4"),
    (
        ABC + "*Matrix\n0 1 0\n0 0 0\n",
        "region.net:7: the matrix must have 3 rows, one a vertex, but breaks off after 2",
    ),
    (ABC + "*Matrix\n", "region.net:5: the matrix must have 3 rows, one a vertex, but breaks off after 0"),
    (
        ABC + "*Matrix\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n",
        "region.net:9: the matrix must have 3 rows, one a vertex, but anot",
    ),
    (ABC + "*Matrix\n0 0 0\n0 . 0\n0 0 0\n", 'region.net:7: number 2 of row 2 of the matrix is none: "."; write 0 whe'),
    ("*Vertices 3 1\n*Matrix\n1\n", "region.net:3: row 1 of the matrix must have 2 numbers, not 1"),
    (ABC + "*Arcz\n1 2\n", 'region.net:5: "*Arcz" is no section of a Pajek file that is read; did you mean "*Arcs"?'),
    (
        ABC + "*Events\nTI 1\n",
        'region.net:5: "*Events" is no section of a Pajek file that is read; networks told as ev',
    ),
    (ABC + "*\n", 'region.net:5: "*" is no section of a Pajek file that is read; known are *Network'),
    (ABC + ABC, 'region.net:5: "*Vertices" cannot come here: a .net file holds one network and no more; if this is a'),
    (ABC + "*Partition x\n", 'region.net:5: "*Partition" cannot come here: a .net file holds one network and no more'),
    ('*Vertices 1\n1 "a" 0 0 box role beta\n', 'region.net:2: "beta" is reserved and cannot be a role; rename it'),
    ('*Vertices 1\n1 "a\x07"\n', 'region.net: the name "a\\x07" holds the control character U+0007'),
]


@pytest.mark.parametrize(("content", "problem"), BROKEN)
def test_a_broken_file_is_refused_with_its_line(tmp_path, content, problem):
    found = problems(tmp_path, content)
    assert len(found) == 1
    assert found[0].startswith(problem)


def test_all_problems_of_a_file_are_told_at_once(tmp_path):
    found = problems(tmp_path, '*Vertices 2\n1 "a"\n5 "b"\n*Arcs\n1 9\n1 2 x\n*Arcx\n')
    assert [line.split(": ")[0] for line in found] == [f"region.net:{line}" for line in (3, 5, 6, 7)]


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path):
    net(tmp_path, ABC)
    assert problems_of(tmp_path / "regoin.net") == ['regoin.net: no such file; did you mean "region.net"?']


MARKS = '% diffusion network {"name": "n", "codes": []}\n% diffusion columns ["role"]\n'


@pytest.mark.parametrize(
    ("comments", "problem"),
    [
        ("% diffusion network {\n", 'region.net:1: the comment "diffusion network {" is damaged, so something of the'),
        ('% diffusion agent x ["a"]\n', 'region.net:1: the comment "diffusion agent x ["a"]" is damaged'),
        ("% diffusion id 1 2\n", 'region.net:1: the comment "diffusion id 1 2" is damaged'),
        ('% diffusion layer 1 "\\ud800"\n', 'region.net:1: the comment "diffusion layer 1 "\\ud800"" is damaged'),
        ("% diffusion what 1\n", 'region.net:1: the comment "diffusion what 1" is damaged'),
        (MARKS + '% diffusion agent 1 ["m"]\n', 'region.net:2: the comment "% diffusion agent 2 …" must give a value'),
        (
            MARKS + "".join(f'% diffusion agent {row} ["m"]\n' for row in (1, 2, 3, 4)),
            'region.net:2: the comment "% diffusion agent 4 …" must give a value for each of the columns here',
        ),
        (
            MARKS + '% diffusion agent 1 ["m"]\n% diffusion agent 2 ["m", "n"]\n% diffusion agent 3 ["m"]\n',
            'region.net:2: the comment "% diffusion agent 2 …" must give a value for each of the columns here',
        ),
        ('% diffusion agent 1 ["m"]\n', 'region.net: the comment "% diffusion agent 1 …" must give a value for each'),
    ],
)
def test_a_damaged_comment_is_never_silently_left_out(tmp_path, comments, problem):
    found = problems(tmp_path, comments + ABC)
    assert found[0].startswith(problem)
    assert 'remove all lines that begin with "% diffusion" to read' in found[0]


MATRIX = (ABC + "*Matrix :1 x\n0 1 0\n0 0 1\n1 1 0\n").encode()


@given(damaged(DRAWN.encode()))
def test_a_damaged_file_gets_an_answer(content):
    assert_answers(content, "north.net", "pajek", {"north.clu": b"*Vertices 3\n1\n2\n3\n"})


@given(damaged(MATRIX))
def test_a_damaged_matrix_gets_an_answer(content):
    assert_answers(content, "north.net", "pajek")


@given(damaged(b"% 1: a; 2: b\n*Vertices 3\n1\n2\n1\n"))
def test_a_damaged_partition_gets_an_answer(content):
    assert_answers(ABC.encode(), "north.net", "pajek", {"north.clu": content, "north_x.vec": content})
