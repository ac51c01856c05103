"""Tables in files: whole or not at all, and what is said where they cannot be written."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from diffusion.cli.main import main
from diffusion.experiment.table_files import Part, write_table


def rows() -> Iterator[Part]:
    yield {"arm": ["random", "hubs"], "adopters": [3, 5]}


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_may_have_as_long_a_name_as_there_are(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / ("x" * (255 - len(suffix)) + suffix)
    assert write_table(file, [rows]) == 2
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_what_fails_half_way_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    def broken() -> Iterator[Part]:
        yield {"arm": ["random"], "adopters": [3]}
        if (tmp_path / "runs.csv").exists():
            raise OSError(errno.ENOSPC, "No space left on device")

    file = tmp_path / "runs.csv"
    file.write_text("what was there\n", encoding="utf-8")
    with pytest.raises(OSError, match="No space left"):
        write_table(file, [broken])
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [
        ("runs.csv", "what was there\n")
    ]


def test_where_a_file_cannot_be_written_the_line_names_it_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = Path.open

    def refused(path: Path, mode: str = "r", *more: Any, **options: Any) -> Any:
        if "w" in mode:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return real(path, mode, *more, **options)

    database = tmp_path / "runs.db"
    assert main(["run", str(scenario(tmp_path)), "--database", str(database)]) == 0
    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refused)
        assert main(["studies", "export", "small", str(tmp_path / "x.csv"), "--database", str(database)]) == 1
    assert capsys.readouterr().err == (
        f"{tmp_path / 'x.csv'}: Read-only file system; write to a folder that you may change\n"
    )


def scenario(folder: Path) -> Path:
    path = folder / "small.toml"
    path.write_text(
        'title = "Small?"\nnetworks = ["ahsn-a"]\nsteps = 3\nreplicates = 2\n'
        '[adoption]\nrule = "contagion"\ntransmission = 0.02\n[leaders]\ncount = 2\n'
        '[[arms]]\nname = "random"\nleaders.position = "random"\n',
        encoding="utf-8",
    )
    return path
