"""The tables in docs/regions.md are those that the program makes."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLES = runpy.run_path(str(ROOT / "docs" / "regions_tables.py"))


def test_the_tables_of_the_regions_page_are_what_is_measured():
    text = (ROOT / "docs" / "regions.md").read_text(encoding="utf-8")
    assert text.count("<!-- table ") == text.count("<!-- end of ") == len(TABLES["TABLES"]) == 3
    assert text.count("| transitivity |") >= 2
    assert text == TABLES["page"](text), "write them again: python docs/regions_tables.py"
