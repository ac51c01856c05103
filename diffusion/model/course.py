"""The course of a run: its parts, between which interventions change who is there and what ties there are.

Everything that interventions do is known before anybody moves, so the runs of
a block fall into parts of some steps each, within which nothing changes. Both
engines play these parts one after another. When a part begins, every tie is
tried anew, with the same coins: one that failed fails again, unless it has
become stronger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES
from diffusion.model.altered_ties import altered_ties
from diffusion.model.block import Times
from diffusion.model.inputs import BlockInput, ModelInput
from diffusion.model.interventions.changes import (
    AddedTies,
    Broadcast,
    Change,
    Handovers,
    Happening,
    LeadersHeeded,
    Presence,
    Recruits,
    RemovedTies,
    RestrengthenedTies,
)
from diffusion.model.interventions.people import holders
from diffusion.model.interventions.runs import EVERY_LANE, Runs
from diffusion.model.lanes import Words
from diffusion.model.rules import integer_probabilities

NOBODY: Words = np.zeros(0, dtype=np.uint64)
STAGES = ("awareness", "adoption")

Kind = TypeVar("Kind", bound=Change)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Hold some steps of the runs of a block, within which nothing but stages changes.

    Attributes
    ----------
    first_step, last_step
        Which steps, both included.
    model_input
        The parameters on the ties that are there; its rows are those who hold posts in some lane.
    leads
        One word a row: the lanes in which it leads.
    present
        One word a row: the lanes in which it is there.
    recruited
        One word a row: the lanes in which it has been won over; empty where nobody was.
    broadcast
        By stage, q of entering it without any tie, a row an agent, where that is not what the parameters say.
    rows
        Who holds every post: its row, in each lane; shape (posts, 64), or (posts, 1) where no post changes hands.
    """

    first_step: int
    last_step: int
    model_input: ModelInput
    leads: Words
    present: Words
    recruited: Words
    broadcast: Mapping[str, Words]
    rows: NDArray[np.int64]

    def in_block(self, block: int) -> BlockInput:
        """Return what the 64 replicates of a block need."""
        inputs = self.model_input.in_block(block, self.leads)
        adoption, awareness = inputs.adoption, inputs.awareness
        if "adoption" in self.broadcast:
            adoption = adoption._replace(external=self.broadcast["adoption"])
        if "awareness" in self.broadcast:
            awareness = awareness._replace(external=self.broadcast["awareness"])
        return BlockInput(inputs.agents, adoption, awareness, inputs.quits, inputs.clipped_ties)

    def rows_in(self, lane: int) -> NDArray[np.int64]:
        """Return who holds every post in one lane; shape (posts,)."""
        return self.rows[:, lane if self.rows.shape[1] > 1 else 0]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Hold the parts of the runs of a block, in order; there is at least one.

    Attributes
    ----------
    parts
        The parts.
    present
        One word a row: the lanes in which it is there at t = 0.
    """

    parts: tuple[Part, ...]
    present: Words

    def of_posts(self, times: Times, size: int) -> Times:
        """Return the times of the first posts: of those who hold them at T; each of shape (size, 64)."""
        rows = self.parts[-1].rows[:size]
        if rows.shape[1] == 1:
            return times[0][:size], times[1][:size], times[2][:size]
        aware_at, adopted_at, abandoned_at = (np.take_along_axis(steps, rows, axis=0) for steps in times)
        return aware_at, adopted_at, abandoned_at


def course_of(model_input: ModelInput, block: int, leads: Words) -> Course:
    """Return the parts of the runs of a block.

    Parameters
    ----------
    model_input
        Parameters resolved on a network.
    block
        Which 64 replicates.
    leads
        One word an agent of the network: the lanes in which it leads.
    """
    added = model_input.population.size - model_input.network.size
    led = np.concatenate([leads, np.zeros(added, dtype=np.uint64)])
    present = np.concatenate([np.full(model_input.network.size, EVERY_LANE), np.zeros(added, dtype=np.uint64)])
    if not model_input.parameters.interventions:
        rows = np.arange(len(led))[:, np.newaxis]
        whole = Part(1, model_input.parameters.steps, model_input, led, present, NOBODY, {}, rows)
        return Course((whole,), present)
    return _Making(model_input, block, led, present).course()


def runs_of(model_input: ModelInput, block: int, leads: Words) -> Runs:
    """Return what interventions may look at in the runs of a block.

    Parameters
    ----------
    model_input
        Parameters resolved on the network.
    block
        Which 64 replicates.
    leads
        One word an agent of the population: the lanes in which it leads.
    """
    return Runs(
        network=model_input.population,
        size=model_input.network.size,
        keys=model_input.keys,
        leads=leads,
        steps=model_input.parameters.steps,
        staged=model_input.awareness is not None,
        seed=model_input.seed,
        world=model_input.world,
        block=block,
    )


class _Making:
    """Make the parts of a block's runs, one after another."""

    def __init__(self, model_input: ModelInput, block: int, leads: Words, present: Words) -> None:
        self.model_input = said = model_input
        runs = runs_of(model_input, block, leads)
        self.changes = [change for each in said.parameters.interventions for change in each.changes(runs)]
        self.handovers = sorted(_of(self.changes, Handovers), key=lambda change: change.step)
        self.people = holders(said.population, said.keys, self.handovers)
        later = len(self.people.posts) - len(leads)
        nobody = np.zeros(later, dtype=np.uint64)
        self.leads = np.concatenate([leads, nobody])
        self.present = np.concatenate([present, nobody])
        self.at_start = self.present
        self.posts_present = present
        self.recruited = np.zeros(len(self.leads), dtype=np.uint64)
        self.rows = np.repeat(np.arange(len(leads))[:, np.newaxis], LANES if later else 1, axis=1)
        self.inputs: dict[tuple[object, ...], ModelInput] = {}

    def course(self) -> Course:
        steps = self.model_input.parameters.steps
        starts = sorted({1, *(step for change in self.changes for step in _turns(change) if 1 <= step <= steps)})
        parts = [self._part(first, last - 1) for first, last in zip(starts, [*starts[1:], steps + 1], strict=True)]
        return Course(tuple(parts), self.at_start)

    def _part(self, first: int, last: int) -> Part:
        for change in self.changes:
            if isinstance(change, Presence) and change.step == first:
                self._come_and_go(change)
        for handover, rows in zip(self.handovers, self.people.row_of, strict=True):
            if handover.step == first:
                self._hand_over(handover, rows)
        for change in self.changes:
            if isinstance(change, Recruits) and change.step == first:
                self._recruit(change)
        here = [change for change in self.changes if _holds(change, first)]
        recruited = self.recruited.copy() if self.recruited.any() else NOBODY
        return Part(
            first,
            last,
            self._input(here),
            self.leads,
            self.present,
            recruited,
            self._broadcast(_of(here, Broadcast)),
            self.rows,
        )

    def _come_and_go(self, change: Presence) -> None:
        lanes = np.zeros(len(self.posts_present), dtype=np.uint64)
        np.bitwise_or.at(lanes, change.agents, change.lanes)
        self.posts_present = self.posts_present | lanes if change.arrives else self.posts_present & ~lanes
        held = self._words_of_rows(lanes)
        self.present = self.present | held if change.arrives else self.present & ~held

    def _hand_over(self, change: Handovers, rows: NDArray[np.int64]) -> None:
        self.present, self.rows = self.present.copy(), self.rows.copy()
        for agent, coming in zip(change.agents, rows, strict=True):
            for lane in np.flatnonzero(coming >= 0):
                bit = np.uint64(1) << np.uint64(lane)
                going = self.rows[agent, lane]
                self.present[going] &= ~bit
                self.present[coming[lane]] |= bit & self.posts_present[agent]
                self.rows[agent, lane] = coming[lane]

    def _recruit(self, change: Recruits) -> None:
        lanes = np.zeros(len(self.posts_present), dtype=np.uint64)
        np.bitwise_or.at(lanes, change.agents, change.lanes)
        self.recruited |= self._words_of_rows(lanes)

    def _words_of_rows(self, lanes: Words) -> Words:
        """Return words of posts as words of the rows of those who hold them now."""
        words = np.zeros(len(self.present), dtype=np.uint64)
        if self.rows.shape[1] == 1:
            words[: len(lanes)] = lanes
            return words
        bits = np.uint64(1) << np.arange(LANES, dtype=np.uint64)
        np.bitwise_or.at(words, self.rows, lanes[:, np.newaxis] & bits)
        return words

    def _input(self, here: Sequence[Change]) -> ModelInput:
        """Return the parameters on the ties that are there, made once however many parts share them."""
        factor = float(np.prod([change.factor for change in _of(here, LeadersHeeded)]))
        ties = _of(here, AddedTies), _of(here, RemovedTies), _of(here, RestrengthenedTies)
        key = (tuple(id(change) for kind in ties for change in kind), self.posts_present.tobytes(), factor)
        if key not in self.inputs:
            altered = altered_ties(self.model_input, *ties, self.posts_present)
            self.inputs[key] = self.model_input.varied(altered, factor, self.people)
        return self.inputs[key]

    def _broadcast(self, here: Sequence[Broadcast]) -> dict[str, Words]:
        said = self.model_input.parameters
        result = {}
        for stage, parameters in zip(STAGES, (said.awareness, said.adoption), strict=True):
            raising = [change for change in here if change.stage == stage]
            if parameters is not None and raising:
                left = np.full(len(self.posts_present), 1.0 - parameters.external)
                for change in raising:
                    left = left * (1.0 - change.probability)
                result[stage] = integer_probabilities(1.0 - left)[self.people.posts]
        return result


def _turns(change: Change) -> tuple[int, ...]:
    """Return the steps at which a change sets in or ends."""
    if isinstance(change, Happening):
        return (change.step,)
    return (change.from_step, change.until_step + 1)


def _holds(change: Change, step: int) -> bool:
    """Return whether a change that lasts holds at a step."""
    if isinstance(change, Happening):
        return False
    return change.from_step <= step <= change.until_step


def _of(changes: Iterable[Change], kind: type[Kind]) -> list[Kind]:
    return [change for change in changes if isinstance(change, kind)]
