"""In what two runs of the same replicate differ at a step, agent by agent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion.network.network import Network
from diffusion.server.played import ADOPTED, PlayedRun

BoolArray = NDArray[np.bool_]
Times = NDArray[np.int16]


class Kind(IntEnum):
    """Say how an agent stands in two runs at a step; *adopted* is the stage, which abandoning ends."""

    NEITHER = 0
    ONLY_LEFT = 1
    ONLY_RIGHT = 2
    EARLIER_LEFT = 3
    EARLIER_RIGHT = 4
    SAME_STEP = 5


ABANDONED_CODE = 3
"""The code of a picture for an agent that has abandoned: as in a picture of one run."""

_CODES = (
    {Kind.ONLY_LEFT: 5, Kind.EARLIER_LEFT: 4, Kind.EARLIER_RIGHT: 6, Kind.SAME_STEP: 6},
    {Kind.ONLY_RIGHT: 8, Kind.EARLIER_RIGHT: 7, Kind.EARLIER_LEFT: 6, Kind.SAME_STEP: 6},
)
"""The codes of the left and of the right picture: strong, lighter, and grey for what is no gain of this side."""


@dataclass(frozen=True, eq=False)
class Differences:
    """Hold how every agent stands in two runs at a step.

    Attributes
    ----------
    tick
        The step.
    adopted_at, abandoned_at
        When each agent adopted and abandoned, left and right, as known at the
        step; -1 for not yet; shape (agents,) each.
    leads
        Who leads, left and right; shape (agents,) each.

    Examples
    --------
    >>> never = np.full(4, -1, dtype=np.int16)
    >>> left, right = np.array([0, 1, 2, -1], dtype=np.int16), np.array([-1, 3, 2, -1], dtype=np.int16)
    >>> nobody = np.zeros(4, dtype=np.bool_)
    >>> found = Differences(3, (left, right), (never, never), (nobody, nobody))
    >>> [Kind(kind).name for kind in found.kinds]
    ['ONLY_LEFT', 'EARLIER_LEFT', 'SAME_STEP', 'NEITHER']
    >>> found.codes(0), found.codes(1)
    ('5460', '0660')
    """

    tick: int
    adopted_at: tuple[Times, Times]
    abandoned_at: tuple[Times, Times]
    leads: tuple[BoolArray, BoolArray]

    @cached_property
    def adopted(self) -> tuple[BoolArray, BoolArray]:
        """Return who is in stage adopted, left and right; shape (agents,) each."""
        left, right = (
            (at >= 0) & (left_at < 0) for at, left_at in zip(self.adopted_at, self.abandoned_at, strict=True)
        )
        return left, right

    @cached_property
    def kinds(self) -> NDArray[np.int8]:
        """Return each agent's :class:`Kind`; shape (agents,)."""
        left, right = self.adopted
        first, second = self.adopted_at
        chosen = [
            (left & ~right, Kind.ONLY_LEFT),
            (right & ~left, Kind.ONLY_RIGHT),
            (left & right & (first < second), Kind.EARLIER_LEFT),
            (left & right & (second < first), Kind.EARLIER_RIGHT),
            (left & right, Kind.SAME_STEP),
        ]
        conditions, kinds = zip(*chosen, strict=True)
        return np.asarray(np.select(conditions, kinds, Kind.NEITHER), dtype=np.int8)

    @cached_property
    def counts(self) -> Mapping[Kind, int]:
        """Return how many agents are of each kind."""
        counted = np.bincount(self.kinds, minlength=len(Kind)).tolist()
        return {kind: counted[kind] for kind in Kind}

    @property
    def abandoned(self) -> tuple[BoolArray, BoolArray]:
        """Return who has abandoned, left and right; shape (agents,) each."""
        left, right = (at >= 0 for at in self.abandoned_at)
        return left, right

    def codes(self, side: int) -> str:
        """Return what a picture takes, a digit an agent.

        Parameters
        ----------
        side
            0 for the left picture, 1 for the right one.
        """
        table = np.array([_CODES[side].get(kind, 0) for kind in Kind])
        codes = np.where(self.abandoned[side], ABANDONED_CODE, table[self.kinds])
        return "".join(map(str, codes.tolist()))

    @property
    def differing(self) -> list[int]:
        """Return the agents that do not stand alike: those adopted on one side only first, then by time."""
        differ = (self.kinds != Kind.NEITHER) & (self.kinds != Kind.SAME_STEP)
        differ |= self.abandoned[0] != self.abandoned[1]
        first = np.minimum(*(np.where(at < 0, np.iinfo(np.int16).max, at) for at in self.adopted_at))
        in_both = self.adopted[0] & self.adopted[1]
        order: list[int] = np.lexsort((first, self.kinds, in_both)).tolist()
        return [agent for agent in order if differ[agent]]


def differences(left: PlayedRun, right: PlayedRun, tick: int) -> Differences:
    """Return how every agent stands in two runs at a step; what is missing of either is played.

    Parameters
    ----------
    left, right
        Two runs of one replicate on one network.
    tick
        The step, 0 … T.
    """
    (_, first, first_left), (_, second, second_left) = left.times(tick), right.times(tick)
    return Differences(tick, (first, second), (first_left, second_left), (_leads(left), _leads(right)))


def legend(side: int, *, with_abandonment: bool) -> list[list[Any]]:
    """Return the codes of a picture and what they are called.

    Parameters
    ----------
    side
        0 for the left picture, 1 for the right one.
    with_abandonment
        Whether agents may abandon.
    """
    only, earlier = (5, 4) if side == 0 else (8, 7)
    names: list[list[Any]] = [
        [only, "adopted only here"],
        [earlier, "adopted earlier here"],
        [6, "adopted in both, no earlier here"],
        [0, "not adopted here"],
    ]
    return [*names, [ABANDONED_CODE, "abandoned here"]] if with_abandonment else names


def _leads(run: PlayedRun) -> BoolArray:
    leads = np.zeros(run.arm.network.size, dtype=np.bool_)
    leads[list(run.leaders)] = True
    return leads


class Row(NamedTuple):
    """Tell of one agent how it stands in two runs, for a table."""

    agent: int
    name: str
    role: str
    left: str
    right: str


def rows(found: Differences, network: Network, unit: str) -> list[Row]:
    """Return a row for each agent that does not stand alike in two runs.

    Parameters
    ----------
    found
        The differences.
    network
        The network.
    unit
        What a step is called.
    """
    return [
        Row(
            agent,
            network.ids[agent],
            network.roles[agent],
            *(_stands(found, agent, side, unit) for side in (0, 1)),
        )
        for agent in found.differing
    ]


def _stands(found: Differences, agent: int, side: int, unit: str) -> str:
    adopted, abandoned = int(found.adopted_at[side][agent]), int(found.abandoned_at[side][agent])
    came = f"adopted in {unit} {adopted}" if adopted >= 0 else "not adopted"
    text = "leads" if found.leads[side][agent] else came
    return f"{text}, abandoned in {unit} {abandoned}" if abandoned >= 0 else text


def adopters(run: PlayedRun, tick: int) -> list[int]:
    """Return how many were in stage adopted at t = 0 … tick."""
    counts: list[int] = run.curves(tick)[:, ADOPTED].tolist()
    return counts
