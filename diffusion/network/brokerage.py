"""Brokerage roles by group: who stands between whom, after Gould & Fernandez.

An agent b brokers between a and c where knowledge can flow from a to b and
from b to c but not from a to c. Which role that is depends on the groups of
the three (Gould & Fernandez 1989, doi 10.2307/270949):

================== ==================== ===============================================
role               groups of a → b → c  the broker
================== ==================== ===============================================
``coordinator``    A → A → A            hands on within its own group
``consultant``     B → A → B            mediates within another group (itinerant broker)
``representative`` A → A → B            hands its group's knowledge out
``gatekeeper``     B → A → A            lets others' knowledge into its group
``liaison``        B → A → C            stands between two groups, a member of neither
================== ==================== ===============================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from diffusion.network.network import Network

ROLES = ("coordinator", "consultant", "representative", "gatekeeper", "liaison")
"""The brokerage roles, in the order in which they are told."""

_ROWS_AT_ONCE = 256  # a product of two matrices of a large network would not fit whole


def brokerage(network: Network, labels: Sequence[str]) -> Mapping[str, NDArray[np.int64]]:
    """Return how many ordered pairs of others each agent stands between, by brokerage role.

    Layers are united. Ties with an agent of no group are left out.

    Parameters
    ----------
    network
        The network.
    labels
        Each agent's group, ``""`` for none; a label an agent.

    Returns
    -------
    An array for each of :data:`ROLES`; shape (agents,).

    Examples
    --------
    >>> path = Network.from_tables(name="path", ids=["a", "b", "c"], source=["a", "b"], target=["b", "c"])
    >>> {role: counts.tolist() for role, counts in brokerage(path, ["x", "x", "y"]).items() if counts.any()}
    {'representative': [0, 1, 0]}
    """
    places = {text: place for place, text in enumerate(dict.fromkeys(filter(None, labels)))}
    group = np.array([places.get(text, -1) for text in labels], dtype=np.int64)
    within, between = _split(network, group)
    opened = _paths(within, between, group)
    closed = _closed(within, between)
    return {role: opened[role] - closed[role] for role in ROLES}


def _split(network: Network, group: NDArray[np.int64]) -> tuple[Any, Any]:
    """Return the ties within groups and those between groups, as matrices of ones."""
    pairs = network.out_alters
    rows = np.repeat(np.arange(network.size), pairs.degrees)
    known = (group[rows] >= 0) & (group[pairs.indices] >= 0)
    inside = group[rows] == group[pairs.indices]
    return tuple(_ones(rows[known & kind], pairs.indices[known & kind], network.size) for kind in (inside, ~inside))


def _ones(rows: NDArray[Any], columns: NDArray[Any], size: int) -> Any:
    return sparse.csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(size, size))


def _paths(within: Any, between: Any, group: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Return, per agent in the middle and by role, the paths of two ties whose ends differ, tied or not."""
    in_within, out_within = _sums(within.T), _sums(within)
    in_between, out_between = _sums(between.T), _sums(between)
    counts = max(int(group.max(initial=-1)) + 1, 1)
    member = _ones(np.flatnonzero(group >= 0), group[group >= 0], len(group))[:, :counts]
    same = _sums((between.T @ member).multiply(between @ member))  # both ends in one other group
    return {
        "coordinator": in_within * out_within - _sums(within.multiply(within.T)),
        "consultant": same - _sums(between.multiply(between.T)),
        "representative": in_within * out_between,
        "gatekeeper": in_between * out_within,
        "liaison": in_between * out_between - same,
    }


def _closed(within: Any, between: Any) -> dict[str, NDArray[np.int64]]:
    """Return, per agent in the middle and by role, the paths of two ties whose ends are tied directly."""
    return {
        "coordinator": _triples(within, within, within),
        "consultant": _triples(between, between, within),
        "representative": _triples(within, between, between),
        "gatekeeper": _triples(between, within, between),
        "liaison": _triples(between, between, between),
    }


def _triples(first: Any, second: Any, across: Any) -> NDArray[np.int64]:
    """Return, per agent b, in how many ways a → b is in ``first``, b → c in ``second`` and a → c in ``across``."""
    size = first.shape[0]
    incoming = first.T.tocsr()
    sums = np.zeros(size, dtype=np.int64)
    for start, stop in pairwise([*range(0, size, _ROWS_AT_ONCE), size]):
        sums[start:stop] = _sums((incoming[start:stop] @ across).multiply(second[start:stop]))
    return sums


def _sums(matrix: Any) -> NDArray[np.int64]:
    sums: NDArray[np.int64] = np.asarray(matrix.sum(axis=1)).ravel().astype(np.int64)
    return sums
