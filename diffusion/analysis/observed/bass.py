"""The Bass model: innovation p and imitation q, fitted to a cumulative curve.

Two forms are told apart, for their p and q are not the same numbers. The
*continuous* form, which netdiffuseR and most of the literature fit, is

    F(t) = m (1 - exp(-(p + q) t)) / (1 + (q / p) exp(-(p + q) t)),    t = 1, 2, …

The *recursion*, Bass's own for discrete time, starts from F(0) = 0 and adds in
each period what a hazard of p + q F(t - 1) / m moves of those left:

    F(t) = F(t - 1) + (p + q F(t - 1) / m) (m - F(t - 1))

The model's rule ``hazard`` with the identity link, in a network in which
everybody learns from everybody, has these p and q for intercept and slope.

A good fit says that a curve is S-shaped, not that anybody imitated anybody:
curves of that shape come about without contagion too (Van den Bulte & Stremersch
2004, doi 10.1287/mksc.1040.0054).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

FloatArray = NDArray[np.float64]
Form = Literal["continuous", "recursion"]

_FEWEST_POINTS = 4
_SMALLEST_P = 1e-9
_AT_BOUND = 1e-6
_STARTS = ((0.01, 0.3), (0.1, 0.1), (0.001, 0.6))


@dataclass(frozen=True)
class BassFit:
    """Hold a least-squares fit of the Bass model.

    Attributes
    ----------
    form
        ``continuous`` or ``recursion``.
    p, q
        Coefficients of innovation and imitation, per period.
    m
        The share that would adopt in the end, at most 1.
    ceiling
        Whether m was ``given``, ``estimated``, or estimated and found to lie
        ``at its bound`` of 1.
    points
        To how many periods it was fitted.
    r_squared
        1 - the squared errors over those of a constant.
    """

    form: Form
    p: float
    q: float
    m: float
    ceiling: Literal["given", "estimated", "at its bound"]
    points: int
    r_squared: float

    def shares(self, periods: int) -> FloatArray:
        """Return the fitted cumulative share by the end of periods 1, 2, …; shape (periods,)."""
        return _CURVES[self.form](periods, self.p, self.q, self.m)

    def as_json(self) -> dict[str, Any]:
        """Return the fields by name."""
        return dict(vars(self))


def bass_curve(periods: int, p: float, q: float, m: float = 1.0) -> FloatArray:
    """Return the continuous form of the Bass model (Bass 1969, doi 10.1287/mnsc.15.5.215) at t = 1, 2, ….

    Parameters
    ----------
    periods
        How many periods.
    p, q
        Coefficients of innovation and imitation.
    m
        The share that adopts in the end.

    Examples
    --------
    >>> bass_curve(3, 0.1, 0.0).round(4).tolist()
    [0.0952, 0.1813, 0.2592]
    """
    decayed = np.exp(-(p + q) * np.arange(1, periods + 1))
    return np.asarray(m * (1 - decayed) / (1 + q / p * decayed), dtype=np.float64)


def bass_recursion(periods: int, p: float, q: float, m: float = 1.0) -> FloatArray:
    """Return the discrete form of the Bass model, from F(0) = 0, in periods 1, 2, ….

    Parameters
    ----------
    periods
        How many periods.
    p, q
        The hazard where nobody and where everybody has adopted: p and p + q.
    m
        The share that adopts in the end.

    Examples
    --------
    >>> bass_recursion(3, 0.1, 0.0).round(4).tolist()
    [0.1, 0.19, 0.271]
    """
    shares = np.zeros(periods + 1)
    for period in range(1, periods + 1):
        before = shares[period - 1]
        shares[period] = before + min(max(p + q * before / m, 0.0), 1.0) * (m - before)
    return shares[1:]


_CURVES: dict[Form, Callable[..., FloatArray]] = {"continuous": bass_curve, "recursion": bass_recursion}


def fit_bass(shares: ArrayLike, *, form: Form = "continuous", ceiling: float | None = None) -> BassFit | None:
    """Return the Bass model that is closest to a cumulative curve, by least squares.

    Standard errors are not given: cumulative shares are not independent of one
    another, and those of a regression on them would be far too small.

    Parameters
    ----------
    shares
        The cumulative share of the agents by the end of periods 1, 2, …
    form
        Which form is fitted.
    ceiling
        The share that adopts in the end, m; by default estimated, at most 1.

    Returns
    -------
    The fit; None with fewer than four points, or where the curve does not rise.

    Examples
    --------
    >>> fit = fit_bass(bass_curve(20, 0.01, 0.4), ceiling=1.0)
    >>> round(fit.p, 6), round(fit.q, 6)
    (0.01, 0.4)
    """
    curve = np.asarray(shares, dtype=np.float64)
    if len(curve) < _FEWEST_POINTS or curve[-1] <= curve[0]:
        return None
    if ceiling is not None:
        return _fit(curve, form, ceiling, "given")
    lowest = float(min(curve[-1], 1.0 - 2 * _AT_BOUND)) / 2
    found = _closest(
        curve, lambda said: _CURVES[form](len(curve), said[0], said[1], said[2]), (lowest, 1.0), float(curve[-1])
    )
    if found[2] > 1.0 - _AT_BOUND:
        return _fit(curve, form, 1.0, "at its bound")
    return _told(curve, form, (found[0], found[1], found[2]), "estimated")


def _fit(curve: FloatArray, form: Form, m: float, ceiling: Literal["given", "at its bound"]) -> BassFit:
    found = _closest(curve, lambda said: _CURVES[form](len(curve), said[0], said[1], m))
    return _told(curve, form, (found[0], found[1], m), ceiling)


def _closest(
    curve: FloatArray,
    shares_of: Callable[[FloatArray], FloatArray],
    bounds: tuple[float, float] | None = None,
    reached: float = 1.0,
) -> FloatArray:
    """Return the parameters of the smallest sum of squares, from several starts."""
    low, high = [_SMALLEST_P, 0.0], [np.inf, np.inf]
    scale, more = [0.01, 0.1], []
    if bounds:
        low, high, scale = [*low, bounds[0]], [*high, bounds[1]], [*scale, 0.1]
        more = [0.98 * reached + 0.02 * bounds[0] if reached >= bounds[1] else (reached + bounds[1]) / 2]
    found = [
        optimize.least_squares(
            lambda said: shares_of(said) - curve,
            [*start, *more],
            bounds=(low, high),
            x_scale=scale,
            jac="3-point",
            ftol=1e-15,
            xtol=1e-15,
            gtol=1e-15,
            max_nfev=500,
        )
        for start in _STARTS
    ]
    return np.asarray(min(found, key=lambda one: float(one.cost)).x, dtype=np.float64)


def _told(
    curve: FloatArray,
    form: Form,
    said: tuple[float, float, float],
    ceiling: Literal["given", "estimated", "at its bound"],
) -> BassFit:
    p, q, m = map(float, said)
    errors = _CURVES[form](len(curve), p, q, m) - curve
    r_squared = 1 - float((errors**2).sum()) / float(((curve - curve.mean()) ** 2).sum())
    return BassFit(form, p, q, m, ceiling, len(curve), r_squared)
