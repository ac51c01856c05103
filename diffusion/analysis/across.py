"""Across worlds: what differs between worlds and what by chance within one, and in how many worlds an arm is best.

Both parts of the variance are those of a one-way layout with random effects
(Searle, Casella & McCulloch 1992, *Variance Components*, doi
10.1002/9780470316856), the part between worlds cut off at 0. More replicates
shrink the first part of a mean's error, only more worlds the second. The
interval of the share that lies between worlds is that of the jackknifed
logarithm of the two mean squares' ratio, which does not suppose that anything
is normal (Arvesen 1969, doi 10.1214/aoms/1177697287).

An arm counts as better in a world only where its lead there exceeds twice its
Monte Carlo error, and else the world is undecided. One run of an arm has no
such error, so with one in each world none is decided, and no share is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from diffusion.analysis.intervals import CONFIDENCE, bound_where_equal, t_quantile
from diffusion.analysis.outcomes import FloatArray
from diffusion.analysis.units import Units

LEAST_LEAD = 2.0
"""How many Monte Carlo errors a lead must exceed to count."""

_FEWEST_UNITS = 4


@dataclass(frozen=True)
class Spread:
    """Hold how much a number differs by chance within a world, and between worlds.

    Attributes
    ----------
    within, between
        The variances; None with one run in each world.
    share_low, share_high
        95 % interval of the share that lies between worlds; None where nothing differs.
    """

    within: float | None
    between: float | None
    share_low: float | None = None
    share_high: float | None = None

    @property
    def share(self) -> float | None:
        """Return the share of the variance that lies between worlds; None where nothing differs."""
        if self.within is None or self.between is None or self.within + self.between <= 0:
            return None
        return self.between / (self.within + self.between)


@dataclass(frozen=True)
class LevelAcross:
    """Tell of one outcome of one arm across worlds.

    Attributes
    ----------
    worlds, randomisations
        How many there are; randomisations are None where worlds are independent.
    variance_within, variance_between
        Of single runs within a world, and of the means of worlds; None with one run in each.
    standard_error
        Of the mean, over worlds or randomisations.
    best_in
        In how many worlds it alone is best, by more than the Monte Carlo error; None for the arm without leaders.
    undecided_in
        In how many worlds no arm is best by so much.
    above_best_in, below_best_in
        In how many worlds it does better, and worse, than the arm of the best
        mean, by more than the Monte Carlo error; None for that arm itself.
    """

    worlds: int
    randomisations: int | None
    variance_within: float | None
    variance_between: float | None
    standard_error: float
    best_in: int | None = None
    undecided_in: int | None = None
    above_best_in: int | None = None
    below_best_in: int | None = None


@dataclass(frozen=True)
class DifferenceAcross:
    """Tell of one paired difference across worlds.

    Attributes
    ----------
    worlds, randomisations
        How many there are; randomisations are None where worlds are independent.
    variance_within, variance_between
        Of the paired differences within a world, and of the worlds' mean differences.
    between_share, between_share_low, between_share_high
        The share of both that lies between worlds, with its 95 % interval.
    better_in, worse_in, undecided_in
        In how many worlds the arm does better or worse, by more than the Monte Carlo error.
    better_low, better_high
        95 % interval of the share of all worlds in which it so does better
        (Clopper & Pearson 1934, doi 10.1093/biomet/26.4.404); None where
        worlds were spread by a design, or one run in each can decide none.
    """

    worlds: int
    randomisations: int | None
    variance_within: float | None
    variance_between: float | None
    between_share: float | None
    between_share_low: float | None
    between_share_high: float | None
    better_in: int
    worse_in: int
    undecided_in: int
    better_low: float | None
    better_high: float | None


def spread(by_world: FloatArray, size: int = 1) -> Spread:
    """Return how much runs differ within a world, and worlds from one another.

    Parameters
    ----------
    by_world
        One number a run, NaN where it is left out; shape (worlds, replicates).
    size
        How many worlds make a randomisation; 1 where they are independent.

    Examples
    --------
    >>> found = spread(np.array([[0.0, 2.0], [10.0, 12.0]]))
    >>> found.within, found.between
    (2.0, 49.0)
    >>> spread(np.array([[0.0, 4.0], [1.0, 3.0]])).between
    0.0
    """
    there = np.isfinite(by_world)
    counts = there.sum(axis=1)
    kept = by_world[counts > 1]
    if len(kept) < 2:
        return Spread(None, None)
    counts = counts[counts > 1]
    means, variances = np.nanmean(kept, axis=1), np.nanvar(kept, axis=1, ddof=1)
    within = float(variances.mean())
    between = float(means.var(ddof=1)) - float((variances / counts).mean())
    low, high = _share_ends(means, variances, float(counts.mean()), size) or (None, None)
    return Spread(within, max(0.0, between), low, high)


def _share_ends(means: FloatArray, variances: FloatArray, runs: float, size: int) -> tuple[float, float] | None:
    """Return the interval of the share of the variance between worlds, by the jackknife over units."""
    units = len(means) // size
    if units < _FEWEST_UNITS or len(means) % size:
        return None
    centred = means - means.mean()
    sums = np.array([centred, centred**2, variances]).reshape(3, units, size).sum(axis=2)
    whole = sums.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = _log_ratio(whole, units * size, runs)
        pseudo = units * logs - (units - 1) * _log_ratio(whole - sums, (units - 1) * size, runs)
    if not np.isfinite(pseudo).all():
        return None
    reach = t_quantile(units - 1) * float(pseudo.std(ddof=1)) / math.sqrt(units)
    ratios = np.exp(pseudo.mean() + np.array([-reach, reach]))
    low, high = np.maximum(0.0, (ratios - 1) / (ratios - 1 + runs)).tolist()
    return low, high


def _log_ratio(sums: FloatArray, worlds: int, runs: float) -> FloatArray:
    """Return the logarithm of the mean square between worlds over that within them."""
    between = runs * (sums[1] - sums[0] ** 2 / worlds) / (worlds - 1)
    return np.asarray(np.log(between / (sums[2] / worlds)), dtype=np.float64)


def decided(differences: FloatArray, largest: float) -> NDArray[np.int64]:
    """Return in which worlds a mean difference exceeds twice its Monte Carlo error; shape (worlds,).

    Where all paired differences of a world are equal, they must exceed what
    the histories not seen leave open (the rule of three).

    Parameters
    ----------
    differences
        Paired differences, NaN where a replicate is left out; shape (worlds, replicates).
    largest
        The largest size that a difference can have.

    Returns
    -------
    1 where it is positive, -1 where it is negative, 0 where it is undecided.
    """
    there = np.isfinite(differences)
    counts = there.sum(axis=1)
    kept = np.where(there, differences, 0.0)
    means = kept.sum(axis=1) / np.maximum(counts, 1)
    squares = (np.where(there, kept - means[:, np.newaxis], 0.0) ** 2).sum(axis=1)
    errors = np.sqrt(squares / np.maximum(counts * (counts - 1), 1))
    reach = LEAST_LEAD * errors
    equal = errors <= 1e-12 * np.maximum(1.0, np.abs(means))
    below = np.array([bound_where_equal(int(count)) or 1.0 for count in counts])
    reach[equal] = (below * (largest + np.abs(means)))[equal]
    found: NDArray[np.int64] = np.where(np.abs(means) > reach, np.sign(means), 0.0).astype(np.int64)
    return np.where(counts > 1, found, 0)


def best_in(values: FloatArray, largest: float) -> tuple[NDArray[np.int64], int]:
    """Return in how many worlds each arm is best, and in how many none is.

    Parameters
    ----------
    values
        One number a run, higher is better; shape (arms, worlds, replicates).
    largest
        The largest size that a difference can have.

    Examples
    --------
    >>> runs = np.array([[[9.0, 7.0, 9.0, 8.0]], [[1.0, 0.0, 1.0, 0.5]]])
    >>> best_in(runs, 10.0)
    (array([1, 0]), 0)
    """
    arms, worlds, _ = values.shape
    counts = np.zeros(arms, dtype=np.int64)
    first = values.mean(axis=2).argmax(axis=0)
    leader = values[first, np.arange(worlds)]
    leads = np.ones(worlds, dtype=np.bool_)
    for arm in range(arms):
        leads &= (decided(leader - values[arm], largest) > 0) | (first == arm)
    np.add.at(counts, first[leads], 1)
    return counts, int(worlds - leads.sum())


def beside_best(values: FloatArray, largest: float) -> list[tuple[int, int] | None]:
    """Return in how many worlds each arm does better, and worse, than the one of the best mean; None for that one.

    Parameters
    ----------
    values
        One number a run, higher is better; shape (arms, worlds, replicates).
    largest
        The largest size that a difference can have.
    """
    best = int(values.mean(axis=(1, 2)).argmax())
    leads = [decided(arm - values[best], largest) for arm in values]
    return [None if row == best else (int((one > 0).sum()), int((one < 0).sum())) for row, one in enumerate(leads)]


def level_across(values: FloatArray, units: Units) -> LevelAcross | None:
    """Return what is told of an outcome of an arm across worlds; None in one world.

    Parameters
    ----------
    values
        One number a run.
    units
        How runs are laid out.
    """
    if units.worlds == 1:
        return None
    found = spread(units.by_world(values), units.size)
    means = units.means(values)
    error = float(means.std(ddof=1)) / math.sqrt(len(means))
    return LevelAcross(units.worlds, _randomisations(units), found.within, found.between, error)


def difference_across(differences: FloatArray, units: Units, *, sign: int, largest: float) -> DifferenceAcross | None:
    """Return what is told of a paired difference across worlds; None in one world.

    Parameters
    ----------
    differences
        One paired difference a run, NaN where it is left out.
    units
        How runs are laid out.
    sign
        1 where higher is better, -1 where lower is.
    largest
        The largest size that a difference can have.
    """
    if units.worlds == 1:
        return None
    by_world = units.by_world(differences)
    found, leads = spread(by_world, units.size), sign * decided(by_world, largest)
    better, worse = int((leads > 0).sum()), int((leads < 0).sum())
    can_decide = bool((np.isfinite(by_world).sum(axis=1) > 1).any())
    low, high = share_interval(better, units.worlds) if units.size == 1 and can_decide else (None, None)
    return DifferenceAcross(
        worlds=units.worlds,
        randomisations=_randomisations(units),
        variance_within=found.within,
        variance_between=found.between,
        between_share=found.share,
        between_share_low=found.share_low,
        between_share_high=found.share_high,
        better_in=better,
        worse_in=worse,
        undecided_in=units.worlds - better - worse,
        better_low=low,
        better_high=high,
    )


def share_interval(count: int, of: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share (Clopper & Pearson 1934).

    Examples
    --------
    >>> low, high = share_interval(83, 100)
    >>> round(low, 3), round(high, 3)
    (0.742, 0.898)
    """
    beyond = (1 - CONFIDENCE) / 2
    low = float(special.betaincinv(count, of - count + 1, beyond)) if count else 0.0
    high = float(special.betaincinv(count + 1, of - count, 1 - beyond)) if count < of else 1.0
    return low, high


def same_units(units: Sequence[Units]) -> Units:
    """Return how the runs of all arms are laid out.

    Raises
    ------
    ValueError
        If they are laid out differently.
    """
    if len(set(units)) > 1:
        raise ValueError("arms must have the same worlds to be compared world by world")
    return units[0]


def _randomisations(units: Units) -> int | None:
    return None if units.size == 1 else units.worlds // units.size
