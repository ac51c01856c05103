"""Results: what a study's stored runs show, as numbers, JSON and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from diffusion.analysis.agreement import agreement_sentences
from diffusion.analysis.arms import ArmResult, ArmSummary
from diffusion.analysis.attainment import Attainment, attainment
from diffusion.analysis.attainment_told import attainment_sentences
from diffusion.analysis.compare import Comparison
from diffusion.analysis.concordance import Placed, concordances
from diffusion.analysis.concordance_told import concordance_sentences
from diffusion.analysis.contenders import Contenders, contenders
from diffusion.analysis.outcomes import RegionFacts, find_outcome
from diffusion.analysis.phrases import arm_phrase
from diffusion.analysis.ranking import RankedArm, ranking, ranking_outcome
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.analysis.rules_told import UnderRule, rule_sentences
from diffusion.analysis.sentences import Setting, sentences
from diffusion.analysis.unequal import compare_unequal, first_runs, longest
from diffusion.analysis.worlds_told import world_sentences
from diffusion.experiment.best_arm_told import NamedThere, named_as_json, named_there
from diffusion.experiment.costs import GroupCosts, group_costs
from diffusion.experiment.explained import Explained, explained
from diffusion.experiment.interventions import arm_interventions_as_json, intervention_sentences
from diffusion.experiment.plan import Group, PlannedArm, Study
from diffusion.experiment.sizes import group_scenario
from diffusion.experiment.solved_told import SolvedInGroup, solved_in
from diffusion.experiment.study import digest_of
from diffusion.experiment.survived import NOTHING, Survived, survival_as_json, survived, told_turnings
from diffusion.experiment.worlds import WorldRuns, arm_result, clipped, units_of
from diffusion.positions import POSITIONS
from diffusion.scenario.cut_distributions import CutDistribution, cut_distributions
from diffusion.scenario.uncertain_network import MODE_WORDS, UNCERTAIN_NETWORK

ROUND = "round"
"""What a step is called under ``cascade``: it is not calendar time."""


@dataclass(frozen=True, eq=False)
class GroupResult:
    """Hold the results of the arms of one network and cell.

    Attributes
    ----------
    group
        The arms.
    summaries, comparisons
        Every arm by itself, and compared with the baseline and, where it is
        played, with the arm without leaders.
    setting
        What sentences say beside the numbers.
    baseline
        The arm that the others are compared with.
    contenders
        By outcome, as far as they were asked for: how the arms compare with
        the one of the best mean.
    clipped_agent_steps, clipped_ties
        How often, over all runs, a probability was cut to [0, 1].
    explained
        What the runs beside the arms show, where the scenario asks for any.
    attained
        How near the arms come to those whose leaders were sought, one entry for each of these.
    costs
        What the arms cost and how far they spread for it, where prices are stated.
    named
        Which arm is named the best, where the scenario asks for that.
    survived
        What survives of the ranking on the given network, where the network is uncertain.
    whole
        The results of all arms, where these are those of some of them; None where they are all.
    """

    group: Group
    summaries: tuple[ArmSummary, ...]
    comparisons: tuple[Comparison, ...]
    setting: Setting
    baseline: str
    contenders: Mapping[str, Contenders]
    clipped_agent_steps: int
    clipped_ties: int
    explained: Explained
    attained: tuple[Attainment, ...] = ()
    costs: GroupCosts = field(default_factory=GroupCosts)
    survived: Survived = NOTHING
    named: NamedThere = field(default_factory=NamedThere)
    whole: GroupResult | None = None

    @property
    def lasting(self) -> tuple[ArmSummary, ...]:
        """Return the summaries of the arms that were not stopped before the others."""
        return tuple(summary for summary in self.summaries if not summary.stopped_early)

    @property
    def solved(self) -> tuple[SolvedInGroup, ...]:
        """Return the numbers that were solved so that leaders at random reach a share."""
        return solved_in(self.group, self.summaries)

    @property
    def ranking_outcome(self) -> str:
        """Return the outcome by which arms are ranked unless another is asked for."""
        return ranking_outcome(self.summaries)

    def ranking(self, outcome: str) -> list[RankedArm]:
        """Return the arms in the order of an outcome's mean, best first."""
        if self.whole is not None:
            there = {summary.arm for summary in self.summaries}
            return [row for row in self.whole.ranking(outcome) if row.arm in there]
        found = find_outcome(outcome, self.group.network.role_names)
        return ranking(self.summaries, self.comparisons, outcome=found, baseline=self.baseline)

    def sentences(self, outcome: str) -> tuple[str, ...]:
        """Return what the arms show on an outcome, in plain English."""
        if self.whole is not None:
            return self.whole.sentences(outcome)
        asked = {"outcome": outcome, "baseline": self.baseline}
        told = sentences(self.summaries, self.comparisons, self.setting, **asked)
        told += world_sentences(self.lasting, self.comparisons, self.setting, **asked)
        told = (*told, *intervention_sentences(self.group, self.setting, self.baseline))
        further = (*self.named.sentences(self.setting, self.baseline), *self.explained.sentences(self.setting, outcome))
        further += self.survived.sentences(self.setting, outcome)
        if outcome not in self.contenders:
            return (*told, *further)
        return (*told[:1], self.contenders[outcome].sentence(self.setting), *told[1:], *further)

    def attainment_sentences(self) -> tuple[str, ...]:
        """Return what searches for leaders found, and how near the arms come to it, in plain English."""
        return tuple(text for found in self.attained for text in attainment_sentences(found, self.setting))

    def attained_as_json(self) -> list[dict[str, Any]]:
        """Return how near the arms come to those whose leaders were sought."""
        where = {"network": self.group.network.name, "cell": dict(self.group.cell.values)}
        return [{**where, **found.as_json()} for found in self.attained]


