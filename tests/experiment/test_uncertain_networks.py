"""Studies on uncertain networks: what is played where, who leads, and that the given network is played beside."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from experiment_cases import MakeStore, MakeStudy, on_uncertain_network, played, rows, town

from diffusion.cli.main import main
from diffusion.draws import LANES
from diffusion.errors import InputError
from diffusion.experiment.choosing import chosen_leaders
from diffusion.experiment.database import Database
from diffusion.experiment.drawn_networks import drawn_network
from diffusion.experiment.export import export_runs
from diffusion.experiment.export_networks import export_networks
from diffusion.experiment.extras import GivenArm
from diffusion.experiment.plan import Study, plan
from diffusion.experiment.replay import find_arm, replayed
from diffusion.experiment.store import Store
from diffusion.experiment.worlds import arm_runs, in_first_world
from diffusion.model.ensemble import Ensemble
from diffusion.network.network import Network
from diffusion.positions import POSITIONS
from diffusion.scenario import load_scenario

SEED, WORLDS, REPLICATES = 5, 5, 70

NAMED = '\n[[arms]]\nname = "named"\nleaders.agents = ["p03", "p07"]\n'
ROBUSTNESS = 'mode = "robustness"\nmissing_respondents = 0.3\nmissing_ties = 0.2\nfalse_ties = 0.1'
IMPUTATION = 'mode = "imputation"\nmissing_ties = 0.3\nfalse_ties = 0.2'
PEOPLE = 'mode = "robustness"\nmerged_people = 0.3\nsplit_people = 0.3'


def text(mode: str) -> str:
    return on_uncertain_network(mode, worlds=WORLDS, arms=NAMED)


@pytest.fixture
def study(make_study: MakeStudy) -> Study:
    return make_study(text=text(ROBUSTNESS), replicates=REPLICATES)


def seen(study: Study, world: int) -> Network:
    """Return the network on which leaders are chosen in a world."""
    [group] = study.groups
    [uncertain] = {id(arm.setting.network): arm.setting.network for arm in group.arms[:1]}.values()
    assert uncertain is not None
    return drawn_network(group.network, uncertain, seed=SEED, world=world).chosen_on


def test_under_robustness_leaders_are_chosen_on_what_is_observed_and_runs_are_of_the_given_network(
    study: Study, make_store: MakeStore
) -> None:
    store = played(study, make_store())
    hubs, different = study.arms[1], set()
    for world in range(WORLDS):
        there = hubs.in_world(world, seed=SEED)
        assert there.network is study.networks[0]
        observed = seen(study, world)
        expected = chosen_leaders(observed, hubs.setting, ("", ""), SEED)
        assert {observed.ids[agent] for agent in expected.fixed} == {
            there.network.ids[one] for one in there.choice.fixed
        }
        assert {observed.ids[agent] for agent in expected.among} == {
            there.network.ids[one] for one in there.choice.among
        }
        different.add(there.choice)
        # The stored runs are those of an ensemble on the given network, led by these people.
        ensemble = Ensemble(
            study.networks[0],
            hubs.setting.parameters,
            seed=SEED,
            world=world,
            leader_words=partial(there.leader_words, seed=SEED),
        )
        adopted = (ensemble.block(0).adopted_at >= 0).sum(axis=0)[:LANES]
        assert store.runs(there, seed=SEED, replicates=REPLICATES).adopters[:LANES].tolist() == adopted.tolist()
    assert len(different) > 1


def test_named_leaders_lead_whatever_a_survey_shows_so_nothing_differs_from_the_given_network(
    study: Study, make_store: MakeStore
) -> None:
    store = played(study, make_store())
    named = study.arms[2]
    [given] = [extra for extra in study.extras if extra.of == "named"]
    assert not named.leaders_vary
    assert (
        arm_runs(store, named, study.scenario).adopters.tolist()
        == arm_runs(store, given, study.scenario).adopters.tolist()
    )


def test_under_imputation_ties_and_leaders_are_those_of_a_network_that_may_be_true(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    study = make_study(text=text(IMPUTATION), replicates=REPLICATES)
    store = played(study, make_store())
    hubs, networks = study.arms[1], set()
    for world in range(WORLDS):
        there = hubs.in_world(world, seed=SEED)
        networks.add(there.network.digest)
        assert there.network.ids == study.networks[0].ids
        assert there.choice == chosen_leaders(there.network, hubs.setting, ("", ""), SEED)
        ensemble = Ensemble(
            there.network,
            hubs.setting.parameters,
            seed=SEED,
            world=world,
            leader_words=partial(there.leader_words, seed=SEED),
        )
        adopted = (ensemble.block(1).adopted_at >= 0).sum(axis=0)[: REPLICATES - LANES]
        assert store.runs(there, seed=SEED, replicates=REPLICATES).adopters[LANES:].tolist() == adopted.tolist()
    assert len(networks) == WORLDS


def test_under_imputation_leaders_may_be_those_of_the_given_network(make_study: MakeStudy) -> None:
    study = make_study(text=text(IMPUTATION + '\nleaders_from = "given"'), replicates=REPLICATES)
    for arm in study.arms[1:]:
        for world in range(WORLDS):
            there = arm.in_world(world, seed=SEED)
            assert there.choice == arm.choice
            assert there.network.digest != study.networks[0].digest


@pytest.mark.parametrize("mode", [ROBUSTNESS, IMPUTATION, PEOPLE])
def test_both_engines_play_the_same_runs(make_study: MakeStudy, tmp_path: Path, mode: str) -> None:
    study = make_study(text=text(mode), replicates=66)
    stores = {name: Store(Database(tmp_path / f"{name}.db", create=True)) for name in ("ensemble", "mesa")}
    found = [rows(played(study, store, engine=name)) for name, store in stores.items()]
    assert found[0] == found[1]
    assert len(found[0]) == (3 + 3) * WORLDS * 66


@pytest.mark.parametrize("mode", [ROBUSTNESS, IMPUTATION, PEOPLE])
def test_any_run_is_replayed_from_the_store_alone(make_study: MakeStudy, make_store: MakeStore, mode: str) -> None:
    study = make_study(text=text(mode), replicates=66)
    store = played(study, make_store())
    stored = store.study(store.find("who"))
    for world, replicate in ((0, 0), (WORLDS - 1, 65)):
        arm = find_arm(stored, network=None, cell=None, arm="hubs", world=world)
        assert replayed(stored, store, arm, replicate).differences == ()


def test_beside_every_arm_the_given_network_is_played_in_the_same_worlds(
    study: Study, make_study: MakeStudy, make_store: MakeStore
) -> None:
    given = [extra for extra in study.extras if isinstance(extra, GivenArm)]
    assert [(extra.of, extra.worlds, extra.replicates) for extra in given] == [
        (arm.name, WORLDS, REPLICATES) for arm in study.arms
    ]
    store = played(study, make_store())
    certain = text(ROBUSTNESS).replace("[uncertain_network]\n" + ROBUSTNESS + "\n", "").replace("worlds = 5\n", "")
    plain = make_study("plain", text=certain, replicates=REPLICATES)
    for arm, extra in zip(plain.arms, given, strict=True):
        assert (arm.setting_digest, arm.arm_digest) == (extra.setting_digest, extra.arm_digest)
        assert store.runs(arm, seed=SEED, replicates=REPLICATES).replicates == REPLICATES


def test_a_person_who_is_listed_twice_leads_once_and_nobody_is_lost(make_study: MakeStudy) -> None:
    study = make_study(text=text(PEOPLE), replicates=REPLICATES)
    for arm in study.arms[:2]:
        for world in range(40):
            there = arm.in_world(world, seed=SEED)
            assert there.leader_table(seed=SEED, replicates=64).sum(axis=1).tolist() in ([2] * 64, [2])


@pytest.mark.parametrize("position", [name for name, found in POSITIONS.items() if not found.is_searched])
def test_every_position_is_chosen_on_what_is_observed(make_study: MakeStudy, position: str) -> None:
    arms = f'\n[[arms]]\nname = "this"\nleaders.position = "{position}"\n'
    try:
        study = make_study(text=text(ROBUSTNESS + "\nsplit_people = 0.2"), replicates=REPLICATES, more=arms)
    except InputError as error:
        pytest.skip(f"the town has not what it reads: {error}")
    table = study.arms[3].in_world(3, seed=SEED).leader_table(seed=SEED, replicates=64)
    assert set(table.sum(axis=1).tolist()) <= {1, 2}


def test_results_read_leaders_world_by_world(study: Study, make_store: MakeStore) -> None:
    store = played(study, make_store())
    runs = arm_runs(store, study.arms[1], study.scenario)
    assert runs.leaders.shape == (WORLDS * REPLICATES, 12)
    for world in range(WORLDS):
        expected = study.arms[1].in_world(world, seed=SEED).leader_table(seed=SEED, replicates=REPLICATES)
        found = runs.leaders[world * REPLICATES : (world + 1) * REPLICATES]
        assert (found == np.broadcast_to(expected, found.shape)).all()


def test_arms_that_choose_alike_on_the_given_network_stay_two(make_study: MakeStudy) -> None:
    more = '\n[[arms]]\nname = "alike"\nleaders.position = "degree"\n'
    study = make_study(text=text(ROBUSTNESS), replicates=REPLICATES, more=more)
    hubs, alike = study.arms[1], study.arms[3]
    assert hubs.choice == alike.choice
    assert hubs.identity != alike.identity


def test_the_first_world_of_a_study_is_what_is_looked_at(make_study: MakeStudy) -> None:
    study = in_first_world(make_study(text=text(IMPUTATION), replicates=REPLICATES))
    [group] = study.groups
    assert {arm.network.digest for arm in group.arms} == {group.network.digest}
    assert group.network.digest != study.networks[0].digest or group.network.digest != town().digest


def test_the_runs_on_the_given_network_are_exported_beside_the_others(
    study: Study, make_store: MakeStore, tmp_path: Path
) -> None:
    store = played(study, make_store())
    written = export_runs(study, store, tmp_path / "runs.csv")
    assert written.extra_file is not None
    with written.extra_file.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert len(found) == 3 * WORLDS * REPLICATES
    assert {row["extra"] for row in found} == {"given"}
    hubs = [row for row in found if row["of"] == "hubs" and row["world"] == "2"]
    [given] = [extra for extra in study.extras if extra.of == "hubs"]
    expected = store.runs(given.in_world(2, seed=SEED), seed=SEED, replicates=REPLICATES)
    assert [int(row["adopters"]) for row in hubs] == expected.adopters.tolist()


@pytest.mark.parametrize("mode", [ROBUSTNESS, IMPUTATION, PEOPLE])
def test_what_differs_between_networks_is_exported_world_by_world(
    make_study: MakeStudy, tmp_path: Path, mode: str
) -> None:
    study = make_study(text=text(mode), replicates=REPLICATES)
    assert export_networks(study, tmp_path / "runs_networks.csv") == WORLDS
    with (tmp_path / "runs_networks.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["world"] for row in found] == [str(world) for world in range(WORLDS)]
    assert {row["ties"] for row in found} == {str(study.networks[0].tie_count)}
    drawn = [study.arms[0].in_world(world, seed=SEED).network for world in range(WORLDS)]
    if mode == IMPUTATION:
        assert [int(row["ties"]) - int(row["ties_lost"]) + int(row["ties_added"]) for row in found] == [
            network.tie_count for network in drawn
        ]
    assert any(int(row["ties_lost"]) for row in found)
    assert any(int(row["people_split"]) for row in found) == (mode == PEOPLE)


def test_nothing_is_exported_of_networks_where_none_is_uncertain(make_study: MakeStudy, tmp_path: Path) -> None:
    assert export_networks(make_study(), tmp_path / "none.csv") == 0
    assert not (tmp_path / "none.csv").exists()


def test_names_that_no_network_has_are_refused_with_file_line_and_key(scenario_file) -> None:
    said = 'mode = "robustness"\nmissing_respondents = { manger = 0.2 }\nmissing_ties = { informal = 0.1 }'
    path = scenario_file(text=text(said))
    with pytest.raises(InputError) as caught:
        plan(load_scenario(path))
    first, second = caught.value.problems
    assert first == (
        f"{path}:12: uncertain_network.missing_respondents: no network of the study has the role "
        '"manger"; did you mean "manager"?'
    )
    assert 'no network of the study has the layer "informal"' in second


def test_names_that_no_network_has_are_refused_in_swept_keys_too(scenario_file) -> None:
    swept = '[sweep]\n"uncertain_network.missing_ties.ties" = [0.0, 0.5]\n'
    path = scenario_file(text=text('mode = "robustness"'), more=swept)
    line = path.read_text().splitlines().index(swept.splitlines()[1]) + 1
    with pytest.raises(InputError) as caught:
        plan(load_scenario(path))
    told = f'{path}:{line}: uncertain_network.missing_ties: no network of the study has the layer "ties"'
    assert [problem.startswith(told) for problem in caught.value.problems] == [True]


def test_more_leaders_than_a_survey_finds_in_some_world_are_refused_before_anything_is_played(scenario_file) -> None:
    said = 'mode = "robustness"\nmissing_respondents = 0.9\nnonrespondents = "dropped"'
    with pytest.raises(InputError, match=r"leaders\.count: asks for 2 leaders, but only \d+ agent") as caught:
        plan(load_scenario(scenario_file(text=text(said))))
    assert all("as [uncertain_network] draws it)" in line for line in caught.value.problems)


def test_mergers_that_leave_too_few_are_found_where_their_share_is_swept(scenario_file) -> None:
    said = text('mode = "robustness"\nmissing_ties = 0.1').replace("[leaders]\ncount = 2", "[leaders]\ncount = 11")
    sweep = '[sweep]\n"uncertain_network.merged_people" = [0.0, 0.4]\n'
    with pytest.raises(InputError, match=r"leaders\.count: asks for 11 leaders, but only \d+ agent") as caught:
        plan(load_scenario(scenario_file(text=said, more=sweep)))
    assert all("as [uncertain_network] draws it)" in line for line in caught.value.problems)


def test_only_a_synthetic_region_is_drawn_anew(scenario_file) -> None:
    path = scenario_file(text=text('mode = "redrawn"'))
    with pytest.raises(InputError, match="town cannot be drawn anew: it is no synthetic region with a file targets"):
        plan(load_scenario(path))


REGION = """
title = "Who should lead?"
networks = ["ahsn-a"]
steps = 6
replicates = 16
worlds = 3
seed = 5

