"""Equity of reach: how unevenly an innovation is expected to reach the groups of a network.

``gap.GROUPING`` is the mean distance of a group's expected adopted share from
that of all, weighted by size: the sum over groups g of (n_g / N) |P_g - P|.
Theil's index of the same shares (Theil 1967) stands beside it. Agents count in
the runs in which they do not lead: leaders adopt by decree, and would make
their own groups look reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.arms import ArmResult, finite
from diffusion.analysis.grouping import Grouping
from diffusion.analysis.intervals import all_equal, bound_where_equal, family_quantile, mean_interval
from diffusion.analysis.resampling import Interval, count_bootstrap
from diffusion.analysis.units import ONE_WORLD, Units

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Equity:
    """Hold how evenly an arm reaches the groups of a network.

    Numbers are None where they are undefined: intervals where all runs are
    equal, ``theil`` where nobody is reached.

    Attributes
    ----------
    arm, grouping
        Which arm, by which column.
    replicates
        Number of runs.
    reach
        P: the expected adopted share at T of the agents who do not lead.
    groups
        P_g by group, in the order of the grouping; groups all of whose agents always lead are absent.
    weights
        n_g / N by group: its mean share of the agents who do not lead.
    gap, gap_low, gap_high
        Σ (n_g / N) |P_g - P| with its 95 % interval, by bootstrap of the
        replicates. Its lower end is 0 unless some group is shown to differ.
    differs
        Whether some P_g differs from P, by 95 % intervals over all groups at once.
    theil, theil_low, theil_high
        Σ (n_g / N) (P_g / P) ln(P_g / P), 0 where all groups are reached alike.
    differ_below
        Where all runs are equal: the 95 % bound on the share of histories that differ; else None.
    """

    arm: str
    grouping: str
    replicates: int
    reach: float
    groups: Mapping[str, float]
    weights: Mapping[str, float]
    gap: float
    gap_low: float | None
    gap_high: float | None
    differs: bool
    theil: float | None
    theil_low: float | None
    theil_high: float | None
    differ_below: float | None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        told = asdict(self) | {"groups": dict(self.groups), "weights": dict(self.weights)}
        return told | finite({name: value for name, value in told.items() if isinstance(value, float)})


@dataclass(frozen=True)
class EquityDifference:
    """Compare how unevenly two arms reach the groups, their runs paired by replicate.

    Attributes
    ----------
    arm, baseline, grouping
        What is compared with what.
    replicates
        Number of paired runs.
    reach
        The arm's P minus the baseline's: gaps are small also where few are reached.
    gap, gap_low, gap_high
        The arm's gap minus the baseline's: negative where it reaches more
        evenly; with its 95 % interval, by bootstrap of the replicates.
    theil, theil_low, theil_high
        The same of Theil's index.
    """

    arm: str
    baseline: str
    grouping: str
    replicates: int
    reach: float
    gap: float
    gap_low: float | None
    gap_high: float | None
    theil: float | None
    theil_low: float | None
    theil_high: float | None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        told = asdict(self)
        return told | finite({name: value for name, value in told.items() if isinstance(value, float)})


@dataclass(frozen=True, eq=False)
class _Tally:
    """Hold how many agents of each group do not lead, and how many of these have adopted, run by run."""

    adopted: FloatArray
    members: FloatArray
    units: Units = ONE_WORLD

    def shares(self, counts: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return P_g, n_g / N and P for replicates drawn so often; shapes (…, groups), (…, groups) and (…, 1)."""
        adopted, members = counts @ self.adopted, counts @ self.members
        total = members.sum(axis=-1, keepdims=True)
        share = np.divide(adopted, members, out=np.zeros_like(adopted), where=members > 0)
        reach = np.divide(adopted.sum(axis=-1, keepdims=True), total, out=np.zeros_like(total), where=total > 0)
        return share, np.divide(members, total, out=np.zeros_like(members), where=total > 0), reach

    def gap_and_theil(self, counts: FloatArray) -> FloatArray:
        """Return the gap and Theil's index for replicates drawn so often; shape (2, …)."""
        share, weight, reach = self.shares(counts)
        gap = (weight * np.abs(share - reach)).sum(axis=-1)
        ratio = np.divide(share, reach, out=np.zeros_like(share), where=reach > 0)
        logged = np.log(ratio, out=np.zeros_like(ratio), where=ratio > 0)
        theil = np.where(reach[..., 0] > 0, (weight * ratio * logged).sum(axis=-1), np.nan)
        return np.stack([gap, theil])

    @property
    def is_constant(self) -> bool:
        """Return whether all runs have the same numbers."""
        return all(all_equal(column) for table in (self.adopted, self.members) for column in table.T)


