"""What a study may ask of precision: how well the differences between its arms are to be known."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_REPLICATES = 128
"""How many replicates there are before the rule first looks: two blocks."""

FIRST_WORLDS = 30
"""How many worlds there are before the rule first looks."""

RULE = (
    "runs or worlds are added until every simultaneous interval is at most as wide as asked "
    "(Chow & Robbins 1965), looking after a first batch and then at the size that promises to be enough"
)
"""The stopping rule, in words."""


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
    """

    outcome: str = "adopted_share"
    half_width: float = 0.01
    confidence: float = 0.95
