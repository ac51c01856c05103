"""Effects: their size in standard deviations of the baseline, and how well they are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.compare import compare
from diffusion.analysis.effects import Effect, effects, standard_error
from diffusion.analysis.effects_told import effect_sentences
from diffusion.analysis.intervals import mean_interval
from diffusion.analysis.outcomes import OUTCOMES, RegionFacts
from diffusion.analysis.resampling import count_bootstrap, paired_bootstrap
from diffusion.analysis.sentences import Setting
from diffusion.draws import Purpose, generator

MakeArm = Callable[..., ArmResult]
MakeFacts = Callable[..., RegionFacts]

SETTING = Setting(
    network="town",
    synthetic=False,
    steps=4,
    agents=100,
    smallest_difference=0.01,
    phrases={"base": "leaders at random", "hubs": "leaders by degree"},
)


def drawn(mean: float, spread: float, runs: int = 400, name: str = "") -> np.ndarray[Any, Any]:
    values = generator(Purpose.BOOTSTRAP, "test", name, str(mean)).normal(mean, spread, runs)
    return np.clip(np.round(values), 0, 100).astype(int)


@pytest.fixture
def found(make_arm: MakeArm, make_facts: MakeFacts) -> Callable[..., list[Effect]]:
    """Return a function from the adopters by arm to the effects beside the arm ``base``."""

    def made(outcome: str = "adopters", **adopters: Any) -> list[Effect]:
        arms = [make_arm(name, counts) for name, counts in adopters.items()]
        facts = make_facts()
        _, told = compare(arms, facts=facts, baseline="base", smallest_difference=0.01, seed_text="x")
        return list(effects(arms, told, facts, outcome, "x"))

    return made


def test_the_standardised_effect_divides_by_the_standard_deviation_of_the_baseline(found: Any) -> None:
    base, own = drawn(40, 8), drawn(50, 2)
    [effect] = found(base=base, hubs=own)
    assert effect.difference == pytest.approx((own - base).mean())
    assert effect.standardised == pytest.approx((own - base).mean() / base.std(ddof=1))
    assert effect.baseline_sd == pytest.approx(base.std(ddof=1))
    assert effect.standardised_low < effect.standardised < effect.standardised_high


def test_pairing_sharpens_a_difference_and_leaves_its_standardised_size_as_it_is(found: Any) -> None:
    base = drawn(40, 8)
    [paired] = found(base=base, hubs=base + 5 + drawn(1, 1, name="noise") % 2)
    [apart] = found(base=base, hubs=np.roll(base + 5 + drawn(1, 1, name="noise") % 2, 7))
    assert paired.standardised == pytest.approx(apart.standardised)
    assert paired.standard_error < apart.standard_error / 5
    assert paired.variance_saved > 0.9
    assert abs(apart.variance_saved) < 0.2


def test_standard_errors_are_those_of_means_and_of_paired_differences(found: Any) -> None:
    base, own = drawn(40, 8), drawn(50, 2)
    [effect] = found(base=base, hubs=own)
    assert effect.mean_standard_error == pytest.approx(own.std(ddof=1) / 20)
    assert effect.baseline_standard_error == pytest.approx(base.std(ddof=1) / 20)
    assert effect.standard_error == pytest.approx((own - base).std(ddof=1) / 20)
    assert standard_error(np.array([3.0])) is None


def test_bootstrap_and_student_agree_where_they_should(found: Any) -> None:
    base, own = drawn(40, 8), drawn(45, 8)
    [effect] = found(base=base, hubs=own)
    low, high = mean_interval((own - base).astype(float)) or (0.0, 0.0)
    assert (effect.bootstrap_low, effect.bootstrap_high) == pytest.approx((low, high), abs=0.06 * (high - low))


def test_the_bootstrap_draws_replicates_not_arms_apart() -> None:
    runs = drawn(40, 8).astype(float)
    [interval] = paired_bootstrap([runs + 1, runs], lambda a, b, axis: (a - b).mean(axis=axis)[None], "x")
    assert interval is None


def test_counting_replicates_gives_the_interval_that_drawing_them_gives() -> None:
    runs = drawn(40, 8).astype(float)
    [counted] = count_bootstrap(400, lambda counts: (counts @ runs / 400)[None], "x")
    [drawn_] = paired_bootstrap([runs], lambda values, axis: values.mean(axis=axis)[None], "x", corrected=False)
    assert counted == pytest.approx(drawn_)


def test_the_same_runs_give_the_same_interval_again() -> None:
    runs = drawn(40, 8).astype(float)
    first, second, other = (
        paired_bootstrap([runs], lambda values, axis: values.mean(axis=axis)[None], key) for key in ("x", "x", "y")
    )
    assert first == second != other


def test_bootstrap_intervals_cover_as_often_as_they_say() -> None:
    # 600 studies of 100 runs, whose values are exponential. Beyond 4.5 binomial standard errors (4 points) of .95
    # lies what covers by luck 7 times in a million; skewness takes a point more.
    random = generator(Purpose.BOOTSTRAP, "coverage")
    covered = []
    for study in range(600):
        values = random.exponential(size=100)
        [interval] = paired_bootstrap([values], lambda one, axis: one.mean(axis=axis)[None], "coverage", str(study))
        covered.append(interval is not None and interval[0] <= 1 <= interval[1])
    assert 0.90 < np.mean(covered) < 0.99


def test_where_the_baseline_never_varies_nothing_is_standardised(found: Any) -> None:
    [effect] = found(base=np.full(50, 3), hubs=drawn(40, 8, 50))
    assert (effect.standardised, effect.standardised_low, effect.baseline_sd) == (None, None, 0.0)
    assert effect.bootstrap_low < effect.difference < effect.bootstrap_high
    told = effect_sentences([effect], SETTING, OUTCOMES["adopters"])
    assert told[0] == "Differences from leaders at random cannot be standardised: all its runs are equal."


def test_equal_arms_and_single_runs_have_no_intervals(found: Any) -> None:
    base = drawn(40, 8)
    [same] = found(base=base, hubs=base)
    assert (same.difference, same.standardised, same.standard_error, same.bootstrap_low) == (0.0, 0.0, 0.0, None)
    assert effect_sentences([same], SETTING, OUTCOMES["adopters"]) == (
        "No arm differs from leaders at random by as much as 0.01 standard deviations of its runs on average.",
    )
    [single] = found(base=[3], hubs=[5])
    assert (single.difference, single.standard_error, single.standardised) == (2.0, None, None)
    assert effect_sentences([single], SETTING, OUTCOMES["adopters"]) == ()


def test_a_baseline_that_rarely_varies_gives_no_interval_that_is_not_a_number(found: Any) -> None:
    [effect] = found(outcome="took_off", base=[0] * 49 + [60], hubs=[50] * 30 + [0] * 20)
    assert effect.standardised is not None
    assert effect.standardised_low is None or np.isfinite(effect.standardised_low)
    assert all(not isinstance(value, float) or np.isfinite(value) for value in effect.as_json().values())


@pytest.mark.parametrize(("hubs", "word"), [(50, "more"), (30, "fewer")])
def test_the_sentence_tells_size_sign_precision_and_what_pairing_saved(found: Any, hubs: int, word: str) -> None:
    size, precision = effect_sentences(
        found(base=drawn(40, 8), hubs=drawn(hubs, 8, name="own")), SETTING, OUTCOMES["adopters"]
    )
    assert size.startswith("The runs of leaders at random differ with a standard deviation of 8.5 agents; ")
    assert "; beside that, the largest standardised difference is 1." in size
    assert f" standard deviations {word} with leaders by degree (95 % bootstrap interval 1." in size
    assert precision.startswith(
        "Over 400 paired runs the Monte Carlo standard error of a mean difference is at most 0.6"
    )
    assert "; pairing saved " in precision


def test_differences_to_either_side_are_both_told_and_only_the_larger_of_two_to_one_side(found: Any) -> None:
    apart = found(base=drawn(40, 8), hubs=drawn(50, 8), edge=drawn(25, 8))
    [size, _] = effect_sentences(apart, SETTING, OUTCOMES["adopters"])
    assert "differences are 1." in size
    assert "more with leaders by degree" in size
    assert 'fewer with the arm "edge"' in size
    [size, _] = effect_sentences(
        found(base=drawn(40, 8), hubs=drawn(50, 8), edge=drawn(60, 8)), SETTING, OUTCOMES["adopters"]
    )
    assert "difference is 2." in size
    assert "leaders by degree" not in size
