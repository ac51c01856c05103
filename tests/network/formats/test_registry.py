"""Which format a file is of, told from its name and content."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.errors import InputError
from diffusion.network.formats.registry import FORMATS, format_named, format_of, format_to_write

CONTENTS = {
    "edge-list": "source,target\na,b\n",
    "matrix": ",a,b\na,0,1\nb,1,0\n",
    "egonet": "EgoID,EgoName,AlterID,AlterName\n1,x,2,y\n",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_of_several_formats_with_one_suffix_the_content_decides(tmp_path: Path, name: str) -> None:
    path = tmp_path / "n.csv"
    path.write_text(CONTENTS[name], encoding="utf-8")
    assert format_of(path).name == name


@pytest.mark.parametrize(
    ("text", "name"), [("*Node data\nID\na\n*Tie data\nfrom to\na a\n", "vna"), ("a\tb\n", "edge-list")]
)
def test_a_text_may_be_of_any_format_of_texts(tmp_path: Path, text: str, name: str) -> None:
    path = tmp_path / "n.txt"
    path.write_text(text, encoding="utf-8")
    assert format_of(path).name == name


def test_what_no_format_knows_is_refused_with_the_formats_that_are_known(tmp_path: Path) -> None:
    path = tmp_path / "n.abc"
    path.write_text("<rubbish/>", encoding="utf-8")
    with pytest.raises(InputError, match=r"n\.abc: this is no network file that can be read; known are folders and \."):
        format_of(path)
    with pytest.raises(InputError, match=r'".abc" is the suffix of no format; known are '):
        format_to_write(path)


def test_a_format_that_is_mistyped_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r'^there is no format "pajeck"; did you mean "pajek"\?$'):
        format_named("pajeck")


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("region", "csv"),
        ("n.csv", "edge-list"),
        ("n.xlsx", "edge-list"),
        ("n.NET", "pajek"),
        ("n.zip", "network-canvas"),
    ],
)
def test_the_suffix_says_in_which_format_a_network_is_written(tmp_path: Path, file_name: str, name: str) -> None:
    assert format_to_write(tmp_path / file_name).name == name


def test_every_format_has_the_three_functions() -> None:
    for entry in FORMATS.values():
        for function in ("recognises", "read", "write"):
            assert callable(getattr(entry.module, function)), entry.name


@pytest.mark.parametrize(("name", "program"), [("survey.sav", "SPSS"), ("survey.DTA", "Stata"), ("net.RData", "R")])
def test_data_of_programs_for_statistics_are_told_how_to_be_saved(tmp_path: Path, name: str, program: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"$FL2")
    with pytest.raises(InputError, match=rf"data of {program} are not read; save them there as CSV or Excel"):
        format_of(path)


def test_other_spreadsheets_are_told_how_to_be_saved(tmp_path: Path) -> None:
    path = tmp_path / "region.ods"
    path.write_bytes(b"PK")
    with pytest.raises(InputError, match=r"sheets are read from \.xlsx and CSV; open the file in a spreadsheet"):
        format_of(path)
