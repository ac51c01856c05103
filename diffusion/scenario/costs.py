"""What leaders and interventions cost: the section ``[costs]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from diffusion.errors import nearest_name_hint
from diffusion.model.interventions.units import UNITS
from diffusion.scenario.checks import Complain, complain_at, number
from diffusion.toml.documents import shown

BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class CostsStated:
    """State prices, and perhaps what may be spent.

    Attributes
    ----------
    prices
        Pairs of a unit, a name in :data:`diffusion.model.interventions.units.UNITS`, and its price, sorted.
    budget
        What may be spent; ``None`` where nothing is said.
    """

    prices: tuple[tuple[str, float], ...] = ()
    budget: float | None = None

    @classmethod
    def stated(cls, table: Mapping[str, Any]) -> CostsStated:
        """Return what a checked ``[costs]`` table states."""
        prices = tuple(sorted((unit, price) for unit, price in table.items() if unit != BUDGET))
        return cls(prices, table.get(BUDGET))

    def canonical(self) -> dict[str, float]:
        """Return the table for JSON, as :meth:`stated` reads it."""
        return {**dict(self.prices), **({} if self.budget is None else {BUDGET: self.budget})}


def checked_costs(said: object, complain: Complain) -> dict[str, Any]:
    """Return a ``[costs]`` table in its normal spelling; complain of everything that is wrong.

    Parameters
    ----------
    said
        What the file says; ``None`` where there is no such section.
    complain
        Where problems go.
    """
    if said is None:
        return {}
    if not isinstance(said, dict):
        complain(f"must be a table of prices, such as leader = 10; got {shown(said)}")
        return {}
    known = (*UNITS, BUDGET)
    normal = {}
    for name, price in said.items():
        if name not in known:
            hint = nearest_name_hint(name, known) or f"; known are {', '.join(known)}"
            complain(f"nothing of this name has a price{hint}", name)
            continue
        normal[name] = number(0)(price, partial(complain_at, complain, name))
    if normal.keys() == said.keys() and not any(normal.get(unit) for unit in UNITS):
        complain(f"prices nothing; write what something costs ({', '.join(UNITS)}), or take the section out")
    return normal
