"""Provenance: with what, when and on which machine numbers were made."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from diffusion.experiment.environment import environment
from diffusion.experiment.file_digests import file_digests
from diffusion.experiment.plan import Study


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


def _without_folders(word: str) -> str:
    """Return a word of a command without what may name somebody: folders, and in a URL the user and the password."""
    plain = re.sub(r"://.*@", "://", word).partition("?")[0] if "://" in word else word
    return re.sub(r"[^=\s]*[/\\]", "", plain)
