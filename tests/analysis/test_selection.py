"""Selection: the arm that is named is the best, or near enough, as often as stated, and the best is never stopped."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.analysis.precision_asked import FIRST_REPLICATES, FIRST_WORLDS, BestWithin
from diffusion.analysis.selection import bound, select
from diffusion.draws import LANES, Purpose, generator

Array = np.ndarray[Any, np.dtype[np.float64]]
Drawn = tuple[Array, Array]

STUDIES = 200
WITHIN = 0.02

# A right procedure falls below .95 - 4 √(.95 · .05 / 200) about 3 times in 100,000.
LEAST = 0.95 - 4 * np.sqrt(0.95 * 0.05 / STUDIES)

REPLICATES = {"first": FIRST_REPLICATES, "step": LANES}
WORLDS = {"first": FIRST_WORLDS, "step": 1}
RANDOMISATIONS = {"first": 10, "step": 1}


def ahead(arms: int, by: float) -> Array:
    """Return the means of arms of which one is ahead by so much: where the best is hardest to find."""
    means = np.zeros(arms)
    means[0] = by
    return means


def normal(random: Any, means: Array, units: int, *, spread: float = 0.2, shared: float = 0.5) -> Array:
    """Return normal values of arms that share a part of their luck."""
    luck = math.sqrt(shared) * random.standard_normal((1, units))
    own = math.sqrt(1 - shared) * random.standard_normal((len(means), units))
    return np.asarray(means[:, np.newaxis] + spread * (luck + own))


def taking_off(random: Any, means: Array, units: int, *, usual: float, common: bool = False) -> Array:
    """Return values of an innovation that reaches 0.6 where it takes off, and else nobody."""
    chances = usual + means[:, np.newaxis] / 0.6
    return np.asarray(0.6 * (random.random((1 if common else len(means), units)) < chances))


def skewed(random: Any, means: Array, units: int) -> Array:
    """Return take-offs of many sizes, whose chance and size are partly common to all arms."""
    chances = 0.1 + means[:, np.newaxis] / 0.5
    common = random.random((1, units)) < 0.5
    luck = np.where(common, random.random((1, units)), random.random((len(means), units)))
    return np.asarray(random.random((1, units)) * (luck < chances))


CASES: dict[str, tuple[Callable[..., Array], int, float, int, dict[str, int]]] = {
    "normal, two arms": (normal, 2, WITHIN, 4_000, REPLICATES),
    "normal, ten arms": (normal, 10, WITHIN, 6_000, REPLICATES),
    "unlike spreads": (lambda *a: normal(*a) * np.linspace(1.5, 0.5, 5)[:, None], 5, WITHIN, 6_000, REPLICATES),
    "0 or 1, common luck": (lambda *a: taking_off(*a, usual=0.1, common=True), 5, WITHIN, 6_000, REPLICATES),
    "0 or 1, own luck": (lambda *a: taking_off(*a, usual=0.1), 5, WITHIN, 8_000, REPLICATES),
    "rare take-offs": (lambda *a: taking_off(*a, usual=0.004), 5, WITHIN, 6_000, REPLICATES),
    "one takes off at all": (lambda *a: taking_off(*a, usual=0.0), 2, WITHIN / 2, 6_000, REPLICATES),
    "skewed": (skewed, 5, WITHIN, 8_000, REPLICATES),
    "worlds": (lambda *a: normal(*a, spread=0.1), 5, 0.05, 600, WORLDS),
    "randomisations": (lambda *a: normal(*a, spread=0.1), 5, 0.05, 600, RANDOMISATIONS),
}


@pytest.mark.parametrize("case", CASES)
def test_the_best_is_named_as_often_as_stated_where_all_others_are_just_so_much_worse(case: str) -> None:
    draw, arms, within, units, looks = CASES[case]
    random = generator(Purpose.SIMULTANEOUS, "selection", case)
    best, stopped = 0, 0
    means = ahead(arms, within)
    if case == "unlike spreads":  # scaled rows: means are scaled back
        means = means / 1.5
    for _ in range(STUDIES):
        found = select(list(draw(random, means, units)), BestWithin(best_within=within), **looks, largest=1.0)
        assert found.named is not None
        best += found.named == 0
        stopped += found.stopped[0] is not None
    assert best / STUDIES >= LEAST
    assert stopped / STUDIES <= 1 - LEAST


def test_where_several_are_near_one_of_them_is_named_as_often_as_stated() -> None:
    # Each is within WITHIN of the next, but not of the best: procedures that stop what is near the next may err.
    means = np.array([0.05, 0.031, 0.012, 0.0, 0.0])
    random = generator(Purpose.SIMULTANEOUS, "selection", "chain")
    good = 0
    for _ in range(STUDIES):
        values = list(normal(random, means, 6_000))
        found = select(values, BestWithin(best_within=WITHIN), **REPLICATES, largest=1.0)
        assert found.named is not None
        good += means[found.named] >= 0.05 - WITHIN
    assert good / STUDIES >= LEAST


def test_at_a_lower_confidence_fewer_units_are_enough() -> None:
    values = list(normal(generator(Purpose.SIMULTANEOUS, "selection", "confidence"), ahead(4, 0.01), 30_000))
    sure, less = (
        select(values, BestWithin(best_within=0.01, confidence=said), **REPLICATES, largest=1.0).units
        for said in (0.99, 0.8)
    )
    assert less < sure


def test_clearly_worse_arms_are_stopped_long_before_the_end() -> None:
    means = np.array([0.3, 0.298, 0.2, 0.1])
    values = list(normal(generator(Purpose.SIMULTANEOUS, "selection", "worse"), means, 40_000))
    found = select(values, BestWithin(best_within=0.005), **REPLICATES, largest=1.0)
    assert found.named in (0, 1)
    assert found.stopped[2] is not None
    assert found.stopped[3] is not None
    assert found.stopped[3] <= found.stopped[2] < found.units / 4


def test_units_after_an_arm_was_stopped_are_not_read_and_need_not_be_there() -> None:
    means = np.array([0.3, 0.29, 0.1])
    values = list(normal(generator(Purpose.SIMULTANEOUS, "selection", "unread"), means, 20_000))
    asked = BestWithin(best_within=0.01)
    whole = select(values, asked, **REPLICATES, largest=1.0)
    assert whole.stopped[2] is not None
    short = [*values[:2], values[2][: whole.stopped[2]]]
    assert select(short, asked, **REPLICATES, largest=1.0) == whole


def test_going_on_look_by_look_decides_the_same_as_all_at_once() -> None:
    means = np.array([0.3, 0.29, 0.28, 0.1])
    values = list(normal(generator(Purpose.SIMULTANEOUS, "selection", "looks"), means, 20_000))
    asked = BestWithin(best_within=0.01)
    whole = select(values, asked, **REPLICATES, largest=1.0)
    there, wanted = [0] * 4, FIRST_REPLICATES
    while True:
        there = [wanted if known in (0, seen) else known for known, seen in zip(there, [max(there)] * 4, strict=True)]
        found = select([row[:size] for row, size in zip(values, there, strict=True)], asked, **REPLICATES, largest=1.0)
        there = [size if stop is None else stop for size, stop in zip(there, found.stopped, strict=True)]
        if found.named is not None:
            break
        assert found.wanted > wanted
        assert found.wanted % LANES == 0
        wanted = found.wanted
    assert found == whole


def test_a_study_in_which_nothing_differs_yet_goes_on_until_what_was_not_seen_is_rare_enough() -> None:
    nothing = [np.zeros(5_000)] * 2
    found = select(nothing, BestWithin(best_within=0.01), **REPLICATES, largest=1.0)
    # (1 - 0.01) ^ units = 0.05: log(0.05) / log(0.99) = 298.1; one more look of 64 than that.
    assert found.units == 320


def test_one_arm_alone_is_the_best() -> None:
    found = select([np.zeros(128)], BestWithin(), **REPLICATES, largest=1.0)
    assert (found.named, found.units, found.within) == (0, 128, 0.0)


def test_a_bound_is_that_worked_out_by_hand() -> None:
    # 40 differences of -1 and 1 in turn: mean 0, variance 40/39. With two arms at 95 % all of the 0.05 is this bound's;
    # lines λ = 0.1 and 0.5 (0.5 and 2.5 times 0.2) with 0.04 and 0.01 of it.
    differences = np.tile([-1.0, 1.0], 20)

    def line(slope: float, wrong: float) -> float:
        squared: float = 39 * (wrong ** (-2 / 39) - 1)
        return slope + squared * (40 / 39) / (4 * slope * 40)

    told = bound(differences, 1, BestWithin(best_within=0.2), 40, 2.0)
    assert told == pytest.approx(min(line(0.1, 0.04), line(0.5, 0.01)))
    # Known variance: with many degrees of freedom h² is -2 log of what may go wrong, as of a Brownian motion.
    squared = 10**6 * (0.04 ** (-2 / 10**6) - 1)
    assert squared == pytest.approx(-2 * math.log(0.04), rel=1e-5)


def test_a_bound_reaches_farther_above_where_few_units_make_the_mean() -> None:
    rare = np.zeros(400)
    rare[::100] = 1.0
    asked = BestWithin(best_within=0.05)
    above, mirrored = (bound(sign * rare, 1, asked, 128, 1.0) - sign * 0.01 for sign in (1, -1))
    assert above > 1.1 * mirrored


def test_an_arm_that_is_near_the_leading_one_goes_on_until_it_is_known_to_be_worse() -> None:
    random = generator(Purpose.SIMULTANEOUS, "selection", "near")
    luck = 0.2 * random.standard_normal(400)
    near = luck - 0.009 + 0.001 * random.standard_normal(400)
    rival = luck + 0.2 * random.standard_normal(400)
    found = select([luck, near, rival], BestWithin(best_within=0.02), **REPLICATES, largest=1.0)
    assert found.named is None
    assert found.stopped[1] is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=5), st.floats(0.02, 0.3), st.randoms(use_true_random=False))
def test_what_is_told_never_contradicts_itself(means: list[float], within: float, order: Any) -> None:
    random = generator(Purpose.SIMULTANEOUS, "selection", "property", str(means))
    values = list(normal(random, np.array(means), 3_000))
    found = select(values, BestWithin(best_within=within), **REPLICATES, largest=2.0)
    if found.named is not None:
        assert found.stopped[found.named] is None
        assert found.within is not None
        assert found.within <= within
    assert all(stop is None or FIRST_REPLICATES <= stop <= found.units for stop in found.stopped)
    places = list(range(len(means)))
    order.shuffle(places)
    turned = select([values[place] for place in places], BestWithin(best_within=within), **REPLICATES, largest=2.0)
    assert turned.stopped == tuple(found.stopped[place] for place in places)
    assert found.named is None or turned.named is None or places[turned.named] == found.named
