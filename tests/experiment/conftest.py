"""Fixtures for studies and stores; a store is one on SQLite and one on PostgreSQL, and every test is of both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import killed_runs
import pytest
from experiment_cases import MakeStore, make_study, scenario_file
from postgres import fresh_database, mortal_postgresql, own_postgresql, postgresql_url, second_postgresql

from diffusion.experiment.database import Database
from diffusion.experiment.store import Store

__all__ = ["make_study", "mortal_postgresql", "own_postgresql", "postgresql_url", "scenario_file", "second_postgresql"]


@pytest.fixture
def postgresql_place(postgresql_url: str) -> Iterator[str]:
    """Give the URL of an empty database on PostgreSQL."""
    with fresh_database(postgresql_url) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Return where a store may be made, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return tmp_path / "results" / "runs.db"
    found: str = request.getfixturevalue("postgresql_place")
    return found


@pytest.fixture
def make_store(place: str | Path) -> MakeStore:
    """Return what makes a store, or opens the one that it made."""
    return lambda: Store(Database(place, create=True))


@pytest.fixture
def slow_scenario(scenario_file):
    """Write a study that takes some seconds: long chains of small batches."""
    path = scenario_file(replicates=killed_runs.REPLICATES, steps=2000)
    path.write_text(path.read_text().replace("transmission = 0.2", "transmission = 0.0005"))
    return path


@pytest.fixture
def make_file_store(tmp_path: Path) -> MakeStore:
    """Return the same for SQLite alone, for what holds of a file only."""
    return lambda: Store(Database(tmp_path / "results" / "runs.db", create=True))
