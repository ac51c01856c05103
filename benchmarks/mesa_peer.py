"""Contagion as one would write it in Mesa: agents that know their alters, decide, and move."""

from __future__ import annotations

import mesa
import networkx as nx
import numpy as np
from measuring import Contender, Counts
from our_engine import LEADERS, Graph


class Person(mesa.Agent):
    """Be somebody who adopts from those she knows."""

    def __init__(self, model: Region) -> None:
        super().__init__(model)
        self.alters: list[Person] = []
        self.adopted_at: int | None = None
        self.is_persuaded = False

    def decide(self) -> None:
        """Try every tie from an adopter, if not an adopter herself."""
        if self.adopted_at is None:
            self.is_persuaded = any(
                self.random.random() < self.model.transmission for alter in self.alters if alter.adopted_at is not None
            )

    def move(self) -> None:
        """Adopt, if persuaded at this step."""
        if self.is_persuaded and self.adopted_at is None:
            self.adopted_at = self.model.tick


class Region(mesa.Model):
    """Let an innovation spread over a graph."""

    def __init__(self, graph: nx.Graph, transmission: float, rng: int) -> None:
        super().__init__(rng=rng)
        self.transmission = transmission
        self.tick = 0
        self.people = [Person(self) for _ in graph]
        for one, other in graph.edges:
            self.people[one].alters.append(self.people[other])
            self.people[other].alters.append(self.people[one])
        for leader in LEADERS:
            self.people[leader].adopted_at = 0

    def step(self) -> None:
        """Let all decide on what was, and then all move."""
        self.tick += 1
        self.agents.do("decide")
        self.agents.do("move")


def contagion(graph: Graph, transmission: float, steps: int) -> Contender:
    """Return the plain model, built anew for every run.

    Parameters
    ----------
    graph
        Where the innovation spreads.
    transmission
        The probability of every tie and step.
    steps
        How many steps.
    """
    played = 0

    def run() -> Region:
        nonlocal played
        played += 1
        model = Region(graph.networkx, transmission, rng=played)
        for _ in range(steps):
            model.step()
        return model

    def play(runs: int) -> int:
        for _ in range(runs):
            run()
        return runs

    def adopters(runs: int) -> Counts:
        return np.array([sum(person.adopted_at is not None for person in run().people) for _ in range(runs)])

    return Contender("plain Mesa", play, adopters)
