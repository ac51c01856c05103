"""Spread against cost: which arms no other arm beats at equal or lower cost, and which that cannot be told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

import numpy as np

from diffusion.analysis.arms import finite
from diffusion.analysis.intervals import CONFIDENCE, interval_where_equal, mean_interval, t_quantile
from diffusion.analysis.outcomes import FloatArray
from diffusion.analysis.units import ONE_WORLD, Units

OUTCOME = "spread"
"""What is set against cost: adopters who are not leaders, so that the number of leaders is no outcome itself."""

Standing = Literal["on the frontier", "beaten", "undecided"]

_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class CostedArm:
    """Hold the spread and the cost of an arm, run by run.

    Attributes
    ----------
    name, identity
        The arm's name, and what arms share that are one.
    spread, cost
        By run, of the same runs; shape (runs,) each.
    units
        How often each thing with or without a price was done, in the mean of a run.
    layout
        How runs are laid out in worlds, and what intervals count.
    """

    name: str
    identity: str
    spread: FloatArray
    cost: FloatArray
    units: Mapping[str, float] = field(default_factory=dict)
    layout: Units = ONE_WORLD

    @property
    def mean_cost(self) -> float:
        """Return the mean cost of a run."""
        return float(self.cost.mean())


@dataclass(frozen=True)
class ArmOnFrontier:
    """Say what an arm costs, how far it spreads, and how it stands beside arms that cost no more.

    Attributes
    ----------
    arm
        The arm.
    cost
        Its mean cost; ``least`` and ``most`` are those of single runs.
    units
        How often each thing was done, in the mean of a run.
    within_budget
        Whether the mean cost is at most the budget; ``None`` without one.
    mean, low, high
        Its mean spread with the 95 % interval.
    per_unit, per_unit_low, per_unit_high
        Spread for each unit of cost, with the 95 % interval; ``None`` for an arm that costs nothing.
    standing
        ``"beaten"`` where some arm that costs no more spreads further, beyond
        doubt; ``"on the frontier"`` where every such arm spreads less, beyond
        doubt, or there is none; else ``"undecided"``.
    against
        The arms that beat it or, where it is undecided, those that may; the one that spreads furthest first.
    """

    arm: str
    cost: float
    least: float
    most: float
    units: Mapping[str, float]
    within_budget: bool | None
    mean: float
    low: float | None
    high: float | None
    per_unit: float | None
    per_unit_low: float | None
    per_unit_high: float | None
    standing: Standing
    against: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        told = asdict(self) | {"units": dict(self.units), "against": list(self.against)}
        return told | finite({name: value for name, value in told.items() if isinstance(value, float)})


def frontier(arms: Sequence[CostedArm], *, agents: int, budget: float | None = None) -> tuple[ArmOnFrontier, ...]:
    """Return how the arms of one network and cell stand, the cheapest first.

    Differences are paired by run, in worlds by world; the 95 % intervals that decide hold
    for all pairs of arms at once (Bonferroni), so that no arm is called
    beaten, or unbeaten, for having been compared often.

    Parameters
    ----------
    arms
        The arms, with the same replicates.
    agents
        How many agents there are.
    budget
        What may be spent.

    Examples
    --------
    >>> runs = np.arange(100.0)
    >>> cheap = CostedArm("cheap", "1", runs % 3 + 5, np.full(100, 10.0))
    >>> dear = CostedArm("dear", "2", runs % 2, np.full(100, 30.0))
    >>> [(found.arm, found.standing, found.against) for found in frontier([dear, cheap], agents=50)]
    [('cheap', 'on the frontier', ()), ('dear', 'beaten', ('cheap',))]
    """
    pairs = _pairs(arms)
    ordered = sorted(arms, key=lambda arm: (round(arm.mean_cost, 9), *_by_spread(arm)))
    return tuple(_stand(arm, arms, agents=agents, budget=budget, pairs=pairs) for arm in ordered)


def _pairs(arms: Sequence[CostedArm]) -> int:
    distinct = len({arm.identity for arm in arms})
    return max(1, distinct * (distinct - 1) // 2)


def _stand(
    arm: CostedArm, arms: Sequence[CostedArm], *, agents: int, budget: float | None, pairs: int
) -> ArmOnFrontier:
    beating: list[CostedArm] = []
    open_to: list[CostedArm] = []
    for other in arms:
        if other.identity == arm.identity or not _costs_no_more(other, arm):
            continue
        low, high = _interval(arm.layout.means(other.spread - arm.spread), agents, pairs)
        if low > 0:
            beating.append(other)
        elif high >= 0:
            open_to.append(other)
    standing: Standing = "beaten" if beating else "undecided" if open_to else "on the frontier"
    limit = _pointwise(arm.layout.means(arm.spread), agents)
    return ArmOnFrontier(
        arm=arm.name,
        cost=arm.mean_cost,
        least=float(arm.cost.min()),
        most=float(arm.cost.max()),
        units=arm.units,
        within_budget=None if budget is None else arm.mean_cost <= budget * (1 + _SAME),
        mean=float(arm.spread.mean()),
        low=limit[0],
        high=limit[1],
        **_per_unit(arm),
        standing=standing,
        against=tuple(other.name for other in sorted(beating or open_to, key=_by_spread)),
    )


def _by_spread(arm: CostedArm) -> tuple[float, str]:
    return -float(arm.spread.mean()), arm.name


def _costs_no_more(other: CostedArm, arm: CostedArm) -> bool:
    return other.mean_cost <= arm.mean_cost + _SAME * max(1.0, abs(arm.mean_cost))


def _interval(differences: FloatArray, agents: int, pairs: int) -> tuple[float, float]:
    """Return the interval of a mean paired difference, for all pairs of arms at once; unbounded if nothing is known."""
    count = len(differences)
    if count < 2:
        return -np.inf, np.inf
    quantile = t_quantile(count - 1, 1 - (1 - CONFIDENCE) / pairs)
    found = mean_interval(differences, quantile) or interval_where_equal(float(differences[0]), count, float(agents))
    return found or (-np.inf, np.inf)


def _pointwise(spread: FloatArray, agents: int) -> tuple[float | None, float | None]:
    return (mean_interval(spread, low=0.0, high=float(agents)) if len(spread) > 1 else None) or (None, None)


def _per_unit(arm: CostedArm) -> dict[str, float | None]:
    """Return the ratio of the mean spread to the mean cost; its interval is that of the linearised ratio."""
    cost = arm.mean_cost
    if cost <= 0:
        return dict.fromkeys(("per_unit", "per_unit_low", "per_unit_high"))
    ratio = float(arm.spread.mean()) / cost
    around = mean_interval(arm.layout.means(arm.spread - ratio * arm.cost)) if len(arm.spread) > 1 else None
    low, high = (max(0.0, ratio + around[0] / cost), ratio + around[1] / cost) if around else (None, None)
    return {"per_unit": ratio, "per_unit_low": low, "per_unit_high": high}
