"""The picture and the numbers that the docs quote are those that the program prints."""

from __future__ import annotations

import html
import io
import re
import runpy
from functools import cache
from pathlib import Path

from rich.console import Console

from diffusion.cli.main import diffusion

ROOT = Path(__file__).parents[1]


DRAWING = runpy.run_path(str(ROOT / "docs" / "answer_picture.py"))


def drawn_words(svg: str) -> str:
    """Return the text of a picture without blanks, whatever the drawing around it."""
    texts = re.findall(r"<text [^>]*>(.*?)</text>", svg, flags=re.DOTALL)
    return "".join(html.unescape("".join(texts)).split())


@cache
def printed_lines() -> list[str]:
    """Return what the showcase prints, line by line."""
    out = io.StringIO()
    DRAWING["showcase"](Console(file=out, width=10_000, markup=False, highlight=False, emoji=False))
    return [line.strip() for line in out.getvalue().splitlines()]


def test_the_picture_in_the_readme_is_what_the_program_prints():
    stored = (ROOT / "docs" / "answer.svg").read_text(encoding="utf-8")
    assert "out_degree" in drawn_words(stored)
    assert drawn_words(stored) == drawn_words(DRAWING["picture"]()), "draw it again: python docs/answer_picture.py"


def test_the_figure_in_the_readme_is_what_the_report_draws(tmp_path: Path):
    stored = (ROOT / "docs" / "ranking.svg").read_text(encoding="utf-8")
    assert "out_degree" in drawn_words(stored)
    runpy.run_path(str(ROOT / "docs" / "ranking_picture.py"))["draw"](tmp_path / "ranking.svg")
    drawn = (tmp_path / "ranking.svg").read_text(encoding="utf-8")
    assert drawn_words(stored) == drawn_words(drawn), "draw it again: python docs/ranking_picture.py"


def test_the_table_in_the_docs_is_what_the_program_prints():
    text = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    rows = [line.strip() for line in text.splitlines() if re.match(r"\d +\w+ +[\d.]+ \(", line)]
    assert len(rows) >= 4
    assert set(rows) <= set(printed_lines())


def test_the_showcase_lets_random_leaders_reach_about_thirty_per_cent():
    [row] = [line for line in printed_lines() if re.match(r"\d +random ", line)]
    assert 27 < float(row.split()[2]) < 33


def test_every_verb_and_option_stands_in_the_docs():
    pages = (
        "results.md",
        "networks.md",
        "positions.md",
        "recipes.md",
        "regions.md",
        "report.md",
        "server.md",
        "cluster.md",
        "store.md",
        "uncertain_networks.md",
    )
    text = "".join(
        (ROOT / "docs" / page).read_text(encoding="utf-8") for page in pages if (ROOT / "docs" / page).exists()
    )

    def names(command, path):
        inner = getattr(command, "commands", {})
        if not inner:
            yield " ".join(path)
        for parameter in command.params:
            yield from (name for name in parameter.opts if name.startswith("--"))
        for name, found in inner.items():
            yield from names(found, [*path, name])

    missing = {name for name in names(diffusion, []) if name not in text} - {"--help", "--version"}
    assert not missing


def test_the_commands_of_the_readme_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "python run_sim.py run scenarios/leader_positions.toml" in readme
    for path in re.findall(r"\]\(([^)h][^)]*)\)", readme):
        assert (ROOT / path).exists(), path
