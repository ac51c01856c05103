"""What is said of worlds: the unit, in how many worlds arms do better, and what is due to not knowing the world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from diffusion.analysis.across import beside_best, difference_across
from diffusion.analysis.arms import ArmResult
from diffusion.analysis.compare import compare
from diffusion.analysis.sentences import Setting
from diffusion.analysis.units import Units
from diffusion.analysis.worlds_told import world_sentences

AGENTS = 200
NOISE = np.where(np.arange(40) % 2, 2, -2)
HUBS = np.array([100] * 20)
BROKERS = np.array([110] * 12 + [95] * 3 + [100] * 5)
RANDOM = np.array([60] * 20)


@pytest.fixture
def told(make_arm: Any, make_facts: Any) -> Any:
    def sentences(
        *,
        size: int = 1,
        outcome: str = "adopted_share",
        names: Sequence[str] = ("random", "hubs", "brokers"),
        unspread: tuple[str, ...] = (),
        replicates: int = 40,
    ) -> str:
        units = Units(worlds=20, size=size)
        counts = {"random": RANDOM, "hubs": HUBS, "brokers": BROKERS}
        arms = []
        for place, name in enumerate(names):
            runs = (counts[name][:, np.newaxis] + np.roll(NOISE, place))[:, :replicates]
            made = make_arm(name, runs.ravel(), AGENTS)
            arms.append(ArmResult(made.name, made.identity, made.runs, units=units))
        found = compare(arms, facts=make_facts(AGENTS), baseline="random", smallest_difference=0.01, seed_text="x")
        setting = Setting(
            "town",
            synthetic=False,
            steps=4,
            agents=AGENTS,
            smallest_difference=0.01,
            layout=units,
            uncertain=("adoption.transmission", "leaders.influence", *unspread),
            unspread=unspread,
            design="latin-hypercube" if size > 1 else "independent",
        )
        return " ".join(world_sentences(*found, setting, outcome=outcome, baseline="random"))

    return sentences


def test_the_unit_and_what_is_drawn_are_named(told: Any) -> None:
    assert told().startswith(
        "All arms live through the same 20 worlds, in each of which adoption.transmission and leaders.influence are "
        "drawn anew; intervals count worlds, not runs"
    )


def test_under_a_design_randomisations_are_counted_and_no_share_of_all_worlds_is_told(told: Any) -> None:
    text = told(size=2)
    assert "spread over 10 independent randomisations of a Latin hypercube design" in text
    assert "intervals count these 10 randomisations" in text
    assert "of such worlds" not in text


def test_what_a_design_does_not_spread_is_told_beside_the_numbers(told: Any) -> None:
    text = told(size=2, unspread=("what a survey would have shown",))
    assert (
        "adoption.transmission, leaders.influence and what a survey would have shown are drawn anew: "
        "adoption.transmission and leaders.influence are spread over 10 independent randomisations of a Latin "
        "hypercube design, what a survey would have shown is drawn independently; intervals count these 10 "
        "randomisations" in text
    )


def test_the_best_mean_is_told_beside_the_baseline_and_beside_the_next(told: Any) -> None:
    text = told()
    assert (
        'The arm "brokers" did better than the arm "random" in all 20 worlds (83 to 100 % of such worlds, 95 %)' in text
    )
    assert (
        'The arm "brokers" beats the arm "hubs" in 12 of 20 worlds, the other way round in 3, undecided in 5.' in text
    )
    assert 'Of 20 worlds, the one best arm is the arm "brokers" in 12 and the arm "hubs" in 3; in 5' in text


def test_two_arms_are_told_once(told: Any) -> None:
    text = told(names=("random", "hubs"))
    assert "beats" not in text
    assert "Of 20 worlds" not in text


def test_one_run_in_each_world_counts_no_worlds_and_says_why(told: Any) -> None:
    text = told(replicates=1)
    assert text.endswith(
        "intervals count worlds, not runs, for runs within a world are no evidence about others. One run of an arm in "
        "each world cannot show which arm is better in a world; more replicates would."
    )
    assert "undecided" not in text


def test_the_share_of_worlds_has_an_interval_only_where_some_world_can_be_decided() -> None:
    differences = np.arange(1.0, 41.0)
    once = difference_across(differences, Units(40), sign=1, largest=100.0)
    twice = difference_across(np.repeat(differences, 2), Units(40), sign=1, largest=100.0)
    assert once is not None
    assert twice is not None
    assert (once.better_in, once.undecided_in, once.better_low, once.better_high) == (0, 40, None, None)
    assert twice.better_high is not None


def test_times_that_mostly_never_come_are_not_compared_by_worlds(told: Any) -> None:
    assert "did better" not in told(outcome="time_to_half")


def test_every_arm_is_counted_beside_the_best_mean() -> None:
    noise = NOISE[np.newaxis] / 10
    best, other = (
        np.array([5.0, 5.0, 1.0])[:, np.newaxis] + noise,
        np.array([1.0, 1.0, 5.0])[:, np.newaxis] + noise[:, ::-1],
    )
    assert beside_best(np.array([best, other]), largest=10.0) == [None, (1, 2)]
