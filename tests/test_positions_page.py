"""The tables and the pictures of docs/positions.md are those that the registry makes."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from diffusion.positions import POSITIONS

ROOT = Path(__file__).parents[1]
TABLES = runpy.run_path(str(ROOT / "docs" / "positions_tables.py"))
AGAIN = "write them again: python docs/positions_tables.py"


def test_the_tables_tell_of_every_position():
    text = (ROOT / "docs" / "positions.md").read_text(encoding="utf-8")
    assert text.count("<!-- table ") == text.count("<!-- end of ") == 5
    assert re.findall(r"^\| !\[\]\(positions/(\w+)\.svg\) \| `(\w+)`", text, flags=re.MULTILINE) == [
        (name, name) for name in POSITIONS
    ]
    assert text == TABLES["page"](text), AGAIN


def test_the_pictures_show_who_leads():
    drawn = TABLES["pictures"]()
    stored = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "positions").iterdir()}
    assert stored == drawn, AGAIN
    assert len(drawn) == len(POSITIONS)
    assert all(svg.count('fill="#111"') == 3 for svg in drawn.values())


@pytest.mark.parametrize("name", POSITIONS)
def test_every_position_says_what_texts_need(name):
    position = POSITIONS[name]
    assert position.name == name
    assert position.literature
    assert position.formula
    assert re.search(r"(19|20)\d\d", position.source)
    assert re.match(r"those |drawn |the set |one of |agents |an agent ", position.sentence)
    assert not position.sentence.endswith(".")
    assert "leaders" in position.phrase or position.leaders
    ways = (position.score is not None, position.choose is not None, bool(position.trait), position.is_searched)
    assert sum(ways) == 1
