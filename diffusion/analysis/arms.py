"""Arms one by one: means with intervals, and how often an arm is best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.across import LevelAcross, beside_best, best_in, level_across
from diffusion.analysis.intervals import all_equal, bound_where_equal, mean_interval
from diffusion.analysis.outcomes import (
    FloatArray,
    IntArray,
    RegionFacts,
    Runs,
    find_outcome,
    never_half,
    outcome_values,
    role_adopters,
)
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.analysis.units import ONE_WORLD, Units


@dataclass(frozen=True, eq=False)
class ArmResult:
    """Hold the runs of an arm in one network and cell.

    Attributes
    ----------
    name
        The arm's name.
    identity
        What tells arms apart that differ in leaders or parameters: arms of
        the same identity (a digest, for example) count as one.
    runs
        Its runs, replicates 0, 1, … in order, world after world.
    parameters
        What tells arms apart that differ in parameters, whoever leads and
        however influential leaders are: only arms that share it with the arm
        without leaders are compared with that.
    units
        How the runs are laid out in worlds.
    """

    name: str
    identity: str
    runs: Runs
    parameters: str = ""
    units: Units = ONE_WORLD


@dataclass(frozen=True, eq=False)
class Levels:
    """Hold the distinct values of an outcome, ascending, and how many runs have each."""

    values: FloatArray
    counts: IntArray


@dataclass(frozen=True, eq=False)
class MeasuredArm:
    """Hold an arm's outcomes, run by run.

    Attributes
    ----------
    name, identity, runs, parameters, units
        As in :class:`ArmResult`.
    values
        One number a run by outcome.
    role_counts
        Adopters at the end by role; shape (replicates, roles).
    """

    name: str
    identity: str
    runs: Runs
    values: Mapping[str, FloatArray]
    role_counts: IntArray
    parameters: str = ""
    units: Units = ONE_WORLD
    _levels: dict[str, Levels] = field(default_factory=dict, repr=False)

    def levels(self, outcome: str) -> Levels:
        """Return the distinct values of an outcome, sorted once however many comparisons ask."""
        if outcome not in self._levels:
            self._levels[outcome] = levels(self.values[outcome])
        return self._levels[outcome]

    @property
    def leads(self) -> bool:
        """Return whether this is an arm with leaders, not the reserved one without."""
        return self.name != NO_LEADERS


@dataclass(frozen=True)
class OutcomeSummary:
    """Sum up one outcome of one arm over its runs.

    Attributes
    ----------
    mean
        Mean over the runs; of times, the restricted one.
    low, high
        95 % interval of the mean, by its unit (the run, or the world where there
        are several); None where all units are equal, or with one.
    sd
        Standard deviation over the runs; None with one run.
    censored
        Of times: the share of runs in which it never happened; else None.
    differ_below
        Where all units are equal: the 95 % bound on the share of histories,
        or worlds, that differ; else None.
    across
        What is told across worlds; None where there is one.
    """

    mean: float
    low: float | None
    high: float | None
    sd: float | None
    censored: float | None = None
    differ_below: float | None = None
    across: LevelAcross | None = None

    def as_json(self) -> dict[str, float | None]:
        """Return the fields by name; ``censored`` for times only, ``differ_below`` where all units are equal."""
        told: dict[str, float | None] = {"mean": self.mean, "low": self.low, "high": self.high, "sd": self.sd}
        optional = {"censored": self.censored, "differ_below": self.differ_below}
        optional |= asdict(self.across) if self.across else {}
        return finite(told | {name: value for name, value in optional.items() if value is not None})


@dataclass(frozen=True)
class ArmSummary:
    """Sum up one arm in one network and cell.

    Attributes
    ----------
    network, cell, arm
        Which arm: the network's name, the swept values, the arm's name.
    replicates
        Number of runs, over all worlds.
    worlds
        In how many worlds.
    leader_count
        How many agents lead.
    outcomes
        The summaries by outcome, in standard order.
    p_best, p_best_tied
        By outcome, the shares of replicates in which no other arm does as
        well, and in which it shares the best; None for the arm without leaders.
    stopped_early
        Whether it has fewer runs than others, because it was stopped before them.
    """

    network: str
    cell: Mapping[str, object]
    arm: str
    replicates: int
    leader_count: int
    outcomes: Mapping[str, OutcomeSummary]
    p_best: Mapping[str, float | None] = field(default_factory=dict)
    p_best_tied: Mapping[str, float | None] = field(default_factory=dict)
    worlds: int = 1
    stopped_early: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the arm as ``run --json`` prints it; who leads is added by the caller."""
        return {
            "network": self.network,
            "cell": dict(self.cell),
            "arm": self.arm,
            "replicates": self.replicates // self.worlds,
            **({} if self.worlds == 1 else {"worlds": self.worlds}),
            **({"stopped_early": True} if self.stopped_early else {}),
            "p_best": dict(self.p_best),
            "p_best_tied": dict(self.p_best_tied),
            "outcomes": {name: summary.as_json() for name, summary in self.outcomes.items()},
        }


def finite(told: dict[str, float | None]) -> dict[str, float | None]:
    """Return the numbers with None in place of what JSON cannot hold (NaN, infinities)."""
    return {name: value if value is None or math.isfinite(value) else None for name, value in told.items()}


def levels(values: FloatArray) -> Levels:
    """Return the distinct values of one number a run, and how many runs have each."""
    return Levels(*np.unique(values, return_counts=True))


