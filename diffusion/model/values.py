"""Agents' values: a number, a column, a number by role, or a distribution.

A distribution is sampled as the quantile of one keyed uniform an agent and
replicate, so that arms with different distributions stay paired.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from diffusion import draws
from diffusion.draws import LANES, Purpose
from diffusion.errors import nearest_name_hint
from diffusion.model.parameters import AgentValue, ByRole, Column, Distribution
from diffusion.network.network import Network

SMALLEST_UNIFORM = 2.0**-33
LARGEST_UNIFORM = 1 - 2.0**-33
"""The smallest and the largest uniform number that are ever drawn."""

Floats: TypeAlias = NDArray[np.float64]
Curve: TypeAlias = Callable[[Floats, tuple[float, ...]], Floats]

LEAST_MASS = 1e-6
"""How much of a distribution must lie in the range that its value is cut to."""


def _triangular_cumulative(x: Floats, arguments: tuple[float, ...]) -> Floats:
    low, mode, high = arguments
    width = high - low
    rising = (x - low) ** 2 / (width * (mode - low)) if mode > low else np.zeros_like(x)
    falling = 1 - (high - x) ** 2 / (width * (high - mode)) if high > mode else np.ones_like(x)
    return np.where(x <= low, 0.0, np.where(x >= high, 1.0, np.where(x < mode, rising, falling)))


def _triangular_quantile(u: Floats, arguments: tuple[float, ...]) -> Floats:
    low, mode, high = arguments
    width = high - low
    below = u * width < mode - low
    return np.where(below, low + np.sqrt(u * width * (mode - low)), high - np.sqrt((1 - u) * width * (high - mode)))


_CUMULATIVE: dict[str, Curve] = {
    "uniform": lambda x, a: np.clip((x - a[0]) / (a[1] - a[0]), 0.0, 1.0),
    "normal": lambda x, a: special.ndtr((x - a[0]) / a[1]),
    "lognormal": lambda x, a: special.ndtr((np.log(np.maximum(x, 1e-300)) - a[0]) / a[1]),
    "beta": lambda x, a: special.betainc(a[0], a[1], np.clip(x, 0.0, 1.0)),
    "gamma": lambda x, a: special.gammainc(a[0], np.maximum(x, 0.0) / a[1]),
    "triangular": _triangular_cumulative,
    "exponential": lambda x, a: -special.expm1(-np.maximum(x, 0.0) / a[0]),
}
_QUANTILE: dict[str, Curve] = {
    "uniform": lambda u, a: a[0] + u * (a[1] - a[0]),
    "normal": lambda u, a: a[0] + a[1] * special.ndtri(u),
    "lognormal": lambda u, a: np.exp(a[0] + a[1] * special.ndtri(u)),
    "beta": lambda u, a: special.betaincinv(a[0], a[1], u),
    "gamma": lambda u, a: a[1] * special.gammaincinv(a[0], u),
    "triangular": _triangular_quantile,
    "exponential": lambda u, a: -a[0] * special.log1p(-u),
}


def quantile(distribution: Distribution, u: Floats, low: float = -math.inf, high: float = math.inf) -> Floats:
    """Return a distribution's quantiles, truncated to [low, high].

    Parameters
    ----------
    distribution
        The distribution.
    u
        Probabilities strictly between 0 and 1, any shape.
    low, high
        Where the distribution is cut off.

    Examples
    --------
    >>> quantile(Distribution("uniform", (0.0, 2.0)), np.array([0.25, 0.5])).tolist()
    [0.5, 1.0]
    """
    below, above = cumulative(distribution, low, high)
    return np.clip(_QUANTILE[distribution.name](below + u * (above - below), distribution.arguments), low, high)


def cumulative(distribution: Distribution, low: float, high: float) -> tuple[float, float]:
    """Return the probabilities of lying below ``low``, and below ``high``."""
    curve, arguments = _CUMULATIVE[distribution.name], distribution.arguments
    below = float(curve(np.array(low), arguments)) if math.isfinite(low) else 0.0
    above = float(curve(np.array(high), arguments)) if math.isfinite(high) else 1.0
    return below, above


@dataclass(frozen=True, slots=True, eq=False)
class AgentValues:
    """Hold an agent value on one network, resolved as far as it can be.

    Attributes
    ----------
    fixed
        The value where it does not vary; shape (agents,).
    varying
        The distributions, each with the indices of the agents that follow it.
    low, high
        Where distributions are cut off.
    """

    fixed: Floats
    varying: tuple[tuple[Distribution, NDArray[np.int64]], ...]
    low: float
    high: float

    @property
    def largest(self) -> float:
        """Return the largest value that an agent can have in any replicate."""
        drawn = [
            float(quantile(distribution, np.array(LARGEST_UNIFORM), self.low, self.high))
            for distribution, _ in self.varying
        ]
        return max([float(self.fixed.max(initial=-math.inf)), *drawn])

    def of_rows(self, rows: NDArray[np.int64]) -> AgentValues:
        """Return the values of some of the agents, or of some more than once."""
        varying = tuple(
            (distribution, np.flatnonzero(np.isin(rows, members))) for distribution, members in self.varying
        )
        return AgentValues(self.fixed[rows], varying, self.low, self.high)

    def in_block(self, keys: NDArray[np.uint64], *, seed: int, world: int, purpose: Purpose, block: int) -> Floats:
        """Return the values in a block; shape (agents, 1) where fixed, else (agents, 64)."""
        if not self.varying:
            return self.fixed[:, np.newaxis]
        values = np.repeat(self.fixed[:, np.newaxis], LANES, axis=1)
        for distribution, members in self.varying:
            u = _uniforms(distribution, keys[members], seed=seed, world=world, purpose=purpose, block=block)
            values[members] = quantile(distribution, u, self.low, self.high)
        return values


def _uniforms(
    distribution: Distribution, keys: NDArray[np.uint64], *, seed: int, world: int, purpose: Purpose, block: int
) -> Floats:
    """Return agents' probabilities in a block; in all of it those of the world's first replicate if so drawn."""
    if distribution.drawn_per == "world":
        return np.repeat(draws.uniforms(seed, world, purpose, keys, 0)[:, :1], LANES, axis=1)
    return draws.uniforms(seed, world, purpose, keys, block)


def agent_values(
    value: AgentValue,
    network: Network,
    *,
    key: str,
    problems: list[str],
    low: float = -math.inf,
    high: float = math.inf,
) -> AgentValues:
    """Return a value resolved on a network; add what does not fit to ``problems``.

    Parameters
    ----------
    value
        What the scenario says.
    network
        The network whose agents it is said of.
    key
        The scenario's key, for messages.
    problems
        Where messages go.
    low, high
        The range that numbers must lie in, and that distributions are cut to.
    """
    everyone = np.arange(network.size)
    fixed = np.zeros(network.size)
    varying: list[tuple[Distribution, NDArray[np.int64]]] = []
    if isinstance(value, Distribution):
        varying.append((value, everyone))
    elif isinstance(value, ByRole):
        _by_role(value, network, key, problems, fixed, varying)
    elif isinstance(value, Column):
        fixed = numeric_column(network, value.name, key, problems)
    else:
        fixed[:] = value
    _check_range(fixed, network, key, low, high, problems)
    _check_mass([distribution for distribution, _ in varying], key, low, high, problems)
    return AgentValues(fixed, tuple(varying), low, high)


def _by_role(
    value: ByRole,
    network: Network,
    key: str,
    problems: list[str],
    fixed: Floats,
    varying: list[tuple[Distribution, NDArray[np.int64]]],
) -> None:
    stated = dict(value.values)
    for place, role in enumerate(network.role_names):
        members = np.flatnonzero(network.role_index == place)
        if role not in stated:
            hint = nearest_name_hint(role, [other for other in stated if other not in network.role_names])
            problems.append(f'{key}: no value for the role "{role}" of "{network.name}"; name every role{hint}')
        elif isinstance(said := stated[role], Distribution):
            varying.append((said, members))
        else:
            fixed[members] = said


def numeric_column(network: Network, name: str, key: str, problems: list[str]) -> Floats:
    """Return a column of the agent table as numbers; add what is none to ``problems``."""
    if name not in network.columns:
        hint = nearest_name_hint(name, network.columns)
        problems.append(f'{key}: the agents of "{network.name}" have no column "{name}"{hint}')
        return np.zeros(network.size)
    values = np.array([_number(text) for text in network.columns[name]], dtype=np.float64)
    wrong = np.flatnonzero(np.isnan(values))
    if wrong.size:
        problems.append(
            f'{key}: column "{name}" must hold a number for every agent of "{network.name}"; agent '
            f'"{network.ids[wrong[0]]}" has "{network.columns[name][wrong[0]]}"{_and_more(wrong.size - 1)}'
        )
    return np.nan_to_num(values)


def _number(text: str) -> float:
    """Return the finite number that a text states, or NaN."""
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _and_more(count: int) -> str:
    return f" and {count:,} more" if count else ""


def _bounds(low: float, high: float) -> str:
    return f"between {low:g} and {high:g}" if math.isfinite(high) else f"at least {low:g}"


def _check_mass(distributions: Iterable[Distribution], key: str, low: float, high: float, problems: list[str]) -> None:
    """Refuse what would be cut off nearly whole: the little that is left cannot be told from its bound."""
    for distribution in dict.fromkeys(distributions):
        below, above = cumulative(distribution, low, high)
        if not above - below >= LEAST_MASS:
            arguments = ", ".join(f"{argument:g}" for argument in distribution.arguments)
            problems.append(
                f"{key}: must be {_bounds(low, high)}, and {distribution.name} = [{arguments}] hardly ever is; "
                "choose a distribution that is"
            )


def _check_range(values: Floats, network: Network, key: str, low: float, high: float, problems: list[str]) -> None:
    wrong = np.flatnonzero((values < low) | (values > high))
    if wrong.size:
        problems.append(
            f'{key}: must be {_bounds(low, high)}; got {values[wrong[0]]:g} for agent "{network.ids[wrong[0]]}" '
            f'of "{network.name}"{_and_more(wrong.size - 1)}'
        )
