"""Measuring two engines side by side: short rounds in turn, and whether their means agree."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Counts = NDArray[np.int64]

STANDARD_ERRORS = 4.0
"""How far means may lie apart: with 20 comparisons, one false alarm in 800 runs of the benchmark."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Describe one engine playing one rule on one graph.

    Attributes
    ----------
    name
        Whose engine it is.
    play
        Plays at least so many runs, recording when every agent adopts, and
        returns how many it played.
    adopters
        Plays so many runs, and returns how many agents adopted in each.
    """

    name: str
    play: Callable[[int], int]
    adopters: Callable[[int], Counts]


@dataclass(frozen=True, slots=True)
class Patience:
    """Say how long to measure.

    Attributes
    ----------
    rounds
        How many rounds; in each, both engines play in turn.
    round_seconds
        How long each plays in a round, at least one run.
    mean_seconds
        How long each plays for its mean.
    fewest_runs
        How many runs at least make a mean.
    """

    rounds: int
    round_seconds: float
    mean_seconds: float
    fewest_runs: int


MOST_RUNS = 20_000
"""How many runs at most make a mean."""


@dataclass(frozen=True, slots=True)
class Mean:
    """Hold a mean with its 95 % interval (Student's t)."""

    mean: float
    low: float
    high: float
    standard_error: float
    runs: int


@dataclass(frozen=True, slots=True)
class Speeds:
    """Hold the medians of replicates per second, and of their ratio round by round."""

    ours: float
    theirs: float
    ratio: float


def speeds(ours: Contender, theirs: Contender, patience: Patience) -> Speeds:
    """Measure two engines in turn, after a first run of each that is not counted.

    Parameters
    ----------
    ours, theirs
        The engines.
    patience
        How long to measure.
    """
    seconds = patience.round_seconds
    batches = [(contender, _batch(contender, seconds)) for contender in (ours, theirs)]
    rates = np.array([[_per_second(*each, seconds) for each in batches] for _ in range(patience.rounds)])
    return Speeds(*np.median(rates, axis=0).tolist(), float(np.median(rates[:, 0] / rates[:, 1])))


def mean_of(contender: Contender, patience: Patience) -> Mean:
    """Return the mean number of adopters.

    Parameters
    ----------
    contender
        The engine.
    patience
        How long to measure.
    """
    rate = _per_second(contender, 1, min(0.2, patience.mean_seconds))
    runs = int(min(MOST_RUNS, max(patience.fewest_runs, rate * patience.mean_seconds)))
    counts = contender.adopters(runs)
    error = float(counts.std(ddof=1) / np.sqrt(len(counts)))
    reach = float(stats.t.ppf(0.975, len(counts) - 1)) * error
    mean = float(counts.mean())
    return Mean(mean, mean - reach, mean + reach, error, len(counts))


def agree(one: Mean, other: Mean) -> bool:
    """Return whether two means lie within four standard errors of their difference."""
    return abs(one.mean - other.mean) <= STANDARD_ERRORS * float(np.hypot(one.standard_error, other.standard_error))


def _batch(contender: Contender, seconds: float) -> int:
    """Return how many runs to ask for at a time: a tenth of a round's."""
    contender.play(1)
    return max(1, int(_per_second(contender, 1, seconds / 10) * seconds / 10))


def _per_second(contender: Contender, batch: int, seconds: float) -> float:
    runs = 0
    began = time.perf_counter()
    while True:
        runs += contender.play(batch)
        if (elapsed := time.perf_counter() - began) >= seconds:
            return runs / elapsed
