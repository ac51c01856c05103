"""Who convinced whom in an arm, in plain English made from its credit."""

from __future__ import annotations

from diffusion.analysis.credit_totals import ITSELF, OUTSIDE, CreditTotals, Descent
from diffusion.analysis.phrases import counted, joined, opened, share_of
from diffusion.analysis.sentences import Setting

MOST_NAMED = 6
"""Of how many leaders, flows and layers a sentence tells at most."""

_ORIGINS = {
    OUTSIDE: "external influence (policy, media, funding)",
    ITSELF: "agents' own propensity",
}


def credit_sentences(totals: CreditTotals, setting: Setting) -> tuple[str, ...]:
    """Return who convinced whom in an arm.

    Parameters
    ----------
    totals
        The arm's credit.
    setting
        What to say beside the numbers.
    """
    name, runs = setting.phrase(totals.arm), counted(totals.replicates, "run")
    if not totals.adoptions:
        return (opened(f"{setting.place}, nobody adopted after the start with {name}, in any of {runs}."),)
    begun = [found for found in (*totals.leaders[:MOST_NAMED], totals.external, totals.own) if found.descended > 0]
    told = f"with {name}, {counted(totals.adoptions, 'agent', 1)} adopted after the start on average ({runs})"
    texts = [f"{setting.place}, {told}", _generations(totals)]
    if all(found.led == 1 for found in totals.leaders):
        texts.insert(1, f"{joined([_descent(found) for found in begun])}")
    return (opened(f"{'; '.join(texts)}."), *_groups(totals))


def _descent(found: Descent) -> str:
    origin = _ORIGINS.get(found.origin, found.origin)
    return f"{share_of(found.share or 0.0, 'them')} descend from {origin}"


def _generations(totals: CreditTotals) -> str:
    mean = f"an adopter was {totals.mean_generation or 0.0:.1f} steps from agent to agent away from where it began"
    return f"{mean}, the longest line of a run {totals.longest_generation:.1f} (means)"


def _groups(totals: CreditTotals) -> tuple[str, ...]:
    """Return the largest flows from role to role, and what came over which layer."""
    texts = []
    if len({flow.target for flow in totals.roles}) > 1:
        flows = [
            f"{share_of(flow.credit / totals.adoptions, 'all')} from {_ORIGINS.get(flow.source, flow.source)} to "
            f"{flow.target}"
            for flow in totals.roles[:MOST_NAMED]
        ]
        texts.append(f"by role, {joined(flows)}.")
    if len(totals.layers) > 1:
        ordered = sorted(totals.layers, key=lambda layer: -layer[1])[:MOST_NAMED]
        layers = [f"{share_of(credit / totals.adoptions, 'all')} over {layer}" for layer, credit in ordered]
        texts.append(f"by layer, {joined(layers)}.")
    return tuple(opened(text) for text in texts)
