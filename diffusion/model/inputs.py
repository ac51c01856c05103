"""Parameters resolved on one network: the arrays that both engines read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from diffusion import draws
from diffusion.draws import Purpose, stream_key
from diffusion.errors import InputError, nearest_name_hint
from diffusion.model.lanes import Agents, OutgoingTies, Pairs, Stage, Words
from diffusion.model.parameters import ByRole, Parameters, StageParameters
from diffusion.model.ranges import parameter_problems
from diffusion.model.rules import EXPOSURES, LINKS, RULES, exposure_weights, integer_probabilities, tie_probabilities
from diffusion.model.ties import WeighedTies, exposure_rows, exposure_totals, tied_pairs, weighed_ties
from diffusion.model.values import AgentValues, agent_values, numeric_column
from diffusion.network.network import Network

LARGEST_EXPOSURE = 2.0**29
"""What an agent's exposure may at most add up to, so that its integer fits."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StagePurposes:
    """Name the draws of one stage."""

    tie: Purpose
    entry: Purpose
    external: Purpose
    threshold: Purpose


AWARENESS = StagePurposes(
    Purpose.AWARENESS_TIE, Purpose.AWARENESS_ENTRY, Purpose.AWARENESS_EXTERNAL, Purpose.AWARENESS_THRESHOLD
)
ADOPTION = StagePurposes(
    Purpose.ADOPTION_TIE, Purpose.ADOPTION_ENTRY, Purpose.ADOPTION_EXTERNAL, Purpose.ADOPTION_THRESHOLD
)


@dataclass(frozen=True, slots=True, eq=False)
class StageInput:
    """Hold one stage's parameters with its values on the network."""

    parameters: StageParameters
    purposes: StagePurposes
    threshold: AgentValues
    columns: dict[str, Floats]
    by_tie: bool
    ties: WeighedTies
    total: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class BlockInput:
    """Hold what the 64 replicates of a block need besides the pairs."""

    agents: Agents
    adoption: Stage
    awareness: Stage
    abandonment: np.uint64
    abandonment_key: tuple[np.uint64, np.uint64]
    clipped_ties: NDArray[np.int64]


