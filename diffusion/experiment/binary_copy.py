"""PostgreSQL's binary form of rows, from arrays and into arrays.

The form is documented under *COPY, Binary Format* in PostgreSQL's manual: a
head, then for every row the number of its fields and each field after its
length, all with the highest byte first, then the number -1. Rows of whole
numbers and of texts of bytes of one length are all equally long, so they are
one array.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"


def packed(integers: Sequence[NDArray[np.int64]], sizes: Sequence[int], octets: NDArray[np.uint8]) -> bytes:
    r"""Return rows in binary form.

    Parameters
    ----------
    integers
        The columns of whole numbers.
    sizes
        How many bytes each of them has in the database: 4 or 8.
    octets
        The last column; shape (rows, bytes).

    Examples
    --------
    >>> content = packed([np.array([7, -1])], [4], np.array([[1, 2], [3, 4]], dtype=np.uint8))
    >>> content[19:37]
    b'\x00\x02\x00\x00\x00\x04\x00\x00\x00\x07\x00\x00\x00\x02\x01\x02\x00\x02'
    """
    rows = np.zeros(len(octets), dtype=_row_type(sizes, octets.shape[1]))
    rows["fields"] = len(sizes) + 1
    for place, (values, size) in enumerate(zip(integers, sizes, strict=True)):
        rows[f"length {place}"] = size
        rows[f"value {place}"] = values
    rows["length"] = octets.shape[1]
    rows["octets"] = octets
    return _HEAD + rows.tobytes() + _END


def rows_in_parts(messages: Iterable[bytes], most: int) -> Iterator[bytes]:
    r"""Yield rows in binary form, some at a time, from what a server sends: a message a row.

    Parameters
    ----------
    messages
        What it sends.
    most
        How many rows are wanted at a time.

    Examples
    --------
    >>> list(rows_in_parts([_HEAD, b"\0\1a", b"\0\1b", b"\0\1c", _END], 2))
    [b'\x00\x01a\x00\x01b', b'\x00\x01c']
    """
    part: list[bytes] = []
    is_first = True
    for message in messages:
        row = bytes(message).removeprefix(_HEAD) if is_first else bytes(message)
        is_first = False
        if row and row != _END:
            part.append(row)
        if len(part) == most:
            yield b"".join(part)
            part = []
    if part:
        yield b"".join(part)


def unpacked(rows: bytes, sizes: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the columns of whole numbers, shape (rows, columns), and the last column, shape (rows, bytes).

    Parameters
    ----------
    rows
        One row or more in binary form, without head and end.
    sizes
        How many bytes each whole number has.

    Raises
    ------
    ValueError
        If the rows are not of one form.

    Examples
    --------
    >>> content = packed([np.array([7, -1])], [4], np.array([[1, 2], [3, 4]], dtype=np.uint8))
    >>> integers, octets = unpacked(content[19:-2], [4])
    >>> integers.tolist(), octets.tolist()
    ([[7], [-1]], [[1, 2], [3, 4]])
    """
    before = _row_type(sizes, 0).itemsize
    width = int.from_bytes(rows[before - 4 : before], "big", signed=True)
    row_type = _row_type(sizes, width)
    if len(rows) % row_type.itemsize:
        raise ValueError("rows differ in length")
    found = np.frombuffer(rows, dtype=row_type)
    if (found["length"] != width).any():
        raise ValueError("rows differ in length")
    integers = np.stack([found[f"value {place}"].astype(np.int64) for place in range(len(sizes))], axis=1)
    return integers, found["octets"].reshape(len(found), width)


def _row_type(sizes: Sequence[int], width: int) -> np.dtype[np.void]:
    numbers = [
        part
        for place, size in enumerate(sizes)
        for part in ((f"length {place}", ">i4"), (f"value {place}", f">i{size}"))
    ]
    return np.dtype([("fields", ">i2"), *numbers, ("length", ">i4"), ("octets", "u1", (width,))])
