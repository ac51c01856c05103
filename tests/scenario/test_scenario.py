"""What a scenario means: arms laid over cells laid over what all arms share."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from diffusion.errors import InputError
from diffusion.model.parameters import ByRole, Column, Distribution, Parameters, StageParameters
from diffusion.model.rules import RULES, Rule, RuleParameter
from diffusion.scenario import NO_LEADERS, ArmSetting, LeaderRule, Scenario, load_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"

FULL = """\
title = "Which position?"
networks = ["ahsn-a", "../mine"]
steps = 36
step_unit = "month"
replicates = 1000
seed = 2016
worlds = 1
smallest_difference = 0.02
baseline = "hubs"

[adoption]
rule = "contagion"
transmission = 0.02
abandonment = 0.01

[awareness]
rule = "hazard"
link = "probit"
intercept = -2
slope = 1
exposure = "weight"
attributes = { receptivity = 0.5, age = -0.1 }

[agents]
receptivity = { manager = 0.8, academic = 1, firm = { beta = [7, 14] } }
influence = "column: reach_out"

[ties]
layers = { formal = 1.0, informal = 0.6 }
between_roles = { "academic->manager" = 0.5 }

[leaders]
count = 3
roles = ["manager", "academic"]
influence = 2

[[arms]]
name = "random"
leaders.position = "random"

[[arms]]
name = "hubs"
leaders.position = "out_degree"
leaders.count = 2
ties.layers.informal = 0
agents.receptivity.manager = 0.9

[[arms]]
name = "chosen"
leaders.agents = ["M014", "A003"]
adoption.rule = "threshold"
adoption.threshold = { exponential = 0.3 }

[[arms]]
name = "nobody"
leaders.count = 0

