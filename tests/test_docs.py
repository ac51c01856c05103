"""The picture and the numbers that the docs quote are those that the program prints."""

from __future__ import annotations

import html
import re
import runpy
from functools import cache
from pathlib import Path

from diffusion.cli.main import diffusion

ROOT = Path(__file__).parents[1]


def drawn_lines(svg: str) -> list[str]:
    """Return the lines of text of a picture, whatever the drawing around them."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for attributes, text in re.findall(r"<text ([^>]*)>(.*?)</text>", svg, flags=re.DOTALL):
        places = dict(re.findall(r'(x|y)="([\d.]+)"', attributes))
        if len(places) == 2:
            words = html.unescape(text).replace("\N{NO-BREAK SPACE}", " ")
            rows.setdefault(float(places["y"]), []).append((float(places["x"]), words))
    return ["".join(text for _, text in sorted(parts)).strip() for _, parts in sorted(rows.items())]


@cache
def printed_lines() -> list[str]:
    """Return what the showcase prints, line by line."""
    return drawn_lines(runpy.run_path(str(ROOT / "docs" / "answer_picture.py"))["picture"]())


def test_the_picture_in_the_readme_is_what_the_program_prints():
    stored = drawn_lines((ROOT / "docs" / "answer.svg").read_text(encoding="utf-8"))
    assert any("out_degree" in line for line in stored)
    assert stored == printed_lines(), "draw it again: python docs/answer_picture.py"


def test_the_table_in_the_docs_is_what_the_program_prints():
    text = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    rows = [line.strip() for line in text.splitlines() if re.match(r"\d +\w+ +[\d.]+ \(", line)]
    assert len(rows) >= 4
    assert set(rows) <= set(printed_lines())


def test_the_showcase_lets_random_leaders_reach_about_thirty_per_cent():
    [row] = [line for line in printed_lines() if re.match(r"\d +random ", line)]
    assert 27 < float(row.split()[2]) < 33


def test_every_verb_and_option_stands_in_the_docs():
    text = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")

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
