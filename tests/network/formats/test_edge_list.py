"""Edge lists in text and in workbooks: what is taken for what, what is refused, and what comes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from formats import (
    CELLS,
    NAMES,
    PLAIN_NAMES,
    assert_answers,
    damaged,
    networks,
    problems_of,
    ties_of,
    written_and_read,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.tables import Reading
from diffusion.network.formats.workbooks import ROUNDED
from diffusion.network.network import Network


def read_text(folder: Path, text: str | bytes, name: str = "ties.csv", **said: str) -> Network:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_network(str(path), Path(), reading=Reading(format="edge-list", **said))  # type: ignore[arg-type]


def problems(folder: Path, text: str) -> list[str]:
    path = folder / "ties.csv"
    path.write_text(text, encoding="utf-8")
    return problems_of(path, "edge-list")


@pytest.mark.parametrize("header", ["source,target", "From,To", "EGO,ALTER", "i,j", "respondent,nominee"])
def test_the_ends_of_a_tie_go_by_the_names_that_people_give_them(tmp_path: Path, header: str) -> None:
    assert ties_of(read_text(tmp_path, f"{header}\nann,ben\n")) == [("ann", "ben", "tie", 1.0)]


def test_layer_strength_and_direction_are_read_where_they_are_named(tmp_path: Path) -> None:
    text = "from;to;relation;weight;type\nann;ben;advice;0,5;directed\nann;cat;work;;undirected\n"
    assert ties_of(read_text(tmp_path, text)) == [
        ("ann", "ben", "advice", 0.5),
        ("ann", "cat", "work", 1.0),
        ("cat", "ann", "work", 1.0),
    ]


def test_a_file_is_read_as_it_is_written_and_says_so_unless_the_question_is_stated(tmp_path: Path) -> None:
    network = read_text(tmp_path, "ego,alter\nann,ben\n")
    assert "ties were read as written, tail to head" in network.notes[0]
    assert ties_of(read_text(tmp_path, "ego,alter\nann,ben\n", direction="turn-to")) == [("ben", "ann", "tie", 1.0)]
    assert read_text(tmp_path, "ego,alter\nann,ben\n", direction="tell").notes == ()


def test_without_names_the_first_two_columns_are_the_ends_and_a_note_says_so(tmp_path: Path) -> None:
    network = read_text(tmp_path, "ann\tben\t0.5\nben\tcat\t1\n", "ties.txt")
    assert ties_of(network) == [("ann", "ben", "tie", 0.5), ("ben", "cat", "tie", 1.0)]
    assert "it has no header, that the first two columns are the two ends, the third the strength" in network.notes[0]
    headed = read_text(tmp_path, "who,whom,often\nann,ben,0.5\nben,cat,1\n")
    assert (headed.size, headed.notes[0].count("its first row is a header")) == (3, 1)


def test_strengths_on_a_scale_are_refused_with_the_way_out_and_divided_where_asked(tmp_path: Path) -> None:
    text = "source,target,layer,weight\nann,ben,a,4\nben,cat,a,1\nben,ann,b,2\n"
    (found,) = problems(tmp_path, text)
    assert found == (
        "ties.csv:2: the strength must be at most 1, not 4 (1 more); --strength divide-by-max divides those of each "
        "layer by the largest of them"
    )
    network = read_text(tmp_path, text, strength="divide-by-max")
    assert network.strength.tolist() == [1.0, 1.0, 0.25]
    assert 'strengths of layer "a" were divided by 4, the largest' in network.notes[0]


def test_a_strength_of_0_is_no_tie_and_is_counted(tmp_path: Path) -> None:
    network = read_text(tmp_path, "source,target,strength\nann,ben,0\nben,cat,1\n")
    assert (network.size, network.tie_count) == (3, 1)
    assert "1 tie of strength 0 was left out" in network.notes[0]


def test_a_row_of_one_end_is_an_agent_without_ties(tmp_path: Path) -> None:
    network = read_text(tmp_path, "source,target\nann,ben\ncat,\n")
    assert network.ids == ("ann", "ben", "cat")
    assert "rows of one end alone: 1" in network.notes[0]


def test_further_columns_and_names_that_differ_in_case_alone_are_told(tmp_path: Path) -> None:
    network = read_text(tmp_path, "source,target,year\nann,ben,2012\nAnn,ben,2013\n")
    assert network.size == 3
    assert any('left out: "year"' in note for note in network.notes)
    assert any('"ann" and "Ann" differ in letter case or blanks only' in note for note in network.notes)


def test_numbers_that_a_spreadsheet_wrote_in_two_ways_are_told_once(tmp_path: Path) -> None:
    network = read_text(tmp_path, "source,target\n1.0,2\n2.0,3\n3.0,1\n4.5,1\n5.0,1\n")
    assert network.size == 8
    assert [note.rpartition("/")[2] for note in network.notes if "two agents" in note] == [
        (
            'ties.csv: "1" and "1.0" are two agents here, and 2 more like it; if they are one, write whole numbers '
            "without the .0 that spreadsheets and pandas add"
        )
    ]
    assert not any("two agents" in note for note in read_text(tmp_path, "source,target\n1.0,2.0\n").notes)


def test_words_between_blanks_are_cells_where_every_row_has_as_many(tmp_path: Path) -> None:
    headed = read_text(tmp_path, "source  target weight\nann 'ben' 0.5\ncat   ann 1\n", "ties.txt")
    assert ties_of(headed) == [("ann", "'ben'", "tie", 0.5), ("cat", "ann", "tie", 1.0)]
    bare = read_text(tmp_path, "1 2\n2 3\n", "ties.txt")
    assert ties_of(bare) == [("1", "2", "tie", 1.0), ("2", "3", "tie", 1.0)]
    assert "it was assumed that blanks separate its cells" in " ".join(bare.notes)
    (found,) = problems(tmp_path, "ann ben\nann\n")
    assert found.endswith("it names ann ben; separate cells by commas, semicolons or tabs")


def test_an_option_that_changes_nothing_is_told(tmp_path: Path) -> None:
    notes = read_text(tmp_path, "source,target,often\nann,ben,4\n", strength="divide-by-max", direction="tell").notes
    assert notes[-1].endswith("divide-by-max changed nothing: no strength was read, so every tie has strength 1")
    text = "source,target,directed\nann,ben,no\n"
    (note,) = read_text(tmp_path, text, direction="turn-to").notes
    assert note.endswith("turn-to changed nothing: no tie has a direction, so knowledge flows both ways")


def test_everything_that_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    text = 'source,target,strength,directed\n,,1,\n,ben,1,\nann,ben,"0,5",\nann,ben,many,maybe\nann,ben,1,yes,more\n'
    assert problems(tmp_path, text) == [
        "ties.csv:2: both ends of the tie are empty",
        "ties.csv:3: the first end of the tie is empty; an agent alone stands in the first column",
        'ties.csv:4: the strength must be a number, not "0,5"; write the decimal mark as a point',
        'ties.csv:5: the strength must be a number, not "many"',
        'ties.csv:5: directed must be true or false, not "maybe"',
        "ties.csv:6: the row has 5 cells, the header 4; quote a cell that holds a separator",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "ties.csv: the file is empty"),
        ("source,target\n", "ties.csv: there are no agents in it; a network needs at least one"),
        ("a,b,c,d\n1,2,3,4\n", "ties.csv:1: the header must name the two ends of a tie (source and target; "),
        ("who whom\nann\n", "ties.csv:1: the header must name the two ends of a tie (source and target; "),
        ('source,target\n"ann,ben\n', "ties.csv:2: a quotation mark is not closed"),
    ],
)
def test_what_is_no_edge_list_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    (found,) = problems(tmp_path, text)
    assert found.startswith(problem)


def test_a_broken_workbook_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "ties.xlsx"
    path.write_bytes(b"PK\x03\x04 rubbish")
    assert problems_of(path) == [
        "ties.xlsx: this is no .xlsx workbook, or it is damaged; save it anew as .xlsx or as CSV"
    ]


@given(network=networks())
@settings(max_examples=20)
def test_a_workbook_carries_everything(network: Network) -> None:
    again, lost = written_and_read(network, "n.xlsx", "edge-list")
    assert all(line.endswith(ROUNDED) for line in lost)
    assert (again.ids, again.roles, again.columns) == (network.ids, network.roles, network.columns)
    assert (again.name, again.layers, again.synthetic) == (network.name, network.layers, network.synthetic)
    assert [tie[:3] for tie in ties_of(again)] == [tie[:3] for tie in ties_of(network)]
    assert np.allclose(again.strength, network.strength, rtol=1e-15, atol=0)


@given(network=networks(column_names=PLAIN_NAMES))
def test_a_text_carries_ties_isolates_and_whether_it_is_synthetic(network: Network) -> None:
    again, _ = written_and_read(network, "n.csv", "edge-list")
    assert (again.ids, again.synthetic) == (network.ids, network.synthetic)
    assert ties_of(again) == ties_of(network)


def test_what_a_text_cannot_carry_is_told(tmp_path: Path) -> None:
    network = Network.from_tables(
        name="n", ids=["a", "b"], roles=["firm", ""], columns={"site": ["x", ""]}, source=["a"], target=["b"]
    )
    path = tmp_path / "n.csv"
    assert write_network(network, path) == ["what agents are: role, site; a folder or a workbook (.xlsx) carries them"]


VALID = b"source,target,layer,strength\nann,ben,advice,0.5\nben,cat,,1\n"


@given(content=damaged(VALID))
def test_whatever_a_file_holds_the_answer_is_a_network_or_problems(content: bytes) -> None:
    assert_answers(content, "ties.csv", "edge-list")


@given(ends=st.lists(st.tuples(NAMES, CELLS), min_size=1, max_size=4))
def test_any_rows_of_two_cells_get_an_answer(ends: list[tuple[str, str]]) -> None:
    assert_answers("\n".join(f"{first},{second}" for first, second in ends).encode(), "ties.csv", "edge-list")


def test_what_r_writes_between_blanks_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, '"from" "to"\n"1" "ann" "ben"\n')
    assert found.startswith("ties.csv:1: a quotation mark is not closed, or stands inside a quoted cell")
    assert found.endswith("; separate cells by commas, semicolons or tabs")
