"""A store on PostgreSQL: what is said when it cannot be used, and rows in its binary form."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from experiment_cases import played, rows
from hypothesis import given
from hypothesis import strategies as st
from postgres import told

from diffusion.errors import DatabaseError, StoreError
from diffusion.experiment.binary_copy import packed, rows_in_parts, unpacked
from diffusion.experiment.database import Database
from diffusion.experiment.postgresql import PostgresqlServer
from diffusion.experiment.provenance import record
from diffusion.experiment.store import Store

LARGEST = 2**31 - 1


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "postgresql://me:secret@127.0.0.1:1/study",
            r"postgresql://127\.0\.0\.1:1/study: cannot be reached \(.*\); see",
        ),
        ("postgresql://me:secret@no-such-host.invalid/a", r"no-such-host\.invalid/a: no machine of this name is known"),
        ("postgresql://host", r"postgresql://…: names no database; write postgresql://USER@HOST/DATABASE"),
        ("postgresql://me:secret@host:port/a", r"postgresql://…: is no URL of a database; write"),
        ("postgresql+asyncpg://me:secret@host/a", r"postgresql\+asyncpg://…: only the driver psycopg is used"),
    ],
)
def test_a_url_that_leads_nowhere_is_told_in_one_line_without_the_password(postgresql_url, url, message):
    del postgresql_url  # the driver must be there
    with pytest.raises(StoreError, match=message) as found:
        Database(url)
    assert len(found.value.problems) == 1
    assert "secret" not in str(found.value)


def test_a_database_and_a_user_that_are_not_there_are_told(own_postgresql):
    at = f"127.0.0.1:{own_postgresql.port}"
    with pytest.raises(StoreError, match="/nothing: has no such database; make it first, for instance with createdb"):
        Database(f"{own_postgresql.url}/nothing", create=True)
    with pytest.raises(StoreError, match="knows no such user; see the name before the @ in the URL"):
        Database(f"postgresql://stranger@{at}/postgres")


def test_a_wrong_password_is_told_and_the_right_one_opens(own_postgresql, postgresql_place):
    # The server asks nobody for a password; its file of rules is changed for this test.
    rules = own_postgresql.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    name = postgresql_place.rpartition("/")[2]
    told(own_postgresql.url, "CREATE ROLE keeper LOGIN PASSWORD 'right'")
    told(own_postgresql.url, f"ALTER DATABASE {name} OWNER TO keeper")
    try:
        rules.write_text(f"host all keeper 127.0.0.1/32 scram-sha-256\n{before}")
        told(own_postgresql.url, "SELECT pg_reload_conf()")
        for password in (":wrong", ""):
            with pytest.raises(StoreError, match="refuses the user name or the password") as found:
                Database(f"postgresql://keeper{password}@127.0.0.1:{own_postgresql.port}/{name}")
            assert "wrong" not in str(found.value)
        assert Database(f"postgresql://keeper:right@127.0.0.1:{own_postgresql.port}/{name}", create=True).is_new
    finally:
        rules.write_text(before)
        told(own_postgresql.url, "SELECT pg_reload_conf()")
        told(own_postgresql.url, f"ALTER DATABASE {name} OWNER TO tester")


def test_a_user_who_may_not_make_tables_is_told(own_postgresql, postgresql_place):
    told(own_postgresql.url, "CREATE ROLE guest LOGIN")
    with pytest.raises(StoreError, match="this user may not make or change its tables; ask whoever runs the server"):
        Database(postgresql_place.replace("tester@", "guest@"), create=True)


def test_a_database_without_the_driver_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(StoreError, match=r"needs an extra: pip install -e '\.\[postgresql\]'"):
        Database("postgresql://me@host/a")


def test_a_driver_that_does_not_start_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"the driver of PostgreSQL does not start .*; pip install"):
        PostgresqlServer("postgresql://me@host/a", 1).engine()


def test_tables_of_another_program_are_not_touched_and_others_may_stand_beside_ours(make_study, postgresql_place):
    server, _, name = postgresql_place.rpartition("/")
    database = Database(postgresql_place, create=True)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE things (id integer)")
    assert len(rows(played(make_study(), Store(Database(postgresql_place, create=True))))) == 200
    with database.writing() as connection:
        connection.exec_driver_sql("COMMENT ON TABLE schema_version IS 'of somebody else'")
    for create in (False, True):
        with pytest.raises(StoreError, match=f"{name}: is a database of another program"):
            Database(postgresql_place, create=create)
    assert server


def test_a_database_without_tables_is_no_store_yet(postgresql_place):
    with pytest.raises(StoreError, match="there is no database here; `diffusion run SCENARIO` makes one"):
        Database(postgresql_place)
    with pytest.raises(StoreError, match="is on a server, and no file"):
        _ = Database(postgresql_place, create=True).path


def test_an_error_that_is_not_known_is_told_as_the_server_tells_it_in_one_line(postgresql_place):
    database = Database(postgresql_place, create=True)
    with pytest.raises(DatabaseError, match="the database reports: division by zero"), database.reading() as connection:
        connection.exec_driver_sql("SELECT 1 / 0")


def test_no_password_is_kept_in_the_record_of_a_run(make_study):
    told_of = record(
        make_study(),
        [
            "--database",
            "postgresql://me:se/cr?et@host/study?password=secret&sslkey=/home/me/key",
            "--database=postgres://me:secret@host/study",
        ],
        "ensemble",
        1,
    )
    assert told_of["command"] == ["--database", "study", "--database=study"]


def test_rows_in_binary_form_are_what_the_server_makes_of_them(postgresql_place):
    psycopg = pytest.importorskip("psycopg")
    integers = [np.array([0, -1, LARGEST]), np.array([2**40, -(2**40), 0])]
    octets = np.array([[0, 255], [1, 2], [3, 4]], dtype=np.uint8)
    with psycopg.connect(postgresql_place) as connection:
        connection.execute("CREATE TABLE sample (a integer, b bigint, c bytea)")
        with connection.cursor() as cursor, cursor.copy("COPY sample FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(packed(integers, [4, 8], octets))
        assert connection.execute("SELECT a, b, c FROM sample").fetchall() == [
            (0, 2**40, b"\x00\xff"),
            (-1, -(2**40), b"\x01\x02"),
            (LARGEST, 0, b"\x03\x04"),
        ]
        with connection.cursor() as cursor, cursor.copy("COPY sample TO STDOUT (FORMAT BINARY)") as copy:
            parts = list(rows_in_parts(copy, 2))
    read = [unpacked(part, [4, 8]) for part in parts]
    assert [len(found) for _, found in read] == [2, 1]
    assert np.array_equal(np.concatenate([found for found, _ in read]), np.stack(integers, axis=1))
    assert np.array_equal(np.concatenate([found for _, found in read]), octets)


@given(
    numbers=st.lists(st.tuples(st.integers(-LARGEST, LARGEST), st.integers(-(2**62), 2**62)), min_size=1, max_size=20),
    width=st.integers(1, 9),
)
def test_rows_survive_the_binary_form(numbers, width):
    integers = np.array(numbers, dtype=np.int64)
    octets = (np.arange(len(numbers) * width) % 256).astype(np.uint8).reshape(-1, width)
    content = packed(list(integers.T), [4, 8], octets)
    read, found = unpacked(content[19:-2], [4, 8])
    assert np.array_equal(read, integers)
    assert np.array_equal(found, octets)


def test_rows_of_different_lengths_are_told_not_misread():
    one, two = (packed([np.array([1])], [4], np.zeros((1, width), dtype=np.uint8))[19:-2] for width in (1, 2))
    with pytest.raises(ValueError, match="rows differ in length"):
        unpacked(one + two, [4])
