"""Concordance in plain English; which arm is best where is told by :mod:`diffusion.analysis.agreement`."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.concordance import Concordance
from diffusion.analysis.phrases import counted, joined, named, opened, verb
from diffusion.analysis.sentences import Setting


def concordance_sentences(found: Sequence[Concordance], setting: Setting, baseline: str) -> tuple[str, ...]:
    """Return whether the arms rank alike everywhere, and where the answer turns round.

    Parameters
    ----------
    found
        The result of :func:`~diffusion.analysis.concordance.concordances`.
    setting
        What arms are called.
    baseline
        The arm beside which reversals were looked for.
    """
    if not found:
        return ()
    texts = [_overall(found[0]), _parts(found[1:]), _turned(found[0], setting, baseline)]
    if found[0].w is not None:
        texts.append(
            "W rests on the ranks of means, which also order arms that the runs do not tell apart, and describes "
            f"these {found[0].among}, which are no sample of others."
        )
    return tuple(opened(text) for text in texts if text)


def _overall(found: Concordance) -> str:
    """Return how alike the arms rank over all places."""
    arms = counted(len(found.arms), "arm")
    over = f"over the {len(found.places)} {found.among}"
    if all(len(set(row)) == 1 for row in found.ranks):
        return f"{over} all arms have the same mean in each, so there is no order to compare."
    if len(set(found.ranks)) == 1:
        return f"{over} the {arms} have the same order of means."
    if found.w is None:
        first = sum(row[0] < row[1] for row in found.ranks)
        second = sum(row[0] > row[1] for row in found.ranks)
        return f"{over} the order of the two arms differs: {first} one way and {second} the other."
    return (
        f"{over} the orders of the {arms} agree with Kendall's W = {found.w:.2f} "
        "(1: the same order in all; 0: nothing in common)."
    )


def _parts(parts: Sequence[Concordance]) -> str:
    """Return W over networks in each cell and over cells on each network, as ranges."""
    texts = []
    for among, where in (("networks", "within cells"), ("cells", "within networks")):
        ws = [one.w for one in parts if one.among == among and one.w is not None]
        if ws:
            low, high = f"{min(ws):.2f}", f"{max(ws):.2f}"
            texts.append(f"over {among} {where} W is {low if low == high else f'{low} to {high}'}")
    return f"{joined(texts)}." if texts else ""


def _turned(found: Concordance, setting: Setting, baseline: str) -> str:
    """Return which arms are better than the baseline here and worse there."""
    if not found.reversed:
        return ""
    names = [setting.phrase(arm) for arm in found.reversed]
    better = f"better than {setting.phrase(baseline)} in some of the {found.among}"
    return (
        f"{named(names)} {verb(names, 'is', 'are')} {better} and worse in others, "
        "by more than the smallest difference that matters."
    )
