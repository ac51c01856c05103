"""What interventions change, read naively: one replicate, one step, one agent at a time.

The changes themselves come from the kinds of interventions; what follows from
them is worked out here again, without parts of runs, words or rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from diffusion.draws import entity_keys
from diffusion.model.interventions.changes import (
    AddedTies,
    Broadcast,
    Handovers,
    LeadersHeeded,
    Presence,
    Recruits,
    RemovedTies,
    RestrengthenedTies,
)
from diffusion.model.interventions.runs import Runs
from diffusion.model.parameters import Parameters
from diffusion.network.network import Network

NamedTie = tuple[str, str, str, float, bool]
"""Source, target, layer, strength and whether it is a tie of a meeting."""


class NaiveChanges:
    """Say what is different at a step of one replicate."""

    def __init__(
        self,
        people: Network,
        size: int,
        said: Parameters,
        leads: Sequence[str],
        *,
        seed: int,
        world: int,
        replicate: int,
    ) -> None:
        block, lane = divmod(replicate, 64)
        words = np.zeros(people.size, dtype=np.uint64)
        words[[people.index[leader] for leader in leads]] = np.uint64(1) << np.uint64(lane)
        runs = Runs(
            people, size, entity_keys(people.ids), words, said.steps, said.awareness is not None, seed, world, block
        )
        self.people, self.size, self.lane = people, size, lane
        self.changes = [change for each in said.interventions for change in each.changes(runs)]

    def _here(self, kind: type, step: int) -> Iterable[Any]:
        for change in self.changes:
            if isinstance(change, kind):
                lasting: Any = change
                if lasting.from_step <= step <= lasting.until_step:
                    yield lasting

    def _bit(self, word: np.uint64) -> bool:
        return bool(int(word) >> self.lane & 1)

    def _dated(self, kind: type[Presence | Handovers | Recruits], agent: int) -> list[Any]:
        """The changes of a kind that concern an agent, with their steps."""
        found = []
        for change in self.changes:
            if isinstance(change, kind):
                places = [place for place, other in enumerate(change.agents) if other == agent]
                if any(self._bit(change.lanes[place]) for place in places):
                    found.append(change)
        return found

    def present(self, agent: str, step: int) -> bool:
        """Whether an agent is there when those at ``step`` decide; 0 is the beginning."""
        number = self.people.index[agent]
        events = sorted(
            (change for change in self._dated(Presence, number) if change.step <= step),
            key=lambda change: change.step,
        )
        return events[-1].arrives if events else number < self.size

    def leaves_at(self, agent: str, step: int) -> bool:
        return step > 0 and self.present(agent, step - 1) and not self.present(agent, step)

    def spell(self, agent: str, step: int) -> int:
        """How many times a post has changed hands."""
        return sum(change.step <= step for change in self._dated(Handovers, self.people.index[agent]))

    def recruited(self, agent: str, step: int) -> bool:
        """Whether the holder of a post has been won over."""
        number = self.people.index[agent]
        since = max([change.step for change in self._dated(Handovers, number) if change.step <= step], default=0)
        return any(since <= change.step <= step for change in self._dated(Recruits, number))

    def factor(self, step: int) -> float:
        result = 1.0
        for change in self._here(LeadersHeeded, step):
            result *= change.factor
        return result

    def external(self, stage: str, agent: str, step: int, stated: float) -> float:
        left = 1.0 - stated
        for change in self._here(Broadcast, step):
            if change.stage == stage:
                left = left * (1.0 - float(change.probability[self.people.index[agent]]))
        return 1.0 - left

    def ties(self, step: int) -> list[NamedTie]:
        """Every tie that is there."""
        gone = self._rows(RemovedTies, step)
        other = self._rows(RestrengthenedTies, step)
        found: dict[tuple[str, str, str, bool], float] = {}
        for tie in [*self._kept(gone | other), *self._restrengthened(gone, step), *self._added(step)]:
            key = (*tie[:3], tie[4])
            found[key] = max(tie[3], found.get(key, 0.0))
        ties = [(source, target, layer, strength, dated) for (source, target, layer, dated), strength in found.items()]
        return [tie for tie in ties if self.present(tie[0], step) and self.present(tie[1], step)]

    def _rows(self, kind: type, step: int) -> set[int]:
        """The ties that changes of a kind concern, by their rows."""
        return {
            int(row)
            for change in self._here(kind, step)
            for row, word in zip(change.rows, change.lanes, strict=True)
            if self._bit(word)
        }

    def _named(self, row: int, strength: float) -> NamedTie:
        network = self.people
        ends = network.ids[network.source[row]], network.ids[network.target[row]]
        return (*ends, network.layers[network.layer[row]], float(strength), False)

    def _kept(self, changed: set[int]) -> Iterable[NamedTie]:
        for row in range(self.people.tie_count):
            if row not in changed:
                yield self._named(row, self.people.strength[row])

    def _restrengthened(self, gone: set[int], step: int) -> Iterable[NamedTie]:
        for change in self._here(RestrengthenedTies, step):
            for row, strength, word in zip(change.rows, change.strength, change.lanes, strict=True):
                if self._bit(word) and int(row) not in gone:
                    yield self._named(row, strength)

    def _added(self, step: int) -> Iterable[NamedTie]:
        ids = self.people.ids
        for change in self._here(AddedTies, step):
            rows = zip(change.source, change.target, change.strength, change.lanes, strict=True)
            for source, target, strength, word in rows:
                if self._bit(word):
                    yield ids[source], ids[target], change.layer, float(strength), change.dated
