"""Findings: everything that the observed times of a network's agents show, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from diffusion.analysis.observed.bass import BassFit, fit_bass
from diffusion.analysis.observed.curve import AdoptionCurve, adoption_curve
from diffusion.analysis.observed.exposure import Direction, ExposureTies, exposure
from diffusion.analysis.observed.moran import Moran, moran
from diffusion.analysis.observed.regression import (
    MEASURES,
    ExposureEffect,
    HazardBand,
    PersonPeriods,
    hazard_by_exposure,
    lagged_exposure_effect,
    person_periods,
)
from diffusion.analysis.observed.shuffling import groups_of
from diffusion.analysis.observed.structure import (
    StructureTest,
    mean_infectiousness,
    mean_susceptibility,
    structure_test,
)
from diffusion.analysis.observed.thresholds import Categories, Thresholds, categories, thresholds
from diffusion.analysis.observed.times import IntArray, ObservedTimes
from diffusion.network.network import Network


@dataclass(frozen=True, eq=False)
class Findings:
    """Hold what the observed times of a network's agents show.

    Attributes
    ----------
    network, synthetic
        The network's name, and whether it was generated from assumptions.
    times
        When agents adopted.
    direction, within
        Over which ties exposure is counted, and the column by whose groups
        the analyses are repeated; None for none.
    curve, thresholds, categories
        Adoption by period, exposure when adopting, and both sorted.
    infectiousness, susceptibility
        Their means, not normalized; None where nobody has one.
    moran, moran_within
        Moran's I of the times, dealt among all adopters and within groups.
    tests
        Whether the mean threshold depends on who is tied to whom.
    hazards
        How many adopted by exposure in the period before.
    effects
        Adoption on lagged exposure, as a share and as a number, without and
        with levels of groups.
    bass
        Fits of the continuous form and of the recursion, as far as there are.
    """

    network: str
    synthetic: bool
    times: ObservedTimes
    direction: Direction
    within: str | None
    curve: AdoptionCurve
    thresholds: Thresholds
    categories: Categories | None
    infectiousness: float | None
    susceptibility: float | None
    moran: Moran | None
    moran_within: Moran | None
    tests: tuple[StructureTest, ...]
    hazards: tuple[HazardBand, ...]
    effects: tuple[ExposureEffect, ...]
    bass: tuple[BassFit, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the findings as JSON can hold them."""
        whole = {
            name: getattr(self, name).as_json() if getattr(self, name) is not None else None
            for name in ("curve", "thresholds", "categories", "moran", "moran_within")
        }
        lists = {
            name: [one.as_json() for one in getattr(self, name)] for name in ("tests", "hazards", "effects", "bass")
        }
        return {
            "network": self.network,
            "synthetic": self.synthetic,
            "column": self.times.column,
            "unit": self.times.unit,
            "direction": self.direction,
            "within": self.within,
            "unknown": int((~self.times.known).sum()),
            "notes": list(self.times.notes),
            "infectiousness": self.infectiousness,
            "susceptibility": self.susceptibility,
            **whole,
            **lists,
        }


def observed_findings(
    network: Network,
    times: ObservedTimes,
    *,
    layers: Sequence[str] | None = None,
    direction: Direction = "in",
    within: str | None = None,
    rewirings: int = 200,
    seed: int = 0,
) -> Findings:
    """Return what Valente's methods say of the observed times of a network's agents.

    Parameters
    ----------
    network
        The network.
    times
        When its agents adopted: :func:`~diffusion.analysis.observed.times.observed_times`.
    layers, direction
        Over which ties exposure is counted.
    within
        A column, or ``role``, whose groups may differ in when they adopt for
        reasons of their own, such as a village or an organisation.
    rewirings
        How many rewired networks a test takes.
    seed
        What keys the random numbers.

    Raises
    ------
    InputError
        If a layer, direction or column does not exist, or statsmodels is not installed.
    """
    ties_of = partial(ExposureTies.of, layers=layers, direction=direction)
    ties, groups = ties_of(network), groups_of(network, within)
    told = thresholds(ties, times)
    rows = person_periods(exposure(ties, times), times)
    curve = adoption_curve(times)
    test = partial(structure_test, network, times, number=rewirings, seed=seed, ties_of=ties_of)
    tests = [test()] + ([test(within=within)] if within else [])
    fits = [fit_bass(curve.share), fit_bass(curve.share, form="recursion")]
    return Findings(
        network=network.name,
        synthetic=network.synthetic,
        times=times,
        direction=direction,
        within=within,
        curve=curve,
        thresholds=told,
        categories=categories(times, told),
        infectiousness=mean_infectiousness(ties, times.at, times.periods),
        susceptibility=mean_susceptibility(ties, times.at, times.periods),
        moran=moran(ties, times, seed=seed),
        moran_within=None if groups is None else moran(ties, times, groups, seed=seed),
        tests=tuple(found for found in tests if found is not None),
        hazards=hazard_by_exposure(rows),
        effects=_effects(rows, groups, within),
        bass=tuple(fit for fit in fits if fit is not None),
    )


def _effects(rows: PersonPeriods, groups: IntArray | None, within: str | None) -> tuple[ExposureEffect, ...]:
    """Return adoption on exposure, by either measure, without and, where there are any, with levels of groups."""
    levels = [(None, None)] if groups is None else [(None, None), (groups, within)]
    return tuple(
        lagged_exposure_effect(rows, measure=measure, groups=by_group, group_effects=column)
        for by_group, column in levels
        for measure in MEASURES
    )
