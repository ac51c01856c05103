"""Agreement: whether the same arms come out best on every network and in every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from diffusion.analysis.contenders import Contenders
from diffusion.analysis.phrases import MOST_NAMED, joined, named, opened, verb
from diffusion.analysis.sentences import Setting


def agreement_sentences(found: Sequence[Contenders], setting: Setting, noun: str) -> tuple[str, ...]:
    """Return whether the answer is the same everywhere, in plain English.

    Parameters
    ----------
    found
        Which arms contend for being the best, by network and cell.
    setting
        What arms are called.
    noun
        What networks and cells are called together, in the plural.

    Returns
    -------
    Two sentences; none with fewer than two networks and cells.
    """
    if len(found) < 2:
        return ()
    return _best_means(found, setting, noun), _never_behind(found, setting, noun)


def _best_means(found: Sequence[Contenders], setting: Setting, noun: str) -> str:
    counts = Counter(arm for contention in found for arm in contention.leading)
    shared = " (a shared best mean counts for each)" if sum(counts.values()) > len(found) else ""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    if ordered[0][1] == len(found):
        alone = [setting.phrase(arm) for arm, count in ordered if count == len(found)]
        return f"Over all {len(found)} {noun} the best mean is that of {named(alone)}{shared}."
    shown = ordered if len(ordered) <= MOST_NAMED else ordered[: MOST_NAMED - 1]
    told = [f"that of {setting.phrase(arm)} in {count}" for arm, count in shown]
    if rest := ordered[len(shown) :]:
        told.append(f"that of one of {len(rest)} other arms in the rest")
    return f"Over the {len(found)} {noun} the best mean is {joined(told)}{shared}{_not_told_apart(found, setting)}."


def _not_told_apart(found: Sequence[Contenders], setting: Setting) -> str:
    """Return in how many places the name of the best mean says little, for others do as well as far as is known."""
    close = sum(1 for one in found if one.equal or one.undecided)
    if not close:
        return ""
    there = "in all of them" if close == len(found) else f"in {close} of them"
    return (
        f"; but {there} another arm is practically equal to it (within {found[0].smallest(setting)}) or not told apart "
        "from it, so a change of the name is no change of the answer there"
    )


def _never_behind(found: Sequence[Contenders], setting: Setting, noun: str) -> str:
    """Return which arms are nowhere known to fall behind the best mean by more than matters."""
    behind = [set(one.behind) for one in found]
    everyone = {one.best for one in found}.union(*({*one.same, *one.equal, *one.undecided} for one in found))
    arms = [setting.phrase(arm) for arm in sorted(everyone.difference(*behind))]
    smallest = found[0].smallest(setting)
    if not arms:
        return opened(
            f"every arm falls behind the best mean by more than {smallest} in some of the {noun}: "
            "which position is best depends on them."
        )
    shown = verb(arms, "is", "are")
    return opened(f"{named(arms)} {shown} nowhere shown to fall more than {smallest} behind the best mean.")
