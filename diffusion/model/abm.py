"""The readable model: one replicate, to look into, to step and to subclass.

It reads like the theory and equals the ensemble bit for bit: it throws the
same coins, adds the same integers and calls the same rules.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from diffusion import draws
from diffusion.draws import ALWAYS, LANES, Purpose
from diffusion.model.inputs import AWARENESS, ModelInput, StageInput
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
from diffusion.network.network import Network

_start_method = multiprocessing.get_start_method(allow_none=True)
import mesa  # noqa: E402 - Mesa 3.3 sets the start method of every process when it is imported

from diffusion.model.agents import Academic, Firm, Manager, Agent, Stage, Tie  # noqa: E402

if multiprocessing.get_start_method(allow_none=True) != _start_method:
    multiprocessing.set_start_method(_start_method, force=True)


class StageView:
    """Answer an agent's questions about entering one stage, in one replicate.

    Parameters
    ----------
    model
        The model that the agent lives in.
    stage_input
        The stage's parameters on the network.
    threshold, propensity
        θ and Σ c_k · attribute_k of each agent in this replicate.
    """

    def __init__(
        self,
        model: DiffusionModel,
        stage_input: StageInput,
        threshold: NDArray[np.float64],
        propensity: NDArray[np.float64],
    ) -> None:
        self.model = model
        self.said = stage_input.parameters
        self.rule = RULES[self.said.rule]
        self.by_tie = stage_input.by_tie
        self.purposes = stage_input.purposes
        self.total = stage_input.total
        self.threshold = threshold
        self.propensity = propensity
        self.external = _integer(self.said.external)

    def is_active(self, source: Agent) -> bool:
        """Return whether a source can carry this stage's knowledge."""
        return source.knows if self.purposes is AWARENESS else source.uses

    def is_tried(self, tie: Tie, target: Agent) -> bool:
        """Return whether a tie may carry at this step.

        A rule that tries ties once does so at the first step at which the
        source is active and the target is in the stage before.
        """
        if not self.is_active(tie.source):
            return False
        if not self.rule.tried_once:
            return True
        active_since = tie.source.aware_at if self.purposes is AWARENESS else tie.source.adopted_at
        waiting_since = 0 if self.purposes is AWARENESS else target.aware_at
        return max(active_since, waiting_since) == self.model.tick - 1

    def carries(self, tie: Tie, target: Agent) -> bool:
        """Return whether the tie's coin falls heads, with p_ji of the model."""
        chance = tie_probabilities(
            self.rule.code,
            float(self.said.transmission),
            *(
                np.array([factor], dtype=np.float64)
                for factor in (
                    tie.layer_weight,
                    tie.strength,
                    tie.multiplier,
                    tie.source.influence,
                    target.receptivity,
                )
            ),
        )
        step = 0 if self.rule.tried_once else self.model.tick
        return self.model.coin(self.purposes.tie, tie.key, step) < int(integer_probabilities(chance)[0])

    def exposure(self, agent: Agent) -> int:
        """Return what reaches an agent from active sources, in units of 2⁻³²."""
        active = [tie for tie in agent.incoming if self.is_active(tie.source)]
        if not active:
            return 0
        kind = EXPOSURES[self.said.exposure]
        amounts = exposure_weights(
            kind,
            *(
                np.array(factor, dtype=np.float64)
                for factor in (
                    [tie.layer_weight for tie in active],
                    [tie.strength for tie in active],
                    [tie.multiplier for tie in active],
                    [tie.source.influence for tie in active],
                )
            ),
        )
        if kind == NUMBER:
            return sum({tie.source.index: int(amount) for tie, amount in zip(active, amounts) if amount}.values())
        return sum(int(amount) for amount in amounts)

    def hazard_strikes(self, agent: Agent) -> bool:
        """Return whether an agent moves by the rule's probability at its exposure."""
        chance = entry_probabilities(
            self.rule.code,
            np.array([self.exposure(agent)], dtype=np.int64),
            self.total[agent.index : agent.index + 1],
            self.threshold[agent.index : agent.index + 1],
            float(self.said.intercept),
            float(self.said.slope),
            self.propensity[agent.index : agent.index + 1],
            LINKS[self.said.link],
        )[0]
        if chance < 0 or chance > 1:
            self.model.clipped_agent_steps += 1
        probability = _integer(chance)
        return probability == ALWAYS or (
            probability > 0 and self.model.number(self.purposes.entry, agent) < probability
        )

    def external_strikes(self, agent: Agent) -> bool:
        """Return whether policy, media or funding move an agent, ties apart."""
        if self.external == 0:
            return False
        key = int(self.model.input.keys[agent.index])
        return self.model.coin(self.purposes.external, key, self.model.tick) < self.external


