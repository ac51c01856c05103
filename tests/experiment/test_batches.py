"""Batches: large enough to write seldom, small enough to lose little, however fast an arm is played."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.experiment.batches import GROWTH, Pace


def settled(pace, seconds_a_block, batches=12):
    for _ in range(batches):
        pace.learn(pace.blocks, pace.blocks * seconds_a_block)
    return pace.blocks * seconds_a_block


@given(seconds_a_block=st.floats(0.001, 0.25), first=st.integers(1, 500))
def test_batches_come_to_take_between_a_fifth_of_a_second_and_one(seconds_a_block, first):
    assert 0.2 <= settled(Pace(first, most=1000), seconds_a_block) <= 1.0


@given(seconds_a_block=st.floats(0.51, 100))
def test_what_takes_longer_than_a_batch_is_played_block_by_block(seconds_a_block):
    pace = Pace(40, most=1000)
    settled(pace, seconds_a_block)
    assert pace.blocks == 1


def test_a_batch_grows_no_faster_than_is_known_to_be_safe():
    pace = Pace(1, most=1000)
    pace.learn(1, 1e-6)
    assert pace.blocks == GROWTH


@pytest.mark.parametrize(("size", "most"), [(12, 1000), (10_000, 400), (1_000_000, 8)])
def test_the_results_of_a_batch_fit_in_memory_however_large_the_network(size, most):
    assert 1 <= Pace().next(size).most <= most * 1.2


def test_the_next_arm_begins_with_small_batches_for_it_may_be_slower():
    pace = Pace(160, most=1000).next(200)
    assert pace.blocks == 160 // GROWTH
