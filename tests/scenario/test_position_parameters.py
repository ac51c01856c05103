"""Parameters of positions in a scenario: where they stand, what they may hold, and what digests they enter."""

from __future__ import annotations

import pytest

from diffusion.errors import InputError
from diffusion.experiment.choosing import leader_traits
from diffusion.model.parameters import Distribution
from diffusion.positions import POSITIONS
from diffusion.scenario import LeaderRule, load_scenario
from diffusion.scenario.registries import position_parameters

SCENARIO = """\
networks = ["ahsn-a"]
steps = 3
replicates = 10
[adoption]
rule = "contagion"
transmission = 0.02
[leaders]
count = 3
{shared}
[[arms]]
name = "random"
leaders.position = "random"
[[arms]]
name = "reach"
leaders.position = "key_player_positive"
{own}
"""


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a scenario with something shared, something of an arm's own, and more."""

    def made(shared="", own="", more=""):
        path = tmp_path / "s.toml"
        path.write_text(SCENARIO.format(shared=shared, own=own) + more, encoding="utf-8")
        return load_scenario(path)

    return made


def rules_of(scenario):
    return [setting.leaders for cell in scenario.cells() for setting in scenario.settings(cell)]


def test_an_arm_has_the_parameters_that_its_position_has(read):
    shared = read(shared="parameters = { m = 2 }")
    assert [rule.parameters for rule in rules_of(shared)] == [(), (("m", 2),)]
    own = read(own="leaders.parameters.m = 2")
    assert rules_of(own) == rules_of(shared)
    assert rules_of(own)[1] == LeaderRule("key_player_positive", count=3, parameters=(("m", 2),))
    over = read(shared="parameters = { m = 2 }", own="leaders.parameters = { m = 3 }")
    assert rules_of(over)[1].parameters == (("m", 3),)


def test_a_parameter_may_be_swept_where_every_arm_has_it(read, tmp_path):
    sweep = '[sweep]\n"leaders.parameters.m" = [1, 2]\n'
    with pytest.raises(InputError, match=r'the position "random" has no such parameter \(arm "random"\)'):
        read(more=sweep)
    path = tmp_path / "s.toml"
    path.write_text(path.read_text().replace('position = "random"', 'position = "key_player_positive"'))
    assert [rule.parameters for rule in rules_of(load_scenario(path))] == [(("m", 1),)] * 2 + [(("m", 2),)] * 2


def test_arms_without_parameters_are_called_what_they_always_were(read):
    plain, stated = (read(own=own) for own in ("", "leaders.parameters = {}"))
    [_, setting] = plain.settings(plain.cells()[0])
    leaders = {"position": "key_player_positive", "agents": None, "count": 3, "roles": None}
    assert setting.canonical()["leaders"] == leaders
    [_, same] = stated.settings(stated.cells()[0])
    assert same.canonical() == setting.canonical()
    other = read(own="leaders.parameters = { m = 2 }")
    [_, differs] = other.settings(other.cells()[0])
    assert differs.canonical()["leaders"] == {**leaders, "parameters": {"m": 2}}


def test_a_parameter_at_its_default_makes_no_other_arm(read):
    text = "leaders.parameters = {{ distances = {} }}"
    usual, unusual = (
        read(more=f'[[arms]]\nname = "holds"\nleaders.position = "key_player_negative"\n{text.format(said)}\n')
        for said in ("true", "false")
    )
    assert rules_of(usual)[2].parameters == ()
    assert rules_of(unusual)[2].parameters == (("distances", False),)


@pytest.mark.parametrize(
    ("shared", "own", "line"),
    [
        ("", "leaders.parameters.mm = 2",
         's.toml:16: arms.reach.leaders.parameters.mm: no position has such a parameter; did you mean "m"?'),
        ("", "leaders.parameters.m = 0",
         "s.toml:16: arms.reach.leaders.parameters.m: must be a whole number between 1 and 1000; got 0"),
        ("", "leaders.parameters = 2",
         ("s.toml:16: arms.reach.leaders.parameters: must be a table of a position's parameters, such as { m = 2 }; "
         "got 2")),
        ("", "leaders.parameters.distances = 1",
         "s.toml:16: arms.reach.leaders.parameters.distances: must be true or false, without quotes; got 1"),
        ("", "leaders.parameters.rounds = 2",
         ("s.toml:16: arms.reach.leaders.parameters.rounds: the arm does not use this key: its position has no such "
         "parameter; take it out")),
        ("parameters = { rounds = 2 }", "",
         "s.toml:9: leaders.parameters.rounds: no arm uses this key: no arm's position has it; take it out"),
        ("parameters = { attenuation = 1 }", "",
         "s.toml:9: leaders.parameters.attenuation: must be a number between 0.001 and 0.999; got 1"),
    ],
)  # fmt: skip
def test_wrong_parameters_are_refused_with_file_line_and_key(read, tmp_path, shared, own, line):
    with pytest.raises(InputError) as refused:
        read(shared, own)
    assert [problem.replace(f"{tmp_path}/", "") for problem in refused.value.problems] == [line]


def test_parameters_of_one_name_mean_the_same_in_all_positions():
    known = position_parameters()
    for position in POSITIONS.values():
        for said in position.parameters:
            other = known[said.name]
            assert (said.kind, said.sentence, said.low, said.high) == (
                other.kind,
                other.sentence,
                other.low,
                other.high,
            )


def test_a_trait_that_a_position_reads_is_that_of_the_arm(read):
    more = """[[arms]]
name = "early"
leaders.position = "low_threshold"
adoption = { rule = "threshold", threshold = { beta = [2, 8] }, transmission = 0.1 }
"""
    with pytest.raises(InputError, match="its rule has no transmission"):
        read(more=more)
    text = more.replace(", transmission = 0.1", "")
    scenario = read(more=text)
    *_, setting = scenario.settings(scenario.cells()[0])
    assert leader_traits(setting) == {"threshold": Distribution("beta", (2.0, 8.0))}
    [random, _, _] = scenario.settings(scenario.cells()[0])
    assert leader_traits(random) == {}
