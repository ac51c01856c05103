"""Studies of interventions with uncertain numbers: planned, played by both engines, replayed, exported and paid for."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from engines import block_of, by_hand, by_mesa, everywhere, lane_of
from experiment_cases import MakeStore, MakeStudy, played, rows, town
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.experiment.costs import units_of_runs
from diffusion.experiment.database import Database
from diffusion.experiment.export import export_worlds
from diffusion.experiment.plan import Study, plan
from diffusion.experiment.replay import find_arm, replayed
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store
from diffusion.experiment.worlds import in_first_world
from diffusion.model.interventions.registry import INTERVENTIONS
from diffusion.scenario import load_scenario, read_scenario

TEXT = """
networks = ["./town"]
steps = {steps}
replicates = {replicates}
worlds = 6
seed = 5

[adoption]
rule = "contagion"
transmission = 0.1

[leaders]
count = 2
position = "out_degree"

[interventions.show]
kind = "broadcast"
probability = {{ uniform = [0.0, 0.2] }}
from = {{ uniform = [1, 3] }}
until = {{ choice = [3, 6] }}

[[arms]]
name = "show"

[[arms]]
name = "plain"
interventions.show = false
{more}
"""


@pytest.fixture
def study(make_study: MakeStudy) -> Study:
    return make_study(text=TEXT, replicates=70)


@pytest.fixture
def stored(study: Study, make_store: MakeStore) -> Store:
    return played(study, make_store())


@pytest.mark.parametrize("world", [0, 5])
def test_a_run_of_any_world_is_replayed_in_mesa(study: Study, stored: Store, world: int) -> None:
    run = replayed(study, stored, find_arm(study, network=None, arm="show", cell=None, world=world), 65)
    assert run.differences == ()


def test_mesa_stores_the_runs_that_the_ensemble_stores(
    make_study: MakeStudy, tmp_path: Path, make_file_store: MakeStore
) -> None:
    small = make_study(text=TEXT, replicates=3)
    one = played(small, make_file_store(), engine="ensemble", workers=2)
    other = played(small, Store(Database(tmp_path / "other.db", create=True)), engine="mesa")
    assert rows(one) == rows(other)


def test_what_was_drawn_is_exported_and_is_what_is_played(
    study: Study, make_file_store: MakeStore, tmp_path: Path
) -> None:
    store = make_file_store()
    store.save(study, {})
    export_worlds(study, store, tmp_path / "worlds.csv")
    with (tmp_path / "worlds.csv").open() as text:
        told = list(csv.DictReader(text))
    assert {row["arm"] for row in told} == {"show", "no leaders"}
    found = {(int(row["world"]), row["number"].rpartition(".")[2]): float(row["value"]) for row in told}
    for world in range(6):
        [said] = study.arms[0].in_world(world, seed=5).setting.parameters.interventions
        values = {"probability": said.probability, "from": said.from_step, "until": said.until_step}  # type: ignore[attr-defined]
        assert values == {key: found[world, key] for key in values}


def test_the_first_world_is_shown_with_its_own_numbers(study: Study) -> None:
    [shown] = in_first_world(study).arms[0].setting.parameters.interventions
    assert (shown,) == study.arms[0].in_world(0, seed=5).setting.parameters.interventions
    assert isinstance(shown.probability, float)  # type: ignore[attr-defined]


def test_a_stored_study_tells_what_is_uncertain_of_what_is_done(study: Study, stored: Store) -> None:
    again = stored.study(stored.find(study.name))
    told = json.loads(json.dumps(study_result(again, stored).as_json(), allow_nan=False))
    assert told["uncertain"] == [f"interventions.show.{key}" for key in ("from", "probability", "until")]
    [done] = next(arm for arm in told["arms"] if arm["arm"] == "show")["interventions"]
    assert done == {
        "name": "show",
        "kind": "broadcast",
        "probability": {"uniform": [0.0, 0.2]},
        "from": {"uniform": [1.0, 3.0]},
        "until": {"choice": [3.0, 6.0]},
    }


def test_costs_are_of_all_worlds_and_their_intervals_count_worlds(make_study: MakeStudy, make_store: MakeStore) -> None:
    priced = make_study(text=TEXT, replicates=70, more="[costs]\nbroadcast_step = 3\nleader = 1")
    result = study_result(priced, played(priced, make_store()))
    [found] = [arm for arm in result.groups[0].costs.arms if arm.arm == "show"]
    steps = [
        units_of_runs(priced.arms[0].in_world(world, seed=5), seed=5, replicates=1)["broadcast_step"][0]
        for world in range(6)
    ]
    assert len(set(steps)) > 1
    assert found.cost == pytest.approx(2 + 3 * np.mean(steps))
    assert (found.least, found.most) == (2 + 3 * min(steps), 2 + 3 * max(steps))
    [spread] = [one for one in result.groups[0].summaries if one.arm == "show"]
    told = spread.outcomes["spread"]
    assert (found.mean, found.low, found.high) == pytest.approx((told.mean, told.low, told.high))


def test_dates_that_cross_in_a_world_are_refused_with_the_first_such_world(
    scenario_file: Callable[..., Path],
) -> None:
    text = TEXT.replace("uniform = [1, 3]", "uniform = [1, 6]").replace("choice = [3, 6]", "uniform = [1, 6]")
    text = text.replace("worlds = 6", "worlds = 40")
    with pytest.raises(InputError) as caught:
        plan(load_scenario(scenario_file(text=text)))
    [line] = caught.value.problems
    scenario = load_scenario(scenario_file(text=text))
    uncertainty = scenario.settings(scenario.cells()[0])[0].uncertainty
    worlds = [uncertainty.in_world(5, world) for world in range(40)]
    begins, ends = ([world[f"interventions.show.{key}"] for world in worlds] for key in ("from", "until"))
    first = next(world for world in range(40) if begins[world] > ends[world])
    assert "who.toml:20: interventions.show.until: must be a step between" in line
    assert f"(in world {first}, where interventions.show.from = {begins[first]}, interventions.show.until" in line
    assert f"interventions.show.until = {ends[first]}; narrow what is uncertain)" in line


def test_a_count_that_no_network_has_is_refused_with_its_world(scenario_file: Callable[..., Path]) -> None:
    more = '[[arms]]\nname = "cut"\ninterventions.less = {{ kind = "remove_ties", count = {{ uniform = [1, 20] }} }}'
    with pytest.raises(InputError, match=r"arms\.cut\.interventions\.less\.count: .* \(in world \d, where"):
        plan(load_scenario(scenario_file(text=TEXT.replace("{more}", more))))


def test_leaders_who_are_taken_out_before_the_start_of_a_world_are_told(scenario_file: Callable[..., Path]) -> None:
    out = '{{ kind = "remove_agents", agents = ["p01"], from = {{ choice = [1, 2, 3] }} }}'
    more = f'[[arms]]\nname = "named"\nleaders.agents = ["p01"]\ninterventions.out = {out}'
    with pytest.raises(InputError, match=r'takes "p01" out before the start.* \(in world \d'):
        plan(load_scenario(scenario_file(text=TEXT.replace("{more}", more))))


UNCERTAIN = {
    "broadcast": "probability = { uniform = [0, 0.4] }\nfrom = { uniform = [1, 3] }\nuntil = { uniform = [3, 6] }",
    "event": "attendance = { firm = { beta = [2, 2] }, manager = 0.3 }\nevery = { uniform = [1, 3] }\nuntil = 6",
    "word_of_mouth": "factor = { lognormal = [0, 1] }\nuntil = { uniform = [1, 6] }",
    "turnover": "rate = { uniform = [0, 0.5] }",
    "segmentation": 'by = "role"\ngroups = { choice = [1, 2] }\nshare = { uniform = [0, 1] }',
    "snowball": "recruits = { uniform = [1, 3] }\nwaves = { uniform = [1, 3] }\nagrees = { beta = [2, 2] }",
    "outreach": "contacts = { uniform = [1, 5] }\nstrength = { uniform = [0, 1] }",
    "matching": "strength = { normal = [0.5, 0.5] }\nfrom = { uniform = [1, 6] }",
    "add_ties": "count = { uniform = [1, 20] }\nstrength = { uniform = [0, 1] }",
    "remove_ties": "share = { uniform = [0, 1] }",
    "strengthen_ties": "count = { uniform = [1, 14] }\nfactor = { lognormal = [0, 1] }",
    "rewire_ties": "share = { uniform = [0, 1] }",
    "add_agents": 'agents = [{ id = "n", role = "firm", ties_to = ["p01"] }]\nstrength = { uniform = [0, 1] }',
    "remove_agents": "count = { uniform = [1, 4] }\nfrom = { uniform = [2, 6] }",
}


@pytest.mark.parametrize("kind", UNCERTAIN)
@settings(max_examples=12, deadline=None)
@given(world=st.integers(0, 10_000), replicate=st.integers(0, 63), seed=st.integers(0, 2**40))
def test_three_engines_agree_in_drawn_worlds(kind: str, world: int, replicate: int, seed: int) -> None:
    text = TEXT.format(steps=6, replicates=1, more="")
    head, _, rest = text.partition("[interventions.show]")
    done = f'[interventions.done]\nkind = "{kind}"\n{UNCERTAIN[kind]}\n'
    scenario = read_scenario(f"{head}{done}[[arms]]{rest.split('[[arms]]')[1]}", Path("s.toml"))
    [setting] = scenario.settings(scenario.cells()[0])
    said, place = setting.in_world(seed, world).parameters, {"seed": seed, "world": world}
    network, leaders = town(), ["p00", "p03"]
    lane = lane_of(block_of(network, said, everywhere(network, leaders), **place), replicate)
    assert lane == by_mesa(network, said, leaders, **place, replicate=replicate)
    assert lane == by_hand(network, said, leaders, **place, replicate=replicate)


def test_there_is_an_uncertain_intervention_of_every_kind() -> None:
    assert set(UNCERTAIN) == set(INTERVENTIONS)
