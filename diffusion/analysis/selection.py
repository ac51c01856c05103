"""Selection: which arms fall so clearly behind that no more runs need be spent on them.

The procedure KN of Kim & Nelson (2001, doi 10.1145/502109.502111), which is
fully sequential and uses that arms share their luck: with probability of at
least the confidence, the arm with the best expectation is never dropped if it
is better than every other by at least the smallest difference that matters.
It supposes that units are independent and nearly normal. It may look at
chosen numbers of units only, fixed before: the chance of a false drop is then
smaller still (Jennison, Johnstone & Turnbull 1982).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from diffusion.analysis.intervals import CONFIDENCE
from diffusion.analysis.outcomes import FloatArray


def dropped_at(
    values: FloatArray, smallest: float, looks: Iterable[int], *, first: int, confidence: float = CONFIDENCE
) -> tuple[int | None, ...]:
    """Return after how many units each arm is dropped; None where it stays.

    Parameters
    ----------
    values
        Higher is better: one row an arm, one column a unit in order, the same
        luck for all arms; shape (arms, units). An arm's units after it was
        dropped are not read.
    smallest
        The smallest difference that matters, above 0.
    looks
        After how many units arms may be dropped, ascending, none below ``first``.
    first
        From how many units variances are estimated, at least 2.
    confidence
        With what probability the best arm stays.

    Examples
    --------
    >>> luck = np.tile([0.0, 1.0, 0.5, 0.2], 25)
    >>> own = np.tile([0.1, -0.1], 50)
    >>> dropped_at(np.array([luck + 3, luck + own]), 0.5, [20, 40, 60], first=20)
    (None, 20)
    """
    arms, units = values.shape
    found: list[int | None] = [None] * arms
    if arms < 2 or units < first:
        return tuple(found)
    started = values[:, :first]
    variances = (started[:, np.newaxis] - started).var(axis=2, ddof=1)
    scale = _eta(arms, first, confidence) * 2 * (first - 1)
    alive = list(range(arms))
    for look in looks:
        if look > units or len(alive) == 1:
            break
        means = values[alive, :look].mean(axis=1)
        slack = np.maximum(0.0, smallest / (2 * look) * (scale * variances[np.ix_(alive, alive)] / smallest**2 - look))
        behind = (means[:, np.newaxis] < means - slack).any(axis=1)
        for place in np.flatnonzero(behind):
            found[alive[place]] = look
        alive = [arm for arm in alive if found[arm] is None]
    return tuple(found)


def _eta(arms: int, first: int, confidence: float) -> float:
    """Return η of Kim & Nelson, for c = 1."""
    return float(0.5 * ((2 * (1 - confidence) / (arms - 1)) ** (-2 / (first - 1)) - 1))
