"""What is cut away of a distribution that reaches beyond the range of its number, and what remains."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diffusion.model.parameters import DISTRIBUTIONS
from diffusion.model.scipy_distributions import frozen
from diffusion.model.uncertain import Uncertain
from diffusion.model.values import LARGEST_UNIFORM, SMALLEST_UNIFORM, Floats, quantile

LEAST_TOLD = 0.001
"""How much must be cut away to be told."""

_POINTS = 801  # the trapezoid rule on the logits of probabilities is right to eight digits with these


@dataclass(frozen=True, slots=True)
class Cut:
    """Hold what is cut away, and what remains.

    Attributes
    ----------
    share
        How much of the distribution is cut away.
    median
        The median of what remains.
    mean, sd
        Its mean and standard deviation; none of a whole number, which is rounded, and
        none of a distribution of ``scipy.stats`` that goes on without an end, for
        some of these have none.
    """

    share: float
    median: float
    mean: float | None
    sd: float | None


def cut_of(said: Uncertain) -> Cut | None:
    """Return what is cut away of a distribution; ``None`` where that is too little to be told.

    Parameters
    ----------
    said
        The distribution, and the range to which it is cut.

    Examples
    --------
    >>> from diffusion.model.parameters import Distribution
    >>> found = cut_of(Uncertain(Distribution("normal", (0.0, 1.0)), low=0.0))
    >>> round(found.share, 6), round(found.mean, 6), round(found.sd, 6)
    (0.5, 0.797885, 0.60281)
    """
    share = 1.0 - said.mass()
    if share < LEAST_TOLD:
        return None
    mean, sd = _moments(said)
    return Cut(share, float(said.at(0.5)), mean, sd)


def _moments(said: Uncertain) -> tuple[float | None, float | None]:
    """Return mean and standard deviation of what remains, over all that can be drawn of it."""
    is_ended = math.isfinite(said.low) and math.isfinite(said.high)
    if said.is_whole or not (is_ended or said.distribution.name in DISTRIBUTIONS):
        return None, None
    logits = np.linspace(_logit(SMALLEST_UNIFORM), _logit(LARGEST_UNIFORM), _POINTS)
    u = 1 / (1 + np.exp(-logits))
    weights = u * (1 - u)
    weights /= weights.sum()
    values = _quantiles(said, u)
    mean = float(weights @ values)
    return mean, math.sqrt(float(weights @ (values - mean) ** 2))


def _quantiles(said: Uncertain, u: Floats) -> Floats:
    if said.distribution.name in DISTRIBUTIONS:
        return quantile(said.distribution, u, said.low, said.high)
    known = frozen(said.distribution.name, said.distribution.arguments)
    below, above = known.cdf(said.low), known.cdf(said.high)
    values: Floats = np.clip(known.ppf(below + u * (above - below)), said.low, said.high)
    return values


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
