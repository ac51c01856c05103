"""Runs: the same curve and the same estimators on runs of the model.

What an estimator finds in observed data means little until one knows what it
finds where the truth is known. Runs of the model give that: in them ties carry,
or do not, as the scenario says. With the very same times dealt anew among
agents no tie can have carried anything, while the adoption curve stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.observed.bass import fit_bass
from diffusion.analysis.observed.curve import adoption_curve
from diffusion.analysis.observed.exposure import ExposureTies, FloatArray, exposure
from diffusion.analysis.observed.regression import lagged_exposure_effect, person_periods
from diffusion.analysis.observed.shuffling import shuffled
from diffusion.analysis.observed.structure import STATISTICS
from diffusion.analysis.observed.times import IntArray, ObservedTimes, times_of_run
from diffusion.draws import LANES
from diffusion.model.ensemble import Ensemble

EXPOSURE = "log odds of exposure"
"""The coefficient of lagged exposure, as a share, in the logit with period effects."""

BASS_Q = "Bass q"
"""The imitation coefficient of the continuous form."""

ESTIMATORS = (*STATISTICS, EXPOSURE, BASS_Q)
"""What is estimated from each run, by name."""

_ABOVE = "above 0"


def adoption_of_runs(ensemble: Ensemble, replicates: int) -> IntArray:
    """Return when each agent adopted in the first replicates of an arm, -1 for never; shape (agents, replicates).

    Parameters
    ----------
    ensemble
        The arm.
    replicates
        How many, at least 1.
    """
    blocks = [ensemble.block(number).adopted_at for number in range(-(-replicates // LANES))]
    return np.concatenate(blocks, axis=1)[:, :replicates].astype(np.int64)


@dataclass(frozen=True, eq=False)
class CurveAgainstRuns:
    """Hold the observed curve beside those of the runs, period by period.

    Attributes
    ----------
    labels
        The periods that both have.
    unit
        What a period is, in the singular.
    first_step
        With which step of the model the first period is compared.
    observed
        The observed cumulative share; shape (periods,).
    low, median, high
        5 %, 50 % and 95 % quantiles of the runs, each period by itself; shape (periods,).
    runs
        How many runs.
    """

    labels: tuple[str, ...]
    unit: str
    first_step: int
    observed: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray
    runs: int

    @property
    def side(self) -> IntArray:
        """Return where the observed curve lies: -1 below the range, 0 within, 1 above; shape (periods,)."""
        rounding = 1e-12
        return (self.observed > self.high + rounding).astype(np.int64) - (self.observed < self.low - rounding)

    def as_json(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        arrays = {name: getattr(self, name).tolist() for name in ("observed", "low", "median", "high", "side")}
        told = {"periods": list(self.labels), "unit": self.unit, "first_step": self.first_step, "runs": self.runs}
        return told | arrays


def curve_against_runs(
    times: ObservedTimes, adopted_at: NDArray[np.signedinteger[Any]], steps: int, *, first_step: int = 1
) -> CurveAgainstRuns:
    """Return the observed curve beside those of runs of the model.

    Both count the agents whose time is known, so that nobody is missing on one side only.

    Parameters
    ----------
    times
        When agents adopted.
    adopted_at
        The step at which each agent adopted in each run, -1 for never; shape
        (agents, runs).
    steps
        How many steps were played.
    first_step
        The step that stands for the first period observed: 0 where the leaders
        are those who adopted in it, and 1 where leaders had adopted before.

    Raises
    ------
    ValueError
        If the runs are of other agents, or have no step for the first period.
    """
    if len(adopted_at) != len(times.at) or not 0 <= first_step <= steps:
        raise ValueError(f"runs must be of the {len(times.at)} agents and reach step {first_step}; {steps} were played")
    told = np.asarray(adopted_at)[times.known]
    number = min(times.periods, steps - first_step + 1)
    shares = np.array([((told >= 0) & (told <= step)).mean(axis=0) for step in range(first_step, first_step + number)])
    low, median, high = np.percentile(shares, [5, 50, 95], axis=1)
    observed = adoption_curve(times).share[:number]
    return CurveAgainstRuns(times.labels[:number], times.unit, first_step, observed, low, median, high, shares.shape[1])


@dataclass(frozen=True)
class Distribution:
    """Hold what an estimator gave over many runs.

    Attributes
    ----------
    mean, sd, low, high
        Of the runs in which it is defined: mean, standard deviation, 5 % and
        95 % quantiles; None with fewer than two.
    defined
        In how many runs it is defined.
    above_zero
        In what share of these its 95 % interval lies above 0; None where it
        has none.
    """

    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    defined: int
    above_zero: float | None = None

    @classmethod
    def of(cls, values: FloatArray, above: FloatArray | None = None) -> Distribution:
        """Return the distribution of values, NaN where undefined."""
        told = values[np.isfinite(values)]
        if told.size < 2:
            return cls(None, None, None, None, int(told.size))
        low, high = np.percentile(told, [5, 95]).tolist()
        share = None if above is None else float(above[np.isfinite(values)].mean())
        return cls(float(told.mean()), float(told.std(ddof=1)), low, high, int(told.size), share)


@dataclass(frozen=True)
class EstimatorCheck:
    """Hold what an estimator finds in observed times, in runs, and in runs whose times were dealt anew.

    Attributes
    ----------
    estimator
        Its name in :data:`ESTIMATORS`.
    observed
        Its value for the observed times; None where there are none, or it is undefined.
    runs
        Its values for the runs as they were played.
    dealt
        Its values with the times of each run dealt anew among all but the leaders.
    number
        How many runs.
    within
        The column within whose groups times were dealt; None for among all.
    """

    estimator: str
    observed: float | None
    runs: Distribution
    dealt: Distribution
    number: int
    within: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the fields by name."""
        return {**vars(self), "runs": dict(vars(self.runs)), "dealt": dict(vars(self.dealt))}


