"""Durations in plain English."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.durations import Duration, DurationDifference
from diffusion.analysis.phrases import counted, decimals_for, joined, opened, share_of, whole
from diffusion.analysis.sentences import CENSORED_AT_MOST, Setting

_FRACTIONS = {0.1: "a tenth", 0.25: "a quarter", 0.5: "half", 0.75: "three quarters"}


def target_phrase(target: float | str) -> str:
    """Return what is to be reached, in words.

    Parameters
    ----------
    target
        A share of the agents, or a phrase.

    Examples
    --------
    >>> target_phrase(0.25), target_phrase(0.6), target_phrase("the first adopter of the firms")
    ('a quarter of the agents', '60 % of the agents', 'the first adopter of the firms')
    """
    if isinstance(target, str):
        return target
    fraction = _FRACTIONS.get(round(target, 6), f"{100 * target:g} %")
    return f"{fraction} of the agents"


def duration_sentences(
    durations: Sequence[Duration], differences: Sequence[DurationDifference], setting: Setting
) -> tuple[str, ...]:
    """Return how long it took until something was reached, first the soonest arm, then what is not compared.

    Arms are compared only where at most half of the runs of either side are
    censored, as all times are.

    Parameters
    ----------
    durations
        How long every arm takes, for one target.
    differences
        How the arms compare with the baseline.
    setting
        What to say beside the numbers.
    """
    if not durations:
        return ()
    target = target_phrase(durations[0].target)
    if all(found.censored == 1 for found in durations):
        return (opened(f"{target} was reached in no run of any arm within {_end(durations[0], setting)}."),)
    told = sorted(
        (found for found in durations if found.censored <= CENSORED_AT_MOST),
        key=lambda found: (found.restricted_mean, found.arm),
    )
    compared = {found.arm: found for found in differences if _is_comparable(found)}
    texts = []
    if told:
        texts = [_soonest(told[0], compared, target, setting), _latest(told, compared, setting)]
    texts.append(_not_compared([found for found in durations if found.censored > CENSORED_AT_MOST], target, setting))
    return tuple(opened(text) for text in texts if text)


def _is_comparable(found: DurationDifference) -> bool:
    return max(found.censored, found.censored_baseline) <= CENSORED_AT_MOST


def _end(found: Duration, setting: Setting) -> str:
    return counted(found.steps, setting.unit(found.arm))


def _soonest(found: Duration, compared: dict[str, DurationDifference], target: str, setting: Setting) -> str:
    """Return how long the soonest arm took, and how it compares with the baseline."""
    text = f"{target} was reached soonest with {_level(found, setting)}"
    if found.arm in compared:
        return f"{text}, {_difference(compared[found.arm], setting)}."
    if compared:
        baseline = next(iter(compared.values())).baseline
        if baseline == found.arm:
            return f"{text}; no arm was sooner on average."
    return f"{text}."


def _latest(told: Sequence[Duration], compared: dict[str, DurationDifference], setting: Setting) -> str:
    """Return the other end, where there are at least three arms."""
    found = told[-1]
    if len(told) < 3 or found.restricted_mean == told[0].restricted_mean:
        return ""
    text = f"latest came {_level(found, setting)}"
    return f"{text}, {_difference(compared[found.arm], setting)}." if found.arm in compared else f"{text}."


def _level(found: Duration, setting: Setting) -> str:
    """Return an arm and its restricted mean."""
    unit, name = setting.unit(found.arm), setting.phrase(found.arm)
    longer = ""
    if found.censored:
        at = counted(found.steps + 1, unit)
        longer = f"; the {share_of(found.censored, 'runs')} that took longer than the study count as {at}"
    if found.low is None or found.high is None:
        runs = "in the one run" if found.replicates == 1 else f"in all {whole(found.replicates)} runs"
        return f"{name}, after {counted(found.restricted_mean, unit)} {runs}"
    decimals = decimals_for(found.high - found.low)
    interval = f"95 % interval {found.low:,.{decimals}f} to {found.high:,.{decimals}f}"
    mean = counted(found.restricted_mean, unit, decimals)
    return f"{name}, after {mean} on average ({interval} over {whole(found.replicates)} runs{longer})"


def _difference(found: DurationDifference, setting: Setting) -> str:
    """Return a difference in restricted means, never more than its interval says."""
    baseline, unit = setting.phrase(found.baseline), setting.unit(found.arm)
    low, high = found.low_all, found.high_all
    if low is None or high is None:
        return _equal(found, baseline, unit)
    decimals = decimals_for(high - low)
    if round(found.difference, decimals) == 0:
        text = f"on average as soon as with {baseline}"
    else:
        word = "sooner" if found.difference < 0 else "later"
        text = f"{counted(abs(found.difference), unit, decimals)} {word} than with {baseline}"
    return f"{text} (simultaneous interval {_span(low, high, decimals)})"


def _equal(found: DurationDifference, baseline: str, unit: str) -> str:
    """Return a difference that is the same in all paired runs."""
    runs = "in the one paired run" if found.replicates == 1 else f"in all {whole(found.replicates)} paired runs"
    if found.difference == 0:
        return f"at the same {unit} as with {baseline} {runs}"
    word = "sooner" if found.difference < 0 else "later"
    return f"{counted(abs(found.difference), unit)} {word} than with {baseline} {runs}"


def _span(low: float, high: float, decimals: int) -> str:
    if low >= 0:
        return f"{low:,.{decimals}f} to {high:,.{decimals}f}"
    if high <= 0:
        return f"{-high:,.{decimals}f} to {-low:,.{decimals}f}"
    return f"{-low:,.{decimals}f} sooner to {high:,.{decimals}f} later"


def _not_compared(found: Sequence[Duration], target: str, setting: Setting) -> str:
    """Return of which arms times are not told, and in how many of their runs it was reached at all."""
    if not found:
        return ""
    shares = [f"{_reached(one)} with {setting.phrase(one.arm)}" for one in found]
    return (
        f"{target} was reached in too few runs for times to be compared: within {_end(found[0], setting)}, "
        f"in {joined(shares)}."
    )


def _reached(found: Duration) -> str:
    if found.censored == 1:
        return "no run"
    return share_of(1 - found.censored, "runs")