[uncertain_network]
mode = "redrawn"

[adoption]
rule = "contagion"
transmission = 0.02

[leaders]
count = 3

[[arms]]
name = "random"
leaders.position = "random"

[[arms]]
name = "hubs"
leaders.position = "out_degree"
"""


def test_a_region_is_drawn_anew_in_every_world_and_replayed_without_its_files(
    tmp_path: Path, make_store: MakeStore
) -> None:
    (tmp_path / "region.toml").write_text(REGION, encoding="utf-8")
    study = plan(load_scenario(tmp_path / "region.toml"))
    store = played(study, make_store())
    stored = store.study(store.find("region"))
    assert stored.digest == study.digest
    networks = [stored.arms[1].in_world(world, seed=SEED).network for world in range(3)]
    assert len({network.digest for network in networks}) == 3
    assert {network.ids for network in networks} == {study.networks[0].ids}
    arm = find_arm(stored, network=None, cell=None, arm="hubs", world=2)
    assert replayed(stored, store, arm, 15).differences == ()


def test_more_worlds_or_another_arm_change_no_run(study: Study, make_study: MakeStudy, make_store: MakeStore) -> None:
    before = set(rows(played(study, make_store())))
    larger = text(ROBUSTNESS).replace("worlds = 5", "worlds = 7")
    more = '\n[[arms]]\nname = "margin"\nleaders.position = "marginal"\n'
    after = rows(played(make_study(text=larger, replicates=REPLICATES, more=more), make_store()))
    assert before < set(after)


def test_json_says_that_leaders_are_chosen_in_every_world(scenario_file, tmp_path: Path, capsys) -> None:
    path = scenario_file(text=text(ROBUSTNESS), replicates=8)
    assert main(["run", str(path), "--database", str(tmp_path / "r.db"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    leaders = {arm["arm"]: (arm["leaders"], arm.get("chosen_in")) for arm in told["arms"]}
    assert leaders == {"random": (None, None), "hubs": (None, "world"), "named": (["p03", "p07"], None)}
    assert told["uncertain"] == ["uncertain_network"]


def test_precision_adds_worlds_where_the_network_is_uncertain(make_study: MakeStudy) -> None:
    asked = text(ROBUSTNESS).replace("worlds = 5", "precision = {{ half_width = 0.05 }}")
    study = make_study(text=asked, replicates=8)
    assert study.scenario.worlds == 30
    assert replace(study.scenario, worlds=40).worlds == 40
