"""Effects and regrets in plain English."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.effects import Effect
from diffusion.analysis.outcomes import Outcome
from diffusion.analysis.phrases import (
    Phrasing,
    amount,
    decimals_for,
    joined,
    opened,
    phrasing,
    scaled,
    share_of,
    verb,
)
from diffusion.analysis.regret import Regret
from diffusion.analysis.sentences import CENSORED_AT_MOST, Setting

REGRET_NOTE = (
    "These bounds hold for all arms at once; the largest of several estimated means is on average too high, "
    "so a regret is to be quoted by its bounds."
)


def effect_sentences(effects: Sequence[Effect], setting: Setting, outcome: Outcome) -> tuple[str, ...]:
    """Return how large the largest differences are beside how much runs differ, and how well all are known.

    Parameters
    ----------
    effects
        The effects on one outcome beside one baseline.
    setting
        What to say beside the numbers.
    outcome
        The outcome.
    """
    sized = [found for found in effects if found.standardised is not None]
    told = [_sizes(sized, setting, outcome)] if sized else []
    if not sized and effects and effects[0].baseline_sd == 0:
        baseline = setting.phrase(effects[0].baseline)
        told = [f"differences from {baseline} cannot be standardised: all its runs are equal."]
    return tuple(opened(text) for text in (*told, _precision(effects, setting, outcome)) if text)


def regret_sentences(regrets: Sequence[Regret], setting: Setting) -> tuple[str, ...]:
    """Return what choosing the arm of the least and of the most regret gives up beside the best of those compared.

    Parameters
    ----------
    regrets
        The regrets of the arms on one outcome.
    setting
        What to say beside the numbers.
    """
    if len(regrets) < 2 or regrets[0].low is None:
        return ()
    if (regrets[0].censored or 0.0) > CENSORED_AT_MOST:
        return ("Regret is not told in times: of some arm, more than half of the runs did not get there by the end.",)
    ordered = sorted(regrets, key=lambda found: (found.regret, found.arm))
    least, most = ordered[0], ordered[-1]
    told = (_least(least, ordered, setting), _most(most, least, setting), REGRET_NOTE)
    return tuple(opened(text) for text in told if text)


def _sizes(sized: Sequence[Effect], setting: Setting, outcome: Outcome) -> str:
    """Return the largest differences to either side, in standard deviations of the baseline's runs."""
    baseline = sized[0].baseline
    ordered = sorted(sized, key=lambda found: (-(found.standardised or 0.0), found.arm))
    told = [found for found in dict.fromkeys((ordered[0], _least_of(ordered))) if round(found.standardised or 0.0, 2)]
    if len(told) > 1 and (told[0].standardised or 0.0) * (told[1].standardised or 0.0) > 0:
        told = [max(told, key=lambda found: abs(found.standardised or 0.0))]
    phrase = setting.phrase(baseline)
    if not told:
        return f"no arm differs from {phrase} by as much as 0.01 standard deviations of its runs on average."
    sd = amount(outcome, *_shown(outcome, told[0].baseline_sd or 0.0), setting.unit(baseline))
    sizes = joined([_size(found, setting, outcome) for found in told])
    return (
        f"the runs of {phrase} differ with a standard deviation of {sd}; beside that, the largest standardised "
        f"{'difference is' if len(told) == 1 else 'differences are'} {sizes}."
    )


def _least_of(ordered: Sequence[Effect]) -> Effect:
    """Return the least effect; of equal ones the first by name."""
    return min(ordered, key=lambda found: (found.standardised or 0.0, found.arm))


def _size(found: Effect, setting: Setting, outcome: Outcome) -> str:
    words = phrasing(outcome)
    size, low, high = found.standardised or 0.0, found.standardised_low, found.standardised_high
    interval = "" if low is None or high is None else f" (95 % bootstrap interval {_ends(low, high, words)})"
    more = words.more if size > 0 else words.less
    return f"{abs(size):.2f} standard deviations {more} with {setting.phrase(found.arm)}{interval}"


def _ends(low: float, high: float, words: Phrasing) -> str:
    if low >= 0:
        return f"{low:.2f} to {high:.2f}"
    if high <= 0:
        return f"{-high:.2f} to {-low:.2f}"
    return f"{-low:.2f} {words.less} to {high:.2f} {words.more}"


def _precision(effects: Sequence[Effect], setting: Setting, outcome: Outcome) -> str:
    """Return how far mean differences are off as a rule, and what pairing saved."""
    errors = [found.standard_error for found in effects if found.standard_error]
    if not errors:
        return ""
    unit = setting.unit(effects[0].baseline)
    error = amount(outcome, *_shown(outcome, max(errors)), unit)
    saved = [found.variance_saved for found in effects if found.variance_saved is not None]
    kind = "Monte Carlo standard error" if setting.layout.worlds == 1 else "standard error"
    gained = ""
    if saved:
        low, high = min(saved), max(saved)
        gained = "; pairing saved " + _saved(low, high)
    return (
        f"over {setting.sample(effects[0].replicates, 'paired')} the {kind} of a mean difference is "
        f"at most {error}{gained}."
    )


def _saved(low: float, high: float) -> str:
    if high <= 0:
        return "none of the variance of differences"
    if low <= 0:
        return f"up to {share_of(high, 'the variance of differences')}, and for some arms none"
    if round(100 * low) == round(100 * high):
        return share_of(low, "the variance of differences")
    return f"{100 * low:.0f} to {100 * high:.0f} % of the variance of differences"


def _shown(outcome: Outcome, value: float) -> tuple[float, int]:
    """Return a value in the unit it is shown in, with the decimals it needs."""
    shown = scaled(outcome, [value])[0]
    return shown, decimals_for(shown)


def _least(least: Regret, ordered: Sequence[Regret], setting: Setting) -> str:
    ties = sum(found.regret == least.regret for found in ordered)
    arm = setting.phrase(least.arm) + (" (of several with the same mean)" if ties > 1 else "")
    high, unit = least.high or 0.0, setting.unit(least.arm)
    best = "the best of the arms compared" + (" in each world" if setting.layout.worlds > 1 else "")
    if high == 0:
        return f"choosing {arm} gives up nothing beside {best} (95 %)."
    size = amount(least.outcome, *_shown(least.outcome, high), unit)
    largest = least.outcome.largest_value(setting.agents)
    matters = ""
    if largest is not None and high <= setting.smallest_difference * largest:
        matters = ", no more than the smallest difference that matters"
    return f"choosing {arm} gives up at most {size} in expectation beside {best}{matters} (95 %)."


def _most(most: Regret, least: Regret, setting: Setting) -> str:
    """Return what the arm of the most regret gives up, unless that is nothing."""
    if most.regret == least.regret or most.low is None or most.high is None or most.high == 0:
        return ""
    unit = setting.unit(most.arm)
    low, high = scaled(most.outcome, [most.low, most.high])
    decimals = decimals_for(high - low)
    size = amount(most.outcome, high, decimals, unit)
    gives = verb([setting.phrase(most.arm)], "gives", "give")
    if round(low, decimals) <= 0:
        return f"at the other end, {setting.phrase(most.arm)} {gives} up at most {size}."
    return f"at the other end, {setting.phrase(most.arm)} {gives} up {low:,.{decimals}f} to {size}."
