"""The printed answer: the ranked arms of every network and cell, and sentences made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from diffusion.analysis.cells import cell_phrase
from diffusion.analysis.outcomes import Outcome, find_outcome
from diffusion.analysis.phrases import counted, decimals_for, joined, scaled, whole
from diffusion.cli.output import console, table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from diffusion.analysis.ranking import RankedArm
    from diffusion.experiment.plan import PlannedArm
    from diffusion.experiment.results import GroupResult, StudyResult
    from diffusion.network.network import Network

UNITS = {
    "share of agents": "%",
    "share of runs": "% of runs",
    "agents": "agents",
    "organisations": "organisations",
}

_UNBOUNDED = 10_000

NOTE = (
    "Intervals are 95 %; those of differences hold for all arms at once. Differences are paired: every arm lives "
    "through the same histories. “Better”, “equal” and “best” are shares of these histories under this program's "
    "pairing, not the probability that an arm's expectation is higher; arms are ranked by their means."
)

LEFT_OUT_FIRST = ("equal in", "best in", "better in")
"""The columns that a narrow terminal does not show, the first to go first."""


def print_answer(result: StudyResult, outcomes: Sequence[str] = (), out: Console | None = None) -> None:
    """Print a study's ranked arms and what they show.

    Parameters
    ----------
    result
        The results.
    outcomes
        The outcomes to rank by; one, chosen for each network and cell, by default.
    out
        Where to print; standard output by default.
    """
    out = out or console()
    out.print(result.study.scenario.title, style="bold", soft_wrap=True)
    shown = told_leaders = None
    for group in result.groups:
        if group.group.network is not shown:
            shown = group.group.network
            out.print(f"\n{network_line(shown)}", soft_wrap=not out.is_terminal)
        if group.setting.cell:
            heading = f"Cell {group.group.cell.index}: {cell_phrase(group.setting.cell)}"
            out.print(f"\n{heading}", style="bold", soft_wrap=True)
        for outcome in outcomes or (group.ranking_outcome,):
            _print_outcome(out, group, find_outcome(outcome, shown.role_names))
        for line in _clipping(group):
            out.print(line, soft_wrap=not out.is_terminal)
        leaders = {arm.name: leaders_text(arm) for arm in group.group.arms}
        if leaders != told_leaders:
            told_leaders = leaders
            out.print()
            out.print(_leaders_table(leaders))
    for sentence in result.agreement():
        out.print(f"\n{sentence}", soft_wrap=not out.is_terminal, style="bold")
    out.print(f"\n{NOTE}", soft_wrap=not out.is_terminal)


def network_line(network: Network) -> str:
    """Return a network in one line: what it is, its size, roles and layers."""
    kind = "synthetic network, made from assumptions" if network.synthetic else "network"
    roles = joined([f"{whole(network.roles.count(role))} {role}" for role in network.role_names])
    counts = [int((network.layer == place).sum()) for place in range(len(network.layers))]
    layers = joined([f"{whole(count)} {name}" for count, name in zip(counts, network.layers, strict=True)] or ["none"])
    ties = counted(network.tie_count, "tie") + (f" ({layers})" if len(network.layers) > 1 else "")
    dropped = [
        text
        for count, text in (
            (network.self_ties, f"{counted(network.self_ties, 'self-tie')} dropped"),
            (network.repeats, f"{counted(network.repeats, 'repeat')} merged"),
        )
        if count
    ]
    aside = f"; {joined(dropped)}" if dropped else ""
    people = f"{counted(network.size, 'agent')} ({roles})"
    return f"{network.name}: {kind}; {people}; {ties}, from whom knowledge flows to whom{aside}"


def leaders_text(arm: PlannedArm) -> str:
    """Return who leads in an arm, in words."""
    choice, ids = arm.choice, arm.network.ids
    fixed = [ids[agent] for agent in choice.fixed]
    if not choice.count:
        return "nobody"
    if choice.is_fixed:
        return ", ".join(fixed)
    drawn = choice.tied or f"{choice.count} of {whole(len(choice.among))}"
    return f"{', '.join([*fixed, drawn])}, drawn anew in every replicate"


def _print_outcome(out: Console, group: GroupResult, outcome: Outcome) -> None:
    out.print()
    out.print(_fitting_table(out, group, outcome))
    out.print()
    for sentence in group.sentences(outcome.name):
        out.print(sentence, soft_wrap=not out.is_terminal)


def _fitting_table(out: Console, group: GroupResult, outcome: Outcome) -> Table:
    """Return the ranking without the columns that a narrow terminal has no room for."""
    made = _ranking_table(group, outcome, ())
    for count in range(1, len(LEFT_OUT_FIRST) + 1):
        if out.measure(made, options=out.options.update(width=_UNBOUNDED)).maximum <= out.width:
            break
        made = _ranking_table(group, outcome, LEFT_OUT_FIRST[:count])
    return made


def _ranking_table(group: GroupResult, outcome: Outcome, left_out: Sequence[str]) -> Table:
    unit = UNITS.get(outcome.unit, f"{group.setting.unit(group.baseline)}s, restricted")
    points = "points" if unit.startswith("%") else unit.removesuffix(", restricted")
    mean, against = f"{outcome.name}, {unit}", f"against {group.baseline}, {points}"
    absent = {*left_out, *((mean, "best in") if outcome.only_compared else ())}
    columns = [
        column
        for column in ("", "arm", mean, against, "better in", "equal in", "best in", "verdict")
        if column not in absent
    ]
    made = table(*columns, right=("", "better in", "equal in", "best in"))
    for row in group.ranking(outcome.name):
        cells = _cells(row, outcome, group.baseline)
        cells.update({mean: cells["mean"], against: cells["difference"]})
        made.add_row(*(cells[column] for column in columns))
    return made


def _cells(row: RankedArm, outcome: Outcome, baseline: str) -> dict[str, str]:
    """Return what is printed of an arm, by column."""
    return {
        "": "" if row.place is None else str(row.place),
        "arm": row.arm,
        "mean": "" if row.mean is None else _with_interval(outcome, row.mean, row.low, row.high, sign=""),
        "difference": _difference(outcome, row),
        "better in": _share(row.comparison.p_better if row.comparison else None),
        "equal in": _share(row.comparison.p_tie if row.comparison else None),
        "best in": _share(row.p_best),
        "verdict": "baseline" if row.arm == baseline else row.verdict or "",
    }


def _difference(outcome: Outcome, row: RankedArm) -> str:
    found = row.comparison
    if found is None or found.difference is None:
        return ""
    if found.differ_below is not None:
        return f"{_with_interval(outcome, found.difference, None, None, sign='+')} in every run"
    return _with_interval(outcome, found.difference, found.low_all, found.high_all, sign="+")


def _with_interval(outcome: Outcome, value: float, low: float | None, high: float | None, *, sign: str) -> str:
    if low is None or high is None:
        return f"{scaled(outcome, [value])[0]:{sign},.1f}"
    middle, below, above = scaled(outcome, [value, low, high])
    decimals = decimals_for(above - below)
    return f"{middle:{sign},.{decimals}f} ({below:{sign},.{decimals}f} to {above:{sign},.{decimals}f})"


def _share(share: float | None) -> str:
    """Return a share in whole per cent, never rounded to none or all."""
    if share is None:
        return ""
    if 0 < share < 0.01:
        return "<1 %"
    return ">99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


def _clipping(group: GroupResult) -> list[str]:
    lines = []
    if group.clipped_agent_steps:
        lines.append(f"In {counted(group.clipped_agent_steps, 'agent-step')} a hazard was cut to lie between 0 and 1.")
    if group.clipped_ties:
        lines.append(
            f"For {counted(group.clipped_ties, 'tie')}, counted over all runs, the probability to carry was above 1 "
            "and cut to 1."
        )
    return lines


def _leaders_table(leaders: Mapping[str, str]) -> Table:
    made = table("arm", "who leads")
    for arm, text in leaders.items():
        made.add_row(arm, text)
    return made
