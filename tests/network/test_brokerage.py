"""Brokerage by group against the definition, triple by triple, and against published shares."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from generated import networks
from graphs import network_of
from hypothesis import given
from real_networks import dhhs_tobacco_leaders, needs_real_networks

from diffusion.network.brokerage import ROLES, brokerage


def told_by_definition(network, labels):
    tied = set(zip(network.source.tolist(), network.target.tolist(), strict=True))
    counts = {role: np.zeros(network.size, dtype=int) for role in ROLES}
    for a, b, c in permutations(range(network.size), 3):
        if (a, b) in tied and (b, c) in tied and (a, c) not in tied and all(labels[agent] for agent in (a, b, c)):
            counts[role_of(labels[a], labels[b], labels[c])][b] += 1
    return counts


def role_of(first, broker, last):
    if first == broker == last:
        return "coordinator"
    if first == last:
        return "consultant"
    if first == broker:
        return "representative"
    return "gatekeeper" if broker == last else "liaison"


@given(networks())
def test_every_brokered_pair_is_counted_as_the_definition_says(network):
    labels = ["" if role == "nurse" else role for role in network.roles]
    found, expected = brokerage(network, labels), told_by_definition(network, labels)
    assert {role: counts.tolist() for role, counts in found.items()} == {
        role: counts.tolist() for role, counts in expected.items()
    }


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        ("AAA", "coordinator"),
        ("BAB", "consultant"),
        ("AAB", "representative"),
        ("BAA", "gatekeeper"),
        ("BAC", "liaison"),
    ],
)
def test_a_path_of_three_has_one_broker_whose_role_follows_from_the_groups(groups, role):
    found = brokerage(network_of(3, [(0, 1), (1, 2)]), list(groups))
    assert {name: counts.tolist() for name, counts in found.items() if counts.any()} == {role: [0, 1, 0]}


def test_a_pair_that_is_tied_directly_needs_no_broker():
    closed = brokerage(network_of(3, [(0, 1), (1, 2), (0, 2)]), ["A", "A", "B"])
    assert not any(counts.any() for counts in closed.values())


@needs_real_networks
@pytest.mark.parametrize(
    ("level", "shares"), [(1, (0.05, 0.02, 0.22, 0.22, 0.49)), (3, (0.18, 0.05, 0.25, 0.25, 0.28))]
)
def test_brokerage_between_agencies_has_its_published_shares(level, shares):
    network = dhhs_tobacco_leaders(level)
    found = brokerage(network, network.columns["organisation"])
    total = sum(counts.sum() for counts in found.values())
    assert [found[role].sum() / total for role in ROLES] == pytest.approx(shares, abs=0.0056)
