"""An arm in a cell, resolved: parameters for the model and a rule for its leaders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from diffusion.analysis.reserved import NO_LEADERS
from diffusion.model.parameters import AgentValue, Distribution, Parameters, StageParameters
from diffusion.model.uncertain import Uncertain
from diffusion.scenario.agent_values import agent_value, canonical_value, drawn_anew
from diffusion.scenario.checks import ARROW
from diffusion.scenario.interventions import canonical_intervention, stated_interventions
from diffusion.scenario.leader_rule import LeaderRule
from diffusion.scenario.reach import Request, Solved, requests_in, spelled_out, stated
from diffusion.scenario.registries import rules
from diffusion.scenario.sections import Sections
from diffusion.scenario.tables import STAGES, Table
from diffusion.scenario.uncertain_interventions import is_of_interventions
from diffusion.scenario.uncertain_leaders import COUNT, PARAMETER, is_of_choice
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK, UncertainNetwork
from diffusion.scenario.worlds import CERTAIN, MEDIAN, Uncertainty, agents_by_world, uncertain_numbers, with_numbers


@dataclass(frozen=True, slots=True)
class ArmSetting:
    """Hold what the model needs to play one arm in one cell.

    Attributes
    ----------
    name
        The arm's name.
    parameters
        The resolved parameters; what the rules do not use is left at its default.
    leaders
        Who leads.
    uncertainty
        What differs between worlds; of uncertain numbers, ``parameters`` holds the medians.
    sections
        What the arm states, from which it is resolved in a world.
    request, solved
        Which of the parameters is solved, and how it was; 0, or not moved, before.
    network
        In which way the network differs between worlds; ``None`` where it does not.
    """

    name: str
    parameters: Parameters
    leaders: LeaderRule
    uncertainty: Uncertainty = CERTAIN
    sections: Sections = field(default_factory=dict, compare=False, repr=False)
    request: Request | None = None
    solved: Solved | None = None
    network: UncertainNetwork | None = None

    @property
    def is_round_based(self) -> bool:
        """Return whether a step is a round, not calendar time: a stage tries its ties once."""
        stages = (self.parameters.adoption, self.parameters.awareness)
        return any(rules()[stage.rule].tried_once for stage in stages if stage is not None)

    def canonical(self) -> dict[str, Any]:
        """Return everything that changes a run, for JSON and digests.

        The arm's name is not in it, nor what the arm's rules do not use, nor
        multipliers of 1 and coefficients of 0: arms that differ in nothing
        else are one.
        """
        who = asdict(self.leaders)
        who["parameters"] = dict(self.leaders.parameters)
        if drawn := replace(self.uncertainty, numbers=self._of_choice).canonical():
            who["parameters"] = {key: said for key, said in who["parameters"].items() if PARAMETER + key not in drawn}
            who |= {"uncertain": drawn} | ({"count": None} if COUNT in drawn else {})
        if not who["parameters"]:  # so that arms without any are called what they were before there were some
            del who["parameters"]
        lists = {key: list(who[key]) for key in ("agents", "roles") if who[key] is not None}
        numbers = tuple(one for one in self._numbers if not is_of_choice(one[0]))
        parameters = canonical_parameters(self._with_numbers(dict.fromkeys(dict(numbers), 0.0)).parameters)
        if numbers:
            parameters["uncertain"] = replace(self.uncertainty, numbers=numbers).canonical()
        if self._intervened:
            parameters["interventions"] = [
                # What is drawn goes by the intervention's name, which changes nothing where nothing is.
                canonical_intervention(said) | ({"name": said.name} if said.name in self._intervened else {})
                for said in self.as_stated.interventions
            ]
        return {"parameters": parameters, "leaders": {**who, **lists}}

    @property
    def as_stated(self) -> Parameters:
        """Return the parameters with distributions where what is done is uncertain, for words and JSON alone."""
        stated: dict[str, Any] = {}
        if self._intervened:
            stated["interventions"] = stated_interventions(self.sections["interventions"])
        leaders, numbers = self.sections.get("leaders", {}), dict(self._numbers)
        stated |= {said: leaders[key] for key, said in _OF_LEADERS.items() if f"leaders.{key}" in numbers}
        return replace(self.parameters, **stated)

    @property
    def choice_varies(self) -> bool:
        """Return whether it differs between worlds who is to lead, for how many or which position does."""
        return bool(self._of_choice)

    @property
    def uncertain_count(self) -> Uncertain | None:
        """Return what is known of how many lead, where that differs between worlds."""
        return dict(self._of_choice).get(COUNT)

    @property
    def _of_choice(self) -> tuple[tuple[str, Uncertain], ...]:
        """Return the uncertain numbers on which it depends who leads."""
        is_placed = self.leaders.position is not None
        return tuple(one for one in self.uncertainty.numbers if is_placed and is_of_choice(one[0]))

    @property
    def _intervened(self) -> frozenset[str]:
        """Return the names of the interventions of which numbers are uncertain."""
        return frozenset(path.split(".")[1] for path, _ in self.uncertainty.numbers if is_of_interventions(path))

    @property
    def _numbers(self) -> tuple[tuple[str, Uncertain], ...]:
        """Return the uncertain numbers; what is said of leaders only where somebody leads."""
        return tuple(
            (path, said) for path, said in self.uncertainty.numbers if self.leaders.count or path[:8] != "leaders."
        )

    def in_world(self, seed: int, world: int) -> ArmSetting:
        """Return the arm as it is in a world, every uncertain number drawn.

        Parameters
        ----------
        seed, world
            Of which world.
        """
        return self._with_numbers(self.uncertainty.in_world(seed, world))

    def drawn(self, seed: int, worlds: int) -> dict[str, tuple[float, ...]]:
        """Return the uncertain numbers that matter to the arm, as they are in each of the first worlds."""
        used = {*dict(self._of_choice), *(path for path, _ in self._numbers if not is_of_choice(path))}
        numbers = tuple(one for one in self.uncertainty.numbers if one[0] in used)
        return replace(self.uncertainty, numbers=numbers).in_worlds(seed, worlds)

    def extremes(self, drawn: Mapping[str, Sequence[float]] | None = None) -> tuple[ArmSetting, ...]:
        """Return the arm with its uncertain numbers as they are typically, and at their least and largest.

        Whole numbers stay as they are typically: whether dates and counts go
        together is seen in the worlds themselves.

        Parameters
        ----------
        drawn
            What is drawn of them, by path; what could ever be drawn, where it is not given.
        """
        if not self.uncertainty.numbers:
            return (self,)
        ends = (
            {
                path: pick(drawn[path]) if drawn and not said.is_whole else said.at(MEDIAN if said.is_whole else end)
                for path, said in self.uncertainty.numbers
            }
            for end, pick in ((0.0, min), (1.0, max))
        )
        return (self, *(self._with_numbers(numbers) for numbers in ends))

    def _with_numbers(self, numbers: Mapping[str, float]) -> ArmSetting:
        if not numbers:
            return self
        found = resolved_setting(self.name, with_numbers(self.sections, numbers), self.parameters.steps)
        drawn = found.parameters if self.leaders.count else unled(found.parameters)
        network = found.network
        if network is not None and self.network is not None:
            network = network.with_targets(self.network.targets)
        if self.solved is not None:
            drawn = with_parameter(drawn, self.solved.path, self.solved.parameter)
        leaders = found.leaders if self.choice_varies else self.leaders
        known = replace(self.uncertainty, numbers=())
        return replace(self, parameters=drawn, leaders=leaders, network=network, uncertainty=known)

    def at_medians(self) -> ArmSetting:
        """Return the arm as if nothing differed between worlds: what is uncertain at its median.

        Agents' values that are drawn once a world are drawn in every replicate instead.
        """
        parameters = self.parameters
        stages = {name: getattr(parameters, name) for name in STAGES}
        alike: dict[str, Any] = {
            name: replace(stage, threshold=drawn_anew(stage.threshold))
            for name, stage in stages.items()
            if stage is not None
        }
        alike |= {key: drawn_anew(getattr(parameters, key)) for key in ("receptivity", "influence")}
        return replace(self, parameters=replace(parameters, **alike), uncertainty=CERTAIN, sections={})

    def on_given_network(self) -> ArmSetting:
        """Return the arm as it is on the network that is given, in the same worlds otherwise."""
        numbers = tuple(one for one in self.uncertainty.numbers if not one[0].startswith(f"{UNCERTAIN_NETWORK}."))
        sections = {name: table for name, table in self.sections.items() if name != UNCERTAIN_NETWORK}
        return replace(self, network=None, sections=sections, uncertainty=replace(self.uncertainty, numbers=numbers))

    def without_leaders(self) -> ArmSetting:
        """Return the arm with the same parameters in which nobody leads."""
        return replace(self, name=NO_LEADERS, parameters=unled(self.parameters), leaders=LeaderRule())

    def with_solved(self, solved: Solved) -> ArmSetting:
        """Return the setting with the number in it that it asks for."""
        return replace(self, parameters=with_parameter(self.parameters, solved.path, solved.parameter), solved=solved)


def with_parameter(parameters: Parameters, path: str, value: float | Distribution) -> Parameters:
    """Return parameters with another value at a dotted key of a stage, ``"adoption.transmission"``."""
    stage, _, key = path.partition(".")
    changes: dict[str, Any] = {stage: replace(getattr(parameters, stage), **{key: value})}
    return replace(parameters, **changes)


_OF_LEADERS = {"influence": "leader_influence", "recruitment": "leader_recruitment", "leaving": "leader_leaving"}
"""What is said of leaders and holds only where somebody leads: the scenario's key, the model's name."""


def unled(parameters: Parameters) -> Parameters:
    """Return parameters without what they say of leaders."""
    return replace(parameters, leader_influence=1.0, leader_recruitment=1.0, leader_leaving=0.0)


def resolved_setting(name: str, sections: Sections, steps: int, request: Request | None = None) -> ArmSetting:
    """Return an arm's setting from its sections, which must be complete.

    Parameters
    ----------
    name
        The arm's name.
    sections
        The scenario's sections, with the cell's values and the arm's laid over them.
    steps
        T, the number of updates.
    request
        What they ask to be solved.
    """
    as_written, sections = sections, stated(spelled_out(sections))
    uncertainty = Uncertainty(uncertain_numbers(sections, steps), agents_by_world(sections))
    sections = with_numbers(sections, {path: said.at(MEDIAN) for path, said in uncertainty.numbers})
    leaders = sections.get("leaders", {})
    rule = LeaderRule.stated(leaders)
    parameters = Parameters(
        steps=steps,
        adoption=stage_parameters("adoption", sections["adoption"]),
        awareness=stage_parameters("awareness", sections["awareness"]) if "awareness" in sections else None,
        **_population(sections),
        interventions=stated_interventions(sections.get("interventions", {})),
    )
    if rule.count:
        parameters = replace(parameters, **{said: leaders[key] for key, said in _OF_LEADERS.items() if key in leaders})
    network = _network(sections, uncertainty.numbers)
    found = ArmSetting(name=name, parameters=parameters, leaders=rule, request=request, network=network)
    return replace(found, uncertainty=uncertainty, sections=as_written) if uncertainty.is_there else found


def _network(sections: Sections, numbers: tuple[tuple[str, Uncertain], ...]) -> UncertainNetwork | None:
    may_differ = any(path.startswith(f"{UNCERTAIN_NETWORK}.") for path, _ in numbers)
    return UncertainNetwork.stated(sections.get(UNCERTAIN_NETWORK, {}), may_differ=may_differ)


def _population(sections: Sections) -> dict[str, Any]:
    """Return what is said of agents and ties; receptivity only where a rule uses it."""
    agents, ties = sections.get("agents", {}), sections.get("ties", {})
    receptivity = agents.get("receptivity", 1.0) if uses_receptivity(sections) else 1.0
    return {
        "receptivity": agent_value(receptivity),
        "influence": agent_value(agents.get("influence", 1.0)),
        "layers": dict(sorted(ties["layers"].items())) if "layers" in ties else None,
        "between_roles": _role_pairs(ties.get("between_roles", {})),
    }


def _role_pairs(multipliers: Mapping[str, float]) -> dict[tuple[str, str], float]:
    pairs = {}
    for pair, multiplier in sorted(multipliers.items()):
        source, target = pair.split(f" {ARROW} ")
        pairs[source, target] = multiplier
    return pairs


def rule_keys(stage: str, rule: str) -> tuple[str, ...]:
    """Return the keys of a stage that a rule uses."""
    always = ("rule", "external", "abandonment") if stage == "adoption" else ("rule", "external")
    return (*always, *(said.name for said in rules()[rule].parameters))


def uses_receptivity(sections: Sections) -> bool:
    """Return whether ρ changes anything: it acts on ties, and in hazards that name it."""
    stages = [sections[stage] for stage in STAGES if "rule" in sections.get(stage, {})]
    return any(
        rules()[stage["rule"]].family == "tie"
        or ("attributes" in rule_keys("adoption", stage["rule"]) and "receptivity" in stage.get("attributes", {}))
        for stage in stages
    )


def stage_parameters(stage: str, table: Table) -> StageParameters:
    """Return a stage's parameters: what its rule uses and the table states."""
    stated = {key: table[key] for key in rule_keys(stage, table["rule"]) if key in table}
    if "threshold" in stated:
        stated["threshold"] = agent_value(stated["threshold"])
    if "attributes" in stated:
        stated["attributes"] = tuple(sorted(stated["attributes"].items()))
    return StageParameters(**stated)


