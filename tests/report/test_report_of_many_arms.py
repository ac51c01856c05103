"""A report on very many arms: it shows those that answer the question, and places them among all."""

from __future__ import annotations

import json

import pytest
from experiment_cases import MakeStore, MakeStudy, make_store, make_study, played, scenario_file
from survived_cases import IMPUTATION, uncertain

from diffusion.analysis.reserved import NO_LEADERS
from diffusion.experiment.results import study_result
from diffusion.report import shown_arms
from diffusion.report.chapter import Chapter
from diffusion.report.loaded import LoadedStudy
from diffusion.report.reproduction import citation, readable_record
from diffusion.report.text import written_sections
from diffusion.report.writing import read_chapter

__all__ = ["make_store", "make_study", "scenario_file"]

ARMS = "".join(
    f'\n[[arms]]\nname = "arm {place}"\nleaders.position = "out_degree"\nleaders.influence = {1 + place / 4}\n'
    for place in range(12)
)
SWEPT = '[adoption]\nexternal = 0.01\n[sweep]\n"adoption.transmission" = [0.1, 0.2]'


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"MOST_ARMS": 8, "FIRST": 3, "LAST": 2, "MOST_BEST": 1}.items():
        monkeypatch.setattr(shown_arms, name, value)


@pytest.fixture(params=["", SWEPT])
def chapter(request: pytest.FixtureRequest, make_study: MakeStudy, make_store: MakeStore) -> Chapter:
    study = make_study(replicates=70, more=ARMS + request.param.removeprefix("[adoption]\nexternal = 0.01\n"))
    store = played(study, make_store())
    return read_chapter(store, store.find(study.name))


def test_few_arms_are_all_shown(make_study: MakeStudy, make_store: MakeStore) -> None:
    study = make_study()
    store = played(study, make_store())
    assert read_chapter(store, store.find("who")).result.groups[0].whole is None


def test_the_best_the_worst_and_the_baseline_are_shown_with_their_places_among_all(chapter: Chapter) -> None:
    for group in chapter.result.groups:
        assert group.whole is not None
        everyone = [(row.place, row.arm) for row in group.whole.ranking("adopted_share")]
        shown = [(row.place, row.arm) for row in group.ranking("adopted_share")]
        assert set(shown) < set(everyone)
        assert 5 <= len(shown) <= 8
        assert {everyone[0][1], "random"} <= {arm for _, arm in shown}
        assert {arm.name for arm in group.group.arms} - {NO_LEADERS} == {arm for _, arm in shown} - {NO_LEADERS}
        kept = {one.arm: one for one in group.whole.summaries}
        assert all(summary is kept[summary.arm] for summary in group.summaries)


def test_the_report_names_the_study_with_all_its_arms_and_counts_their_runs(chapter: Chapter) -> None:
    [entry] = chapter.store.studies()
    assert json.loads(readable_record(chapter))["digest"] == entry.digest
    assert f"value: {entry.digest}" in citation(chapter)
    written_sections(chapter)
    every = sum(len(group.whole.summaries) for group in chapter.result.groups if group.whole)
    assert chapter.numbers.as_json()["study.runs"]["value"] == 70 * every


def test_the_report_says_which_arms_it_shows_and_traces_its_numbers(chapter: Chapter) -> None:
    told = " ".join(" ".join(written_sections(chapter).values()).split())
    assert "This report shows" in told
    assert "ranks all arms" not in told
    register = chapter.numbers.as_json()
    assert register["report.arms"]["value"] == len({one.arm for one in chapter.result.groups[0].summaries})
    assert json.dumps(register)
    untraced = {name: one["value"] for name, one in register.items() if name.startswith("untraced")}
    assert untraced == {}


def test_only_what_is_shown_is_played_again_and_drawn(chapter: Chapter) -> None:
    shown = {arm.name for arm in chapter.study.groups[0].arms}
    assert set(chapter.loaded.arms["arm"]) == set(chapter.loaded.curves["arm"]) == shown
    assert len(chapter.histories(0)) == len(shown)


def test_figures_in_notebooks_show_the_same_arms_and_tables_all(make_study: MakeStudy, make_store: MakeStore) -> None:
    study = make_study(replicates=20, more=ARMS)
    store = played(study, make_store())
    loaded = LoadedStudy(study_result(study, store), store)
    assert set(loaded.arms["arm"]) == {arm.name for arm in study.groups[0].arms}
    names = {text.get_text() for axes in loaded.draw_ranking().axes for text in axes.get_yticklabels()}
    shown = shown_arms.shown_arms(loaded.result)
    assert shown is not None
    assert names == set(shown)


def test_what_survives_on_an_uncertain_network_is_told_of_the_arms_that_are_shown(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    study = make_study(text=uncertain(IMPUTATION), replicates=10, more=ARMS)
    store = played(study, make_store())
    chapter = read_chapter(store, store.find(study.name))
    told = " ".join(written_sections(chapter).values())
    assert "This report shows" in told
    shown = {one.arm for one in chapter.result.groups[0].summaries}
    assert set(chapter.loaded.survival_arms["arm"]) <= shown
    assert set(chapter.loaded.survival["arm"]) <= shown
