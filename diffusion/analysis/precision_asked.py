"""What a study may ask of precision: how well its differences are to be known, or its best arm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

FIRST_REPLICATES = 128
"""How many replicates there are before the rule first looks: two blocks."""

FIRST_WORLDS = 30
"""How many worlds there are before the rule first looks."""


@dataclass(frozen=True)
class Precision:
    """State how well differences are to be known.

    Attributes
    ----------
    outcome
        Of which outcome.
    half_width
        How far an interval may reach to each side of a difference, in the outcome's unit.
    confidence
        Of all intervals at once.
    rule
        The stopping rule, in words.
    """

    outcome: str = "adopted_share"
    half_width: float = 0.01
    confidence: float = 0.95
    rule: ClassVar[str] = (
        "runs or worlds are added until every simultaneous interval is at most as wide as asked "
        "(Chow & Robbins 1965), looking after a first batch and then at the size that promises to be enough"
    )


@dataclass(frozen=True)
class BestWithin:
    """State how well the best arm is to be known.

    Attributes
    ----------
    outcome
        By which outcome.
    best_within
        By how much the arm that is named may fall short of the best, in the outcome's unit.
    confidence
        With what probability it does not fall short by more, in each cell on each network.
    rule
        The stopping rule, in words.
    """

    outcome: str = "adopted_share"
    best_within: float = 0.01
    confidence: float = 0.95
    rule: ClassVar[str] = (
        "runs or worlds are added until no other arm can be better than the leading one by more than asked, and arms "
        "that are worse than it are stopped before, by bounds on paired differences that hold at all looks together "
        "(Paulson 1964, Kim & Nelson 2001)"
    )


AskedPrecision: TypeAlias = Precision | BestWithin
"""Either of the two."""


def asked_precision(stated: Mapping[str, Any]) -> AskedPrecision:
    """Return what a checked table asks for."""
    return BestWithin(**stated) if "best_within" in stated else Precision(**stated)
