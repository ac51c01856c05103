"""The Bass model: both forms, fits that find what made a curve, and the curves that others fitted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.observed.bass import bass_curve, bass_recursion, fit_bass
from diffusion.analysis.observed.runs import adoption_of_runs
from diffusion.model.ensemble import Ensemble
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network

PHYSICIANS = np.array([11, 20, 29, 40, 51, 62, 75, 82, 86, 87, 92, 95, 98, 102, 106, 108, 109]) / 125
KOREA = np.array([69, 163, 244, 330, 395, 457, 510, 563, 636, 673]) / 1047


@given(st.floats(0.002, 0.1), st.floats(0.0, 0.8), st.sampled_from(["continuous", "recursion"]))
def test_a_fit_finds_what_made_the_curve(p, q, form):
    curve = {"continuous": bass_curve, "recursion": bass_recursion}[form](25, p, q)
    fit = fit_bass(curve, form=form, ceiling=1.0)
    assert fit is not None
    assert fit.p == pytest.approx(p, abs=1e-5)
    assert fit.q == pytest.approx(q, abs=1e-4)
    np.testing.assert_allclose(fit.shares(25), curve, atol=1e-6)


@given(st.floats(0.01, 0.1), st.floats(0.1, 0.6), st.floats(0.3, 0.95))
def test_a_ceiling_below_one_is_found_where_the_curve_comes_near_it(p, q, m):
    fit = fit_bass(bass_curve(40, p, q, m))
    assert fit is not None
    assert (fit.p, fit.q, fit.m) == pytest.approx((p, q, m), abs=2e-3)
    assert fit.ceiling == "estimated"


def test_the_physicians_and_the_korean_women_are_fitted_as_they_were_before():
    fit = fit_bass(PHYSICIANS)
    assert fit is not None
    assert (round(fit.p, 3), round(fit.q, 3), round(fit.m, 3), round(fit.r_squared, 3)) == (0.084, 0.190, 0.883, 0.995)
    whole = fit_bass(PHYSICIANS, ceiling=1.0)
    assert whole is not None
    assert (round(whole.p, 3), round(whole.q, 3), whole.ceiling) == (0.096, 0.062, "given")
    korea = fit_bass(KOREA)
    assert korea is not None
    assert (round(korea.m, 2), round(korea.r_squared, 3)) == (0.96, 0.998)
    assert (korea.p, korea.q) == pytest.approx((0.084, 0.074), abs=0.0025)


def test_the_two_forms_have_different_coefficients_for_one_curve():
    curve = bass_curve(20, 0.01, 0.4)
    recursion = fit_bass(curve, form="recursion", ceiling=1.0)
    assert recursion is not None
    assert recursion.p > 0.011
    assert recursion.q != pytest.approx(0.4, abs=0.005)


def test_the_recursion_is_the_hazard_rule_where_everybody_learns_from_everybody():
    ids = [f"{place:03d}" for place in range(150)]
    pairs = [(one, other) for one in ids for other in ids if one != other]
    network = Network.from_tables(
        name="everybody", ids=ids, source=[one for one, _ in pairs], target=[other for _, other in pairs]
    )
    rule = StageParameters(rule="hazard", link="identity", intercept=0.03, slope=0.4)
    nobody = np.zeros(150, dtype=np.uint64)
    ensemble = Ensemble(network, Parameters(steps=12, adoption=rule), seed=3, leader_words=lambda _: nobody)
    adopted_at = adoption_of_runs(ensemble, 256)
    assert adopted_at.shape == (150, 256)
    shares = np.array([((adopted_at >= 0) & (adopted_at <= step)).mean(axis=0) for step in range(1, 13)])
    expected = bass_recursion(12, 0.03, 0.4)
    # 150 agents are not infinitely many: the mean lies below the recursion by about a variance over the hazard's curve.
    np.testing.assert_allclose(shares.mean(axis=1), expected, atol=0.012)
    fit = fit_bass(shares.mean(axis=1), form="recursion", ceiling=1.0)
    assert fit is not None
    assert (fit.p, fit.q) == pytest.approx((0.03, 0.4), abs=0.015)


@pytest.mark.parametrize("curve", [[0.1, 0.2, 0.3], [0.5] * 10, [0.0] * 10, []])
def test_a_curve_that_is_short_or_flat_is_not_fitted(curve):
    assert fit_bass(curve) is None


def test_a_curve_that_jumps_is_fitted_without_a_warning():
    for curve in ([0, 0, 0, 1.0], [0, 0.1, 1, 1, 1], [0.0, 0.0, 0.0, 0.0, 0.01]):
        fit = fit_bass(curve)
        assert fit is not None
        assert 0 < fit.m <= 1
        assert all(np.isfinite([fit.p, fit.q, fit.r_squared]))
