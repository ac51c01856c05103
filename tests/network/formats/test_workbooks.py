"""Workbooks of Excel as people and programs leave them: what is read as it is seen, what is told, what is refused."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import openpyxl
import pytest
from formats import assert_answers, assert_equal, damaged, problems_of
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.excel_kept import books_kept
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.registry import format_of
from diffusion.network.formats.sheets import Sheet, read_sheet
from diffusion.network.formats.tables import Reading
from diffusion.network.network import Network

TIES: list[list[object]] = [["source", "target", "strength"], ["ann", "bob", 0.5], ["bob", "cat", 1]]
SHEET_XML = "xl/worksheets/sheet1.xml"
DAMAGED = "the workbook is damaged; open it in a spreadsheet and save it anew"


def workbook(
    folder: Path, rows: Sequence[Sequence[object]] = TIES, change: Callable[[Any], None] | None = None
) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if change:
        change(book)
    path = folder / "n.xlsx"
    book.save(path)
    return path


def repacked(path: Path, changes: Mapping[str, Callable[[bytes], bytes]]) -> Path:
    with zipfile.ZipFile(path) as archive:
        contents = dict.fromkeys(changes, b"") | {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, changes.get(name, bytes)(content))
    return path


def with_shared_strings(path: Path, strings: bytes) -> Path:
    """Keep the texts of a workbook in a table of their own, as Excel does: cells state the place of their text."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    places = count()
    return repacked(
        path,
        {
            SHEET_XML: lambda xml: re.sub(
                rb't="inlineStr"><is>.*?</is>', lambda _: b't="s"><v>%d</v>' % next(places), xml
            ),
            "[Content_Types].xml": lambda xml: xml.replace(
                b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
            ),
            "xl/sharedStrings.xml": lambda _: strings,
        },
    )


def read(path: Path, name: str | None = None) -> Sheet:
    found = Problems()
    made = read_sheet(path, found, sheet=name)
    assert made is not None, found.error().problems
    return made


def notes_of(sheet: Sheet) -> list[str]:
    return [note.rpartition("/")[2] for note in sheet.notes]


def problems(path: Path, name: str | None = None) -> list[str]:
    found = Problems()
    assert read_sheet(path, found, sheet=name) is None
    return [line.replace(f"{path.parent}/", "") for line in found.error().problems]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (2.0, "2"),
        (0.25, "0.25"),
        (0.1, "0.1"),
        ("007", "007"),
        (" a ", "a"),
        ("Zoë", "Zoë"),
        (True, "true"),
        (False, "false"),
        (date(2016, 3, 1), "2016-03-01"),
        (datetime(2016, 3, 1, 9, 30), "2016-03-01T09:30:00"),  # noqa: DTZ001 - cells know no zones
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        ("a_x000D_b_x005F_x0041_", "a\rb_x0041_"),
    ],
)
def test_a_cell_is_read_as_it_is_seen(tmp_path: Path, value: object, text: str) -> None:
    assert read(workbook(tmp_path, [["x", value, "x"]])).rows == [["x", text, "x"]]


@pytest.mark.parametrize(("form", "text"), [("000", "007"), ("0", "7"), ("0%", "7"), ("General", "7"), ("0.00", "7")])
def test_numbers_shown_with_zeros_before_them_keep_them(tmp_path: Path, form: str, text: str) -> None:
    def change(book: Any) -> None:
        book.active["B1"].number_format = form

    assert read(workbook(tmp_path, [["x", 7], ["007", 1]], change)).rows == [["x", text], ["007", "1"]]


def test_numbers_that_stand_as_text_may_have_a_decimal_comma(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["source", "target", "strength"], ["a", "b", "0,5"]])
    network = read_network(str(path), Path(), reading=Reading(direction="tell"))
    assert network.strength.tolist() == [0.5]