@dataclass(frozen=True, eq=False)
class StudyResult:
    """Hold the results of a study, by network and cell.

    Attributes
    ----------
    study
        The study.
    groups
        Its results, in the order of its groups.
    is_partial
        Whether only some outcomes were asked for.
    """

    study: Study
    groups: tuple[GroupResult, ...]
    is_partial: bool = False

    def _without_organisations(self, arm: PlannedArm, summary: ArmSummary) -> dict[str, Any]:
        """Return the outcomes with those that the network does not have as null, where all were asked for."""
        if self.is_partial or arm.network.organisation_names:
            return {}
        nulls = {"organisations_reached": dict.fromkeys(("mean", "low", "high", "sd"))}
        return {"outcomes": {**{name: found.as_json() for name, found in summary.outcomes.items()}, **nulls}}

    def agreement(self) -> tuple[str, ...]:
        """Return whether the same arms come out best on every network and in every cell, in plain English."""
        found = [contention for group in self.groups for contention in list(group.contenders.values())[:1]]
        are_networks = len(self.study.networks) == len(self.groups)
        noun = "networks" if are_networks else "cells" if len(self.study.networks) == 1 else "networks and cells"
        return agreement_sentences(found, self.groups[0].setting, noun)

    def by_rule(self) -> tuple[str, ...]:
        """Return whether it depends on the rule which arms do best, in plain English; nothing with one rule."""
        found = [
            UnderRule(group.group.network.name, group.group.cell.values, next(iter(group.contenders.values())))
            for group in self.groups
            if group.contenders
        ]
        return rule_sentences(found, self.groups[0].setting)

    def concordance(self) -> tuple[str, ...]:
        """Return whether the arms rank alike on every network and in every cell, in plain English."""
        first = self.groups[0]
        outcome = find_outcome(first.ranking_outcome, first.group.network.role_names)
        found = [
            Placed(one.group.network.name, one.group.cell.values, one.lasting, one.comparisons) for one in self.groups
        ]
        return concordance_sentences(concordances(found, outcome, first.baseline), first.setting, first.baseline)

    def conclusions(self) -> tuple[str, ...]:
        """Return what holds over networks, cells and rules, a paragraph each."""
        together = " ".join(self.concordance())
        return (*self.agreement(), *self.by_rule(), *([together] if together else []), *self.turning())

    def turning(self) -> tuple[str, ...]:
        """Return at which swept error rates the ranking on the given network turns over, in plain English."""
        places, settings = [one.survived for one in self.groups], [one.setting for one in self.groups]
        outcomes = dict.fromkeys(outcome for place in places for outcome in place.found)
        return tuple(text for outcome in outcomes for text in told_turnings(places, settings, outcome))

    def cut_distributions(self) -> tuple[CutDistribution, ...]:
        """Return the distributions of which enough is cut away to be told."""
        return cut_distributions(arm.setting for group in self.study.groups for arm in group.arms)

    def as_json(self) -> dict[str, Any]:
        """Return the study, its arms and its comparisons, as ``--json`` prints them."""
        return {
            "study": self.study.name,
            "digest": self.study.digest,
            **self._worlds_as_json(),
            **({"cut": cut} if (cut := [found.as_json() for found in self.cut_distributions()]) else {}),
            "arms": [
                {**summary.as_json(), **leaders_as_json(arm), **arm_interventions_as_json(arm)}
                | self._without_organisations(arm, summary)
                for result in self.groups
                for arm, summary in zip(result.group.arms, result.summaries, strict=True)
            ],
            "comparisons": [found.as_json() for result in self.groups for found in result.comparisons],
            **self._explained_as_json(),
            **self._attained_as_json(),
            **self._costs_as_json(),
            **named_as_json([one.named for one in self.groups]),
            **survival_as_json([one.survived for one in self.groups]),
            **({"solved": solved} if (solved := self._solved_as_json()) else {}),
        }

    def _worlds_as_json(self) -> dict[str, Any]:
        """Return how many worlds there are, what is uncertain, what intervals count, and the stopping rule."""
        scenario, told = self.study.scenario, {}
        if scenario.worlds > 1:
            design, units = scenario.design, units_of(scenario)
            told = {"worlds": scenario.worlds, "uncertain": list(scenario.uncertain_paths()), "unit": units.noun}
            told |= {"design": {"kind": design.kind, "size": design.size}}
        return (
            told
            if scenario.precision is None
            else {**told, "precision": {**asdict(scenario.precision), "rule": scenario.precision.rule}}
        )

    def _solved_as_json(self) -> list[dict[str, Any]]:
        """Return the numbers that were solved, each with its network and cell."""
        return [
            {"network": result.group.network.name, "cell": dict(result.group.cell.values), **found.as_json()}
            for result in self.groups
            for found in result.solved
        ]

    def _attained_as_json(self) -> dict[str, Any]:
        """Return how near the arms come to searched ones, where there are any."""
        told = [found for result in self.groups for found in result.attained_as_json()]
        return {"attained": told} if told else {}

    def _costs_as_json(self) -> dict[str, Any]:
        """Return what arms cost and how they stand, where prices are stated."""
        stated = self.study.scenario.costs
        if not stated.prices:
            return {}
        rows = [row for result in self.groups for row in result.costs.as_json()]
        return {"costs": {"prices": dict(stated.prices), "budget": stated.budget, "arms": rows}}

    def _explained_as_json(self) -> dict[str, Any]:
        """Return what the runs beside the arms show, as far as they were asked for."""
        told = [result.explained.as_json() for result in self.groups if not result.explained.is_empty]
        return {name: [found for one in told for found in one[name]] for one in told[:1] for name in one}


