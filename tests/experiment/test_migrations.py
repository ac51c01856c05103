"""Stores of older versions: brought up to date as a whole or not at all, and no number in them changes."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sql
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from experiment_cases import rows

from diffusion.errors import StoreError
from diffusion.experiment import database as database_module
from diffusion.experiment import migrations, runner, schema, study
from diffusion.experiment.database import Database
from diffusion.experiment.export import DrawsExported, export_worlds
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store

STORES = Path(__file__).parent / "stores"
KEPT = range(1, schema.SCHEMA_VERSION)
"""The versions of which a store is kept: all but the newest."""


def old_file(path, version):
    """Make the SQLite file of a version as it was written then."""
    path.parent.mkdir(exist_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript((STORES / f"v{version}.sql").read_text(encoding="utf-8"))
    connection.close()
    return path


def tables_in(connection):
    """Return every row of every table that is there, by the names of the columns, as far as they tell something."""
    there = schema.metadata.tables.keys() & set(sql.inspect(connection).get_table_names())
    told = {}
    for name in sorted(there - {"schema_version"}):
        found = [dict(row) for row in connection.execute(sql.text(f"SELECT * FROM {name}")).mappings()]
        told[name] = sorted(found, key=str)
    return told


@pytest.fixture(params=KEPT)
def version(request):
    return request.param


@pytest.fixture
def old_place(place, version, tmp_path):
    """Give the place of a store of an older version; on PostgreSQL the same rows in that version's tables."""
    if isinstance(place, Path):
        return old_file(place, version)
    file = sql.create_engine(
        f"sqlite:///{old_file(tmp_path / 'old' / 'runs.db', version)}", poolclass=sql.pool.NullPool
    )
    target = sql.create_engine(str(place).replace("://", "+psycopg://"), poolclass=sql.pool.NullPool)
    with file.begin() as source, target.begin() as connection:
        migrations.migrate(connection, 0, until=version)
        connection.execute(sql.text(f"COMMENT ON TABLE schema_version IS '{schema.MARK}'"))
        tables = sql.MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name in schema.metadata.tables and table.name != "schema_version":
                found = [dict(row) for row in source.execute(sql.select(table)).mappings()]
                connection.execute(table.insert(), found)
        for name in ("series", "provenance"):
            connection.execute(
                sql.text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
            )
    return place


def test_there_is_a_store_of_every_older_version_and_one_history_that_ends_with_the_schema():
    assert sorted(path.stem for path in STORES.glob("*.sql")) == [f"v{number}" for number in KEPT]
    history = ScriptDirectory(str(migrations.FOLDER))
    revisions = [script.revision for script in history.walk_revisions()]
    assert revisions == [str(number) for number in range(schema.SCHEMA_VERSION, 0, -1)]


def rules(connection, within=None):
    """Return the checks and keys of every table, as the database tells them."""
    look = sql.inspect(connection)
    told = {}
    for table in schema.metadata.tables:
        checks = {(found["name"], found["sqltext"]) for found in look.get_check_constraints(table, schema=within)}
        keys = {
            (found["name"], found["referred_table"], tuple(found["referred_columns"]), str(found["options"]))
            for found in look.get_foreign_keys(table, schema=within)
        }
        told[table] = (checks, keys, look.get_pk_constraint(table, schema=within)["name"])
    return told


def test_the_history_makes_the_tables_of_the_schema(make_store):
    database = make_store().database
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    with database.writing() as connection:
        made = rules(connection)
        if database.is_file:
            with sql.create_engine("sqlite://", poolclass=sql.pool.NullPool).begin() as other:
                schema.metadata.create_all(other)
                wanted = rules(other)
        else:
            connection.exec_driver_sql("CREATE SCHEMA fresh")
            connection.exec_driver_sql("SET LOCAL search_path TO fresh")
            schema.metadata.create_all(connection, checkfirst=False)
            wanted = rules(connection, "fresh")
    assert made == wanted
    assert sum(len(checks) for checks, _, _ in made.values()) > 30