def test_empty_rows_and_columns_around_a_table_are_passed_over(tmp_path: Path) -> None:
    made = read(workbook(tmp_path, [[], [], ["", None, "a", "b", " "], [], [None, None, 1, None, ""]]))
    assert (made.rows, made.lines) == ([["a", "b"], ["1"]], [3, 5])


def test_a_formula_is_read_as_its_value_and_one_without_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b"], ["=1+1", '=IF(1,"","x")'], ["=2", 1]])
    assert problems(path) == [
        (
            "n.xlsx: the formulas in 3 cells, A2 the first, have no saved values; open the workbook in a spreadsheet, "
            "save it, and read it again"
        )
    ]

    def computed(xml: bytes) -> bytes:
        xml = re.sub(rb'<c r="B2"><f>(.*?)</f><v ?/></c>', rb'<c r="B2" t="str"><f>\1</f><v></v></c>', xml)
        return re.sub(rb"</f><v ?/>", b"</f><v>7</v>", xml)

    assert read(repacked(path, {SHEET_XML: computed})).rows == [["a", "b"], ["7"], ["7", "1"]]


def test_cells_with_errors_are_told_one_by_one(tmp_path: Path) -> None:
    assert problems(workbook(tmp_path, [["a", "b"], [1, "#N/A"], ["#SPILL!", "#1"]])) == [
        "n.xlsx:2: the formula in cell B2 has no value but #N/A; mend it or clear it",
        "n.xlsx:3: the formula in cell A3 has no value but #SPILL!; mend it or clear it",
    ]


