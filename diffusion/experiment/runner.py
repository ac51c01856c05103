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
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from diffusion.analysis.reduction import BlockRuns, block_runs
from diffusion.draws import LANES
from diffusion.experiment.plan import WORLD, PlannedArm, Study
from diffusion.experiment.store import Store
from diffusion.model.ensemble import BlockTimes, Ensemble
from diffusion.model.inputs import ModelInput

Engine: TypeAlias = Literal["ensemble", "mesa"]
PlayBlock: TypeAlias = Callable[[int, int], BlockTimes]
"""(block, how many of its replicates are wanted) -> who moved when."""

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

    arm: PlannedArm
    replicates: int
    missing: dict[int, int]


Batch: TypeAlias = tuple[_Task, Callable[[], dict[int, BlockRuns]]]
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
    replicates = study.scenario.replicates
    tasks, total = _tasks(study, store, replicates, is_stopping)
    done = stored_before = total - sum(sum(task.missing.values()) for task in tasks)
    report(Progress(done, total, stored_before))
    for task, played in _played(_batches(tasks, study.scenario.seed, engine), workers, is_stopping):
        store.write(task.arm, played, replicates)
        done += sum(task.missing[block] for block in played)
        report(Progress(done, total, stored_before))
    return done == total and not is_stopping()


def _tasks(study: Study, store: Store, replicates: int, is_stopping: Callable[[], bool]) -> tuple[list[_Task], int]:
    """Return what is missing, arms that are one being played once, and how many runs there are in all."""
    distinct = {(arm.setting_digest, arm.arm_digest): arm for arm in study.arms}
    tasks = []
    for arm in distinct.values():
        if is_stopping():
            break
        missing = np.flatnonzero(~store.stored_replicates(arm, replicates)) // LANES
        if missing.size:
            blocks, counts = np.unique(missing, return_counts=True)
            tasks.append(_Task(arm, replicates, dict(zip(blocks.tolist(), counts.tolist(), strict=True))))
    return tasks, replicates * len(distinct)


def _played(
    batches: Iterator[Batch], workers: int, is_stopping: Callable[[], bool]
) -> Iterator[tuple[_Task, dict[int, BlockRuns]]]:
    """Yield batches as they are played, not always in order."""
    waiting: dict[Future[dict[int, BlockRuns]], _Task] = {}
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
    waiting: dict[Future[dict[int, BlockRuns]], _Task],
) -> Iterator[tuple[_Task, dict[int, BlockRuns]]]:
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        yield waiting.pop(future), future.result()


def _batches(tasks: list[_Task], seed: int, engine: Engine) -> Iterator[Batch]:
    """Yield each arm's missing blocks in batches that grow until they take their time."""
    pace = _Pace()
    for task in tasks:
        pace = pace.next()
        play = _ensemble(task.arm, seed) if engine == "ensemble" else _mesa(task.arm, seed)
        left = list(task.missing)
        while left:
            blocks, left = left[: pace.blocks], left[pace.blocks :]
            yield task, partial(_play_blocks, task, play, blocks, pace)


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


def _play_blocks(task: _Task, play: PlayBlock, blocks: list[int], pace: _Pace) -> dict[int, BlockRuns]:
    began = time.perf_counter()
    network, steps = task.arm.network, task.arm.setting.parameters.steps
    organisations = len(network.organisation_names)
    played = {
        block: block_runs(
            play(block, min(LANES, task.replicates - block * LANES)), network.organisation_index, organisations, steps
        )
        for block in blocks
    }
    pace.learn(len(blocks), time.perf_counter() - began)
    return played


def _ensemble(arm: PlannedArm, seed: int) -> PlayBlock:
    words = partial(arm.leader_words, seed=seed)
    ensemble = Ensemble(arm.network, arm.setting.parameters, seed=seed, world=WORLD, leader_words=words)
    return lambda block, _: ensemble.block(block)


def _mesa(arm: PlannedArm, seed: int) -> PlayBlock:
    from diffusion.model.replicates import Replicates  # Mesa takes most of a second to import

    resolved = ModelInput.of(arm.network, arm.setting.parameters, seed=seed, world=WORLD)
    return Replicates(resolved, partial(arm.leader_words, seed=seed)).block
