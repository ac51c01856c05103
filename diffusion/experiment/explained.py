"""What a study's extra runs show: nulls and the credit of leaders, read from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.nulls import (
    PLACED_OUTCOMES,
    MatchedEffect,
    StructurePlace,
    matched_effect,
    mean_outcome,
    structure_place,
)
from diffusion.analysis.nulls_told import matched_sentences, structure_sentences
from diffusion.analysis.outcomes import FloatArray, RegionFacts, Runs, find_outcome, never_half, outcome_values
from diffusion.analysis.recruitment import Recruitment, recruitment
from diffusion.analysis.recruitment_told import recruitment_sentences
from diffusion.analysis.sentences import Setting
from diffusion.analysis.unanswered import Unanswered, unanswered_sentences
from diffusion.experiment.extras import MOST_SHAPLEY_LEADERS, MatchedArm, PartArm, RewiredArm
from diffusion.experiment.sizes import own_scenario
from diffusion.experiment.study import Group, PlannedArm, Study
from diffusion.experiment.worlds import WorldRuns, arm_runs, units_of


@runtime_checkable
class RunMeans(WorldRuns, Protocol):
    """Give the runs of arms, and their means by world: a store does."""

    def means(self, arm: PlannedArm, *, worlds: int, replicates: int) -> Mapping[str, NDArray[np.float64]]:
        """Return the means of the whole numbers kept of a run, world by world."""


@dataclass(frozen=True, eq=False)
class RewiredMeans:
    """Hold what an arm reaches on a network, and on each of its rewirings.

    Attributes
    ----------
    extra
        The arm on the rewired networks.
    outcome
        Of which outcome.
    observed
        The mean on the network itself, over the same replicates.
    rewired
        The mean on each rewired network.
    baseline
        None for means; else these are mean differences from this arm.
    """

    extra: RewiredArm
    outcome: str
    observed: float
    rewired: FloatArray
    baseline: str | None = None


@dataclass(frozen=True)
class Explained:
    """Hold what the extra runs of one network and cell show.

    Attributes
    ----------
    matched
        The arms beside their matched nulls, by arm and outcome.
    places
        Their places among rewired networks, by arm, outcome, what the
        rewiring keeps, and leaders.
    recruitments
        The credit of the leaders of the arms in which the same agents always lead.
    unanswered
        What was asked for and cannot be told, and why.
    network, cell
        Where: the network's name and the swept values.
    """

    matched: tuple[MatchedEffect, ...] = ()
    places: tuple[StructurePlace, ...] = ()
    recruitments: tuple[Recruitment, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    network: str = ""
    cell: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing of this kind was asked for."""
        return not (self.matched or self.places or self.recruitments or self.unanswered)

    def sentences(self, setting: Setting, outcome: str) -> tuple[str, ...]:
        """Return what the extra runs show on an outcome, in plain English.

        Parameters
        ----------
        setting
            What to say beside the numbers.
        outcome
            The outcome; credit is told in adopters whatever it is.
        """
        return (
            *matched_sentences([found for found in self.matched if found.outcome == outcome], setting),
            *structure_sentences([found for found in self.places if found.outcome == outcome], setting),
            *(text for found in self.recruitments for text in recruitment_sentences(found, setting)),
            *unanswered_sentences(self.unanswered, setting.phrase),
        )

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """Return the lists ``matched``, ``structure``, ``credit`` and ``unanswered``, for ``--json``."""
        where = {"network": self.network, "cell": dict(self.cell)}
        return {
            "matched": [{**where, **found.as_json()} for found in self.matched],
            "structure": [{**where, **found.as_json()} for found in self.places],
            "credit": [{**where, **found.as_json()} for found in self.recruitments],
            "unanswered": [{**where, **found.as_json()} for found in self.unanswered],
        }


def explained(study: Study, group: Group, store: object, outcomes: Sequence[str] | None = None) -> Explained:
    """Return what the extra runs of one network and cell show.

    Parameters
    ----------
    study, group
        The study, and its arms of one network and cell.
    store
        Where its runs are: a :class:`RunMeans`, if there are extra ones.
    outcomes
        The outcomes wanted; all by default. Those that exist in comparisons
        only, or of which no means are kept on rewired networks, are passed over.

    Raises
    ------
    StoreError
        If runs are missing.
    TypeError
        If there are extra runs, and the store cannot give their means by world.
    """
    if not (group.extras or group.unanswered):
        return Explained()
    if not isinstance(store, RunMeans):
        raise TypeError("extra runs are read from a store, which gives their means by world")
    reader = _Reader(study, group, store, outcomes)
    return Explained(
        matched=tuple(found for extra in group.extras for found in reader.matched(extra)),
        places=tuple(found for extra in group.extras for found in reader.places(extra)),
        recruitments=tuple(reader.recruitments()),
        unanswered=group.unanswered,
        cell=group.cell.values,
        network=group.network.name,
    )


def rewired_means(study: Study, group: Group, store: RunMeans, outcome: str) -> list[RewiredMeans]:
    """Return what arms reach on a network and on each of its rewirings.

    Parameters
    ----------
    study, group
        The study, and its arms of one network and cell.
    store
        Where its runs are.
    outcome
        The outcome; none of which no means are kept on rewired networks.

    Raises
    ------
    StoreError
        If runs are missing.
    """
    if outcome not in PLACED_OUTCOMES:
        return []
    reader = _Reader(study, group, store, [outcome])
    rewired = [extra for extra in group.extras if isinstance(extra, RewiredArm)]
    return [found for extra in rewired for found in reader.rewired_means(extra, outcome)]


