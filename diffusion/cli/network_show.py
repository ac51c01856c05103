"""``diffusion network show``: what a network is made of, and its picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diffusion.cli.network_options import network_argument, read_named
from diffusion.cli.options import WholeNumber, json_option
from diffusion.cli.output import console, print_json, say

if TYPE_CHECKING:
    from diffusion.network.network import Network

TOP_POSITIONS = ("out_degree", "in_degree", "betweenness", "harmonic_closeness", "eigenvector", "constraint")
"""The positions of which the first agents are told."""

TOP_PLACES = 5


@click.command()
@network_argument
@click.option("--figure", type=click.Path(path_type=Path), help="Draw the network into a file: .png, .svg or .pdf.")
@click.option(
    "--width-mm",
    type=WholeNumber(60, 1000),
    default=174,
    show_default=True,
    help="The width of the figure in millimetres; 174 fills the page of a journal, 84 one column of two.",
)
@click.option("--all", "everything", is_flag=True, help="Compute distances and betweenness however large the network.")
@json_option
def show(
    *,
    network: str,
    direction: str | None,
    strength: str | None,
    format_name: str | None,
    figure: Path | None,
    width_mm: int,
    everything: bool,
    as_json: bool,
) -> None:
    """Print what NETWORK is made of: roles, layers, cohesion, brokerage, and who holds the top positions.

    NETWORK is the name of a packaged network (ahsn-a), or the path of a file or
    folder in any format that is known (./region, region.graphml).
    """
    from diffusion.cli.network_tables import print_composition

    found = read_named(network, direction, strength, format_name)
    if figure:
        from diffusion.report.network_figure import check_figure_file

        check_figure_file(figure, found)
        _draw(found, figure, width_mm)
    told = summary(found, everything=everything)
    if as_json:
        print_json(told)
    else:
        print_composition(console(), found, told)


def summary(network: Network, *, everything: bool = False) -> dict[str, Any]:
    """Return all that is told of a network, null where undefined.

    Parameters
    ----------
    network
        The network.
    everything
        Whether to compute what takes long in a large network.
    """
    from diffusion.network.composition import ALL_PAIRS_AGENTS, composition
    from diffusion.positions.ranks import SLOW

    all_pairs = everything or network.size <= ALL_PAIRS_AGENTS
    told = composition(network, all_pairs=all_pairs)
    told["top"] = {name: _top(network, name) if all_pairs or name not in SLOW else None for name in TOP_POSITIONS}
    told["notes"] = list(network.notes)
    return told


def _top(network: Network, name: str) -> dict[str, Any]:
    from diffusion.positions import POSITIONS
    from diffusion.positions.ranks import top

    found = top(POSITIONS[name], network, TOP_PLACES)
    scores = POSITIONS[name].scores(network)
    return {
        "agents": [
            {"id": network.ids[agent], "role": network.roles[agent], "score": float(scores[agent])}
            for agent in found.agents
        ],
        "places": found.places,
        "tied": len(found.tied),
        "tied_score": float(scores[found.tied[0]]) if found.tied else None,
    }


def _draw(network: Network, path: Path, width_mm: int) -> None:
    from diffusion.report.network_figure import draw_network

    for note in draw_network(network, path, width_mm=width_mm):
        say(f"{path}: {note}")
    say(f"The network is drawn in {path}.")
