"""Curves: what is played again is what is stored, and when groups were first reached."""

from __future__ import annotations

import numpy as np
import pytest
from experiment_cases import MakeStore, MakeStudy, played

from diffusion.analysis.durations import first_steps
from diffusion.experiment.curves import adoption_curves, first_adoptions
from diffusion.experiment.replay import replayed

LEAVING = "[[arms]]\nname = 'leaving'\nadoption.abandonment = 0.3\nleaders.position = 'random'"
RUNS = 70


@pytest.mark.parametrize("number", [0, 1, 2])
def test_curves_end_and_cross_half_as_the_stored_runs_do(
    make_study: MakeStudy, make_store: MakeStore, number: int
) -> None:
    study = make_study(more=LEAVING)
    arm = study.arms[number]
    runs = played(study, make_store()).runs(arm, seed=5, replicates=RUNS)
    curves = adoption_curves(arm, seed=5, replicates=RUNS)
    assert curves.shape == (RUNS, 7)
    assert curves[:, -1].tolist() == runs.adopters.tolist()
    assert first_steps(curves, 12, 0.5).tolist() == runs.time_to_half.tolist()
    assert len(set(curves[:, -1].tolist())) > 3


def test_a_group_is_reached_when_the_first_of_its_agents_adopts(make_study: MakeStudy, make_store: MakeStore) -> None:
    study = make_study(more=LEAVING)
    store, arm = played(study, make_store()), study.arms[0]
    index = arm.network.organisation_index.copy()
    index[0] = -1
    found = first_adoptions(arm, index, 3, seed=5, replicates=RUNS)
    for replicate in range(0, RUNS, 9):
        times = replayed(study, store, arm, replicate).times["adopted_at"]
        for group in range(3):
            ever = [time for time in times[index == group].tolist() if time >= 0]
            assert found[replicate, group] == (min(ever) if ever else -1)
    assert found.shape == (RUNS, 3)
    assert np.unique(found).size > 3
