"""Phrases: numbers with their units, as they stand in sentences.

Every outcome has its way of being said: the level it reached, and what more
and less of it are called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diffusion.analysis.outcomes import Outcome

MOST_NAMED = 6
"""How many arms a sentence names one by one at most."""

_POINTS = ("share of agents", "share of runs")


@dataclass(frozen=True)
class Phrasing:
    """Say how an outcome is put into words.

    Attributes
    ----------
    level
        A predicate with ``{}`` for a mean.
    level_equal
        The same where every run has this value.
    more, less
        What a positive and a negative difference are called.
    when
        How the steps stand before it: what is averaged over them is told
        *over* them, all else *after* them.
    """

    level: str
    level_equal: str
    more: str
    less: str
    when: str = "after"


_PREDICATES = {
    "adopters": "reached {}",
    "adopted_share": "reached {} of the agents",
    "ever_adopted_share": "at some time reached {} of the agents",
    "spread": "reached {} besides the leaders",
    "time_to_half": "reached half of the agents after {}",
    "organisations_reached": "reached {}",
}


def phrasing(outcome: Outcome) -> Phrasing:
    """Return how an outcome is put into words.

    Examples
    --------
    >>> from diffusion.analysis.outcomes import OUTCOMES
    >>> phrasing(OUTCOMES["adopted_share"]).level
    'reached {} of the agents on average'
    """
    if outcome.name == "took_off":
        return Phrasing("took off in {} of runs", "took off in {}", "more", "less")
    if outcome.name == "area":
        held = "held {} of the agents as adopters, averaged over all steps"
        return Phrasing(f"{held} and runs", held.replace(",", ""), "more", "less", when="over")
    predicate = _PREDICATES.get(outcome.name, f"reached {{}} of the agents of role {outcome.role}")
    more, less = "more", "less" if outcome.unit in _POINTS else "fewer"
    if outcome.unit == "steps":
        more, less = "later", "sooner"
    return Phrasing(f"{predicate} on average", predicate, more, less)


def whole(number: int) -> str:
    """Return a whole number with commas between thousands.

    Examples
    --------
    >>> whole(1000)
    '1,000'
    """
    return f"{number:,}"


def counted(number: float, noun: str, decimals: int = 0) -> str:
    """Return a number with its noun, in the plural unless it is one.

    Examples
    --------
    >>> counted(36, "month"), counted(1, "round"), counted(2.5, "agent", 1)
    ('36 months', '1 round', '2.5 agents')
    """
    text = f"{number:,.{decimals}f}"
    return f"{text} {noun}" if text == "1" else f"{text} {noun}s"


def decimals_for(*widths: float) -> int:
    """Return how many decimals show the smallest of some widths, from 1 to 4.

    Examples
    --------
    >>> decimals_for(2.4), decimals_for(0.04, 3.0), decimals_for()
    (1, 2, 1)
    """
    shown = [width for width in widths if width > 0]
    decimals = 1
    while shown and decimals < 4 and min(shown) * 10**decimals < 1:
        decimals += 1
    return decimals


def scaled(outcome: Outcome, values: Sequence[float]) -> list[float]:
    """Return values in the unit they are shown in: shares in per cent."""
    factor = 100.0 if outcome.unit in _POINTS else 1.0
    return [factor * value for value in values]


def level(outcome: Outcome, value: float, decimals: int, step_unit: str) -> str:
    """Return a level with its unit; the value is in the unit it is shown in.

    Examples
    --------
    >>> from diffusion.analysis.outcomes import OUTCOMES
    >>> level(OUTCOMES["adopted_share"], 41.2, 1, "month"), level(OUTCOMES["time_to_half"], 12.0, 1, "month")
    ('41.2 %', '12.0 months')
    """
    if outcome.unit in _POINTS:
        return f"{value:.{decimals}f} %"
    return counted(value, _noun(outcome, step_unit), decimals)


def amount(outcome: Outcome, value: float, decimals: int, step_unit: str) -> str:
    """Return the size of a difference with its unit; the value is in the unit it is shown in."""
    noun = "point" if outcome.unit in _POINTS else _noun(outcome, step_unit)
    return counted(abs(value), noun, decimals)


def span(low: float, high: float, decimals: int, words: Phrasing) -> str:
    """Return the two ends of a difference's interval, told in the direction of the difference.

    Examples
    --------
    >>> words = Phrasing("", "", "more", "less")
    >>> span(9.8, 12.2, 1, words), span(-12.2, -9.8, 1, words), span(-1.2, 0.2, 1, words)
    ('9.8 to 12.2', '9.8 to 12.2', '1.2 less to 0.2 more')
    """
    if low >= 0:
        return f"{low:,.{decimals}f} to {high:,.{decimals}f}"
    if high <= 0:
        return f"{-high:,.{decimals}f} to {-low:,.{decimals}f}"
    return f"{-low:,.{decimals}f} {words.less} to {high:,.{decimals}f} {words.more}"


def share_of(share: float, noun: str) -> str:
    """Return a share of something in whole per cent, never rounded to none or all.

    Examples
    --------
    >>> [share_of(share, "runs") for share in (0, 0.002, 0.826, 0.999, 1)]
    ['none of runs', 'under 1 % of runs', '83 % of runs', 'over 99 % of runs', 'all of runs']
    """
    if share <= 0:
        return f"none of {noun}"
    if share >= 1:
        return f"all of {noun}"
    if share < 0.01:
        return f"under 1 % of {noun}"
    if share > 0.99:
        return f"over 99 % of {noun}"
    return f"{100 * share:.0f} % of {noun}"


def joined(names: Sequence[str]) -> str:
    """Return names with commas and an "and".

    Examples
    --------
    >>> joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def named(phrases: Sequence[str]) -> str:
    """Return what arms are called, joined; of many, the first and how many others there are.

    Examples
    --------
    >>> named(["a", "b"]), named(list("abcdefgh"))
    ('a and b', 'a, b, c, d, e and 3 other arms')
    """
    if len(phrases) <= MOST_NAMED:
        return joined(phrases)
    return joined([*phrases[: MOST_NAMED - 1], f"{len(phrases) - MOST_NAMED + 1} other arms"])


def arm_phrase(arm: str, leaders: str | None) -> str:
    """Return an arm's name as sentences use it.

    Parameters
    ----------
    arm
        The arm's name.
    leaders
        What its leaders are called where the arm is named after their position; else None.

    Examples
    --------
    >>> arm_phrase("random", "leaders at random"), arm_phrase("hubs", None)
    ('leaders at random', 'the arm "hubs"')
    """
    return leaders or f'the arm "{arm}"'


def verb(phrases: Sequence[str], one: str, several: str) -> str:
    """Return a verb in the number of its subject: leaders are several, an arm is one.

    Examples
    --------
    >>> verb(["leaders at random"], "is", "are"), verb(['the arm "hubs"'], "is", "are")
    ('are', 'is')
    """
    return one if len(phrases) == 1 and phrases[0].startswith("the arm") else several


def opened(text: str) -> str:
    """Return a sentence with its first letter large."""
    return text[:1].upper() + text[1:]


def _noun(outcome: Outcome, step_unit: str) -> str:
    return {"agents": "agent", "organisations": "organisation", "steps": step_unit}[outcome.unit]
