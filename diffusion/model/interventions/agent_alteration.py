"""Alteration of who is there: agents join, or leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, lane_words
from diffusion.model.interventions.changes import AddedTies, Change, Presence
from diffusion.model.interventions.drawing import drawn
from diffusion.model.interventions.intervention import Intervention, NewAgent, Schedule, stated
from diffusion.model.interventions.limits import (
    least_problems,
    one_of_problems,
    option_problems,
)
from diffusion.model.interventions.runs import EVERY_LANE, Runs
from diffusion.model.interventions.tie_addition import layer_of_new_ties, new_layer_problems
from diffusion.model.interventions.wording import agent_problems, period_problems, role_problems, strength_problems
from diffusion.model.lanes import Words
from diffusion.network import measures
from diffusion.network.network import Network, normalized

RANDOM = "random"

SCORES: Mapping[str, Callable[[Network], NDArray[np.float64]]] = MappingProxyType(
    {
        "degree": measures.degree,
        "out_degree": measures.out_degree,
        "in_degree": measures.in_degree,
        "betweenness": measures.betweenness,
    }
)
"""By what agents to remove can be chosen, the highest first, besides at random."""

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Describe an agent who joins, and with whom it has ties.

    Attributes
    ----------
    id, role
        As in an agent table.
    columns
        Further columns, as pairs of name and text.
    ties_to, ties_from
        Ids of those who can learn from it, and of those it can learn from.
    """

    id: str
    role: str
    columns: tuple[tuple[str, str], ...] = ()
    ties_to: tuple[str, ...] = ()
    ties_from: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AgentAddition(Intervention):
    """Let agents join, for good or for a while."""

    kind: ClassVar[str] = "add_agents"
    strategy: ClassVar[str] = "alteration"
    says: ClassVar[str] = (
        "Agents join, with ties to those named and, if stated, to and from every leader. They have not adopted when "
        "they come, and outcomes do not count them."
    )
    source: ClassVar[str] = "Valente 2012, doi 10.1126/science.1217330"

    agents: tuple[Arrival, ...] = field(metadata=stated("who joins: id, role, further columns, ties_to and ties_from"))
    with_leaders: bool = field(
        default=False, metadata=stated("whether each has a tie with every leader too, both ways")
    )
    layer: str | None = field(default=None, metadata=stated("the layer of their ties; left out: the only one"))
    strength: float = field(default=1.0, metadata=stated("strength of their ties", "", "above 0, at most 1"))
    from_step: int = field(default=1, metadata=stated("when they come", "step", "1 to steps"))
    until_step: int | None = field(
        default=None,
        metadata=stated("the last step at which they are there; left out: the last", "step", "from to steps"),
    )

    @property
    def varies(self) -> bool:
        """Return whether they have other ties with other leaders."""
        return self.with_leaders

    def new_agents(self) -> tuple[NewAgent, ...]:
        """Return the agents who join."""
        return tuple(NewAgent(agent.id, agent.role, agent.columns) for agent in self.agents)

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, self.until_step, schedule.steps)
        if not self.agents:
            yield f"{self.name}.agents: names nobody; state at least one agent with an id and a role"
        yield from strength_problems(self.name, self.strength)
        if self.with_leaders or any(agent.ties_to or agent.ties_from for agent in self.agents):
            yield from new_layer_problems(self.name, self.layer, network)
        for agent in self.agents:
            for key, alters in (("ties_to", agent.ties_to), ("ties_from", agent.ties_from)):
                yield from agent_problems(self.name, f"agents.{key}", alters, network)
                if normalized(agent.id) in map(normalized, alters):
                    yield f'{self.name}.agents.{key}: "{agent.id}" is to have a tie with itself; name others'

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        index = runs.network.index
        rows = np.array([index[normalized(agent.id)] for agent in self.agents], dtype=np.int64)
        everywhere = np.full(len(rows), EVERY_LANE)
        yield Presence(rows, everywhere, self.from_step, arrives=True)
        last = self.until_step or runs.steps
        if last < runs.steps:
            yield Presence(rows, everywhere, last + 1, arrives=False)
        source, target, lanes = self._ties(runs)
        if len(source):
            strength = np.full(len(source), float(self.strength))
            layer = layer_of_new_ties(self.layer, runs.network)
            yield AddedTies(source, target, layer, strength, lanes, self.from_step, last)

    def _ties(self, runs: Runs) -> tuple[NDArray[np.int32], NDArray[np.int32], Words]:
        """Return their ties, each once, and in which lanes."""
        index = runs.network.index
        lanes: dict[tuple[int, int], np.uint64] = {}
        leaders = np.flatnonzero(runs.leads).tolist() if self.with_leaders else []
        for agent in self.agents:
            own = index[normalized(agent.id)]
            for leader in leaders:
                lanes[own, leader] = lanes[leader, own] = runs.leads[leader]
            lanes |= {(own, index[normalized(alter)]): EVERY_LANE for alter in agent.ties_to}
            lanes |= {(index[normalized(alter)], own): EVERY_LANE for alter in agent.ties_from}
        pairs = np.array(list(lanes), dtype=np.int32).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1], np.array(list(lanes.values()), dtype=np.uint64)


