"""In which ways a network may be uncertain, and what each takes for granted."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["robustness", "imputation", "redrawn"]

MODE_SENTENCES: Mapping[Mode, str] = MappingProxyType(
    {
        "robustness": (
            "the given network is taken as true, and leaders are chosen on what a survey with this error would have "
            "shown"
        ),
        "imputation": "the given network is taken as what was observed, and plausible true ones are drawn",
        "redrawn": (
            "the region is drawn anew from its targets: its people stay, who is prominent and all ties are drawn"
        ),
    }
)
"""What each mode takes for granted, in plain English."""
