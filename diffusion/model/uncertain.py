"""Uncertain numbers: what a number may be where it is not known, and what it is at a probability.

A number that is not known is stated as a distribution, and is one number in
each world: the quantile of a probability that belongs to the world. So worlds
in which the same number follows another distribution stay paired.

Beside the distributions that agents' values may follow there are ``choice``,
equally likely numbers in a list, and every continuous distribution of
``scipy.stats``, by its name there, or of whole numbers also a discrete one. A
whole number is the quantile rounded to the nearest one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from diffusion.model.parameters import DISTRIBUTIONS, Distribution
from diffusion.model.scipy_distributions import frozen, scipy_names

CHOICE = "choice"
"""The name of a list of equally likely numbers."""

LEAST_INSIDE = 0.1
"""How much of a distribution must lie in the range to which it is cut: less would not be what was stated."""

_WITH_ENDS = frozenset({"uniform", "triangular", "randint"})
_ROUNDING = 1e-9
_LARGEST_WHOLE = 2.0**62  # what is larger could not be kept, and is refused wherever it stands


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Hold a number that is not known.

    Attributes
    ----------
    distribution
        What it follows: a name and arguments; for ``choice`` the numbers, for
        those of ``scipy.stats`` its shapes, then ``loc`` and ``scale``.
    low, high
        The range that the parameter demands, to which it is cut.
    is_whole
        Whether it is a whole number: the nearest one. What is nearest to a
        number in the range is kept, so that ``low`` and ``high`` get their full share.
    """

    distribution: Distribution
    low: float = -math.inf
    high: float = math.inf
    is_whole: bool = False

    def at(self, probability: float) -> float:
        """Return the number that lies above so large a share of the distribution, cut to its range.

        Parameters
        ----------
        probability
            In [0, 1]; moved inwards by 2⁻³³ where it is 0 or 1.

        Examples
        --------
        >>> Uncertain(Distribution("choice", (1.0, 2.0, 5.0))).at(0.7)
        5.0
        >>> Uncertain(Distribution("uniform", (-1.0, 1.0)), low=0.0).at(0.5)
        0.5
        >>> Uncertain(Distribution("normal", (6.0, 2.0)), low=1, high=36, is_whole=True).at(0.7)
        7
        """
        found = self._quantile(probability)
        if not self.is_whole:
            return found
        return int(min(max(math.floor(min(found, _LARGEST_WHOLE) + 0.5), self.low), self.high))

    @property
    def _cut(self) -> tuple[float, float]:
        """Return the range to which the distribution is cut."""
        return (self.low - 0.5, self.high + 0.5) if self.is_whole else (self.low, self.high)

    def _quantile(self, probability: float) -> float:
        import numpy as np

        from diffusion.model.values import LARGEST_UNIFORM, SMALLEST_UNIFORM, quantile

        inside = min(max(probability, SMALLEST_UNIFORM), LARGEST_UNIFORM)
        name, arguments = self.distribution.name, self.distribution.arguments
        if name == CHOICE:
            return arguments[int(inside * len(arguments))]
        with np.errstate(over="ignore"):  # a tail may be so heavy that its far end is no number any more
            if name in DISTRIBUTIONS:
                return float(quantile(self.distribution, np.array(inside), *self._cut))
            known = frozen(name, arguments)
            low, high = self._cut
            below, above = float(known.cdf(low)), float(known.cdf(high))
            found = float(known.ppf(below + inside * (above - below)))
        return min(max(found, low), high)

    @property
    def text(self) -> str:
        """Return the distribution as messages have it, ``normal = [0.9, 0.3]``."""
        return f"{self.distribution.name} = [{', '.join(f'{argument:g}' for argument in self.distribution.arguments)}]"

    def problem(self) -> str:
        """Return why it cannot be drawn in its range, or an empty text.

        What has ends that were stated must lie in the range with both, as a
        number must. Of what has none, a tenth must lie there.
        """
        name, arguments = self.distribution.name, self.distribution.arguments
        if name == CHOICE:
            wrong = [number for number in arguments if not self.low <= number <= self.high]
            if wrong:
                return f"must be {_range(self.low, self.high)}; got {wrong[0]:g}"
            parts = [number for number in arguments if self.is_whole and number != math.floor(number)]
            return f"must be whole numbers; got {parts[0]:g}" if parts else ""
        if outside := self._stated_ends_outside():
            return (
                f"must be {_range(self.low, self.high)}, and {self.text} reaches {outside}; state one that lies within"
            )
        inside = self.mass()
        if inside >= LEAST_INSIDE:
            return ""
        told = f"only {100 * inside:.2g} % of {self.text} is" if inside >= _ROUNDING else f"{self.text} hardly ever is"
        return (
            f"must be {_range(self.low, self.high)}, and {told}; choose one of which most is, and "
            f"{100 * LEAST_INSIDE:g} % at the very least"
        )

    def _stated_ends_outside(self) -> str:
        """Return beyond which end of the range a distribution reaches whose own ends were stated, or an empty text."""
        ends = self._stated_ends()
        if ends is None:
            return ""
        (first, last), (low, high) = ends, self._cut
        slack = _ROUNDING * max(1.0, abs(first), abs(last))
        told = [f"down to {first:g}"] if first < low - slack else []
        return " and ".join([*told, *([f"up to {last:g}"] if last > high + slack else [])])

    def _stated_ends(self) -> tuple[float, float] | None:
        """Return where a distribution begins and ends, if both ends are what was stated of it."""
        name, arguments = self.distribution.name, self.distribution.arguments
        if name in DISTRIBUTIONS:
            return (arguments[0], arguments[-1]) if name in _WITH_ENDS else None
        if name not in _WITH_ENDS and name not in scipy_names():
            return None
        first, last = (float(end) for end in frozen(name, arguments).support())
        return (first, last) if math.isfinite(first) and math.isfinite(last) else None

    def mass(self) -> float:
        """Return how much of the distribution lies in the range."""
        name, arguments = self.distribution.name, self.distribution.arguments
        if name == CHOICE:
            return 1.0
        low, high = self._cut
        if name not in DISTRIBUTIONS:
            known = frozen(name, arguments)
            return float(known.cdf(high) - known.cdf(low))
        from diffusion.model.values import cumulative

        below, above = cumulative(self.distribution, low, high)
        return above - below


def _range(low: float, high: float) -> str:
    if math.isfinite(low) and math.isfinite(high):
        return f"between {low:g} and {high:g}"
    return f"at least {low:g}" if math.isfinite(low) else f"at most {high:g}"
