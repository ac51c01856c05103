"""Whether it holds across networks, cells and rules."""

from __future__ import annotations

from collections import Counter

from diffusion.analysis.concordance import Placed, concordances
from diffusion.analysis.concordance_told import concordance_sentences
from diffusion.analysis.contenders import Contenders
from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.experiment.survived import mode_of
from diffusion.report import pictures
from diffusion.report.arm_numbers import cell_numbers, scenario_number
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import code, heading, paragraphs
from diffusion.report.numbers import EITHER, Number, Pool, slug
from diffusion.report.sections.findings import group_title
from diffusion.report.table_cells import NOTHING, number_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell
from diffusion.report.told_numbers import told_numbers

MOST_COLUMNS = 8


def section(chapter: Chapter) -> str:
    """Return the section."""
    if not chapter.is_swept:
        what = "the ranking" if len(chapter.study.scenario.arms) > 1 else "this"
        return paragraphs(
            heading("Does it hold elsewhere?", label="elsewhere"),
            f"The study plays one network under one set of assumptions. Nothing here tells whether {what} would hold "
            f"on another network{_missing(chapter)}; a sweep, or several networks, would.",
        )
    table = _table(chapter)
    heat = pictures.heat(chapter)
    return paragraphs(
        heading("Does it hold elsewhere?", label="elsewhere"),
        chapter.quoted(chapter.result.agreement(), _pool(chapter), _names(chapter)),
        _concordance(chapter),
        _by_rule(chapter),
        f"{table.reference} and {heat.reference} show the mean of every arm in each of them. Networks and cells are "
        "compared, never pooled.",
        chapter.table(table),
        chapter.picture(heat),
    )


def _missing(chapter: Chapter) -> str:
    """Return what else is not told: of an uncertain network it has been."""
    is_told = mode_of(chapter.study.scenario) is not None
    return " or under another rule" if is_told else ", under another rule, or if ties were missing from the data"


def _concordance(chapter: Chapter) -> str:
    """Return whether the arms rank alike everywhere."""
    result = chapter.result.groups[0]
    outcome = find_outcome(chapter.ranking_outcome, result.group.network.role_names)
    found = concordances(placed(chapter), outcome, result.baseline)
    numbers = told_numbers("concordance", [one.as_json() for one in found], {"from": "concordance"})
    counts = [Number("study.places", float(len(chapter.arms)), EITHER, {"from": "study", "field": "places"})]
    counts += [
        Number("scenario.arms", float(len(one.arms)), "arm", {"from": "scenario", "key": "arms"}) for one in found[:1]
    ]
    ends = {"from": "constant", "of": "diffusion.analysis.concordance"}
    counts += [Number("concordance.most", 1.0, EITHER, ends), Number("concordance.least", 0.0, EITHER, ends)]
    sentences = concordance_sentences(found, result.setting, result.baseline)
    return chapter.quoted(sentences, Pool([*numbers, *counts]) + _pool(chapter), _names(chapter))


def _by_rule(chapter: Chapter) -> str:
    """Return whether it depends on the rule which arms do best."""
    cells = [number for group in chapter.result.groups for number in cell_numbers(group.group)]
    return chapter.quoted(chapter.result.by_rule(), Pool(cells) + _pool(chapter), _names(chapter))


def placed(chapter: Chapter) -> list[Placed]:
    """Return the results place by place."""
    return [
        Placed(group.group.network.name, group.group.cell.values, group.lasting, group.comparisons)
        for group in (one.whole or one for one in chapter.result.groups)
    ]


def _names(chapter: Chapter) -> tuple[str, ...]:
    return tuple(name for arms in chapter.arms for name in arms.names())


def _pool(chapter: Chapter) -> Pool:
    contentions = [found for group in chapter.result.groups for found in list(group.contenders.values())[:1]]
    source = {"from": "agreement"}
    counts = Counter(arm for found in contentions for arm in found.leading)
    numbers = [
        Number("agreement.compared", float(len(contentions)), "network or cell", {**source, "field": "compared"})
    ]
    phrase = chapter.result.groups[0].setting.phrase
    numbers += [
        Number(
            f"agreement.best.{slug(arm)}",
            float(count),
            "network or cell",
            {**source, "field": "best", "arm": arm},
            (phrase(arm), phrase(arm)[:1].upper() + phrase(arm)[1:]),
        )
        for arm, count in counts.items()
    ]
    outcome = _outcome(contentions)
    smallest = [chapter.arms[0].smallest(outcome)] if outcome else []
    return Pool([*numbers, *smallest, scenario_number(chapter.study, "replicates", "run")])


def _outcome(found: list[Contenders]) -> str:
    return found[0].outcome.name if found else ""


def _table(chapter: Chapter) -> Table:
    """Return arms by networks and cells; the other way round where these are many."""
    names = list(dict.fromkeys(summary.arm for group in chapter.result.groups for summary in group.summaries))
    groups = list(range(len(chapter.arms)))
    by_arm = len(groups) <= MOST_COLUMNS
    title = [group_title(arms) for arms in chapter.arms]
    shown = [
        Cell(
            chapter.numbers.quote(text, Pool(cell_numbers(arms.result.group)), arms.names()),
            (text,),
        )
        for text, arms in zip(title, chapter.arms, strict=True)
    ]
    outcomes = {arms.result.ranking_outcome for arms in chapter.arms}
    unit = "in %" if outcomes == {"adopted_share"} else "in agents"
    named = " and ".join(code(name) for name in sorted(outcomes))
    caption = f"Means of {named}, {unit}, of every arm in each network and cell."
    if by_arm:
        # Headings hold names only: what a cell sets is told in the rows.
        letters = [f"{chr(ord('A') + place)}" for place in groups]
        described = (Column("arm", 20), *(Column(letter, 8, is_number=True) for letter in letters))
        made = [[text_cell(arm), *(_mean(chapter, place, arm) for place in groups)] for arm in names]
        key = "; ".join(f"{letter}: {cell.text}" for letter, cell in zip(letters, shown, strict=True))
        return Table("elsewhere", caption, described, rows(made), key)
    described = (Column("network and cell", 30), *(Column(arm, 8, is_number=True) for arm in names))
    made = [[shown[place], *(_mean(chapter, place, arm) for arm in names)] for place in groups]
    return Table("elsewhere", caption, described, rows(made))


def _mean(chapter: Chapter, place: int, arm: str) -> Cell:
    arms = chapter.arms[place]
    if arm not in arms.summaries or (arm == NO_LEADERS and arm not in arms.summaries):
        return NOTHING
    return number_cell(chapter.numbers, arms.summary(arm, arms.result.ranking_outcome, "mean"))
