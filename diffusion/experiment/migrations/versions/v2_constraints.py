"""What must hold of every row, under names, in the schema; and foreign keys that say what goes with a study.

Every table is made anew and filled from the old one: version 1 did not name
its constraints, and SQLite cannot alter what has no name.
"""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "2"
down_revision = "1"

_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(column_0_N_label)s",
}
_OLD = "old_"


def upgrade() -> None:
    """Put the constraints into the schema."""
    connection = op.get_bind()
    metadata = sql.MetaData(naming_convention=_NAMES)
    _versions_and_networks(metadata)
    _studies(metadata)
    _series(metadata)
    _runs(metadata)
    for table, column in (("studies", "name"), ("study_arms", "series"), ("provenance", "study")):
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    for table in metadata.tables:
        op.rename_table(table, _OLD + table)
    metadata.create_all(connection)
    for new in metadata.sorted_tables:
        columns = [column.name for column in new.columns if (new.name, column.name) != ("schema_version", "id")]
        old = sql.table(_OLD + new.name, *map(sql.column, columns))
        connection.execute(new.insert().from_select(columns, sql.select(*(old.c[name] for name in columns))))
    for new in reversed(metadata.sorted_tables):
        op.drop_table(_OLD + new.name)
    if connection.dialect.name == "postgresql":
        for table in ("series", "provenance"):
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608 - names of ours
                f"(SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
            )


def _least(least: int, name: str) -> sql.CheckConstraint:
    return sql.CheckConstraint(f"{name} >= {least}", name=f"{name}_least")


def _digest(name: str) -> sql.CheckConstraint:
    return sql.CheckConstraint(f"length({name}) = 32", name=f"{name}_length")


def _said(name: str) -> sql.CheckConstraint:
    return sql.CheckConstraint(f"length({name}) > 0", name=f"{name}_said")


def _instant(name: str) -> sql.CheckConstraint:
    return sql.CheckConstraint(f"{name} LIKE '____-__-__T__:__:__%'", name=f"{name}_instant")


def _of_study() -> sql.ForeignKey:
    return sql.ForeignKey("studies.digest", ondelete="CASCADE")


def _versions_and_networks(metadata: sql.MetaData) -> None:
    one = sql.CheckConstraint("id = 1", name="one_row")
    sql.Table(
        "schema_version",
        metadata,
        sql.Column("id", sql.Integer, one, primary_key=True, server_default="1"),
        sql.Column("version", sql.Integer, _least(1, "version"), nullable=False),
        comment="diffusion: results of studies",
    )
    sql.Table(
        "networks",
        metadata,
        sql.Column("digest", sql.String(32), _digest("digest"), primary_key=True),
        sql.Column("content", sql.Text, _said("content"), nullable=False),
    )


def _studies(metadata: sql.MetaData) -> None:
    sql.Table(
        "studies",
        metadata,
        sql.Column("digest", sql.String(32), _digest("digest"), primary_key=True),
        sql.Column("name", sql.Text, _said("name"), nullable=False, index=True),
        sql.Column("title", sql.Text, nullable=False),
        sql.Column("scenario", sql.Text, _said("scenario"), nullable=False),
        sql.Column("scenario_text", sql.Text, nullable=False),
        sql.Column("created_at", sql.String(32), _instant("created_at"), nullable=False),
        sql.Column("last_run_at", sql.String(32), _instant("last_run_at"), nullable=False),
    )
    sql.Table(
        "study_networks",
        metadata,
        sql.Column("study", _of_study(), primary_key=True),
        sql.Column("place", sql.Integer, _least(0, "place"), primary_key=True),
        sql.Column("name", sql.Text, _said("name"), nullable=False),
        sql.Column("synthetic", sql.Boolean(create_constraint=True, name="synthetic_truth"), nullable=False),
        sql.Column("self_ties", sql.Integer, _least(0, "self_ties"), nullable=False),
        sql.Column("repeats", sql.Integer, _least(0, "repeats"), nullable=False),
        sql.Column("network", sql.ForeignKey("networks.digest"), nullable=False, index=True),
        sql.UniqueConstraint("study", "name"),
    )
    sql.Table(
        "provenance",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("study", _of_study(), nullable=False, index=True),
        sql.Column("started_at", sql.String(32), _instant("started_at"), nullable=False),
        sql.Column("finished_at", sql.String(32), _instant("finished_at")),
        sql.Column("record", sql.Text, _said("record"), nullable=False),
    )


def _series(metadata: sql.MetaData) -> None:
    sql.Table(
        "series",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("setting_digest", sql.String(32), _digest("setting_digest"), nullable=False),
        sql.Column("arm_digest", sql.String(32), _digest("arm_digest"), nullable=False),
        sql.Column("leaders", sql.Text, _said("leaders"), nullable=False),
        sql.UniqueConstraint("setting_digest", "arm_digest"),
    )
    sql.Table(
        "study_arms",
        metadata,
        sql.Column("study", _of_study(), primary_key=True),
        sql.Column("place", sql.Integer, _least(0, "place"), primary_key=True),
        sql.Column("network", sql.Text, nullable=False),
        sql.Column("cell", sql.Integer, _least(0, "cell"), nullable=False),
        sql.Column("arm", sql.Text, _said("arm"), nullable=False),
        sql.Column("series", sql.ForeignKey("series.id"), nullable=False, index=True),
        sql.ForeignKeyConstraint(
            ["study", "network"], ["study_networks.study", "study_networks.name"], ondelete="CASCADE"
        ),
    )


def _runs(metadata: sql.MetaData) -> None:
    kinds = {
        **dict.fromkeys(("world", "replicate"), (sql.Integer, 0)),
        **dict.fromkeys(("adopters", "ever_adopted", "spread"), (sql.Integer, 0)),
        "area_steps": (sql.BigInteger, 0),
        "time_to_half": (sql.Integer, -1),
        "organisations_reached": (sql.Integer, -1),
        **dict.fromkeys(("clipped_agent_steps", "clipped_ties"), (sql.BigInteger, 0)),
    }
    sql.Table(
        "runs",
        metadata,
        sql.Column("series", sql.ForeignKey("series.id"), primary_key=True),
        *(
            sql.Column(name, kind, _least(least, name), primary_key=name in {"world", "replicate"}, nullable=False)
            for name, (kind, least) in kinds.items()
        ),
        sql.Column("adopted", sql.LargeBinary, _said("adopted"), nullable=False),
        sql.CheckConstraint("spread <= adopters", name="spread_among_adopters"),
        sql.CheckConstraint("adopters <= ever_adopted", name="adopters_among_ever"),
        sqlite_with_rowid=False,
    )
