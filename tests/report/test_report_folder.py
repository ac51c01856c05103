"""The folder of a report: nothing that the user put or changed there is ever lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.errors import InputError
from diffusion.report.folder import LIST, check_folder, fill_folder


def writer(**files: str):
    def write(folder: Path) -> None:
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return write


def contents(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LIST)
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


FIRST = writer(report_md="first", tables__a_csv="1", tables__b_csv="2")
SECOND = writer(report_md="second", tables__a_csv="3")


def test_a_report_is_written_again_over_itself_and_leaves_what_other_programs_made(tmp_path):
    out = tmp_path / "deep" / "out"
    check_folder(out, overwrite=False)
    fill_folder(out, FIRST)
    for name in ("report.pdf", "report.aux", ".DS_Store", "~$report.docx"):
        (out / name).write_text("other")
    check_folder(out, overwrite=False)
    assert fill_folder(out, SECOND).moved == ()
    left = dict.fromkeys(("report.pdf", "report.aux", ".DS_Store", "~$report.docx"), "other")
    assert contents(out) == {"report.md": "second", "tables/a.csv": "3", **left}
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_a_file_that_the_user_changed_is_kept_under_another_name(tmp_path):
    fill_folder(tmp_path / "out", FIRST)
    (tmp_path / "out" / "report.md").write_text("edited")
    (tmp_path / "out" / "tables" / "b.csv").write_text("edited too")
    with pytest.raises(InputError) as caught:
        check_folder(tmp_path / "out", overwrite=False)
    assert str(caught.value) == (
        f"{tmp_path / 'out'}: files were changed since the report was written (report.md, tables/b.csv); name another "
        "folder with --output, or give --overwrite: each changed file is kept under another name"
    )
    check_folder(tmp_path / "out", overwrite=True)
    assert fill_folder(tmp_path / "out", SECOND).moved == (("report.md", "report (kept 1).md"),)
    told = {"report.md": "second", "report (kept 1).md": "edited", "tables/a.csv": "3", "tables/b.csv": "edited too"}
    assert contents(tmp_path / "out") == told
    (tmp_path / "out" / "report.md").write_text("edited again")
    fill_folder(tmp_path / "out", FIRST)
    assert contents(tmp_path / "out")["report (kept 2).md"] == "edited again"


def test_files_that_no_report_wrote_are_named_three_at_most(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt", "d.txt"):
        (tmp_path / name).write_text("mine")
    with pytest.raises(InputError, match=r"not a report's \(a\.txt, b\.txt, c\.txt and 1 more\)"):
        check_folder(tmp_path, overwrite=False)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}', '{"files": {"report.md": "00"}}'])
def test_without_a_list_that_can_be_read_every_file_is_the_users(tmp_path, text):
    (tmp_path / LIST).write_text(text)
    (tmp_path / "report.md").write_text("mine")
    with pytest.raises(InputError, match=r"report\.md"):
        check_folder(tmp_path, overwrite=False)
    fill_folder(tmp_path, SECOND)
    assert contents(tmp_path)["report (kept 1).md"] == "mine"


def test_a_report_that_fails_leaves_the_earlier_one_as_it_was(tmp_path):
    fill_folder(tmp_path / "out", FIRST)

    def fails(folder: Path) -> None:
        SECOND(folder)
        raise InputError("no")

    with pytest.raises(InputError, match=r"^no$"):
        fill_folder(tmp_path / "out", fails)
    assert contents(tmp_path / "out") == {"report.md": "first", "tables/a.csv": "1", "tables/b.csv": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
