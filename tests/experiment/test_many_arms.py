"""Studies of many arms and worlds: read in few queries, planned and played without doing anything twice."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sql
from experiment_cases import SCENARIO, UNCERTAIN, MakeStore, MakeStudy, played, rows

from diffusion.experiment import playing
from diffusion.experiment.batches import Missing
from diffusion.experiment.export import export_runs
from diffusion.experiment.plan import Study
from diffusion.experiment.store import Store
from diffusion.experiment.worlds import arm_runs, clipped, in_worlds, joined
from diffusion.model.ensemble import Ensemble
from diffusion.scenario import sections
from diffusion.scenario import study as scenario_study

FIELDS = ("adopters", "spread", "area_steps", "time_to_half", "organisations_reached", "adopted_bits")
MANY = "".join(f'\n[[arms]]\nname = "arm {place}"\nleaders.position = "out_degree"\n' for place in range(40))


@pytest.fixture
def study(make_study: MakeStudy) -> Study:
    return make_study(text=UNCERTAIN, replicates=70)


@pytest.fixture
def stored(study: Study, make_store: MakeStore) -> Store:
    return played(study, make_store())


@contextmanager
def asked() -> Iterator[list[str]]:
    """Give the statements that databases are asked, as they come."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        found.append(" ".join(statement.split()))

    sql.event.listen(sql.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sql.event.remove(sql.Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("number", range(3))
def test_the_runs_of_all_worlds_of_an_arm_are_read_at_once_and_are_those_of_each(
    study: Study, stored: Store, number: int
) -> None:
    arm, scenario = study.arms[number], study.scenario
    parts = [stored.runs(one, seed=scenario.seed, replicates=70) for one in in_worlds(arm, scenario)]
    with asked() as statements:
        found = arm_runs(stored, arm, scenario)
    assert len([one for one in statements if "FROM runs" in one and "length" not in one]) <= 1
    assert len(statements) < 6
    whole = joined(parts)
    for name in FIELDS:
        assert np.array_equal(getattr(found, name), getattr(whole, name)), name
    assert np.array_equal(np.broadcast_to(found.leaders, whole.leaders.shape), whole.leaders)
    assert len(found.leaders) == (1 if arm.choice.is_fixed else 420)


def test_what_was_clipped_in_all_worlds_is_summed_in_one_query(study: Study, stored: Store) -> None:
    for arm in study.arms:
        by_world = [stored.clipped(one, 70) for one in in_worlds(arm, study.scenario)]
        assert clipped(stored, arm, study.scenario) == tuple(map(sum, zip(*by_world, strict=True)))


def test_an_export_that_reads_several_worlds_at_once_is_the_one_that_reads_parts_of_them(
    study: Study, stored: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for most in (2**16, 3 * 70, 64):
        monkeypatch.setattr("diffusion.experiment.run_rows.MOST_ROWS", most)
        files.append(tmp_path / f"{most}.csv")
        assert export_runs(study, stored, files[-1]).runs == 3 * 6 * 70
    assert len({file.read_text(encoding="utf-8") for file in files}) == 1
    with files[0].open(encoding="utf-8", newline="") as text:
        keys = [(row["arm"], int(row["world"]), int(row["replicate"])) for row in csv.DictReader(text)]
    assert keys == [(arm.name, world, run) for arm in study.arms for world in range(6) for run in range(70)]


def test_a_study_is_found_without_counting_the_runs_of_others(
    make_study: MakeStudy, stored: Store, study: Study
) -> None:
    played(make_study("whom"), stored)
    counts = {entry.name: entry.runs for entry in stored.studies()}
    assert counts == {"whom": 200, "who": 3 * 6 * 70}
    with asked() as statements:
        assert stored.find("who").runs == 3 * 6 * 70
        assert stored.find(study.digest[:8]).runs == 3 * 6 * 70
        assert [entry.runs for entry in stored.named("whom")] == [200]
        assert stored.named("nobody") == []
    counted = [one for one in statements if "FROM runs" in one]
    assert len(counted) == 3
    assert all("WHERE runs.series IN" in " ".join(one.split()) for one in counted)


def test_planning_takes_time_in_proportion_to_the_arms(make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def noted(*told: Any) -> Any:
        calls.append(1)
        return sections.merged(*told)

    monkeypatch.setattr(scenario_study, "merged", noted)
    assert len(make_study(text=SCENARIO, more=MANY).arms) == 42
    few = len(calls)
    calls.clear()
    twice = MANY + MANY.replace('"arm ', '"other ')
    assert len(make_study(text=SCENARIO, more=twice).arms) == 82
    assert len(calls) < 2.2 * few


def test_the_paths_of_uncertain_numbers_are_gathered_once(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ("adoption.transmission", "leaders.influence")
    assert study.scenario.uncertain_keys() == paths
    monkeypatch.setattr(type(study.scenario), "_uncertainties", lambda _: pytest.fail("gathered again"))
    assert study.scenario.uncertain_paths() == study.scenario.uncertain_keys() == paths


def test_arms_that_differ_in_leaders_alone_share_what_is_worked_out_in_every_world(
    make_study: MakeStudy, make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(*told: Any, **how: Any) -> Ensemble:
        made.append(how["world"])
        return Ensemble(*told, **how)

    more = '[[arms]]\nname = "idle"\nleaders.position = "marginal"\n[[arms]]\nname = "loud"\nleaders.influence = 2.0\n'
    more += 'leaders.position = "marginal"\n[[arms]]\nname = "bridges"\nleaders.position = "betweenness"\n'
    study = make_study(text=UNCERTAIN, replicates=20, more=more)
    store = make_store()
    alone = rows(played(make_study("few", text=UNCERTAIN, replicates=20), store))
    monkeypatch.setattr(playing, "Ensemble", counted)
    with store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM runs")
    assert set(rows(played(study, store))) > set(alone)
    # In each world leaders have an influence of 1, or of 2, which hubs draw and loud leaders have, or are doubtful.
    assert sorted(made) == sorted(3 * list(range(6)))


def test_arms_of_the_same_parameters_are_played_one_after_the_other(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    more = '[[arms]]\nname = "loud"\nleaders.influence = 2.0\nleaders.position = "marginal"\n'
    more += '[[arms]]\nname = "idle"\nleaders.position = "marginal"\n'
    study, store = make_study(text=SCENARIO, more=more), make_store()
    store.save(study, {"command": ["test"]})
    missing = Missing(study, store)
    missing.count(lambda: False)
    order = [batch.task.arm.name for batch in missing.batches("ensemble", lambda _: None)]
    assert list(dict.fromkeys(order)) == ["random", "hubs", "idle", "loud"]
