"""How a stage is entered, as the compiled loop reads it: in few arrays, because every one takes time to pass.

A *coin* decides whether a tie carries. A pair of agents that share a tie has
one for every probability that its two directions, and its leaders, have.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion.model.lanes import Pairs, Records, Stage, Words

EVERY_TRY = 15
"""All four bits of a coin's ``tries``."""

COIN = np.dtype(
    [
        ("key", np.uint64),
        ("probability", np.uint64),
        ("lanes", np.uint64),
        ("first", np.uint32),
        ("second", np.uint32),
        ("tries", np.uint32),
    ],
    align=True,
)
"""A coin: the key of its draws, q, in which lanes it is thrown, the two agents, and which tries it decides.

``tries`` says in four bits: from ``first`` to ``second`` where the source does
not lead (1) or leads (2), and from ``second`` to ``first`` likewise (4, 8).
"""

SLOT = np.dtype([("coin", np.uint32), ("alter", np.uint32), ("tries", np.uint32)], align=True)
"""One coin of an agent, the agent at its other end, and ``tries`` as if the agent were the first."""

SAID = np.dtype(
    [
        ("by_tie", np.bool_),
        ("tried_once", np.bool_),
        ("rule", np.int64),
        ("transmission", np.float64),
        ("exposure", np.int64),
        ("intercept", np.float64),
        ("slope", np.float64),
        ("link", np.int64),
        ("first_dated", np.int64),
        *((f"{draw}_key_{half}", np.uint64) for draw in ("tie", "entry", "external") for half in (0, 1)),
    ],
    align=True,
)
"""The numbers of a :class:`Stage`, in one record; coins from ``first_dated`` on are thrown at the step that it is."""

TIE = np.dtype(
    [
        ("amount", np.int64),
        ("led_amount", np.int64),
        ("weight", np.float64),
        ("strength", np.float64),
        ("multiplier", np.float64),
        ("lanes", np.uint64),
        ("target", np.uint32),
    ],
    align=True,
)
"""A tie of an exposure rule: what a source adds that does not lead, or leads, w, s and B, and where it is there."""


AGENT = np.dtype([("coins", np.int64), ("ties", np.int64), ("total", np.int64)], align=True)
"""Where an agent's coins and ties begin (they end where the next agent's begin), and S_all of its ties."""


class Entry(NamedTuple):
    """Hold a :class:`Stage` as the compiled loop reads it.

    ``said`` has one element, in the form of :data:`SAID`; ``agent``, ``coin``,
    ``slot`` and ``tie`` have the forms of :data:`AGENT`, :data:`COIN`,
    :data:`SLOT` and :data:`TIE`. ``factors`` are the w, s and B of every coin,
    there only where each lane has a probability of its own. ``lane_total`` is
    what lanes add to S_all; shape (agents, 64), or (0, 64). ``external`` has
    one q for all, or one an agent.
    """

    said: Records
    agent: Records
    coin: Records
    slot: Records
    factors: NDArray[np.float64]
    tie: Records
    lane_total: NDArray[np.int64]
    external: Words
    threshold: NDArray[np.float64]
    propensity: NDArray[np.float64]


def entry_of(stage: Stage, pairs: Pairs, size: int, *, varies: bool) -> Entry:
    """Return a stage as the compiled loop reads it.

    Parameters
    ----------
    stage
        The stage.
    pairs
        The pairs of agents that share a tie.
    size
        The number of agents.
    varies
        Whether κ or ρ differ between lanes.
    """
    said = np.zeros(1, dtype=SAID)
    for name in ("by_tie", "tried_once", "rule", "transmission", "exposure", "intercept", "slope", "link"):
        said[name] = getattr(stage, name)
    for draw, key in (("tie", stage.tie_key), ("entry", stage.entry_key), ("external", stage.external_key)):
        said[f"{draw}_key_0"], said[f"{draw}_key_1"] = key
    coin, factors, dated = coins_of(pairs, stage.probability, varies=varies)
    said["first_dated"] = len(coin) - dated
    agent = np.zeros(size + 1, dtype=AGENT)
    agent["coins"], slot = slots_of(coin, size)
    agent["ties"], agent["total"][:size] = stage.ties.start, stage.total
    tie = np.zeros(len(stage.ties.target), dtype=TIE)
    tie["amount"], tie["led_amount"] = stage.ties.amount.T
    for name in ("weight", "strength", "multiplier", "lanes", "target"):
        tie[name] = getattr(stage.ties, name)
    return Entry(
        said, agent, coin, slot, factors, tie, stage.lane_total, stage.external, stage.threshold, stage.propensity
    )


