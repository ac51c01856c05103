"""Records of people: two people taken for one, and one listed twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose
from diffusion.network.network import Network
from diffusion.network.uncertain.lots import Lots
from diffusion.network.uncertain.ties import Places, ties_of, with_agents, with_ties


def merged(network: Network, share: float, *, seed: int, world: int) -> tuple[Network, Places, Places]:
    """Return a network in which the records of some were merged into those of others.

    Each takes part in one merger at most. Two are of the same role, as long as
    there are such. The ties of both become those of one of them, drawn by lot.

    Parameters
    ----------
    network
        The network.
    share
        The share of people whose record is merged into another.
    seed, world
        The coordinates of the draws.

    Returns
    -------
    The network; who of the given network is behind each of its agents; and who of it has no record now.
    """
    lots = Lots(network, seed=seed, world=world, purpose=Purpose.SURVEY)
    wanted = int((lots.of_agents("merged") < share).sum())
    first, second = _pairs(network, wanted, lots)
    swapped = lots.of_people("merged id", first, second) < 0.5
    kept, gone = np.where(swapped, second, first), np.where(swapped, first, second)
    into = np.arange(network.size)
    into[gone] = kept
    ties = ties_of(network)
    united = with_ties(network, ties._replace(source=into[ties.source], target=into[ties.target]))
    return *without(united, gone), np.sort(gone)


def without(network: Network, agents: Places) -> tuple[Network, Places]:
    """Return a network without some agents and their ties, and who of the given network each agent is.

    Parameters
    ----------
    network
        The network.
    agents
        Who is taken out.
    """
    stays = np.ones(network.size, dtype=bool)
    stays[agents] = False
    rows = np.flatnonzero(stays)
    place = np.cumsum(stays) - 1
    ties = ties_of(network)
    ties = ties.chosen(stays[ties.source] & stays[ties.target])
    ties = ties._replace(source=place[ties.source], target=place[ties.target])
    return with_agents(network, rows, [network.ids[row] for row in rows.tolist()], ties)


def split(network: Network, share: float, *, seed: int, world: int) -> tuple[Network, Places, Places]:
    """Return a network in which some are listed twice.

    Each tie of theirs goes to one of the two records, drawn by lot.

    Parameters
    ----------
    network
        The network.
    share
        The share of people who are listed twice.
    seed, world
        The coordinates of the draws.

    Returns
    -------
    The network; who of the given network is behind each of its agents; and who of it is listed twice.
    """
    lots = Lots(network, seed=seed, world=world, purpose=Purpose.SURVEY)
    twice = np.flatnonzero(lots.of_agents("split") < share)
    second = np.full(network.size, -1)
    second[twice] = network.size + np.arange(len(twice))
    ties = ties_of(network)
    ends = [
        np.where((second[end] >= 0) & (lots.of_ties(part, *ties[:3]) < 0.5), second[end], end)
        for part, end in (("split source", ties.source), ("split target", ties.target))
    ]
    ids = [*network.ids, *_second_ids(network, twice)]
    rows = np.concatenate([np.arange(network.size), twice])
    return *with_agents(network, rows, ids, ties._replace(source=ends[0], target=ends[1])), twice


def _second_ids(network: Network, twice: Places) -> list[str]:
    """Return an id for the second record of each, which nobody has."""
    found = []
    for row in twice.tolist():
        number = 2
        while (text := f"{network.ids[row]} ({number})") in network.index:
            number += 1
        found.append(text)
    return found


def _pairs(network: Network, wanted: int, lots: Lots) -> tuple[Places, Places]:
    """Return so many pairs of people, nobody in two: one by one in the order of a lot, each with the next one free.

    Next is who comes next by a second lot: first among those of the same role,
    and when no two of a role are left, among all.
    """
    first: list[int] = []
    second: list[int] = []
    wanted = min(wanted, network.size // 2)
    order, around = lots.of_agents("merged first").argsort(kind="stable"), lots.of_agents("merged with")
    free = np.ones(network.size, dtype=bool)
    for group in (network.role_index, np.zeros_like(network.role_index)):
        if len(first) == wanted:
            break
        rows = np.flatnonzero(free)
        ring = _Ring(rows[np.lexsort((around[rows], group[rows]))], group)
        for one in order[free[order]].tolist():
            other = ring.after(one)
            if len(first) < wanted and free[one] and other != one:
                first.append(one)
                second.append(other)
                for place in (one, other):
                    free[place] = False
                    ring.remove(place)
    return np.array(first, dtype=np.int64), np.array(second, dtype=np.int64)


class _Ring:
    """Hold agents in rings, one for each group, from which they can be taken out.

    Parameters
    ----------
    order
        The agents, group by group; at least one.
    group
        The group of each agent there is.
    """

    def __init__(self, order: Places, group: NDArray[np.int32]) -> None:
        starts = np.flatnonzero(np.append(True, np.diff(group[order]) != 0))
        ends = np.append(starts[1:], len(order)) - 1
        following, leading = np.roll(order, -1), np.roll(order, 1)
        following[ends], leading[starts] = order[starts], order[ends]
        self._next, self._last = np.empty(len(group), dtype=np.int64), np.empty(len(group), dtype=np.int64)
        self._next[order], self._last[order] = following, leading

    def after(self, agent: int) -> int:
        """Return who comes after an agent: itself where it is alone."""
        return int(self._next[agent])

    def remove(self, agent: int) -> None:
        """Take an agent out."""
        before, after = self._last[agent], self._next[agent]
        self._next[before], self._last[after] = after, before
