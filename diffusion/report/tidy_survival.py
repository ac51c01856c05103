"""Tidy tables of what survives where the network is uncertain: by network and cell, by arm, and world by world.

Their first columns are those of :mod:`diffusion.report.tidy`. They are empty
where no network is uncertain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import pandas as pd

from diffusion.analysis.arms import ArmResult, OutcomeSummary, measure
from diffusion.analysis.leads import Lead
from diffusion.analysis.outcomes import FloatArray, RegionFacts
from diffusion.analysis.survival import Change, Survival
from diffusion.experiment.results import GroupResult, StudyResult
from diffusion.experiment.survived import given_results
from diffusion.experiment.worlds import WorldRuns, arm_result
from diffusion.report.tidy_keys import Row, about

_KEYS = ("network", "synthetic", "agents", "cell", "arm", "outcome")
_NOT_COUNTED = ("outcome", "best", "order", "same", "pairs", "behind", "beside", "likeness", "changes", "against")
_COUNTED = tuple(one.name for one in fields(Survival) if one.name not in (*_NOT_COUNTED, "rival"))
_SURVIVAL = (*_KEYS, *_COUNTED, "behind", "tau", "tau_low", "tau_high", "rival", "difference", "low", "high")
_ARMS = (
    *(*_KEYS, "best", "place"),
    *(f"{kind}{end}" for kind in ("given", "drawn", "change", "behind_best") for end in ("", "_low", "_high")),
    *("given_behind_best", "ahead", "replicates"),
)
_WORLDS = (*_KEYS, "best", "world", "given", "drawn", "given_behind_best", "behind_best", "replicates")


def survival_table(result: StudyResult, outcome: str) -> pd.DataFrame:
    """Return whether rankings survive: one row a network and cell; the arm is the best on the given network.

    Parameters
    ----------
    result
        The results of a study.
    outcome
        By what arms rank.

    Returns
    -------
    After the columns that all tables have, the counts and intervals of
    :class:`~diffusion.analysis.survival.Survival`; ``behind`` (how many arms
    the given network shows behind the best), ``tau``, ``tau_low``,
    ``tau_high`` (Kendall's tau-b, mean over worlds), and the comparison that
    decides: ``rival``, ``difference`` (of the best less the rival), ``low``
    and ``high``.
    """
    return _table((row for group in result.groups for row in _survival_rows(result, group, outcome)), _SURVIVAL)


def survival_arms_table(result: StudyResult, outcome: str) -> pd.DataFrame:
    """Return what the uncertainty changes: one row an arm.

    Parameters
    ----------
    result
        The results of a study.
    outcome
        By what arms rank.

    Returns
    -------
    After the columns that all tables have: ``best`` (the arm of the best mean
    on the given network), ``place`` (there), ``given`` and ``drawn`` (means on
    the given network and with the network uncertain), ``change`` (paired),
    ``behind_best`` (the arm less the best one, with the network uncertain;
    its interval is simultaneous), each with ``_low`` and ``_high``;
    ``given_behind_best``, ``ahead`` (which of the two is shown to be better,
    empty where it is undecided) and ``replicates``.
    """
    return _table((row for group in result.groups for row in _arm_rows(result, group, outcome)), _ARMS)


def survival_worlds_table(result: StudyResult, source: WorldRuns, outcome: str) -> pd.DataFrame:
    """Return the means of arms world by world: one row an arm and world.

    Parameters
    ----------
    result
        The results of a study.
    source
        Where its runs are: the store.
    outcome
        By what arms rank.

    Returns
    -------
    After the columns that all tables have: ``best``, ``world``, ``given`` and
    ``drawn`` (the arm's means in that world on the given network, and with the
    network uncertain), ``given_behind_best`` and ``behind_best`` (less those
    of the best arm) and ``replicates`` (runs in the world).
    """
    return _table((row for group in result.groups for row in _world_rows(result, group, source, outcome)), _WORLDS)


def _survival_rows(result: StudyResult, group: GroupResult, outcome: str) -> Iterator[Row]:
    found = group.survived.found.get(outcome)
    if found is None:
        return
    like, rival = found.likeness, found.rival
    yield {
        **_about(result, group, found.best, outcome),
        **{name: getattr(found, name) for name in _COUNTED},
        "behind": len(found.behind),
        "tau": like.mean if like else None,
        "tau_low": like.low if like else None,
        "tau_high": like.high if like else None,
        "rival": rival.other if rival else "",
        "difference": rival.difference if rival else None,
        "low": rival.low if rival else None,
        "high": rival.high if rival else None,
    }


def _arm_rows(result: StudyResult, group: GroupResult, outcome: str) -> Iterator[Row]:
    found = group.survived.found.get(outcome)
    if found is None:
        return
    stand_in, against = dict(found.same), {lead.other: lead for lead in found.against}
    given = {change.arm: change.given.mean for change in found.changes}
    for change in _shown(found, group):
        one = stand_in.get(change.arm, change.arm)
        yield {
            **_about(result, group, change.arm, outcome),
            "best": found.best,
            "place": found.order.index(one) + 1,
            **_with_ends("given", change.given),
            **_with_ends("drawn", change.drawn),
            "change": change.difference,
            "change_low": change.low,
            "change_high": change.high,
            "given_behind_best": change.given.mean - given[found.best],
            **_behind(against.get(one)),
            "replicates": found.replicates * found.worlds,
        }


def _shown(found: Survival, group: GroupResult) -> list[Change]:
    """Return what changes for the arms at hand: of very many, those that a report shows."""
    there = {arm.name for arm in group.group.arms}
    return [change for change in found.changes if change.arm in there]


def _with_ends(name: str, summary: OutcomeSummary) -> Row:
    return {name: summary.mean, f"{name}_low": summary.low, f"{name}_high": summary.high}


def _behind(lead: Lead | None) -> Row:
    """Return an arm less the best, from their comparison the other way round; nothing of the best itself."""
    if lead is None:
        return {"behind_best": 0.0, "behind_best_low": None, "behind_best_high": None, "ahead": ""}
    ends = (None, None) if lead.low is None or lead.high is None else (-lead.high, -lead.low)
    told = {"behind_best": -lead.difference, "behind_best_low": ends[0], "behind_best_high": ends[1]}
    return {**told, "ahead": lead.ahead or ""}


def _world_rows(result: StudyResult, group: GroupResult, source: WorldRuns, outcome: str) -> Iterator[Row]:
    found = group.survived.found.get(outcome)
    if found is None:
        return
    scenario = result.study.scenario
    named = {arm.name: arm for arm in group.group.arms}
    drawn = [arm_result(source, named[change.arm], scenario) for change in _shown(found, group)]
    given = given_results(scenario, group.group, drawn, source)
    facts = RegionFacts.of(group.group.network, scenario.steps)
    after, before = ({arm.name: _world_means(arm, facts, outcome) for arm in arms} for arms in (drawn, given))
    for name in after:
        for world in range(found.worlds):
            yield {
                **_about(result, group, name, outcome),
                "best": found.best,
                "world": world,
                "given": before[name][world],
                "drawn": after[name][world],
                "given_behind_best": before[name][world] - before[found.best][world],
                "behind_best": after[name][world] - after[found.best][world],
                "replicates": found.replicates,
            }


def _world_means(arm: ArmResult, facts: RegionFacts, outcome: str) -> FloatArray:
    measured = measure(arm, facts, [outcome])
    means: FloatArray = measured.units.by_world(measured.values[outcome]).mean(axis=-1)  # noqa: PD011 - no table
    return means


def _about(result: StudyResult, group: GroupResult, arm: str, outcome: str) -> Row:
    planned = next(one for one in group.group.arms if one.name == arm)
    return {**about(result.study, group.group, planned), "outcome": outcome}


def _table(rows: Iterator[Row], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return rows as a table; numbers that are missing are NaN, also where all are."""
    table = pd.DataFrame(list(rows))
    if table.empty:
        return pd.DataFrame(columns=list(columns))
    numbers = [name for name in columns if table[name].map(lambda value: value is None).any()]
    return table.astype(dict.fromkeys(numbers, np.float64))
