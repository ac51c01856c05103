"""Greedy choice, one leader after another, and swaps until no exchange improves.

Greedy choice comes within 1 - 1/e of the best possible set where what leaders
reach is monotone and submodular (Nemhauser, Wolsey & Fisher 1978, doi
10.1007/BF01588971): a further leader never takes anything away, and adds the
less the more there are. There it also bounds the best set from above: no set
of k is worth more than any set's value and the k largest gains beside it.

CELF (Leskovec et al. 2007, doi 10.1145/1281192.1281239) saves work by not
looking again at agents whose gain, known to fall only, was small before. That
is safe under submodularity alone, and where gains have to be replayed it would
silently miss agents who need others' help. So nothing is left out here on
account of an old gain: what is submodular is worked out for all agents in one
pass over bits, which is cheaper than keeping old gains in order; what is not
is replayed for all agents at every choice, as :mod:`~diffusion.positions.replays` says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from diffusion.positions.found import SearchProgress

Gains: TypeAlias = Callable[[Sequence[int]], NDArray[np.float64]]
"""(members) -> the value of the members together with each agent; shape (agents,). -inf for those passed over."""

EQUAL = 1e-9
"""Values that differ by less than this share of themselves are equal."""

MOST_EQUAL_SETS = 64
"""How many equally good sets are kept at most, the first by the ids of their agents."""


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Hold a set, and what is known of its worth.

    Attributes
    ----------
    agents
        The members, ascending.
    value
        Its value.
    equals
        The sets one exchange away that are equally good, this one included, in the order of their agents.
    bound
        What no set of as many can be worth more than, if values are submodular.
    """

    agents: tuple[int, ...]
    value: float
    equals: tuple[tuple[int, ...], ...]
    bound: float


def best_set(
    gains: Gains,
    count: int,
    eligible: NDArray[np.int64],
    report: Callable[[SearchProgress], None] = lambda _: None,
    *,
    rivals: Sequence[tuple[tuple[int, ...], float]] = (),
) -> Chosen:
    """Return the set that greedy choice and swaps end in.

    Of equal agents the first by id is chosen, so the set does not depend on
    the order of rows. Members are looked at in turn, each exchanged for the
    agent with whom the others are worth most, until no single exchange improves.

    Parameters
    ----------
    gains
        The values of sets.
    count
        How many members, from 1 to the number of the eligible.
    eligible
        Who may be one: indices of agents, ascending.
    report
        Called with how far the search has come.
    rivals
        Other sets and their values: swaps begin from one of them where it is better.
    """
    search = _Choice(gains, count, eligible, report)
    search.choose()
    for agents, value in rivals:
        if value > search.value:
            search.members, search.value = list(agents), value
    search.swap()
    return search.chosen()


class _Choice:
    """Choose a set step by step."""

    def __init__(
        self, gains: Gains, count: int, eligible: NDArray[np.int64], report: Callable[[SearchProgress], None]
    ) -> None:
        self.gains, self.count, self.eligible, self.report = gains, count, eligible, report
        self.members: list[int] = []
        self.value = -np.inf
        self.bound = np.inf
        self.equals: set[tuple[int, ...]] = set()

    def choose(self) -> None:
        """Choose one member after another, each the one that adds most."""
        for number in range(self.count):
            self.report(SearchProgress("choosing leaders one by one", number + 1))
            values = self._beside(self.members)
            if number:
                self._note_bound(values, self.value)
            place = int(np.argmax(values))
            self.members.append(int(self.eligible[place]))
            self.value = float(values[place])

    def swap(self) -> None:
        """Exchange members for others until no single exchange improves."""
        self.equals = {tuple(sorted(self.members))}
        place = unimproved = 0
        while unimproved < self.count < len(self.eligible):
            self.report(SearchProgress("exchanging leaders"))
            stay = [agent for agent in self.members if agent != self.members[place]]
            values = self._beside(stay)
            into = int(np.argmax(values))
            unimproved += 1
            if values[into] > self.value + EQUAL * max(abs(self.value), 1.0):
                self.members[place], self.value = int(self.eligible[into]), float(values[into])
                self.equals, unimproved = {tuple(sorted(self.members))}, 1
            self._note_equals(values, stay)
            place = (place + 1) % self.count

    def chosen(self) -> Chosen:
        """Return the set, with the sets that equal it."""
        equals = sorted(self.equals)[:MOST_EQUAL_SETS]
        return Chosen(tuple(sorted(self.members)), self.value, tuple(equals), self._final_bound())

    def _beside(self, members: Sequence[int]) -> NDArray[np.float64]:
        """Return the value of members with each eligible agent, -inf for the members themselves."""
        values = self.gains(members)[self.eligible]
        values[np.isin(self.eligible, members)] = -np.inf
        return values

    def _note_equals(self, values: NDArray[np.float64], stay: Sequence[int]) -> None:
        equal = np.flatnonzero(np.abs(values - self.value) <= EQUAL * max(abs(self.value), 1.0))
        for place in equal[:MOST_EQUAL_SETS].tolist():
            self.equals.add(tuple(sorted([*stay, int(self.eligible[place])])))

    def _note_bound(self, values: NDArray[np.float64], value: float) -> None:
        """Let the value of a set and the largest gains beside it bound the best set."""
        gains = np.sort(np.maximum(values - value, 0.0))[::-1][: self.count]
        self.bound = min(self.bound, value + float(gains.sum()))

    def _final_bound(self) -> float:
        if self.count == 1:
            return self.value
        if len(self.members) < len(self.eligible):
            self._note_bound(self._beside(self.members), self.value)
        return max(self.bound, self.value)
