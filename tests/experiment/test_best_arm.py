"""The best arm asked for: clearly worse ones are stopped early, and everything knows how many runs each arm has."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from best_cases import BEST, MORE, settled, sizes
from experiment_cases import UNCERTAIN, MakeStore, MakeStudy, played, rows

from diffusion.analysis.precision_asked import BestWithin
from diffusion.errors import InputError
from diffusion.experiment.completeness import lacks
from diffusion.experiment.database import Database
from diffusion.experiment.export import export_runs
from diffusion.experiment.plan import Study
from diffusion.experiment.replay import find_arm, replayed
from diffusion.experiment.results import StudyResult, study_result
from diffusion.experiment.sizes import own_scenario, size_of
from diffusion.experiment.store import Store

OF_WORLDS = UNCERTAIN.replace("worlds = 6", "precision = {{ best_within = 0.024 }}").replace("{more}", MORE)


def stored(study: Study, store: Store) -> dict[str, int]:
    """Return how many runs of every arm are stored."""
    found = {}
    for arm in study.groups[0].arms:
        query = (
            "SELECT count(*) FROM runs r JOIN series s ON s.id = r.series "
            f"WHERE s.setting_digest = '{arm.setting_digest}' AND s.arm_digest = '{arm.arm_digest}'"
        )
        with store.database.reading() as connection:
            found[arm.name] = int(connection.exec_driver_sql(query).scalar_one())
    return found


@pytest.fixture
def best(make_study: MakeStudy, make_file_store: MakeStore) -> tuple[Study, Store]:
    store = make_file_store()
    return settled(make_study(text=BEST), store)[0], store


def test_worse_arms_are_stopped_the_baseline_is_played_on_and_the_best_is_named(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    store = make_store()
    study, told = settled(make_study(text=BEST), store)
    found = sizes(study)
    assert found["random"] == found["near"] == study.scenario.replicates > found["fewer still"] >= 128
    assert all(size % 64 == 0 for size in found.values())
    assert stored(study, store) == found
    assert not lacks(study, store)
    assert told[-1] == f"After {study.scenario.replicates:,} replicates the best arm is named, as was asked."
    [named] = study_result(study, store).as_json()["named"]
    assert named["best"] in ("near", "rival")
    assert named["within"] <= 0.02
    assert named["worse_after"]["fewer still"] == found["fewer still"]


def test_what_was_decided_is_stored_with_the_study_and_outside_of_its_digest(best: tuple[Study, Store]) -> None:
    study, store = best
    kept = store.study(store.find(study.name))
    assert kept.scenario.stopped == study.scenario.stopped != ()
    assert kept.scenario.precision == BestWithin(best_within=0.02)
    assert kept.digest == replace(study, scenario=replace(study.scenario, stopped=())).digest
    assert [arm.setting_digest for arm in kept.arms] == [arm.setting_digest for arm in study.arms]
    assert sizes(kept) == sizes(study)
    assert study_result(kept, store).as_json() == study_result(study, store).as_json()


def test_it_does_not_matter_how_often_the_program_was_stopped_nor_what_was_there_before(
    make_study: MakeStudy, tmp_path: Path, best: tuple[Study, Store]
) -> None:
    study, store = best
    before = rows(store)
    again, _ = settled(make_study(text=BEST), store)
    assert again.scenario.stopped == study.scenario.stopped
    assert rows(store) == before

    class Stopped(Exception):  # noqa: N818 - no error
        """Stop in the middle."""

    other = Store(Database(tmp_path / "other.db", create=True))
    for calls in range(1, 40):
        left = [calls % 3 + 1]

        def play(one: Study, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Stopped
            played(one, other, workers=2)

        try:
            resumed, _ = settled(make_study(text=BEST), other, play)
        except Stopped:
            continue
        break
    assert calls > 1
    assert resumed.scenario.stopped == study.scenario.stopped
    assert rows(other) == before
    everything = Store(Database(tmp_path / "everything.db", create=True))
    many = make_study("many", replicates=1_500, more=MORE)
    played(many, everything)
    known, _ = settled(make_study(text=BEST), everything)
    assert known.scenario.stopped == study.scenario.stopped
    assert study_result(known, everything).as_json() == study_result(study, store).as_json()


def test_a_study_that_was_stopped_between_two_looks_says_that_no_arm_is_named_yet(
    make_study: MakeStudy, make_file_store: MakeStore
) -> None:
    store = make_file_store()

    def once(one: Study) -> None:
        if one.scenario.replicates > 128:
            raise KeyboardInterrupt
        played(one, store)

    with pytest.raises(KeyboardInterrupt):
        settled(make_study(text=BEST), store, once)
    result = study_result(store.study(store.find("who")), store)
    told = " ".join(result.groups[0].sentences("adopted_share"))
    assert "No arm is named the best within 2.0 points yet after 128 replicates" in told
    assert result.as_json()["named"][0]["best"] is None


def test_a_stopped_arm_is_told_with_its_own_runs_in_every_way(best: tuple[Study, Store], tmp_path: Path) -> None:
    study, store = best
    found = sizes(study)
    result = study_result(study, store)
    told = {arm["arm"]: arm for arm in result.as_json()["arms"]}
    assert {name: arm["replicates"] for name, arm in told.items()} == found
    short = min(found, key=lambda name: found[name])
    assert told[short]["stopped_early"] is True
    assert set(told[short]["p_best"].values()) == {None}
    compared = {one.arm: one.replicates for one in result.groups[0].comparisons if one.outcome == "adopted_share"}
    assert compared == {name: size for name, size in found.items() if name != "random"}
    text = " ".join(result.groups[0].sentences("adopted_share"))
    assert f"after {found[short]:,}" in text
    assert "Stopped early: " in text
    assert "At the other end" not in text
    file = tmp_path / "runs.csv"
    assert export_runs(study, store, file).runs == sum(found.values())
    with file.open(encoding="utf-8") as lines:
        assert sum(row["arm"] == short for row in csv.DictReader(lines)) == found[short]
    arm = find_arm(study, network=None, arm=short, cell=None)
    assert replayed(study, store, arm, found[short] - 1).differences == ()
    with pytest.raises(InputError, match=f"between 0 and {found[short] - 1}"):
        replayed(study, store, arm, found[short])


def test_another_baseline_may_be_one_that_was_stopped(best: tuple[Study, Store]) -> None:
    study, store = best
    short = min(sizes(study), key=lambda name: sizes(study)[name])
    found = study_result(study, store, baseline=short).groups[0].comparisons
    assert {one.replicates for one in found} == {sizes(study)[short]}


def test_worlds_are_added_for_the_arms_that_may_be_best(make_study: MakeStudy, make_file_store: MakeStore) -> None:
    store = make_file_store()
    study, told = settled(make_study(text=OF_WORLDS, replicates=10), store)
    found = sizes(study)
    assert found["random"] == study.scenario.worlds > found["few"] >= 30
    assert stored(study, store) == {name: 10 * worlds for name, worlds in found.items()}
    result = study_result(study, store)
    assert "worlds the best arm is named" in told[-1]
    told_worlds = {arm["arm"]: arm["worlds"] for arm in result.as_json()["arms"]}
    assert told_worlds == found
    assert result.as_json()["named"][0]["after"] == study.scenario.worlds


def test_under_a_design_whole_randomisations_are_added(make_study: MakeStudy, make_file_store: MakeStore) -> None:
    text = OF_WORLDS.replace("seed = 5", "seed = 5\ndesign = {{ latin-hypercube = 3 }}")
    study, _ = settled(make_study(text=text, replicates=10), make_file_store())
    assert all(worlds % 3 == 0 and worlds >= 30 for worlds in sizes(study).values())


def test_sooner_is_better_where_times_are_asked_for(make_study: MakeStudy, make_file_store: MakeStore) -> None:
    text = BEST.replace("best_within = 0.02", 'outcome = "time_to_half", best_within = 0.2')
    store = make_file_store()
    study, _ = settled(make_study(text=text, steps=20), store)
    found = study_result(study, store).groups[0]
    assert found.named.found is not None
    means = {one.arm: one.outcomes["time_to_half"].mean for one in found.lasting}
    assert found.named.found.best == min(means, key=lambda name: means[name])
    assert "fewer still" in found.named.found.stopped


def test_every_cell_and_network_has_as_many_runs_as_it_needs(make_study: MakeStudy, make_file_store: MakeStore) -> None:
    text = BEST + '\n[sweep]\n"adoption.transmission" = [0.001, 0.2]\n'
    store = make_file_store()
    study, told = settled(make_study(text=text), store)
    by_cell = [{arm.name: size_of(own_scenario(study.scenario, arm)) for arm in group.arms} for group in study.groups]
    assert by_cell[0]["random"] < by_cell[1]["random"]
    assert told[-1].endswith("the best arm is named in all 2 comparisons, as was asked.")
    result = study_result(study, store)
    assert not any(summary.stopped_early for summary in result.groups[0].lasting)
    assert {one.replicates for one in result.groups[0].lasting} == {by_cell[0]["random"]}
    assert not lacks(study, store)
    assert json.dumps(result.as_json(), allow_nan=False)


def test_nulls_and_credit_have_no_more_runs_than_their_arm(make_study: MakeStudy, make_file_store: MakeStore) -> None:
    extra = "\n[nulls]\nmatched = true\n[credit]\ncounterfactual = true\n"
    store = make_file_store()
    study, _ = settled(make_study(text=BEST + extra), store)
    found = sizes(study)
    assert study.extras
    for one in study.extras:
        assert one.replicates <= found[one.of]
    result: StudyResult = study_result(study, store)
    told: Mapping[str, Any] = result.as_json()
    matched = {one["arm"]: one["replicates"] for one in told["matched"]}
    assert matched == {name: found[name] for name in matched}
    assert {one["arm"] for one in told["credit"]} >= {"near", "few"}


def test_prices_are_compared_over_the_runs_that_all_arms_have(
    make_study: MakeStudy, make_file_store: MakeStore
) -> None:
    store = make_file_store()
    study, _ = settled(make_study(text=BEST + "\n[costs]\nleader = 100\n"), store)
    assert {row["arm"] for row in study_result(study, store).as_json()["costs"]["arms"]} == set(sizes(study))


def test_one_arm_alone_is_no_choice(make_study: MakeStudy) -> None:
    alone = BEST.split("[[arms]]")
    with pytest.raises(InputError, match="precision: best_within names the best of several arms"):
        make_study(text=f"{alone[0]}[[arms]]{alone[1]}")


@pytest.mark.parametrize("steps", [2, 20])
def test_where_most_runs_never_got_there_the_best_is_said_to_be_chosen_by_a_count_and_not_by_times(
    make_study: MakeStudy, make_file_store: MakeStore, steps: int
) -> None:
    text = BEST.replace("best_within = 0.02", 'outcome = "time_to_half", best_within = 0.2')
    store = make_file_store()
    study, _ = settled(make_study(text=text, steps=steps), store)
    found = study_result(study, store).groups[0]
    told = found.sentences("time_to_half")
    [is_named] = [sentence for sentence in told if "named best by" in sentence]
    censored = {one.arm: one.outcomes["time_to_half"].censored or 0.0 for one in found.summaries}
    if steps == 20:
        assert max(censored.values()) < 0.5
        assert "named best by time_to_half after" in is_named
        assert "count" not in " ".join(told)
        return
    assert min(censored.values()) > 0.5
    assert "are not compared for" in " ".join(told)
    assert "named best by this count of time_to_half after" in is_named
    before = told[told.index(is_named) - 1]
    assert before.startswith("The best arm is chosen by a count, although times are not compared for ")
    assert "counts as 3 steps, one after the last" in before
    assert all(f'the arm "{name}"' in before for name in censored if name != "random")
    assert all("worse than the best by this count" in one for one in told if "worse than the best" in one)
