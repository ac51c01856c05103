"""The numbers of arms and comparisons, by the names that a report's register gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from diffusion.analysis.across import DifferenceAcross, LevelAcross
from diffusion.analysis.compare import Comparison
from diffusion.analysis.outcomes import Outcome, find_outcome
from diffusion.analysis.phrases import MOST_NAMED
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.experiment.plan import Group, Study
from diffusion.experiment.results import GroupResult
from diffusion.report.numbers import Number, Pool, slug
from diffusion.report.told_numbers import told_numbers

CONFIDENCE = Number("confidence", 0.95, "share", {"from": "constant", "of": "diffusion.analysis.intervals"})

_SUMMARY_FIELDS = ("mean", "low", "high", "sd", "censored", "differ_below")
_COMPARISON_FIELDS = (
    "difference",
    "low_all",
    "high_all",
    "differ_below",
    "p_better",
    "p_tie",
)
"""What sentences quote; the other numbers of a comparison may stand in tables."""
_HISTORIES = ("p_better", "p_tie", "p_worse", "p_better_unpaired", "differ_below", "variance_saved", "censored")


class ArmNumbers:
    """Give the numbers of the arms of one network and cell.

    Parameters
    ----------
    study
        The study.
    result
        The results of the network and cell.
    """

    def __init__(self, study: Study, result: GroupResult) -> None:
        self.study = study
        self.result = result
        self.all = result.whole or result
        self.place = place_name(study, result.group)
        self.roles = result.group.network.role_names
        self.summaries = {summary.arm: summary for summary in result.summaries}
        self._everyone = {summary.arm: summary for summary in self.all.summaries}
        self._compared = {(found.arm, found.baseline, found.outcome): found for found in self.all.comparisons}

    def about(self, arm: str) -> tuple[str, ...]:
        """Return what texts call an arm."""
        phrase = self.result.setting.phrase(arm)
        return (phrase, phrase[:1].upper() + phrase[1:])

    def summary(self, arm: str, outcome: str, field: str) -> Number | None:
        """Return a number of one arm on one outcome; None where it is undefined."""
        found = self._everyone[arm].outcomes.get(outcome)
        value = None if found is None else getattr(found, field)
        if value is None:
            return None
        where = {"from": "summary", **self._where(), "arm": arm, "outcome": outcome, "field": field}
        name = f"{self.place}.{slug(arm)}.{slug_outcome(outcome)}.{field}"
        return Number(name, float(value), self._unit(outcome, field), where, self.about(arm))

    def best(self, arm: str, outcome: str, field: str) -> Number | None:
        """Return how often an arm is best on an outcome, alone (``p_best``) or shared (``p_best_tied``)."""
        value = getattr(self._everyone[arm], field).get(outcome)
        if value is None:
            return None
        where = {"from": "summary", **self._where(), "arm": arm, "outcome": outcome, "field": field}
        name = f"{self.place}.{slug(arm)}.{slug_outcome(outcome)}.{field}"
        return Number(name, float(value), "share of histories", where, self.about(arm))

    def runs(self, arm: str) -> Number:
        """Return how many runs an arm has."""
        return Number(
            f"{self.place}.{slug(arm)}.runs",
            float(self._everyone[arm].replicates),
            "run",
            {"from": "summary", **self._where(), "arm": arm, "field": "replicates"},
        )

    def compared(self, arm: str, baseline: str, outcome: str) -> Comparison | None:
        """Return the comparison of two arms on an outcome, if there is one."""
        return self._compared.get((arm, baseline, outcome))

    def comparison(self, arm: str, baseline: str, outcome: str, field: str) -> Number | None:
        """Return a number of one comparison; None where it is undefined."""
        found = self.compared(arm, baseline, outcome)
        value = None if found is None else _field(found, field)
        if value is None:
            return None
        where = {"from": "comparison", **self._where(), "arm": arm, "baseline": baseline, "outcome": outcome}
        name = f"{self.place}.{slug(arm)}.against.{slug(baseline)}.{slug_outcome(outcome)}.{field}"
        unit = "run" if field == "replicates" else self._unit(outcome, field)
        about = (*self.about(arm), *self.about(baseline))
        return Number(name, float(value), unit, {**where, "field": field}, about)

    def smallest(self, outcome: str) -> Number:
        """Return the smallest difference that matters, in an outcome's unit."""
        found = self._outcome(outcome)
        largest = found.largest_value(self.result.setting.agents) or 1.0
        value = self.result.setting.smallest_difference * largest
        name = f"{self.place}.smallest_difference.{found.unit.replace(' ', '_')}"
        source = {"from": "scenario", "key": "smallest_difference", "times": largest}
        return Number(name, value, self._unit(outcome, "mean"), source)

    def pool(self, outcome: str) -> Pool:
        """Return the numbers that sentences about an outcome may quote."""
        return Pool(list(self._pooled(outcome)))

    def names(self) -> tuple[str, ...]:
        """Return the names in which figures are no numbers."""
        told = [summary.arm for summary in self.all.summaries]
        arms = [*told, *(self.result.setting.phrase(arm) for arm in told)]
        network = self.result.group.network
        return tuple(dict.fromkeys([*arms, network.name, *self.roles, *network.layers, *network.organisation_names]))

    def _pooled(self, outcome: str) -> Iterator[Number]:
        for arm in self._told(outcome):
            for field in _SUMMARY_FIELDS:
                yield from _known(self.summary(arm, outcome, field))
            yield self.runs(arm)
            for baseline in (self.result.baseline, NO_LEADERS):
                for field in (*_COMPARISON_FIELDS, "p_worse", "replicates"):
                    yield from _known(self.comparison(arm, baseline, outcome, field))
        yield self.smallest(outcome)
        yield CONFIDENCE
        yield from self._across(outcome)
        for count in range(1, len(self.all.summaries)):
            yield Number(f"{self.place}.other_arms.{count}", float(count), "other arm", {"from": "arms told together"})
        yield from self._named()
        yield from scenario_numbers(self.study)
        yield from cell_numbers(self.result.group)

    def _told(self, outcome: str) -> Iterator[str]:
        """Yield the arms that sentences about an outcome may name: those shown, and of all the first and the last."""
        yield from self.summaries
        if self.all is not self.result:
            ranked = [row.arm for row in self.all.ranking(outcome) if row.place is not None]
            yield from (arm for arm in dict.fromkeys([*ranked[:MOST_NAMED], *ranked[-1:]]) if arm not in self.summaries)

    def _named(self) -> Iterator[Number]:
        """Yield what is told of the arm that is named the best, where one is asked for."""
        source, told = {"from": "named", **self._where()}, self.result.named.numbers()
        yield from told_numbers(f"{self.place}.named", told, source, phrase=self.result.setting.phrase)

    def _across(self, outcome: str) -> Iterator[Number]:
        """Yield what is told across worlds; nothing in one world."""
        if self.study.scenario.worlds == 1:
            return
        for arm in self._told(outcome):
            summary = self._everyone[arm]
            found, compared = summary.outcomes.get(outcome), self.compared(arm, self.result.baseline, outcome)
            for kind, across in (("level", found and found.across), ("against", compared and compared.across)):
                if across:
                    name = f"{self.place}.{slug(arm)}.{slug_outcome(outcome)}.worlds.{kind}"
                    source = {"from": "worlds", **self._where(), "arm": arm, "outcome": outcome, "kind": kind}
                    told = {"arm": arm, **asdict(across), **_beside(across)}
                    yield from told_numbers(name, told, source, phrase=self.result.setting.phrase)

    def _outcome(self, outcome: str) -> Outcome:
        return find_outcome(outcome, self.roles)

    def _unit(self, outcome: str, field: str) -> str:
        if field in _HISTORIES:
            return "share of runs" if field == "censored" else "share of histories"
        unit = self._outcome(outcome).unit
        if unit == "steps":
            return f"{self.result.setting.step_unit} or round"
        return {"agents": "agent", "organisations": "organisation"}.get(unit, unit)

    def _where(self) -> dict[str, Any]:
        return {"network": self.result.group.network.name, "cell": self.result.group.cell.index}


