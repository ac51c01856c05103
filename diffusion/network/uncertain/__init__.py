"""Uncertain networks: what a survey may have missed of a network, what it may have been, and regions drawn anew."""

from __future__ import annotations

from diffusion.network.uncertain.error import ASKED, NONRESPONDENTS, SurveyError

__all__ = ["ASKED", "NONRESPONDENTS", "SurveyError"]
