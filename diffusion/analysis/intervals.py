"""Intervals: of one mean, and of many paired differences at once.

The simultaneous intervals are max-t intervals: a family of means is covered
with probability 95 % when each is widened by the 95 % quantile of the largest
of their t statistics (Hothorn, Bretz & Westfall 2008, doi
10.1002/bimj.200810425). That quantile is simulated once a family from the
correlation of the differences; the cost does not depend on the number of runs.

The differences of a family have standard errors of their own. Those of two
differences with correlation c are themselves correlated, their squares with
c squared, and the simulation draws them so. One standard error common to all,
the usual multivariate t, covers too seldom in small studies: 93.7 % instead of
95 % for six differences with c = 1/2 over 12 runs.

Where few runs make the mean (an innovation that took off in 4 of 200), values
are too skewed for Student's t: six such arms beside one that never takes off
would be covered 73 times in 100. There an end lies as far out as the further
of two says: Student's, and that of a count of rare events (Garwood 1936, doi
10.1093/biomet/28.3-4.437) with the mean's own variance and skewness, as Fay &
Feuer (1997, Stat Med 16:791-801) match events of unequal weight to a count.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from diffusion.analysis.largest_t import largest_t_quantile

CONFIDENCE = 0.95
"""The confidence of every interval."""

SIMULATIONS = 50_000
"""How many draws a simultaneous quantile is read from: its probability is then within 0.2 points."""

MOST_SIMULATED = 28
"""Of how many comparisons a large family's quantile is simulated at most: all pairs of eight arms."""

_FEW_DEGREES = 4
_ROUNDING = 1e-12
_SAME = 1 - 1e-9
_SKEWED = 0.1
"""The skewness of a mean (that of its values over the root of their number) from which on Student's t is not enough."""

FloatArray = NDArray[np.float64]


def all_equal(values: FloatArray) -> bool:
    """Return whether all values are equal, but for the rounding of shares.

    Examples
    --------
    >>> all_equal(np.array([0.3 - 0.1, 0.4 - 0.2])), all_equal(np.array([0.0, 0.001]))
    (True, False)
    """
    if not values.size:
        return True
    low, high = float(values.min()), float(values.max())
    return high - low <= _ROUNDING * max(1.0, abs(low), abs(high))


@lru_cache(maxsize=256)
def t_quantile(degrees: int, confidence: float = CONFIDENCE) -> float:
    """Return the two-sided quantile of Student's t.

    Parameters
    ----------
    degrees
        Degrees of freedom, at least 1.
    confidence
        Probability between minus and plus the quantile.

    Examples
    --------
    >>> round(t_quantile(9), 3)
    2.262
    """
    return float(special.stdtrit(degrees, (1 + confidence) / 2))


def mean_interval(
    values: FloatArray, quantile: float | None = None, *, low: float = -math.inf, high: float = math.inf
) -> tuple[float, float] | None:
    """Return the interval of a mean, or None where the values tell no spread.

    Parameters
    ----------
    values
        Independent values; shape (replicates,).
    quantile
        How many standard errors to each side; Student's by default. More on
        the side to which the values are strongly skewed.
    low, high
        The smallest and the largest value there can be: no end lies beyond,
        which covers the mean as often, because it does not lie there either.

    Returns
    -------
    The two ends; None with fewer than two values or where all are equal.
    """
    if len(values) < 2 or all_equal(values):
        return None
    times = t_quantile(len(values) - 1) if quantile is None else quantile
    middle = float(values.mean())
    error = float(values.std(ddof=1)) / float(np.sqrt(len(values)))
    below, above = _standard_errors(_skewness_of_mean(values), times, len(values) - 1)
    return max(middle - below * error, low), min(middle + above * error, high)


def _skewness_of_mean(values: FloatArray) -> float:
    """Return the skewness of the values over the square root of their number."""
    centred = values - values.mean()
    return float((centred**3).mean()) / math.pow(float((centred**2).mean()), 1.5) / math.sqrt(len(values))


def _standard_errors(skewness: float, times: float, degrees: int) -> tuple[float, float]:
    """Return how many standard errors an interval reaches down and up.

    A Poisson count of k has skewness 1 / √k, so a mean as skewed as that is
    told as a count: its standard error is that of k events.
    """
    if abs(skewness) <= _SKEWED:
        return times, times
    events, beyond = skewness**-2, float(special.stdtr(degrees, -times))
    few = (events - float(special.gammaincinv(events, beyond))) * abs(skewness)
    many = (float(special.gammainccinv(events + 1, beyond)) - events) * abs(skewness)
    below, above = (few, many) if skewness > 0 else (many, few)
    return max(times, below), max(times, above)


