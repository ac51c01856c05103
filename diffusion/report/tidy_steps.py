"""Tidy tables of what happened step by step, which the store does not keep: adoption curves and times.

Their first columns are those of :mod:`diffusion.report.tidy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diffusion.analysis.durations import first_steps, reached_by
from diffusion.analysis.intervals import mean_interval
from diffusion.analysis.units import Units
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.experiment.results import ROUND, StudyResult
from diffusion.experiment.sizes import own_scenario
from diffusion.report.histories import ArmHistory, study_histories, units_replayed
from diffusion.report.tidy_keys import about, arms_of

TIMED_SHARES = (0.1, 0.25, 0.5)
"""The shares of the agents whose time is told: a take-off, a quarter, a half."""

_QUANTILES = (0.05, 0.95)


def curves_table(result: StudyResult, histories: Sequence[ArmHistory] | None = None) -> pd.DataFrame:
    """Return how many have adopted at every step: one row an arm and step.

    Parameters
    ----------
    result
        The results of a study.
    histories
        The result of :func:`study_histories`, if it is at hand.

    Returns
    -------
    After the columns that all tables have: ``step`` (0 … T), ``step_unit``
    (``round`` under ``cascade``), ``mean`` (over runs, of the share of the
    agents in stage adopted), ``low``, ``high`` (its 95 % interval, each step
    by itself; NaN where all runs are equal), ``q05``, ``q95`` (between which 90 % of the runs lie) and ``replicates``.
    """
    histories = study_histories(result.study) if histories is None else histories
    frames = []
    for (group, arm), history in zip(arms_of(result.study), histories, strict=True):
        shares = history.adopters / arm.network.size
        units = units_replayed(own_scenario(result.study.scenario, arm))
        ends = np.array([_curve_ends(units.means(values)) for values in shares.T])
        q05, q95 = np.quantile(shares, _QUANTILES, axis=0)
        columns = {
            "step": np.arange(shares.shape[1]),
            "step_unit": _step_unit(result.study, arm),
            "mean": shares.mean(axis=0),
            "low": ends[:, 0],
            "high": ends[:, 1],
            "q05": q05,
            "q95": q95,
            "replicates": history.replicates,
        }
        frames.append(pd.DataFrame({**about(result.study, group, arm), **columns}))
    return pd.concat(frames, ignore_index=True)


def times_table(
    result: StudyResult, histories: Sequence[ArmHistory] | None = None, *, shares: Sequence[float] = TIMED_SHARES
) -> pd.DataFrame:
    """Return in how many runs a share of the agents had been reached by every step: one row an arm, share and step.

    Parameters
    ----------
    result
        The results of a study.
    histories
        The result of :func:`study_histories`, if it is at hand.
    shares
        The shares of the agents, each above 0 and at most 1.

    Returns
    -------
    After the columns that all tables have: ``share`` (of the agents),
    ``step`` (0 … T), ``step_unit``, ``reached`` (1 minus the Kaplan–Meier
    estimate: the share of the runs in which that many were in stage adopted
    at this step or before), ``low``, ``high`` (its 95 % interval, each step by
    itself, log–log as is usual for survival; where no run, or every run, has
    got there, the bound by the rule of three) and ``replicates``. Runs that never get there are censored at T and kept.
    """
    histories = study_histories(result.study) if histories is None else histories
    frames = []
    for (group, arm), history in zip(arms_of(result.study), histories, strict=True):
        for share in shares:
            columns = {
                "share": share,
                **_reached(history, share, units_replayed(own_scenario(result.study.scenario, arm))),
                "replicates": history.replicates,
            }
            columns["step_unit"] = _step_unit(result.study, arm)
            frames.append(pd.DataFrame({**about(result.study, group, arm), **columns}))
    return pd.concat(frames, ignore_index=True)


def _step_unit(study: Study, arm: PlannedArm) -> str:
    return ROUND if arm.setting.is_round_based else study.scenario.step_unit


def _curve_ends(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the interval of a mean share; NaN where all runs are equal."""
    return mean_interval(values, low=0.0, high=1.0) or (np.nan, np.nan)


def _reached(history: ArmHistory, share: float, units: Units) -> dict[str, NDArray[Any]]:
    """Return in what share of the runs a share of the agents had been reached by each step."""
    steps = history.adopters.shape[1] - 1
    found = reached_by(first_steps(history.adopters, len(history.adopted_by), share), steps, units)
    return {"step": np.arange(steps + 1), "reached": found.share, "low": found.low, "high": found.high}
