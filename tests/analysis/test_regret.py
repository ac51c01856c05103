"""Regret: what choosing an arm gives up, and how often its bounds are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.effects_told import regret_sentences
from diffusion.analysis.outcomes import OUTCOMES, RegionFacts
from diffusion.analysis.regret import Regret, arm_regrets, regret_of_means, regrets
from diffusion.analysis.sentences import Setting
from diffusion.draws import Purpose, generator

ADOPTERS = OUTCOMES["adopters"]
SETTING = Setting(
    network="town",
    synthetic=False,
    steps=4,
    agents=100,
    smallest_difference=0.01,
    phrases={"base": "leaders at random", "hubs": "leaders by degree"},
)


def of_world(world: Mapping[str, Any], *more: Mapping[str, Any], **settings: Any) -> dict[str, Regret]:
    told = {"identities": {name: name for name in world}, "largest": 100.0, "seed_text": "x", **settings}
    return {found.arm: found for found in regrets([world, *more], told.pop("outcome", ADOPTERS), **told)}


def drawn(means: list[float], runs: int, name: str, spread: float = 8.0) -> dict[str, np.ndarray[Any, Any]]:
    random = generator(Purpose.BOOTSTRAP, "regret", name)
    return {f"arm {place}": random.normal(mean, spread, runs) for place, mean in enumerate(means)}


def test_regret_is_the_distance_from_the_best_mean_in_each_world_averaged() -> None:
    means = np.array([[3.0, 1.0, 2.0], [0.0, 4.0, 2.0]])
    assert regret_of_means(means, 1).tolist() == [2.0, 1.0, 1.5]
    assert regret_of_means(means, -1).tolist() == [1.0, 2.0, 1.5]
    # The means over the worlds would make of the third arm the equal of the others' worst; no world does.
    assert regret_of_means(means.mean(axis=0, keepdims=True), 1).tolist() == [1.0, 0.0, 0.5]


def test_less_time_is_better_and_regret_is_never_negative() -> None:
    world = {"soon": np.array([3.0, 4.0, 5.0, 4.0]), "late": np.array([6.0, 8.0, 7.0, 6.5])}
    found = of_world(world, outcome=OUTCOMES["time_to_half"])
    assert found["soon"].regret == 0.0
    assert found["late"].regret == pytest.approx(2.875)
    assert all((one.low or 0) >= 0 for one in found.values())


def test_bounds_hold_the_regret_of_arms_that_lie_apart() -> None:
    found = of_world(drawn([50, 45, 30], 400, "apart"))
    assert (found["arm 0"].low, found["arm 0"].high) == (0.0, 0.0)
    assert (found["arm 1"].low or 0) < 5 < (found["arm 1"].high or 0)
    assert (found["arm 2"].low or 0) < 20 < (found["arm 2"].high or 0)


def test_bounds_cover_all_regrets_at_once_and_false_alarms_are_rarer_than_said() -> None:
    # 300 studies of 4 arms. Where all are equal, a lower bound above 0 is a false alarm: at most 5 % of studies may
    # have one, 10.7 % allowing for luck (4.5 binomial standard errors: 7 times in a million). The plain estimate of the
    # largest regret is far from its truth, 0: that is what the bounds are for.
    alarms, covered, plain = [], [], []
    apart = [50.0, 49.0, 45.0, 45.0]
    for study in range(300):
        equal = of_world(drawn([50.0] * 4, 60, f"equal {study}"))
        alarms.append(any((one.low or 0) > 0 for one in equal.values()))
        plain.append(max(one.regret for one in equal.values()))
        found = of_world(drawn(apart, 60, f"apart {study}"))
        truth = [50.0 - mean for mean in apart]
        covered.append(
            all((one.low or 0) <= true <= (one.high or 0) for one, true in zip(found.values(), truth, strict=True))
        )
    assert np.mean(alarms) <= 0.107
    assert np.mean(covered) >= 0.893
    assert np.mean(plain) > 1.5


def test_bounds_over_worlds_are_wider_and_cover_the_expectation() -> None:
    # In 300 studies of 12 worlds: the second arm gives up 4 in half of the worlds and gains 2 in the others.
    covered = []
    random = generator(Purpose.BOOTSTRAP, "worlds")
    for study in range(300):
        gains = random.choice([-4.0, 2.0], size=12)
        worlds = [drawn([50, 50 + gain], 40, f"{study} {place}") for place, gain in enumerate(gains)]
        found = of_world(*worlds)
        covered.append((found["arm 1"].low or 0) <= 2 <= (found["arm 1"].high or 0))
        covered.append((found["arm 0"].low or 0) <= 1 <= (found["arm 0"].high or 0))
    assert np.mean(covered) >= 0.93
    assert found["arm 0"].worlds == 12


def test_the_same_leaders_under_two_names_regret_nothing_of_each_other() -> None:
    world = drawn([50, 40], 60, "same")
    world["twin"] = world["arm 0"]
    found = of_world(world, identities={"arm 0": "a", "arm 1": "b", "twin": "a"})
    assert (found["arm 0"].high, found["twin"].high) == (0.0, 0.0)
    assert found["arm 1"].low == of_world(drawn([50, 40], 60, "same"))["arm 1"].low


def test_equal_runs_bound_a_regret_by_the_histories_not_seen() -> None:
    found = of_world({"a": np.full(300, 10.0), "b": np.full(300, 12.0)})
    assert found["a"].low == pytest.approx(0.99 * 2 - 1)
    assert found["a"].high == pytest.approx(0.99 * 2 + 1)
    assert of_world({"a": np.array([1.0]), "b": np.array([2.0])})["a"].high is None


def test_the_arm_without_leaders_and_single_arms_have_no_regret(
    make_arm: Callable[..., ArmResult], make_facts: Callable[..., RegionFacts]
) -> None:
    arms = [make_arm("base", [3, 4, 5, 9]), make_arm("no leaders", [1, 2, 1, 1]), make_arm("hubs", [5, 6, 5, 9])]
    assert [one.arm for one in arm_regrets(arms, make_facts(), "spread", "x")] == ["base", "hubs"]
    assert arm_regrets(arms[:2], make_facts(), "spread", "x") == ()
    assert arm_regrets(arms, make_facts(), "adopted_share_others.agent", "x") == ()


def told(means: dict[str, float], runs: int = 400, spread: float = 8.0, outcome: str = "adopters") -> tuple[str, ...]:
    values = drawn(list(means.values()), runs, "told", spread)
    world = dict(zip(means, values.values(), strict=True))
    return regret_sentences(list(of_world(world, outcome=OUTCOMES[outcome]).values()), SETTING)


def test_sentences_tell_the_arm_of_least_and_of_most_regret_by_their_bounds() -> None:
    least, most, note = told({"base": 30, "hubs": 50})
    assert least == "Choosing leaders by degree gives up nothing beside the best of the arms compared (95 %)."
    assert most.startswith("At the other end, leaders at random give up 1")
    assert " to 2" in most
    assert "to be quoted by its bounds" in note


def test_no_sentence_finds_a_loss_where_arms_are_not_told_apart() -> None:
    least, most, _ = told({"base": 50, "hubs": 50.1})
    assert "gives up at most" in least
    assert "give up at most" in most


def test_a_regret_smaller_than_what_matters_is_called_so() -> None:
    least, *_ = told({"base": 50, "hubs": 50.0}, runs=4000, spread=2.0)
    assert "no more than the smallest difference that matters" in least


def test_times_that_are_mostly_censored_and_single_runs_are_not_told() -> None:
    world = {"base": np.array([5.0, 5, 5, 4]), "hubs": np.array([5.0, 5, 5, 5])}
    found = list(of_world(world, outcome=OUTCOMES["time_to_half"], censored=0.9).values())
    assert regret_sentences(found, SETTING)[0].startswith("Regret is not told in times")
    single = of_world({"base": np.array([5.0]), "hubs": np.array([4.0])})
    assert regret_sentences(list(single.values()), SETTING) == ()
    assert single["base"].as_json()["outcome"] == "adopters"


def test_all_arms_equal_in_every_run_are_told_without_an_order() -> None:
    found = of_world({"base": np.full(300, 5.0), "hubs": np.full(300, 5.0)})
    sentences = regret_sentences(list(found.values()), SETTING)
    assert sentences[0].startswith(
        "Choosing leaders at random (of several with the same mean) gives up at most 1.0 agents"
    )
    assert len(sentences) == 2
