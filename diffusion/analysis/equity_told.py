"""Equity of reach in plain English."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.compare import Verdict, verdict_on
from diffusion.analysis.equity import Equity, EquityDifference
from diffusion.analysis.phrases import counted, decimals_for, joined, opened, verb
from diffusion.analysis.sentences import Setting
from diffusion.analysis.unreached import Unreached

MOST_NAMED = 3
"""How many arms are named one by one at most."""


def equity_sentences(
    found: Sequence[Equity], differences: Sequence[EquityDifference], setting: Setting
) -> tuple[str, ...]:
    """Return how evenly one arm reaches the groups, and which arms reach them more or less evenly than the baseline.

    Parameters
    ----------
    found
        The arms by one grouping; the first is told in full.
    differences
        How the arms compare with the baseline.
    setting
        What to say beside the numbers.
    """
    if not found or len(found[0].groups) < 2:
        return ()
    spreading = [one for one in found if one.reach > 0]
    if not spreading:
        return (
            f"Nobody but leaders had adopted at the end in any run, so reach by {found[0].grouping} does not differ.",
        )
    texts = [_level(found[0], setting), *_against(differences, setting)]
    return tuple(opened(text) for text in texts if text)


def unreached_sentences(found: Sequence[Unreached], baseline: str, setting: Setting) -> tuple[str, ...]:
    """Return how many agents the arms leave out in more than half of the runs.

    Parameters
    ----------
    found
        How many agents every arm leaves out.
    baseline
        The name of the arm that the others are compared with.
    setting
        What to say beside the numbers.
    """
    if not found:
        return ()
    ordered = sorted(found, key=lambda one: (one.left_out, one.arm))
    least, most = ordered[0], ordered[-1]
    meaning = "agents who had not adopted at the end in more than half of the runs"
    if least.left_out == most.left_out:
        share = "none" if not least.left_out else f"{100 * least.left_out:.1f} %"
        whose = "every arm" if len(found) > 1 else setting.phrase(least.arm)
        leaves = "leaves" if len(found) > 1 else verb([whose], "leaves", "leave")
        return (opened(f"{whose} {leaves} out {share} of the agents, counting {meaning}."),)
    first = f"{meaning} are fewest with {setting.phrase(least.arm)}: {_share(least)}{_beside(least, baseline, setting)}"
    return (
        opened(f"{first}; most with {setting.phrase(most.arm)}: {_share(most)}{_beside(most, baseline, setting)}."),
    )


def _level(found: Equity, setting: Setting) -> str:
    """Return the gap of an arm with the groups that it reaches most and least."""
    arm, column = setting.phrase(found.arm), found.grouping
    if not found.reach:
        return f"with {arm} nobody but leaders had adopted at the end in any run."
    if found.gap_low is None or found.gap_high is None:
        runs = "the one run" if found.replicates == 1 else f"all {setting.sample(found.replicates)}"
        text = (
            f"by {column}, leaders left out, {arm} reached groups {_gap(found.gap, 1)} apart from the whole in {runs}"
        )
        return f"{text}{_extremes(found)}."
    decimals = decimals_for(100 * (found.gap_high - found.gap_low))
    low, high = 100 * found.gap_low, 100 * found.gap_high
    interval = f"95 % interval {low:.{decimals}f} to {high:.{decimals}f} over {setting.sample(found.replicates)}"
    if not found.differs:
        return (
            f"by {column}, leaders left out, no group is shown to be reached otherwise than the whole with {arm} "
            f"(mean distance at most {_gap(found.gap_high, decimals)}, over {setting.sample(found.replicates)})."
        )
    distance = f"{_gap(found.gap, decimals)} from that of all on average ({interval})"
    reached = f"the expected share of a group that {arm} {verb([arm], 'reaches', 'reach')}"
    return f"by {column}, leaders left out, {reached} lies {distance}{_extremes(found)}."


def _gap(value: float, decimals: int) -> str:
    return counted(100 * value, "point", decimals)


def _extremes(found: Equity) -> str:
    """Return the groups reached most and least."""
    if max(found.groups.values()) == min(found.groups.values()):
        return ""
    most = max(found.groups, key=lambda name: found.groups[name])
    least = min(found.groups, key=lambda name: found.groups[name])
    shares = [f"{100 * found.groups[name]:.1f} %" for name in (most, least)]
    return f"; it is highest for {most} ({shares[0]}) and lowest for {least} ({shares[1]})"


def _against(differences: Sequence[EquityDifference], setting: Setting) -> list[str]:
    """Return which arms reach more evenly, and which less, than the baseline does, by more than matters."""
    verdicts = {one.arm: _verdict(one.gap_low, one.gap_high, setting) for one in differences}
    judged = [one for one in differences if verdicts[one.arm] is not None]
    if not judged:
        return []
    baseline, smallest = setting.phrase(judged[0].baseline), _gap(setting.smallest_difference, 1)
    evener = [one for one in judged if verdicts[one.arm] == "better"]
    uneven = [one for one in judged if verdicts[one.arm] == "worse"]
    if not (evener or uneven):
        arms = "no arm is" if len(judged) > 1 else _is_not(judged[0], setting)
        kind = f"more or less evenly than {baseline}, by {smallest} or more"
        return [f"{arms} shown to reach groups by {judged[0].grouping} {kind}."]
    parts = [
        f"{word} with {_arms(arms, setting)}"
        for word, arms in (("more evenly", evener), ("less evenly", uneven))
        if arms
    ]
    told = f"compared with {baseline}, groups are reached {'; '.join(parts)} (95 % intervals, each by itself)."
    return [told, _reach([*evener, *uneven], baseline, setting)]


def _arms(arms: Sequence[EquityDifference], setting: Setting) -> str:
    """Return arms with their differences; of many, how many and the one that differs most."""
    if len(arms) <= MOST_NAMED:
        return joined([_difference(one, setting) for one in arms])
    most = max(arms, key=lambda one: abs(one.gap))
    return f"{len(arms)} arms, most with {_difference(most, setting)}"


def _reach(arms: Sequence[EquityDifference], baseline: str, setting: Setting) -> str:
    """Return which arms reach fewer or more on the whole, as gaps are small where few are reached."""
    smallest = setting.smallest_difference
    parts = []
    for word, matching in (
        ("fewer", [one for one in arms if one.reach < -smallest]),
        ("more", [one for one in arms if one.reach > smallest]),
    ):
        names = [setting.phrase(one.arm) for one in matching]
        if names:
            named = joined(names) if len(names) <= MOST_NAMED else f"{len(names)} of these arms"
            parts.append(f"{named} {verb(names, 'reaches', 'reach')} {word} agents than {baseline}")
    return f"gaps are small also where few are reached: on the whole {' and '.join(parts)}." if parts else ""


def _is_not(found: EquityDifference, setting: Setting) -> str:
    phrase = setting.phrase(found.arm)
    return f"{phrase} {verb([phrase], 'is', 'are')} not"


def _verdict(low: float | None, high: float | None, setting: Setting) -> Verdict | None:
    """Return where the interval of a difference lies, less being better; None where there is none."""
    return None if low is None or high is None else verdict_on(low, high, setting.smallest_difference, -1)


def _difference(found: EquityDifference, setting: Setting) -> str:
    low, high = sorted(100 * abs(end) for end in (found.gap_low or 0.0, found.gap_high or 0.0))
    decimals = decimals_for(high - low)
    word = "smaller" if found.gap < 0 else "larger"
    size = f"a gap {counted(100 * abs(found.gap), 'point', decimals)} {word}"
    return f"{setting.phrase(found.arm)} ({size}; {low:.{decimals}f} to {high:.{decimals}f})"


def _share(found: Unreached) -> str:
    text = f"{100 * found.left_out:.1f} %"
    if found.low is None or found.high is None:
        return text
    return f"{text} (95 % interval {100 * found.low:.1f} to {100 * found.high:.1f})"


def _beside(found: Unreached, baseline: str, setting: Setting) -> str:
    """Return the difference from the baseline, where its interval shows that it matters."""
    low, high = found.difference_low, found.difference_high
    if (
        found.difference is None
        or low is None
        or high is None
        or _verdict(low, high, setting) not in ("better", "worse")
    ):
        return ""
    difference = found.difference or 0.0
    word = "more" if difference > 0 else "fewer"
    ends = sorted(100 * abs(end) for end in (low, high))
    size = counted(100 * abs(difference), "point", 1)
    return f", {size} {word} than with {setting.phrase(baseline)} ({ends[0]:.1f} to {ends[1]:.1f})"
