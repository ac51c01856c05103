"""The draws of uncertain numbers, which were not kept before."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Make their table; it is filled when a study is run again."""
    op.create_table(
        "draws",
        sql.Column("series", sql.Integer, nullable=False),
        sql.Column("world", sql.Integer, nullable=False),
        sql.Column("number", sql.Text, nullable=False),
        sql.Column("value", sql.Double, nullable=False),
        sql.PrimaryKeyConstraint("series", "world", "number", name=op.f("pk_draws")),
        sql.ForeignKeyConstraint(["series"], ["series.id"], name=op.f("fk_draws_series")),
        sql.CheckConstraint("world >= 0", name=op.f("ck_draws_world_least")),
        sql.CheckConstraint("length(number) > 0", name=op.f("ck_draws_number_said")),
        sql.CheckConstraint("value >= -1e308 AND value <= 1e308", name=op.f("ck_draws_value_finite")),
        sqlite_with_rowid=False,
    )
