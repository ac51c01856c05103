"""Further statistics of one network and cell: sizes of effects, regret, times, equity, and who is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.durations import Duration, DurationDifference, duration, duration_differences, first_steps
from diffusion.analysis.effects import Effect, effects
from diffusion.analysis.equity import Equity, EquityDifference, equity, equity_differences
from diffusion.analysis.grouping import Grouping, groupings
from diffusion.analysis.outcomes import RegionFacts
from diffusion.analysis.regret import Regret, arm_regrets
from diffusion.analysis.unequal import longest
from diffusion.analysis.unreached import Unreached, unreached
from diffusion.experiment.sizes import group_scenario
from diffusion.report.chapter import Chapter
from diffusion.report.histories import units_replayed
from diffusion.report.numbers import Number, Pool, slug
from diffusion.report.told_numbers import told_numbers

HALF = 0.5
_GROUPED = ("role", "organisation")


class _Told(Protocol):
    def as_json(self) -> dict[str, object]:
        """Return the numbers by name."""


class Further:
    """Give further statistics of one network and cell, and the numbers that their sentences quote.

    Parameters
    ----------
    chapter
        The chapter.
    place
        Which network and cell.
    """

    def __init__(self, chapter: Chapter, place: int) -> None:
        self.chapter = chapter
        self.place = place
        self.arms = chapter.arms[place]
        self.facts = RegionFacts.of(self.arms.result.group.network, chapter.study.scenario.steps)
        self.seed_text = self.arms.result.group.arms[0].setting_digest

    @property
    def results(self) -> tuple[ArmResult, ...]:
        """Return the runs of the arms, but for those that were stopped early."""
        return tuple(longest(self.chapter.arm_results(self.place)))

    def effects(self, outcome: str) -> tuple[Effect, ...]:
        """Return the sizes of the differences from the baseline."""
        there = {arm.name for arm in self.results}
        compared = self.arms.result.comparisons
        found = [one for one in compared if one.baseline == self.arms.result.baseline and one.arm in there]
        return effects(self.results, found, self.facts, outcome, self.seed_text)

    def regrets(self, outcome: str) -> tuple[Regret, ...]:
        """Return what choosing each arm gives up beside the best."""
        return arm_regrets(self.results, self.facts, outcome, self.seed_text)

    def durations(self, share: float = HALF) -> tuple[tuple[Duration, ...], tuple[DurationDifference, ...]]:
        """Return how long arms take to reach a share of the agents, and how they compare with the baseline."""
        steps = self.chapter.study.scenario.steps
        first = {
            arm: first_steps(history.adopters, self.facts.size, share)
            for arm, history in self.chapter.histories(self.place).items()
            if not self.arms.summaries[arm].stopped_early
        }
        units = units_replayed(group_scenario(self.chapter.study.scenario, self.arms.result.group.arms))
        told = tuple(duration(arm, share, found, steps, units) for arm, found in first.items())
        return told, duration_differences(first, self.arms.result.baseline, share, steps, self.seed_text, units=units)

    def equity(self, grouping: Grouping) -> tuple[tuple[Equity, ...], tuple[EquityDifference, ...]]:
        """Return how evenly arms reach groups, the best arm first, and how they compare with the baseline."""
        first = self.chapter.loaded.telling_arms(self.arms.result)[0]
        ordered = sorted(self.results, key=lambda arm: arm.name != first)
        return (
            equity(ordered, grouping, self.seed_text),
            equity_differences(self.results, self.arms.result.baseline, grouping, self.seed_text),
        )

    def groupings(self) -> tuple[Grouping, ...]:
        """Return the groupings told: by role and by organisation, as far as there are."""
        network = self.arms.result.group.network
        same = len(set(zip(network.roles, network.columns.get("organisation", ()), strict=False)))
        is_one = same == len(network.role_names) == len(network.organisation_names)
        wanted = _GROUPED[:1] if is_one else _GROUPED
        return tuple(found for found in groupings(network) if found.name in wanted)

    def unreached(self) -> tuple[Unreached, ...]:
        """Return how many agents every arm leaves out."""
        return unreached(self.results, self.arms.result.baseline, self.seed_text)

    def told(self, name: str, outcome: str) -> Sequence[_Told]:
        """Return the statistics of a name, in the order in which the register counts them."""
        if name == "durations":
            return tuple(one for part in self.durations() for one in part)
        if name == "unreached":
            return self.unreached()
        if name.startswith("equity by "):
            grouping = next(found for found in self.groupings() if name == f"equity by {found.name}")
            return tuple(one for part in self.equity(grouping) for one in part)
        return self.effects(outcome) if name == "effects" else self.regrets(outcome)

    def pool(self, name: str, told: Sequence[_Told], outcome: str) -> Pool:
        """Return the numbers of statistics, and those of the arms on an outcome."""
        source: dict[str, Any] = {
            "from": name,
            "network": self.arms.result.group.network.name,
            "cell": self.arms.result.group.cell.index,
            "outcome": outcome,
        }
        entries = [_with_reached(found.as_json()) for found in told]
        phrase: Callable[[str], str] = self.arms.result.setting.phrase
        numbers = told_numbers(f"{self.arms.place}.{slug(name)}", entries, source, phrase=phrase)
        # How many arms a sentence speaks of together is counted there, and in nothing else.
        counts = [
            Number(f"{self.arms.place}.{slug(name)}.arms.{count}", float(count), "arm", {"from": "arms told together"})
            for count in range(1, len(entries) + 1)
        ]
        return Pool(list(numbers)) + self.arms.pool(outcome) + Pool(counts)

    def quoted(self, sentences: Sequence[str], name: str, told: Sequence[_Told], outcome: str) -> str:
        """Return sentences about statistics as Markdown, their numbers named."""
        return self.chapter.quoted(sentences, self.pool(name, told, outcome), self.arms.names())


def _with_reached(told: dict[str, object]) -> dict[str, object]:
    """Return the numbers with the share of the runs that got there, which sentences tell in place of the other."""
    censored = told.get("censored")
    return {**told, "reached": 1 - censored} if isinstance(censored, float | int) else told
