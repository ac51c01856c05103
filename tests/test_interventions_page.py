"""The tables and the pictures of docs/interventions.md are those that the registry makes."""

from __future__ import annotations

import re
import runpy
from dataclasses import fields
from pathlib import Path

import pytest

from diffusion.model.interventions.registry import INTERVENTIONS

ROOT = Path(__file__).parents[1]
TABLES = runpy.run_path(str(ROOT / "docs" / "interventions_tables.py"))
AGAIN = "write them again: python docs/interventions_tables.py"


def test_the_tables_tell_of_every_kind():
    text = (ROOT / "docs" / "interventions.md").read_text(encoding="utf-8")
    assert text.count("<!-- table ") == text.count("<!-- end of ") == len(TABLES["STRATEGIES"])
    told = re.findall(r"^\| !\[\]\(interventions/(\w+)\.svg\) \| `(\w+)`", text, flags=re.MULTILINE)
    assert sorted(told) == sorted((kind, kind) for kind in INTERVENTIONS)
    assert text == TABLES["page"](text), AGAIN


def test_the_page_of_positions_lists_every_kind():
    text = (ROOT / "docs" / "positions.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| !\[\]\(interventions/(\w+)\.svg\)", text, flags=re.MULTILINE) == list(INTERVENTIONS)
    assert text == TABLES["overview"](text), AGAIN


def test_the_pictures_show_what_the_examples_change():
    drawn = TABLES["pictures"]()
    stored = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "interventions").iterdir()}
    assert stored == drawn, AGAIN
    assert len(drawn) == len(INTERVENTIONS)
    assert all(re.search(r'fill="#bbb"|stroke-width="2.2"|stroke-dasharray', svg) for svg in drawn.values())


@pytest.mark.parametrize("kind", INTERVENTIONS)
def test_every_kind_says_what_texts_need(kind: str):
    found = INTERVENTIONS[kind]
    assert found.kind == kind
    assert re.search(r"(19|20)\d\d, doi 10\.", found.source)
    assert found.says[0].isupper()
    assert found.says.endswith(".")
    assert found.strategy in {strategy for table in TABLES["STRATEGIES"].values() for strategy in table}
    for said in fields(found):
        assert said.name == "name" or set(said.metadata) == {"meaning", "unit", "range"}
        assert said.name == "name" or said.metadata["meaning"]


def test_every_key_stands_in_the_table_of_its_kind():
    text = (ROOT / "docs" / "interventions.md").read_text(encoding="utf-8")
    for kind, found in INTERVENTIONS.items():
        [row] = re.findall(rf"^\| !\[\]\(interventions/{kind}\.svg\).*$", text, flags=re.MULTILINE)
        names = {said.name.removesuffix("_step") for said in fields(found)} - {"name"}
        assert {name for name in names if f"`{name}`: " not in row} == set()
