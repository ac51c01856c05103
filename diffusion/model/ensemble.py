"""The compiled ensemble: all replicates of an arm, 64 at a time.

It contains storage and order, no behaviour: what an agent does is said in
``rules.py``, and one replicate of the readable model (``abm.py``) equals one
lane of a block, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES
from diffusion.model.block import Room, clear, fresh_words, play_block, room_for
from diffusion.model.entries import Entry, entry_of
from diffusion.model.inputs import BlockInput, ModelInput
from diffusion.model.lanes import Words
from diffusion.model.parameters import Parameters
from diffusion.network.network import Network

LeaderWords: TypeAlias = Callable[[int], Words]
"""Block -> one word an agent: the lanes in which it leads."""


@dataclass(frozen=True, slots=True, eq=False)
class BlockTimes:
    """Hold what happened to every agent in the 64 replicates of a block.

    Attributes
    ----------
    aware_at, adopted_at, abandoned_at
        The step of each move, -1 for never; shape (agents, 64). Not to be written to: what
        cannot happen in any block is shared by all.
    clipped_agent_steps
        In how many agent-steps a hazard was clipped to [0, 1]; shape (64,).
    clipped_ties
        How many directed ties had a probability above 1, by layer and stage;
        shape (64,).
    leads
        One word an agent: the lanes in which it leads.
    """

    aware_at: NDArray[np.int16]
    adopted_at: NDArray[np.int16]
    abandoned_at: NDArray[np.int16]
    clipped_agent_steps: NDArray[np.int64]
    clipped_ties: NDArray[np.int64]
    leads: Words


class Ensemble:
    """Play every replicate of one arm on one network, 64 at a time.

    Parameters
    ----------
    network
        Who knows whom.
    parameters
        What the scenario says about agents, ties and stages.
    seed, world
        Coordinates of every draw.
    leader_words
        Who leads: for a block, one word an agent.

    Raises
    ------
    InputError
        If the parameters do not fit the network.
    """

    def __init__(
        self, network: Network, parameters: Parameters, *, seed: int, leader_words: LeaderWords, world: int = 0
    ) -> None:
        self.model_input = ModelInput.of(network, parameters, seed=seed, world=world)
        self.leader_words = leader_words
        self._rooms: list[Room] = []
        self._last_input: tuple[bytes, BlockInput] | None = None

    def block(self, block: int) -> BlockTimes:
        """Return what happened in replicates 64 * block … 64 * block + 63."""
        leads = np.ascontiguousarray(self.leader_words(block), dtype=np.uint64)
        inputs = self._input(block, leads)
        awareness, adoption = self._entries
        awareness = awareness._replace(threshold=inputs.awareness.threshold, propensity=inputs.awareness.propensity)
        adoption = adoption._replace(threshold=inputs.adoption.threshold, propensity=inputs.adoption.propensity)
        times = self._empty_times(inputs, leads)
        room = self._room(awareness, adoption)
        clear(room, self._fresh_words, self._exposed)
        play_block(
            np.uint64(block),
            self.model_input.parameters.steps,
            self.model_input.awareness is not None,
            inputs.agents,
            (awareness, adoption),
            inputs.abandonment,
            inputs.abandonment_key,
            room,
            (times.aware_at, times.adopted_at, times.abandoned_at),
            times.clipped_agent_steps,
        )
        self._rooms.append(room)
        return times

    def _room(self, awareness: Entry, adoption: Entry) -> Room:
        """Return room that no other thread is using; :meth:`block` gives it back."""
        try:
            return self._rooms.pop()
        except IndexError:
            return room_for(self.model_input.network.size, awareness, adoption)

    def _input(self, block: int, leads: Words) -> BlockInput:
        """Return what a block needs: the same as the last one where nothing is drawn and the same agents lead."""
        if self._is_drawn:
            return self.model_input.in_block(block, leads)
        names = leads.tobytes()
        last = self._last_input
        if last is None or last[0] != names:
            last = (names, self.model_input.in_block(block, leads))
            self._last_input = last
        return last[1]

    @cached_property
    def _is_drawn(self) -> bool:
        """Say whether values of agents are drawn anew in every replicate."""
        stages = (self.model_input.awareness, self.model_input.adoption)
        return self.model_input.varies or any(stage is not None and bool(stage.threshold.varying) for stage in stages)

    @cached_property
    def _entries(self) -> tuple[Entry, Entry]:
        """Return awareness and adoption (twice the latter without the former) as far as no block changes them."""
        said, size = self.model_input, self.model_input.network.size
        inputs = said.in_block(0, np.zeros(size, dtype=np.uint64))
        adoption = entry_of(inputs.adoption, said.pairs, size, varies=said.varies)
        if said.awareness is None:
            return adoption, adoption
        return entry_of(inputs.awareness, said.pairs, size, varies=said.varies), adoption

    @cached_property
    def _exposed(self) -> tuple[int, ...]:
        """Return the numbers of the stages that are entered by exposure."""
        stages = enumerate((self.model_input.awareness, self.model_input.adoption))
        return tuple(number for number, stage in stages if stage is not None and not stage.by_tie)

    @cached_property
    def _fresh_words(self) -> Words:
        return fresh_words(self.model_input.network.size, staged=self.model_input.awareness is not None)

    @cached_property
    def _from_the_start(self) -> NDArray[np.int16]:
        return np.zeros((self.model_input.network.size, LANES), dtype=np.int16)

    @cached_property
    def _not_in_any_block(self) -> NDArray[np.int16]:
        return self._never()

    def _never(self) -> NDArray[np.int16]:
        steps = np.empty((self.model_input.network.size, LANES), dtype=np.int16)
        steps.fill(-1)
        return steps

    def _empty_times(self, inputs: BlockInput, leads: Words) -> BlockTimes:
        """Return room for a block's times; what cannot happen in any block is shared by all."""
        return BlockTimes(
            self._from_the_start if self.model_input.awareness is None else self._never(),
            self._never(),
            self._never() if inputs.abandonment else self._not_in_any_block,
            np.zeros(LANES, dtype=np.int64),
            inputs.clipped_ties,
            leads,
        )
