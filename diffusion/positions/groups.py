"""Leaders drawn from groups: anybody, the core, the periphery, those flagged, and in proportion to roles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose
from diffusion.errors import InputError
from diffusion.network.centrality import in_core
from diffusion.network.network import Network
from diffusion.positions.choice import LeaderChoice

YES = frozenset({"1", "true", "yes", "y", "x", "t"})
NO = frozenset({"", "0", "false", "no", "n", "f"})
"""What a flag may say, in small letters; ``1.0`` and ``0.0`` are 1 and 0."""


def anybody(network: Network, count: int, eligible: NDArray[np.int64]) -> LeaderChoice:  # noqa: ARG001 - as all others
    """Return leaders drawn among all who are eligible."""
    return LeaderChoice.of_strata((), [(count, eligible.tolist())])


def core(network: Network, count: int, eligible: NDArray[np.int64]) -> LeaderChoice:
    """Return leaders drawn from the core; where it is too small, all of it and others from outside."""
    return _drawn_first(in_core(network), count, eligible)


def periphery(network: Network, count: int, eligible: NDArray[np.int64]) -> LeaderChoice:
    """Return leaders drawn from the periphery, among those of whom somebody learns as long as there are enough."""
    outside = ~in_core(network)
    taught = eligible[outside[eligible] & (network.out_alters.degrees[eligible] > 0)]
    if len(taught) >= count:
        return LeaderChoice.of_strata((), [(count, taught.tolist())])
    rest = eligible[~np.isin(eligible, taught)]
    found = _drawn_first(outside, count - len(taught), rest)
    return LeaderChoice.of_strata([*taught.tolist(), *found.fixed], [(found.places, found.among)])


def formal_leaders(network: Network, count: int, eligible: NDArray[np.int64], column: str = "leader") -> LeaderChoice:
    """Return leaders drawn among those whom a column names leaders.

    Parameters
    ----------
    network, count, eligible
        Among whom how many are sought.
    column
        The column that says yes or no of every agent.

    Raises
    ------
    InputError
        If the column says something else, or yes of too few.
    """
    flags = [_flag(text) for text in network.columns[column]]
    if None in flags:
        agent = flags.index(None)
        raise InputError(
            f'the position "formal_leaders" needs yes or no (1 or 0, true or false) in the column "{column}"; the '
            f'agent "{network.ids[agent]}" of {network.name} has "{network.columns[column][agent]}"'
        )
    flagged = [agent for agent in eligible.tolist() if flags[agent]]
    if len(flagged) < count:
        raise InputError(
            f'asks for {count} formal leaders, but the column "{column}" of {network.name} says yes of '
            f"{len(flagged)} who may lead"
        )
    return LeaderChoice.of_strata((), [(count, flagged)])


def stratified(network: Network, count: int, eligible: NDArray[np.int64]) -> LeaderChoice:
    """Return leaders drawn at random within every role, in proportion to its eligible agents (Neyman 1934).

    Places that are not whole go to the largest remainders, of equal ones to
    the larger role, then by name.
    """
    groups = [eligible[network.role_index[eligible] == role] for role in range(len(network.role_names))]
    sizes = np.array([len(group) for group in groups])
    exact = count * sizes
    places = exact // sizes.sum()
    remainders = exact % sizes.sum()
    for role in np.lexsort((np.arange(len(sizes)), -sizes, -remainders))[: count - int(places.sum())]:
        places[role] += 1
    return LeaderChoice.of_strata(
        (), [(int(number), group.tolist()) for number, group in zip(places, groups, strict=True)]
    )


def over_ties(draw: str, count: int, eligible: NDArray[np.int64]) -> LeaderChoice:
    """Return the choice of leaders by a draw over ties; all who are eligible where all lead."""
    if count == len(eligible):
        return LeaderChoice(tuple(eligible.tolist()))
    return LeaderChoice((), count, tuple(eligible.tolist()), Purpose.LEADERS, draw=draw)


def _drawn_first(is_first: NDArray[np.bool_], count: int, eligible: NDArray[np.int64]) -> LeaderChoice:
    first, rest = eligible[is_first[eligible]], eligible[~is_first[eligible]]
    inside = min(count, len(first))
    return LeaderChoice.of_strata((), [(inside, first.tolist()), (count - inside, rest.tolist())])


def _flag(text: str) -> bool | None:
    said = text.strip().lower()
    said = {"1.0": "1", "0.0": "0"}.get(said, said)
    return True if said in YES else False if said in NO else None
