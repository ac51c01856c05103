"""Sentences about runs: how the observed curve lies among them, and what the estimators find in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diffusion.analysis.observed.runs import EXPOSURE, CurveAgainstRuns, Distribution, EstimatorCheck
from diffusion.analysis.observed.sentences import joined_periods
from diffusion.analysis.phrases import counted, opened, share_of, whole


def curve_sentences(found: CurveAgainstRuns, arm: str) -> tuple[str, ...]:
    """Return how the observed curve lies among those of the runs.

    Parameters
    ----------
    found
        The comparison.
    arm
        What the runs are called, such as ``the arm "hubs"``.
    """
    number, inside = len(found.labels), int((found.side == 0).sum())
    held = f"between 5 % and 95 % of {counted(found.runs, 'run')} of {arm}"
    if inside == number:
        told = [f"the observed curve lies {held} in every one of {counted(number, found.unit)}."]
    else:
        told = [f"the observed curve lies {held} in {inside} of {counted(number, found.unit)}."]
    for side, word in ((-1, "below"), (1, "above")):
        places = np.flatnonzero(found.side == side).tolist()
        if places:
            told.append(f"it is {word} that range in {joined_periods(found.labels, places, found.unit)}.")
    told.append(
        "the range holds in each period by itself; a curve within it does not show that the model is right, for other "
        "models have runs like these."
    )
    return tuple(map(opened, told))


def check_sentences(checks: Sequence[EstimatorCheck], arm: str, *, by_ties: bool) -> tuple[str, ...]:
    """Return what the estimators find in runs of the model, where it is known whether ties carried.

    Parameters
    ----------
    checks
        What they found.
    arm
        What the runs are called.
    by_ties
        Whether adoption spreads over ties in these runs.
    """
    truth = "in which adoption spreads over ties" if by_ties else "in which no tie carries anything"
    return tuple(opened(_check(check, arm, truth)) for check in checks if check.runs.mean is not None)


def _check(check: EstimatorCheck, arm: str, truth: str) -> str:
    among = f"within each {check.within}" if check.within else "among all agents but the leaders"
    dealt = (
        f"with the same times dealt anew {among}, where no tie can have mattered, it is {_spread(check.dealt)}"
        if check.dealt.mean is not None
        else f"with the same times dealt anew {among} it is not defined"
    )
    observed = f"; in the observed times it is {check.observed:.3f}" if check.observed is not None else ""
    fewer = check.number - check.runs.defined
    left = f" (not defined in {whole(fewer)})" if fewer else ""
    return (
        f"over {counted(check.number, 'run')} of {arm}, {truth}, {_name(check.estimator)} is "
        f"{_spread(check.runs)}{left}; {dealt}{observed}."
    )


def _name(estimator: str) -> str:
    names = {EXPOSURE: "the coefficient of lagged exposure (log odds, with period effects)"}
    return names.get(estimator, estimator if estimator[0].isupper() else f"the {estimator}")


def _spread(found: Distribution) -> str:
    told = f"{found.mean:.3f} on average (5 % to 95 % of runs: {found.low:.3f} to {found.high:.3f}"
    if found.above_zero is not None:
        told += f"; its interval above 0 in {share_of(found.above_zero, 'them')}"
    return f"{told})"
