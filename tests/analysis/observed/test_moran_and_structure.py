"""Moran's I and the test of structural dependence: exact moments, false alarms, and what they must find."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from diffusion.analysis.observed.exposure import ExposureTies
from diffusion.analysis.observed.moran import moran, moran_statistic
from diffusion.analysis.observed.shuffling import groups_of, shuffled
from diffusion.analysis.observed.structure import NULLS, STATISTICS, mean_threshold, structure_test
from diffusion.analysis.observed.times import ObservedTimes
from diffusion.draws import Purpose, generator
from diffusion.errors import InputError
from diffusion.network.network import Network


def _times(at):
    return ObservedTimes(np.asarray(at), tuple(map(str, range(1, max(at) + 2))))


SIX = Network.from_tables(name="six", ids="abcdef", source=[*"aabcdef"], target=[*"bccdefa"])


def test_moran_is_that_of_the_textbook_formula_with_rows_adding_to_one():
    at = np.array([0, 3, 1, -1, 4, 2])
    weights = np.zeros((6, 6))
    weights[SIX.target, SIX.source] = 1
    kept = at >= 0
    weights = weights[np.ix_(kept, kept)]
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    z = at[kept] - at[kept].mean()
    expected = len(z) / weights.sum() * (z @ weights @ z) / (z @ z)
    assert moran_statistic(ExposureTies.of(SIX), at) == pytest.approx(expected)


def test_mean_and_standard_deviation_are_those_over_all_orders_of_the_times():
    ties, at = ExposureTies.of(SIX), np.array([0, 3, 1, 7, 4, 2])
    every = np.array([moran_statistic(ties, np.array(order)) for order in permutations(at.tolist())], dtype=float)
    found = moran(ties, _times(at))
    assert found is not None
    assert found.expected == pytest.approx(every.mean()) == pytest.approx(-1 / 5)
    assert found.sd == pytest.approx(every.std())


def test_there_is_no_moran_where_times_or_ties_say_nothing():
    nobody = Network.from_tables(name="none", ids="abcdef", source=[], target=[])
    assert moran(ExposureTies.of(nobody), _times([0, 1, 2, 3, 4, 5])) is None
    assert moran(ExposureTies.of(SIX), _times([2, 2, 2, 2, 2, 2])) is None
    assert moran(ExposureTies.of(SIX), _times([0, 1, 2, -1, -1, -1])) is None


def _ring(size=60):
    ids = [f"{place:03d}" for place in range(size)]
    return Network.from_tables(
        name="ring",
        ids=ids,
        columns={"site": [str(place // 20) for place in range(size)]},
        source=ids * 2,
        target=[*ids[1:], ids[0], *ids[2:], *ids[:2]],
    )


RING = _ring()


def test_times_that_run_along_the_ties_are_found_alike():
    found = moran(ExposureTies.of(RING), _times(np.arange(60) // 6))
    assert found is not None
    assert found.observed > 0.7 > found.high
    assert found.p_value == 1 / 1000


def test_times_that_only_differ_between_groups_are_alike_beside_chance_and_not_within_groups():
    luck = generator(Purpose.OBSERVED, "test").integers(0, 3, size=60)
    times, ties = _times(np.arange(60) // 20 * 4 + luck), ExposureTies.of(RING)
    everywhere, within = moran(ties, times), moran(ties, times, groups_of(RING, "site"))
    assert everywhere is not None
    assert within is not None
    assert everywhere.observed == within.observed
    assert everywhere.p_value == 0.001
    assert within.p_value > 0.05


def test_times_are_dealt_within_groups_and_only_among_those_who_move():
    at, groups = np.arange(12), np.repeat([0, 1], 6)
    movable = at != 3
    dealt = shuffled(at, movable, groups, coordinates=("x",))
    assert sorted(dealt[:6]) == [0, 1, 2, 3, 4, 5]
    assert dealt[3] == 3
    assert dealt.tolist() != at.tolist()
    assert shuffled(at, movable, groups, coordinates=("x",)).tolist() == dealt.tolist()
    assert shuffled(at, movable, groups, coordinates=("y",)).tolist() != dealt.tolist()


def test_every_order_is_dealt_about_equally_often():
    deals = [tuple(shuffled(np.arange(3), np.ones(3, dtype=bool), coordinates=(place,))) for place in range(1200)]
    counts = [deals.count(order) for order in permutations(range(3))]
    # A fair deal fails this once in 10,000 times or less: six counts of Binomial(1200, 1/6), four standard deviations.
    assert max(abs(count - 200) for count in counts) < 4 * np.sqrt(1200 * 5 / 36)


def test_a_column_that_is_not_there_cannot_group():
    with pytest.raises(InputError, match='ring: no column "sit" to group agents by; did you mean "site"\\?'):
        groups_of(RING, "sit")
    assert groups_of(RING, None) is None
    assert set(groups_of(RING, "role") or []) == {0} if groups_of(RING, None) else True


@pytest.mark.parametrize("null", NULLS)
def test_adoption_that_ran_along_the_ties_depends_on_them(null):
    found = structure_test(RING, _times(np.arange(60) // 3), null=null, number=99)
    assert found is not None
    assert found.observed == pytest.approx(mean_threshold(ExposureTies.of(RING), np.arange(60) // 3, 20) or 0)
    assert found.observed > found.high > found.mean
    assert found.p_value == pytest.approx(0.02)


@pytest.mark.parametrize("null", NULLS)
def test_times_that_fell_to_agents_by_chance_are_seldom_found_to_depend_on_ties(null):
    network = _ring(30)
    found = [
        structure_test(
            network,
            _times(shuffled(np.arange(30) // 3, np.ones(30, dtype=bool), coordinates=("chance", place))),
            null=null,
            number=39,
            seed=place,
        )
        for place in range(60)
    ]
    values = np.array([one.p_value for one in found if one is not None])
    assert len(values) == 60
    # Under the null at most one in ten; Binomial(60, 0.1) exceeds 14 once in 1,000 times.
    assert (values <= 0.1).sum() <= 14
    assert (values > 0.5).sum() >= 15


def test_rewiring_within_groups_keeps_what_the_groups_do():
    times = _times(np.arange(60) // 20 * 4)
    everywhere = structure_test(RING, times, number=99)
    within = structure_test(RING, times, within="site", number=99)
    assert everywhere is not None
    assert within is not None
    assert everywhere.p_value == pytest.approx(0.02)
    # Each site adopts at once, so any network with the same ties between sites shows the very same.
    assert within.sd == pytest.approx(0)
    assert within.p_value == 1


@pytest.mark.parametrize("statistic", STATISTICS)
def test_every_statistic_can_be_tested(statistic):
    found = structure_test(RING, _times(np.arange(60) // 6), statistic=statistic, number=19)
    assert found is not None
    assert found.number == 19
    assert found.low <= found.mean <= found.high
    assert found.as_json()["statistic"] == statistic


def test_a_statistic_or_null_that_does_not_exist_is_an_error_and_one_that_is_undefined_is_none():
    times = _times(np.arange(60) // 6)
    with pytest.raises(InputError, match=r'statistic: must be .*, not "Morans I"; did you mean "Moran'):
        structure_test(RING, times, statistic="Morans I")
    with pytest.raises(InputError, match="null: must be one of rewired ties, dealt times"):
        structure_test(RING, times, null="rewired")  # type: ignore[arg-type]
    nobody = Network.from_tables(name="none", ids=RING.ids, source=[], target=[])
    assert structure_test(nobody, times) is None
