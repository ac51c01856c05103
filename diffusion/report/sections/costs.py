"""Spread against cost: what the arms cost, and which of them no other arm beats at equal or lower cost."""

from __future__ import annotations

from functools import partial
from typing import Any

from diffusion.analysis.frontier import ArmOnFrontier
from diffusion.model.interventions.units import UNITS
from diffusion.report import pictures
from diffusion.report.arm_numbers import ArmNumbers
from diffusion.report.chapter import MOST_GROUPS_IN_FULL, Chapter
from diffusion.report.markdown import code, escaped, heading, joined, paragraphs
from diffusion.report.numbers import Number, slug
from diffusion.report.sections.findings import place_words
from diffusion.report.table_cells import interval_cell, number_cell
from diffusion.report.tables import Cell, Column, Table, marked_cell, rows, text_cell


def section(chapter: Chapter) -> str:
    """Return the section; nothing where the scenario states no prices."""
    if not chapter.study.scenario.costs.prices:
        return ""
    places = range(min(len(chapter.arms), MOST_GROUPS_IN_FULL))
    picture = pictures.costs(chapter)
    return paragraphs(
        heading("Spread against cost", label="costs"),
        f"The scenario states prices: {joined(_prices(chapter))}. What every run would cost at these follows from "
        "who leads and from what is done in it, and is known before anybody moves. Spread leaves leaders out, so that "
        "more leaders are no outcome in themselves. An arm is called beaten, or on the frontier, only where paired "
        f"differences leave no doubt; intervals hold for all pairs of arms at once. {picture.reference} shows it.",
        chapter.picture(picture),
        *(_group(chapter, place) for place in places),
    )


def _prices(chapter: Chapter) -> list[str]:
    stated = chapter.study.scenario.costs
    told = [
        f"{code(unit)} ({escaped(UNITS[unit])}) {_shown(chapter, f'costs.price.{unit}', price, {'price': unit})}"
        for unit, price in stated.prices
    ]
    if stated.budget is not None:
        told.append(f"a budget of {_shown(chapter, 'costs.budget', stated.budget, {'price': 'budget'})}")
    return told


def _shown(chapter: Chapter, name: str, value: float, source: dict[str, Any]) -> str:
    return chapter.numbers.show(Number(name, value, "price", {"from": "prices", **source}), f"{value:,g}")


def _group(chapter: Chapter, place: int) -> str:
    arms = chapter.arms[place]
    sentences = arms.result.costs.sentences(arms.result.setting)
    told = chapter.quoted(sentences, arms.pool(arms.result.ranking_outcome), (*arms.names(), *UNITS))
    return paragraphs(told, chapter.table(_table(chapter, place)))


def _table(chapter: Chapter, at: int) -> Table:
    arms = chapter.arms[at]
    costs = arms.result.costs
    number = partial(_number, arms)
    made: list[list[Cell]] = []
    for place, arm in enumerate(costs.arms):
        spread = (number(place, arm, field) for field in ("mean", "low", "high"))
        per_unit = (number(place, arm, field) for field in ("per_unit", "per_unit_low", "per_unit_high"))
        within = "" if arm.within_budget is None else "within" if arm.within_budget else "over"
        made.append(
            [
                text_cell(arm.arm),
                number_cell(chapter.numbers, number(place, arm, "cost"), 1),
                interval_cell(chapter.numbers, *spread),
                interval_cell(chapter.numbers, *per_unit),
                text_cell(arm.standing),
                marked_cell(joined([escaped(rival) for rival in arm.against])),
                *([text_cell(within)] if within else []),
            ]
        )
    described = (
        Column("arm", 20),
        Column("mean cost", 10, is_number=True, fields=("cost",)),
        Column("spread", 20, fields=("spread", "spread_low", "spread_high")),
        Column("spread per unit of cost", 20, fields=("per_unit", "per_unit_low", "per_unit_high")),
        Column("frontier", 14),
        Column("against", 16),
        *((Column("budget", 8),) if costs.stated.budget is not None else ()),
    )
    name = f"costs-{at + 1}" if chapter.is_swept else "costs"
    where = f" {place_words(chapter, at)}" if chapter.is_swept else ""
    return Table(name, f"What the arms cost, and how far they spread for it{where}.", described, rows(made))


def _number(arms: ArmNumbers, place: int, arm: ArmOnFrontier, field: str) -> Number | None:
    value = getattr(arm, field)
    if value is None:
        return None
    group = arms.result.group
    source = {"from": "costs", "network": group.network.name, "cell": group.cell.index, "path": [place, field]}
    unit = "agents" if field in ("mean", "low", "high") else "cost"
    return Number(f"{arms.place}.costs.{slug(arm.arm)}.{field}", float(value), unit, source)
