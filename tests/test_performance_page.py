"""The page on performance shows what was measured."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def scaling():
    return runpy.run_path(str(ROOT / "benchmarks" / "scaling.py"))


@pytest.fixture(scope="module")
def content():
    return json.loads((ROOT / "benchmarks" / "scaling.json").read_text(encoding="utf-8"))


def test_its_tables_are_made_from_the_measurements(scaling, content):
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert scaling["page_with"](page, content) == page, "make them again: python benchmarks/scaling.py --draw"
    assert page.count("\n| agents | ") >= 4


def test_its_figure_has_a_point_for_every_measurement(scaling, content, tmp_path):
    scaling["draw"](content, tmp_path / "again.svg")
    stored = (ROOT / "docs" / "scaling.svg").read_text(encoding="utf-8")
    assert "seconds on the processors" in stored
    assert stored.count("<use ") == (tmp_path / "again.svg").read_text(encoding="utf-8").count("<use ")


def test_a_million_agents_and_ten_million_ties_fit_in_24_gigabytes(content):
    [largest] = [study for study in content["studies"] if study["agents"] == 1_000_000]
    assert largest["ties"] > 9_900_000
    assert (largest["case"]["arms"], largest["case"]["replicates"], largest["case"]["workers"]) == (2, 64, 2)
    assert largest["gigabytes"] < 24
