"""The readable model: one replicate, to look into, to step and to subclass.

It reads like the theory and equals the ensemble bit for bit: it throws the
same coins, adds the same integers and calls the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from diffusion import draws
from diffusion.draws import ALWAYS, LANES, Purpose
from diffusion.errors import InputError, nearest_name_hint
from diffusion.model.agents import Academic, Agent, Firm, Manager, Stage, Tie
from diffusion.model.course import Part, course_of
from diffusion.model.inputs import ModelInput
from diffusion.model.lanes import Stage as StageOfBlock
from diffusion.model.lanes import Words
from diffusion.model.parameters import Parameters
from diffusion.model.rules import (
    EXPOSURES,
    LINKS,
    NUMBER,
    RULES,
    entry_probabilities,
    exposure_weights,
    integer_probabilities,
    tie_probabilities,
)
from diffusion.model.stages import AWARENESS, StageInput
from diffusion.model.ties import WeighedTies
from diffusion.network.network import Network, normalized

# isort: split
import mesa  # after agents.py, which undoes what Mesa 3.3 does to every process when it is first imported


class DiffusionModel(mesa.Model):
    """Play one replicate of one arm, an agent at a time.

    Parameters
    ----------
    network
        Who knows whom.
    parameters
        What the scenario says about agents, ties and stages.
    leaders
        The ids of those who lead.
    seed, world, replicate
        Coordinates of every draw.

    Attributes
    ----------
    tick
        The step that was made last; 0 is the initial state.
    members
        The agents, in the order of the network's ids; behind them those whom interventions add.
    course, part
        What interventions change in this replicate, and the part of the run that is being played.
    awareness, adoption
        How agents enter the two stages; ``awareness`` is ``None`` where
        everyone is aware from the start.
    datacollector
        Mesa's collector: one row a tick with the ``tick`` and how many agents
        are ``unaware``, ``aware``, ``adopted`` and ``abandoned``.
    clipped_agent_steps
        In how many agent-steps a hazard was clipped to [0, 1].

    Raises
    ------
    InputError
        If the parameters do not fit the network, or a leader is no agent of it.

    Examples
    --------
    >>> from diffusion.model.parameters import StageParameters
    >>> path = Network.from_tables(name="path", ids="abc", source="ab", target="bc")
    >>> certain = Parameters(steps=5, adoption=StageParameters("contagion", transmission=1.0))
    >>> model = DiffusionModel(path, certain, leaders=["a"])
    >>> model.step()
    >>> [agent.id for agent in model.members if agent.uses]
    ['a', 'b']
    >>> model.run()
    >>> model.adopted_at.tolist()
    [0, 1, 2]
    """

    agent_classes: Mapping[str, type[Agent]] = MappingProxyType(
        {"manager": Manager, "academic": Academic, "firm": Firm}
    )
    """Which class plays which role; extend it in a subclass."""

    def __init__(
        self,
        network: Network,
        parameters: Parameters,
        leaders: Sequence[str] = (),
        *,
        seed: int = 0,
        world: int = 0,
        replicate: int = 0,
    ) -> None:
        super().__init__(rng=draws.model_seed(seed, world, replicate))
        self.network = network
        self.parameters = parameters
        self.seed_of_draws = seed
        self.world = world
        self.replicate = replicate
        self.tick = 0
        self.clipped_agent_steps = 0
        self.input = ModelInput.of(network, parameters, seed=seed, world=world)
        block, self.lane = divmod(replicate, LANES)
        self.course = course_of(self.input, block, self._leading(leaders, block))
        people = self.input.population
        self.members = [self.agent_classes.get(role, Agent)(self, index) for index, role in enumerate(people.roles)]
        self.abandonment = _integer(parameters.adoption.abandonment)
        self.leaving = _integer(parameters.leader_leaving)
        self._begin()
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "tick": lambda model: model.tick,
                "unaware": lambda model: model.count(Stage.UNAWARE),
                "aware": lambda model: model.count(Stage.AWARE),
                "adopted": lambda model: model.count(Stage.ADOPTED),
                "abandoned": lambda model: model.count(Stage.ABANDONED),
            }
        )
        self.datacollector.collect(self)

    def _leading(self, leaders: Sequence[str], block: int) -> Words:
        """Return one word an agent: whether it leads in this replicate; some who are asked decline."""
        assigned = np.zeros(self.network.size, dtype=np.uint64)
        assigned[_indices(self.network, leaders)] = np.uint64(1) << np.uint64(self.lane)
        return self.input.leading(block, assigned)

    def _begin(self) -> None:
        """Put everyone where they stand at t = 0."""
        self._set(self.course.parts[0])
        for agent in self.members:
            agent.present = self._has(self.course.present, agent)
            if self.awareness is None:
                agent.begin_aware()
            if self._has(self.part.leads, agent):
                agent.lead()

    def change(self) -> None:
        """Let what is dated this step take effect: people come and go, posts change hands, ties change."""
        for part in self.course.parts:
            if part.first_step == self.tick:
                for agent, row in zip(self.members, part.rows_in(self.lane), strict=True):
                    if agent.row != row:
                        agent.take_over(int(row))
                    if agent.present and not self._has(part.present, agent):
                        agent.leave()
                    agent.present = self._has(part.present, agent)
                self._set(part)

    def _set(self, part: Part) -> None:
        """Give every agent its values, and the ties over which knowledge can reach it, in a part of the run."""
        self.part = part
        values = part.in_block(self.replicate // LANES)
        said, lane = part.model_input, self.lane
        self.adoption = StageEntry(self, said.adoption, values.adoption, lane)
        self.awareness = StageEntry(self, said.awareness, values.awareness, lane) if said.awareness else None
        influence = _in_lane(said.led_influence(values.agents), lane)
        receptivity = _in_lane(values.agents.receptivity, lane)
        for agent in self.members:
            agent.influence, agent.receptivity = float(influence[agent.row]), float(receptivity[agent.row])
            agent.recruited = agent.recruited or (len(part.recruited) > 0 and self._has(part.recruited, agent))
            agent.incoming = []
        self._join(said.ties)

    def _join(self, ties: WeighedTies) -> None:
        holder = {agent.row: agent for agent in self.members}
        here = np.flatnonzero((ties.lanes >> np.uint64(self.lane)) & np.uint64(1))
        for place in here:
            source, target = holder.get(int(ties.source[place])), holder.get(int(ties.target[place]))
            if source is not None and target is not None:
                weight, strength, multiplier = (
                    float(column[place]) for column in (ties.weight, ties.strength, ties.multiplier)
                )
                tie = Tie(source, weight, strength, multiplier, int(ties.key[place]), bool(ties.dated[place]))
                target.incoming.append(tie)

    def _has(self, words: Words, agent: Agent) -> bool:
        """Return whether an agent's bit of this replicate is set."""
        return bool((words[agent.row] >> np.uint64(self.lane)) & np.uint64(1))

    def step(self) -> None:
        """Make one update: what is dated this step changes, all decide on what was, then all move."""
        self.tick += 1
        self.change()
        self.agents.do("decide")
        self.agents.do("move")
        self.datacollector.collect(self)
        self.running = self.tick < self.parameters.steps

    def run(self) -> None:
        """Make all the updates that are left, up to T."""
        while self.tick < self.parameters.steps:
            self.step()

    def count(self, stage: Stage) -> int:
        """Return how many of the network's own agents are in a stage."""
        return sum(agent.stage is stage for agent in self.members[: self.network.size])

    def coin(self, purpose: Purpose, key: int, step: int) -> int:
        """Return the 32-bit number of a coin in this replicate."""
        keys = np.array([key], dtype=np.uint64)
        return int(draws.coins(self.seed_of_draws, self.world, purpose, keys, self.replicate, step)[0])

    def agent_coin(self, purpose: Purpose, agent: Agent) -> int:
        """Return the 32-bit number of an agent's coin at this step."""
        return self.coin(purpose, int(self.part.model_input.keys[agent.row]), self.tick)

    def falls(self, purpose: Purpose, agent: Agent, probability: int) -> bool:
        """Return whether an agent's coin of an integer probability falls heads at this step."""
        return probability > 0 and self.agent_coin(purpose, agent) < probability

    def agent_number(self, purpose: Purpose, agent: Agent) -> int:
        """Return the 32-bit number that an agent draws at this step."""
        block, lane = divmod(self.replicate, LANES)
        keys = self.part.model_input.keys[agent.row : agent.row + 1]
        return int(draws.numbers(self.seed_of_draws, self.world, purpose, keys, block, self.tick)[0, lane])

    @property
    def aware_at(self) -> NDArray[np.int16]:
        """Return the step at which each agent became aware, -1 for never; shape (agents,)."""
        return np.array([agent.aware_at for agent in self.members[: self.network.size]], dtype=np.int16)

    @property
    def adopted_at(self) -> NDArray[np.int16]:
        """Return the step at which each agent adopted, -1 for never; shape (agents,)."""
        return np.array([agent.adopted_at for agent in self.members[: self.network.size]], dtype=np.int16)

    @property
    def abandoned_at(self) -> NDArray[np.int16]:
        """Return the step at which each agent abandoned, -1 for never; shape (agents,)."""
        return np.array([agent.abandoned_at for agent in self.members[: self.network.size]], dtype=np.int16)


