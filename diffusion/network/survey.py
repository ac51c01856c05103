"""What is known of how a network was asked for: what an examiner asks first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Survey:
    """Hold how a network was asked for, in numbers alone, so that no name stands in it.

    Attributes
    ----------
    ego_networks
        Whether the agents whom respondents named stand for themselves in each
        respondent's network, so that the whole is a stack of personal networks
        and no whole network.
    asked
        How many people were asked (the roster); ``None`` if nobody said.
    respondents
        How many answered; ``None`` if nobody said.
    not_interviewed
        How many distinct people were named who did not answer.
    left_out
        How many nominations were left out because they named such people.
    self_nominations, repeats
        How many nominations named the respondent, and how many repeated another
        in the same layer.
    caps
        How many names a respondent could give, by layer, where that was limited.
    at_cap
        How many respondents gave as many names as they could, by layer.
    """

    ego_networks: bool = False
    asked: int | None = None
    respondents: int | None = None
    not_interviewed: int = 0
    left_out: int = 0
    self_nominations: int = 0
    repeats: int = 0
    caps: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    at_cap: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
