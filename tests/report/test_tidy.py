"""Tidy tables: their numbers are those that ``run --json`` prints, and what is replayed is what was stored."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from experiment_cases import town

from diffusion.analysis.outcomes import RegionFacts
from diffusion.experiment.export import export_runs
from diffusion.experiment.replay import replayed
from diffusion.network.network import Network
from diffusion.report.histories import MOST_REPLAYED, study_histories

ARMS = [("random", "random"), ("hubs", "out_degree"), ("edge", "marginal")]
SWEEP = '\n[sweep]\n"adoption.transmission" = [0.1, 0.3]\n'
ABOUT = ["network", "synthetic", "agents", "cell"]


def same(value: object, told: object) -> bool:
    """Return whether a cell of a table is what JSON has; NaN stands for null."""
    if told is None:
        return value is None or (isinstance(value, float) and math.isnan(value))
    return value == told


@pytest.fixture
def study(loaded_study):
    return loaded_study([town()], ARMS, more=SWEEP)


def test_every_number_of_the_arms_is_that_of_the_json(study):
    printed, checked = study.result.as_json()["arms"], 0
    for arm in printed:
        value = arm["cell"]["adoption.transmission"]
        rows = study.arms[(study.arms["arm"] == arm["arm"]) & (study.arms["adoption.transmission"] == value)]
        assert list(rows["outcome"]) == list(arm["outcomes"])
        for row in rows.to_dict("records"):
            told = arm["outcomes"][row["outcome"]]
            assert all(same(row[name], told.get(name)) for name in ("mean", "low", "high", "sd", "censored"))
            assert same(row["differ_below"], told.get("differ_below"))
            assert same(row["p_best"], arm["p_best"][row["outcome"]])
            assert same(row["p_best_tied"], arm["p_best_tied"][row["outcome"]])
            assert row["replicates"] == arm["replicates"]
            checked += 1
    assert checked == len(study.arms) > 40


def test_every_number_of_the_comparisons_is_that_of_the_json(study):
    printed = study.result.as_json()["comparisons"]
    assert len(printed) == len(study.comparisons) > 40
    for row, told in zip(study.comparisons.to_dict("records"), printed, strict=True):
        assert row["adoption.transmission"] == told["cell"]["adoption.transmission"]
        assert [name for name in told if name != "cell" and not same(row[name], told[name])] == []
    shares = study.comparisons.set_index("outcome")["smallest_difference"]
    assert shares["adopted_share"].eq(0.01).all()
    assert shares["adopters"].eq(0.01 * 12).all()
    assert shares["time_to_half"].isna().all()


def test_every_table_says_first_what_its_rows_are_about(study):
    for table in (study.arms, study.comparisons, study.runs, study.agents, study.groups, study.curves, study.times):
        assert list(table.columns[:6]) == [*ABOUT, "adoption.transmission", "arm"]
        assert list(table["cell"].unique()) == ["adoption.transmission = 0.1", "adoption.transmission = 0.3"]
        assert len(table) > 10


def test_places_are_those_of_the_ranking(study):
    for group in study.result.groups:
        [value] = dict(group.group.cell.values).values()
        here = study.arms[study.arms["adoption.transmission"] == value]
        for outcome in ("adopted_share", "time_to_half"):
            found = here[here["outcome"] == outcome].set_index("arm")["place"].to_dict()
            assert found == {ranked.arm: ranked.place for ranked in group.ranking(outcome)}


def test_runs_are_those_that_are_exported(study, tmp_path):
    export_runs(study.study, study.store, tmp_path / "runs.csv")
    exported = pd.read_csv(tmp_path / "runs.csv")
    pd.testing.assert_frame_equal(study.runs[list(exported.columns)], exported, check_dtype=False)
    assert len(exported) == 2 * 3 * 40


def test_the_last_step_of_a_curve_is_what_the_store_holds(study):
    last = study.curves[study.curves["step"] == 6]
    stored = study.arms[study.arms["outcome"] == "adopted_share"]
    assert np.allclose(last["mean"], stored["mean"], atol=1e-12)
    assert np.allclose(last["low"], stored["low"], atol=1e-12)
    quantiles = study.runs.groupby(["cell", "arm"], sort=False)["adopted_share"].quantile([0.05, 0.95])
    assert np.allclose(last[["q05", "q95"]], quantiles.to_numpy().reshape(-1, 2))


def test_the_area_under_a_curve_is_the_stored_outcome(study):
    after = study.curves[study.curves["step"] > 0].groupby(["cell", "arm"], sort=False)["mean"].mean()
    stored = study.arms[study.arms["outcome"] == "area"]
    assert np.allclose(after, stored["mean"], atol=1e-12)


def test_a_curve_with_abandonment_counts_those_who_have_not_abandoned(loaded_study):
    arms = ARMS[:2]
    study = loaded_study([town()], arms, rule='contagion"\nabandonment = 0.3\nexternal = 0.05 # "')
    last = study.curves[study.curves["step"] == 6]
    stored = study.arms[study.arms["outcome"] == "adopted_share"]
    ever = study.arms[study.arms["outcome"] == "ever_adopted_share"]
    assert np.allclose(last["mean"], stored["mean"], atol=1e-12)
    assert (ever["mean"].to_numpy() > stored["mean"].to_numpy() + 0.05).all()
    assert list(stored["arm"]) == ["random", "hubs", "no leaders"]
    assert stored["place"].isna().tolist() == [False, False, True]


def test_the_time_to_half_is_the_stored_one(study):
    half = study.times[study.times["share"] == 0.5].groupby(["cell", "arm", "step"], sort=False)["reached"].first()
    for (cell, arm), runs in study.runs.groupby(["cell", "arm"], sort=False):
        for step in range(7):
            reached = (runs["half_reached"] & (runs["time_to_half"] <= step)).mean()
            assert half[cell, arm, step] == pytest.approx(reached, abs=1e-12)
    assert 0.05 < half.mean() < 0.95


def test_intervals_of_times_hold_the_share_and_are_missing_where_there_is_none(study):
    known = study.times.dropna(subset=["low", "high"])
    assert len(known) > 20
    assert (known["low"] <= known["reached"]).all()
    assert (known["reached"] <= known["high"]).all()
    assert known["low"].min() >= 0


def test_agents_are_as_the_readable_model_plays_them(loaded_study):
    study = loaded_study([town()], ARMS[:2], replicates=7)
    arm = study.study.arms[0]
    played = [replayed(study.study, study.store, arm, replicate) for replicate in range(7)]
    own = study.agents[study.agents["arm"] == "random"]
    adopted = np.array([run.times["adopted_at"] for run in played])
    assert np.allclose(own["p_adopted"], (adopted >= 0).mean(axis=0))
    leads = np.array([[agent in run.leaders for agent in range(12)] for run in played])
    assert np.allclose(own["p_leads"], leads.mean(axis=0))
    never = np.where(adopted < 0, 99, adopted)
    fourth = np.sort(never, axis=0)[3].astype(float)
    assert np.array_equal(own["median_time"], np.where(fourth == 99, np.nan, fourth), equal_nan=True)
    assert list(own["agent"]) == list(town().ids)


def test_the_reach_of_a_role_leaves_out_who_leads_in_that_run(loaded_study):
    study = loaded_study([town()], ARMS)
    group = study.study.groups[0]
    for arm in group.arms:
        runs = study.store.runs(arm, seed=5, replicates=40)
        leads = np.broadcast_to(runs.leaders, runs.adopted.shape)
        for place, role in enumerate(RegionFacts.of(group.network, 6).role_names):
            members = group.network.role_index == place
            shares = [adopted[members & ~lead].mean() for adopted, lead in zip(runs.adopted, leads, strict=True)]
            row = study.groups[(study.groups["arm"] == arm.name) & (study.groups["group"] == role)].iloc[0]
            assert row["reach"] == pytest.approx(np.mean(shares), abs=1e-12)
            assert row["members"] == members.sum()


def test_a_group_whose_members_all_lead_has_no_reach(loaded_study):
    pair = Network.from_tables(name="pair", ids=["a", "b"], roles=["x", "y"], source=["a"], target=["b"])
    groups = loaded_study([pair], [("hubs", "out_degree")], count=1).groups.set_index("group")
    assert math.isnan(groups.loc["x", "reach"])
    assert (groups.loc["x", "replicates"], groups.loc["x", "left_out"]) == (0, 40)
    assert 0 < groups.loc["y", "reach"] < 1


def test_credit_is_that_of_all_who_adopted_after_the_start(loaded_study):
    study = loaded_study([town()], ARMS)
    spread = study.arms[study.arms["outcome"] == "spread"].set_index("arm")["mean"]
    credit = study.credit.groupby("arm")["adopters"].sum()
    assert credit.to_dict() == pytest.approx(spread.to_dict())


def test_a_study_of_one_arm_has_empty_comparisons_with_their_columns(loaded_study, study):
    one = loaded_study([town()], ARMS[:1])
    assert len(one.comparisons) == 0
    assert [name for name in study.comparisons if name != "adoption.transmission"] == list(one.comparisons)


def test_arms_that_are_one_are_played_once(loaded_study):
    study = loaded_study([town()], [("x", "out_degree"), ("y", "out_degree")])
    first, second = study_histories(study.study)
    assert first is second
    assert first.replicates == 40 < MOST_REPLAYED


def test_cells_that_sound_alike_are_told_apart(loaded_study):
    study = loaded_study([town()], ARMS[:2], more='\n[sweep]\n"adoption.transmission" = [0.1000001, 0.1000002]\n')
    assert list(study.arms["cell"].unique()) == [
        "adoption.transmission = 0.1 (cell 0)",
        "adoption.transmission = 0.1 (cell 1)",
    ]
