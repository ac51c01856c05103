"""Outcomes: what a run is summed up by, under the names used everywhere.

From the stored integers of an arm's runs to one number a run and outcome.
Whether more or less is better stands in :data:`OUTCOMES` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.network import Network

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Unit = Literal["share of agents", "agents", "steps", "organisations", "share of runs"]

ADOPTED_SHARE_OF_ROLE = "adopted_share."
ADOPTED_SHARE_OF_OTHERS = "adopted_share_others."
_BITS_OF_BYTE = np.array([byte.bit_count() for byte in range(256)], dtype=np.uint8)


@dataclass(frozen=True)
class Outcome:
    """Describe an outcome.

    Attributes
    ----------
    name
        Its standard name; ``ROLE`` stands for the name of a role.
    direction
        Whether a ``"higher"`` or a ``"lower"`` value is better.
    unit
        What it is counted in.
    sentence
        What it is, for tables and help.
    """

    name: str
    direction: Literal["higher", "lower"]
    unit: Unit
    sentence: str

    @property
    def sign(self) -> int:
        """Return 1 where a higher value is better, -1 where a lower one is."""
        return 1 if self.direction == "higher" else -1

    @property
    def only_compared(self) -> bool:
        """Return whether it exists in comparisons only, never for an arm alone."""
        return self.name.startswith(ADOPTED_SHARE_OF_OTHERS)

    @property
    def is_counted(self) -> bool:
        """Return whether a run's value is a whole number, not a share."""
        return self.unit != "share of agents"

    @property
    def role(self) -> str | None:
        """Return the role it is restricted to, or None."""
        prefix, dot, role = self.name.partition(".")
        return role if dot and prefix + dot in (ADOPTED_SHARE_OF_ROLE, ADOPTED_SHARE_OF_OTHERS) else None

    def largest_value(self, agents: int) -> float | None:
        """Return its largest possible value where a share of the agents makes sense, else None."""
        return {"share of agents": 1.0, "agents": float(agents)}.get(self.unit)

    def ceiling(self, facts: RegionFacts) -> float:
        """Return the largest value that a run can have; the smallest is 0."""
        return {
            "share of agents": 1.0,
            "share of runs": 1.0,
            "agents": float(facts.size),
            "organisations": float(facts.organisations),
            "steps": float(facts.steps + 1),
        }[self.unit]


_ALL = (
    Outcome("adopters", "higher", "agents", "Agents in stage adopted at the end, leaders included."),
    Outcome("adopted_share", "higher", "share of agents", "Share of the agents in stage adopted at the end."),
    Outcome("ever_adopted_share", "higher", "share of agents", "Share of the agents that adopted at any time."),
    Outcome("spread", "higher", "agents", "Agents in stage adopted at the end who are not leaders."),
    Outcome(
        "area", "higher", "share of agents", "Mean over all steps of the share in stage adopted: how much, how soon."
    ),
    Outcome(
        "time_to_half",
        "lower",
        "steps",
        "First step at which half of the agents are in stage adopted; one more than the last step if never.",
    ),
    Outcome("adopted_share.ROLE", "higher", "share of agents", "Share of a role's agents in stage adopted at the end."),
    Outcome(
        "adopted_share_others.ROLE",
        "higher",
        "share of agents",
        "The same, without the agents who lead in either of the two arms that are compared.",
    ),
    Outcome("organisations_reached", "higher", "organisations", "Organisations with an adopter at the end."),
    Outcome("took_off", "higher", "share of runs", "Runs that spread to a tenth of the agents besides the leaders."),
)

OUTCOMES: Mapping[str, Outcome] = MappingProxyType({outcome.name: outcome for outcome in _ALL})
"""Every outcome by name, in standard order; ``ROLE`` stands for a role."""


@dataclass(frozen=True, eq=False)
class RegionFacts:
    """Hold what outcomes need to know of a network and a scenario.

    Attributes
    ----------
    size
        Number of agents of the unaltered network.
    steps
        Number of steps T.
    role_names
        The distinct roles.
    role_index
        Each agent's place in ``role_names``; shape (agents,).
    organisations
        Number of organisations, 0 where none is known.
    """

    size: int
    steps: int
    role_names: tuple[str, ...]
    role_index: NDArray[np.int32]
    organisations: int

    @classmethod
    def of(cls, network: Network, steps: int) -> RegionFacts:
        """Return the facts of a network under a number of steps."""
        return cls(network.size, steps, network.role_names, network.role_index, len(network.organisation_names))

    @property
    def role_sizes(self) -> IntArray:
        """Return the number of agents of each role; shape (roles,)."""
        return np.bincount(self.role_index, minlength=len(self.role_names))


