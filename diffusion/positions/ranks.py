"""Ranks: in which order a position picks agents, who comes first, and how far two positions agree.

Rank 1 leads first. Ranks read scores as a scenario's leaders do: the position
says which end comes first, agents with an undefined score come last, and
scores within 1e-9 (relative) are equal and share the mean of their ranks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.network import Network
from diffusion.positions.leaders import EQUAL_SCORES
from diffusion.positions.position import Position, column_problems
from diffusion.positions.registry import POSITIONS

SCORED = tuple(name for name, position in POSITIONS.items() if position.score is not None)
"""The names of the positions that score agents, in the order of the registry."""

SLOW = ("closeness", "harmonic_closeness", "betweenness", "bridging")
"""The positions that need the distances of all pairs of agents."""

SLOWEST = ("bridging",)
"""Those of them that take minutes in larger networks, where they are worked out only if they are named."""

SLOWEST_AGENTS = 500
"""In how large networks the slowest are worked out unasked; the time grows with the cube of the agents."""


@dataclass(frozen=True, slots=True)
class Top:
    """Hold who comes first.

    Attributes
    ----------
    agents
        Indices of the agents certainly among the first, best first, equals in the order of their ids.
    places
        How many further places are shared.
    tied
        Indices of the agents who share them, all with one score.
    """

    agents: tuple[int, ...]
    places: int
    tied: tuple[int, ...]


def scored_positions(names: Sequence[str] | None = None) -> list[Position]:
    """Return positions that score agents.

    Parameters
    ----------
    names
        Their names; all by default.

    Raises
    ------
    InputError
        If there is no such position, or it scores nobody.

    Examples
    --------
    >>> [position.name for position in scored_positions(["betweenness"])]
    ['betweenness']
    """
    wanted = list(dict.fromkeys(names if names is not None else SCORED))
    problems = []
    for name in wanted:
        if name in POSITIONS and name not in SCORED:
            how = {
                "set": "it chooses leaders together",
                "trait": "it follows a trait that a scenario states",
                "searched": "it needs a scenario's rules",
            }
            problems.append(
                f'the position "{name}" scores nobody: '
                f"{how.get(POSITIONS[name].kind, 'it is drawn anew in every replicate')}"
            )
        elif name not in POSITIONS:
            hint = nearest_name_hint(name, SCORED) or f"; known are {', '.join(SCORED)}"
            problems.append(f'there is no position "{name}"{hint}')
    if problems or not wanted:
        raise InputError(problems or [f"name at least one position; known are {', '.join(SCORED)}"])
    return [POSITIONS[name] for name in wanted]


def unasked_positions(network: Network, parameters: Mapping[str, Any]) -> tuple[list[Position], list[str]]:
    """Return the positions that score a network's agents where none is named, and why others are left out.

    Parameters
    ----------
    network
        The network.
    parameters
        Parameters of positions.

    Returns
    -------
    All but those that read a column that is not there and, in large networks, the slowest; a line each on these.
    """
    kept, left_out = [], []
    for name in SCORED:
        problems = column_problems(POSITIONS[name], network, parameters)
        if network.size > SLOWEST_AGENTS and name in SLOWEST:
            problems = [f'the position "{name}" takes long with {network.size:,} agents; --positions can name it']
        kept += [] if problems else [POSITIONS[name]]
        left_out += problems
    return kept, left_out


def ranks(position: Position, network: Network, parameters: Mapping[str, Any] | None = None) -> NDArray[np.float64]:
    """Return each agent's rank, from 1, equal scores sharing the mean of theirs; shape (agents,).

    Parameters
    ----------
    position, network
        By what, and among whom.
    parameters
        The position's parameters.

    Examples
    --------
    >>> star = Network.from_tables(name="star", ids=["a", "b", "c"], source=["b", "b"], target=["a", "c"])
    >>> ranks(POSITIONS["out_degree"], star).tolist()
    [2.5, 1.0, 2.5]
    """
    scores = position.scores(network, parameters)
    behind = np.where(np.isnan(scores), np.inf, scores if position.pick == "lowest" else -scores)
    group = (network.out_alters.degrees == 0) & position.sources_first
    order = np.lexsort((behind, group))
    first, second = order[:-1], order[1:]
    equal = np.isclose(behind[second], behind[first], rtol=EQUAL_SCORES, atol=0) & (group[first] == group[second])
    run = np.concatenate([[0], np.cumsum(~equal)])
    sizes = np.bincount(run)
    middles = np.cumsum(sizes) - (sizes - 1) / 2
    shared = np.empty(network.size)
    shared[order] = middles[run]
    return shared


def top(position: Position, network: Network, count: int) -> Top:
    """Return who holds the first places; agents with an undefined score hold none.

    Parameters
    ----------
    position, network
        By what, and among whom.
    count
        How many places.
    """
    shared = ranks(position, network)
    shared[np.isnan(position.scores(network))] = np.inf
    first: list[int] = []
    for rank in np.unique(shared[np.isfinite(shared)]).tolist():
        equal = np.flatnonzero(shared == rank).tolist()
        if len(first) + len(equal) > count:
            places = count - len(first)
            return Top(tuple(first), places, tuple(equal) if places else ())
        first += equal
    return Top(tuple(first), 0, ())


def rank_correlations(
    network: Network,
    positions: Sequence[Position],
    *,
    is_kendall: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> NDArray[np.float64]:
    """Return how far positions agree on who comes first, from -1 to 1; shape (positions, positions).

    Ranks are compared, not scores, so two positions that would make the same
    agents leaders correlate positively even where one picks the lowest score.

    Parameters
    ----------
    network, positions
        Among whom, and which.
    is_kendall
        Whether to use Kendall's tau-b (Kendall 1945, doi 10.1093/biomet/33.3.239) instead of
        Spearman's rho with ties averaged.
    parameters
        The positions' parameters.

    Returns
    -------
    NaN where a position ranks all agents alike.
    """
    columns = [ranks(position, network, parameters) for position in positions]
    found = np.full((len(columns), len(columns)), np.nan)
    varied = [place for place, column in enumerate(columns) if np.ptp(column) > 0]
    for row in varied:
        for column in varied:
            found[row, column] = (
                1.0 if row == column else _agreement(columns[row], columns[column], is_kendall=is_kendall)
            )
    return found


def _agreement(first: NDArray[np.float64], second: NDArray[np.float64], *, is_kendall: bool) -> float:
    if is_kendall:
        return float(stats.kendalltau(first, second, variant="b").statistic)
    return float(np.corrcoef(first, second)[0, 1])
