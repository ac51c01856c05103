"""Beyond being well connected: matched leaders, rewired networks, and what each leader adds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from diffusion.analysis.nulls_told import matched_sentences, structure_sentences
from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.phrases import named, opened, verb
from diffusion.analysis.recruitment_told import recruitment_sentences
from diffusion.analysis.unanswered import unanswered_sentences
from diffusion.experiment.explained import Explained
from diffusion.report import null_tables, pictures
from diffusion.report.chapter import MOST_GROUPS_IN_FULL, Chapter
from diffusion.report.markdown import escaped, heading, paragraphs
from diffusion.report.numbers import Number, Pool
from diffusion.report.sections.findings import title, titles

MOST_CREDITED = 2
"""Of how many arms the text tells what each leader adds; the table has all."""


def section(chapter: Chapter) -> str:
    """Return the section; nothing where the scenario asks for no nulls and no credit."""
    told = [_group(chapter, place) for place in range(min(len(chapter.arms), MOST_GROUPS_IN_FULL))]
    if not any(told):
        return ""
    nulls, credit = chapter.study.scenario.nulls, chapter.study.scenario.credit
    only = ""
    if len(chapter.arms) > MOST_GROUPS_IN_FULL:
        only = f"The first networks and cells are told: {titles(chapter, MOST_GROUPS_IN_FULL)}."
    return paragraphs(
        heading("Beyond being well connected?", label="beyond"),
        "An arm may do well only because its leaders have many ties, and others with as many would do as well."
        if nulls.matched or nulls.rewirings
        else "",
        "*Matched leaders* have the same role and about as many outgoing ties, but do not hold the position."
        if nulls.matched
        else "",
        "*Rewired networks* keep how many ties everybody has, and lose who is tied to whom. Where the network itself "
        "stands as such networks do, these runs do not show that who is tied to whom matters beyond how many ties "
        "everybody has. P-values are for one comparison each: of many, some are small by chance."
        if nulls.rewirings
        else "",
        "*Credit of leaders* is what the adopters would have been fewer without a leader, in the same replicates."
        if credit.counterfactual or credit.shapley
        else "",
        only,
        *told,
    )


def alike(chapter: Chapter, place: int) -> dict[str, list[str]]:
    """Return the arms of which one stands for all that have the same leaders and parameters, best mean first."""
    group = chapter.result.groups[place]
    identity = {arm.name: arm.identity for arm in group.group.arms}
    ranked = [row.arm for row in group.ranking(group.ranking_outcome)]
    told: dict[str, list[str]] = {}
    first: dict[str, str] = {}
    for arm in [*ranked, *(name for name in identity if name not in ranked)]:
        told.setdefault(first.setdefault(identity[arm], arm), []).append(arm)
    return told


def _group(chapter: Chapter, place: int) -> str:
    arms = chapter.arms[place]
    found = arms.result.explained
    if found.is_empty:
        return ""
    same = alike(chapter, place)
    shown = _of(found, list(same))
    outcome, setting = arms.result.ranking_outcome, arms.result.setting
    matched = [one for one in shown.matched if one.outcome == outcome]
    places = [one for one in shown.places if one.outcome == outcome]
    differences = [one for one in places if one.baseline is not None] or places
    credit = [text for one in shown.recruitments[:MOST_CREDITED] for text in recruitment_sentences(one, setting)]
    quote = _Quoting(chapter, place)
    unit = find_outcome(outcome, arms.roles)
    tables = null_tables.tables(chapter, place, shown, unit)
    refer = " ".join(table.words for table in tables)
    drawn = pictures.nulls(chapter, place, list(same)) if place < pictures.MOST_DRAWN else []
    shows = f"{drawn[0].reference} shows it." if drawn else ""
    return paragraphs(
        f"## {title(chapter, place)}" if chapter.is_swept else "",
        _same(same, arms.result.setting.phrase),
        *quote.each(matched_sentences(matched, setting)),
        *quote.each(unanswered_sentences(shown.unanswered, setting.phrase)),
        *quote.each(structure_sentences(differences, setting)),
        *quote.each(credit),
        " ".join(text for text in (refer, shows) if text),
        *(chapter.picture(picture) for picture in drawn),
        *(chapter.table(table.table) for table in tables),
    )


def _of(found: Explained, arms: Sequence[str]) -> Explained:
    """Return what is told of some arms, in their order."""

    def kept(entries: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(sorted((one for one in entries if one.arm in arms), key=lambda one: arms.index(one.arm)))

    return Explained(
        matched=kept(found.matched),
        places=kept(found.places),
        recruitments=kept(found.recruitments),
        unanswered=kept(found.unanswered),
        network=found.network,
        cell=found.cell,
    )


def _same(same: dict[str, list[str]], phrase: Callable[[str], str]) -> str:
    """Return which arms are told under the name of another, because they are the very same leaders."""
    texts = []
    for first, others in same.items():
        if len(others) > 1:
            phrases = [phrase(arm) for arm in others[1:]]
            texts.append(f"{named(phrases)} {verb(phrases, 'is', 'are')} the very same leaders as {phrase(first)}")
    return f"{escaped(opened('; '.join(texts)))}: what is told here of one holds of all." if texts else ""


class _Quoting:
    """Quote sentences about the extra runs of one network and cell."""

    def __init__(self, chapter: Chapter, place: int) -> None:
        arms = chapter.arms[place]
        found, outcome = arms.result.explained, arms.result.ranking_outcome
        told = found.as_json()
        numbers = null_tables.numbers_of(chapter, place)
        pool = Pool([number for number in numbers if _is_about(number, told, outcome)])
        self.chapter = chapter
        self.pool = pool + arms.pool(outcome) + Pool(null_tables.reason_numbers(chapter, place))
        self.names = (*arms.names(), *arms.result.group.network.ids)

    def each(self, sentences: Sequence[str]) -> list[str]:
        """Return sentences as Markdown, a paragraph each."""
        return [self.chapter.quoted([sentence], self.pool, self.names) for sentence in sentences]


def _is_about(number: Number, told: dict[str, list[dict[str, Any]]], outcome: str) -> bool:
    """Return whether a number is about an outcome, or about none."""
    kind, place = number.source["path"][:2]
    return bool(told[kind][place].get("outcome", outcome) == outcome)
