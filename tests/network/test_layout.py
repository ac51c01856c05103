"""Where agents are drawn: always the same, never on one another, pieces apart."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from generated import networks
from graphs import complete, cycle, network_of, path, random_network, star
from hypothesis import given
from scipy.sparse import csgraph
from scipy.spatial.distance import pdist

from diffusion.network.layout import _tie_lengths, layout
from diffusion.network.network import Network


@given(networks())
def test_every_agent_has_a_place_of_its_own(network):
    points = layout(network)
    assert points.shape == (network.size, 2)
    assert np.isfinite(points).all()
    assert pdist(points).min(initial=1) > 0.01


@pytest.mark.parametrize("network", [star(12), complete(12), cycle(12), network_of(12, []), complete(300)])
def test_agents_who_are_alike_are_set_apart(network):
    assert pdist(layout(network)).min() > (0.2 if network.size < 100 else 0.01)


def test_a_large_network_is_laid_out_nearly_as_well_as_if_it_were_given_more_rounds(monkeypatch):
    network = random_network(1200, 3600, 5)
    quick = layout(network)
    monkeypatch.setattr("diffusion.network.layout._STRESS_CHANGE_OF_LARGE", 1e-4)
    patient = layout(network)
    distances = csgraph.shortest_path(_tie_lengths(network.alters), directed=False)
    [quick, patient] = [stress(points, distances) for points in (quick, patient)]
    assert patient < quick < 1.05 * patient


def stress(points, distances):
    joined = np.isfinite(distances) & (distances > 0)
    apart = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    return ((apart[joined] / distances[joined] - 1) ** 2).sum()


def test_a_path_is_drawn_straight_and_a_cycle_round():
    along = np.ptp(layout(path(8)), axis=0)
    assert along[1] < 0.05 * along[0]
    points = layout(cycle(12))
    radii = np.linalg.norm(points - points.mean(axis=0), axis=1)
    assert np.ptp(radii) < 0.05 * radii.mean()


def test_pieces_stand_apart_and_isolates_in_rows():
    network = network_of(12, [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (6, 7)])
    points = layout(network)
    pieces = [[0, 1, 2], [3, 4, 5], [6, 7], [8, 9, 10, 11]]
    corners = [(points[piece].min(axis=0), points[piece].max(axis=0)) for piece in pieces]
    for place, (low, high) in enumerate(corners):
        for other_low, other_high in corners[:place]:
            assert (low > other_high).any() or (high < other_low).any()


def test_agents_who_share_their_alters_stand_nearer_than_groups_do():
    cliques = [(a + 6 * group, b + 6 * group) for group in range(3) for a in range(6) for b in range(6) if a != b]
    points = layout(network_of(18, [*cliques, (0, 6), (6, 12), (12, 0)]))
    groups = points.reshape(3, 6, 2)
    within = max(pdist(group).max() for group in groups)
    assert pdist(groups.mean(axis=1)).min() > within


def test_another_process_draws_the_same():
    code = """
from graphs import random_network
from diffusion.network.layout import layout
print(layout(random_network(60, 150, 4)).tolist())
"""
    printed = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7"},
    ).stdout
    assert printed.strip() == str(layout(random_network(60, 150, 4)).tolist())


def test_the_order_of_a_file_does_not_move_anybody():
    ties = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]
    first, second = (
        Network.from_tables(name="n", ids=ids, source=[tie[0] for tie in rows], target=[tie[1] for tie in rows])
        for ids, rows in ((list("abcd"), ties), (list("dcba"), ties[::-1]))
    )
    assert layout(first).tolist() == layout(second).tolist()
