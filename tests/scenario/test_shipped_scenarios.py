"""The scenarios that come with the program: each asks one question, is listed in the docs, and can be played."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from diffusion.cli.main import main
from diffusion.experiment import solving
from diffusion.network.formats import csv_folder
from diffusion.network.synthesis.models import model_network
from diffusion.scenario import load_scenario

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
DOCS = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
SLOW = re.compile(r"(?:beta|gamma) = \[(\d+), (\d+)\]")
"""Distributions whose quantiles take long; a normal one stands in for them."""


def quick(text: str) -> str:
    return SLOW.sub(lambda found: f"normal = [{int(found[1]) / 12}, 0.{found[2]}]", text)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_asks_a_question_says_how_it_is_played_and_is_listed(path: Path) -> None:
    scenario = load_scenario(path)
    assert re.search(r"\?( \(|$)|\?$", scenario.title)
    assert scenario.text.startswith(f"# Play it with:  python run_sim.py run scenarios/{path.name}\n")
    assert f"| `{path.stem}` | {scenario.title} |" in DOCS
    assert scenario.replicates * scenario.worlds >= 1000


def test_every_scenario_that_is_listed_is_there() -> None:
    listed = re.findall(r"^\| `(\w+)` \| [^|]*\? \|", DOCS, flags=re.MULTILINE)
    assert sorted(listed) == [path.stem for path in SCENARIOS]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_is_played_from_anywhere_with_few_runs(path: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    folder = shutil.copytree(path.parent, tmp_path / "scenarios")
    text = quick((folder / path.name).read_text(encoding="utf-8"))
    (folder / path.name).write_text(text, encoding="utf-8")
    for network in (folder / "networks").iterdir():  # smaller ones of the same kinds
        shutil.rmtree(network)
        csv_folder.write(model_network(network.name.removesuffix("-500"), agents=50, contacts=6), network)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(solving, "MOST_BLOCKS", 8)
    command = ["run", str(folder / path.name), "--replicates", "8", "--database", "runs.db", "--json"]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    scenario = load_scenario(path)
    groups = len(scenario.networks) * len(scenario.cells())
    assert len([arm for arm in told["arms"] if arm["arm"] != "no leaders"]) == groups * len(scenario.arms)
    assert {arm["replicates"] for arm in told["arms"]} == {8}
    assert ("solved" in told) == ("reach = " in text or ".reach" in text)
