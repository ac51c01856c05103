"""Precision: when there are enough runs, or worlds, for every difference to be known as well as was asked.

The rule is that of Chow & Robbins (1965, doi 10.1214/aoms/1177700156): go on
until the interval of the mean is as narrow as asked. It looks only after a
first batch, and then each time at the size that the runs so far promise to be
enough, at least a tenth and at most four times as many; so it looks seldom,
and never because an interval happens to be narrow for a moment. As the half
width goes to 0 the intervals cover as often as stated (Glynn & Whitt 1992, doi
10.1214/aoap/1177005777); how often they do at usual sizes is simulated in the
tests. Intervals allow for all differences at once (Bonferroni), and are as
wide as those told elsewhere where values are skewed; where all values are
equal, what was not seen counts (the rule of three), so a study in which
nothing took off yet does not stop at once.

What has been decided depends on the values in their order alone, not on
batches, nor on how often the program was started.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diffusion.analysis.intervals import interval_where_equal, mean_interval, t_quantile
from diffusion.analysis.outcomes import FloatArray
from diffusion.analysis.precision_asked import Precision

LEAST_GROWTH, MOST_GROWTH = 1.1, 4.0
"""How many times as many units there are at the next look, at least and at most."""

_MARGIN = 1.02


@dataclass(frozen=True, slots=True)
class Progress:
    """Tell what the rule says of the values so far.

    Attributes
    ----------
    enough
        With how many units it stopped; None while it goes on.
    wanted
        How many units there should be now: as many, where it stopped.
    half_width
        The widest reach of an interval at the last look; None before the first.
    """

    enough: int | None
    wanted: int
    half_width: float | None


def progress(differences: FloatArray, precision: Precision, *, first: int, step: int, largest: float) -> Progress:
    """Return whether there are enough units, and else how many there should be.

    Parameters
    ----------
    differences
        What is to be known: one row a paired difference, one column a unit in
        order; shape (differences, units). The first units decide first, so
        more than were needed change nothing.
    precision
        What was asked.
    first
        How many units there are before the rule first looks.
    step
        Of what the number of units is a multiple.
    largest
        The largest size that a difference can have.

    Examples
    --------
    >>> even = np.tile([-0.1, 0.1], 100)[np.newaxis]
    >>> progress(even, Precision(half_width=0.02), first=50, step=10, largest=1.0).enough
    110
    """
    looking, there, reached = first, differences.shape[1], None
    while looking <= there:
        reached = widest(differences[:, :looking], precision.confidence, largest)
        if reached <= precision.half_width:
            return Progress(looking, looking, reached)
        growth = _MARGIN * (reached / precision.half_width) ** 2
        growth = min(max(growth, LEAST_GROWTH), MOST_GROWTH)
        looking = step * math.ceil(round(growth * looking / step, 9))
    return Progress(None, looking, reached)


def widest(differences: FloatArray, confidence: float, largest: float) -> float:
    """Return how far the widest of the simultaneous intervals reaches from its mean.

    Parameters
    ----------
    differences
        As for :func:`progress`.
    confidence
        Of all intervals at once.
    largest
        The largest size that a difference can have.
    """
    rows, units = differences.shape
    if not rows:
        return 0.0
    quantile = t_quantile(units - 1, 1 - (1 - confidence) / rows)
    return max(_reach(row[np.isfinite(row)], quantile, largest) for row in differences)


def _reach(row: FloatArray, quantile: float, largest: float) -> float:
    if len(row) < 2:
        return math.inf
    middle = float(row.mean())
    ends = mean_interval(row, quantile) or interval_where_equal(middle, len(row), largest)
    return max(middle - ends[0], ends[1] - middle) if ends else math.inf
