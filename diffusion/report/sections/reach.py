"""Who is reached: roles and organisations."""

from __future__ import annotations

from diffusion.analysis.equity_told import equity_sentences, unreached_sentences
from diffusion.analysis.outcomes import ADOPTED_SHARE_OF_ROLE
from diffusion.report import pictures
from diffusion.report.arm_numbers import ArmNumbers
from diffusion.report.chapter import MOST_GROUPS_IN_FULL, Chapter
from diffusion.report.equity_table import equity_table
from diffusion.report.further import Further
from diffusion.report.markdown import heading, joined, paragraphs
from diffusion.report.numbers import Number
from diffusion.report.sections.findings import place_words, titles
from diffusion.report.table_cells import interval_cell, number_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell

MOST_ROLES_TOLD = 4

MOST_WITH_INTERVALS = 5
"""Up to how many outcomes have a column wide enough for intervals."""

MOST_ARMS_ACROSS = 8
"""Up to how many arms stand side by side."""


def section(chapter: Chapter) -> str:
    """Return the section."""
    told = [_group(chapter, place) for place in range(min(len(chapter.arms), MOST_GROUPS_IN_FULL))]
    opening = (
        "Leaders have adopted at the start, so an arm whose leaders are of one role flatters that role. Comparisons by "
        "role therefore leave out the agents who lead in either of the two arms compared."
        if any(len(arms.roles) > 1 for arms in chapter.arms) and len(chapter.study.scenario.arms) > 1
        else ""
    )
    equal = [_equity(chapter, place) for place in range(min(len(chapter.arms), MOST_GROUPS_IN_FULL))]
    return paragraphs(heading("Who is reached", label="reach"), opening, drawn_words(chapter), *told, *equal)


def drawn_words(chapter: Chapter) -> str:
    """Return of which networks and cells there are figures where not all have them."""
    if len(chapter.arms) <= pictures.MOST_DRAWN:
        return ""
    return (
        f"Figures of who is reached are drawn for {titles(chapter, pictures.MOST_DRAWN)}; the tables have the others."
    )


def _equity(chapter: Chapter, place: int) -> str:
    """Return how evenly groups are reached, and how many agents are left out."""
    found = Further(chapter, place)
    setting, outcome = found.arms.result.setting, found.arms.result.ranking_outcome
    texts, by_grouping = [], [(grouping.name, *found.equity(grouping)) for grouping in found.groupings()]
    for grouping, told, differences in by_grouping:
        name = f"equity by {grouping}"
        texts.append(found.quoted(equity_sentences(told, differences, setting), name, (*told, *differences), outcome))
    unreached = found.unreached()
    left_out = unreached_sentences(unreached, found.arms.result.baseline, setting)
    texts.append(found.quoted(left_out, "unreached", unreached, outcome))
    table = equity_table(found, by_grouping, unreached, place_words(chapter, place))
    return paragraphs(*texts, f"{table.reference} has every arm.", chapter.table(table))


def _group(chapter: Chapter, place: int) -> str:
    arms = chapter.arms[place]
    has_roles, has_organisations = len(arms.roles) > 1, bool(arms.result.group.network.organisation_names)
    if not (has_roles or has_organisations):
        return ""
    table = _table(chapter, place)
    told = _roles(chapter, arms) if has_roles else []
    if has_organisations:
        outcome = "organisations_reached"
        told.append(chapter.quoted(chapter.own_sentences(arms.result, outcome)[:1], arms.pool(outcome), arms.names()))
    drawn = pictures.reached(chapter, place) if place < pictures.MOST_DRAWN else []
    refer = joined([table.reference, *(picture.reference for picture in drawn)])
    shows = "show the means" if drawn else "shows the means"
    return paragraphs(
        *told, f"{refer} {shows}.", chapter.table(table), *(chapter.picture(picture) for picture in drawn)
    )


