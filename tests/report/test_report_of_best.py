"""A report on a study of which the best arm was asked for: arms with fewer runs are told as such."""

from __future__ import annotations

import pytest
from best_cases import BEST, settled, sizes
from experiment_cases import MakeStore, MakeStudy, make_store, make_study, scenario_file

from diffusion.experiment.store import Store
from diffusion.report.text import written_sections
from diffusion.report.writing import read_chapter

__all__ = ["make_store", "make_study", "scenario_file"]


@pytest.fixture
def store(make_study: MakeStudy, make_store: MakeStore) -> Store:
    store = make_store()
    settled(make_study(text=BEST), store)
    return store


def test_arms_that_were_stopped_are_marked_and_told_with_their_own_runs(store: Store) -> None:
    chapter = read_chapter(store, store.find("who"))
    study, told = chapter.study, written_sections(chapter)
    found = sizes(study)
    plain = " ".join(" ".join(told.values()).replace("\n", " ").split())
    assert "few †" in plain
    assert "near †" not in plain
    assert "times, or fewer where it was stopped early," in plain
    assert "Every arm was played in the first of the same" in plain
    assert "Arms marked † were stopped early" in plain
    loaded = chapter.loaded
    assert loaded.runs.groupby("arm").size().to_dict() == found
    assert loaded.arms.groupby("arm")["replicates"].first().to_dict() == found
    ends = loaded.curves[loaded.curves["step"] == 6].set_index("arm")
    means = loaded.arms[loaded.arms["outcome"] == "adopted_share"].set_index("arm")["mean"]
    assert ends["replicates"].to_dict() == found
    assert ends["mean"].to_dict() == pytest.approx(means.to_dict())
    placed = loaded.arms[loaded.arms["outcome"] == "adopted_share"].set_index("arm")["place"]
    assert set(placed.dropna().index) == {name for name, size in found.items() if size == max(found.values())}
