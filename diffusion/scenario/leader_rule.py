"""Who leads an arm, as its scenario states it: by a position in the network, or one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from diffusion.scenario.registries import positions
from diffusion.scenario.tables import Table


@dataclass(frozen=True, slots=True)
class LeaderRule:
    """State who leads, by a position in the network or one by one.

    Attributes
    ----------
    position
        The position's name; ``None`` where agents are named or nobody leads.
    agents
        The leaders' ids, sorted; ``None`` where a position is held.
    count
        How many lead, ≥ 0.
    roles
        The roles that may lead, sorted; ``None`` for all.
    parameters
        The position's parameters, by name, in order; those at their defaults left out.
    """

    position: str | None = None
    agents: tuple[str, ...] | None = None
    count: int = 0
    roles: tuple[str, ...] | None = None
    parameters: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def stated(cls, leaders: Table) -> LeaderRule:
        """Return the rule that a ``leaders`` table states; ``agents`` sets aside the rest."""
        if "agents" in leaders:
            return cls(agents=tuple(sorted(leaders["agents"])), count=len(leaders["agents"]))
        if leaders["count"] == 0:
            return cls()
        roles = tuple(sorted(leaders["roles"])) if "roles" in leaders else None
        unusual = positions()[leaders["position"]].unusual(leaders.get("parameters", {}))
        parameters = tuple(unusual.items())
        return cls(position=leaders["position"], count=leaders["count"], roles=roles, parameters=parameters)
