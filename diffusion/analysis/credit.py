"""Credit: from whom an agent's awareness and adoption may have come, and whom each agent reached, in one run.

Everything follows from the run's times, its network and its draws; nothing is
played again. The credit of one *move* (one agent coming to one stage after
t = 0) is 1, shared equally by the draws that succeeded at that step:

- Under ``cascade`` and ``contagion`` these are the coins of ties that were
  tried at that step and fell heads. Two layers of one source have two coins;
  if both fell heads, the source has two shares of the credit. A tie whose p
  is clipped to 1 always succeeds, and counts no more than another.
- Under ``threshold`` and ``hazard`` it is the one draw of the rule. Of its
  credit the part q(0)/q(E), at most 1, goes to the agent's own propensity: how
  likely the agent was to move at exposure 0, beside how likely it was at its
  exposure E, both clipped to [0, 1] and rounded as the model does. So a
  hazard that exposure lowers is all the agent's own, and so is a threshold
  met without any exposure (one of 0 or less). Other thresholds have q(0) = 0.
  The rest goes to the active sources, each by what it adds to the exposure:
  w s B κ summed over layers, or, for ``number``, one an alter (with two
  layers, half over each).
- The coin of ``external`` is one more draw, and what an intervention does to
  win an agent over is another, both from outside. Where one of them and the
  rule's one draw succeeded, each has half.

Whoever abandoned before the move is no source; a source's influence as a leader
counts as in the model. Leaders, who move at t = 0, are sources and receive
nothing; the same holds for the awareness of everybody where there is no stage
of awareness.

Credit says what moved agents in this run. It is no counterfactual: had a source
been missing, others might have done the same a step later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from diffusion.analysis.causes import (
    ADDED_LAYER,
    EXTERNAL,
    NO_LAYER,
    OWN,
    STAGES,
    Causes,
    Floats,
    Integers,
    Run,
    StageOfRun,
    untold,
)
from diffusion.errors import InputError, MismatchError
from diffusion.model.inputs import ModelInput

__all__ = ["EXTERNAL", "OWN", "STAGES", "Credit", "Move", "Origin", "Reached", "Totals", "credit_of"]


class Origin(NamedTuple):
    """Say what share of a move came from one source.

    Attributes
    ----------
    source
        An agent's index, or :data:`EXTERNAL` or :data:`OWN`.
    share
        Its share of the credit, above 0.
    layers
        The layers over which it came, ascending; none but from agents.
    """

    source: int
    share: float
    layers: tuple[str, ...]


class Move(NamedTuple):
    """Say from whom an agent's coming to a stage may have come.

    Attributes
    ----------
    agent
        Who moved.
    stage
        ``"aware"`` or ``"adopted"``.
    step
        When.
    origins
        Where it came from, the largest share first; shares sum to 1.
    exposers
        Who could have brought it, whether or not they did: the agents that
        were active at the step before, with a tie over which something could
        cross (w s B κ > 0); ascending.
    """

    agent: int
    stage: str
    step: int
    origins: tuple[Origin, ...]
    exposers: tuple[int, ...]


class Reached(NamedTuple):
    """Say whom an agent brought to a stage, and with what share.

    Attributes
    ----------
    agent
        Who was brought.
    stage
        ``"aware"`` or ``"adopted"``.
    step
        When.
    share
        The share of the credit.
    layers
        The layers over which it went, ascending.
    """

    agent: int
    stage: str
    step: int
    share: float
    layers: tuple[str, ...]


class Totals(NamedTuple):
    """Count the moves to a stage by where they came from; together, all moves to it after t = 0.

    Attributes
    ----------
    agents
        How many others each agent brought, directly, as the sum of its
        shares; shape (agents,).
    external
        How many came from policy, media or funding.
    own
        How many came from agents' own propensities.
    """

    agents: Floats
    external: float
    own: float


@dataclass(frozen=True, slots=True, eq=False)
class Credit:
    """Hold the credit of every move of one run.

    Make one with :func:`credit_of`. Moves are in the order of steps, then of
    stages and agents; rows in the order of moves, then of sources and layers.

    Attributes
    ----------
    size
        The number of agents.
    layers
        The names of the network's layers, and one for all that interventions bring.
    agent, stage, step
        Who moved, where to (a place in :data:`STAGES`) and when; shape (moves,).
    move
        Which move a row belongs to; shape (rows,).
    source
        An agent's index, or :data:`EXTERNAL` or :data:`OWN`; shape (rows,).
    layer
        Over which layer, -1 for none; shape (rows,).
    share
        The share of the move's credit, above 0; shape (rows,).
    exposed, exposer
        Pairs of a move and an agent that could have brought it; shape (pairs,) each.

    Examples
    --------
    A diamond: *a* leads, *b* and *c* learn from *a*, and *d* from both.

    >>> from diffusion.model.parameters import Parameters, StageParameters
    >>> from diffusion.network.network import Network
    >>> diamond = Network.from_tables(name="diamond", ids="abcd", source="aabc", target="bcdd")
    >>> said = Parameters(steps=2, adoption=StageParameters("cascade", transmission=1.0))
    >>> model_input = ModelInput.of(diamond, said, seed=0)
    >>> credit = credit_of(model_input, replicate=0, aware_at=[0] * 4, adopted_at=[0, 1, 1, 2], abandoned_at=[-1] * 4)
    >>> [(diamond.ids[origin.source], origin.share) for origin in credit.received(3)[0].origins]
    [('b', 0.5), ('c', 0.5)]
    >>> credit.totals("adopted").agents.tolist()
    [2.0, 0.5, 0.5, 0.0]
    """

    size: int
    layers: tuple[str, ...]
    agent: Integers
    stage: Integers
    step: Integers
    move: Integers
    source: Integers
    layer: Integers
    share: Floats
    exposed: Integers
    exposer: Integers

    def received(self, agent: int) -> tuple[Move, ...]:
        """Return from whom an agent's moves came: one for each stage that it came to after t = 0."""
        return tuple(self._move(place) for place in np.flatnonzero(self.agent == agent).tolist())

    def given(self, agent: int) -> tuple[Reached, ...]:
        """Return whom an agent brought, directly, in the order of steps; or, by its number, another source."""
        rows = np.flatnonzero(self.source == agent)
        return tuple(
            Reached(int(self.agent[place]), STAGES[self.stage[place]], int(self.step[place]), *self._sum(here))
            for place, here in _groups(self.move[rows], rows)
        )

    def totals(self, stage: str) -> Totals:
        """Return how many moves to a stage came from each agent, from outside and from own propensity.

        Raises
        ------
        ValueError
            If there is no such stage.
        """
        if stage not in STAGES:
            raise ValueError(f"stage must be one of {', '.join(STAGES)}; got {stage}")
        here = self.stage[self.move] == STAGES.index(stage)
        sums = np.zeros(self.size - OWN)
        np.add.at(sums, self.source[here] - OWN, self.share[here])
        return Totals(sums[-OWN:], external=float(sums[EXTERNAL - OWN]), own=float(sums[0]))

    def until(self, step: int) -> Credit:
        """Return the credit of the moves up to a step, as if the run had ended there."""
        moves = int(np.searchsorted(self.step, step, side="right"))
        rows, pairs = self.move < moves, self.exposed < moves
        return Credit(
            size=self.size,
            layers=self.layers,
            agent=self.agent[:moves],
            stage=self.stage[:moves],
            step=self.step[:moves],
            move=self.move[rows],
            source=self.source[rows],
            layer=self.layer[rows],
            share=self.share[rows],
            exposed=self.exposed[pairs],
            exposer=self.exposer[pairs],
        )

    def _move(self, place: int) -> Move:
        rows = np.flatnonzero(self.move == place)
        origins = [Origin(source, *self._sum(here)) for source, here in _groups(self.source[rows], rows)]
        return Move(
            int(self.agent[place]),
            STAGES[self.stage[place]],
            int(self.step[place]),
            tuple(sorted(origins, key=lambda origin: (-origin.share, origin.source))),
            tuple(self.exposer[self.exposed == place].tolist()),
        )

    def _sum(self, rows: Integers) -> tuple[float, tuple[str, ...]]:
        """Return what rows of one move and one source come to, and their layers."""
        layers = self.layer[rows]
        return float(self.share[rows].sum()), tuple(self.layers[layer] for layer in layers[layers != NO_LAYER])


