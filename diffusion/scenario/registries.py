"""What a scenario may name, read from the registries when a name has to be looked up.

Importing the rules or the positions sets numba up, which takes longer than
everything else that a command does before it starts. A command that reads no
scenario, ``--help`` among them, does not wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffusion.analysis.outcomes import Outcome
    from diffusion.model.interventions.intervention import Intervention
    from diffusion.model.rules import Rule
    from diffusion.positions import Position
    from diffusion.positions.position import PositionParameter


def rules() -> Mapping[str, Rule]:
    """Return the rules by name."""
    from diffusion.model.rules import RULES

    return RULES


def exposures() -> Mapping[str, int]:
    """Return the exposures by name."""
    from diffusion.model.rules import EXPOSURES

    return EXPOSURES


def links() -> Mapping[str, int]:
    """Return the links of a hazard by name."""
    from diffusion.model.rules import LINKS

    return LINKS


def positions() -> Mapping[str, Position]:
    """Return the positions by name."""
    from diffusion.positions import POSITIONS

    return POSITIONS


def position_parameters() -> Mapping[str, PositionParameter]:
    """Return the parameters of positions by name."""
    from diffusion.positions import POSITION_PARAMETERS

    return POSITION_PARAMETERS


def outcomes() -> Mapping[str, Outcome]:
    """Return the outcomes by name."""
    from diffusion.analysis.outcomes import OUTCOMES

    return OUTCOMES


def interventions() -> Mapping[str, type[Intervention]]:
    """Return the kinds of interventions by name."""
    from diffusion.model.interventions.registry import INTERVENTIONS

    return INTERVENTIONS