def in_block(entry: Entry, stage: Stage) -> Entry:
    """Return how a stage is entered, with what differs between blocks."""
    return entry._replace(external=stage.external, threshold=stage.threshold, propensity=stage.propensity)


def coins_of(pairs: Pairs, probability: Words, *, varies: bool) -> tuple[Records, NDArray[np.float64], int]:
    """Return the coins of a stage, each pair's once for every probability it has.

    Parameters
    ----------
    pairs
        The pairs of agents that share a tie.
    probability
        q by pair, direction and whether the source leads; shape (pairs, 2, 2),
        or (0, 2, 2) where the stage throws no coins.
    varies
        Whether every lane has a probability of its own.

    Returns
    -------
    Coins in the form of :data:`COIN`, w, s and B of each where lanes differ, and how many are dated; these come last.
    """
    tries = _lane_tries(pairs) if varies else _shared_tries(probability.reshape(-1, 4))
    pair, variant = np.nonzero(tries[: len(probability)])
    coin = np.zeros(len(pair), dtype=COIN)
    coin["key"], coin["first"], coin["second"] = pairs.key[pair], pairs.first[pair], pairs.second[pair]
    coin["tries"], coin["lanes"] = tries[pair, variant], pairs.lanes[pair]
    dated = int(pairs.dated[pair].sum())
    if not varies:
        coin["probability"] = probability.reshape(-1, 4)[pair, variant]
        return coin, np.zeros((0, 3)), dated
    way = variant // 2
    factors = np.stack([pairs.weight[pair], pairs.strength[pair, way], pairs.multiplier[pair, way]], axis=1)
    return coin, factors, dated


def slots_of(coin: Records, size: int) -> tuple[NDArray[np.int64], Records]:
    """Return the coins of every agent as compressed rows: where each begins, and slots in the form of :data:`SLOT`."""
    ends = np.concatenate([coin["first"], coin["second"]])
    order = np.argsort(ends, kind="stable")
    start = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=size), out=start[1:])
    slot = np.zeros(len(ends), dtype=SLOT)
    slot["coin"] = np.tile(np.arange(len(coin), dtype=np.uint32), 2)[order]
    slot["alter"] = np.concatenate([coin["second"], coin["first"]])[order]
    turned = (coin["tries"] >> 2) | ((coin["tries"] & 3) << 2)
    slot["tries"] = np.concatenate([coin["tries"], turned])[order]
    return start, slot


def _shared_tries(probability: Words) -> NDArray[np.uint8]:
    """Return which tries each of four probabilities decides; equal ones are one coin, 0 is none."""
    tries = np.zeros(probability.shape, dtype=np.uint8)
    for variant in range(4):
        alike = probability == probability[:, variant : variant + 1]
        new = (probability[:, variant] > 0) & ~alike[:, :variant].any(axis=1)
        tries[new, variant] = np.packbits(alike[new], axis=1, bitorder="little")[:, 0]
    return tries


def _lane_tries(pairs: Pairs) -> NDArray[np.uint8]:
    """Return the same where lanes differ: one coin a direction, whether or not its source leads."""
    tries = np.zeros((len(pairs.first), 4), dtype=np.uint8)
    tries[pairs.strength[:, 0] > 0, 0] = 3
    tries[pairs.strength[:, 1] > 0, 2] = 12
    return tries
