"""Counting what interventions change, replicate by replicate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES
from diffusion.model.interventions.changes import (
    AddedTies,
    Broadcast,
    Change,
    LeadersHeeded,
    Presence,
    Recruits,
    RemovedTies,
    RestrengthenedTies,
)
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.runs import Runs
from diffusion.model.lanes import Words

Counts = NDArray[np.float64]


def lane_counts(words: Words) -> Counts:
    """Return in how many of the words the bit of each replicate is set; shape (64,).

    Parameters
    ----------
    words
        A bit a replicate in each.

    Examples
    --------
    >>> lane_counts(np.array([1, 3], dtype=np.uint64))[:3].tolist()
    [2.0, 1.0, 0.0]
    """
    one = np.uint64(1)
    return np.array([float(((words >> np.uint64(lane)) & one).sum()) for lane in range(LANES)])


def units_of(said: Intervention, runs: Runs) -> Mapping[str, Counts]:
    """Return how often an intervention does each thing that may have a price, in each replicate of a block.

    Parameters
    ----------
    said
        The intervention.
    runs
        The runs of the block.
    """
    told = said.units(runs)
    if told is not None:
        return told
    counting = Counting(runs)
    for change in said.changes(runs):
        counting.add(change)
    return counting.units()


class Counting:
    """Count, in each of 64 replicates, what costs something.

    Parameters
    ----------
    runs
        The runs of the block.
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._found: dict[str, Counts] = defaultdict(lambda: np.zeros(LANES))
        self._lasting: dict[str, list[tuple[NDArray[np.int64], Words]]] = defaultdict(list)
        self._layers: dict[str, int] = {}

    def units(self) -> dict[str, Counts]:
        """Return how often each unit occurs, by its name; of shape (64,) each."""
        for unit, ties in self._lasting.items():
            keys, lanes = (np.concatenate([each[place] for each in ties]) for place in (0, 1))
            known, held = np.unique(keys, axis=0, return_inverse=True)
            words = np.zeros(len(known), dtype=np.uint64)
            np.bitwise_or.at(words, held.reshape(-1), lanes)
            self._found[unit] = lane_counts(words)
        return dict(self._found)

    def add(self, change: Change) -> None:
        """Count one change; posts that change hands cost nothing.

        Parameters
        ----------
        change
            The change.
        """
        if isinstance(change, AddedTies):
            self._add_ties(change)
        elif isinstance(change, RemovedTies | RestrengthenedTies):
            self._add_rows(change)
        elif isinstance(change, Presence):
            self._found["agent_added" if change.arrives else "agent_removed"] += lane_counts(change.lanes)
        elif isinstance(change, Recruits):
            self._found["recruit"] += lane_counts(change.lanes)
        elif isinstance(change, Broadcast | LeadersHeeded):
            unit = "broadcast_step" if isinstance(change, Broadcast) else "word_of_mouth_step"
            self._found[unit] += max(0, min(change.until_step, self._runs.steps) - change.from_step + 1)

    def _add_ties(self, change: AddedTies) -> None:
        if not change.dated:
            layer = np.full(len(change.source), self._layer(change.layer))
            self._note_ties("tie_added", change.source, change.target, layer, change.lanes)
            return
        attends = np.zeros(self._runs.network.size, dtype=np.uint64)
        np.bitwise_or.at(attends, change.source, change.lanes)
        np.bitwise_or.at(attends, change.target, change.lanes)
        attendance = lane_counts(attends)
        self._found["attendance"] += attendance
        self._found["session"] += attendance > 0

    def _add_rows(self, change: RemovedTies | RestrengthenedTies) -> None:
        network, rows = self._runs.network, change.rows
        unit = "tie_removed" if isinstance(change, RemovedTies) else "tie_strengthened"
        numbers = np.array([self._layer(layer) for layer in network.layers], dtype=np.int64)
        self._note_ties(unit, network.source[rows], network.target[rows], numbers[network.layer[rows]], change.lanes)

    def _layer(self, name: str) -> int:
        """Return the number that a layer has in what is counted."""
        return self._layers.setdefault(name, len(self._layers))

    def _note_ties(
        self,
        unit: str,
        source: NDArray[np.int32],
        target: NDArray[np.int32],
        layer: NDArray[np.int64],
        lanes: Words,
    ) -> None:
        """Note every pair in a layer: it counts once, in the replicates in which it is concerned at any step."""
        ends = np.minimum(source, target), np.maximum(source, target), layer
        self._lasting[unit].append((np.stack([each.astype(np.int64) for each in ends], axis=1), lanes))
