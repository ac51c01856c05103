"""Distributions that reach beyond what their number may be: refused where that was stated, cut and told otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scipy import stats

from diffusion.errors import InputError
from diffusion.scenario import Scenario, read_scenario
from diffusion.scenario.cut_distributions import cut_distributions

HEAD = """\
networks = ["ahsn-a"]
steps = 12
replicates = 10
worlds = 4
[adoption]
rule = "contagion"
transmission = 0.02
[leaders]
count = 3
position = "out_degree"
"""  # lines 1-10
ROAD = '[interventions.road]\nkind = "broadcast"\nprobability = 0.02\n'  # lines 11-13
ARM = '[[arms]]\nname = "one"\n'


def read(text: str, head: str = HEAD) -> Scenario:
    return read_scenario(head + text, Path("s.toml"))


def problems(text: str, head: str = HEAD) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, head)
    return list(caught.value.problems)


def uncertain(value: str) -> str:
    return HEAD.replace("0.02", value)


def test_an_end_that_is_stated_beyond_the_last_step_is_refused() -> None:
    assert problems(f"{ROAD}until = {{ uniform = [6, 40] }}\n{ARM}") == [
        (
            "s.toml:14: interventions.road.until: must be between 1 and 12, and uniform = [6, 40] reaches up to 40; "
            "state one that lies within"
        )
    ]


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("{ triangular = [-0.1, 0.2, 0.5] }", "triangular = [-0.1, 0.2, 0.5] reaches down to -0.1"),
        ("{ uniform = [0.5, 1.01] }", "uniform = [0.5, 1.01] reaches up to 1.01"),
        ("{ trapezoid = [0.2, 0.8, 0, 2] }", "trapezoid = [0.2, 0.8, 0, 2] reaches up to 2"),
        ("{ normal = [-0.0235, 0.01] }", "must be between 0 and 1, and only 0.94 % of normal = [-0.0235, 0.01] is;"),
    ],
)
def test_what_lies_outside_by_its_ends_or_nearly_whole_is_refused_in_one_line(stated: str, told: str) -> None:
    [line] = problems(ARM, uncertain(stated))
    assert line.startswith("s.toml:7: adoption.transmission.")
    assert told in line


def test_how_much_of_a_refused_normal_lies_inside_is_what_scipy_says() -> None:
    share = stats.norm(-0.0235, 0.01).sf(0)
    assert f"only {100 * share:.2g} % of" in problems(ARM, uncertain("{ normal = [-0.0235, 0.01] }"))[0]


@pytest.mark.parametrize("stated", ["{ uniform = [0, 1] }", "{ trapezoid = [0.2, 0.8, 0, 1] }", "{ beta = [1, 1] }"])
def test_ends_on_the_bounds_lie_within(stated: str) -> None:
    assert read(ARM, uncertain(stated)).uncertain_paths() == ("adoption.transmission",)


def test_a_whole_number_reaches_half_a_unit_beyond_its_bounds_before_it_is_rounded() -> None:
    assert read(f"{ROAD}until = {{ uniform = [0.5, 12.5] }}\n{ARM}").uncertain_paths() == ("interventions.road.until",)
    assert "reaches up to 12.6" in problems(f"{ROAD}until = {{ uniform = [1, 12.6] }}\n{ARM}")[0]


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("receptivity = { uniform = [0.5, 1.5] }", "12: agents.receptivity.uniform: every value must be between 0 and"),
        ("influence = { manager = { normal = [-2, 1] } }", "12: agents.influence.manager.normal: every value must be"),
    ],
)
def test_values_of_agents_are_refused_likewise(stated: str, told: str) -> None:
    [line] = problems(f"[agents]\n{stated}\n{ARM}", HEAD.replace("worlds = 4\n", ""))
    assert told.replace("12:", "11:") in line


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (
            "[0.01, 0.01]",
            "every number of a choice stands once, for all are equally likely; got 0.01 a second time in [0.01, 0.01]",
        ),
        ("[0.01, 0.02, 0.02]", "got 0.02 a second time"),
        (
            '["a", 0.01]',
            'must be a list of numbers, which are equally likely; got "a", which is text: write the number',
        ),
        ("0.01", "must be a list of at least two numbers, which are equally likely; got 0.01"),
    ],
)
def test_a_choice_says_which_of_its_demands_is_not_met(stated: str, told: str) -> None:
    [line] = problems(ARM, uncertain(f"{{ choice = {stated} }}"))
    assert line.startswith("s.toml:7: adoption.transmission.choice: ")
    assert told in line


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("{ poisson = [2] }", '"poisson" is discrete: it gives whole numbers, and this number need not be one; take a'),
        ("{ gaussian = [0.1, 0.01] }", 'there is no distribution "gaussian"; it is called "normal" here; known are'),
        ('{ weibull_min = "a" }', "must be weibull_min = [c, loc, scale], of which loc and scale may be left out; got"),
    ],
)
def test_a_distribution_that_cannot_be_taken_is_told_with_one_that_can(stated: str, told: str) -> None:
    [line] = problems(ARM, uncertain(stated))
    assert told in line


def test_a_discrete_distribution_may_say_how_many_lead() -> None:
    text = '[[arms]]\nname = "one"\nleaders.count = { binom = [6, 0.5] }\n'
    [setting] = (scenario := read(text)).settings(scenario.cells()[0])
    counts = [setting.in_world(1, world).leaders.count for world in range(6000)]
    known = stats.binom(6, 0.5)
    for count in range(1, 7):
        share = known.pmf(count) / known.sf(0)  # nobody never leads
        assert counts.count(count) / 6000 == pytest.approx(share, abs=5 * (share / 6000) ** 0.5)
    assert set(counts) == set(range(1, 7))
    assert "reaches up to 39" in problems(f"{ROAD}until = {{ randint = [6, 40] }}\n{ARM}")[0]
    assert (
        'there is no distribution "poison"; did you mean "poisson"'
        in problems(f"{ROAD}until = {{ poison = [6] }}\n{ARM}")[0]
    )


@pytest.mark.parametrize("said", ["{ choice = [1, 2] }", "{ uniform = [1, 2] }", "{ weibull_min = { c = 2 } }"])
def test_a_seed_cannot_follow_any_distribution(said: str) -> None:
    [line] = problems(ARM, f"seed = {said}\n{HEAD}".replace("worlds = 4\n", ""))
    assert "; this must be one number, and cannot follow a distribution" in line


def cut_in(text: str, head: str = HEAD) -> list[str]:
    scenario = read(text, head)
    settings = [setting for cell in scenario.cells() for setting in scenario.settings(cell)]
    return [found.sentence for found in cut_distributions(settings)]


def test_what_is_cut_away_and_what_remains_is_what_scipy_says_of_a_truncated_normal() -> None:
    known = stats.truncnorm(-1, 49, 0.02, 0.02)
    mean, sd, median = known.mean(), known.std(), known.median()
    assert cut_in(ARM, uncertain("{ normal = [0.02, 0.02] }")) == [
        (
            "adoption.transmission: normal(0.02, 0.02) is cut to between 0 and 1, which takes 15.9 % of it away; what "
            f"remains has mean {mean:.3g}, standard deviation {sd:.3g} and median {median:.3g}."
        )
    ]


def test_a_cut_of_less_than_a_thousandth_is_not_told_and_one_of_more_is() -> None:
    sd = 0.02 / stats.norm.isf(0.001)
    assert not cut_in(ARM, uncertain(f"{{ normal = [0.02, {0.99 * sd}] }}"))
    assert "takes 0.107 % of it away" in cut_in(ARM, uncertain(f"{{ normal = [0.02, {1.007 * sd}] }}"))[0]


def test_every_cut_distribution_is_told_once_with_the_range_that_is_used() -> None:
    text = f"""\
{ROAD}until = {{ normal = [10, 2] }}
[agents]
receptivity = {{ manager = {{ normal = [0.9, 0.3] }}, academic = 1, firm = 1 }}
{ARM}leaders.influence = {{ cauchy = [1, 1] }}
leaders.count = {{ poisson = [2] }}
[[arms]]
name = "other"
leaders.recruitment = {{ normal = [0.9, 0.3] }}
[sweep]
"adoption.external" = [0, {{ beta = [1, 50] }}, {{ normal = [0, 0.001] }}]
"""
    assert cut_in(text) == [
        (
            "adoption.external: normal(0, 0.001) is cut to between 0 and 1, which takes 50 % of it away; what remains "
            "has mean 0.000798, standard deviation 0.000603 and median 0.000674."
        ),
        (
            "agents.receptivity.manager: normal(0.9, 0.3), which varies between agents, is cut to between 0 and 1, "
            "which takes 37.1 % of it away; what remains has mean 0.722, standard deviation 0.196 and median 0.756."
        ),
        (
            "interventions.road.until: normal(10, 2) is cut to between 1 and 12, which takes 10.6 % of it away; what "
            "remains has median 10."
        ),
        "leaders.count: poisson(2, 0) is cut to at least 1, which takes 13.5 % of it away; what remains has median 2.",
        (
            "leaders.influence: cauchy(1, 1) is cut to at least 0, which takes 25 % of it away; what remains has "
            f"median {stats.cauchy(1, 1).ppf(0.625):.3g}."
        ),
        (
            "leaders.recruitment: normal(0.9, 0.3) is cut to between 0 and 1, which takes 37.1 % of it away; what "
            "remains has mean 0.722, standard deviation 0.196 and median 0.756."
        ),
    ]


def test_a_distribution_with_ends_that_an_earlier_version_took_is_told_as_it_was_cut() -> None:
    scenario = read(f"{ROAD}until = {{ uniform = [6, 12] }}\n{ARM}")
    told = json.loads(json.dumps(scenario.canonical()).replace("[6.0, 12.0]", "[6.0, 40.0]"))
    before = Scenario.from_canonical(told)
    [found] = cut_distributions(before.settings(before.cells()[0]))
    assert "uniform(6, 40) is cut to between 1 and 12, which takes 80.9 % of it away" in found.sentence
    assert found.as_json()["cut_away"] == pytest.approx(27.5 / 34)  # of 34 units, those beyond 12.5
