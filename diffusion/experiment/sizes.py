"""Sizes: how many replicates, or worlds, every arm of a study has.

All arms have the same, unless clearly worse ones were stopped early, or the
best was found earlier on one network, or in one cell, than elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from diffusion.network.network import Network
from diffusion.scenario import Cell, Scenario
from diffusion.scenario.stopped import Stopped, stopped_after


class PlacedArm(Protocol):
    """Say where an arm is: a planned one does."""

    @property
    def network(self) -> Network:
        """Return its network."""

    @property
    def cell(self) -> Cell:
        """Return its cell."""

    @property
    def name(self) -> str:
        """Return its name."""


def size_of(scenario: Scenario) -> int:
    """Return how many worlds there are, or how many replicates where there is one world."""
    return scenario.worlds if scenario.worlds > 1 else scenario.replicates


def of_size(scenario: Scenario, size: int) -> Scenario:
    """Return a scenario with so many worlds, or so many replicates where there is one world."""
    return replace(scenario, worlds=size) if scenario.worlds > 1 else replace(scenario, replicates=size)


def own_scenario(scenario: Scenario, arm: PlacedArm) -> Scenario:
    """Return a scenario with as many replicates and worlds as an arm has; an extra arm has those of its own arm."""
    if not scenario.stopped:
        return scenario
    name = getattr(arm, "of", arm.name)
    size = stopped_after(scenario.stopped).get((arm.network.name, arm.cell.index, name))
    return scenario if size is None else of_size(scenario, size)


def group_scenario(scenario: Scenario, arms: Sequence[PlacedArm]) -> Scenario:
    """Return a scenario with as many replicates and worlds as those of some arms have that went the whole way."""
    return max((own_scenario(scenario, arm) for arm in arms), key=size_of, default=scenario)


def shared_scenario(scenario: Scenario, arms: Sequence[PlacedArm]) -> Scenario:
    """Return a scenario in which all of some arms have as many replicates and worlds as each of them has."""
    return replace(min((own_scenario(scenario, arm) for arm in arms), key=size_of, default=scenario), stopped=())


def with_sizes(scenario: Scenario, sizes: Iterable[tuple[PlacedArm, int]]) -> Scenario:
    """Return a scenario in which every arm has so many replicates, or worlds.

    Parameters
    ----------
    scenario
        The scenario.
    sizes
        Its arms in all cells on all networks, each with how many it is to have.
    """
    told = list(sizes)
    largest = max(size for _, size in told)
    stopped = tuple(Stopped(arm.network.name, arm.cell.index, arm.name, size) for arm, size in told if size < largest)
    return replace(of_size(scenario, largest), stopped=stopped)
