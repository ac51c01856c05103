"""Rewiring some ties of a layer, anew in each of 64 replicates.

Either ties exchange their targets, so that everybody keeps as many ties as
before, or each tie that takes part is given another target at random, so that
only its source keeps it. What would make a tie from an agent to itself, repeat
one, or break a rule about whom ties may be between is not done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, cached, compiled
from diffusion.draws import LANES, philox

ROUNDS = 20
"""How often each tie is paired with another to exchange targets with, which they do every other time."""

ATTEMPTS = 64
"""How many targets are drawn for a tie at most, until one is free."""

_FREE = -1
_GONE = -2
_IDLE = np.uint64(1)
_FLIPPED = np.uint64(2)
"""Which digits of a tie's number say that it does nothing, and that its mate's other end is the target."""
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xBF58476D1CE4E5B9)

Ends = NDArray[np.int64]


class Lines(NamedTuple):
    """Hold the ties of one layer, an undirected one once.

    Attributes
    ----------
    first, second
        From whom to whom; shape (lines,).
    key
        The key of each line's draws; shape (lines,).
    takes
        Which lines take part in which lane; shape (lines, 64).
    undirected
        Whether each is a tie in return too.
    """

    first: Ends
    second: Ends
    key: NDArray[np.uint64]
    takes: NDArray[np.bool_]
    undirected: bool


class Allowed(NamedTuple):
    """Hold between whom new ties may be: each agent's group by two divisions, and which groups may be tied."""

    group: NDArray[np.int64]
    pairs: NDArray[np.bool_]
    other_group: NDArray[np.int64]
    other_pairs: NDArray[np.bool_]


class Coordinates(NamedTuple):
    """Hold what draws are keyed by besides a line: the halves of their stream's key, the block and the step."""

    key_0: np.uint64
    key_1: np.uint64
    block: np.uint64
    step: np.uint64


def exchanged(lines: Lines, allowed: Allowed, coordinates: Coordinates) -> tuple[Ends, Ends]:
    """Return the ends of every line in every lane after those that take part exchanged targets; shape (lines, 64).

    In each of :data:`ROUNDS` rounds all that take part are paired at random,
    and with probability ½, so that the number of exchanges is not fixed, a → b
    and c → d become a → d and c → b; of an undirected tie either end can be
    the target.

    Parameters
    ----------
    lines, allowed, coordinates
        The ties, between whom they may be, and the draws' coordinates.
    """
    return _ends_after(_exchange, lines, allowed, coordinates)


def redirected(lines: Lines, allowed: Allowed, coordinates: Coordinates) -> tuple[Ends, Ends]:
    """Return the ends of every line in every lane after those that take part were given new targets.

    Every agent is as likely as another whom the source has no tie to; of an
    undirected tie either end can be kept (Watts & Strogatz 1998, doi 10.1038/30918).

    Parameters
    ----------
    lines, allowed, coordinates
        As for :func:`exchanged`.
    """
    return _ends_after(_redirect, lines, allowed, coordinates)


def _ends_after(
    change: Callable[..., Any], lines: Lines, allowed: Allowed, coordinates: Coordinates
) -> tuple[Ends, Ends]:
    first = np.repeat(lines.first[:, np.newaxis], LANES, axis=1)
    second = np.repeat(lines.second[:, np.newaxis], LANES, axis=1)
    change(first, second, lines.key, lines.takes, lines.undirected, allowed, coordinates)
    return first, second


