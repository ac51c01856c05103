"""Batches: what is missing of a study, in pieces that take about half a second each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES
from diffusion.experiment.playing import Engine, Ensembles, Place, Played, Player
from diffusion.experiment.shard import Shard
from diffusion.experiment.store import Store
from diffusion.experiment.study import PlannedArm, Series, Study, digest_of

BATCH_SECONDS = 0.5
"""How long a batch is meant to take: short enough to lose little, long enough to write seldom."""

LARGEST_BATCH_BYTES = 2**26
"""How much memory the results of a batch take at most, unless one block takes more."""

_RUN_BYTES = 1000
"""About how much a run takes while it is written, besides its bits."""

GROWTH = 16
"""By how much a batch may be larger than the one before."""


Counts: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Task:
    """Hold one arm of which runs are missing, and what plays them.

    Attributes
    ----------
    series
        The arm, and how many runs of it there are to be.
    player
        What plays it.
    seed, engine
        How it is played, for those who play it elsewhere.
    """

    series: Series
    player: Player
    seed: int
    engine: Engine

    @property
    def arm(self) -> PlannedArm:
        """Return the arm."""
        return self.series.arm


@dataclass(frozen=True, eq=False)
class Batch:
    """Hold some blocks of one arm, to be played and written together.

    Attributes
    ----------
    task
        The arm.
    missing
        How many runs are missing, by world and block.
    pace
        What is to know how long it took.
    is_second_try
        Whether these blocks were tried before and failed.
    """

    task: Task
    missing: dict[Place, int]
    pace: Pace
    is_second_try: bool = False

    @property
    def places(self) -> list[Place]:
        """Return worlds and blocks, in order."""
        return list(self.missing)

    @property
    def runs(self) -> int:
        """Return how many runs are missing."""
        return sum(self.missing.values())

    def play(self) -> Played:
        """Play it here and now."""
        return self.task.player.play(self.places)

    def again(self) -> Iterator[Batch]:
        """Yield what is tried once more: block by block, so that a bad one takes no other with it."""
        for place, runs in self.missing.items():
            yield replace(self, missing={place: runs}, is_second_try=True)


class Pace:
    """Find out how many blocks fill a batch.

    Parameters
    ----------
    blocks
        How many to begin with.
    most
        How many there may be at most.
    """

    def __init__(self, blocks: int = 1, most: int = 1) -> None:
        self.blocks = max(1, min(blocks, most))
        self.most = most

    def next(self, size: int) -> Pace:
        """Return where the next arm begins, which may be many times slower.

        Parameters
        ----------
        size
            How many agents its network has.
        """
        most = LARGEST_BATCH_BYTES // (LANES * (_RUN_BYTES + size // 8))
        return Pace(self.blocks // GROWTH, max(1, most))

    def learn(self, blocks: int, seconds: float) -> None:
        """Take note of how long so many blocks took."""
        fitting = int(blocks * BATCH_SECONDS / max(seconds, 1e-9))
        self.blocks = max(1, min(fitting, GROWTH * blocks, self.most))


class Missing:
    """Find what is missing of a study in a store.

    Nothing is kept but how much it is: what is missing of an arm is looked up
    when its turn comes, so that no study is too long to be held.

    Parameters
    ----------
    study, store
        What is asked, and what there is.
    shard
        The part of the study that is meant; all of it by default.
    """

    def __init__(self, study: Study, store: Store, shard: Shard | None = None) -> None:
        self.study = study
        self.store = store
        self.shard = shard
        self.total = self.stored = 0
        self._open: list[tuple[Series, int]] = []

    def count(self, is_stopping: Callable[[], bool]) -> None:
        """Count the runs that there are to be, and those that there are; the latter in vain where it is to stop."""
        for series in self.study.played:
            wanted = int(self._wanted(series).sum())
            self.total += wanted
            if is_stopping():
                continue
            missing = int(self._missing(series).sum())
            self.stored += wanted - missing
            if missing:
                self._open.append((series, missing))

    def batches(self, engine: Engine, found: Callable[[int], None]) -> Iterator[Batch]:
        """Yield each arm's missing blocks in batches that grow until they take their time.

        Parameters
        ----------
        engine
            How they are played.
        found
            Called with the number of runs that another program stored meanwhile.
        """
        pace, seed, ensembles = Pace(), self.study.scenario.seed, Ensembles()
        for series, counted in _alike_together(self._open):
            missing = self._missing(series)
            if there := counted - int(missing.sum()):
                found(there)
            player = Player(series.arm, seed=seed, engine=engine, replicates=series.replicates, ensembles=ensembles)
            task = Task(series, player, seed, engine)
            pace = pace.next(series.arm.network.size)
            left = zip(*np.nonzero(missing), strict=True)
            while places := list(islice(left, pace.blocks)):
                counts = {(int(world), int(block)): int(missing[world, block]) for world, block in places}
                yield Batch(task, counts, pace)

    def _wanted(self, series: Series) -> Counts:
        """Return how many runs each block is to have, of those that belong to the shard; shape (worlds, blocks)."""
        blocks = np.arange(-(-series.replicates // LANES))
        lanes = np.minimum(LANES, series.replicates - blocks * LANES)
        worlds = np.arange(series.worlds)[:, np.newaxis]
        held = True if self.shard is None else self.shard.holds(series.arm, worlds, blocks)
        return np.where(held, lanes, np.zeros_like(worlds))

    def _missing(self, series: Series) -> Counts:
        """Return how many of them are missing."""
        wanted = self._wanted(series)
        stored = np.zeros((series.worlds, wanted.shape[1] * LANES), dtype=np.bool_)
        stored[:, : series.replicates] = self.store.stored_runs(series)
        return np.where(wanted > 0, wanted - np.count_nonzero(stored.reshape(*wanted.shape, LANES), axis=2), 0)


def _alike_together(found: Sequence[tuple[Series, int]]) -> list[tuple[Series, int]]:
    """Return series in their order, but those of the same parameters one after the other, for they share much work."""
    first: dict[tuple[str, str], int] = {}
    arms = [series.arm for series, _ in found]
    names = [(arm.setting_digest, digest_of(arm.setting.canonical()["parameters"])) for arm in arms]
    places = [first.setdefault(name, place) for place, name in enumerate(names)]
    return [found[place] for place in sorted(range(len(found)), key=lambda place: places[place])]
