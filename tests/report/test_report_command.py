"""``diffusion report``: templates and styles of one's own, and what is said when something is wrong."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from report_cases import store_of

from diffusion.cli.main import main
from diffusion.report.pandoc import pandoc_path

SMALL = "{{ sections.question }}\n\nMean: {{ numbers['town.hubs.adopted_share.mean'] }} %.\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    store_of(folder)
    (folder / "small.jinja").write_text("{{ sections.question }}\n", encoding="utf-8")
    return folder


@pytest.fixture
def report(place, capsys):
    """Run ``diffusion report`` with a short template, and return its exit code and what it says."""

    def run(*more: str, study: str = "who", template: str | Path | None = None) -> tuple[int, str]:
        short = ["--template", str(template or place / "small.jinja")]
        code = main(["report", study, "--database", str(place / "runs.db"), *short, *more])
        said = capsys.readouterr()
        assert said.out == ""
        return code, said.err.strip()

    return run


@pytest.fixture(autouse=True)
def without_figures(monkeypatch):
    """Leave out the figures, which take most of the time."""
    monkeypatch.setattr("diffusion.report.writing.save_figure", lambda _, path: path.write_bytes(b"drawn"))


def test_a_report_goes_to_results_unless_told_otherwise(report, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = report()
    assert (code, said) == (
        0,
        f"The report is in {Path('results', 'who')}: open report.docx, report.html, report.tex or report.md.",
    )
    assert (tmp_path / "results" / "who" / "report.docx").is_file()


def test_a_folder_with_other_files_is_refused_unless_told(report, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.docx").write_text("mine")
    code, said = report("--output", str(out))
    assert (code, said) == (
        2,
        (
            f"{out}: holds files that are not a report's (thesis.docx); name another folder with --output, or "
            "give --overwrite to write beside them: they stay as they are"
        ),
    )
    (out / "report.md").write_text("mine too")
    code, said = report("--output", str(out), "--overwrite")
    assert code == 0
    assert "Note: report.md had been changed, and is kept as report (kept 1).md." in said
    assert (out / "thesis.docx").read_text() == "mine"


def test_a_template_of_ones_own_says_what_is_told_and_quotes_by_name(report, tmp_path):
    template = tmp_path / "mine.jinja"
    template.write_text(SMALL, encoding="utf-8")
    code, _ = report("--output", str(tmp_path / "out"), template=template)
    assert code == 0
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "## The question" in text
    assert "## Methods" not in text
    assert text.rstrip().splitlines()[-1].startswith("Mean: ")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% if %}", ":1: is no Jinja template: Expected an expression, got 'end of statement block'"),
        ("{{ sections.findins }}", ': there is no section "findins"; did you mean "findings"?'),
        (
            "{{ numbers['town.hubs.adopted_share.men'] }}",
            ': there is no number "town.hubs.adopted_share.men"; did you mean "town.hubs.adopted_share.mean"?',
        ),
        ("{{ mean }}", ": 'mean' is undefined"),
        ("{{ 1 / 0 }}", ": division by zero"),
        (b"\xff\xfe{", ": must be a text in UTF-8; save it as such"),
        (None, ": cannot be read: No such file or directory"),
    ],
)
def test_a_template_that_will_not_do_is_told_in_one_line(report, tmp_path, template, said):
    path = tmp_path / "mine.jinja"
    if isinstance(template, bytes):
        path.write_bytes(template)
    elif template is not None:
        path.write_text(template, encoding="utf-8")
    assert report("--output", str(tmp_path / "out"), template=path) == (2, f"{path}{said}")
    assert not (tmp_path / "out").exists()


def test_a_word_document_lends_its_styles(report, tmp_path):
    given = tmp_path / "styles.docx"
    default = [pandoc_path(), "--print-default-data-file=reference.docx"]
    given.write_bytes(subprocess.run(default, capture_output=True, check=True).stdout)
    assert report("--output", str(tmp_path / "out"), "--reference-doc", str(given))[0] == 0
    with zipfile.ZipFile(tmp_path / "out" / "report.docx") as archive:
        assert "footer1" not in "".join(archive.namelist())


@pytest.mark.parametrize("content", [b"no document", None])
def test_a_reference_that_is_no_word_document_is_told_in_one_line(report, tmp_path, content):
    given = tmp_path / "styles.docx"
    if content is not None:
        given.write_bytes(content)
    code, said = report("--output", str(tmp_path / "out"), "--reference-doc", str(given))
    assert code == 2
    assert said.startswith(f"{given}: must be a Word document (.docx) that lends its styles")
    assert "\n" not in said
    assert not (tmp_path / "out").exists()


def test_a_file_in_place_of_the_folder_and_an_unknown_study_are_told_in_one_line(report, place, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("")
    assert report("--output", str(taken)) == (2, f"{taken}: is a file; name another folder with --output")
    code, said = report("--output", str(tmp_path / "out"), study="whom")
    assert (code, said) == (2, f'{place / "runs.db"}: there is no study "whom"; did you mean "who"?')


@pytest.mark.parametrize("missing", ["jinja2", "pypandoc"])
def test_what_is_not_installed_is_told_in_one_line(report, tmp_path, monkeypatch, missing):
    for name in [name for name in sys.modules if name.startswith("diffusion.report.") or name == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    code, said = report("--output", str(tmp_path / "out"))
    assert (code, said) == (1, f"reports need {missing}: pip install -e '.[report]'")
