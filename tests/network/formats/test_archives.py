"""Zip archives of strangers: what is read of them, and what is refused."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path

import pytest

from diffusion.network.formats.archives import read_archive
from diffusion.network.formats.problems import Problems


def archive_with(folder: Path, members: list[tuple[str, bytes]]) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name are what is tested
        for name, content in members:
            archive.writestr(name, content)
    return path


def problems_of(path: Path) -> list[str]:
    problems = Problems()
    assert read_archive(path, problems) is None
    return [line.removeprefix(f"{path.parent}/") for line in problems.error().problems]


def test_an_archive_is_read_by_the_names_of_its_files(tmp_path: Path) -> None:
    path = archive_with(tmp_path, [("x/a.csv", b"1"), ("b.csv", b"")])
    assert read_archive(path, Problems()) == {"x/a.csv": b"1", "b.csv": b""}


@pytest.mark.parametrize("name", ["../a.csv", "x/../../a.csv", "/etc/a.csv", "C:/a.csv", "..\\a.csv"])
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    (found,) = problems_of(archive_with(tmp_path, [(name, b"1")]))
    assert "leads out of it; it is refused" in found


def test_two_files_of_one_name_are_refused_for_one_would_be_lost(tmp_path: Path) -> None:
    (found,) = problems_of(archive_with(tmp_path, [("a.csv", b"1"), ("a.csv", b"2")]))
    assert found == 'a.zip: the archive holds "a.csv" 2 times; which one counts?'


def test_what_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    (found,) = problems_of(archive_with(tmp_path, [("a.csv", bytes(20_000_000))]))
    assert found == "a.zip: the archive would unpack to 20,000,000 bytes; it is refused, for it may be a zip bomb"


def test_a_damaged_archive_is_told_in_one_line(tmp_path: Path) -> None:
    path = archive_with(tmp_path, [("a.csv", b"1" * 1000)])
    path.write_bytes(path.read_bytes()[:60])
    assert problems_of(path) == ["a.zip: the archive is damaged or no zip archive; export it anew"]


@pytest.mark.parametrize(
    ("offsets", "value", "said"),
    [
        ((6, 8), 1, "is locked by a password; unpack it and name the folder"),
        ((8, 10), 99, "is packed in a way that is not read here; unpack it and name the folder"),
    ],
)
def test_what_cannot_be_unpacked_is_told_with_the_reason(
    tmp_path: Path, offsets: tuple[int, int], value: int, said: str
) -> None:
    path = archive_with(tmp_path, [("a.csv", b"1")])
    content = bytearray(path.read_bytes())
    content[offsets[0]] = value  # of the member
    content[content.index(b"PK\1\2") + offsets[1]] = value  # of the directory
    path.write_bytes(content)
    assert problems_of(path) == [f"a.zip: the archive {said}"]


def test_an_archive_that_holds_more_than_its_directory_says_is_damaged(tmp_path: Path) -> None:
    path = archive_with(tmp_path, [("a.csv", b"1" * 1000)])
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\1\2") + 24
    content[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    assert problems_of(path) == ["a.zip: the archive is damaged or no zip archive; export it anew"]


@pytest.mark.parametrize("name", [".", "./a.csv", "a//b.csv"])
def test_odd_names_that_stay_within_the_archive_are_read(tmp_path: Path, name: str) -> None:
    assert read_archive(archive_with(tmp_path, [(name, b"1")]), Problems()) == {name: b"1"}


def test_an_archive_of_very_many_files_is_refused(tmp_path: Path) -> None:
    (found,) = problems_of(archive_with(tmp_path, [(f"{place}", b"") for place in range(20_001)]))
    assert found == "a.zip: the archive holds 20,001 files; at most 20,000 are read"


def test_an_archive_that_is_not_there_and_a_folder_are_told_as_such(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "b.zip") == ["b.zip: no such file"]
    (tmp_path / "c.zip").mkdir()
    assert problems_of(tmp_path / "c.zip") == ["c.zip: the file cannot be read: Is a directory"]