def measure(arm: ArmResult, facts: RegionFacts, names: Sequence[str] | None = None) -> MeasuredArm:
    """Return an arm with its outcomes, all of them or those named, run by run."""
    counts = role_adopters(arm.runs, facts)
    values = outcome_values(arm.runs, facts, counts)
    kept = values if names is None else {name: values[name] for name in values if name in names}
    return MeasuredArm(arm.name, arm.identity, arm.runs, kept, counts, arm.parameters, arm.units)


def summarise(
    arms: Sequence[MeasuredArm], facts: RegionFacts, network: str, cell: Mapping[str, object]
) -> list[ArmSummary]:
    """Return the summaries of the arms of one network and cell, in their order."""
    found = {outcome: find_outcome(outcome, facts.role_names) for outcome in arms[0].values}
    leading = [arm for arm in arms if arm.leads]
    best = {outcome: _best_by_identity(leading, outcome, said.sign) for outcome, said in found.items()}
    leads = {
        outcome: _best_in_worlds(leading, outcome, said.sign, said.ceiling(facts)) for outcome, said in found.items()
    }
    return [
        ArmSummary(
            network=network,
            cell=dict(cell),
            arm=arm.name,
            replicates=arm.runs.replicates,
            leader_count=arm.runs.leader_count,
            outcomes={
                outcome: _with_best(
                    summary(values, found[outcome].ceiling(facts), _censored(arm, outcome), arm.units),
                    leads.get(outcome, {}).get(arm.identity) if arm.leads else None,
                )
                for outcome, values in arm.values.items()
            },
            worlds=arm.units.worlds,
            p_best={outcome: best[outcome][0].get(arm.identity) if arm.leads else None for outcome in arm.values},
            p_best_tied={outcome: best[outcome][1].get(arm.identity) if arm.leads else None for outcome in arm.values},
        )
        for arm in arms
    ]


def summary(
    values: FloatArray, ceiling: float, censored: float | None = None, units: Units = ONE_WORLD
) -> OutcomeSummary:
    """Return the summary of one number a run.

    Parameters
    ----------
    values
        The numbers, from 0 to ``ceiling``; no interval reaches beyond these.
    ceiling
        The largest number that a run can have.
    censored
        Of times: the share of runs in which it never happened.
    units
        How runs are laid out in worlds.

    Examples
    --------
    >>> summary(np.array([2.0, 2.0, 2.0, 2.0]), 10.0).differ_below
    0.75
    >>> summary(np.array([0.0, 0.0, 0.0, 1.0]), 1.0).low
    0.0
    """
    means, across = units.means(values), level_across(values, units)
    sd = None if len(values) < 2 else 0.0 if all_equal(values) else float(values.std(ddof=1))
    if all_equal(means):
        # The first value, not the mean, which rounding may move off the common value.
        return OutcomeSummary(float(means[0]), None, None, sd, censored, bound_where_equal(len(means)), across)
    low, high = mean_interval(means, low=0.0, high=ceiling) or (None, None)
    return OutcomeSummary(float(means.mean()), low, high, sd, censored, across=across)


def best_shares(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how often each row alone is the largest, and how often it shares that place.

    Parameters
    ----------
    values
        One row an arm, higher is better; shape (arms, replicates).

    Returns
    -------
    Two shares of the replicates, each of shape (arms,).

    Examples
    --------
    >>> alone, shared = best_shares(np.array([[2.0, 1.0], [1.0, 1.0]]))
    >>> alone.tolist(), shared.tolist()
    ([0.5, 0.0], [0.5, 0.5])
    """
    is_best: NDArray[np.bool_] = values == values.max(axis=0)
    several = is_best.sum(axis=0) > 1
    return (is_best & ~several).mean(axis=1), (is_best & several).mean(axis=1)


def _censored(arm: MeasuredArm, outcome: str) -> float | None:
    return float(never_half(arm.runs).mean()) if outcome == "time_to_half" else None


def _best_by_identity(
    arms: Sequence[MeasuredArm], outcome: str, sign: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the shares best and best with others by identity: identical arms count as one."""
    distinct = {arm.identity: sign * arm.values[outcome] for arm in arms}
    if not distinct:
        return {}, {}
    alone, shared = best_shares(np.array(list(distinct.values())))
    return dict(zip(distinct, alone.tolist(), strict=True)), dict(zip(distinct, shared.tolist(), strict=True))


def _best_in_worlds(arms: Sequence[MeasuredArm], outcome: str, sign: int, largest: float) -> dict[str, dict[str, int]]:
    """Return in how many worlds an arm is best, and passes the best mean, by identity; nothing in one world."""
    distinct = {arm.identity: arm.units.by_world(sign * arm.values[outcome]) for arm in arms}
    if not distinct or arms[0].units.worlds == 1:
        return {}
    values = np.array(list(distinct.values()))
    counts, undecided = best_in(values, largest)
    found = {}
    for identity, count, beside in zip(distinct, counts.tolist(), beside_best(values, largest), strict=True):
        passed = {} if beside is None else {"above_best_in": beside[0], "below_best_in": beside[1]}
        found[identity] = {"best_in": count, "undecided_in": undecided, **passed}
    return found


def _with_best(found: OutcomeSummary, best: Mapping[str, int] | None) -> OutcomeSummary:
    if found.across is None or best is None:
        return found
    return replace(found, across=replace(found.across, **best))
