"""One run again, agent by agent, equal to the ensemble's and to the store's."""

from __future__ import annotations

import re

import pytest
from experiment_cases import played

from diffusion.errors import InputError
from diffusion.experiment import schema
from diffusion.experiment.replay import find_arm, replayed
from diffusion.model.ensemble import Ensemble

MORE = """
[[arms]]
name = "edge"
leaders.position = "marginal"
adoption.abandonment = 0.2

[awareness]
rule = "contagion"
transmission = 0.5

[sweep]
"adoption.transmission" = [0.1, 0.3]
"""


@pytest.fixture
def stored(make_study, make_store):
    study = make_study(more=MORE)
    return study, played(study, make_store())


@pytest.mark.parametrize("replicate", [0, 17, 64, 99])
@pytest.mark.parametrize("arm", ["random", "hubs", "edge"])
def test_every_replayed_run_equals_what_is_stored(stored, arm, replicate):
    study, store = stored
    run = replayed(study, store, find_arm(study, network=None, arm=arm, cell=1), replicate)
    assert run.differences == ()
    assert run.outcomes["adopters"] == store.run(run.arm, replicate)["adopters"]
    assert len(run.leaders) == 2
    told = run.as_json()
    assert [agent["id"] for agent in told["agents"] if agent["adopted_at"] == 0] == told["leaders"]


def test_a_run_that_was_tampered_with_is_found_out(stored):
    study, store = stored
    arm = find_arm(study, network="town", arm="hubs", cell=0)
    with store.database.writing() as connection:
        table = schema.runs
        connection.execute(table.update().where(table.c.replicate == 3).values(area_steps=table.c.area_steps + 1))
        connection.execute(table.update().where(table.c.replicate == 4).values(adopted=b"\xff\xf0"))
    [difference] = replayed(study, store, arm, 3).differences
    assert difference.startswith("area_steps: ")
    first, *_, total = replayed(study, store, arm, 4).differences
    assert re.fullmatch(
        r"p\d\d is the first agent to differ: it ends .*having adopted as stored, and .* as replayed \(.* step \d.*\)",
        first,
    )
    assert re.match(r"\d+ of 12 agents end otherwise; the store keeps how they end", total)


def test_the_first_agent_to_part_from_the_ensemble_is_told_with_its_step(stored, monkeypatch):
    study, store = stored
    arm = find_arm(study, network=None, arm="hubs", cell=0)
    block = Ensemble.block

    def late(ensemble, number):
        times = block(ensemble, number)
        times.adopted_at[times.adopted_at == 2] = 5
        return times

    monkeypatch.setattr(Ensemble, "block", late)
    runs = (replayed(study, store, arm, number) for number in range(100))
    parted = next(run for run in runs if (run.times["adopted_at"] == 2).any())
    agents = [arm.network.ids[agent] for agent in (parted.times["adopted_at"] == 2).nonzero()[0]]
    assert parted.differences[0] == (
        f"{agents[0]} is the first agent to differ, at step 2: adopted_at is step 2 in the readable model, "
        "step 5 in the ensemble"
    )
    assert f"{len(agents)} of 12 agents differ" in parted.differences


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"network": "twon", "arm": "hubs", "cell": 0}, '--network: .* town; there is no "twon"; did you mean "town"'),
        ({"network": None, "arm": "hbus", "cell": 0}, '--arm: there is no arm "hbus"; did you mean "hubs"'),
        ({"network": None, "arm": "hubs", "cell": None}, "--cell: must name one of the study's: 0, 1; it is not given"),
        ({"network": None, "arm": "hubs", "cell": 2}, '--cell: .* there is no "2"'),
    ],
)
def test_coordinates_that_do_not_exist_are_told(stored, asked, message):
    with pytest.raises(InputError, match=message):
        find_arm(stored[0], **asked)


def test_a_replicate_that_the_study_does_not_have_is_told(stored):
    study, store = stored
    arm = find_arm(study, network=None, arm="hubs", cell=0)
    with pytest.raises(InputError, match="--replicate: must be a whole number between 0 and 99; got 100"):
        replayed(study, store, arm, 100)
