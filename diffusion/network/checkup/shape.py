"""What the shape of a network says of how it was measured: isolates, pieces, returned ties, gaps between roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diffusion.network.checkup.findings import Finding, Level, per_cent, several
from diffusion.network.composition import composition
from diffusion.network.network import DEFAULT_ROLE, Network

MANY_ISOLATES = 0.2
SMALL_LARGEST = 0.5
ENOUGH_TIES = 20
"""From how many ties on it is telling that none is returned."""

_KEPT = ("roles", "layers", "organisations", "density", "reciprocity", "components", "largest_component", "isolates")
_SHOWN = 4


def shape(network: Network) -> dict[str, Any]:
    """Return the numbers of a network's shape, with the ties of every layer and pair of roles."""
    told = composition(network, all_pairs=False)
    return {key: told[key] for key in _KEPT} | {"role_pairs": told["role_pairs"]}


def shape_findings(network: Network, numbers: Mapping[str, Any]) -> list[Finding]:
    """Return what there is to say of a network's shape.

    Parameters
    ----------
    network
        The network.
    numbers
        What :func:`shape` returns.
    """
    return [
        *_synthetic(network),
        *_reciprocity(numbers, network),
        *_isolates(numbers, network),
        *_components(numbers, network),
        *_gaps(numbers),
        *_attributes(network),
    ]


def _synthetic(network: Network) -> Iterator[Finding]:
    if network.synthetic:
        yield Finding("synthetic", "note", "This network is synthetic: it was made from assumptions, not observed.")


def _reciprocity(numbers: Mapping[str, Any], network: Network) -> Iterator[Finding]:
    share = numbers["reciprocity"]
    if share is None:
        yield Finding("reciprocity", "warning", "There are no ties: nothing can spread.", {"reciprocity": None})
    elif share == 1:
        sentence = "Every tie is returned: ties are undirected, or were made so, and nobody can tell who named whom."
        yield Finding("reciprocity", "note", sentence, {"reciprocity": share})
    elif share == 0 and network.tie_count >= ENOUGH_TIES:
        sentence = (
            f"None of the {network.tie_count:,} ties is returned: only some people were asked, or the ties join two "
            "kinds of agents, or they are a hierarchy."
        )
        yield Finding("reciprocity", "warning", sentence, {"reciprocity": share})
    else:
        sentence = f"{100 * share:.0f} % of the tied pairs, one way, are tied back."
        yield Finding("reciprocity", "note", sentence, {"reciprocity": share})


def _isolates(numbers: Mapping[str, Any], network: Network) -> Iterator[Finding]:
    if count := numbers["isolates"]:
        level: Level = "warning" if count > MANY_ISOLATES * network.size else "note"
        sentence = (
            f"{several(count, 'agent')} of {network.size:,} ({per_cent(count, network.size)}) without any tie: no "
            "knowledge arrives there, yet shares of agents count all; see that the question was not just left out."
        )
        yield Finding("isolates", level, sentence, {"isolates": count})


def _components(numbers: Mapping[str, Any], network: Network) -> Iterator[Finding]:
    pieces = numbers["components"] - numbers["isolates"]
    if pieces > 1:
        largest = numbers["largest_component"]
        level: Level = "warning" if largest < SMALL_LARGEST * network.size else "note"
        sentence = (
            f"Besides isolates the network falls into {pieces:,} pieces; the largest holds {largest:,} of "
            f"{several(network.size, 'agent')} ({per_cent(largest, network.size)}). Knowledge does not cross from one "
            "to another, so every piece without a leader stays without."
        )
        yield Finding("components", level, sentence, {"components": pieces, "largest_component": largest})


def _gaps(numbers: Mapping[str, Any]) -> Iterator[Finding]:
    gaps = [
        f"{pair['source']} to {pair['target']}"
        for pair in numbers["role_pairs"]
        if not pair["tied_pairs"] and pair["density"] is not None
    ]
    if gaps and numbers["reciprocity"] is not None:
        more = f" and {len(gaps) - _SHOWN:,} more" if len(gaps) > _SHOWN else ""
        sentence = (
            f"Of {several(len(numbers['role_pairs']), 'ordered pair')} of roles {len(gaps):,} have no tie at all: "
            f"{', '.join(gaps[:_SHOWN])}{more}."
        )
        yield Finding("role_gaps", "note", sentence, {"pairs": len(gaps)})


def _attributes(network: Network) -> Iterator[Finding]:
    if network.role_names == (DEFAULT_ROLE,):
        yield Finding("no_roles", "note", "No roles are given: nothing can be said by role, and everyone may lead.")
    unknown = int((network.organisation_index < 0).sum())
    if 0 < unknown < network.size:
        sentence = f"The organisation of {several(unknown, 'agent')} is not given ({per_cent(unknown, network.size)})."
        yield Finding("no_organisation", "note", sentence, {"agents": unknown})
