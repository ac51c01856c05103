"""The draws of uncertain numbers are kept, exported as they were, and never mixed with others."""

from __future__ import annotations

import csv
import json
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sql
from experiment_cases import UNCERTAIN, MakeStore, MakeStudy, drawn_numbers, played, rows

from diffusion.cli.main import main
from diffusion.errors import ClusterError, StoreError
from diffusion.experiment import draws_kept, remote, schema
from diffusion.experiment.database import Database
from diffusion.experiment.deleting import delete
from diffusion.experiment.draws_kept import StudyDraws, kept_of
from diffusion.experiment.environment import environment
from diffusion.experiment.export import DrawsExported, export_worlds
from diffusion.experiment.merging import merge
from diffusion.experiment.plan import Study, plan
from diffusion.experiment.precise import played_to_precision
from diffusion.experiment.replay import find_arm, replayed
from diffusion.experiment.store import Store
from diffusion.scenario import load_scenario

WHOLE = """
[[arms]]
name = "tour"
leaders.position = "out_degree"
interventions."tournée".kind = "broadcast"
interventions."tournée".probability = { uniform = [0.0, 0.2] }
interventions."tournée".from = { uniform = [1, 3] }
"""
"""An arm with a whole number that is uncertain, and a name that is not of ASCII."""

Draws = dict[tuple[str, int, str], float]


def draws_in(store: Store, study: Study) -> Draws:
    """Return what is kept of a study's arms and extra arms."""
    return {
        (arm.name, *key): value
        for arm in (*study.arms, *study.extras)
        for key, value in kept_of(store.database, arm).items()
    }


def count(store: Store) -> int:
    with store.database.reading() as connection:
        return int(connection.execute(sql.select(sql.func.count()).select_from(schema.draws)).scalar_one())


def told(store: Store, study: Study, file: Path) -> Draws:
    """Return what an export tells."""
    export_worlds(study, store, file)
    with file.open(encoding="utf-8") as text:
        return {(row["arm"], int(row["world"]), row["number"]): float(row["value"]) for row in csv.DictReader(text)}


def change(store: Store, study: Study, name: str, world: int, number: str) -> tuple[float, float]:
    """Make a store hold the next number to the one that was drawn, as another scipy might; return both."""
    [arm] = [arm for arm in study.arms if arm.name == name]
    value = kept_of(store.database, arm)[world, number]
    other = math.nextafter(value, math.inf)
    table = schema.draws
    with store.database.writing() as connection:
        query = sql.select(schema.series.c.id).where(schema.series.c.arm_digest == arm.arm_digest)
        of_arm = table.c.series == connection.execute(query).scalar_one()
        changed = table.update().where(of_arm, table.c.world == world, table.c.number == number)
        assert connection.execute(changed.values(value=other)).rowcount == 1
    return value, other


@pytest.fixture
def study(make_study: MakeStudy) -> Study:
    return make_study(text=UNCERTAIN, replicates=3, more=WHOLE)


@pytest.fixture
def store(study: Study, make_store: MakeStore) -> Store:
    return played(study, make_store())


@pytest.fixture
def other(tmp_path: Path, request: pytest.FixtureRequest, place: str | Path) -> Store:
    """Give a store on the other kind of database."""
    if not isinstance(place, str):
        return Store(Database(request.getfixturevalue("postgresql_place"), create=True))
    return Store(Database(tmp_path / "other" / "runs.db", create=True))


def test_every_number_is_kept_as_it_was_drawn_in_every_world(study: Study, store: Store) -> None:
    expected = {(row["arm"], row["world"], row["number"]): row["value"] for row in drawn_numbers(study)}
    # Under the broadcast somebody adopts where nobody leads, so that is an arm too.
    expected |= {("no leaders", *key[1:]): value for key, value in expected.items() if key[0] == "tour"}
    assert draws_in(store, study) == expected
    assert len(expected) == count(store) == 6 * (1 + 2 + 1 + 3 + 3)
    arm = study.arms[1]
    for world in range(6):
        there = arm.in_world(world, seed=5).setting.parameters
        assert expected["hubs", world, "adoption.transmission"] == there.adoption.transmission
        assert expected["hubs", world, "leaders.influence"] == there.leader_influence


def test_more_worlds_add_their_draws_and_change_none(study: Study, store: Store, scenario_file) -> None:
    before = draws_in(store, study)
    asked = load_scenario(scenario_file(text=UNCERTAIN, replicates=3, more=WHOLE))
    more = plan(asked.with_(worlds=9))
    store.save(more, {})
    assert draws_in(store, more).items() > before.items()
    assert count(store) == 9 * 10
    store.save(study, {})
    assert count(store) == 9 * 10, "fewer worlds take nothing away"


