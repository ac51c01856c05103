"""An intervention that does anything at all: for checking engines, not for scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, generator
from diffusion.model.interventions.changes import (
    AddedTies,
    Broadcast,
    Change,
    Handovers,
    LeadersHeeded,
    Presence,
    Recruits,
    RemovedTies,
    RestrengthenedTies,
)
from diffusion.model.interventions.intervention import Intervention, NewAgent, Schedule
from diffusion.model.interventions.runs import Runs
from diffusion.network.network import Network

SORTS = (
    "added",
    "met",
    "removed",
    "restrengthened",
    "leaves",
    "arrives",
    "hands over",
    "broadcast",
    "recruits",
    "heeded",
)


@dataclass(frozen=True, kw_only=True)
class Scripted(Intervention):
    """Change whatever a number says, in whatever lanes."""

    kind: ClassVar[str] = "scripted"
    strategy: ClassVar[str] = "none"
    says: ClassVar[str] = "Changes anything."
    source: ClassVar[str] = "none"

    number: int
    sorts: tuple[str, ...] = SORTS

    def new_agents(self) -> tuple[NewAgent, ...]:
        added = ("arrives" in self.sorts) * (self.number % 3)
        return tuple(NewAgent(f"new{self.name}{place}", "manager", (("zeal", "0.5"),)) for place in range(added))

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:  # noqa: ARG002 - anything fits
        return iter(())

    def changes(self, runs: Runs) -> Iterable[Change]:
        script = _Script(self.number, runs)
        return [change for sort in self.sorts for change in script.of(sort)]


class _Script:
    def __init__(self, number: int, runs: Runs) -> None:
        self.rng = generator(Purpose.SYNTHESIS, "script", number, runs.block)
        self.runs = runs

    def of(self, sort: str) -> Iterator[Change]:
        for _ in range(self.rng.integers(0, 3)):
            step = int(self.rng.integers(1, self.runs.steps + 1))
            yield self._change(sort, step, int(self.rng.integers(step, self.runs.steps + 1)))

    def _change(self, sort: str, step: int, last: int) -> Change:
        makers = {
            "added": lambda: self._ties(step, last, dated=False),
            "met": lambda: self._ties(step, step, dated=True),
            "removed": lambda: self._removed(step, last),
            "restrengthened": lambda: self._restrengthened(step, last),
            "arrives": lambda: self._arrival(step),
            "leaves": lambda: Presence(*self._some(), step, arrives=False),
            "hands over": lambda: Handovers(*self._some(), step),
            "recruits": lambda: Recruits(*self._some(), step),
            "heeded": lambda: LeadersHeeded(float(self.rng.choice([0.0, 0.5, 3.0])), step, last),
            "broadcast": lambda: self._broadcast(step, last),
        }
        return makers[sort]()

    def _some(self) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        agents = np.flatnonzero(self.rng.random(self.runs.network.size) < 0.3)
        return agents, self._words(len(agents))

    def _arrival(self, step: int) -> Change:
        agents = np.arange(self.runs.size, self.runs.network.size)
        return Presence(agents, self._words(len(agents)), step, arrives=True)

    def _broadcast(self, step: int, last: int) -> Change:
        stage = "awareness" if self.runs.staged and self.rng.random() < 0.5 else "adoption"
        return Broadcast(stage, self.rng.choice([0.0, 0.1, 1.0], self.runs.network.size, p=[0.5, 0.4, 0.1]), step, last)

    def _ties(self, step: int, last: int, *, dated: bool) -> AddedTies:
        count = int(self.rng.integers(1, 8))
        source, target = self.rng.integers(0, self.runs.network.size, (2, count)).astype(np.int32)
        apart = source != target
        layer = str(self.rng.choice(["event", "informal", "formal"]))
        strength = self.rng.choice([1.0, 0.3], count)
        words = self._words(count)
        return AddedTies(source[apart], target[apart], layer, strength[apart], words[apart], step, last, dated=dated)

    def _removed(self, step: int, last: int) -> Change:
        rows = np.flatnonzero(self.rng.random(self.runs.network.tie_count) < 0.3)
        return RemovedTies(rows, self._words(len(rows)), step, last)

    def _restrengthened(self, step: int, last: int) -> Change:
        rows = np.flatnonzero(self.rng.random(self.runs.network.tie_count) < 0.3)
        return RestrengthenedTies(rows, self.rng.choice([1.0, 0.1], len(rows)), self._words(len(rows)), step, last)

    def _words(self, count: int) -> NDArray[np.uint64]:
        words = self.rng.integers(0, 2**64, count, dtype=np.uint64)
        words[self.rng.random(count) < 0.4] = ~np.uint64(0)
        return words
