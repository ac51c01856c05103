"""Units: with several worlds the world is what intervals count, and they cover as often as they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from diffusion.analysis.across import best_in, decided, difference_across, share_interval, spread
from diffusion.analysis.arms import ArmResult
from diffusion.analysis.compare import Comparison, compare
from diffusion.analysis.contenders import contenders
from diffusion.analysis.intervals import t_quantile
from diffusion.analysis.regret import arm_regrets
from diffusion.analysis.resampling import count_bootstrap, paired_bootstrap
from diffusion.analysis.units import Units
from diffusion.draws import Purpose, generator

AGENTS = 200
Array = np.ndarray[Any, Any]


def compared(make_arm: Any, make_facts: Any, counts: dict[str, Array], units: Units) -> list[Comparison]:
    arms = [worldly(make_arm, name, adopters, units) for name, adopters in counts.items()]
    found = compare(
        arms,
        facts=make_facts(AGENTS),
        baseline=next(iter(counts)),
        smallest_difference=0.01,
        seed_text="units",
        outcomes=["adopted_share"],
    )
    return found[1]


def worldly(make_arm: Any, name: str, adopters: Array, units: Units) -> ArmResult:
    made = make_arm(name, np.asarray(adopters).ravel().astype(int), AGENTS)
    return ArmResult(made.name, made.identity, made.runs, units=units)


def worlds_of(study: int, kind: str, worlds: int, replicates: int) -> dict[str, Array]:
    """Return adopters in two arms whose difference varies between worlds, on average by 10 agents."""
    random = generator(Purpose.SIMULTANEOUS, "worlds", kind, study)
    shape = (worlds, replicates)
    if kind == "normal":
        base = 100 + random.normal(0, 10, (worlds, 1)) + random.normal(0, 8, shape)
        effect = 10 + random.normal(0, 12, (worlds, 1)) + random.normal(0, 5, shape)
        return {"a": np.clip(base, 0, AGENTS), "b": np.clip(base + effect, 0, AGENTS)}
    chance = random.beta(1, 3, (worlds, 1))  # of taking off, which gives 100 agents; .1 more often in b
    luck = random.random(shape)
    return {"a": 100.0 * (luck < chance), "b": 100.0 * (luck < chance + 0.1 * (1 - chance) * 4 / 3)}


@pytest.mark.parametrize("kind", ["normal", "take-off"])
def test_intervals_by_world_cover_and_those_by_run_would_not(make_arm: Any, make_facts: Any, kind: str) -> None:
    studies, worlds, replicates = 300, 20, 10
    truth = 10 / AGENTS
    covered = {1: 0, worlds: 0}
    for study in range(studies):
        counts = worlds_of(study, kind, worlds, replicates)
        for known in covered:
            [found] = compared(make_arm, make_facts, counts, Units(worlds=known))
            covered[known] += bool((found.low or 0.0) <= truth <= (found.high or 0.0))
    # A right interval covers fewer than 272 of 300 about once in a thousand tests; one by run covers far fewer.
    assert covered[worlds] >= 272
    if kind == "normal":
        assert covered[1] < 200


def test_the_interval_is_students_on_the_means_of_worlds(make_arm: Any, make_facts: Any) -> None:
    means = np.array([3.0, 5.0, 4.0, 8.0, 6.0, 4.0])
    counts = {"a": np.full((6, 2), 50.0), "b": 50.0 + means[:, np.newaxis] + np.array([-1.0, 1.0])}
    [found] = compared(make_arm, make_facts, counts, Units(worlds=6))
    error = means.std(ddof=1) / np.sqrt(6) / AGENTS
    assert found.difference == pytest.approx(means.mean() / AGENTS)
    assert found.high - found.difference >= t_quantile(5) * error - 1e-12  # type: ignore[operator]
    assert found.difference - found.low == pytest.approx(t_quantile(5) * error)  # type: ignore[operator]
    assert found.across is not None
    assert found.across.worlds == 6
    assert found.across.randomisations is None
    assert found.across.variance_within == pytest.approx(2 / AGENTS**2)
    assert found.across.variance_between == pytest.approx((means.var(ddof=1) - 2 / 2) / AGENTS**2)


def test_under_a_design_the_randomisation_is_the_unit(make_arm: Any, make_facts: Any) -> None:
    random = generator(Purpose.SIMULTANEOUS, "randomisations")
    means = np.round(random.normal(10, 4, (10, 4)))
    counts = {"a": np.full((40, 1), 50.0), "b": 50.0 + means.reshape(40, 1)}
    [found] = compared(make_arm, make_facts, counts, Units(worlds=40, size=4))
    of_units = means.mean(axis=1)
    least = t_quantile(9) * of_units.std(ddof=1) / np.sqrt(10) / AGENTS
    assert found.difference == pytest.approx(of_units.mean() / AGENTS)
    assert found.high - found.low >= 2 * least - 1e-12  # type: ignore[operator]
    assert found.across is not None
    assert found.across.randomisations == 10
    assert found.across.better_low is None
    assert found.across.variance_between is None


def test_one_world_tells_nothing_across_worlds(make_arm: Any, make_facts: Any) -> None:
    [found] = compared(make_arm, make_facts, {"a": np.arange(9.0), "b": np.arange(9.0) + 3}, Units())
    assert found.across is None
    assert "worlds" not in found.as_json()


def test_the_parts_of_the_variance_are_recovered_and_never_negative() -> None:
    random = generator(Purpose.SIMULTANEOUS, "parts")
    found = spread(random.normal(0, 3, (4000, 1)) + random.normal(0, 2, (4000, 5)))
    assert found.within == pytest.approx(4, rel=0.05)
    assert found.between == pytest.approx(9, rel=0.1)
    assert found.share == pytest.approx(9 / 13, rel=0.05)
    nothing = [spread(random.normal(0, 2, (50, 5))).between for _ in range(40)]
    assert min(value for value in nothing if value is not None) == 0.0


def test_a_world_counts_only_where_the_lead_exceeds_twice_its_error() -> None:
    lead = np.array([1.0, 1.2, 0.8, 1.0])
    doubt = np.array([4.0, -3.0, 2.0, -2.0])
    found = decided(np.array([lead, -lead, doubt]), largest=2.0)
    assert found.tolist() == [1, -1, 0]


def test_few_equal_runs_decide_nothing_in_a_world() -> None:
    assert decided(np.full((2, 3), 1.0), largest=1.0).tolist() == [0, 0]
    assert decided(np.full((2, 100), 1.0), largest=1.0).tolist() == [1, 1]
    assert decided(np.full((1, 1), 5.0), largest=10.0).tolist() == [0]


def test_brokers_beat_hubs_in_so_many_worlds() -> None:
    leads = np.array([1.0] * 83 + [-1.0] * 8 + [0.0] * 9)
    noise = np.where(np.arange(40) % 2, 0.5, -0.5)
    told = difference_across((leads[:, np.newaxis] + noise).ravel(), Units(worlds=100), sign=1, largest=10.0)
    assert told is not None
    assert (told.better_in, told.worse_in, told.undecided_in) == (83, 8, 9)
    assert (told.better_low, told.better_high) == share_interval(83, 100)


def test_an_arm_is_best_in_a_world_only_beside_every_other() -> None:
    noise = np.where(np.arange(40) % 2, 0.5, -0.5)
    first = np.array([5.0, 5.0, 1.0])[:, np.newaxis] + noise
    second = np.array([1.0, 4.99, 5.0])[:, np.newaxis] + noise[::-1]
    third = np.full((3, 1), 0.0) + noise
    counts, undecided = best_in(np.array([first, second, third]), largest=10.0)
    assert counts.tolist() == [1, 1, 0]
    assert undecided == 1


def test_regret_is_averaged_over_worlds_in_which_another_arm_is_best(make_arm: Any, make_facts: Any) -> None:
    noise = np.where(np.arange(40) % 2, 2.0, -2.0)
    a = np.array([100.0, 60.0] * 10)[:, np.newaxis] + noise
    b = np.array([80.0, 80.0] * 10)[:, np.newaxis] + noise
    arms = [worldly(make_arm, name, counts, Units(worlds=20)) for name, counts in (("a", a), ("b", b))]
    found = arm_regrets(arms, make_facts(AGENTS), "adopted_share", "regret")
    assert [one.regret for one in found] == pytest.approx([0.05, 0.05])
    assert all(one.worlds == 20 and (one.low or 0.0) <= 0.05 <= (one.high or 0.0) for one in found)


def test_arms_that_differ_by_worlds_only_are_told_apart_by_worlds(make_arm: Any, make_facts: Any) -> None:
    random = generator(Purpose.SIMULTANEOUS, "contend")
    a = np.full((10, 100), 100.0) + random.integers(-2, 3, (10, 100))
    b = a + np.where(np.arange(10) % 2, 25.0, -20.0)[:, np.newaxis]
    told = {}
    for units in (Units(), Units(worlds=10)):
        arms = [worldly(make_arm, name, counts, units) for name, counts in (("a", a), ("b", b))]
        found = contenders(arms, make_facts(AGENTS), "adopted_share", 0.001)
        assert found is not None
        told[units.worlds] = (found.behind, found.undecided)
    assert told == {1: (("a",), ()), 10: ((), ("a",))}


def test_a_bootstrap_draws_whole_worlds_again() -> None:
    random = generator(Purpose.SIMULTANEOUS, "bootstrap")
    values = (random.normal(0, 1, (30, 1)) + random.normal(0, 0.1, (30, 50))).ravel()
    by_world = np.std(values.reshape(30, 50).mean(axis=1), ddof=1) / np.sqrt(30)

    def mean(runs: Array, axis: int) -> Array:
        return np.asarray(runs.mean(axis=axis)[None])

    def weighed(counts: Array) -> Array:
        return np.asarray((counts @ values / counts.sum(axis=-1))[None])

    [found] = paired_bootstrap([values], mean, "x", units=Units(worlds=30))
    [counted] = count_bootstrap(len(values), weighed, "x", units=Units(worlds=30))
    for interval in (found, counted):
        assert interval is not None
        assert (interval[1] - interval[0]) / 4 == pytest.approx(by_world, rel=0.15)


@pytest.mark.parametrize("kind", ["normal", "take-off"])
def test_the_share_between_worlds_is_covered_about_as_often_as_stated(kind: str) -> None:
    random, studies, shape = generator(Purpose.SIMULTANEOUS, "share", kind), 1_000, (40, 10)
    covered = 0
    for _ in range(studies):
        if kind == "normal":
            runs: Array = random.normal(0, 1, (40, 1)) + random.normal(0, 2, shape)
        else:
            runs = 1.0 * (random.random(shape) < random.beta(1, 3, (40, 1)))
        found = spread(runs)
        covered += bool((found.share_low or 0.0) <= 0.2 <= (found.share_high or 0.0))
    assert covered / studies > 0.91  # at 95 % stated, 93 to 95 % are measured
