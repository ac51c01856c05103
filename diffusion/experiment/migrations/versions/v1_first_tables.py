"""The tables as they were first: seven, and the number of their version."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    metadata = sql.MetaData()
    versions = sql.Table("schema_version", metadata, sql.Column("version", sql.Integer, nullable=False))
    sql.Table(
        "networks",
        metadata,
        sql.Column("digest", sql.String(32), primary_key=True),
        sql.Column("content", sql.Text, nullable=False),
    )
    _studies(metadata)
    _runs(metadata)
    metadata.create_all(op.get_bind())
    op.bulk_insert(versions, [{"version": 1}])


def _studies(metadata: sql.MetaData) -> None:
    sql.Table(
        "studies",
        metadata,
        sql.Column("digest", sql.String(32), primary_key=True),
        sql.Column("name", sql.Text, nullable=False, index=True),
        sql.Column("title", sql.Text, nullable=False),
        sql.Column("scenario", sql.Text, nullable=False),
        sql.Column("scenario_text", sql.Text, nullable=False),
        sql.Column("created_at", sql.String(32), nullable=False),
        sql.Column("last_run_at", sql.String(32), nullable=False),
    )
    sql.Table(
        "study_networks",
        metadata,
        sql.Column("study", sql.ForeignKey("studies.digest"), primary_key=True),
        sql.Column("place", sql.Integer, primary_key=True),
        sql.Column("name", sql.Text, nullable=False),
        sql.Column("synthetic", sql.Boolean, nullable=False),
        sql.Column("self_ties", sql.Integer, nullable=False),
        sql.Column("repeats", sql.Integer, nullable=False),
        sql.Column("network", sql.ForeignKey("networks.digest"), nullable=False),
    )
    sql.Table(
        "provenance",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("study", sql.ForeignKey("studies.digest"), nullable=False, index=True),
        sql.Column("started_at", sql.String(32), nullable=False),
        sql.Column("finished_at", sql.String(32)),
        sql.Column("record", sql.Text, nullable=False),
    )


def _runs(metadata: sql.MetaData) -> None:
    sql.Table(
        "series",
        metadata,
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("setting_digest", sql.String(32), nullable=False),
        sql.Column("arm_digest", sql.String(32), nullable=False),
        sql.Column("leaders", sql.Text, nullable=False),
        sql.UniqueConstraint("setting_digest", "arm_digest"),
    )
    sql.Table(
        "study_arms",
        metadata,
        sql.Column("study", sql.ForeignKey("studies.digest"), primary_key=True),
        sql.Column("place", sql.Integer, primary_key=True),
        sql.Column("network", sql.Text, nullable=False),
        sql.Column("cell", sql.Integer, nullable=False),
        sql.Column("arm", sql.Text, nullable=False),
        sql.Column("series", sql.ForeignKey("series.id"), nullable=False, index=True),
    )
    counted = [
        sql.Column(name, sql.Integer, sql.CheckConstraint(f"{name} >= 0"), nullable=False)
        for name in ("adopters", "ever_adopted", "spread")
    ]
    sql.Table(
        "runs",
        metadata,
        sql.Column("series", sql.ForeignKey("series.id"), primary_key=True),
        sql.Column("world", sql.Integer, primary_key=True),
        sql.Column("replicate", sql.Integer, primary_key=True),
        *counted,
        sql.Column("area_steps", sql.BigInteger, nullable=False),
        sql.Column("time_to_half", sql.Integer, sql.CheckConstraint("time_to_half >= -1"), nullable=False),
        sql.Column("organisations_reached", sql.Integer, nullable=False),
        sql.Column("clipped_agent_steps", sql.BigInteger, nullable=False),
        sql.Column("clipped_ties", sql.BigInteger, nullable=False),
        sql.Column("adopted", sql.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
