"""What is said of a position: its score or its way of choosing, what it reads, where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.network import Network
from diffusion.positions.choice import LeaderChoice

Score: TypeAlias = Callable[..., NDArray[np.float64]]
"""(network, **parameters) -> a score an agent, NaN where undefined."""

Choose: TypeAlias = Callable[..., LeaderChoice]
"""(network, count, eligible agents, **parameters) -> who leads."""

Subject: TypeAlias = Literal["centrality", "brokerage", "sets", "attributes"]

TRAITS: Mapping[str, str] = MappingProxyType({"threshold": "adoption.threshold", "receptivity": "agents.receptivity"})
"""The traits of agents that positions read, each with its key in a scenario."""


@dataclass(frozen=True, slots=True)
class PositionParameter:
    """Describe a parameter of a position.

    Attributes
    ----------
    name
        Its name in scenarios; one name means the same in all positions that have it.
    kind
        ``whole``, ``number``, ``flag`` (true or false), ``column`` (of the agent table, or ``role``),
        ``outcome`` (the name of one), or ``choice`` (one of some words).
    sentence
        What it says, in words.
    default
        What it is unless stated; None where leaving it out means something of its own, which the sentence says.
    low, high
        The range of a number; None where unbounded.
    choices
        The words among which one is chosen.
    """

    name: str
    kind: Literal["whole", "number", "flag", "column", "outcome", "choice"]
    sentence: str
    default: Any = None
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Position:
    """Describe one position.

    Attributes
    ----------
    name
        The name in scenarios.
    literature
        What the literature calls it.
    sentence
        What it picks, in words, as the end of "Leaders are …".
    score
        A score an agent, where agents are ranked one by one.
    pick
        Which end of the scores leads; agents with an undefined score come last.
    sources_first
        Whether agents without an outgoing tie come after all others.
    leaders
        What its leaders are called in sentences; "leaders by" its name where empty.
    choose
        How all leaders are chosen at once, where they are.
    trait
        The trait whose lowest or highest values lead, where it is one: a key of :data:`TRAITS`.
    is_drawn
        Whether leaders are drawn anew in every replicate, whatever the network.
    is_searched
        Whether leaders are sought under a scenario's rules, so that no network alone tells them.
    subject
        Where it is listed.
    formula
        The score or the rule, in a line.
    source
        Author, year and DOI.
    direction
        Which ties of an agent it follows; empty where it follows none.
    is_weighted
        Whether it reads strengths.
    parameters
        What may be stated of it.
    columns
        The columns of the agent table that it needs, whatever is stated.
    """

    name: str
    literature: str
    sentence: str
    score: Score | None = None
    pick: Literal["highest", "lowest"] = "highest"
    sources_first: bool = False
    leaders: str = ""
    choose: Choose | None = None
    trait: str = ""
    is_drawn: bool = False
    is_searched: bool = False
    subject: Subject = "centrality"
    formula: str = ""
    source: str = ""
    direction: Literal["", "outgoing", "incoming", "either"] = "outgoing"
    is_weighted: bool = False
    parameters: tuple[PositionParameter, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def kind(self) -> Literal["score", "set", "drawn", "trait", "searched"]:
        """Return how leaders are found: by score, as a set, drawn in every replicate, by a drawn trait, by search."""
        if self.trait or self.is_searched:
            return "trait" if self.trait else "searched"
        return "score" if self.score is not None else "drawn" if self.is_drawn else "set"

    @property
    def phrase(self) -> str:
        """Return what its leaders are called in sentences."""
        return self.leaders or f"leaders by {self.name}"

    @property
    def defaults(self) -> dict[str, Any]:
        """Return the parameters that have a default."""
        return {said.name: said.default for said in self.parameters if said.default is not None}

    def unusual(self, stated: Mapping[str, Any]) -> dict[str, Any]:
        """Return those stated parameters that it has and that are not at their default, by name."""
        known = {said.name: said.default for said in self.parameters}
        return {key: stated[key] for key in sorted(stated) if key in known and stated[key] != known[key]}

    def scores(self, network: Network, parameters: Mapping[str, Any] | None = None) -> NDArray[np.float64]:
        """Return each agent's score, computed once a network; NaN where undefined or not scored.

        Parameters
        ----------
        network
            The network.
        parameters
            The position's parameters; those left out are at their defaults.

        Returns
        -------
        Shape (agents,).

        Raises
        ------
        InputError
            If the network lacks a column that it reads.
        """
        if problems := column_problems(self, network, parameters or {}):
            raise InputError(problems)
        stated = self.unusual(parameters or {})
        kept = _SCORES.setdefault(network, {})
        key = (self.name, tuple(stated.items()))
        if key not in kept:
            found = self.score(network, **{**self.defaults, **stated}) if self.score else None
            kept[key] = np.full(network.size, np.nan) if found is None else found
            kept[key].flags.writeable = False
        return kept[key]


_SCORES: WeakKeyDictionary[Network, dict[tuple[str, tuple[tuple[str, Any], ...]], NDArray[np.float64]]] = (
    WeakKeyDictionary()
)


def told_of(position: Position, network: Network) -> bool:
    """Return whether a network has all that a position reads unless told otherwise.

    Parameters
    ----------
    position, network
        The position, and the network.
    """
    return not column_problems(position, network, {})


def column_problems(position: Position, network: Network, parameters: Mapping[str, Any]) -> list[str]:
    """Return what a position reads that a network does not have, a line each.

    Parameters
    ----------
    position, network
        The position, and the network.
    parameters
        Its stated parameters.
    """
    stated = {
        said.name: parameters.get(said.name, said.default) for said in position.parameters if said.kind == "column"
    }
    needed = [
        *((column, "") for column in position.columns),
        *((column, f" ({key})") for key, column in stated.items()),
    ]
    return [
        f'the position "{position.name}" reads the column "{column}"{key}, and {_lacking(network, column)}'
        for column, key in needed
        if column != "role" and not any(network.columns.get(column, ()))
    ]


def _lacking(network: Network, column: str) -> str:
    if column in network.columns:
        return f"it is empty for every agent of {network.name}"
    known = ("role", *network.columns)
    hint = nearest_name_hint(column, known) or f"; known are {', '.join(known)}"
    return f"the agents of {network.name} have no such column{hint}"
