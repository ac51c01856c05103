"""Beyond being well connected: matched leaders, rewired networks, and what each leader adds."""

from __future__ import annotations

from typing import Any

from diffusion.report.chapter import MOST_GROUPS_IN_FULL, Chapter
from diffusion.report.markdown import heading, paragraphs
from diffusion.report.numbers import Number, Pool
from diffusion.report.told_numbers import told_numbers


def section(chapter: Chapter) -> str:
    """Return the section; nothing where the scenario asks for no nulls and no credit."""
    told = [_group(chapter, place) for place in range(min(len(chapter.arms), MOST_GROUPS_IN_FULL))]
    if not any(told):
        return ""
    return paragraphs(
        heading("Beyond being well connected?", label="beyond"),
        "An arm may do well only because its leaders have many ties, and others with as many would do as well. Matched "
        "leaders have the same role and about as many outgoing ties, but do not hold the position; rewired "
        "networks keep "
        "how many ties everybody has, and lose who is tied to whom.",
        *told,
    )


def _group(chapter: Chapter, place: int) -> str:
    arms = chapter.arms[place]
    found = arms.result.explained
    if found.is_empty:
        return ""
    source = {"from": "explained", "network": arms.result.group.network.name, "cell": arms.result.group.cell.index}
    told = found.as_json()
    numbers = told_numbers(f"{arms.place}.explained", told, source, phrase=arms.result.setting.phrase)
    pool = Pool([number for number in numbers if _is_about(number, told, arms.result.ranking_outcome)])
    sentences = found.sentences(arms.result.setting, arms.result.ranking_outcome)
    names = (*arms.names(), *arms.result.group.network.ids)
    held = pool + arms.pool(arms.result.ranking_outcome)
    return paragraphs(*(chapter.quoted([sentence], held, names) for sentence in sentences))


def _is_about(number: Number, told: dict[str, list[dict[str, Any]]], outcome: str) -> bool:
    """Return whether a number is about an outcome, or about none."""
    kind, place = number.source["path"][:2]
    return bool(told[kind][place].get("outcome", outcome) == outcome)
