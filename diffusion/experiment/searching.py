"""Searching: leaders that are sought under an arm's own rules, and what is remembered of a search."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.goals import goal_of
from diffusion.analysis.intervals import mean_interval
from diffusion.network.network import Network
from diffusion.positions.choice import LeaderChoice
from diffusion.positions.found import Goal, Guarantee, Optimum, Search, SearchProgress
from diffusion.positions.opim import Precision
from diffusion.positions.optimum import Asked, OptimumSearch
from diffusion.scenario import ArmSetting

_DIGITS = 12

_FOUND: WeakKeyDictionary[Network, dict[str, LeaderChoice]] = WeakKeyDictionary()
"""What was found on a network in this process, by question: a page asks again and again."""


def search_for(
    network: Network,
    setting: ArmSetting,
    *,
    seed: int,
    world: int,
    workers: int | None = None,
    report: Callable[[SearchProgress], None] = lambda _: None,
) -> Callable[..., LeaderChoice]:
    """Return what seeks the leaders of an arm: (network, count, eligible agents, **parameters) -> who leads.

    Parameters
    ----------
    network, setting
        Where, and under which rules: under the medians of what is uncertain.
    seed, world
        Those of the study.
    workers
        How many threads play; by default one a core. The answer does not depend on it.
    report
        Called with how far the search has come.
    """

    def sought(_: Network, count: int, eligible: NDArray[np.int64], **stated: Any) -> LeaderChoice:
        known = _FOUND.setdefault(network, {})
        question = json.dumps([setting.canonical(), seed, world], sort_keys=True)
        if question not in known:
            known[question] = searched(count, eligible, stated)
        return known[question]

    def searched(count: int, eligible: NDArray[np.int64], stated: Mapping[str, Any]) -> LeaderChoice:
        goal = goal_of(stated["outcome"], network, setting.parameters.steps)
        asked = Asked(stated["replicates"], stated["method"], Precision(stated["epsilon"], stated["delta"]))
        search = OptimumSearch(
            network, setting.at_medians().parameters, goal, seed=seed, world=world,
            workers=workers or os.cpu_count() or 1, report=report,
        )  # fmt: skip
        found = search.best(count, eligible, asked)
        return replace(LeaderChoice.of_sets(found.equals), search=search_told(found, goal))

    return sought


def search_told(found: Optimum, goal: Goal) -> Search:
    """Return what is kept of a search.

    Parameters
    ----------
    found, goal
        What it found, and what it was to make as good as possible.
    """
    low, high = mean_interval(found.values) or (None, None)
    return Search(
        outcome=goal.outcome,
        method=found.method,
        replicates=len(found.values),
        estimate=_rounded(float(found.values.mean())),
        low=None if low is None else _rounded(low),
        high=None if high is None else _rounded(high),
        is_optimistic=found.is_optimistic,
        guarantee=None if found.guarantee is None else _rounded_down(found.guarantee),
        reason=found.reason,
    )


def _rounded_down(said: Guarantee) -> Guarantee:
    """Return a guarantee in tenths of a per cent, of which none is more than is kept."""
    return replace(said, at_least=_floor(said.at_least), found=_floor(said.found))


def _floor(share: float) -> float:
    return math.floor(share * 1000 + 1e-9) / 1000


def _rounded(value: float) -> float:
    """Return a number without the digits in which platforms may differ."""
    return float(f"{value:.{_DIGITS}g}")
