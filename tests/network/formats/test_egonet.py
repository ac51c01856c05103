"""EgoNet's CSV files: raw data, adjacency matrices, edge lists, and whole networks written as raw data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from formats import assert_answers, assert_equal, damaged, networks, problems_of, ties_of, written_and_read
from hypothesis import given

from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.egonet import recognises
from diffusion.network.formats.tables import Reading
from diffusion.network.network import Network
from diffusion.network.survey import Survey

RAW = """"EgoID","EgoName","AlterID","AlterName","age","close"
"1","Kim Lee","0","Ann","34","yes"
"1","Kim Lee","1","Bob","34","no"
"1","Kim Lee","2","Ann","34","no"
"2","Sam","0","Ann","51","yes"

"EgoID","EgoName","AlterID1","AlterName1","AlterID2","AlterName2","know","say"
"1","Kim Lee","0","Ann","1","Bob","1","often"
"1","Kim Lee","0","Ann","2","Ann","0",""
"1","Kim Lee","1","Bob","2","Ann","-1",""
"""

MATRIX = """Adjacency Matrix
        ,Ann,Bob,Cem
Ann,1,1,0
Bob,1,1,0.5
Cem,0,0,1
"""

EDGES = '"Ann","Bob",1\n"Bob","Cem",0.5\n'


def egonet(folder: Path, content: str | bytes, name: str = "study.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, content: str | bytes, **said) -> Network:
    return read_network(str(egonet(folder, content)), Path(), reading=Reading(format="egonet", **said))


def notes_of(network: Network) -> list[str]:
    return [note.rpartition("/")[2] for note in network.notes]


def problems(folder: Path, content: str | bytes) -> list[str]:
    return problems_of(egonet(folder, content), "egonet")


def test_raw_data_are_a_stack_of_personal_networks(tmp_path: Path) -> None:
    network = read(tmp_path, RAW, direction="tell")
    assert network.ids == ("Kim Lee", "Kim Lee: Ann (0)", "Kim Lee: Ann (2)", "Kim Lee: Bob", "Sam", "Sam: Ann")
    assert network.columns == {
        "case": ("Kim Lee",) * 4 + ("Sam",) * 2,
        "type": ("ego", "alter", "alter", "alter", "ego", "alter"),
        "age": ("", "34", "34", "34", "", "51"),
        "close": ("", "yes", "no", "no", "", "yes"),
    }
    assert ties_of(network) == [
        ("Kim Lee", "Kim Lee: Ann (0)", "named", 1.0),
        ("Kim Lee", "Kim Lee: Ann (2)", "named", 1.0),
        ("Kim Lee", "Kim Lee: Bob", "named", 1.0),
        ("Kim Lee: Ann (0)", "Kim Lee: Bob", "know", 1.0),
        ("Kim Lee: Bob", "Kim Lee: Ann (0)", "know", 1.0),
        ("Sam", "Sam: Ann", "named", 1.0),
    ]
    assert network.survey == Survey(ego_networks=True, respondents=2)


def test_what_is_assumed_of_raw_data_is_told(tmp_path: Path) -> None:
    assert notes_of(read(tmp_path, RAW)) == [
        (
            "study.csv: this is a stack of 2 personal networks and no whole network: the alters of each respondent "
            "stand for themselves, even where two respondents named the same person, so density and path lengths "
            "only show how it was asked"
        ),
        (
            'study.csv: a tie from each respondent to each alter was added in layer "named": the file only says '
            "who named whom"
        ),
        "study.csv: ties between alters have no direction here: knowledge can flow both ways",
        "study.csv: 2 alters share their name with another alter of their respondent; a number follows it",
        "study.csv: EgoNet does not write respondents who named nobody, so they are missing",
        (
            "study.csv: EgoNet writes what respondents said of themselves beside each of their alters, and does not "
            "tell one from the other; it was all read as said of the alters"
        ),
        'study.csv: of the questions about pairs "say" was left out: a kind of tie needs numbers',
        (
            "study.csv: every answer above 0 about two alters was read as a tie; the study, not this file, says "
            "which answers are ties"
        ),
        "study.csv: 1 answers of -1 about two alters are no tie: EgoNet writes it for no answer",
        (
            "study.csv: ties were read as written, tail to head (row to column): knowledge flows from the first "
            "agent to the second. If the first turned to the second, say --direction turn-to"
        ),
    ]


def test_naming_answers_to_whom_one_turns_are_turned(tmp_path: Path) -> None:
    network = read(tmp_path, RAW, direction="turn-to")
    assert ("Kim Lee: Bob", "Kim Lee", "named", 1.0) in ties_of(network)
    assert ("Kim Lee", "Kim Lee: Bob", "named", 1.0) not in ties_of(network)


def test_a_question_called_named_keeps_its_layer(tmp_path: Path) -> None:
    network = read(tmp_path, RAW.replace('"know"', '"named"').replace('"age"', '"type"'))
    assert network.layers == ("named", "named (2)")
    assert set(network.columns) == {"case", "type (2)", "type", "close"}


def test_two_respondents_of_one_name_are_told_apart(tmp_path: Path) -> None:
    network = read(tmp_path, RAW.replace("Sam", "Kim Lee"))
    assert {"Kim Lee", "Kim Lee (2)", "Kim Lee (2): Ann"} < set(network.ids)


def test_one_respondents_alters_keep_their_names(tmp_path: Path) -> None:
    rows = [line for line in RAW.splitlines() if '"Sam"' not in line]
    assert read(tmp_path, "\n".join(rows)).ids == ("Ann (0)", "Ann (2)", "Bob", "Kim Lee")


def test_raw_data_that_a_spreadsheet_saved_anew_are_read(tmp_path: Path) -> None:
    widened = RAW.replace('"\n"', '",,\n"').replace("\n\n", "\n,,,,,,,\n").replace(",", ";").replace('"', "")
    network = read(tmp_path, widened.replace("know;say;;", "know;say").replace("1;often;;", "0,5;often"))
    assert ("Kim Lee: Ann (0)", "Kim Lee: Bob", "know", 0.5) in ties_of(network)


def test_an_adjacency_matrix_is_one_respondents_alters(tmp_path: Path) -> None:
    network = read(tmp_path, MATRIX, direction="tell")
    assert ties_of(network) == [
        ("Ann", "Bob", "tie", 1.0),
        ("Bob", "Ann", "tie", 1.0),
        ("Bob", "Cem", "tie", 0.5),
    ]
    assert network.columns == {}
    assert network.survey == Survey(ego_networks=True, respondents=1)
    assert notes_of(network)[-1] == (
        "study.csv: the file does not say whose alters these are, so the respondent is missing"
    )


def test_an_edge_list_is_read_where_its_format_is_named(tmp_path: Path) -> None:
    network = read(tmp_path, EDGES)
    assert network.ids == ("Ann", "Bob", "Cem")
    assert ("Cem", "Bob", "tie", 0.5) in ties_of(network)
    assert notes_of(network)[-1] == ("study.csv: an edge list does not name alters without ties, so they are missing")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("text", [RAW, MATRIX])
def test_raw_data_and_matrices_are_recognised(tmp_path: Path, text: str, encoding: str) -> None:
    path = egonet(tmp_path, ("\n" + text).encode(encoding))
    assert recognises(path, path.read_bytes()[:8192])
    assert read_network(str(path), Path(), reading=Reading(format="egonet")).survey is not None


@pytest.mark.parametrize(
    "text",
    [EDGES, "source,target\na,b\n", ",a,b\na,0,1\nb,1,0\n", "Adjacency Matrix,a\na,1\n", "EgoID,AlterID\n1,2\n", ""],
)
def test_other_tables_are_not_taken_for_egonet(text: str) -> None:
    assert not recognises(Path("x.csv"), text.encode())


HEADER = '"EgoID","EgoName","AlterID","AlterName"\n'
PAIRS = '\n"EgoID","EgoName","AlterID1","AlterName1","AlterID2","AlterName2","know"\n'

BROKEN = {
    "": ["study.csv: the file is empty"],
    RAW[:150]: [
        'study.csv:4: a quotation mark is not closed, or stands inside a quoted cell; double it there ("")',
    ],
    RAW.partition("\n\n")[0]: [
        (
            "study.csv:5: the second table, of pairs of alters, is missing (EgoID, EgoName, AlterID1, AlterName1, "
            "AlterID2, AlterName2); the file breaks off"
        ),
    ],
    HEADER + PAIRS: ["study.csv:1: no alter stands under the header; a network needs at least one agent"],
    HEADER + "1,Kim,0,Ann\n1,Kim,0,Bob\n,Kim,1,Cem\n1,Kim\n" + PAIRS: [
        'study.csv:3: alter "0" of respondent "1" was given in line 2; keep one',
        "study.csv:4: EgoID is empty; every row needs both",
        "study.csv:5: the row has 2 cells, the header 4; fill it up, or quote a cell that holds a separator",
    ],
    HEADER + "1,Kim,0,Ann\n" + PAIRS + "1,Kim,0,Ann,1,Bob,1\n1,Kim,0,Ann,0,Ann,much\n": [
        'study.csv:5: AlterID2 "1" is no alter of respondent "1" in the first table',
        'study.csv:6: "know" must be a number, 0 for no tie, not "much"',
    ],
    HEADER + "1,Kim,0,Ann\n1,Kim,1,Bob\n" + PAIRS + "1,Kim,0,Ann,1,Bob,3\n": [
        (
            "study.csv:6: the strength must be at most 1, not 3; --strength divide-by-max divides those of each "
            "layer by the largest of them"
        ),
    ],
    "Adjacency Matrix\n": [
        "study.csv:1: the second row names 0 alters, and 0 rows follow; there must be one for each",
    ],
    MATRIX[:-10]: [
        "study.csv:2: the second row names 3 alters, and 2 rows follow; there must be one for each",
    ],
    "Adjacency Matrix\n ,Ann,Bob\nAnn,1\nBeb,x,1\n": [
        "study.csv:3: the row has 1 values, but there are 2 alters; fill it up, or quote names with commas",
        'study.csv:4: row 2 must be of the alter of column 2, "Bob", not "Beb"',
        'study.csv:4: a cell of the matrix must be a number, 0 for no tie, not "x"',
    ],
    "Ann,Bob,1\nAnn,,1\nfrom,to,weight\n": [
        (
            'study.csv:2: a row of an EgoNet edge list is "name","name",number, not \'Ann,,1\'; a header or '
            "other columns do not belong there"
        ),
        (
            'study.csv:3: a row of an EgoNet edge list is "name","name",number, not \'from,to,weight\'; a '
            "header or other columns do not belong there"
        ),
    ],
    '"EgoID","EgoName","AlterID","AlterName","network_name","network_synthetic"\n'
    "0,n,0,a,n,true\n0,n,1,a,n,true\n0,n,2,,n,true\n" + PAIRS: [
        'study.csv:3: the AlterName "a" was given in line 2; names must be unique',
        "study.csv:4: the AlterName is empty; names must be unique",
    ],
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_refused_in_plain_words(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text) == BROKEN[text]


def test_binary_rubbish_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, bytes(range(256))) == [
        "study.csv:1: the file holds a NUL byte, so it is no text; is it the right file?"
    ]


@pytest.mark.parametrize("text", [RAW, MATRIX, EDGES])
def test_whatever_happens_to_a_file_there_is_an_answer(text: str) -> None:
    @given(damaged(text.encode()))
    def answers(content: bytes) -> None:
        assert_answers(content, "study.csv", "egonet")

    answers()


@given(networks())
def test_a_network_comes_back_as_it_was(network: Network) -> None:
    back, lost = written_and_read(network, "study.csv", "egonet")
    assert_equal(back, network)
    assert lost == []


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    network = Network.from_tables(
        name="north",
        ids=["a", "b"],
        columns={"AlterName": ["x", ""]},
        source=["a"],
        target=["b"],
        layer=["AlterID1"],
        synthetic=True,
    )
    path = tmp_path / "study.csv"
    assert write_network(replace(network, survey=Survey()), path, format_name="egonet") == [
        'the column "AlterName" is called "AlterName (2)", for its name means something else there',
        'the layer "AlterID1" is called "AlterID1 (2)", for its name means something else there',
        "how the network was asked for (respondents, response rate, caps)",
    ]
    back = read_network(str(path), Path(), reading=Reading(format="egonet"))
    assert (back.name, back.synthetic, back.notes, back.survey) == ("north", True, (), None)
    assert (back.layers, dict(back.columns)) == (("AlterID1 (2)",), {"AlterName (2)": ("x", "")})


def test_respondent_zero_without_our_columns_is_a_respondent(tmp_path: Path) -> None:
    network = read(
        tmp_path,
        RAW.replace('"1","Kim Lee"', '"0","Kim Lee"')
        .replace('"2","Sam"', '"0","Kim Lee"')
        .replace('"0","Ann","51"', '"9","Ann","51"'),
    )
    assert network.survey == Survey(ego_networks=True, respondents=1)
