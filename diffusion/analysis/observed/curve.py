"""The curve: how many had adopted by each period, and how many of those who could still adopt did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.observed.times import IntArray, ObservedTimes

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AdoptionCurve:
    """Hold cumulative adoption and hazard by period.

    Attributes
    ----------
    labels
        What each period is called.
    unit
        What a period is, in the singular.
    agents
        Of how many agents the time, or never, is known.
    new
        Who adopted in each period; shape (periods,).
    """

    labels: tuple[str, ...]
    unit: str
    agents: int
    new: IntArray

    @property
    def cumulative(self) -> IntArray:
        """Return how many had adopted by the end of each period; shape (periods,)."""
        total: IntArray = np.cumsum(self.new)
        return total

    @property
    def share(self) -> FloatArray:
        """Return the cumulative share of the agents; shape (periods,)."""
        return np.asarray(self.cumulative / max(self.agents, 1), dtype=np.float64)

    @property
    def at_risk(self) -> IntArray:
        """Return how many had not adopted before each period; shape (periods,)."""
        return np.asarray(self.agents - self.cumulative + self.new, dtype=np.int64)

    @property
    def hazard(self) -> FloatArray:
        """Return the share of those at risk who adopted in each period, NaN where nobody was; shape (periods,)."""
        rates = np.full(len(self.new), np.nan)
        np.divide(self.new, self.at_risk, out=rates, where=self.at_risk > 0)
        return rates

    @property
    def half_at(self) -> str | None:
        """Return the first period by whose end half of the agents had adopted, or None."""
        reached = np.flatnonzero(2 * self.cumulative >= max(self.agents, 1))
        return self.labels[reached[0]] if reached.size else None

    def as_json(self) -> dict[str, Any]:
        """Return the curve as JSON can hold it."""
        return {
            "periods": list(self.labels),
            "unit": self.unit,
            "agents": self.agents,
            "adopters": int(self.new.sum()),
            "new": self.new.tolist(),
            "cumulative": self.cumulative.tolist(),
            "share": self.share.tolist(),
            "hazard": [None if np.isnan(rate) else float(rate) for rate in self.hazard],
            "half_at": self.half_at,
        }


def adoption_curve(times: ObservedTimes) -> AdoptionCurve:
    """Return cumulative adoption and hazard (Allison 1984, doi 10.4135/9781412984195).

    The hazard of a period is q(t) - q(t - 1) over n - q(t - 1), with q(t) the
    number who had adopted by its end. Agents of whom nothing is known are left
    out of n.

    Examples
    --------
    >>> times = ObservedTimes(np.array([0, 1, 1, -1]), ("1", "2"))
    >>> curve = adoption_curve(times)
    >>> curve.cumulative.tolist(), curve.hazard.round(3).tolist()
    ([1, 3], [0.25, 0.667])
    """
    new = np.bincount(times.at[times.adopters], minlength=times.periods).astype(np.int64)
    return AdoptionCurve(times.labels, times.unit, int(times.known.sum()), new)
