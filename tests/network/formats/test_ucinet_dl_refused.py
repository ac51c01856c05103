"""UCINET's DL files that are refused: the line, what must hold and what came; and no answer but a network or that."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from formats import assert_answers, damaged, problems_of
from hypothesis import given
from hypothesis import strategies as st

MULTIPLIED = "\N{MULTIPLICATION SIGN}"
GUIDE = "open it in UCINET and export it as fullmatrix or edgelist1"
KNOWN = (
    "known are N, NR, NC, NM, FORMAT, DIAGONAL, TITLE, LABELS, ROW LABELS, COLUMN LABELS, MATRIX LABELS, LEVEL LABELS, "
    "DATAFILE, DATA:"
)


def dl(folder: Path, content: str | bytes, name: str = "region.dl") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


HEADERS = {
    "": ['region.dl: a DL file begins with "DL"; this one is empty'],
    "\n\nN=3\ndata:\n0": ['region.dl:3: a DL file begins with "DL", not with "N"'],
    "DL\nN=3\n\n": ['region.dl:2: the header does not end: "DATA:" must stand before the data'],
    "DL n=2 labels: a b\n0 1\n1 0\n": [
        'region.dl:2: LABELS ends with label 2, as N says, but "DATA:" must stand before "0"'
    ],
    "DL data:\n0": ["region.dl:1: the header must say how many agents there are, as in N=5"],
    "DL N=three NM=0\nlabels: a b c\ndata:\n0": [
        'region.dl:1: N must be a whole number above 0, not "three"',
        'region.dl:1: NM must be a whole number above 0, not "0"',
    ],
    "DL N=3 N=4 data:\n": ["region.dl:1: N is 3 in line 1, and 4 here; keep one of the two"],
    "DL NR=3 data:\n": ["region.dl:1: NR is given without NC; give both, or N for both at once"],
    "DL N=3\nNR=3 NC=2 data:\n": ["region.dl:1: N stands for NR and NC at once, but they differ; leave N out"],
    "DL N=1000000000\ndata:\n0 1\n": [
        (
            "region.dl:1: N is 1,000,000,000, but the file is too short for so many agents; correct the number, or "
            "take the whole file"
        )
    ],
    "DL N=1 DIAGONAL ABSENT\nNM=1000000000\ndata:\n": [
        (
            "region.dl:2: NM is 1,000,000,000, but the file is too short for so many matrices; correct the number, or "
            "take the whole file"
        )
    ],
    "DL N=3\nFROMAT=edgelist1\ndata:\n1 2\n": [
        'region.dl:2: "FROMAT" is no keyword of a DL header; did you mean "FORMAT"?'
    ],
    "DL N=3\nwhatever of it\ndata:\n1 2\n": [f'region.dl:2: "whatever" is no keyword of a DL header; {KNOWN}'],
    "DL N=3 format=fulmatrix data:\n": [
        'region.dl:1: FORMAT must say how matrices are written, not "fulmatrix"; did you mean "fullmatrix"?'
    ],
    "DL N=3 diagonal=none data:\n": ['region.dl:1: DIAGONAL must be PRESENT or ABSENT, not "none"'],
    "DL N=3\nformat=blockmatrix data:\n": [f"region.dl:2: the format BLOCKMATRIX is not read by this program; {GUIDE}"],
    "DL N=3\nformat = RankedList1\ndata:\n": [
        f"region.dl:2: the format RANKEDLIST1 is not read by this program; {GUIDE}"
    ],
    "DL NR=2 NC=3 format=edgelist1 data:\n1 2": [
        "region.dl:1: EDGELIST1 is for one kind of agents, but NR is 2 and NC is 3; for two kinds say EDGELIST2"
    ],
    "DL NR=2 NC=3 format=uh data:\n1 2": [
        "region.dl:1: UPPERHALF needs as many rows as columns, but NR is 2 and NC is 3"
    ],
    'DL title="x\nn=2 data:\n0 1 1 0': ["region.dl:1: a quotation mark in this line is not closed"],
}

LABELS = {
    "DL labels: a b\nN=2 data:\n": ["region.dl:1: N must come before LABELS, so that it is known how many there are"],
    "DL n=2 matrix labels: a b data:\n": [
        "region.dl:1: NM must come before MATRIX LABELS, so that it is known how many there are"
    ],
    "DL nr=2 nc=3 labels: a b data:\n": [
        (
            "region.dl:1: LABELS names rows and columns at once, but NR is 2 and NC is 3; say ROW LABELS and "
            "COLUMN LABELS"
        )
    ],
    "DL n=3\nlabels:\na\nb\ndata:\n0": ["region.dl:4: LABELS lists 2 labels, not 3 as N says"],
    "DL n=3\nlabels:\na\nb c\nd\ndata:\n0": ["region.dl:5: LABELS lists 4 labels, not 3 as N says"],
    "DL nr=1 nc=2\nrow labels:\na\ncolumn labels: x\ndata:\n0": [
        "region.dl:4: COLUMN LABELS lists 1 label, not 2 as NC says"
    ],
    "DL n=3\nlabels: Ann\nbob\nANN\ndata:\n0": [
        (
            'region.dl:4: the label "ANN" was given in line 2 as "Ann"; UCINET knows no letter case, and labels '
            "must differ"
        )
    ],
    "DL n=2 nm=2 labels: a b matrix labels: m m data:\n0 1 1 0 0 1 1 0": [
        'region.dl:1: the label "m" was given in line 1; UCINET knows no letter case, and labels must differ'
    ],
    'DL n=2\nlabels: "a\nb"\ndata:\n': [
        "region.dl:2: a quotation mark in this line is not closed",
    ],
    'DL n=2\nlabels: "" b\ndata:\n': ["region.dl:2: a label is empty; give every agent and every matrix one"],
    "DL n=2\nlabels: a\x1b b\ndata:\n": [
        'region.dl:2: the name "a\\x1b" holds the control character U+001B; remove it'
    ],
    "DL n=3 row labels: a b c col labels: a\nbo c data:\n0 0 0 0 0 0 0 0 0": [
        'region.dl:1: "b" is a row but no column, though other labels are both; did you mean "bo"?',
        'region.dl:2: "bo" is a column but no row, though other labels are both; did you mean "b"?',
    ],
    "DL n=2 labels embedded data:\na b\na 0 1\na 1 0": [
        ('region.dl:4: the label "a" was given in line 3; UCINET knows no letter case, and labels must differ')
    ],
    "DL n=2 nm=2 labels embedded data:\na b\na 0 1\nb 1 0\na b\na 0 1\nc 1 0\n": [
        'region.dl:7: label 2 is "b" in line 4, and "c" here; they must agree'
    ],
    "DL n=2\nformat=nl1b labels embedded data:\n1 a\n0": [
        (
            "region.dl:2: the data give labels, but not for the rows of NODELIST1B; list all labels in the header, "
            "under LABELS"
        )
    ],
}

DATA = {
    "DL nr=3 nc=4\ndata:\n0 1 0 1\n1 0 0\n0 0 1 1\n": ["region.dl:4: this row of the matrix has 3 values, not 4"],
    "DL nr=3 nc=4\ndata:\n0 1 0 1 1 0\n0 0 0 1 1\n": [
        f"region.dl:4: the matrix has 11 values, not 12 = 3 {MULTIPLIED} 4"
    ],
    "DL n=4 diagonal absent data:\n0 1 0 1 1 0\n0 0 0 1 1 1 1\n": [
        f"region.dl:3: the matrix has 13 values, not 12 = 4 {MULTIPLIED} 3"
    ],
    "DL n=4 format=lh data:\n0\n": [f"region.dl:2: the matrix has 1 value, not 10 = 4 {MULTIPLIED} 5 / 2"],
    "DL n=3 nm=2 data:\n0 1 0\n0 0 0\n0 0 1\n": [
        f"region.dl:4: the 2 matrices have 9 values, not 18 = 2 {MULTIPLIED} 3 {MULTIPLIED} 3"
    ],
    "DL n=2 labels embedded data:\na b\n0 1\n1 0\n": [
        "region.dl:4: the matrix, with the labels in the data, has 6 values, not 8"
    ],
    "DL n=3\ndata:\n0 1 0\n0 0,5 0\n0 0 0\n": [
        (
            "region.dl:4: this row of the matrix has 4 values, not 3; a comma divides values, so write decimals with "
            "a point"
        )
    ],
    "DL n=3\ndata:\n0 1 0\n0 0\n0 0 0 1\n0": [f"region.dl:6: the matrix has 10 values, not 9 = 3 {MULTIPLIED} 3"],
    "DL n=3\ndata:\n0 1 0\n0 0\n0 0 0 1\n": [
        "region.dl:4: this row of the matrix has 2 values, not 3",
        "region.dl:5: this row of the matrix has 4 values, not 3",
    ],
    "DL n=2\ndata:\n0 yes\n1_0 inf\n": [
        'region.dl:3: a value must be a number, or ? where it is missing, not "yes"',
        'region.dl:4: a value must be a number, or ? where it is missing, not "1_0"',
        'region.dl:4: a value must be a number, or ? where it is missing, not "inf"',
    ],
    "DL n=2 nm=2 data:\n0 1\n!\n0 0\n0 1\n0 0\n": [
        'region.dl:3: "!" must stand between two matrices, but here it stands inside one'
    ],
    "DL n=2 data:\n0 1\n0 3\n": [
        (
            "region.dl:3: the strength must be at most 1, not 3; --strength divide-by-max divides those of each layer "
            "by the largest of them"
        )
    ],
    "DL n=3 format=el1 data:\n1 2\n1\n1 2 0.5 x\n": [
        (
            "region.dl:3: a line must hold two agents and, if need be, a value, not 1 word; put labels with blanks "
            "in quotation marks"
        ),
        (
            "region.dl:4: a line must hold two agents and, if need be, a value, not 4 words; put labels with blanks "
            "in quotation marks"
        ),
    ],
    "DL n=3 format=el1 data:\n1 4\n0 2\n4 1\n": [
        "region.dl:2: an agent's number must be between 1 and 3, as N says, not 4",
        "region.dl:3: an agent's number must be between 1 and 3, as N says, not 0",
    ],
    "DL n=3 format=el1 data:\na b\nb c\n": [
        (
            'region.dl:2: agents must be given by their numbers, 1 to 3, not "a"; if these are labels, the header '
            "must say LABELS EMBEDDED"
        )
    ],
    "DL n=3 format=el1 labels: ann bob cem labels embedded data:\nann bbo\nbbo cem\n": [
        'region.dl:2: "bbo" is not among the labels that the header lists; did you mean "bob"?'
    ],
    "DL n=2 format=el1 labels embedded data:\nann bob\nbbo ann\n": [
        (
            'region.dl:3: "bbo" is one agent more than the 2 that N says; correct N, or the label if it is '
            "another's misspelt"
        )
    ],
    "DL n=2 format=el1 labels embedded data:\nann bob x\n": [
        'region.dl:2: a value must be a number, or ? where it is missing, not "x"'
    ],
    'DL n=2 format=el1 labels embedded data:\n"ann bob\n': ["region.dl:2: a quotation mark in this line is not closed"],
    "DL n=2 nm=2 format=el1 data:\n1 2\n": [
        'region.dl:2: NM announces 2 matrices, but 1 list came; a line "!" must stand between them'
    ],
    "DL n=2 format=el1 data:\n1 2\n!\n2 1\n": ['region.dl:3: "!" begins matrix 2, but NM says 1; correct NM'],
    "DL n=3 format=nl1b data:\n1 2\n2 1\n0\n": [
        'region.dl:3: a line must begin with the number of agents behind it, which is 1, not "2"'
    ],
    "DL n=3 format=nl1b data:\n1 2\n0\n": [
        "region.dl:3: the list has 2 lines, not 3, one for each row; a row without ties has 0"
    ],
    "DL n=2\ndatafile=x.dat\ndata:\n0 1\n0 0": [
        'region.dl:4: the data stand here, but line 2 says that they are in "x.dat"'
    ],
    "DL n=2 datafile=bside.dat": [
        (
            'region.dl:1: DATAFILE names "bside.dat", but there is no such file in the same folder; did you mean '
            '"beside.dat"?'
        )
    ],
    "DL n=2 datafile=beside.dat": ["beside.dat:2: this row of the matrix has 1 value, not 2"],
    "DL n=2 datafile=region.dl": [
        'region.dl:1: DATAFILE must name another file in the same folder, which "region.dl" is not'
    ],
}


@pytest.mark.parametrize("text", [*HEADERS, *LABELS, *DATA])
def test_a_broken_file_is_refused_in_plain_words(tmp_path: Path, text: str) -> None:
    dl(tmp_path, "0 1\n0\n", "beside.dat")
    assert problems_of(dl(tmp_path, text), "dl") == {**HEADERS, **LABELS, **DATA}[text]


@pytest.mark.parametrize("name", ["../secret.dat", "/etc/passwd", "..\\secret.dat", "C:secret.dat", "..", "sub/x.dat"])
def test_no_file_outside_the_folder_is_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "inside"
    (folder / "sub").mkdir(parents=True)
    for other in (tmp_path / "secret.dat", folder / "sub" / "x.dat"):
        other.write_text("0 1 0 0", encoding="utf-8")
    assert problems_of(dl(folder, f'DL n=2 datafile="{name}"'), "dl") == [
        (
            f'region.dl:1: DATAFILE must name a file in the same folder, not "{name}"; copy that file here, and leave '
            "its folder out"
        )
    ]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "secret.dat").write_text("0 1 0 0", encoding="utf-8")
    (folder / "link.dat").symlink_to(tmp_path / "secret.dat")
    assert problems_of(dl(folder, "DL n=2 datafile=link.dat"), "dl") == [
        'region.dl:1: DATAFILE must name another file in the same folder, which "link.dat" is not'
    ]


def test_binary_rubbish_is_refused(tmp_path: Path) -> None:
    assert problems_of(dl(tmp_path, bytes(range(256))), "dl") == [
        "region.dl:1: the file holds a NUL byte, so it is no text; is it the right file?"
    ]


@pytest.mark.parametrize("form", ["fullmatrix", "uh", "el1 labels embedded", "nl1b", "edgelist2"])
def test_announced_agents_take_no_memory(tmp_path: Path, form: str) -> None:
    path = dl(tmp_path, f"DL n=999999999 nm=999999999 format={form} data:\n1 2\n2 1\n")
    tracemalloc.start()
    found = problems_of(path, "dl")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 1
    assert peak < 2_000_000


EXAMPLES = (
    b'DL n=2 nm=2 title="north"\nlabels: ann, "Ben C"\nmatrix labels: m1 m2\ndata:\n0 1\n.5 0\n!\n0 ?\n1 0\n',
    b"DL n=3 format=lowerhalf diagonal absent\nlabels embedded\ndata:\na b c\na\nb 1\nc 0 1\n",
    b"DL nr=2 nc=3 format=edgelist2\nlabels embedded:\ndata:\na x\nb y 1\nb z\n",
    b"dl n=4 format = nodelist1b\nlabels: a b c d\ndata:\n3 1 2 3\n3 1 2 4\n0\n2 1 4\n",
    b"dl n=2\ndatafile = beside.dat\nrow labels: a b\n",
)


@given(st.sampled_from(EXAMPLES).flatmap(damaged))
def test_whatever_happens_to_a_file_there_is_an_answer(content: bytes) -> None:
    assert_answers(content, "region.dl", "dl", {"beside.dat": b"0 1\n0 0\n"})


@given(damaged(b"a b\na 0 1\nb 1 0\n"))
def test_whatever_happens_to_a_file_of_data_there_is_an_answer(content: bytes) -> None:
    assert_answers(b"dl n=2 labels embedded datafile beside.dat", "region.dl", "dl", {"beside.dat": content})


WORDS = st.sampled_from(
    [
        *("n=2", "nr=2", "nc=3", "nm=2", "n", "=", "3", "labels:", "labels embedded", "row labels:", "matrix labels:"),
        *("format=el1", "format=nl1b", "format=uh", "diagonal absent", "data:", "title=", "datafile", "\n", "\n", "!"),
        *("a", "b", '"a b"', '"', "0", "1", "1 2", "2 1 0.5", "?", "-1", ",", "data:\n0 1\n1 0\n", "data:\n1 2\n"),
    ]
)


@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_whatever_words_a_file_is_made_of_there_is_an_answer(words: str) -> None:
    assert_answers(f"DL {words}".encode(), "region.dl", "dl")