def bound_where_equal(count: int) -> float | None:
    """Return the 95 % bound on the share of histories unlike all those seen.

    When ``count`` runs are all equal, a share above 3 / count that differs
    would have shown itself with probability 95 % (the rule of three, Hanley
    & Lippman-Hand 1983, doi 10.1001/jama.1983.03330370053031).

    Returns
    -------
    3 / count, or None where that says nothing (three runs or fewer).
    """
    return 3 / count if count > 3 else None


def interval_where_equal(value: float, count: int, largest: float) -> tuple[float, float] | None:
    """Return within what a mean lies when all its values are equal.

    The histories not seen, a share of at most 3 / count, may differ by all
    that is possible.

    Parameters
    ----------
    value
        The common value.
    count
        How many values there are.
    largest
        The largest size that a value can have.

    Examples
    --------
    >>> interval_where_equal(0.0, 300, 1.0), interval_where_equal(0.0, 3, 1.0)
    ((-0.01, 0.01), None)
    """
    differ_below = bound_where_equal(count)
    if differ_below is None:
        return None
    middle, reach = (1 - differ_below) * value, differ_below * largest
    return middle - reach, middle + reach


def simultaneous_quantile(differences: FloatArray, seed_text: str, simulations: int = SIMULATIONS) -> float | None:
    """Return how many standard errors cover all means of a family at once.

    Parameters
    ----------
    differences
        Paired differences, a row a comparison; NaN where a replicate is left
        out; shape (comparisons, replicates). The order of the rows should
        not depend on the order in which arms are written.
    seed_text
        What keys the simulation.
    simulations
        How many draws.

    Returns
    -------
    The 95 % quantile of the largest absolute t statistic; exactly Student's
    for one comparison, Bonferroni's with fewer than five replicates, and None
    where no row has any spread.
    """
    rows = [row for row in differences if np.isfinite(row).sum() > 1 and not all_equal(row[np.isfinite(row)])]
    if not rows:
        return None
    kept = np.array(rows)
    degrees = int(np.isfinite(kept).sum(axis=1).min()) - 1
    single = t_quantile(degrees)
    matrix = _distinct(_correlation(kept))
    if len(matrix) == 1:
        return single
    # Between one comparison's quantile and that of Bonferroni, whatever the draws; rounded far below
    # the error of the simulation, so that the last bits of a matrix product cannot show.
    bonferroni = t_quantile(degrees, 1 - (1 - CONFIDENCE) / len(matrix))
    if degrees < _FEW_DEGREES:
        return bonferroni
    simulated = largest_t_quantile(matrix, degrees, CONFIDENCE, seed_text, simulations)
    return min(max(round(simulated, 4), single), bonferroni)


def family_quantile(differences: FloatArray, seed_text: str) -> float | None:
    """Return how many standard errors cover all means of a family that may be large.

    The simulated quantile for up to :data:`MOST_SIMULATED` rows; Bonferroni's
    beyond, which needs no time and is a little wider.

    Parameters
    ----------
    differences
        Paired differences, a row a comparison; shape (comparisons, replicates).
    seed_text
        What keys the simulation.
    """
    rows, count = differences.shape
    if rows <= MOST_SIMULATED:
        return simultaneous_quantile(differences, seed_text)
    return t_quantile(count - 1, 1 - (1 - CONFIDENCE) / rows) if count > 1 else None


def _correlation(differences: FloatArray) -> FloatArray:
    """Return the correlation of the rows; positive semidefinite even with values left out."""
    present = np.isfinite(differences)
    filled = np.where(present, differences, 0.0)
    means = filled.sum(axis=1, keepdims=True) / present.sum(axis=1, keepdims=True)
    centred = np.where(present, differences - means, 0.0)
    units = centred / np.sqrt((centred**2).sum(axis=1, keepdims=True))
    return np.asarray(units @ units.T, dtype=np.float64)


def _distinct(matrix: FloatArray) -> FloatArray:
    """Return the correlation without rows that repeat an earlier one, or its negative."""
    kept: list[int] = []
    for row in range(len(matrix)):
        if not kept or np.abs(matrix[row, kept]).max() < _SAME:
            kept.append(row)
    return matrix[np.ix_(kept, kept)]
