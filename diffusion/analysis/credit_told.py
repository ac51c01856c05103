"""Who convinced whom in an arm, in plain English made from its credit."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.credit_totals import ITSELF, OUTSIDE, CreditTotals
from diffusion.analysis.phrases import counted, decimals_for, joined, opened, share_of, whole
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
    texts = [f"{setting.place}, with {name}, {_adoptions(totals)}", _generations(totals)]
    if all(found.led == 1 for found in totals.leaders):
        texts.insert(1, f"of them {_listed(_descents(totals))}")
    return (opened(f"{'; '.join(texts)}."), *_groups(totals))


def shares_of_others(totals: CreditTotals) -> dict[str, float]:
    """Return the shares that a sentence tells together: of leaders, and of flows from role to role."""
    if not totals.adoptions:
        return {}
    leaders = sum(found.share or 0.0 for found in totals.leaders[MOST_NAMED:])
    flows = sum(flow.credit for flow in totals.roles[MOST_NAMED:]) / totals.adoptions
    return {"other_leaders": leaders, "other_flows": flows}


def _adoptions(totals: CreditTotals) -> str:
    low, high = totals.adoptions_low, totals.adoptions_high
    if low is None or high is None:
        runs = "in the one run" if totals.replicates == 1 else f"in each of {counted(totals.replicates, 'run')}"
        return f"{counted(totals.adoptions, 'agent')} adopted after the start {runs}"
    decimals = decimals_for(high - low)
    ends = f"95 % interval {low:,.{decimals}f} to {high:,.{decimals}f} over {whole(totals.replicates)} runs"
    return f"{counted(totals.adoptions, 'agent', decimals)} adopted after the start on average ({ends})"


def _descents(totals: CreditTotals) -> list[tuple[float, str]]:
    begun = [*totals.leaders[:MOST_NAMED], totals.external, totals.own]
    told = [(found.share or 0.0, f"from {_ORIGINS.get(found.origin, found.origin)}") for found in begun]
    rest = shares_of_others(totals).get("other_leaders", 0.0)
    return [one for one in [*told, (rest, "from other leaders")] if one[0] > 0]


def _listed(parts: Sequence[tuple[float, str]]) -> str:
    """Return shares of adopters and where they descend from, the verb with the first."""
    first, *others = parts
    told = [f"{_percent(first[0])} descend {first[1]}", *(f"{_percent(share)} {where}" for share, where in others)]
    return joined(told)


def _percent(share: float) -> str:
    """Return a share in whole per cent, without what it is of."""
    return share_of(share, "it").removesuffix(" of it")


def _generations(totals: CreditTotals) -> str:
    mean = (
        f"an adopter was on average {counted(totals.mean_generation or 0.0, 'step', 1)} from agent to agent away from"
    )
    longest = counted(totals.longest_generation, "step", 1)
    return f"{mean} where its line began, and the longest line of a run had {longest} in the mean"


def _groups(totals: CreditTotals) -> tuple[str, ...]:
    """Return the largest flows from role to role, and what came over which layer."""
    texts = []
    if len({flow.target for flow in totals.roles}) > 1:
        flows = [
            f"{_percent(flow.credit / totals.adoptions)} from {_ORIGINS.get(flow.source, flow.source)} to {flow.target}"
            for flow in totals.roles[:MOST_NAMED]
        ]
        rest = shares_of_others(totals)["other_flows"]
        flows += [f"{_percent(rest)} between others"] if rest > 0 else []
        texts.append(f"by role, of these adoptions {joined(flows)}.")
    if len(totals.layers) > 1:
        ordered = sorted(totals.layers, key=lambda layer: -layer[1])[:MOST_NAMED]
        layers = [f"{_percent(credit / totals.adoptions)} over {layer}" for layer, credit in ordered if credit > 0]
        texts.append(f"by layer, {joined(layers)}." if layers else "")
    return tuple(opened(text) for text in texts if text)
