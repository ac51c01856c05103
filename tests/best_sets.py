"""Small networks in which what every set of leaders reaches is known exactly, by going through all that can happen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from graphs import network_of

from diffusion.draws import Purpose, generator
from diffusion.network.network import Network

Live = list[tuple[int, int]]
Values = dict[tuple[int, ...], float]


def small_networks(count: int, *, pairs: int = 9) -> Iterator[Network]:
    """Directed graphs of four to eight agents with so many pairs at most, some of them mutual."""
    for number in range(count):
        rng = generator(Purpose.SYNTHESIS, "small", number)
        size = int(rng.integers(4, 9))
        every = list(itertools.combinations(range(size), 2))
        chosen = rng.permutation(len(every))[: int(rng.integers(3, min(pairs, len(every)) + 1))]
        ties = []
        for place in chosen.tolist():
            one, other = every[place] if rng.random() < 0.5 else every[place][::-1]
            ties += [(one, other), (other, one)] if rng.random() < 0.3 else [(one, other)]
        yield network_of(size, ties)


def cascade_worlds(network: Network, p: float) -> Iterator[tuple[float, Live]]:
    """Every outcome of the coins of a cascade, both directions of a pair on one coin, with its probability."""
    ties = list(zip(network.source.tolist(), network.target.tolist(), strict=True))
    pairs = sorted({(min(tie), max(tie)) for tie in ties})
    for heads in itertools.product((True, False), repeat=len(pairs)):
        chance = p ** sum(heads) * (1 - p) ** (len(pairs) - sum(heads))
        live = {pair for pair, head in zip(pairs, heads, strict=True) if head}
        yield chance, [tie for tie in ties if (min(tie), max(tie)) in live]


def threshold_worlds(network: Network) -> Iterator[tuple[float, Live]]:
    """Every choice of one incoming tie an agent, all equally likely: linear thresholds drawn from U(0, 1)."""
    incoming: list[Live] = [[] for _ in range(network.size)]
    for source, target in zip(network.source.tolist(), network.target.tolist(), strict=True):
        incoming[target].append((source, target))
    listed = [ties for ties in incoming if ties]
    for picked in itertools.product(*listed):
        yield 1 / np.prod([len(ties) for ties in listed]), list(picked)


def exact_values(network: Network, worlds: Iterator[tuple[float, Live]], count: int, steps: int) -> Values:
    """The expected number of adopters of every set of up to so many leaders."""
    sets = [agents for size in range(1, count + 1) for agents in itertools.combinations(range(network.size), size)]
    values = dict.fromkeys(sets, 0.0)
    for chance, live in worlds:
        near = [_within(network.size, live, agent, steps) for agent in range(network.size)]
        for agents in sets:
            values[agents] += chance * len(set().union(*(near[agent] for agent in agents)))
    return values


def exact_gains(values: Values, size: int) -> Callable[[Sequence[int]], np.ndarray]:
    """The values of a set with each agent added."""

    def gains(members: Sequence[int]) -> np.ndarray:
        return np.array([values[tuple(sorted({*members, agent}))] for agent in range(size)])

    return gains


def best_value(values: Values, count: int) -> float:
    return max(value for agents, value in values.items() if len(agents) == count)


def _within(size: int, live: Live, agent: int, steps: int) -> set[int]:
    outgoing = _outgoing(size, tuple(live))
    found, edge = {agent}, {agent}
    for _ in range(steps):
        edge = {other for one in edge for other in outgoing[one]} - found
        found |= edge
    return found


@lru_cache(maxsize=8)
def _outgoing(size: int, live: tuple[tuple[int, int], ...]) -> list[list[int]]:
    outgoing: list[list[int]] = [[] for _ in range(size)]
    for one, other in live:
        outgoing[one].append(other)
    return outgoing
