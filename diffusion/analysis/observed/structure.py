"""Structural dependence: whether a statistic of adoption needs this network, or comes out of any like it.

The idea is that of netdiffuseR's ``struct_test`` (Vega Yon & Valente): keep the
times, rewire the ties, and see whether the statistic is still the same. Here
times may also be dealt anew among agents, with the ties kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.observed.exposure import ExposureTies, FloatArray, exposure_when_adopting
from diffusion.analysis.observed.infection import infectiousness, susceptibility
from diffusion.analysis.observed.moran import moran_statistic
from diffusion.analysis.observed.shuffling import groups_of, shuffled
from diffusion.analysis.observed.times import ObservedTimes
from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.network import Network
from diffusion.network.rewiring import rewired

Null = Literal["rewired ties", "dealt times"]
NULLS: tuple[Null, ...] = ("rewired ties", "dealt times")
"""What is made random: ties, in- and out-degrees by layer kept, or whose time is whose."""

Statistic = Callable[[ExposureTies, NDArray[np.int64], int], float | None]
TiesOf = Callable[[Network], ExposureTies]


def mean_threshold(ties: ExposureTies, at: NDArray[np.int64], periods: int, *, lagged: bool = False) -> float | None:  # noqa: ARG001 - statistics of one kind take the same arguments
    """Return the mean exposure when adopting, of adopters who have alters."""
    value, alters = exposure_when_adopting(ties, at, lagged=lagged)
    return _mean(value[alters > 0])


def mean_susceptibility(ties: ExposureTies, at: NDArray[np.int64], periods: int) -> float | None:
    """Return the mean susceptibility, not normalized, of those who have one."""
    return _mean(susceptibility(ties, at, periods, normalized=False))


def mean_infectiousness(ties: ExposureTies, at: NDArray[np.int64], periods: int) -> float | None:
    """Return the mean infectiousness, not normalized, of those who have one."""
    return _mean(infectiousness(ties, at, periods, normalized=False))


STATISTICS: Mapping[str, Statistic] = MappingProxyType(
    {
        "mean threshold": mean_threshold,
        "mean lagged threshold": partial(mean_threshold, lagged=True),
        "mean infectiousness": mean_infectiousness,
        "mean susceptibility": mean_susceptibility,
        "Moran's I": lambda ties, at, _periods: moran_statistic(ties, at),
    }
)
"""What can be tested, by name: a number made of ties, times and the number of periods."""


@dataclass(frozen=True)
class StructureTest:
    """Hold a statistic beside its values under a null.

    Attributes
    ----------
    statistic
        Its name in :data:`STATISTICS`.
    null
        What was made random.
    within
        The column whose groups were kept; None where none were.
    observed
        The statistic of the network and times as they are.
    mean, sd, low, high
        Of its values under the null; low and high are 2.5 % and 97.5 % quantiles.
    p_value
        Twice the smaller of the shares of values at most and at least as
        large as the observed one, which counts as one of them, so that it is
        never 0.
    number
        How many values there are.
    """

    statistic: str
    null: Null
    within: str | None
    observed: float
    mean: float
    sd: float
    low: float
    high: float
    p_value: float
    number: int

    def as_json(self) -> dict[str, Any]:
        """Return the fields by name."""
        return dict(vars(self))


def structure_test(
    network: Network,
    times: ObservedTimes,
    *,
    statistic: str = "mean threshold",
    null: Null = "rewired ties",
    within: str | None = None,
    number: int = 200,
    seed: int = 0,
    ties_of: TiesOf = ExposureTies.of,
) -> StructureTest | None:
    """Return whether a statistic of adoption depends on who is tied to whom.

    Rewired networks keep how many ties of each layer every agent sends and
    receives; within groups, also how many go from each group to each. Dealt
    times keep the adoption curve; within groups, also that of each group.

    Parameters
    ----------
    network
        The network.
    times
        When its agents adopted.
    statistic
        A name in :data:`STATISTICS`.
    null
        What is made random.
    within
        A column, or ``role``, whose groups are kept.
    number
        How many rewired networks, or deals.
    seed
        What keys the random numbers.
    ties_of
        Over which ties exposure is counted, of the network and of each
        rewired one.

    Returns
    -------
    The test; None where the statistic is not defined.

    Raises
    ------
    InputError
        If the statistic, the null or the column does not exist.
    """
    measured = _statistic(statistic)
    if null not in NULLS:
        raise InputError(f'null: must be one of {", ".join(NULLS)}, not "{null}"')
    groups = groups_of(network, within)
    ties = ties_of(network)
    observed = measured(ties, times.at, times.periods)
    if observed is None:
        return None
    if null == "dealt times":
        key = (network.digest, "structure", seed)
        found = [
            measured(ties, shuffled(times.at, times.known, groups, coordinates=(*key, place)), times.periods)
            for place in range(number)
        ]
    else:
        found = [
            measured(ties_of(other), times.at, times.periods)
            for other in (_rewired(network, groups, place, seed) for place in range(number))
        ]
    values = np.array([value for value in found if value is not None], dtype=np.float64)
    return _told(statistic, null, within, observed, values) if values.size > 1 else None


def _statistic(name: str) -> Statistic:
    if name not in STATISTICS:
        hint = nearest_name_hint(name, STATISTICS)
        raise InputError(f'statistic: must be one of {", ".join(STATISTICS)}, not "{name}"{hint}')
    return STATISTICS[name]


def _rewired(network: Network, groups: NDArray[np.int64] | None, number: int, seed: int) -> Network:
    if groups is None:
        return rewired(network, kept="degrees", number=number, seed=seed)
    grouped = replace(network, roles=tuple(map(str, groups.tolist())))
    return rewired(grouped, kept="degrees and roles", number=number, seed=seed)


def _told(statistic: str, null: Null, within: str | None, observed: float, values: FloatArray) -> StructureTest:
    rounding = 1e-12 * max(1.0, abs(observed))
    lower, higher = int((values <= observed + rounding).sum()), int((values >= observed - rounding).sum())
    low, high = np.percentile(values, [2.5, 97.5]).tolist()
    return StructureTest(
        statistic=statistic,
        null=null,
        within=within,
        observed=observed,
        mean=float(values.mean()),
        sd=float(values.std(ddof=1)),
        low=low,
        high=high,
        p_value=min(1.0, 2 * (1 + min(lower, higher)) / (len(values) + 1)),
        number=len(values),
    )


def _mean(values: FloatArray) -> float | None:
    told = values[np.isfinite(values)]
    return float(told.mean()) if told.size else None
