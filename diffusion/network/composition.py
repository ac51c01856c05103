"""What a network is made of: agents by role, ties by layer and role pair, cohesion and centralisation.

Measures of the whole network unite its layers; those of a layer leave all
others out. Whatever is undefined (the reciprocity of a layer without ties, the
E-I index by organisation where none is known) is None.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.network import measures
from diffusion.network.brokerage import ROLES, brokerage
from diffusion.network.network import Network

ALL_PAIRS_AGENTS = 3_000
"""Up to how many agents the measures that need the distances of all pairs are computed unasked."""

ALL_PAIRS = ("mean_path_length", "reachable_share", "betweenness")
"""What is left out of larger networks; ``betweenness`` is a centralisation."""

Told = Mapping[str, Any]
"""Names, numbers, and None where a number is undefined."""


def composition(network: Network, *, all_pairs: bool) -> dict[str, Any]:
    """Return what a network is made of, as names and numbers.

    Parameters
    ----------
    network
        The network.
    all_pairs
        Whether to compute what needs the distances of all pairs of agents;
        otherwise it is None, and named under ``not_computed``.
    """
    sizes = measures.component_sizes(network)
    length, share = measures.path_lengths(network) if all_pairs else (math.nan, math.nan)
    return {
        "name": network.name,
        "synthetic": network.synthetic,
        "agents": network.size,
        "ties": network.tie_count,
        "roles": {role: network.roles.count(role) for role in network.role_names},
        "layers": {name: int((network.layer == place).sum()) for place, name in enumerate(network.layers)},
        "organisations": len(network.organisation_names),
        **cohesion(network),
        "mean_path_length": _number(length),
        "reachable_share": _number(share),
        "components": len(sizes),
        "largest_component": int(sizes[0]) if len(sizes) else 0,
        "isolates": int((network.alters.degrees == 0).sum()),
        "centralisation": centralisation(network, all_pairs=all_pairs),
        "by_layer": {name: layer_composition(only_layer(network, name)) for name in network.layers},
        "by_role": role_composition(network),
        "role_pairs": role_pairs(network),
        "brokerage": brokerage_by_role(network),
        "not_computed": [] if all_pairs else list(ALL_PAIRS),
        "self_ties_dropped": network.self_ties,
        "repeats_merged": network.repeats,
    }


def only_layer(network: Network, layer: str) -> Network:
    """Return a network with all its agents and the ties of one layer."""
    kept = network.layer == network.layers.index(layer)
    return replace(
        network,
        layers=(layer,),
        source=network.source[kept],
        target=network.target[kept],
        layer=np.zeros(int(kept.sum()), dtype=np.int32),
        strength=network.strength[kept],
    )


def cohesion(network: Network) -> dict[str, Any]:
    """Return density, reciprocity, transitivity, and the E-I index by role and by organisation."""
    organisations = network.columns.get("organisation", ())
    return {
        "density": _number(measures.density(network)),
        "reciprocity": _number(measures.reciprocity(network)),
        "transitivity": _number(measures.transitivity(network)),
        "ei_index": {
            "role": _number(measures.ei_index(network, network.roles)),
            "organisation": _number(measures.ei_index(network, organisations)) if any(organisations) else None,
        },
    }


def layer_composition(network: Network) -> dict[str, Any]:
    """Return what one layer is made of; the network has this layer only."""
    return {
        "ties": network.tie_count,
        **cohesion(network),
        "mean_strength": float(network.strength.mean()) if network.tie_count else None,
        "isolates": int((network.alters.degrees == 0).sum()),
    }


def role_composition(network: Network) -> dict[str, dict[str, Any]]:
    """Return, by role, how many agents it has, in how many organisations, and how they are tied."""
    told = {}
    for place, role in enumerate(network.role_names):
        members = network.role_index == place
        told[role] = {
            "agents": int(members.sum()),
            "organisations": len(set(network.organisation_index[members].tolist()) - {-1}),
            "mean_out_degree": float(network.out_alters.degrees[members].mean()),
            "mean_in_degree": float(network.in_alters.degrees[members].mean()),
            "isolates": int((network.alters.degrees[members] == 0).sum()),
        }
    return told


def role_pairs(network: Network) -> list[dict[str, Any]]:
    """Return, for every ordered pair of roles, its tied pairs of agents, their share of all, and ties by layer."""
    roles = len(network.role_names)
    sizes = np.bincount(network.role_index, minlength=roles)
    pairs = network.out_alters
    rows = np.repeat(np.arange(network.size), pairs.degrees)
    tied = _by_pair(network, rows, pairs.indices)
    layers = {
        name: _by_pair(network, network.source[network.layer == place], network.target[network.layer == place])
        for place, name in enumerate(network.layers)
    }
    return [
        {
            "source": network.role_names[source],
            "target": network.role_names[target],
            "tied_pairs": int(tied[source, target]),
            "density": _share(int(tied[source, target]), int(sizes[source] * (sizes[target] - (source == target)))),
            "ties": {name: int(counts[source, target]) for name, counts in layers.items()},
        }
        for source in range(roles)
        for target in range(roles)
    ]


def centralisation(network: Network, *, all_pairs: bool) -> dict[str, float | None]:
    """Return how far a network is centred on one agent, from 0 (all alike) to 1 (a star).

    The sum of differences from the highest score, over the largest sum that
    any network of this size can have (Freeman 1978, doi
    10.1016/0378-8733(78)90021-7). The largest sum for ``degree``, which counts
    alters in either direction, and for ``betweenness`` is that of a star tied
    both ways; for ``out_degree`` and ``in_degree`` that of a star whose ties
    all point out, or in.

    Parameters
    ----------
    network
        The network.
    all_pairs
        Whether to compute the centralisation of betweenness; otherwise it is None.
    """
    others = network.size - 1
    return {
        "degree": _centralisation(measures.degree(network), others * (others - 1)),
        "out_degree": _centralisation(measures.out_degree(network), others**2),
        "in_degree": _centralisation(measures.in_degree(network), others**2),
        "betweenness": _centralisation(measures.betweenness(network), others) if all_pairs and others > 1 else None,
    }


def brokerage_by_role(network: Network) -> dict[str, dict[str, Any] | None]:
    """Return brokerage between roles and between organisations, each by the broker's own role.

    None where no organisation is known. Pairs of agents are counted, ordered,
    as :func:`~diffusion.network.brokerage.brokerage` does.
    """
    organisations = network.columns.get("organisation", ())
    return {
        "role": _brokerage(network, network.roles),
        "organisation": _brokerage(network, organisations) if any(organisations) else None,
    }


def _brokerage(network: Network, labels: Sequence[str]) -> dict[str, Any]:
    found = brokerage(network, labels)
    total = sum(int(counts.sum()) for counts in found.values())
    return {
        "pairs": {name: int(found[name].sum()) for name in ROLES},
        "shares": {name: _share(int(found[name].sum()), total) for name in ROLES},
        "by_role": {
            role: {name: int(found[name][network.role_index == place].sum()) for name in ROLES}
            for place, role in enumerate(network.role_names)
        },
    }


def _by_pair(network: Network, source: NDArray[Any], target: NDArray[Any]) -> NDArray[np.int64]:
    """Return how many of some ties go from each role to each; shape (roles, roles)."""
    roles = len(network.role_names)
    keys = network.role_index[source].astype(np.int64) * roles + network.role_index[target]
    return np.bincount(keys, minlength=roles * roles).reshape(roles, roles)


def _centralisation(scores: NDArray[np.float64], largest: int) -> float | None:
    return float((scores.max() - scores).sum()) / largest if largest > 0 else None


def _share(count: int, total: int) -> float | None:
    return count / total if total else None


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
