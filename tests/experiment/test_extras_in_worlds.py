"""Matched nulls and the credit of leaders where numbers are uncertain: played in all worlds, which intervals count."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from experiment_cases import MakeStore, MakeStudy, played, rows

from diffusion.analysis.intervals import mean_interval
from diffusion.errors import InputError
from diffusion.experiment.database import Database
from diffusion.experiment.explained import Explained
from diffusion.experiment.export import export_runs
from diffusion.experiment.extras import MatchedArm, PartArm
from diffusion.experiment.plan import Study
from diffusion.experiment.results import StudyResult, study_result
from diffusion.experiment.store import Store
from diffusion.experiment.worlds import arm_runs
from diffusion.positions.matching import matching
from diffusion.scenario import load_scenario

TEXT = """
networks = ["./town"]
steps = {steps}
replicates = {replicates}
worlds = 6
seed = 5

[adoption]
rule = "contagion"
transmission = {{ uniform = [0.0, 0.4] }}

[[arms]]
name = "chosen"
leaders.agents = ["p01", "p08"]

[[arms]]
name = "random"
leaders.position = "random"
leaders.count = 2

[[arms]]
name = "near"
leaders.position = "harmonic_closeness"
leaders.roles = ["manager"]
leaders.count = {{ uniform = [1, 3] }}
{more}

[nulls]
matched = true

