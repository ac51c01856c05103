"""Parameters resolved on one network: the arrays that both engines read."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from diffusion import draws
from diffusion.draws import Purpose, stream_key
from diffusion.errors import InputError
from diffusion.model.interventions.intervention import Schedule
from diffusion.model.interventions.people import Holders, population
from diffusion.model.lanes import Agents, OutgoingTies, Pairs, Quits, Stage, Words
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.model.ranges import parameter_problems
from diffusion.model.rules import EXPOSURES, LINKS, RULES, exposure_weights, integer_probabilities, tie_probabilities
from diffusion.model.stages import ADOPTION, AWARENESS, StageInput, StagePurposes
from diffusion.model.ties import (
    WeighedTies,
    tied_pairs,
    ties_of_holders,
    weighed_ties,
)
from diffusion.model.values import agent_values, numeric_column
from diffusion.network.network import Network

LARGEST_EXPOSURE = 2.0**29
"""What an agent's exposure may at most add up to, so that its integer fits."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BlockInput:
    """Hold what the 64 replicates of a block need besides the pairs."""

    agents: Agents
    adoption: Stage
    awareness: Stage
    quits: Quits
    clipped_ties: NDArray[np.int64]


class ModelInput:
    """Resolve parameters on a network, once for all replicates of a world.

    Use :meth:`of`. Attributes are those that both engines need; their rows are
    the agents of ``population``: those of the network, then those whom
    interventions add. What interventions change is laid over them for each
    part of a run by ``diffusion.model.phases``.
    """

    def __init__(self, network: Network, parameters: Parameters, seed: int, world: int, problems: list[str]) -> None:
        self.network = network
        self.parameters = parameters
        self.seed = seed
        self.world = world
        self.population = people = population(network, parameters.interventions, problems)
        self.keys = draws.entity_keys(people.ids)
        self.receptivity = agent_values(
            parameters.receptivity, people, key="agents.receptivity", problems=problems, low=0.0, high=1.0
        )
        self.influence = agent_values(parameters.influence, people, key="agents.influence", problems=problems, low=0.0)
        self.varies = bool(self.receptivity.varying or self.influence.varying)
        self.ties = weighed_ties(people, parameters, self.keys, problems)
        self.adoption = self._stage(parameters.adoption, ADOPTION, "adoption", problems)
        self.awareness = (
            self._stage(parameters.awareness, AWARENESS, "awareness", problems) if parameters.awareness else None
        )
        self._check_exposure(problems)
        schedule = Schedule(parameters.steps, parameters.awareness is not None)
        for intervention in parameters.interventions:
            problems += [f"interventions.{line}" for line in intervention.problems(people, schedule)]

    @classmethod
    def of(cls, network: Network, parameters: Parameters, *, seed: int, world: int = 0) -> ModelInput:
        """Return the parameters resolved on the network.

        Raises
        ------
        InputError
            If a parameter is out of its range or names what does not exist.
        """
        problems = parameter_problems(parameters)
        if problems:
            raise InputError(problems)
        resolved = cls(network, parameters, seed, world, problems)
        if problems:
            raise InputError(problems)
        return resolved

    @property
    def size(self) -> int:
        """Return the number of rows: of agents, or of holders of their posts."""
        return len(self.keys)

    def varied(self, ties: WeighedTies, leader_factor: float, holders: Holders) -> ModelInput:
        """Return the same for a part of a run, its rows the holders of posts.

        Parameters
        ----------
        ties
            The ties that are there, between posts.
        leader_factor
            What a leader's influence is multiplied by once more.
        holders
            Who holds which post: the rows.
        """
        made = copy(self)
        for cached in ("pairs", "_adoption", "_awareness"):
            made.__dict__.pop(cached, None)
        factor = self.parameters.leader_influence * leader_factor
        made.parameters = replace(self.parameters, leader_influence=factor)
        made.keys = holders.keys
        made.ties = ties_of_holders(ties, holders)
        made.receptivity = self.receptivity.of_rows(holders.posts)
        made.influence = self.influence.of_rows(holders.posts)
        made.adoption = self.adoption.varied(ties, made.ties, holders.posts)
        made.awareness = self.awareness.varied(ties, made.ties, holders.posts) if self.awareness else None
        return made

    def _stage(self, parameters: StageParameters, purposes: StagePurposes, key: str, problems: list[str]) -> StageInput:
        columns = {
            name: numeric_column(self.population, name, f"{key}.attributes", problems)
            for name, _ in parameters.attributes
            if name not in ("receptivity", "influence")
        }
        threshold = agent_values(parameters.threshold, self.population, key=f"{key}.threshold", problems=problems)
        return StageInput.of(parameters, purposes, threshold, columns, self.ties)

    def _check_exposure(self, problems: list[str]) -> None:
        amounts = self.ties.weight * np.maximum(1.0, self.ties.multiplier)
        influence = max(1.0, self.influence.largest * max(1.0, self.parameters.leader_influence))
        largest = float(np.bincount(self.ties.target, weights=amounts * influence).max(initial=0.0))
        if largest > LARGEST_EXPOSURE:
            key, advice = "ties:", "make them smaller"
            if self.influence.varying and largest <= LARGEST_EXPOSURE * self.influence.largest:
                reached = f"{self.influence.largest:.3g} at the far end of its distribution"
                key = f"agents.influence: reaches {reached}, with which"
                advice = "choose one that does not reach so far"
            problems.append(
                f"{key} weights, multipliers and influence add up to {largest:.3g} for one agent of "
                f'"{self.network.name}"; they must stay below {LARGEST_EXPOSURE:.3g}; {advice}'
            )

    @cached_property
    def pairs(self) -> Pairs:
        """Return the unordered pairs that share a tie in a layer that counts."""
        return tied_pairs(self.ties, self.size)

    def in_block(self, block: int, leads: Words) -> BlockInput:
        """Return what the 64 replicates of a block need.

        Parameters
        ----------
        block
            Which replicates.
        leads
            One word a row: the lanes in which the agent leads.
        """
        influence, receptivity = self._attributes(block, leads)
        agents = Agents(self.keys, self.varies, influence, receptivity, leads)
        adoption, over = self._in_block(self.adoption, self._adoption, agents, block)
        awareness = adoption
        if self.awareness is not None and self._awareness is not None:
            awareness, more = self._in_block(self.awareness, self._awareness, agents, block)
            over = over + more
        return BlockInput(agents, adoption, awareness, self._quits, over)

    def led_influence(self, agents: Agents) -> Floats:
        """Return κ with every leader's multiplied; shape (agents, 1), or (agents, 64) where lanes differ."""
        factor = 1.0 if self.varies else self.parameters.leader_influence
        return _led(agents.influence, agents.leads, factor)

    def _attributes(self, block: int, leads: Words) -> tuple[Floats, Floats]:
        """Return κ and ρ: a column where they are fixed, leaders as others; else a column a lane."""
        coordinates = {"seed": self.seed, "world": self.world, "block": block}
        influence = self.influence.in_block(self.keys, purpose=Purpose.INFLUENCE, **coordinates)
        receptivity = self.receptivity.in_block(self.keys, purpose=Purpose.RECEPTIVITY, **coordinates)
        if not self.varies:
            return influence, receptivity
        shape = (self.size, draws.LANES)
        led = _led(np.broadcast_to(influence, shape), leads, self.parameters.leader_influence)
        return led, np.ascontiguousarray(np.broadcast_to(receptivity, shape))

    def leading(self, block: int, assigned: Words) -> Words:
        """Return who leads of those assigned: some decline, and are not replaced.

        Parameters
        ----------
        block
            Which replicates.
        assigned
            One word an agent of the network: the lanes in which it is to lead.
        """
        willing = self.parameters.leader_recruitment
        if willing >= 1:
            return assigned
        keys = self.keys[: self.network.size]
        chance = np.full(len(keys), float(willing))
        return assigned & draws.coin_words(self.seed, self.world, Purpose.RECRUITMENT, keys, chance, block)

    @cached_property
    def _quits(self) -> Quits:
        said = self.parameters
        return Quits(
            _integers(said.adoption.abandonment),
            stream_key(self.seed, self.world, Purpose.ABANDONMENT),
            _integers(said.leader_leaving),
            stream_key(self.seed, self.world, Purpose.LEAVING),
        )

    @cached_property
    def _adoption(self) -> Stage:
        return self._filled(self.adoption)

    @cached_property
    def _awareness(self) -> Stage | None:
        return self._filled(self.awareness) if self.awareness is not None else None

    def _filled(self, stage: StageInput) -> Stage:
        """Return a stage with all that no block changes."""
        said = stage.parameters
        rule = RULES[said.rule]
        probability = np.zeros((len(self.pairs.first) if stage.by_tie else 0, 2, 2), dtype=np.uint64)
        if stage.by_tie and not self.varies:
            for direction, leading in product((0, 1), (0, 1)):
                chances = self._chances(stage, direction, leading, self.influence.fixed, self.receptivity.fixed)
                probability[:, direction, leading] = integer_probabilities(chances)
        return Stage(
            by_tie=stage.by_tie,
            tried_once=rule.tried_once,
            rule=rule.code,
            transmission=float(said.transmission),
            probability=probability,
            ties=self._outgoing(stage),
            exposure=EXPOSURES[said.exposure],
            total=stage.total,
            lane_total=stage.lane_total,
            threshold=np.ascontiguousarray(stage.threshold.fixed[:, np.newaxis]),
            propensity=np.zeros((self.size, 1)),
            intercept=float(said.intercept),
            slope=float(said.slope),
            link=LINKS[said.link],
            external=_integers(said.external),
            tie_key=stream_key(self.seed, self.world, stage.purposes.tie),
            entry_key=stream_key(self.seed, self.world, stage.purposes.entry),
            external_key=stream_key(self.seed, self.world, stage.purposes.external),
        )

    def _in_block(
        self, stage: StageInput, filled: Stage, agents: Agents, block: int
    ) -> tuple[Stage, NDArray[np.int64]]:
        """Return a stage with what a block changes, and how many ties were clipped in each lane."""
        if stage.threshold.varying:
            threshold = stage.threshold.in_block(
                self.keys, seed=self.seed, world=self.world, purpose=stage.purposes.threshold, block=block
            )
            filled = filled._replace(threshold=threshold)
        if stage.parameters.attributes:
            filled = filled._replace(propensity=self._propensity(stage, agents))
        return filled, self._clipped_ties(stage, agents)

    def _propensity(self, stage: StageInput, agents: Agents) -> Floats:
        """Return Σ c_k · attribute_k, a leader's influence multiplied."""
        propensity = np.zeros((self.size, 1))
        for name, coefficient in stage.parameters.attributes:
            if name == "receptivity":
                values = agents.receptivity
            elif name == "influence":
                values = self.led_influence(agents)
            else:
                values = stage.columns[name][:, np.newaxis]
            propensity = propensity + coefficient * values
        return np.ascontiguousarray(propensity)

    def _chances(
        self, stage: StageInput, direction: int, leading: int, influence: Floats, receptivity: Floats
    ) -> Floats:
        """Return p of every pair in one direction, before clipping."""
        ends = (self.pairs.first, self.pairs.second)
        kappa = influence[ends[direction]] * (self.parameters.leader_influence if leading else 1.0)
        chances: Floats = tie_probabilities(
            RULES[stage.parameters.rule].code,
            float(stage.parameters.transmission),
            self.pairs.weight,
            np.ascontiguousarray(self.pairs.strength[:, direction]),
            np.ascontiguousarray(self.pairs.multiplier[:, direction]),
            np.ascontiguousarray(kappa),
            np.ascontiguousarray(receptivity[ends[1 - direction]]),
        )
        return chances

    def _clipped_ties(self, stage: StageInput, agents: Agents) -> NDArray[np.int64]:
        over = np.zeros(draws.LANES, dtype=np.int64)
        if not stage.by_tie or not self._may_clip(stage, agents):
            return over
        for direction, source in enumerate((self.pairs.first, self.pairs.second)):
            if self.varies:
                for lane in range(draws.LANES):
                    columns = agents.influence[:, lane], agents.receptivity[:, lane]
                    chances = self._chances(stage, direction, 0, *columns)
                    there = (self.pairs.lanes >> np.uint64(lane)) & np.uint64(1)
                    over[lane] += int(((chances > 1) & (there > 0)).sum())
                continue
            for leading in (0, 1):
                chances = self._chances(stage, direction, leading, self.influence.fixed, self.receptivity.fixed)
                clipped = chances > 1
                leads = agents.leads[source[clipped]] if leading else ~agents.leads[source[clipped]]
                over += _lane_counts(leads & self.pairs.lanes[clipped])
        return over

    def _may_clip(self, stage: StageInput, agents: Agents) -> bool:
        factor = 1.0 if self.varies else max(1.0, self.parameters.leader_influence)
        influence = float(agents.influence.max(initial=0.0)) * factor
        per_unit = float((self.ties.weight * self.ties.strength * self.ties.multiplier).max(initial=0.0))
        return stage.parameters.transmission * influence * per_unit > 1.0 - 1e-9

    def _outgoing(self, stage: StageInput) -> OutgoingTies:
        ties = stage.ties
        start = np.zeros(self.size + 1, dtype=np.int64)
        np.cumsum(np.bincount(ties.source, minlength=self.size), out=start[1:])
        amount = np.zeros((len(ties), 2), dtype=np.int64)
        for leading, factor in enumerate((1.0, self.parameters.leader_influence)):
            amount[:, leading] = exposure_weights(
                EXPOSURES[stage.parameters.exposure],
                ties.weight,
                ties.strength,
                ties.multiplier,
                np.ascontiguousarray(self.influence.fixed[ties.source] * factor),
            )
        return OutgoingTies(start, ties.target, ties.weight, ties.strength, ties.multiplier, amount, ties.lanes)


def _led(influence: Floats, leads: Words, factor: float) -> Floats:
    """Return κ with every leader's multiplied, a column a lane where leaders differ."""
    lanes = np.arange(draws.LANES, dtype=np.uint64)
    leading = ((leads[:, None] >> lanes) & np.uint64(1)).astype(bool)
    if influence.shape[1] == 1 and bool((leading == leading[:, :1]).all()):
        leading = leading[:, :1]
    return np.where(leading, influence * factor, influence)


def _lane_counts(words: Words) -> NDArray[np.int64]:
    """Return in how many of the words each lane's bit is set; shape (64,)."""
    bits = (words[:, None] >> np.arange(draws.LANES, dtype=np.uint64)) & np.uint64(1)
    counts: NDArray[np.int64] = bits.sum(axis=0).astype(np.int64)
    return counts


def _integers(probability: float) -> Words:
    """Return one probability for all, in units of 2⁻³²; shape (1,)."""
    found: Words = integer_probabilities(np.array([float(probability)]))
    return found
