"""The report in its formats: written, opened, and the same every time."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from report_cases import store_of

from diffusion.experiment.database import Database
from diffusion.experiment.store import Store
from diffusion.network.network import Network
from diffusion.report import pandoc
from diffusion.report.numbers import TOKEN, bare
from diffusion.report.writing import Wishes, write_report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRANGE = "Überaus *langer* _Name_ | #1 <b>$x^2$</b> 50% & \\emph{x} ~ ^ ` 'q' " + "und_noch_mehr" * 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a report whose names hold all that Markdown, LaTeX, Word and HTML might read as theirs."""
    place = tmp_path_factory.mktemp("report")
    ids = [f"<id>_{number}*|$" for number in range(12)]
    network = Network.from_tables(
        name="a_net & 50% #1",
        ids=ids,
        roles=["GP & nurse_1" if number % 2 else "A|B*50%" for number in range(12)],
        columns={"organisation": [f"Org_{number % 3} {{x}} \\y" for number in range(12)]},
        source=ids,
        target=ids[1:] + ids[:1],
    )
    store = store_of(
        place,
        {"net": network},
        title="What of $5 & <i>#3_a</i>?",
        arms=[(f"{STRANGE} {name}", name) for name in ("random", "out_degree", "marginal")],
    )
    write_report(store, store.find("who"), Wishes(output=place / "out"))
    return place / "out"


def test_the_folder_holds_what_a_chapter_is_built_from(folder):
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    wanted = {"report.docx", "report.tex", "report.html", "report.md", "methods.md", "odd.md", "numbers.json"}
    wanted |= {"references.bib", "CITATION.cff", "who.toml", "provenance.json", "reproduce.sh", "report.json"}
    assert wanted <= files
    names = {Path(name).stem for name in files if name.startswith("figures/")}
    assert {"ranking", "best", "curves", "map"} <= names
    assert {f"figures/{name}{suffix}" for name in names for suffix in (".pdf", ".svg", ".png")} <= files
    tables = {Path(name).stem for name in files if name.startswith("tables/")}
    assert {"networks", "arms", "parameters", "ranking", "precision", "reach", "timing", "software"} <= tables
    assert {f"tables/{name}{suffix}" for name in tables for suffix in (".csv", ".tex")} <= files