def test_a_number_that_is_no_date_in_a_column_of_dates_is_told_without_a_warning(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.active["A1"].number_format = "yyyy-mm-dd"

    assert problems(workbook(tmp_path, [[1e12]], change)) == [
        "n.xlsx:1: the formula in cell A1 has no value but #VALUE!; mend it or clear it"
    ]


def test_merged_cells_speak_for_each_of_their_rows(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for cells in ("A2:A4", "A5:A6", "B7:C7"):
            book.active.merge_cells(cells)

    rows: list[list[object]] = [["ego", "alter"], ["ann", "x"], ["", "y"], ["", "z"], ["bob", "x"], [], ["cat", "y"]]
    made = read(workbook(tmp_path, rows, change))
    assert [row[0] for row in made.rows] == ["ego", "ann", "ann", "ann", "bob", "cat"]
    assert notes_of(made) == ["n.xlsx: merged cells were read as if their text stood in each of their rows: A2:A4"]


def test_rows_that_are_hidden_are_read_and_told(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.active.row_dimensions[2].hidden = True

    made = read(workbook(tmp_path, TIES, change))
    assert len(made.rows) == 3
    assert notes_of(made) == ["n.xlsx: 1 hidden row was read like the others"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_not_read_unless_named(tmp_path: Path, state: str) -> None:
    def change(book: Any) -> None:
        page = book.create_sheet("lists", 0)
        page.append(["x"])
        page.sheet_state = state
        book.active = 1

    path = workbook(tmp_path, TIES, change)
    assert read(path).rows[0] == ["source", "target", "strength"]
    assert notes_of(read(path)) == ['n.xlsx: hidden sheets were not read ("lists"); unhide what belongs to the network']
    assert read(path, "lists").rows == [["x"]]
    network = read_network(str(path), Path(), reading=Reading(direction="tell"))
    assert (network.ids, len(network.notes)) == (("ann", "bob", "cat"), 1)


def test_of_several_sheets_the_first_is_read_and_another_must_be_named_rightly(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.create_sheet("more").append(["y"])
        book.create_sheet("none")

    path = workbook(tmp_path, TIES, change)
    assert notes_of(read(path)) == ['n.xlsx: of 3 sheets the first, "Sheet", was read']
    assert read(path, "more").rows == [["y"]]
    assert problems(path, "mroe") == ['n.xlsx: the workbook has no sheet "mroe"; did you mean "more"?']
    assert problems(path, "none") == ['n.xlsx: the sheet "none" is empty']


@pytest.mark.parametrize("claim", ["A1", "A1:XFD1048576", "B2:B2"])
def test_the_size_that_a_sheet_claims_to_have_is_not_believed(tmp_path: Path, claim: str) -> None:
    path = workbook(tmp_path)
    resized = f'<dimension ref="{claim}"'.encode()
    repacked(path, {SHEET_XML: lambda xml: re.sub(rb'<dimension ref="[^"]*"', resized, xml)})
    started = perf_counter()
    assert read(path).rows == [["source", "target", "strength"], ["ann", "bob", "0.5"], ["bob", "cat", "1"]]
    assert perf_counter() - started < 5


def test_one_cell_in_the_last_corner_of_a_sheet_costs_little(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.active["XFD1048576"] = "x"

    started = perf_counter()
    made = read(workbook(tmp_path, TIES, change))
    assert perf_counter() - started < 10
    assert (made.lines, len(made.rows[-1]), made.rows[-1][-1]) == ([1, 2, 3, 1_048_576], 16_384, "x")


def test_links_to_other_workbooks_and_styles_that_are_missing_do_no_harm(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    repacked(path, {"xl/styles.xml": lambda xml: re.sub(rb"<cellStyles.*</cellStyles>", b"", xml)})
    assert len(read(path).rows) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"source,target\na,b\n", "this is no .xlsx workbook, or it is damaged; save it anew as .xlsx or as CSV"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "the workbook is locked by a password; save it without one",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "this is a workbook of before 2007 (.xls) under another name; save it as .xlsx or as CSV",
        ),
        (
            b"<html><table><tr><td>a</td></tr></table></html>",
            (
                "this is a web page or XML under the name of a workbook; open it in a spreadsheet and save it as .xlsx "
                "or as CSV"
            ),
        ),
    ],
)
def test_what_only_has_the_name_of_a_workbook_is_told_for_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "n.xlsx"
    path.write_bytes(content)
    assert problems(path) == [f"n.xlsx: {said}"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a.csv"], "this is a zip archive, but no workbook is in it; save it as .xlsx or as CSV"),
        (["[Content_Types].xml", "word/document.xml"], "this is a zip archive, but no workbook is in it; save it as"),
        (["mimetype", "content.xml"], "this is an OpenDocument spreadsheet (.ods); save it as .xlsx or as CSV"),
        (["[Content_Types].xml", "xl/workbook.bin"], "this is a binary workbook (.xlsb); save it as .xlsx or as CSV"),
        (["[Content_Types].xml", "xl/workbook.xml"], DAMAGED),
    ],
)
def test_an_archive_of_something_else_is_told_for_what_it_is(tmp_path: Path, names: list[str], said: str) -> None:
    path = tmp_path / "n.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    (found,) = problems(path)
    assert found.startswith(f"n.xlsx: {said}")


def test_a_strict_workbook_is_no_empty_one(tmp_path: Path) -> None:
    def strict(xml: bytes) -> bytes:
        return xml.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/x"
        )

    assert problems(repacked(workbook(tmp_path), {"xl/workbook.xml": strict})) == [
        'n.xlsx: this is a "Strict Open XML" workbook; save it as "Excel Workbook (.xlsx)"'
    ]


def test_a_bomb_in_a_workbook_is_refused_unopened(tmp_path: Path) -> None:
    path = repacked(workbook(tmp_path), {SHEET_XML: lambda xml: xml + b" " * 30_000_000})
    (found,) = problems(path)
    assert re.fullmatch(r"n\.xlsx: the archive would unpack to 30,0.* bytes; .* may be a zip bomb", found)


BOMB = b"".join(
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">',
        *(b'<!ENTITY %c "%s">' % (98 + step, b"&%c;" % (97 + step) * 10) for step in range(9)),
        b"]><x>&j;</x>",
    ]
)


@pytest.mark.parametrize("name", [SHEET_XML, "xl/workbook.xml"])
def test_entities_that_multiply_are_refused(tmp_path: Path, name: str) -> None:
    assert problems(repacked(workbook(tmp_path), {name: lambda _: BOMB})) == [f"n.xlsx: {DAMAGED}"]
    assert problems(with_shared_strings(workbook(tmp_path), BOMB)) == [f"n.xlsx: {DAMAGED}"]


def test_texts_are_read_from_the_table_in_which_excel_keeps_them(tmp_path: Path) -> None:
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<si><t> a</t></si><si><r><t>b</t></r><r><t>c</t></r></si><si><t>d</t>"
        b'<rPh sb="0" eb="1"><t>e</t></rPh></si></sst>'
    )
    assert read(with_shared_strings(workbook(tmp_path, [["x", "x"], ["x"]]), strings)).rows == [["a", "bc"], ["d"]]
    assert problems(with_shared_strings(workbook(tmp_path, [["x"] * 4]), strings)) == [f"n.xlsx: {DAMAGED}"]