class _Reader:
    """Read the extra runs of one network and cell, each arm's once."""

    def __init__(self, study: Study, group: Group, store: RunMeans, outcomes: Sequence[str] | None) -> None:
        self.scenario = study.scenario
        self.group = group
        self.store = store
        self.outcomes = outcomes
        self.facts = RegionFacts.of(group.network, self.scenario.steps)
        self.arms = {arm.name: arm for arm in group.arms}
        self._means: dict[tuple[str, str, str], FloatArray] = {}

    def matched(self, extra: PlannedArm) -> list[MatchedEffect]:
        """Return an arm beside its matched null, on every outcome."""
        if not isinstance(extra, MatchedArm):
            return []
        arm, null = self._runs(self.arms[extra.of]), self._runs(extra)
        values, matched = outcome_values(arm, self.facts), outcome_values(null, self.facts)
        censored = max(float(never_half(runs).mean()) for runs in (arm, null))
        return [
            matched_effect(
                extra.of,
                find_outcome(name, self.facts.role_names),
                values[name],
                matched[name],
                facts=self.facts,
                smallest=self.scenario.smallest_difference,
                censored=censored if name == "time_to_half" else None,
                units=units_of(own_scenario(self.scenario, extra)),
            )
            for name in values
            if self.outcomes is None or name in self.outcomes
        ]

    def places(self, extra: PlannedArm) -> list[StructurePlace]:
        """Return the places of an arm's means, and of its differences from the baseline, among rewired networks."""
        if not isinstance(extra, RewiredArm):
            return []
        wanted = [name for name in PLACED_OUTCOMES if self.outcomes is None or name in self.outcomes]
        return [self._place(found) for name in wanted for found in self.rewired_means(extra, name)]

    def rewired_means(self, extra: RewiredArm, name: str) -> list[RewiredMeans]:
        """Return an arm's means on the network and on the rewired ones, then its differences from the baseline."""
        value, rewired = self._observed(extra, extra.of, name), self._rewired(extra, name)
        told = [RewiredMeans(extra, name, value, rewired)]
        if (baseline := self._baseline(extra)) is not None:
            value -= self._observed(extra, baseline.of, name)
            told.append(
                RewiredMeans(extra, name, value, rewired - self._rewired(baseline, name, extra.replicates), baseline.of)
            )
        return told

    def recruitments(self) -> list[Recruitment]:
        """Return the credit of the leaders of every arm of which parts were played."""
        by_arm: dict[str, list[PartArm]] = {}
        for extra in self.group.extras:
            if isinstance(extra, PartArm):
                by_arm.setdefault(extra.of, []).append(extra)
        return [self._recruitment(self.arms[name], parts) for name, parts in by_arm.items()]

    def _recruitment(self, arm: PlannedArm, parts: Sequence[PartArm]) -> Recruitment:
        leaders, replicates = arm.choice.fixed, parts[0].replicates
        places = {agent: place for place, agent in enumerate(leaders)}
        adopters = {
            tuple(places[agent] for agent in part.choice.fixed): self._adopters(part, replicates)
            for part in (arm, *parts)
        }
        credit = self.scenario.credit
        return recruitment(
            arm.name,
            [arm.network.ids[agent] for agent in leaders],
            adopters,
            agents=self.facts.size,
            counterfactual=credit.counterfactual,
            shapley=credit.shapley and len(leaders) <= MOST_SHAPLEY_LEADERS,
            units=units_of(own_scenario(self.scenario, arm)),
        )

    def _adopters(self, arm: PlannedArm, replicates: int) -> FloatArray:
        fewer = replace(own_scenario(self.scenario, arm), replicates=replicates, stopped=())
        return arm_runs(self.store, arm, fewer).adopters.astype(np.float64)

    def _runs(self, arm: PlannedArm) -> Runs:
        return arm_runs(self.store, arm, self.scenario)

    def _baseline(self, extra: RewiredArm) -> RewiredArm | None:
        """Return the baseline on the same networks, its holders found anew where that means something."""
        name = self.scenario.baseline
        if extra.of == name:
            return None
        found = [
            other
            for other in self.group.extras
            if isinstance(other, RewiredArm) and (other.of, other.kept) == (name, extra.kept)
        ]
        alike = [other for other in found if other.anew == extra.anew]
        return next(iter(alike or found), None)

    def _observed(self, extra: RewiredArm, name: str, outcome: str) -> float:
        key = (name, str(extra.replicates), outcome)
        if key not in self._means:
            means = self.store.means(self.arms[name], worlds=1, replicates=extra.replicates)
            self._means |= {(*key[:2], one): mean_outcome(one, means, self.facts) for one in PLACED_OUTCOMES}
        return float(self._means[key][0])

    def _rewired(self, extra: RewiredArm, outcome: str, most: int | None = None) -> FloatArray:
        replicates = min(extra.replicates, most or extra.replicates)  # no more than what it is compared with has
        key = (extra.of, f"{extra.arm_digest} {replicates}", outcome)
        if key not in self._means:
            means = self.store.means(extra, worlds=extra.worlds, replicates=replicates)
            self._means |= {(*key[:2], one): mean_outcome(one, means, self.facts) for one in PLACED_OUTCOMES}
        return self._means[key]

    def _place(self, found: RewiredMeans) -> StructurePlace:
        extra = found.extra
        return structure_place(
            extra.of,
            find_outcome(found.outcome, self.facts.role_names),
            value=found.observed,
            rewired=found.rewired,
            kept=extra.kept,
            leaders="anew" if extra.anew else "same",
            replicates=extra.replicates,
            baseline=found.baseline,
        )
