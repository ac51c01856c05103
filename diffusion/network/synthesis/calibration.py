"""By what means the transitivity and the inequality of degrees that targets ask for are met.

Neither can be set: a share of ties that close two-paths makes the one, a spread
of prominence the other, and each moves both a little. The two are found by
drawing regions and stepping towards the targets (Robbins & Monro 1951, doi
10.1214/aoms/1177729586). The draws have seeds of their own, so that regions are
not chosen by how well they fit.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from diffusion.network.synthesis.blocks import blocks_of
from diffusion.network.synthesis.measured import top_tenth_share_of, transitivity_of
from diffusion.network.synthesis.pairs import Making, drawn_pairs
from diffusion.network.synthesis.people import People, drawn_people
from diffusion.network.synthesis.targets import Targets, scaled

MOST_AGENTS_DRAWN = 2_000
"""Larger regions are calibrated by regions of this size with the same targets."""

_STEPS = 32
_UNSETTLED = 12
_LARGEST_SPREAD = 2.5
_START = Making(closure=0.5, spread=0.8)
_GAINS = (2.0, 8.0)  # somewhat below one over how much each share changes with its means


def calibrated(targets: Targets) -> Making:
    """Return by what means targets are met.

    Parameters
    ----------
    targets
        The targets.
    """
    small = scaled(targets, MOST_AGENTS_DRAWN) if targets.size > MOST_AGENTS_DRAWN else targets
    return _calibrated(replace(small, name="calibration", stands_for="", seed=0))


@lru_cache(maxsize=64)
def _calibrated(targets: Targets) -> Making:
    closure, spread = _START.closure, _START.spread
    settled = []
    for step in range(_STEPS):
        people = drawn_people(targets, step, spread)
        blocks = blocks_of(targets, room_of(targets, people))
        pairs = drawn_pairs(targets, people, blocks, closure=closure, seed=step)
        gain = 1 / (1 + step / 4)
        closure += gain * _GAINS[0] * (targets.transitivity - transitivity_of(*pairs, people.size))
        spread += gain * _GAINS[1] * (targets.top_tenth_share - top_tenth_share_of(*pairs, people.size))
        closure, spread = min(max(closure, 0.0), 1.0), min(max(spread, 0.0), _LARGEST_SPREAD)
        if step >= _UNSETTLED:
            settled.append((closure, spread))
    closure, spread = (sum(values) / len(values) for values in zip(*settled, strict=True))
    return Making(round(closure, 3), round(spread, 3))


def room_of(targets: Targets, people: People) -> list[int]:
    """Return how many pairs of agents who have ties at all there are inside organisations, by role.

    Parameters
    ----------
    targets
        The targets.
    people
        The agents.
    """
    active = people.prominence > 0
    sizes = np.bincount(people.organisation[active], minlength=len(people.kind))
    roles = np.array([targets.roles.index(entry.role) for entry in targets.organisations])[people.kind]
    return [int((sizes * (sizes - 1) // 2)[roles == role].sum()) for role in range(len(targets.roles))]
