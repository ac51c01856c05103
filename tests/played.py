"""Play interventions in three engines, and look at what they change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from engines import Times, by_ensemble, by_hand, by_mesa, everywhere
from numpy.typing import NDArray

from diffusion.draws import LANES, entity_keys
from diffusion.errors import InputError
from diffusion.model.inputs import ModelInput
from diffusion.model.interventions.changes import AddedTies, Change, RemovedTies
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.people import population
from diffusion.model.interventions.runs import Runs
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network

CERTAIN = StageParameters("contagion", transmission=1.0)
STILL = StageParameters("contagion", transmission=0.0)
ALARM = 1e-6
"""How often a statistical test fails although nothing is wrong."""


def said(*interventions: Intervention, adoption: StageParameters = CERTAIN, steps: int = 6, **more: Any) -> Parameters:
    return Parameters(steps=steps, adoption=adoption, interventions=interventions, **more)


def played(network: Network, parameters: Parameters, leaders: Sequence[str] = (), *, replicate: int = 70) -> Times:
    """A replicate, which three engines play alike."""
    times = by_ensemble(network, parameters, leaders, seed=3, replicate=replicate)
    assert by_mesa(network, parameters, leaders, seed=3, replicate=replicate) == times
    assert by_hand(network, parameters, leaders, seed=3, replicate=replicate) == times
    return times


def adopted(network: Network, intervention: Intervention, leaders: Sequence[str] = (), **more: Any) -> list[int]:
    """When everybody adopts."""
    return played(network, said(intervention, **more), leaders).adopted_at


def changes_of(
    network: Network, intervention: Intervention, leaders: Iterable[str] = (), *, block: int = 0, seed: int = 3
) -> list[Change]:
    """What it changes in 64 replicates of six steps, the same leaders in all."""
    problems: list[str] = []
    people = population(network, [intervention], problems)
    assert not problems
    leads = np.append(everywhere(network, leaders), np.zeros(people.size - network.size, dtype=np.uint64))
    runs = Runs(people, network.size, entity_keys(people.ids), leads, 6, False, seed, 0, block)  # noqa: FBT003
    return list(intervention.changes(runs))


def bit(word: Any, lane: int) -> bool:
    return bool(int(word) >> lane & 1)


def added_in(network: Network, changes: Iterable[Change], lane: int) -> set[tuple[str, str]]:
    """From whom to whom ties are added in one lane."""
    return {
        (network.ids[source], network.ids[target])
        for change in changes
        if isinstance(change, AddedTies)
        for source, target, word in zip(change.source, change.target, change.lanes, strict=True)
        if bit(word, lane)
    }


def removed_in(network: Network, changes: Iterable[Change], lane: int) -> set[tuple[str, str]]:
    """From whom to whom ties are taken away in one lane."""
    return {
        (network.ids[network.source[row]], network.ids[network.target[row]])
        for change in changes
        if isinstance(change, RemovedTies)
        for row, word in zip(change.rows, change.lanes, strict=True)
        if bit(word, lane)
    }


def lanes_with(words: NDArray[np.uint64]) -> NDArray[np.int64]:
    """In how many of 64 lanes each row's bit is set."""
    return np.array([int(word).bit_count() for word in words])


def problems_of(network: Network, intervention: Intervention) -> tuple[str, ...]:
    """The lines that refuse it."""
    try:
        ModelInput.of(network, said(intervention), seed=1)
    except InputError as refused:
        return refused.problems
    return ()


EVERY = range(LANES)


def shortly(case: object) -> str:
    """What a case is called: a line by itself, anything else by its name."""
    return case if isinstance(case, str) else str(getattr(case, "name", case))
