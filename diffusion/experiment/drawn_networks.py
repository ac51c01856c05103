"""The networks of a world in which the network is uncertain: the one that is played, and the one that is seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from diffusion.network.network import Network
from diffusion.network.synthesis.targets_file import targets_from_text
from diffusion.network.uncertain import Observed, changes, imputed, observed, redrawn
from diffusion.scenario.uncertain_network import UncertainNetwork

_FEW_TIES, _MANY_TIES = 2_500, 20_000
"""Networks of up to so many ties are kept for the arms to come: thousands of small ones, hundreds of larger ones."""


@dataclass(frozen=True, eq=False)
class DrawnNetwork:
    """Hold the networks of a world.

    Attributes
    ----------
    given
        The network that the study has.
    played
        The network over whose ties the innovation spreads.
    chosen_on
        The network on which leaders are chosen.
    version
        What a survey would have shown; ``None`` where the network that is
        played differs itself.
    """

    given: Network
    played: Network
    chosen_on: Network
    version: Observed | None = None

    @property
    def people(self) -> NDArray[np.int64] | None:
        """Return the index in ``played`` of the person behind each agent of ``chosen_on``; None where they are one."""
        return None if self.version is None else self.version.people

    def changes(self) -> dict[str, int]:
        """Return how many ties and people were lost and gained, beside the given network."""
        return changes(self.given, self.played if self.version is None else self.version)


def drawn_network(network: Network, uncertain: UncertainNetwork, *, seed: int, world: int) -> DrawnNetwork:
    """Return the networks of a world.

    Parameters
    ----------
    network
        The given network.
    uncertain
        In which way it differs between worlds, all its numbers known.
    seed, world
        The study's seed, and the world.
    """
    ties = network.tie_count
    draw = _small if ties <= _FEW_TIES else _larger if ties <= _MANY_TIES else _last
    return draw(network, uncertain, seed, world)


def _drawn(network: Network, uncertain: UncertainNetwork, seed: int, world: int) -> DrawnNetwork:
    if uncertain.mode == "robustness":
        found = observed(network, uncertain.error, seed=seed, world=world)
        return DrawnNetwork(network, network, found.network, found)
    if uncertain.mode == "imputation":
        there = imputed(network, uncertain.error, seed=seed, world=world)
        return DrawnNetwork(network, there, there if uncertain.leaders_from == "drawn" else network)
    there = redrawn(network, targets_from_text(uncertain.targets), seed=seed, world=world)
    return DrawnNetwork(network, there, there)


_small = lru_cache(maxsize=4096)(_drawn)
_larger = lru_cache(maxsize=512)(_drawn)
_last = lru_cache(maxsize=2)(_drawn)
