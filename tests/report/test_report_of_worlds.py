"""A report on a study of many worlds: what intervals count, what is uncertain, and every number traced."""

from __future__ import annotations

import json
import re

import pytest
from experiment_cases import UNCERTAIN, MakeStore, MakeStudy, make_store, make_study, played, scenario_file

from diffusion.report.chapter import Chapter
from diffusion.report.loaded import LoadedStudy
from diffusion.report.text import written_sections
from diffusion.report.writing import read_chapter

__all__ = ["make_store", "make_study", "scenario_file"]


@pytest.fixture
def chapter(make_study: MakeStudy, make_store: MakeStore) -> Chapter:
    study = make_study(text=UNCERTAIN, replicates=70)
    store = played(study, make_store())
    return read_chapter(store, store.find(study.name))


def test_the_report_says_what_intervals_count_and_what_is_uncertain(chapter: Chapter) -> None:
    told = " ".join(written_sections(chapter).values())
    plain = " ".join(told.replace("\n", " ").split())
    assert "worlds, which differ in `adoption.transmission` and `leaders.influence`" in plain
    assert "Intervals count worlds, not runs." in plain
    assert "what is uncertain between worlds" in plain.partition("Drawn in this study:")[2]
    assert "Some parameters are known up to a distribution only" in plain
    assert "The standard error counts worlds" in plain
    assert "did better than" in plain
    assert "Monte Carlo standard error of a mean" not in plain
    assert "Who convinced whom" not in plain


def test_the_numbers_about_worlds_are_traced(chapter: Chapter) -> None:
    written_sections(chapter)
    register = chapter.numbers.as_json()
    untraced = [
        told for name, told in register.items() if name.startswith("untraced") and told["value"] in (6, 70, 420)
    ]
    assert untraced == []
    told = [name for name, number in register.items() if number["from"]["from"] == "worlds"]
    assert any(name.endswith("better_in") for name in told)
    assert json.dumps(register)


def test_the_report_says_what_is_cut_of_a_distribution_and_traces_its_numbers(chapter: Chapter) -> None:
    plain = re.sub(r"\[([^\]]*)\]\{n=[^}]*\}", r"\1", " ".join(" ".join(written_sections(chapter).values()).split()))
    told = "`adoption.transmission`: `normal`(0\\.1, 0\\.2) is cut to between 0 and 1, which takes 30\\.9 % of it away"
    assert plain.replace("\\.", ".").count(told.replace("\\.", ".")) == 1
    [found] = chapter.result.as_json()["cut"]
    register = chapter.numbers.as_json()
    assert {key: register[f"cut.0.{key}"]["value"] for key in ("cut_away", "mean", "sd", "median")} == {
        key: found[key] for key in ("cut_away", "mean", "sd", "median")
    }
    assert register["cut.0.mean"]["from"] == {"from": "cut", "place": 0, "path": ["mean"]}


def test_tables_in_notebooks_have_every_world(make_study: MakeStudy, make_store: MakeStore) -> None:
    study = make_study(text=UNCERTAIN, replicates=10)
    store = played(study, make_store())
    read = read_chapter(store, store.find(study.name)).loaded
    assert isinstance(read, LoadedStudy)
    assert len(read.runs) == 3 * 6 * 10
    assert set(read.runs["world"]) == set(range(6))
    ends = read.curves[read.curves["step"] == 6]
    means = read.arms[read.arms["outcome"] == "adopted_share"].set_index("arm")
    for _, row in ends.iterrows():
        assert row["mean"] == pytest.approx(means.loc[row["arm"], "mean"])
        assert row["low"] == pytest.approx(means.loc[row["arm"], "low"])