def test_a_store_of_an_older_version_keeps_every_row_and_every_result(old_place, version, monkeypatch):
    before = Database(old_place)
    assert before.migrated_from is None
    with before.reading() as connection:
        old_rows = tables_in(connection)
    opened = Database(old_place, create=True)
    assert (opened.migrated_from, opened.is_new) == (version, False)
    with opened.reading() as connection:
        assert tables_in(connection) == {"draws": [], **old_rows}
        assert len(old_rows["runs"]) == 840
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    assert Database(old_place, create=True).migrated_from is None
    [record] = Store(opened).records(Store(opened).find("who"))
    monkeypatch.setattr(study, "MODEL_VERSION", record["model_version"])
    stored = Store(opened).study(Store(opened).find("who"))
    told = json.loads(json.dumps(study_result(stored, Store(opened), outcomes=["adopted_share", "spread"]).as_json()))
    then = json.loads((STORES / f"v{version}.json").read_text(encoding="utf-8"))
    assert {name: told[name] for name in then} == then, "more may be told now, but every number is the same"


def test_an_older_store_that_was_brought_up_to_date_goes_on(old_place, monkeypatch):
    store = Store(Database(old_place, create=True))
    [record] = store.records(store.find("who"))
    monkeypatch.setattr(study, "MODEL_VERSION", record["model_version"])
    again = store.study(store.find("who"))
    with store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM runs WHERE replicate >= 64")
    store.save(again, record)
    assert runner.run(again, store)
    assert len(rows(store)) == 840
    assert len(store.records(store.find("who"))) == 2


def test_the_draws_of_an_older_store_are_kept_when_its_study_goes_on(old_place, version, tmp_path, monkeypatch):
    store = Store(Database(old_place))
    [record] = store.records(store.find("who"))
    monkeypatch.setattr(study, "MODEL_VERSION", record["model_version"])
    again = store.study(store.find("who"))
    draws = 0 if version == 1 else 4 * (1 + 2 + 1)
    file = tmp_path / "worlds.csv"
    assert export_worlds(again, store, file) == DrawsExported(draws, recomputed=draws)
    before = file.read_bytes() if draws else b""
    store = Store(Database(old_place, create=True))
    store.save(again, record)
    assert export_worlds(again, store, file) == DrawsExported(draws, recomputed=0)
    assert before == (file.read_bytes() if draws else b"")


def test_a_migration_that_fails_in_the_end_has_changed_nothing(old_place, version, monkeypatch):
    migrate = migrations.migrate

    def failing(connection, found):
        migrate(connection, found)
        raise StoreError("killed")

    before = Database(old_place)
    with before.reading() as connection:
        old_rows = tables_in(connection)
    monkeypatch.setattr(migrations, "migrate", failing)
    with pytest.raises(StoreError, match="killed"):
        Database(old_place, create=True)
    monkeypatch.undo()
    with Database(old_place).reading() as connection:
        assert tables_in(connection) == old_rows
        assert connection.execute(sql.select(schema.versions.c.version)).scalar() == version
    assert Database(old_place, create=True).migrated_from == version


def test_a_store_that_is_too_old_to_be_read_as_it_is_says_how_to_bring_it_up_to_date(old_place, monkeypatch):
    monkeypatch.setattr(database_module, "READABLE_SINCE", schema.SCHEMA_VERSION)
    with pytest.raises(StoreError, match=r"written by an older version .* diffusion studies migrate"):
        Database(old_place)
    assert Database(old_place, create=True).migrated_from


def test_rows_of_a_damaged_file_that_refer_to_nothing_are_told(tmp_path):
    path = old_file(tmp_path / "runs.db", 1)
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM series WHERE id = 1")
    connection.close()
    with pytest.raises(StoreError, match="rows refer to others that are not there"):
        Database(path, create=True)
    assert Database(path).migrated_from is None
