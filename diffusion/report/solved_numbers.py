"""The numbers of a study that were solved, not stated: what they are, and what leaders at random reach with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diffusion.analysis.attainment_told import UNDER_MEDIANS
from diffusion.analysis.cells import cell_phrase
from diffusion.experiment.solved_told import SolvedInGroup
from diffusion.report.arm_numbers import CONFIDENCE, cell_numbers
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import escaped, paragraphs
from diffusion.report.numbers import Number, Pool
from diffusion.report.table_cells import interval_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell


def solved_text(chapter: Chapter) -> str:
    """Return what the methods say of solved numbers, with their table; an empty text where nothing was solved."""
    found = list(_solved(chapter))
    if not found:
        return ""
    table = _table(chapter, found)
    runs = found[0][2].solved.replicates
    source = {"from": "solved", "network": found[0][0], "cell": found[0][1], "path": ["reached", "replicates"]}
    named = Number("solved.replicates", float(runs), "run", {**source, "place": 0})
    played = f"{chapter.numbers.show(named, f'{runs:,}')} runs" if _same_runs(found) else "runs"
    return paragraphs(
        f"*Solved parameters.* {table.reference} states numbers that the scenario does not state but asks for: each "
        "was solved so that leaders at random reach a given share of the agents. The search narrows the range of the "
        f"number, and plays every number that it tries on the same {played} of its own, with random numbers that no "
        "run of the study uses. The mean that these runs attain is close to the share by construction; what the "
        f"study's own leaders at random reach is the check.{_medians(found)}",
        chapter.table(table),
    )


def _medians(found: list[tuple[str, int, SolvedInGroup, int]]) -> str:
    """Return under what numbers were solved, where something is uncertain between worlds."""
    if not any(one.under_medians for _, _, one, _ in found):
        return ""
    return (
        f" They were solved once, {UNDER_MEDIANS}, and hold in all worlds; the share that is reached over the worlds "
        "may differ from the one that was asked for."
    )


def _same_runs(found: list[tuple[str, int, SolvedInGroup, int]]) -> bool:
    return len({one.solved.replicates for _, _, one, _ in found}) == 1


def _solved(chapter: Chapter) -> Iterator[tuple[str, int, SolvedInGroup, int]]:
    """Yield network, cell, number and its place among those of the network and cell."""
    for group in chapter.result.groups:
        for place, one in enumerate(group.solved):
            yield group.group.network.name, group.group.cell.index, one, place


def _table(chapter: Chapter, found: list[tuple[str, int, SolvedInGroup, int]]) -> Table:
    described = (
        Column("where", 26),
        Column("parameter", 18),
        Column("asked, %", 8, is_number=True),
        Column("solved", 14, is_number=True),
        Column("reached, %", 20, is_number=True, fields=("reached", "reached_low", "reached_high")),
        Column("in the study, %", 20, is_number=True, fields=("shown", "shown_low", "shown_high")),
    )
    made = [_row(chapter, *one) for one in found]
    note = (
        "“Reached” is the mean share of agents that leaders at random reach on the runs with which the number was "
        "solved, “in the study” the same on the study's own runs, where it has an arm of such leaders; "
        f"{chapter.numbers.show(CONFIDENCE, '95')} % intervals."
    )
    return Table("solved", "Parameters solved so that leaders at random reach a share.", described, rows(made), note)


def _row(chapter: Chapter, network: str, cell: int, one: SolvedInGroup, place: int) -> list[Cell]:
    told = one.as_json()
    where = {"from": "solved", "network": network, "cell": cell, "place": place}
    name = f"solved.{network}.{cell}.{place}"

    def number(path: list[Any], unit: str) -> Number:
        return Number(".".join([name, *map(str, path)]), float(_at(told, path)), unit, {**where, "path": path})

    asked = number(["reach"], "share of agents")
    reached = [number(["reached", field], "share of agents") for field in ("mean", "low", "high")]
    mine = [number(["shown", field], "share of agents") for field in ("mean", "low", "high")] if _has(told) else None
    return [
        _where(chapter, network, cell, one),
        text_cell(one.solved.path),
        Cell(chapter.numbers.show(asked, f"{100 * asked.value:g}"), (asked.value,)),
        _value(chapter, one, number),
        interval_cell(chapter.numbers, *reached),
        interval_cell(chapter.numbers, *mine) if mine else Cell("", (None, None, None)),
    ]


def _has(told: Mapping[str, Any]) -> bool:
    return told["shown"] is not None and told["shown"]["low"] is not None


def _where(chapter: Chapter, network: str, cell: int, one: SolvedInGroup) -> Cell:
    group = next(
        group.group
        for group in chapter.result.groups
        if (group.group.network.name, group.group.cell.index) == (network, cell)
    )
    phrase = cell_phrase(group.cell.values)
    arms = f"arms {', '.join(one.arms)}" if one.arms else ""
    text = "; ".join(part for part in (network, phrase, arms) if part)
    names = [network, *(arm.name for arm in group.arms)]
    return Cell(chapter.numbers.quote(text, Pool(cell_numbers(group)), names), (text,))


def _value(chapter: Chapter, one: SolvedInGroup, number: Any) -> Cell:
    value = one.solved.value
    if not isinstance(value, Mapping):
        found = number(["value"], "as stated")
        return Cell(chapter.numbers.show(found, _minus(f"{value:g}")), (value,))
    [(kind, arguments)] = value.items()
    told = [
        chapter.numbers.show(number(["value", kind, place], "as stated"), _minus(f"{it:g}"))
        for place, it in enumerate(arguments)
    ]
    return Cell(f"{escaped(kind)} ({', '.join(told)})", (f"{kind}({', '.join(f'{it:g}' for it in arguments)})",))


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def _at(told: Any, path: list[Any]) -> float:
    for key in path:
        told = told[key]
    return float(told)
