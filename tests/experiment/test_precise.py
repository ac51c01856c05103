"""A stated precision: a study is played until its differences are known so well, and is then the same ever after."""

from __future__ import annotations

import pytest
from experiment_cases import SCENARIO, UNCERTAIN, MakeStore, MakeStudy, played, rows

from diffusion.errors import InputError
from diffusion.experiment.plan import Study
from diffusion.experiment.precise import played_to_precision
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store

PRECISE = SCENARIO.replace("replicates = {replicates}", "precision = {{ half_width = 0.03 }}")
OF_WORLDS = UNCERTAIN.replace("worlds = 6", "precision = {{ half_width = 0.06 }}")


def settled(study: Study, store: Store) -> tuple[Study, list[str]]:
    told: list[str] = []

    def play(one: Study) -> None:
        played(one, store)

    return played_to_precision(study, store, play, told.append), told


def reach(study: Study, store: Store) -> float:
    """Return how far the widest simultaneous interval reaches from its difference."""
    found = study_result(study, store, outcomes=["adopted_share"])
    return max(
        max((one.high_all or 1.0) - (one.difference or 0.0), (one.difference or 0.0) - (one.low_all or -1.0))
        for one in found.groups[0].comparisons
    )


def test_replicates_are_added_until_differences_are_known(make_study: MakeStudy, make_store: MakeStore) -> None:
    store = make_store()
    study, told = settled(make_study(text=PRECISE), store)
    assert study.scenario.replicates > 128
    assert study.scenario.replicates % 64 == 0
    assert reach(study, store) <= 0.03
    assert told[0].startswith("After 128 replicates differences are known to within 0.0")
    assert told[-1].endswith("as was asked (to within 0.03).")


def test_worlds_are_added_where_something_is_uncertain(make_study: MakeStudy, make_store: MakeStore) -> None:
    store = make_store()
    study, told = settled(make_study(text=OF_WORLDS, replicates=10), store)
    assert study.scenario.worlds >= 30
    assert study.scenario.replicates == 10
    assert reach(study, store) <= 0.06
    assert "worlds" in told[0]


def test_under_a_design_whole_randomisations_are_added(make_study: MakeStudy, make_store: MakeStore) -> None:
    text = OF_WORLDS.replace("seed = 5", "seed = 5\ndesign = {{ latin-hypercube = 3 }}")
    study, _ = settled(make_study(text=text, replicates=10), make_store())
    assert study.scenario.worlds % 3 == 0
    assert study.scenario.worlds >= 30


def test_playing_again_adds_nothing_and_the_stopping_rule_is_stored(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    store = make_store()
    study, _ = settled(make_study(text=PRECISE), store)
    before = rows(store)
    again, _ = settled(make_study(text=PRECISE), store)
    assert again.scenario.replicates == study.scenario.replicates
    assert rows(store) == before
    kept = store.study(store.find(study.name)).scenario
    assert kept.precision == study.scenario.precision
    assert kept.replicates == study.scenario.replicates
    told = study_result(study, store).as_json()["precision"]
    assert told["half_width"] == 0.03
    assert "Chow & Robbins 1965" in told["rule"]


def test_more_runs_than_were_needed_do_not_move_the_stop(make_study: MakeStudy, make_store: MakeStore) -> None:
    store = make_store()
    many = make_study(replicates=2_000)
    played(many, store)
    study, _ = settled(make_study(text=PRECISE), store)
    fresh, _ = settled(make_study("fresh", text=PRECISE), make_store())
    assert study.scenario.replicates == fresh.scenario.replicates < 2_000


def test_replicates_cannot_be_stated_beside_a_precision(make_study: MakeStudy) -> None:
    with pytest.raises(InputError, match="precision: says how many replicates there are"):
        make_study(text=PRECISE.replace("seed = 5", "seed = 5\nreplicates = {replicates}"))
    with pytest.raises(InputError, match="replicates: follow from the precision"):
        make_study(text=PRECISE).scenario.with_(replicates=10)
    with pytest.raises(InputError, match="worlds: follow from the precision"):
        make_study(text=OF_WORLDS).scenario.with_(worlds=10)


def test_an_outcome_of_a_role_that_no_network_has_is_refused(make_study: MakeStudy, make_store: MakeStore) -> None:
    text = PRECISE.replace("half_width", 'outcome = "adopted_share.pilot", half_width')
    with pytest.raises(InputError, match=r"adopted_share\.pilot"):
        settled(make_study(text=text), make_store())
