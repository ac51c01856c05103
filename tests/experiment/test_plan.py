"""What a study is made of, what it is called in the store, and what does not fit a network."""

from __future__ import annotations

import re

import pytest

from diffusion.errors import InputError
from diffusion.experiment.plan import plan, planned
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network
from diffusion.positions import LeaderChoice
from diffusion.scenario import NO_LEADERS, load_scenario


def digests(study):
    return [(arm.setting_digest, arm.arm_digest) for arm in study.arms]


def test_arms_are_planned_by_network_and_cell(make_study):
    study = make_study(more='[sweep]\n"adoption.transmission" = [0.1, 0.2]')
    assert [(group.network.name, dict(group.cell.values)) for group in study.groups] == [
        ("town", {"adoption.transmission": 0.1}),
        ("town", {"adoption.transmission": 0.2}),
    ]
    assert [arm.name for arm in study.groups[0].arms] == ["random", "hubs"]
    assert study.groups[0].arms[1].choice.fixed[0] == 0


def test_more_replicates_another_title_and_another_baseline_leave_every_digest_as_it_is(make_study, scenario_file):
    study = make_study()
    path = scenario_file(replicates=999)
    text = path.read_text().replace("Who should lead?", "Another title").replace('"random"\n\n', '"hubs"\n\n', 1)
    path.write_text(text)
    other = plan(load_scenario(path))
    assert other.scenario.baseline == "hubs"
    assert digests(other) == digests(study)
    assert other.digest == study.digest


def test_another_arm_makes_another_study_but_finds_the_same_runs(make_study):
    study = make_study()
    other = make_study(more='[[arms]]\nname = "edge"\nleaders.position = "marginal"')
    assert other.digest != study.digest
    assert digests(other)[:2] == digests(study)


@pytest.mark.parametrize("change", [("steps = 6", "steps = 7"), ("seed = 5", "seed = 6")])
def test_steps_and_seed_make_another_setting(make_study, scenario_file, change):
    study = make_study()
    path = scenario_file()
    path.write_text(path.read_text().replace(*change))
    assert digests(plan(load_scenario(path)))[0][0] != digests(study)[0][0]


def test_what_a_network_holds_makes_the_setting_and_not_what_it_is_called(make_study, scenario_file, tmp_path):
    study = make_study()
    network = study.networks[0]
    csv_folder.write(network.renamed("borough"), tmp_path / "town")
    assert digests(plan(load_scenario(scenario_file()))) == digests(study)
    (tmp_path / "town" / "ties.csv").write_text("source,target\np00,p01\n")
    assert digests(plan(load_scenario(scenario_file())))[0][0] != digests(study)[0][0]


def test_two_networks_of_one_name_are_told_apart(scenario_file, tmp_path):
    path = scenario_file()
    (tmp_path / "other").mkdir()
    (tmp_path / "town").rename(tmp_path / "other" / "town")
    csv_folder.write(Network.from_tables(name="town", ids=["a", "b"], source=["a"], target=["b"]), tmp_path / "town")
    path.write_text(path.read_text().replace('["./town"]', '["./town", "other/town"]'))
    assert [network.name for network in plan(load_scenario(path)).networks] == ["town", "town (2)"]


def test_a_shared_count_that_is_too_large_is_told_once(scenario_file):
    path = scenario_file()
    path.write_text(path.read_text().replace("count = 2", "count = 20"))
    assert problems_of(path) == ["who.toml:14: leaders.count: asks for 20 leaders, but only 12 agents are in town"]


def test_a_folder_that_lies_beside_the_user_and_not_beside_the_scenario_is_hinted_at(
    scenario_file, tmp_path, monkeypatch
):
    path = scenario_file()
    (tmp_path / "scenarios").mkdir()
    moved = path.rename(tmp_path / "scenarios" / "who.toml")
    monkeypatch.chdir(tmp_path)
    [problem] = problems_of(moved)
    assert problem.endswith(f"; paths in a scenario are relative to its own folder, {tmp_path / 'scenarios'}")


def test_the_added_arm_has_the_parameters_under_which_agents_adopt_by_themselves(make_study):
    study = make_study(
        more='[[arms]]\nname = "campaign"\nleaders.position = "random"\nadoption.external = 0.05\nleaders.influence = 2'
    )
    random, hubs, campaign, added = study.arms
    assert added.setting.parameters.adoption.external == 0.05
    assert random.parameters_digest == hubs.parameters_digest != campaign.parameters_digest == added.parameters_digest


NOT_NEEDING_LEADERS = [
    ('rule = "contagion"\ntransmission = 0.2\nexternal = 0.01', True),
    ('rule = "hazard"\nintercept = -2\nslope = 1', True),
    ('rule = "hazard"\nlink = "identity"\nintercept = 0\nslope = 1', False),
    ('rule = "hazard"\nlink = "identity"\nintercept = 0\nslope = 1\nattributes = { receptivity = 0.1 }', True),
    ('rule = "threshold"\nthreshold = 0.2', False),
    ('rule = "threshold"\nthreshold = { uniform = [0, 1] }', False),
    ('rule = "threshold"\nthreshold = { normal = [0.5, 0.3] }', True),
    ('rule = "threshold"\nthreshold = { manager = 0.2, firm = 0 }', True),
    ('rule = "threshold"\nthreshold = 5e-7', True),
    ('rule = "cascade"\ntransmission = 0.2', False),
]