def place_name(study: Study, group: Group) -> str:
    """Return how numbers of one network and cell begin."""
    network = slug(group.network.name)
    return f"{network}.cell{group.cell.index}" if len(study.scenario.cells()) > 1 else network


def slug_outcome(outcome: str) -> str:
    """Return an outcome as part of a number's name."""
    name, dot, role = outcome.partition(".")
    return f"{name}{dot}{slug(role)}" if dot else name


def scenario_number(study: Study, key: str, unit: str) -> Number:
    """Return a number that the scenario states above its first section."""
    return Number(f"scenario.{key}", float(getattr(study.scenario, key)), unit, {"from": "scenario", "key": key})


def scenario_numbers(study: Study) -> list[Number]:
    """Return the numbers of a scenario that sentences quote."""
    unit = f"{study.scenario.step_unit} or round"
    steps = scenario_number(study, "steps", unit)
    after = Number("scenario.steps_and_one", steps.value + 1, unit, {"from": "scenario", "key": "steps", "plus": 1})
    worlds = [scenario_number(study, "worlds", "world")] if study.scenario.worlds > 1 else []
    return [steps, after, scenario_number(study, "replicates", "run"), *worlds]


def cell_numbers(group: Group) -> list[Number]:
    """Return the swept values of a cell that are numbers."""
    index = group.cell.index
    return [
        Number(f"cell{index}.{'.'.join(path)}", value, "as swept", {"from": "cell", "cell": index, "path": list(path)})
        for path, value in flattened(group.cell.values)
    ]


def flattened(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the numbers of nested tables and lists, each with the way to it."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield path, float(value)
    elif isinstance(value, Mapping):
        for key, inside in value.items():
            yield from flattened(inside, (*path, str(key)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, inside in enumerate(value):
            yield from flattened(inside, (*path, str(number)))


def _known(number: Number | None) -> Iterable[Number]:
    return () if number is None else (number,)


def _beside(across: LevelAcross | DifferenceAcross) -> dict[str, int]:
    """Return in how many worlds an arm does neither better nor worse than the one of the best mean."""
    if isinstance(across, DifferenceAcross) or across.above_best_in is None or across.below_best_in is None:
        return {}
    return {"undecided_beside_best": across.worlds - across.above_best_in - across.below_best_in}


def _field(found: Comparison, field: str) -> float | None:
    value = getattr(found, field)
    return None if value is None else float(value)