def test_a_workbook_that_breaks_off_is_damaged_and_no_short_one(tmp_path: Path) -> None:
    rows: list[list[object]] = [["source", "target"]] * 500
    path = repacked(workbook(tmp_path, rows), {SHEET_XML: lambda xml: xml[: len(xml) // 2]})
    assert problems(path) == [f"n.xlsx: {DAMAGED}"]
    assert problems_of(path) == [f"n.xlsx: {DAMAGED}"]


def test_looking_at_a_workbook_several_times_opens_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths: list[Path] = []
    load = openpyxl.load_workbook

    def counted(path: Path, **said: bool) -> object:
        paths.append(path)
        return load(path, **said)

    monkeypatch.setattr(openpyxl, "load_workbook", counted)
    path = workbook(tmp_path)
    with books_kept():
        with books_kept():
            chosen = format_of(path)
        assert chosen.module.read(path, Problems()) is not None
        assert len(paths) == 1
        workbook(tmp_path, [*TIES, ["cat", "dan", 1]])
        tables = chosen.module.read(path, Problems())
        assert tables is not None
        assert (tables.ids, len(paths)) == (["ann", "bob", "cat", "dan"], 2)
    read(path)
    assert len(paths) == 3


def test_what_a_reader_does_to_a_sheet_changes_no_other_look_at_it(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    with books_kept():
        first = read(path)
        first.rows[0][0] = "changed"
        first.rows.pop()
        first.notes.append("x")
        assert (read(path).rows[0][0], len(read(path).rows), read(path).notes) == ("source", 3, [])


def test_names_that_look_like_escapes_of_excel_come_back(tmp_path: Path) -> None:
    network = Network.from_tables(name="_x0041_", ids=["a_x000D_", "_x005F_"], source=["a_x000D_"], target=["_x005F_"])
    for name in ("edge-list", "matrix"):
        write_network(network, tmp_path / "n.xlsx", format_name=name)
        assert_equal(read_network(str(tmp_path / "n.xlsx"), Path(), reading=Reading(format=name)), network)


@cache
def one_workbook() -> bytes:
    """Return the bytes of a workbook that are the same in every example: it holds the time at which it was made."""
    with TemporaryDirectory() as folder:
        return workbook(Path(folder)).read_bytes()


@settings(max_examples=60)
@given(data=st.data())
def test_whatever_a_workbook_holds_the_answer_is_a_network_or_problems(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("n") / "n.xlsx"
    path.write_bytes(one_workbook())
    if data.draw(st.booleans()):
        xml = data.draw(st.sampled_from([SHEET_XML, "xl/workbook.xml", "xl/styles.xml"]))
        repacked(path, {xml: lambda content: data.draw(damaged(content))})
        content = path.read_bytes()
    else:
        content = data.draw(damaged(path.read_bytes()))
    assert_answers(content, "n.xlsx", "edge-list")
