"""Uncertain numbers: quantiles of what a number may be, cut to what it must be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from diffusion.model.parameters import Distribution
from diffusion.model.uncertain import Uncertain, scipy_arguments, scipy_names


@pytest.mark.parametrize(
    ("name", "arguments", "known"),
    [
        ("uniform", (0.1, 0.3), stats.uniform(0.1, 0.2)),
        ("normal", (0.4, 0.1), stats.norm(0.4, 0.1)),
        ("lognormal", (-2.0, 0.5), stats.lognorm(0.5, scale=math.exp(-2.0))),
        ("beta", (7.0, 14.0), stats.beta(7, 14)),
        ("triangular", (0.0, 0.2, 1.0), stats.triang(0.2)),
        ("gamma", (2.0, 0.1), stats.gamma(2.0, scale=0.1)),
        ("exponential", (0.2,), stats.expon(scale=0.2)),
        ("weibull_min", (1.5, 0.0, 2.0), stats.weibull_min(1.5, 0, 2)),
    ],
)
@pytest.mark.parametrize("at", [0.001, 0.3, 0.5, 0.97])
def test_a_number_is_the_quantile_that_scipy_gives(
    name: str, arguments: tuple[float, ...], known: object, at: float
) -> None:
    assert Uncertain(Distribution(name, arguments)).at(at) == pytest.approx(known.ppf(at))  # type: ignore[attr-defined]


def test_a_normal_is_truncated_where_the_parameter_demands() -> None:
    uncertain = Uncertain(Distribution("normal", (0.1, 0.2)), low=0.0, high=1.0)
    known = stats.truncnorm(-0.5, 4.5, loc=0.1, scale=0.2)
    assert [uncertain.at(u) for u in (0.01, 0.5, 0.99)] == pytest.approx(known.ppf([0.01, 0.5, 0.99]))


def test_a_distribution_of_scipy_is_cut_to_its_range_too() -> None:
    uncertain = Uncertain(Distribution("cauchy", (0.0, 1.0)), low=0.0, high=1.0)
    assert uncertain.at(0.5) == pytest.approx(math.tan(math.pi / 8))
    assert uncertain.at(1.0) <= 1.0


def test_a_choice_gives_each_of_its_numbers_as_often() -> None:
    uncertain = Uncertain(Distribution("choice", (0.1, 0.2, 0.4)))
    found = [uncertain.at((place + 0.5) / 300) for place in range(300)]
    assert {number: found.count(number) for number in found} == {0.1: 100, 0.2: 100, 0.4: 100}


@pytest.mark.parametrize(
    ("distribution", "told"),
    [
        (Distribution("normal", (9.0, 0.5)), "must be between 0 and 1, and normal = [9, 0.5] hardly ever is"),
        (Distribution("choice", (0.5, 1.5)), "must be between 0 and 1; got 1.5"),
        (Distribution("cauchy", (1e9, 1.0)), "hardly ever is"),
        (Distribution("beta", (1.0, 9.0)), ""),
    ],
)
def test_what_hardly_ever_lies_in_its_range_is_told(distribution: Distribution, told: str) -> None:
    assert (
        Uncertain(distribution, 0.0, 1.0).problem().startswith(told)
        or told in Uncertain(distribution, 0.0, 1.0).problem()
    )
    assert bool(Uncertain(distribution, 0.0, 1.0).problem()) == bool(told)


def test_scipys_parameters_go_by_place_or_by_name() -> None:
    by_name = scipy_arguments("weibull_min", {"scale": 2.0, "c": 1.5})
    assert by_name == scipy_arguments("weibull_min", [1.5, 0.0, 2.0]) == (1.5, 0.0, 2.0)
    assert scipy_arguments("cauchy", []) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], "must be weibull_min = [c, loc, scale]"),
        ([1.0, 2.0, 3.0, 4.0], "must be weibull_min = [c, loc, scale]"),
        ({"c": "1"}, "must be weibull_min = [c, loc, scale]"),
        ({"c": 1.0, "scal": 2.0}, 'did you mean "scale"?'),
        ([-1.0], "weibull_min has no numbers with c = -1, loc = 0, scale = 1"),
        ([1.0, 0.0, 0.0], "weibull_min has no numbers with"),
        (3.0, "must be weibull_min"),
    ],
)
def test_wrong_parameters_are_told_in_one_line(said: object, told: str) -> None:
    found = scipy_arguments("weibull_min", said)
    assert isinstance(found, str)
    assert told in found
    assert "\n" not in found


def test_our_own_names_are_not_scipys() -> None:
    assert {"weibull_min", "cauchy", "norm"} <= set(scipy_names())
    assert {"uniform", "beta", "gamma"} & set(scipy_names()) == set()
    assert np.isfinite(Uncertain(Distribution("norm", (0.0, 1.0))).at(0.0))
