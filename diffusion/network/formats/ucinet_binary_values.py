"""The numbers of a UCINET dataset (``##d``): one matrix a level behind the other, each row by row, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.network.formats.findings import Findings, counted
from diffusion.network.formats.ucinet_binary_header import SINGLE, Header

TYPES: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        1: ("byte", "<u1"),
        2: ("boolean", "<u1"),
        3: ("shortint", "<i1"),
        4: ("word", "<u2"),
        5: ("smallint", "<i2"),
        6: ("longint", "<i4"),
        SINGLE: ("single", "<f4"),
        9: ("double", "<f8"),
        17: ("integer", "<i4"),
        20: ("int64", "<i8"),
    }
)
"""What UCINET calls the types of numbers that are read, and what numpy calls them."""

MISSING = 1e37
"""UCINET writes 1e38 where a value is missing, and takes all from here on for missing."""

_SMALLEST = np.finfo(np.float32).smallest_normal


def matrices(content: bytes, header: Header, findings: Findings) -> list[NDArray[Any]] | None:
    """Return the matrix of each level, rows by columns, or ``None`` having noted why there is none.

    Parameters
    ----------
    content
        The bytes of the data file.
    header
        What its header says.
    findings
        Where problems and notes go.
    """
    if header.type_code not in TYPES:
        known = ", ".join(name for name, _ in TYPES.values())
        said = f"its header says that numbers are of type {header.type_code}, which is not read; read are {known}"
        findings.problem(None, f"{said}; save the dataset in UCINET as single")
        return None
    name, code = TYPES[header.type_code]
    size = np.dtype(code).itemsize
    shape = (header.levels, header.rows, header.columns)
    needed = header.levels * header.rows * header.columns * size
    if needed != len(content):
        levels = f"{counted(header.levels, 'level', 'levels')} of " if header.levels > 1 else ""
        sizes = f"{counted(header.rows, 'row', 'rows')} and {counted(header.columns, 'column', 'columns')}"
        findings.problem(
            None,
            f"{levels}{sizes} of {size}-byte numbers ({name}) need {counted(needed, 'byte', 'bytes')}, but the file "
            f"has {len(content):,}; it is cut short, or belongs to another header",
        )
        return None
    numbers = np.frombuffer(content, dtype=code)
    if header.type_code == SINGLE and _are_whole_numbers(numbers):
        findings.note(None, "the header calls the numbers single, but they are 32-bit whole numbers and were read so")
        numbers = numbers.view("<i4")
    return [*numbers.reshape(shape)]


def _are_whole_numbers(numbers: NDArray[Any]) -> bool:
    """Tell whether singles are so small that they must be something else.

    The R package manynet writes the whole numbers of an integer matrix under the type single.
    """
    return bool(numbers.any()) and not (np.abs(numbers) >= _SMALLEST).any() and not np.isnan(numbers).any()


def known_cells(matrix: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], int]:
    """Return the rows, columns and values of all cells but zeros and missing ones, and how many are missing.

    Parameters
    ----------
    matrix
        The matrix of one level. Missing cells on the diagonal of a square one are not counted: nobody asks.
    """
    rows, columns = np.nonzero(matrix)
    values = matrix[rows, columns]
    # What is no number (NaN), as R writes missing values, compares as false too.
    known = values < MISSING if values.dtype.kind == "f" else np.ones(len(values), dtype=bool)
    asked = rows != columns if matrix.shape[0] == matrix.shape[1] else np.ones(len(values), dtype=bool)
    missing = int((~known & asked).sum())
    return rows[known], columns[known], exact(values[known]), missing


def exact(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return values as 64-bit numbers; of a 32-bit one that with the fewest digits that rounds to it.

    Examples
    --------
    >>> exact(np.array([0.1, 0.5], dtype=np.float32)).tolist()
    [0.1, 0.5]
    """
    if values.dtype != np.dtype("<f4"):
        return values.astype(np.float64)
    distinct, places = np.unique(values, return_inverse=True)
    return np.array([float(str(value)) for value in distinct], dtype=np.float64)[places]


def singles(strengths: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return strengths as 32-bit numbers, none so small that it is 0.

    Examples
    --------
    >>> singles(np.array([0.5, 1e-300])).tolist()
    [0.5, 1.1754943508222875e-38]
    """
    return np.maximum(strengths, float(_SMALLEST)).astype("<f4")


def level_matrices(
    size: int, levels: int, ties: tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[np.float32]]
) -> Iterator[NDArray[np.float32]]:
    """Yield the matrix of each level.

    Parameters
    ----------
    size, levels
        How many agents and how many levels there are.
    ties
        Of every tie the row, the column, the level and the value.
    """
    source, target, layer, values = ties
    for level in range(levels):
        matrix = np.zeros((size, size), dtype="<f4")
        kept = layer == level
        matrix[source[kept], target[kept]] = values[kept]
        yield matrix