def study_result(
    study: Study, store: WorldRuns, *, baseline: str | None = None, outcomes: Sequence[str] | None = None
) -> StudyResult:
    """Return what a study's stored runs show.

    Parameters
    ----------
    study
        The study.
    store
        Where its runs are.
    baseline
        The arm that the others are compared with; the scenario's by default.
    outcomes
        The outcomes wanted; all by default.

    Raises
    ------
    InputError
        If an outcome or the baseline does not exist.
    StoreError
        If runs are missing.
    """
    named = study.scenario.baseline if baseline is None else baseline
    groups = tuple(_group_result(study, group, store, named, outcomes) for group in study.groups)
    return StudyResult(study, groups, is_partial=outcomes is not None)


def leaders_as_json(arm: PlannedArm) -> dict[str, Any]:
    """Return who leads: ids, or null with what is drawn anew in every replicate."""
    ids, choice = arm.network.ids, arm.choice
    if arm.leaders_vary:
        return {"leaders": None, "chosen_in": "world"}
    if choice.is_fixed:
        return {"leaders": [ids[agent] for agent in choice.fixed], **_search_as_json(arm)}
    told: dict[str, Any] = {"leaders": None, **_search_as_json(arm)}
    if choice.tied:
        told |= {"fixed": [ids[agent] for agent in choice.fixed], "places": choice.places, "among": len(choice.among)}
    return told


