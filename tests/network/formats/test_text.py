"""Texts in the encodings of real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.network.formats.problems import Problems
from diffusion.network.formats.sheets import separator_of, sheet_of_text
from diffusion.network.formats.text import decoded

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
        (b"\xff\xfea\0b", "n.csv:1: the text breaks off or is damaged: it is no UTF-16 from here on"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(content: bytes, said: str) -> None:
    problems = Problems()
    assert decoded(content, PATH, problems) is None
    assert problems.error().problems == (said,)


def test_the_separator_is_what_the_lines_agree_on() -> None:
    assert [separator_of(text) for text in ("a;b\n0,5;1\n", "a\tb\n1\t2\n", '"x;y",b\n1,2\n')] == [";", "\t", ","]


def test_a_cell_without_end_is_told_as_such() -> None:
    problems = Problems()
    assert sheet_of_text(PATH, "a,b\n" + "x" * 200_000 + "\n", problems) is None
    assert "a cell holds more than 131,072 characters" in problems.error().problems[0]