class DiffusionModel(mesa.Model):  # type: ignore[misc]
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
        The agents, in the order of the network's ids.
    datacollector
        Mesa's collector: one row a tick with the numbers aware, adopted, abandoned.
    clipped_agent_steps
        In how many agent-steps a hazard was clipped to [0, 1].

    Raises
    ------
    InputError
        If the parameters do not fit the network.
    KeyError
        If a leader is no agent of the network.
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
        self.members = [
            self.agent_classes.get(role, Agent)(self, index) for index, role in enumerate(network.roles)
        ]
        self._join()
        self._begin([network.index[leader] for leader in leaders])
        self.abandonment = _integer(parameters.adoption.abandonment)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "tick": lambda model: model.tick,
                **{stage.value: (lambda model, stage=stage: model.count(stage)) for stage in Stage},
            }
        )
        self.datacollector.collect(self)

    def _join(self) -> None:
        ties = self.input.ties
        for source, target, weight, strength, multiplier, key in zip(
            ties.source, ties.target, ties.weight, ties.strength, ties.multiplier, ties.key, strict=True
        ):
            self.members[target].incoming.append(
                Tie(self.members[source], float(weight), float(strength), float(multiplier), int(key))
            )

    def _begin(self, leaders: Sequence[int]) -> None:
        block, lane = divmod(self.replicate, LANES)
        leads = np.zeros(self.network.size, dtype=np.uint64)
        leads[list(leaders)] = np.uint64(1) << np.uint64(lane)
        inputs = self.input.in_block(block, leads)

        def column(values: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.ascontiguousarray(values[:, lane if values.shape[1] > 1 else 0])

        influence = column(inputs.agents.influence)
        receptivity = column(inputs.agents.receptivity)
        for agent in self.members:
            agent.influence = float(influence[agent.index])
            agent.receptivity = float(receptivity[agent.index])
            if self.input.awareness is None:
                agent.stage, agent.aware_at = Stage.AWARE, 0
        for index in leaders:
            self.members[index].lead()
            if not self.input.varies:
                self.members[index].influence *= self.parameters.leader_influence
        self.adoption = StageView(
            self, self.input.adoption, column(inputs.adoption.threshold), column(inputs.adoption.propensity)
        )
        self.awareness = StageView(
            self,
            self.input.awareness or self.input.adoption,
            column(inputs.awareness.threshold),
            column(inputs.awareness.propensity),
        )

    def step(self) -> None:
        """Make one update: all decide on what was, then all move."""
        self.tick += 1
        self.agents.do("decide")
        self.agents.do("move")
        self.datacollector.collect(self)

    def run(self) -> None:
        """Make all the updates that are left, up to T."""
        while self.tick < self.parameters.steps:
            self.step()

    def count(self, stage: Stage) -> int:
        """Return how many agents are in a stage."""
        return sum(agent.stage is stage for agent in self.members)

    def coin(self, purpose: Purpose, key: int, step: int) -> int:
        """Return the 32-bit number of a coin in this replicate."""
        keys = np.array([key], dtype=np.uint64)
        return int(draws.coins(self.seed_of_draws, self.world, purpose, keys, self.replicate, step)[0])

    def number(self, purpose: Purpose, agent: Agent) -> int:
        """Return the 32-bit number of an agent at this step in this replicate."""
        block, lane = divmod(self.replicate, LANES)
        keys = self.input.keys[agent.index : agent.index + 1]
        return int(draws.numbers(self.seed_of_draws, self.world, purpose, keys, block, self.tick)[0, lane])

    def abandons(self, agent: Agent) -> bool:
        """Return whether an adopter gives up at this step."""
        if self.abandonment == 0:
            return False
        key = int(self.input.keys[agent.index])
        return self.coin(Purpose.ABANDONMENT, key, self.tick) < self.abandonment

    @property
    def aware_at(self) -> NDArray[np.int16]:
        """Return the step at which each agent became aware, -1 for never; shape (agents,)."""
        return np.array([agent.aware_at for agent in self.members], dtype=np.int16)

    @property
    def adopted_at(self) -> NDArray[np.int16]:
        """Return the step at which each agent adopted, -1 for never; shape (agents,)."""
        return np.array([agent.adopted_at for agent in self.members], dtype=np.int16)

    @property
    def abandoned_at(self) -> NDArray[np.int16]:
        """Return the step at which each agent abandoned, -1 for never; shape (agents,)."""
        return np.array([agent.abandoned_at for agent in self.members], dtype=np.int16)


def _integer(probability: float) -> int:
    return int(integer_probabilities(np.array([probability], dtype=np.float64))[0])