def equity(arms: Sequence[ArmResult], grouping: Grouping, seed_text: str) -> tuple[Equity, ...]:
    """Return how evenly every arm reaches the groups, in the order of the arms.

    Parameters
    ----------
    arms
        The arms of one network and cell, with the same replicates.
    grouping
        The groups.
    seed_text
        What keys the bootstrap.
    """
    return tuple(_equity(arm, _tally(arm, grouping), grouping, seed_text) for arm in arms)


def equity_differences(
    arms: Sequence[ArmResult], baseline: str, grouping: Grouping, seed_text: str
) -> tuple[EquityDifference, ...]:
    """Return how unevenly every arm reaches the groups beside the baseline, replicate by replicate.

    Each arm's own leaders are left out of its gap, so a difference is that of
    the two gaps as they are told.

    Parameters
    ----------
    arms
        The arms of one network and cell, with the same replicates.
    baseline
        The name of the arm that the others are compared with.
    grouping
        The groups.
    seed_text
        What keys the bootstrap.
    """
    tallies = {arm.name: _tally(arm, grouping) for arm in arms}
    return tuple(
        _difference(arm.name, baseline, tallies, grouping.name, seed_text) for arm in arms if arm.name != baseline
    )


def _tally(arm: ArmResult, grouping: Grouping) -> _Tally:
    runs, follows = arm.runs, ~arm.runs.leaders
    of_group = np.equal.outer(grouping.index, np.arange(len(grouping.groups))).astype(np.float32)
    adopted = (runs.adopted & follows).astype(np.float32) @ of_group
    members = np.broadcast_to(follows.astype(np.float32) @ of_group, adopted.shape)
    return _Tally(adopted.astype(np.float64), members.astype(np.float64), arm.units)


def _equity(arm: ArmResult, tally: _Tally, grouping: Grouping, seed_text: str) -> Equity:
    runs = len(tally.adopted)
    once = np.ones(runs)
    share, weight, reach = tally.shares(once)
    gap, theil = tally.gap_and_theil(once).tolist()
    intervals = count_bootstrap(runs, tally.gap_and_theil, seed_text, grouping.name, units=tally.units)
    differs = _some_differ(tally, seed_text)
    present = [(place, name) for place, name in enumerate(grouping.groups) if weight[place] > 0]
    gap_ends, theil_ends = (_floored(found, differs=differs) for found in intervals)
    return Equity(
        arm=arm.name,
        grouping=grouping.name,
        replicates=runs,
        reach=float(reach[0]),
        groups={name: float(share[place]) for place, name in present},
        weights={name: float(weight[place]) for place, name in present},
        gap=gap,
        gap_low=gap_ends[0],
        gap_high=gap_ends[1],
        differs=differs,
        theil=theil if np.isfinite(theil) else None,
        theil_low=theil_ends[0],
        theil_high=theil_ends[1],
        differ_below=bound_where_equal(tally.units.count(runs)) if tally.is_constant else None,
    )


def _difference(
    arm: str, baseline: str, tallies: Mapping[str, _Tally], grouping: str, seed_text: str
) -> EquityDifference:
    own, other = tallies[arm], tallies[baseline]
    runs = len(own.adopted)

    def difference(counts: FloatArray) -> FloatArray:
        return own.gap_and_theil(counts) - other.gap_and_theil(counts)

    gap, theil = difference(np.ones(runs)).tolist()
    ends = count_bootstrap(runs, difference, seed_text, grouping, units=own.units)
    (gap_low, gap_high), (theil_low, theil_high) = (found or (None, None) for found in ends)
    return EquityDifference(
        arm=arm,
        baseline=baseline,
        grouping=grouping,
        replicates=runs,
        reach=float((own.shares(np.ones(runs))[2] - other.shares(np.ones(runs))[2])[0]),
        gap=gap,
        gap_low=gap_low,
        gap_high=gap_high,
        theil=theil if np.isfinite(theil) else None,
        theil_low=theil_low,
        theil_high=theil_high,
    )


def _floored(found: Interval, *, differs: bool) -> tuple[float | None, float | None]:
    """Return an interval of what cannot be negative: a bootstrap of it never reaches 0, even where 0 is the truth."""
    if found is None:
        return None, None
    return (found[0] if differs else 0.0), found[1]


def _some_differ(tally: _Tally, seed_text: str) -> bool:
    """Return whether some group's share is shown to differ from that of all, by intervals over all groups at once."""
    runs = len(tally.adopted)
    share, weight, reach = tally.shares(np.ones(runs))
    members = tally.members.mean(axis=0)
    rows = []
    for place in np.flatnonzero(weight > 0):
        own = (tally.adopted[:, place] - share[place] * tally.members[:, place]) / members[place]
        all_ = (tally.adopted.sum(axis=1) - reach[0] * tally.members.sum(axis=1)) / members.sum()
        rows.append(tally.units.means(own - all_ + (share[place] - reach[0])))
    quantile = family_quantile(np.array(rows), seed_text) if rows else None
    ends = [mean_interval(row, quantile) for row in rows]
    return any(found is not None and not found[0] <= 0 <= found[1] for found in ends)
