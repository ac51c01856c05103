"""The tables of nulls and of the credit of leaders, every number named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from diffusion.analysis.nulls import MatchedEffect, StructurePlace
from diffusion.analysis.nulls_told import p_text
from diffusion.analysis.outcomes import Outcome, find_outcome
from diffusion.analysis.ranking_table import UNITS
from diffusion.analysis.recruitment import Recruitment
from diffusion.experiment.explained import Explained
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import code, escaped
from diffusion.report.numbers import EITHER, TOKEN, Number, slug
from diffusion.report.table_cells import NOTHING, interval_cell, number_cell, share_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell
from diffusion.report.told_numbers import told_numbers

_DEGREE = re.compile(r"(\S+) \([^()]*, out-degree (\d+)\)")

_KEPT = {"degrees": "ties of agents kept", "degrees and roles": "ties of roles kept too"}


@dataclass(frozen=True)
class ShownTable:
    """Hold a table, and the sentence that refers to it."""

    table: Table
    words: str


def numbers_of(chapter: Chapter, place: int) -> list[Number]:
    """Return every number of the extra runs of one network and cell."""
    arms = chapter.arms[place]
    group = arms.result.group
    source = {"from": "explained", "network": group.network.name, "cell": group.cell.index}
    told = arms.result.explained.as_json()
    found = told_numbers(f"{arms.place}.explained", told, source, phrase=arms.result.setting.phrase)
    return [replace(number, unit=_unit(number.source["path"], told, arms.roles)) for number in found]


def _unit(path: Sequence[Any], told: Mapping[str, Any], roles: tuple[str, ...]) -> str:
    """Return what a number is counted in: of shares, texts show per cent."""
    kind, entry, last = path[0], path[1], str(path[-1])
    counted = {"replicates": "run", "rewirings": "network", "as_high": "network", "as_low": "network"}
    if last in counted:
        return counted[last]
    if last in ("p_better", "p_tie", "differ_below", "censored"):
        return "share of histories"
    if last.startswith("p_"):
        return "p-value"
    if kind == "credit":
        return "agent"
    unit = find_outcome(told[kind][entry]["outcome"], roles).unit
    return {"agents": "agent", "organisations": "organisation"}.get(unit, unit)


def reason_numbers(chapter: Chapter, place: int) -> list[Number]:
    """Return the numbers in reasons why arms have no answer: out-degrees of leaders, counts, and what a match is."""
    arms = chapter.arms[place]
    network = arms.result.group.network
    where = {"network": network.name, "cell": arms.result.group.cell.index}
    constant = {"from": "constant", "of": "diffusion.positions.matching"}
    found = {
        "matching.within": Number("matching.within", 0.1, "share", constant),
        "matching.at_least": Number("matching.at_least", 1.0, EITHER, constant),
    }
    for entry, one in enumerate(arms.result.explained.unanswered):
        for number, token in enumerate(TOKEN.finditer(_DEGREE.sub("", one.reason))):
            name = f"{arms.place}.unanswered.{entry}.{number}"
            source = {"from": "unanswered", **where, "entry": entry, "token": token[0]}
            found[name] = Number(name, float(token[0]), EITHER, source)
        for agent, degree in _DEGREE.findall(one.reason):
            name = f"{arms.place}.out_degree.{slug(agent)}"
            source = {"from": "network", "network": network.name, "field": "out_degree", "key": agent}
            found[name] = Number(name, float(degree), EITHER, source, (agent,))
    return list(found.values())


def tables(chapter: Chapter, place: int, shown: Explained, outcome: Outcome) -> list[ShownTable]:
    """Return the tables of one network and cell, of the arms that are told.

    Parameters
    ----------
    chapter
        The chapter.
    place
        Which network and cell.
    shown
        What the extra runs show of these arms.
    outcome
        The outcome that arms are ranked by.
    """
    cells = _Cells(chapter, place, outcome)
    matched = [found for found in shown.matched if found.outcome == outcome.name]
    places = [found for found in shown.places if found.outcome == outcome.name]
    differences = [found for found in places if found.baseline is not None]
    made = []
    if matched:
        made.append(ShownTable(cells.matched(matched), "has the arms beside their matched leaders."))
    if differences:
        made.append(
            ShownTable(
                cells.structure(differences, "structure"), "has the differences beside those on rewired networks."
            )
        )
    if places:
        means = [found for found in places if found.baseline is None]
        made.append(ShownTable(cells.structure(means, "structure-means"), "has the means there."))
    if shown.recruitments:
        made.append(ShownTable(cells.credit(shown.recruitments), "has the credit of every leader."))
    return [replace(one, words=f"{one.table.reference} {one.words}") for one in made]


class _Cells:
    """Make the cells of the tables of one network and cell."""

    def __init__(self, chapter: Chapter, place: int, outcome: Outcome) -> None:
        self.chapter = chapter
        self.outcome = outcome
        self.explained = chapter.arms[place].result.explained
        self.suffix = f"-{place + 1}" if chapter.is_swept else ""
        self.by_path = {tuple(number.source["path"]): number for number in numbers_of(chapter, place)}
        unit = UNITS.get(outcome.unit, outcome.unit)
        self.level_unit, self.unit = unit, "points" if unit.startswith("%") else unit

    def number(self, kind: str, entry: int, *path: Any) -> Number | None:
        return self.by_path.get((kind, entry, *path))

    def interval(self, kind: str, entry: int, names: Sequence[str], *, sign: bool = False) -> Cell:
        return interval_cell(self.chapter.numbers, *(self.number(kind, entry, name) for name in names), sign=sign)

    def matched(self, found: Sequence[MatchedEffect]) -> Table:
        """Return the arms beside their matched nulls."""
        numbers, made = self.chapter.numbers, []
        for effect in found:
            entry = self.explained.matched.index(effect)
            made.append(
                [
                    text_cell(effect.arm),
                    number_cell(numbers, self.number("matched", entry, "mean")),
                    number_cell(numbers, self.number("matched", entry, "matched_mean")),
                    self.interval("matched", entry, ("difference", "low", "high"), sign=True),
                    share_cell(numbers, self.number("matched", entry, "p_better")),
                    text_cell(effect.verdict or ""),
                ]
            )
        described = (
            Column("arm", 20),
            Column(f"the arm, {self.level_unit}", 10, is_number=True, fields=("mean",)),
            Column(f"matched leaders, {self.level_unit}", 10, is_number=True, fields=("matched_mean",)),
            Column(f"difference, {self.unit}", 22, fields=("difference", "low", "high")),
            Column("better in, %", 8, is_number=True, fields=("p_better",)),
            Column("verdict", 14),
        )
        caption = (
            f"Arms beside other leaders of the same roles and out-degrees, drawn anew in every replicate, by "
            f"{code(self.outcome.name)}: means, and mean paired differences with {self.chapter.confidence} intervals, "
            "each by itself."
        )
        return Table(f"matched{self.suffix}", caption, described, rows(made))

    def structure(self, found: Sequence[StructurePlace], name: str) -> Table:
        """Return the places of arms among those on rewired networks."""
        kinds = list(dict.fromkeys(one.kept for one in found))
        by_row: dict[tuple[str, str], dict[str, StructurePlace]] = {}
        for one in found:
            by_row.setdefault((one.arm, one.leaders), {})[one.kept] = one
        is_difference = found[0].baseline is not None
        made = [
            [text_cell(arm), text_cell(leaders), *self._structure_cells(here, kinds, sign=is_difference)]
            for (arm, leaders), here in by_row.items()
        ]
        unit = self.unit if is_difference else self.level_unit
        described = [
            Column("arm", 18),
            Column("leaders", 9),
            Column(f"here, {unit}", 9, is_number=True, fields=("value",)),
        ]
        for kind in kinds:
            ends = tuple(f"{end} ({kind} kept)" for end in ("mean", "low", "high"))
            described.append(Column(f"{_KEPT[kind]}, {unit}", 22, fields=ends))
            described.append(Column("p", 6, is_number=True, fields=(f"p ({kind} kept)",)))
        what = f"Mean differences from *{escaped(found[0].baseline or '')}* in" if is_difference else "Means of"
        caption = (
            f"{what} {code(self.outcome.name)} on the network itself (here), and their mean on networks rewired at "
            "random with the range of all but one in forty at either end; p is two-sided, for one comparison. Leaders: "
            "the same agents, or those who hold the position there."
        )
        return Table(f"{name}{self.suffix}", caption, tuple(described), rows(made))

    def _structure_cells(self, here: dict[str, StructurePlace], kinds: Sequence[str], *, sign: bool) -> list[Cell]:
        numbers = self.chapter.numbers
        entries = {kind: self.explained.places.index(here[kind]) for kind in kinds if kind in here}
        cells = [number_cell(numbers, self.number("structure", next(iter(entries.values())), "value"), sign=sign)]
        for kind in kinds:
            if kind not in entries:
                cells += [Cell("", (None, None, None)), NOTHING]
                continue
            cells.append(
                self.interval("structure", entries[kind], ("rewired_mean", "rewired_low", "rewired_high"), sign=sign)
            )
            p_value = self.number("structure", entries[kind], "p_value")
            cells.append(NOTHING if p_value is None else _p_cell(self.chapter, p_value))
        return cells

    def credit(self, found: Sequence[Recruitment]) -> Table:
        """Return what each leader brings."""
        made = []
        for one in found:
            entry = self.explained.recruitments.index(one)
            lost, shared = ({credit.leader: n for n, credit in enumerate(told)} for told in (one.losses, one.shapley))
            for leader in dict.fromkeys([*lost, *shared]):
                parts = [("losses", lost.get(leader)), ("shapley", shared.get(leader))]
                made.append([text_cell(one.arm), text_cell(leader), *(self._credit(entry, *part) for part in parts)])
        described = (
            Column("arm", 20),
            Column("leader", 16),
            Column("adopters lost without", 22, fields=("lost", "lost_low", "lost_high")),
            Column("Shapley value, adopters", 22, fields=("shapley", "shapley_low", "shapley_high")),
        )
        caption = (
            f"What leaders brought, in adopters in the mean of a run, with {self.chapter.confidence} intervals, each "
            "by itself: the adopters lost had that leader alone not been recruited, which need not add up; and Shapley "
            "values, which add up to what all leaders brought."
        )
        return Table(f"leader-credit{self.suffix}", caption, described, rows(made))

    def _credit(self, entry: int, kind: str, at: int | None) -> Cell:
        if at is None:
            return Cell("", (None, None, None))
        found = (self.number("credit", entry, kind, at, field) for field in ("mean", "low", "high"))
        return interval_cell(self.chapter.numbers, *found)


def _p_cell(chapter: Chapter, number: Number) -> Cell:
    return Cell(chapter.numbers.show(number, p_text(number.value)), (number.value,))
