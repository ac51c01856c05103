"""Studies with interventions and prices: planned, played, told, kept and replayed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

import numpy as np
import pytest
from experiment_cases import SCENARIO, played, rows

from diffusion.errors import InputError
from diffusion.experiment.costs import units_of_runs
from diffusion.experiment.database import Database
from diffusion.experiment.plan import plan
from diffusion.experiment.replay import find_arm, replayed
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store
from diffusion.model.interventions import registry
from diffusion.model.interventions.changes import AddedTies, Change, Presence, RemovedTies
from diffusion.model.interventions.counting import Counting
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.runs import EVERY_LANE, Runs
from diffusion.network.network import Network
from diffusion.scenario import load_scenario

MORE = """
interventions.roadshow.probability = 0.3

[[arms]]
name = "plain"
leaders.agents = ["p00", "p06"]
interventions.roadshow = false

[[arms]]
name = "unsure"
leaders.agents = ["p00", "p06"]
leaders.recruitment = 0.5
leaders.leaving = 0.2
interventions.roadshow = false

[interventions.roadshow]
kind = "broadcast"
probability = 0.1
from = 2
until = 4

[costs]
leader = 10
broadcast_step = 1
budget = 22
"""


@dataclass(frozen=True, kw_only=True)
class Sending(Intervention):
    """Send people away, perhaps before the start."""

    kind: ClassVar[str] = "sending"
    strategy: ClassVar[str] = "alteration"
    says: ClassVar[str] = "Sends people away."
    source: ClassVar[str] = "none"

    agents: tuple[str, ...] = field(metadata=stated("who"))
    from_step: int = field(default=1, metadata=stated("when", "step", "1 to steps"))

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:  # noqa: ARG002 - anything fits
        return iter(())

    def changes(self, runs: Runs) -> Iterable[Change]:
        rows = np.array([runs.network.index[agent] for agent in self.agents])
        yield Presence(rows, np.full(len(rows), EVERY_LANE), self.from_step, arrives=False)


@pytest.fixture
def study(make_study):
    return make_study(more=MORE)


@pytest.fixture
def result(study, make_store):
    return study_result(study, played(study, make_store()))


def test_the_arm_without_leaders_has_the_broadcast_that_starts_it(study):
    names = [arm.name for arm in study.arms]
    assert names == ["random", "hubs", "plain", "unsure", "no leaders"]
    [roadshow] = study.arms[-1].setting.parameters.interventions
    assert roadshow == study.arms[0].setting.parameters.interventions[0]
    assert study.arms[1].setting.parameters.interventions[0].probability == 0.3


def test_no_arm_without_leaders_is_added_where_nothing_starts_without_them(make_study):
    quiet = MORE.replace("probability = 0.1", "probability = 0").replace("probability = 0.3", "until = 3")
    assert "no leaders" not in [arm.name for arm in make_study(more=quiet).arms]


def test_the_answer_says_in_which_interventions_arms_differ_from_the_baseline(result):
    told = [text for text in result.groups[0].sentences("spread") if "differ" in text]
    assert told == [
        'The arm "hubs" differs from leaders at random by changing "roadshow" (broadcast) and in who leads.',
        'The arm "plain" differs from leaders at random by leaving out "roadshow" (broadcast) and in who leads.',
        (
            'The arm "unsure" differs from leaders at random by leaving out "roadshow" (broadcast), in how likely '
            "leaders agree, in how likely leaders leave and in who leads."
        ),
    ]


def test_the_json_says_what_is_done_and_what_it_costs(result):
    told = json.loads(json.dumps(result.as_json(), allow_nan=False))
    done = {arm["arm"]: arm.get("interventions") for arm in told["arms"]}
    assert done["plain"] is None
    assert done["hubs"] == [{"name": "roadshow", "kind": "broadcast", "probability": 0.3, "from": 2, "until": 4}]
    unsure = next(arm for arm in told["arms"] if arm["arm"] == "unsure")
    assert (unsure["leader_recruitment"], unsure["leader_leaving"]) == (0.5, 0.2)
    costs = {row["arm"]: row for row in told["costs"]["arms"]}
    assert told["costs"]["prices"] == {"broadcast_step": 1, "leader": 10}
    assert {arm: row["cost"] for arm, row in costs.items() if arm != "unsure"} == {
        "random": 23,
        "hubs": 23,
        "plain": 20,
        "no leaders": 3,
    }
    assert [arm for arm, row in costs.items() if not row["within_budget"]] == ["hubs", "random"]


def test_who_declines_costs_nothing_and_is_counted_run_by_run(study, result):
    arm = next(one for one in study.arms if one.name == "unsure")
    agreed = units_of_runs(arm, seed=study.scenario.seed, replicates=100)["leader"]
    assert set(np.unique(agreed)) <= {0, 1, 2}
    row = next(one for one in result.groups[0].costs.arms if one.arm == "unsure")
    assert row.cost == pytest.approx(10 * agreed.mean())
    assert (row.least, row.most) == (0, 20)
    assert 0.7 < agreed.mean() < 1.3  # two are asked, and each agrees in half of the runs


def test_what_has_no_price_is_named(make_study, make_store):
    study = make_study(more=MORE.replace("broadcast_step = 1\n", ""))
    told = study_result(study, played(study, make_store())).groups[0]
    assert told.costs.sentences(told.setting)[-1] == "Without a price, and so counted as free: broadcast_step."


def test_a_stored_study_is_the_same_again_and_its_runs_are_replayed(study, make_store):
    store = played(study, make_store())
    again = store.study(store.find("who"))
    assert again.digest == study.digest
    assert [arm.setting for arm in again.arms] == [arm.setting for arm in study.arms]
    for name in ("hubs", "unsure"):
        found = replayed(again, store, find_arm(again, network=None, arm=name, cell=None), 3)
        assert found.differences == ()


def test_both_engines_play_an_intervened_study_alike(make_study, tmp_path):
    study = make_study(more=MORE, replicates=8)
    stores = [Store(Database(str(tmp_path / f"{engine}.db"), create=True)) for engine in ("ensemble", "mesa")]
    for store, engine in zip(stores, ("ensemble", "mesa"), strict=True):
        played(study, store, engine=engine)
    assert rows(stores[0]) == rows(stores[1])


def test_nulls_and_credit_say_what_they_cannot_tell(make_study):
    asked = "[nulls]\nmatched = true\nstructure = { rewirings = 200 }\n[credit]\nshapley = true\n"
    study = make_study(more=MORE + asked)
    left = {(found.arm, found.asked) for group in study.groups for found in group.unanswered}
    assert {arm for arm, what in left if what == "place among rewired networks"} == {"random", "hubs"}
    parts = [extra.name for extra in study.extras if "without" in extra.name]
    assert "plain without p00" in parts
    assert all(extra.setting.parameters.leader_recruitment == 0.5 for extra in study.extras if extra.of == "unsure"
               and extra.choice.count)  # fmt: skip


def test_what_does_not_fit_the_network_is_told_with_its_place(scenario_file):
    path = scenario_file(
        more=MORE.replace("from = 2", 'from = 9\nroles = ["mangr"]').replace(
            "= 0.3", "= 0.3\ninterventions.roadshow.until = 9"
        )
    )
    with pytest.raises(InputError) as caught:
        plan(load_scenario(path))
    found = [problem.removeprefix(f"{path}:") for problem in caught.value.problems]
    assert found == [
        "42: interventions.roadshow.from: must be a step between 1 and 6, the last of the study; got 9",
        '43: interventions.roadshow.roles: no agent of "town" has the role "mangr"; did you mean "manager"?',
    ]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ('agents = ["p06", "p01"]',
         ('interventions.trip.agents: takes "p06" out before the start, but the arm has this agent as leader; name '
         "other agents, or begin later (from = 2)")),
        ('agents = ["p06", "p00"]', 'takes "p00" and "p06" out before the start, but the arm has them as leaders; '),
        ('agents = ["p06"]\nfrom = 2', ""),
        ('agents = ["p01"]', ""),
    ],
)  # fmt: skip
def test_a_leader_cannot_be_taken_out_before_the_start(scenario_file, monkeypatch, said, line):
    known = MappingProxyType({**registry.INTERVENTIONS, "sending": Sending})
    monkeypatch.setattr(registry, "INTERVENTIONS", known)
    more = '[[arms]]\nname = "named"\nleaders.agents = ["p00", "p06"]\n'
    path = scenario_file(more=f'{more}[arms.interventions.trip]\nkind = "sending"\n{said}\n')
    if not line:
        plan(load_scenario(path))
        return
    with pytest.raises(InputError, match="before the start") as caught:
        plan(load_scenario(path))
    [found] = caught.value.problems
    assert line in found
    assert found.startswith(f"{path}:28: arms.named.interventions.trip")


def test_what_costs_something_is_counted_in_the_changes_themselves():
    network = Network.from_tables(
        name="square", ids=list("abcd"), source=["a", "b", "c"], target=["b", "a", "d"]
    )  # fmt: skip
    some = np.uint64(0b0110)
    runs = Runs(network, 4, np.zeros(4, np.uint64), np.zeros(4, np.uint64), 6, staged=False, seed=1, world=0, block=0)
    counting = Counting(runs)
    ends = np.array([0, 1, 2], np.int32), np.array([1, 0, 3], np.int32)
    lanes = np.array([EVERY_LANE, some, EVERY_LANE], np.uint64)
    counting.add(AddedTies(*ends, "x", np.ones(3), lanes, 1, 6))
    counting.add(AddedTies(*ends, "event", np.ones(3), np.full(3, some), 2, 2, dated=True))
    counting.add(RemovedTies(np.array([0, 1, 2]), lanes, 3, 6))
    found = {unit: counts[:4].tolist() for unit, counts in counting.units().items()}
    assert found == {
        "tie_added": [2, 2, 2, 2],  # a-b once, whether in one direction or both, and c-d
        "tie_removed": [2, 2, 2, 2],
        "session": [0, 1, 1, 0],
        "attendance": [0, 4, 4, 0],
    }


def test_a_solved_number_is_the_same_with_and_without_interventions(make_study):
    study = make_study(more=MORE, replicates=8, text=SCENARIO.replace("transmission = 0.2", "reach = 0.5"))
    assert len({arm.setting.parameters.adoption.transmission for arm in study.arms}) == 1
    assert len(study.scenario.solved) == 1
    assert study.arms[0].setting.parameters.interventions != study.arms[2].setting.parameters.interventions