[credit]
counterfactual = true
shapley = true
replicates = 40
"""


@pytest.fixture
def study(make_study: MakeStudy) -> Study:
    return make_study(text=TEXT, replicates=70)


@pytest.fixture
def stored(study: Study, make_store: MakeStore) -> Store:
    return played(study, make_store())


@pytest.fixture
def result(study: Study, stored: Store) -> StudyResult:
    return study_result(study, stored)


def told(result: StudyResult) -> Explained:
    return result.groups[0].explained


def test_extra_arms_are_played_in_every_world(study: Study, stored: Store) -> None:
    extras = [one for one in study.extras if isinstance(one, MatchedArm | PartArm)]
    assert {one.worlds for one in extras} == {6}
    assert len(rows(stored)) == sum(series.runs for series in study.played)
    assert {series.worlds for series in study.played} == {6}


def test_an_extra_arm_lives_through_the_worlds_of_its_arm(study: Study) -> None:
    for extra in study.extras:
        arm = next(one for one in study.arms if one.name == extra.of)
        there, beside = (one.in_world(4, seed=5).setting.parameters for one in (arm, extra))
        assert there.adoption == beside.adoption


def test_a_matched_effect_is_paired_within_worlds_and_counts_worlds(
    study: Study, stored: Store, result: StudyResult
) -> None:
    [found] = [one for one in told(result).matched if (one.arm, one.outcome) == ("chosen", "adopters")]
    [null] = [one for one in study.extras if isinstance(one, MatchedArm) and one.of == "chosen"]
    both = [
        np.concatenate([stored.runs(one.in_world(w, seed=5), seed=5, replicates=70).adopters for w in range(6)])
        for one in (study.arms[0], null)
    ]
    differences = (both[0] - both[1]).astype(float)
    assert found.difference == pytest.approx(differences.mean())
    assert (found.low, found.high) == pytest.approx(mean_interval(differences.reshape(6, 70).mean(axis=1)))
    assert found.p_better == pytest.approx((differences > 0).mean())
    assert (found.worlds, found.replicates) == (6, 420)
    assert found.as_json()["worlds"] == 6
    sentences = told(result).sentences(result.groups[0].setting, "adopters")
    sentence = next(text for text in sentences if "of the same" in text)
    assert "6 worlds of 70 runs" in sentence
    assert "420" not in sentence


def test_the_leaders_of_a_matched_null_are_drawn_anew_in_every_run_of_every_world(study: Study, stored: Store) -> None:
    [null] = [one for one in study.extras if isinstance(one, MatchedArm) and one.of == "chosen"]
    leaders = arm_runs(stored, null, study.scenario).leaders
    assert leaders.shape == (420, 12)
    assert (leaders.sum(axis=1) == 2).all()
    assert not leaders[:, [1, 8]].any()
    assert (leaders[:70] != leaders[70:140]).any()


def test_a_null_is_matched_to_the_leaders_of_the_world(study: Study, stored: Store) -> None:
    [null] = [one for one in study.extras if isinstance(one, MatchedArm) and one.of == "near"]
    counts = arm_runs(stored, null, study.scenario).leaders.reshape(6, 70, 12).sum(axis=2)
    arm = next(one for one in study.arms if one.name == "near")
    for world in range(6):
        there = arm.in_world(world, seed=5)
        assert set(counts[world].tolist()) == {there.setting.leaders.count}
        beside = null.in_world(world, seed=5)
        assert isinstance(beside, MatchedArm)
        assert beside.found == matching(there.network, there.choice)
    assert len(set(counts[:, 0].tolist())) > 1


def test_credit_is_paired_within_worlds_and_counts_worlds(study: Study, stored: Store, result: StudyResult) -> None:
    [found] = told(result).recruitments
    parts = {one.name: one for one in study.extras if isinstance(one, PartArm)}

    def adopters(arm: object) -> np.ndarray:
        found = [stored.runs(arm.in_world(w, seed=5), seed=5, replicates=40).adopters for w in range(6)]  # type: ignore[attr-defined]
        return np.array(found, dtype=float)

    loss = adopters(study.arms[0]) - adopters(parts["chosen without p08"])
    [credit] = [one for one in found.losses if one.leader == "p08"]
    assert credit.mean == pytest.approx(loss.mean())
    assert (credit.low, credit.high) == pytest.approx(mean_interval(loss.mean(axis=1)))
    together = sum(one.mean for one in found.shapley)
    assert together == pytest.approx(found.adopters - (found.without or 0.0))
    sentences = told(result).sentences(result.groups[0].setting, "adopters")
    assert sum("6 worlds of 40 runs" in text for text in sentences) == 2


def test_arms_whose_leaders_differ_between_worlds_have_no_credit(result: StudyResult) -> None:
    said = {(one.arm, one.asked): one.reason for one in told(result).unanswered}
    assert said["near", "credit of leaders"] == "not the same agents lead in every world"
    assert said["random", "credit of leaders"] == "not the same agents lead in every replicate"
    json.dumps(result.as_json(), allow_nan=False)


def test_extra_runs_of_all_worlds_are_exported(study: Study, stored: Store, tmp_path: Path) -> None:
    export_runs(study, stored, tmp_path / "runs.csv")
    extra = pd.read_csv(tmp_path / "runs-extra.csv", keep_default_na=False)
    assert len(extra) == sum(one.replicates * one.worlds for one in study.extras)
    assert set(extra["world"]) == set(range(6))


def test_both_engines_store_the_same_extra_runs(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study(
        text=TEXT.replace("worlds = 6", "worlds = 2").replace("replicates = 40", "replicates = 4"),
        replicates=4,
        steps=4,
    )
    stores = [Store(Database(tmp_path / f"{engine}.db", create=True)) for engine in ("ensemble", "mesa")]
    ensemble, mesa = (
        played(study, store, engine=engine) for store, engine in zip(stores, ("ensemble", "mesa"), strict=True)
    )
    assert rows(ensemble) == rows(mesa)


def test_networks_that_are_rewired_need_known_numbers(scenario_file: Callable[..., Path]) -> None:
    path = scenario_file(text=TEXT.replace("matched = true", "structure = {{ rewirings = 200 }}"))
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    [line] = caught.value.problems
    assert "nulls.structure: needs known numbers, for rewired networks are numbered as worlds are, and " in line
    assert line.endswith("adoption.transmission, leaders.count are uncertain; take structure out")
