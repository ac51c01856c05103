"""The table of equity of reach: how evenly arms reach groups, and how many agents they leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from diffusion.analysis.equity import Equity, EquityDifference
from diffusion.analysis.unreached import Unreached
from diffusion.report.further import Further
from diffusion.report.numbers import Number
from diffusion.report.table_cells import interval_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell

Told: TypeAlias = tuple[str, Sequence[Equity], Sequence[EquityDifference]]

_EMPTY = Cell("", (None, None, None))


def equity_table(found: Further, told_: Sequence[Told], unreached: Sequence[Unreached], where: str) -> Table:
    """Return how evenly the arms of one network and cell reach groups, and how many agents they leave out.

    Parameters
    ----------
    found
        The statistics of one network and cell.
    told_
        By grouping: its name, the arms, and their differences from the baseline.
    unreached
        How many agents every arm leaves out.
    where
        Markdown that says which network and cell this is.
    """
    chapter, place = found.chapter, found.place
    outcome = found.arms.result.ranking_outcome
    names = [summary.arm for summary in found.arms.result.summaries]
    described, columns = [Column("arm", 18)], []
    for grouping, told, differences in told_:
        known = _by_arm(found.pool(f"equity by {grouping}", (*told, *differences), outcome).numbers, told)
        fields = tuple(f"gap.{grouping}{end}" for end in ("", "_low", "_high"))
        described.append(Column(f"gap by {grouping}, points", 20, fields=fields))
        columns.append((known, ("gap", "gap_low", "gap_high"), "share of agents", 1))
        described.append(
            Column(f"Theil by {grouping}", 20, fields=tuple(name.replace("gap", "theil") for name in fields))
        )
        columns.append((known, ("theil", "theil_low", "theil_high"), "index", 3))
    known = _by_arm(found.pool("unreached", unreached, outcome).numbers, unreached)
    described.append(Column("left out, %", 20, fields=("left_out", "left_out_low", "left_out_high")))
    columns.append((known, ("left_out", "low", "high"), "share of agents", 1))
    made = []
    for arm in names:
        cells = []
        for numbers, wanted, unit, least in columns:
            shown = [numbers.get((arm, name)) for name in wanted]
            ends = [None if one is None else replace(one, unit=unit) for one in shown]
            cells.append(_EMPTY if ends[0] is None else interval_cell(chapter.numbers, *ends, least=least))
        made.append([text_cell(arm), *cells])
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    caption = (
        f"How evenly arms reach, {where}, with {chapter.confidence} intervals, each by itself. "
        "Gap: the mean distance of the expected share of a group from that of all, leaders left out and groups of "
        "fewer than five agents pooled; Theil: Theil's index of these shares, nothing where all are alike; left out: "
        "agents who had not adopted at the end in more than half of the runs."
    )
    return Table(f"equity{suffix}", caption, tuple(described), rows(made))


def _by_arm(numbers: Sequence[Number], told: Sequence[object]) -> dict[tuple[str, str], Number]:
    """Return the numbers of statistics by arm and field."""
    found = {}
    for number in numbers:
        path = number.source.get("path")
        if path is not None and len(path) == 2 and isinstance(path[0], int) and path[0] < len(told):
            found[str(getattr(told[path[0]], "arm", "")), str(path[1])] = number
    return found
