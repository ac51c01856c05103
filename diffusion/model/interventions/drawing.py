"""Drawing some of several, anew in each of 64 replicates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES, layer_keys, pair_keys
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


def line_keys(kind: str, layers: Sequence[str], first: Words, second: Words, *, directed: bool) -> Words:
    """Return the keys of ties of a network, as one kind of intervention draws among them; shape (ties,).

    A tie has another number for another kind, or two that draw on the same day
    would take the same ties. Both directions of a pair share theirs unless
    they are apart.

    Parameters
    ----------
    kind
        The kind of intervention.
    layers
        The layer of each tie; shape (ties,).
    first, second
        The keys of the agents at the ends; shape (ties,).
    directed
        Whether the two directions of a pair are apart.
    """
    names = sorted(set(layers))
    places = {name: place for place, name in enumerate(names)}
    own = layer_keys([f"{kind} {name}" for name in names])
    layer = own[np.array([places[name] for name in layers], dtype=np.int64)] if names else np.zeros(0, dtype=np.uint64)
    return pair_keys(first, second, layer ^ (first > second).astype(np.uint64) if directed else layer)


def layer_key(name: str) -> np.uint64:
    """Return the key that pairs of agents have in a layer, or for a purpose that is called so."""
    key: np.uint64 = layer_keys([name])[0]
    return key
