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
from diffusion.model.inputs import ModelInput
from diffusion.model.lanes import Stage as StageOfBlock
from diffusion.model.lanes import Words
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
        """Return the stages that could be entered in the run, in their order."""
        block, lane = divmod(self.replicate, LANES)
        leads = (self.adopted_at == 0).astype(np.uint64) << np.uint64(lane)
        values = self.model_input.in_block(block, leads)
        influence = _in_lane(self.model_input.led_influence(values.agents), lane)
        receptivity = _in_lane(values.agents.receptivity, lane)
        stages = [StageOfRun(self, self.model_input.adoption, values.adoption, influence, receptivity)]
        if self.model_input.awareness is not None:
            stages.insert(0, StageOfRun(self, self.model_input.awareness, values.awareness, influence, receptivity))
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
    """Say what brought agents to one stage, *aware* or *adopted*, in one run.

    Parameters
    ----------
    run
        The run.
    stage
        The stage's parameters on the network.
    values
        The stage's thresholds and propensities in this block of replicates.
    influence, receptivity
        κ (a leader's multiplied) and ρ in this replicate; shape (agents,).

    Attributes
    ----------
    number
        Which stage: its place in :data:`STAGES`.
    entered_at
        When each agent came to the stage, 0 for at the start, -1 for never; shape (agents,).
    waiting_since
        When each agent came to the stage before; shape (agents,).
    movers
        Who came to this stage after the start, ascending.
    exposing
        The ties that could matter: into a mover, from a source that was active
        at the step before the move, with w s B κ > 0.
    """

    def __init__(
        self, run: Run, stage: StageInput, values: StageOfBlock, influence: Floats, receptivity: Floats
    ) -> None:
        is_awareness = stage.purposes is AWARENESS
        self.number = STAGES.index("aware" if is_awareness else "adopted")
        self.run = run
        self.stage = stage
        self.values = values
        self.influence = influence
        self.receptivity = receptivity
        self.entered_at = run.aware_at if is_awareness else run.adopted_at
        self.waiting_since = np.zeros_like(run.aware_at) if is_awareness else run.aware_at
        self.movers = np.flatnonzero(self.entered_at > 0)
        self.exposing = self._exposing(run.model_input.ties)

    def key(self, agents: NDArray[np.signedinteger[Any]]) -> Integers:
        """Return an integer for each agent's coming to this stage, of agents within stages."""
        keys: Integers = self.number * len(self.entered_at) + agents.astype(np.int64)
        return keys

    def _exposing(self, ties: WeighedTies) -> WeighedTies:
        before = self.entered_at[ties.target] - 1
        since, until = self.entered_at[ties.source], self.run.abandoned_at[ties.source]
        active = (since >= 0) & (since <= before) & ((until < 0) | (until > before))
        weighs = ties.weight * ties.strength * ties.multiplier * self.influence[ties.source] > 0
        return ties.subset(np.flatnonzero(active & weighs))

    def causes(self) -> Causes:
        """Return what took part in every move to the stage."""
        by_rule = self._ties_that_carried() if self.stage.by_tie else self._exposures_that_moved()
        return _together(by_rule, self._external_coins())

    def _external_coins(self) -> Causes:
        probability = _integers(np.array([float(self.stage.parameters.external)]))[0]
        if probability == 0:
            return _rows(self.movers[:0], EXTERNAL)
        keys = self.run.model_input.keys[self.movers]
        fell = self.run.coins(self.stage.purposes.external, keys, self.entered_at[self.movers]) < probability
        return _rows(self.movers[fell], EXTERNAL)

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
        thrown_at = np.zeros_like(steps) if rule.tried_once else steps
        carried = self.run.coins(self.stage.purposes.tie, ties.key, thrown_at) < _integers(chances)
        if rule.tried_once:
            carried &= np.maximum(self.entered_at[ties.source], self.waiting_since[ties.target]) == steps - 1
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

    def _probability(self, active: Integers) -> Words:
        """Return the movers' integer probabilities at an exposure, as the rule gives them."""
        said, lane = self.stage.parameters, self.run.replicate % LANES
        chances = entry_probabilities(
            RULES[said.rule].code,
            active[self.movers],
            self.stage.total[self.movers],
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
