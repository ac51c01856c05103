"""Moran's I: whether agents adopted at about the time of those whom they learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from diffusion.analysis.observed.exposure import ExposureTies, FloatArray
from diffusion.analysis.observed.shuffling import shuffled
from diffusion.analysis.observed.times import ObservedTimes


@dataclass(frozen=True)
class Moran:
    """Hold Moran's I of the times of adopters.

    Attributes
    ----------
    agents
        How many adopters it rests on.
    observed
        The statistic: 1 where all adopt with those they learn from.
    expected, sd
        Its mean and standard deviation when times fall to adopters at random
        (Cliff & Ord 1981), over all of them.
    low, high
        2.5 % and 97.5 % quantiles of its values with times dealt anew, within
        groups where there are any.
    p_value
        The two-sided share of values as far from their mean as the observed one.
    permutations
        How often times were dealt anew.
    """

    agents: int
    observed: float
    expected: float
    sd: float
    low: float
    high: float
    p_value: float
    permutations: int

    def as_json(self) -> dict[str, Any]:
        """Return the fields by name."""
        return dict(vars(self))


def moran_statistic(ties: ExposureTies, at: NDArray[np.signedinteger[Any]]) -> float | None:
    """Return Moran's I of the times of one history (Moran 1950, doi 10.1093/biomet/37.1-2.17).

    Each adopter's alters who adopted share a weight of 1; adopters without any
    weigh nothing. The mean is that of all adopters, as in netdiffuseR.

    Parameters
    ----------
    ties
        Whom agents learn from.
    at
        The period in which each agent adopted, negative for never; shape
        (agents,).

    Returns
    -------
    The statistic; None with fewer than two different times, or without a tie between adopters.
    """
    weights, adopters = _weights(ties, at)
    return _statistic(weights, np.asarray(at[adopters], dtype=np.float64))


def moran(
    ties: ExposureTies,
    times: ObservedTimes,
    groups: NDArray[np.int64] | None = None,
    *,
    permutations: int = 999,
    seed: int = 0,
) -> Moran | None:
    """Return Moran's I of observed times, beside its values when times are dealt anew among the adopters.

    Parameters
    ----------
    ties
        Whom agents learn from.
    times
        When agents adopted.
    groups
        Each agent's group, where times are dealt within groups only, which
        leaves in place what groups have in common.
    permutations
        How often times are dealt.
    seed
        What keys the random numbers.

    Returns
    -------
    The result; None with fewer than four adopters, fewer than two different
    times, or without a tie between adopters.
    """
    weights, adopters = _weights(ties, times.at)
    values = times.at[adopters].astype(np.float64)
    observed = _statistic(weights, values)
    if observed is None or len(values) < 4:
        return None
    within = None if groups is None else groups[adopters]
    everybody = np.ones(len(values), dtype=bool)
    dealt = np.array(
        [
            _statistic(
                weights,
                shuffled(times.at[adopters], everybody, within, coordinates=("moran", seed, number)).astype(np.float64),
            )
            for number in range(permutations)
        ],
        dtype=np.float64,
    )
    low, high = np.percentile(dealt, [2.5, 97.5]).tolist()
    as_far = np.abs(dealt - dealt.mean()) >= abs(observed - dealt.mean()) - 1e-12
    p_value = (1 + int(as_far.sum())) / (permutations + 1)
    expected, sd = _moments(weights, values)
    return Moran(len(values), observed, expected, sd, low, high, p_value, permutations)


def _weights(ties: ExposureTies, at: NDArray[np.signedinteger[Any]]) -> tuple[sparse.csr_array, NDArray[np.bool_]]:
    """Return the weights among adopters, rows adding to 1 or 0, and who adopted."""
    adopters = at >= 0
    place = np.cumsum(adopters) - 1
    both = adopters[ties.agent] & adopters[ties.alter]
    rows, columns, weight = place[ties.agent[both]], place[ties.alter[both]], ties.weight[both]
    size = int(adopters.sum())
    total = np.bincount(rows, weights=weight, minlength=size)
    return sparse.csr_array((weight / total[rows], (rows, columns)), shape=(size, size)), adopters


def _statistic(weights: sparse.csr_array, values: FloatArray) -> float | None:
    whole = float(weights.sum())
    centred = values - values.mean() if values.size else values
    spread = float(centred @ centred)
    if whole <= 0 or spread <= 0:
        return None
    return len(values) / whole * float(centred @ (weights @ centred)) / spread


def _moments(weights: sparse.csr_array, values: FloatArray) -> tuple[float, float]:
    """Return mean and standard deviation of the statistic over all orders of the values."""
    n, whole = len(values), float(weights.sum())
    centred = values - values.mean()
    both = weights + weights.T
    s1 = float(both.multiply(both).sum()) / 2
    s2 = float(((weights.sum(axis=1) + weights.sum(axis=0)) ** 2).sum())
    kurtosis = n * float((centred**4).sum()) / float((centred**2).sum()) ** 2
    expected = -1 / (n - 1)
    first = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * whole**2)
    second = kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * whole**2)
    square = (first - second) / ((n - 1) * (n - 2) * (n - 3) * whole**2)
    return expected, float(np.sqrt(max(square - expected**2, 0.0)))
