"""A store in an SQLite file: what the file may be, and what is said when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from experiment_cases import played, rows

from diffusion.errors import DatabaseError, StoreError
from diffusion.experiment.database import Database
from diffusion.experiment.sqlite_file import SqliteFile, database_path
from diffusion.experiment.store import Store


def test_what_is_no_database_of_ours_is_refused_and_not_touched(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but a long enough text")
    with pytest.raises(StoreError, match="is no SQLite database"):
        Database(text, create=True)
    assert text.read_text().startswith("not a database")
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE things (id INTEGER)")
    connection.close()
    with pytest.raises(StoreError, match="is a database of another program"):
        Database(other, create=True)
    with pytest.raises(StoreError, match="is a folder"):
        Database(tmp_path, create=True)
    with pytest.raises(StoreError, match=r"no\.db: there is no database here"):
        Database(tmp_path / "no.db")
    assert not (tmp_path / "no.db").exists()


def test_an_empty_file_and_a_database_without_tables_are_no_database_yet(make_study, tmp_path):
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(StoreError, match=r"empty\.db: there is no database here"):
        Database(empty)
    assert empty.stat().st_size == 0
    bare = tmp_path / "bare.db"
    with sqlite3.connect(bare) as connection:
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert len(rows(played(make_study(), Store(Database(bare, create=True))))) == 200


def test_a_damaged_database_is_told_in_one_line(make_study, make_file_store):
    store = played(make_study(replicates=2000), make_file_store())
    content = bytearray(store.database.path.read_bytes())
    content[5000:] = bytes(len(content) - 5000)
    store.database.path.write_bytes(content)

    def read_all():
        damaged = Store(Database(store.database.path))
        damaged.runs(damaged.study(damaged.find("who")).arms[0], seed=5, replicates=2000)

    with pytest.raises(StoreError, match=r"is damaged and cannot be read|the database reports") as found:
        read_all()
    assert len(found.value.problems) == 1


def test_a_database_that_cannot_be_read_is_told(tmp_path):
    loop = tmp_path / "loop.db"
    loop.symlink_to(loop)
    for create in (False, True):
        with pytest.raises(StoreError, match=r"loop\.db: (cannot be|there is no database)") as found:
            Database(loop, create=create)
        assert len(found.value.problems) == 1


def test_a_locked_database_is_told(make_file_store):
    path = make_file_store().database.path
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match=r"is locked: another program has been writing to it for 0\.1 seconds"):
            Database(path, timeout_seconds=0.1)
        other.execute("ROLLBACK")
    other.close()


def test_only_paths_and_sqlite_urls_name_a_database():
    assert database_path("sqlite:////data/a.db").as_posix() == "/data/a.db"
    with pytest.raises(
        StoreError, match=r"mysql://…: results are stored in an SQLite file or on PostgreSQL; give a path"
    ):
        database_path("mysql://me:secret@host/db")
    with pytest.raises(StoreError, match="empty"):
        database_path("")


@contextmanager
def without_rights() -> Iterator[None]:
    """Give up the rights of root, who may write everywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_and_a_file_that_may_not_be_written_to_are_told_and_what_is_there_is_read(make_study):
    study = make_study()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        played(study, Store(Database(folder / "runs.db", create=True)))
        (folder / "runs.db").chmod(0o444)
        folder.chmod(0o555)
        before = (folder / "runs.db").read_bytes()
        with without_rights():
            store = Store(Database(folder / "runs.db", create=True))
            with pytest.raises(StoreError, match=r"runs\.db: cannot be written to; name a file with --database"):
                store.save(study, {})
            with pytest.raises(StoreError, match=r"new\.db: cannot be opened; see whether you may read and write"):
                Database(folder / "new.db", create=True)
            with pytest.raises(StoreError, match=r"runs\.db: cannot be made: Permission denied"):
                Database(folder / "below" / "runs.db", create=True)
            assert len(rows(store)) == 200
        folder.chmod(0o755)
        assert (folder / "runs.db").read_bytes() == before


def test_a_disk_that_is_full_is_told_and_what_was_stored_is_kept(make_study, make_file_store, monkeypatch):
    # SQLite's own bound on the file stands in for a disk here; test_faults.py fills a real one.
    study = make_study(replicates=2000)
    store = make_file_store()
    connect = SqliteFile._connected  # noqa: SLF001 - there is no other way to bound a file's size

    def bounded(file):
        connection = connect(file)
        connection.execute("PRAGMA max_page_count = 40")
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(SqliteFile, "_connected", bounded)
        with pytest.raises(
            DatabaseError, match=r"runs\.db: the disk is full; make room and run again: what was stored"
        ):
            played(study, Store(Database(store.database.path)))
    part = rows(store)
    assert len(rows(played(study, store))) == 4000
    assert set(part) < set(rows(store))
