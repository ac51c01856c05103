"""The tables of the store.

Networks, settings and arms are kept once, by digest; a run is one row of whole
numbers, with one bit an agent. Numbers that can be recomputed (times, curves)
are not kept.

What must hold stands here, and the database sees to it. A change of the tables
raises :data:`SCHEMA_VERSION` and comes with a migration: see
:mod:`diffusion.experiment.migrations`.
"""

from __future__ import annotations

import sqlalchemy as sql

SCHEMA_VERSION = 3
"""Raised with every change of the tables; a store of a higher version is refused."""

READABLE_SINCE = 1
"""The oldest version whose tables can be read as they are; raised when what is read is not in older ones."""

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(column_0_N_label)s",
}
"""How constraints are called, so that a migration can name them."""

MARK = "diffusion: results of studies"
"""The comment that marks the tables as this program's, where a database keeps comments."""

metadata = sql.MetaData(naming_convention=NAMES)


def at_least(least: int, name: str) -> sql.CheckConstraint:
    """Return the constraint that a number is not smaller than another."""
    return sql.CheckConstraint(f"{name} >= {least}", name=f"{name}_least")


def _digest(name: str) -> sql.CheckConstraint:
    return sql.CheckConstraint(f"length({name}) = 32", name=f"{name}_length")


def _said(name: str) -> sql.CheckConstraint:
    return sql.CheckConstraint(f"length({name}) > 0", name=f"{name}_said")


def _instant(name: str) -> sql.CheckConstraint:
    # Nothing says that a later event has the later instant: clocks are set back.
    return sql.CheckConstraint(f"{name} LIKE '____-__-__T__:__:__%'", name=f"{name}_instant")


def _of_study() -> sql.ForeignKey:
    return sql.ForeignKey("studies.digest", ondelete="CASCADE")


versions = sql.Table(
    "schema_version",
    metadata,
    sql.Column("id", sql.Integer, sql.CheckConstraint("id = 1", name="one_row"), primary_key=True, server_default="1"),
    sql.Column("version", sql.Integer, at_least(1, "version"), nullable=False),
    comment=MARK,
)
"""One row; what a program reads before anything else."""

networks = sql.Table(
    "networks",
    metadata,
    sql.Column("digest", sql.String(32), _digest("digest"), primary_key=True),
    sql.Column("content", sql.Text, _said("content"), nullable=False),
)
"""Agents and ties as canonical text; names are the studies' affair."""

studies = sql.Table(
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
"""What was asked: the scenario as JSON, resolved, and as its author wrote it."""

study_networks = sql.Table(
    "study_networks",
    metadata,
    sql.Column("study", _of_study(), primary_key=True),
    sql.Column("place", sql.Integer, at_least(0, "place"), primary_key=True),
    sql.Column("name", sql.Text, _said("name"), nullable=False),
    sql.Column("synthetic", sql.Boolean(create_constraint=True, name="synthetic_truth"), nullable=False),
    sql.Column("self_ties", sql.Integer, at_least(0, "self_ties"), nullable=False),
    sql.Column("repeats", sql.Integer, at_least(0, "repeats"), nullable=False),
    sql.Column("network", sql.ForeignKey("networks.digest"), nullable=False, index=True),
    sql.UniqueConstraint("study", "name"),
)

series = sql.Table(
    "series",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("setting_digest", sql.String(32), _digest("setting_digest"), nullable=False),
    sql.Column("arm_digest", sql.String(32), _digest("arm_digest"), nullable=False),
    sql.Column("leaders", sql.Text, _said("leaders"), nullable=False),
    sql.UniqueConstraint("setting_digest", "arm_digest"),
)
"""The runs of one arm in one setting belong together, whichever studies ask for them; leaders are JSON."""

study_arms = sql.Table(
    "study_arms",
    metadata,
    sql.Column("study", _of_study(), primary_key=True),
    sql.Column("place", sql.Integer, at_least(0, "place"), primary_key=True),
    sql.Column("network", sql.Text, nullable=False),
    sql.Column("cell", sql.Integer, at_least(0, "cell"), nullable=False),
    sql.Column("arm", sql.Text, _said("arm"), nullable=False),
    sql.Column("series", sql.ForeignKey("series.id"), nullable=False, index=True),
    sql.ForeignKeyConstraint(["study", "network"], ["study_networks.study", "study_networks.name"], ondelete="CASCADE"),
)

_counted = [
    sql.Column(name, sql.Integer, at_least(0, name), nullable=False) for name in ("adopters", "ever_adopted", "spread")
]

runs = sql.Table(
    "runs",
    metadata,
    sql.Column("series", sql.ForeignKey("series.id"), primary_key=True),
    sql.Column("world", sql.Integer, at_least(0, "world"), primary_key=True),
    sql.Column("replicate", sql.Integer, at_least(0, "replicate"), primary_key=True),
    *_counted,
    sql.Column("area_steps", sql.BigInteger, at_least(0, "area_steps"), nullable=False),
    sql.Column("time_to_half", sql.Integer, at_least(-1, "time_to_half"), nullable=False),
    sql.Column("organisations_reached", sql.Integer, at_least(-1, "organisations_reached"), nullable=False),
    sql.Column("clipped_agent_steps", sql.BigInteger, at_least(0, "clipped_agent_steps"), nullable=False),
    sql.Column("clipped_ties", sql.BigInteger, at_least(0, "clipped_ties"), nullable=False),
    sql.Column("adopted", sql.LargeBinary, _said("adopted"), nullable=False),
    sql.CheckConstraint("spread <= adopters", name="spread_among_adopters"),
    sql.CheckConstraint("adopters <= ever_adopted", name="adopters_among_ever"),
    sqlite_with_rowid=False,
)
"""``time_to_half`` is -1 where half never adopted, ``organisations_reached`` -1 without organisations."""

draws = sql.Table(
    "draws",
    metadata,
    sql.Column("series", sql.ForeignKey("series.id"), primary_key=True),
    sql.Column("world", sql.Integer, at_least(0, "world"), primary_key=True),
    sql.Column("number", sql.Text, _said("number"), primary_key=True),
    sql.Column("value", sql.Double, nullable=False),
    sql.CheckConstraint("value >= -1e308 AND value <= 1e308", name="value_finite"),
    sqlite_with_rowid=False,
)
"""What an uncertain number, by its dotted path, is in a world: what the runs of a series there were played with."""

provenance = sql.Table(
    "provenance",
    metadata,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("study", _of_study(), nullable=False, index=True),
    sql.Column("started_at", sql.String(32), _instant("started_at"), nullable=False),
    sql.Column("finished_at", sql.String(32), _instant("finished_at")),
    sql.Column("record", sql.Text, _said("record"), nullable=False),
)
"""Who made the numbers: one row each time that ``run`` was called."""
