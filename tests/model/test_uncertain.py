"""Uncertain numbers: quantiles of what a number may be, cut to what it must be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from diffusion.model.parameters import Distribution
from diffusion.model.scipy_distributions import scipy_arguments, scipy_names
from diffusion.model.uncertain import Uncertain


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
        (Distribution("normal", (0.02, 0.02)), ""),
        (Distribution("normal", (-0.0235, 0.01)), "only 0.94 % of normal = [-0.0235, 0.01] is"),
        (Distribution("uniform", (0.5, 1.5)), "uniform = [0.5, 1.5] reaches up to 1.5; state one that lies within"),
        (Distribution("triangular", (-1.0, 0.0, 2.0)), "reaches down to -1 and up to 2"),
        (Distribution("loguniform", (0.1, 3.0)), "loguniform = [0.1, 3] reaches up to 3"),
        (Distribution("uniform", (0.0, 1.0)), ""),
    ],
)
def test_what_cannot_be_drawn_in_its_range_is_told(distribution: Distribution, told: str) -> None:
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
        ([], "lacks c: must be weibull_min = [c, loc, scale], of which loc and scale may be left out; got []"),
        (
            {"scale": 0.02},
            "lacks c: must be weibull_min = [c, loc, scale], of which loc and scale may be left out; got {",
        ),
        ([1.0, 2.0, 3.0, 4.0], "has 4 numbers, and there are at most 3: must be weibull_min = [c, loc, scale]"),
        ({"c": "1"}, 'c must be a number; got "1"'),
        ({"c": 1, "scale": "a"}, 'scale must be a number; got "a"'),
        ({"c": 1.0, "scal": 2.0}, 'did you mean "scale"?'),
        ([-1.0], "c must be above 0; got -1"),
        ([1.0, 0.0, 0.0], "scale must be above 0; got 0"),
        (3.0, "must be weibull_min = [c, loc, scale], of which loc and scale may be left out; got 3.0"),
    ],
)
def test_wrong_parameters_are_told_in_one_line(said: object, told: str) -> None:
    found = scipy_arguments("weibull_min", said)
    assert isinstance(found, str)
    assert told in found
    assert "\n" not in found


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("truncnorm", [0, 1, 0, 1, 5], "has 5 numbers, and there are at most 4"),
        (
            "truncnorm",
            [2, 1],
            "truncnorm has no numbers with a = 2, b = 1, loc = 0, scale = 1: these do not go together",
        ),
        ("binom", [3, 1.5], "p must be at least 0 and at most 1; got 1.5"),
        ("binom", [3.5, 0.5], "n must be a whole number; got 3.5"),
        ("poisson", [], "lacks mu: must be poisson = [mu, loc], of which loc may be left out; got []"),
        ("poisson", [2, 0.5], "loc must be a whole number, because poisson gives whole numbers; got 0.5"),
    ],
)
def test_the_parameter_that_is_wrong_is_named_with_what_it_must_be(name: str, said: object, told: str) -> None:
    assert told in str(scipy_arguments(name, said))


def test_our_own_names_are_not_scipys() -> None:
    assert {"weibull_min", "cauchy", "norm"} <= set(scipy_names())
    assert {"uniform", "beta", "gamma"} & set(scipy_names()) == set()
    assert np.isfinite(Uncertain(Distribution("norm", (0.0, 1.0))).at(0.0))
