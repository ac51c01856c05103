"""The best arm that was named, and the arms that were stopped before, in plain English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.outcomes import Outcome, RegionFacts, find_outcome
from diffusion.analysis.phrases import amount, counted, decimals_for, joined, named, opened, scaled, verb, whole
from diffusion.analysis.precision_asked import BestWithin
from diffusion.analysis.ranking_table import STOPPED_EARLY
from diffusion.analysis.sentences import Setting
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
    """

    network: str = ""
    cell: Mapping[str, object] = field(default_factory=dict)
    found: Named | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)
    noun: str = "replicate"

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
        teller = _Teller(self.found, self.sizes, setting, self.noun)
        return tuple(opened(text) for text in (*teller.best(), *teller.stopped(), *teller.baseline(baseline)))

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
    asked, found = scenario.precision, None
    if isinstance(asked, BestWithin):
        facts = RegionFacts.of(group.network, scenario.steps)
        found = named_in(scenario, group, {arm.name: unit_values(arm, asked, facts) for arm in arms})
    sizes = {arm.name: size_of(own_scenario(scenario, arm)) for arm in group.arms}
    noun = "world" if scenario.worlds > 1 else "replicate"
    return NamedThere(group.network.name, group.cell.values, found, sizes, noun)


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

    def __init__(self, found: Named, sizes: Mapping[str, int], setting: Setting, noun: str) -> None:
        self.found = found
        self.sizes = sizes
        self.most = max(sizes.values(), default=0)
        self.setting = setting
        self.noun = noun
        self.outcome: Outcome = find_outcome(found.asked.outcome, setting.role_names)
        self.sure = f"{100 * found.asked.confidence:g} %"

    def best(self) -> Iterator[str]:
        """Yield which arm is named, or that none is."""
        after = f"after {counted(self.found.size, self.noun)}"
        asked = self._amount(self.found.asked.best_within)
        if self.found.best is None:
            within = (
                "" if self.found.within is None else f": another may be better by {self._amount(self.found.within)}"
            )
            yield f"no arm is named the best within {asked} yet {after}{within}; run the scenario again."
            return
        phrase = self.setting.phrase(self.found.best)
        is_named = f"{phrase} {verb([phrase], 'is', 'are')} named best by {self.outcome.name} {after}"
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
            f"stopped early: {told} of {counted(self.most, self.noun)}, since {they} {are} worse than the best "
            f"({self.sure} for all together, by bounds of Paulson and of Kim & Nelson). {they.capitalize()} {are} "
            f"marked{STOPPED_EARLY}, told by the {self.noun}s that {they} {have}, compared over these, and {have} no "
            "place; “best” is told of the others."
        )

    def baseline(self, baseline: str) -> Iterator[str]:
        """Yield that the baseline is worse too, where it is."""
        size = self.found.stopped.get(baseline)
        if size is not None and size < self.most:
            phrase = self.setting.phrase(baseline)
            is_worse = (
                f"{phrase} {verb([phrase], 'is', 'are')} known to be worse than the best too, after {whole(size)}"
            )
            yield f"{is_worse}, and {verb([phrase], 'was', 'were')} played on as what the others are compared with."

    def _amount(self, size: float) -> str:
        shown = scaled(self.outcome, [size])[0]
        return amount(self.outcome, shown, decimals_for(shown), self.setting.step_unit)
