"""Playing studies: the same runs whatever the engine, the workers, the batches and the interruptions."""

from __future__ import annotations

import tracemalloc

import pytest
from experiment_cases import played, rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diffusion.experiment import batches, runner
from diffusion.experiment.database import Database
from diffusion.experiment.store import Store

MORE = """
[[arms]]
name = "edge"
leaders.position = "marginal"
adoption.rule = "threshold"
adoption.threshold = { uniform = [0, 1] }
adoption.abandonment = 0.1

[awareness]
rule = "cascade"
transmission = 0.6
external = 0.05
"""


def fresh(tmp_path, name):
    return Store(Database(tmp_path / name, create=True))


def test_both_engines_store_the_same_runs(make_study, tmp_path):
    # The last block is not full, and one arm's rule differs from the scenario's.
    study = make_study(replicates=70, more=MORE)
    ensemble = played(study, fresh(tmp_path, "ensemble.db"))
    mesa = played(study, fresh(tmp_path, "mesa.db"), engine="mesa")
    assert rows(ensemble) == rows(mesa)
    assert len(rows(mesa)) == 70 * len(study.arms)


@pytest.mark.parametrize("workers", [2, 5])
def test_the_number_of_workers_changes_no_run(make_study, tmp_path, workers):
    study = make_study(replicates=1000)
    alone = played(study, fresh(tmp_path, "alone.db"))
    together = played(study, fresh(tmp_path, "together.db"), workers=workers)
    assert rows(alone) == rows(together)


def test_the_size_of_batches_changes_no_run(make_study, tmp_path, monkeypatch):
    study = make_study(replicates=1000)
    large = played(study, fresh(tmp_path, "large.db"))
    monkeypatch.setattr(batches, "LARGEST_BATCH_BYTES", 1)
    small = played(study, fresh(tmp_path, "small.db"))
    assert rows(large) == rows(small)


def test_progress_counts_what_was_stored_before_and_ends_with_all(make_study, make_store):
    store = played(make_study(replicates=100), make_store())
    shown: list[runner.Progress] = []
    played(make_study(replicates=300), store, report=shown.append)
    assert (shown[0].done, shown[0].stored_before, shown[0].total) == (200, 200, 600)
    assert shown[-1].done == 600
    assert [one.done for one in shown] == sorted(one.done for one in shown)


def test_arms_that_are_one_are_played_once(make_study, make_store):
    shown: list[runner.Progress] = []
    study = make_study(more='[[arms]]\nname = "hubs again"\nleaders.position = "out_degree"')
    played(study, make_store(), report=shown.append)
    assert (len(study.arms), shown[-1].total) == (3, 200)


def stopped_after(batches):
    """Return what says after so many batches that the run is to stop."""
    asked = iter(range(batches + 1))
    return lambda: next(asked, None) is None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stops=st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_a_study_that_is_stopped_again_and_again_ends_with_the_same_runs(make_study, tmp_path_factory, stops):
    folder = tmp_path_factory.mktemp("stopped")
    study = make_study(replicates=500)
    whole = played(study, fresh(folder, "whole.db"))
    store = fresh(folder, "stopped.db")
    before = batches.LARGEST_BATCH_BYTES
    batches.LARGEST_BATCH_BYTES = 1
    try:
        for after in stops:
            store.save(study, {})
            runner.run(study, store, is_stopping=stopped_after(after))
    finally:
        batches.LARGEST_BATCH_BYTES = before
    assert set(rows(store)) <= set(rows(whole))
    assert rows(played(study, store)) == rows(whole)


def peak_bytes(study, store):
    """Return how much memory Python takes at most while a study is played."""
    store.save(study, {})
    tracemalloc.start()
    try:
        assert runner.run(study, store, workers=2)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_length_of_a_study(make_study, tmp_path, monkeypatch):
    # Batches of four blocks, so that both studies have many; what may grow are a few bytes a run of one arm.
    monkeypatch.setattr(batches, "LARGEST_BATCH_BYTES", 4 * 64 * 1000)
    short = peak_bytes(make_study(replicates=4_000), fresh(tmp_path, "short.db"))
    long = peak_bytes(make_study(replicates=32_000), fresh(tmp_path, "long.db"))
    assert long - short < 5 * 28_000
