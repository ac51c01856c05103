"""Drawing some of several, anew in each of 64 replicates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES, layer_keys
from diffusion.model.lanes import Words

Truths = NDArray[np.bool_]

_32 = np.uint64(32)
_LAST = np.uint64(2**64 - 1)


def truths_of(words: Words) -> Truths:
    """Return words as rows of truths, a column a lane; shape (words, 64).

    Examples
    --------
    >>> truths_of(np.array([5], dtype=np.uint64))[0, :4].tolist()
    [True, False, True, False]
    """
    lanes = np.arange(LANES, dtype=np.uint64)
    return ((words[:, np.newaxis] >> lanes) & np.uint64(1)).astype(np.bool_)


def drawn(numbers: NDArray[np.uint32], count: int, eligible: Truths | None = None) -> Truths:
    """Return, in each lane, which rows have the smallest numbers; of equals the first.

    Whoever is eligible has the same number whoever else is.

    Parameters
    ----------
    numbers
        A row's number in each lane; shape (rows, 64).
    count
        How many to draw; all, where fewer are eligible.
    eligible
        Who can be drawn in which lane; everybody by default; shape (rows, 64).

    Examples
    --------
    >>> numbers = np.repeat(np.array([[7], [2], [5]], dtype=np.uint32), 64, axis=1)
    >>> drawn(numbers, 2)[:, 0].tolist()
    [False, True, True]
    """
    everybody = np.ones(numbers.shape, dtype=np.bool_) if eligible is None else eligible
    if count >= len(numbers):
        return everybody.copy()
    if count < 1:
        return np.zeros(numbers.shape, dtype=np.bool_)
    rows = np.arange(len(numbers), dtype=np.uint64)[:, np.newaxis]
    keys = np.where(everybody, (numbers.astype(np.uint64) << _32) | rows, _LAST)
    largest = np.partition(keys, count - 1, axis=0)[count - 1]
    chosen: Truths = (keys <= largest) & everybody
    return chosen


def layer_key(name: str) -> np.uint64:
    """Return the key that pairs of agents have in a layer, or for a purpose that is called so."""
    key: np.uint64 = layer_keys([name])[0]
    return key
