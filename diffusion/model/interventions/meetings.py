"""Meetings: learning and networking events, at which everybody who attends is in contact with everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose
from diffusion.model.interventions.changes import AddedTies, Change
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.runs import EVERY_LANE, Runs
from diffusion.model.interventions.wording import (
    agent_problems,
    one_time_problems,
    period_problems,
    repeat_problems,
    role_problems,
    share_problems,
    strength_problems,
)
from diffusion.model.lanes import Words
from diffusion.network.network import Network, normalized

EVENT_LAYER = "event"
"""The layer of the ties between those who attend."""


@dataclass(frozen=True, kw_only=True)
class Meeting(Intervention):
    """Bring people together for a step, once or again and again."""

    kind: ClassVar[str] = "event"
    strategy: ClassVar[str] = "induction"
    says: ClassVar[str] = (
        "People meet: for that step only, everybody who attends has a tie to everybody else who does, in the layer "
        "event. Who attends is drawn anew for every meeting, each person by the attendance stated for the role."
    )
    source: ClassVar[str] = "Ferlie et al. 2017, doi 10.3310/hsdr05170; Valente 2012, doi 10.1126/science.1217330"

    attendance: float | Mapping[str, float] | None = field(
        default=None,
        metadata=stated("how likely an agent is to attend a meeting, one number or one a role", "", "0 to 1"),
    )
    attendees: tuple[str, ...] | None = field(
        default=None, metadata=stated("who attends every meeting, by id; instead of attendance")
    )
    strength: float = field(default=1.0, metadata=stated("the strength of a tie between two who attend", "", "0 to 1"))
    every: int = field(
        default=1, metadata=stated("how many steps lie between meetings; with until only", "steps", "at least 1")
    )
    from_step: int = field(default=1, metadata=stated("the step of the first meeting", "step", "1 to steps"))
    until_step: int | None = field(
        default=None,
        metadata=stated(
            "the last step at which there may be a meeting; left out: there is one", "step", "from to steps"
        ),
    )

    @property
    def varies(self) -> bool:
        """Return whether other people attend in other replicates."""
        return self.attendees is None

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, self.until_step, schedule.steps)
        yield from strength_problems(self.name, self.strength)
        yield from repeat_problems(self.name, self.every)
        yield from one_time_problems(self.name, self.every, self.until_step, "meeting")
        if (self.attendance is None) == (self.attendees is None):
            said = "both came" if self.attendees is not None else "neither came"
            yield f"{self.name}.attendance: state either attendance or attendees; {said}"
        yield from agent_problems(self.name, "attendees", self.attendees or (), network)
        if isinstance(self.attendance, Mapping):
            yield from role_problems(self.name, "attendance", self.attendance, network)
            for role, share in self.attendance.items():
                yield from share_problems(self.name, f"attendance.{role}", share)
        elif self.attendance is not None:
            yield from share_problems(self.name, "attendance", self.attendance)

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        for step in meeting_steps(self.from_step, self.until_step, self.every):
            present = self._present(runs, step)
            yield contacts(np.flatnonzero(present), present[present > 0], self.strength, step)

    def _present(self, runs: Runs, step: int) -> Words:
        """Return the lanes in which each agent attends."""
        if self.attendees is not None:
            words = np.zeros(len(runs.keys), dtype=np.uint64)
            words[[runs.network.index[normalized(agent)] for agent in self.attendees]] = EVERY_LANE
            return words
        chance = chances_by_role(self.attendance, runs.network)
        present = np.zeros(len(runs.keys), dtype=np.uint64)
        invited = np.flatnonzero(chance)
        present[invited] = runs.lanes(Purpose.ATTENDANCE, chance[invited], step, invited)
        return present


def meeting_steps(from_step: int, until_step: int | None, every: int) -> range:
    """Return the steps at which there are meetings: one, unless it is said until when."""
    return range(from_step, (from_step if until_step is None else until_step) + 1, every)


def chances_by_role(stated_chance: float | Mapping[str, float] | None, network: Network) -> NDArray[np.float64]:
    """Return each agent's chance: one for all, or that of its role, 0 where none is stated; shape (agents,)."""
    if isinstance(stated_chance, Mapping):
        by_role = {normalized(role): float(chance) for role, chance in stated_chance.items()}
        return np.array([by_role.get(role, 0.0) for role in network.roles])
    return np.full(network.size, float(stated_chance or 0.0))


def contacts(agents: NDArray[np.int64], lanes: Words, strength: float, step: int) -> AddedTies:
    """Return ties, for one step, from everybody who is at a meeting to everybody else who is.

    Parameters
    ----------
    agents
        Who is there in some lane.
    lanes
        In which lanes; shape (agents,).
    strength
        Of every tie.
    step
        When.
    """
    source, target = np.nonzero(~np.eye(len(agents), dtype=np.bool_))
    both = lanes[source] & lanes[target]
    meet = both > 0
    source, target = source[meet], target[meet]
    return AddedTies(
        agents[source].astype(np.int32),
        agents[target].astype(np.int32),
        EVENT_LAYER,
        np.full(len(source), strength),
        both[meet],
        step,
        step,
        dated=True,
    )
