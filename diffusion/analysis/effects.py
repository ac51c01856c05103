"""Effects: how large a difference is beside how much runs differ, and how well it is known.

The standardised effect divides the mean difference by the standard deviation
of the *baseline's* runs (Glass 1976, doi 10.3102/0013189X005010003), never by
that of the paired differences: pairing belongs to the program, and a number
that grew with it would say nothing of regions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from diffusion.analysis.arms import ArmResult, MeasuredArm, finite, measure
from diffusion.analysis.compare import Comparison
from diffusion.analysis.intervals import all_equal
from diffusion.analysis.outcomes import FloatArray, RegionFacts
from diffusion.analysis.resampling import paired_bootstrap
from diffusion.analysis.units import Units


@dataclass(frozen=True)
class Effect:
    """Hold the size and the precision of one paired difference.

    Attributes
    ----------
    outcome, arm, baseline
        What is compared with what.
    replicates
        Number of paired runs.
    difference
        Mean of the arm's value minus the baseline's.
    standard_error
        Standard error of that, over paired runs, or over worlds where there are several: how far it is off as a rule.
    mean_standard_error, baseline_standard_error
        Those of the two means. None, like the one above, with one run.
    bootstrap_low, bootstrap_high
        95 % bootstrap interval of the difference (BCa, replicates drawn
        again); None where all differences are equal.
    baseline_sd
        Standard deviation over the baseline's runs; None with one run.
    standardised
        The difference over that; None where the baseline's runs are all equal.
    standardised_low, standardised_high
        Its 95 % bootstrap interval.
    variance_saved
        What pairing saved, as :class:`~diffusion.analysis.compare.Comparison` has it.
    """

    outcome: str
    arm: str
    baseline: str
    replicates: int
    difference: float
    standard_error: float | None
    mean_standard_error: float | None
    baseline_standard_error: float | None
    bootstrap_low: float | None
    bootstrap_high: float | None
    baseline_sd: float | None
    standardised: float | None
    standardised_low: float | None
    standardised_high: float | None
    variance_saved: float | None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        told = asdict(self)
        return told | finite({name: value for name, value in told.items() if isinstance(value, float)})


def effects(
    arms: Sequence[ArmResult], comparisons: Sequence[Comparison], facts: RegionFacts, outcome: str, seed_text: str
) -> tuple[Effect, ...]:
    """Return the size and the precision of every comparison on an outcome, in the order of the comparisons.

    Parameters
    ----------
    arms
        The arms of one network and cell, with the same replicates.
    comparisons
        Their comparisons; those on other outcomes are left out.
    facts
        What is to be known of the network and the scenario.
    outcome
        An outcome that arms have by themselves; one that exists in
        comparisons only has no effects here.
    seed_text
        What keys the bootstrap.
    """
    measured = {arm.name: measure(arm, facts, [outcome]) for arm in arms}
    return tuple(
        _effect(measured[found.arm], measured[found.baseline], found, seed_text)
        for found in comparisons
        if found.outcome == outcome and outcome in measured[found.arm].values
    )


def standard_error(values: FloatArray) -> float | None:
    """Return the Monte Carlo standard error of a mean, None with one run.

    Examples
    --------
    >>> standard_error(np.array([1.0, 2.0, 3.0, 4.0])).__round__(3)
    0.645
    """
    if len(values) < 2:
        return None
    return 0.0 if all_equal(values) else float(values.std(ddof=1)) / math.sqrt(len(values))


def _effect(arm: MeasuredArm, baseline: MeasuredArm, found: Comparison, seed_text: str) -> Effect:
    values, against = arm.values[found.outcome], baseline.values[found.outcome]
    differences = values - against
    difference = float(differences[0] if all_equal(differences) else differences.mean())
    error = standard_error(against)
    sd = None if error is None else error * math.sqrt(len(against))
    boot, standard = _bootstrap(values, against, seed_text, found, arm.units)
    return Effect(
        outcome=found.outcome,
        arm=found.arm,
        baseline=found.baseline,
        replicates=len(values),
        difference=difference,
        standard_error=standard_error(arm.units.means(differences)),
        mean_standard_error=standard_error(arm.units.means(values)),
        baseline_standard_error=standard_error(arm.units.means(against)),
        bootstrap_low=boot[0],
        bootstrap_high=boot[1],
        baseline_sd=sd,
        standardised=difference / sd if sd else None,
        standardised_low=standard[0],
        standardised_high=standard[1],
        variance_saved=found.variance_saved,
    )


def _bootstrap(
    values: FloatArray, against: FloatArray, seed_text: str, found: Comparison, units: Units
) -> tuple[tuple[float | None, float | None], tuple[float | None, float | None]]:
    """Return the bootstrap intervals of the difference and of the standardised difference."""
    none = (None, None)
    key = (seed_text, found.outcome)
    if all_equal(against):
        alone = none if all_equal(values) else paired_bootstrap([values - against], _mean, *key, units=units)[0]
        return alone or none, none
    difference, standard = paired_bootstrap([values, against], _both, *key, units=units)
    return (none if all_equal(values - against) else difference or none), standard or none


def _mean(differences: FloatArray, axis: int) -> FloatArray:
    return np.asarray(differences.mean(axis=axis)[None])


def _both(values: FloatArray, against: FloatArray, axis: int) -> FloatArray:
    """Return the mean difference, and the same over the standard deviation of the baseline."""
    mean = (values - against).mean(axis=axis)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack([mean, mean / against.std(axis=axis, ddof=1)])