[sweep]
"adoption.external" = [0, 0.01]
"ties.between_roles.academic->manager" = [0.5, 1, 2]
"""


def loaded(tmp_path: Path, text: str, name: str = "s") -> Scenario:
    path = tmp_path / f"{name}.toml"
    path.write_text(text)
    return load_scenario(path)


@pytest.fixture
def full(tmp_path):
    return loaded(tmp_path, FULL, "leader-positions")


def test_what_stands_above_the_sections_is_read_as_it_is_written(full, tmp_path):
    assert (full.name, full.title, full.networks) == ("leader-positions", "Which position?", ("ahsn-a", "../mine"))
    assert (full.steps, full.step_unit, full.replicates, full.seed) == (36, "month", 1000, 2016)
    assert (full.smallest_difference, full.baseline, full.folder, full.text) == (0.02, "hubs", tmp_path, FULL)


def test_what_is_left_out_has_the_stated_defaults(tmp_path):
    text = 'networks = ["a"]\nsteps = 1\nreplicates = 1\nadoption = { rule = "cascade", transmission = 1 }\n'
    scenario = loaded(tmp_path, text + 'arms = [{ name = "x", leaders = { count = 0 } }]\n')
    assert (scenario.title, scenario.step_unit, scenario.seed) == ("s", "step", 0)
    assert (scenario.smallest_difference, scenario.baseline) == (0.01, "x")
    assert scenario.settings(scenario.cells()[0]) == (
        ArmSetting("x", Parameters(steps=1, adoption=StageParameters("cascade", transmission=1.0), between_roles={}),
                   LeaderRule()),
    )  # fmt: skip


def test_cells_are_all_combinations_and_the_last_key_varies_fastest(full):
    assert [tuple(cell.values.values()) for cell in full.cells()] == [
        (0.0, 0.5), (0.0, 1.0), (0.0, 2.0), (0.01, 0.5), (0.01, 1.0), (0.01, 2.0)
    ]  # fmt: skip
    assert [cell.index for cell in full.cells()] == list(range(6))
    assert list(full.cells()[0].values) == ["adoption.external", "ties.between_roles.academic -> manager"]


def test_a_scenario_without_a_sweep_has_one_cell_without_values(tmp_path):
    scenario = loaded(tmp_path, FULL[: FULL.index("[sweep]")])
    assert [cell.values for cell in scenario.cells()] == [{}]


def test_an_arm_is_laid_over_the_cell_and_the_cell_over_the_scenario(full):
    random, hubs, chosen, nobody = full.settings(full.cells()[5])
    awareness = StageParameters(
        "hazard", link="probit", intercept=-2.0, slope=1.0, exposure="weight",
        attributes=(("age", -0.1), ("receptivity", 0.5)),
    )  # fmt: skip
    adoption = StageParameters("contagion", transmission=0.02, external=0.01, abandonment=0.01)
    by_role = ByRole((("academic", 1.0), ("firm", Distribution("beta", (7.0, 14.0))), ("manager", 0.8)))
    assert random.parameters == Parameters(
        steps=36, adoption=adoption, awareness=awareness, receptivity=by_role, influence=Column("reach_out"),
        layers={"formal": 1.0, "informal": 0.6}, between_roles={("academic", "manager"): 2.0}, leader_influence=2.0,
    )  # fmt: skip
    assert random.leaders == LeaderRule(position="random", count=3, roles=("academic", "manager"))
    assert hubs.leaders == LeaderRule(position="out_degree", count=2, roles=("academic", "manager"))
    assert hubs.parameters.layers == {"formal": 1.0, "informal": 0.0}
    assert dict(hubs.parameters.receptivity.values)["manager"] == 0.9
    assert dict(hubs.parameters.receptivity.values)["academic"] == 1.0
    assert chosen.leaders == LeaderRule(agents=("A003", "M014"), count=2)
    assert chosen.parameters.adoption == StageParameters(
        "threshold", threshold=Distribution("exponential", (0.3,)), external=0.01, abandonment=0.01
    )
    assert nobody.leaders == LeaderRule()


def test_a_value_of_an_arm_replaces_a_distribution_whole(tmp_path):
    text = FULL.replace("agents.receptivity.manager = 0.9", "agents.receptivity = { uniform = [0, 1] }")
    scenario = loaded(tmp_path, text)
    assert scenario.settings(scenario.cells()[0])[1].parameters.receptivity == Distribution("uniform", (0.0, 1.0))


def test_agents_named_in_an_arm_set_aside_position_count_and_roles(tmp_path):
    extra = 'leaders.count = 5\nleaders.position = "random"\nleaders.agents = ["M014", "A003"]'
    text = FULL.replace('leaders.agents = ["M014", "A003"]', extra)
    assert loaded(tmp_path, text).settings(loaded(tmp_path, text).cells()[0])[2].leaders == LeaderRule(
        agents=("A003", "M014"), count=2
    )


def test_an_arm_in_which_nobody_leads_stands_beside_every_swept_kind_of_leader(tmp_path):
    text = FULL[: FULL.index("[[arms]]")] + '[[arms]]\nname = "a"\nleaders.position = "random"\n'
    text += '[[arms]]\nname = "nobody"\nleaders.count = 0\n[sweep]\n"leaders.influence" = [1, 2]\n'
    scenario = loaded(tmp_path, text.replace('baseline = "hubs"\n', ""))
    settings = [scenario.settings(cell) for cell in scenario.cells()]
    assert [arms[0].parameters.leader_influence for arms in settings] == [1.0, 2.0]
    assert settings[0][1] == settings[1][1]
    assert settings[0][1].leaders == LeaderRule()


def test_a_swept_section_replaces_the_section_and_a_swept_key_goes_on_top(tmp_path):
    text = """\
