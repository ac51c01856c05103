"""Comparisons: what one arm changed against another, replicate by replicate.

All arms of a network and cell live through the same replicates, so their
differences are paired. Each family of comparisons (all arms with leaders
against the baseline; the same against the arm without leaders) has
simultaneous intervals of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Literal

import numpy as np

from diffusion.analysis.across import DifferenceAcross, difference_across, same_units
from diffusion.analysis.arms import (
    ArmResult,
    ArmSummary,
    Levels,
    MeasuredArm,
    finite,
    levels,
    measure,
    summarise,
)
from diffusion.analysis.intervals import (
    all_equal,
    bound_where_equal,
    interval_where_equal,
    mean_interval,
    simultaneous_quantile,
)
from diffusion.analysis.outcomes import FloatArray, Outcome, RegionFacts, find_outcome, others_shares, outcome_names
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.analysis.units import ONE_WORLD, Units
from diffusion.errors import InputError, nearest_name_hint

Verdict = Literal["better", "worse", "practically equal", "undecided"]


@dataclass(frozen=True)
class Comparison:
    """Compare an arm with another on one outcome, in one network and cell.

    Numbers are None where they are undefined.

    Attributes
    ----------
    network, cell, outcome, arm, baseline
        What is compared with what.
    difference
        Mean over the replicates of the arm's value minus the baseline's.
    low, high
        Its pointwise 95 % interval, by its unit: the replicate, or the world (or
        the randomisation of worlds) where there are several; None where all are equal.
    low_all, high_all
        Its simultaneous 95 % interval over all arms compared with this baseline.
    p_better, p_tie
        Shares of the replicates in which the arm does better, by the
        outcome's own direction, and equally well.
    p_better_unpaired
        The share over all pairs of one run of either arm, ties counting half.
    variance_saved
        1 - the variance of the paired difference over the sum of the two variances.
    range_low, range_high
        5 % and 95 % quantiles of the paired differences.
    differ_below
        Where all paired differences are equal: the 95 % bound on the share of
        histories, or worlds, in which they would not be; else None.
    verdict
        Where the simultaneous interval lies beside the smallest difference
        that matters; None for outcomes that have none.
    p_best, p_best_tied
        The arm's own, among all arms of the network and cell.
    replicates, left_out
        How many replicates the numbers rest on, and how many were left out
        because nobody remained in them; over all worlds.
    across
        What is told across worlds; None where there is one.
    """

    network: str
    cell: Mapping[str, object]
    outcome: str
    arm: str
    baseline: str
    difference: float | None
    low: float | None
    high: float | None
    low_all: float | None
    high_all: float | None
    p_better: float | None
    p_tie: float | None
    p_better_unpaired: float | None
    variance_saved: float | None
    range_low: float | None
    range_high: float | None
    differ_below: float | None
    verdict: Verdict | None
    p_best: float | None
    p_best_tied: float | None
    replicates: int
    left_out: int
    across: DifferenceAcross | None = None

    @property
    def p_worse(self) -> float | None:
        """Return the share of the replicates in which the arm does worse, exact as a share of whole runs."""
        if self.p_better is None or self.p_tie is None:
            return None
        return round((1 - self.p_better - self.p_tie) * self.replicates) / self.replicates

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        told = asdict(self) | {"cell": dict(self.cell)}
        told |= told.pop("across") or {}
        numbers = finite({name: value for name, value in told.items() if isinstance(value, float)})
        return told | numbers


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Hold the paired values of an arm and its baseline; NaN where a replicate is left out."""

    arm: FloatArray
    baseline: FloatArray
    unpaired: float | None
    same: bool
    units: Units = ONE_WORLD

    @property
    def differences(self) -> FloatArray:
        return self.arm - self.baseline

    @property
    def means(self) -> FloatArray:
        """Return the mean difference of each unit."""
        return self.units.means(self.differences)


