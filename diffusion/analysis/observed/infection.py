"""Infectiousness and susceptibility: who adopted right before and right after an agent, among those tied to it.

After Myers (2000, doi 10.1086/303110) and Valente, Dyal, Chu, Wipfli & Fujimoto
(2015, doi 10.1016/j.socscimed.2015.10.001), with the equations of netdiffuseR.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from diffusion.analysis.observed.exposure import ExposureTies, FloatArray


def susceptibility(
    ties: ExposureTies, at: NDArray[np.signedinteger[Any]], periods: int, *, lags: int = 1, normalized: bool = True
) -> FloatArray:
    """Return how far an agent's adoption followed right upon that of those it learns from.

    Of the alters who had adopted by one period before the agent, the share who
    adopted in that very period; normalized, divided by how many agents adopted
    in it. With more lags, periods further back are added, at 1/2, 1/3, …

    Parameters
    ----------
    ties
        Whom agents learn from.
    at
        The period in which each agent adopted, negative for never; shape
        (agents,) or (agents, histories).
    periods
        How many periods there are.
    lags
        How many periods back are looked at.
    normalized
        Whether to divide by the number of agents who adopted then.

    Returns
    -------
    One number an agent, of the shape of ``at``; NaN where the agent did not
    adopt or nobody it learns from had adopted before, where netdiffuseR
    writes 0.
    """
    times = _columns(at)
    alter, agent = times[ties.alter], times[ties.agent]
    gap = np.where((alter >= 0) & (agent >= 0), agent - alter, 0)
    return _rates(ties.by_agent, gap, times, -1, periods=periods, lags=lags, normalized=normalized).reshape(at.shape)


def infectiousness(
    ties: ExposureTies, at: NDArray[np.signedinteger[Any]], periods: int, *, lags: int = 1, normalized: bool = True
) -> FloatArray:
    """Return how far the adoption of those who learn from an agent followed right upon its own.

    Of those who learn from the agent and adopted after it, the share who
    adopted in the very next period; normalized, divided by how many agents
    adopted in that. With more lags, later periods are added, at 1/2, 1/3, …

    Parameters
    ----------
    ties
        Whom agents learn from.
    at
        The period in which each agent adopted, negative for never; shape
        (agents,) or (agents, histories).
    periods
        How many periods there are.
    lags
        How many periods on are looked at.
    normalized
        Whether to divide by the number of agents who adopted then.

    Returns
    -------
    One number an agent, of the shape of ``at``; NaN where the agent did not
    adopt or nobody who learns from it adopted later, where netdiffuseR writes
    0.
    """
    times = _columns(at)
    alter, agent = times[ties.alter], times[ties.agent]
    gap = np.where((alter >= 0) & (agent >= 0), agent - alter, 0)
    pairs = np.arange(len(ties.alter))
    by_alter = sparse.csr_array((ties.weight, (ties.alter, pairs)), shape=(ties.size, len(pairs)))
    return _rates(by_alter, gap, times, 1, periods=periods, lags=lags, normalized=normalized).reshape(at.shape)


def _columns(at: NDArray[np.signedinteger[Any]]) -> NDArray[np.int64]:
    return np.asarray(at.reshape(len(at), -1), dtype=np.int64)


def _rates(
    by_one: sparse.csr_array,
    gap: NDArray[np.int64],
    times: NDArray[np.int64],
    side: int,
    *,
    periods: int,
    lags: int,
    normalized: bool,
) -> FloatArray:
    """Return the discounted share of pairs that are exactly so many periods apart among those at least so far apart."""
    exact, reached, adopting = (np.zeros(times.shape) for _ in range(3))
    new = _new_by_period(times, periods)
    for lag in range(1, lags + 1):
        exact += by_one @ (gap == lag).astype(np.float64) / lag
        reached += by_one @ (gap >= lag).astype(np.float64) / lag
        then = times + side * lag
        inside = (times >= 0) & (then >= 0) & (then < periods)
        adopting += np.where(inside, np.take_along_axis(new, np.where(inside, then, 0), axis=0), 0) / lag
    rates = np.full(times.shape, np.nan)
    np.divide(exact, reached, out=rates, where=(times >= 0) & (reached > 0))
    # Where nobody at all adopted then, nobody tied did either, and the rate is 0 whatever it is divided by.
    return rates / np.where(adopting > 0, adopting, 1.0) if normalized else rates


def _new_by_period(times: NDArray[np.int64], periods: int) -> FloatArray:
    """Return how many adopted in each period of each history; shape (periods, histories)."""
    histories = times.shape[1]
    where = np.where(times >= 0, times * histories + np.arange(histories), periods * histories)
    counts = np.bincount(where.ravel(), minlength=periods * histories + 1)[:-1]
    return counts.reshape(periods, histories).astype(np.float64)
