"""How many runs a study is said to have: those that its answer rests on, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest
from best_cases import BEST, settled
from experiment_cases import SCENARIO, UNCERTAIN, MakeStore, MakeStudy, on_uncertain_network, played

from diffusion.experiment import runner
from diffusion.experiment.deleting import deletion
from diffusion.experiment.extras import extras_of
from diffusion.experiment.plan import Study
from diffusion.experiment.provenance import record
from diffusion.experiment.store import Store

BESIDE = """
[[arms]]
name = "named"
leaders.agents = ["p00", "p03"]

[[arms]]
name = "named without p00"
leaders.agents = ["p01", "p05"]

[[arms]]
name = "hubs, matched"
leaders.position = "betweenness"

[nulls]
matched = true
structure = {{ rewirings = 200, replicates = 20 }}

[credit]
counterfactual = true
shapley = true
replicates = 30
"""

ERRORS = 'mode = "robustness"\nmissing_ties = 0.2'


def smaller(study: Study, **sizes: int) -> Study:
    """Return the study with fewer replicates or worlds, as its file with other numbers would state it."""
    scenario = study.scenario.with_(**sizes)
    groups = []
    for group in study.groups:
        extras, unanswered = extras_of(group.arms, scenario)
        groups.append(replace(group, extras=extras, unanswered=unanswered))
    return replace(study, scenario=scenario, groups=tuple(groups))


def asked(study: Study) -> int:
    """Return how many runs a study asks for, those beside its arms included."""
    return sum(one.runs for one in study.played)


def told(store: Store) -> int:
    """Return how many runs the only study of a store is said to have, in the list and by itself."""
    [entry] = store.studies()
    assert store.find(entry.digest) == entry == store.named(entry.name)[0]
    return entry.runs


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (SCENARIO, {"replicates": 70}),
        (UNCERTAIN, {"replicates": 10}),
        (UNCERTAIN, {"worlds": 4}),
        (UNCERTAIN, {"worlds": 3, "replicates": 7}),
        (SCENARIO.replace("{more}", BESIDE), {"replicates": 15}),
        (on_uncertain_network(ERRORS, worlds=5), {"worlds": 3, "replicates": 6}),
    ],
    ids=["replicates", "fewer a world", "worlds", "both", "nulls and credit", "given network"],
)
def test_a_study_run_again_with_less_is_told_with_the_runs_that_it_now_rests_on(
    make_study: MakeStudy, make_store: MakeStore, text: str, sizes: dict[str, int]
) -> None:
    study, store = make_study(text=text, replicates=100 if "worlds" not in text else 12), make_store()
    played(study, store)
    assert told(store) == asked(study)
    now = smaller(study, **sizes)
    assert now.digest == study.digest
    played(now, store)
    assert told(store) == asked(now) < asked(study)
    gone = deletion(store, store.find("who"))
    assert (gone.runs, gone.shared) == (asked(study), 0)  # all of them go with it


def test_runs_that_another_study_added_to_shared_arms_are_that_study_s(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    store = played(make_study(replicates=70), make_store())
    played(make_study("whom", replicates=200), store)
    assert {entry.name: entry.runs for entry in store.studies()} == {"who": 140, "whom": 400}
    assert (store.find("who").runs, store.find("whom").runs) == (140, 400)
    assert (deletion(store, store.find("who")).runs, deletion(store, store.find("who")).shared) == (0, 400)


def test_arms_that_were_stopped_early_count_with_their_own_runs(make_study: MakeStudy, make_store: MakeStore) -> None:
    store = make_store()
    played(make_study("longer", text=BEST.replace("precision = {{ best_within = 0.02 }}", "replicates = 900")), store)
    study, _ = settled(make_study(text=BEST), store)
    assert study.scenario.stopped
    assert store.find("who").runs == asked(study) < 900 * 6
    assert {entry.name: entry.runs for entry in store.studies()} == {"who": asked(study), "longer": 900 * 6}


def test_of_a_study_that_is_not_complete_what_is_stored_is_counted(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    study, store = make_study(replicates=200), make_store()
    store.save(study, record(study, ["test"], "ensemble", 1))
    assert told(store) == 0
    shown: list[object] = []
    runner.run(study, store, report=shown.append, is_stopping=lambda: len(shown) > 1)
    with store.database.reading() as connection:
        there = connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one()
    assert told(store) == there