def credit_of(
    model_input: ModelInput, *, replicate: int, aware_at: ArrayLike, adopted_at: ArrayLike, abandoned_at: ArrayLike
) -> Credit:
    """Return the credit of every move of one run, finished or half played.

    The run may be a ``DiffusionModel`` (its ``input``, ``replicate`` and
    times) or a lane of an ensemble's block (``model_input``, replicate
    64 · block + lane, and the lane's column of the times).

    Parameters
    ----------
    model_input
        The parameters on the network, with seed and world.
    replicate
        Which replicate.
    aware_at, adopted_at, abandoned_at
        The step of each move, -1 for never; shape (agents,).

    Raises
    ------
    InputError
        If posts change hands or agents are added, so that not everybody's times are there.
    MismatchError
        If the times are not those of the run: somebody moves whom nothing moved.
    ValueError
        If the times are not one step an agent of the network.
    """
    if reason := untold(model_input.parameters):
        raise InputError(f"credit cannot be told where {reason}")
    size = model_input.network.size
    times = [np.asarray(each, dtype=np.int64) for each in (aware_at, adopted_at, abandoned_at)]
    if any(each.shape != (size,) for each in times):
        raise ValueError(f"times must have the shape ({size},), one step an agent of {model_input.network.name}")
    stages = Run(model_input, replicate, *times).stages()
    keys = np.concatenate([stage.key(stage.movers) for stage in stages])
    step = np.concatenate([stage.entered_at[stage.movers] for stage in stages])
    order = np.lexsort((keys, step))
    place = np.zeros(len(STAGES) * size, dtype=np.int64)
    place[keys[order]] = np.arange(len(order))
    exposed = np.concatenate([place[stage.key(stage.exposing.target)] for stage in stages])
    exposers = np.concatenate([stage.exposing.source for stage in stages])
    pairs = np.unique(exposed * size + exposers)  # a source with ties in two layers is one source
    moved, source, layer, part = _causes(stages)
    move = place[moved]
    rows = np.lexsort((layer, source, move))
    succeeded: Floats = np.bincount(move, weights=part, minlength=len(order)).astype(np.float64)
    credit = Credit(
        size=size,
        layers=(*model_input.network.layers, ADDED_LAYER),
        agent=keys[order] % size,
        stage=keys[order] // size,
        step=step[order],
        move=move[rows],
        source=source[rows],
        layer=layer[rows],
        share=(part / succeeded[move])[rows],
        exposed=pairs // size,
        exposer=pairs % size,
    )
    _refuse_unmoved(credit, succeeded, model_input)
    return credit


def _causes(stages: Sequence[StageOfRun]) -> Causes:
    """Return the causes of all moves, each move by its key."""
    by_stage = [(stage, stage.causes()) for stage in stages]
    keyed = [(stage.key(found.agent), *found[1:]) for stage, found in by_stage]
    return Causes(*(np.concatenate(column) for column in zip(*keyed, strict=True)))


def _refuse_unmoved(credit: Credit, succeeded: Floats, model_input: ModelInput) -> None:
    """Refuse times in which somebody moves though no draw succeeded."""
    for place in np.flatnonzero(succeeded == 0)[:1].tolist():
        name, stage = model_input.network.ids[credit.agent[place]], STAGES[credit.stage[place]]
        raise MismatchError(
            f"{name} is {stage} from step {credit.step[place]} on, but nothing moved it then: these are not the "
            "times of this run, with its network, parameters, seed, world, replicate and leaders"
        )


def _groups(keys: Integers, rows: Integers) -> Iterator[tuple[int, Integers]]:
    """Yield each key, ascending, with the rows that have it."""
    for key in np.unique(keys).tolist():
        yield key, rows[keys == key]
