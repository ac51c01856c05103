"""Selection: when enough is known to name the best arm, and which arms are clearly worse before that.

At chosen numbers of units the arm of the best mean so far is compared with
every other, pair by pair. Each difference has an upper bound that holds at all
looks together with probability of at least 1 - (1 - confidence) / (arms - 1).
An arm whose bound lies below 0 is clearly worse, and is stopped; once no bound
exceeds what does not matter, the leading arm is named.

*Guarantee.* Where units are independent and normal, however the arms are
correlated and whatever their expectations: with probability of at least the
confidence the truly best arm is never stopped, and the arm named is the best
or within ``best_within`` of it. For all that can go wrong is that a bound of
the best arm beside one of the others fails, and there are (arms - 1) of these.
For other values it holds as ``best_within`` goes to 0.

The bounds are straight lines in the sum of differences, the boundaries of
Paulson (1964, doi 10.1214/aoms/1177703739) and of the procedure KN of Kim &
Nelson (2001, doi 10.1145/502109.502111), with variances unknown as there: after
r units a mean is known to within λ + h² S² / (4 λ r), where S² is the variance
of the first n units and h² = (n - 1) (p^(-2 / (n - 1)) - 1) for a line that may
fail with probability p. Two lines share what may go wrong: one is narrowest
about when an arm can be named, the other early. KN stops arms that are not
better by ``best_within``, here arms must be worse; that and the union over arms
is what carries the guarantee from one best arm far ahead over to any (Eckman &
Henderson 2021, doi 10.1145/3432754). For values that are not normal S² is never
less than the variance of all units so far, bounds reach farther where few units
make a mean, and where all are equal, what was not seen counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diffusion.analysis.intervals import all_equal, mean_interval
from diffusion.analysis.outcomes import FloatArray
from diffusion.analysis.precision_asked import BestWithin

GROWTH = 1.1
"""How many times as many units there are at the next look, at least."""

LINES = ((0.5, 0.8), (2.5, 0.2))
"""The lines of a bound: λ in units of what does not matter, and the share of the chance to go wrong."""


@dataclass(frozen=True, slots=True)
class Selected:
    """Tell what is known of the best arm.

    Attributes
    ----------
    named
        The arm named; None while it goes on.
    stopped
        After how many units each arm was found to be clearly worse; None where it was not.
    units
        How many units there were at the last look, or at the one that decided; 0 before the first.
    wanted
        How many units of every arm that was not stopped there should be now.
    within
        By how much another arm may be better than the leading one, at the last look; None before the first.
    """

    named: int | None
    stopped: tuple[int | None, ...]
    units: int
    wanted: int
    within: float | None


def select(values: Sequence[FloatArray], asked: BestWithin, *, first: int, step: int, largest: float) -> Selected:
    """Return which arm is the best as far as was asked, and which are clearly worse.

    Parameters
    ----------
    values
        An arm a row, higher is better, with one number a unit, in order; arms
        share their luck unit by unit. An arm's units after it was stopped
        are not read, and need not be there.
    asked
        What was asked.
    first
        How many units there are at the first look.
    step
        Of what the number of units is a multiple.
    largest
        The largest size that a difference can have.

    Examples
    --------
    >>> luck = np.tile([0.0, 1.0, 0.5, 0.2], 40)
    >>> own = np.tile([0.1, -0.1], 80)
    >>> select([luck + 0.4, luck + own], BestWithin(best_within=0.1), first=40, step=20, largest=2.0).named
    0
    """
    going = list(range(len(values)))
    stopped: list[int | None] = [None] * len(values)
    looking, seen, within = first, 0, None
    while looking <= min(len(values[arm]) for arm in going):
        seen = looking
        means = np.array([_mean(values[arm][:seen]) for arm in going])
        leading = going[int(np.argmax(means))]
        others = [arm for arm in going if arm != leading]
        bounds = {
            arm: bound(values[arm][:seen] - values[leading][:seen], len(values) - 1, asked, first, largest)
            for arm in others
        }
        within = max((0.0, *bounds.values()))
        for arm in others:
            if bounds[arm] < 0:
                stopped[arm] = seen
        if within <= asked.best_within:
            return Selected(leading, tuple(stopped), seen, seen, within)
        going = [arm for arm in going if stopped[arm] is None]
        looking = step * math.ceil(round(max(GROWTH * seen, seen + step) / step, 9))
    return Selected(None, tuple(stopped), seen, looking, within)


def bound(differences: FloatArray, comparisons: int, asked: BestWithin, first: int, largest: float) -> float:
    """Return up to what an arm may be better than another, held at all looks together.

    Parameters
    ----------
    differences
        The arm's values minus the other's, one number a unit.
    comparisons
        How many other arms the best one is compared with.
    asked
        What was asked.
    first
        Over how many units the variance is estimated that the guarantee rests on.
    largest
        The largest size that a difference can have.
    """
    known = differences[np.isfinite(differences)]
    if len(known) < 2:
        return math.inf
    wrong = (1 - asked.confidence) / comparisons
    if all_equal(known):
        # A larger share of other histories would have shown itself by now, but for the chance to go wrong.
        unseen = min(-math.log(wrong) / len(known), 1.0)
        return (1 - unseen) * float(known[0]) + unseen * largest
    begun = differences[:first][np.isfinite(differences[:first])]
    variance = max(float(known.var(ddof=1)), float(begun.var(ddof=1)) if len(begun) > 1 else 0.0)
    error = math.sqrt(float(known.var(ddof=1)) / len(known))
    reach = min(_reach(variance, len(known), first, wrong * share, steep * asked.best_within) for steep, share in LINES)
    ends = mean_interval(known, reach / error)
    return min(ends[1], largest) if ends else math.inf


def _reach(variance: float, units: int, first: int, wrong: float, slope: float) -> float:
    """Return how far above a mean of so many units one line lies."""
    squared: float = (first - 1) * (wrong ** (-2 / (first - 1)) - 1)
    return slope + squared * variance / (4 * slope * units)


def _mean(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else -math.inf
