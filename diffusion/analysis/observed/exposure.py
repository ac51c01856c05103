"""Exposure: how many of those whom an agent learns from had adopted.

Ties point the way knowledge flows, so the agents that one learns from are at
the other end of its *incoming* ties: those whom a survey respondent named as
the people they turn to, the outgoing nominations of netdiffuseR.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from diffusion.analysis.observed.times import UNKNOWN, IntArray, ObservedTimes
from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.network import Network

FloatArray = NDArray[np.float64]
Direction = Literal["in", "out", "both"]

DIRECTIONS: tuple[Direction, ...] = ("in", "out", "both")
"""Over which ties exposure is counted: those an agent learns from, those who learn from it, or either."""


@dataclass(frozen=True, eq=False)
class ExposureTies:
    """Hold over whom each agent's exposure is counted, each pair once.

    Attributes
    ----------
    size
        How many agents there are.
    agent, alter
        Who is exposed, and to whom; indices of agents; shape (pairs,).
    weight
        How much the alter counts: 1, or the sum of strengths over layers;
        shape (pairs,).
    """

    size: int
    agent: IntArray
    alter: IntArray
    weight: FloatArray

    @classmethod
    def of(
        cls,
        network: Network,
        *,
        layers: Sequence[str] | None = None,
        direction: Direction = "in",
        strengths: bool = False,
    ) -> ExposureTies:
        """Return the ties of a network over which exposure is counted.

        Parameters
        ----------
        network
            The network.
        layers
            Which layers count; all by default.
        direction
            ``in``: those the agent learns from; ``out``: those who learn
            from it; ``both``: either.
        strengths
            Whether alters count by the sum of their ties' strengths. By
            default a tie is there or it is not, in however many layers.

        Raises
        ------
        InputError
            If a layer or direction does not exist.
        """
        if direction not in DIRECTIONS:
            raise InputError(f'direction: must be in, out or both, not "{direction}"')
        kept = _in_layers(network, layers)
        source, target = network.source[kept].astype(np.int64), network.target[kept].astype(np.int64)
        strength = network.strength[kept]
        agent, alter = (target, source) if direction == "in" else (source, target)
        if direction == "both":
            agent, alter = np.concatenate([target, source]), np.concatenate([source, target])
            strength = np.concatenate([strength, strength])
        keys, place = np.unique(agent * network.size + alter, return_inverse=True)
        weight = np.bincount(place, weights=strength, minlength=len(keys)) if strengths else np.ones(len(keys))
        return cls(network.size, keys // max(network.size, 1), keys % max(network.size, 1), weight.astype(np.float64))

    @cached_property
    def by_agent(self) -> sparse.csr_array:
        """Return the matrix that sums over the pairs of each agent; shape (agents, pairs)."""
        pairs = np.arange(len(self.agent))
        return sparse.csr_array((self.weight, (self.agent, pairs)), shape=(self.size, len(pairs)))

    def sum_over_alters(self, values: NDArray[np.bool_]) -> FloatArray:
        """Return, per agent, the weight of the pairs in which something holds.

        Parameters
        ----------
        values
            Whether it holds; shape (pairs,) or (pairs, columns).
        """
        return np.asarray(self.by_agent @ values.astype(np.float64), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Exposure:
    """Hold the exposure of every agent by period.

    Attributes
    ----------
    share
        The share of the agent's alters who had adopted by the end of a
        period, 0 for an agent without alters; shape (agents, periods).
    number
        Their number, or weight; shape (agents, periods).
    alters
        The number, or weight, of all its alters whose time is known; shape
        (agents,).
    """

    share: FloatArray
    number: FloatArray
    alters: FloatArray


def exposure(ties: ExposureTies, times: ObservedTimes) -> Exposure:
    """Return the exposure of every agent by period (Valente 1995; Burt 1987, doi 10.1086/228667).

    With A(t) saying who had adopted by the end of period t and S the ties, this
    is S A(t) / S 1. Alters of whom nothing is known are left out of both.

    Parameters
    ----------
    ties
        Over whom exposure is counted.
    times
        When agents adopted.

    Examples
    --------
    >>> pair = ExposureTies(3, np.array([2, 2]), np.array([0, 1]), np.ones(2))
    >>> exposure(pair, ObservedTimes(np.array([0, 1, -1]), ("1", "2"))).share[2].tolist()
    [0.5, 1.0]
    """
    known = times.known[ties.alter]
    period = times.at[ties.alter][:, None]
    adopted = (period >= 0) & (period <= np.arange(times.periods))
    number = ties.sum_over_alters(adopted)
    alters = ties.sum_over_alters(known)
    share = np.zeros_like(number)
    np.divide(number, alters[:, None], out=share, where=alters[:, None] > 0)
    return Exposure(share, number, alters)


def exposure_when_adopting(
    ties: ExposureTies, at: NDArray[np.signedinteger[Any]], *, lagged: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Return each adopter's exposure at its own time of adoption, of one or many histories at once.

    Parameters
    ----------
    ties
        Over whom exposure is counted.
    at
        The period in which each agent adopted, negative for never or
        unknown; shape (agents,) or (agents, histories).
    lagged
        Whether only alters count who adopted in an earlier period.

    Returns
    -------
    The share of the alters, 0 for adopters without any and NaN for those who
    did not adopt; shape of ``at``. The number, or weight, of alters known;
    shape of ``at``.
    """
    alter, agent = at[ties.alter], at[ties.agent]
    before = (alter >= 0) & ((alter < agent) if lagged else (alter <= agent))
    number, alters = ties.sum_over_alters(before), ties.sum_over_alters(alter != UNKNOWN)
    share = np.zeros_like(number)
    np.divide(number, alters, out=share, where=alters > 0)
    return np.where(at >= 0, share, np.nan), alters


def _in_layers(network: Network, layers: Sequence[str] | None) -> NDArray[np.bool_]:
    if layers is None:
        return np.ones(network.tie_count, dtype=bool)
    unknown = [name for name in layers if name not in network.layers]
    if unknown:
        hint = nearest_name_hint(unknown[0], network.layers)
        raise InputError(
            f'{network.name}: no layer "{unknown[0]}"{hint}; it has {", ".join(network.layers) or "no ties"}'
        )
    kept: NDArray[np.bool_] = np.isin(network.layer, [network.layers.index(name) for name in layers])
    return kept