def canonical_parameters(parameters: Parameters) -> dict[str, Any]:
    """Return parameters for JSON and digests, without what the rules do not use."""
    stages = {"adoption": parameters.adoption, "awareness": parameters.awareness}
    return {
        "steps": parameters.steps,
        **{name: None if stage is None else _canonical_stage(name, stage) for name, stage in stages.items()},
        **_canonical_population(
            parameters.receptivity, parameters.influence, parameters.layers, parameters.between_roles
        ),
        "leader_influence": parameters.leader_influence,
        **_canonical_further(parameters),
    }


def _canonical_further(parameters: Parameters) -> dict[str, Any]:
    """Return what came later, where it changes anything: other arms are called what they were before."""
    further = {
        "leader_recruitment": (parameters.leader_recruitment, 1.0),
        "leader_leaving": (parameters.leader_leaving, 0.0),
        "interventions": ([canonical_intervention(said) for said in parameters.interventions], []),
    }
    return {name: said for name, (said, default) in further.items() if said != default}


def canonical_base(sections: Sections, steps: int) -> dict[str, Any]:
    """Return what all arms share, for JSON and digests; a stage without a rule is ``None``.

    Parameters
    ----------
    sections
        The scenario's sections with a cell's values, perhaps incomplete.
    steps
        T, the number of updates.
    """
    spelled = spelled_out(sections)
    sections = stated(spelled)
    of_arms = ("leaders.", "interventions.")
    numbers = tuple((path, said) for path, said in uncertain_numbers(sections) if not path.startswith(of_arms))
    sections = with_numbers(sections, dict.fromkeys(dict(numbers), 0.0))
    stages = {name: sections[name] for name in STAGES if "rule" in sections.get(name, {})}
    network = _network(sections, numbers)
    base = {
        **({"uncertain": Uncertainty(numbers).canonical()} if numbers else {}),
        **({} if network is None else {UNCERTAIN_NETWORK: network.canonical()}),
        "steps": steps,
        **{
            name: _canonical_stage(name, stage_parameters(name, stages[name])) if name in stages else None
            for name in STAGES
        },
        **_canonical_population(**_population(sections)),
    }
    for stage, key in requests_in(spelled):
        if stage in stages:
            base[stage][key] = dict(sorted(spelled[stage][key].items()))
    return base


def _canonical_population(
    receptivity: AgentValue,
    influence: AgentValue,
    layers: Mapping[str, float] | None,
    between_roles: Mapping[tuple[str, str], float],
) -> dict[str, Any]:
    pairs = sorted(between_roles.items())
    return {
        "receptivity": canonical_value(receptivity),
        "influence": canonical_value(influence),
        "layers": None if layers is None else dict(sorted(layers.items())),
        "between_roles": [[source, target, multiplier] for (source, target), multiplier in pairs if multiplier != 1],
    }


def _canonical_stage(name: str, stage: StageParameters) -> dict[str, Any]:
    used = {key: getattr(stage, key) for key in rule_keys(name, stage.rule)}
    if "threshold" in used:
        used["threshold"] = canonical_value(stage.threshold)
    if "attributes" in used:
        used["attributes"] = [[key, value] for key, value in sorted(stage.attributes) if value != 0]
    return used
