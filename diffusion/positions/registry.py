"""The registry of positions: what each is called, which score it reads, and which end it picks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.network import measures
from diffusion.network.network import Network


@dataclass(frozen=True)
class Position:
    """Describe one position.

    Attributes
    ----------
    name
        The name in scenarios.
    literature
        What the literature calls it.
    sentence
        What it picks, in words, as the end of "Leaders are …".
    score
        A score an agent, or None where leaders are drawn at random.
    pick
        Which end of the scores leads; agents with an undefined score come last.
    sources_first
        Whether agents without an outgoing tie come after all others.
    leaders
        What its leaders are called in sentences; "leaders by" its name where empty.
    """

    name: str
    literature: str
    sentence: str
    score: Callable[[Network], NDArray[np.float64]] | None
    pick: Literal["highest", "lowest"] = "highest"
    sources_first: bool = False
    leaders: str = ""

    @property
    def phrase(self) -> str:
        """Return what its leaders are called in sentences."""
        return self.leaders or f"leaders by {self.name}"

    def scores(self, network: Network) -> NDArray[np.float64]:
        """Return each agent's score, computed once a network; NaN where undefined or drawn; shape (agents,)."""
        kept = _SCORES.setdefault(network, {})
        if self.name not in kept:
            kept[self.name] = np.full(network.size, np.nan) if self.score is None else self.score(network)
            kept[self.name].flags.writeable = False
        return kept[self.name]


_SCORES: WeakKeyDictionary[Network, dict[str, NDArray[np.float64]]] = WeakKeyDictionary()

POSITIONS: Mapping[str, Position] = MappingProxyType(
    {
        position.name: position
        for position in (
            Position(
                "random",
                "random seeding",
                "drawn at random, anew in every replicate",
                None,
                leaders="leaders at random",
            ),
            Position(
                "out_degree",
                "in-degree, nominations received (opinion leadership)",
                "those from whom the most others learn directly",
                measures.out_degree,
            ),
            Position(
                "in_degree",
                "out-degree, nominations made",
                "those who learn directly from the most others",
                measures.in_degree,
            ),
            Position(
                "degree",
                "degree, over the ties of both directions",
                "those with the most alters, in either direction",
                measures.degree,
            ),
            Position(
                "closeness",
                "in-closeness of nominations (Wasserman & Faust)",
                "those who reach the most others over the shortest paths",
                measures.closeness,
            ),
            Position(
                "harmonic_closeness",
                "harmonic in-closeness of nominations",
                "those with the largest sum of 1 / distance to the others",
                measures.harmonic_closeness,
            ),
            Position(
                "betweenness",
                "betweenness (Freeman)",
                "those on the most shortest paths between others",
                measures.betweenness,
            ),
            Position(
                "eigenvector",
                "eigenvector centrality of nominations received (Bonacich)",
                "those from whom well-placed agents learn, who are well placed for the same reason",
                measures.eigenvector,
            ),
            Position(
                "pagerank",
                "PageRank of nominations received (Brin & Page)",
                "those from whom well-placed agents with few other sources learn",
                measures.pagerank,
            ),
            Position(
                "constraint",
                "brokers over structural holes (Burt's constraint)",
                "those whose alters are least tied to one another",
                measures.constraint,
                pick="lowest",
            ),
            Position(
                "coreness",
                "k-core (Seidman)",
                "those in the innermost core",
                measures.coreness,
            ),
            Position(
                "marginal",
                "marginals, periphery (Valente)",
                "those with the fewest alters, of whom somebody learns",
                measures.degree,
                pick="lowest",
                sources_first=True,
                leaders="marginal leaders",
            ),
        )
    }
)
"""Every position by its name."""
