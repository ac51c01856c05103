"""What must hold of every row stands in the schema: a database refuses what breaks it, whoever writes it."""

from __future__ import annotations

import pytest
import sqlalchemy as sql
from experiment_cases import UNCERTAIN, played, rows

from diffusion.errors import DatabaseError, StoreError
from diffusion.experiment import schema

NOBODY = "0" * 32

BROKEN = {
    "schema_version": ["version = 0", "id = 2"],
    "networks": ["digest = 'short'", "content = ''", "content = NULL", f"digest = '{NOBODY}'"],
    "studies": [
        f"digest = '{NOBODY}'",
        "name = ''",
        "name = NULL",
        "title = NULL",
        "scenario = ''",
        "created_at = 'yesterday'",
        "last_run_at = ''",
        "last_run_at = NULL",
    ],
    "study_networks": [
        "place = -1",
        "name = ''",
        "name = 'city'",
        "self_ties = -1",
        "repeats = -1",
        f"network = '{NOBODY}'",
        f"study = '{NOBODY}'",
        "synthetic = NULL",
    ],
    "series": ["setting_digest = 'short'", "arm_digest = ''", "leaders = ''", "id = 99 + id"],
    "study_arms": [
        "place = -1",
        "place = 1",
        "cell = -1",
        "arm = ''",
        "series = 99",
        "network = 'city'",
        f"study = '{NOBODY}'",
    ],
    "runs": [
        "series = 99",
        "world = -1",
        "replicate = -1",
        "replicate = 7",
        "adopters = -1",
        "adopters = ever_adopted + 1",
        "spread = adopters + 1",
        "spread = -1",
        "area_steps = -1",
        "time_to_half = -2",
        "organisations_reached = -2",
        "clipped_agent_steps = -1",
        "clipped_ties = -1",
        "adopted = NULL",
        "adopters = NULL",
        "clipped_ties = NULL",
    ],
    "draws": [
        "series = 99",
        "world = -1",
        "world = 3",
        "number = ''",
        "number = NULL",
        "value = NULL",
        "value = 9e999",
    ],
    "provenance": [f"study = '{NOBODY}'", "started_at = 'now'", "finished_at = 'then'", "record = ''"],
}
"""By table, what no row may be changed to."""

TWICE = [table for table in BROKEN if table not in {"series", "provenance"}]
"""The tables whose rows are told apart by what is in them, not by a number."""


@pytest.fixture
def store(make_study, make_store):
    found = played(make_study(replicates=10), make_store())
    found.save(make_study("unsure", text=UNCERTAIN, replicates=2), {})
    return found


def test_no_row_can_be_changed_to_what_breaks_a_rule(store):
    before = rows(store)
    for table, changes in BROKEN.items():
        for change in changes:
            with pytest.raises(DatabaseError) as found, store.database.writing() as connection:
                connection.exec_driver_sql(f"UPDATE {table} SET {change}")
            assert "\n" not in str(found.value), change
    assert rows(store) == before


def test_a_broken_rule_is_told_by_its_name_in_one_line(store):
    rule = "constraint.* ck_runs_spread_among_adopters|ck_runs_spread_among_adopters|spread <= adopters"
    with pytest.raises(DatabaseError, match=rule), store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE runs SET spread = adopters + 1")


def test_every_table_is_tried_and_every_column_that_may_not_be_missing_is_not_null():
    assert set(BROKEN) == set(schema.metadata.tables)
    optional = {
        f"{table.name}.{column.name}"
        for table in schema.metadata.tables.values()
        for column in table.columns
        if column.nullable
    }
    assert optional == {"provenance.finished_at"}


@pytest.mark.parametrize("table", TWICE)
def test_no_row_can_be_there_twice(store, table):
    found = schema.metadata.tables[table]
    with store.database.reading() as connection:
        row = dict(connection.execute(sql.select(found).limit(1)).mappings().one())
    with pytest.raises(DatabaseError, match=r"(?i)unique"), store.database.writing() as connection:
        connection.execute(found.insert().values(row))


def test_one_arm_in_one_setting_is_one_series(store):
    table = schema.series
    with store.database.reading() as connection:
        row = dict(connection.execute(sql.select(table).limit(1)).mappings().one())
    with pytest.raises(DatabaseError, match=r"(?i)unique"), store.database.writing() as connection:
        connection.execute(table.insert().values(row | {"id": 99}))


def test_what_others_need_cannot_be_deleted(store):
    for table in ("networks", "series"):
        with pytest.raises(DatabaseError, match=r"(?i)foreign key"), store.database.writing() as connection:
            connection.exec_driver_sql(f"DELETE FROM {table}")


def test_what_belongs_to_a_study_goes_with_it(store):
    with store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM studies")
    with store.database.reading() as connection:
        for table in (schema.study_arms, schema.study_networks, schema.provenance):
            assert not connection.execute(sql.select(table)).all()
    assert len(rows(store)) == 20


def test_a_transaction_that_breaks_a_rule_writes_nothing_of_what_it_wrote_before(store):
    def write():
        with store.database.writing() as connection:
            connection.exec_driver_sql("UPDATE studies SET title = 'changed'")
            connection.exec_driver_sql("UPDATE runs SET spread = -1")

    with pytest.raises(DatabaseError):
        write()
    assert {entry.title for entry in store.studies()} == {"Who should lead?"}


def test_reading_cannot_write_on_a_server(make_study, make_store):
    store = played(make_study(replicates=10), make_store())
    if not store.database.is_file:
        with pytest.raises(StoreError, match="can be read only"), store.database.reading() as connection:
            connection.exec_driver_sql("DELETE FROM runs")
    assert len(rows(store)) == 20
