"""Networks with known answers, and larger ones at random."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
from generated import LAYERS, ROLES

from diffusion.draws import Purpose, generator
from diffusion.network.network import Network


def node(number: int) -> str:
    """The id of an agent, such that ids are in the order of the numbers."""
    return f"{number:04}"


def network_of(
    size: int,
    ties: Sequence[tuple[int, int]],
    *,
    both_ways: bool = False,
    columns: dict[str, list[str]] | None = None,
    strength: Sequence[float] | None = None,
) -> Network:
    ties = [*ties, *[(b, a) for a, b in ties]] if both_ways else list(ties)
    return Network.from_tables(
        name="made",
        ids=[node(number) for number in range(size)],
        columns=columns,
        source=[node(source) for source, _ in ties],
        target=[node(target) for _, target in ties],
        strength=strength,
    )


def undirected(graph: nx.Graph[int]) -> Network:
    return network_of(len(graph), list(graph.edges), both_ways=True)


def path(size: int) -> Network:
    return undirected(nx.path_graph(size))


def cycle(size: int) -> Network:
    return undirected(nx.cycle_graph(size))


def directed_cycle(size: int) -> Network:
    return network_of(size, [(place, (place + 1) % size) for place in range(size)])


def star(size: int) -> Network:
    """Node 0 is the centre."""
    return undirected(nx.star_graph(size - 1))


def complete(size: int) -> Network:
    return undirected(nx.complete_graph(size))


def random_network(size: int, ties: int, seed: int) -> Network:
    """Directed ties in two layers with strengths, some mutual, some parallel; roles; a numeric column."""
    rng = generator(Purpose.SYNTHESIS, "tests", seed)
    source, target = rng.integers(0, size, ties), rng.integers(0, size, ties)
    mutual = rng.random(ties) < 0.4
    source, target = np.concatenate([source, target[mutual]]), np.concatenate([target, source[mutual]])
    return Network.from_tables(
        name="random",
        ids=[node(number) for number in range(size)],
        roles=[ROLES[place] for place in rng.integers(0, len(ROLES), size)],
        columns={"zeal": [f"{zeal:.3f}" for zeal in rng.random(size)]},
        source=[node(number) for number in source],
        target=[node(number) for number in target],
        layer=[LAYERS[place] for place in rng.integers(0, 2, len(source))],
        strength=rng.choice([0.2, 0.5, 1.0], len(source)).astype(np.float64),
    )
