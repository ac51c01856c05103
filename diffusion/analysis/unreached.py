"""Who is left out: the agents who as a rule have not adopted by the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.resampling import Interval, count_bootstrap

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Unreached:
    """Hold how many agents an arm leaves out.

    Attributes
    ----------
    arm
        Which arm.
    replicates, agents
        Number of runs and of agents.
    left_out
        Share of the agents who are not in stage adopted at T in more than half of the runs.
    low, high
        Its 95 % interval, by bootstrap of the replicates; None where all resamples agree.
    never
        Share of the agents who are not in stage adopted at T in any run.
    difference
        ``left_out`` minus that of the baseline; None for the baseline itself.
    difference_low, difference_high
        Its 95 % interval, replicates drawn together.
    """

    arm: str
    replicates: int
    agents: int
    left_out: float
    low: float | None
    high: float | None
    never: float
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


def unreached(arms: Sequence[ArmResult], baseline: str, seed_text: str) -> tuple[Unreached, ...]:
    """Return how many agents every arm leaves out, beside the baseline.

    Parameters
    ----------
    arms
        The arms of one network and cell, with the same replicates.
    baseline
        The name of the arm that the others are compared with.
    seed_text
        What keys the bootstrap.
    """
    tables = [arm.runs.adopted.astype(np.float32) for arm in arms]
    place = [arm.name for arm in arms].index(baseline)

    def both(counts: FloatArray) -> FloatArray:
        shares = np.array([_left_out(table, counts) for table in tables])
        return np.concatenate([shares, shares - shares[place]])

    replicates = arms[0].runs.replicates
    values = both(np.ones(replicates))
    ends = count_bootstrap(replicates, both, seed_text, "left_out", units=arms[0].units)
    return tuple(
        _unreached(arm, tables[row], (values[row], ends[row]), (values[row + len(arms)], ends[row + len(arms)]))
        if arm.name != baseline
        else _unreached(arm, tables[row], (values[row], ends[row]), None)
        for row, arm in enumerate(arms)
    )


def _left_out(table: NDArray[np.float32], counts: FloatArray) -> FloatArray:
    """Return the share of the agents left out, for replicates that count so often."""
    weights = counts.astype(np.float32)
    half = weights.sum(axis=-1, keepdims=True) / 2
    return np.asarray((weights @ table < half).mean(axis=-1), dtype=np.float64)


def _unreached(
    arm: ArmResult,
    table: NDArray[np.float32],
    own: tuple[float, Interval],
    beside: tuple[float, Interval] | None,
) -> Unreached:
    low, high = own[1] or (None, None)
    difference, ends = beside or (None, None)
    difference_low, difference_high = ends or (None, None)
    return Unreached(
        arm=arm.name,
        replicates=len(table),
        agents=table.shape[1],
        left_out=float(own[0]),
        low=low,
        high=high,
        never=float((~table.any(axis=0)).mean()),
        difference=None if difference is None else float(difference),
        difference_low=difference_low,
        difference_high=difference_high,
    )
