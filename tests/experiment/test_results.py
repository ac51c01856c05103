"""What a study's stored runs show, and the JSON in which they are printed."""

from __future__ import annotations

import json
import math

import pytest
from experiment_cases import played

from diffusion.analysis.outcomes import outcome_names
from diffusion.errors import InputError
from diffusion.experiment.plan import plan
from diffusion.experiment.results import study_result
from diffusion.scenario import load_scenario

MORE = """
[[arms]]
name = "edge"
leaders.position = "in_degree"
leaders.count = 5

[[arms]]
name = "named"
leaders.agents = ["p07", "p01"]
adoption.external = 0.1

[sweep]
"adoption.transmission" = [0.1, 0.3]
"""


@pytest.fixture
def result(make_study, make_store):
    study = make_study(more=MORE)
    return study_result(study, played(study, make_store()))


def test_the_json_holds_every_arm_and_comparison_in_every_cell(result):
    told = json.loads(json.dumps(result.as_json(), allow_nan=False))
    assert told.keys() == {"study", "digest", "arms", "comparisons"}
    names = ["random", "hubs", "edge", "named", "no leaders"]
    assert [(arm["cell"], arm["arm"]) for arm in told["arms"]] == [
        ({"adoption.transmission": value}, name) for value in (0.1, 0.3) for name in names
    ]
    outcomes = outcome_names(("firm", "manager"))
    compared = {(found["arm"], found["baseline"], found["outcome"]) for found in told["comparisons"]}
    # Only the arm "named" has the parameters of the arm without leaders: of the others, external would be the effect.
    assert compared == {
        (name, baseline, outcome)
        for baseline, others in (("random", names[1:4]), ("no leaders", ["named"]))
        for name in others
        for outcome in outcomes
    }


def test_the_json_says_who_leads_or_what_is_drawn(result):
    arms = {arm["arm"]: arm for arm in result.as_json()["arms"]}
    assert arms["named"]["leaders"] == ["p01", "p07"]
    assert arms["no leaders"]["leaders"] == []
    assert (arms["random"]["leaders"], "among" in arms["random"]) == (None, False)
    # Degrees are 4, 3, 3, 3, 3 (agents 0, 3, 4, 6, 9) and then 2.
    assert arms["edge"]["leaders"] == ["p00", "p03", "p04", "p06", "p09"]
    assert (arms["hubs"]["leaders"], arms["hubs"]["fixed"]) == (None, ["p00"])
    assert (arms["hubs"]["places"], arms["hubs"]["among"]) == (1, 4)


def test_the_arm_without_leaders_is_left_out_of_being_best(result):
    arms = {arm["arm"]: arm for arm in result.as_json()["arms"][:5]}
    assert set(arms["no leaders"]["p_best"].values()) == {None}
    alone = sum(arms[name]["p_best"]["spread"] for name in ("random", "hubs", "edge", "named"))
    assert 0 < alone <= 1


def test_every_number_is_in_its_range_or_null(result):
    for found in result.as_json()["comparisons"]:
        for name in ("p_better", "p_tie", "p_better_unpaired", "p_best", "p_best_tied"):
            assert found[name] is None or 0 <= found[name] <= 1, name
        bounds = [found[name] for name in ("low_all", "low", "difference", "high", "high_all")]
        if None not in bounds:
            assert bounds == sorted(bounds)
        assert all(value is None or math.isfinite(value) for value in bounds)
        assert (found["low"] is None) == (found["differ_below"] is not None) or found["replicates"] < 4


def test_sentences_name_the_network_and_every_contender(result):
    group = result.groups[0]
    told = group.sentences(group.ranking_outcome)
    assert told[0].startswith("On the network town, with adoption.transmission = 0.1, after 6 steps, ")
    assert group.ranking_outcome == "spread", "arms have different numbers of leaders"


def test_another_baseline_or_outcome_can_be_asked_for(make_study, make_store):
    study = make_study()
    store = played(study, make_store())
    result = study_result(study, store, baseline="hubs", outcomes=["area"])
    [found] = result.groups[0].comparisons
    assert (found.arm, found.baseline, found.outcome) == ("random", "hubs", "area")
    with pytest.raises(InputError, match='not "hub"; did you mean "hubs"'):
        study_result(study, store, baseline="hub")
    with pytest.raises(InputError, match='no outcome "aera"; did you mean "area"'):
        study_result(study, store, outcomes=["aera"])


def test_a_study_in_which_nothing_spreads_gives_an_answer_too(make_store, scenario_file):
    path = scenario_file()
    path.write_text(path.read_text().replace("transmission = 0.2", "transmission = 0"))
    study = plan(load_scenario(path))
    result = study_result(study, played(study, make_store()))
    [found] = [found for found in result.groups[0].comparisons if found.outcome == "adopted_share"]
    assert (found.difference, found.low, found.differ_below) == (0.0, None, 0.03)
    assert any("the same" in text for text in result.groups[0].sentences("adopted_share"))
