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