@pytest.mark.parametrize(("adoption", "expected"), NOT_NEEDING_LEADERS)
def test_an_arm_without_leaders_is_added_where_adoption_needs_none(scenario_file, adoption, expected):
    path = scenario_file()
    path.write_text(path.read_text().replace('rule = "contagion"\ntransmission = 0.2', adoption))
    names = [arm.name for arm in plan(load_scenario(path)).arms]
    assert names == ["random", "hubs", NO_LEADERS][: 3 if expected else 2]


def test_with_an_awareness_stage_both_stages_must_start_without_leaders(scenario_file):
    path = scenario_file()
    external = path.read_text().replace("transmission = 0.2", "transmission = 0.2\nexternal = 0.1")
    for awareness, expected in (("", 2), ("\nexternal = 0.1", 3)):
        stage = f'[awareness]\nrule = "cascade"\ntransmission = 0.5{awareness}\n[leaders]'
        path.write_text(external.replace("[leaders]", stage))
        assert len(plan(load_scenario(path)).arms) == expected


def problems_of(path):
    with pytest.raises(InputError) as found:
        plan(load_scenario(path))
    return [line.replace(f"{path.parent}/", "") for line in found.value.problems]


def test_every_problem_with_a_network_names_file_line_and_key(scenario_file):
    more = """
[[arms]]
name = "chosen"
leaders.agents = ["p00", "p1"]

[[arms]]
name = "many"
leaders.position = "degree"
leaders.count = 13

[[arms]]
name = "nurses"
leaders.position = "degree"
leaders.roles = ["nurse"]
"""
    assert problems_of(scenario_file(more=more)) == [
        'who.toml:26: arms.chosen.leaders.agents: leader "p1" is no agent of town; did you mean "p11"?',
        "who.toml:31: arms.many.leaders.count: asks for 13 leaders, but only 12 agents are in town",
        'who.toml:36: arms.nurses.leaders.roles: no agent of town has the role "nurse" (known: firm, manager)',
    ]


def test_a_position_that_a_network_cannot_tell_is_told_with_its_line(scenario_file):
    more = """
[[arms]]
name = "chairs"
leaders.position = "formal_leaders"

[[arms]]
name = "early"
leaders.position = "low_threshold"

[[arms]]
name = "doors"
leaders.position = "gatekeeper"
leaders.parameters = { grouping = "organization" }
"""
    assert problems_of(scenario_file(more=more)) == [
        (
            'who.toml:26: arms.chairs.leaders.position: the position "formal_leaders" reads the column "leader" '
            "(column), and the agents of town have no such column; known are role, organisation"
        ),
        (
            'who.toml:30: arms.early.leaders.position: the position "low_threshold" reads adoption.threshold, and '
            "there is none that a rule uses; state one in the scenario, or choose another position"
        ),
        (
            'who.toml:34: arms.doors.leaders.position: the position "gatekeeper" reads the column "organization" '
            '(grouping), and the agents of town have no such column; did you mean "organisation"?'
        ),
    ]


def test_roles_layers_and_columns_that_no_network_has_are_refused_with_the_line(scenario_file):
    path = scenario_file()
    text = path.read_text().replace(
        "[leaders]",
        '[agents]\ninfluence = "column:zeal"\n\n[ties]\nlayers = { tei = 1.0 }\n'
        'between_roles = { "firm -> manger" = 2 }\n\n[leaders]',
    )
    path.write_text(text)
    assert problems_of(path) == [
        'who.toml:18: ties.between_roles: no network of the study has the role "manger"; did you mean "manager"?',
        'who.toml:17: ties.layers: no network of the study has the layer "tei"; did you mean "tie"?',
        'who.toml:14: agents.influence: the agents of "town" have no column "zeal"',
        'who.toml:17: ties.layers: the layer "tie" of "town" must be named too; did you mean "tei"?',
    ]


def test_a_network_that_is_not_there_is_told_with_the_line_that_names_it(scenario_file):
    path = scenario_file()
    path.write_text(path.read_text().replace('["./town"]', '[\n  "ahsn-x",\n  "./twon",\n]'))
    [packaged, folder] = problems_of(path)
    assert packaged.startswith('who.toml:4: networks: "ahsn-x" is no packaged network; packaged: ahsn-a')
    assert folder == (
        "who.toml:5: networks: twon: no such folder; a network is a folder with agents.csv and ties.csv, or a "
        'file; did you mean "town"?'
    )


def test_leaders_of_a_stored_study_are_taken_from_the_store(make_study):
    study = make_study()
    again = planned(study.scenario, study.networks, lambda *_: LeaderChoice((3, 4)))
    assert [arm.choice.fixed for arm in again.arms] == [(3, 4), (3, 4)]


def test_arms_with_the_same_leaders_and_parameters_are_one_however_they_are_chosen(make_study):
    study = make_study(more='[[arms]]\nname = "named"\nleaders.agents = ["p00", "p09"]')
    random, hubs, named = study.arms
    fixed = planned(study.scenario, study.networks, lambda *_: LeaderChoice((0, 9)))
    assert hubs.arm_digest != named.arm_digest
    assert len({arm.identity for arm in fixed.arms}) == 1
    assert random.identity != hubs.identity


def test_a_precision_of_an_outcome_that_a_network_has_not_is_refused_with_file_line_and_key(scenario_file):
    path = scenario_file()
    asked = 'precision = { outcome = "adopted_share.nurse", half_width = 0.1 }'
    text = re.sub(r"(?m)^replicates = .*$", asked, path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    [line] = problems_of(path)
    where = f"{path.name}:{text[: text.index(asked)].count(chr(10)) + 1}: precision.outcome: "
    assert line.startswith(f'{where}town: there is no outcome "adopted_share.nurse"')
