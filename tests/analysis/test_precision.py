"""Precision: the rule stops when differences are known well enough, and then they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from diffusion.analysis.precision import progress
from diffusion.analysis.precision_asked import FIRST_REPLICATES, FIRST_WORLDS, Precision
from diffusion.draws import Purpose, generator

Array = np.ndarray[Any, np.dtype[np.float64]]
STUDIES = 400
MOST = 3_072

# A right interval covers fewer than .95 - 4 √(.95 · .05 / 400) of the studies about 3 times in 100,000.
LEAST = 0.95 - 4 * np.sqrt(0.95 * 0.05 / STUDIES)


def drawn(kind: str, random: Any) -> tuple[Array, Array]:
    """Return differences of three arms from a baseline, and what they are on average."""
    if kind == "normal":
        own, shared = random.standard_normal((3, MOST)), random.standard_normal((1, MOST))
        return 0.15 * own + 0.15 * shared, np.zeros(3)
    if kind == "take-off":
        chance = np.array([[0.05], [0.2], [0.3]])
        luck = random.random((1, MOST))
        return 0.6 * (luck < chance) - 0.6 * (luck < 0.1), (0.6 * chance - 0.06).ravel()
    if kind == "rarely":
        return 0.7 * (random.random((3, MOST)) < 0.02), np.full(3, 0.014)
    between = 0.3 * (random.random((3, MOST)) < 0.3)  # worlds of two kinds
    return between + 0.05 * random.standard_normal((3, MOST)), np.full(3, 0.09)


@pytest.mark.parametrize(
    ("kind", "half_width", "first", "step"),
    [
        ("normal", 0.02, FIRST_REPLICATES, 64),
        ("take-off", 0.03, FIRST_REPLICATES, 64),
        ("rarely", 0.02, FIRST_REPLICATES, 64),
        ("worlds", 0.04, FIRST_WORLDS, 1),
        ("normal", 0.06, FIRST_WORLDS, 1),
    ],
)
def test_all_differences_lie_as_near_as_asked_as_often_as_stated(
    kind: str, half_width: float, first: int, step: int
) -> None:
    random = generator(Purpose.SIMULTANEOUS, "precision", kind, first)
    near = 0
    for _ in range(STUDIES):
        values, truth = drawn(kind, random)
        found = progress(values, Precision(half_width=half_width), first=first, step=step, largest=1.0)
        assert found.enough is not None
        near += bool((np.abs(values[:, : found.enough].mean(axis=1) - truth) <= half_width).all())
    assert near / STUDIES >= LEAST


def test_the_rule_decides_by_the_first_units_however_many_there_are() -> None:
    values, _ = drawn("normal", generator(Purpose.SIMULTANEOUS, "prefix"))
    asked = Precision(half_width=0.02)
    whole = progress(values, asked, first=128, step=64, largest=1.0)
    assert whole.enough is not None
    wanted, seen = 0, []
    while True:
        found = progress(values[:, :wanted], asked, first=128, step=64, largest=1.0)
        if found.enough is not None:
            break
        assert found.wanted > wanted
        wanted = found.wanted
        seen.append(wanted)
    assert found == whole
    assert len(seen) <= 6
    assert all(count % 64 == 0 for count in seen)


def test_a_study_in_which_nothing_differs_yet_does_not_stop_at_once() -> None:
    nothing = np.zeros((2, 10_000))
    found = progress(nothing, Precision(half_width=0.005), first=128, step=64, largest=1.0)
    assert found.enough is not None
    assert found.enough >= 600  # the rule of three: 3 / 600 = .005
    assert progress(nothing[:, :500], Precision(half_width=0.005), first=128, step=64, largest=1.0).enough is None


def test_a_study_without_differences_needs_no_more_than_the_first_batch() -> None:
    assert progress(np.empty((0, 128)), Precision(), first=128, step=64, largest=1.0).enough == 128


def test_halving_the_half_width_takes_about_four_times_as_many() -> None:
    random = generator(Purpose.SIMULTANEOUS, "quadruple")
    values = random.standard_normal((1, 60_000))
    wide, narrow = (
        progress(values, Precision(half_width=width), first=128, step=64, largest=9.0).enough for width in (0.06, 0.03)
    )
    assert wide is not None
    assert narrow is not None
    assert narrow / wide == pytest.approx(4, rel=0.25)
