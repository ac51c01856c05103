"""Curves: what is played again is what is stored, and when groups were first reached."""

from __future__ import annotations

import pytest
from experiment_cases import MakeStore, MakeStudy, played

from diffusion.analysis.durations import first_steps
from diffusion.experiment.curves import adoption_curves

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
