"""The compiled ensemble: all replicates of an arm, 64 at a time.

It contains storage and order, no behaviour: what an agent does is said in
``rules.py``, and one replicate of the readable model (``abm.py``) equals one
lane of a block, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cached_property, reduce
from threading import Lock
from typing import NamedTuple, TypeAlias
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
        self._known_entries: WeakKeyDictionary[ModelInput, tuple[Entry, Entry]] = WeakKeyDictionary()
        self._knowing = Lock()
        self._last: tuple[bytes, _Prepared] | None = None
        self._last_course: tuple[bytes, Course] | None = None

    def led_by(self, leader_words: LeaderWords) -> Ensemble:
        """Return the same under other leaders; what was worked out of the parameters is shared, not made again."""
        made = copy(self)
        made.leader_words = leader_words
        made._last = made._last_course = None  # noqa: SLF001 - of the same class
        return made

    def block(self, block: int) -> BlockTimes:
        """Return what happened in replicates 64 * block … 64 * block + 63."""
        assigned = np.ascontiguousarray(self.leader_words(block), dtype=np.uint64)
        prepared = self._prepared(block, self.model_input.leading(block, assigned))
        times = self._empty_times(prepared)
        clipped_agent_steps = np.zeros(LANES, dtype=np.int64)
        room = self._room(prepared)
        clear(room, prepared.fresh, self._exposed)
        for part in prepared.parts:
            play_block(
                np.uint64(block),
                part.first_step,
                part.last_step,
                self._staged,
                part.inputs.agents,
                part.entries,
                part.inputs.quits,
                part.turn,
                room,
                times,
                clipped_agent_steps,
            )
        if prepared.rows == self.model_input.network.size:
            self._rooms.append(room)
        else:
            times = prepared.course.of_posts(times, self.model_input.network.size)
        return BlockTimes(*times, clipped_agent_steps, prepared.clipped_ties, assigned)

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
        course = self._course(block, leads)
        parts, present = [], course.present
        for part in course.parts:
            inputs = part.in_block(block)
            entries = self._entries(part.model_input, inputs)
            parts.append(_PreparedPart(part.first_step, part.last_step, inputs, entries, _turn(part, present)))
            present = part.present
        return _Prepared(
            course=course,
            parts=tuple(parts),
            rows=len(course.present),
            coins=max(len(entry.coin) for part in parts for entry in part.entries),
            fresh=self._fresh_words(course),
            clipped_ties=reduce(np.maximum, [part.inputs.clipped_ties for part in parts]),
        )

    def _course(self, block: int, leads: Words) -> Course:
        """Return the parts of a block's runs: those of the last one where the same agents lead and no more varies."""
        varies = any(intervention.varies for intervention in self.model_input.parameters.interventions)
        names = leads.tobytes()
        last = self._last_course
        if varies or last is None or last[0] != names:
            last = (names, course_of(self.model_input, block, leads))
            self._last_course = last
        return last[1]

    def _entries(self, said: ModelInput, inputs: BlockInput) -> tuple[Entry, Entry]:
        """Return awareness and adoption (twice the latter without the former), as they are in a block."""
        with self._knowing:  # of large networks they take gigabytes: no two threads are to work them out
            if said not in self._known_entries:
                adoption = entry_of(inputs.adoption, said.pairs, said.size, varies=said.varies)
                awareness = adoption
                if said.awareness is not None:
                    awareness = entry_of(inputs.awareness, said.pairs, said.size, varies=said.varies)
                self._known_entries[said] = (awareness, adoption)
            awareness, adoption = self._known_entries[said]
        return in_block(awareness, inputs.awareness), in_block(adoption, inputs.adoption)

    def _fresh_words(self, course: Course) -> Words:
        if self.model_input.parameters.interventions:
            return fresh_words(course.present, staged=self._staged)
        return self._all_fresh

    @cached_property
    def _all_fresh(self) -> Words:
        everybody = np.full(self.model_input.network.size, EVERY_LANE)
        return fresh_words(everybody, staged=self._staged)

    def _room(self, prepared: _Prepared) -> Room:
        """Return room that no other thread is using; :meth:`block` gives it back."""
        while self._rooms and prepared.rows == self.model_input.network.size:
            room = self._rooms.pop()
            if room.coin_words.shape[1] >= prepared.coins:
                return room
        return room_for(prepared.rows, [entry for part in prepared.parts for entry in part.entries])

    @cached_property
    def _staged(self) -> bool:
        return self.model_input.awareness is not None

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

    def _empty_times(self, prepared: _Prepared) -> Times:
        """Return room for a block's times; what cannot happen in any block is shared by all."""
        rows = prepared.rows
        if rows != self.model_input.network.size:
            return np.full((rows, LANES), -1 if self._staged else 0, dtype=np.int16), _never(rows), _never(rows)
        quits = prepared.parts[0].inputs.quits
        leave = bool(quits.abandonment[0] or quits.leaving[0] or self.model_input.parameters.interventions)
        return (
            _never(rows) if self._staged else self._from_the_start,
            _never(rows),
            _never(rows) if leave else self._not_in_any_block,
        )

    @cached_property
    def _from_the_start(self) -> NDArray[np.int16]:
        return np.zeros((self.model_input.network.size, LANES), dtype=np.int16)

    @cached_property
    def _not_in_any_block(self) -> NDArray[np.int16]:
        return _never(self.model_input.network.size)


class _PreparedPart(NamedTuple):
    """Hold what a part of a block's runs needs: its steps, values, how stages are entered, who comes and goes."""

    first_step: int
    last_step: int
    inputs: BlockInput
    entries: tuple[Entry, Entry]
    turn: Turn


class _Prepared(NamedTuple):
    """Hold what a block needs: the course of its runs, part by part, and how much room it takes."""

    course: Course
    parts: tuple[_PreparedPart, ...]
    rows: int
    coins: int
    fresh: Words
    clipped_ties: NDArray[np.int64]


def _never(rows: int) -> NDArray[np.int16]:
    steps = np.empty((rows, LANES), dtype=np.int16)
    steps.fill(-1)
    return steps


def _turn(part: Part, before: Words) -> Turn:
    """Return who comes and goes when a part begins."""
    arriving, departing = part.present & ~before, before & ~part.present
    anew = part.first_step > 1 or bool(arriving.any() or departing.any())
    return Turn(anew, arriving, departing, part.recruited)
