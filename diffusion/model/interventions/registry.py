"""The kinds of interventions by name, for scenarios, methods texts and documentation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from diffusion.model.interventions.agent_alteration import AgentAddition, AgentRemoval
from diffusion.model.interventions.broadcasting import Broadcasting
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.matching import Matching
from diffusion.model.interventions.meetings import Meeting
from diffusion.model.interventions.outreach import Outreach
from diffusion.model.interventions.recruiting import Snowball
from diffusion.model.interventions.segmentation import Segmentation
from diffusion.model.interventions.tie_addition import TieAddition
from diffusion.model.interventions.tie_alteration import TieRemoval, TieStrengthening
from diffusion.model.interventions.tie_rewiring import TieRewiring
from diffusion.model.interventions.turnover import Turnover
from diffusion.model.interventions.word_of_mouth import WordOfMouth

_KINDS: tuple[type[Intervention], ...] = (
    Broadcasting,
    Meeting,
    WordOfMouth,
    Turnover,
    Segmentation,
    Snowball,
    Outreach,
    Matching,
    TieAddition,
    TieRemoval,
    TieStrengthening,
    TieRewiring,
    AgentAddition,
    AgentRemoval,
)

INTERVENTIONS: Mapping[str, type[Intervention]] = MappingProxyType({found.kind: found for found in _KINDS})
"""Every kind of intervention, by the name that scenarios give it.

A new kind needs one class, which states what it means and says what it
changes, and one entry here; then both engines play it.
"""
