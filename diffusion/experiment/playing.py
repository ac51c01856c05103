"""Playing: some blocks of one arm, wherever that happens: in a thread here, or on another machine."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import groupby
from threading import Lock
from typing import Generic, Literal, TypeAlias, TypeVar

from diffusion.analysis.reduction import BlockRuns, block_runs
from diffusion.draws import LANES
from diffusion.experiment.study import PlannedArm
from diffusion.model.ensemble import BlockTimes, Ensemble, LeaderWords
from diffusion.model.inputs import ModelInput
from diffusion.model.parameters import Parameters
from diffusion.network.network import Network

Made = TypeVar("Made")

Engine: TypeAlias = Literal["ensemble", "mesa"]
PlayBlock: TypeAlias = Callable[[int, int], BlockTimes]
"""(block, how many of its replicates are wanted) -> who moved when."""

Place: TypeAlias = tuple[int, int]
"""A world and a block of its replicates."""

KEPT_WORLDS = 2
"""For how many worlds of an arm what is worked out once is kept: those between which batches fall."""

FEWEST_KEPT = 2
"""How many ensembles are kept for the arms to come at least; of the largest networks each takes gigabytes."""

MOST_KEPT_TIES = 1_000_000
"""Of how many ties together ensembles are kept beyond these: of small networks those of all worlds of an arm."""

MOST_KEPT = 256
"""How many are kept at most: of the smallest networks, too, each takes some 200 kB."""


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """Hold what was played.

    Attributes
    ----------
    runs
        The runs, by world and block.
    seconds
        How long it took.
    """

    runs: dict[Place, BlockRuns]
    seconds: float


class Player:
    """Play blocks of one arm, in any number of threads at once.

    Parameters
    ----------
    arm
        The arm.
    seed
        The seed of every draw.
    engine
        ``"ensemble"`` or ``"mesa"``.
    replicates
        How many replicates of each world are wanted.
    ensembles
        Where arms find what they have in common.
    """

    def __init__(
        self, arm: PlannedArm, *, seed: int, engine: Engine, replicates: int, ensembles: Ensembles | None = None
    ) -> None:
        self.arm = arm
        self.replicates = replicates
        make = partial(_ensemble, ensembles or Ensembles()) if engine == "ensemble" else _mesa
        self._worlds = lru_cache(maxsize=KEPT_WORLDS)(lambda world: _Once(partial(make, arm, world, seed)))
        self._lock = Lock()

    def play(self, places: Sequence[Place]) -> Played:
        """Return the runs of some blocks."""
        began = time.perf_counter()
        network, steps = self.arm.network, self.arm.setting.parameters.steps
        organisations = len(network.organisation_names)
        runs = {}
        for number, found in groupby(places, key=lambda place: place[0]):
            with self._lock:
                world = self._worlds(number)
            for _, block in found:
                times = world.made(block, min(LANES, self.replicates - block * LANES))
                runs[number, block] = block_runs(times, network.organisation_index, organisations, steps)
        return Played(runs, time.perf_counter() - began)


class Ensembles:
    """Make ensembles, and share what is worked out of parameters among arms that differ in who leads alone."""

    def __init__(self) -> None:
        self._kept: deque[tuple[Network, Parameters, tuple[int, int], _Once[Ensemble]]] = deque()
        self._lock = Lock()

    def of(self, arm: PlannedArm, *, seed: int) -> Ensemble:
        """Return what plays an arm."""
        words = partial(arm.leader_words, seed=seed)
        return self._alike(arm, seed, words).made.led_by(words)

    def clear(self) -> None:
        """Let go of all of them."""
        with self._lock:
            self._kept.clear()

    def _alike(self, arm: PlannedArm, seed: int, words: LeaderWords) -> _Once[Ensemble]:
        network, parameters, world = arm.network, arm.setting.parameters, arm.world
        with self._lock:
            for kept_network, kept_parameters, kept_place, once in self._kept:
                if kept_network is network and kept_place == (seed, world) and kept_parameters == parameters:
                    return once
            once = _Once(partial(Ensemble, network, parameters, seed=seed, world=world, leader_words=words))
            self._kept.append((network, parameters, (seed, world), once))
            most = min(max(FEWEST_KEPT, MOST_KEPT_TIES // max(network.tie_count, 1)), MOST_KEPT)
            while len(self._kept) > most:
                self._kept.popleft()
            return once


class _Once(Generic[Made]):
    """Hold what takes a while to make and is made once, by whoever comes first."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._lock = Lock()

    @property
    def made(self) -> Made:
        with self._lock:
            return self._made

    @cached_property
    def _made(self) -> Made:
        return self._make()


def _ensemble(ensembles: Ensembles, arm: PlannedArm, world: int, seed: int) -> PlayBlock:
    ensemble = ensembles.of(arm.in_world(world, seed=seed), seed=seed)
    return lambda block, _: ensemble.block(block)


def _mesa(arm: PlannedArm, world: int, seed: int) -> PlayBlock:
    from diffusion.model.replicates import Replicates  # Mesa takes most of a second to import

    there = arm.in_world(world, seed=seed)
    resolved = ModelInput.of(there.network, there.setting.parameters, seed=seed, world=there.world)
    return Replicates(resolved, partial(there.leader_words, seed=seed)).block