class StageEntry:
    """Say who enters one stage, *aware* or *adopted*, in one replicate.

    Parameters
    ----------
    model
        The model that the agents live in.
    stage_input
        The stage's parameters on the network.
    values
        The stage's thresholds and propensities in this block of replicates.
    lane
        Which replicate of the block.
    """

    def __init__(self, model: DiffusionModel, stage_input: StageInput, values: StageOfBlock, lane: int) -> None:
        self.model = model
        self.parameters = stage_input.parameters
        self.rule = RULES[self.parameters.rule]
        self.purposes = stage_input.purposes
        self.stage = Stage.AWARE if stage_input.purposes is AWARENESS else Stage.ADOPTED
        self.total = stage_input.total
        if len(stage_input.lane_total):
            self.total = self.total + stage_input.lane_total[:, lane]
        self.threshold = _in_lane(values.threshold, lane)
        self.propensity = _in_lane(values.propensity, lane)
        self.external = values.external

    def rule_moves(self, agent: Agent) -> bool:
        """Return whether the stage's rule moves an agent at this step."""
        return self.a_tie_carries(agent) if self.rule.family == "tie" else self.exposure_moves(agent)

    def external_moves(self, agent: Agent) -> bool:
        """Return whether policy, media or funding move an agent, ties apart."""
        likely = int(self.external[agent.row if len(self.external) > 1 else 0])
        return self.model.falls(self.purposes.external, agent, likely)

    def is_active(self, source: Agent) -> bool:
        """Return whether a source can bring others to this stage."""
        return source.knows if self.stage is Stage.AWARE else source.uses

    # Tie rules: cascade and contagion.

    def a_tie_carries(self, agent: Agent) -> bool:
        """Return whether one of the ties that may be tried at this step carries."""
        return any(self.carries(tie, agent) for tie in agent.incoming if self.is_tried(tie, agent))

    def is_tried(self, tie: Tie, target: Agent) -> bool:
        """Return whether a tie may carry at this step.

        A rule that tries ties once does so at the first step at which the
        source is active and the target is in the stage before, and anew,
        with the same coin, when an intervention has changed something.
        """
        if not self.is_active(tie.source):
            return False
        if not self.rule.tried_once:
            return True
        active_since = tie.source.aware_at if self.stage is Stage.AWARE else tie.source.adopted_at
        waiting_since = 0 if self.stage is Stage.AWARE else target.aware_at
        return max(active_since, waiting_since, self.model.part.first_step - 1) == self.model.tick - 1

    def carries(self, tie: Tie, target: Agent) -> bool:
        """Return whether the tie's coin falls heads, with p_ji = β w_l s_ji B κ_j ρ_i."""
        chance = tie_probabilities(
            self.rule.code,
            float(self.parameters.transmission),
            *_arrays(tie.layer_weight, tie.strength, tie.multiplier, tie.source.influence, target.receptivity),
        )[0]
        step = 0 if self.rule.tried_once and not tie.dated else self.model.tick
        return self.model.coin(self.purposes.tie, tie.key, step) < _integer(chance)

    # Exposure rules: threshold and hazard.

    def exposure_moves(self, agent: Agent) -> bool:
        """Return whether an agent moves with the rule's probability at its exposure."""
        here = slice(agent.row, agent.row + 1)
        chance = entry_probabilities(
            self.rule.code,
            np.array([self.exposure(agent)], dtype=np.int64),
            self.total[here],
            self.threshold[here],
            float(self.parameters.intercept),
            float(self.parameters.slope),
            self.propensity[here],
            LINKS[self.parameters.link],
        )[0]
        if chance < 0 or chance > 1:
            self.model.clipped_agent_steps += 1
        probability = _integer(chance)
        if probability in (0, ALWAYS):
            return probability == ALWAYS
        return self.model.agent_number(self.purposes.entry, agent) < probability

    def exposure(self, agent: Agent) -> int:
        """Return what reaches an agent from active sources, in units of 2⁻³²."""
        active = [tie for tie in agent.incoming if self.is_active(tie.source)]
        kind = EXPOSURES[self.parameters.exposure]
        amounts: list[int] = exposure_weights(
            kind,
            *_arrays(
                [tie.layer_weight for tie in active],
                [tie.strength for tie in active],
                [tie.multiplier for tie in active],
                [tie.source.influence for tie in active],
            ),
        ).tolist()
        if kind == NUMBER:  # an alter with ties in two layers is one alter
            return sum({tie.source: amount for tie, amount in zip(active, amounts, strict=True) if amount}.values())
        return sum(amounts)


