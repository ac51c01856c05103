"""Causes: what moved each agent in one run, found again from its times, its ties and its draws.

Nothing is played again. Once it is known when every agent moved, it is known
which ties could matter at the step of a move, and the same coins are thrown
and the same equations asked as when the run was played, by either engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion import draws
from diffusion.draws import LANES, Purpose
from diffusion.model.course import Part, course_of
from diffusion.model.inputs import ModelInput
from diffusion.model.lanes import Words
from diffusion.model.parameters import Parameters
from diffusion.model.rules import (
    EXPOSURES,
    LINKS,
    NUMBER,
    RULES,
    UNIT,
    entry_probabilities,
    exposure_weights,
    integer_probabilities,
    tie_probabilities,
)
from diffusion.model.stages import AWARENESS, StageInput
from diffusion.model.ties import WeighedTies

STAGES = ("aware", "adopted")
"""The stages that are entered, in their order."""

EXTERNAL = -1
"""The source of what came from policy, media or funding: no agent's index."""

OWN = -2
"""The source of what an agent would have done without any tie: no agent's index."""

NO_LAYER = -1
"""The layer of what came over no tie."""

ADDED_LAYER = "interventions"
"""What layers are called together that interventions bring."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Causes(NamedTuple):
    """Hold what took part in bringing agents to a stage, a row for each tie, external coin and own propensity.

    Attributes
    ----------
    agent
        Who was brought; shape (rows,).
    source
        By whom: an agent's index, :data:`EXTERNAL` or :data:`OWN`.
    layer
        Over which layer, or :data:`NO_LAYER`.
    part
        For how many of the draws that succeeded it stands: for one, or for a part of one.
    """

    agent: Integers
    source: Integers
    layer: Integers
    part: Floats


def untold(parameters: Parameters) -> str:
    """Return why causes cannot be told under some parameters, or nothing if they can.

    Parameters
    ----------
    parameters
        An arm's parameters.
    """
    if any(said.kind == "turnover" for said in parameters.interventions):
        return "posts change hands, and only what their last holders did is known"
    if any(said.new_agents() for said in parameters.interventions):
        return "agents are added, and what they did is not known"
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Hold one run: what it was played with, and when everybody moved.

    Attributes
    ----------
    model_input
        The parameters on the network, with seed and world.
    replicate
        Which replicate.
    aware_at, adopted_at, abandoned_at
        The step of each move, -1 for never; shape (agents,).
    """

    model_input: ModelInput
    replicate: int
    aware_at: Integers
    adopted_at: Integers
    abandoned_at: Integers

    def stages(self) -> list[StageOfRun]:
        """Return the stages that could be entered in the run, in their order, part by part of the run."""
        block, lane = divmod(self.replicate, LANES)
        leads = (self.adopted_at == 0).astype(np.uint64) << np.uint64(lane)
        parts = course_of(self.model_input, block, leads).parts
        stages = [StageOfRun(self, part, part.model_input.adoption) for part in parts]
        if self.model_input.awareness is not None:
            awareness = [(part, part.model_input.awareness) for part in parts]
            stages = [StageOfRun(self, part, stage) for part, stage in awareness if stage is not None] + stages
        return stages

    def coins(self, purpose: Purpose, keys: Words, steps: Integers) -> Words:
        """Return the 32-bit number of each coin, thrown at a step of its own."""
        said = self.model_input
        return _by_step(
            steps, lambda here, step: draws.coins(said.seed, said.world, purpose, keys[here], self.replicate, step)
        )

    def numbers(self, purpose: Purpose, keys: Words, steps: Integers) -> Words:
        """Return the 32-bit number that each agent draws, at a step of its own."""
        said = self.model_input
        block, lane = divmod(self.replicate, LANES)
        return _by_step(
            steps, lambda here, step: draws.numbers(said.seed, said.world, purpose, keys[here], block, step)[:, lane]
        )


