"""The agents of the readable model: managers, academics, firms and others.

An agent looks at the world as it was at the step before, decides on at most
one move, and makes it together with everybody else.
"""

from __future__ import annotations

import multiprocessing
import warnings
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from diffusion.draws import Purpose

# Mesa 3.3 sets the start method of all processes when it is imported, and adds to the filters of warnings.
_start_method = multiprocessing.get_start_method(allow_none=True)
with warnings.catch_warnings():
    import mesa
multiprocessing.set_start_method(_start_method, force=True)

if TYPE_CHECKING:
    from diffusion.model.abm import DiffusionModel, StageEntry


class Stage(Enum):
    """Name where an agent stands; every move goes one line down."""

    UNAWARE = "unaware"
    AWARE = "aware"
    ADOPTED = "adopted"
    ABANDONED = "abandoned"


class Agent(mesa.Agent):
    """Be somebody in the network; roles without a class of their own are plain agents.

    Attributes
    ----------
    id, role
        As in the network.
    stage
        Where the agent stands.
    leads
        Whether it is a leader.
    present
        Whether it is there: interventions let agents come and go.
    recruited
        Whether it has been won over, and moves one stage a step until it has adopted.
    row
        Who of those that hold its post in turn it is, as a row of the model's input.
    influence, receptivity
        κ (a leader's already multiplied) and ρ in this replicate.
    incoming
        The ties over which knowledge can reach it.
    aware_at, adopted_at, abandoned_at
        The steps of its moves, -1 for never.
    """

    def __init__(self, model: DiffusionModel, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.id = model.input.population.ids[index]
        self.role = model.input.population.roles[index]
        self.row = index
        self.leads = False
        self.present = True
        self.recruited = False
        self.influence = 1.0
        self.receptivity = 1.0
        self.incoming: list[Tie] = []
        self.stage = Stage.UNAWARE
        self.next_stage = Stage.UNAWARE
        self.aware_at = -1
        self.adopted_at = -1
        self.abandoned_at = -1

    @property
    def knows(self) -> bool:
        """Return whether the agent can make others aware: it is aware or has adopted."""
        return self.present and self.stage in (Stage.AWARE, Stage.ADOPTED)

    @property
    def uses(self) -> bool:
        """Return whether the agent can make others adopt: it has adopted."""
        return self.present and self.stage is Stage.ADOPTED

    def begin_aware(self) -> None:
        """Know of the innovation from the start."""
        self.stage = Stage.AWARE
        self.aware_at = 0

    def lead(self) -> None:
        """Be a leader: aware and adopted from the start."""
        self.leads = True
        self.stage = Stage.ADOPTED
        self.aware_at = self.adopted_at = 0

    def take_over(self, row: int) -> None:
        """Be the next holder of the post: no leader, in the first stage, with luck of one's own."""
        self.row = row
        self.leads = self.recruited = False
        self.stage = Stage.UNAWARE
        self.aware_at = self.adopted_at = self.abandoned_at = -1
        if self.model.awareness is None:
            self.begin_aware()

    def leave(self) -> None:
        """Go for good; an adopter who goes has abandoned."""
        self.present = False
        if self.stage is Stage.ADOPTED:
            self.stage = Stage.ABANDONED
            self.abandoned_at = self.model.tick

    def decide(self) -> None:
        """Find the move of this step, from the stages of the step before."""
        self.next_stage = self.stage
        if not self.present:
            return
        if self.stage is Stage.UNAWARE and self.enters(self.model.awareness):
            self.next_stage = Stage.AWARE
        elif self.stage is Stage.AWARE and self.enters(self.model.adoption):
            self.next_stage = Stage.ADOPTED
        elif self.stage is Stage.ADOPTED and self.abandons():
            self.next_stage = Stage.ABANDONED

    def enters(self, entry: StageEntry) -> bool:
        """Return whether the agent enters a stage: won over, or with 1 - P = (1 - P_rule) (1 - external)."""
        return entry.rule_moves(self) or entry.external_moves(self) or self.recruited

    def abandons(self) -> bool:
        """Return whether the agent, an adopter, gives up at this step, or leaves although it leads."""
        return self.model.falls(Purpose.ABANDONMENT, self, self.model.abandonment) or (
            self.leads and self.model.falls(Purpose.LEAVING, self, self.model.leaving)
        )

    def move(self) -> None:
        """Make the move, and note when."""
        if self.next_stage is self.stage:
            return
        self.stage = self.next_stage
        if self.stage is Stage.AWARE:
            self.aware_at = self.model.tick
        elif self.stage is Stage.ADOPTED:
            self.adopted_at = self.model.tick
        else:
            self.abandoned_at = self.model.tick


class Manager(Agent):
    """Be a manager of the health service."""


class Academic(Agent):
    """Be an academic."""


class Firm(Agent):
    """Be a firm."""


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """Join an agent to one from whom knowledge can flow to it, in one layer.

    Attributes
    ----------
    source
        The agent at the other end.
    layer_weight, strength, multiplier
        w_l, s and B of the tie.
    key
        The key of the coins of this pair in this layer.
    dated
        Whether it is a tie of a meeting, with a coin of the step at which it is tried.
    """

    source: Agent
    layer_weight: float
    strength: float
    multiplier: float
    key: int
    dated: bool = False
