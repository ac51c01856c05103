"""What a scenario says of agents' values: read, written again for digests, and drawn anew where no world is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from diffusion.model.parameters import AgentValue, ByRole, Column, Distribution
from diffusion.scenario.checks import COLUMN
from diffusion.scenario.sections import is_distribution


def agent_value(value: Any) -> AgentValue:
    """Return what a checked value says of agents.

    Parameters
    ----------
    value
        As a table of a scenario has it.
    """
    if isinstance(value, str):
        return Column(value.removeprefix(COLUMN))
    if isinstance(value, Mapping) and not is_distribution(value):
        return ByRole(tuple((role, _number_or_distribution(value[role])) for role in sorted(value)))
    return _number_or_distribution(value)


def _number_or_distribution(value: Any) -> float | Distribution:
    if not isinstance(value, Mapping):
        return float(value)
    stated = dict(value)
    drawn_per = stated.pop("drawn_per", "replicate")
    [(name, arguments)] = stated.items()
    return Distribution(name, tuple(arguments), drawn_per)


def canonical_value(value: AgentValue) -> Any:
    """Return what is said of agents for JSON and digests.

    Parameters
    ----------
    value
        What is said.
    """
    if isinstance(value, Distribution):
        drawn = {"drawn_per": value.drawn_per} if value.drawn_per != "replicate" else {}
        return {value.name: list(value.arguments), **drawn}
    if isinstance(value, Column):
        return f"{COLUMN}{value.name}"
    if isinstance(value, ByRole):
        return {role: canonical_value(said) for role, said in value.values}
    return value


def drawn_anew(value: AgentValue) -> AgentValue:
    """Return what is said of agents with every distribution drawn in every replicate.

    Parameters
    ----------
    value
        What is said.
    """
    if isinstance(value, ByRole):
        return ByRole(tuple((role, _one(said)) for role, said in value.values))
    return value if isinstance(value, Column) else _one(value)


def _one(value: float | Distribution) -> float | Distribution:
    return replace(value, drawn_per="replicate") if isinstance(value, Distribution) else value
