"""Write the tables of docs/regions.md: what was measured in the packaged regions, beside their targets.

Run it after a change of a region, of its targets or of the generator::

    python docs/regions_tables.py

A test compares the page with what this prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import networkx as nx
import numpy as np

from diffusion.network import measures
from diffusion.network.formats import read_network
from diffusion.network.network import Network
from diffusion.network.regions import PACKAGED, packaged_targets
from diffusion.network.synthesis import Fit, fit_of, goodness_of_fit, read_targets

PAGE = Path(__file__).parent / "regions.md"
IN_FULL = "ahsn-a"
DRAWS_IN_FULL = 100
DRAWS = 20
ON_AVERAGE = ("transitivity", "tie-ends of the top tenth", "ties between sites at a broker")


def graph(network: Network) -> nx.Graph:
    """Return who is tied to whom, whatever the layer and direction."""
    made = nx.Graph()
    made.add_nodes_from(range(network.size))
    made.add_edges_from(zip(network.source.tolist(), network.target.tolist(), strict=True))
    return made


def share_of_busiest(network: Network, sector: str) -> float:
    """Return the share of the best connected tenth of agents that one organisation of a sector has at most."""
    top = np.argsort(-measures.degree(network), kind="stable")[: network.size // 10].tolist()
    sectors, organisations = network.columns["sector"], network.columns["organisation"]
    held = [organisations[agent] for agent in top if sectors[agent] == sector]
    return max((held.count(name) for name in set(held)), default=0) / len(top)


def modularity(network: Network) -> float:
    """Return Newman's modularity of the division into sites."""
    sites = network.columns["site"]
    parts = [{agent for agent, name in enumerate(sites) if name == site} for site in sorted(set(sites))]
    return float(nx.community.modularity(graph(network), parts))


def largest_without_office(network: Network) -> float:
    """Return the share of the agents outside the network's office who are in the largest piece without it."""
    rest = [agent for agent, sector in enumerate(network.columns["sector"]) if sector != "network office"]
    pieces = nx.connected_components(graph(network).subgraph(rest))
    return max(map(len, pieces)) / len(rest)


def office_betweenness(network: Network) -> float:
    """Return the share of all betweenness that the people of the network's office have."""
    scores = measures.betweenness(network)
    office = np.array(network.columns["sector"]) == "network office"
    return float(scores[office].sum() / scores.sum())


def mean_of(network: Network, scores: Sequence[float], *, firms: bool) -> float:
    """Return the mean score of the people in firms, or of all others."""
    chosen = [score for score, role in zip(scores, network.roles, strict=True) if (role == "firm") == firms]
    return float(np.mean(chosen))


ROWS: Mapping[str, Callable[[Network], str]] = {
    "agents": lambda network: f"{network.size:,}",
    "organisations": lambda network: f"{len(network.organisation_names)}",
    "directed ties": lambda network: f"{network.tie_count:,}",
    "density": lambda network: f"{measures.density(network):.4f}",
    "mean number of contacts": lambda network: f"{measures.degree(network).mean():.1f}",
    "agents without ties": lambda network: f"{int((measures.degree(network) == 0).sum())}",
    "transitivity": lambda network: f"{measures.transitivity(network):.2f}",
    "mean path length": lambda network: f"{measures.path_lengths(network)[0]:.1f}",
    "E-I index by organisation": lambda network: f"{measures.ei_index(network, network.columns['organisation']):.2f}",
    "modularity of sites": lambda network: f"{modularity(network):.2f}",
    "of the best connected tenth, in one university": lambda network: f"{share_of_busiest(network, 'university'):.0%}",
    "betweenness held by the office": lambda network: f"{office_betweenness(network):.0%}",
    "still in one piece without the office": lambda network: f"{largest_without_office(network):.0%}",
    "coreness: firms; others": lambda network: "; ".join(
        f"{mean_of(network, measures.coreness(network).tolist(), firms=firms):.1f}" for firms in (True, False)
    ),
    "closeness: firms; others": lambda network: "; ".join(
        f"{mean_of(network, measures.closeness(network).tolist(), firms=firms):.2f}" for firms in (True, False)
    ),
}


def comparison() -> str:
    """Return the table of what was measured in all regions."""
    regions = [read_network(name, Path()) for name in PACKAGED]
    rows = [[name, *map(measured, regions)] for name, measured in ROWS.items()]
    return markdown(["measured", *(f"`{name}`" for name in PACKAGED)], rows)


def fit_rows(fits: Sequence[Fit]) -> list[list[str]]:
    """Return a row a target: wanted, in the region, and in other draws."""

    def told(value: float | None, fit: Fit) -> str:
        if value is None:
            return ""
        return f"{value:.0f}" if fit.tolerance == 0 else f"{value:.4f}" if fit.wanted < 0.1 else f"{value:.3f}"

    return [
        [
            fit.target,
            *(told(value, fit) for value in (fit.wanted, fit.drawn, fit.mean)),
            f"{told(fit.low, fit)} to {told(fit.high, fit)}",
            "yes" if fit.met else "no",
        ]
        for fit in fits
    ]


def fit_in_full() -> str:
    """Return the table of all targets of one region."""
    targets = read_targets(packaged_targets(IN_FULL))
    fits = goodness_of_fit(targets, DRAWS_IN_FULL, network=read_network(IN_FULL, Path()))
    headings = ["target", "wanted", f"`{IN_FULL}`", f"mean of {DRAWS_IN_FULL} draws", "5 to 95 % of draws", "met"]
    return markdown(headings, fit_rows(fits))


def fit_on_average() -> str:
    """Return the table of those targets of the other regions that draws meet on average only."""
    rows = []
    for name in PACKAGED:
        if name != IN_FULL:
            targets = read_targets(packaged_targets(name))
            network = read_network(name, Path())
            fits = goodness_of_fit(targets, DRAWS, network=network)
            exact = [fit for fit in fits if fit.target not in ON_AVERAGE]
            met = sum(fit.met for fit in fit_of(network, targets))
            rows += [[f"`{name}`", *row] for row in fit_rows([fit for fit in fits if fit.target in ON_AVERAGE])]
            rows.append(
                [f"`{name}`", f"the other {len(exact)} targets", "", "", "", "", f"{met} of {len(fits)} in all"]
            )
    headings = ["region", "target", "wanted", "region", f"mean of {DRAWS} draws", "5 to 95 % of draws", "met"]
    return markdown(headings, rows)


def markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


TABLES = {"comparison": comparison, "fit-in-full": fit_in_full, "fit-on-average": fit_on_average}


def page(text: str) -> str:
    """Return the page with its tables as they are now."""
    for name, table in TABLES.items():
        begin, end = f"<!-- table {name} -->\n\n", f"\n<!-- end of {name} -->"
        inner = re.compile(f"(?<={re.escape(begin)}).*?(?={re.escape(end)})", re.DOTALL)
        text = inner.sub(table(), text)
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
