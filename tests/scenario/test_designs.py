"""Designs: probabilities of worlds, which neither more arms nor more worlds nor, but for Sobol's, more keys change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from diffusion.scenario.designs import FEWEST_RANDOMISATIONS, USUAL_SIZES, Design

KEYS = ("adoption.external", "adoption.transmission", "ties.layers.formal")
DESIGNS = [Design(kind, size) for kind, size in USUAL_SIZES.items()]


def table(design: Design, worlds: int, seed: int = 1) -> Any:
    return np.array([[design.probability(seed, world, key, KEYS) for key in KEYS] for world in range(worlds)])


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.kind)
def test_probabilities_are_uniform_and_keys_and_randomisations_independent(design: Design) -> None:
    drawn = table(design, 640)
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    assert [stats.kstest(column, "uniform").pvalue > 1e-3 for column in drawn.T] == [True] * 3
    assert np.abs(np.corrcoef(drawn.T) - np.eye(3)).max() < 0.15


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.kind)
def test_another_seed_or_randomisation_gives_other_numbers(design: Design) -> None:
    drawn = table(design, 2 * design.size)
    assert (drawn[: design.size] != drawn[design.size :]).all()
    assert (drawn != table(design, 2 * design.size, seed=2)).all()
    assert (drawn == table(design, 2 * design.size)).all()


@pytest.mark.parametrize("kind", ["independent", "latin-hypercube"])
def test_more_keys_change_no_number(kind: str) -> None:
    design = Design(kind, USUAL_SIZES[kind])
    for world in range(20):
        alone = design.probability(5, world, KEYS[1], KEYS[1:2])
        assert design.probability(5, world, KEYS[1], KEYS) == alone


@pytest.mark.parametrize("design", DESIGNS[1:], ids=lambda design: design.kind)
def test_each_randomisation_has_one_world_in_each_of_as_many_equal_parts(design: Design) -> None:
    drawn = table(design, 3 * design.size).reshape(3, design.size, len(KEYS))
    parts = np.sort((drawn * design.size).astype(int), axis=1)
    assert (parts == np.arange(design.size)[:, np.newaxis]).all()


@pytest.mark.parametrize("design", DESIGNS[1:], ids=lambda design: design.kind)
def test_a_smooth_mean_is_known_better_than_by_independent_worlds_and_without_bias(design: Design) -> None:
    randomisations = 60

    def means(one: Design) -> Any:
        values = np.exp(table(one, randomisations * design.size)).sum(axis=1)
        return values.reshape(randomisations, design.size).mean(axis=1)

    spread, independent = means(design), means(Design())
    assert spread.var(ddof=1) < independent.var(ddof=1) / 5
    error = spread.std(ddof=1) / np.sqrt(randomisations)
    assert abs(spread.mean() - 3 * (np.e - 1)) < 4 * error


@pytest.mark.parametrize("design", DESIGNS[1:], ids=lambda design: design.kind)
def test_worlds_must_be_whole_randomisations_of_which_there_are_ten(design: Design) -> None:
    fewest = FEWEST_RANDOMISATIONS * design.size
    assert design.worlds_problem(fewest) == design.worlds_problem(fewest + design.size) == ""
    assert str(fewest) in design.worlds_problem(fewest + 1)
    assert "at least 10" in design.worlds_problem(fewest - design.size)
    assert Design().worlds_problem(7) == ""
