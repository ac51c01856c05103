"""The printed answer: the ranked arms of every network and cell, and sentences made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from diffusion.analysis.cells import cell_phrase
from diffusion.analysis.outcomes import Outcome, find_outcome
from diffusion.analysis.phrases import counted, joined, whole
from diffusion.analysis.ranking_table import RIGHT, ranking_table
from diffusion.analysis.worlds_told import SAME_WORLDS
from diffusion.cli.costs import print_costs
from diffusion.cli.long_tables import GAP, MOST_CELLS, Bound, left_out_line
from diffusion.cli.output import console, table
from diffusion.cli.overview import print_overview
from diffusion.scenario.intervention_words import NOTHING, doings, leader_count_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from diffusion.analysis.ranking import RankedArm
    from diffusion.experiment.plan import PlannedArm
    from diffusion.experiment.results import GroupResult, StudyResult
    from diffusion.network.network import Network

_UNBOUNDED = 10_000

Leaders: TypeAlias = Mapping[str, tuple[str, Sequence[str]]]
"""By arm, who leads and what is done besides."""

NOTE = (
    "Intervals are 95 %; those of differences hold for all arms at once. Differences are paired: every arm lives "
    "through the same histories. “Better”, “equal” and “best” are shares of these histories under this program's "
    "pairing, not the probability that an arm's expectation is higher; arms are ranked by their means."
)

LEFT_OUT_FIRST = ("equal in", "best in", "better in")
"""The columns that a narrow terminal does not show, the first to go first."""


def print_answer(
    result: StudyResult, outcomes: Sequence[str] = (), out: Console | None = None, *, everything: bool = False
) -> None:
    """Print a study's ranked arms and what they show; on a terminal the first and last of many.

    Parameters
    ----------
    result
        The results.
    outcomes
        The outcomes to rank by; one, chosen for each network and cell, by default.
    out
        Where to print; standard output by default.
    everything
        Whether to leave nothing out.
    """
    out = out or console()
    bound = Bound.of(out, everything=everything)
    out.print(result.study.scenario.title, style="bold", soft_wrap=True)
    if bound.is_cut and len(result.groups) > MOST_CELLS:
        print_overview(result, outcomes, out, bound)
    else:
        _print_groups(result, outcomes, out, bound)
    for paragraph in result.conclusions():
        out.print(f"\n{paragraph}", soft_wrap=not out.is_terminal, style="bold")
    _print_cut(result, out, bound)
    note = (
        NOTE
        if result.study.scenario.worlds == 1
        else NOTE.replace("the same histories", "the same worlds and histories")
    )
    out.print(f"\n{note}", soft_wrap=not out.is_terminal)


def _print_cut(result: StudyResult, out: Console, bound: Bound) -> None:
    """Print which distributions are cut to the range of their number, and what remains of them."""
    found = result.cut_distributions()
    parts = list(bound.parts(found))
    if found:
        out.print()
    for one in (one for part in parts for one in part):
        out.print(one.sentence, soft_wrap=not out.is_terminal)
    if line := left_out_line(sum(map(len, parts)), len(found), "cut distributions"):
        out.print(line, soft_wrap=not out.is_terminal)


def _print_groups(result: StudyResult, outcomes: Sequence[str], out: Console, bound: Bound) -> None:
    """Print the ranked arms of every network and cell, one after the other."""
    shown = told_leaders = None
    said: set[str] = set()
    for group in result.groups:
        if group.group.network is not shown:
            shown = group.group.network
            out.print(f"\n{network_line(shown)}", soft_wrap=not out.is_terminal)
        if group.setting.cell:
            heading = f"Cell {group.group.cell.index}: {cell_phrase(group.setting.cell)}"
            out.print(f"\n{heading}", style="bold", soft_wrap=True)
        for found in group.solved:
            out.print(found.sentence, soft_wrap=not out.is_terminal)
        for outcome in outcomes or (group.ranking_outcome,):
            _print_outcome(out, group, find_outcome(outcome, shown.role_names), bound, said)
        for line in (*group.attainment_sentences(), *_clipping(group)):
            out.print(line, soft_wrap=not out.is_terminal)
        leaders = {arm.name: (leaders_text(arm), doings(arm.setting.as_stated)) for arm in group.group.arms}
        if leaders != told_leaders:
            told_leaders = leaders
            out.print()
            _print_leaders(out, group, (*outcomes, group.ranking_outcome)[0], leaders, bound)
        print_costs(out, group, bound)


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
    if arm.leaders_vary:
        return f"{leader_count_text(arm.setting, choice.count)}, chosen anew in every world"
    if choice.is_fixed:
        return ", ".join(fixed)
    drawn = choice.tied or f"{leader_count_text(arm.setting, choice.count)} of {whole(len(choice.among))}"
    return f"{', '.join([*fixed, drawn])}, drawn anew in every replicate"


def _print_outcome(out: Console, group: GroupResult, outcome: Outcome, bound: Bound, said: set[str]) -> None:
    """Print how arms rank on an outcome; what worlds are is said where it has not been said before."""
    out.print()
    ranked = group.ranking(outcome.name)
    parts = list(bound.parts(ranked, lambda row: row.arm == group.baseline))
    out.print(_fitting_table(out, group, outcome, parts))
    if line := left_out_line(sum(map(len, parts)), len(ranked), "arms"):
        out.print(line, soft_wrap=not out.is_terminal)
    out.print()
    for sentence in group.sentences(outcome.name):
        if sentence not in said:
            out.print(sentence, soft_wrap=not out.is_terminal)
        said.update([sentence] if sentence.startswith(SAME_WORLDS) else [])


def _fitting_table(out: Console, group: GroupResult, outcome: Outcome, parts: Sequence[list[RankedArm]]) -> Table:
    """Return the ranking without the columns that a narrow terminal has no room for."""
    made = _ranking_table(group, outcome, parts, ())
    for count in range(1, len(LEFT_OUT_FIRST) + 1):
        if out.measure(made, options=out.options.update(width=_UNBOUNDED)).maximum <= out.width:
            break
        made = _ranking_table(group, outcome, parts, LEFT_OUT_FIRST[:count])
    return made


def _ranking_table(
    group: GroupResult, outcome: Outcome, parts: Sequence[list[RankedArm]], left_out: Sequence[str]
) -> Table:
    found = ranking_table(
        [row for part in parts for row in part],
        outcome,
        baseline=group.baseline,
        step_unit=group.setting.unit(group.baseline),
        left_out=left_out,
    )
    made = table(*found.columns, right=RIGHT)
    gaps = set(accumulate(len(part) for part in parts[:-1]))
    for place, row in enumerate(found.rows):
        if place in gaps:
            made.add_row(*(GAP if column == "arm" else "" for column in found.columns))
        made.add_row(*row)
    return made


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


def _print_leaders(out: Console, group: GroupResult, outcome: str, leaders: Leaders, bound: Bound) -> None:
    """Print who leads: in the arms of the first ranking, where that leaves some out."""
    ranked = group.ranking(outcome)
    shown = {row.arm for part in bound.parts(ranked, lambda row: row.arm == group.baseline) for row in part}
    out.print(_leaders_table({arm: told for arm, told in leaders.items() if arm in shown}))
    if line := left_out_line(len(shown), len(ranked), "arms"):
        out.print(line, soft_wrap=not out.is_terminal)


def _leaders_table(leaders: Leaders) -> Table:
    """Return who leads in every arm and, where anything is, what is done besides."""
    any_done = any(done for _, done in leaders.values())
    made = table("arm", "who leads", *(["what is done besides"] if any_done else []))
    for arm, (text, done) in leaders.items():
        made.add_row(arm, text, *([";\n".join(done) or NOTHING] if any_done else []))
    return made
