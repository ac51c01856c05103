"""A choice of leaders: who always leads, and what every replicate draws anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose
from diffusion.model.parameters import AgentValue, ByRole, Column, Distribution
from diffusion.positions.found import Search

Agents = tuple[int, ...]
"""Indices of agents, ascending."""


@dataclass(frozen=True)
class LeaderChoice:
    """Hold who leads in every replicate, and which places are drawn anew in each.

    Attributes
    ----------
    fixed
        Indices of the agents who always lead, ascending.
    places
        How many further leaders each replicate draws.
    among
        Indices of the agents among whom they are drawn, ascending.
    purpose
        Which draw decides: ``LEADERS`` at random, ``TIE_BREAK`` among equals.
    sets
        Where whole sets are drawn: who leads beside the fixed ones, one of
        these in each replicate.
    strata
        Where every group has places of its own: places and agents by group.
    draw
        Where agents are found over ties: the name of the draw.
    value
        Where those of the lowest or highest value lead that agents draw in
        each replicate: the value, and ``purpose`` says which.
    search
        What the search found that chose them, where one did.
    """

    fixed: Agents
    places: int = 0
    among: Agents = ()
    purpose: Purpose = Purpose.LEADERS
    sets: tuple[Agents, ...] = ()
    strata: tuple[tuple[int, Agents], ...] = ()
    draw: str = ""
    value: AgentValue | None = None
    search: Search | None = None

    @classmethod
    def of_sets(cls, sets: Sequence[Sequence[int]]) -> LeaderChoice:
        """Return the choice of one of several sets of equal size, drawn anew in every replicate.

        Examples
        --------
        >>> LeaderChoice.of_sets([[0, 2], [0, 1]]).tied
        'one of 2 equally good sets'
        """
        distinct = sorted({tuple(sorted(agents)) for agents in sets})
        always = set(distinct[0]).intersection(*distinct)
        if len(distinct) == 1:
            return cls(distinct[0])
        rest = tuple(tuple(agent for agent in agents if agent not in always) for agents in distinct)
        among = tuple(sorted(set().union(*rest)))
        return cls(tuple(sorted(always)), len(rest[0]), among, Purpose.TIE_BREAK, sets=rest)

    @classmethod
    def of_strata(
        cls, fixed: Sequence[int], strata: Sequence[tuple[int, Sequence[int]]], purpose: Purpose = Purpose.LEADERS
    ) -> LeaderChoice:
        """Return the choice that draws so many of every group; groups that are taken whole are fixed."""
        drawn = tuple((places, tuple(sorted(group))) for places, group in strata if 0 < places < len(group))
        whole = [agent for places, group in strata if places == len(group) for agent in group]
        always = tuple(sorted([*fixed, *whole]))
        if len(drawn) < 2:
            return cls(always, *drawn[0], purpose) if drawn else cls(always)
        among = tuple(sorted(agent for _, group in drawn for agent in group))
        return cls(always, sum(places for places, _ in drawn), among, purpose, strata=drawn)

    @property
    def count(self) -> int:
        """Return how many leaders every replicate has."""
        return len(self.fixed) + self.places

    @property
    def is_fixed(self) -> bool:
        """Return whether the same agents lead in every replicate."""
        return self.places == 0

    @property
    def tied(self) -> str:
        """Return what is drawn among equals, "p places among m tied"; an empty text where nothing is."""
        if self.is_fixed or self.purpose is not Purpose.TIE_BREAK:
            return ""
        if self.sets:
            return f"one of {len(self.sets)} equally good sets"
        return f"{self.places} {'place' if self.places == 1 else 'places'} among {len(self.among)} tied"

    @cached_property
    def drawn_among(self) -> NDArray[np.int64]:
        """Return :attr:`among` as an array; shape (candidates,)."""
        return np.array(self.among, dtype=np.int64)

    def as_json(self) -> dict[str, Any]:
        """Return the choice for JSON; what is at its default is left out, but for the first four."""
        told: dict[str, Any] = {"fixed": self.fixed, "places": self.places}
        told |= {"among": self.among, "purpose": int(self.purpose)}
        told |= {key: said for key in ("sets", "strata", "draw") if (said := getattr(self, key))}
        told |= {} if self.search is None else {"search": self.search.as_json()}
        return told if self.value is None else {**told, "value": _value_as_json(self.value)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> LeaderChoice:
        """Return the choice that :meth:`as_json` told of."""
        return cls(
            tuple(told["fixed"]),
            told["places"],
            tuple(told["among"]),
            Purpose(told["purpose"]),
            sets=tuple(tuple(agents) for agents in told.get("sets", ())),
            strata=tuple((places, tuple(group)) for places, group in told.get("strata", ())),
            draw=told.get("draw", ""),
            value=_value_from_json(told["value"]) if "value" in told else None,
            search=Search.from_json(told["search"]) if "search" in told else None,
        )


def _value_as_json(value: AgentValue) -> Any:
    if isinstance(value, Distribution):
        drawn = {"drawn_per": value.drawn_per} if value.drawn_per != "replicate" else {}
        return {"distribution": value.name, "arguments": list(value.arguments), **drawn}
    if isinstance(value, ByRole):
        return {"roles": {role: _value_as_json(said) for role, said in value.values}}
    return {"column": value.name} if isinstance(value, Column) else value


def _value_from_json(told: Any) -> Any:
    if not isinstance(told, Mapping):
        return float(told)
    if "roles" in told:
        return ByRole(tuple((role, _value_from_json(said)) for role, said in told["roles"].items()))
    if "column" in told:
        return Column(told["column"])
    return Distribution(told["distribution"], tuple(told["arguments"]), told.get("drawn_per", "replicate"))
