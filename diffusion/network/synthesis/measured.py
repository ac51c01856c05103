"""What is measured of tied pairs, whatever their number: transitivity, and the share of the best connected tenth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from diffusion.network.synthesis.luck import Luck

Places = NDArray[np.int64]

MOST_PATHS = 20_000_000
"""Up to how many two-paths all are looked at; where there are more, a sample is."""

SAMPLED_PATHS = 200_000


def transitivity_of(first: Places, second: Places, size: int) -> float:
    """Return the share of two-paths that are closed, 0 where there are none.

    Where there are more than 20 million two-paths, it is estimated from
    200,000 of them, with a standard error of about .001.

    Parameters
    ----------
    first, second
        The tied pairs, each once, without self-ties.
    size
        How many agents there are.
    """
    degree = np.bincount(first, minlength=size) + np.bincount(second, minlength=size)
    paths = degree * (degree - 1)
    total = int(paths.sum())
    if not total:
        return 0.0
    if total > MOST_PATHS:
        return _sampled_transitivity(first, second, degree)
    ones = np.ones(2 * len(first), dtype=np.int64)
    ends = np.concatenate([first, second]), np.concatenate([second, first])
    adjacency = sparse.csr_array((ones, ends), shape=(size, size))
    return int((adjacency @ adjacency).multiply(adjacency).sum()) / total


def _sampled_transitivity(first: Places, second: Places, degree: Places) -> float:
    size = len(degree)
    luck = Luck(0, "", "transitivity")
    ends, alters = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.argsort(ends, kind="stable")
    alters = alters[order]
    start = np.cumsum(degree) - degree
    middle = luck.chosen(SAMPLED_PATHS, np.cumsum(degree * (degree - 1)))
    one = luck.places(SAMPLED_PATHS, degree[middle])
    other = (one + 1 + luck.places(SAMPLED_PATHS, degree[middle] - 1)) % degree[middle]
    left, right = alters[start[middle] + one], alters[start[middle] + other]
    keys = np.sort(np.minimum(first, second) * size + np.maximum(first, second))
    sought = np.minimum(left, right) * size + np.maximum(left, right)
    place = np.minimum(np.searchsorted(keys, sought), len(keys) - 1)
    return float((keys[place] == sought).mean())


def top_tenth_share_of(first: Places, second: Places, size: int) -> float:
    """Return the share of tie-ends that the best connected tenth of agents hold, 0 without ties.

    Parameters
    ----------
    first, second
        The tied pairs, each once.
    size
        How many agents there are; a tenth is rounded down, but to 1 at least.
    """
    if not len(first):
        return 0.0
    degree = np.sort(np.bincount(first, minlength=size) + np.bincount(second, minlength=size))
    return int(degree[-max(1, size // 10) :].sum()) / int(degree.sum())
