"""Durations in plain English."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.durations import Duration, DurationDifference
from diffusion.analysis.phrases import MOST_NAMED, counted, decimals_for, joined, named, opened, share_of, whole
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
        end = _end(durations[0], setting)
        return (opened(f"{target} {_was(target)} reached in no run of any arm within {end}."),)
    told = sorted(
        (found for found in durations if found.censored <= CENSORED_AT_MOST),
        key=lambda found: (found.restricted_mean, found.arm),
    )
    compared = {found.arm: found for found in differences if _is_comparable(found)}
    texts = []
    if told:
        texts = [_soonest(told, compared, target, setting), _latest(told, compared, setting)]
    texts.append(_not_compared([found for found in durations if found.censored > CENSORED_AT_MOST], target, setting))
    return tuple(opened(text) for text in texts if text)


def _is_comparable(found: DurationDifference) -> bool:
    return max(found.censored, found.censored_baseline) <= CENSORED_AT_MOST


def _end(found: Duration, setting: Setting) -> str:
    return counted(found.steps, setting.unit(found.arm))


def _was(target: str) -> str:
    return "were" if target.endswith("agents") else "was"


def _soonest(told: Sequence[Duration], compared: dict[str, DurationDifference], target: str, setting: Setting) -> str:
    """Return how long the soonest arm took, and how it compares with the baseline."""
    found, tied = told[0], _tied(told, told[0])
    if 1 < len(told) == len(tied):
        text = f"{target} {_was(target)} reached equally soon on average with {_level(found, setting, tied)}"
        paired = next((compared[arm] for arm in tied if arm in compared and compared[arm].low_all is not None), None)
        aside = f"; paired, with {setting.phrase(paired.arm)} {_difference(paired, setting)}" if paired else ""
        return f"{text}{aside}."
    text = f"{target} {_was(target)} reached soonest with {_level(found, setting, tied)}"
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
    if len(told) < 3 or f"{found.restricted_mean:.1f}" == f"{told[0].restricted_mean:.1f}":
        return ""
    tied = _tied(told, found)
    text = f"latest came {_level(found, setting, tied)}"
    if found.arm not in compared or compared[found.arm].baseline in tied:
        return f"{text}."
    return f"{text}, {_difference(compared[found.arm], setting)}."


def _tied(told: Sequence[Duration], found: Duration) -> list[str]:
    """Return the arms that took as long as one of them, it included."""
    return [one.arm for one in told if one.restricted_mean == found.restricted_mean]


def _level(found: Duration, setting: Setting, tied: Sequence[str]) -> str:
    """Return an arm, with those that took as long, and its restricted mean."""
    unit, name = setting.unit(found.arm), named([setting.phrase(arm) for arm in tied])
    longer = ""
    if found.censored:
        at = counted(found.steps + 1, unit)
        longer = f"; the {share_of(found.censored, 'runs')} that took longer than the study count as {at}"
    if found.low is None or found.high is None:
        runs = "in the one run" if found.replicates == 1 else f"in all {whole(found.replicates)} runs"
        return f"{name}, after {counted(found.restricted_mean, unit)} {runs}"
    decimals = decimals_for(found.high - found.low)
    interval = f"95 % interval {found.low:,.{decimals}f} to {found.high:,.{decimals}f}"
    sample = setting.sample(found.replicates)
    mean = counted(found.restricted_mean, unit, decimals)
    return f"{name}, after {mean} on average ({interval} over {sample}{longer})"


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
    if len(found) > MOST_NAMED:
        most = share_of(1 - min(one.censored for one in found), "runs")
        shares = f"no more than {most} with each of {len(found)} arms"
    else:
        shares = joined([f"{_reached(one)} with {setting.phrase(one.arm)}" for one in found])
    return (
        f"{target} {_was(target)} reached in too few runs for times to be compared: within {_end(found[0], setting)}, "
        f"in {shares}."
    )


def _reached(found: Duration) -> str:
    if found.censored == 1:
        return "no run"
    return share_of(1 - found.censored, "runs")
