"""Durations: how long it takes until something is reached, runs that never got there kept as censored.

A run is followed for T steps. Where it has not got there by then, all that is
known is that it takes longer: it is censored at T. As every run is followed
equally long, the Kaplan-Meier estimate (1958, doi
10.1080/01621459.1958.10501452) is the share of runs not yet there.

The *restricted mean* is the area under that curve from 0 to T + 1 (Royston &
Parmar 2013, doi 10.1186/1471-2288-13-152): the mean of the time, or of T + 1
where it is longer. It is what ``time_to_half`` has, for any share.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from diffusion.analysis.arms import finite
from diffusion.analysis.intervals import (
    all_equal,
    bound_where_equal,
    mean_interval,
    simultaneous_quantile,
)
from diffusion.analysis.units import ONE_WORLD, Units

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Reached:
    """Hold in what share of the runs something had been reached by every step.

    Attributes
    ----------
    share
        One minus the Kaplan-Meier estimate at t = 0 … T; shape (T + 1,).
    low, high
        Its 95 % interval, each step by itself (Greenwood's, log-log). Where
        no run, or every run, has got there, it reaches 3 / R from the share
        (the rule of three); NaN with three runs or fewer.
    """

    share: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def median(self) -> int | None:
        """Return the first step by which half of the runs had got there, None if fewer ever did."""
        there = np.flatnonzero(self.share >= 0.5 - _ROUNDING)
        return int(there[0]) if len(there) else None


@dataclass(frozen=True)
class Duration:
    """Hold how long an arm takes to get somewhere.

    Attributes
    ----------
    arm, target
        The arm, and what is to be reached: a share of the agents, or whatever else.
    steps, replicates
        T and the number of runs.
    censored
        The share of runs that did not get there by T.
    median
        The first step by which half of the runs had got there; None if fewer did.
    restricted_mean
        Mean of the time, or of T + 1 where it is longer.
    low, high
        Its 95 % interval; None where all runs are equal.
    differ_below
        Where all runs are equal: the 95 % bound on the share of histories that differ; else None.
    """

    arm: str
    target: float | str
    steps: int
    replicates: int
    censored: float
    median: int | None
    restricted_mean: float
    low: float | None
    high: float | None
    differ_below: float | None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


@dataclass(frozen=True)
class DurationDifference:
    """Compare how long two arms take, replicate by replicate.

    Attributes
    ----------
    arm, baseline, target
        What is compared with what, and what is to be reached.
    steps, replicates
        T and the number of paired runs.
    difference
        Restricted mean of the arm minus that of the baseline: negative where it is sooner.
    low, high
        Its pointwise 95 % interval; None where all paired differences are equal.
    low_all, high_all
        Its simultaneous 95 % interval over all arms.
    p_sooner, p_tie
        Shares of the replicates in which the arm gets there sooner, and at
        the same step or neither by T.
    censored, censored_baseline, censored_both
        Shares of the replicates in which the arm, the baseline, and both did not get there by T.
    differ_below
        Where all paired differences are equal: the 95 % bound on the share of
        histories in which they would not be; else None.
    """

    arm: str
    baseline: str
    target: float | str
    steps: int
    replicates: int
    difference: float
    low: float | None
    high: float | None
    low_all: float | None
    high_all: float | None
    p_sooner: float
    p_tie: float
    censored: float
    censored_baseline: float
    censored_both: float
    differ_below: float | None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        told = asdict(self)
        return told | finite({name: value for name, value in told.items() if isinstance(value, float)})


def first_steps(adopters: NDArray[np.integer], size: int, share: float) -> IntArray:
    """Return the first step at which a share of the agents is in stage adopted, -1 for never; shape (replicates,).

    Parameters
    ----------
    adopters
        How many are in stage adopted at t = 0 … T; shape (replicates, T + 1).
    size
        The number of agents.
    share
        The share, above 0; counted in whole agents, as ``time_to_half`` is.

    Examples
    --------
    >>> first_steps(np.array([[1, 2, 2], [1, 1, 1]]), 4, 0.5).tolist()
    [1, -1]
    """
    reached = adopters >= np.ceil(share * size - _ROUNDING)
    return np.where(reached.any(axis=1), reached.argmax(axis=1), -1)


def reached_by(first: IntArray, steps: int, units: Units = ONE_WORLD) -> Reached:
    """Return in what share of the runs something had been reached by every step.

    Parameters
    ----------
    first
        When each run got there, -1 for not by T; shape (replicates,).
    steps
        T.
    units
        How runs are laid out in worlds; where there are several, ends are those of the mean of worlds.

    Examples
    --------
    >>> reached_by(np.array([1, 1, 3, -1]), 4).share.tolist()
    [0.0, 0.5, 0.5, 0.75, 0.75]
    """
    if units.worlds > 1:
        return _reached_across(first, steps, units)
    sample = stats.CensoredData(uncensored=first[first >= 0], right=np.full(int((first < 0).sum()), steps))
    survival = stats.ecdf(sample).sf
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # where no run, or every run, has got there; see below
        ends = survival.confidence_interval(method="log-log")
    at = np.arange(steps + 1)
    share = 1 - survival.evaluate(at)
    few = bound_where_equal(len(first)) or np.nan
    none, every = share <= _ROUNDING, share >= 1 - _ROUNDING
    low = np.select([none & np.isfinite(few), none, every], [0.0, np.nan, 1 - few], 1 - ends.high.evaluate(at))
    high = np.select([every & np.isfinite(few), every, none], [1.0, np.nan, few], 1 - ends.low.evaluate(at))
    return Reached(share, low, high)


def _reached_across(first: IntArray, steps: int, units: Units) -> Reached:
    """Return the same where the unit is the world, or the randomisation."""
    by = (first[:, np.newaxis] >= 0) & (first[:, np.newaxis] <= np.arange(steps + 1))
    means = units.means(by.T.astype(np.float64))
    few = bound_where_equal(means.shape[1]) or np.nan
    ends = [mean_interval(row, low=0.0, high=1.0) or (max(0.0, row[0] - few), min(1.0, row[0] + few)) for row in means]
    return Reached(means.mean(axis=1), *np.array(ends, dtype=np.float64).T)


def restricted(first: IntArray, steps: int) -> FloatArray:
    """Return each run's time, T + 1 where it is longer; shape (replicates,)."""
    return np.where(first < 0, steps + 1, first).astype(np.float64)


def duration(arm: str, target: float | str, first: IntArray, steps: int, units: Units = ONE_WORLD) -> Duration:
    """Return how long an arm takes to get somewhere.

    Parameters
    ----------
    arm, target
        The arm, and what is to be reached.
    first
        When each run got there, -1 for not by T; shape (replicates,).
    steps
        T.
    units
        How runs are laid out in worlds.
    """
    times = restricted(first, steps)
    means = units.means(times)
    low, high = mean_interval(means, low=0.0, high=steps + 1.0) or (None, None)
    return Duration(
        arm=arm,
        target=target,
        steps=steps,
        replicates=len(first),
        censored=float((first < 0).mean()),
        median=reached_by(first, steps, units).median,
        restricted_mean=float(times.mean()),
        low=low,
        high=high,
        differ_below=bound_where_equal(len(means)) if all_equal(means) else None,
    )


def duration_differences(
    first: Mapping[str, IntArray],
    baseline: str,
    target: float | str,
    steps: int,
    seed_text: str,
    *,
    units: Units = ONE_WORLD,
) -> tuple[DurationDifference, ...]:
    """Return how every arm compares with the baseline, by restricted means paired by replicate.

    Parameters
    ----------
    first
        By arm, when each run got there, -1 for not by T; the same replicates in order.
    baseline
        The arm that the others are compared with.
    target
        What is to be reached.
    steps
        T.
    seed_text
        What keys the simulation of simultaneous intervals.
    units
        How runs are laid out in worlds.
    """
    arms = [arm for arm in first if arm != baseline]
    if not arms:
        return ()
    against = restricted(first[baseline], steps)
    rows = {arm: restricted(first[arm], steps) - against for arm in arms}
    quantile = simultaneous_quantile(np.array([units.means(rows[arm]) for arm in sorted(arms)]), seed_text)
    return tuple(
        _difference(
            rows[arm],
            quantile,
            steps,
            first=(first[arm], first[baseline]),
            names=(arm, baseline, target),
            units=units,
        )
        for arm in arms
    )


def _difference(
    differences: FloatArray,
    quantile: float | None,
    steps: int,
    *,
    first: tuple[IntArray, IntArray],
    names: tuple[str, str, float | str],
    units: Units,
) -> DurationDifference:
    """Return the comparison of two arms, from the differences of their restricted times."""
    largest = steps + 1.0
    never, never_baseline = (times < 0 for times in first)
    means = units.means(differences)
    low, high = mean_interval(means, low=-largest, high=largest) or (None, None)
    simultaneous = None if quantile is None else mean_interval(means, quantile, low=-largest, high=largest)
    low_all, high_all = simultaneous or (None, None)
    return DurationDifference(
        arm=names[0],
        baseline=names[1],
        target=names[2],
        steps=steps,
        replicates=len(differences),
        difference=float(differences.mean()),
        low=low,
        high=high,
        low_all=low_all,
        high_all=high_all,
        p_sooner=float((differences < 0).mean()),
        p_tie=float((differences == 0).mean()),
        censored=float(never.mean()),
        censored_baseline=float(never_baseline.mean()),
        censored_both=float((never & never_baseline).mean()),
        differ_below=bound_where_equal(len(means)) if all_equal(means) else None,
    )
