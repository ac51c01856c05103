"""Outreach: each leader brings some alters to a session, where all of them talk to one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import lane_words
from diffusion.model.interventions.asking import asked_alters
from diffusion.model.interventions.changes import AddedTies, Change
from diffusion.model.interventions.counting import Counting, Counts, lane_counts
from diffusion.model.interventions.drawing import truths_of
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.limits import least_problems
from diffusion.model.interventions.meetings import EVENT_LAYER, meeting_steps
from diffusion.model.interventions.recruiting import reach_problems
from diffusion.model.interventions.runs import Runs
from diffusion.model.interventions.wording import one_time_problems, period_problems, repeat_problems, strength_problems
from diffusion.model.lanes import Words
from diffusion.network.network import Network


@dataclass(frozen=True, kw_only=True)
class Outreach(Intervention):
    """Let each leader hold sessions with alters of its own."""

    kind: ClassVar[str] = "outreach"
    strategy: ClassVar[str] = "induction"
    says: ClassVar[str] = (
        "Each leader holds a session with some of those who can learn from it, drawn anew for every session and none "
        "of them leaders; for that step all who are at a session have ties to one another, in the layer event."
    )
    source: ClassVar[str] = "Valente 2012, doi 10.1126/science.1217330; Valente 2017, doi 10.1080/17437199.2016.1244647"

    contacts: int = field(metadata=stated("how many each leader brings", "per leader", "1 or more"))
    strength: float = field(default=1.0, metadata=stated("strength of ties at a session", "", "above 0, at most 1"))
    every: int = field(
        default=1, metadata=stated("how many steps lie between sessions; with until only", "steps", "at least 1")
    )
    from_step: int = field(default=1, metadata=stated("the first session's step", "step", "1 to steps"))
    until_step: int | None = field(
        default=None,
        metadata=stated(
            "the last step at which there may be a session; left out: there is one", "step", "from to steps"
        ),
    )

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, self.until_step, schedule.steps)
        yield from least_problems(self.name, "contacts", self.contacts)
        yield from strength_problems(self.name, self.strength)
        yield from repeat_problems(self.name, self.every)
        yield from one_time_problems(self.name, self.every, self.until_step, "session")
        yield from reach_problems(self.name, "contacts", network)

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        taken = truths_of(runs.leads)
        for step in meeting_steps(self.from_step, self.until_step, self.every):
            meetings = [
                (np.append(each.alters, each.asker), np.append(lane_words(each.asked), runs.leads[each.asker]))
                for each in asked_alters(runs, runs.leads, taken, self.contacts, step)
            ]
            source, target, lanes = _met(meetings, runs.network.size)
            if len(source):
                strength = np.full(len(source), float(self.strength))
                yield AddedTies(source, target, EVENT_LAYER, strength, lanes, step, step, dated=True)

    def units(self, runs: Runs) -> Mapping[str, Counts]:
        """Return how many sessions there are, one a leader and date, and how many people attend."""
        counting = Counting(runs)
        for change in self.changes(runs):
            counting.add(change)
        dates = len(meeting_steps(self.from_step, self.until_step, self.every))
        return {**counting.units(), "session": lane_counts(runs.leads) * dates}


def _met(
    meetings: list[tuple[NDArray[np.int64], Words]], size: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], Words]:
    """Return the ordered pairs of agents who are at one meeting, once each, and in which lanes."""
    pairs, words = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint64)]
    for agents, there in meetings:
        come = np.flatnonzero(there)
        together = there[come, np.newaxis] & there[come]
        first, second = np.nonzero(together)
        apart = first != second
        first, second = first[apart], second[apart]
        pairs.append(agents[come[first]].astype(np.int64) * size + agents[come[second]])
        words.append(together[first, second])
    keys, held = np.unique(np.concatenate(pairs), return_inverse=True)
    lanes = np.zeros(len(keys), dtype=np.uint64)
    np.bitwise_or.at(lanes, held, np.concatenate(words))
    return (keys // size).astype(np.int32), (keys % size).astype(np.int32), lanes
