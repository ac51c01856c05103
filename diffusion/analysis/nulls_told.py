"""What nulls show, in plain English made from their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.nulls import MatchedEffect, StructurePlace
from diffusion.analysis.outcomes import Outcome, find_outcome
from diffusion.analysis.phrases import (
    amount,
    counted,
    decimals_for,
    joined,
    level,
    named,
    opened,
    phrasing,
    scaled,
    span,
    whole,
)
from diffusion.analysis.sentences import CENSORED_AT_MOST, Setting

LIKELY_BY_CHANCE = 0.05
"""A place among rewired networks with a two-sided p-value above this is not told apart from theirs."""

MOST_IN_FULL = 3
"""Of up to how many arms that stand alike the numbers are told."""

_KEPT = {
    "degrees": "rewired so that every agent keeps its in- and out-degree in each layer",
    "degrees and roles": (
        "rewired so that every agent keeps its in- and out-degree in each layer, and every pair of roles its ties"
    ),
}
_STANDING = {
    "more": "higher than such networks give",
    "less": "lower than such networks give",
    "alike": "about what such networks give",
    "open": "not told apart from what such networks give",
}
_LEADERS = {"same": "with the same leaders", "anew": "with the position's holders found anew in each"}


def smallest_amount(outcome: Outcome, setting: Setting, unit: str) -> str:
    """Return the smallest difference that matters, with its unit."""
    largest = outcome.largest_value(setting.agents) or 1.0
    smallest = scaled(outcome, [setting.smallest_difference * largest])[0]
    return amount(outcome, smallest, decimals_for(smallest), unit)


def matched_sentences(effects: Sequence[MatchedEffect], setting: Setting) -> tuple[str, ...]:
    """Return what arms show beside their matched nulls, a sentence an arm.

    Parameters
    ----------
    effects
        The comparisons.
    setting
        What to say beside the numbers.
    """
    return tuple(opened(_matched(found, setting)) for found in effects)


def structure_sentences(places: Sequence[StructurePlace], setting: Setting) -> tuple[str, ...]:
    """Return where arms stand among those on rewired networks: a sentence for each way to rewire and to lead.

    First the differences from the baseline, then the means.

    Parameters
    ----------
    places
        The places, on one outcome.
    setting
        What to say beside the numbers.
    """
    groups: dict[tuple[bool, str, str], list[StructurePlace]] = {}
    for found in sorted(places, key=lambda place: place.baseline is None):
        groups.setdefault((found.baseline is None, found.kept, found.leaders), []).append(found)
    return tuple(opened(_together(found, setting)) for found in groups.values())


def place_sentence(found: StructurePlace, setting: Setting) -> str:
    """Return where one arm stands among those on rewired networks.

    Parameters
    ----------
    found
        The place.
    setting
        What to say beside the numbers.
    """
    outcome, name = find_outcome(found.outcome, setting.role_names), setting.phrase(found.arm)
    value, there = _value(found, found.value, outcome, setting), _value(found, found.rewired_mean, outcome, setting)
    over = f"over the first {counted(found.replicates, 'run')}"
    if found.baseline is None:
        told, what = f"{name} reached {value} on average {over}", "what the arm reaches"
    else:
        told, what = f"{name} reached {value} than {setting.phrase(found.baseline)} {over}", "the difference"
    return opened(
        f"{setting.place}, {told}; on {_networks(found)}, it was {there} ({_extreme(found, outcome)}): "
        f"{what} is {_STANDING[_standing(found, outcome, setting)]}."
    )


def _matched(found: MatchedEffect, setting: Setting) -> str:
    outcome, unit = find_outcome(found.outcome, setting.role_names), setting.unit(found.arm)
    name, others = setting.phrase(found.arm), "other leaders of the same roles and out-degrees"
    if (found.censored or 0.0) > CENSORED_AT_MOST:
        return (
            f"times to half of the agents are not compared for {name} and {others}: "
            "in more than half of the runs half of the agents had not adopted by the end."
        )
    words = phrasing(outcome)
    bounds = None if found.low is None or found.high is None else scaled(outcome, [found.low, found.high])
    decimals = decimals_for(bounds[1] - bounds[0]) if bounds else decimals_for()
    difference = round(scaled(outcome, [found.difference])[0], decimals)
    reached = words.level.format(level(outcome, scaled(outcome, [found.mean])[0], decimals, unit))
    size = "as much as" if found.difference == 0 else "on average the same as"
    if difference:
        size = f"{amount(outcome, difference, decimals, unit)} {words.more if difference > 0 else words.less} than"
    certainty = f"95 % interval {span(bounds[0], bounds[1], decimals, words)}, " if bounds else ""
    told = f"{setting.place}, {name} {reached}, {size} {others}, drawn anew in every run"
    return f"{told} ({certainty}{_runs(found, setting)}){_matters(found, outcome, setting)}."


def _runs(found: MatchedEffect, setting: Setting) -> str:
    runs = setting.sample(found.replicates, "paired")
    if found.low is not None or found.replicates == 1:
        return runs
    excluded = "" if found.differ_below is None else f"; more than {100 * found.differ_below:.2g} % that differ"
    return f"all {runs} alike{excluded and f'{excluded} can be excluded (95 %)'}"


def _matters(found: MatchedEffect, outcome: Outcome, setting: Setting) -> str:
    """Return what follows for the position, as far as the interval goes."""
    if found.verdict is None:
        return ""
    smallest = smallest_amount(outcome, setting, setting.unit(found.arm))
    return {
        "better": f"; so in this model the position adds more than {smallest} to what role and out-degree give",
        "worse": f"; so in this model the position takes more than {smallest} from what role and out-degree give",
        "practically equal": f"; so role and out-degree give as much as the position, within {smallest}",
        "undecided": f"; whether the position adds or takes more than {smallest} beside these is undecided",
    }[found.verdict]


def _together(places: Sequence[StructurePlace], setting: Setting) -> str:
    first = places[0]
    outcome = find_outcome(first.outcome, setting.role_names)
    by_standing: dict[str, list[StructurePlace]] = {}
    for found in places:
        by_standing.setdefault(_standing(found, outcome, setting), []).append(found)
    what = "the mean" if first.baseline is None else f"the difference from {setting.phrase(first.baseline)}"
    parts = [f"{_STANDING[standing]} for {_alike(alike, outcome, setting)}" for standing, alike in by_standing.items()]
    over = f"over the first {counted(first.replicates, 'run')} of each"
    return f"{setting.place}, {what} {over} is, beside {_networks(first)}, {'; '.join(parts)}."


def _alike(places: Sequence[StructurePlace], outcome: Outcome, setting: Setting) -> str:
    """Return arms that stand alike: a few with their numbers, more with the range of their p-values."""
    if len(places) <= MOST_IN_FULL:
        return joined([_in_full(found, outcome, setting) for found in places])
    low, high = (p_text(end([found.p_value for found in places])) for end in (min, max))
    span_ = f"p = {low}" if low == high else f"p {low} to {high}"
    return f"{named([setting.phrase(found.arm) for found in places])} ({span_})"


def _in_full(found: StructurePlace, outcome: Outcome, setting: Setting) -> str:
    value, there = (_value(found, mean, outcome, setting) for mean in (found.value, found.rewired_mean))
    return f"{setting.phrase(found.arm)} ({value}; there {there}; p = {p_text(found.p_value)})"


def p_text(p_value: float) -> str:
    """Return a p-value with two figures, or two decimals.

    Examples
    --------
    >>> p_text(1.0), p_text(0.8), p_text(0.06), p_text(0.00995)
    ('1.00', '0.80', '0.06', '0.01')
    """
    return f"{p_value:.2f}" if p_value >= 0.1 else f"{p_value:.2g}"


def _networks(found: StructurePlace) -> str:
    return f"{counted(found.rewirings, 'network')} {_KEPT[found.kept]}, {_LEADERS[found.leaders]}"


def _value(found: StructurePlace, mean: float, outcome: Outcome, setting: Setting) -> str:
    """Return a mean, or a mean difference, with its unit."""
    decimals, unit = _decimals(found, outcome), setting.unit(found.arm)
    [value] = scaled(outcome, [mean])
    if found.baseline is None:
        return level(outcome, value, decimals, unit)
    words = phrasing(outcome)
    return f"{amount(outcome, value, decimals, unit)} {words.more if value >= 0 else words.less}"


def _extreme(found: StructurePlace, outcome: Outcome) -> str:
    """Return how the rewired networks spread, and on how many of them it is as extreme as on the network itself."""
    low, high = scaled(outcome, [found.rewired_low, found.rewired_high])
    decimals = _decimals(found, outcome)
    between = span(low, high, decimals, phrasing(outcome))
    count, word = (found.as_high, "high") if found.p_high <= found.p_low else (found.as_low, "low")
    many = "none" if count == 0 else "all" if count == found.rewirings else whole(count)
    return f"95 % of these networks: {between}; as {word} on {many} of them, two-sided p = {p_text(found.p_value)}"


def _standing(found: StructurePlace, outcome: Outcome, setting: Setting) -> str:
    """Return what may be said of the network itself beside the rewired ones: more, less, alike, or open."""
    if found.p_value > LIKELY_BY_CHANCE:
        return "open"
    largest = outcome.largest_value(setting.agents) or 0.0
    if abs(found.value - found.rewired_mean) <= setting.smallest_difference * largest:
        return "alike"
    return "more" if found.p_high < found.p_low else "less"


def _decimals(found: StructurePlace, outcome: Outcome) -> int:
    low, high = scaled(outcome, [found.rewired_low, found.rewired_high])
    return decimals_for(high - low)
