"""Golden runs: who moved when in a few fixed replicates; they change only together with MODEL_VERSION.

``python -m pytest --update-golden tests/model`` writes them anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from engines import Times, by_ensemble, by_mesa
from generated import ROLES

from diffusion.model import MODEL_VERSION
from diffusion.model.interventions.broadcasting import Broadcasting
from diffusion.model.interventions.meetings import Meeting
from diffusion.model.interventions.turnover import Turnover
from diffusion.model.interventions.word_of_mouth import WordOfMouth
from diffusion.model.parameters import ByRole, Column, Distribution, Parameters, StageParameters
from diffusion.network.network import Network

GOLDEN = Path(__file__).with_name("golden.json")

SIZE = 40
TIES = [(agent, (step * agent + shift) % SIZE) for agent in range(SIZE) for step, shift in ((1, 1), (3, 7), (7, 2))]
REGION = Network.from_tables(
    name="golden",
    ids=[f"a{agent:02}" for agent in range(SIZE)],
    roles=[ROLES[agent % 3] for agent in range(SIZE)],
    columns={"zeal": [str(agent % 5 / 10) for agent in range(SIZE)]},
    source=[f"a{source:02}" for source, _ in TIES],
    target=[f"a{target:02}" for _, target in TIES],
    layer=["formal" if place % 3 else "informal" for place in range(len(TIES))],
    strength=[(1.0, 0.5, 0.8)[place % 3] for place in range(len(TIES))],
)
LEADERS = ["a03", "a17"]

CONTAGION = StageParameters("contagion", transmission=0.3)
UNLIKE: dict[str, Any] = {
    "receptivity": Distribution("beta", (5.0, 2.0)),
    "influence": Distribution("lognormal", (0.0, 0.4)),
    "leader_influence": 2.0,
}
RUNS = {
    "cascade": Parameters(12, StageParameters("cascade", transmission=0.8)),
    "cascade after cascade": Parameters(
        12,
        StageParameters("cascade", transmission=0.7, external=0.01),
        awareness=StageParameters("cascade", transmission=0.9, external=0.02),
    ),
    "contagion": Parameters(12, CONTAGION, layers={"formal": 1.0, "informal": 0.4}),
    "contagion that is given up": Parameters(12, StageParameters("contagion", transmission=0.4, abandonment=0.1)),
    "contagion of unlike agents": Parameters(12, CONTAGION, awareness=CONTAGION, **UNLIKE),
    "threshold of shares": Parameters(
        12, StageParameters("threshold", threshold=Distribution("uniform", (0.0, 1.0)), external=0.01)
    ),
    "threshold of numbers": Parameters(
        12,
        StageParameters(
            "threshold",
            threshold=ByRole((("academic", 1.0), ("firm", 2.0), ("manager", 1.0))),
            exposure="number",
            external=0.01,
        ),
    ),
    "threshold of weights": Parameters(
        12,
        StageParameters("threshold", threshold=Column("zeal"), exposure="weight"),
        awareness=CONTAGION,
        between_roles={("firm", "manager"): 0.5},
    ),
    "hazard by logit": Parameters(12, StageParameters("hazard", intercept=-4.0, slope=4.0), leader_influence=2.0),
    "hazard by probit": Parameters(
        12,
        StageParameters(
            "hazard",
            link="probit",
            intercept=-2.5,
            slope=0.8,
            exposure="weight",
            attributes=(("zeal", 1.0), ("receptivity", 0.3), ("influence", -0.2)),
        ),
        **UNLIKE,
    ),
    "hazard by identity": Parameters(
        12, StageParameters("hazard", link="identity", intercept=0.01, slope=0.1, exposure="number", abandonment=0.05)
    ),
    "contagion at meetings": Parameters(
        12,
        StageParameters("contagion", transmission=0.15),
        interventions=(
            Meeting(
                name="days", attendance={"manager": 0.6, "firm": 0.3}, strength=0.5, from_step=2, until_step=8, every=3
            ),
        ),
    ),
    "cascade at meetings, with a broadcast": Parameters(
        12,
        StageParameters("cascade", transmission=0.5),
        awareness=CONTAGION,
        interventions=(
            Broadcasting(name="press", probability=0.2, roles=("academic",), from_step=3, until_step=4),
            Meeting(name="day", attendance=0.4, from_step=5),
        ),
    ),
    "threshold with turnover": Parameters(
        12,
        StageParameters("threshold", threshold=Distribution("uniform", (0.0, 0.8))),
        interventions=(Turnover(name="posts", rate=0.05), WordOfMouth(name="talk", factor=2.0, until_step=3)),
        leader_leaving=0.1,
    ),
}


def as_stored(times: Times) -> dict[str, list[int]]:
    return {"aware_at": times.aware_at, "adopted_at": times.adopted_at, "abandoned_at": times.abandoned_at}


def stored() -> dict[str, Any]:
    content: dict[str, Any] = {"model_version": 0, "runs": {}}
    return json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.exists() else content


def write(runs: dict[str, Any]) -> None:
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(run)}" for name, run in runs.items())
    GOLDEN.write_text(f'{{\n  "model_version": {MODEL_VERSION},\n  "runs": {{\n{lines}\n  }}\n}}\n', encoding="utf-8")


@pytest.fixture(scope="module")
def played() -> dict[str, Any]:
    return {name: as_stored(by_ensemble(REGION, said, LEADERS, seed=2016, replicate=70)) for name, said in RUNS.items()}


@pytest.fixture(scope="module")
def golden(pytestconfig: pytest.Config, played: dict[str, Any]) -> dict[str, Any]:
    """What is stored, written anew where that is asked for."""
    if pytestconfig.getoption("--update-golden"):
        before = stored()
        changed = [name for name, run in before["runs"].items() if played.get(name) != run]
        if changed and before["model_version"] >= MODEL_VERSION:
            pytest.fail(f"raise MODEL_VERSION before golden runs change: {', '.join(changed)}", pytrace=False)
        write(played)
    return stored()


def test_golden_runs_change_only_with_the_version_of_the_model(golden: dict[str, Any], played: dict[str, Any]) -> None:
    assert golden["model_version"] == MODEL_VERSION
    assert golden["runs"] == played


@pytest.mark.parametrize("name", RUNS)
def test_the_readable_model_plays_the_golden_runs(golden: dict[str, Any], name: str) -> None:
    assert as_stored(by_mesa(REGION, RUNS[name], LEADERS, seed=2016, replicate=70)) == golden["runs"][name]


@pytest.mark.parametrize("name", RUNS)
def test_something_happens_in_a_golden_run(golden: dict[str, Any], name: str) -> None:
    times = golden["runs"][name]
    assert sum(time > 1 for time in times["adopted_at"]) >= 3
    assert min(times["adopted_at"]) == -1 or max(times["adopted_at"]) > 3
