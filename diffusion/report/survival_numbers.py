"""The numbers of what survives where the network is uncertain, each with its name, and their tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.ranking_table import UNITS
from diffusion.analysis.survival import Survival
from diffusion.analysis.turning import Turning
from diffusion.experiment.survived import turnings
from diffusion.report.arm_numbers import cell_numbers
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import code, escaped
from diffusion.report.numbers import EITHER, Number, Pool
from diffusion.report.sections.findings import group_title, place_words
from diffusion.report.table_cells import interval_cell, whole_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell
from diffusion.report.told_numbers import told_numbers

_SHARES = {"survives_share": "best_survives_in", "overtaken_share": "best_overtaken_in"}
"""Shares of worlds that tables show beside the counts."""

_OF_WORLDS = (*_SHARES, "survives_low", "survives_high", "overtaken_low", "overtaken_high", "differ_below")
_WORLDS = (
    *("worlds", "best_survives_in", "best_overtaken_in", "undecided_in", "best_mean_in", "given_best_in"),
    *("given_overtaken_in", "given_best_mean_in", "order_survives_in", "order_reversed_in"),
)


def found_at(chapter: Chapter, place: int) -> Survival | None:
    """Return what survives on one network and in one cell, by the outcome that arms are ranked by; None if nothing."""
    result = chapter.arms[place].result
    return result.survived.found.get(result.ranking_outcome)


def told_of(found: Survival) -> dict[str, Any]:
    """Return what survives as JSON, with the shares of worlds that tables show."""
    told = found.as_json()
    return {**told, **{name: told[count] / found.worlds for name, count in _SHARES.items()}}  # type: ignore[operator]


def turned(chapter: Chapter) -> tuple[Turning, ...]:
    """Return where along swept error rates the rankings turn over."""
    return turnings([one.survived for one in chapter.result.groups], chapter.ranking_outcome)


def survival_numbers(chapter: Chapter, place: int) -> list[Number]:
    """Return every number of what survives on one network and in one cell."""
    arms, found = chapter.arms[place], found_at(chapter, place)
    if found is None:
        return []
    group = arms.result.group
    source = {"from": "survival", "network": group.network.name, "cell": group.cell.index}
    numbers = told_numbers(f"{arms.place}.survival", told_of(found), source, phrase=arms.result.setting.phrase)
    counted: str = find_outcome(found.outcome, arms.roles).unit
    unit = {"agents": "agent", "organisations": "organisation"}.get(counted, counted)
    return [replace(number, unit=_unit(number.source["path"], unit)) for number in numbers]


def _unit(path: Sequence[Any], unit: str) -> str:
    last = str(path[-1])
    if last in _OF_WORLDS:
        return "share of worlds"
    if last in _WORLDS or path == ["likeness", "worlds"]:
        return EITHER
    if last == "replicates":
        return "run"
    return EITHER if path[0] == "likeness" else unit


def turning_numbers(chapter: Chapter) -> list[Number]:
    """Return every number of where rankings turn over, and how many values were tried."""
    found = turned(chapter)
    source = {"from": "turning"}
    phrase = chapter.result.groups[0].setting.phrase
    numbers = list(told_numbers("turning", [one.as_json() for one in found], source, phrase=phrase))
    for entry, one in enumerate(found):
        count = {**source, "path": [entry, "at"], "field": "count"}
        numbers.append(Number(f"turning.{entry}.values", float(len(one.at)), EITHER, count))
    return numbers


def survival_pool(chapter: Chapter, place: int) -> Pool:
    """Return the numbers that sentences on what survives may quote."""
    arms = chapter.arms[place]
    ends = {"from": "constant", "of": "diffusion.analysis.survival"}
    constants = [Number("likeness.same", 1.0, EITHER, ends), Number("likeness.reverse", -1.0, EITHER, ends)]
    return Pool([*survival_numbers(chapter, place), *constants]) + arms.pool(arms.result.ranking_outcome)


def turning_pool(chapter: Chapter) -> Pool:
    """Return the numbers that sentences on where rankings turn over may quote."""
    cells = [number for group in chapter.result.groups for number in cell_numbers(group.group)]
    return Pool([*turning_numbers(chapter), *cells]) + chapter.arms[0].pool(chapter.ranking_outcome)


def counts_table(chapter: Chapter) -> Table:
    """Return what survives, a row a network and cell."""
    described = (
        Column("network and cell", 24),
        Column("best on the given network", 14),
        Column("stays best in, % of worlds", 20, fields=("stays_best", "stays_best_low", "stays_best_high")),
        Column("overtaken in, % of worlds", 20, fields=("overtaken", "overtaken_low", "overtaken_high")),
        Column("order reversed in, worlds", 9, is_number=True, fields=("order_reversed_in",)),
        Column("tau-b", 16, fields=("tau", "tau_low", "tau_high")),
        Column("over all worlds", 12, fields=("verdict",)),
    )
    places = [place for place in range(len(chapter.arms)) if found_at(chapter, place) is not None]
    made = [_counts(chapter, place) for place in places]
    worlds = chapter.scenario("worlds", "world")
    caption = (
        f"What survives of the ranking on the given network, by {code(chapter.ranking_outcome)}: in how many of "
        f"{worlds} worlds the arm that is best there leads all others, and another leads it, by more than twice the "
        "Monte Carlo error, with exact intervals; in how many a pair of arms that the given network tells apart is the "
        "other way round by so much; Kendall's tau-b between the two orders of means; and whether, over all worlds, "
        "it is shown to stay better than all arms that the given network shows behind it (holds, open or turned)."
    )
    return Table("survival", caption, described, rows(made))


def _counts(chapter: Chapter, place: int) -> list[Cell]:
    arms, found = chapter.arms[place], found_at(chapter, place)
    known = {tuple(number.source["path"]): number for number in survival_numbers(chapter, place)}
    title = group_title(arms)
    shown = chapter.numbers.quote(title, Pool(cell_numbers(arms.result.group)), arms.names())
    numbers = chapter.numbers

    def cell(*names: tuple[str, ...], least: int = 1) -> Cell:
        return interval_cell(numbers, *(known.get(name) for name in names), least=least)

    return [
        Cell(shown, (title,)),
        text_cell(found.best if found else ""),
        cell(("survives_share",), ("survives_low",), ("survives_high",)),
        cell(("overtaken_share",), ("overtaken_low",), ("overtaken_high",)),
        whole_cell(numbers, known["order_reversed_in",]),
        cell(*(("likeness", end) for end in ("mean", "low", "high")), least=2),
        text_cell(found.verdict if found else ""),
    ]


def arms_table(chapter: Chapter, place: int) -> Table:
    """Return the arms of one network and cell: given, drawn, what is changed, and how they compare with the best."""
    arms, found = chapter.arms[place], found_at(chapter, place)
    known = {tuple(number.source["path"]): number for number in survival_numbers(chapter, place)}
    outcome = find_outcome(arms.result.ranking_outcome, arms.roles)
    unit = UNITS.get(outcome.unit, outcome.unit)
    points, best = "points" if unit.startswith("%") else unit, escaped(found.best if found else "")
    described = (
        Column("arm", 16),
        Column(f"on the given network, {unit}", 20, fields=("given", "given_low", "given_high")),
        Column(f"network uncertain, {unit}", 20, fields=("drawn", "drawn_low", "drawn_high")),
        Column(f"change, {points}", 20, fields=("change", "change_low", "change_high")),
        Column(f"the best less the arm, {points}", 20, fields=("best_less", "best_less_low", "best_less_high")),
    )
    against = {lead.other: entry for entry, lead in enumerate(found.against)} if found else {}
    made = []
    for entry, change in enumerate(found.changes if found else ()):
        at = ("changes", entry)
        cells = [(*at, kind, end) for kind in ("given", "drawn") for end in ("mean", "low", "high")]
        ends = [known.get(path) for path in cells]
        changed = [known.get((*at, end)) for end in ("difference", "low", "high")]
        less = [
            known.get(("against", against[change.arm], end)) if change.arm in against else None
            for end in ("difference", "low", "high")
        ]
        made.append(
            [
                text_cell(change.arm),
                interval_cell(chapter.numbers, *ends[:3]),
                interval_cell(chapter.numbers, *ends[3:]),
                interval_cell(chapter.numbers, *changed, sign=True),
                interval_cell(chapter.numbers, *less, sign=True),
            ]
        )
    caption = (
        f"Arms on the given network and with the network uncertain, {place_words(chapter, place)}, by "
        f"{code(outcome.name)}: means and mean paired changes with {chapter.confidence} intervals, each for one arm; "
        f"and how far {best}, the best on the given network, leads them with the network uncertain, with "
        "intervals that are simultaneous over all pairs of arms."
    )
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    return Table(f"survival-arms{suffix}", caption, described, rows(made))