def test_a_table_as_csv_holds_exact_numbers_with_intervals_in_columns_of_their_own(folder):
    with (folder / "tables" / "ranking.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:8] == ["place", "arm", "mean", "low", "high", "difference", "low_all", "high_all"]
    assert {row["arm"] for row in rows} == {f"{STRANGE} {name}" for name in ("random", "out_degree", "marginal")}
    assert all(0 <= float(row["low"]) <= float(row["mean"]) <= float(row["high"]) <= 1 for row in rows)


def test_the_word_file_has_real_tables_numbered_captions_and_references_to_them(folder):
    with zipfile.ZipFile(folder / "report.docx") as archive:
        assert archive.testzip() is None
        document = ET.fromstring(archive.read("word/document.xml"))
        ET.fromstring(archive.read("word/styles.xml"))
        pictures = [name for name in archive.namelist() if name.startswith("word/media/")]
    tables = document.findall(f".//{W}tbl")
    assert len(tables) == len(list((folder / "tables").glob("*.csv")))
    assert {style.get(f"{W}val") for table in tables for style in table.iter(f"{W}tblStyle")} == {"Table"}
    assert len(pictures) == len(list((folder / "figures").glob("*.png")))
    fields = [field.get(f"{W}instr", "") for field in document.iter(f"{W}fldSimple")]
    counted = {kind: sum(f" SEQ {kind} " in field for field in fields) for kind in ("Figure", "Table")}
    assert counted == {"Figure": len(pictures), "Table": len(tables)}
    marks = [mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")]
    assert len(marks) == len(set(marks))
    referred = {field.split()[1] for field in fields if field.strip().startswith("REF")}
    assert len(referred) >= len(tables)
    assert referred <= set(marks)


def test_names_stand_in_word_as_they_are(folder):
    with zipfile.ZipFile(folder / "report.docx") as archive:
        document = ET.fromstring(archive.read("word/document.xml"))
    text = "".join(document.itertext())
    for name in (f"{STRANGE} random", "a_net & 50% #1", "GP & nurse_1", "A|B*50%", "What of $5 & <i>#3_a</i>?"):
        assert name in text


def test_the_page_asks_for_nothing_from_outside_and_shows_names_as_they_are(folder):
    text = (folder / "report.html").read_text(encoding="utf-8")
    loaded = re.findall(r"""(?:src|srcset|data|poster|action)\s*=\s*["']([^"']*)|url\(([^)]*)\)|@import""", text)
    assert [one for pair in loaded for one in pair if one and not one.startswith("data:")] == []
    links = re.findall(r"""<link[^>]*href\s*=\s*["']([^"']*)""", text)
    assert [link for link in links if not link.startswith("data:")] == []
    assert "<script src" not in text
    assert "<i>#3_a</i>" not in text
    assert "&lt;i&gt;#3_a&lt;/i&gt;" in text
    assert not re.search(r"<b>\$x", text)


def test_every_reference_is_to_a_figure_or_table_that_is_there(folder):
    latex = (folder / "report.tex").read_text(encoding="utf-8")
    assert set(re.findall(r"\\ref\{([^}]*)\}", latex)) <= set(re.findall(r"\\label\{([^}]*)\}", latex))
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(re.findall(r'id="([^"]*)"', page))
    plain = (folder / "report.md").read_text(encoding="utf-8")
    assert "](#fig" not in plain
    assert "](#tbl" not in plain
    assert set(re.findall(r"!\[Figure \d+\]\(([^)]*)\)", plain)) == {
        f"figures/{path.name}" for path in (folder / "figures").glob("*.png")
    }


def test_the_latex_file_says_what_sets_it_and_is_set(folder, tmp_path):
    latex = (folder / "report.tex").read_text(encoding="utf-8")
    assert latex.startswith("% !TeX program = pdflatex\n")
    if shutil.which("pdflatex") is None:
        if os.environ.get("DIFFUSION_REQUIRE_SERVICES"):
            pytest.fail("pdflatex is not installed")
        pytest.skip("pdflatex is not installed")
    shutil.copy(folder / "report.tex", tmp_path)
    shutil.copytree(folder / "figures", tmp_path / "figures")
    for _ in range(2):
        finished = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report.tex"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
    log = finished.stdout.decode("utf-8", "replace")
    assert finished.returncode == 0, log[-2000:]
    assert "undefined references" not in log
    assert (tmp_path / "report.pdf").stat().st_size > 10_000


def test_letters_beyond_latin_ask_for_another_engine(tmp_path):
    source = pandoc.Source("# Кто\n\nΩ 北京", "誰?", "", tmp_path, 0)
    assert pandoc.write_latex(source, tmp_path / "report.tex") == "xelatex"
    assert (tmp_path / "report.tex").read_text(encoding="utf-8").startswith("% !TeX program = xelatex\n")


def test_a_report_written_twice_has_the_same_bytes(folder):
    before = json.loads((folder / "report.json").read_text(encoding="utf-8"))["files"]
    store = Store(Database(str(folder.parent / "runs.db")))
    write_report(store, store.find("who"), Wishes(output=folder))
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["files"] == before


def test_methods_and_the_odd_stand_alone_with_the_numbers_of_the_whole(folder):
    whole = (folder / "report.md").read_text(encoding="utf-8")
    for name, wanted in (
        ("methods", ["## Objectives", "## Logic", "## Data", "## Experimentation", "## Implementation"]),
        (
            "odd",
            [
                "## Purpose and patterns",
                "## Entities, state variables, and scales",
                "## Process overview and scheduling",
                "## Design concepts",
                "## Initialization",
                "## Input data",
                "## Submodels",
            ],
        ),
    ):
        text = (folder / f"{name}.md").read_text(encoding="utf-8")
        assert [heading for heading in wanted if f"\n{heading}\n" not in text] == []
        labels = set(re.findall(r"^(Table \d+\. .*)$", text, re.MULTILINE))
        assert labels <= set(re.findall(r"^(Table \d+\. .*)$", whole, re.MULTILINE))
        assert "# References" in text


def test_the_command_that_reproduces_it_names_replicates_and_seed(folder):
    lines = (folder / "reproduce.sh").read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == ["diffusion run who.toml --replicates 64 --seed 5", "diffusion report who"]
    assert (folder / "who.toml").read_text(encoding="utf-8") == (folder.parent / "who.toml").read_text(encoding="utf-8")


class Page(HTMLParser):
    """Gather the numbers of a page with the names that they carry."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str | None] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("img", "meta", "link", "br", "col", "hr", "input"):
            self.open.append(dict(attrs).get("data-number"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("img", "meta", "link", "br", "col", "hr", "input"):
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1]:
            self.found.append((self.open[-1], data))


def test_the_page_and_the_plain_text_show_what_the_register_holds(folder):
    register = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))
    page = Page()
    page.feed((folder / "report.html").read_text(encoding="utf-8"))
    assert {name for name, _ in page.found} == set(register)
    assert all(text in register[name]["shown"] for name, text in page.found)
    plain = plain_numbers(folder / "report.md")
    shown = {bare(text) for entry in register.values() for text in entry["shown"]}
    assert plain
    assert [number for number in plain if bare(number) not in shown] == []


def plain_numbers(path: Path) -> list[str]:
    """Return the numbers of the plain report, without those of names, equations, sources and labels."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?s)\n## References\n.*?\n## ", "\n## ", text)
    for pattern in (r"(?<!\\)`[^`\n]*`", r"\((?:[^()]*\d{4}[a-z]?;? ?)+\)", r"(?m)^    .*$", r"(Figure|Table) \d+"):
        text = re.sub(pattern, " ", text)
    text = re.sub(r"\\(.)", r"\1", html.unescape(text))
    for name in (STRANGE, "a_net & 50% #1", "GP & nurse_1", "A|B*50%", "What of $5 & <i>#3_a</i>?"):
        text = text.replace(name, " ")
    text = re.sub(r"<id>_\d+|Org_\d", " ", text)
    return [one[0] for one in TOKEN.finditer(text)]
