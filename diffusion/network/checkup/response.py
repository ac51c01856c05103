"""Who was asked, who answered, and who was named without being asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from diffusion.network.checkup.findings import Finding, per_cent, several
from diffusion.network.network import Network, normalized
from diffusion.network.survey import Survey

COLUMN = "interviewed"
"""The column of the agent table that says who answered."""

LOW_RESPONSE = 0.8
"""Below this share of answers there is a warning: measures of position begin to drift (Costenbader & Valente 2003,
doi 10.1016/S0378-8733(03)00012-1; Smith & Moody 2013, doi 10.1016/j.socnet.2013.09.003)."""

MANY_NOT_INTERVIEWED = 0.1
"""Above this share of agents who were named but did not answer there is a warning."""

_YES, _NO = {"yes", "y", "true", "t", "1", "x", "interviewed"}, {"no", "n", "false", "f", "0", ""}

Answered = Mapping[str, Any]


def response(network: Network, roster: Collection[str] | None) -> dict[str, Any]:
    """Return who was asked and who answered, in numbers; None where nobody says.

    Parameters
    ----------
    network
        The network.
    roster
        The ids of all who were asked, where they are known.
    """
    survey = network.survey or Survey()
    asked = {normalized(text) for text in roster} if roster is not None else None
    answered, unread = _interviewed(network)
    count = len(asked) if asked is not None else survey.asked
    respondents = survey.respondents
    if answered is not None:
        respondents = len(answered & asked) if asked is not None else len(answered)
    known = respondents is not None
    if asked is not None and not known:
        respondents = len(asked & set(network.ids))
    not_interviewed = len(_named(network) - answered) if answered is not None else survey.not_interviewed
    return {
        "asked": count,
        "respondents": respondents,
        "respondents_known": known,
        "response_rate": respondents / count if respondents is not None and count else None,
        "not_interviewed": not_interviewed,
        "nominations_left_out": survey.left_out,
        "self_nominations": max(survey.self_nominations, network.self_ties),
        "repeats": max(survey.repeats, network.repeats),
        "not_on_roster": len(set(network.ids) - asked) if asked is not None else None,
        "answered_not_on_roster": len((answered or set()) - asked) if asked is not None else None,
        "missing_from_network": len(asked - set(network.ids)) if asked is not None else None,
        "unread_interviewed": unread,
    }


def response_findings(told: Answered, *, has_roster: bool) -> list[Finding]:
    """Return what there is to say of the response.

    Parameters
    ----------
    told
        What :func:`response` returns.
    has_roster
        Whether the roster was given.
    """
    findings = [_rate(told, has_roster=has_roster)]
    if strangers := told["answered_not_on_roster"]:
        sentence = (
            f"{several(strangers, 'person', 'people')} answered and {_was(strangers)} not on the roster, so the "
            "response rate leaves them out: see that it is complete, and spells ids as the network does."
        )
        findings.append(Finding("answered_not_on_roster", "warning", sentence, {"people": strangers}))
    if others := (told["not_on_roster"] or 0) - (strangers or 0):
        sentence = f"{several(others, 'agent is', 'agents are')} not on the roster: named, but not asked."
        findings.append(Finding("not_on_roster", "note", sentence, {"agents": others}))
    if missing := told["missing_from_network"]:
        sentence = (
            f"{several(missing, 'person', 'people')} on the roster {'is' if missing == 1 else 'are'} no agent of the "
            "network: they neither answered nor were named, or are spelt differently there."
        )
        findings.append(Finding("missing_from_network", "note", sentence, {"people": missing}))
    if unread := told["unread_interviewed"]:
        sentence = (
            f"The column {COLUMN} should say yes or no; {several(unread, 'cell says', 'cells say')} something else and "
            "counted as no."
        )
        findings.append(Finding("unread_interviewed", "warning", sentence, {"cells": unread}))
    return findings


def nomination_findings(told: Answered, network: Network) -> list[Finding]:
    """Return what there is to say of those who were named without answering, and of what was dropped.

    Parameters
    ----------
    told
        What :func:`response` returns.
    network
        The network.
    """
    findings = []
    if count := told["not_interviewed"]:
        many = count > MANY_NOT_INTERVIEWED * network.size
        sentence = (
            f"{several(count, 'person was', 'people were')} named but did not answer, against {network.size:,} agents: "
            "whom they would have named nobody knows, so ties around them are missing, and where they were left out, "
            "so are ties of those who named them."
        )
        findings.append(Finding("not_interviewed", "warning" if many else "note", sentence, {"people": count}))
    if count := told["nominations_left_out"]:
        sentence = f"{several(count, 'nomination')} of people who did not answer {_was(count)} left out."
        findings.append(Finding("nominations_left_out", "note", sentence, {"nominations": count}))
    if count := told["self_nominations"]:
        sentence = f"{several(count, 'nomination')} of oneself {_was(count)} dropped."
        findings.append(Finding("self_nominations", "note", sentence, {"nominations": count}))
    if count := told["repeats"]:
        sentence = (
            f"{several(count, 'repeat')} of a tie in the same layer {_was(count)} merged; the largest strength counts."
        )
        findings.append(Finding("repeats", "note", sentence, {"repeats": count}))
    return findings


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _rate(told: Answered, *, has_roster: bool) -> Finding:
    asked, respondents, rate = told["asked"], told["respondents"], told["response_rate"]
    numbers = {"asked": asked, "respondents": respondents, "response_rate": rate}
    if rate is None:
        known = f"{several(respondents, 'person', 'people')} answered, but " if respondents is not None else ""
        sentence = (
            f"{known}nobody says who was asked{'' if known else ' and who answered'}, so there is no response rate; "
            f"give --roster FILE{'' if known else f', and a column {COLUMN} (yes, no) of agents'}."
        )
        return Finding("response_rate", "note", sentence[0].upper() + sentence[1:], numbers)
    if has_roster and not told["respondents_known"]:
        sentence = (
            f"{respondents:,} of the {asked:,} people on the roster are agents of the network, so at most "
            f"{per_cent(respondents, asked)} answered; a column {COLUMN} (yes, no) of agents would say who did."
        )
        return Finding("response_rate", "warning" if rate < LOW_RESPONSE else "note", sentence, numbers)
    low = rate < LOW_RESPONSE
    advice = f"; below {100 * LOW_RESPONSE:.0f} % positions are uncertain: test how the answer stands missing agents"
    sentence = (
        f"{respondents:,} of {several(asked, 'person', 'people')} who were asked answered "
        f"({per_cent(respondents, asked)}){advice if low else ''}."
    )
    return Finding("response_rate", "warning" if low else "note", sentence, numbers)


def _interviewed(network: Network) -> tuple[set[str] | None, int]:
    """Return who answered, as the column says, and how many cells say neither yes nor no."""
    name = next((name for name in network.columns if name.casefold() == COLUMN), None)
    if name is None:
        return None, 0
    cells = [cell.casefold() for cell in network.columns[name]]
    return (
        {agent for agent, cell in zip(network.ids, cells, strict=True) if cell in _YES},
        sum(cell not in _YES | _NO for cell in cells),
    )


def _named(network: Network) -> set[str]:
    """Return all who have ties."""
    return {network.ids[agent] for agent in np.flatnonzero(network.alters.degrees > 0).tolist()}
