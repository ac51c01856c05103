"""Small arms, made from who has adopted and who leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.outcomes import RegionFacts, Runs


def _runs(
    adopted: Any, leaders: Any = None, *, times: Sequence[int] | None = None, organisations: Sequence[int] | None = None
) -> Runs:
    who = np.asarray(adopted, dtype=bool)
    lead = (
        np.zeros((1, who.shape[1]), dtype=bool) if leaders is None else np.atleast_2d(np.asarray(leaders, dtype=bool))
    )
    adopters = who.sum(axis=1)
    none = np.full(len(who), -1)
    return Runs(
        adopters=adopters,
        ever_adopted=adopters,
        spread=(who & ~lead).sum(axis=1),
        area_steps=adopters * 2,
        time_to_half=none if times is None else np.asarray(times),
        organisations_reached=none if organisations is None else np.asarray(organisations),
        adopted_bits=np.packbits(who, axis=1),
        leaders=lead,
    )


def _counted_arm(
    name: str, adopters: Sequence[int] | np.ndarray[Any, Any], agents: int = 100, **more: Any
) -> ArmResult:
    """Return an arm in whose runs the first so many agents have adopted."""
    counts = np.asarray(adopters)
    return ArmResult(name, more.pop("identity", name), _runs(np.arange(agents) < counts[:, None], **more))


def _facts(
    agents: int = 100, *, roles: Sequence[str] = ("agent",), steps: int = 4, organisations: int = 0
) -> RegionFacts:
    """Return facts of a region whose agents have the roles in turn."""
    index = np.arange(agents, dtype=np.int32) % len(roles)
    return RegionFacts(agents, steps, tuple(roles), index.astype(np.int32), organisations)


@pytest.fixture(scope="session")
def make_runs() -> Callable[..., Runs]:
    return _runs


@pytest.fixture(scope="session")
def make_arm() -> Callable[..., ArmResult]:
    return _counted_arm


@pytest.fixture(scope="session")
def make_facts() -> Callable[..., RegionFacts]:
    return _facts
