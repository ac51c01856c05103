"""Uncertain numbers: what a number may be where it is not known, and what it is at a probability.

A number that is not known is stated as a distribution, and is one number in
each world: the quantile of a probability that belongs to the world. So worlds
in which the same number follows another distribution stay paired.

Beside the distributions that agents' values may follow there are ``choice``,
equally likely numbers in a list, and every continuous distribution of
``scipy.stats``, by its name there. A whole number is the quantile rounded to the
nearest one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from diffusion.errors import nearest_name_hint
from diffusion.model.parameters import DISTRIBUTIONS, Distribution

CHOICE = "choice"
"""The name of a list of equally likely numbers."""

_PLACE = ("loc", "scale")
_LEAST_MASS = 1e-6


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
        return int(min(max(math.floor(found + 0.5), self.low), self.high))

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
        if name in DISTRIBUTIONS:
            return float(quantile(self.distribution, np.array(inside), *self._cut))
        frozen = _frozen(name, arguments)
        low, high = self._cut
        below, above = float(frozen.cdf(low)), float(frozen.cdf(high))
        found = float(frozen.ppf(below + inside * (above - below)))
        return min(max(found, low), high)

    def problem(self) -> str:
        """Return why hardly any number that it gives lies in its range, or an empty text."""
        name, arguments = self.distribution.name, self.distribution.arguments
        if name == CHOICE:
            wrong = [number for number in arguments if not self.low <= number <= self.high]
            if wrong:
                return f"must be {_range(self.low, self.high)}; got {wrong[0]:g}"
            parts = [number for number in arguments if self.is_whole and number != math.floor(number)]
            return f"must be whole numbers; got {parts[0]:g}" if parts else ""
        if self._mass() >= _LEAST_MASS:
            return ""
        told = ", ".join(f"{argument:g}" for argument in arguments)
        return f"must be {_range(self.low, self.high)}, and {name} = [{told}] hardly ever is; choose one that is"

    def _mass(self) -> float:
        """Return how much of the distribution lies in the range."""
        name, arguments = self.distribution.name, self.distribution.arguments
        if name not in DISTRIBUTIONS:
            frozen = _frozen(name, arguments)
            low, high = self._cut
            return float(frozen.cdf(high) - frozen.cdf(low))
        from diffusion.model.values import cumulative

        below, above = cumulative(self.distribution, *self._cut)
        return above - below


def scipy_arguments(name: str, said: object) -> tuple[float, ...] | str:
    """Return the arguments of a distribution of ``scipy.stats``, shapes first, then loc and scale.

    Parameters
    ----------
    name
        Its name there.
    said
        A list of numbers in that order, of which loc and scale may be left
        out, or a table of numbers by name.

    Returns
    -------
    The arguments; or what must hold and does not, as a text.

    Examples
    --------
    >>> scipy_arguments("weibull_min", {"c": 1.5, "scale": 2})
    (1.5, 0.0, 2.0)
    >>> scipy_arguments("weibull_min", [])
    'must be weibull_min = [c, loc, scale], all numbers, of which loc and scale may be left out'
    """
    shapes = _shapes(name)
    names = (*shapes, *_PLACE)
    expected = f"must be {name} = [{', '.join(names)}], all numbers, of which loc and scale may be left out"
    given: Mapping[str, Any] = dict(zip(names, said, strict=False)) if isinstance(said, list) else _table(said)
    if unknown := [key for key in given if key not in names]:
        return f"{name} has no parameter {unknown[0]!r}{nearest_name_hint(unknown[0], names)}; {expected}"
    if (isinstance(said, list) and len(said) > len(names)) or any(shape not in given for shape in shapes):
        return expected
    stated = {"loc": 0.0, "scale": 1.0, **given}
    if not all(_is_number(stated[key]) for key in names):
        return expected
    arguments = tuple(float(stated[key]) for key in names)
    import numpy as np

    with np.errstate(all="ignore"):
        middle = [float(found) for found in _frozen(name, arguments).ppf([0.001, 0.5, 0.999])]
    if stated["scale"] <= 0 or not all(math.isfinite(found) for found in middle):
        return f"{name} has no numbers with {', '.join(f'{key} = {stated[key]:g}' for key in names)}"
    return arguments


@lru_cache(maxsize=1)
def scipy_names() -> tuple[str, ...]:
    """Return the names of the continuous distributions of ``scipy.stats`` that go by no name of ours."""
    from scipy import stats

    found = (name for name in dir(stats) if isinstance(getattr(stats, name), stats.rv_continuous))
    return tuple(name for name in found if name not in DISTRIBUTIONS)


def _table(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {"loc": None}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _shapes(name: str) -> tuple[str, ...]:
    from scipy import stats

    shapes = getattr(stats, name).shapes
    return tuple(part.strip() for part in shapes.split(",")) if shapes else ()


@lru_cache(maxsize=256)
def _frozen(name: str, arguments: tuple[float, ...]) -> Any:
    from scipy import stats

    return getattr(stats, name)(*arguments)


def _range(low: float, high: float) -> str:
    if math.isfinite(low) and math.isfinite(high):
        return f"between {low:g} and {high:g}"
    return f"at least {low:g}" if math.isfinite(low) else f"at most {high:g}"
