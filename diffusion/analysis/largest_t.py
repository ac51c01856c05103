"""The largest of many correlated t statistics: its quantile, by one keyed simulation.

The cost of a simulation grows with the square of the comparisons. Small
families are simulated row by row. Large ones are simulated by products of
matrices, some draws at a time, which is the same computation but for the last
bits of sums, far below the error of the simulation.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, generator

MOST_ROW_BY_ROW = 32
"""How many comparisons are simulated row by row: the quantiles of their families stay as they were to the last bit."""

MOST_NUMBERS = 50_000_000
"""How many normals of a kind are held at once: those of 1,000 comparisons. Larger families have fewer draws each."""

FEWEST_SIMULATIONS = 10_000
"""How many draws the largest families have: a quantile's probability is then within 0.5 points."""

_COLUMNS = 2_000
_LEAST_SHARE = 1e-12
_EQUAL = 1e-9
_MOST_REMEMBERED = 4

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
Remembered: TypeAlias = tuple[tuple[object, ...], FloatArray, float]

NORMALS: dict[str, tuple[tuple[str, int], SingleArray]] = {}
"""The normals drawn last, by kind: of which text, how many a row, and for the largest family so far."""

FOUND: list[Remembered] = []
"""The last quantiles of large families, each with its correlation."""


def largest_t_quantile(matrix: FloatArray, degrees: int, confidence: float, seed_text: str, simulations: int) -> float:
    """Return the quantile of the largest absolute t statistic of a family.

    Parameters
    ----------
    matrix
        The correlation of the differences, no two rows alike; shape (comparisons, comparisons).
    degrees
        Degrees of freedom of each.
    confidence
        The probability up to the quantile.
    seed_text
        What keys the draws: all families of a text share them.
    simulations
        How many draws; fewer for more than :data:`MOST_NUMBERS` numbers.
    """
    rows = len(matrix)
    simulations = min(simulations, max(FEWEST_SIMULATIONS, MOST_NUMBERS // rows))
    if rows <= MOST_ROW_BY_ROW:
        return _quantile(_row_by_row(matrix, degrees, seed_text, simulations), confidence)
    # Outcomes that differ by a factor or a constant have one correlation: adopters, their share, the spread.
    key = (seed_text, degrees, confidence, simulations)
    for known, of, quantile in FOUND:
        if known == key and of.shape == matrix.shape and np.abs(of - matrix).max() <= _EQUAL:
            return quantile
    quantile = _quantile(in_products(matrix, degrees, seed_text, simulations), confidence)
    FOUND[:] = [*FOUND, (key, matrix, quantile)][-_MOST_REMEMBERED:]
    return quantile


def _quantile(squares: SingleArray, confidence: float) -> float:
    place = int(np.ceil(confidence * len(squares))) - 1
    return float(np.sqrt(np.partition(squares, place)[place]))


def _row_by_row(matrix: FloatArray, degrees: int, seed_text: str, simulations: int) -> SingleArray:
    """Return the largest squared t statistic of each draw, one comparison after another."""
    root, variance_root = (_symmetric(*_spectrum(one)) for one in (matrix, matrix**2))
    normals = _normals(seed_text, "means", len(matrix), simulations)
    variance_normals = _normals(seed_text, "variances", len(matrix), simulations)
    largest = np.zeros(simulations, dtype=np.float32)
    for row, variance_row in zip(root, variance_root, strict=True):
        np.maximum(largest, _squared_t(row @ normals, variance_row @ variance_normals, degrees), out=largest)
    return largest


def in_products(matrix: FloatArray, degrees: int, seed_text: str, simulations: int) -> SingleArray:
    """Return the largest squared t statistic of each draw, all comparisons of some draws at once."""
    root, variance_root = (_factors(one) for one in (matrix, matrix**2))
    normals = _normals(seed_text, "means", len(matrix), simulations)
    variance_normals = _normals(seed_text, "variances", len(matrix), simulations)
    largest = np.empty(simulations, dtype=np.float32)
    for start in range(0, simulations, _COLUMNS):
        some = slice(start, start + _COLUMNS)
        means, variances = _product(root, normals[:, some]), _product(variance_root, variance_normals[:, some])
        largest[some] = _squared_t(means, variances, degrees).max(axis=0)
    return largest


def _squared_t(means: SingleArray, variances: SingleArray, degrees: int) -> SingleArray:
    """Return squared t statistics from standard normals for their means and for their variances.

    Chi-squared over its degrees of freedom is nearly the cube of a normal
    (Wilson & Hilferty 1931, doi 10.1073/pnas.17.12.684), which makes
    correlated variances cheap.
    """
    width = np.float32(2 / (9 * degrees))
    cube_root = np.maximum(1 - width + np.sqrt(width) * variances, np.float32(0.01))
    squares: SingleArray = means**2 / (cube_root * cube_root * cube_root)
    return squares


def _spectrum(matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the roots of the eigenvalues, and the axes."""
    spread, axes = np.linalg.eigh(matrix)
    return np.sqrt(np.maximum(spread, 0.0)), axes


def _symmetric(spread: FloatArray, axes: FloatArray) -> SingleArray:
    """Return the symmetric root, which singular correlations have too and signs of eigenvectors do not change."""
    return np.asarray((axes * spread) @ axes.T, dtype=np.float32)


def _factors(matrix: FloatArray) -> tuple[SingleArray, ...]:
    """Return the symmetric root, as two narrow factors where its rank is low: that of few replicates is."""
    spread, axes = _spectrum(matrix)
    there = spread**2 > _LEAST_SHARE * len(matrix)
    if 2 * int(there.sum()) >= len(matrix):
        return (_symmetric(spread, axes),)
    narrow = axes[:, there]
    return np.asarray(narrow * spread[there], dtype=np.float32), np.asarray(narrow.T, dtype=np.float32, order="C")


def _product(factors: tuple[SingleArray, ...], normals: SingleArray) -> SingleArray:
    found = np.ascontiguousarray(normals)
    for factor in reversed(factors):
        found = factor @ found
    return found


def _normals(seed_text: str, kind: str, rows: int, simulations: int) -> SingleArray:
    """Return the standard normals that all families share, the first rows of those that the largest has had."""
    key = (seed_text, simulations)
    known = NORMALS.get(kind)
    if known is None or known[0] != key or len(known[1]) < rows:
        drawn = generator(Purpose.SIMULTANEOUS, seed_text, kind).standard_normal((rows, simulations), dtype=np.float32)
        drawn.flags.writeable = False
        NORMALS[kind] = known = key, drawn
    return known[1][:rows]
