"""Reverse-reachable sets: by whom a unit drawn at random would be reached (Borgs et al. 2014).

A set of leaders reaches as many units as there are, times the share of
reverse-reachable sets that it meets (Borgs, Brautbar, Chayes & Lucier 2014, doi
10.1137/1.9781611973402.70). A set is grown against the ties from its unit, with
the *latest step* at which each agent may adopt for the unit to be reached in
time: a tie takes one round under ``cascade`` if its coin succeeds; as many steps
under ``contagion`` as its coin takes to succeed, a geometric number; and under
``threshold`` with shares and θ ~ U(0, 1) one step over one of an agent's
incoming ties, drawn by its share of attention (Kempe, Kleinberg & Tardos 2003,
doi 10.1145/956750.956769, whose proof goes step by step, so that it holds for
every number of steps). Every agent is settled once, and a tie is looked at when
the agent it leads to is settled; so each coin is read once, and each set has
the distribution that the model gives it.

``external`` reaches a settled agent in time with probability 1 - (1 - external)ᵗ;
a unit that it reaches through anybody is reached whoever leads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, cached, compiled
from diffusion.draws import ALWAYS, Purpose, entity_keys, philox, stream_key
from diffusion.model.inputs import ModelInput
from diffusion.positions.found import Goal

CASCADE, CONTAGION, THRESHOLD = 0, 1, 2
KINDS = {"cascade": CASCADE, "contagion": CONTAGION, "threshold": THRESHOLD}
"""How ties are read backwards, by rule."""

_UNIT = 2.0**-32
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_0 = np.uint64(0)
_NONE = -1


class Backwards(NamedTuple):
    """Hold incoming ties: from ``start[i]`` on those of agent i, with sources, chances and keys of their coins.

    Under ``threshold`` a chance is a share of attention.
    """

    start: NDArray[np.int64]
    source: NDArray[np.int32]
    chance: NDArray[np.float64]
    key: NDArray[np.uint64]


class Units(NamedTuple):
    """Hold the agents of every unit: from ``start[u]`` on those of unit u."""

    start: NDArray[np.int64]
    agent: NDArray[np.int64]


class Drawing(NamedTuple):
    """Hold the keys of all draws: of units, of ties and of ``external``."""

    unit: tuple[np.uint64, np.uint64]
    tie: tuple[np.uint64, np.uint64]
    external: tuple[np.uint64, np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class ReverseSets:
    """Hold reverse-reachable sets, one behind the other.

    Attributes
    ----------
    start
        Where each begins among the members; shape (sets + 1,).
    member
        Indices of agents.
    anyway
        Which units are reached whoever leads; shape (sets,).
    """

    start: NDArray[np.int64]
    member: NDArray[np.int32]
    anyway: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.anyway)

    def joined(self, more: ReverseSets) -> ReverseSets:
        """Return these sets and more."""
        return ReverseSets(
            np.concatenate([self.start, self.start[-1] + more.start[1:]]),
            np.concatenate([self.member, more.member]),
            np.concatenate([self.anyway, more.anyway]),
        )

    def met_with_each(self, members: Sequence[int], size: int) -> NDArray[np.float64]:
        """Return how many sets some agents meet with each agent added; shape (agents,)."""
        chosen = np.zeros(size, dtype=np.bool_)
        chosen[list(members)] = True
        counts: NDArray[np.int64] = _met_with_each(self.start, self.member, self.anyway, chosen)
        return counts.astype(np.float64)

    def met(self, members: Sequence[int], size: int) -> NDArray[np.bool_]:
        """Return which sets some agents meet, those included whose units are reached anyway; shape (sets,)."""
        chosen = np.zeros(size, dtype=np.bool_)
        chosen[list(members)] = True
        hits = np.concatenate([[0], np.cumsum(chosen[self.member])])
        found: NDArray[np.bool_] = (hits[self.start[1:]] > hits[self.start[:-1]]) | self.anyway
        return found


class Sampler:
    """Draw reverse-reachable sets.

    Parameters
    ----------
    resolved
        The scenario's parameters on the network.
    goal
        Which units count; it must count some.
    seed, world
        Coordinates of every draw.
    """

    def __init__(self, resolved: ModelInput, goal: Goal, *, seed: int, world: int) -> None:
        said = resolved.parameters.adoption
        self.kind = KINDS[said.rule]
        self.steps = resolved.parameters.steps
        self.by_time = goal.by_time
        self.external = float(said.external)
        self.agents = resolved.keys
        self.ties = _threshold_ties(resolved) if self.kind == THRESHOLD else _coin_ties(resolved)
        self.units = _units(goal)
        self.drawing = Drawing(
            stream_key(seed, world, Purpose.POSITION_SEARCH),
            stream_key(seed, world, Purpose.ADOPTION_TIE),
            stream_key(seed, world, Purpose.ADOPTION_EXTERNAL),
        )

    def sets(self, first: int, count: int) -> ReverseSets:
        """Return the sets of some numbers: each depends on its own number only."""
        [root] = entity_keys(["reverse-reachable set"])
        start, member, anyway = _sample(
            self.ties, self.units, self.drawing, self.agents, root, self.kind, self.steps, self.by_time,
            self.external, np.uint64(first), count,
        )  # fmt: skip
        return ReverseSets(start, member, anyway)


def _units(goal: Goal) -> Units:
    units = goal.units if goal.units is not None else np.zeros(0, dtype=np.int64)
    agents = np.argsort(units, kind="stable")
    agents = agents[units[agents] >= 0]
    start = np.zeros(goal.unit_count + 1, dtype=np.int64)
    np.cumsum(np.bincount(units[agents], minlength=goal.unit_count), out=start[1:])
    return Units(start, agents)


def _coin_ties(resolved: ModelInput) -> Backwards:
    pairs, size = resolved.pairs, resolved.network.size
    stage = resolved.in_block(0, np.zeros(size, dtype=np.uint64)).adoption
    source = np.concatenate([pairs.first, pairs.second])
    target = np.concatenate([pairs.second, pairs.first])
    chance = np.concatenate([stage.probability[:, 0, 0], stage.probability[:, 1, 0]]).astype(np.float64) / ALWAYS
    return _backwards(size, source, target, chance, np.concatenate([pairs.key, pairs.key]))


def _threshold_ties(resolved: ModelInput) -> Backwards:
    size = resolved.network.size
    stage = resolved.in_block(0, np.zeros(size, dtype=np.uint64)).adoption
    source = np.repeat(np.arange(size, dtype=np.int32), np.diff(stage.ties.start))
    shares = stage.ties.amount[:, 0] / np.maximum(stage.total[stage.ties.target], 1)
    return _backwards(size, source, stage.ties.target, shares, np.zeros(len(source), dtype=np.uint64))


def _backwards(
    size: int,
    source: NDArray[np.int32],
    target: NDArray[np.int32],
    chance: NDArray[np.float64],
    key: NDArray[np.uint64],
) -> Backwards:
    there = np.flatnonzero(chance > 0)
    order = there[np.lexsort((key[there], source[there], target[there]))]
    start = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(target[order], minlength=size), out=start[1:])
    return Backwards(start, source[order].astype(np.int32), chance[order], key[order])


@compiled
def _uniform(key: tuple[np.uint64, np.uint64], entity: np.uint64, number: np.uint64) -> float:
    """Draw a uniform number strictly between 0 and 1 for an entity in the set of a number."""
    word, _, _, _ = philox(key[0], key[1], entity & _LOW, entity >> _32, number, _0)
    return (float(word) + 0.5) * _UNIT


@compiled
def _steps_taken(kind: int, chance: float, draw: float, most: int) -> int:
    """Return in how many steps a tie carries, or more than ``most`` if not in time."""
    if kind == CASCADE or chance >= 1.0:
        return 1 if draw < chance or chance >= 1.0 else most + 1
    tries = np.floor(np.log(draw) / np.log1p(-chance))
    return int(tries) + 1 if tries < most else most + 1


class _Growing(NamedTuple):
    """Hold one set as it grows: who waits to be settled, in a list for every latest step, linked both ways.

    ``latest`` is the latest step at which an agent may adopt, -1 for those not
    in the set; ``reached`` lists those who are, as many as ``length`` says.
    """

    head: NDArray[np.int32]
    following: NDArray[np.int32]
    preceding: NDArray[np.int32]
    latest: NDArray[np.int32]
    is_settled: NDArray[np.bool_]
    reached: NDArray[np.int32]
    length: NDArray[np.int64]


@compiled
def _let_adopt(agent: Any, step: Any, growing: _Growing) -> None:
    """Put an agent where those wait who may adopt at a step, unless it may adopt later already."""
    head, following, preceding, latest = growing.head, growing.following, growing.preceding, growing.latest
    before = latest[agent]
    if step <= before:
        return
    if before < 0:
        growing.reached[growing.length[0]] = agent
        growing.length[0] += 1
    else:
        if preceding[agent] < 0:
            head[before] = following[agent]
        else:
            following[preceding[agent]] = following[agent]
        if following[agent] >= 0:
            preceding[following[agent]] = preceding[agent]
    latest[agent], following[agent], preceding[agent] = step, head[step], _NONE
    if head[step] >= 0:
        preceding[head[step]] = agent
    head[step] = agent


@compiled
def _follow_coins(
    agent: int, now: int, kind: int, ties: Backwards, key: tuple[np.uint64, np.uint64], number: np.uint64,
    growing: _Growing,
) -> None:  # fmt: skip
    """Let those adopt whose ties carry to an agent in time."""
    for tie in range(ties.start[agent], ties.start[agent + 1]):
        source = ties.source[tie]
        if growing.is_settled[source] or growing.latest[source] >= now - 1:
            continue
        took = _steps_taken(kind, ties.chance[tie], _uniform(key, ties.key[tie], number), now)
        if took <= now:
            _let_adopt(source, now - took, growing)


@compiled
def _follow_attention(agent: int, now: int, ties: Backwards, pick: float, growing: _Growing) -> None:
    """Let the one source adopt from which an agent takes its lead, or nobody."""
    for tie in range(ties.start[agent], ties.start[agent + 1]):
        pick -= ties.chance[tie]
        if pick < 0.0:
            if now > 0 and not growing.is_settled[ties.source[tie]]:
                _let_adopt(ties.source[tie], now - 1, growing)
            break


@compiled
def _grow(
    deadline: Any, kind: int, ties: Backwards, drawing: Drawing, agents: NDArray[np.uint64], external: float,
    number: np.uint64, growing: _Growing,
) -> bool:  # fmt: skip
    """Settle everybody from whom the unit is reached in time; say whether it is reached whoever leads."""
    is_reached_anyway = False
    for now in range(deadline, -1, -1):
        while growing.head[now] >= 0:
            agent = growing.head[now]
            growing.head[now] = growing.following[agent]
            if growing.head[now] >= 0:
                growing.preceding[growing.head[now]] = _NONE
            growing.is_settled[agent] = True
            if external > 0.0:
                in_time = 1.0 - (1.0 - external) ** now
                is_reached_anyway |= _uniform(drawing.external, agents[agent], number) < in_time
            if kind == THRESHOLD:
                pick = _uniform(drawing.tie, agents[agent], number)
                _follow_attention(agent, now, ties, pick, growing)
            else:
                _follow_coins(agent, now, kind, ties, drawing.tie, number, growing)
    return is_reached_anyway


@compiled
def _forget(growing: _Growing) -> None:
    """Make room for another set."""
    for place in range(growing.length[0]):
        growing.latest[growing.reached[place]] = _NONE
        growing.is_settled[growing.reached[place]] = False
    growing.length[0] = 0


@compiled
def _appended(array: NDArray[np.int32], end: int, more: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return an array with more behind its end, made larger if need be."""
    if end + len(more) > len(array):
        larger = np.empty(2 * (end + len(more)), dtype=np.int32)
        larger[:end] = array[:end]
        array = larger
    array[end : end + len(more)] = more
    return array