def compare(
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
    """Return the summaries and the comparisons of the arms of one network and cell.

    Every arm with leaders is compared with the baseline and, where the arm
    ``no leaders`` is present and has the same parameters, with that, as a
    family of its own. Neither the order of the arms nor further arms change a pointwise number.

    Parameters
    ----------
    arms
        The arms, with the same replicates.
    facts
        What is to be known of the network and the scenario.
    baseline
        The name of the arm that the others are compared with.
    smallest_difference
        The smallest difference that matters, as a share of the agents.
    seed_text
        What keys the simulation of simultaneous intervals.
    network, cell
        The names that summaries and comparisons carry.
    outcomes
        The outcomes wanted; all by default.

    Raises
    ------
    InputError
        If the baseline is no arm, or an outcome does not exist.
    ValueError
        If two arms share a name, or their numbers of replicates differ.
    """
    _check(arms, baseline)
    wanted = _wanted(outcomes, facts)
    measured = [measure(arm, facts, wanted) for arm in arms]
    told_cell = dict(cell or {})
    summaries = summarise(measured, facts, network, told_cell)
    by_name = {arm.name: arm for arm in measured}
    best = {found.arm: found for found in summaries}
    comparisons: list[Comparison] = []
    for against in dict.fromkeys(name for name in (baseline, NO_LEADERS) if name in by_name):
        # The simulation sees rows in an order of their own, so the order of arms cannot matter.
        family = sorted(
            (arm for arm in measured if _is_compared(arm, by_name[against])), key=lambda arm: (arm.identity, arm.name)
        )
        found = _compared_family(
            family, by_name[against], wanted, facts=facts, smallest=smallest_difference, seed_text=seed_text
        )
        comparisons += [
            _comparison(network, told_cell, numbers, best[arm.name])
            for arm in measured
            for numbers in found.get(arm.name, ())
        ]
    return summaries, comparisons


def unpaired_share(arm: Levels, baseline: Levels) -> float:
    """Return the share of pairs of runs in which the arm's value is higher, ties counting half.

    The Mann-Whitney statistic over its number of pairs, from ranks.

    Parameters
    ----------
    arm, baseline
        The values of either side and how often each occurs.

    Examples
    --------
    >>> unpaired_share(levels(np.array([2.0, 1.0])), levels(np.array([1.0, 0.0])))
    0.875
    """
    lower = np.concatenate([[0], np.cumsum(baseline.counts)])
    below = lower[np.searchsorted(baseline.values, arm.values, side="left")]
    not_above = lower[np.searchsorted(baseline.values, arm.values, side="right")]
    return float(arm.counts @ (below + not_above)) / float(2 * arm.counts.sum() * baseline.counts.sum())


def verdict_on(low: float, high: float, smallest: float, sign: int) -> Verdict:
    """Return where an interval of a difference lies beside the smallest difference that matters.

    Parameters
    ----------
    low, high
        The interval.
    smallest
        The smallest difference that matters, not negative.
    sign
        1 where higher is better, -1 where lower is.

    Examples
    --------
    >>> verdict_on(0.02, 0.05, 0.01, 1), verdict_on(0.02, 0.05, 0.01, -1), verdict_on(0.0, 0.05, 0.01, 1)
    ('better', 'worse', 'undecided')
    """
    worst, best = (low, high) if sign > 0 else (-high, -low)
    if worst > smallest:
        return "better"
    if best < -smallest:
        return "worse"
    if worst >= -smallest and best <= smallest:
        return "practically equal"
    return "undecided"


def _is_compared(arm: MeasuredArm, against: MeasuredArm) -> bool:
    """Return whether an arm is compared with another: beside no leaders, only the leaders may differ."""
    if not arm.leads or arm.name == against.name:
        return False
    return against.leads or arm.parameters == against.parameters


def _check(arms: Sequence[ArmResult], baseline: str) -> None:
    names = [arm.name for arm in arms]
    if len(set(names)) < len(names):
        raise ValueError(f"arms must have different names, not {names}")
    if len({arm.runs.replicates for arm in arms}) > 1:
        raise ValueError("arms must have the same replicates to be compared pair by pair")
    same_units([arm.units for arm in arms])
    if baseline not in names:
        hint = nearest_name_hint(baseline, names)
        raise InputError(f'baseline: must be one of the arms, not "{baseline}"{hint}; arms: {", ".join(names)}')


def _wanted(outcomes: Sequence[str] | None, facts: RegionFacts) -> tuple[str, ...]:
    known = outcome_names(facts.role_names, organisations=facts.organisations > 0)
    if outcomes is None:
        return known
    asked = {find_outcome(name, facts.role_names).name for name in outcomes}
    return tuple(name for name in known if name in asked)


def _compared_family(
    family: Sequence[MeasuredArm],
    against: MeasuredArm,
    wanted: Sequence[str],
    *,
    facts: RegionFacts,
    smallest: float,
    seed_text: str,
) -> dict[str, list[dict[str, object]]]:
    """Return the numbers of every comparison with one baseline, by arm and in standard order of outcomes."""
    found: dict[str, list[dict[str, object]]] = {arm.name: [] for arm in family}
    if not family:
        return found
    pairs = [_pairs(arm, against, wanted, facts) for arm in family]
    for name in wanted:
        outcome = find_outcome(name, facts.role_names)
        quantile = simultaneous_quantile(np.array([pair[name].means for pair in pairs]), seed_text)
        for arm, pair in zip(family, pairs, strict=True):
            numbers = _numbers(pair[name], outcome, quantile, facts=facts, smallest=smallest)
            found[arm.name].append(numbers | {"outcome": name, "arm": arm.name, "baseline": against.name})
    return found


def _pairs(arm: MeasuredArm, against: MeasuredArm, wanted: Sequence[str], facts: RegionFacts) -> dict[str, _Pairs]:
    """Return the paired values by outcome, those that exist in comparisons only included."""
    same = arm.identity == against.identity
    pairs = {
        name: _Pairs(
            arm.values[name],
            against.values[name],
            unpaired_share(arm.levels(name), against.levels(name)),
            same,
            arm.units,
        )
        for name in arm.values
    }
    others = [name for name in wanted if name not in pairs and find_outcome(name, facts.role_names).only_compared]
    if others:
        shares = others_shares(arm.runs, against.runs, arm.role_counts, against.role_counts, facts)
        for name in others:
            place = facts.role_names.index(find_outcome(name, facts.role_names).role or "")
            first, second = shares[0][:, place], shares[1][:, place]
            remain = np.isfinite(first)
            share = unpaired_share(levels(first[remain]), levels(second[remain])) if remain.any() else None
            pairs[name] = _Pairs(first, second, share, same, arm.units)
    return pairs


def _numbers(
    pairs: _Pairs, outcome: Outcome, quantile: float | None, *, facts: RegionFacts, smallest: float
) -> dict[str, object]:
    """Return the numbers of one comparison by the names of :class:`Comparison`."""
    remain = np.isfinite(pairs.differences)
    count = int(remain.sum())
    told: dict[str, object] = {"replicates": count, "left_out": len(remain) - count}
    if not count:
        return told
    arm, against = pairs.arm[remain], pairs.baseline[remain]
    differences, means = arm - against, pairs.means
    means = means[np.isfinite(means)]
    constant = all_equal(means)
    difference = float(means[0] if constant else means.mean())
    ceiling = outcome.ceiling(facts)
    pointwise = mean_interval(means, low=-ceiling, high=ceiling)
    simultaneous = None if quantile is None else mean_interval(means, quantile, low=-ceiling, high=ceiling)
    spread = (5, 95) if count > 1 else ()
    differ_below = bound_where_equal(len(means)) if constant else None
    told |= {"difference": difference, "differ_below": differ_below}
    told |= dict(zip(("low", "high"), pointwise or (None, None), strict=True))
    told |= dict(zip(("low_all", "high_all"), simultaneous or (None, None), strict=True))
    told |= dict(zip(("range_low", "range_high"), np.percentile(differences, spread).tolist(), strict=False))
    told |= {
        "p_better": float((outcome.sign * differences > 0).mean()),
        "p_tie": float((differences == 0).mean()),
        "p_better_unpaired": pairs.unpaired if outcome.sign > 0 else 1 - (pairs.unpaired or 0.0),
        "variance_saved": _variance_saved(arm, against, differences),
        "verdict": _verdict(
            outcome, simultaneous, difference, len(means), same=pairs.same, agents=facts.size, smallest=smallest
        ),
        "across": difference_across(pairs.differences, pairs.units, sign=outcome.sign, largest=ceiling),
    }
    return told


def _variance_saved(arm: FloatArray, against: FloatArray, differences: FloatArray) -> float | None:
    if len(arm) < 2 or (all_equal(arm) and all_equal(against)):
        return None
    return 1 - float(differences.var()) / float(arm.var() + against.var())


def _verdict(
    outcome: Outcome,
    interval: tuple[float, float] | None,
    difference: float,
    count: int,
    *,
    same: bool,
    agents: int,
    smallest: float,
) -> Verdict | None:
    """Return the verdict; where all differences are equal, from the bound on the share that would not be."""
    largest = outcome.largest_value(agents)
    if largest is None:
        return None
    if same:
        return "practically equal"
    told = interval or interval_where_equal(difference, count, largest)
    return verdict_on(*told, smallest * largest, outcome.sign) if told else "undecided"


def _comparison(
    network: str, cell: Mapping[str, object], numbers: Mapping[str, object], best: ArmSummary
) -> Comparison:
    outcome = str(numbers["outcome"])
    told: dict[str, object] = {one.name: None for one in fields(Comparison)}
    told |= {"network": network, "cell": cell}
    told |= {"p_best": best.p_best.get(outcome), "p_best_tied": best.p_best_tied.get(outcome)}
    return Comparison(**(told | dict(numbers)))  # type: ignore[arg-type]
