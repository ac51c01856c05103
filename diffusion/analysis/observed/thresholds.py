"""Thresholds: how exposed adopters were when they adopted, and the categories that Valente sorts them into.

A measured threshold is an upper bound on a true one: time is discrete, and
whoever adopts late has more adopters around by chance alone. Such thresholds
are therefore never taken for the thresholds of a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.observed.exposure import ExposureTies, FloatArray, exposure_when_adopting
from diffusion.analysis.observed.times import NEVER, IntArray, ObservedTimes

ADOPTER_CATEGORIES = ("early adopters", "early majority", "late majority", "laggards")
"""Adopters by time: before mean - sd, before the mean, before mean + sd, and from there on."""

THRESHOLD_CATEGORIES = ("very low", "low", "high", "very high")
"""Adopters by threshold: below mean - sd, below the mean, below mean + sd, and from there on."""


@dataclass(frozen=True, eq=False)
class Thresholds:
    """Hold the exposure of adopters when they adopted.

    Attributes
    ----------
    value
        The share of an adopter's alters who had adopted by the end of the
        period in which it adopted itself; 0 without alters, NaN for those
        who did not adopt; shape (agents,).
    lagged
        The same by the end of the period before; shape (agents,).
    alters
        How many alters of known time there are; shape (agents,).
    """

    value: FloatArray
    lagged: FloatArray
    alters: FloatArray

    @property
    def measured(self) -> FloatArray:
        """Return the thresholds of adopters who have alters."""
        return self.value[self._has]

    @property
    def measured_lagged(self) -> FloatArray:
        """Return the lagged thresholds of adopters who have alters."""
        return self.lagged[self._has]

    @property
    def without_alters(self) -> int:
        """Return how many adopters have no alters, and so no exposure."""
        return int((np.isfinite(self.value) & (self.alters <= 0)).sum())

    @property
    def _has(self) -> NDArray[np.bool_]:
        return np.asarray(np.isfinite(self.value) & (self.alters > 0))

    def as_json(self) -> dict[str, Any]:
        """Return what is told of them: of adopters with alters, shares of them and means."""
        told, lagged = self.measured, self.measured_lagged
        if not told.size:
            return {"adopters": 0, "without_alters": self.without_alters}
        return {
            "adopters": int(told.size),
            "without_alters": self.without_alters,
            "mean": float(told.mean()),
            "sd": float(told.std(ddof=1)) if told.size > 1 else None,
            "median": float(np.median(told)),
            "share_zero": float((told == 0).mean()),
            "share_one": float((told == 1).mean()),
            "lagged_mean": float(lagged.mean()),
            "lagged_share_zero": float((lagged == 0).mean()),
        }


def thresholds(ties: ExposureTies, times: ObservedTimes) -> Thresholds:
    """Return how exposed adopters were when they adopted (Valente 1996, doi 10.1016/0378-8733(95)00256-1).

    Those who adopted in the first period count too, as in netdiffuseR, though
    what came before it was not observed.
    """
    value, alters = exposure_when_adopting(ties, times.at)
    lagged, _ = exposure_when_adopting(ties, times.at, lagged=True)
    return Thresholds(value, lagged, alters)


@dataclass(frozen=True, eq=False)
class Categories:
    """Hold adopters sorted by time and by threshold.

    Attributes
    ----------
    adopter, threshold
        Each agent's place in :data:`ADOPTER_CATEGORIES` and
        :data:`THRESHOLD_CATEGORIES`, -1 for those who did not adopt or of
        whom nothing is known; shape (agents,).
    counts
        How many adopters are in each pair of categories; shape (4, 4).
    non_adopters
        How many had not adopted when observation ended.
    time_bounds, threshold_bounds
        Mean - sd, mean and mean + sd; times as places of periods from 1.
    """

    adopter: IntArray
    threshold: IntArray
    counts: IntArray
    non_adopters: int
    time_bounds: tuple[float, float, float]
    threshold_bounds: tuple[float, float, float]

    @property
    def agents(self) -> int:
        """Return how many agents are sorted, non-adopters included."""
        return int(self.counts.sum()) + self.non_adopters

    @property
    def per_cent(self) -> FloatArray:
        """Return the table in per cent of all agents that are sorted; shape (4, 4)."""
        return np.asarray(100 * self.counts / max(self.agents, 1), dtype=np.float64)

    def as_json(self) -> dict[str, Any]:
        """Return the table by names, and each row's total and shares."""
        rows = zip(ADOPTER_CATEGORIES, self.counts.tolist(), strict=True)
        totals = self.counts.sum(axis=1)
        shares = zip(ADOPTER_CATEGORIES, (self.counts / np.maximum(totals, 1)[:, None]).tolist(), strict=True)
        return {
            "agents": self.agents,
            "non_adopters": self.non_adopters,
            "time_bounds": list(self.time_bounds),
            "threshold_bounds": list(self.threshold_bounds),
            "counts": {name: dict(zip(THRESHOLD_CATEGORIES, row, strict=True)) for name, row in rows},
            "totals": dict(zip(ADOPTER_CATEGORIES, totals.tolist(), strict=True)),
            "shares": {name: dict(zip(THRESHOLD_CATEGORIES, row, strict=True)) for name, row in shares},
        }


def categories(times: ObservedTimes, found: Thresholds) -> Categories | None:
    """Return adopters sorted by time and by threshold (Valente 1995; Rogers 2003).

    Bounds are the mean and the mean plus and minus one sample standard
    deviation of the adopters, and classes are closed on the left: whoever lies
    on a bound is in the later class. netdiffuseR's ``classify`` sorts so (its
    manual says otherwise), adopters without alters at threshold 0 included.

    Parameters
    ----------
    times
        When agents adopted.
    found
        Their thresholds.

    Returns
    -------
    The categories; None with fewer than two adopters.
    """
    who = times.adopters
    if who.sum() < 2:
        return None
    period: FloatArray = (times.at[who] + 1).astype(np.float64)
    time_bounds, threshold_bounds = _bounds(period), _bounds(found.value[who])
    adopter, threshold = np.full(len(who), -1), np.full(len(who), -1)
    adopter[who] = np.searchsorted(time_bounds, period, side="right")
    threshold[who] = np.searchsorted(threshold_bounds, found.value[who], side="right")
    counts = np.zeros((4, 4), dtype=np.int64)
    np.add.at(counts, (adopter[who], threshold[who]), 1)
    non_adopters = int((times.at == NEVER).sum())
    return Categories(adopter, threshold, counts, non_adopters, time_bounds, threshold_bounds)


def _bounds(values: FloatArray) -> tuple[float, float, float]:
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    return mean - spread, mean, mean + spread
