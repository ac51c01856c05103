"""Playing: some blocks of one arm, wherever that happens: in a thread here, or on another machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import groupby
from threading import Lock
from typing import Literal, TypeAlias

from diffusion.analysis.reduction import BlockRuns, block_runs
from diffusion.draws import LANES
from diffusion.experiment.study import WORLD, PlannedArm
from diffusion.model.ensemble import BlockTimes, Ensemble
from diffusion.model.inputs import ModelInput

Engine: TypeAlias = Literal["ensemble", "mesa"]
PlayBlock: TypeAlias = Callable[[int, int], BlockTimes]
"""(block, how many of its replicates are wanted) -> who moved when."""

Place: TypeAlias = tuple[int, int]
"""A world and a block of its replicates."""

KEPT_WORLDS = 2
"""For how many worlds of an arm what is worked out once is kept: those between which batches fall."""


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
    """

    def __init__(self, arm: PlannedArm, *, seed: int, engine: Engine, replicates: int) -> None:
        self.arm = arm
        self.replicates = replicates
        make = _ensemble if engine == "ensemble" else _mesa
        self._worlds = lru_cache(maxsize=KEPT_WORLDS)(lambda world: _World(partial(make, arm, world, seed)))
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
                times = world.play(block, min(LANES, self.replicates - block * LANES))
                runs[number, block] = block_runs(times, network.organisation_index, organisations, steps)
        return Played(runs, time.perf_counter() - began)


class _World:
    """Hold what plays the blocks of one world, which takes a while to make and is made once, by whoever comes first."""

    def __init__(self, make: Callable[[], PlayBlock]) -> None:
        self._make = make
        self._lock = Lock()

    @property
    def play(self) -> PlayBlock:
        with self._lock:
            return self._made

    @cached_property
    def _made(self) -> PlayBlock:
        return self._make()


def _ensemble(arm: PlannedArm, world: int, seed: int) -> PlayBlock:
    there = arm.in_world(world, seed=seed)
    words = partial(there.leader_words, seed=seed)
    ensemble = Ensemble(there.network, there.setting.parameters, seed=seed, world=WORLD, leader_words=words)
    return lambda block, _: ensemble.block(block)


def _mesa(arm: PlannedArm, world: int, seed: int) -> PlayBlock:
    from diffusion.model.replicates import Replicates  # Mesa takes most of a second to import

    there = arm.in_world(world, seed=seed)
    resolved = ModelInput.of(there.network, there.setting.parameters, seed=seed, world=WORLD)
    return Replicates(resolved, partial(there.leader_words, seed=seed)).block