class StageOfRun:
    """Say what brought agents to one stage, *aware* or *adopted*, in one part of a run.

    Parameters
    ----------
    run
        The run.
    part
        The part of it, within which ties do not change.
    stage
        The stage's parameters on the ties of that part.

    Attributes
    ----------
    number
        Which stage: its place in :data:`STAGES`.
    entered_at
        When each agent came to the stage, 0 for at the start, -1 for never; shape (agents,).
    waiting_since
        When each agent came to the stage before; shape (agents,).
    movers
        Who came to this stage after the start, in this part, ascending.
    exposing
        The ties that could matter: into a mover, from a source that was active
        at the step before the move, with w s B κ > 0.
    """

    def __init__(self, run: Run, part: Part, stage: StageInput) -> None:
        is_awareness = stage.purposes is AWARENESS
        block, self.lane = divmod(run.replicate, LANES)
        inputs = part.in_block(block)
        self.number = STAGES.index("aware" if is_awareness else "adopted")
        self.run = run
        self.part = part
        self.stage = stage
        self.values = inputs.awareness if is_awareness else inputs.adoption
        self.influence = _in_lane(part.model_input.led_influence(inputs.agents), self.lane)
        self.receptivity = _in_lane(inputs.agents.receptivity, self.lane)
        self.entered_at = run.aware_at if is_awareness else run.adopted_at
        self.waiting_since = np.zeros_like(run.aware_at) if is_awareness else run.aware_at
        here = (self.entered_at >= part.first_step) & (self.entered_at <= part.last_step)
        self.movers = np.flatnonzero(here)
        self.moves = here
        self.exposing = self._exposing(part.model_input.ties)

    def key(self, agents: NDArray[np.signedinteger[Any]]) -> Integers:
        """Return an integer for each agent's coming to this stage, of agents within stages."""
        keys: Integers = self.number * len(self.entered_at) + agents.astype(np.int64)
        return keys

    def _exposing(self, ties: WeighedTies) -> WeighedTies:
        before = self.entered_at[ties.target] - 1
        since, until = self.entered_at[ties.source], self.run.abandoned_at[ties.source]
        active = (since >= 0) & (since <= before) & ((until < 0) | (until > before))
        weighs = ties.weight * ties.strength * ties.multiplier * self.influence[ties.source] > 0
        there = (ties.lanes >> np.uint64(self.lane)) & np.uint64(1) > 0
        return ties.subset(np.flatnonzero(self.moves[ties.target] & active & weighs & there))

    def causes(self) -> Causes:
        """Return what took part in every move to the stage."""
        by_rule = self._ties_that_carried() if self.stage.by_tie else self._exposures_that_moved()
        return _together(_together(by_rule, self._external_coins()), self._won_over())

    def _external_coins(self) -> Causes:
        chance = self.values.external
        probability = chance[self.movers] if len(chance) > 1 else np.repeat(chance, len(self.movers))
        keys = self.run.model_input.keys[self.movers]
        fell = self.run.coins(self.stage.purposes.external, keys, self.entered_at[self.movers]) < probability
        return _rows(self.movers[fell], EXTERNAL)

    def _won_over(self) -> Causes:
        """Return the moves that an intervention made: they come from outside."""
        if not len(self.part.recruited):
            return _rows(self.movers[:0], EXTERNAL)
        recruited = (self.part.recruited[self.movers] >> np.uint64(self.lane)) & np.uint64(1) > 0
        return _rows(self.movers[recruited], EXTERNAL)

    def _ties_that_carried(self) -> Causes:
        """Return the ties that were tried at the step of the move and carried."""
        rule, ties = RULES[self.stage.parameters.rule], self.exposing
        steps = self.entered_at[ties.target]
        chances = tie_probabilities(
            rule.code,
            float(self.stage.parameters.transmission),
            ties.weight,
            ties.strength,
            ties.multiplier,
            self.influence[ties.source],
            self.receptivity[ties.target],
        )
        thrown_at = np.where(ties.dated, steps, 0) if rule.tried_once else steps
        carried = self.run.coins(self.stage.purposes.tie, ties.key, thrown_at) < _integers(chances)
        if rule.tried_once:
            since = np.maximum(self.entered_at[ties.source], self.waiting_since[ties.target])
            carried &= np.maximum(since, self.part.first_step - 1) == steps - 1
        return _rows(ties.target[carried], ties.source[carried], ties.layer[carried])

    def _exposures_that_moved(self) -> Causes:
        """Return, where the rule's draw succeeded, own propensity by q(0)/q(E) and the active sources by weight."""
        ties = self.exposing
        weight, active = self._arriving()
        likely, alone = self._probability(active), self._probability(np.zeros_like(active))
        keys = self.run.model_input.keys[self.movers]
        moved = self.run.numbers(self.stage.purposes.entry, keys, self.entered_at[self.movers]) < likely
        own, others = np.zeros(len(active)), np.zeros(len(active))
        own[self.movers[moved]] = np.minimum(alone[moved] / likely[moved], 1.0)
        others[self.movers[moved]] = 1.0 - own[self.movers[moved]]
        total = np.bincount(ties.target, weights=weight, minlength=len(active))
        share = others[ties.target] * weight / np.where(total > 0, total, 1.0)[ties.target]
        near, alike = np.flatnonzero(share > 0), np.flatnonzero(own > 0)
        return _together(
            _rows(alike, OWN, part=own[alike]),
            _rows(ties.target[near], ties.source[near], ties.layer[near], part=share[near]),
        )

    def _arriving(self) -> tuple[Floats, Integers]:
        """Return how much each tie counts in its target's exposure, and every agent's active weight in units of 2⁻³².

        For ``number``, an alter with ties in two layers is one alter, and each tie counts as half of it.
        """
        kind, ties = EXPOSURES[self.stage.parameters.exposure], self.exposing
        active = np.zeros(len(self.entered_at), dtype=np.int64)
        if kind == NUMBER:
            pairs = ties.source.astype(np.int64) * len(active) + ties.target
            alters, place, count = np.unique(pairs, return_inverse=True, return_counts=True)
            np.add.at(active, alters % len(active), UNIT)
            return 1.0 / count[place], active
        influence = self.influence[ties.source]
        amount = exposure_weights(kind, ties.weight, ties.strength, ties.multiplier, influence)
        np.add.at(active, ties.target, amount)
        return amount.astype(np.float64), active

    def _total(self) -> Integers:
        """Return S_all of every agent."""
        if not len(self.stage.lane_total):
            return self.stage.total
        total: Integers = self.stage.total + self.stage.lane_total[:, self.lane]
        return total

    def _probability(self, active: Integers) -> Words:
        """Return the movers' integer probabilities at an exposure, as the rule gives them."""
        said, lane = self.stage.parameters, self.lane
        chances = entry_probabilities(
            RULES[said.rule].code,
            active[self.movers],
            self._total()[self.movers],
            _in_lane(self.values.threshold, lane)[self.movers],
            float(said.intercept),
            float(said.slope),
            _in_lane(self.values.propensity, lane)[self.movers],
            LINKS[said.link],
        )
        return _integers(chances)


