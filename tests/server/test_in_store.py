"""Whether a run on the page is the one in the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.experiment.database import Database
from diffusion.experiment.plan import Study
from diffusion.experiment.store import Store
from diffusion.server.in_store import comparison, how_to_store, outcomes, stored_row
from diffusion.server.played import PlayedRun


@pytest.fixture(scope="module")
def stored(database: Path) -> tuple[Study, Store]:
    store = Store(Database(database))
    return store.study(store.find("built_in")), store


@pytest.mark.parametrize("replicate", [0, 17, 64, 199])
def test_every_stored_number_is_that_of_the_run_on_the_page(stored: tuple[Study, Store], replicate: int) -> None:
    study, store = stored
    for arm in study.arms:
        row = stored_row(study, arm, replicate, store)
        assert row is not None
        run = PlayedRun(arm, seed=study.scenario.seed, replicate=replicate)
        own, adopted = outcomes(run)
        assert {name: row[name] for name in own} == own
        assert row["adopted"] == adopted
        assert comparison(run, row, run.steps, "month").text.startswith("This is the run in the table, agent by agent:")
        run.close()


def test_before_the_last_step_nothing_is_claimed(stored: tuple[Study, Store]) -> None:
    study, store = stored
    run = PlayedRun(study.arms[0], seed=study.scenario.seed, replicate=3)
    row = stored_row(study, study.arms[0], 3, store)
    assert row is not None
    said = comparison(run, row, 5, "month")
    assert run.model.tick == 0
    assert said.text.startswith(f"The table has this run, and there it ends with {row['adopters']} of 180 adopted (")
    assert said.text.endswith("At month 36 the page says whether both are the same.")
    assert said.differences == ()


def test_a_run_that_differs_is_not_called_the_same(stored: tuple[Study, Store]) -> None:
    study, store = stored
    run = PlayedRun(study.arms[0], seed=study.scenario.seed, replicate=3)
    row = dict(stored_row(study, study.arms[0], 3, store) or {})
    wrong = {**row, "adopters": row["adopters"] + 1, "adopted": bytes(len(row["adopted"]))}
    said = comparison(run, wrong, run.steps, "month")
    assert said.text == "This run is not the one in the table:"
    assert said.differences == (
        f"adopters: {row['adopters']} on this page, {row['adopters'] + 1} stored",
        "the agents who have adopted at the end are not those that are stored",
    )


def test_a_run_that_is_not_stored_has_no_row(stored: tuple[Study, Store]) -> None:
    study, store = stored
    assert stored_row(study, study.arms[0], 200, store) is None
    assert stored_row(study, study.arms[0], 0, None) is None


def test_the_command_that_stores_names_the_database_where_it_is_another() -> None:
    said = {"default": "results/diffusion.db"}
    assert how_to_store("my study.toml", "results/diffusion.db", **said) == "diffusion run 'my study.toml'"
    assert how_to_store("s.toml", "other.db", **said) == "diffusion run s.toml --database other.db"
