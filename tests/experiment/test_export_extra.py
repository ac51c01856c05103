"""Exporting extra runs: every one of them, apart from the runs of the arms, and as the store has them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from experiment_cases import played

from diffusion.analysis.outcomes import RegionFacts
from diffusion.experiment.database import Database
from diffusion.experiment.export import Exported, export_runs
from diffusion.experiment.extras import RewiredArm
from diffusion.experiment.plan import plan
from diffusion.experiment.store import Store
from diffusion.scenario import load_scenario
from diffusion.scenario.explanations import CreditAsked, NullsAsked

ARMS = '[[arms]]\nname = "chosen"\nleaders.agents = ["p01", "p05", "p08"]\n'


def test_extra_runs_go_to_a_file_of_their_own_and_are_those_of_the_store(scenario_file, tmp_path):
    scenario = load_scenario(scenario_file(replicates=20, more=ARMS))
    nulls = NullsAsked(matched=True, rewirings=3, rewired_replicates=10)
    study = plan(replace(scenario, nulls=nulls, credit=CreditAsked(counterfactual=True)))
    store = played(study, Store(Database(tmp_path / "runs.db", create=True)))
    written = export_runs(study, store, tmp_path / "runs.csv")
    extra = pd.read_csv(tmp_path / "runs-extra.csv", keep_default_na=False)
    assert written == Exported(3 * 20, tmp_path / "runs-extra.csv", len(extra))
    assert len(extra) == sum(one.replicates * one.worlds for one in study.extras)
    assert set(extra["extra"]) == {"matched", "rewired", "part"}
    assert set(extra["of"]) == {"random", "hubs", "chosen"}
    assert not set(extra["arm"]) & set(pd.read_csv(tmp_path / "runs.csv")["arm"])
    group = study.groups[0]
    rewired = next(one for one in group.extras if isinstance(one, RewiredArm))
    told = extra[extra["arm"] == rewired.name]
    assert set(told["kept"]) == {rewired.kept}
    assert set(told["leaders"]) == {"anew" if rewired.anew else "same"}
    means = store.means(rewired, worlds=3, replicates=10)["adopters"]
    shares = told.groupby("world")["adopted_share"].mean()
    assert (shares * RegionFacts.of(group.network, 6).size - means).abs().max() < 1e-9


def test_a_study_without_extra_runs_has_one_file(make_study, tmp_path):
    study = make_study(replicates=5)
    store = played(study, Store(Database(tmp_path / "runs.db", create=True)))
    assert export_runs(study, store, tmp_path / "runs.csv") == Exported(2 * 5)
    assert not (tmp_path / "runs-extra.csv").exists()
