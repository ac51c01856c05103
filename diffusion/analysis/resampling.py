"""Resampling: bootstrap intervals of whatever follows from an arm's runs, or from those of several arms.

What is drawn again are replicates: the runs of all arms in a replicate go
together, so that pairing is kept. Where there are several worlds, whole worlds
are drawn again, or whole randomisations of them (Davison & Hinkley 1997,
*Bootstrap Methods and their Application*, section 3.8, doi
10.1017/CBO9780511802843). The draws are keyed, so the same runs always give
the same interval.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from diffusion.analysis.intervals import CONFIDENCE
from diffusion.analysis.units import ONE_WORLD, Units
from diffusion.draws import Purpose, generator

RESAMPLES = 2_000
"""How often replicates are drawn again: the ends of an interval are then those of 50 draws beyond."""

MOST_CORRECTED = 2_000
"""Up to how many replicates ends are corrected for skewness, which fades with their number, while its cost squares."""

_CELLS = 4_000_000
_ROUNDING = 1e-12

FloatArray = NDArray[np.float64]
Interval: TypeAlias = tuple[float, float] | None


def paired_bootstrap(
    values: Sequence[NDArray[Any]],
    statistic: Callable[..., FloatArray],
    *key: str,
    corrected: bool = True,
    units: Units = ONE_WORLD,
) -> list[Interval]:
    """Return 95 % bootstrap intervals of the numbers that a statistic has, replicates drawn with replacement.

    Parameters
    ----------
    values
        What the runs are, by arm; each of shape (replicates,), the same replicates in order.
    statistic
        Takes the arrays, with any number of leading axes, and ``axis=-1``;
        returns the numbers, one above the other.
    key
        What keys the draws.
    corrected
        Whether ends are corrected for bias and skewness, as far as replicates
        are not more than :data:`MOST_CORRECTED` (BCa: Efron 1987, doi
        10.1080/01621459.1987.10478410); else they are percentiles.
    units
        How runs are laid out in worlds.

    Returns
    -------
    An interval for each number, None where it has no spread or is not defined.

    Examples
    --------
    >>> runs = np.arange(100.0)
    >>> [(low, high)] = paired_bootstrap([runs], lambda runs, axis: runs.mean(axis=axis)[None], "example")
    >>> 43 < low < 44.5, 54.5 < high < 56
    (True, True)
    """
    count = units.count(len(values[0]))
    if count < 2:
        return [None] * len(statistic(*values, axis=-1))
    if units.worlds > 1:
        values, statistic = [np.arange(count)], _of_units(values, statistic, count)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # told as None below
        found: Any = stats.bootstrap(
            tuple(values),
            statistic,
            n_resamples=RESAMPLES,
            batch=max(1, _CELLS // count),
            paired=True,
            vectorized=True,
            confidence_level=CONFIDENCE,
            method="BCa" if corrected and count <= MOST_CORRECTED else "percentile",
            random_state=generator(Purpose.BOOTSTRAP, *key),
        )
    ends = found.confidence_interval
    return [
        (float(low), float(high)) if np.isfinite(low) and np.isfinite(high) and high - low > _ROUNDING else None
        for low, high in zip(np.atleast_1d(ends.low), np.atleast_1d(ends.high), strict=True)
    ]


def _of_units(
    values: Sequence[NDArray[Any]], statistic: Callable[..., FloatArray], count: int
) -> Callable[..., FloatArray]:
    """Return the statistic as a function of which units are there, each with all its runs."""
    rows = [one.reshape(count, -1) for one in values]

    def of_places(places: NDArray[np.int64], axis: int) -> FloatArray:
        taken = [one[places].reshape(*places.shape[:-1], -1) for one in rows]
        return statistic(*taken, axis=axis)

    return of_places


def count_bootstrap(
    replicates: int, statistic: Callable[[FloatArray], FloatArray], *key: str, units: Units = ONE_WORLD
) -> list[Interval]:
    """Return 95 % bootstrap intervals of what follows from how often each replicate counts.

    For numbers made from whole tables of runs: these need not be copied for every draw.

    Parameters
    ----------
    replicates
        The number of runs.
    statistic
        Takes how often each replicate counts, of shape (…, replicates);
        returns the numbers, one above the other.
    key
        What keys the draws.
    units
        How runs are laid out in worlds.

    Returns
    -------
    A percentile interval for each number, None where it has no spread or is not defined.
    """

    def of_places(places: NDArray[np.int64], axis: int) -> FloatArray:  # noqa: ARG001 - always the last
        rows = places.reshape(-1, places.shape[-1])
        flat = (rows + count * np.arange(len(rows))[:, np.newaxis]).ravel()
        counts = np.bincount(flat, minlength=len(rows) * count).reshape(len(rows), count)
        found = statistic(np.repeat(counts.astype(np.float64), replicates // count, axis=1))
        return found.reshape(len(found), *places.shape[:-1])

    count = units.count(replicates)
    return paired_bootstrap([np.arange(count)], of_places, *key, corrected=False)
