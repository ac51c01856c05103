"""Crews: who plays batches while the main thread writes what was played."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from diffusion.experiment.batches import Batch
from diffusion.experiment.playing import Played

Finished: TypeAlias = tuple[Batch, Played | Exception]
"""A batch, and what came of it."""


class Crew(Protocol):
    """Describe whoever plays batches."""

    @property
    def waiting(self) -> int:
        """Return how many batches were handed over and have not come back."""

    def has_room(self) -> bool:
        """Return whether another batch is to be handed over, so that nobody idles and little piles up."""

    def hand(self, batch: Batch) -> None:
        """Hand a batch over."""

    def finished(self) -> Iterator[Finished]:
        """Wait until a batch is done, and yield all that are."""

    def withdraw(self) -> None:
        """Take back what nobody has begun; it does not come back."""


class Threads:
    """Play batches in threads of this process, which share memory and end with it.

    Compiled code runs outside Python's lock, so threads run side by side.

    Parameters
    ----------
    workers
        How many threads.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="player")
        self._futures: dict[Future[Played], Batch] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def waiting(self) -> int:
        """Return how many batches were handed over and have not come back."""
        return len(self._futures)

    def has_room(self) -> bool:
        """Return whether another batch is to be handed over: one more than there are threads."""
        return len(self._futures) <= self._workers

    def hand(self, batch: Batch) -> None:
        """Hand a batch over."""
        self._futures[self._pool.submit(batch.play)] = batch

    def finished(self) -> Iterator[Finished]:
        """Wait until a batch is done, and yield all that are."""
        for future in wait(self._futures, return_when=FIRST_COMPLETED).done:
            batch = self._futures.pop(future)
            error = future.exception()
            if isinstance(error, Exception):
                yield batch, error
            else:
                yield batch, future.result()

    def withdraw(self) -> None:
        """Take back what no thread has begun; it does not come back."""
        self._futures = {future: batch for future, batch in self._futures.items() if not future.cancel()}
