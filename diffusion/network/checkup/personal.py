"""Whether a network is whole, or a stack of personal networks.

In a study of personal networks nobody is asked about ties between the alters
of different respondents, so these are missing by design: density, path length
and components of the stack are artefacts of sampling, and nothing can spread
from one respondent's network to the next but through alters whom two
respondents share.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from diffusion.network.checkup.findings import Finding, per_cent, several
from diffusion.network.network import Network

LEAST_EGOS, LEAST_ALTERS = 3, 3
"""How many respondents, each with how many alters, a stack of personal networks has at least."""

MOST_OF = 0.8
"""A stack: this share of the tied agents are in pieces in which exactly one agent is tied to all others."""

MANY_WITH_ONE = 0.5
"""A merged stack: more than this share of the tied agents have one alter only."""

_ADVICE = (
    "do not treat it as a whole network: ties between the alters of different respondents were never asked for, so "
    "density, path lengths and components are artefacts, and so is any diffusion between respondents"
)


def personal_network_findings(network: Network) -> list[Finding]:
    """Return a warning if the network is, or looks like, a stack of personal networks."""
    if network.survey is not None and network.survey.ego_networks:
        respondents = network.survey.respondents
        of = f" of {several(respondents, 'respondent')}" if respondents is not None else ""
        what = "This is the personal network" if respondents == 1 else "These are personal networks"
        sentence = f"{what}{of}{'' if respondents == 1 else ', side by side'}; {_ADVICE}."
        return [Finding("ego_networks", "warning", sentence, {"egos": respondents, "declared": True})]
    tied = int((network.alters.degrees > 0).sum())
    if found := _stacked(network):
        egos, inside = found
        sentence = (
            f"This looks like personal networks of {several(egos, 'respondent')} side by side: {inside:,} of {tied:,} "
            f"agents with ties ({per_cent(inside, tied)}) are in pieces in which one agent is tied to all others and "
            f"the others are not all tied to each other; if so, {_ADVICE}."
        )
        return [Finding("ego_networks", "warning", sentence, {"egos": egos, "agents": inside, "declared": False})]
    if found := _merged(network):
        egos, single = found
        sentence = (
            f"This looks like personal networks of {several(egos, 'respondent')} put together: {single:,} of {tied:,} "
            f"agents with ties ({per_cent(single, tied)}) are tied to one agent only, who has at least {LEAST_ALTERS} "
            f"alters, and no two agents around different ones are tied; if so, {_ADVICE}."
        )
        return [Finding("ego_networks", "warning", sentence, {"egos": egos, "agents": single, "declared": False})]
    return []


def _stacked(network: Network) -> tuple[int, int] | None:
    """Return how many pieces have one agent in the middle, and their agents, if nearly all agents are in such."""
    degrees = network.alters.degrees
    sizes, labels = _pieces(network)
    middle = (degrees == sizes[labels] - 1) & (sizes[labels] > LEAST_ALTERS)
    middles = np.bincount(labels, weights=middle, minlength=len(sizes))
    inside = int(sizes[middles == 1].sum())
    egos = int((middles == 1).sum())
    return (egos, inside) if egos >= LEAST_EGOS and inside >= MOST_OF * (degrees > 0).sum() else None


def _merged(network: Network) -> tuple[int, int] | None:
    """Return how many agents have alters of their own only, and how many such alters, if most agents are such."""
    alters = network.alters
    single = alters.degrees == 1
    rows = np.repeat(np.arange(network.size), alters.degrees)
    hubs = np.zeros(network.size, dtype=bool)
    hubs[alters.indices[single[rows]]] = True
    hubs &= alters.degrees >= LEAST_ALTERS
    owned = single & np.isin(np.arange(network.size), rows[hubs[alters.indices]])
    enough = hubs.sum() >= LEAST_EGOS and owned.sum() > MANY_WITH_ONE * (alters.degrees > 0).sum()
    if not enough or _strangers_tied(network, hubs, rows):
        return None
    return int(hubs.sum()), int(owned.sum())


def _strangers_tied(network: Network, hubs: NDArray[np.bool_], rows: NDArray[np.int64]) -> bool:
    """Tell whether two agents in no middle are tied who have no middle in common."""
    alters = network.alters
    between = ~hubs[rows] & ~hubs[alters.indices]
    to_hubs = hubs[alters.indices]
    shape = (network.size, network.size)
    around = sparse.csr_array((np.ones(int(to_hubs.sum())), (rows[to_hubs], alters.indices[to_hubs])), shape=shape)
    first, second = rows[between], alters.indices[between]
    shared = np.asarray((around[first].multiply(around[second])).sum(axis=1)).ravel() if len(first) else np.zeros(0)
    return bool((shared == 0).any())


def _pieces(network: Network) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    alters = network.alters
    ones = np.ones(len(alters.indices))
    matrix = sparse.csr_array((ones, alters.indices, alters.indptr), shape=(network.size, network.size))
    _, labels = csgraph.connected_components(matrix, directed=False)
    return np.bincount(labels), labels
