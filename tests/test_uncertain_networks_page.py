from __future__ import annotations

import re
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from diffusion.network.formats import read_network
from diffusion.network.network import Network
from diffusion.network.uncertain import SurveyError, imputed

PAGE = Path(__file__).parents[1] / "docs" / "uncertain_networks.md"
REGION = read_network("ahsn-a", Path())


def measured(network: Network) -> tuple[float, float]:
    """Return the share of two-paths that are closed, and the mean distance."""
    graph = nx.Graph(zip(network.source.tolist(), network.target.tolist(), strict=True))
    return nx.transitivity(graph), nx.average_shortest_path_length(graph)


@pytest.mark.parametrize("closing", [None, 0.0, 0.5, 1.0])
def test_the_page_tells_what_imputed_ties_do_to_a_region(closing: float | None):
    label = "as given" if closing is None else f"`closing = {closing:g}`"
    [told] = re.findall(rf"\| {re.escape(label)} \| ([\d.]+) \| ([\d.]+) \|", PAGE.read_text(encoding="utf-8"))
    error = SurveyError(missing_ties=0.2, closing=closing or 0.0)
    versions = [imputed(REGION, error, seed=1, world=world) for world in range(20)] if closing is not None else [REGION]
    means = np.mean([measured(version) for version in versions], axis=0)
    assert [f"{mean:.2f}" for mean in means] == list(told)
