"""Provenance: with what, when and on which machine numbers were made."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata, util
from typing import Any

from diffusion.experiment.file_digests import file_digests
from diffusion.experiment.plan import Study
from diffusion.model import MODEL_VERSION

PACKAGES = ("ahsn-diffusion", "numpy", "scipy", "numba", "llvmlite", "mesa", "networkx", "rustworkx", "sqlalchemy")
"""The packages whose version may matter to a number."""


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
    return {
        "command": [_without_folders(word) for word in command],
        "seed": study.scenario.seed,
        "replicates": study.scenario.replicates,
        "engine": engine,
        "workers": workers,
        "model_version": MODEL_VERSION,
        "scenario_digest": study.scenario.digest,
        "scenario_text_digest": hashlib.blake2b(study.scenario.text.encode(), digest_size=16).hexdigest(),
        "file_digests": file_digests(study.scenario),
        "network_digests": {network.name: network.digest for network in study.networks},
        "versions": {"python": platform.python_version(), **_versions()},
        "machine": {
            "system": platform.system(),
            "release": platform.release(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "byte_order": sys.byteorder,
        },
        "svml": util.find_spec("icc_rt") is not None,
    }


def _without_folders(word: str) -> str:
    """Return a word of a command without what may name somebody: folders, and in a URL the user and the password."""
    plain = re.sub(r"://.*@", "://", word).partition("?")[0] if "://" in word else word
    return re.sub(r"[^=\s]*[/\\]", "", plain)


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed as a package"
    return found
