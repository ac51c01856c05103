"""Nulls: whether a position matters beyond being well connected, and whether it needs this network.

Two questions, each with runs of its own, paired with the arm's:

- *Matched*: the arm beside leaders of the same role and out-degree who do not
  hold the position, drawn anew in every replicate. Their difference is paired
  replicate by replicate; where something is uncertain, its interval counts worlds.
- *Structure*: the arm on the network itself beside the same arm on networks
  rewired at random. The place of its mean among theirs gives a Monte Carlo
  p-value, (1 + how many are as extreme) / (1 + how many there are) (Davison &
  Hinkley 1997, chapter 4, doi 10.1017/CBO9780511802843). Both sides are means
  over the same replicates, so neither has more luck than the other.

Rewired networks often let everything spread further, or less far, whoever
leads. So the arm's difference from the baseline is placed among the rewired
networks' differences too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from diffusion.analysis.arms import finite
from diffusion.analysis.compare import Verdict, verdict_on
from diffusion.analysis.intervals import all_equal, bound_where_equal, interval_where_equal, mean_interval
from diffusion.analysis.outcomes import FloatArray, Outcome, RegionFacts
from diffusion.analysis.units import ONE_WORLD, Units

PLACED_OUTCOMES = ("adopters", "adopted_share", "ever_adopted_share", "spread", "area")
"""The outcomes of which the place among rewired networks is told."""


@dataclass(frozen=True)
class MatchedEffect:
    """Compare an arm with its matched null, replicate by replicate.

    Attributes
    ----------
    arm, outcome
        Which arm, on which outcome.
    replicates
        Number of paired runs, over all worlds.
    mean, matched_mean
        The means of the arm and of its matched null.
    difference
        Mean over the replicates of the arm's value minus the null's.
    low, high
        Its pointwise 95 % interval; None where all paired differences are equal.
    differ_below
        Where all paired differences are equal: the 95 % bound on the share of
        histories in which they would not be; else None.
    p_better, p_tie
        Shares of the replicates in which the arm does better and equally well.
    verdict
        Where the interval lies beside the smallest difference that matters;
        None for outcomes that have none.
    censored
        Of times: the larger of the two shares of runs in which it never happened; else None.
    worlds
        In how many worlds.
    """

    arm: str
    outcome: str
    replicates: int
    mean: float
    matched_mean: float
    difference: float
    low: float | None
    high: float | None
    differ_below: float | None
    p_better: float
    p_tie: float
    verdict: Verdict | None
    censored: float | None = None
    worlds: int = 1

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        told = _as_json(asdict(self))
        if self.worlds == 1:
            del told["worlds"]
        return told


@dataclass(frozen=True)
class StructurePlace:
    """Place an arm's mean, or its difference from the baseline, among those on rewired networks.

    Attributes
    ----------
    arm, outcome
        Which arm, on which outcome.
    kept
        What the rewired networks have in common with the network:
        ``"degrees"`` or ``"degrees and roles"``.
    leaders
        ``"same"`` agents on the rewired networks, or those who hold the
        position there, found ``"anew"``.
    baseline
        The arm from which the difference is told; None where it is the mean.
    rewirings, replicates
        How many rewired networks, and how many runs on each and on the network itself.
    value
        The mean, or mean difference, on the network itself.
    rewired_mean, rewired_low, rewired_high
        Mean, 2.5 % and 97.5 % quantile of those on the rewired networks.
    as_high, as_low
        On how many rewired networks it is at least, and at most, what it is on the network itself.
    p_high, p_low
        The one-sided Monte Carlo p-values of these.
    p_value
        The two-sided one: twice the smaller, at most 1.
    """

    arm: str
    outcome: str
    kept: str
    leaders: str
    baseline: str | None
    rewirings: int
    replicates: int
    value: float
    rewired_mean: float
    rewired_low: float
    rewired_high: float
    as_high: int
    as_low: int
    p_high: float
    p_low: float
    p_value: float

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        return _as_json(asdict(self))


def matched_effect(
    arm: str,
    outcome: Outcome,
    values: FloatArray,
    matched: FloatArray,
    *,
    facts: RegionFacts,
    smallest: float,
    censored: float | None = None,
    units: Units = ONE_WORLD,
) -> MatchedEffect:
    """Return how an arm compares with its matched null.

    Parameters
    ----------
    arm, outcome
        Which arm, on which outcome.
    values, matched
        The arm's and the null's value in every run, paired.
    facts
        What is to be known of the network and the scenario.
    smallest
        The smallest difference that matters, as a share of the agents.
    censored
        As in :class:`MatchedEffect`.
    units
        How runs are laid out in worlds.
    """
    by_run = values - matched
    differences = units.means(by_run)
    constant = all_equal(differences)
    difference = float(differences[0] if constant else by_run.mean())
    ceiling = outcome.ceiling(facts)
    interval = mean_interval(differences, low=-ceiling, high=ceiling)
    low, high = interval or (None, None)
    return MatchedEffect(
        arm=arm,
        outcome=outcome.name,
        replicates=len(values),
        mean=float(values.mean()),
        matched_mean=float(matched.mean()),
        difference=difference,
        low=low,
        high=high,
        differ_below=bound_where_equal(len(differences)) if constant else None,
        p_better=float((outcome.sign * by_run > 0).mean()),
        p_tie=float((by_run == 0).mean()),
        verdict=_verdict(outcome, interval, difference, len(differences), facts=facts, smallest=smallest),
        censored=censored,
        worlds=units.worlds,
    )


def structure_place(
    arm: str,
    outcome: Outcome,
    *,
    value: float,
    rewired: FloatArray,
    kept: str,
    leaders: str,
    replicates: int,
    baseline: str | None = None,
) -> StructurePlace:
    """Return the place of a mean, or a mean difference, among those on rewired networks.

    Parameters
    ----------
    arm, outcome, kept, leaders, replicates, baseline
        As in :class:`StructurePlace`.
    value
        That of the network itself.
    rewired
        Those of the rewired networks; shape (rewirings,).

    Examples
    --------
    >>> from diffusion.analysis.outcomes import OUTCOMES
    >>> place = structure_place("hubs", OUTCOMES["adopters"], value=9.0, rewired=np.array([1.0, 9.0, 2.0]),
    ...                         kept="degrees", leaders="same", replicates=64)
    >>> place.as_high, place.p_high, place.p_low, place.p_value
    (1, 0.5, 1.0, 1.0)
    """
    rounding = 1e-9 * max(1.0, abs(value))
    as_high, as_low = int((rewired >= value - rounding).sum()), int((rewired <= value + rounding).sum())
    p_high, p_low = ((1 + count) / (1 + len(rewired)) for count in (as_high, as_low))
    low, high = np.percentile(rewired, (2.5, 97.5)).tolist()
    return StructurePlace(
        arm=arm,
        outcome=outcome.name,
        kept=kept,
        leaders=leaders,
        baseline=baseline,
        rewirings=len(rewired),
        replicates=replicates,
        value=value,
        rewired_mean=float(rewired.mean()),
        rewired_low=low,
        rewired_high=high,
        as_high=as_high,
        as_low=as_low,
        p_high=p_high,
        p_low=p_low,
        p_value=min(1.0, 2 * min(p_high, p_low)),
    )


def mean_outcome(outcome: str, means: Mapping[str, FloatArray], facts: RegionFacts) -> FloatArray:
    """Return the mean of an outcome from the means of the whole numbers kept of runs.

    Parameters
    ----------
    outcome
        One of :data:`PLACED_OUTCOMES`.
    means
        The means of ``adopters``, ``ever_adopted``, ``spread`` and ``area_steps``.
    facts
        What is to be known of the network and the scenario.
    """
    size = facts.size
    named = {
        "adopters": ("adopters", 1),
        "adopted_share": ("adopters", size),
        "ever_adopted_share": ("ever_adopted", size),
        "spread": ("spread", 1),
        "area": ("area_steps", size * facts.steps),
    }
    name, over = named[outcome]
    return means[name] / over


def _verdict(
    outcome: Outcome,
    interval: tuple[float, float] | None,
    difference: float,
    count: int,
    *,
    facts: RegionFacts,
    smallest: float,
) -> Verdict | None:
    largest = outcome.largest_value(facts.size)
    if largest is None:
        return None
    told = interval or interval_where_equal(difference, count, largest)
    return verdict_on(*told, smallest * largest, outcome.sign) if told else "undecided"


def _as_json(told: dict[str, object]) -> dict[str, object]:
    return told | finite({name: value for name, value in told.items() if isinstance(value, float)})
