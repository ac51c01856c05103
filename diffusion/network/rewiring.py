"""Rewiring: networks like one that was observed in how many ties each agent has, and in nothing else.

Two ties of a layer, a → b and c → d, exchange their targets: a → d and c → b.
So every agent keeps how many ties of each layer it sends and receives, and a
tie keeps its source, its layer and its strength. Exchanges that would make a
tie from an agent to itself, or repeat one within the layer, are not made; the
attempt counts, which makes every network of these degrees equally likely in
the end (Fosdick, Larremore, Nishimura & Ugander 2018, doi 10.1137/16M1087175).
Where the two ties follow one another (b = c) and close a circle of three, the
circle is turned round instead: some networks cannot be reached otherwise.

In a layer in which every tie is returned, of the same strength, ties are taken
to be undirected: both directions go together, and share their strength. In
other layers ties need not be returned as often as in the network observed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, cached, compiled
from diffusion.draws import Purpose, generator
from diffusion.network.network import Network

Kept = Literal["degrees", "degrees and roles"]
"""What a rewiring keeps: in- and out-degrees by layer; and also how many ties go from each role to each."""

KEPT: tuple[Kept, ...] = ("degrees", "degrees and roles")

REWIRING_VERSION = 1
"""Raised whenever the same seed gives another network; part of what names stored runs."""

ATTEMPTS_PER_TIE = 40
"""How many exchanges are tried for each tie."""

_NO_MATE = -1


def rewired(network: Network, *, kept: Kept, number: int, seed: int) -> Network:
    """Return one network drawn at random from those that are like another.

    Parameters
    ----------
    network
        The network.
    kept
        ``"degrees"``: how many ties of each layer every agent sends and
        receives. ``"degrees and roles"``: also how many ties of each layer
        go from each role to each role.
    number
        Which of the drawn networks, from 0.
    seed
        The seed.

    Examples
    --------
    >>> from diffusion.network.network import Network
    >>> ring = Network.from_tables(name="ring", ids="abcdef", source="abcdef", target="bcdefa")
    >>> other = rewired(ring, kept="degrees", number=0, seed=1)
    >>> other.out_alters.degrees.tolist() == ring.out_alters.degrees.tolist(), other.digest == ring.digest
    (True, False)
    """
    if kept not in KEPT:
        raise ValueError(f"kept must be one of {', '.join(KEPT)}; got {kept}")
    order = np.lexsort((network.target, network.source, network.layer))
    source, target = network.source[order], network.target[order].copy()
    layer, strength = network.layer[order], network.strength[order].copy()
    roles = network.role_index if kept == "degrees and roles" else np.zeros(network.size, dtype=np.int32)
    random = generator(Purpose.REWIRING, network.digest, kept, number, seed)
    for place in range(len(network.layers)):
        here = slice(*np.searchsorted(layer, [place, place + 1]).tolist())
        ties = here.stop - here.start
        pairs = random.integers(0, ties, size=(ATTEMPTS_PER_TIE * ties, 2))
        mates = _mates(source[here], target[here], strength[here], network.size)
        starts = np.searchsorted(source[here], np.arange(network.size + 1)).astype(np.int64)
        _exchange(pairs, (source[here], target[here], strength[here]), mates, starts, roles)
    return Network.from_indices(
        name=network.name,
        ids=network.ids,
        roles=network.roles,
        columns=network.columns,
        source=source,
        target=target,
        layer=[network.layers[place] for place in layer],
        strength=strength,
        synthetic=network.synthetic,
    )


def _mates(
    source: NDArray[np.int32], target: NDArray[np.int32], strength: NDArray[np.float64], size: int
) -> NDArray[np.int64]:
    """Return the place of every tie's return, or -1 everywhere unless all are returned with the same strength."""
    keys = source.astype(np.int64) * size + target  # ascending
    returns = target.astype(np.int64) * size + source
    place = np.minimum(np.searchsorted(keys, returns), max(len(keys) - 1, 0))
    if (keys[place] == returns).all() and (strength[place] == strength).all():
        return place
    return np.full(len(keys), _NO_MATE, dtype=np.int64)


@compiled
def _place(source: int, sought: int, target: NDArray[np.int32], starts: NDArray[np.int64]) -> int:
    """Return the place of the tie from one agent to another, or -1."""
    for place in range(starts[source], starts[source + 1]):
        if target[place] == sought:
            return place
    return -1


@compiled
def _turn_circle(
    first: int,
    second: int,
    ties: tuple[NDArray[np.int32], NDArray[np.int32]],
    starts: NDArray[np.int64],
    roles: NDArray[np.int32],
) -> None:
    """Turn a circle of three ties round, of which two are given, unless one of the other way is there."""
    source, target = ties
    a, b, c = source[first], source[second], target[second]
    third = _place(c, a, target, starts)
    if third < 0 or (roles[a] != roles[b] and roles[b] != roles[c] and roles[a] != roles[c]):
        return
    if _place(a, c, target, starts) < 0 and _place(c, b, target, starts) < 0 and _place(b, a, target, starts) < 0:
        target[first], target[second], target[third] = c, a, b


def _make_exchange(digest: str) -> Callable[..., Any]:
    @cached
    def exchange(pairs, ties, mates, starts, roles):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        source, target, strength = ties
        for attempt in range(len(pairs)):
            first, second = pairs[attempt]
            a, b, c, d = source[first], target[first], source[second], target[second]
            undirected = mates[first] >= 0
            if b == c and a != d and not undirected:
                _turn_circle(first, second, (source, target), starts, roles)
                continue
            if a == d or c == b or (roles[a] != roles[c] and roles[b] != roles[d]):
                continue
            if _place(a, d, target, starts) >= 0 or _place(c, b, target, starts) >= 0:
                continue
            target[first], target[second] = d, b
            if undirected:
                first_mate, second_mate = mates[first], mates[second]
                target[first_mate], target[second_mate] = c, a
                strength[first_mate], strength[second_mate] = strength[second_mate], strength[first_mate]
                mates[first], mates[second_mate] = second_mate, first
                mates[second], mates[first_mate] = first_mate, second

    return exchange


_exchange = _make_exchange(SOURCE_DIGEST)
