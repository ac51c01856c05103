"""Who convinced whom: credit replayed from the draws of the stored histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diffusion.analysis.causes import untold
from diffusion.analysis.credit_told import credit_sentences, shares_of_others
from diffusion.analysis.credit_totals import CreditTotals
from diffusion.analysis.phrases import joined
from diffusion.report import pictures
from diffusion.report.chapter import MOST_GROUPS_IN_FULL, Chapter
from diffusion.report.credit_replayed import MOST_AGENTS, replayed_credit
from diffusion.report.markdown import escaped, heading, paragraphs
from diffusion.report.numbers import Number, Pool, slug
from diffusion.report.sections.findings import place_words, title
from diffusion.report.table_cells import interval_cell, number_cell, share_cell, whole_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell
from diffusion.report.told_numbers import told_numbers

MOST_LEADERS = 12
"""How many leaders stand in the table; of more, those from whom most descend."""

MOST_ORGANISATIONS = 12
"""How many organisations stand in the table; of more, those that convinced most."""

ENDS = ("", "_low", "_high")
"""What follows the name of a mean: nothing, and the ends of its interval."""

TOGETHER = "leaders_together"
"""What the share of adopters that descends from all leaders together is called; it stands in the table only."""


def section(chapter: Chapter) -> str:
    """Return the section: of each network and cell the best arm and the baseline, and a table of all arms."""
    if chapter.study.scenario.worlds > 1:
        return ""  # credit is told of histories under one set of numbers
    places = [
        place
        for place in range(min(len(chapter.arms), MOST_GROUPS_IN_FULL))
        if chapter.arms[place].result.group.network.size <= MOST_AGENTS
    ]
    told = [_group(chapter, place) for place in places]
    if not told:
        return ""
    several = len(chapter.study.scenario.arms) > 2
    return paragraphs(
        heading("Who convinced whom", label="credit"),
        "Whether a tie carried follows from the draws of a history, so each adoption can be credited to the ties that "
        "succeeded at that step, shared among them where several did, and followed back to a leader. This is credit "
        "inside the model; it says nothing of what real people would have done."
        + (" The text tells the best arm and the one it is compared with; a table has every arm." if several else ""),
        _passed_over(chapter, len(places)),
        *told,
    )


def _passed_over(chapter: Chapter, told: int) -> str:
    """Return that not every network and cell is told, where that is so."""
    if told == len(chapter.arms):
        return ""
    return (
        "Not every network and cell is told: of many the first are, and very large networks are not replayed tie by "
        "tie. In a notebook `draw_credit` takes any of them."
    )


def _group(chapter: Chapter, place: int) -> str:
    arms = chapter.arms[place]
    totals = replayed_credit(chapter, place)
    telling = [found for name in chapter.loaded.telling_arms(arms.result) for found in totals if found.arm == name]
    if not totals:
        return paragraphs(f"## {title(chapter, place)}" if chapter.is_swept else "", _untold(chapter, place))
    table = _table(chapter, place, totals)
    by_leader, by_organisation = (make(chapter, place, telling[:1]) for make in (_leaders, _organisations))
    pieces = []
    shows = f"{table.reference} has {'every arm' if len(totals) > 1 else 'the numbers'}"
    is_drawn = any(total.adoptions and total.roles for total in telling) and len(arms.roles) > 1
    if is_drawn and place < pictures.MOST_DRAWN:
        flow = pictures.credit(chapter, place, telling)
        shows += f", and {flow.reference} shows the flows from role to role"
        pieces = [chapter.picture(flow)]
    if by_leader:
        shows += f"; {by_leader[0].reference} tells how many descend from each leader"
    if by_organisation:
        shows += f"; {by_organisation[0].reference} tells which organisations' agents convinced others"
    return paragraphs(
        f"## {title(chapter, place)}" if chapter.is_swept else "",
        *(_told(chapter, place, total) for total in telling),
        f"{shows}.",
        _untold(chapter, place),
        *pieces,
        chapter.table(table),
        *(chapter.table(one) for one in (*by_leader, *by_organisation)),
    )


def _untold(chapter: Chapter, place: int) -> str:
    """Return of which arms credit cannot be told, and why."""
    arms = chapter.arms[place].result
    reasons: dict[str, list[str]] = {}
    for arm in arms.group.arms:
        if reason := untold(arm.setting.parameters):
            reasons.setdefault(reason, []).append(escaped(arms.setting.phrase(arm.name)))
    return " ".join(f"Of {joined(names)} it cannot be told: {reason}." for reason, names in reasons.items())


def numbers_of(chapter: Chapter, place: int, totals: CreditTotals) -> list[Number]:
    """Return every number of the credit of an arm."""
    arms = chapter.arms[place]
    source = {"from": "credit", "network": arms.result.group.network.name, "cell": arms.result.group.cell.index}
    told = totals.as_json()
    told[TOGETHER] = sum(found.share or 0.0 for found in totals.leaders)
    if totals.adoptions:
        told["shares"] = {
            "roles": [
                {"origin": f"{flow.source} to {flow.target}", "share": flow.credit / totals.adoptions}
                for flow in totals.roles
            ],
            "layers": [{"origin": layer, "share": credit / totals.adoptions} for layer, credit in totals.layers],
            **shares_of_others(totals),
        }
    name = f"{arms.place}.credit.{slug(totals.arm)}"
    found = told_numbers(name, told, {**source, "arm": totals.arm}, phrase=arms.result.setting.phrase)
    return [replace(number, unit=_unit(number.source["path"])) for number in found]


def _unit(path: Sequence[Any]) -> str:
    """Return what a number of credit is counted in."""
    last = str(path[-1])
    if path[0] == "shares" or last in ("share", "led", TOGETHER):
        return "share of adopters"
    return {"replicates": "run"}.get(last, "step" if last.endswith("generation") else "agent")


def _told(chapter: Chapter, place: int, totals: CreditTotals) -> str:
    arms = chapter.arms[place]
    quoted = [one for one in numbers_of(chapter, place, totals) if one.source["path"][0] != TOGETHER]
    pool = Pool(quoted) + arms.pool(arms.result.ranking_outcome)
    names = (*arms.names(), *arms.result.group.network.ids)
    return chapter.quoted(credit_sentences(totals, arms.result.setting), pool, names)


def _table(chapter: Chapter, place: int, totals: list[CreditTotals]) -> Table:
    """Return the credit of every arm of one network and cell."""
    has_outside = any(found.external.descended > 0 for found in totals)
    has_own = any(found.own.descended > 0 for found in totals)
    described = [
        Column("arm", 18),
        Column("runs", 7, is_number=True),
        Column("adopters after the start", 20, fields=("adopters", "low", "high")),
        Column("descend from leaders, %", 11, is_number=True, fields=("from_leaders",)),
        *([Column("from outside, %", 9, is_number=True, fields=("from_outside",))] if has_outside else []),
        *([Column("of themselves, %", 11, is_number=True, fields=("of_themselves",))] if has_own else []),
        Column("steps from the origin", 16, fields=("mean_generation", "mean_low", "mean_high")),
        Column("longest line", 16, fields=("longest_generation", "longest_low", "longest_high")),
    ]
    made = [_row(chapter, place, found, has_outside=has_outside, has_own=has_own) for found in totals]
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    caption = (
        f"Where adoption came from, {place_words(chapter, place)}: agents who adopted after the start, in the mean of "
        f"a run with its {chapter.confidence} interval; the share of them that descends from leaders; and by how many "
        "steps from agent to agent an adopter, and the last of the longest line of a run, is away from where the line "
        f"began (means, with their intervals). Runs are the first of each arm."
    )
    return Table(f"credit{suffix}", caption, tuple(described), rows(made))


def _leaders(chapter: Chapter, place: int, telling: list[CreditTotals]) -> list[Table]:
    """Return a table of what descends from each leader in the arm that is told first; none where leaders are drawn."""
    totals = telling[0] if telling else None
    if totals is None or not totals.adoptions or any(found.led < 1 for found in totals.leaders):
        return []
    known = {tuple(number.source["path"]): number for number in numbers_of(chapter, place, totals)}
    described = (
        Column("leader", 18),
        Column("role", 14),
        Column("adopters who descend from it", 24, fields=("descended", "low", "high")),
        Column("share, %", 9, is_number=True, fields=("share",)),
    )
    network, cells = chapter.arms[place].result.group.network, []
    for row, found in enumerate(totals.leaders[:MOST_LEADERS]):
        descended = [known.get(("leaders", row, name)) for name in ("descended", "low", "high")]
        role = text_cell(network.roles[network.index[found.origin]])
        share = share_cell(chapter.numbers, known.get(("leaders", row, "share")))
        cells.append([text_cell(found.origin), role, interval_cell(chapter.numbers, *descended), share])
    arm = chapter.arms[place].result.setting.phrase(totals.arm)
    some = " Shown are those from whom most descend." if len(totals.leaders) > MOST_LEADERS else ""
    caption = (
        f"From whom adopters descend, {place_words(chapter, place)}, with {escaped(arm)}: agents who adopted after the "
        f"start, by the leader with whom their line of credit began, in the mean of a run with {chapter.confidence} "
        f"intervals, and as a share of all of them.{some}"
    )
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    return [Table(f"credit_leaders{suffix}", caption, described, rows(cells))]


def _organisations(chapter: Chapter, place: int, telling: list[CreditTotals]) -> list[Table]:
    """Return a table of who brought adoptions by organisation, in the arm that is told first; none without any."""
    totals = telling[0] if telling else None
    if totals is None or len(totals.organisations) < 2 or not totals.adoptions:
        return []
    known = {tuple(number.source["path"]): number for number in numbers_of(chapter, place, totals)}
    described = (
        Column("organisation", 22),
        Column("adopters convinced", 20, fields=("given", "low", "high")),
        Column("adopters after the start", 20, fields=("received", "low", "high")),
        Column("convinced from within", 12, is_number=True, fields=("within",)),
    )
    cells = []
    for row, one in enumerate(totals.organisations[:MOST_ORGANISATIONS]):
        given, received = (
            [known.get(("organisations", row, f"{kind}{end}")) for end in ENDS] for kind in ("given", "received")
        )
        within = number_cell(chapter.numbers, known.get(("organisations", row, "within")))
        cells.append(
            [
                text_cell(one.group),
                interval_cell(chapter.numbers, *given),
                interval_cell(chapter.numbers, *received),
                within,
            ]
        )
    arm = chapter.arms[place].result.setting.phrase(totals.arm)
    some = " Shown are those that convinced most." if len(totals.organisations) > MOST_ORGANISATIONS else ""
    caption = (
        f"Who convinced whom by organisation, {place_words(chapter, place)}, with {escaped(arm)}: adopters whom an "
        f"organisation's agents convinced, its own adopters after the start, and those of them whom its own agents "
        f"convinced, in the mean of a run, with {chapter.confidence} intervals.{some}"
    )
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    return [Table(f"credit_organisations{suffix}", caption, described, rows(cells))]


def _row(chapter: Chapter, place: int, totals: CreditTotals, *, has_outside: bool, has_own: bool) -> list[Cell]:
    numbers = chapter.numbers
    known = {tuple(number.source["path"]): number for number in numbers_of(chapter, place, totals)}

    def number(*path: str) -> Number | None:
        return known.get(path)

    runs = number("replicates")
    ends = (number(name) for name in ("adoptions", "adoptions_low", "adoptions_high"))
    cells = [
        text_cell(totals.arm),
        Cell("", (None,)) if runs is None else whole_cell(numbers, runs),
        interval_cell(numbers, *ends),
        share_cell(numbers, number(TOGETHER)),
    ]
    if has_outside:
        cells.append(share_cell(numbers, number("external", "share")))
    if has_own:
        cells.append(share_cell(numbers, number("own", "share")))
    lines = [[number(f"{one}_generation{end}") for end in ENDS] for one in ("mean", "longest")]
    return [*cells, *(interval_cell(numbers, *line) for line in lines)]
