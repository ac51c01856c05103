"""The random numbers of a synthetic region: uniform ones, and choices made with them.

Only ``Generator.random`` is used, whose numbers do not change between versions
of numpy, and chances are whole numbers, so that a region is the same everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from diffusion.draws import Purpose, generator

Places = NDArray[np.int64]


class Luck:
    """Hand out the random numbers of one part of one region.

    Parameters
    ----------
    seed
        Which region.
    name
        What its targets are called.
    part
        What is drawn.
    """

    def __init__(self, seed: int, name: str, part: str) -> None:
        self._stream = generator(Purpose.SYNTHESIS, seed, name, part)

    def uniforms(self, count: int) -> NDArray[np.float64]:
        """Return numbers between 0 and 1."""
        return self._stream.random(count)

    def normals(self, count: int) -> NDArray[np.float64]:
        """Return standard normal numbers."""
        made: NDArray[np.float64] = ndtri(np.maximum(self._stream.random(count), 1e-12))
        return made

    def order(self, count: int) -> Places:
        """Return the places from 0 in a random order."""
        order: Places = np.argsort(self._stream.random(count), kind="stable")
        return order

    def places(self, count: int, below: int | Places) -> Places:
        """Return places from 0, below a bound or each below its own."""
        places: Places = np.minimum((self._stream.random(count) * below).astype(np.int64), np.asarray(below) - 1)
        return places

    def chosen(self, count: int, cumulated: Places | NDArray[np.float64]) -> Places:
        """Return places, chosen with chances whose sums up to each place are given."""
        sought = self._stream.random(count) * cumulated[-1]
        places: Places = np.minimum(np.searchsorted(cumulated, sought, side="right"), len(cumulated) - 1)
        return places

    def chosen_within(self, cumulated: Places, start: Places, end: Places) -> Places:
        """Return a place from each range, with chances whose sums up to each place are given.

        Parameters
        ----------
        cumulated
            The sums, with a 0 in front; whole numbers.
        start, end
            Where each range starts and ends; no range is of chance 0.
        """
        low, high = cumulated[start], cumulated[end]
        sought = low + np.minimum((self._stream.random(len(start)) * (high - low)).astype(np.int64), high - low - 1)
        places: Places = np.searchsorted(cumulated, sought, side="right") - 1
        return places
