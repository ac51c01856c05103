"""Tidy tables: a study's results as pandas tables, one row an observation, one column a variable.

Every table begins with the columns that say what a row is about:

========== ==============================================================
network    the network's name
synthetic  whether it was generated from assumptions, not observed
agents     how many agents it has
cell       the cell of the sweep in words; empty without a sweep
*swept*    a column for every swept key, such as ``adoption.transmission``
arm        the arm's name
========== ==============================================================

Shares lie between 0 and 1. What is undefined is NaN. Outcomes go by their
standard names (:data:`diffusion.analysis.outcomes.OUTCOMES`); rows keep the
order of networks, cells, arms and outcomes. Curves and times are in
:mod:`diffusion.report.tidy_steps`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

import numpy as np
import pandas as pd

from diffusion.analysis.compare import Comparison
from diffusion.analysis.intervals import mean_interval
from diffusion.analysis.outcomes import Runs, find_outcome
from diffusion.analysis.units import Units
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.experiment.results import GroupResult, StudyResult
from diffusion.experiment.run_columns import run_columns
from diffusion.experiment.sizes import own_scenario
from diffusion.experiment.worlds import WorldRuns, arm_runs, units_of
from diffusion.report.histories import ArmHistory, study_histories
from diffusion.report.tidy_keys import Row, about, arms_of
from diffusion.scenario.intervention_words import leader_count_text

_NUMBERS = (
    *("mean", "low", "high", "sd", "censored", "differ_below", "place", "p_best", "p_best_tied", "reach"),
    *("difference", "low_all", "high_all", "p_better", "p_tie", "p_better_unpaired", "variance_saved"),
    *("range_low", "range_high", "smallest_difference"),
)

_NOT_COMPARED = ("network", "cell", "arm", "outcome", "baseline", "across")
_COMPARED = (
    *("network", "synthetic", "agents", "cell", "arm", "outcome", "unit", "direction", "baseline"),
    *(each.name for each in fields(Comparison) if each.name not in _NOT_COMPARED),
    *("step_unit", "smallest_difference"),
)


def arms_table(result: StudyResult) -> pd.DataFrame:
    """Return every arm's outcomes: one row an arm and outcome.

    Parameters
    ----------
    result
        The results of a study.

    Returns
    -------
    After the columns that all tables have: ``position`` (of the leaders, empty
    where agents are named), ``leaders`` (who leads, in words),
    ``leader_count``, ``outcome``, ``unit`` (of the outcome), ``mean``, ``low``,
    ``high`` (95 % interval of the mean; NaN where all runs are equal), ``sd``
    (over runs), ``censored`` (of times: the share of runs in which it never
    happened), ``differ_below`` (where all runs are equal: the 95 % bound on
    the share of histories that differ), ``place`` (1 for the best mean; NaN
    for the arm without leaders), ``p_best``, ``p_best_tied`` (shares of the
    replicates in which the arm alone is best, and shares the best), ``is_baseline``,
    ``step_unit`` (``round`` under ``cascade``) and ``replicates``. The numbers are those of ``run --json``.
    """
    return _table(row for group in result.groups for row in _arm_rows(result, group))


def comparisons_table(result: StudyResult) -> pd.DataFrame:
    """Return every paired comparison: one row an arm, baseline and outcome.

    Parameters
    ----------
    result
        The results of a study.

    Returns
    -------
    After the columns that all tables have: ``outcome``, ``unit``,
    ``direction`` (``higher`` or ``lower`` is better), ``baseline``, the
    numbers of :class:`~diffusion.analysis.compare.Comparison` under their
    names (``difference``, ``low``, ``high``, ``low_all``, ``high_all``,
    ``p_better``, ``p_tie``, …, ``verdict``, ``replicates``, ``left_out``),
    ``step_unit`` and ``smallest_difference``, the smallest that matters in the outcome's unit
    (NaN for outcomes that have none).
    """
    rows = _table(row for group in result.groups for row in _comparison_rows(result, group))
    return rows if len(rows) else pd.DataFrame(columns=list(_COMPARED))


def runs_table(result: StudyResult, source: WorldRuns) -> pd.DataFrame:
    """Return every run: one row a run, one column an outcome.

    Parameters
    ----------
    result
        The results of a study.
    source
        Where its runs are: the store.

    Returns
    -------
    After the columns that all tables have: ``world``, ``replicate``, the
    outcomes, and ``half_reached``; ``time_to_half`` is restricted, T + 1 where
    half of the agents never adopted. The columns that ``studies export``
    writes are among them, with the same numbers.
    """
    frames = []
    for group, arm in arms_of(result.study):
        scenario = own_scenario(result.study.scenario, arm)
        columns = run_columns(group, _runs(result.study, arm, source), scenario.steps, worlds=scenario.worlds)
        frames.append(pd.DataFrame({**about(result.study, group, arm), **columns}))
    return pd.concat(frames, ignore_index=True)


def agents_table(result: StudyResult, source: WorldRuns, histories: Sequence[ArmHistory] | None = None) -> pd.DataFrame:
    """Return every agent in every arm: one row an agent.

    Parameters
    ----------
    result
        The results of a study.
    source
        Where its runs are: the store.
    histories
        The result of :func:`study_histories`, if it is at hand.

    Returns
    -------
    After the columns that all tables have: ``agent`` (its id), ``role``,
    ``organisation`` (empty where unknown), ``p_adopted`` (the share of the
    runs at whose end the agent is in stage adopted, those that it leads
    included), ``p_leads`` (the share of the runs that it leads),
    ``median_time`` (the first step by which it had adopted in half of the
    runs, of no more than the first 10,000; NaN where it had not in half of
    them at the end) and ``replicates``.
    """
    histories = study_histories(result.study) if histories is None else histories
    frames = []
    for (group, arm), history in zip(arms_of(result.study), histories, strict=True):
        runs, network = _runs(result.study, arm, source), arm.network
        columns = {
            "agent": network.ids,
            "role": network.roles,
            "organisation": network.columns.get("organisation", ("",) * network.size),
            "p_adopted": runs.adopted.mean(axis=0),
            "p_leads": runs.leaders.mean(axis=0),
            "median_time": history.median_time,
            "replicates": runs.replicates,
        }
        frames.append(pd.DataFrame({**about(result.study, group, arm), **columns}))
    return pd.concat(frames, ignore_index=True)


def groups_table(result: StudyResult, source: WorldRuns) -> pd.DataFrame:
    """Return how far every role and organisation was reached, leaders left out: one row a group of agents.

    Parameters
    ----------
    result
        The results of a study.
    source
        Where its runs are: the store.

    Returns
    -------
    After the columns that all tables have: ``grouping`` (``role`` or
    ``organisation``), ``group`` (its name), ``members`` (how many agents it
    has), ``reach`` (the mean over runs of the share of those members who do
    not lead that is in stage adopted at the end; runs in which all members
    lead are left out), ``low``, ``high`` (95 % interval of that mean; NaN
    where all runs are equal), ``replicates`` and ``left_out`` (how many runs
    the numbers rest on, and how many were left out).
    """
    return _table(
        {**about(result.study, group, arm), **row}
        for group, arm in arms_of(result.study)
        for row in _group_rows(
            arm, _runs(result.study, arm, source), units_of(own_scenario(result.study.scenario, arm))
        )
    )


def _arm_rows(result: StudyResult, group: GroupResult) -> Iterator[Row]:
    names = group.group.network.role_names
    places = {
        outcome: {ranked.arm: ranked.place for ranked in group.ranking(outcome)}
        for outcome in group.summaries[0].outcomes
    }
    for arm, summary in zip(group.group.arms, group.summaries, strict=True):
        for outcome, found in summary.outcomes.items():
            yield {
                **about(result.study, group.group, arm),
                "position": arm.setting.leaders.position or "",
                "leaders": _leaders(arm),
                "leader_count": summary.leader_count,
                "outcome": outcome,
                "unit": find_outcome(outcome, names).unit,
                "mean": found.mean,
                "low": found.low,
                "high": found.high,
                "sd": found.sd,
                "censored": found.censored,
                "differ_below": found.differ_below,
                "place": places[outcome][arm.name],
                "p_best": summary.p_best.get(outcome),
                "p_best_tied": summary.p_best_tied.get(outcome),
                "is_baseline": arm.name == group.baseline,
                "step_unit": group.setting.unit(arm.name),
                "replicates": summary.replicates,
            }


def _leaders(arm: PlannedArm) -> str:
    """Return who leads, in words."""
    choice, ids = arm.choice, arm.network.ids
    if arm.leaders_vary:
        return f"{leader_count_text(arm.setting, choice.count)}, chosen anew in every world"
    fixed = ", ".join(ids[agent] for agent in choice.fixed)
    if choice.is_fixed:
        return fixed
    places = leader_count_text(arm.setting, choice.places)
    drawn = f"{places} of {len(choice.among)}, drawn anew in every replicate"
    return f"{fixed}, {drawn}" if fixed else drawn


def _comparison_rows(result: StudyResult, group: GroupResult) -> Iterator[Row]:
    network = group.group.network
    planned = {arm.name: arm for arm in group.group.arms}
    for found in group.comparisons:
        outcome = find_outcome(found.outcome, network.role_names)
        largest = outcome.largest_value(network.size)
        numbers = {name: value for name, value in found.as_json().items() if name not in ("network", "cell", "arm")}
        yield {
            **about(result.study, group.group, planned[found.arm]),
            "outcome": numbers.pop("outcome"),
            "unit": outcome.unit,
            "direction": outcome.direction,
            **numbers,
            "step_unit": group.setting.unit(found.arm),
            "smallest_difference": None if largest is None else group.setting.smallest_difference * largest,
        }


def _runs(study: Study, arm: PlannedArm, source: WorldRuns) -> Runs:
    return arm_runs(source, arm, study.scenario)


def _group_rows(arm: PlannedArm, runs: Runs, units: Units) -> Iterator[Row]:
    network = arm.network
    adopted = runs.adopted & ~runs.leaders
    remaining = np.broadcast_to(~runs.leaders, adopted.shape)
    groupings = {
        "role": (network.role_names, network.role_index),
        "organisation": (network.organisation_names, network.organisation_index),
    }
    for grouping, (names, index) in groupings.items():
        for place, name in enumerate(names):
            members = index == place
            counts = remaining[:, members].sum(axis=1)
            shares = adopted[counts > 0][:, members].sum(axis=1) / counts[counts > 0]
            means = np.full(len(counts), np.nan)
            means[counts > 0] = shares
            means = units.means(means)
            low, high = mean_interval(means[np.isfinite(means)], low=0.0, high=1.0) or (None, None)
            yield {
                "grouping": grouping,
                "group": name,
                "members": int(members.sum()),
                "reach": float(shares.mean()) if len(shares) else None,
                "low": low,
                "high": high,
                "replicates": len(shares),
                "left_out": runs.replicates - len(shares),
            }


def _table(rows: Iterator[Row]) -> pd.DataFrame:
    """Return rows as a table; numbers that are missing are NaN, also where all are."""
    table = pd.DataFrame(list(rows))
    numbers = [name for name in _NUMBERS if name in table and table[name].dtype == object]
    return table.astype(dict.fromkeys(numbers, np.float64))
