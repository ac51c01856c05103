"""A file that is no scenario at all is answered in one line that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.errors import InputError
from diffusion.scenario import load_scenario


def problem(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert caught.value.exit_code == 2
    (line,) = caught.value.problems
    return line.replace(str(path), path.name)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[adoption\n", "1: not valid TOML: Expected ']' at the end of a table declaration (column 10)"),
        ('\nx = "', "2: not valid TOML: Unterminated string (at the end of the file)"),
        ("a = 1\na = 2\n", "2: not valid TOML: Cannot overwrite a value (column 6)"),
        ("[a.b]\n[a.b]\n", "2: not valid TOML: Cannot declare [a.b] twice (column 5)"),
    ],
)
def test_malformed_toml_is_one_line_with_its_number(tmp_path: Path, text: str, line: str) -> None:
    assert problem(tmp_path / "s.toml", text.encode()) == f"s.toml:{line}"


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (".5", "a number needs a digit before its point: write 0.5, not .5"),
        ("0,5", "the decimal mark is a point: write 0.5, not 0,5"),
        ("50%", "write a share: 0.5, not 50 %"),
        ("True", "write true and false in small letters"),
        ("contagion", 'text needs quotation marks: "text"'),
        ("\u201ccontagion\u201d", 'write straight quotation marks: "text"'),
    ],
)
def test_a_frequent_slip_in_a_value_is_answered_with_what_to_write(tmp_path: Path, value: str, advice: str) -> None:
    line = problem(tmp_path / "s.toml", f"a = 1\nb = {value}\n".encode())
    assert line.startswith("s.toml:2: not valid TOML: ")
    assert line.endswith(f"; {advice}")


def test_a_number_of_thousands_of_digits_is_refused(tmp_path: Path) -> None:
    assert problem(tmp_path / "s.toml", b"steps = " + b"9" * 5000).startswith("s.toml:1: not valid TOML: Exceeds")


def test_a_file_that_is_empty_or_not_utf_8_is_told_so(tmp_path: Path) -> None:
    empty = "s.toml: is empty; a scenario needs networks, steps, replicates, [adoption] and [[arms]]"
    assert problem(tmp_path / "s.toml", b" \n") == empty
    latin = "s.toml:2: must be UTF-8 text; got the byte 0xe9; save the file as UTF-8"
    assert problem(tmp_path / "s.toml", b"a = 1\ntitle = '\xe9'\n") == latin


def test_a_path_that_leads_to_no_file_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("", encoding="utf-8")
    for path, words in (
        (tmp_path / "t.toml", 'there is no such scenario file; did you mean "s.toml"?'),
        (tmp_path / "s", 'there is no such scenario file; did you mean "s.toml"?'),
        (tmp_path, "is a folder; name the scenario file (.toml) in it"),
        (tmp_path / "s.toml" / "t.toml", "cannot be read: Not a directory"),
        (tmp_path / ("s" * 300), "cannot be read: File name too long"),
    ):
        with pytest.raises(InputError) as caught:
            load_scenario(path)
        assert str(caught.value) == f"{path}: {words}"
