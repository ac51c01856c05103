"""Ties between named roles or sectors, or between different groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from diffusion.errors import nearest_name_hint
from diffusion.network.bridges import groups_of
from diffusion.network.network import Network, normalized

ARROW = "->"
SECTOR = "sector"

Rows = NDArray[np.int64] | NDArray[np.int32]
Truths = NDArray[np.bool_]


def between_problems(name: str, key: str, pairs: Sequence[str] | None, column: str, network: Network) -> Iterator[str]:
    """Yield a line for every pair of groups that is not written as such, or names a group that nobody is in.

    Parameters
    ----------
    name, key
        What the intervention is called, and the key.
    pairs
        What came: texts like ``"academic -> manager"``.
    column
        What the groups are: ``"role"``, or a column of the agent table.
    network
        The population.
    """
    if pairs is None:
        return
    if column != "role" and column not in network.columns:
        yield f'{name}.{key}: the agents of "{network.name}" have no column "{column}"; leave {key} out'
        return
    known = sorted(set(groups_of(network, column)) - {""})
    if not pairs:
        yield f"{name}.{key}: names no {column}s; leave it out for ties between all"
    for pair in pairs:
        ends = pair.split(ARROW)
        if len(ends) != len(("source", "target")):
            yield f'{name}.{key}: must name two {column}s like "A -> B", A the one from whom it goes; got "{pair}"'
            continue
        for end in ends:
            if normalized(end) not in known:
                hint = nearest_name_hint(normalized(end), known)
                yield f'{name}.{key}: no agent of "{network.name}" has the {column} "{normalized(end)}"{hint}'


def are_between(
    network: Network, pairs: Sequence[str] | None, column: str, source: Rows, target: Rows
) -> NDArray[np.bool_]:
    """Return which ties go from a named group to the one named with it; all where nothing is named.

    Parameters
    ----------
    network
        The population.
    pairs, column
        As for :func:`between_problems`.
    source, target
        The ties' ends; shape (ties,).

    Examples
    --------
    >>> pair = Network.from_tables(name="pair", ids="ab", roles=["x", "y"], source="ab", target="ba")
    >>> are_between(pair, ["y -> x"], "role", pair.source, pair.target).tolist()
    [False, True]
    """
    groups, allowed = allowed_between(network, pairs, column)
    found: Truths = allowed[groups[source], groups[target]]
    return found


def allowed_between(
    network: Network, pairs: Sequence[str] | None, column: str
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return each agent's group, and from which group a tie may go to which; shape (groups, groups).

    Parameters
    ----------
    network, pairs, column
        As for :func:`are_between`.
    """
    if pairs is None:
        return np.zeros(network.size, dtype=np.int64), np.ones((1, 1), dtype=np.bool_)
    names, groups = np.unique(np.array(groups_of(network, column)), return_inverse=True)
    places = {str(text): place for place, text in enumerate(names)}
    allowed = np.zeros((len(names), len(names)), dtype=np.bool_)
    for pair in pairs:
        start, end = (places[normalized(side)] for side in pair.split(ARROW))
        allowed[start, end] = True
    return groups.astype(np.int64), allowed


def bridge_groups(network: Network, column: str, source: Rows, target: Rows) -> NDArray[np.bool_]:
    """Return which ties go from one group to another, both known; shape (ties,)."""
    texts = np.array(groups_of(network, column))
    known = texts != ""
    found: Truths = (texts[source] != texts[target]) & known[source] & known[target]
    return found
