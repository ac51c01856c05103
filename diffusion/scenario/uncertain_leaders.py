"""Uncertain numbers of who leads: how many there are, and the parameters of the position that they hold.

Leaders are then chosen anew in every world. What else is said of leaders
(their influence, whether they agree and stay) is no part of the choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from diffusion.model.parameters import Distribution
from diffusion.model.uncertain import Uncertain
from diffusion.scenario.registries import positions
from diffusion.scenario.sections import is_uncertain
from diffusion.scenario.tables import Table

COUNT = "leaders.count"
"""The path of the number of leaders."""

PARAMETER = "leaders.parameters."
"""What the paths of the parameters of positions begin with."""


def is_of_choice(path: str) -> bool:
    """Return whether a dotted path is one of a number on which it depends who leads."""
    return path == COUNT or path.startswith(PARAMETER)


def uncertain_in_leaders(leaders: Table) -> Iterator[tuple[str, Uncertain]]:
    """Yield the uncertain numbers on which it depends who leads, by dotted path; none where leaders are named.

    Somebody always leads where it is uncertain how many do: an arm in which
    nobody leads is another arm.

    Parameters
    ----------
    leaders
        What an arm says of its leaders, perhaps incomplete.
    """
    if "agents" in leaders or leaders.get("count") == 0:
        return
    if is_uncertain(leaders.get("count")):
        yield COUNT, Uncertain(_distribution(leaders["count"]), 1, inf, is_whole=True)
    position = positions().get(leaders.get("position", ""))
    for said in () if position is None else position.parameters:
        value = leaders.get("parameters", {}).get(said.name)
        if is_uncertain(value):
            low, high = (-inf if said.low is None else said.low), (inf if said.high is None else said.high)
            yield PARAMETER + said.name, Uncertain(_distribution(value), low, high, is_whole=said.kind == "whole")


def _distribution(value: Table) -> Distribution:
    [(name, arguments)] = value.items()
    return Distribution(name, tuple(arguments))
