"""The ensemble of this package as a contender, and the graphs that all contenders play on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count

import networkx as nx
import numpy as np
from measuring import Contender, Counts

from diffusion.draws import LANES, Purpose, generator
from diffusion.model.ensemble import Ensemble
from diffusion.model.parameters import Parameters
from diffusion.network.network import Network

LEADERS = (0, 1, 2)
"""The nodes that lead: the oldest three, which are among the best connected."""

EVERY_LANE = np.uint64(2**64 - 1)


@dataclass(frozen=True)
class Graph:
    """Describe a Barabási–Albert graph (seed 1).

    Attributes
    ----------
    nodes, ties_each
        n and m of the model.
    """

    nodes: int
    ties_each: int

    @cached_property
    def networkx(self) -> nx.Graph:
        """Return the graph; its nodes are 0 … n - 1."""
        return nx.barabasi_albert_graph(self.nodes, self.ties_each, seed=1)

    @cached_property
    def thresholds(self) -> list[float]:
        """Return a threshold for every node, drawn uniformly on (0, 1) once for all runs."""
        drawn: list[float] = generator(Purpose.SYNTHESIS, "benchmark", 0).random(self.nodes).tolist()
        return drawn

    @cached_property
    def network(self) -> Network:
        """Return the graph as this package holds it: every edge is a tie each way."""
        ends = [(str(one), str(other)) for one, other in self.networkx.edges]
        return Network.from_tables(
            name="barabasi-albert",
            ids=[str(node) for node in range(self.nodes)],
            columns={"threshold": [repr(theta) for theta in self.thresholds]},
            source=[one for one, _ in ends] + [other for _, other in ends],
            target=[other for _, other in ends] + [one for one, _ in ends],
        )


def diffusion(graph: Graph, said: Parameters) -> Contender:
    """Return the ensemble, which records adoption times whatever it is asked for.

    Parameters
    ----------
    graph
        Where the innovation spreads.
    said
        The model's parameters.
    """
    words = np.zeros(graph.nodes, dtype=np.uint64)
    words[[graph.network.index[str(leader)] for leader in LEADERS]] = EVERY_LANE
    ensemble = Ensemble(graph.network, said, seed=1, leader_words=lambda _: words)
    blocks = count()

    def play(runs: int) -> int:
        needed = -(-runs // LANES)
        for _ in range(needed):
            ensemble.block(next(blocks))
        return needed * LANES

    def adopters(runs: int) -> Counts:
        needed = range(-(-runs // LANES))
        return np.concatenate([(ensemble.block(next(blocks)).adopted_at >= 0).sum(axis=0) for _ in needed])

    return Contender("diffusion", play, adopters)
