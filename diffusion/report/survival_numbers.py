"""The numbers of what survives where the network is uncertain, each with its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.survival import Survival
from diffusion.analysis.survival_told import is_undecidable
from diffusion.analysis.turning import Turning
from diffusion.experiment.survived import turnings
from diffusion.report.arm_numbers import cell_numbers
from diffusion.report.chapter import Chapter
from diffusion.report.numbers import EITHER, Number, Pool
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
    if is_undecidable(found):
        return told
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


def no_room_numbers(chapter: Chapter, place: int) -> list[Number]:
    """Return how many ties a stated error adds on one network and in one cell, and how many there is room for."""
    arms = chapter.arms[place]
    group, full = arms.result.group, arms.result.survived.no_room
    source = {"from": "no_room", "network": group.network.name, "cell": group.cell.index}
    return list(told_numbers(f"{arms.place}.no_room", full.as_json() if full else None, source))


def survival_pool(chapter: Chapter, place: int) -> Pool:
    """Return the numbers that sentences on what survives may quote."""
    arms = chapter.arms[place]
    ends = {"from": "constant", "of": "diffusion.analysis.survival"}
    constants = [Number("likeness.same", 1.0, EITHER, ends), Number("likeness.reverse", -1.0, EITHER, ends)]
    full = no_room_numbers(chapter, place)
    return Pool([*survival_numbers(chapter, place), *constants, *full]) + arms.pool(arms.result.ranking_outcome)


def turning_pool(chapter: Chapter) -> Pool:
    """Return the numbers that sentences on where rankings turn over may quote."""
    cells = [number for group in chapter.result.groups for number in cell_numbers(group.group)]
    return Pool([*turning_numbers(chapter), *cells]) + chapter.arms[0].pool(chapter.ranking_outcome)
