"""The plan of a study: every arm in every cell on every network, resolved and named.

Planning reads the networks, works out who leads, and checks everything that
depends on a network, so that nothing can go wrong once the runs have begun.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from diffusion.analysis.outcomes import find_outcome
from diffusion.errors import InputError
from diffusion.experiment.choosing import chosen_leaders, is_searched, leader_traits
from diffusion.experiment.extras import extras_of
from diffusion.experiment.interventions import leaders_taken_out
from diffusion.experiment.places import Places
from diffusion.experiment.regions import in_region, with_regions
from diffusion.experiment.solving import Say, Solver
from diffusion.experiment.study import (
    WORLD,
    ExtraArm,
    Group,
    PlannedArm,
    Series,
    Study,
    arm_digest,
    digest_of,
    setting_digest,
)
from diffusion.experiment.world_extremes import fitted_extremes
from diffusion.experiment.world_problems import count_problems, network_problems, takes_out_agents, world_problems
from diffusion.model.inputs import ModelInput
from diffusion.model.names import unmatched_names
from diffusion.model.onset import starts_without_leaders
from diffusion.model.parameters import AgentValue
from diffusion.network.formats import read_network
from diffusion.network.network import Network
from diffusion.positions import LeaderChoice
from diffusion.scenario import ArmSetting, Cell, LeaderRule, Scenario
from diffusion.scenario.uncertain_network import UncertainNetwork, unmatched_in
from diffusion.scenario.worlds import MEDIAN

__all__ = [
    "WORLD",
    "ExtraArm",
    "Group",
    "LeaderChoices",
    "PlannedArm",
    "Series",
    "Study",
    "arm_digest",
    "chosen_leaders",
    "plan",
    "planned",
    "setting_digest",
]

LeaderChoices: TypeAlias = Callable[[Network, ArmSetting, tuple[str, str], int], LeaderChoice]
"""(network, setting, digests of setting and arm, the study's seed) -> who leads."""


def plan(scenario: Scenario, leader_choices: LeaderChoices = chosen_leaders, *, say: Say = lambda _: None) -> Study:
    """Return a scenario's study, its networks read and all that depends on them checked.

    Parameters
    ----------
    scenario
        A checked scenario.
    leader_choices
        How to find out who leads.
    say
        Told, in plain English, what takes its time.

    Raises
    ------
    InputError
        If a network cannot be read, or an arm does not fit a network: an
        agent, role, layer or column that is not there, or more leaders than
        are eligible. All problems at once, each with file, line and key.
    """
    networks = _networks(scenario)
    return planned(with_regions(scenario, networks), networks, leader_choices, say=say)


def planned(
    scenario: Scenario,
    networks: Sequence[Network],
    leader_choices: LeaderChoices,
    *,
    say: Say = lambda _: None,
    looks_at_worlds: bool = True,
) -> Study:
    """Return a scenario's study on networks that are at hand.

    Parameters
    ----------
    scenario
        A checked scenario.
    networks
        Its networks, in its order.
    leader_choices
        How to find out who leads; :func:`chosen_leaders`, or what was stored.
    say
        Told, in plain English, what takes its time.
    looks_at_worlds
        Whether what is drawn in every world is looked at; it was before of a study that is stored.

    Raises
    ------
    InputError
        As in :func:`plan`.
    """
    planner = _Planner(scenario, tuple(networks), leader_choices, say, looks_at_worlds=looks_at_worlds)
    planner.check_precision()
    groups = tuple(planner.group(network, cell) for network in networks for cell in scenario.cells())
    planner.raise_problems()
    return Study(replace(scenario, solved=planner.solver.found), tuple(networks), groups)


def _networks(scenario: Scenario) -> list[Network]:
    """Return the scenario's networks; two of one name are told apart by a number."""
    networks: list[Network] = []
    problems: list[str] = []
    places = Places(scenario)
    for number, reference in enumerate(scenario.networks):
        try:
            network = read_network(reference, scenario.folder)
        except InputError as error:
            where = places.of(("networks", number))
            problems += [f"{where}: {problem}{_elsewhere(reference, scenario)}" for problem in error.problems]
            continue
        taken = [other.name for other in networks]
        networks.append(network if network.name not in taken else network.renamed(_free_name(network.name, taken)))
    if problems:
        raise InputError(problems)
    return networks


def _leader_key(problem: str) -> str:
    """Return the key that a problem with leaders concerns."""
    if problem.startswith("asks for"):
        return "leaders.count"
    if problem.startswith(("the position", "the outcome", "there is no outcome")):
        return "leaders.position" if problem.startswith("the position") else "leaders.parameters.outcome"
    return "leaders.agents" if problem.startswith("leader ") else "leaders.roles"


def _median_told(problem: str, setting: ArmSetting) -> str:
    """Return where a number of leaders is from that nobody wrote: the median of a distribution."""
    said = setting.uncertain_count
    if said is None or _leader_key(problem) != "leaders.count":
        return ""
    return f"; {said.at(MEDIAN)} is the median of {said.text}: choose a distribution that lies lower"


def _parameters_text(network: Network, setting: ArmSetting) -> str:
    """Return what names an arm's parameters on a network, whoever leads."""
    return digest_of({"network": network.name, **setting.canonical()["parameters"]})


def _elsewhere(reference: str, scenario: Scenario) -> str:
    """Return a hint where a network is not there but would be, were its path relative to the current folder."""
    if not Path(reference).exists() or (scenario.folder / reference).exists():
        return ""
    return f"; paths in a scenario are relative to its own folder, {scenario.folder.resolve()}"


def _free_name(name: str, taken: Sequence[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


class _Planner:
    """Plan the arms of a scenario, and gather what does not fit its networks."""

    def __init__(
        self,
        scenario: Scenario,
        networks: tuple[Network, ...],
        leader_choices: LeaderChoices,
        say: Say,
        *,
        looks_at_worlds: bool,
    ) -> None:
        self.scenario = scenario
        self.networks = networks
        self.leader_choices = leader_choices
        self.looks_at_worlds = looks_at_worlds
        self.solver = Solver(scenario.seed, scenario.solved, say)
        self.places = Places(scenario)
        self.problems: dict[str, None] = {}
        self.choices: dict[tuple[str | LeaderRule | AgentValue, ...], LeaderChoice] = {}
        self.starting: dict[str, bool] = {}
        self.uncertain: set[UncertainNetwork] = set()
        self.fitted: dict[str, ModelInput] = {}
        self.drawn: set[tuple[str, tuple[int, ...]]] = set()

    def raise_problems(self) -> None:
        if self.problems:
            raise InputError(list(self.problems))

    def check_precision(self) -> None:
        """Note where an outcome that is to be known with some precision is one that a network does not have."""
        asked = self.scenario.precision
        if asked is None:
            return
        for network in self.networks:
            try:
                find_outcome(asked.outcome, network.role_names)
            except InputError as error:
                where = self.places.of(("precision", "outcome"))
                self.problems |= {f"{where}: {network.name}: {problem}": None for problem in error.problems}

    def group(self, network: Network, cell: Cell) -> Group:
        """Return the arms of one network and cell."""
        stated = [in_region(said, network, self.scenario) for said in self.scenario.settings(cell)]
        settings = [self._solved(network, said, number) for number, said in enumerate(stated)]
        digest = setting_digest(network, self.scenario, cell)
        starts = [self._starts_without_leaders(network, setting, number) for number, setting in enumerate(settings)]
        arms = [self._arm(network, cell, setting, number, digest) for number, setting in enumerate(settings)]
        starting = [setting for setting, begins in zip(settings, starts, strict=True) if begins]
        if starting:
            # The baseline's parameters, if agents adopt by themselves under these; no effect is told of other arms.
            starting.sort(key=lambda setting: setting.name != self.scenario.baseline)
            without = starting[0].without_leaders()
            arms.append(PlannedArm(network, cell, without, LeaderChoice(()), digest, arm_digest(without)))
        extras, unanswered = ((), ()) if self.problems else extras_of(arms, self.scenario)
        return Group(network, cell, tuple(arms), extras, unanswered)

    def _solved(self, network: Network, setting: ArmSetting, number: int) -> ArmSetting:
        """Return a setting with the number in it that it asks for."""
        try:
            return self.solver.setting(network, setting)
        except InputError as error:
            for problem in error.problems:
                self._note([problem], number, "" if "." in problem.partition(": ")[0] else _leader_key(problem))
            return setting

    def _arm(self, network: Network, cell: Cell, setting: ArmSetting, number: int, digest: str) -> PlannedArm:
        arm = arm_digest(setting)
        key = (network.name, setting.leaders, *leader_traits(setting).values(), arm if is_searched(setting) else "")
        try:
            # What does not fit a network is told as it is, not as a search under it fails.
            if key not in self.choices and not (is_searched(setting) and self.problems):
                self.choices[key] = self.leader_choices(network, setting, (digest, arm), self.scenario.seed)
        except InputError as error:
            for problem in error.problems:
                self._note([problem + _median_told(problem, setting)], number, _leader_key(problem))
        choice = self.choices.get(key, LeaderChoice(()))
        text = _parameters_text(network, setting)
        if (fitted := self.fitted.get(text)) is not None:
            self._note([*leaders_taken_out(fitted, choice)], number)
        found = PlannedArm(network, cell, setting, choice, digest, arm)
        if self.looks_at_worlds:
            self._look_at_worlds(found, number, text)
        return found

    def _look_at_worlds(self, arm: PlannedArm, number: int, text: str) -> None:
        """Note what does not fit in some world, once however many arms share the parameters."""
        if not self.problems:
            self._note([*count_problems(arm, self.scenario)], number)
            self._note([*network_problems(arm, self.scenario)], number)
        looked_at = (text, arm.choice.fixed if takes_out_agents(arm.setting) else ())
        if not self.problems and looked_at not in self.drawn:
            self.drawn.add(looked_at)
            self._note([*world_problems(arm, self.scenario)], number)

    def _starts_without_leaders(self, network: Network, setting: ArmSetting, number: int) -> bool:
        """Check that parameters fit a network, once however many arms share them; say whether leaders are needed."""
        if setting.network is not None and setting.network not in self.uncertain:  # cells may differ in nothing else
            self.uncertain.add(setting.network)
            self._note([*unmatched_in(setting.network, self.networks)], number)
        text = _parameters_text(network, setting)
        if text not in self.starting:
            self.starting[text] = False
            self._note(unmatched_names(setting.parameters, self.networks), number)
            try:
                fitted = fitted_extremes(network, setting, self.scenario)
            except InputError as error:
                self._note(error.problems, number)
            else:
                self.starting[text] = any(starts_without_leaders(one) for one in fitted)
                if setting.parameters.interventions:
                    self.fitted[text] = fitted[0]
        return self.starting[text]

    def _note(self, problems: Sequence[str], arm: int, key: str = "") -> None:
        """Keep problems, each with the place in the file of the key that it concerns."""
        for problem in problems:
            named, _, text = problem.partition(": ") if not key else (key, "", problem)
            self.problems[f"{self.places.of_arm(arm, tuple(named.split('.')))}: {text}"] = None
