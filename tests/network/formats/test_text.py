"""Texts in the encodings of real files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import sheet_of_text
from diffusion.network.formats.text import beginning, decoded, read_text

TEXT = "source,target\nZo\u00eb,ann\n"
PATH = Path("n.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised_with_and_without_its_mark(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding), PATH, Problems()) == (TEXT, [])


def test_what_is_no_unicode_is_windows_1252_and_a_note_says_where_to_look() -> None:
    found = decoded(TEXT.encode("cp1252"), PATH, Problems())
    assert found is not None
    assert found.text == TEXT
    assert found.notes[0].startswith("n.csv:2: this is not UTF-8, so the file was read as Windows-1252")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n\0\1", "n.csv:2: the file holds a NUL byte, so it is no text; is it the right file?"),
        (b"a\n\x81", "n.csv:2: the byte 0x81 is neither UTF-8 nor Windows-1252 text; save the file as UTF-8"),
        (b"a\rb\r\n\0", "n.csv:3: the file holds a NUL byte, so it is no text; is it the right file?"),
        (b"a\r\x81", "n.csv:2: the byte 0x81 is neither UTF-8 nor Windows-1252 text; save the file as UTF-8"),
        (b"\xff\xfea\0\n\0\0\0", "n.csv:2: the file holds a NUL character, so it is no text; is it the right file?"),
        (b"\xff\xfea\0b", "n.csv:1: the text breaks off or is damaged: it is no UTF-16 from here on"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(content: bytes, said: str) -> None:
    problems = Problems()
    assert decoded(content, PATH, problems) is None
    assert problems.error().problems == (said,)


def test_a_cell_without_end_is_told_as_such() -> None:
    problems = Problems()
    assert sheet_of_text(PATH, "a,b\n" + "x" * 200_000 + "\n", problems) is None
    assert "a cell holds more than 131,072 characters" in problems.error().problems[0]


@given(text=st.text(max_size=40), cut=st.integers(0, 40), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_the_beginning_of_a_text_is_told_wherever_it_is_cut(text: str, cut: int, encoding: str) -> None:
    text = text.replace("\0", "").removeprefix("\ufeff")
    assert text.startswith(beginning(text.encode(encoding)[:cut]).removesuffix("\ufffd"))
    assert beginning(text.encode(encoding)) == text or (encoding == "utf-16" and not text)


def test_the_beginning_of_what_is_no_text_is_empty_and_of_no_unicode_windows_1252() -> None:
    assert [beginning(head) for head in (b"PK\3\4\0\0", b"", b"Zo\xeb,")] == ["", "", "Zo\u00eb,"]


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    problems = Problems()
    (tmp_path / "ties.csv").write_text("a", encoding="utf-8")
    for name in ("tie.csv", "none/a.csv", "."):
        assert read_text(tmp_path / name, problems) is None
    assert [line.removeprefix(f"{tmp_path}") for line in problems.error().problems] == [
        '/tie.csv: no such file; did you mean "ties.csv"?',
        "/none/a.csv: no such file",
        ": this is a folder, not a file",
    ]
