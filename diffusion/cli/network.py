"""``diffusion network``: look at a network before anything is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diffusion.cli.options import json_option
from diffusion.cli.output import console, print_json, table
from diffusion.cli.usage import Verbs

if TYPE_CHECKING:
    from diffusion.network.network import Network


@click.group(cls=Verbs)
def network() -> None:
    """Look at a network before anything is run."""


@network.command()
@click.argument("network")
@json_option
def show(*, network: str, as_json: bool) -> None:
    """Print what NETWORK is made of: a packaged name, or the path of a folder."""
    from diffusion.network.formats import read_network

    found = read_network(network, Path())
    if as_json:
        print_json(summary(found))
    else:
        _print(found)


def summary(network: Network) -> dict[str, Any]:
    """Return a network's composition and cohesion, null where undefined."""
    from diffusion.network import measures

    organisations = network.columns.get("organisation", ())
    sizes = measures.component_sizes(network)
    return {
        "name": network.name,
        "synthetic": network.synthetic,
        "agents": network.size,
        "ties": network.tie_count,
        "roles": {role: network.roles.count(role) for role in network.role_names},
        "layers": {name: int((network.layer == place).sum()) for place, name in enumerate(network.layers)},
        "organisations": len(network.organisation_names),
        "density": _number(measures.density(network)),
        "reciprocity": _number(measures.reciprocity(network)),
        "transitivity": _number(measures.transitivity(network)),
        "ei_index": {
            "role": _number(measures.ei_index(network, network.roles)),
            "organisation": _number(measures.ei_index(network, organisations)) if any(organisations) else None,
        },
        "components": len(sizes),
        "largest_component": int(sizes[0]) if len(sizes) else 0,
        "isolates": int((network.alters.degrees == 0).sum()),
        "self_ties_dropped": network.self_ties,
        "repeats_merged": network.repeats,
    }


def _number(value: float) -> float | None:
    return None if value != value else float(value)  # noqa: PLR0124 - only NaN differs from itself


def _print(network: Network) -> None:
    from diffusion.cli.answer import network_line

    told = summary(network)
    out = console()
    out.print(network_line(network), soft_wrap=True)
    out.print()
    made = table("measure", "value", "what it is", right=("value",))
    for name, value, meaning in _rows(told):
        made.add_row(name, "undefined" if value is None else value, meaning)
    out.print(made)


def _rows(told: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    def share(value: float | None) -> str | None:
        return None if value is None else f"{value:.3f}"

    between = told["ei_index"]
    return [
        ("density", share(told["density"]), "share of ordered pairs of agents that are tied"),
        ("reciprocity", share(told["reciprocity"]), "share of tied ordered pairs that are tied back"),
        ("transitivity", share(told["transitivity"]), "share of paths of two ties whose ends are tied"),
        ("E-I index by role", share(between["role"]), "from -1, all ties within roles, to 1, all between"),
        ("E-I index by organisation", share(between["organisation"]), "the same for organisations"),
        ("organisations", f"{told['organisations']:,}", "distinct ones that agents belong to"),
        ("components", f"{told['components']:,}", f"separate pieces; the largest has {told['largest_component']:,}"),
        ("isolates", f"{told['isolates']:,}", "agents without any tie"),
    ]
