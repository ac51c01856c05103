"""The Brazilian farmers, whose numbers others have published: every method beside those."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from real_networks import brazilian_farmers, needs_real_networks

from diffusion.analysis.observed.bass import bass_curve, fit_bass
from diffusion.analysis.observed.curve import adoption_curve
from diffusion.analysis.observed.exposure import ExposureTies, exposure
from diffusion.analysis.observed.findings import observed_findings
from diffusion.analysis.observed.regression import hazard_by_exposure, lagged_exposure_effect, person_periods
from diffusion.analysis.observed.sentences import ALTERNATIVES, observed_sentences
from diffusion.analysis.observed.thresholds import (
    ADOPTER_CATEGORIES,
    THRESHOLD_CATEGORIES,
    categories,
    thresholds,
)
from diffusion.analysis.observed.times import NEVER, observed_times

pytestmark = needs_real_networks

PAGE = Path(__file__).parents[3] / "docs" / "observed.md"

CUMULATIVE = [6, 8, 12, 18, 50, 53, 56, 70, 73, 163, 169, 211, 228, 269, 333, 388, 452, 497, 540]

PER_CENT = [
    [6.21, 2.89, 0.58, 0.87],
    [6.94, 8.24, 3.61, 3.61],
    [4.91, 7.95, 6.79, 12.72],
    [1.16, 0.87, 1.73, 8.96],
]
"""Adopter category by threshold category in per cent of 692, as netdiffuseR's ``classify`` prints them."""


@lru_cache
def _farmers():
    network, _ = brazilian_farmers()
    times = observed_times(network, column="year_of_adoption", never=[20], unit="year")
    return network, times, ExposureTies.of(network)


def test_the_curve_is_that_which_others_observed():
    _, times, _ = _farmers()
    curve = adoption_curve(times)
    assert curve.cumulative.tolist() == CUMULATIVE
    assert (curve.agents, curve.half_at, curve.labels[-1]) == (692, "16", "19")
    assert (times.at == NEVER).sum() == 152
    assert curve.hazard[:3].round(4).tolist() == [0.0087, 0.0029, 0.0058]


def test_code_20_is_remarked_upon_where_nobody_says_what_it_means():
    network, _, _ = _farmers()
    found = observed_times(network, column="year_of_adoption")
    assert found.periods == 20
    assert "nobody is coded as never having adopted" in found.notes[0]


def _points_of_netdiffuser():
    """Return the shares of years 1 to 20, code 20 taken for adoption, and a 21st point of 1."""
    network, _, _ = _farmers()
    shares = adoption_curve(observed_times(network, column="year_of_adoption")).share
    assert shares[-1] == 1
    return np.array([*shares, 1.0])


def test_the_bass_fit_is_that_of_netdiffuser_to_the_accuracy_to_which_it_stops():
    points = _points_of_netdiffuser()
    fit = fit_bass(points, ceiling=1.0)
    assert fit is not None
    assert fit.p == pytest.approx(0.002278742, abs=5e-9)
    assert fit.q == pytest.approx(0.336735345, abs=2e-7)
    ours = np.square(fit.shares(21) - points).sum()
    theirs = np.square(bass_curve(21, 0.002278742, 0.336735345) - points).sum()
    assert ours < theirs < ours * (1 + 1e-9)


def test_the_published_digits_are_where_gauss_newton_stops():
    # R's nls starts from the first point and .5, halves steps that go uphill, and stops where the part of the
    # residuals that a further step could take away is below 1e-5 of the rest.
    points = _points_of_netdiffuser()
    said, step = np.array([points[0], 0.5]), 1.0
    for _ in range(50):
        slope = np.array([_slope(said, place) for place in (0, 1)]).T
        errors = points - bass_curve(21, *said)
        basis, triangle = np.linalg.qr(slope)
        along = basis.T @ errors
        if np.sqrt(along @ along / (errors @ errors - along @ along)) < 1e-5:
            break
        while np.square(points - bass_curve(21, *(said + step * np.linalg.solve(triangle, along)))).sum() > (
            errors @ errors
        ):
            step /= 2
        said, step = said + step * np.linalg.solve(triangle, along), min(2 * step, 1.0)
    assert round(said[0], 9) == 0.002278742
    assert said[1] == pytest.approx(0.336735345, abs=5e-9)


def _slope(said, place, width=1e-7):
    shift = np.eye(2)[place] * width
    return (bass_curve(21, *(said + shift)) - bass_curve(21, *(said - shift))) / (2 * width)


def test_the_fit_to_the_years_observed_is_that_of_the_report():
    _, times, _ = _farmers()
    fit = fit_bass(adoption_curve(times).share)
    assert fit is not None
    assert (round(fit.p, 6), round(fit.q, 6), fit.m, fit.ceiling) == (0.003793, 0.285239, 1.0, "at its bound")
    assert (fit.points, round(fit.r_squared, 2)) == (19, 0.99)