def _rows(agent: Any, source: Any, layer: Any = NO_LAYER, *, part: Any = 1.0) -> Causes:
    """Return causes, a row an agent; what is one number is the same in every row."""
    agents: Integers = agent.astype(np.int64)
    sources, layers, parts = np.zeros_like(agents), np.zeros_like(agents), np.zeros(len(agents))
    sources[:], layers[:], parts[:] = source, layer, part
    return Causes(agents, sources, layers, parts)


def _together(first: Causes, second: Causes) -> Causes:
    columns: list[Any] = [np.concatenate(both) for both in zip(first, second, strict=True)]
    return Causes(*columns)


def _by_step(steps: Integers, draw: Callable[[NDArray[np.bool_], int], NDArray[Any]]) -> Words:
    """Return draws that are made at different steps, in the order of ``steps``."""
    drawn = np.zeros(len(steps), dtype=np.uint64)
    for step in np.unique(steps).tolist():
        here = steps == step
        drawn[here] = draw(here, step)
    return drawn


def _in_lane(values: Floats, lane: int) -> Floats:
    """Return the values of one replicate; those that do not vary have a single column."""
    return np.ascontiguousarray(np.broadcast_to(values, (len(values), LANES))[:, lane])


def _integers(chances: Floats) -> Words:
    """Return probabilities in units of 2⁻³², clipped and rounded once."""
    rounded: Words = integer_probabilities(chances)
    return rounded
