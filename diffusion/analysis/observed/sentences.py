"""Sentences: what observed times show, in plain English that claims no more than an association."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diffusion.analysis.observed.findings import Findings
from diffusion.analysis.observed.moran import Moran
from diffusion.analysis.observed.regression import ExposureEffect
from diffusion.analysis.observed.structure import StructureTest
from diffusion.analysis.observed.thresholds import ADOPTER_CATEGORIES, Categories
from diffusion.analysis.phrases import counted, joined, opened, whole

ALTERNATIVES = (
    "These are associations. Contagion along the ties would bring them about; so would homophily (people are tied to "
    "those who resemble them, and who would adopt at about the same time anyway) and external influence (those who "
    "are tied are reached by the same campaigns, suppliers and rules), and observed times alone cannot tell them apart."
)
"""What is said wherever exposure, times of tied agents or rewired networks are told of."""

UPPER_BOUNDS = (
    "Thresholds so measured are upper bounds on true ones, since whoever adopts late has more adopters around whatever "
    "the reason; they are not fit to be the thresholds of a model."
)
"""What is said wherever thresholds are."""

_ALTERS = {
    "in": ("those they learn from", "learns from anybody"),
    "out": ("those who learn from them", "has anybody who learns from them"),
    "both": ("those they are tied to", "is tied to anybody"),
}
_LEVEL = 0.05


def observed_sentences(found: Findings) -> tuple[str, ...]:
    """Return what the observed times of a network's agents show, in plain English.

    Parameters
    ----------
    found
        The findings.
    """
    about_ties = [
        *_thresholds(found),
        *_categories(found.categories, found.thresholds.without_alters),
        *_neighbours(found),
        *_moran(found),
        *_tests(found),
        *_effects(found),
    ]
    alternatives = [ALTERNATIVES] if found.thresholds.measured.size else []
    return tuple(map(opened, [*_curve(found), *_bass(found), *about_ties, *alternatives]))


def period_phrase(label: str, unit: str) -> str:
    """Return how a period is called in a sentence.

    Examples
    --------
    >>> period_phrase("19", "year"), period_phrase("2016-05", "month"), period_phrase("1965", "year")
    ('year 19', '2016-05', '1965')
    """
    return f"{unit} {label}" if label.lstrip("-").isdigit() and len(label) < 4 else label


def per_cent(share: float) -> str:
    """Return a share in per cent with one decimal.

    Examples
    --------
    >>> per_cent(0.2197)
    '22.0 %'
    """
    return f"{100 * share:.1f} %"


def p_phrase(p_value: float) -> str:
    """Return a p-value as it is quoted.

    Examples
    --------
    >>> p_phrase(0.0123), p_phrase(0.00002)
    ('p = 0.012', 'p < 0.001')
    """
    return f"p = {p_value:.3f}" if p_value >= 0.0005 else "p < 0.001"


def _curve(found: Findings) -> list[str]:
    curve, unit = found.curve, found.times.unit
    kind = "synthetic network" if found.synthetic else "network"
    adopters = int(curve.cumulative[-1])
    unknown = len(found.times.at) - curve.agents
    known = " of whom it is known whether and when they adopted" if unknown else ""
    last = period_phrase(curve.labels[-1], unit)
    half = (
        f"half of the agents had by {period_phrase(curve.half_at, unit)}"
        if curve.half_at is not None
        else "half of the agents had not by then"
    )
    reached = (
        f"On the {kind} {found.network}, {whole(adopters)} of the {counted(curve.agents, 'agent')}{known} "
        f"({per_cent(adopters / curve.agents)}) had adopted by {last}; {half}."
    )
    told = [reached]
    if unknown:
        told.append(f"Of {counted(unknown, 'agent')} nothing is known; they are counted nowhere.")
    hazard = curve.hazard
    if np.isfinite(hazard).sum() > 1:
        most, least = int(np.nanargmax(hazard)), int(np.nanargmin(hazard))
        told.append(
            f"Of those who had not adopted yet, {per_cent(hazard[least])} did in "
            f"{period_phrase(curve.labels[least], unit)}, the least of all {unit}s, and {per_cent(hazard[most])} in "
            f"{period_phrase(curve.labels[most], unit)}, the most."
            if hazard[most] > hazard[least]
            else f"Of those who had not adopted yet, {per_cent(hazard[most])} did in every {unit}."
        )
    return told


def _bass(found: Findings) -> list[str]:
    fits = [fit for fit in found.bass if fit.form == "continuous"]
    if not fits:
        return []
    fit = fits[0]
    ceiling = {
        "given": f"m given as {fit.m:.3g}",
        "estimated": f"m = {fit.m:.3f}",
        "at its bound": "m at its bound of 1",
    }[fit.ceiling]
    told = (
        f"The Bass model in continuous time fits the curve with p = {fit.p:.4f} and q = {fit.q:.3f} per "
        f"{found.times.unit}, {ceiling} (least squares on {counted(fit.points, 'cumulative share')}, R² "
        f"{fit.r_squared:.3f}); the shape of a curve does not tell imitation from other reasons for which some adopt "
        "later than others."
    )
    return [told]


def _thresholds(found: Findings) -> list[str]:
    told, lagged = found.thresholds.measured, found.thresholds.measured_lagged
    alters, has = _ALTERS[found.direction]
    if not told.size:
        return [f"No adopter {has} whose time of adoption is known, so there is no exposure to tell of."]
    measured = (
        f"When they adopted, on average {per_cent(float(told.mean()))} of {alters} had adopted by the end of that "
        f"{found.times.unit} (median {per_cent(float(np.median(told)))}; {counted(told.size, 'adopter')}), and "
        f"{per_cent(float(lagged.mean()))} by the end of the {found.times.unit} before."
    )
    return [measured, UPPER_BOUNDS]


def _categories(found: Categories | None, without_alters: int) -> list[str]:
    if found is None:
        return []
    sizes = found.counts.sum(axis=1)
    said = [
        f"of the {whole(int(sizes[row]))} {ADOPTER_CATEGORIES[row]} {per_cent(found.counts[row, column] / sizes[row])} "
        f"had a {name} threshold"
        for row, column, name in ((0, 0, "very low"), (3, 3, "very high"))
        if sizes[row]
    ]
    if not said:
        return []
    unexposed = f", {counted(without_alters, 'adopter')} without exposure taken for 0" if without_alters else ""
    return [f"{joined(said)}{unexposed}: the two go together in part because later adopters have more adopters around."]


def _neighbours(found: Findings) -> list[str]:
    if found.infectiousness is None or found.susceptibility is None or found.direction != "in":
        return []
    unit = found.times.unit
    told = (
        "Of those who learn from an adopter and adopted after it, on average "
        f"{per_cent(found.infectiousness)} did so in the very next {unit} (infectiousness); of those whom an adopter "
        f"learns from and who had adopted before it, {per_cent(found.susceptibility)} had in the {unit} just before "
        "(susceptibility)."
    )
    return [told]


def _moran(found: Findings) -> list[str]:
    if found.moran is None:
        return []
    alters = _ALTERS[found.direction][0]
    told = [f"Times of adoption of adopters and of {alters} are {_alike(found.moran, 'of the same times')}."]
    if found.moran_within is not None:
        told.append(
            f"With times dealt within each {found.within} only, they are {_alike(found.moran_within, 'so made')}."
        )
    return told


def _alike(found: Moran, deals: str) -> str:
    how = "not shown to be more or less alike"
    if found.p_value <= _LEVEL:
        how = "more alike" if found.observed > (found.low + found.high) / 2 else "less alike"
    return (
        f"{how} than by chance: Moran's I {found.observed:.3f}, against {found.low:.3f} to {found.high:.3f} in 95 % of "
        f"{whole(found.permutations)} deals {deals} (two-sided {p_phrase(found.p_value)})"
    )


def _tests(found: Findings) -> list[str]:
    return [_test_sentence(test) for test in found.tests]


def _test_sentence(test: StructureTest) -> str:
    kept = "everybody's number of ties in each direction"
    if test.within:
        kept += f" and the number of ties from each {test.within} to each"
    verdict = "is not shown to depend on who is tied to whom"
    if test.p_value <= _LEVEL:
        side = "higher" if test.observed > test.mean else "lower"
        verdict = f"is associated with who is tied to whom, and {side} than chance would have it"
    return (
        f"Beside {whole(test.number)} networks rewired at random that keep {kept}, the {test.statistic} {verdict}: "
        f"{test.observed:.3f}, against {test.low:.3f} to {test.high:.3f} in 95 % of them (two-sided "
        f"{p_phrase(test.p_value)})."
    )


def _effects(found: Findings) -> list[str]:
    shares = [effect for effect in found.effects if effect.measure == "share"]
    return [_effect_sentence(effect, _ALTERS[found.direction][0], found.times.unit) for effect in shares]


def _effect_sentence(effect: ExposureEffect, alters: str, unit: str) -> str:
    levels = f"a level of its own for each {unit}"
    if effect.group_effects:
        levels += f" and each {effect.group_effects}"
    odds = effect.odds_ratio
    if odds is None:
        return f"With {levels}, no regression of adoption on exposure can be made: {effect.reason}."
    how = "is not shown to be associated with exposure"
    if odds[1] > 1:
        how = "is associated with exposure"
    elif odds[2] < 1:
        how = "is associated with less exposure"
    clustered = f", standard errors clustered by {effect.clusters}" if effect.clusters else ""
    return (
        f"With {levels}, adoption {how}: the odds of adopting in a {unit} were {odds[0]:.2f} times those at no "
        f"exposure (95 % interval {odds[1]:.2f} to {odds[2]:.2f}) where all of {alters} had adopted by the {unit} "
        f"before (logit on {whole(effect.rows)} {unit}s at risk of {counted(effect.agents, 'agent')}{clustered})."
    )


def joined_periods(labels: Sequence[str], places: Sequence[int], unit: str) -> str:
    """Return periods as spans.

    Parameters
    ----------
    labels
        What all periods are called.
    places
        Which of them, ascending, at least one.
    unit
        What a period is, in the singular.

    Examples
    --------
    >>> joined_periods(["1", "2", "3", "4", "5"], [0, 1, 2, 4], "year")
    'years 1 to 3 and year 5'
    """
    spans: list[list[int]] = []
    for place in places:
        if spans and place == spans[-1][1] + 1:
            spans[-1][1] = place
        else:
            spans.append([place, place])
    told = [
        period_phrase(labels[first], f"{unit}s") + f" to {labels[last]}"
        if last > first
        else period_phrase(labels[first], unit)
        for first, last in spans
    ]
    return joined(told)
