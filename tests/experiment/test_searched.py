"""Leaders that are sought under a scenario's rules: planned, kept, told."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from experiment_cases import played

from diffusion.cli.main import diffusion
from diffusion.errors import InputError
from diffusion.experiment.plan import plan
from diffusion.experiment.remembered import Chooser
from diffusion.experiment.results import study_result
from diffusion.positions.found import SearchProgress
from diffusion.scenario import load_scenario

BEST = """
[[arms]]
name = "best"
leaders.position = "optimal"
leaders.parameters = { replicates = 128 }
"""

SWEPT = """
[sweep]
"adoption.transmission" = [0.1, 0.6]
"""


def arm_of(study, name="best", cell=0):
    return next(arm for arm in study.arms if (arm.name, arm.cell.index) == (name, cell))


def test_a_study_keeps_what_the_search_found(make_study, make_store):
    study = make_study(more=BEST)
    store = played(study, make_store())
    stored = store.study(store.find("who"))
    assert arm_of(stored).choice == arm_of(study).choice
    search = arm_of(stored).choice.search
    assert (search.outcome, search.replicates, search.is_optimistic) == ("spread", 128, True)
    assert search.low < search.estimate < search.high
    assert search.guarantee.at_least == 0.632
    assert 0.632 <= search.guarantee.found <= 1


def test_the_json_tells_of_the_search_and_of_what_other_arms_attain(make_study, make_store):
    study = make_study(more=BEST)
    told = json.loads(json.dumps(study_result(study, played(study, make_store())).as_json(), allow_nan=False))
    by_name = {arm["arm"]: arm for arm in told["arms"]}
    assert by_name["best"]["search"] == arm_of(study).choice.search.as_json()
    assert "search" not in by_name["hubs"]
    [attained] = told["attained"]
    assert (attained["network"], attained["best"], attained["leaders"]) == ("town", "best", 2)
    means = {name: arm["outcomes"]["spread"]["mean"] for name, arm in by_name.items()}
    assert attained["mean"] == means["best"]
    assert {one["arm"]: one["share"] for one in attained["arms"]} == {
        name: pytest.approx(means[name] / means["best"]) for name in ("random", "hubs")
    }


def test_a_study_without_a_search_says_nothing_of_any(make_study, make_store):
    study = make_study()
    result = study_result(study, played(study, make_store()))
    assert "attained" not in result.as_json()
    assert result.groups[0].attainment_sentences() == ()


def test_every_cell_is_searched_under_its_own_rules(make_study):
    study = make_study(more=BEST + SWEPT)
    first, second = (arm_of(study, cell=cell).choice.search for cell in (0, 1))
    assert first.estimate < second.estimate


def test_more_replicates_and_another_arm_search_nothing_again(make_study, make_store, scenario_file):
    study = make_study(more=BEST)
    store = played(study, make_store())
    told: list[str] = []
    more = '\n[[arms]]\nname = "edge"\nleaders.position = "in_degree"\n'
    again = plan(load_scenario(scenario_file(replicates=300, more=BEST + more)), Chooser(store, told.append))
    assert told == ['The leaders of the arm "best" on town were sought before, and are stored.']
    assert arm_of(again).choice == arm_of(study).choice == arm_of(make_study(more=BEST)).choice
    assert (arm_of(again).setting_digest, arm_of(again).arm_digest) == (
        arm_of(study).setting_digest,
        arm_of(study).arm_digest,
    )


def test_a_search_is_announced_and_its_progress_told(scenario_file):
    told: list[str] = []
    seen: list[SearchProgress] = []
    plan(load_scenario(scenario_file(more=BEST)), Chooser(None, told.append, seen.append))
    assert told == ['Seeking the best leaders for the arm "best" on town, by draws of its own …']
    assert {"choosing leaders one by one", "exchanging leaders"} <= {progress.doing for progress in seen}


def test_leaders_that_a_search_found_and_that_are_named_are_one(make_study):
    names = [make_study(more=BEST).networks[0].ids[agent] for agent in arm_of(make_study(more=BEST)).choice.fixed]
    named = f'\n[[arms]]\nname = "named"\nleaders.agents = {json.dumps(names)}\n'
    study = make_study(more=BEST + named)
    assert arm_of(study).identity == arm_of(study, "named").identity


@pytest.mark.parametrize(
    ("stated", "line"),
    [
        (
            'outcome = "spreed"',
            'leaders.parameters.outcome: must name an outcome; got "spreed"; did you mean "spread"?',
        ),
        ('outcome = "adopted_share.nurse"', 'leaders.parameters.outcome: there is no outcome "adopted_share.nurse"'),
        ('outcome = "adopted_share_others.firm"', "leaders.parameters.outcome: the outcome"),
        ('method = "greedy"', 'leaders.parameters.method: must name one of its methods; got "greedy"'),
        ("epsilon = 0.7", "leaders.parameters.epsilon: must be a number between 0.01 and 0.6; got 0.7"),
    ],
)
def test_what_cannot_be_sought_is_refused_with_file_line_and_key(scenario_file, stated, line):
    with pytest.raises(InputError) as refused:
        plan(load_scenario(scenario_file(more=BEST.replace("replicates = 128", stated))))
    [problem] = refused.value.problems
    assert "who.toml:" in problem
    assert f"arms.best.{line}" in problem


def test_what_does_not_fit_the_network_is_told_once_and_not_searched(scenario_file):
    more = BEST + "ties.layers = { formal = 1.0 }\n"
    with pytest.raises(InputError) as refused:
        plan(load_scenario(scenario_file(more=more)))
    assert all("ties.layers" in problem for problem in refused.value.problems)


def test_the_command_prints_what_was_found(scenario_file, tmp_path):
    arguments = ["run", str(scenario_file(more=BEST)), "--database", str(tmp_path / "runs.db"), "--workers", "1"]
    first, second = CliRunner().invoke(diffusion, arguments), CliRunner().invoke(diffusion, arguments)
    assert first.exit_code == second.exit_code == 0, first.output
    assert "Seeking the best leaders" in first.stderr
    assert "sought before" in second.stderr
    assert "2 leaders were sought who make the spread as large as possible" in first.stdout
    assert "Of the spread of the best set found" in first.stdout
    assert first.stdout == second.stdout
    shown = CliRunner().invoke(diffusion, ["studies", "show", "who", "--database", str(tmp_path / "runs.db")])
    assert shown.stdout == first.stdout
