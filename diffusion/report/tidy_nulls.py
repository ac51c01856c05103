"""Tidy tables of nulls: what arms reach beside matched leaders, and on rewired networks.

Their first columns are those of :mod:`diffusion.report.tidy`. They are empty
where the scenario asks for no nulls.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from diffusion.experiment.explained import RewiredMeans, RunMeans, rewired_means
from diffusion.experiment.results import GroupResult, StudyResult
from diffusion.report.tidy_keys import Row, about

ITSELF = -1
"""The number of the network itself among its rewirings."""

_KEYS = ("network", "synthetic", "agents", "cell", "arm", "outcome")
_REWIRED = (*_KEYS, "kept", "leaders", "rewiring", "mean", "difference", "baseline", "replicates")
_NUMBERS = ("mean", "matched_mean", "difference", "low", "high", "p_better", "p_tie")
_MATCHED = (*_KEYS, *_NUMBERS, "verdict", "replicates", "why_not")


def rewired_table(result: StudyResult, source: RunMeans, outcome: str) -> pd.DataFrame:
    """Return what arms reach on rewired networks: one row an arm, a way to rewire and to lead, and a network.

    Parameters
    ----------
    result
        The results of a study.
    source
        Where its runs are: the store.
    outcome
        The outcome.

    Returns
    -------
    After the columns that all tables have: ``outcome``, ``kept`` (what the
    rewiring keeps: ``degrees``, or ``degrees and roles``), ``leaders``
    (``same``, or ``anew``: those who hold the position there), ``rewiring``
    (the number of the rewired network; -1 for the network itself), ``mean``
    (over the first replicates), ``difference`` (from the baseline, NaN of the
    baseline itself), ``baseline`` and ``replicates``.
    """
    rows = [row for group in result.groups for row in _rewired_rows(result, group, source, outcome)]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(_REWIRED))


def matched_table(result: StudyResult, outcome: str) -> pd.DataFrame:
    """Return what arms reach beside their matched nulls: one row an arm of which it was asked.

    Parameters
    ----------
    result
        The results of a study.
    outcome
        The outcome.

    Returns
    -------
    After the columns that all tables have: ``outcome``, ``mean``,
    ``matched_mean``, ``difference`` (of the two), ``low``, ``high`` (its 95 %
    interval; NaN where all pairs are equal), ``p_better``, ``p_tie`` (shares
    of the paired histories), ``verdict``, ``replicates`` and ``why_not``: why
    there is no such null, empty where there is.
    """
    rows = [row for group in result.groups for row in _matched_rows(result, group, outcome)]
    if not rows:
        return pd.DataFrame(columns=list(_MATCHED))
    table = pd.DataFrame(rows)
    return table.astype(dict.fromkeys(_NUMBERS, float))


def _rewired_rows(result: StudyResult, group: GroupResult, source: RunMeans, outcome: str) -> Iterator[Row]:
    told: dict[tuple[str, str, bool], list[RewiredMeans]] = {}
    for found in rewired_means(result.study, group.group, source, outcome):
        told.setdefault((found.extra.of, found.extra.kept, found.extra.anew), []).append(found)
    planned = {arm.name: arm for arm in group.group.arms}
    for means, *differences in told.values():
        extra = means.extra
        for number in range(ITSELF, len(means.rewired)):
            yield {
                **about(result.study, group.group, planned[extra.of]),
                "outcome": outcome,
                "kept": extra.kept,
                "leaders": "anew" if extra.anew else "same",
                "rewiring": number,
                "mean": _at(means, number),
                "difference": _at(differences[0], number) if differences else float("nan"),
                "baseline": differences[0].baseline if differences else "",
                "replicates": extra.replicates,
            }


def _at(found: RewiredMeans, number: int) -> float:
    return found.observed if number == ITSELF else float(found.rewired[number])


def _matched_rows(result: StudyResult, group: GroupResult, outcome: str) -> Iterator[Row]:
    explained = group.explained
    matched = {found.arm: found for found in explained.matched if found.outcome == outcome}
    missing = {found.arm: found.reason for found in explained.unanswered if found.asked == "matched null"}
    for arm in group.group.arms:
        if arm.name not in matched and arm.name not in missing:
            continue
        found = matched.get(arm.name)
        yield {
            **about(result.study, group.group, arm),
            "outcome": outcome,
            **{name: getattr(found, name) if found else None for name in _NUMBERS},
            "verdict": (found.verdict or "") if found else "",
            "replicates": found.replicates if found else result.study.scenario.replicates,
            "why_not": missing.get(arm.name, ""),
        }
