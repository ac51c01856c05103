"""Leaders chosen on one version of a network, carried over to the people who are behind its agents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from diffusion.positions.choice import Agents, LeaderChoice


def carried(choice: LeaderChoice, people: NDArray[np.int64]) -> LeaderChoice:
    """Return a choice of agents as one of the people behind them, each of whom counts once.

    Where two agents are one person, fewer people may lead than agents were chosen.

    Parameters
    ----------
    choice
        Who leads, as indices of agents; leaders who are drawn over ties cannot be carried.
    people
        The index of the person behind each agent; shape (agents,).

    Raises
    ------
    ValueError
        If leaders are drawn over ties.

    Examples
    --------
    >>> carried(LeaderChoice((0, 3)), np.array([5, 6, 7, 8])).fixed
    (5, 8)
    >>> carried(LeaderChoice((0,), 1, (1, 2)), np.array([5, 5, 8])).fixed
    (5, 8)
    """
    if choice.draw:
        raise ValueError("leaders who are drawn over ties stay on the network on which they are drawn")
    fixed = _people(choice.fixed, people)
    if choice.sets:
        found = [(*fixed, *_people(agents, people, fixed)) for agents in choice.sets]
        most = max(map(len, found))
        return replace(LeaderChoice.of_sets([one for one in found if len(one) == most]), search=choice.search)
    strata, taken = [], list(fixed)
    for places, agents in choice.strata or ((choice.places, choice.among),):
        group = _people(agents, people, taken)
        taken += group
        strata.append((min(places, len(group)), group))
    if choice.value is not None:
        [(places, among)] = strata
        return replace(choice, fixed=fixed, places=places, among=among)
    return LeaderChoice.of_strata(fixed, strata, choice.purpose)


def carried_words(words: NDArray[np.uint64], people: NDArray[np.int64], size: int) -> NDArray[np.uint64]:
    """Return which people lead, a bit a replicate, from which agents do.

    Parameters
    ----------
    words
        Bit ``r`` of word i is set where agent i leads in replicate r; shape (agents,).
    people
        The index of the person behind each agent; shape (agents,).
    size
        How many people there are.
    """
    found = np.zeros(size, dtype=np.uint64)
    np.bitwise_or.at(found, people, words)
    return found


def _people(agents: Agents, people: NDArray[np.int64], but: tuple[int, ...] | list[int] = ()) -> Agents:
    return tuple(sorted({int(people[agent]) for agent in agents}.difference(but)))
