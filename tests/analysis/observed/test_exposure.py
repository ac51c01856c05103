"""Exposure, thresholds, categories, infectiousness and susceptibility, beside plain loops and hand-made numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.observed.exposure import DIRECTIONS, ExposureTies, exposure, exposure_when_adopting
from diffusion.analysis.observed.infection import infectiousness, susceptibility
from diffusion.analysis.observed.thresholds import categories, thresholds
from diffusion.analysis.observed.times import UNKNOWN, ObservedTimes
from diffusion.errors import InputError
from diffusion.network.network import Network


def _times(*at, periods=None):
    number = max(*at, 0) + 1 if periods is None else periods
    return ObservedTimes(np.array(at), tuple(map(str, range(1, number + 1))))


LAYERED = Network.from_tables(
    name="layered",
    ids="abc",
    source=["a", "a", "b", "c"],
    target=["c", "c", "c", "a"],
    layer=["formal", "informal", "informal", "formal"],
    strength=[0.5, 0.25, 1.0, 1.0],
)


def test_an_agent_learns_over_its_incoming_ties_and_an_alter_in_two_layers_is_one():
    found = exposure(ExposureTies.of(LAYERED), _times(0, -1, -1))
    assert found.alters.tolist() == [1, 0, 2]
    assert found.share[:, 0].tolist() == [0, 0, 0.5]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"direction": "out"}, [0, 0, 1]),
        ({"direction": "both"}, [0, 0, 0.5]),
        ({"layers": ["formal"]}, [0, 0, 1]),
        ({"layers": ["informal"], "strengths": True}, [0, 0, 0.2]),
        ({"strengths": True}, [0, 0, 0.75 / 1.75]),
    ],
)
def test_exposure_is_by_direction_layer_and_strength_as_it_is_asked_for(said, expected):
    found = exposure(ExposureTies.of(LAYERED, **said), _times(0, -1, -1))
    assert found.share[:, 0].tolist() == pytest.approx(expected)


def test_a_layer_or_direction_that_is_not_there_is_an_error():
    with pytest.raises(InputError, match='layered: no layer "informl"; did you mean "informal"\\?'):
        ExposureTies.of(LAYERED, layers=["informl"])
    with pytest.raises(InputError, match='direction: must be in, out or both, not "up"'):
        ExposureTies.of(LAYERED, direction="up")  # type: ignore[arg-type]


def test_an_alter_of_unknown_time_counts_neither_as_adopter_nor_as_alter():
    found = exposure(ExposureTies.of(LAYERED), _times(0, UNKNOWN, -1))
    assert found.alters[2] == 1
    assert found.share[2, 0] == 1


@st.composite
def cases(draw):
    size = draw(st.integers(2, 7))
    pairs = [(i, j) for i in range(size) for j in range(size) if i != j]
    ties = draw(st.lists(st.sampled_from(pairs), unique=True))
    at = draw(st.lists(st.integers(-2, 4), min_size=size, max_size=size))
    ids = "abcdefg"[:size]
    network = Network.from_tables(name="x", ids=ids, source=[ids[i] for i, _ in ties], target=[ids[j] for _, j in ties])
    return network, _times(*at, periods=5)


@given(cases(), st.sampled_from(DIRECTIONS))
def test_exposure_and_thresholds_are_those_of_a_plain_loop(case, direction):
    network, times = case
    ties = ExposureTies.of(network, direction=direction)
    found, told = exposure(ties, times), thresholds(ties, times)
    alters = {"in": network.in_alters, "out": network.out_alters, "both": network.alters}[direction]
    for agent in range(network.size):
        known = [times.at[alter] for alter in alters.alters(agent) if times.at[alter] != UNKNOWN]
        shares = [sum(0 <= at <= period for at in known) / max(len(known), 1) for period in range(5)]
        assert found.share[agent].tolist() == pytest.approx(shares)
        if times.at[agent] >= 0:
            assert told.value[agent] == pytest.approx(shares[times.at[agent]])
            assert told.lagged[agent] == pytest.approx(([0.0, *shares])[times.at[agent]])
        else:
            assert np.isnan(told.value[agent])


@given(cases())
def test_many_histories_at_once_give_what_each_gives_alone(case):
    network, times = case
    ties = ExposureTies.of(network)
    both = np.column_stack([times.at, times.at[::-1]])
    for measure in (
        lambda at: exposure_when_adopting(ties, at)[0],
        lambda at: susceptibility(ties, at, 5, lags=2),
        lambda at: infectiousness(ties, at, 5, lags=2, normalized=False),
    ):
        alone = np.column_stack([measure(both[:, 0]), measure(both[:, 1])])
        np.testing.assert_array_equal(measure(both), alone)


# Eight people, of whom 5 names 1 to 4 and is named by 6 to 8: the example of netdiffuseR's own tests.
PAPER = Network.from_tables(name="paper", ids="12345678", source=[*"1234", *"555"], target=[*"5555", *"678"])
PAPER_TIMES = _times(0, 1, 4, 4, 2, 3, 4, 4)


def test_infectiousness_and_susceptibility_are_those_of_netdiffuser_on_its_example():
    ties, at = ExposureTies.of(PAPER), PAPER_TIMES.at
    assert infectiousness(ties, at, 5)[4] == pytest.approx(1 / 3)
    assert susceptibility(ties, at, 5)[4] == pytest.approx(1 / 2)
    # Two periods back at half weight: (1 + 1/2) of (2 + 1/2), over 1 + 1/2 who adopted then.
    assert susceptibility(ties, at, 5, lags=2)[4] == pytest.approx((1.5 / 2.5) / 1.5)
    assert infectiousness(ties, at, 5, lags=2)[4] == pytest.approx((2 / 4) / 3)
    assert infectiousness(ties, at, 5, lags=2, normalized=False)[4] == pytest.approx(0.5)


@given(cases(), st.integers(1, 3), st.booleans())
def test_infectiousness_and_susceptibility_are_those_of_the_printed_equations(case, lags, normalized):
    network, times = case
    at, periods = times.at, times.periods
    ties = ExposureTies.of(network)
    nominates = np.zeros((network.size, network.size), dtype=bool)
    nominates[network.target, network.source] = True
    found = {
        1: infectiousness(ties, at, periods, lags=lags, normalized=normalized),
        -1: susceptibility(ties, at, periods, lags=lags, normalized=normalized),
    }
    for side, values in found.items():
        for ego in range(network.size):
            tied = nominates[:, ego] if side > 0 else nominates[ego]
            top = bottom = new = 0.0
            for lag in range(1, lags + 1):
                then = at[ego] + side * lag
                exact = (at == then) & (at >= 0) & (then < periods)
                beyond = (at >= then) & (at >= 0) if side > 0 else (at <= then) & (at >= 0)
                top, bottom, new = (
                    top + (tied & exact).sum() / lag,
                    bottom + (tied & beyond).sum() / lag,
                    new + exact.sum() / lag,
                )
            if at[ego] < 0 or bottom == 0:
                assert np.isnan(values[ego])
            else:
                assert values[ego] == pytest.approx(top / bottom / (new if normalized and new else 1))


def test_adopters_on_a_bound_are_in_the_later_class():
    network = Network.from_tables(name="five", ids="abcde", source=["a"], target=["b"])
    times = _times(0, 2, 4, 2, -1)  # mean 2, sample standard deviation 1.63
    found = categories(times, thresholds(ExposureTies.of(network), times))
    assert found is not None
    assert found.adopter.tolist() == [0, 2, 3, 2, -1]
    assert found.time_bounds[1] == 3  # the third period
    assert (found.agents, found.non_adopters) == (5, 1)
    assert found.per_cent.sum() == pytest.approx(80)
    assert found.as_json()["counts"]["laggards"]["high"] == 0


def test_one_adopter_has_no_category():
    network = Network.from_tables(name="two", ids="ab", source=["a"], target=["b"])
    times = _times(0, -1)
    assert categories(times, thresholds(ExposureTies.of(network), times)) is None


def test_thresholds_are_told_of_adopters_with_alters_and_the_others_are_counted():
    told = thresholds(ExposureTies.of(PAPER), PAPER_TIMES).as_json()
    assert told["adopters"] == 4
    assert told["without_alters"] == 4
    assert told["mean"] == pytest.approx((0.5 + 3) / 4)
    nobody = Network.from_tables(name="two", ids="ab", source=[], target=[])
    assert thresholds(ExposureTies.of(nobody), _times(0, 0)).as_json() == {"adopters": 0, "without_alters": 2}
