"""What a scenario asks for beside its arms: runs that tell what a difference between arms is owed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FEWEST_REWIRINGS = 200
"""With fewer, the smallest p-value there can be would be above 0.005."""

REWIRED_REPLICATES = 64
"""How many replicates are played on every rewired network unless the scenario says otherwise."""


@dataclass(frozen=True, slots=True)
class NullsAsked:
    """State which null arms are played.

    Attributes
    ----------
    matched
        Whether every arm is also played with leaders of the same role and out-degree.
    rewirings
        On how many networks, rewired in each way, every arm is played; 0 for none.
    rewired_replicates
        How many replicates are played on each of them.
    """

    matched: bool = False
    rewirings: int = 0
    rewired_replicates: int = REWIRED_REPLICATES

    @classmethod
    def stated(cls, table: Mapping[str, Any]) -> NullsAsked:
        """Return what a checked ``[nulls]`` table asks for."""
        structure = table.get("structure", {})
        return cls(
            matched=table.get("matched", False),
            rewirings=structure.get("rewirings", 0),
            rewired_replicates=structure.get("replicates", REWIRED_REPLICATES),
        )


@dataclass(frozen=True, slots=True)
class CreditAsked:
    """State which credit of leaders is worked out by playing arms without them.

    Attributes
    ----------
    counterfactual
        Whether every arm is also played without each of its leaders.
    shapley
        Whether every arm is also played with every part of its leaders.
    replicates
        How many replicates of each are played; ``None`` for all.
    """

    counterfactual: bool = False
    shapley: bool = False
    replicates: int | None = None

    @classmethod
    def stated(cls, table: Mapping[str, Any]) -> CreditAsked:
        """Return what a checked ``[credit]`` table asks for."""
        return cls(**table)
