"""What two arms side by side show, in words: this run, what its differences come from, and whether it is typical."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from diffusion.analysis.compare import verdict_on
from diffusion.analysis.phrases import joined, opened, share_of
from diffusion.experiment.plan import PlannedArm
from diffusion.scenario.intervention_words import NOTHING, doings
from diffusion.scenario.settings import unled
from diffusion.server.differences import Differences, Kind
from diffusion.server.expected import PairedCurves
from diffusion.server.happenings import listed_agents
from diffusion.server.played import PlayedRun

ONE_HISTORY = (
    "This is so in one run, and one run is one history: what holds on average is told by the mean of all runs below, "
    "and by the tables of the study."
)
"""What to say beside whatever is told of one run."""

_SECTION_OF = {
    "receptivity": "agents.receptivity",
    "influence": "agents.influence",
    "layers": "ties.layers",
    "between_roles": "ties.between_roles",
    "leader_influence": "leaders.influence",
    "leader_recruitment": "leaders.recruitment",
    "leader_leaving": "leaders.leaving",
}


def told(found: Differences, names: tuple[str, str], unit: str) -> str:
    """Return in what two runs differ at a step, in words.

    Parameters
    ----------
    found
        The differences.
    names
        What the left and the right arm are called.
    unit
        What a step is called.
    """
    left, right = names
    adopted = [int(who.sum()) for who in found.adopted]
    when = f"{unit.capitalize()} {found.tick}" if found.tick else "Start"
    levels = (
        f"{adopted[0]:,} of {len(found.kinds):,} {_have(adopted[0])} adopted under {left}, {adopted[1]:,} under {right}"
    )
    parts = [f"{when}: {levels}{_more(adopted, names)}.", _in_parts(found, names), *_abandoned(found, names)]
    return " ".join(parts)


def _in_parts(found: Differences, names: tuple[str, str]) -> str:
    """Return how many have adopted on one side only, and in both."""
    count = found.counts
    both = count[Kind.EARLIER_LEFT] + count[Kind.EARLIER_RIGHT] + count[Kind.SAME_STEP]
    only = [
        f"{_count(number)} only under {name}{_leading(found, kind, side)}"
        for side, (kind, name) in enumerate(zip((Kind.ONLY_LEFT, Kind.ONLY_RIGHT), names, strict=True))
        for number in (count[kind],)
    ]
    parts = [
        f"{count[kind]:,} {text}"
        for kind, text in (
            (Kind.EARLIER_LEFT, f"earlier under {names[0]}"),
            (Kind.EARLIER_RIGHT, f"earlier under {names[1]}"),
            (Kind.SAME_STEP, "at the same step"),
        )
        if count[kind]
    ]
    whom = f" ({joined(parts)})" if parts else ""
    return opened(f"{joined([*only, f'{_count(both)} in both{whom}'])}.")


def _leading(found: Differences, kind: Kind, side: int) -> str:
    """Return how many of those who adopted on one side only lead there."""
    leaders = int((found.leads[side] & (found.kinds == kind)).sum())
    if not leaders:
        return ""
    if leaders == found.counts[kind]:
        return f" ({'its leader' if leaders == 1 else 'its leaders'})"
    return f" ({leaders:,} of them {'leads' if leaders == 1 else 'lead'} there)"


def _abandoned(found: Differences, names: tuple[str, str]) -> list[str]:
    left, right = (int(who.sum()) for who in found.abandoned)
    if not left + right:
        return []
    return [f"Abandoned: {left:,} under {names[0]}, {right:,} under {names[1]}."]


def _more(adopted: Sequence[int], names: tuple[str, str]) -> str:
    by = adopted[0] - adopted[1]
    return f": {abs(by):,} more under {names[0] if by > 0 else names[1]}" if by else ": as many"


def _count(number: int) -> str:
    return f"{number:,}" if number else "none"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def sources(left: PlayedRun, right: PlayedRun) -> str:
    """Return what all differences between two runs of one replicate come from, in words.

    Parameters
    ----------
    left, right
        The runs.
    """
    reasons = [text for text in (_leaders_differ(left, right), parameters_differ(left.arm, right.arm)) if text]
    shared = f"Both sides live through run {left.replicate:,}, with the same luck for everybody"
    if not reasons:
        return f"{shared}; leaders and parameters are the same too, so nothing differs."
    return f"{shared}; all that differs comes from {' and from '.join(reasons)}."


def _leaders_differ(left: PlayedRun, right: PlayedRun) -> str:
    ids = left.arm.network.ids
    if left.leaders == right.leaders:
        return ""
    both = [agent for agent in left.leaders if agent in right.leaders]
    sides = [
        f"{name} {listed_agents(ids[agent] for agent in own)}"
        for name, own in (
            ("left", [agent for agent in left.leaders if agent not in both]),
            ("right", [agent for agent in right.leaders if agent not in both]),
            ("in both", both),
        )
        if own
    ]
    return f"who leads ({'; '.join(sides)})"


def parameters_differ(left: PlannedArm, right: PlannedArm) -> str:
    """Return which parameters of two arms differ, and how, in words; "" if none does.

    Parameters
    ----------
    left, right
        The arms.
    """
    first, second = (_told_parameters(arm) for arm in (left, right))
    changed = [
        f"{_scenario_key(key)} {_value(first.get(key))} left, {_value(second.get(key))} right"
        for key in dict.fromkeys([*first, *second])
        if first.get(key) != second.get(key)
    ]
    return f"parameters ({'; '.join(changed)})" if changed else ""


def _told_parameters(arm: PlannedArm) -> dict[str, Any]:
    """Return the parameters of an arm by their dotted keys, what is done besides leading in words."""
    said = arm.setting.parameters
    told = dict(_flat(arm.setting.canonical()["parameters"]))
    told |= {"leader_recruitment": said.leader_recruitment, "leader_leaving": said.leader_leaving}
    return told | {"interventions": "; ".join(doings(unled(said))) or NOTHING}


def _scenario_key(key: str) -> str:
    """Return what a scenario calls a parameter."""
    first, dot, rest = key.partition(".")
    return f"{_SECTION_OF.get(first, first)}{dot}{rest}"


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of a nested table by their dotted keys."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(" ".join(map(str, one)) if isinstance(one, list) else str(one) for one in value) or "none"
    return "none" if value is None else f"{value}"


def typical(paired: PairedCurves, difference: int, tick: int, *, unit: str, smallest: float) -> list[str]:
    """Return how a run's difference lies beside the mean and beside the other runs, a sentence a line.

    Parameters
    ----------
    paired
        The curves of both arms.
    difference
        Left minus right in the run that is shown.
    tick
        The step.
    unit
        What a step is called.
    smallest
        The smallest difference that matters, as a share of the agents.
    """
    curves = paired.difference
    if curves.is_sure:
        return ["The two arms have the same leaders and parameters: they differ in no run."]
    low, high = (float(ends[tick]) for ends in curves.interval)
    most_low, most_high = (float(ends[tick]) for ends in curves.range)
    below, equal = paired.share_below(difference, tick)
    when = f"at {unit} {tick}" if tick else "at the start"
    few = "" if curves.replicates == paired.wanted else f" (the first of {paired.wanted:,}; more would take too long)"
    mean = f"{signed(float(curves.mean[tick]), 1)} in the mean of {curves.replicates:,} runs{few}"
    interval = f"95 % interval {signed(low, 1)} to {signed(high, 1)}"
    lines = [f"Left minus right {when}: {signed(difference)} in this run; {mean}, {interval}."]
    if curves.replicates > 1 and tick:
        lines.append(
            f"90 % of runs lie between {signed(most_low)} and {signed(most_high)}; in {share_of(below, 'runs')} right "
            f"does better against left than here, and in {share_of(equal, 'runs')} just as well."
        )
        lines.append(_beside_smallest(low, high, smallest, curves.largest))
    return lines


def signed(number: float, decimals: int = 0) -> str:
    """Return a difference with its sign.

    Examples
    --------
    >>> signed(12), signed(-1234.56, 1), signed(0), signed(-0.04, 1)
    ('+12', '-1,234.6', '0', '0.0')
    """
    text = f"{abs(number):,.{decimals}f}"
    if not float(text.replace(",", "")):
        return text
    return f"{'+' if number > 0 else '-'}{text}"


def _beside_smallest(low: float, high: float, smallest: float, size: int) -> str:
    """Return where the interval of the mean lies beside the smallest difference that matters."""
    matters = (
        f"the smallest difference that matters in this study, {100 * smallest:g} % ({smallest * size:,.1f} agents)"
    )
    return {
        "better": f"At this step left is ahead on average by more than {matters}.",
        "worse": f"At this step right is ahead on average by more than {matters}.",
        "practically equal": f"At this step the arms are practically equal on average: within {matters}.",
        "undecided": f"Whether the mean difference at this step exceeds {matters}, the runs do not tell.",
    }[verdict_on(low, high, smallest * size, 1)]
