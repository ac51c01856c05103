"""How near the best possible: what a search found, how sure that is, and how much of it the other arms reach."""

from __future__ import annotations

from diffusion.analysis.attainment_told import UNDER_MEDIANS
from diffusion.report.chapter import MOST_GROUPS_IN_FULL, Chapter
from diffusion.report.markdown import heading, paragraphs
from diffusion.report.numbers import Pool
from diffusion.report.told_numbers import told_numbers


def section(chapter: Chapter) -> str:
    """Return the section; nothing where no arm's leaders were sought."""
    told = [_group(chapter, place) for place in range(min(len(chapter.arms), MOST_GROUPS_IN_FULL))]
    if not any(told):
        return ""
    return paragraphs(
        heading("How near the best possible?", label="attainment"),
        "Leaders were also sought under the study's own rules: chosen one by one, each the one who adds most, and then "
        "exchanged until no exchange improved. The search used draws of its own, so that its choice is judged by "
        f"histories that had no part in it. What it found need not be the best there is.{_medians(chapter)}",
        *told,
    )


def _medians(chapter: Chapter) -> str:
    """Return under what leaders were sought, where something is uncertain between worlds."""
    if not any(one.under_medians for arms in chapter.arms for one in arms.result.attained):
        return ""
    return (
        f" It was made once, {UNDER_MEDIANS}, and the leaders that it found were played in all worlds: what is "
        "promised holds under the medians alone."
    )


def _group(chapter: Chapter, place: int) -> str:
    arms = chapter.arms[place]
    result = arms.result
    if not result.attained:
        return ""
    source = {"from": "attainment", "network": result.group.network.name, "cell": result.group.cell.index}
    told = [found.as_json() for found in result.attained]
    numbers = told_numbers(f"{arms.place}.attainment", told, source, phrase=result.setting.phrase)
    pool = Pool(list(numbers)) + arms.pool(result.ranking_outcome)
    names = (*arms.names(), *result.group.network.ids)
    return paragraphs(*(chapter.quoted([sentence], pool, names) for sentence in result.attainment_sentences()))
