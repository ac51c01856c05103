"""The runner: plays what is missing of a study and keeps it, batch by batch.

Only runs that are not stored are played. A batch of blocks is written in one
transaction as soon as it is played, by the main thread alone, so whatever
stops the program, what was written stays and is not played again. A batch that
fails is tried once more; if it fails again the study goes on without it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from diffusion.errors import ClusterError
from diffusion.experiment.batches import Batch, Missing
from diffusion.experiment.crew import Crew, Threads
from diffusion.experiment.playing import Engine, Played
from diffusion.experiment.shard import Shard
from diffusion.experiment.store import Store
from diffusion.experiment.study import Study

__all__ = ["Engine", "Progress", "run"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Tell how far a study, or a shard of it, has come.

    Attributes
    ----------
    done
        How many of its runs are stored.
    total
        How many runs it has.
    stored_before
        How many of them were stored when this began.
    """

    done: int
    total: int
    stored_before: int


def _raise(_: Batch, error: Exception) -> NoReturn:
    raise error


def run(
    study: Study,
    store: Store,
    *,
    engine: Engine = "ensemble",
    workers: int = 1,
    crew: Crew | None = None,
    shard: Shard | None = None,
    report: Callable[[Progress], None] = lambda _: None,
    is_stopping: Callable[[], bool] = lambda: False,
    failed: Callable[[Batch, Exception], None] = _raise,
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
        How many threads play; results do not depend on it. The readable model is played by one.
    crew
        Who plays, instead of threads of this process.
    shard
        The part of the study to play; all of it by default.
    report
        Called after every batch with how far the study has come.
    is_stopping
        Asked after every batch; where it says so no further batch is begun,
        and those that are being played are finished and stored.
    failed
        Called with a batch that failed twice, and its error; the study then goes on. By default the error is raised.
    """
    missing = Missing(study, store, shard)
    missing.count(is_stopping)
    done = missing.stored
    report(Progress(done, missing.total, missing.stored))

    def found(runs: int) -> None:
        nonlocal done
        done += runs

    def play(by: Crew) -> None:
        for batch, played in _played(missing.batches(engine, found), by, is_stopping, failed):
            store.write(batch.task.arm, played.runs, batch.task.series.replicates)
            found(batch.runs)
            report(Progress(done, missing.total, missing.stored))

    if crew is not None:
        play(crew)
    else:
        with Threads(workers if engine == "ensemble" else 1) as threads:
            play(threads)
    return done == missing.total and not is_stopping()


def _played(
    batches: Iterator[Batch],
    crew: Crew,
    is_stopping: Callable[[], bool],
    failed: Callable[[Batch, Exception], None],
) -> Iterator[tuple[Batch, Played]]:
    """Yield batches as they are played, not always in order."""
    again: deque[Batch] = deque()
    while True:
        while not (is_closing := is_stopping()) and crew.has_room():
            batch = again.popleft() if again else next(batches, None)
            if batch is None:
                break
            crew.hand(batch)
        if is_closing:
            crew.withdraw()
        if not crew.waiting:
            return
        for batch, result in crew.finished():
            if isinstance(result, Played):
                batch.pace.learn(len(batch.missing), result.seconds)
                yield batch, result
            elif isinstance(result, ClusterError):
                raise result
            elif not batch.is_second_try:
                again.extend(batch.again())
            else:
                failed(batch, result)
