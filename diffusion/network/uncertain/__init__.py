"""Uncertain networks: what a survey may have missed of a network, what it may have been, and regions drawn anew."""

from __future__ import annotations

from diffusion.network.survey_error import ASKED, NONRESPONDENTS, SurveyError
from diffusion.network.uncertain.changes import changes
from diffusion.network.uncertain.imputed import imputed
from diffusion.network.uncertain.observed import Observed, nonresponse, observed
from diffusion.network.uncertain.redrawn import redrawn, region_targets
from diffusion.network.uncertain.room_left import RoomLeft

__all__ = [
    "ASKED",
    "NONRESPONDENTS",
    "Observed",
    "RoomLeft",
    "SurveyError",
    "changes",
    "imputed",
    "nonresponse",
    "observed",
    "redrawn",
    "region_targets",
]