def test_adopters_by_time_and_threshold_are_those_of_netdiffuser():
    _, times, ties = _farmers()
    found = categories(times, thresholds(ties, times))
    assert found is not None
    assert found.per_cent.round(2).tolist() == PER_CENT
    assert (found.agents, round(100 * found.non_adopters / found.agents, 2)) == (692, 21.97)


def test_thresholds_are_those_computed_before():
    _, times, ties = _farmers()
    told = thresholds(ties, times).as_json()
    assert (told["adopters"], told["without_alters"]) == (500, 40)
    assert (round(told["mean"], 3), round(told["median"], 2), round(told["lagged_mean"], 2)) == (0.595, 0.67, 0.51)
    assert told["sd"] == pytest.approx(0.37, abs=0.008)


def test_hazards_by_exposure_are_those_computed_before():
    _, times, ties = _farmers()
    seen = exposure(ties, times)
    none, third, two_thirds, _, everyone = hazard_by_exposure(person_periods(seen, times))
    assert [round(band.hazard or 0, 3) for band in (third, two_thirds, everyone)] == [0.068, 0.115, 0.194]
    # Those figures take everybody for unexposed in the first year, of which nothing is known from before.
    asked = seen.alters > 0
    first = int((asked & (times.at == 0)).sum())
    assert round((none.adopted + first) / (none.rows + int(asked.sum())), 3) == 0.021
    assert round(none.hazard or 0, 3) == 0.022


def test_the_regression_on_lagged_exposure_is_that_computed_before():
    _, times, ties = _farmers()
    rows = person_periods(exposure(ties, times), times)
    share = lagged_exposure_effect(rows)
    assert (round(share.coefficient or 0, 2), round(share.se or 0, 2)) == (1.33, 0.16)
    assert share.odds_ratio is not None
    assert round(share.odds_ratio[0], 1) == 3.8
    number = lagged_exposure_effect(rows, measure="number")
    assert round(number.coefficient or 0, 3) == 0.284
    assert number.odds_ratio is not None
    assert round(number.odds_ratio[0], 2) == 1.33


@lru_cache
def _found():
    network, times, _ = _farmers()
    return observed_findings(network, times, within="village")


def test_villages_take_part_of_the_association_away():
    found = _found()
    by_share = [effect for effect in found.effects if effect.measure == "share"]
    assert [round(effect.odds_ratio[0], 2) for effect in by_share if effect.odds_ratio] == [3.78, 2.28]
    assert found.moran is not None
    assert found.moran_within is not None
    assert found.moran.high < found.moran_within.high < found.moran.observed
    everywhere, within = found.tests
    assert everywhere.mean < within.mean < within.observed
    assert everywhere.p_value < within.p_value


def test_what_is_said_of_the_farmers_is_said_of_an_association():
    told = observed_sentences(_found())
    assert told[0] == (
        "On the network brazilian_farmers, 540 of the 692 agents (78.0 %) had adopted by year 19; half of the agents "
        "had by year 16."
    )
    text = " ".join(told)
    assert "p = 0.0038 and q = 0.285 per year, m at its bound of 1" in text
    assert "the odds of adopting in a year were 3.78 times those at no exposure (95 % interval 2.77 to 5.15)" in text
    assert "adoption is associated with exposure" in text
    assert told[-1] == ALTERNATIVES


def _table(found):
    """Return adopter by threshold category as the page shows it."""
    rows = [("", *THRESHOLD_CATEGORIES), ("---", *["---:"] * 4)]
    rows += [
        (name, *(f"{value:.2f}" for value in row)) for name, row in zip(ADOPTER_CATEGORIES, found.per_cent, strict=True)
    ]
    rows.append(("non-adopters", f"{100 * found.non_adopters / found.agents:.2f}", "", "", ""))
    return "\n".join(f"| {' | '.join(row)} |".replace("|  ", "| ") for row in rows)


def test_the_page_quotes_what_is_found():
    found, text = _found(), PAGE.read_text(encoding="utf-8")
    [quoted] = re.findall(r"^```text\n(.*?)\n```", text, flags=re.DOTALL | re.MULTILINE)
    assert quoted == "\n".join(observed_sentences(found))
    assert _table(found.categories) in text
    odds = [effect.odds_ratio[0] for effect in found.effects if effect.measure == "share" and effect.odds_ratio]
    assert f"falls from {odds[0]:.2f} to {odds[1]:.2f}" in text
    fit = fit_bass(_points_of_netdiffuser(), ceiling=1.0)
    assert fit is not None
    assert f"p = {fit.p:.7f}, q = {fit.q:.5f} (m = 1)" in text
    own = next(one for one in found.bass if one.form == "continuous")
    assert f"p = {own.p:.6f},\nq = {own.q:.6f}, m = {own.m:g}." in text