def _roles(chapter: Chapter, arms: ArmNumbers) -> list[str]:
    told = []
    for role in arms.roles[:MOST_ROLES_TOLD]:
        outcome = ADOPTED_SHARE_OF_ROLE + role
        pool = arms.pool(outcome.replace(ADOPTED_SHARE_OF_ROLE, "adopted_share_others.", 1)) + arms.pool(outcome)
        told.append(chapter.quoted(chapter.own_sentences(arms.result, outcome)[:1], pool, arms.names()))
    if len(arms.roles) > MOST_ROLES_TOLD:
        rest = len(arms.roles) - MOST_ROLES_TOLD
        source = {"from": "network", "network": arms.result.group.network.name, "field": "further_roles"}
        count = chapter.count(f"{arms.place}.further_roles", rest, **source)
        told.append(
            f"The table has the other {count} roles as well." if rest > 1 else "The table has the last role as well."
        )
    return [text for text in told if text]


def _table(chapter: Chapter, place: int) -> Table:
    arms = chapter.arms[place]
    outcomes = [ADOPTED_SHARE_OF_ROLE + role for role in arms.roles] if len(arms.roles) > 1 else []
    if arms.result.group.network.organisation_names:
        outcomes.append("organisations_reached")
    names = [summary.arm for summary in arms.result.summaries]
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    where = place_words(chapter, place)
    heads = {outcome: outcome.partition(".")[2] or "organisations" for outcome in outcomes}
    caption = (
        f"Who has adopted at the end, {where}: mean share of the agents of each role in %, leaders included, and mean "
        "number of organisations with an adopter."
        if "organisations_reached" in outcomes and len(outcomes) > 1
        else f"Who has adopted at the end, {where}: mean number of organisations with an adopter."
        if "organisations_reached" in outcomes
        else f"Who has adopted at the end, {where}: mean share of the agents of each role in %, leaders included."
    )
    if len(outcomes) <= MOST_WITH_INTERVALS:
        described = (Column("arm", 18), *(_wide(heads[outcome]) for outcome in outcomes))
        made = [[text_cell(arm), *(_whole(chapter, arms, arm, outcome) for outcome in outcomes)] for arm in names]
    elif len(names) > MOST_ARMS_ACROSS:
        described = (Column("arm", 20), *(_narrow(heads[outcome]) for outcome in outcomes))
        made = [[text_cell(arm), *(_mean(chapter, arms, arm, outcome) for outcome in outcomes)] for arm in names]
    else:
        described = (Column("role", 20), *(_narrow(arm) for arm in names))
        made = [
            [text_cell(heads[outcome]), *(_mean(chapter, arms, arm, outcome) for arm in names)] for outcome in outcomes
        ]
    with_intervals = f", with {chapter.confidence} intervals" if len(outcomes) <= MOST_WITH_INTERVALS else ""
    caption = f"{caption.removesuffix('.')}{with_intervals or '; the intervals stand in the CSV file of this table'}."
    return Table(f"reach{suffix}", caption, described, rows(made))


def _wide(heading: str) -> Column:
    """Return a column of means with their intervals."""
    return Column(heading, 16, fields=(heading, f"{heading}_low", f"{heading}_high"))


def _narrow(heading: str) -> Column:
    """Return a column of means whose intervals stand in the CSV file alone."""
    return Column(heading, 10, is_number=True, fields=(heading, f"{heading}_low", f"{heading}_high"))


def _whole(chapter: Chapter, arms: ArmNumbers, arm: str, outcome: str) -> Cell:
    return interval_cell(chapter.numbers, *_ends(arms, arm, outcome))


def _mean(chapter: Chapter, arms: ArmNumbers, arm: str, outcome: str) -> Cell:
    mean, low, high = _ends(arms, arm, outcome)
    text = number_cell(chapter.numbers, mean).text
    return Cell(text, tuple(None if end is None else end.value for end in (mean, low, high)))


def _ends(arms: ArmNumbers, arm: str, outcome: str) -> list[Number | None]:
    return [arms.summary(arm, outcome, field) for field in ("mean", "low", "high")]
