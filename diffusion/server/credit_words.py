"""From whom an agent's moves may have come in a run, and whom it reached, in words."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.credit import EXTERNAL, OWN, Credit, Move, Origin
from diffusion.network.network import DEFAULT_LAYER, Network
from diffusion.server.happenings import NAMED

_SOURCES = {EXTERNAL: "policy, media or funding", OWN: "its own accord"}
_MOVED = {"aware": "became aware", "adopted": "adopted"}
_BROUGHT = {"aware": "aware", "adopted": "to adopt"}


def received_lines(credit: Credit, network: Network, agent: int, unit: str) -> list[str]:
    """Return when an agent moved and from whom each move may have come, a sentence each.

    Parameters
    ----------
    credit
        The credit of the run, up to the step that is shown.
    network, agent
        The network and the agent.
    unit
        What a step is called.
    """
    return [_received(move, network, unit) for move in credit.received(agent)]


def given_lines(credit: Credit, network: Network, agent: int, unit: str) -> list[str]:
    """Return whom an agent brought, directly, a sentence for each stage; nothing where it brought nobody.

    Parameters
    ----------
    credit
        The credit of the run, up to the step that is shown.
    network, agent
        The network and the agent.
    unit
        What a step is called.
    """
    lines = []
    for stage, brought in _BROUGHT.items():
        given = [reached for reached in credit.given(agent) if reached.stage == stage]
        if not given:
            continue
        told = [
            f"{network.ids[reached.agent]} ({unit} {reached.step}{_part(reached.share)}{_over(reached.layers)})"
            for reached in given
        ]
        total = sum(reached.share for reached in given)
        lines.append(f"Brought {_count(total)} {brought}: {_listed(told)}.")
    return lines


def _received(move: Move, network: Network, unit: str) -> str:
    told = _listed([_origin(origin, network) for origin in move.origins])
    named = {origin.source for origin in move.origins}
    others = len(set(move.exposers) - named)
    also = f"; {others:,} {'other' if others == 1 else 'others'} could have brought it" if others else ""
    return f"{_MOVED[move.stage].capitalize()} in {unit} {move.step}, brought by {told}{also}."


def _origin(origin: Origin, network: Network) -> str:
    name = _SOURCES.get(origin.source) or network.ids[origin.source]
    said = f"{_part(origin.share)}{_over(origin.layers)}".removeprefix(", ")
    return f"{name} ({said})" if said else name


def _part(share: float) -> str:
    """Return a share of the credit, unless it is all of it."""
    return "" if share > 1 - 1e-9 else f", {100 * share:.0f} %" if share >= 0.01 else ", under 1 %"


def _over(layers: Sequence[str]) -> str:
    named = [layer for layer in layers if layer != DEFAULT_LAYER]
    return f", {' and '.join(named)}" if named else ""


def _count(total: float) -> str:
    """Return a sum of shares with its noun: whole where it is whole."""
    if abs(total - round(total)) < 1e-9:
        return "1 other" if round(total) == 1 else f"{round(total):,} others"
    return f"{total:,.1f} others (shares added)"


def _listed(texts: Sequence[str]) -> str:
    if len(texts) > NAMED:
        return f"{', '.join(texts[:NAMED])} and {len(texts) - NAMED:,} more"
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