def forget(model: DiffusionModel) -> None:
    """Let go of a model that is no longer needed: Mesa 3.3 counts the ids of every model's agents for ever."""
    getattr(mesa.Agent, "_ids", {}).pop(model, None)


def _indices(network: Network, leaders: Sequence[str]) -> list[int]:
    ids = [normalized(text) for text in leaders]
    problems = [
        f'leader "{text}" is no agent of {network.name}{nearest_name_hint(text, network.ids)}'
        for text in ids
        if text not in network.index
    ]
    if problems:
        raise InputError(problems)
    return sorted({network.index[text] for text in ids})


def _in_lane(values: NDArray[np.float64], lane: int) -> NDArray[np.float64]:
    """Return the values of one replicate; those that do not vary have a single column."""
    return np.ascontiguousarray(values[:, lane if values.shape[1] > 1 else 0])


def _arrays(*factors: float | list[float]) -> list[NDArray[np.float64]]:
    """Return factors as the compiled rules take them: one array a factor, a number a tie."""
    return [np.atleast_1d(np.asarray(factor, dtype=np.float64)) for factor in factors]


def _integer(probability: float) -> int:
    """Return a probability in units of 2⁻³², clipped and rounded once."""
    return int(integer_probabilities(np.array([probability], dtype=np.float64))[0])
