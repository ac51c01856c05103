"""The printed costs: what every arm costs, how far it spreads for it, and how it stands on the frontier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diffusion.analysis.frontier_told import FRONTIER_NOTE
from diffusion.analysis.phrases import decimals_for
from diffusion.cli.long_tables import GAP, Bound, left_out_line
from diffusion.cli.output import table

if TYPE_CHECKING:
    from rich.console import Console

    from diffusion.analysis.frontier import ArmOnFrontier
    from diffusion.experiment.costs import GroupCosts
    from diffusion.experiment.results import GroupResult


def print_costs(out: Console, group: GroupResult, bound: Bound) -> None:
    """Print what the arms of a network and cell cost; nothing where no prices are stated.

    Parameters
    ----------
    out
        Where to print.
    group
        The results.
    bound
        Whether a long table is cut.
    """
    costs = group.costs
    if not costs.arms:
        return
    columns = ["arm", "cost", "of it", "spread, agents", "spread per unit of cost", "frontier"]
    if costs.stated.budget is not None:
        columns.append(f"budget {costs.stated.budget:,g}")
    made = table(*columns)
    parts = list(bound.parts(costs.arms, lambda arm: arm.standing == "on the frontier"))
    for number, part in enumerate(parts):
        if number:
            made.add_row(GAP)
        for arm in part:
            within = [] if arm.within_budget is None else ["within" if arm.within_budget else "over"]
            made.add_row(arm.arm, cost_text(arm), parts_text(arm, costs), *_spread(arm), arm.standing, *within)
    out.print()
    out.print(made)
    if line := left_out_line(sum(map(len, parts)), len(costs.arms), "arms"):
        out.print(line, soft_wrap=not out.is_terminal)
    out.print()
    for sentence in costs.sentences(group.setting):
        out.print(sentence, soft_wrap=not out.is_terminal)
    out.print(FRONTIER_NOTE, soft_wrap=not out.is_terminal)


def cost_text(arm: ArmOnFrontier) -> str:
    """Return what an arm costs: its mean and, where runs differ, the least and the most."""
    if arm.least == arm.most:
        return f"{arm.cost:,g}"
    return f"{arm.cost:,.1f} ({arm.least:,g} to {arm.most:,g})"


def parts_text(arm: ArmOnFrontier, costs: GroupCosts) -> str:
    """Return of what the cost of an arm is made up."""
    parts = [
        f"{arm.units[unit]:,.4g} \N{MULTIPLICATION SIGN} {unit} {price:,g}"
        for unit, price in costs.stated.prices
        if arm.units.get(unit)
    ]
    return " + ".join(parts) or "nothing"


def _spread(arm: ArmOnFrontier) -> tuple[str, str]:
    return (
        _interval(arm.mean, arm.low, arm.high),
        "" if arm.per_unit is None else _interval(arm.per_unit, arm.per_unit_low, arm.per_unit_high),
    )


def _interval(mean: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"{mean:,.1f}"
    decimals = decimals_for((high - low) / 5)
    return f"{mean:,.{decimals}f} ({low:,.{decimals}f} to {high:,.{decimals}f})"
