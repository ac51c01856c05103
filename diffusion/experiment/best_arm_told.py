"""The best arm that was named, and the arms that were stopped before, in plain English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.outcomes import Outcome, RegionFacts, find_outcome, never_half
from diffusion.analysis.phrases import amount, counted, decimals_for, joined, named, opened, scaled, verb, whole
from diffusion.analysis.precision_asked import BestWithin
from diffusion.analysis.ranking_table import STOPPED_EARLY
from diffusion.analysis.sentences import CENSORED_AT_MOST, Setting
from diffusion.experiment.best_arm import Named, named_in, unit_values
from diffusion.experiment.sizes import own_scenario, size_of
from diffusion.experiment.study import Group
from diffusion.scenario import Scenario


@dataclass(frozen=True, eq=False)
class NamedThere:
    """Hold which arm is named the best in one network and cell, and how many runs arms have there.

    Attributes
    ----------
    network, cell
        Where: the network's name and the swept values.
    found
        What is known of the best arm; None where the scenario does not ask for it.
    sizes
        How many replicates, or worlds, every arm has.
    noun
        What is counted: ``replicate`` or ``world``.
    rarely_there
        Where the best arm is chosen by a time: the arms of which more than half of the
        runs never got there, so that their times are not compared.
    """

    network: str = ""
    cell: Mapping[str, object] = field(default_factory=dict)
    found: Named | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)
    noun: str = "replicate"
    rarely_there: tuple[str, ...] = ()

    def sentences(self, setting: Setting, baseline: str) -> tuple[str, ...]:
        """Return which arm is named the best, how surely, and which arms were stopped before.

        Parameters
        ----------
        setting
            What arms are called.
        baseline
            The arm that is played on, however bad it is.
        """
        if self.found is None:
            return ()
        teller = _Teller(self.found, self, setting)
        told = (*teller.count(), *teller.best(), *teller.stopped(), *teller.baseline(baseline))
        return tuple(opened(text) for text in told)

    def numbers(self) -> dict[str, Any]:
        """Return the numbers that sentences tell, by name; nothing where no arm is named."""
        return {} if self.found is None else {**self.found.as_json(), "sizes": dict(self.sizes)}


def named_there(scenario: Scenario, group: Group, arms: Sequence[ArmResult]) -> NamedThere:
    """Return which arm is named the best in one network and cell.

    Parameters
    ----------
    scenario, group
        The scenario, and its arms of one network and cell.
    arms
        These arms with their runs.
    """
    asked, found, rarely_there = scenario.precision, None, tuple[str, ...]()
    if isinstance(asked, BestWithin):
        facts = RegionFacts.of(group.network, scenario.steps)
        found = named_in(scenario, group, {arm.name: unit_values(arm, asked, facts) for arm in arms})
        if find_outcome(asked.outcome, facts.role_names).unit == "steps":
            rarely_there = tuple(arm.name for arm in arms if never_half(arm.runs).mean() > CENSORED_AT_MOST)
    sizes = {arm.name: size_of(own_scenario(scenario, arm)) for arm in group.arms}
    noun = "world" if scenario.worlds > 1 else "replicate"
    return NamedThere(group.network.name, group.cell.values, found, sizes, noun, rarely_there)


def named_as_json(places: Sequence[NamedThere]) -> dict[str, Any]:
    """Return the list ``named`` for ``--json``; nothing where the scenario does not ask for the best arm."""
    told = [
        {"network": place.network, "cell": dict(place.cell), **place.found.as_json()}
        for place in places
        if place.found is not None
    ]
    return {"named": told} if told else {}


class _Teller:
    """Tell what was decided in one network and cell."""

    def __init__(self, found: Named, there: NamedThere, setting: Setting) -> None:
        self.found = found
        self.sizes = there.sizes
        self.most = max(there.sizes.values(), default=0)
        self.setting = setting
        self.noun = there.noun
        self.rarely_there = there.rarely_there
        self.by = " by this count" if there.rarely_there else ""
        self.outcome: Outcome = find_outcome(found.asked.outcome, setting.role_names)
        self.sure = f"{100 * found.asked.confidence:g} %"

    def count(self) -> Iterator[str]:
        """Yield by what the best arm is chosen where times are not compared, because most runs never got there."""
        if not self.rarely_there:
            return
        arms = named([self.setting.phrase(arm) for arm in self.rarely_there])
        last = counted(self.setting.steps + 1, self.setting.unit(self.rarely_there[0]))
        yield (
            f"the best arm is chosen by a count, although times are not compared for {arms}: a run in which half of "
            f"the agents had not adopted by the end counts as {last}, one after the last, so the count weighs how "
            "often half of them adopted as well as how soon."
        )

    def best(self) -> Iterator[str]:
        """Yield which arm is named, or that none is."""
        after = f"after {counted(self.found.size, self.noun)}"
        asked = self._amount(self.found.asked.best_within)
        if self.found.best is None:
            within = (
                "" if self.found.within is None else f": another may be better by {self._amount(self.found.within)}"
            )
            yield f"no arm is named the best{self.by} within {asked} yet {after}{within}; run the scenario again."
            return
        phrase = self.setting.phrase(self.found.best)
        by = f"this count of {self.outcome.name}" if self.rarely_there else self.outcome.name
        is_named = f"{phrase} {verb([phrase], 'is', 'are')} named best by {by} {after}"
        if not self.found.within:
            yield f"{is_named}: no other arm is better ({self.sure} for all together)."
            return
        within = f"no other arm is better by more than {self._amount(self.found.within)}"
        yield f"{is_named}: {within}, and {asked} were asked for ({self.sure} for all together)."

    def stopped(self) -> Iterator[str]:
        """Yield which arms have fewer runs than the others, and why."""
        after: dict[int, list[str]] = {}
        for arm, size in self.sizes.items():
            if size < self.most:
                after.setdefault(size, []).append(self.setting.phrase(arm))
        if not after:
            return
        told = joined([f"{named(after[size])} after {whole(size)}" for size in sorted(after)])
        arms = [arm for each in after.values() for arm in each]
        they, are, have = verb(arms, "it is has", "they are have").split()
        yield (
            f"stopped early: {told} of {counted(self.most, self.noun)}, since {they} {are} worse than the best"
            f"{self.by} ({self.sure} for all together, by bounds of Paulson and of Kim & Nelson). {they.capitalize()} "
            f"{are} marked{STOPPED_EARLY}, told by the {self.noun}s that {they} {have}, compared over these, and "
            f"{have} no place; “best” is told of the others."
        )

    def baseline(self, baseline: str) -> Iterator[str]:
        """Yield that the baseline is worse too, where it is."""
        size = self.found.stopped.get(baseline)
        if size is not None and size < self.most:
            phrase = self.setting.phrase(baseline)
            is_worse = (
                f"{phrase} {verb([phrase], 'is', 'are')} known to be worse than the best{self.by} too, "
                f"after {whole(size)}"
            )
            yield f"{is_worse}, and {verb([phrase], 'was', 'were')} played on as what the others are compared with."

    def _amount(self, size: float) -> str:
        shown = scaled(self.outcome, [size])[0]
        return amount(self.outcome, shown, decimals_for(shown), self.setting.step_unit)
