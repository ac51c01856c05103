"""Shuffling: the same times, given to other agents, so that none of them can have come from a tie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, generator
from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.network import Network


def groups_of(network: Network, column: str | None) -> NDArray[np.int64] | None:
    """Return each agent's group by a column of the network, or None where no column is named.

    Agents of whom the column says nothing are a group of their own.

    Parameters
    ----------
    network
        The network.
    column
        The column; ``role`` for roles.

    Raises
    ------
    InputError
        If there is no such column.
    """
    if column is None:
        return None
    if column != "role" and column not in network.columns:
        known = sorted({*network.columns, "role"})
        hint = nearest_name_hint(column, known)
        raise InputError(f'{network.name}: no column "{column}" to group agents by{hint}; it has {", ".join(known)}')
    texts = network.roles if column == "role" else network.columns[column]
    return np.unique(np.array(texts), return_inverse=True)[1].astype(np.int64)


def shuffled(
    at: NDArray[np.signedinteger[Any]],
    movable: NDArray[np.bool_],
    groups: NDArray[np.int64] | None = None,
    *,
    coordinates: Sequence[int | str],
) -> NDArray[np.int64]:
    """Return times dealt anew among agents, perhaps within their groups only.

    The adoption curve stays exactly as it was, that of every group too. What
    goes is every connection between times and ties that groups do not make.

    Parameters
    ----------
    at
        The period of each agent; shape (agents,).
    movable
        Among whom times are dealt; the others keep theirs; shape (agents,).
    groups
        Each agent's group; shape (agents,).
    coordinates
        What keys the random numbers.

    Examples
    --------
    >>> at, everybody = np.array([0, 1, 2, 3]), np.ones(4, dtype=bool)
    >>> new = shuffled(at, everybody, np.array([0, 0, 1, 1]), coordinates=(1,))
    >>> sorted(new[:2].tolist()), sorted(new[2:].tolist())
    ([0, 1], [2, 3])
    """
    random = generator(Purpose.OBSERVED, *coordinates)
    places = np.flatnonzero(movable)
    if groups is not None:
        places = places[np.argsort(groups[places], kind="stable")]
    luck = random.random(len(places))
    order = np.argsort(luck) if groups is None else np.lexsort((luck, groups[places]))
    dealt = np.asarray(at, dtype=np.int64).copy()
    dealt[places] = dealt[places[order]]
    return dealt
