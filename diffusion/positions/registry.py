"""The registry of positions: every one by its name, and every parameter that one of them has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from diffusion.positions.attributes import ATTRIBUTES
from diffusion.positions.brokerage import BROKERAGE
from diffusion.positions.centrality import CENTRALITY
from diffusion.positions.optimum import OPTIMAL
from diffusion.positions.position import Position, PositionParameter
from diffusion.positions.sets import SETS

POSITIONS: Mapping[str, Position] = MappingProxyType(
    {position.name: position for position in (*CENTRALITY, *BROKERAGE, *SETS, OPTIMAL, *ATTRIBUTES)}
)
"""Every position by its name."""

_PARAMETERS = [said for position in POSITIONS.values() for said in position.parameters]

POSITION_PARAMETERS: Mapping[str, PositionParameter] = MappingProxyType(
    {name: next(said for said in _PARAMETERS if said.name == name) for name in (said.name for said in _PARAMETERS)}
)
"""Every parameter of positions by its name; one name means the same in all positions that have it."""
