"""What interventions change: the plain data that both engines read.

A change names the steps at which it holds, from ``from_step`` to
``until_step``, both included, and the replicates of a block in which it does
so, a bit a replicate. Agents are rows of the population: those of the
network, then those whom interventions add. A change dated t takes effect
before anybody moves at step t.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from diffusion.model.lanes import Words


@dataclass(frozen=True, slots=True, eq=False)
class AddedTies:
    """Add ties that the network does not have; where it has one in that layer, the stronger counts.

    Attributes
    ----------
    source, target
        Rows of the agents at the ends; shape (ties,).
    layer
        The ties' layer. It weighs 1 where the scenario gives it no weight.
    strength
        In (0, 1]; shape (ties,).
    lanes
        In which replicates each tie is added; shape (ties,).
    from_step, until_step
        When.
    dated
        Whether the ties are those of a meeting: of one step, with coins of that step even where ties are tried once.
    """

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    layer: str
    strength: NDArray[np.float64]
    lanes: Words
    from_step: int
    until_step: int
    dated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class RemovedTies:
    """Take ties away, whatever else is done to them.

    Attributes
    ----------
    rows
        Which of the network's ties, by their places in its table; shape (ties,).
    lanes
        In which replicates each is away; shape (ties,).
    from_step, until_step
        When.
    """

    rows: NDArray[np.int64]
    lanes: Words
    from_step: int
    until_step: int


@dataclass(frozen=True, slots=True, eq=False)
class RestrengthenedTies:
    """Give ties another strength; where two changes do, the larger counts.

    Attributes
    ----------
    rows
        Which of the network's ties, by their places in its table; shape (ties,).
    strength
        What each has instead, in (0, 1]; shape (ties,).
    lanes
        In which replicates; shape (ties,).
    from_step, until_step
        When.
    """

    rows: NDArray[np.int64]
    strength: NDArray[np.float64]
    lanes: Words
    from_step: int
    until_step: int


@dataclass(frozen=True, slots=True, eq=False)
class Happening:
    """Let something happen to agents at a step; subclasses say what.

    Attributes
    ----------
    agents
        Rows of the agents; shape (agents,).
    lanes
        In which replicates; shape (agents,).
    step
        When.
    """

    agents: NDArray[np.int64]
    lanes: Words
    step: int


@dataclass(frozen=True, slots=True, eq=False)
class Presence(Happening):
    """Let agents come or go for good; who goes takes its ties along and, if it has adopted, abandons.

    Attributes
    ----------
    arrives
        Whether they come; else they go.
    """

    arrives: bool


class Handovers(Happening):
    """Let posts change hands: the new holders are no leaders and begin in the first stage."""

    __slots__ = ()


class Recruits(Happening):
    """Win agents over: from the step on they move one stage a step until they have adopted, once."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Broadcast:
    """Raise the probability per step of entering a stage without any tie: 1 - P = (1 - external) (1 - probability).

    Attributes
    ----------
    stage
        ``"awareness"`` or ``"adoption"``.
    probability
        Of each agent, in [0, 1]; shape (agents,).
    from_step, until_step
        When.
    """

    stage: str
    probability: NDArray[np.float64]
    from_step: int
    until_step: int


@dataclass(frozen=True, slots=True, eq=False)
class LeadersHeeded:
    """Multiply the influence of leaders once more.

    Attributes
    ----------
    factor
        By what, at least 0.
    from_step, until_step
        When.
    """

    factor: float
    from_step: int
    until_step: int


Lasting: TypeAlias = AddedTies | RemovedTies | RestrengthenedTies | Broadcast | LeadersHeeded
"""What holds from a step until another."""

Change: TypeAlias = Lasting | Happening
