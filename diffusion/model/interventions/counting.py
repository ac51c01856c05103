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
    bits = (words[:, np.newaxis] >> np.arange(LANES, dtype=np.uint64)) & np.uint64(1)
    counts: Counts = bits.sum(axis=0).astype(np.float64)
    return counts


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
        self._lasting: dict[str, dict[tuple[int, int, str], np.uint64]] = defaultdict(dict)

    def units(self) -> dict[str, Counts]:
        """Return how often each unit occurs, by its name; of shape (64,) each."""
        for unit, ties in self._lasting.items():
            self._found[unit] = lane_counts(np.array(list(ties.values()), dtype=np.uint64))
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
            self._note_ties("tie_added", change.source, change.target, [change.layer] * len(change.source), change)
            return
        attends = np.zeros(self._runs.network.size, dtype=np.uint64)
        np.bitwise_or.at(attends, change.source, change.lanes)
        np.bitwise_or.at(attends, change.target, change.lanes)
        attendance = lane_counts(attends)
        self._found["attendance"] += attendance
        self._found["session"] += attendance > 0

    def _add_rows(self, change: RemovedTies | RestrengthenedTies) -> None:
        network, rows = self._runs.network, change.rows
        layers = [network.layers[place] for place in network.layer[rows]]
        unit = "tie_removed" if isinstance(change, RemovedTies) else "tie_strengthened"
        self._note_ties(unit, network.source[rows], network.target[rows], layers, change)

    def _note_ties(
        self,
        unit: str,
        sources: NDArray[np.int32],
        targets: NDArray[np.int32],
        layers: list[str],
        change: AddedTies | RemovedTies | RestrengthenedTies,
    ) -> None:
        """Count every pair in a layer once, in the replicates in which it is concerned at any step."""
        ties = self._lasting[unit]
        for source, target, layer, lanes in zip(sources, targets, layers, change.lanes, strict=True):
            pair = (min(int(source), int(target)), max(int(source), int(target)), layer)
            ties[pair] = ties.get(pair, np.uint64(0)) | lanes