def test_a_precision_keeps_the_draws_of_the_worlds_that_it_adds(make_study: MakeStudy, make_store: MakeStore) -> None:
    asked = 'precision = { outcome = "adopted_share", half_width = 0.1 }\n[adoption]'
    text = UNCERTAIN.replace("worlds = 6\n", "").replace("[adoption]", asked.replace("{", "{{").replace("}", "}}"))
    study, store = make_study(text=text, replicates=4), make_store()

    def play(one: Study) -> None:
        played(one, store)

    found = played_to_precision(study, store, play)
    assert found.scenario.worlds > 20
    assert count(store) == found.scenario.worlds * 4


def test_extra_arms_keep_theirs_and_nothing_is_kept_of_what_an_arm_does_not_use(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    survey = '[uncertain_network]\nmode = "robustness"\nmissing_respondents = {{ uniform = [0.1, 0.2] }}\n\n[leaders]'
    text = UNCERTAIN.replace("[leaders]", f"external = 0.01\n\n{survey}").replace("seed", 'baseline = "hubs"\nseed')
    study = make_study(text=text, replicates=2)
    store = make_store()
    store.save(study, {})
    kept = draws_in(store, study)
    names = {name: {number for found, _, number in kept if found == name} for name, _, _ in kept}
    error, rate = "uncertain_network.missing_respondents", "adoption.transmission"
    assert names["random"] == {rate, error}
    assert names["random, on the given network"] == {rate}
    assert names["hubs, on the given network"] == {rate, "leaders.influence"}
    assert names["hubs"] == {rate, error, "leaders.influence"}
    assert names["no leaders"] == {rate, error}, "it is the hubs' arm without them, so nobody's influence matters"
    for (name, world, number), value in kept.items():
        assert value == kept[name.partition(",")[0], world, number], "all live through the same worlds"


def test_a_study_in_which_nothing_is_uncertain_keeps_none(make_study: MakeStudy, make_store: MakeStore) -> None:
    study = make_study(replicates=2)
    store = played(study, make_store())
    assert count(store) == 0
    assert export_worlds(study, store, Path("nowhere.csv").absolute()) == DrawsExported(0, 0)


def test_no_run_is_added_where_a_number_is_drawn_otherwise_and_one_line_says_what_differs(
    study: Study, store: Store, scenario_file
) -> None:
    value, other = change(store, study, "hubs", 4, "adoption.transmission")
    with store.database.writing() as connection:
        table = schema.provenance
        record = json.loads(connection.execute(sql.select(table.c.record)).scalar_one())
        record["versions"] |= {"scipy": "1.9.0", "networkx": "1.0"}
        connection.execute(table.update().values(record=json.dumps(record)))
    more = plan(load_scenario(scenario_file(text=UNCERTAIN, replicates=5, more=WHOLE)))
    entry, before = store.find("who"), rows(store)
    with pytest.raises(StoreError) as found:
        store.save(more, record)
    [line] = found.value.problems
    assert (
        f'the arm "hubs" has adoption.transmission = {other!r} in world 4 as stored, and {value!r} as drawn here'
        in line
    )
    assert (
        f"(here is scipy {environment()['versions']['scipy']} (then 1.9.0)); runs of other worlds are not mixed" in line
    )
    assert line.endswith("or name another database with --database")
    assert "networkx" not in line, "nothing is drawn with it"
    assert (store.find("who"), rows(store), len(store.records(entry))) == (entry, before, 1)


def test_a_number_that_no_version_explains_is_said_to_have_been_changed(study: Study, store: Store) -> None:
    for world in (1, 2, 3):
        change(store, study, "doubtful", world, "adoption.transmission")
    with pytest.raises(StoreError, match=r"in world 1 .*, and 2 more of the arm's draws differ \(nothing differs that"):
        store.save(study, {})


def test_another_study_with_the_same_arm_is_refused_too_and_not_saved(
    study: Study, store: Store, make_study: MakeStudy
) -> None:
    change(store, study, "random", 0, "adoption.transmission")
    with pytest.raises(StoreError, match='the arm "random" has'):
        store.save(make_study("other", text=UNCERTAIN, replicates=3), {})
    assert [entry.name for entry in store.studies()] == ["who"]


def test_two_programs_that_save_at_once_keep_every_draw_once(
    make_study: MakeStudy, make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draws_kept, "MOST_ROWS", 3)  # many transactions, that take turns
    study, store = make_study(text=UNCERTAIN, replicates=2), make_store()
    with ThreadPoolExecutor(4) as threads:
        numbers = list(threads.map(lambda _: make_store().save(study, {}), range(8)))
    assert len(set(numbers)) == 8
    assert count(store) == 6 * 4


def test_who_comes_second_with_other_numbers_is_refused_though_there_were_none_when_it_looked(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    study, store = make_study(text=UNCERTAIN, replicates=2), make_store()
    second = StudyDraws(study)
    second.check(store.database)
    store.save(study, {})
    change(store, study, "hubs", 5, "leaders.influence")
    with pytest.raises(StoreError, match=r'"hubs" has leaders\.influence = .* in world 5 as stored'):
        second.keep(store.database)


def test_an_export_tells_what_is_stored(study: Study, store: Store, tmp_path: Path) -> None:
    _, other = change(store, study, "tour", 2, "interventions.tournée.probability")
    file = tmp_path / "worlds.csv"
    assert export_worlds(study, store, file) == DrawsExported(60, 0)
    found = told(store, study, file)
    assert found == draws_in(store, study)
    assert found["tour", 2, "interventions.tournée.probability"] == other


def test_an_export_of_what_is_not_stored_draws_it_again_and_says_so(
    scenario_file, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, file = tmp_path / "runs.db", tmp_path / "runs.csv"
    study = plan(load_scenario(scenario_file(text=UNCERTAIN, replicates=3)))
    store = played(study, Store(Database(path, create=True)))
    words = ["studies", "export", "who", str(file), "--database", str(path)]
    assert main(words) == 0
    assert capsys.readouterr().err.splitlines()[1].startswith("24 draws of uncertain numbers written to ")
    with store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM draws WHERE world = 3")
    assert main(words) == 0
    assert capsys.readouterr().err.splitlines()[2].startswith("4 of them were not stored when the study was run (by an")
    assert told(store, study, file) == {
        (row["arm"], row["world"], row["number"]): row["value"] for row in drawn_numbers(study)
    }


def test_whole_numbers_are_exported_as_such(make_study: MakeStudy, make_store: MakeStore, tmp_path: Path) -> None:
    text = UNCERTAIN.replace("transmission = {{ normal = [0.1, 0.2] }}", "transmission = 0.2")
    text = text.partition('[[arms]]\nname = "hubs"')[0].replace("count = 2", "count = {{ choice = [1, 2, 3] }}")
    study, store = make_study(text=text, replicates=2), make_store()
    store.save(study, {})
    export_worlds(study, store, tmp_path / "worlds.csv")
    values = [line.rpartition(",")[2] for line in (tmp_path / "worlds.csv").read_text().split()]
    assert values[0] == "value"
    assert set(values[1:]) <= {"1", "2", "3"}


def test_a_replay_tells_which_number_is_drawn_otherwise(study: Study, store: Store) -> None:
    arm = find_arm(study, network=None, arm="hubs", cell=None, world=4)
    assert replayed(study, store, arm, 1).differences == ()
    value, other = change(store, study, "hubs", 4, "adoption.transmission")
    expected = f"adoption.transmission in world 4: {value!r} as drawn here, {other!r} as stored"
    assert replayed(study, store, arm, 1).differences == (expected,)
    assert replayed(study, store, find_arm(study, network=None, arm="hubs", cell=None, world=3), 1).differences == ()


def test_merging_takes_draws_over_in_either_direction(study: Study, store: Store, other: Store) -> None:
    merge(other.database, store.database)
    assert draws_in(other, study) == draws_in(store, study)
    with store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM draws WHERE world > 2")
    merge(store.database, other.database)
    assert draws_in(store, study) == draws_in(other, study)
    merge(store.database, other.database)
    assert count(store) == 60


def test_databases_that_drew_other_numbers_are_not_merged(
    study: Study, store: Store, other: Store, make_study: MakeStudy
) -> None:
    played(make_study("more", text=UNCERTAIN, replicates=4), other)
    value, changed = change(store, study, "hubs", 4, "leaders.influence")
    before = (count(store), rows(store))
    with pytest.raises(StoreError) as found:
        merge(store.database, other.database)
    [line] = found.value.problems
    assert (
        f'the arm "hubs" of the study "more" has leaders.influence = {value!r} in world 4, and {changed!r} in' in line
    )
    assert line.endswith("so its runs were played in other worlds: keep the two databases apart")
    assert (count(store), rows(store)) == before


def test_draws_go_with_the_last_study_that_needs_them(store: Store, make_study: MakeStudy) -> None:
    played(make_study("other", text=UNCERTAIN, replicates=3), store)
    assert count(store) == 60, "the arms that are shared have their draws once"
    delete(store, store.find("who"))
    assert count(store) == 24
    delete(store, store.find("other"))
    assert count(store) == 0


def test_a_machine_of_a_cluster_that_draws_otherwise_plays_nothing(study: Study) -> None:
    arm = study.arms[1]
    sent = remote.SentArm.of(arm, seed=5, replicates=3)
    numbers = remote.drawn_in_places(arm, 5, [(4, 0), (5, 0)])
    assert set(numbers) == {(world, path) for world in (4, 5) for path in arm.setting.drawn(5, 0)}
    assert set(remote.play(sent, arm.network, [(4, 0), (5, 0)], numbers).runs) == {(4, 0), (5, 0)}
    other = {**numbers, (5, "leaders.influence"): math.nextafter(numbers[5, "leaders.influence"], 0)}
    with pytest.raises(ClusterError, match=r'draws leaders\.influence of the arm "hubs" in world 5 as .* has scipy'):
        remote.play(sent, arm.network, [(4, 0), (5, 0)], other)
