"""Networks on which errors of surveys are tried, and what chance allows a count to be."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from scipy import stats

from diffusion.draws import Purpose, generator
from diffusion.network.network import Network

ROLES = ("firm", "manager", "nurse")
LAYERS = ("formal", "informal")
FALSE_ALARM = 1e-6
"""How often a right program would fail one test of a rate; the seeds are fixed, so each fails always or never."""


def drawn_network(agents: int, ties: int, number: int = 0) -> Network:
    """Return a network drawn at random, with roles, two layers and three strengths."""
    luck = generator(Purpose.SYNTHESIS, "uncertain cases", agents, ties, number)
    place = luck.integers
    return Network.from_indices(
        name="drawn",
        ids=tuple(f"p{agent:05d}" for agent in range(agents)),
        roles=tuple(ROLES[role] for role in place(0, len(ROLES), agents)),
        columns={"site": tuple(f"site {agent % 3}" for agent in range(agents))},
        source=place(0, agents, ties).astype(np.int32),
        target=place(0, agents, ties).astype(np.int32),
        layer=[LAYERS[layer] for layer in place(0, len(LAYERS), ties)],
        strength=np.array([0.2, 0.5, 1.0])[place(0, 3, ties)],
    )


networks = st.builds(drawn_network, st.integers(2, 25), st.integers(0, 80), st.integers(0, 1000))
worlds = st.integers(0, 1000)
rates = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)


def tie_set(network: Network) -> set[tuple[str, str, str]]:
    """Return each tie as source, target and layer."""
    columns = (network.source.tolist(), network.target.tolist(), network.layer.tolist())
    return {(network.ids[a], network.ids[b], network.layers[c]) for a, b, c in zip(*columns, strict=True)}


def assert_count_by_chance(count: int, trials: int, chance: float) -> None:
    """Fail where a binomial count lies so far out that chance alone hardly does that."""
    low, high = stats.binom.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], trials, chance)
    assert low <= count <= high, f"{count} of {trials}; between {low:.0f} and {high:.0f} were expected"
