"""Runs beside the arms: what is played, that it is kept and resumed like any other, and that it moves no ranking."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from experiment_cases import SCENARIO, played, rows

from diffusion.analysis.reserved import NO_LEADERS
from diffusion.errors import InputError, StoreError
from diffusion.experiment import batches, runner
from diffusion.experiment.database import Database
from diffusion.experiment.explained import Explained, explained
from diffusion.experiment.extras import MatchedArm, PartArm, RewiredArm
from diffusion.experiment.plan import Study, plan
from diffusion.experiment.replay import find_arm, replayed
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store
from diffusion.scenario import load_scenario
from diffusion.scenario.explanations import CreditAsked, NullsAsked

ARMS = """
[[arms]]
name = "chosen"
leaders.agents = ["p01", "p05", "p08"]
"""
CREDIT = "[credit]\ncounterfactual = true\nshapley = true\n"
MATCHED = "[nulls]\nmatched = true\n"
EVERYTHING = NullsAsked(matched=True, rewirings=3, rewired_replicates=70)


@pytest.fixture
def asked(scenario_file):
    """Return a study that asks for everything there is, on three rewired networks a kind."""

    def made(*, replicates: int = 70, steps: int = 6, nulls: NullsAsked = EVERYTHING, name: str = "who") -> Study:
        scenario = load_scenario(scenario_file(name, replicates=replicates, steps=steps, more=ARMS))
        return plan(replace(scenario, nulls=nulls, credit=CreditAsked(counterfactual=True, shapley=True)))

    return made


def fresh(tmp_path, name):
    return Store(Database(tmp_path / name, create=True))


def extras(study, kind):
    return [extra for extra in study.extras if isinstance(extra, kind)]


def test_both_engines_store_the_same_extra_runs(asked, tmp_path):
    study = asked(replicates=20, steps=4, nulls=NullsAsked(matched=True, rewirings=2, rewired_replicates=5))
    ensemble = played(study, fresh(tmp_path, "ensemble.db"))
    mesa = played(study, fresh(tmp_path, "mesa.db"), engine="mesa")
    assert rows(ensemble) == rows(mesa)
    assert len(rows(mesa)) == sum(series.runs for series in study.played)
    assert {type(extra) for extra in study.extras} == {MatchedArm, RewiredArm, PartArm}


def test_a_part_of_the_leaders_is_the_arm_that_names_just_these(make_study, make_store):
    alone = '[[arms]]\nname = "two"\nleaders.agents = ["p08", "p01"]\n'
    study = make_study(more=ARMS + alone + "[credit]\ncounterfactual = true\n")
    [two] = [arm for arm in study.arms if arm.name == "two"]
    [part] = [extra for extra in study.extras if extra.name == "chosen without p05"]
    assert (part.setting_digest, part.arm_digest) == (two.setting_digest, two.arm_digest)
    assert len(study.played) == len(study.arms) + len(study.extras) - 1
    played(study, make_store())


def test_the_part_with_nobody_is_the_arm_without_leaders(make_study):
    study = make_study(more=ARMS + "adoption.external = 0.1\n[credit]\nshapley = true\n")
    [reserved] = [arm for arm in study.arms if arm.name == NO_LEADERS]
    [nobody] = [extra for extra in extras(study, PartArm) if extra.of == "chosen" and not extra.choice.count]
    assert nobody.arm_digest == reserved.arm_digest
    assert nobody.name == "chosen without p01, p05 and p08"


def test_a_rewired_arm_is_played_on_another_network_in_every_world(asked, make_store):
    study = asked(nulls=NullsAsked(rewirings=3, rewired_replicates=20), replicates=20)
    same, *_ = extras(study, RewiredArm)
    worlds = [same.in_world(world, seed=5) for world in range(3)]
    assert len({found.network.digest for found in worlds}) == 3
    assert all(found.choice == same.choice for found in worlds)
    means = played(study, make_store()).means(same, worlds=3, replicates=20)
    assert means["adopters"].shape == (3,)
    assert len(set(means["adopters"].tolist())) > 1


def test_leaders_of_a_position_are_found_anew_where_that_means_something(make_study):
    near = '[[arms]]\nname = "near"\nleaders.position = "closeness"\n[nulls]\nstructure = { rewirings = 200 }\n'
    study = make_study(more=ARMS + near)
    variants = {
        name: {extra.anew for extra in extras(study, RewiredArm) if extra.of == name}
        for name in ("random", "hubs", "chosen", "near")
    }
    assert variants == {"random": {False}, "hubs": {False, True}, "chosen": {False}, "near": {False, True}}
    [same, anew, *_] = [extra for extra in extras(study, RewiredArm) if extra.of == "near"]
    assert any(anew.in_world(world, seed=5).choice != same.choice for world in range(20))
    assert {extra.worlds for extra in extras(study, RewiredArm)} == {200}


def test_extra_runs_are_kept_once_and_go_on_where_they_stopped(asked, tmp_path, monkeypatch):
    study = asked()
    whole = played(study, fresh(tmp_path, "whole.db"))
    total = sum(series.runs for series in study.played)
    assert len(rows(whole)) == total
    played(study, whole)
    assert len(rows(whole)) == total
    monkeypatch.setattr(batches, "LARGEST_BATCH_BYTES", 1)
    store = fresh(tmp_path, "stopped.db")
    store.save(study, {})
    stops = iter([False] * (len(study.played) + 8))
    assert not runner.run(study, store, is_stopping=lambda: next(stops, True))
    begun = len(rows(store))
    assert 0 < begun < total
    shown: list[runner.Progress] = []
    again = store.study(store.find("who"))
    played(again, store, report=shown.append)
    assert (shown[0].stored_before, shown[0].total, shown[-1].done) == (begun, total, total)
    assert rows(store) == rows(whole)


def test_more_rewirings_and_more_replicates_extend_what_is_stored(asked, make_store):
    store = played(asked(), make_store())
    before = rows(store)
    more = asked(nulls=NullsAsked(matched=True, rewirings=5, rewired_replicates=70), replicates=80)
    assert more.digest == asked().digest
    played(more, store)
    assert set(before) < set(rows(store))


def test_a_stored_study_is_planned_again_with_its_extra_arms_and_no_file_is_read(asked, make_store):
    study, store = asked(), make_store()
    played(study, store)
    again = store.study(store.find("who"))
    assert again.digest == study.digest
    assert [extra.name for extra in again.extras] == [extra.name for extra in study.extras]
    assert study_result(again, store).as_json() == study_result(study, store).as_json()
    assert store.find("who").runs == sum(series.runs for series in study.played)


def test_without_the_tables_digests_are_what_they_were(make_study):
    study = make_study(more=ARMS)
    assert study.extras == ()
    # As stored by the versions before there were extra arms; they are never to change.
    assert study.digest == "85a9dae03eeeab2591265c07fb8013b6"
    assert [arm.arm_digest for arm in study.arms] == [
        "57244b904a38b0a6f06ebd4b73e86d38",
        "5af91d7cd504aa3c3c9b53eb721e1942",
        "5bf6c576e64d51d99e8b02062dfa1ea7",
    ]
    assert {arm.setting_digest for arm in study.arms} == {"5a92a2d0e62ac68596246406a82483b6"}
    assert study.scenario.digest == "eb78cccff6a51f82036be4815c7ea979"


def test_the_tables_change_no_digest_of_an_arm_but_ask_another_study(make_study):
    plain, more = make_study(more=ARMS), make_study(more=ARMS + CREDIT + MATCHED)
    assert [arm.arm_digest for arm in more.arms] == [arm.arm_digest for arm in plain.arms]
    assert more.digest != plain.digest


def test_extra_runs_change_no_number_of_the_arms(asked, make_store, make_study):
    store = make_store()
    study = asked()
    with_extras = study_result(study, played(study, store)).as_json()
    plain = make_study("plain", replicates=70, more=ARMS)
    without = study_result(plain, played(plain, store)).as_json()
    assert with_extras["arms"] == without["arms"]
    assert with_extras["comparisons"] == without["comparisons"]
    assert set(with_extras) - set(without) == {"matched", "structure", "credit", "unanswered"}


def test_what_the_extra_runs_show_is_in_the_json_and_in_the_sentences(asked, make_store):
    study = asked()
    result = study_result(study, played(study, make_store()), outcomes=["adopters"])
    told = json.loads(json.dumps(result.as_json(), allow_nan=False))
    assert {found["arm"] for found in told["structure"]} == {"random", "hubs", "chosen"}
    assert [found["arm"] for found in told["credit"]] == ["chosen"]
    assert {(found["arm"], found["asked"]) for found in told["unanswered"]} >= {
        ("random", "matched null"),
        ("random", "credit of leaders"),
    }
    [credit] = told["credit"]
    total = sum(value["mean"] for value in credit["shapley"])
    assert total == pytest.approx(credit["adopters"] - credit["without"])
    text = " ".join(result.groups[0].sentences("adopters"))
    assert "No credit of leaders is told for leaders at random" in text
    assert "Shared out by Shapley values" in text
    assert "3 networks rewired so that every agent keeps" in text


def test_matched_and_partial_arms_can_be_replayed(asked, make_store):
    study = asked()
    store = played(study, make_store())
    for extra in extras(study, PartArm)[:1] + extras(study, MatchedArm)[:1]:
        run = replayed(study, store, find_arm(study, network=None, arm=extra.name, cell=None), 65)
        assert run.differences == ()
        assert len(run.leaders) == extra.choice.count
    [rewired, *_] = extras(study, RewiredArm)
    with pytest.raises(InputError, match="there is no arm"):
        find_arm(study, network=None, arm=rewired.name, cell=None)


def test_missing_extra_runs_are_told(asked, make_store):
    study, store = asked(), make_store()
    played(replace(study, groups=tuple(replace(group, extras=()) for group in study.groups)), store)
    store.save(study, {})
    with pytest.raises(StoreError, match="runs stored; run the scenario again, and it goes on where it stopped"):
        study_result(study, store)


def test_a_source_without_means_is_refused_only_where_there_is_something_to_read(asked, make_study):
    plain, study = make_study(), asked()
    assert explained(plain, plain.groups[0], object()) == Explained()
    with pytest.raises(TypeError, match="extra runs are read from a store"):
        explained(study, study.groups[0], object())


def test_more_than_six_leaders_have_no_shapley_values_and_it_is_said(make_study):
    ids = ", ".join(f'"p{number:02d}"' for number in range(7))
    study = make_study(more=f'[[arms]]\nname = "seven"\nleaders.agents = [{ids}]\n' + CREDIT)
    [found] = [one for one in study.groups[0].unanswered if one.asked == "Shapley values"]
    assert found.sentence("it") == (
        "No Shapley values are told for it: it has 7 leaders, and they are worked out for up to 6."
    )
    assert {extra.choice.count for extra in extras(study, PartArm) if extra.of == "seven"} == {6}


def test_fewer_replicates_of_credit_are_played_where_fewer_are_asked_for(make_study, make_store):
    study = make_study(more=ARMS + CREDIT + "replicates = 65\n")
    assert {extra.replicates for extra in study.extras} == {65}
    [group] = study_result(study, played(study, make_store())).groups
    assert {found.replicates for found in group.explained.recruitments} == {65}
    # With fewer replicates on the command line there are no more than these.
    fewer = plan(study.scenario.with_(replicates=10))
    assert {extra.replicates for extra in fewer.extras} == {10}


def test_the_seed_decides_which_networks_and_matches_are_drawn(asked):
    [rewired, *_] = extras(asked(), RewiredArm)
    assert rewired.in_world(0, seed=5).network.digest != rewired.in_world(0, seed=6).network.digest


def test_an_only_leader_takes_every_adopter_along(scenario_file, make_store):
    text = SCENARIO.replace("count = 2", "count = 1")
    scenario = load_scenario(scenario_file(text=text, more='[[arms]]\nname = "p"\nleaders.agents = ["p03"]\n' + CREDIT))
    study = plan(scenario)
    [group] = study_result(study, played(study, make_store())).groups
    [found] = [one for one in group.explained.recruitments if one.arm == "p"]
    assert found.losses[0].mean == found.adopters == found.shapley[0].mean
    assert found.adopters > 1