class ModelInput:
    """Resolve parameters on a network, once for all replicates of a world.

    Use :meth:`of`. Attributes are those that both engines need.
    """

    def __init__(self, network: Network, parameters: Parameters, seed: int, world: int, problems: list[str]) -> None:
        self.network = network
        self.parameters = parameters
        self.seed = seed
        self.world = world
        self.keys = draws.entity_keys(network.ids)
        self.receptivity = agent_values(
            parameters.receptivity, network, key="agents.receptivity", problems=problems, low=0.0, high=1.0
        )
        self.influence = agent_values(parameters.influence, network, key="agents.influence", problems=problems, low=0.0)
        self.varies = bool(self.receptivity.varying or self.influence.varying)
        self.ties = weighed_ties(network, parameters, self.keys, problems)
        self.adoption = self._stage(parameters.adoption, ADOPTION, "adoption", problems)
        self.awareness = (
            self._stage(parameters.awareness, AWARENESS, "awareness", problems) if parameters.awareness else None
        )
        self._check_exposure(problems)

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

    def _stage(self, parameters: StageParameters, purposes: StagePurposes, key: str, problems: list[str]) -> StageInput:
        columns = {
            name: numeric_column(self.network, name, f"{key}.attributes", problems)
            for name, _ in parameters.attributes
            if name not in ("receptivity", "influence")
        }
        by_tie = RULES[parameters.rule].family == "tie"
        ties = self.ties.subset(_NOTHING if by_tie else exposure_rows(self.ties, EXPOSURES[parameters.exposure]))
        return StageInput(
            parameters=parameters,
            purposes=purposes,
            threshold=agent_values(parameters.threshold, self.network, key=f"{key}.threshold", problems=problems),
            columns=columns,
            by_tie=by_tie,
            ties=ties,
            total=exposure_totals(self.ties, EXPOSURES[parameters.exposure], self.network.size),
        )

    def _check_exposure(self, problems: list[str]) -> None:
        amounts = self.ties.weight * np.maximum(1.0, self.ties.multiplier)
        influence = max(1.0, self.influence.largest * max(1.0, self.parameters.leader_influence))
        largest = float(np.bincount(self.ties.target, weights=amounts * influence).max(initial=0.0))
        if largest > LARGEST_EXPOSURE:
            problems.append(
                f"ties: weights, multipliers and influence add up to {largest:.3g} for one agent of "
                f'"{self.network.name}"; they must stay below {LARGEST_EXPOSURE:.3g}; make them smaller'
            )

    @cached_property
    def pairs(self) -> Pairs:
        """Return the unordered pairs that share a tie in a layer that counts."""
        return tied_pairs(self.ties, self.network.size)

    def in_block(self, block: int, leads: Words) -> BlockInput:
        """Return what the 64 replicates of a block need.

        Parameters
        ----------
        block
            Which replicates.
        leads
            One word an agent: the lanes in which it leads.
        """
        influence, receptivity = self._attributes(block, leads)
        agents = Agents(self.keys, self.varies, influence, receptivity, leads)
        adoption, over = self._in_block(self.adoption, self._adoption, agents, block)
        awareness = adoption
        if self.awareness is not None and self._awareness is not None:
            awareness, more = self._in_block(self.awareness, self._awareness, agents, block)
            over = over + more
        return BlockInput(agents, adoption, awareness, self._leaving, self._leaving_key, over)

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
        shape = (self.network.size, draws.LANES)
        led = _led(np.broadcast_to(influence, shape), leads, self.parameters.leader_influence)
        return led, np.ascontiguousarray(np.broadcast_to(receptivity, shape))

    @cached_property
    def _leaving(self) -> np.uint64:
        return np.uint64(integer_probabilities(np.array([float(self.parameters.adoption.abandonment)]))[0])

    @cached_property
    def _leaving_key(self) -> tuple[np.uint64, np.uint64]:
        return stream_key(self.seed, self.world, Purpose.ABANDONMENT)

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
            threshold=np.ascontiguousarray(stage.threshold.fixed[:, np.newaxis]),
            propensity=np.zeros((self.network.size, 1)),
            intercept=float(said.intercept),
            slope=float(said.slope),
            link=LINKS[said.link],
            external=np.uint64(integer_probabilities(np.array([float(said.external)]))[0]),
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
        propensity = np.zeros((self.network.size, 1))
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
                    over[lane] += int((self._chances(stage, direction, 0, *columns) > 1).sum())
                continue
            for leading in (0, 1):
                chances = self._chances(stage, direction, leading, self.influence.fixed, self.receptivity.fixed)
                over += _lane_counts(agents.leads[source[chances > 1]], leading=bool(leading))
        return over

    def _may_clip(self, stage: StageInput, agents: Agents) -> bool:
        factor = 1.0 if self.varies else max(1.0, self.parameters.leader_influence)
        influence = float(agents.influence.max(initial=0.0)) * factor
        per_unit = float((self.ties.weight * self.ties.strength * self.ties.multiplier).max(initial=0.0))
        return stage.parameters.transmission * influence * per_unit > 1.0 - 1e-9

    def _outgoing(self, stage: StageInput) -> OutgoingTies:
        ties = stage.ties
        start = np.zeros(self.network.size + 1, dtype=np.int64)
        np.cumsum(np.bincount(ties.source, minlength=self.network.size), out=start[1:])
        amount = np.zeros((len(ties), 2), dtype=np.int64)
        for leading, factor in enumerate((1.0, self.parameters.leader_influence)):
            amount[:, leading] = exposure_weights(
                EXPOSURES[stage.parameters.exposure],
                ties.weight,
                ties.strength,
                ties.multiplier,
                np.ascontiguousarray(self.influence.fixed[ties.source] * factor),
            )
        return OutgoingTies(start, ties.target, ties.weight, ties.strength, ties.multiplier, amount)


_NOTHING = np.zeros(0, dtype=np.int64)


def unmatched_names(parameters: Parameters, networks: Iterable[Network]) -> list[str]:
    """Return a message for every role or layer stated that no network has."""
    known = list(networks)
    roles = sorted({role for network in known for role in network.role_names})
    layers = sorted({layer for network in known for layer in network.layers})
    stages = {"adoption": parameters.adoption, "awareness": parameters.awareness}
    stated = [(f"{name}.threshold", stage.threshold) for name, stage in stages.items() if stage is not None]
    stated += [("agents.receptivity", parameters.receptivity), ("agents.influence", parameters.influence)]
    named = [(key, role) for key, value in stated if isinstance(value, ByRole) for role, _ in value.values]
    named += [("ties.between_roles", role) for pair in parameters.between_roles for role in pair]
    problems = [
        f'{key}: no network of the study has the role "{role}"{nearest_name_hint(role, roles)}'
        for key, role in dict.fromkeys(named)
        if role not in roles
    ]
    problems += [
        f'ties.layers: no network of the study has the layer "{layer}"{nearest_name_hint(layer, layers)}'
        for layer in parameters.layers or ()
        if layer not in layers
    ]
    return problems


def _led(influence: Floats, leads: Words, factor: float) -> Floats:
    """Return κ with every leader's multiplied, a column a lane where leaders differ."""
    lanes = np.arange(draws.LANES, dtype=np.uint64)
    leading = ((leads[:, None] >> lanes) & np.uint64(1)).astype(bool)
    if influence.shape[1] == 1 and bool((leading == leading[:, :1]).all()):
        leading = leading[:, :1]
    return np.where(leading, influence * factor, influence)


def _lane_counts(leads: Words, *, leading: bool) -> NDArray[np.int64]:
    """Return in how many of the words each lane's bit equals ``leading``; shape (64,)."""
    bits = (leads[:, None] >> np.arange(draws.LANES, dtype=np.uint64)) & np.uint64(1)
    counts: NDArray[np.int64] = (bits == np.uint64(leading)).sum(axis=0).astype(np.int64)
    return counts
