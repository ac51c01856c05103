"""The runner: plays what is missing of a study and keeps it, batch by batch.

Only runs that are not stored are played. A batch of blocks is written in one
transaction as soon as it is played, by the main thread alone, so whatever
stops the program, what was written stays and is not played again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal, TypeAlias

import numpy as np

from diffusion.analysis.reduction import BlockRuns, block_runs
from diffusion.draws import LANES
from diffusion.experiment.plan import PlannedArm, Series, Study
from diffusion.experiment.store import Store
from diffusion.model.ensemble import BlockTimes, Ensemble
from diffusion.model.inputs import ModelInput

Engine: TypeAlias = Literal["ensemble", "mesa"]
PlayBlock: TypeAlias = Callable[[int, int], BlockTimes]
"""(block, how many of its replicates are wanted) -> who moved when."""

Place: TypeAlias = tuple[int, int]
"""A world and a block of its replicates."""

BATCH_SECONDS = 0.5
"""How long a batch is meant to take: short enough to lose little, long enough to write seldom."""

LARGEST_BATCH_BLOCKS = 64
"""How many blocks a batch has at most, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Tell how far a study has come.

    Attributes
    ----------
    done
        How many runs are stored.
    total
        How many runs the study has.
    stored_before
        How many of them were stored when this began.
    """

    done: int
    total: int
    stored_before: int


@dataclass(frozen=True, eq=False)
class _Task:
    """Hold the blocks of one arm in which replicates are missing, and how many are."""

    series: Series
    missing: dict[Place, int]

    @property
    def arm(self) -> PlannedArm:
        return self.series.arm


Batch: TypeAlias = tuple[_Task, Callable[[], dict[Place, BlockRuns]]]
"""The arm that a batch belongs to, and what plays it."""


def run(
    study: Study,
    store: Store,
    *,
    engine: Engine = "ensemble",
    workers: int = 1,
    report: Callable[[Progress], None] = lambda _: None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> bool:
    """Play every run of a study that is not stored, store it, and return whether all are.

    Parameters
    ----------
    study
        A study that was saved in the store.
    store
        Where runs are looked for and kept.
    engine
        ``"ensemble"``, or ``"mesa"`` for the readable model; both give the same runs.
    workers
        How many threads play; results do not depend on it.
    report
        Called after every batch with how far the study has come.
    is_stopping
        Asked after every batch; where it says so no further batch is begun,
        and those that are being played are finished and stored.
    """
    tasks, total = _tasks(study, store, is_stopping)
    done = stored_before = total - sum(sum(task.missing.values()) for task in tasks)
    report(Progress(done, total, stored_before))
    for task, played in _played(_batches(tasks, study.scenario.seed, engine), workers, is_stopping):
        store.write(task.arm, played, task.series.replicates)
        done += sum(task.missing[place] for place in played)
        report(Progress(done, total, stored_before))
    return done == total and not is_stopping()


def _tasks(study: Study, store: Store, is_stopping: Callable[[], bool]) -> tuple[list[_Task], int]:
    """Return what is missing, and how many runs there are in all."""
    tasks = []
    for series in study.played:
        if is_stopping():
            break
        worlds, replicates = np.nonzero(~store.stored_runs(series))
        if worlds.size:
            places, counts = np.unique(np.array([worlds, replicates // LANES]), axis=1, return_counts=True)
            found = zip(*places.tolist(), strict=True)
            tasks.append(_Task(series, dict(zip(found, counts.tolist(), strict=True))))
    return tasks, sum(series.runs for series in study.played)


def _played(
    batches: Iterator[Batch], workers: int, is_stopping: Callable[[], bool]
) -> Iterator[tuple[_Task, dict[Place, BlockRuns]]]:
    """Yield batches as they are played, not always in order."""
    waiting: dict[Future[dict[Place, BlockRuns]], _Task] = {}
    with ThreadPoolExecutor(workers) as pool:
        for task, play in batches:
            waiting[pool.submit(play)] = task
            if len(waiting) > workers:
                yield from _finished(waiting)
            if is_stopping():
                break
        while waiting:
            yield from _finished(waiting)


def _finished(
    waiting: dict[Future[dict[Place, BlockRuns]], _Task],
) -> Iterator[tuple[_Task, dict[Place, BlockRuns]]]:
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        yield waiting.pop(future), future.result()


def _batches(tasks: list[_Task], seed: int, engine: Engine) -> Iterator[Batch]:
    """Yield each arm's missing blocks in batches that grow until they take their time."""
    pace = _Pace()
    for task in tasks:
        pace = pace.next()
        player = _player(task.arm, seed, engine)
        left = list(task.missing)
        while left:
            places, left = left[: pace.blocks], left[pace.blocks :]
            yield task, partial(_play_blocks, task, player, places, pace)


def _player(arm: PlannedArm, seed: int, engine: Engine) -> Callable[[int], PlayBlock]:
    """Return what gives, for a world of an arm, what plays its blocks."""
    make = _ensemble if engine == "ensemble" else _mesa

    @lru_cache(maxsize=1)
    def player(world: int) -> PlayBlock:
        return make(arm.in_world(world, seed=seed), seed)

    return player


class _Pace:
    """Find out how many blocks of an arm fill a batch."""

    def __init__(self, blocks: int = 1) -> None:
        self.blocks = blocks

    def next(self) -> _Pace:
        """Return where the next arm begins, which may be many times slower."""
        return _Pace(max(1, self.blocks // 16))

    def learn(self, blocks: int, seconds: float) -> None:
        fitting = int(blocks * BATCH_SECONDS / max(seconds, 1e-9))
        self.blocks = max(1, min(fitting, 16 * blocks, LARGEST_BATCH_BLOCKS))


def _play_blocks(
    task: _Task, player: Callable[[int], PlayBlock], places: list[Place], pace: _Pace
) -> dict[Place, BlockRuns]:
    began = time.perf_counter()
    network, steps = task.arm.network, task.arm.setting.parameters.steps
    organisations = len(network.organisation_names)
    played = {}
    for world, block in places:
        times = player(world)(block, min(LANES, task.series.replicates - block * LANES))
        played[world, block] = block_runs(times, network.organisation_index, organisations, steps)
    pace.learn(len(places), time.perf_counter() - began)
    return played


def _ensemble(arm: PlannedArm, seed: int) -> PlayBlock:
    words = partial(arm.leader_words, seed=seed)
    ensemble = Ensemble(arm.network, arm.setting.parameters, seed=seed, world=arm.world, leader_words=words)
    return lambda block, _: ensemble.block(block)


def _mesa(arm: PlannedArm, seed: int) -> PlayBlock:
    from diffusion.model.replicates import Replicates  # Mesa takes most of a second to import

    resolved = ModelInput.of(arm.network, arm.setting.parameters, seed=seed, world=arm.world)
    return Replicates(resolved, partial(arm.leader_words, seed=seed)).block
