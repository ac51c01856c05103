"""Agents who join and who leave: whom they reach, what they take along, and who counts."""

from __future__ import annotations

import numpy as np
import pytest
from engines import block_of, leaders_in
from played import ALARM, STILL, adopted, changes_of, lanes_with, played, problems_of, said, shortly
from scipy import stats

from diffusion.draws import LANES
from diffusion.model.interventions.agent_alteration import AgentAddition, AgentRemoval, Arrival
from diffusion.model.interventions.changes import Presence
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.parameters import StageParameters
from diffusion.network.network import Network

PATH = Network.from_tables(
    name="path",
    ids="abcdef",
    roles=["manager", "manager", "academic", "academic", "firm", "firm"],
    columns={"organisation": ["x", "x", "x", "y", "y", ""]},
    source="abcde",
    target="bcdef",
)
STAR = Network.from_tables(name="star", ids="abcdef", source="ccccc", target="abdef")
LAYERED = Network.from_tables(name="layered", ids="abc", source="ab", target="bc", layer=["p", "q"])


def join(*agents: Arrival, **keys: object) -> AgentAddition:
    return AgentAddition(name="j", agents=agents, **keys)  # type: ignore[arg-type]


def leave(**keys: object) -> AgentRemoval:
    return AgentRemoval(name="l", **keys)  # type: ignore[arg-type]


BRIDGE = Arrival("new", "broker", ties_to=("f",), ties_from=("a",))


def test_who_joins_passes_on_what_it_learns_and_is_not_counted() -> None:
    assert adopted(PATH, join(BRIDGE), "a") == [0, 1, 2, 3, 4, 2]
    assert adopted(PATH, join(BRIDGE, from_step=2), "a") == [0, 1, 2, 3, 4, 3]


def test_who_joins_for_a_while_reaches_nobody_later() -> None:
    assert adopted(PATH, join(BRIDGE, from_step=1, until_step=2), "a") == [0, 1, 2, 3, 4, 2]
    assert adopted(PATH, join(BRIDGE, from_step=1, until_step=1), "a") == [0, 1, 2, 3, 4, 5]


def test_who_joins_can_have_ties_to_others_who_join_and_columns() -> None:
    first = Arrival("n1", "broker", (("organisation", "y"),), ties_from=("a",), ties_to=("n2",))
    second = Arrival("n2", "broker", ties_to=("f",))
    assert adopted(PATH, join(first, second), "a") == [0, 1, 2, 3, 4, 3]


def test_who_joins_the_leaders_has_ties_with_all_of_them() -> None:
    mentor = Arrival("new", "mentor", ties_to=("f",))
    assert adopted(PATH, join(mentor), "a") == [0, 1, 2, 3, 4, 5]
    assert adopted(PATH, join(mentor, with_leaders=True), "a") == [0, 1, 2, 3, 4, 2]
    assert join(mentor, with_leaders=True).varies
    assert not join(mentor).varies
    words = np.array([1, 2, 4, 8, 0, 0], dtype=np.uint64)
    times = block_of(PATH, said(join(mentor, with_leaders=True)), words, seed=3).adopted_at
    for lane in range(5):
        leaders = leaders_in(PATH, words, lane)
        expected = played(PATH, said(join(mentor, with_leaders=True)), leaders, replicate=lane).adopted_at
        assert times[:, lane].tolist() == expected


def test_whoever_joins_changes_nobody_elses_luck() -> None:
    stranger = join(Arrival("new", "stranger"))
    words = np.array([~np.uint64(0), 0, 0, 0, 0, 0], dtype=np.uint64)
    chancy = StageParameters("contagion", transmission=0.5, external=0.02)
    with_, without = (block_of(PATH, said(*done, adoption=chancy), words).adopted_at for done in ([stranger], []))
    assert np.array_equal(with_, without)


def test_who_leaves_takes_its_ties_along_and_abandons() -> None:
    times = played(PATH, said(leave(agents=("c",), from_step=3)), "a")
    assert (times.adopted_at, times.abandoned_at) == ([0, 1, 2, -1, -1, -1], [-1, -1, 3, -1, -1, -1])
    times = played(PATH, said(leave(agents=("d",), from_step=1)), "a")
    assert times.adopted_at == [0, 1, 2, -1, -1, -1]