networks = ["a"]
steps = 5
replicates = 1
leaders = { count = 1, position = "random" }
[[arms]]
name = "x"
[sweep]
adoption.external = [0, 0.5]
[[sweep.awareness]]
rule = "cascade"
transmission = 0.1
[[sweep.awareness]]
rule = "threshold"
threshold = 2
exposure = "number"
"""
    scenario = loaded(
        tmp_path, text.replace("leaders =", 'adoption = { rule = "cascade", transmission = 1 }\nleaders =')
    )
    stages = [
        (setting.parameters.awareness, setting.parameters.adoption.external, setting.is_round_based)
        for cell in scenario.cells()
        for setting in scenario.settings(cell)
    ]
    cascade = StageParameters("cascade", transmission=0.1)
    threshold = StageParameters("threshold", threshold=2.0, exposure="number")
    assert stages == [(cascade, 0.0, True), (threshold, 0.0, True), (cascade, 0.5, True), (threshold, 0.5, True)]
    assert scenario.cells()[1].values["awareness"] == {"rule": "threshold", "threshold": 2.0, "exposure": "number"}


def test_rules_may_be_swept_where_the_scenario_states_what_each_needs(tmp_path):
    text = FULL.replace("transmission = 0.02", "transmission = 0.02\nthreshold = 0.3")
    text = text.replace('adoption.rule = "threshold"\n', "").replace("adoption.threshold = { exponential = 0.3 }\n", "")
    scenario = loaded(tmp_path, text + '"adoption.rule" = ["cascade", "threshold"]\n')
    rules = [scenario.settings(cell)[0].parameters.adoption for cell in scenario.cells()[:2]]
    assert [(rule.rule, rule.transmission, rule.threshold) for rule in rules] == [
        ("cascade", 0.02, 0.0),
        ("threshold", 0.0, 0.3),
    ]


def test_an_arm_is_in_rounds_where_a_stage_is_a_cascade(tmp_path, full):
    assert not any(setting.is_round_based for setting in full.settings(full.cells()[0]))
    without = FULL.replace('"contagion"', '"cascade"')
    without = without[: without.index("[awareness]")] + without[without.index("[agents]") :]
    scenario = loaded(tmp_path, without)
    rounds = [setting.is_round_based for setting in scenario.settings(scenario.cells()[0])]
    assert rounds == [True, True, False, True]


def test_the_added_arm_keeps_the_parameters_and_loses_the_leaders(full):
    random, *_, nobody = full.settings(full.cells()[0])
    added = random.without_leaders()
    assert added.name == NO_LEADERS
    assert added.leaders == LeaderRule()
    assert added.canonical() == nobody.canonical()


def test_replicates_and_seed_may_be_set_afterwards_within_their_ranges(full):
    changed = full.with_(replicates=5, seed=0)
    assert (changed.replicates, changed.seed, changed.text) == (5, 0, full.text)
    assert full.with_() == full
    with pytest.raises(InputError) as caught:
        full.with_(replicates=0, seed=-1)
    assert caught.value.problems == (
        "replicates: must be a whole number between 1 and 100000000; got 0",
        "seed: must be a whole number between 0 and 9223372036854775807; got -1",
    )


def test_scenarios_and_settings_travel_to_other_processes(full):
    assert pickle.loads(pickle.dumps(full)) == full
    settings = full.settings(full.cells()[0])
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_files_with_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path, full):
    path = tmp_path / "leader-positions.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    assert load_scenario(path) == full


def test_a_new_rule_needs_no_change_here(tmp_path, monkeypatch):
    resistance = Rule(
        name="resistance", family="exposure", code=99, function=lambda: 0.0,
        parameters=(RuleParameter("slope", "1", 0.0, 1.0, "what exposure adds", required=True),),
        sentence="", literature="",
    )  # fmt: skip
    monkeypatch.setattr("diffusion.model.rules.RULES", {**RULES, "resistance": resistance})
    text = FULL.replace('"contagion"\ntransmission = 0.02', '"resistance"\nslope = 0.5')
    scenario = loaded(tmp_path, text)
    assert scenario.settings(scenario.cells()[0])[0].parameters.adoption.slope == 0.5
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, text.replace("slope = 0.5", "slope = 1.5"))
    assert caught.value.problems == (
        (
            f"{tmp_path / 's.toml'}:13: adoption.slope: must be a number between 0 and 1 under the rule "
            '"resistance"; got 1.5 (arms "random", "hubs", "nobody")'
        ),
    )


def test_the_showcase_compares_at_least_seven_positions_on_the_packaged_network():
    scenario = load_scenario(SCENARIOS / "leader_positions.toml")
    assert (scenario.networks, scenario.replicates, scenario.steps, scenario.step_unit) == (
        ("ahsn-a",), 1000, 36, "month",
    )  # fmt: skip
    assert scenario.baseline == "random"
    settings = scenario.settings(scenario.cells()[0])
    assert len({setting.leaders.position for setting in settings}) >= 7
    assert {setting.parameters.adoption.rule for setting in settings} == {"contagion"}


def test_the_second_scenario_compares_the_same_arms_under_every_rule():
    scenario = load_scenario(SCENARIOS / "contagion_assumption.toml")
    played = [[setting.parameters.adoption for setting in scenario.settings(cell)] for cell in scenario.cells()]
    assert [adoption[0].rule for adoption in played] == [
        "cascade", "contagion", "threshold", "threshold", "hazard", "hazard",
    ]  # fmt: skip
    assert [adoption[0].exposure for adoption in played[2:4]] == ["share", "number"]
    assert [adoption[0].external > 0 for adoption in played[4:]] == [False, True]
    for cell in scenario.cells():
        assert [setting.leaders.position for setting in scenario.settings(cell)] == [
            "random", "out_degree", "betweenness", "constraint", "marginal",
        ]  # fmt: skip
