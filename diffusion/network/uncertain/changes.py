"""What differs between a network and a version of it, in plain counts."""

from __future__ import annotations

import numpy as np

from diffusion.network.network import Network
from diffusion.network.uncertain.observed import Observed
from diffusion.network.uncertain.ties import Places, among


def changes(given: Network, drawn: Network | Observed, people: Places | None = None) -> dict[str, int]:
    """Return how many ties and people a version of a network lost and gained.

    A tie of the version is one between the people behind its ends, so that
    ties which went to another person with a merger are lost here and added there.

    Parameters
    ----------
    given
        The network.
    drawn
        The version of it.
    people
        For each agent of the version, who of the given network that is; as an
        observed version says itself, and by the ids where it is left out.

    Examples
    --------
    >>> from diffusion.network.uncertain import SurveyError, observed
    >>> ring = Network.from_tables(name="ring", ids="abc", source="abc", target="bca")
    >>> changes(ring, observed(ring, SurveyError(missing_ties=1.0), seed=1, world=0))["ties_lost"]
    3
    """
    found = drawn.network if isinstance(drawn, Observed) else drawn
    if people is None:
        people = drawn.people if isinstance(drawn, Observed) else _by_id(given, found)
    layers = sorted({*given.layers, *found.layers})
    before = _numbers(given, np.arange(given.size), given.size, layers)
    after = _numbers(found, people, given.size, layers)
    told = drawn if isinstance(drawn, Observed) else None
    return {
        "ties": len(before),
        "ties_lost": int((~among(before, after)).sum()),
        "ties_added": int((~among(after, before)).sum()),
        "people": given.size,
        "people_left_out": given.size - len(np.unique(people)),
        "nonrespondents": len(told.nonrespondents) if told else 0,
        "people_merged": len(told.merged) if told else 0,
        "people_split": len(told.split) if told else len(people) - len(np.unique(people)),
    }


def _by_id(given: Network, found: Network) -> Places:
    return np.array([given.index[text] for text in found.ids], dtype=np.int64)


def _numbers(network: Network, people: Places, size: int, layers: list[str]) -> Places:
    """Return one number for each tie between people in a layer, ascending and each once."""
    layer = np.array([layers.index(name) for name in network.layers], dtype=np.int64)[network.layer]
    return np.unique((people[network.source] * size + people[network.target]) * len(layers) + layer)
