"""Worlds in a study: all arms live through the same ones, more of them change nothing, and any run is replayed."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from experiment_cases import UNCERTAIN, MakeStore, MakeStudy, drawn_numbers, played, rows
from rich.console import Console
from scipy.stats import norm, truncnorm

from diffusion.cli.answer import print_answer
from diffusion.errors import InputError
from diffusion.experiment.export import DrawsExported, export_runs, export_worlds, worlds_file
from diffusion.experiment.plan import Study
from diffusion.experiment.replay import find_arm, replayed
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store
from diffusion.experiment.worlds import arm_runs, in_first_world


@pytest.fixture
def study(make_study: MakeStudy) -> Study:
    return make_study(text=UNCERTAIN, replicates=70)


@pytest.fixture
def stored(study: Study, make_store: MakeStore) -> Store:
    return played(study, make_store())


def test_every_world_has_all_its_replicates_and_parameters_of_its_own(study: Study, stored: Store) -> None:
    kept = rows(stored)
    assert len(kept) == 3 * 6 * 70
    hubs = [one.in_world(world, seed=5).setting.parameters for one in study.arms[1:2] for world in range(6)]
    assert len({parameters.adoption.transmission for parameters in hubs}) == 6
    assert {parameters.leader_influence for parameters in hubs} == {1.0, 2.0}
    assert all(0 <= parameters.adoption.transmission <= 1 for parameters in hubs)


def test_arms_that_state_the_same_live_through_the_same_worlds_and_others_stay_paired(study: Study) -> None:
    drawn = {(row["arm"], row["world"]): row["value"] for row in drawn_numbers(study) if "transm" in row["number"]}
    shared = [drawn["random", world] for world in range(6)]
    assert shared == [drawn["hubs", world] for world in range(6)]
    other = [drawn["doubtful", world] for world in range(6)]
    assert other != shared
    assert np.argsort(other).tolist() == np.argsort(shared).tolist()


def test_more_worlds_replicates_or_arms_change_no_stored_run(
    stored: Store, make_study: MakeStudy, make_store: MakeStore
) -> None:
    before = rows(stored)
    more = '\n[[arms]]\nname = "more"\nleaders.position = "in_degree"\nadoption.external = { uniform = [0.0, 0.1] }\n'
    larger = make_study(
        text=UNCERTAIN.replace("worlds = 6", "worlds = 9"),
        replicates=130,
        more=more.replace("{", "{{").replace("}", "}}").format(),
    )
    after = rows(played(larger, make_store()))
    assert set(before) < set(after)
    assert len({row[:4] for row in after}) == len(after)


def test_results_read_runs_world_after_world(study: Study, stored: Store) -> None:
    runs = arm_runs(stored, study.arms[1], study.scenario)
    third = stored.runs(study.arms[1].in_world(2, seed=5), seed=5, replicates=70)
    assert runs.replicates == 6 * 70
    assert runs.adopters[140:210].tolist() == third.adopters.tolist()
    drawn = arm_runs(stored, study.arms[0], study.scenario)
    assert (drawn.leaders.sum(axis=1) == 2).all()
    assert (drawn.leaders[:70] != drawn.leaders[70:140]).any()


@pytest.mark.parametrize("world", [0, 5])
@pytest.mark.parametrize("arm", ["random", "hubs", "doubtful"])
def test_a_run_of_any_world_is_replayed(study: Study, stored: Store, arm: str, world: int) -> None:
    run = replayed(study, stored, find_arm(study, network=None, arm=arm, cell=None, world=world), 65)
    assert run.differences == ()
    assert run.as_json()["world"] == world


def test_a_run_of_another_world_is_another(study: Study, stored: Store) -> None:
    first, second = (find_arm(study, network=None, arm="hubs", cell=None, world=world) for world in (0, 1))
    told = {name: replayed(study, stored, arm, 3).outcomes for name, arm in (("first", first), ("second", second))}
    assert stored.run(first, 3) != stored.run(second, 3) or told["first"] == told["second"]
    swapped = replace(first, setting=second.setting)
    assert any(replayed(study, stored, swapped, replicate).differences for replicate in range(5))


def test_a_world_must_be_named_where_there_are_several(study: Study) -> None:
    with pytest.raises(InputError, match="--world: must be a whole number between 0 and 5; it is not given"):
        find_arm(study, network=None, arm="hubs", cell=None)
    with pytest.raises(InputError, match="got 6"):
        find_arm(study, network=None, arm="hubs", cell=None, world=6)


def test_the_json_tells_worlds_what_is_uncertain_and_what_intervals_count(study: Study, stored: Store) -> None:
    told = json.loads(json.dumps(study_result(study, stored).as_json(), allow_nan=False))
    assert told["worlds"] == 6
    assert told["unit"] == "world"
    assert told["uncertain"] == ["adoption.transmission", "leaders.influence"]
    assert {(arm["worlds"], arm["replicates"]) for arm in told["arms"]} == {(6, 70)}
    [found] = [one for one in told["comparisons"] if one["arm"] == "hubs" and one["outcome"] == "adopted_share"]
    assert found["better_in"] + found["worse_in"] + found["undecided_in"] == 6
    assert found["variance_within"] > 0 <= found["variance_between"]


def test_terminal_and_json_tell_what_is_cut_of_a_distribution_and_what_remains(study: Study, stored: Store) -> None:
    result = study_result(study, stored)
    [found] = json.loads(json.dumps(result.as_json(), allow_nan=False))["cut"]  # the arm with a uniform has nothing cut
    known = truncnorm(-0.5, 4.5, 0.1, 0.2)
    assert found["path"] == "adoption.transmission"
    assert found["distribution"] == {"normal": [0.1, 0.2]}
    assert (found["low"], found["high"], found["varies_between"]) == (0, 1, "worlds")
    assert found["cut_away"] == pytest.approx(norm.cdf(-0.5) + norm.sf(4.5))
    assert [found[key] for key in ("median", "mean", "sd")] == pytest.approx(
        [known.median(), known.mean(), known.std()]
    )
    print_answer(result, out=Console(file=(printed := StringIO()), width=400))
    said = "adoption.transmission: normal(0.1, 0.2) is cut to between 0 and 1, which takes 30.9 % of it away"
    assert printed.getvalue().count(said) == 1


def test_the_answer_says_that_worlds_are_counted(study: Study, stored: Store) -> None:
    [group] = study_result(study, stored).groups
    told = " ".join(group.sentences("adopted_share"))
    assert "over 6 worlds of 70 runs" in told
    assert "All arms live through the same 6 worlds" in told
    assert "adoption.transmission and leaders.influence are drawn anew" in told
    assert "a world counts only where the lead exceeds twice its Monte Carlo error" in told
    assert "due to not knowing the world" in told
    assert "420" not in told


def test_exports_have_every_world_and_what_was_drawn_beside(study: Study, stored: Store, tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    assert export_runs(study, stored, file).runs == 3 * 6 * 70
    assert export_worlds(study, stored, worlds_file(file)) == DrawsExported(6 * (1 + 2 + 2) - 6, 0)
    with file.open() as text:
        found = list(csv.DictReader(text))
    assert {(row["world"], row["replicate"]) for row in found} == {
        (str(w), str(r)) for w in range(6) for r in range(70)
    }
    with (tmp_path / "runs_worlds.csv").open() as text:
        drawn = list(csv.DictReader(text))
    expected = {(row["arm"], row["world"], row["number"]): row["value"] for row in drawn_numbers(study)}
    assert {(row["arm"], int(row["world"]), row["number"]): float(row["value"]) for row in drawn} == expected


def test_a_stored_study_is_drawn_again_from_what_was_stored(study: Study, stored: Store) -> None:
    again = stored.study(stored.find(study.name))
    assert again.scenario == study.scenario
    assert list(drawn_numbers(again)) == list(drawn_numbers(study))
    assert study_result(again, stored).as_json() == study_result(study, stored).as_json()


def test_single_runs_are_shown_of_the_first_world(study: Study, stored: Store) -> None:
    first = in_first_world(study)
    assert first.digest == study.digest
    assert first.scenario.title.endswith("(the first of 6 worlds)")
    assert stored.run(first.arms[1], 3) == stored.run(study.arms[1].in_world(0, seed=5), 3)
    assert first.arms[1].setting.parameters == study.arms[1].in_world(0, seed=5).setting.parameters


def test_agents_keep_their_thresholds_in_all_replicates_of_a_world(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    text = UNCERTAIN.replace('rule = "contagion"', 'rule = "threshold"\nexposure = "share"').replace(
        "transmission = {{ normal = [0.1, 0.2] }}", 'threshold = {{ beta = [2, 3], drawn_per = "world" }}'
    )
    text = (
        text[: text.index('[[arms]]\nname = "doubtful"')]
        .replace("leaders.influence = {{ choice = [1, 2] }}", "")
        .replace("count = 2", "count = 1")
        + "{more}"
    )
    study = make_study(text=text, replicates=70)
    store = played(study, make_store())
    hubs = arm_runs(store, study.arms[1], study.scenario).adopters.reshape(6, 70)
    assert (hubs == hubs[:, :1]).all()
    assert len(set(hubs[:, 0].tolist())) > 1
    assert study.scenario.uncertain_paths() == ("adoption.threshold",)


def test_leaders_of_low_thresholds_are_chosen_world_by_world(make_study: MakeStudy) -> None:
    text = UNCERTAIN.replace('rule = "contagion"', 'rule = "threshold"\nexposure = "share"').replace(
        "transmission = {{ normal = [0.1, 0.2] }}", 'threshold = {{ beta = [2, 3], drawn_per = "world" }}'
    )
    text = (
        text[: text.index('[[arms]]\nname = "hubs"')]
        + '[[arms]]\nname = "low"\nleaders.position = "low_threshold"\n{more}'
    )
    study = make_study(text=text, replicates=70)
    tables = [study.arms[1].in_world(world, seed=5).leader_table(seed=5, replicates=70) for world in range(6)]
    assert all((table == table[0]).all() for table in tables)
    assert len({table[0].tobytes() for table in tables}) > 1


def test_studies_in_which_nothing_is_uncertain_keep_their_digests(make_study: MakeStudy) -> None:
    plain = make_study(replicates=3)
    assert plain.scenario.worlds == 1
    assert "worlds" not in plain.scenario.canonical()
    assert "uncertain" not in plain.arms[0].setting.canonical()["parameters"]
    assert plain.digest == "4369a7cf44784cb6033545641d6122ef"  # as before there were worlds


def test_a_design_is_part_of_what_runs_are_called(make_study: MakeStudy) -> None:
    text = UNCERTAIN.replace("worlds = 6", "worlds = 20\ndesign = {{ sobol = 2 }}")
    spread, plain = make_study(text=text), make_study(text=UNCERTAIN)
    assert spread.arms[0].setting_digest != plain.arms[0].setting_digest
    assert spread.arms[0].arm_digest == plain.arms[0].arm_digest
