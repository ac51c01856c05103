"""Three engines play every kind of intervention alike, with whatever keys, in lanes with different leaders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from engines import block_of, by_hand, by_mesa, lane_of, leaders_in
from generated import LAYERS, ROLES, leading_lanes, networks, parameters
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_cases import RandomCase

from diffusion.draws import LANES, Purpose, generator
from diffusion.model.interventions.agent_alteration import SCORES, Arrival
from diffusion.model.interventions.intervention import Intervention, Schedule
from diffusion.model.interventions.people import population
from diffusion.model.interventions.registry import INTERVENTIONS
from diffusion.model.parameters import Parameters
from diffusion.network.network import Network

Pick = Callable[..., Any]
"""Return one of some options."""

SELDOM = (None, None, None)
WHETHER = (True, False)


def made(kind: str, network: Network, steps: int, one: Pick) -> Intervention:
    """An intervention of a kind, its keys chosen among many; it need not fit."""
    keys = KEYS[kind](network, one)
    start = one(*range(1, steps + 1))
    keys["from_step"] = start
    if "until_step" in INTERVENTIONS[kind].__dataclass_fields__:
        keys["until_step"] = one(None, *range(start, steps + 1))
    return INTERVENTIONS[kind](name="i", **keys)


def named(network: Network, one: Pick) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one(*network.ids) for _ in range(2)))


def narrowed(one: Pick) -> dict[str, Any]:
    return {
        "between_roles": one(*SELDOM, tuple(f"{one(*ROLES)} -> {one(*ROLES)}" for _ in range(2))),
        "both_ways": one(*WHETHER),
    }


def chosen(network: Network, one: Pick) -> dict[str, Any]:
    ties = [(network.ids[a], network.ids[b]) for a, b in zip(network.source, network.target, strict=True)] or [("", "")]
    how = one({"ties": (one(*ties),)}, {"count": one(1, 2, 5)}, {"share": one(0.0, 0.3, 0.7, 1.0)})
    choose = {"choose": one("random", "bridging", "betweenness"), "between": one("role", "zeal")}
    return {**how, **choose, **narrowed(one), "layers": one(*SELDOM, LAYERS[:1])}


KEYS: dict[str, Callable[[Network, Pick], dict[str, Any]]] = {
    "segmentation": lambda _, one: {
        "by": one("role", "zeal", "community", "equivalence", "core"),
        "groups": one(1, 1, 2),
        "positions": one(1, 2, 4),
        "share": one(0.3, 1.0),
    },
    "snowball": lambda _, one: {
        "recruits": one(1, 2),
        "waves": one(1, 2, 3),
        "every": one(1, 2),
        "agrees": one(0.5, 1.0),
    },
    "outreach": lambda _, one: {"contacts": one(1, 2, 5), "every": one(1, 2), "strength": one(0.4, 1.0)},
    "matching": lambda _, one: {
        "to": one("nearest", "random"),
        "learners": one(*SELDOM, ("firm", "nurse")),
        "strength": one(0.4, 1.0),
    },
    "add_ties": lambda network, one: {
        **one({"ties": ((one(*network.ids), one(*network.ids)),)}, {"count": one(1, 3)}),
        "choose": one("random", "bridging", "shortening"),
        "between": one("role", "zeal"),
        **narrowed(one),
        "layer": one(None, *LAYERS),
        "strength": one(0.4, 1.0),
    },
    "remove_ties": chosen,
    "strengthen_ties": lambda network, one: {**chosen(network, one), "factor": one(0.5, 3.0)},
    "rewire_ties": lambda _, one: {
        "share": one(0.3, 1.0),
        "keep": one("degrees", "sources"),
        "between_roles": one(*SELDOM, ("firm -> nurse", "nurse -> nurse")),
        "layers": one(*SELDOM, LAYERS[:1]),
    },
    "add_agents": lambda network, one: {
        "agents": tuple(
            Arrival(name, one(*ROLES), (("zeal", "0.5"),), named(network, one), named(network, one))
            for name in one(("new",), ("new", "newer"))
        ),
        "with_leaders": one(*WHETHER),
        "layer": one(*LAYERS),
        "strength": one(0.4, 1.0),
    },
    "remove_agents": lambda network, one: {
        **one({"agents": named(network, one)}, {"count": one(1, 2)}),
        "choose": one("random", *SCORES),
        "roles": one(*SELDOM, ("firm", "manager")),
    },
}


def fits(network: Network, intervention: Intervention, said: Parameters) -> bool:
    schedule = Schedule(said.steps, said.awareness is not None)
    problems: list[str] = []
    people = population(network, [intervention], problems)
    return not (problems or list(intervention.problems(people, schedule)))


def agree(network: Network, said: Parameters, words: Any, number: int, lanes: tuple[int, ...]) -> int:
    """Check that three engines agree on some lanes; return how many agents adopted in one of them."""
    times = block_of(network, said, words, seed=number, world=number % 3, block=number)
    moved = 0
    for lane in lanes:
        leaders = leaders_in(network, words, lane)
        place = {"seed": number, "world": number % 3, "replicate": LANES * number + lane}
        expected = by_hand(network, said, leaders, **place)
        assert lane_of(times, lane) == expected, said.interventions
        assert by_mesa(network, said, leaders, **place) == expected, said.interventions
        moved += sum(step > 0 for step in expected.adopted_at)
    return moved


def picked(rng: Any, *options: Any) -> Any:
    return options[int(rng.integers(len(options)))]


@pytest.mark.parametrize("kind", KEYS)
def test_three_engines_agree_on_random_cases(kind: str) -> None:
    tried = stirred = 0
    for number in range(40):
        case = RandomCase(number)
        rng = generator(Purpose.SYNTHESIS, "kinds", kind, number)
        intervention = made(kind, case.network, case.parameters.steps, partial(picked, rng))
        if fits(case.network, intervention, case.parameters):
            said = replace(case.parameters, interventions=(intervention,))
            stirred += agree(case.network, said, case.words, number, (number % LANES, (number + 27) % LANES)) > 0
            tried += 1
    assert tried > 12
    assert stirred > tried / 3


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_three_engines_agree_on_two_kinds_at_once(data: st.DataObject) -> None:
    def one(*options: Any) -> Any:
        return data.draw(st.sampled_from(options))

    network = data.draw(networks())
    said = data.draw(parameters())
    kinds = data.draw(st.lists(st.sampled_from(sorted(KEYS)), min_size=2, max_size=2, unique=True))
    both = [made(kind, network, said.steps, one) for kind in kinds]
    fitting = [replace(each, name=kind) for kind, each in zip(kinds, both, strict=True) if fits(network, each, said)]
    assume(fitting)
    words = data.draw(leading_lanes(network))
    agree(network, replace(said, interventions=tuple(fitting)), words, int(words[0] % np.uint64(50)), (0, 63))


def test_every_kind_is_tried() -> None:
    elsewhere = {"broadcast", "event", "word_of_mouth", "turnover"}
    assert set(KEYS) | elsewhere == set(INTERVENTIONS)
