"""Arms of unequal numbers of runs: compared pair by pair over the runs that both have, never otherwise.

Arms that were stopped early have the first of the runs that the others have. An
arm that was stopped is summed up over its own, and compared with others over
those; how often an arm is best is told of the arms that went the whole way alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from diffusion.analysis.arms import ArmResult, ArmSummary
from diffusion.analysis.compare import Comparison, compare
from diffusion.analysis.outcomes import RegionFacts, Runs
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.analysis.units import Units


def first_runs(arm: ArmResult, runs: int) -> ArmResult:
    """Return an arm with so many of its runs, the first.

    Parameters
    ----------
    arm
        The arm.
    runs
        How many runs: whole worlds, where there are several.
    """
    if runs == arm.runs.replicates:
        return arm
    kept: dict[str, Any] = {one.name: getattr(arm.runs, one.name) for one in fields(Runs)}
    shared = len(arm.runs.leaders) != arm.runs.replicates
    kept = {name: held if name == "leaders" and shared else held[:runs] for name, held in kept.items()}
    worlds = arm.units.worlds * runs // arm.runs.replicates
    units = arm.units if arm.units.worlds == 1 else Units(worlds, arm.units.size)
    return replace(arm, runs=Runs(**kept), units=units)


def longest(arms: Sequence[ArmResult]) -> list[ArmResult]:
    """Return the arms that have most runs, in their order: those that went the whole way."""
    most = max((arm.runs.replicates for arm in arms), default=0)
    return [arm for arm in arms if arm.runs.replicates == most]


def compare_unequal(
    arms: Sequence[ArmResult],
    *,
    facts: RegionFacts,
    baseline: str,
    smallest_difference: float,
    seed_text: str,
    network: str = "",
    cell: Mapping[str, object] | None = None,
    outcomes: Sequence[str] | None = None,
) -> tuple[list[ArmSummary], list[Comparison]]:
    """Return the summaries and the comparisons of arms that may have unequal numbers of runs.

    As :func:`diffusion.analysis.compare.compare` where all have the same.
    Otherwise that is asked at every number of runs, about the arms that have
    so many, over so many; an arm's own numbers are those at its own, and a
    comparison is that at the smaller of the two.

    Parameters
    ----------
    arms, facts, baseline, smallest_difference, seed_text, network, cell, outcomes
        As for :func:`diffusion.analysis.compare.compare`.
    """
    asked: dict[str, Any] = {
        "facts": facts,
        "smallest_difference": smallest_difference,
        "seed_text": seed_text,
        "network": network,
        "cell": cell,
        "outcomes": outcomes,
    }
    runs = {arm.name: arm.runs.replicates for arm in arms}
    if len(set(runs.values())) <= 1 or baseline not in runs:
        return compare([first_runs(arm, min(runs.values())) for arm in arms], baseline=baseline, **asked)
    summaries: dict[str, ArmSummary] = {}
    comparisons: list[Comparison] = []
    for size in sorted(set(runs.values())):
        there = [first_runs(arm, size) for arm in arms if runs[arm.name] >= size]
        against = baseline if runs[baseline] >= size else there[0].name
        summed, found = compare(there, baseline=against, **asked)
        summaries |= {one.arm: _told(one, max(runs.values())) for one in summed if runs[one.arm] == size}
        comparisons += [
            one
            for one in found
            if one.baseline in (baseline, NO_LEADERS) and size == min(runs[one.arm], runs[one.baseline])
        ]
    names = list(runs)
    ordered = sorted(comparisons, key=lambda one: (one.baseline != baseline, names.index(one.arm)))
    return [summaries[name] for name in names], [_with_best(one, summaries[one.arm]) for one in ordered]


def _told(found: ArmSummary, most: int) -> ArmSummary:
    """Return a summary without how often the arm is best, where it was stopped before the others."""
    if found.replicates == most:
        return found
    unknown = dict.fromkeys(found.p_best)
    outcomes = {
        name: one
        if one.across is None
        else replace(
            one,
            across=replace(one.across, best_in=None, undecided_in=None, above_best_in=None, below_best_in=None),
        )
        for name, one in found.outcomes.items()
    }
    return replace(found, p_best=unknown, p_best_tied=unknown, outcomes=outcomes, stopped_early=True)


def _with_best(found: Comparison, own: ArmSummary) -> Comparison:
    return replace(found, p_best=own.p_best.get(found.outcome), p_best_tied=own.p_best_tied.get(found.outcome))
