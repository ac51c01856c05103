"""Sentences about runs: how the observed curve lies among them, and what the estimators find in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diffusion.analysis.observed.runs import EXPOSURE, CurveAgainstRuns, EstimatorCheck
from diffusion.analysis.observed.sentences import joined_periods
from diffusion.analysis.phrases import counted, joined, opened


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


def check_summary(checks: Sequence[EstimatorCheck]) -> tuple[str, ...]:
    """Return which estimators tell runs in which ties carry from the same times dealt anew, by ranges of runs.

    Parameters
    ----------
    checks
        What they found in runs in which ties carry.
    """
    told = [check for check in checks if None not in (check.runs.mean, check.dealt.mean)]
    if not told:
        return ("None of these estimators is defined in these runs: too little spread.",)
    apart = [_name(check.estimator) for check in told if _is_apart(check)]
    alike = [_name(check.estimator) for check in told if not _is_apart(check)]
    texts = []
    if apart:
        texts.append(
            f"with ties that carry, {joined(apart)} {_lie(apart)} outside what dealt times give, by ranges of 5 % to "
            "95 % of runs that do not overlap."
        )
    if alike:
        tell = "it tells" if len(alike) == 1 else "they tell"
        also = f"{joined(alike)} {_lie(alike)} where dealt times give values as well"
        texts.append(f"{also}: of ties {tell} little here.")
    return tuple(map(opened, texts))


def ties_phrase(*, by_ties: bool, otherwise: bool) -> str:
    """Return by what adoption spreads in runs, as a clause about them.

    Parameters
    ----------
    by_ties
        Whether exposure moves agents.
    otherwise
        Whether agents also adopt without any tie.

    Examples
    --------
    >>> ties_phrase(by_ties=True, otherwise=False)
    'in which adoption spreads over ties and in no other way'
    """
    if not by_ties:
        return "in which no tie carries anything"
    return "in which adoption spreads over ties " + (
        "and comes about without them too" if otherwise else "and in no other way"
    )


def _is_apart(check: EstimatorCheck) -> bool:
    played, dealt = check.runs, check.dealt
    if played.low is None or played.high is None or dealt.low is None or dealt.high is None:
        return False
    return played.low > dealt.high or played.high < dealt.low


def _lie(names: Sequence[str]) -> str:
    return "lies" if len(names) == 1 else "lie"


def _name(estimator: str) -> str:
    names = {EXPOSURE: "the coefficient of lagged exposure"}
    return names.get(estimator, estimator if estimator[0].isupper() else f"the {estimator}")
