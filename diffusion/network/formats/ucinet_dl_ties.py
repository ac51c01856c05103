"""The ties that UCINET matrices state, as arrays of places in rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from diffusion.network.formats.findings import Findings, shortened
from diffusion.network.formats.sheets import number

MISSING = "?"
"""What stands for a value that is missing."""


@dataclass(slots=True)
class Ties:
    """Collect ties while matrices are read.

    Attributes
    ----------
    rows, columns
        The places of both ends of each tie, array after array.
    strengths
        The values.
    lines
        The lines.
    matrices
        How many ties each matrix has, in the order of the matrices.
    missing
        How many values are missing.
    """

    rows: list[NDArray[np.int32]] = field(default_factory=list)
    columns: list[NDArray[np.int32]] = field(default_factory=list)
    strengths: list[NDArray[np.float64]] = field(default_factory=list)
    lines: list[NDArray[np.int64]] = field(default_factory=list)
    matrices: list[int] = field(default_factory=list)
    missing: int = 0

    def add(
        self,
        rows: NDArray[np.int32],
        columns: NDArray[np.int32],
        strengths: NDArray[np.float64],
        lines: NDArray[np.int64],
    ) -> None:
        """Add ties of the last matrix that was begun."""
        self.rows.append(rows)
        self.columns.append(columns)
        self.strengths.append(strengths)
        self.lines.append(lines)
        self.matrices[-1] += len(rows)


def values_of(words: Sequence[str], line: int, findings: Findings) -> list[float]:
    """Return the values that words state, NaN for a missing one; note which is no number.

    Parameters
    ----------
    words
        The words.
    line
        Their line.
    findings
        Where problems go.
    """
    try:
        values = [*map(float, words)]
    except ValueError:
        values = []
    # float() takes more than numbers (inf, 1_0), so what it took is looked at once more where that may be
    if values and _PLAIN.issuperset("".join(words)) and max(map(abs, values)) < np.inf:
        return values
    return [_value(word, line, findings) for word in words]


_PLAIN = frozenset("0123456789+-.eE")


def _value(word: str, line: int, findings: Findings) -> float:
    if word == MISSING:
        return float("nan")
    value = number(word)
    if value is None:
        findings.problem(line, f'a value must be a number, or ? where it is missing, not "{shortened(word)}"')
        return float("nan")
    return value