@compiled
def _number(at: Coordinates, entity: np.uint64, lane: int) -> np.uint64:
    """Return an entity's 32-bit number in one lane: the one that ``draws.numbers`` has there."""
    counter = (at.step << np.uint64(8)) + np.uint64(lane // 4)
    words = philox(at.key_0, at.key_1, entity & _LOW, entity >> _32, at.block, counter)
    part = lane % 4
    if part == 0:
        return words[0]
    if part == 1:
        return words[1]
    return words[2] if part == 2 else words[3]


@compiled
def _slot(table: NDArray[np.int64], name: int) -> Any:
    """Return where a pair stands in a table of pairs, or the free place where its search ends."""
    mask = len(table) - 1
    place = np.int64((np.uint64(name) * _SPREAD) >> np.uint64(20)) & mask
    while table[place] not in (name, _FREE):
        place = (place + 1) & mask
    return place


@compiled
def _name(first: Any, second: Any, size: int, undirected: bool) -> Any:  # noqa: FBT001 - compiled
    """Return the number of a pair, the same both ways where ties are undirected."""
    if undirected and second < first:
        return second * size + first
    return first * size + second


@compiled
def _fill(  # noqa: PLR0917 - compiled functions cannot be called with keywords
    table: NDArray[np.int64],
    first: Ends,
    second: Ends,
    lane: int,
    size: int,
    undirected: bool,  # noqa: FBT001 - compiled
) -> None:
    table[:] = _FREE
    for line in range(len(first)):
        name = _name(first[line, lane], second[line, lane], size, undirected)
        table[_slot(table, name)] = name


@compiled
def _may(allowed: Allowed, source: Any, target: Any, undirected: bool) -> bool:  # noqa: FBT001 - compiled
    """Return whether there may be a tie between two agents."""
    group, other = allowed.group, allowed.other_group
    if allowed.pairs[group[source], group[target]] and allowed.other_pairs[other[source], other[target]]:
        return True
    if not undirected:
        return False
    return bool(allowed.pairs[group[target], group[source]] and allowed.other_pairs[other[target], other[source]])


@compiled
def _opens(
    table: NDArray[np.int64],
    allowed: Allowed,
    source: Any,
    target: Any,
    undirected: bool,  # noqa: FBT001 - compiled
) -> bool:
    """Return whether a tie can be put between two agents: none is there, and one may be."""
    if source == target or not _may(allowed, source, target, undirected):
        return False
    name = _name(source, target, len(allowed.group), undirected)
    return bool(table[_slot(table, name)] != name)


@compiled
def _move(table: NDArray[np.int64], before: int, after: int) -> None:
    """Put one pair in the place of another in a table of pairs."""
    table[_slot(table, before)] = _GONE
    table[_slot(table, after)] = after


def _make_exchange(digest: str) -> Callable[..., Any]:
    @cached
    def exchange(first, second, key, takes, undirected, allowed, at):  # type: ignore[no-untyped-def]  # noqa: PLR0917
        digest  # noqa: B018 - the cache key
        size = len(allowed.group)
        table = np.empty(_room(len(first)), dtype=np.int64)
        drawn = np.empty(len(first), dtype=np.uint64)
        for lane in range(LANES):
            moving = np.flatnonzero(takes[:, lane])
            _fill(table, first, second, lane, size, undirected)
            filled = 0
            for turn in range(ROUNDS):
                for place in range(len(moving)):
                    number = _number(at, key[moving[place]] ^ (np.uint64(turn + 1) * _GOLDEN), lane)
                    drawn[place] = (number << _32) | np.uint64(moving[place])
                order = np.sort(drawn[: len(moving)])
                if filled > len(first) // 2:
                    _fill(table, first, second, lane, size, undirected)
                    filled = 0
                for place in range(0, len(moving) - 1, 2):
                    one, two = np.int64(order[place] & _LOW), np.int64(order[place + 1] & _LOW)
                    digits = order[place] >> _32
                    a, b, c, d = first[one, lane], second[one, lane], first[two, lane], second[two, lane]
                    if undirected and digits & _FLIPPED:
                        c, d = d, c
                    here, there = _name(a, d, size, undirected), _name(c, b, size, undirected)
                    if digits & _IDLE or here == there:
                        continue
                    if not (_opens(table, allowed, a, d, undirected) and _opens(table, allowed, c, b, undirected)):
                        continue
                    _move(table, _name(a, b, size, undirected), here)
                    _move(table, _name(c, d, size, undirected), there)
                    filled += 2
                    first[one, lane], second[one, lane], first[two, lane], second[two, lane] = a, d, c, b

    return exchange


def _make_redirect(digest: str) -> Callable[..., Any]:
    @cached
    def redirect(first, second, key, takes, undirected, allowed, at):  # type: ignore[no-untyped-def]  # noqa: PLR0917
        digest  # noqa: B018 - the cache key
        size = len(allowed.group)
        table = np.empty(_room(len(first)), dtype=np.int64)
        for lane in range(LANES):
            _fill(table, first, second, lane, size, undirected)
            filled = 0
            for line in np.flatnonzero(takes[:, lane]):
                a, b = first[line, lane], second[line, lane]
                if undirected and _number(at, key[line] ^ (np.uint64(ATTEMPTS + 1) * _GOLDEN), lane) & np.uint64(1):
                    a, b = b, a
                for attempt in range(ATTEMPTS):
                    number = _number(at, key[line] ^ (np.uint64(attempt + 1) * _GOLDEN), lane)
                    target = np.int64((number * np.uint64(size)) >> _32)
                    name = _name(a, target, size, undirected)
                    if not _opens(table, allowed, a, target, undirected):
                        continue
                    _move(table, _name(a, b, size, undirected), name)
                    first[line, lane], second[line, lane] = a, target
                    filled += 1
                    break
                if filled > len(first) // 2:
                    _fill(table, first, second, lane, size, undirected)
                    filled = 0

    return redirect


@compiled
def _room(count: int) -> int:
    """Return how large a table of so many pairs is: a power of 2, never so full that its searches get long."""
    room = 16
    while room < 4 * count:
        room *= 2
    return room


_exchange = _make_exchange(SOURCE_DIGEST)
_redirect = _make_redirect(SOURCE_DIGEST)
