"""Provenance: with what, when and on which machine numbers were made."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sql

from diffusion.experiment import schema
from diffusion.experiment.environment import environment
from diffusion.experiment.file_digests import file_digests
from diffusion.experiment.plan import PlannedArm, Study


def now() -> str:
    """Return this instant as UTC in ISO form, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def record(study: Study, command: Sequence[str], engine: str, workers: int) -> Mapping[str, Any]:
    """Return what an examiner would ask about how a study's numbers were made.

    Neither the user's name nor the machine's is in it, nor any folder's.

    Parameters
    ----------
    study
        The study.
    command
        The words of the command.
    engine, workers
        How the runs are played.
    """
    made = environment()
    return {
        "command": [_without_folders(word) for word in command],
        "seed": study.scenario.seed,
        "replicates": study.scenario.replicates,
        "worlds": study.scenario.worlds,
        "engine": engine,
        "workers": workers,
        "scenario_digest": study.scenario.digest,
        "scenario_text_digest": hashlib.blake2b(study.scenario.text.encode(), digest_size=16).hexdigest(),
        "file_digests": file_digests(study),
        "network_digests": {network.name: network.digest for network in study.networks},
        **made,
        "machine": {**made["machine"], "cores": os.cpu_count()},
    }


def records_of_arm(connection: sql.Connection, arm: PlannedArm) -> list[dict[str, Any]]:
    """Return the records of all studies that ask for an arm, in order: any of them may have played it.

    Parameters
    ----------
    connection
        A connection to the store.
    arm
        The arm.
    """
    records, arms, series = schema.provenance, schema.study_arms, schema.series
    asking = (
        sql.select(arms.c.study)
        .join(series, series.c.id == arms.c.series)
        .where(series.c.setting_digest == arm.setting_digest, series.c.arm_digest == arm.arm_digest)
    )
    query = sql.select(records.c.record).where(records.c.study.in_(asking)).order_by(records.c.id)
    return [json.loads(text) for text in connection.execute(query).scalars()]


def _without_folders(word: str) -> str:
    """Return a word of a command without what may name somebody: folders, and in a URL the user and the password."""
    plain = re.sub(r"://.*@", "://", word).partition("?")[0] if "://" in word else word
    return re.sub(r"[^=\s]*[/\\]", "", plain)
