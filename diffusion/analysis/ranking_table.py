"""The ranked arms as a table of texts, for the terminal and for pages alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from diffusion.analysis.outcomes import Outcome
from diffusion.analysis.phrases import decimals_for, scaled
from diffusion.analysis.ranking import RankedArm

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "share of agents": "%",
        "share of runs": "% of runs",
        "agents": "agents",
        "organisations": "organisations",
    }
)
"""How the units of outcomes are written above a column."""

RIGHT = ("", "better in", "equal in", "best in")
"""The columns of plain numbers."""

STOPPED_EARLY = " †"
"""What marks an arm that has fewer runs than others, because it was stopped before them."""


@dataclass(frozen=True, slots=True)
class RankingTable:
    """Hold ranked arms as texts.

    Attributes
    ----------
    columns
        The names of the columns.
    rows
        One a row of texts, in the order of the columns; the best arm first.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def ranking_table(
    ranked: Sequence[RankedArm], outcome: Outcome, *, baseline: str, step_unit: str, left_out: Sequence[str] = ()
) -> RankingTable:
    """Return ranked arms as texts: means and paired differences, each with its interval.

    Parameters
    ----------
    ranked
        The arms, best first.
    outcome
        By what they are ranked.
    baseline
        The arm that the others are compared with.
    step_unit
        What a step is called, for outcomes that are times.
    left_out
        Columns that there is no room for.
    """
    unit = UNITS.get(outcome.unit, f"{step_unit}s, restricted")
    points = "points" if unit.startswith("%") else unit.removesuffix(", restricted")
    mean, against = f"{outcome.name}, {unit}", f"against {baseline}, {points}"
    absent = {*left_out, *((mean, "best in") if outcome.only_compared else ())}
    named = {"": "", "arm": "arm", mean: "mean", against: "difference"}
    named |= {name: name for name in ("better in", "equal in", "best in", "verdict")}
    columns = tuple(column for column in named if column not in absent)
    cells = [_cells(row, outcome, baseline) for row in ranked]
    return RankingTable(columns, tuple(tuple(row[named[column]] for column in columns) for row in cells))


def _cells(row: RankedArm, outcome: Outcome, baseline: str) -> dict[str, str]:
    """Return what is printed of an arm, by column."""
    return {
        "": "" if row.place is None else str(row.place),
        "arm": f"{row.arm}{STOPPED_EARLY if row.stopped_early else ''}",
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
