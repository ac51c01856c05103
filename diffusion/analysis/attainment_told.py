"""What the best set found reaches, and how much of it others do, in plain English."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.attainment import Attained, Attainment
from diffusion.analysis.outcomes import Outcome, find_outcome
from diffusion.analysis.phrases import counted, decimals_for, joined, level, opened, scaled, whole
from diffusion.analysis.sentences import Setting
from diffusion.positions.found import Search

UNDER_MEDIANS = "under the medians of what is uncertain"
"""How leaders are sought, and numbers solved, where something is uncertain between worlds."""

_NAMES = {
    "spread": "spread",
    "adopters": "number of adopters",
    "adopted_share": "share of adopters",
    "ever_adopted_share": "share that ever adopted",
    "area": "mean share of adopters over all steps",
    "organisations_reached": "number of organisations reached",
    "took_off": "share of runs that take off",
    "time_to_half": "time until half have adopted",
}


def attainment_sentences(found: Attainment, setting: Setting) -> tuple[str, ...]:
    """Return what a search found, how sure that is, and how near the other arms come.

    Parameters
    ----------
    found
        The searched arm beside the others.
    setting
        What to say beside the numbers.
    """
    outcome = find_outcome(found.search.outcome, setting.role_names)
    promised = guarantee_sentence(found.search, under_medians=found.under_medians)
    told = [_sought(found, setting, outcome), promised, _shares(found, setting, outcome)]
    return tuple(opened(text) for text in told if text)


def guarantee_sentence(search: Search, *, under_medians: bool = False) -> str:
    """Return how near to the best possible set a search is sure to have come.

    Parameters
    ----------
    search
        The search.
    under_medians
        Whether it was carried out under the medians of what is uncertain.
    """
    said = search.guarantee
    if said is None:
        return f"no guarantee: {search.reason}; there may be a better set."
    reached = f"{_per_cent(said.found)} % of what the best possible set reaches"
    promised = f"the method promises {_per_cent(said.at_least)} %"
    leaders = " with leaders counted in," if search.outcome == "spread" else ""
    sure = "both over the search's own runs" if said.on_sample else f"with probability {said.probability:.10g}"
    where, beyond = f" {UNDER_MEDIANS}", "; of the worlds themselves nothing is promised"
    return (
        f"guarantee{where if under_medians else ''}:{leaders} the set reaches at least {reached}, {sure} ({promised} "
        f"whatever the network; the rest is a bound worked out for this one){beyond if under_medians else ''}."
    )


def _sought(found: Attainment, setting: Setting, outcome: Outcome) -> str:
    search, unit = found.search, setting.unit(found.best)
    direction = "large" if outcome.sign > 0 else "small"
    were = "was" if found.leaders == 1 else "were"
    by_search = _mean(outcome, search.estimate, search.low, search.high, unit)
    by_study = _mean(outcome, found.mean, found.low, found.high, unit)
    medians = f", {UNDER_MEDIANS}," if found.under_medians else ""
    return (
        f"{setting.place}, {counted(found.leaders, 'leader')} {were} sought{medians} who make the {_name(outcome)} as "
        f"{direction} as possible ({setting.phrase(found.best)}): {by_search} by the search's own {_draws(search)}; "
        f"{by_study} in this study's own {setting.sample(found.replicates)}, which had no say in the choice."
    )


def _draws(search: Search) -> str:
    """Return what a search's own estimate rests on, and what that means for it."""
    if search.method == "reverse_reachable":
        return f"{whole(search.replicates)} reverse-reachable sets, other ones than those which chose them"
    runs = counted(search.replicates, "run")
    return (
        f"{runs}, which chose them, so that this is on average too good"
        if search.is_optimistic and search.low is not None
        else runs
    )


def _shares(found: Attainment, setting: Setting, outcome: Outcome) -> str:
    told = sorted((one for one in found.arms if one.share is not None), key=lambda one: -(one.share or 0.0))
    if not told:
        return ""
    decimals = decimals_for(
        *(100 * (one.high - one.low) for one in told if one.low is not None and one.high is not None)
    )
    shares = joined([f"{setting.phrase(one.arm)} {_share(one, decimals)}" for one in told])
    none = "; part of each is adoption that begins without leaders" if found.has_none else ""
    more = _better(told, setting, under_medians=found.under_medians)
    which = "found under the medians, which need not be the best over the worlds" if found.under_medians else ""
    return (
        f"of the {_name(outcome)} of the best set {which or 'found, which need not be the best there is'}, {shares} "
        f"(ratios of means over {setting.sample(found.replicates, 'paired')}, 95 % intervals by the delta "
        f"method{none}).{more}"
    )


def _better(told: Sequence[Attained], setting: Setting, *, under_medians: bool) -> str:
    ahead = [setting.phrase(one.arm) for one in told if one.low is not None and one.low > 1]
    if not ahead:
        return ""
    if under_medians:
        does = "does" if len(ahead) == 1 else "do"
        return f" Over the worlds that set is not the best: {joined(ahead)} {does} better."
    return f" The search did not find the best set: {joined(ahead)} {'does' if len(ahead) == 1 else 'do'} better."


def _share(found: Attained, decimals: int) -> str:
    share = f"reached {100 * (found.share or 0.0):.{decimals}f} %"
    if found.low is None or found.high is None:
        return f"{share} in all runs alike"
    return f"{share} ({100 * found.low:.{decimals}f} to {100 * found.high:.{decimals}f})"


def _mean(outcome: Outcome, mean: float, low: float | None, high: float | None, unit: str) -> str:
    values = [mean] if low is None or high is None else [mean, low, high]
    shown = scaled(outcome, values)
    decimals = decimals_for(shown[2] - shown[1]) if len(shown) == 3 else 1
    text = level(outcome, shown[0], decimals, unit)
    if len(shown) == 1:
        return f"{text} in every run"
    return f"{text} on average (95 % interval {shown[1]:,.{decimals}f} to {shown[2]:,.{decimals}f})"


def _name(outcome: Outcome) -> str:
    return _NAMES.get(outcome.name, f"share of adopters of role {outcome.role}")


def _per_cent(share: float) -> str:
    return f"{100 * share:.1f}"