def estimates(ties: ExposureTies, times: ObservedTimes) -> dict[str, float]:
    """Return what every estimator gives for one history, NaN where it is undefined.

    Beside :data:`ESTIMATORS` there is ``above 0``: whether the interval of the
    exposure coefficient lies there, from standard errors that are not clustered.
    """
    fit = fit_bass(adoption_curve(times).share)
    return _estimates_over_ties(ties, times) | {BASS_Q: np.nan if fit is None else fit.q}


def _estimates_over_ties(ties: ExposureTies, times: ObservedTimes) -> dict[str, float]:
    found = {name: measure(ties, times.at, times.periods) for name, measure in STATISTICS.items()}
    effect = lagged_exposure_effect(person_periods(exposure(ties, times), times), clustered=False)
    found |= {EXPOSURE: effect.coefficient, _ABOVE: None if effect.low is None else float(effect.low > 0)}
    return {name: np.nan if value is None else float(value) for name, value in found.items()}


def estimator_checks(
    ties: ExposureTies,
    adopted_at: NDArray[np.signedinteger[Any]],
    steps: int,
    *,
    observed: ObservedTimes | None = None,
    groups: IntArray | None = None,
    within: str | None = None,
    seed: int = 0,
) -> tuple[EstimatorCheck, ...]:
    """Return what the estimators find in runs of the model, where it is known what ties did.

    Parameters
    ----------
    ties
        Over whom exposure is counted.
    adopted_at
        The step at which each agent adopted in each run, -1 for never; shape
        (agents, runs). A hundred runs take some seconds.
    steps
        How many steps were played.
    observed
        The observed times, where there are any.
    groups, within
        Each agent's group and the column it is from, where times are dealt
        within groups only.
    seed
        What keys the dealing.
    """
    histories = np.asarray(adopted_at, dtype=np.int64)
    played = [estimates(ties, times_of_run(run, steps)) for run in histories.T]
    dealt = []
    for place, run in enumerate(histories.T):
        times = times_of_run(shuffled(run, run != 0, groups, coordinates=("runs", seed, place)), steps)
        # The curve is the same, and so is what is fitted to it.
        dealt.append(_estimates_over_ties(ties, times) | {BASS_Q: played[place][BASS_Q]})
    told = estimates(ties, observed) if observed is not None else {}
    return tuple(
        EstimatorCheck(
            name,
            told[name] if np.isfinite(told.get(name, np.nan)) else None,
            _distribution(played, name),
            _distribution(dealt, name),
            len(played),
            within,
        )
        for name in ESTIMATORS
    )


def _distribution(found: list[dict[str, float]], name: str) -> Distribution:
    values = np.array([one[name] for one in found], dtype=np.float64)
    above = np.array([one[_ABOVE] for one in found], dtype=np.float64) if name == EXPOSURE else None
    return Distribution.of(values, above)
