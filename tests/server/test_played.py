"""A run on a page: the run of the batch, and any step of it seen again."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.draws import LANES
from diffusion.experiment.plan import PlannedArm, Study, plan
from diffusion.model.agents import Stage
from diffusion.model.ensemble import Ensemble
from diffusion.scenario import load_scenario
from diffusion.server.opened import BUILT_IN
from diffusion.server.played import ABANDONED, ADOPTED, AWARE, UNAWARE, PlayedRun

STAGES = list(Stage)

STAGED = """
title = "Who hears of it first?"
networks = ["ahsn-a"]
steps = 12
replicates = 100
seed = 5
[awareness]
rule = "contagion"
transmission = 0.2
[adoption]
rule = "threshold"
threshold = 0.1
exposure = "share"
abandonment = 0.1
[leaders]
count = 6
[[arms]]
name = "random"
leaders.position = "random"
"""


@cache
def staged() -> Study:
    with TemporaryDirectory() as folder:
        path = Path(folder, "staged.toml")
        path.write_text(STAGED, encoding="utf-8")
        return plan(load_scenario(path))


@cache
def simple() -> Study:
    return plan(load_scenario(BUILT_IN))


def ensemble_times(arm: PlannedArm, seed: int, replicate: int) -> tuple[np.ndarray, ...]:
    ensemble = Ensemble(
        arm.network, arm.setting.parameters, seed=seed, leader_words=partial(arm.leader_words, seed=seed)
    )
    block, lane = divmod(replicate, LANES)
    times = ensemble.block(block)
    return times.aware_at[:, lane], times.adopted_at[:, lane], times.abandoned_at[:, lane]


@pytest.mark.parametrize("replicate", [0, 17, 99])
def test_a_run_on_a_page_is_the_run_of_the_ensemble(replicate: int) -> None:
    for study, arm in ((simple(), simple().arms[0]), (simple(), simple().arms[3]), (staged(), staged().arms[0])):
        run = PlayedRun(arm, seed=study.scenario.seed, replicate=replicate)
        for found, wanted in zip(
            run.times(run.steps), ensemble_times(arm, study.scenario.seed, replicate), strict=True
        ):
            assert found.tolist() == wanted.tolist()


@settings(max_examples=25)
@given(ticks=st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_a_step_looks_the_same_whenever_it_is_looked_at(ticks: list[int]) -> None:
    arm, seed = staged().arms[0], staged().scenario.seed
    run = PlayedRun(arm, seed=seed, replicate=3)
    for tick in ticks:
        fresh = PlayedRun(arm, seed=seed, replicate=3)
        for _ in range(tick):
            fresh.model.step()
        assert run.stages(tick).tolist() == [STAGES.index(member.stage) for member in fresh.model.members]


def test_nothing_is_played_beyond_the_step_that_is_looked_at() -> None:
    run = PlayedRun(staged().arms[0], seed=5, replicate=0)
    assert run.model.tick == 0
    run.stages(4)
    run.stages(2)
    assert run.model.tick == 4
    run.stages(999)
    assert run.model.tick == 12


def test_curves_count_every_agent_in_one_stage_at_every_step() -> None:
    run = PlayedRun(staged().arms[0], seed=5, replicate=8)
    curves = run.curves(12)
    assert curves.shape == (13, 4)
    assert (curves.sum(axis=1) == run.arm.network.size).all()
    assert curves[0].tolist() == [174, 0, 6, 0]
    assert curves[-1, ABANDONED] > 0
    for tick in (0, 5, 12):
        stages = run.stages(tick)
        assert curves[tick].tolist() == [int((stages == s).sum()) for s in (UNAWARE, AWARE, ADOPTED, ABANDONED)]


def test_curves_of_the_roles_add_up_to_those_of_all() -> None:
    run = PlayedRun(staged().arms[0], seed=5, replicate=8)
    network = run.arm.network
    parts = [run.curves(9, network.role_index == place) for place in range(len(network.role_names))]
    assert np.sum(parts, axis=0).tolist() == run.curves(9).tolist()


def test_a_closed_run_is_forgotten_by_mesa() -> None:
    mesa = pytest.importorskip("mesa")
    run = PlayedRun(staged().arms[0], seed=5, replicate=0)
    run.close()
    assert run.model not in getattr(mesa.Agent, "_ids", {})
