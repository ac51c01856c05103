"""The arms that a report shows: all, or of very many those that answer the question.

A figure of a thousand rows tells nobody anything, and replaying a thousand
arms for it takes hours. So the report of many arms shows the first and the
last, the baseline, and whatever has the best mean anywhere. What is told of
them rests on all arms nevertheless: places, shares best, and the intervals
that hold for all arms at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from diffusion.analysis.reserved import NO_LEADERS
from diffusion.experiment.results import GroupResult, StudyResult

MOST_ARMS = 40
"""Up to how many arms with leaders a report shows all."""

FIRST, LAST = 20, 5
"""How many of more arms it shows, of the best and of the worst by their mean places."""

MOST_BEST = 10
"""How many arms of the best mean somewhere it shows at most besides."""


def shown_arms(result: StudyResult) -> tuple[str, ...] | None:
    """Return the arms that a report shows, the one without leaders left out; None where it shows all."""
    places: Counter[str] = Counter()
    best: Counter[str] = Counter()
    for group in result.groups:
        ranked = [row for row in group.ranking(group.ranking_outcome) if row.arm != NO_LEADERS]
        places.update({row.arm: row.place or len(ranked) for row in ranked})
        best.update([ranked[0].arm] if ranked else [])
    order = sorted(places, key=lambda arm: (places[arm], arm))
    if len(order) <= MOST_ARMS:
        return None
    kept = {*order[:FIRST], *order[-LAST:], *(arm for arm, _ in best.most_common(MOST_BEST))}
    kept |= {name for group in result.groups for name in _answers(group)}
    return tuple(arm for arm in order if arm in kept)


def _answers(group: GroupResult) -> Iterator[str]:
    """Yield the arms that the answer on a network and cell is about, wherever they rank."""
    yield group.baseline
    yield from (found.best for found in group.survived.found.values())
    if group.named.found is not None and group.named.found.best is not None:
        yield group.named.found.best


def drawn_rows(table: pd.DataFrame, result: StudyResult) -> pd.DataFrame:
    """Return the rows of a tidy table that are about the arms that a report shows.

    Parameters
    ----------
    table
        A table with a row or more an arm.
    result
        The results of all arms, or of those that are shown.
    """
    shown = shown_arms(result)
    return table if shown is None else table[table["arm"].isin([*shown, NO_LEADERS])]


def of_shown_arms(result: StudyResult) -> StudyResult:
    """Return results with the arms that a report shows.

    Parameters
    ----------
    result
        The results of all arms.
    """
    shown = shown_arms(result)
    if shown is None:
        return result
    groups = tuple(_of(group, {*shown, NO_LEADERS}) for group in result.groups)
    return replace(result, study=replace(result.study, groups=tuple(one.group for one in groups)), groups=groups)


def _of(result: GroupResult, shown: set[str]) -> GroupResult:
    group, told, costs = result.group, result.explained, result.costs
    return replace(
        result,
        group=replace(
            group,
            arms=tuple(arm for arm in group.arms if arm.name in shown),
            extras=tuple(extra for extra in group.extras if extra.of in shown),
            unanswered=tuple(one for one in group.unanswered if one.arm in shown),
        ),
        summaries=tuple(one for one in result.summaries if one.arm in shown),
        comparisons=tuple(one for one in result.comparisons if one.arm in shown),
        explained=replace(
            told,
            matched=tuple(one for one in told.matched if one.arm in shown),
            places=tuple(one for one in told.places if one.arm in shown),
            recruitments=tuple(one for one in told.recruitments if one.arm in shown),
            unanswered=tuple(one for one in told.unanswered if one.arm in shown),
        ),
        attained=tuple(
            replace(one, arms=tuple(arm for arm in one.arms if arm.arm in shown))
            for one in result.attained
            if one.best in shown
        ),
        costs=replace(costs, arms=tuple(one for one in costs.arms if one.arm in shown)),
        whole=result,
    )
