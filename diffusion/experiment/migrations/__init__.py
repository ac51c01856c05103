"""The history of the store's tables, one for SQLite and PostgreSQL, kept with Alembic.

A new store goes through the whole history, an older one through the rest of
it, in one transaction: a migration that is killed has not been. To change the
tables:

1. change :mod:`diffusion.experiment.schema` and raise ``SCHEMA_VERSION``;
2. add ``versions/vN_WHAT.py`` with ``revision = "N"`` and
   ``down_revision`` the one before. It must not import the schema, which will
   change again; a table is altered in ``op.batch_alter_table``;
3. keep a store of the version that is left, as ``tests/experiment/stores/vN.sql``.

Tests compare what the history makes with the schema, on both databases.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sql
from alembic import command, config

from diffusion.errors import StoreError
from diffusion.experiment.schema import SCHEMA_VERSION, versions

FOLDER = Path(__file__).parent


def migrate(connection: sql.Connection, found: int, *, until: int = SCHEMA_VERSION) -> None:
    """Bring the tables of a store from one version to a later one, in the connection's transaction.

    Parameters
    ----------
    connection
        A connection that alone may write, and does not check foreign keys.
    found
        The version that the tables have; 0 where there are none.
    until
        The version that they shall have.

    Raises
    ------
    StoreError
        If rows do not fit one another, which a damaged file may hold.
    """
    alembic = config.Config()
    alembic.set_main_option("script_location", FOLDER.as_posix().replace("%", "%%"))
    alembic.attributes["connection"] = connection
    if found and not sql.inspect(connection).has_table("alembic_version"):
        command.stamp(alembic, str(found))  # version 1 was made before there was a history
    command.upgrade(alembic, str(until))
    connection.execute(versions.update().values(version=until))
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError("the database is damaged: rows refer to others that are not there; restore a copy")
