"""Sheets in text: what spreadsheets, statistics programs and hands write, and how it is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats import damaged
from hypothesis import given
from hypothesis import strategies as st

from diffusion.network.formats import read_network
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import Sheet, read_sheet, separator_of, sheet_of_text
from diffusion.network.formats.tables import Reading

PATH = Path("n.csv")


def sheet(text: str) -> Sheet:
    made = sheet_of_text(PATH, text, Problems())
    assert made is not None
    return made


def problems(text: str) -> tuple[str, ...]:
    found = Problems()
    assert sheet_of_text(PATH, text, found) is None
    return found.error().problems


def test_rows_keep_the_lines_on_which_they_start() -> None:
    made = sheet('a,b\n\n"x\ny",1\n ,\nz,2\n')
    assert (made.rows, made.lines) == ([["a", "b"], ["x\ny", "1"], ["z", "2"]], [1, 3, 6])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(end: str) -> None:
    made = sheet(end.join(["a,b", "", "1,2", ""]))
    assert (made.rows, made.lines) == ([["a", "b"], ["1", "2"]], [1, 3])


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;"])
def test_the_separator_that_the_first_line_states_to_excel_is_used(first: str) -> None:
    made = sheet(f"{first}\r\na, b;c\r\n1,5;2\r\n")
    assert (made.rows, made.lines, made.separator) == ([["a, b", "c"], ["1,5", "2"]], [2, 3], ";")
    assert made.number("1,5") == 1.5
    assert sheet("sep=|\na|b\n").rows == [["a", "b"]]


def test_a_stated_separator_is_used_by_the_formats_of_sheets(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_text("sep=;\nsource;target;strength\na;b;0,5\n", encoding="utf-8")
    network = read_network(str(path), Path(), reading=Reading(direction="tell"))
    assert (network.ids, network.strength.tolist()) == (("a", "b"), [0.5])


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("0,5;0,1\n0,2;0,3\n", ";"),
        ("name;place, country\nann;Leeds, UK\n", ";"),
        ("name, first\tage\nBrown, Ann\t3\n", "\t"),
        ("id;said\n1;yes, no, perhaps\n2;no\n", ";"),
        ('id,said\n1,"one\ntwo; three;\nfour"\n2,x\n', ","),
        ('"a,b";"c,d"\n"1,2";"3,4"\n', ";"),
        ("a,b\n1;2,x\n3,4\n", ","),
        ("one column\nof prose\n", ","),
        ("", ","),
    ],
)
def test_the_separator_is_told_from_whole_rows_and_not_from_marks_inside_cells(text: str, separator: str) -> None:
    assert separator_of(text) == separator


def test_quotation_marks_after_a_blank_are_no_part_of_a_name() -> None:
    assert sheet('source, target\n"ann", "bob, jr"\n').rows[1] == ["ann", "bob, jr"]


def test_a_quotation_mark_inside_a_cell_without_them_is_a_mark_like_others() -> None:
    assert sheet('a,b\n5" disk,x\n').rows[1] == ['5" disk', "x"]


@pytest.mark.parametrize("text", ['a,b\n\n"x,1\ny,2\n', 'a,b\n\n"x" y,2\n'])
def test_a_quotation_mark_out_of_place_is_told_with_its_line(text: str) -> None:
    said = 'n.csv:3: a quotation mark is not closed, or stands inside a quoted cell; double it there ("")'
    assert problems(text) == (said,)


@pytest.mark.parametrize("text", ["", "\n\r\n", ",,\n , \n", "sep=;\n", "sep=;"])
def test_a_sheet_without_anything_in_it_is_empty(text: str) -> None:
    assert problems(text) == ("n.csv: the file is empty",)


def test_columns_in_which_nothing_stands_are_no_columns() -> None:
    assert sheet(",,a,b,,\n,,1,,,\n,,,2,,\n").rows == [["a", "b"], ["1", ""], ["", "2"]]
    assert sheet(",a,b\na,0,1\nb,1,0\n").rows[0] == ["", "a", "b"]


def test_what_stands_beyond_the_last_column_of_the_header_is_kept() -> None:
    assert sheet("a,b\n1,2,,x\n").rows == [["a", "b"], ["1", "2", "", "x"]]


@pytest.mark.parametrize(
    ("separator", "cell", "value"),
    [
        (",", "0.5", 0.5),
        (",", "0,5", None),
        (";", "0,5", 0.5),
        ("\t", "1,000", 1.0),
        ("|", "0,5", 0.5),
        (";", "1.234,5", None),
        ("", "0,5", 0.5),
        ("", "0,125", 0.125),
        ("", "1,234", None),
        ("", "12,5", 12.5),
        ("", "1e-3", 0.001),
        (",", "nan", None),
        (",", "1e999", None),
        (",", "٣", None),
        (",", "1_0", None),
        (",", "50%", None),
    ],
)
def test_a_comma_is_a_decimal_mark_where_it_separates_no_cells_and_cannot_mark_a_thousand(
    separator: str, cell: str, value: float | None
) -> None:
    assert Sheet(PATH, [], [], separator).number(cell) == value


def test_a_sheet_of_western_europe_is_read_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_bytes("name;wert\r\nZoë;0,5\r\n".encode("cp1252"))
    made = read_sheet(path, Problems())
    assert made is not None
    assert made.rows == [["name", "wert"], ["Zoë", "0,5"]]
    assert made.number(made.rows[1][1]) == 0.5
    assert [note.rpartition("/")[2] for note in made.notes] == [
        "n.csv:2: this is not UTF-8, so the file was read as Windows-1252; check accented names"
    ]


def test_an_old_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    found = Problems()
    assert read_sheet(tmp_path / "n.XLS", found) is None
    assert (
        found.error()
        .problems[0]
        .endswith("n.XLS: workbooks of before 2007 (.xls) are not read; save it as .xlsx or as CSV")
    )


CONTENT = b'sep=;\n"a";b\n"x;""y""";0,5\n\n1;2\n'


@given(content=damaged(CONTENT))
def test_whatever_a_text_holds_the_answer_is_a_sheet_or_one_line(content: bytes) -> None:
    found = Problems()
    text = content.decode("utf-8", errors="replace").replace("\0", "")
    made = sheet_of_text(PATH, text, found)
    if made is None:
        assert len(found.error().problems) == 1
    else:
        assert len(made.rows) == len(made.lines) > 0
        assert made.lines == sorted(made.lines)
        assert all(any(row) for row in made.rows)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=4).map(str.strip)


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(all), min_size=1, max_size=5),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_quoted_cells_come_back_as_they_are(rows: list[list[str]], separator: str) -> None:
    lines = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    made = sheet_of_text(PATH, "\r\n".join(lines), Problems(), separator=separator)
    assert made is not None
    assert made.rows == rows
