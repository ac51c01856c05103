"""Uncertain numbers on which it depends who leads: parameters of positions, and how many there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.errors import InputError
from diffusion.scenario import Scenario, read_scenario
from diffusion.scenario.worlds import typical

HEAD = """\
networks = ["ahsn-a"]
steps = 12
replicates = 10
worlds = 4
seed = 3
[adoption]
rule = "contagion"
transmission = 0.02
[leaders]
count = 3
"""  # lines 1-10
ARM = '[[arms]]\nname = "one"\nleaders.position = "diffusion_centrality"\n'  # lines 11-13
P, T = "leaders.parameters.probability", "leaders.parameters.rounds"


def read(text: str, head: str = HEAD) -> Scenario:
    return read_scenario(head + text, Path("s.toml"))


def problems(text: str, head: str = HEAD) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, head)
    return list(caught.value.problems)


def test_parameters_of_positions_may_be_distributions_and_are_drawn_within_their_bounds() -> None:
    scenario = read(f"{ARM}{P} = {{ normal = [0.1, 0.2] }}\n{T} = {{ normal = [3, 5] }}\n")
    assert scenario.uncertain_paths() == (P, T)
    assert scenario.from_canonical(scenario.canonical(), text=scenario.text) == scenario
    [setting] = scenario.settings(scenario.cells()[0])
    assert setting.choice_varies
    drawn = [dict(setting.in_world(3, world).leaders.parameters) for world in range(300)]
    assert all(0 <= one["probability"] <= 1 and one["rounds"] >= 1 for one in drawn if "rounds" in one)
    assert len({one["probability"] for one in drawn}) == 300
    assert {type(one["rounds"]) for one in drawn if "rounds" in one} == {int}
    assert all(setting.in_world(3, world).parameters == setting.parameters for world in range(9))


def test_the_distribution_is_part_of_what_the_rule_for_leaders_is_called_and_not_of_the_parameters() -> None:
    one, other = (read(f"{ARM}{P} = {{ uniform = {said} }}\n") for said in ("[0.1, 0.3]", "[0.15, 0.25]"))
    [first], [second] = (scenario.settings(scenario.cells()[0]) for scenario in (one, other))
    assert first.leaders == second.leaders  # their medians
    assert first.canonical()["parameters"] == second.canonical()["parameters"]
    assert first.canonical()["leaders"] == {
        "position": "diffusion_centrality",
        "agents": None,
        "count": 3,
        "roles": None,
        "uncertain": {P: {"uniform": [0.1, 0.3]}},
    }
    assert second.canonical()["leaders"] != first.canonical()["leaders"]
    assert one.base(one.cells()[0]) == other.base(other.cells()[0])


def test_what_an_arm_s_position_does_not_have_is_not_uncertain_in_it() -> None:
    shared = f"parameters = {{ probability = {{ uniform = [0.1, 0.3] }} }}\n{ARM}"
    scenario = read(f'{shared}[[arms]]\nname = "plain"\nleaders.position = "out_degree"\n')
    doubtful, plain = scenario.settings(scenario.cells()[0])
    assert (doubtful.choice_varies, plain.choice_varies) == (True, False)
    named = read(f'{shared}[[arms]]\nname = "named"\nleaders.agents = ["A001"]\n').settings(scenario.cells()[0])[1]
    assert not named.uncertainty.is_there


def test_parameters_and_counts_may_be_swept() -> None:
    sweep = f'[sweep]\n"{P}" = [0.1, {{ uniform = [0.1, 0.3] }}]\n"leaders.count" = [2, {{ uniform = [1, 5] }}]\n'
    scenario = read(f"{ARM}{sweep}", HEAD.replace("count = 3\n", ""))
    found = [scenario.settings(cell)[0].uncertainty.canonical() for cell in scenario.cells()]
    assert [tuple(one) for one in found] == [(), ("leaders.count",), (P,), ("leaders.count", P)]


def test_how_many_lead_is_a_whole_number_of_at_least_one() -> None:
    scenario = read(f"{ARM}leaders.count = {{ normal = [1, 3] }}\n")
    [setting] = scenario.settings(scenario.cells()[0])
    counts = [setting.in_world(3, world).leaders.count for world in range(300)]
    assert (min(counts), type(counts[0])) == (1, int)
    assert len(set(counts)) > 3


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("leaders.count = { choice = [0, 3] }", "14: arms.one.leaders.count: must be at least 1; got 0"),
        ("leaders.count = { choice = [1.5, 3] }", "14: arms.one.leaders.count.choice: must be whole numbers; got 1.5"),
        (f"{P} = {{ uniform = [2, 3] }}", f"14: arms.one.{P}.uniform: must be between 0 and 1, and uniform = [2, 3]"),
        (f"{T} = {{ choice = [0, 3] }}", f"14: arms.one.{T}.choice: must be between 1 and 1000; got 0"),
    ],
)
def test_what_leaders_cannot_be_is_told_in_one_line(stated: str, told: str) -> None:
    [line] = problems(f"{ARM}{stated}\n")
    assert told in line


def test_leaders_who_are_sought_need_to_be_known_in_number() -> None:
    sought = '[[arms]]\nname = "best"\nleaders.position = "optimal"\nleaders.count = { uniform = [1, 4] }\n'
    assert [line for line in problems(sought) if "arms.best.leaders.count: must be known: the leaders of" in line]


def test_typical_leaders_are_those_of_the_medians() -> None:
    scenario = read(f"{ARM}{P} = {{ uniform = [0.1, 0.3] }}\n{T} = {{ uniform = [1, 6] }}\n")
    leaders = typical(scenario.arms[0].overrides)["leaders"]
    assert leaders["parameters"] == {"probability": 0.2, "rounds": 4}
