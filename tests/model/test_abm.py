"""The readable model: who its agents are, how it is stepped, looked into and subclassed."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

import mesa
import numpy as np
import pytest
from engines import Times, by_ensemble, by_mesa, leaders_in
from graphs import network_of, node, path
from random_cases import RandomCase

from diffusion.errors import InputError
from diffusion.model.abm import DiffusionModel, StageEntry
from diffusion.model.agents import Academic, Agent, Firm, Manager, Stage
from diffusion.model.inputs import ModelInput
from diffusion.model.parameters import Distribution, Parameters, StageParameters
from diffusion.model.replicates import Replicates
from diffusion.network.network import Network

CERTAIN = StageParameters("contagion", transmission=1.0)
TEAM = Network.from_tables(
    name="team",
    ids=["ann", "bob", "cat", "dan"],
    roles=["manager", "academic", "firm", "nurse"],
    source=["ann", "ann", "ann", "bob", "cat"],
    target=["bob", "cat", "dan", "cat", "dan"],
)


# Who the agents are.


def test_managers_academics_and_firms_have_classes_and_other_roles_are_plain_agents() -> None:
    model = DiffusionModel(TEAM, Parameters(3, CERTAIN))
    assert [type(agent) for agent in model.members] == [Manager, Academic, Firm, Agent]
    assert [agent.role for agent in model.members] == ["manager", "academic", "firm", "nurse"]
    assert [agent.id for agent in model.members] == ["ann", "bob", "cat", "dan"]


def test_members_are_mesas_agents_in_the_order_of_ids() -> None:
    model = DiffusionModel(TEAM, Parameters(3, CERTAIN))
    assert list(model.agents) == model.members
    assert isinstance(model, mesa.Model)
    assert all(isinstance(agent, mesa.Agent) for agent in model.members)


class Sceptic(Agent):
    """An agent that no tie and no policy moves to adopt."""

    def enters(self, entry: StageEntry) -> bool:
        return entry.stage is Stage.AWARE and super().enters(entry)


class ModelWithSceptics(DiffusionModel):
    agent_classes: Mapping[str, type[Agent]] = MappingProxyType({**DiffusionModel.agent_classes, "academic": Sceptic})


def test_a_thesis_can_bring_agents_that_decide_in_their_own_way() -> None:
    network = Network.from_tables(
        name="path", ids="abc", roles=["manager", "academic", "firm"], source="ab", target="bc"
    )
    model = ModelWithSceptics(network, Parameters(5, CERTAIN, awareness=CERTAIN), leaders=["a"])
    model.run()
    assert [type(agent) for agent in model.members] == [Manager, Sceptic, Firm]
    assert model.aware_at.tolist() == [0, 1, 2]
    assert model.adopted_at.tolist() == [0, -1, -1]


def test_an_agent_knows_the_ties_over_which_knowledge_reaches_it() -> None:
    model = DiffusionModel(TEAM, Parameters(1, CERTAIN, layers={"tie": 0.5}, between_roles={("manager", "nurse"): 3.0}))
    ann, bob, cat, dan = model.members
    assert ann.incoming == []
    assert [tie.source for tie in cat.incoming] == [ann, bob]
    assert [(tie.source, tie.layer_weight, tie.strength, tie.multiplier) for tie in dan.incoming] == [
        (ann, 0.5, 1.0, 3.0),
        (cat, 0.5, 1.0, 1.0),
    ]


# Leaders.


def test_a_leader_has_adopted_at_step_zero_and_the_others_are_aware() -> None:
    model = DiffusionModel(TEAM, Parameters(3, CERTAIN), leaders=["bob"])
    assert [agent.stage for agent in model.members] == [Stage.AWARE, Stage.ADOPTED, Stage.AWARE, Stage.AWARE]
    assert [agent.leads for agent in model.members] == [False, True, False, False]
    assert model.aware_at.tolist() == [0, 0, 0, 0]
    assert model.adopted_at.tolist() == [-1, 0, -1, -1]


def test_with_an_awareness_stage_only_leaders_are_aware_at_step_zero() -> None:
    model = DiffusionModel(TEAM, Parameters(3, CERTAIN, awareness=CERTAIN), leaders=["bob"])
    assert model.aware_at.tolist() == [-1, 0, -1, -1]


@pytest.mark.parametrize("influence", [0.5, Distribution("uniform", (0.5, 0.5 + 1e-9))])
def test_a_leaders_influence_is_multiplied_once_however_often_it_is_named(influence: float | Distribution) -> None:
    said = Parameters(3, CERTAIN, influence=influence, leader_influence=3.0)
    model = DiffusionModel(TEAM, said, leaders=["bob", "bob", " bob"])
    assert [agent.influence for agent in model.members] == pytest.approx([0.5, 1.5, 0.5, 0.5])


def test_a_leader_who_is_no_agent_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match=r'^leader "anne" is no agent of team; did you mean "ann"\?$'):
        DiffusionModel(TEAM, Parameters(3, CERTAIN), leaders=["anne"])


# Stepping.


def test_a_step_moves_everybody_together() -> None:
    model = DiffusionModel(path(4), Parameters(9, CERTAIN), leaders=[node(0)])
    for tick in range(1, 4):
        model.step()
        assert model.tick == tick
        assert [agent.uses for agent in model.members] == [place <= tick for place in range(4)]


def test_a_run_makes_the_steps_that_are_left_and_no_more() -> None:
    model = DiffusionModel(path(4), Parameters(5, CERTAIN))
    model.step()
    model.run()
    assert model.tick == 5
    model.run()
    assert model.tick == 5


def test_mesas_own_way_to_run_a_model_stops_after_the_last_step_too() -> None:
    model = DiffusionModel(path(4), Parameters(5, CERTAIN))
    model.run_model()
    assert model.tick == 5


def test_an_agent_becomes_aware_then_adopts_then_abandons_one_move_a_step() -> None:
    said = Parameters(6, StageParameters("contagion", transmission=1.0, abandonment=1.0), awareness=CERTAIN)
    model = DiffusionModel(network_of(2, [(0, 1)]), said, leaders=[node(0)])
    stages = []
    for _ in range(3):
        model.step()
        stages.append([agent.stage for agent in model.members])
    assert stages == [[Stage.ABANDONED, Stage.AWARE]] * 3


def test_a_tie_whose_source_abandons_before_the_target_is_aware_is_never_tried() -> None:
    certain = StageParameters("cascade", transmission=1.0)
    said = Parameters(6, StageParameters("cascade", transmission=1.0, abandonment=1.0), awareness=certain)
    for engine in (by_ensemble, by_mesa):
        times = engine(network_of(2, [(0, 1)]), said, [node(0)])
        assert times == Times([0, 1], [0, -1], [1, -1], 0)


def test_whoever_abandoned_is_active_in_neither_stage() -> None:
    said = Parameters(6, StageParameters("contagion", transmission=0.0, abandonment=1.0), awareness=CERTAIN)
    for engine in (by_ensemble, by_mesa):
        times = engine(path(3), said, [node(0)])
        assert times.aware_at == [0, 1, 2], "who is aware goes on to tell, who abandoned does not"
        assert times.abandoned_at == [1, -1, -1]
    said = Parameters(6, StageParameters("contagion", transmission=1.0, abandonment=1.0, external=0.0))
    for engine in (by_ensemble, by_mesa):
        times = engine(path(3), said, [node(0)])
        assert times.abandoned_at == [1, 2, 3]


@pytest.mark.parametrize("number", range(0, 200, 5))
def test_an_agents_moves_follow_one_another(number: int) -> None:
    case = RandomCase(number)
    chosen = leaders_in(case.network, case.words, 0)
    times = by_mesa(case.network, case.parameters, chosen, seed=number)
    for agent, aware, adopted, abandoned in zip(
        case.network.ids, times.aware_at, times.adopted_at, times.abandoned_at, strict=True
    ):
        moves = [aware, adopted, abandoned]
        made = [time for time in moves if time >= 0]
        assert moves == made + [-1] * (3 - len(made)), "no stage is left out"
        if agent in chosen:
            assert made[:2] == [0, 0]
            made = made[1:]
        assert all(earlier < later for earlier, later in pairwise(made))
        assert all(time <= case.parameters.steps for time in made)


# Looking into it.


def test_the_data_collector_has_a_row_a_tick_with_the_size_of_every_stage() -> None:
    said = Parameters(3, StageParameters("contagion", transmission=1.0, abandonment=1.0), awareness=CERTAIN)
    model = DiffusionModel(path(3), said, leaders=[node(0)])
    model.run()
    rows = model.datacollector.get_model_vars_dataframe()
    assert rows.to_dict("list") == {
        "tick": [0, 1, 2, 3],
        "unaware": [2, 1, 0, 0],
        "aware": [0, 1, 2, 2],
        "adopted": [1, 0, 0, 0],
        "abandoned": [0, 1, 1, 1],
    }


def test_the_model_never_touches_mesas_generators() -> None:
    case = RandomCase(7)
    model = DiffusionModel(case.network, case.parameters, case.network.ids[:2])
    before = model.random.getstate(), model.rng.bit_generator.state
    model.run()
    assert (model.random.getstate(), model.rng.bit_generator.state) == before


def test_the_models_own_attributes_are_not_called_like_mesas() -> None:
    """Names that Mesa 3 or 4 gives a meaning to; ``running`` is set, but is Mesa's."""
    mesas = {"scenario", "time", "steps", "agents", "running", "rng", "random", "space"}
    model = DiffusionModel(TEAM, Parameters(3, CERTAIN))
    own = {*vars(model), *vars(DiffusionModel), *vars(model.members[0]), *vars(Agent)} - set(vars(mesa.Model()))
    assert own & mesas == set()


def test_times_are_small_integers() -> None:
    model = DiffusionModel(TEAM, Parameters(3, CERTAIN))
    assert {model.aware_at.dtype, model.adopted_at.dtype, model.abandoned_at.dtype} == {np.dtype(np.int16)}


def test_a_model_that_was_forgotten_leaves_no_trace_in_memory():
    path = Network.from_tables(name="path", ids="abc", source="ab", target="bc")
    said = Parameters(steps=2, adoption=StageParameters("contagion", transmission=0.5))
    words = np.array([2**64 - 1, 0, 0], dtype=np.uint64)
    arm = Replicates(ModelInput.of(path, said, seed=1), lambda _: words)
    arm.block(0, lanes=5)
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, DiffusionModel) and one.network is path]