@pytest.mark.parametrize(
    ("network", "keys", "gone"),
    [
        (STAR, {"count": 1, "choose": "degree"}, "c"),
        (STAR, {"count": 2, "choose": "out_degree"}, "ac"),
        (STAR, {"count": 2, "choose": "in_degree"}, "ab"),
        (PATH, {"count": 2, "choose": "betweenness"}, "cd"),
        (PATH, {"count": 1, "choose": "betweenness", "roles": ("firm", "manager")}, "b"),
        (PATH, {"count": 2, "roles": ("firm",)}, "ef"),
        (PATH, {"agents": ("f", "a")}, "af"),
    ],
    ids=shortly,
)
def test_those_chosen_leave(network: Network, keys: dict[str, object], gone: str) -> None:
    times = played(network, said(leave(**keys, from_step=1), adoption=STILL), network.ids)
    assert times.abandoned_at == [1 if agent in gone else -1 for agent in network.ids]


def test_everybody_is_drawn_equally_often_and_as_many_as_stated() -> None:
    gone = np.zeros(6, dtype=np.int64)
    for block in range(40):
        [change] = changes_of(PATH, leave(count=2), block=block)
        assert isinstance(change, Presence)
        gone[change.agents] += lanes_with(change.lanes)
    assert gone.sum() == 40 * LANES * 2
    assert stats.chisquare(gone).pvalue > ALARM


def test_a_role_from_which_some_are_drawn_loses_nobody_else() -> None:
    [change] = changes_of(PATH, leave(count=1, roles=("academic",)))
    assert isinstance(change, Presence)
    assert change.agents.tolist() == [2, 3]
    assert int(np.bitwise_xor(*change.lanes)) == 2**64 - 1


def test_only_who_is_drawn_varies() -> None:
    assert leave(count=1).varies
    assert not leave(agents=("a",)).varies
    assert not leave(count=1, choose="degree").varies


@pytest.mark.parametrize(
    ("network", "intervention", "line"),
    [
        (PATH, join(), "j.agents: names nobody; state at least one agent with an id and a role"),
        (
            PATH,
            join(Arrival("a", "broker")),
            'j.agents: "a" is an agent of "path" already, or is added twice; give every new agent an id of its own',
        ),
        (
            PATH,
            join(Arrival("new", "broker", (("organization", "x"),))),
            'j.agents: the agents of "path" have no column "organization"; did you mean "organisation"?',
        ),
        (PATH, join(Arrival("new", "broker", ties_to=("q",))), 'j.agents.ties_to: "q" is no agent of "path"'),
        (
            PATH,
            join(Arrival("new", "broker", ties_from=("A",))),
            'j.agents.ties_from: "A" is no agent of "path"; did y',
        ),
        (
            PATH,
            join(Arrival("new", "broker", ties_to=("new",))),
            'j.agents.ties_to: "new" is to have a tie with itself',
        ),
        (PATH, join(BRIDGE, strength=0.0), "j.strength: must be a number above 0, up to 1; got 0"),
        (PATH, join(BRIDGE, layer="tied"), 'j.layer: no tie of "path" is in the layer "tied"; did you mean "tie"?'),
        (LAYERED, join(Arrival("new", "x", ties_to=("a",))), 'j.layer: state the layer of the new ties; "layered" has'),
        (PATH, join(BRIDGE, from_step=8), "j.from: must be a step between 1 and 6, the last of the study; got 8"),
        (PATH, leave(), "l.agents: state one of agents and count; got neither"),
        (PATH, leave(agents=("a",), count=1), "l.count: state one of agents and count; got agents and count"),
        (PATH, leave(agents=()), "l.agents: names nobody; name an agent, or state count"),
        (PATH, leave(agents=("a", "a")), 'l.agents: "a" is named twice; name every agent once'),
        (PATH, leave(agents=("q",)), 'l.agents: "q" is no agent of "path"'),
        (PATH, leave(count=7), 'l.count: must be at most 6, the number of agents in "path"; got 7'),
        (PATH, leave(count=3, roles=("firm",)), "l.count: must be at most 2, the number of agents of these roles in"),
        (PATH, leave(count=0), "l.count: must be a whole number of at least 1; got 0"),
        (
            PATH,
            leave(count=1, roles=("firms",)),
            'l.roles: no agent of "path" has the role "firms"; did you mean "firm"?',
        ),
        (
            PATH,
            leave(count=1, choose="degrees"),
            "l.choose: must be one of random, degree, out_degree, in_degree, betw",
        ),
    ],
    ids=shortly,
)
def test_what_does_not_fit_is_said_in_one_line(network: Network, intervention: Intervention, line: str) -> None:
    [problem] = problems_of(network, intervention)
    assert problem.startswith(f"interventions.{line}")
