"""Regression: adoption in a period on exposure in the period before, among those who could still adopt.

A discrete-time hazard model (Allison 1982, doi 10.2307/270718): one row an
agent and period at risk, a logit with a level of its own for each period, so
that what moves everybody at once (a price, a campaign) is not read as exposure.
What it finds is an association. Agents may resemble those they learn from, and
be reached by the same influence from outside; either looks like contagion
(Manski 1993, doi 10.2307/2298123; Shalizi & Thomas 2011, doi
10.1177/0049124111404820).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.observed.exposure import Exposure, FloatArray
from diffusion.analysis.observed.times import IntArray, ObservedTimes
from diffusion.errors import InputError

Measure = Literal["share", "number"]
MEASURES: tuple[Measure, ...] = ("share", "number")
"""What exposure may be: the share of alters who had adopted, or their number."""

INSTALL = "regressions on observed adoption need statsmodels: pip install -e '.[report]'"

_LARGEST = 50.0  # a log odds ratio beyond that is separation, not an estimate


@dataclass(frozen=True, eq=False)
class PersonPeriods:
    """Hold one row for each agent and period in which it could adopt, from the second period on.

    Attributes
    ----------
    agent, period
        Who, and when; shape (rows,).
    share, number
        Exposure by the end of the period before; shape (rows,).
    adopted
        Whether the agent adopted in this period; shape (rows,).
    """

    agent: IntArray
    period: IntArray
    share: FloatArray
    number: FloatArray
    adopted: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.agent)

    def subset(self, rows: NDArray[np.bool_]) -> PersonPeriods:
        """Return some of the rows."""
        columns = (self.agent, self.period, self.share, self.number, self.adopted)
        return PersonPeriods(*(column[rows] for column in columns))  # type: ignore[arg-type]


def person_periods(found: Exposure, times: ObservedTimes) -> PersonPeriods:
    """Return who could adopt when, with what exposure; agents without alters are left out.

    Parameters
    ----------
    found
        Exposure by period.
    times
        When agents adopted.
    """
    until = np.where(times.adopters, times.at, times.periods - 1)
    period = np.arange(1, times.periods)
    at_risk = (times.known & (found.alters > 0))[:, None] & (period <= until[:, None])
    agent, place = np.nonzero(at_risk)
    before = found.share[agent, place], found.number[agent, place]
    return PersonPeriods(agent, place + 1, *before, times.at[agent] == place + 1)


@dataclass(frozen=True)
class HazardBand:
    """Hold how many adopted among those of like exposure.

    Attributes
    ----------
    exposure
        The share of alters who had adopted by the period before, in words.
    rows
        How many agents and periods.
    adopted
        In how many of them the agent adopted.
    """

    exposure: str
    rows: int
    adopted: int

    @property
    def hazard(self) -> float | None:
        """Return the share that adopted, or None where nobody was so exposed."""
        return self.adopted / self.rows if self.rows else None

    def as_json(self) -> dict[str, Any]:
        """Return the fields by name, and the hazard."""
        return {**vars(self), "hazard": self.hazard}


def hazard_by_exposure(rows: PersonPeriods) -> tuple[HazardBand, ...]:
    """Return how many adopted with none, up to a third, up to two thirds, most and all of their alters before them."""
    share = rows.share
    third, two_thirds = 1 / 3 + 1e-9, 2 / 3 + 1e-9
    bands = {
        "none": share == 0,
        "up to a third": (share > 0) & (share <= third),
        "up to two thirds": (share > third) & (share <= two_thirds),
        "more, not all": (share > two_thirds) & (share < 1),
        "all": share >= 1,
    }
    return tuple(HazardBand(name, int(here.sum()), int(rows.adopted[here].sum())) for name, here in bands.items())


@dataclass(frozen=True)
class ExposureEffect:
    """Hold the coefficient of lagged exposure in a logit of adoption.

    Numbers are None where they are undefined, and ``reason`` says why.

    Attributes
    ----------
    measure
        What exposure is: the ``share`` of alters, or their ``number``.
    group_effects
        The column whose groups have levels of their own besides periods.
    clusters
        By what standard errors are clustered; None for those of the model.
    rows, agents, adopted
        On how many agents and periods it rests, of how many agents, and in
        how many rows somebody adopted.
    left_out
        How many rows say nothing: those of periods and groups in which nobody
        adopted, or everybody did.
    coefficient, se, low, high
        The change of the log odds of adopting with exposure from none to all,
        or with one alter more; its standard error and 95 % interval.
    p_value
        Of the coefficient, two-sided.
    reason
        Why there is no estimate; empty where there is one.
    """

    measure: Measure
    group_effects: str | None
    clusters: str | None
    rows: int
    agents: int
    adopted: int
    left_out: int
    coefficient: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    reason: str = ""

    @property
    def odds_ratio(self) -> tuple[float, float, float] | None:
        """Return the odds ratio and the two ends of its interval."""
        if self.coefficient is None or self.low is None or self.high is None:
            return None
        one, low, high = np.exp([self.coefficient, self.low, self.high]).tolist()
        return one, low, high

    def as_json(self) -> dict[str, Any]:
        """Return the fields by name, and the odds ratio."""
        return {**vars(self), "odds_ratio": self.odds_ratio}


def lagged_exposure_effect(
    rows: PersonPeriods,
    *,
    measure: Measure = "share",
    groups: IntArray | None = None,
    group_effects: str | None = None,
    clustered: bool = True,
) -> ExposureEffect:
    """Return how adoption goes with exposure in the period before, by a logit with period effects.

    Parameters
    ----------
    rows
        Agents and periods at risk.
    measure
        What exposure is.
    groups, group_effects
        Each agent's group, and the column it is from, where groups get levels
        of their own: that takes out what the group has in common.
    clustered
        Whether standard errors are clustered by agent (Liang & Zeger 1986,
        doi 10.1093/biomet/73.1.13). Without, the estimate is the same and
        faster.

    Raises
    ------
    InputError
        If statsmodels is not installed.
    """
    group = np.zeros(len(rows), dtype=np.int64) if groups is None else groups[rows.agent]
    telling = _telling(rows, group)
    kept, group = rows.subset(telling), group[telling]
    exposed = kept.share if measure == "share" else kept.number
    effect = ExposureEffect(
        measure=measure,
        group_effects=group_effects,
        clusters="agent" if clustered else None,
        rows=len(kept),
        agents=len(np.unique(kept.agent)),
        adopted=int(kept.adopted.sum()),
        left_out=len(rows) - len(kept),
    )
    if not len(kept):
        return _undefined(effect, "no period tells adopters from those who waited")
    if not exposed.std() > 0:
        return _undefined(effect, "exposure does not vary")
    alike = np.arange(len(kept)) if clustered else _alike(exposed, kept.period, group)
    first = np.unique(alike, return_index=True)[1]
    design = np.column_stack([exposed[first], *_levels(kept.period[first], group[first])])
    if effect.rows <= design.shape[1]:
        return _undefined(effect, "there are no more agents and periods at risk than levels to estimate")
    if np.linalg.matrix_rank(design.T @ design, hermitian=True) < design.shape[1]:
        return _undefined(effect, "exposure cannot be told from the levels of periods and groups")
    adopted = np.bincount(alike, weights=kept.adopted)
    outcome = np.column_stack([adopted, np.bincount(alike) - adopted])
    return _estimated(effect, outcome, design, clusters=kept.agent if clustered else None)


def _telling(rows: PersonPeriods, group: IntArray) -> NDArray[np.bool_]:
    """Return which rows are of periods and groups in which some adopted and some did not."""
    kept = np.ones(len(rows), dtype=bool)
    while True:
        before = kept.sum()
        for level in (rows.period, group):
            size = int(level.max(initial=0)) + 1
            all_rows = np.bincount(level[kept], minlength=size)
            adopted = np.bincount(level[kept & rows.adopted], minlength=size)
            kept &= ((adopted > 0) & (adopted < all_rows))[level]
        if kept.sum() == before:
            return kept


def _levels(period: IntArray, group: IntArray) -> list[FloatArray]:
    """Return a column for each period, and one for each group but the first."""
    columns = [(period == value).astype(np.float64) for value in np.unique(period)]
    return columns + [(group == value).astype(np.float64) for value in np.unique(group)[1:]]


def _alike(exposed: FloatArray, period: IntArray, group: IntArray) -> IntArray:
    """Return a number for each row, the same for rows that differ in nothing but whether the agent adopted.

    Taken together they give the same estimate, from far fewer rows.
    """
    level = np.unique(exposed, return_inverse=True)[1]
    keys = (level * (int(period.max()) + 1) + period) * (int(group.max()) + 1) + group
    return np.asarray(np.unique(keys, return_inverse=True)[1], dtype=np.int64)


def _estimated(
    effect: ExposureEffect, outcome: FloatArray, design: FloatArray, *, clusters: IntArray | None
) -> ExposureEffect:
    """Return the effect with its estimate, or with why there is none."""
    api: Any = _statsmodels()
    how = {} if clusters is None else {"cov_type": "cluster", "cov_kwds": {"groups": clusters}}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            fit = api.GLM(outcome, design, family=api.families.Binomial()).fit(**how)
        except (np.linalg.LinAlgError, ValueError) as problem:
            return _undefined(effect, f"the estimation failed ({problem})")
    coefficient, se = float(fit.params[0]), float(fit.bse[0])
    separated = any("separation" in str(warning.message).lower() for warning in said)
    largest = _LARGEST / float(design[:, 0].max())
    if separated or not fit.converged or not 0 < se < largest or abs(coefficient) > largest:
        return _undefined(effect, "exposure separates adopters from those who waited, so there is no finite estimate")
    low, high = fit.conf_int()[0].tolist()
    numbers = {"coefficient": coefficient, "se": se, "low": low, "high": high, "p_value": float(fit.pvalues[0])}
    return ExposureEffect(**{**vars(effect), **numbers})


def _undefined(effect: ExposureEffect, reason: str) -> ExposureEffect:
    return ExposureEffect(**{**vars(effect), "reason": reason})


def _statsmodels() -> Any:
    try:
        return import_module("statsmodels.api")
    except ModuleNotFoundError:
        raise InputError(INSTALL) from None