@dataclass(frozen=True, eq=False)
class Runs:
    """Hold the stored integers of an arm's runs, in the order of replicates.

    Attributes
    ----------
    adopters, ever_adopted, spread
        Agents adopted at the end, ever adopted, and adopted at the end
        without the leaders; shape (replicates,).
    area_steps
        Sum over the steps 1 … T of the agents then adopted; shape (replicates,).
    time_to_half
        First step with half of the agents adopted, -1 if none; shape (replicates,).
    organisations_reached
        Organisations with an adopter at the end, -1 where the network has
        no organisations; shape (replicates,).
    adopted_bits
        Who is in stage adopted at the end, as it is stored: eight agents a
        byte, the first in the highest bit; shape (replicates, bytes).
    leaders
        Who leads; shape (replicates, agents), or (1, agents) where fixed.
    """

    adopters: IntArray
    ever_adopted: IntArray
    spread: IntArray
    area_steps: IntArray
    time_to_half: IntArray
    organisations_reached: IntArray
    adopted_bits: NDArray[np.uint8]
    leaders: BoolArray

    @property
    def replicates(self) -> int:
        """Return the number of runs."""
        return len(self.adopters)

    @property
    def leader_count(self) -> int:
        """Return how many agents lead in a run (the most, should runs differ)."""
        return int(self.leaders.sum(axis=1).max(initial=0))

    @cached_property
    def leader_places(self) -> tuple[IntArray, IntArray]:
        """Return the replicate and the agent of every leader in every replicate."""
        run, agent = np.nonzero(self.leaders)
        if len(self.leaders) == self.replicates:
            return run, agent
        return np.repeat(np.arange(self.replicates), len(agent)), np.tile(agent, self.replicates)

    @property
    def adopted(self) -> BoolArray:
        """Return who is in stage adopted at the end; shape (replicates, agents)."""
        return np.unpackbits(self.adopted_bits, axis=1, count=self.leaders.shape[1]).view(np.bool_)

    def has_adopted(self, run: IntArray, agent: IntArray) -> BoolArray:
        """Return whether an agent is in stage adopted at the end of a replicate, for many of both."""
        byte = self.adopted_bits[run, agent >> 3]
        adopted: BoolArray = (byte >> (7 - (agent & 7)).astype(np.uint8) & 1).astype(np.bool_)
        return adopted

    def is_leader(self, run: IntArray, agent: IntArray) -> BoolArray:
        """Return whether an agent leads in a replicate, for many of both."""
        leads: BoolArray = self.leaders[run if len(self.leaders) == self.replicates else 0, agent]
        return leads


def find_outcome(name: str, role_names: tuple[str, ...]) -> Outcome:
    """Return the outcome of a name, roles resolved.

    Parameters
    ----------
    name
        A standard name, ``adopted_share.manager`` for example.
    role_names
        The roles that exist.

    Raises
    ------
    InputError
        If there is no such outcome; the nearest name is hinted at.

    Examples
    --------
    >>> find_outcome("adopted_share.firm", ("firm",)).unit
    'share of agents'
    """
    for prefix in (ADOPTED_SHARE_OF_ROLE, ADOPTED_SHARE_OF_OTHERS):
        if name.startswith(prefix) and name.removeprefix(prefix) in role_names:
            return replace(OUTCOMES[prefix + "ROLE"], name=name)
    if name in OUTCOMES and not name.endswith(".ROLE"):
        return OUTCOMES[name]
    known = outcome_names(role_names)
    raise InputError(f'there is no outcome "{name}"{nearest_name_hint(name, known)}; known: {", ".join(known)}')


