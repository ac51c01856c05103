"""The largest of many t statistics: small families as they always were, large ones the same by products of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from diffusion.analysis import largest_t
from diffusion.analysis.intervals import CONFIDENCE, _correlation, _distinct, simultaneous_quantile, t_quantile
from diffusion.analysis.largest_t import largest_t_quantile
from diffusion.draws import Purpose, generator

SIMULATIONS = 4_000


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(largest_t, "NORMALS", {})
    monkeypatch.setattr(largest_t, "FOUND", [])


def correlation(rows: int, runs: int, name: str = "family", shared: float = 1.0) -> NDArray[np.float64]:
    """Return the correlation of the differences of so many arms from one baseline."""
    drawn = generator(Purpose.SYNTHESIS, "largest", name, rows).normal(size=(rows + 1, runs))
    return _distinct(_correlation(drawn[1:] - shared * drawn[0]))


def plain(matrix: NDArray[np.float64], degrees: int, text: str) -> float:
    """Return the quantile as the program has always worked it out: row by row, from normals of the family's own."""

    def root(of: NDArray[np.float64]) -> NDArray[np.float32]:
        spread, axes = np.linalg.eigh(of)
        return np.asarray((axes * np.sqrt(np.maximum(spread, 0.0))) @ axes.T, dtype=np.float32)

    def normals(kind: str) -> NDArray[np.float32]:
        shape = (len(matrix), SIMULATIONS)
        return generator(Purpose.SIMULTANEOUS, text, kind).standard_normal(shape, dtype=np.float32)

    means, variances, width = normals("means"), normals("variances"), np.float32(2 / (9 * degrees))
    largest = np.zeros(SIMULATIONS, dtype=np.float32)
    for row, variance_row in zip(root(matrix), root(matrix**2), strict=True):
        cube_root = np.maximum(1 - width + np.sqrt(width) * (variance_row @ variances), np.float32(0.01))
        np.maximum(largest, (row @ means) ** 2 / (cube_root * cube_root * cube_root), out=largest)
    place = int(np.ceil(CONFIDENCE * SIMULATIONS)) - 1
    return float(np.sqrt(np.partition(largest, place)[place]))


def quantile(matrix: NDArray[np.float64], degrees: int, text: str = "x") -> float:
    return largest_t_quantile(matrix, degrees, CONFIDENCE, text, SIMULATIONS)


@pytest.mark.parametrize("rows", [2, 3, 8, 31, 32])
def test_small_families_are_as_they_were_to_the_last_bit(rows: int) -> None:
    matrix = correlation(rows, 40)
    assert quantile(matrix, 39) == plain(matrix, 39, "x")


@pytest.mark.parametrize(("rows", "runs"), [(33, 40), (120, 300), (200, 12), (200, 64)])
def test_large_families_are_the_same_but_for_the_last_bits_of_sums(rows: int, runs: int) -> None:
    matrix = correlation(rows, runs)
    assert len(matrix) == rows
    assert quantile(matrix, runs - 1) == pytest.approx(plain(matrix, runs - 1, "x"), abs=2e-5)


def test_families_share_normals_in_whatever_order_they_come() -> None:
    few, many = correlation(40, 50), correlation(90, 50)
    first = quantile(few, 49), quantile(many, 49)
    largest_t.NORMALS.clear()
    largest_t.FOUND.clear()
    assert (quantile(many, 49), quantile(few, 49)) == first[::-1]
    assert len(largest_t.NORMALS["means"][1]) == 90


def test_outcomes_that_differ_by_a_factor_are_simulated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated, products = [], largest_t.in_products

    def noted(*told: Any) -> Any:
        simulated.append(told)
        return products(*told)

    monkeypatch.setattr(largest_t, "in_products", noted)
    drawn = generator(Purpose.SYNTHESIS, "largest", "scale").normal(size=(50, 30))
    found = [
        simultaneous_quantile(differences, "x", simulations=SIMULATIONS)
        for differences in (drawn, drawn / 180, 3 * drawn + 7)
    ]
    assert len(set(found)) == len(simulated) == 1
    assert simultaneous_quantile(drawn, "y", simulations=SIMULATIONS) != found[0]
    assert len(simulated) == 2


def test_memory_is_bounded_by_fewer_draws_for_the_largest_families(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = correlation(60, 50)
    exact = largest_t_quantile(matrix, 49, CONFIDENCE, "x", 50_000)
    monkeypatch.setattr(largest_t, "MOST_NUMBERS", 60 * 20_000)
    found = largest_t_quantile(matrix, 49, CONFIDENCE, "x", 50_000)
    assert largest_t.NORMALS["means"][1].shape == (60, 20_000)
    assert found == pytest.approx(exact, abs=0.03)
    monkeypatch.setattr(largest_t, "MOST_NUMBERS", 60)
    largest_t_quantile(matrix, 49, CONFIDENCE, "x", 50_000)
    assert largest_t.NORMALS["means"][1].shape == (60, largest_t.FEWEST_SIMULATIONS)


def test_a_thousand_comparisons_lie_between_one_and_bonferroni() -> None:
    drawn = generator(Purpose.SYNTHESIS, "largest", "thousand").normal(size=(1_001, 64))
    found = simultaneous_quantile(drawn[1:] - drawn[0], "x", simulations=SIMULATIONS)
    assert found is not None
    assert t_quantile(63) + 1 < found < t_quantile(63, 1 - 0.05 / 1_000) - 0.1
