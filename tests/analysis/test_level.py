"""Where a rising function comes to a level: both sides of a step, and next to it where it is smooth."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.level import Span, around

OPEN = Span(-1.0, 1.0, low_open=True, high_open=True)


@given(st.floats(0.001, 0.999), st.floats(0.0, 1.0))
def test_a_step_is_closed_in_upon_from_both_sides_to_four_digits(place: float, level: float) -> None:
    found = around(lambda number: 0.2 if number < place else 0.9, level, Span(0.0, 1.0))
    if level < 0.2:
        assert (found.above, found.below) == ((0.0, 0.2), None)
    elif level > 0.9:
        assert (found.above, found.below) == (None, (1.0, 0.9))
    elif 0.2 < level < 0.9:
        assert found.below is not None
        assert found.above is not None
        assert found.below[0] < place <= found.above[0]
        assert found.above[0] - found.below[0] <= 1.01 * 10.0 ** (math.floor(math.log10(place)) - 3)
        assert (found.below[1], found.above[1]) == (0.2, 0.9)


@given(st.floats(-50.0, 50.0), st.floats(0.05, 0.95))
def test_a_smooth_function_is_followed_far_beyond_where_one_looks_first(middle: float, level: float) -> None:
    def logistic(number: float) -> float:
        return 1.0 / (1.0 + math.exp(min(middle - number, 700.0)))

    number, value = around(logistic, level, OPEN).nearest(level)
    assert value == logistic(number)
    assert abs(number - (middle + math.log(level / (1 - level)))) <= 2e-3 * max(1.0, abs(number))


def test_the_search_stops_where_it_is_near_enough() -> None:
    tried: list[float] = []

    def line(number: float) -> float:
        tried.append(number)
        return number

    assert around(line, 0.3, Span(0.0, 1.0), near_enough=0.01).nearest(0.3)[0] == pytest.approx(0.3, abs=0.01)
    assert len(tried) == 3


def test_what_is_nowhere_reached_has_one_side_only() -> None:
    found = around(math.tanh, 2.0, OPEN)
    assert found.above is None
    assert found.below is not None
    assert found.below[1] == 1.0
