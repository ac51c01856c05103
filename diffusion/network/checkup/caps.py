"""Whether respondents ran out of room for names: many of them at the most that could be named."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.network.checkup.findings import Finding, per_cent, several
from diffusion.network.composition import only_layer
from diffusion.network.network import Network
from diffusion.network.survey import Survey

MANY_AT_CAP = 0.2
"""From this share of respondents at a known limit there is a warning."""

SHARE_AT_MOST, AGENTS_AT_MOST, LEAST_CAP = 0.15, 5, 3
"""Without a known limit: this share of those with ties, and this many agents, have exactly the largest number of
them, which is at least this large. Where nobody is limited, numbers of ties trail off to a few who have the most."""

_SIDES = (
    ("in", "learn from", "nominations made, if people were asked whom they turn to"),
    ("out", "hand on to", "nominations made, if people were asked whom they tell"),
)


def cap_findings(network: Network) -> list[Finding]:
    """Return, layer by layer, whether the number of names seems to have been limited."""
    survey = network.survey or Survey()
    findings = []
    for name in network.layers:
        layer = only_layer(network, name)
        if name in survey.caps:
            findings += _known(name, layer, survey)
        elif not _is_undirected(layer):
            findings += _guessed(name, layer)
    return findings


def _known(name: str, layer: Network, survey: Survey) -> list[Finding]:
    at_cap = survey.at_cap.get(name, 0)
    total = survey.respondents or int((layer.alters.degrees > 0).sum())
    numbers = {"layer": name, "cap": survey.caps[name], "at_cap": at_cap, "respondents": total}
    many = at_cap >= MANY_AT_CAP * total
    follows = "; their further ties are missing, and measures of position are biased towards those who are named first"
    sentence = (
        f"Layer {name}: {at_cap:,} of {several(total, 'respondent')} ({per_cent(at_cap, total)}) gave as many names as "
        f"they could, {survey.caps[name]}{follows if many else ''}."
    )
    return [Finding("name_cap", "warning" if many else "note", sentence, numbers)]


def _guessed(name: str, layer: Network) -> list[Finding]:
    findings = []
    degrees = {"in": layer.in_alters.degrees, "out": layer.out_alters.degrees}
    for side, phrase, meaning in _SIDES:
        found = _pile(degrees[side])
        if found is None:
            continue
        most, at_most, tied = found
        numbers: dict[str, Any] = {"layer": name, "side": side, "most": most, "at_most": at_most, "agents": tied}
        sentence = (
            f"Layer {name}: {at_most:,} of the {tied:,} agents who {phrase} anybody ({per_cent(at_most, tied)}) do so "
            f"with exactly {most}, and nobody with more ({meaning}): from {100 * SHARE_AT_MOST:.0f} % on the number of "
            "names was probably limited, and further ties are missing."
        )
        findings.append(Finding("name_cap", "warning", sentence, numbers))
    return findings


def _pile(degrees: NDArray[np.int64]) -> tuple[int, int, int] | None:
    """Return the largest degree, how many have it and how many have any, if they pile up there."""
    most, tied = int(degrees.max(initial=0)), int((degrees > 0).sum())
    if most < LEAST_CAP:
        return None
    at_most = int((degrees == most).sum())
    return (most, at_most, tied) if at_most >= max(AGENTS_AT_MOST, SHARE_AT_MOST * tied) else None


def _is_undirected(layer: Network) -> bool:
    """Tell whether every tie is returned, so that nobody can say who named whom."""
    return len(layer.alters.indices) == len(layer.out_alters.indices)