def _search_as_json(arm: PlannedArm) -> dict[str, Any]:
    if arm.choice.search is None:
        return {}
    medians = {"under_medians": True} if arm.setting.uncertainty.is_there else {}
    return {"search": {**arm.choice.search.as_json(), **medians}}


def _group_result(
    study: Study, group: Group, store: WorldRuns, baseline: str, outcomes: Sequence[str] | None
) -> GroupResult:
    scenario = study.scenario
    facts = RegionFacts.of(group.network, scenario.steps)
    arms = [arm_result(store, arm, scenario) for arm in group.arms]
    summaries, comparisons = compare_unequal(
        arms,
        facts=facts,
        baseline=baseline,
        smallest_difference=scenario.smallest_difference,
        seed_text=group.arms[0].setting_digest,
        network=group.network.name,
        cell=group.cell.values,
        outcomes=outcomes,
    )
    cut = [clipped(store, arm, scenario) for arm in group.arms]
    wanted = outcomes or [ranking_outcome(summaries)]
    there, smallest = longest(arms), scenario.smallest_difference
    judged = [one for one in comparisons if one.baseline == baseline]
    found = {name: contenders(there, facts, name, smallest, judged) for name in wanted}
    return GroupResult(
        group=group,
        summaries=tuple(summaries),
        comparisons=tuple(comparisons),
        setting=_setting(study, group),
        baseline=baseline,
        contenders={name: contention for name, contention in found.items() if contention is not None},
        clipped_agent_steps=sum(agent_steps for agent_steps, _ in cut),
        clipped_ties=sum(ties for _, ties in cut),
        explained=explained(study, group, store, outcomes),
        attained=_attained(group, arms, facts),
        costs=group_costs(scenario, group, store),
        named=named_there(scenario, group, arms),
        survived=survived(scenario, group, arms, store, wanted),
    )


def _attained(group: Group, arms: Sequence[ArmResult], facts: RegionFacts) -> tuple[Attainment, ...]:
    """Return how near the arms come to each whose leaders were sought."""
    under = {arm.name: digest_of(arm.setting.canonical()["parameters"]) for arm in group.arms}
    found = []
    for planned, result in zip(group.arms, arms, strict=True):
        if planned.choice.search is not None:
            runs = result.runs.replicates
            there = [first_runs(arm, runs) for arm in arms if arm.runs.replicates >= runs]
            said, medians = [under[arm.name] for arm in there], planned.setting.uncertainty.is_there
            found.append(attainment(planned.name, planned.choice.search, there, said, facts, under_medians=medians))
    return tuple(found)


def _setting(study: Study, group: Group) -> Setting:
    scenario, network = study.scenario, group.network
    numbers = scenario.uncertain_keys()
    uncertain = {
        path: MODE_WORDS[scenario.sections[path]["mode"]] if path == UNCERTAIN_NETWORK else path
        for path in scenario.uncertain_paths()
    }
    return Setting(
        network=network.name,
        synthetic=network.synthetic,
        steps=scenario.steps,
        agents=network.size,
        smallest_difference=scenario.smallest_difference,
        step_unit=scenario.step_unit,
        units={arm.name: ROUND for arm in group.arms if arm.setting.is_round_based},
        phrases={arm.name: arm_phrase(arm.name, _leaders_phrase(arm)) for arm in group.arms if arm.name != NO_LEADERS},
        cell=group.cell.values,
        role_names=network.role_names,
        layout=units_of(group_scenario(scenario, group.arms)),
        uncertain=tuple(uncertain.values()),
        unspread=tuple(words for path, words in uncertain.items() if path not in numbers),
        design=scenario.design.kind,
        world_runs=scenario.replicates if scenario.stopped else 0,
    )


def _leaders_phrase(arm: PlannedArm) -> str | None:
    """Return what an arm's leaders are called, where the arm is named after their position."""
    position = arm.setting.leaders.position
    return POSITIONS[position].phrase if position is not None and position == arm.name else None
