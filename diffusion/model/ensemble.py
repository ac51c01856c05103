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
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES
from diffusion.model.block import Room, Times, Turn, clear, fresh_words, play_block, room_for
from diffusion.model.course import Course, Part, course_of
from diffusion.model.entries import Entry, entry_of, in_block
from diffusion.model.inputs import BlockInput, ModelInput
from diffusion.model.interventions.runs import EVERY_LANE
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
        One word an agent: the lanes in which it was chosen to lead, whether or not it agreed.
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
        self._last: tuple[bytes, _Prepared] | None = None

    def block(self, block: int) -> BlockTimes:
        """Return what happened in replicates 64 * block … 64 * block + 63."""
        assigned = np.ascontiguousarray(self.leader_words(block), dtype=np.uint64)
        prepared = self._prepared(block, self.model_input.leading(block, assigned))
        course, size = prepared.course, self.model_input.network.size
        times = self._empty_times(len(course.present), prepared)
        clipped_agent_steps = np.zeros(LANES, dtype=np.int64)
        room = self._room(prepared)
        clear(room, self._fresh_words(course.present), self._exposed)
        present = course.present
        for part, inputs, entries in zip(course.parts, prepared.inputs, prepared.entries, strict=True):
            play_block(
                np.uint64(block),
                part.first_step,
                part.last_step,
                self.model_input.awareness is not None,
                inputs.agents,
                entries,
                inputs.quits,
                _turn(part, present),
                room,
                times,
                clipped_agent_steps,
            )
            present = part.present
        if len(course.present) == size:
            self._rooms.append(room)
        aware_at, adopted_at, abandoned_at = (course.of_posts(steps, size) for steps in times)
        return BlockTimes(aware_at, adopted_at, abandoned_at, clipped_agent_steps, prepared.clipped_ties, assigned)

    def _prepared(self, block: int, leads: Words) -> _Prepared:
        """Return what a block needs: the same as the last one where nothing is drawn and the same agents lead."""
        if self._is_drawn:
            return self._prepare(block, leads)
        names = leads.tobytes()
        last = self._last
        if last is None or last[0] != names:
            last = (names, self._prepare(block, leads))
            self._last = last
        return last[1]

    def _prepare(self, block: int, leads: Words) -> _Prepared:
        course = course_of(self.model_input, block, leads)
        inputs = tuple(part.in_block(block) for part in course.parts)
        entries = tuple(
            self._entries(part.model_input, there) for part, there in zip(course.parts, inputs, strict=True)
        )
        return _Prepared(course, inputs, entries)

    def _entries(self, said: ModelInput, inputs: BlockInput) -> tuple[Entry, Entry]:
        """Return awareness and adoption (twice the latter without the former), as they are in a block."""
        if said not in self._known_entries:
            adoption = entry_of(inputs.adoption, said.pairs, said.size, varies=said.varies)
            awareness = adoption
            if said.awareness is not None:
                awareness = entry_of(inputs.awareness, said.pairs, said.size, varies=said.varies)
            self._known_entries[said] = (awareness, adoption)
        awareness, adoption = self._known_entries[said]
        return in_block(awareness, inputs.awareness), in_block(adoption, inputs.adoption)

    @cached_property
    def _known_entries(self) -> WeakKeyDictionary[ModelInput, tuple[Entry, Entry]]:
        return WeakKeyDictionary()

    def _room(self, prepared: _Prepared) -> Room:
        """Return room that no other thread is using; :meth:`block` gives it back."""
        size = len(prepared.course.present)
        entries = [entry for both in prepared.entries for entry in both]
        coins = max(len(entry.coin) for entry in entries)
        while self._rooms and size == self.model_input.network.size:
            room = self._rooms.pop()
            if room.coin_words.shape[1] >= coins:
                return room
        return room_for(size, entries)

    @cached_property
    def _is_drawn(self) -> bool:
        """Say whether values of agents, or what interventions do, are drawn anew in every replicate."""
        stages = (self.model_input.awareness, self.model_input.adoption)
        return (
            self.model_input.varies
            or any(stage is not None and bool(stage.threshold.varying) for stage in stages)
            or any(intervention.varies for intervention in self.model_input.parameters.interventions)
        )

    @cached_property
    def _exposed(self) -> tuple[int, ...]:
        """Return the numbers of the stages that are entered by exposure."""
        stages = enumerate((self.model_input.awareness, self.model_input.adoption))
        return tuple(number for number, stage in stages if stage is not None and not stage.by_tie)

    def _fresh_words(self, present: Words) -> Words:
        words = self._all_fresh
        if words.shape[1] != len(present) or self.model_input.parameters.interventions:
            words = fresh_words(present, staged=self.model_input.awareness is not None)
        return words

    @cached_property
    def _all_fresh(self) -> Words:
        everybody = np.full(self.model_input.network.size, EVERY_LANE)
        return fresh_words(everybody, staged=self.model_input.awareness is not None)

    def _empty_times(self, rows: int, prepared: _Prepared) -> Times:
        """Return room for a block's times; what cannot happen in any block is shared by all."""
        if rows != self.model_input.network.size:
            aware = 0 if self.model_input.awareness is None else -1
            return np.full((rows, LANES), aware, dtype=np.int16), _never(rows), _never(rows)
        quits = prepared.inputs[0].quits
        leave = bool(quits.abandonment[0] or quits.leaving[0] or len(prepared.course.parts) > 1)
        return (
            self._from_the_start if self.model_input.awareness is None else _never(rows),
            _never(rows),
            _never(rows) if leave else self._not_in_any_block,
        )

    @cached_property
    def _from_the_start(self) -> NDArray[np.int16]:
        return np.zeros((self.model_input.network.size, LANES), dtype=np.int16)

    @cached_property
    def _not_in_any_block(self) -> NDArray[np.int16]:
        return _never(self.model_input.network.size)


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """Hold what a block needs: its runs' course and, by part, what is drawn for it and how stages are entered."""

    course: Course
    inputs: tuple[BlockInput, ...]
    entries: tuple[tuple[Entry, Entry], ...]

    @property
    def clipped_ties(self) -> NDArray[np.int64]:
        """Return how many ties were clipped in the part with the most of them; shape (64,)."""
        most: NDArray[np.int64] = np.max([inputs.clipped_ties for inputs in self.inputs], axis=0)
        return most


def _never(rows: int) -> NDArray[np.int16]:
    steps = np.empty((rows, LANES), dtype=np.int16)
    steps.fill(-1)
    return steps


def _turn(part: Part, before: Words) -> Turn:
    """Return who comes and goes when a part begins."""
    arriving, departing = part.present & ~before, before & ~part.present
    anew = part.first_step > 1 or bool(arriving.any() or departing.any())
    return Turn(anew, arriving, departing, part.recruited)
