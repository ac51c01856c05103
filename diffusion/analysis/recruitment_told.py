"""What leaders' recruitment brought, in plain English made from its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.phrases import counted, decimals_for, joined, opened
from diffusion.analysis.recruitment import LeaderCredit, Recruitment
from diffusion.analysis.sentences import Setting


def recruitment_sentences(found: Recruitment, setting: Setting) -> tuple[str, ...]:
    """Return what an arm's leaders brought: without each of them, and shared out among them.

    Parameters
    ----------
    found
        The credit.
    setting
        What to say beside the numbers.
    """
    told = [_lost(found, setting) if found.losses else "", _shared(found, setting) if found.shapley else ""]
    return tuple(opened(text) for text in told if text)


def _lost(found: Recruitment, setting: Setting) -> str:
    ordered = sorted(found.losses, key=lambda loss: -loss.mean)
    decimals = _decimals(ordered)
    rest = [f"without {loss.leader}, {_change(loss, decimals)}" for loss in ordered]
    runs = setting.sample(found.replicates, "paired")
    lead = (
        f"{setting.place}, {setting.phrase(found.arm)} reached {counted(found.adopters, 'agent', 1)} on average, "
        f"leaders included; had one leader alone not been recruited, in the very same {runs}, there would have been, "
    )
    note = "" if len(ordered) == 1 else " (these need not add up: leaders stand in for one another, or help each other)"
    return f"{lead}{'; '.join(rest)}{note}."


def _change(loss: LeaderCredit, decimals: int) -> str:
    value = round(loss.mean, decimals)
    if value == 0:
        size = "as many" if loss.low is None else "on average as many"
    else:
        size = f"{abs(value):,.{decimals}f} {'fewer' if value > 0 else 'more'}"
    return f"{size}{_certainty(loss, decimals, 'fewer', 'more')}"


def _certainty(credit: LeaderCredit, decimals: int, positive: str, negative: str) -> str:
    if credit.low is None or credit.high is None:
        return "" if credit.differ_below is None else " in all runs"
    low, high = credit.low, credit.high
    if low >= 0 or credit.high <= 0:
        ends = sorted([abs(low), abs(high)])
        return f" (95 % interval {ends[0]:,.{decimals}f} to {ends[1]:,.{decimals}f})"
    return f" (95 % interval {-low:,.{decimals}f} {negative} to {high:,.{decimals}f} {positive})"


def _shared(found: Recruitment, setting: Setting) -> str:
    ordered = sorted(found.shapley, key=lambda value: -value.mean)
    decimals = _decimals(ordered)
    total = found.adopters - (found.without or 0.0)
    amounts = [f"{credit.mean:,.{decimals}f}{_certainty(credit, decimals, 'more', 'less')}" for credit in ordered]
    verbs = ["fall to", *["to"] * (len(ordered) - 1)]
    shares = [f"{amount} {verb} {credit.leader}" for amount, verb, credit in zip(amounts, verbs, ordered, strict=True)]
    return (
        f"shared out by Shapley values, of the {counted(total, 'agent', 1)} that {setting.phrase(found.arm)} brought "
        f"beyond what happens with none of them, {joined(shares)} ({setting.sample(found.replicates, 'paired')})."
    )


def _decimals(told: Sequence[LeaderCredit]) -> int:
    return decimals_for(*(one.high - one.low for one in told if one.low is not None and one.high is not None))