def _make_sample(digest: str) -> Callable[..., Any]:
    @cached
    def sample(ties, units, drawing, agents, root, kind, steps, by_time, external, first, count):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        size = len(ties.start) - 1
        links = np.full((4, max(size, steps + 1)), _NONE, dtype=np.int32)
        growing = _Growing(
            links[0], links[1], links[2], links[3], np.zeros(size, dtype=np.bool_), np.empty(size, dtype=np.int32),
            np.zeros(1, dtype=np.int64),
        )  # fmt: skip
        start, anyway = np.zeros(count + 1, dtype=np.int64), np.zeros(count, dtype=np.bool_)
        member = np.empty(1024, dtype=np.int32)
        for place in range(count):
            number = first + np.uint64(place)
            word, other, _, _ = philox(drawing.unit[0], drawing.unit[1], root & _LOW, root >> _32, number, _0)
            unit = np.int64((word * np.uint64(len(units.start) - 1)) >> _32)
            deadline = 1 + np.int64((other * np.uint64(steps)) >> _32) if by_time else steps
            for seat in range(units.start[unit], units.start[unit + 1]):
                _let_adopt(units.agent[seat], deadline, growing)
            anyway[place] = _grow(deadline, kind, ties, drawing, agents, external, number, growing)
            reached = growing.reached[: growing.length[0]]
            member = _appended(member, start[place], reached)
            start[place + 1] = start[place] + len(reached)
            _forget(growing)
        return start, member[: start[count]].copy(), anyway

    return sample


def _make_met_with_each(digest: str) -> Callable[..., Any]:
    @cached
    def met_with_each(start, member, anyway, chosen):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        counts = np.zeros(len(chosen), dtype=np.int64)
        met = 0
        for place in range(len(anyway)):
            is_met = anyway[place]
            for seat in range(start[place], start[place + 1]):
                if is_met:
                    break
                is_met = chosen[member[seat]]
            if is_met:
                met += 1
                continue
            for seat in range(start[place], start[place + 1]):
                counts[member[seat]] += 1
        return counts + met

    return met_with_each


_sample = _make_sample(SOURCE_DIGEST)
_met_with_each = _make_met_with_each(SOURCE_DIGEST)
