"""The tables of what survives where the network is uncertain, every number named."""

from __future__ import annotations

from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.ranking_table import UNITS
from diffusion.analysis.survival_told import is_undecidable
from diffusion.analysis.worlds_told import ONE_RUN
from diffusion.report.arm_numbers import cell_numbers
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import code, escaped
from diffusion.report.numbers import Pool
from diffusion.report.sections.findings import group_title, place_words
from diffusion.report.survival_numbers import found_at, survival_numbers
from diffusion.report.table_cells import NOTHING, interval_cell, whole_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell


def counts_table(chapter: Chapter) -> Table:
    """Return what survives, a row a network and cell."""
    described = (
        Column("network and cell", 32),
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
        f"{worlds} worlds the arm that is best there leads all others that differ from it there, and one of them leads "
        "it, by more than twice the Monte Carlo error, with exact intervals; in how many a pair of arms that the given "
        "network tells apart is the other way round by so much; Kendall's tau-b between the two orders of means; and "
        "whether, over all worlds, it is shown to stay better than all arms that the given network shows behind it "
        "(holds, open or turned)."
    )
    if any(is_undecidable(found) for place in places if (found := found_at(chapter, place)) is not None):
        caption = f"{caption} {ONE_RUN}"
    return Table("survival", caption, described, rows(made))


def _counts(chapter: Chapter, place: int) -> list[Cell]:
    arms, found = chapter.arms[place], found_at(chapter, place)
    known = {tuple(number.source["path"]): number for number in survival_numbers(chapter, place)}
    title = group_title(arms)
    shown = chapter.numbers.quote(title, Pool(cell_numbers(arms.result.group)), arms.names())
    numbers, counts = chapter.numbers, found is not None and not is_undecidable(found)

    def cell(*names: tuple[str, ...], least: int = 1) -> Cell:
        return interval_cell(numbers, *(known.get(name) for name in names), least=least)

    return [
        Cell(shown, (title,)),
        text_cell(found.best if found else ""),
        cell(("survives_share",), ("survives_low",), ("survives_high",)),
        cell(("overtaken_share",), ("overtaken_low",), ("overtaken_high",)),
        whole_cell(numbers, known["order_reversed_in",]) if counts else NOTHING,
        cell(*(("likeness", end) for end in ("mean", "low", "high")), least=2),
        text_cell(found.verdict if found else ""),
    ]


def arms_table(chapter: Chapter, place: int) -> Table:
    """Return the arms of one network and cell: given, drawn, what is changed, and how they compare with the best."""
    arms, found = chapter.arms[place], found_at(chapter, place)
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
    caption = (
        f"Arms on the given network and with the network uncertain, {place_words(chapter, place)}, by "
        f"{code(outcome.name)}: means and mean paired changes with {chapter.confidence} intervals, each for one arm; "
        f"and how far {best}, the best on the given network, leads them with the network uncertain, with "
        "intervals that are simultaneous over all pairs of arms."
    )
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    return Table(f"survival-arms{suffix}", caption, described, rows(_arms(chapter, place)))


def _arms(chapter: Chapter, place: int) -> list[list[Cell]]:
    found = found_at(chapter, place)
    if found is None:
        return []
    known = {tuple(number.source["path"]): number for number in survival_numbers(chapter, place)}

    def cell(*path: str | int, middle: str = "difference", sign: bool = True) -> Cell:
        return interval_cell(chapter.numbers, *(known.get((*path, end)) for end in (middle, "low", "high")), sign=sign)

    against = {lead.other: entry for entry, lead in enumerate(found.against)}
    there = {arm.name for arm in chapter.result.groups[place].group.arms}
    return [
        [
            text_cell(change.arm),
            cell("changes", entry, "given", middle="mean", sign=False),
            cell("changes", entry, "drawn", middle="mean", sign=False),
            cell("changes", entry),
            cell("against", against.get(change.arm, len(against))),
        ]
        for entry, change in enumerate(found.changes)
        if change.arm in there
    ]