@dataclass(frozen=True, kw_only=True)
class AgentRemoval(Intervention):
    """Let agents leave for good."""

    kind: ClassVar[str] = "remove_agents"
    strategy: ClassVar[str] = "alteration"
    says: ClassVar[str] = (
        "Agents leave for good and take their ties along: named ones, or so many chosen at random or by their place in "
        "the network. Outcomes count them as not having adopted from then on."
    )
    source: ClassVar[str] = "Valente 2012, doi 10.1126/science.1217330"

    agents: tuple[str, ...] | None = field(default=None, metadata=stated("who leaves: ids"))
    count: int | None = field(default=None, metadata=stated("or how many", "", "1 or more"))
    choose: str = field(
        default=RANDOM,
        metadata=stated(
            "how the number is chosen: random; degree, out_degree, in_degree or betweenness, the highest first, equals "
            "by id"
        ),
    )
    roles: tuple[str, ...] | None = field(
        default=None, metadata=stated("the roles among whom the number is chosen; left out: all")
    )
    from_step: int = field(default=1, metadata=stated("when they leave", "step", "1 to steps"))

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the fields that change nothing beside what the others state."""
        return () if self.agents is None else ("choose", "roles")

    @property
    def varies(self) -> bool:
        """Return whether others leave in other replicates."""
        return self.agents is None and self.choose == RANDOM

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, None, schedule.steps)
        yield from one_of_problems(self.name, agents=self.agents, count=self.count)
        yield from option_problems(self.name, "choose", self.choose, (RANDOM, *SCORES))
        yield from agent_problems(self.name, "agents", self.agents or (), network)
        if self.agents is not None and not self.agents:
            yield f"{self.name}.agents: names nobody; name an agent, or state count"
        wrong = [*role_problems(self.name, "roles", self.roles or (), network)]
        yield from wrong
        if self.count is None or wrong:
            return
        yield from least_problems(self.name, "count", self.count)
        there = len(self._candidates(network))
        if self.count > there:
            whom = "agents" if self.roles is None else "agents of these roles"
            yield (
                f'{self.name}.count: must be at most {there}, the number of {whom} in "{network.name}"; '
                f"got {self.count}"
            )

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        candidates = self._candidates(runs.network)
        if self.agents is None and self.choose == RANDOM:
            numbers = runs.numbers(Purpose.ALTERATION, runs.keys[candidates], self.from_step)
            lanes = lane_words(drawn(numbers, self.count or 0))
            yield Presence(candidates[lanes != 0], lanes[lanes != 0], self.from_step, arrives=False)
            return
        if self.agents is None:
            scores = SCORES[self.choose](runs.network)[candidates]
            candidates = candidates[np.argsort(-scores, kind="stable")][: self.count]
        yield Presence(candidates, np.full(len(candidates), EVERY_LANE), self.from_step, arrives=False)

    def _candidates(self, network: Network) -> Rows:
        """Return who is named, or among whom the number is chosen."""
        if self.agents is not None:
            return np.array([network.index[normalized(agent)] for agent in self.agents], dtype=np.int64)
        roles = None if self.roles is None else {normalized(role) for role in self.roles}
        return np.flatnonzero([roles is None or role in roles for role in network.roles])
