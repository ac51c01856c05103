"""How a network was asked for as one line of JSON, for formats that can keep a text on the whole network."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from typing import Any

from diffusion.network.survey import Survey

_NUMBERS = {field.name for field in fields(Survey)} - {"ego_networks", "caps", "at_cap"}


def survey_text(survey: Survey) -> str:
    """Return a line that states what is known; what is not known is left out.

    Parameters
    ----------
    survey
        How the network was asked for.

    Examples
    --------
    >>> survey_text(Survey(respondents=3, caps={"advice": 5}))
    '{"respondents": 3, "caps": {"advice": 5}}'
    """
    blank = Survey()
    plain = replace(survey, caps=dict(survey.caps), at_cap=dict(survey.at_cap))
    said = {key: value for key, value in asdict(plain).items() if value != getattr(blank, key)}
    return json.dumps(said)


def survey_of(text: str) -> Survey | None:
    """Return what a line states, or ``None`` where it states no survey.

    Parameters
    ----------
    text
        The line.

    Examples
    --------
    >>> survey_of('{"respondents": 3}').respondents, survey_of('{"respondents": -3}'), survey_of("3")
    (3, None, None)
    """
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not all(_fits(key, value) for key, value in said.items()):
        return None
    return Survey(**said)


def _fits(key: str, value: Any) -> bool:
    if key == "ego_networks":
        return isinstance(value, bool)
    if key in {"caps", "at_cap"}:
        return isinstance(value, dict) and all(map(_is_count, value.values()))
    return key in _NUMBERS and _is_count(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