def outcome_names(role_names: tuple[str, ...], *, organisations: bool = True, compared: bool = True) -> tuple[str, ...]:
    """Return the names of all outcomes of a network, in standard order.

    Parameters
    ----------
    role_names
        The roles of the network.
    organisations
        Whether the network has organisations.
    compared
        Whether to name those that exist in comparisons only.

    Examples
    --------
    >>> outcome_names(("firm",), organisations=False, compared=False)[-2:]
    ('adopted_share.firm', 'took_off')
    """
    names: list[str] = []
    for outcome in _ALL:
        if (outcome.only_compared and not compared) or (outcome.unit == "organisations" and not organisations):
            continue
        names += [outcome.name.replace("ROLE", role) for role in role_names] if outcome.role else [outcome.name]
    return tuple(names)


def role_adopters(runs: Runs, facts: RegionFacts) -> IntArray:
    """Return how many agents of each role have adopted at the end; shape (replicates, roles)."""
    # Eight agents a byte, and a table of how many bits a byte has: ten times faster than sums over agents.
    counts = np.empty((runs.replicates, len(facts.role_names)), dtype=np.int64)
    for place in range(len(facts.role_names)):
        mask = np.packbits(facts.role_index == place)
        counts[:, place] = _BITS_OF_BYTE[runs.adopted_bits & mask].sum(axis=1, dtype=np.int64)
    return counts


def outcome_values(runs: Runs, facts: RegionFacts, counts: IntArray | None = None) -> dict[str, FloatArray]:
    """Return one number a run for every outcome of an arm, in standard order.

    Parameters
    ----------
    runs
        The arm's runs.
    facts
        What is to be known of the network and the scenario.
    counts
        The result of :func:`role_adopters`, if it is at hand.

    Returns
    -------
    Values by outcome, each of shape (replicates,). ``organisations_reached``
    is absent where the network has no organisations. ``time_to_half`` is
    restricted: T + 1 where half of the agents never adopted.
    """
    counts = role_adopters(runs, facts) if counts is None else counts
    size = facts.size
    values: dict[str, FloatArray] = {
        "adopters": runs.adopters.astype(np.float64),
        "adopted_share": runs.adopters / size,
        "ever_adopted_share": runs.ever_adopted / size,
        "spread": runs.spread.astype(np.float64),
        "area": runs.area_steps / (size * facts.steps) if facts.steps else np.zeros(runs.replicates),
        "time_to_half": np.where(never_half(runs), facts.steps + 1, runs.time_to_half).astype(np.float64),
    }
    for place, role in enumerate(facts.role_names):
        values[ADOPTED_SHARE_OF_ROLE + role] = counts[:, place] / facts.role_sizes[place]
    if facts.organisations:
        values["organisations_reached"] = runs.organisations_reached.astype(np.float64)
    values["took_off"] = (10 * runs.spread >= size).astype(np.float64)
    return values


def never_half(runs: Runs) -> BoolArray:
    """Return in which runs half of the agents never adopted; shape (replicates,)."""
    censored: BoolArray = runs.time_to_half < 0
    return censored


def others_shares(
    first: Runs, second: Runs, first_counts: IntArray, second_counts: IntArray, facts: RegionFacts
) -> tuple[FloatArray, FloatArray]:
    """Return the adopted shares by role among those who lead in neither arm.

    In each replicate the agents who lead in either arm are left out of both,
    so the two shares are of the same agents.

    Parameters
    ----------
    first, second
        The runs of the two arms, paired.
    first_counts, second_counts
        The results of :func:`role_adopters`.
    facts
        What is to be known of the network and the scenario.

    Returns
    -------
    Two arrays of shape (replicates, roles), NaN where nobody of a role remains.
    """
    roles = len(facts.role_names)
    run, agent = first.leader_places
    other_run, other_agent = second.leader_places
    new = ~first.is_leader(other_run, other_agent)
    run, agent = np.concatenate([run, other_run[new]]), np.concatenate([agent, other_agent[new]])
    place = run * roles + facts.role_index[agent]

    def sums(counted: IntArray) -> IntArray:
        return np.bincount(counted, minlength=first.replicates * roles).reshape(first.replicates, roles)

    remaining = (facts.role_sizes - sums(place)).astype(np.float64)
    remaining[remaining == 0] = np.nan
    return (
        (first_counts - sums(place[first.has_adopted(run, agent)])) / remaining,
        (second_counts - sums(place[second.has_adopted(run, agent)])) / remaining,
    )
